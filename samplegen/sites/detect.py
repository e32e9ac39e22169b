"""Which site builder a project uses, by the file that its configuration is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from samplegen.errors import InputError
from samplegen.files import read_text
from samplegen.sites import site, site_names


class Detected(NamedTuple):
    """A builder, the file of its configuration, and what that does not say and should."""

    name: str
    file: Path
    missing: tuple[str, ...]


def of_page(page: Path) -> Detected | None:
    """The builder of a page: the nearest one, in its folder or above, up to the repository's."""
    folder = page.absolute().parent
    for place in (folder, *folder.parents):
        if found := next(_in(place), None):
            return found
        if (place / ".git").exists():
            break
    return None


def of_project(folder: Path) -> list[Detected]:
    """The builders of a project, in its folder and those right below."""
    below = (one for one in sorted(folder.iterdir()) if one.is_dir() and one.name[0] not in "._")
    places = (folder, *(one for one in below if one.name != "node_modules"))
    return [found for place in places for found in _in(place)]


def _in(folder: Path) -> Iterator[Detected]:
    for name in site_names():
        one = site(name)
        for pattern in one.files:
            for file in sorted(folder.glob(pattern)):
                try:
                    text = read_text(file)
                except InputError:
                    continue
                if one.sign in text:
                    lines = (line for said, line in one.needs.items() if said not in text)
                    yield Detected(name, file, tuple(lines))
                    break
