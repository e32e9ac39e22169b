"""Whether code goes on: the brackets, strings and comments that a line leaves open."""

from __future__ import annotations

import re
from typing import NamedTuple


class Syntax(NamedTuple):
    """Strings and comments of a language.

    Attributes:
        comment: what starts a comment to the line's end.
        strings: the quotes of strings; those in `long` go on over lines.
        raw: the quotes of strings in which a backslash is only a character.
        opens, closes: patterns of lines that open and close a block of commands in words.
    """

    comment: tuple[str, ...]
    strings: tuple[str, ...]
    long: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    block_comments: bool = True
    brackets: bool = True
    opens: str = ""
    closes: str = ""


# A longer line is text, and neither opens nor closes a block.
_LONGEST_COMMAND = 500

ANY = Syntax(("//", "#"), ('"""', '"', "'"), ('"""',))


class Lexer:
    """Follows code line by line."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._depth = 0
        self._string = ""
        self._in_comment = False
        self._continued = False
        self._blocks = 0
        special = sorted({*syntax.comment, *syntax.strings, "/*"}, key=len, reverse=True)
        self._token = re.compile("|".join([*map(re.escape, special), r"[()\[\]{}]"]))

    @property
    def is_open(self) -> bool:
        """Whether the next line goes on with what the last one left open."""
        return self._within or self._blocks > 0

    @property
    def _within(self) -> bool:
        return bool(self._depth > 0 or self._string or self._in_comment or self._continued)

    def line(self, line: str) -> None:
        """The next line of the code."""
        if self._syntax.opens and not self._within and len(line) <= _LONGEST_COMMAND:
            self._blocks += bool(re.match(self._syntax.opens, line))
            self._blocks -= bool(self._blocks and re.match(self._syntax.closes, line))
        self._continued = line.endswith("\\")
        at = 0
        while at < len(line):
            if self._in_comment:
                at = self._comment_end(line, at)
            elif self._string:
                at = self._string_end(line, at)
            else:
                at = self._next(line, at)
        if self._string and self._string not in self._syntax.long:
            self._string = ""

    def _comment_end(self, line: str, at: int) -> int:
        end = line.find("*/", at)
        self._in_comment = end < 0
        return len(line) if end < 0 else end + 2

    def _string_end(self, line: str, at: int) -> int:
        close = self._string.lstrip("@$")
        raw = self._string in self._syntax.raw
        while at < len(line):
            if line[at] == "\\" and not raw:
                at += 2
            elif line.startswith(close, at):
                self._string = ""
                return at + len(close)
            else:
                at += 1
        return at

    def _next(self, line: str, at: int) -> int:
        found = self._token.search(line, at)
        if not found:
            return len(line)
        token = found.group()
        if token in self._syntax.comment:
            # In a shell, and in a URL without quotes, the mark stands in words too.
            in_word = found.start() > 0 and not line[found.start() - 1].isspace()
            return found.end() if in_word and token == "#" else len(line)
        if token in self._syntax.strings:
            self._string = '@"' if token in ('$@"', '@$"') else token
        elif token == "/*":
            self._in_comment = self._syntax.block_comments
        elif self._syntax.brackets:
            self._depth = max(0, self._depth + (1 if token in "([{" else -1))
        return found.end()
