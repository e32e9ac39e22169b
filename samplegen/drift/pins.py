"""Raising the versions that a catalog file pins; the rest of the file stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

import tomlkit

from samplegen.drift.trial import Drift


def raised(text: str, drifts: Sequence[Drift]) -> str:
    """A catalog's TOML with the newest versions that pass.

    A package that several targets take is raised for all of them.
    """
    document = tomlkit.parse(text)
    for drift in drifts:
        if drift.best is None:
            continue
        for pin in document["packages"][drift.language].values():
            if pin["name"] == drift.package.name:
                pin["name"], pin["version"] = drift.best.name, drift.best.version
    return tomlkit.dumps(document)
