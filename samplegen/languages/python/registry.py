"""PyPI, or the index that pip is told to use."""

from __future__ import annotations

import json
import os

from samplegen.drift.registry import Ask, Release
from samplegen.model.catalog import Package


def releases(package: Package, ask: Ask) -> list[Release]:
    """The versions of a distribution, by the simple repository API (PEP 691, 700, 592)."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    answer = ask(f"{index}/{package.name}/", "application/vnd.pypi.simple.v1+json")
    if answer is None:
        return []
    # A file's name has its version behind the project's: openai-1.2.0-py3-none-any.whl.
    data = json.loads(answer)
    usable: set[str] = set()
    for file in data["files"]:
        if not file.get("yanked"):
            usable.add(_version(file["filename"]))
    return [Release(package.name, one, one not in usable) for one in data["versions"]]


def _version(filename: str) -> str:
    stem = filename.removesuffix(".tar.gz").removesuffix(".zip")
    if stem != filename:
        return stem.rpartition("-")[2]
    return filename.split("-")[1] if "-" in filename else ""
