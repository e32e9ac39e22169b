"""What stands as code in a line of prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Code in Markdown, reStructuredText and AsciiDoc, and in HTML.
_CODE = re.compile(
    r"(?P<ticks>`+)(?P<marked>.+?)(?P=ticks)|<(?P<tag>code|kbd|tt)\b[^<>]*>(?P<tagged>[^<>]+)</(?P=tag)>"
)


def code_in(line: str) -> Iterator[tuple[int, str]]:
    """The pieces of code in a line of prose, each with where it starts."""
    for found in _CODE.finditer(line):
        group = "marked" if found["marked"] is not None else "tagged"
        yield found.start(group), found[group]


def words_in_code(line: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """What fits a pattern in the pieces of code of a line, each with where it starts."""
    for start, text in code_in(line):
        for found in pattern.finditer(text):
            yield start + found.start(), found[0]
