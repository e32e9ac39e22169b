"""Where a project's configuration is, and the catalog it names; light, for every command."""

from __future__ import annotations

from pathlib import Path

from samplegen.errors import InputError, shown
from samplegen.files import parse_toml, read_text

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
        if project.is_file() and "samplegen" in parse_toml(read_text(project), str(project)).get(
            "tool", {}
        ):
            return project
    return None


def catalog_named(folder: Path) -> tuple[str, Path] | None:
    """The `catalog` of the nearest configuration, and that configuration's file.

    Raises:
        InputError: the configuration cannot be read, or its `catalog` is no text.
    """
    file = find(folder)
    if file is None:
        return None
    data = parse_toml(read_text(file), str(file))
    if file.name == "pyproject.toml":
        data = data["tool"]["samplegen"]
    named = data.get("catalog") if isinstance(data, dict) else None
    if named is None:
        return None
    if not isinstance(named, str):
        raise InputError(f"{file}: catalog: a text is expected, not {shown(named)}")
    return named, file
