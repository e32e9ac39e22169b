"""Reads code in the template literals of MDX: as an attribute, as a child, or exported."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from samplegen.pages.found import Found
from samplegen.pages.spans import Layer, Piece, Spans, as_it_is

# `code={`, `{`, `export const code = `, perhaps with `String.raw`, and the text up to its end.
_LITERAL = re.compile(
    r"(?:=\s*\{\s*|>\s*\{\s*|^[ \t]*export\s+const\s+\w+\s*=\s*)(?P<raw>String\.raw)?"
    r"`(?P<text>[^`\\]*(?:\\[\s\S][^`\\]*){0,2000})`",
    re.MULTILINE,
)
_ESCAPE = re.compile(r"\\(?:\r\n|[\s\S])|\r\n?")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "\n": "", "\r\n": "", "\r": ""}
_LANGUAGE = re.compile(
    r"\b(?:lang|language|className)=(?:\{\s*)?[\"'`](?:[^\"'`]*\blanguage-)?([\w+#.-]+)"
)
# An opening tag is not longer.
_LONGEST_TAG = 2_000


def read(text: str, eol: str, taken: Collection[tuple[int, int]]) -> Iterator[Found]:
    """The code in template literals of more than a line.

    Args:
        taken: where code stands that was found otherwise: its literals are its own.
    """
    for found in _LITERAL.finditer(text):
        start, end = found.span("text")
        # What a variable is put into is only known when the page is built.
        is_raw = found["raw"] is not None
        if "\n" not in found["text"].strip() or re.search(r"(?<!\\)\$\{", found["text"]):
            continue
        if any(low < end and start < high for low, high in taken):
            continue
        layer = Layer(eol, eol, "", as_it_is if is_raw else _escaped)
        spans = Spans(tuple(_pieces(text, start, end, is_raw)), (layer,))
        lines = spans.text.split("\n")
        first = 0 if lines[0].strip() else len(lines[0]) + 1
        last = len(spans.text.rstrip())
        yield Found(spans.only([(first, last)]), _language(text, found.start(), found.end()))


def _language(text: str, start: int, end: int) -> str:
    """What the tag around or before a literal says of its language."""
    opens = max(text.rfind("<", max(0, start - _LONGEST_TAG), start + 1), 0)
    closes = text.find(">", end, end + _LONGEST_TAG)
    if text.startswith(">", start):
        closes = start
    if not re.match(r"<[A-Z]", text[opens : opens + 2]):
        return ""
    around = text[opens:start] + text[end : max(closes, end)]
    said = _LANGUAGE.search(around)
    return said[1] if said else ""


def _pieces(text: str, start: int, end: int, is_raw: bool) -> Iterator[Piece]:
    at = start
    for one in _ESCAPE.finditer(text, start, end):
        if is_raw and one[0].startswith("\\"):
            continue
        if at < one.start():
            yield Piece(text[at : one.start()], at, one.start())
        said = one[0][1:]
        new = _LETTERS.get(said, said) if one[0].startswith("\\") else "\n"
        if new:
            yield Piece(new, one.start(), one.end())
        at = one.end()
    if at < end:
        yield Piece(text[at:end], at, end)


def _escaped(text: str) -> str:
    """Text as a template literal has it."""
    return re.sub(r"[\\`]|\$(?=\{)", r"\\\g<0>", text)
