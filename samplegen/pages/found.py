"""What a reader of a format hands on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from samplegen.pages.spans import Spans


class Found(NamedTuple):
    """Code in a page, and what the page says of it.

    Attributes:
        info: a fence's info string, a class, or what a format has in its place.
        tab: the label of the innermost tab around it.
        headings: the headings above it, the outermost first.
    """

    spans: Spans
    info: str = ""
    tab: str = ""
    headings: tuple[str, ...] = ()


class Outline:
    """The headings above the place that a reader has reached."""

    def __init__(self, above: Iterable[str] = ()) -> None:
        self._above = tuple(above)
        self._levels: list[tuple[int, str]] = []

    def add(self, level: int, title: str) -> None:
        """Enter a section; those of its level and below it end."""
        while self._levels and self._levels[-1][0] >= level:
            self._levels.pop()
        self._levels.append((level, title))

    @property
    def titles(self) -> tuple[str, ...]:
        """The headings, the outermost first."""
        return (*self._above, *(title for _, title in self._levels))


class Tabs:
    """The elements that are open at the place that a reader has reached, and their labels."""

    def __init__(self, label: str = "") -> None:
        self._open: list[tuple[str, str]] = [("", label)] if label else []

    def enter(self, name: str, label: str) -> None:
        """An element opens; `label` is empty where it has none."""
        self._open.append((name, label))

    def leave(self, name: str) -> None:
        """An element closes, and with it those in it that were never closed."""
        if any(name == one for one, _ in self._open):
            while self._open.pop()[0] != name:
                pass

    @property
    def label(self) -> str:
        """The innermost label, or ''."""
        return next((label for _, label in reversed(self._open) if label), "")


_MARKS = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])|<[^<>]*>|\{[#.:][^{}]*\}|[`*]+")


def plain(title: str) -> str:
    """A heading or label without its marks for links, code, emphasis and anchors."""
    return " ".join(_MARKS.sub(r"\1", title[:1000]).split())
