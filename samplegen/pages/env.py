"""Reads files of variables, `.env`: what they hold is no code, and looked at as prose is."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.pages.found import Found


def read(text: str, suffix: str) -> Iterator[Found]:
    """The samples in such a file: none."""
    return iter(())
