"""npm's registry, or the one that npm is told to use."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from samplegen.drift.registry import Ask, Release
from samplegen.model.catalog import Package

_NPM = "https://registry.npmjs.org"
_NAMED_BY = ("NPM_CONFIG_REGISTRY", "npm_config_registry")


def releases(package: Package, ask: Ask) -> list[Release]:
    """The versions of a package; those that say `deprecated` are withdrawn."""
    named = next((os.environ[one] for one in _NAMED_BY if os.environ.get(one)), _NPM)
    registry = named.rstrip("/")
    name = quote(package.name, safe="@")
    answer = ask(f"{registry}/{name}", "application/vnd.npm.install-v1+json")
    if answer is None:
        return []
    versions = json.loads(answer)["versions"]
    return [
        Release(package.name, version, bool(about.get("deprecated")))
        for version, about in versions.items()
    ]
