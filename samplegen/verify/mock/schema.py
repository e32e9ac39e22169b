"""A value that is valid under a JSON schema, made of the keywords that schemas mostly have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor
from typing import Any, Final

TEXT: Final = 'modèle "simulé" 模拟 🙂'
"""What a string is, where the schema leaves it open."""

_FORMATS: Final = {
    "date": "2026-11-25",
    "date-time": "2026-11-25T08:00:00Z",
    "time": "08:00:00Z",
    "duration": "P1D",
    "email": "mock@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}

# A schema may hold itself: below this only what must be there is.
_DEEP: Final = 3
_DEEPEST: Final = 40

_Schema = Mapping[str, Any]


def instance(schema: object) -> Any:
    """A JSON value that is valid under a schema, the same each time.

    What contradicts itself, or has keywords that are seldom seen (`not`, `if`,
    `contains`, `patternProperties`), gets a value of the type that it names.
    """
    return _Maker(schema).make(schema, 0)


class _Maker:
    def __init__(self, root: object) -> None:
        self._root = root

    def make(self, schema: object, depth: int) -> Any:
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return None
        found = self._resolved(schema, depth)
        if "const" in found:
            return found["const"]
        if found.get("enum"):
            return found["enum"][0]
        if depth > _DEEP and "null" in _types(found):
            return None
        match _types(found)[0]:
            case "object":
                return self._object(found, depth)
            case "array":
                return self._array(found, depth)
            case "string":
                return _string(found)
            case "integer":
                return int(_number(found, whole=True))
            case "number":
                return _number(found, whole=False)
            case "boolean":
                return True
        return None

    def _resolved(self, schema: _Schema, depth: int) -> dict[str, Any]:
        """A schema without references and choices: what they lead to is merged into it."""
        found: dict[str, Any] = {}
        parts: list[Any] = [schema, *schema.get("allOf", ())]
        choices = [schema[name] for name in ("anyOf", "oneOf") if schema.get(name)]
        parts += [_choice(one, deep=depth > _DEEP) for one in choices]
        if isinstance(reference := schema.get("$ref"), str):
            parts.append(self._referred(reference))
        for part in parts:
            if not isinstance(part, Mapping):
                continue
            nested = part is not schema and depth <= _DEEPEST
            for key, value in (self._resolved(part, depth + 1) if nested else part).items():
                if key == "properties" and key in found:
                    value = {**found[key], **value}
                elif key == "required" and key in found:
                    value = [*found[key], *value]
                found[key] = value
        return found

    def _referred(self, reference: str) -> Any:
        value: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(value, Mapping):
                value = value.get(name)
            elif isinstance(value, Sequence) and name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            else:
                return None
        return value

    def _object(self, schema: _Schema, depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        wanted = [*properties, *(name for name in required if name not in properties)]
        if depth > _DEEP:
            wanted = [name for name in wanted if name in required]
        more = schema.get("additionalProperties")
        made = {name: self.make(properties.get(name, more), depth + 1) for name in wanted}
        for number in range(schema.get("minProperties", 0) - len(made)):
            made[f"more{number}"] = self.make(more, depth + 1)
        return made

    def _array(self, schema: _Schema, depth: int) -> list[Any]:
        first = schema.get("prefixItems", ())
        made = [self.make(one, depth + 1) for one in first]
        items = schema.get("items", True)
        least = schema.get("minItems", 0)
        # One item shows what items are, where any may be there.
        some = 1 if items is not False and not first and depth <= _DEEP else 0
        count = min(max(least, some), schema.get("maxItems", max(least, some)))
        while len(made) < max(count, least):
            made.append(self.make(items, depth + 1))
        if schema.get("uniqueItems"):
            made = _unlike(made, items)
        return made[: schema.get("maxItems", len(made))]


def _choice(choices: Sequence[Any], *, deep: bool) -> Any:
    """The first choice; deep within what holds itself, one that comes to an end."""
    if deep:
        for choice in choices:
            if isinstance(choice, Mapping) and "$ref" not in choice:
                return choice
    return choices[0]


def _types(schema: _Schema) -> list[str]:
    """The types that a schema allows, the one to be made first."""
    named = schema.get("type")
    if isinstance(named, str):
        return [named, "null"] if schema.get("nullable") is True else [named]
    if isinstance(named, Sequence) and named:
        return sorted(named, key=lambda one: one == "null")
    for key, type in (("properties", "object"), ("required", "object"), ("items", "array")):
        if key in schema:
            return [type]
    numeric = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
    return ["number"] if any(key in schema for key in numeric) else ["string"]


def _number(schema: _Schema, *, whole: bool) -> int | float:
    """A number between the bounds; where it is to be `whole`, one without a fraction."""
    lows = [
        (schema[key], key[0] == "m") for key in ("minimum", "exclusiveMinimum") if key in schema
    ]
    highs = [
        (schema[key], key[0] == "m") for key in ("maximum", "exclusiveMaximum") if key in schema
    ]

    def fits(value: float) -> bool:
        return all(value > low or (with_it and value == low) for low, with_it in lows) and all(
            value < high or (with_it and value == high) for high, with_it in highs
        )

    low = max((low for low, _ in lows), default=None)
    high = min((high for high, _ in highs), default=None)
    step = schema.get("multipleOf") or (1 if whole else None)
    near: list[int | float]
    if step:
        start = ceil(low / step) if low is not None else floor((high or 0) / step)
        near = [number * step for number in (start, start + 1, start - 1)]
    elif low is not None and high is not None:
        near = [(low + high) / 2]
    else:
        start = low if low is not None else high if high is not None else 1.5
        near = [start, start + 1, start - 1]
    return next((one for one in near if fits(one)), near[0])


def _string(schema: _Schema) -> str:
    text = _FORMATS.get(schema.get("format", ""), TEXT)
    if isinstance(pattern := schema.get("pattern"), str):
        text = matching(pattern)
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if len(text) < least:
        text += "x" * (least - len(text))
    return text if most is None else text[:most]


def _unlike(made: list[Any], items: Any) -> list[Any]:
    """The same values, with those that came before changed where their type allows."""
    found: list[Any] = []
    enum = items.get("enum", ()) if isinstance(items, Mapping) else ()
    for value in made:
        others = iter([*enum, *(_varied(value, number) for number in range(1, len(made) + 1))])
        while any(json.dumps(value) == json.dumps(one) for one in found):
            value = next(others, None)
            if value is None:
                return found
        found.append(value)
    return found


def _varied(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return f"{value}{number}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value + number
    return not value if isinstance(value, bool) else value


def matching(pattern: str) -> str:
    """A text that a regular expression finds, as short as it may be; or an empty one.

    Read are literals, classes, groups, choices, counts and anchors.
    """
    try:
        text = _Pattern(pattern).text()
        return text if re.search(pattern, text) else ""
    except (re.error, IndexError, StopIteration, ValueError):
        return ""


_CLASSES: Final = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_ANY: Final = "a0A -_./:@,é模"


class _Pattern:
    def __init__(self, pattern: str) -> None:
        self._left = list(reversed(pattern))

    def text(self) -> str:
        """The first choice; the others are read over."""
        choices = [self._sequence()]
        while self._left and self._left[-1] == "|":
            self._left.pop()
            choices.append(self._sequence())
        return choices[0]

    def _sequence(self) -> str:
        made = ""
        while self._left and self._left[-1] not in "|)":
            made += self._counted(self._atom())
        return made

    def _atom(self) -> str:
        character = self._left.pop()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            escaped = self._left.pop()
            if escaped in "bBAZz":
                return ""
            return _CLASSES.get(escaped, {"n": "\n", "t": "\t"}.get(escaped, escaped))
        return {"^": "", "$": "", ".": "a"}.get(character, character)

    def _group(self) -> str:
        if self._left[-1] == "?":
            mark = self._left.pop() + self._left.pop()
            if mark == "?P" or (mark == "?<" and self._left[-1] not in "=!"):
                while self._left.pop() != ">":
                    pass
            elif mark != "?:":
                raise ValueError("what stands before and behind is not looked at")
        made = self.text()
        self._left.pop()
        return made

    def _class(self) -> str:
        """The first character that is in a class such as [a-z_]."""
        body = ""
        while self._left[-1] != "]" or body in ("", "^"):
            body += self._left.pop()
            if body.endswith("\\"):
                body += self._left.pop()
        self._left.pop()
        compiled = re.compile(f"[{body}]")
        return next(one for one in _characters(body) if compiled.fullmatch(one))

    def _counted(self, atom: str) -> str:
        if not self._left or self._left[-1] not in "*+?{":
            return atom
        mark = self._left.pop()
        count = {"*": 0, "+": 1, "?": 0}.get(mark, 0)
        if mark == "{":
            told = ""
            while self._left[-1] != "}":
                told += self._left.pop()
            self._left.pop()
            count = int(told.partition(",")[0] or 0)
        if self._left and self._left[-1] == "?":
            self._left.pop()
        return atom * count


def _characters(body: str) -> Iterator[str]:
    yield from (one for one in body if one.isalnum())
    yield from _ANY
    yield from map(chr, range(32, 127))
