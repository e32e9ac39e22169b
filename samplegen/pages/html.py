"""Reads HTML."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.pages.found import Found


def read(text: str, suffix: str = ".html") -> Iterator[Found]:
    """The code in a page of HTML."""
    yield from ()
