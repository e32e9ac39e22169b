"""Where a project's configuration is, and the catalog that it names; all else is for `check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samplegen.errors import InputError, shown

NAME = "samplegen.toml"


def find(folder: Path) -> Path | None:
    """The nearest configuration, in a folder or one above it.

    Raises:
        InputError: a `pyproject.toml` on the way cannot be read.
    """
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
        project = place / "pyproject.toml"
        if project.is_file() and _own(project) is not None:
            return project
    return None


def catalog_named(folder: Path) -> tuple[str, Path] | None:
    """The `catalog` of the nearest configuration, and that configuration's file.

    Raises:
        InputError: the configuration cannot be read, or its `catalog` is no text.
    """
    file = find(folder)
    said = _own(file) if file and "catalog" in _text(file) else None
    named = said.get("catalog") if isinstance(said, dict) else None
    if file is None or named is None:
        return None
    if not isinstance(named, str):
        raise InputError(f"{file}: catalog: a text is expected, not {shown(named)}")
    return named, file


def _own(file: Path) -> Any:
    """What a file says to samplegen; None where a `pyproject.toml` says nothing."""
    text = _text(file)
    if file.name == "pyproject.toml" and "samplegen" not in text:
        return None  # Most are of other projects, and TOML takes time to read.
    from samplegen.files import parse_toml

    data = parse_toml(text, str(file))
    if file.name != "pyproject.toml":
        return data
    tools = data.get("tool")
    return tools.get("samplegen") if isinstance(tools, dict) else None


def _text(file: Path) -> str:
    from samplegen.files import read_text

    return read_text(file)
