"""Reads reStructuredText: code directives and literal blocks, in tabs and lists.

A line reader, since directives and literal blocks are a matter of indentation alone.
docutils would expand tabs, drop the ends of lines and whatever is in a directive that it does not
know, as those of tabs are; the tests compare this reader with it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from samplegen.pages.found import Found, Outline, Tabs, plain
from samplegen.pages.spans import PageLines

_DIRECTIVE = re.compile(r"[ \t]*\.\.[ \t]+([\w:+.-]+?)::(?:[ \t]+(.*))?$")
_COMMENT = re.compile(r"[ \t]*\.\.(?:$|[ \t]+(?![_\[|]))")
_OPTION = re.compile(r"[ \t]+:[\w-]+:(?:[ \t]|$)")
# What stands before the words of a paragraph.
_BEFORE_WORDS = re.compile(r"[ \t]*(?:(?:[-*+]|\(?(?:\d+|#)[.)])[ \t]+)*(?=[\w`*\"'(\[])")
_ADORNMENT = re.compile(r"""([!-/:-@[-`{-~])\1*[ \t]*$""")

_CODE = {"code", "code-block", "prompt", "sourcecode"}
_TABS = {"tab", "tab-item", "group-tab", "code-tab", "md-tab-item"}
# Directives whose content is no reStructuredText.
_OPAQUE = {"csv-table", "graphviz", "math", "mermaid", "parsed-literal", "raw", "toctree"}


def read(text: str, suffix: str = ".rst") -> Iterator[Found]:
    """The code in a page of reStructuredText."""
    return _Reader(text).read()


class _Reader:
    """Goes through a page line by line."""

    def __init__(self, text: str) -> None:
        self._lines = PageLines(text)
        self._outline = Outline()
        self._adornments: list[str] = []
        self._tabs = Tabs()
        self._tab_indents: list[int] = []
        self._default = ""
        # The column of the paragraph that the last line is of.
        self._paragraph: int | None = None

    def read(self) -> Iterator[Found]:
        number = 0
        while number < len(self._lines):
            line = self._lines[number]
            if not line.strip():
                self._paragraph = None
                number += 1
                continue
            self._leave_tabs(_indent(line))
            # In a paragraph nothing is a directive or a comment.
            in_paragraph = _indent(line) == self._paragraph
            if not in_paragraph:
                words = _BEFORE_WORDS.match(line)
                self._paragraph = len(words[0].expandtabs()) if words else None
            directive = None if in_paragraph else _DIRECTIVE.match(line)
            if directive:
                name, argument = directive[1].lower(), (directive[2] or "").strip()
                number = yield from self._directive(number, name, argument)
            elif not in_paragraph and _COMMENT.match(line):
                number = self._content(number, _indent(line))[1]
            elif self._is_title(number):
                self._paragraph = None
                number += 2
            else:
                number = yield from self._paragraph_line(number)

    def _leave_tabs(self, indent: int) -> None:
        while self._tab_indents and indent <= self._tab_indents[-1]:
            self._tab_indents.pop()
            self._tabs.leave("tab")

    def _directive(self, number: int, name: str, argument: str) -> Generator[Found, None, int]:
        indent = _indent(self._lines[number])
        if name in _CODE or name == "code-tab":
            first, end = self._content(number, indent, has_options=True)
            info, _, label = argument.partition(" ")
            tab = label.strip() or info if name == "code-tab" else self._tabs.label
            yield from self._found(first, end, info or self._default, tab)
            return end
        if name in _OPAQUE:
            return self._content(number, indent)[1]
        if name in ("highlight", "default-domain"):
            self._default = argument if name == "highlight" else self._default
        elif name in _TABS:
            self._tabs.enter("tab", argument)
            self._tab_indents.append(indent)
        return number + 1

    def _is_title(self, number: int) -> bool:
        """Whether a line and the one below it are a heading; if so, enter its section."""
        line = self._lines[number]
        below = self._lines[number + 1] if number + 1 < len(self._lines) else ""
        if _ADORNMENT.match(line) or not _ADORNMENT.match(below) or _indent(below):
            return False
        if len(below.rstrip()) < min(4, len(line.strip())):
            return False
        above = self._lines[number - 1] if number else ""
        style = below[0] * (2 if above.rstrip() == below.rstrip() else 1)
        if style not in self._adornments:
            self._adornments.append(style)
        self._outline.add(self._adornments.index(style), plain(line.strip()))
        return True

    def _paragraph_line(self, number: int) -> Generator[Found, None, int]:
        line = self._lines[number]
        following = self._lines[number + 1] if number + 1 < len(self._lines) else ""
        if not line.rstrip().endswith("::") or following.strip():
            return number + 1
        first, end = number + 1, number + 1
        # Below a list's item the text counts; authors also count from its mark.
        for column in (self._paragraph, _indent(line)):
            if column is not None and first == end:
                first, end = self._content(number, column)
            if column is not None and first == end:
                first, end = self._quoted(number, column)
        yield from self._found(first, end, self._default, self._tabs.label)
        return max(end, number + 1)

    def _quoted(self, number: int, indent: int) -> tuple[int, int]:
        """The lines of a literal block that is not indented: each starts with the same mark."""
        first = number + 1
        while first < len(self._lines) and not self._lines[first].strip():
            first += 1
        if first == len(self._lines) or _indent(self._lines[first]) != indent:
            return first, first
        mark = self._lines[first].lstrip()[0]
        end = first
        while _ADORNMENT.match(mark) and end < len(self._lines):
            line = self._lines[end]
            if _indent(line) != indent or not line.lstrip().startswith(mark):
                break
            end += 1
        return first, end

    def _content(self, number: int, indent: int, *, has_options: bool = False) -> tuple[int, int]:
        """The first line of what is indented below a line, and the line after it."""
        first = number + 1
        while has_options and first < len(self._lines) and _OPTION.match(self._lines[first]):
            first += 1
        while first < len(self._lines) and not self._lines[first].strip():
            first += 1
        end = at = first
        while at < len(self._lines):
            line = self._lines[at]
            if line.strip():
                if _indent(line) <= indent:
                    break
                end = at + 1
            at += 1
        return (first, end) if end > first else (number + 1, number + 1)

    def _found(self, first: int, end: int, info: str, tab: str) -> Iterator[Found]:
        raw = [self._lines[number] for number in range(first, end)]
        if not raw:
            return
        width = min(_indent(line) for line in raw if line.strip())
        codes = [_beyond(line, width) for line in raw]
        lead = raw[0][: len(raw[0]) - len(raw[0].lstrip())]
        if _indent(lead) != width:
            lead = " " * width
        yield Found(self._lines.spans(first, codes, lead), info, tab, self._outline.titles)


def _indent(line: str) -> int:
    """The columns of white space before a line's text; tabs stop at each eighth."""
    return len(line[: len(line) - len(line.lstrip())].expandtabs())


def _beyond(line: str, width: int) -> str:
    """What of a line stands beyond so many columns of white space."""
    column = 0
    for at, character in enumerate(line):
        if column >= width or not character.isspace():
            return " " * (column - width) + line[at:]
        column += 8 - column % 8 if character == "\t" else 1
    return " " * (column - width)
