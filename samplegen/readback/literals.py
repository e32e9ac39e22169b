"""How string literals are read: which characters of the text stand for which of the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from samplegen.pages.spans import Piece

Decode = Callable[["re.Match[str]"], str]


def plain(code: str, start: int, end: int) -> list[Piece]:
    """Text without escapes."""
    return [Piece(code[start:end], start, end)] if start < end else []


def unescaped(code: str, start: int, end: int, escape: re.Pattern[str], to: Decode) -> list[Piece]:
    """Text with escapes: what `escape` matches, and `to` decodes."""
    pieces: list[Piece] = []
    at = start
    for match in escape.finditer(code, start, end):
        pieces += plain(code, at, match.start())
        pieces.append(Piece(to(match), match.start(), match.end()))
        at = match.end()
    pieces += plain(code, at, end)
    return list(_paired(pieces))


def _paired(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same with two escaped surrogates as the one character that they are."""
    held: Piece | None = None
    for piece in pieces:
        if held is not None:
            if len(piece.text) == 1 and "\udc00" <= piece.text <= "\udfff":
                both = (held.text + piece.text).encode("utf-16", "surrogatepass").decode("utf-16")
                yield Piece(both, held.start, piece.end)
                held = None
                continue
            yield held
            held = None
        if len(piece.text) == 1 and "\ud800" <= piece.text <= "\udbff":
            held = piece
        else:
            yield piece
    if held is not None:
        yield held


def character(number: int) -> str:
    """The character of a number, or the one for what is none."""
    return chr(number) if number < 0x110000 else "\ufffd"


_NAMED = {
    "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "0": "\0",
    "e": "\x1b", "s": " ", "\n": "",
}  # fmt: skip


def backslash(named: str, *, octal: bool = False) -> tuple[re.Pattern[str], Decode]:
    r"""Escapes of the C family: `\n` and others in `named`, `\x41`, `A`, `\U0001F600`, `\u{41}`.

    Args:
        named: letters that stand for a control character in this language.
        octal: whether there is `\101`.
    """
    pattern = re.compile(
        r"\\(?:x\{?([0-9a-fA-F]{1,2})\}?|u+([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|u\{([0-9a-fA-F]+)\}"
        + (r"|([0-3]?[0-7]{1,2})" if octal else r"|(?!)()")
        + r"|(\r\n|.))",
        re.DOTALL,
    )

    def decode(match: re.Match[str]) -> str:
        number = match[1] or match[2] or match[3] or match[4]
        if number:
            return character(int(number, 16))
        if match[5]:
            return character(int(match[5], 8))
        letter = "\n" if match[6] == "\r\n" else match[6]
        return _NAMED[letter] if letter in named else letter

    return pattern, decode


def lines_without(code: str, start: int, end: int, indent: int) -> Iterator[tuple[int, int]]:
    """The lines of `code[start:end]`, each with its newline, less `indent` white space."""
    at = start
    while at < end:
        newline = code.find("\n", at, end)
        stop = end if newline < 0 else newline + 1
        text = code[at:stop].rstrip("\n")
        blank = len(text) - len(text.lstrip(" \t"))
        yield at + min(indent, blank), stop
        at = stop
