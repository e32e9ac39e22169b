"""JSON text with the places of its values; a text that is nearly JSON is read all the same."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

_SPACE = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_WORD = re.compile(r"[^\s,:\]\[{}\"]+")
_DEEPEST = 100


class JsonScalar(NamedTuple):
    """A string, number, boolean or null."""

    value: str | int | float | bool | None
    start: int
    end: int


class JsonObject(NamedTuple):
    """An object; a key that stands twice has its last value."""

    entries: dict[str, JsonItem]
    start: int
    end: int


class JsonArray(NamedTuple):
    """A list."""

    items: list[JsonItem]
    start: int
    end: int


JsonItem = JsonScalar | JsonObject | JsonArray


class _Open:
    """An object or list that is being read."""

    def __init__(self, start: int, is_object: bool) -> None:
        self.start = start
        self.is_object = is_object
        self.entries: dict[str, JsonItem] = {}
        self.items: list[JsonItem] = []
        self.key: str | None = None

    def add(self, item: JsonItem) -> None:
        if not self.is_object:
            self.items.append(item)
        elif self.key is not None:
            self.entries[self.key] = item
            self.key = None
        elif isinstance(item, JsonScalar) and isinstance(item.value, str):
            self.key = item.value

    def close(self, end: int) -> JsonItem:
        if self.is_object:
            return JsonObject(self.entries, self.start, end)
        return JsonArray(self.items, self.start, end)


def read_json(text: str) -> tuple[JsonItem | None, bool]:
    """The value that a text holds, and whether the text is JSON: RFC 8259.

    A comment, a comma too many or one too few, or a missing end do not keep the rest
    from being read; the second part of the answer is then False.
    """
    at = 0
    open_: list[_Open] = []
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= len(text):
            break
        start, mark = at, text[at]
        item: JsonItem
        if mark in "{[":
            if len(open_) >= _DEEPEST:
                return None, _is_json(text)
            open_.append(_Open(start, mark == "{"))
            at += 1
            continue
        if mark in ",:":
            at += 1
            continue
        if mark in "}]":
            at += 1
            if not open_:
                return None, False
            item = open_.pop().close(at)
        elif mark == '"':
            string = _STRING.match(text, at)
            if string is None:
                return None, False
            at = string.end()
            item = JsonScalar(_string(string[0]), start, at)
        else:
            word = _WORD.match(text, at)
            if word is None:
                # A blank that JSON does not have, such as a form feed.
                at += 1
                continue
            at = word.end()
            item = JsonScalar(_word(word[0]), start, at)
        if not open_:
            return item, _is_json(text)
        open_[-1].add(item)
    while open_:
        last = open_.pop().close(len(text))
        if not open_:
            return last, False
        open_[-1].add(last)
    return None, False


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _string(source: str) -> str:
    try:
        value = json.loads(source, strict=False)
    except ValueError:
        return source[1:-1]
    assert isinstance(value, str)
    return value


def _word(source: str) -> str | int | float | bool | None:
    try:
        value = json.loads(source)
    except ValueError:
        return source
    return value if isinstance(value, str | int | float | bool) else None
