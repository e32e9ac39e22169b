"""The strings of a JSON document and their exact places. RFC 8259."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from samplegen.errors import InputError
from samplegen.pages.spans import Piece

Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]', re.DOTALL)
_ESCAPE = re.compile(
    r"\\r\\n|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\[^u]"
)


MOST_ESCAPES = 200_000
"""Of a string that is read. A picture in a cell of a notebook is long, and has none."""


class JsonString(NamedTuple):
    """A string that is a value; `start` and `end` are the offsets of what is in its quotes."""

    path: Path
    start: int
    end: int


def strings(text: str, deepest: int) -> Iterator[JsonString]:
    """The strings that are values, with their paths, down to a depth.

    Raises:
        InputError: not JSON, or nested too deep for Python's reader.
    """
    try:
        json.loads(text)
    except RecursionError:
        raise InputError("nested too deep to read") from None
    except ValueError as error:
        raise InputError(f"not valid JSON: {error}") from None
    path: list[str | int] = []
    is_key = False
    for token in _TOKEN.finditer(text):
        mark = token.group()[0]
        if mark == "{":
            path.append("")
            is_key = True
        elif mark == "[":
            path.append(0)
            is_key = False
        elif mark in "}]":
            path.pop()
            is_key = False
        elif mark == ",":
            last = path[-1]
            is_key = isinstance(last, str)
            path[-1] = last + 1 if isinstance(last, int) else ""
        elif mark == ":":
            is_key = False
        elif is_key:
            path[-1] = json.loads(token.group())
        elif len(path) <= deepest:
            yield JsonString(tuple(path), token.start() + 1, token.end() - 1)


def value(text: str, one: JsonString | None) -> str:
    """What a string says; '' where there is none."""
    return str(json.loads(text[one.start - 1 : one.end + 1])) if one else ""


def pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """What stands between a string's quotes, decoded; its lines end in LF.

    Raises:
        InputError: more escapes than anyone writes; each is a piece.
    """
    at = start
    for number, escape in enumerate(_ESCAPE.finditer(text, start, end)):
        if number == MOST_ESCAPES:
            raise InputError(f"a string is too long to be read: {end - start} characters")
        if at < escape.start():
            yield Piece(text[at : escape.start()], at, escape.start())
        yield Piece(_decoded(escape.group()), *escape.span())
        at = escape.end()
    if at < end:
        yield Piece(text[at:end], at, end)


@lru_cache(maxsize=1024)
def _decoded(escape: str) -> str:
    return str(json.loads(f'"{escape}"')).replace("\r\n", "\n").replace("\r", "\n")


def escaped(text: str) -> str:
    """Text for between a string's quotes."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
