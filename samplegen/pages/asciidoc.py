"""Reads AsciiDoc: source blocks, listings and fences. No well-kept parser for Python is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.pages.found import Found, Outline, plain
from samplegen.pages.spans import PageLines

# No list of attributes is longer; the pattern below takes its time on a long line.
_LONGEST = 500
_ATTRIBUTES = re.compile(r"\[(?:source|listing)?(?:[%#.][^,\]]*)?(?:,\s*([^,\]]*))?[^\]]*\][ \t]*$")
_HEADING = re.compile(r"(={1,6})[ \t]+(\S.*)$")
_FENCE = re.compile(r"(-{4,}|\.{4,}|/{4,}|\+{4,}|```)([\w+#.-]*)[ \t]*$")
_TERM = re.compile(r"(\S.{0,60}?)::[ \t]*$")


def read(text: str, suffix: str = ".adoc") -> Iterator[Found]:
    """The code in a page of AsciiDoc."""
    lines = PageLines(text)
    outline = Outline()
    info: str | None = None
    tab = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        fence = _FENCE.match(line)
        attributes = _ATTRIBUTES.match(line) if len(line) <= _LONGEST else None
        if heading := _HEADING.match(line):
            outline.add(len(heading[1]), plain(heading[2]))
            tab = ""
        elif attributes:
            info = (attributes[1] or "").strip() if _is_source(line) else info
        elif term := _TERM.match(line):
            tab = plain(term[1])
        elif fence or (info is not None and line.strip() and not line.startswith((".", "+"))):
            first = number + bool(fence)
            end = _end(lines, first, line.rstrip() if fence else "")
            if not fence or fence[1][0] in "-.`":
                said = info or (fence[2] if fence else "")
                yield from _found(lines, first, end, said, tab, outline)
            info, number = None, end
        number += 1


def _is_source(line: str) -> bool:
    return line.startswith(("[source", "[listing", "[,"))


def _end(lines: PageLines, first: int, fence: str) -> int:
    """The line that ends a block: its fence again, or a blank line where it has none."""
    wanted = "```" if fence.startswith("```") else fence
    number = first
    while number < len(lines) and lines[number].rstrip() != wanted:
        number += 1
    return number


def _found(
    lines: PageLines, first: int, end: int, info: str, tab: str, outline: Outline
) -> Iterator[Found]:
    codes = [lines[number] for number in range(first, end)]
    if end == len(lines) and codes and not codes[-1]:
        codes.pop()
    if any(code.strip() for code in codes):
        yield Found(lines.spans(first, codes, ""), info, tab, outline.titles)
