"""The samples in `out/`: which there are, and what their files are called."""

from __future__ import annotations

from conftest import ROOT

from samplegen.model.catalog import builtin
from samplegen.rendering.notes import locales
from samplegen.rendering.targets import Target, targets

OUT = ROOT / "out"


def published() -> list[tuple[str, str, Target]]:
    return [
        (locale, region, target)
        for locale in locales()
        for region in builtin().published
        for target in targets()
    ]


def name(locale: str, region: str, target: Target) -> str:
    return f"{locale}/{target.protocol}/{region}/{target.filename}"
