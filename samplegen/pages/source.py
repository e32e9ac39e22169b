"""Reads source files: the whole file is one sample."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.pages.found import Found
from samplegen.pages.spans import PageLines


def read(text: str, suffix: str) -> Iterator[Found]:
    """The code of a source file, whose suffix names its language."""
    lines = PageLines(text)
    codes = list(lines)
    if not codes[-1]:
        codes.pop()
    if any(code.strip() for code in codes):
        yield Found(lines.spans(0, codes, ""), suffix.removeprefix("."))
