"""What a field of a request may be, and the words that refuse what it may not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import partial
from operator import ge, gt, le, lt
from typing import Any, Literal, NamedTuple

from samplegen.errors import shown

Place = Literal["body", "message", "part", "header"]

# What a value of JSON may be. A list of values of one type is that type with `[]` behind.
TYPES: dict[str, Callable[[object], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and math.isfinite(value))
    ),
    "string": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list | tuple),
    "object": lambda value: isinstance(value, Mapping),
}


class Parameter(NamedTuple):
    """A field of a request, and what its values may be.

    Attributes:
        type: one or more of `TYPES`. `string[]` is a list of strings, `integer[][]` a list of
            lists of integers; `list` is any list.
        minimum: the least number.
        maximum: the greatest number.
        exclusive_minimum: a number is greater.
        exclusive_maximum: a number is less.
        values: all that it may be; an object is none of them, and may be any.
        excluded: what it may not be.
        pattern: a text fits it as a whole.
        protocols: those that take it; None is all.
        place: `body`: the body, or the DashScope protocol's `parameters`; `message`: a
            message; `part`: a part of a message's content; `header`: the request's headers.
        fields: those of an object, or of each object in a list. Others are not refused.
        required: an object that has this field among its `fields` must have it.
        refusal: the service's words for what is out of range, with `{value}` for the value.
        type_refusal: the same for what is of the wrong type.
        refused: the service does not take it: `refusal` are its words, if they are known.
        instead: what to send in place of one that is refused.
        models: patterns of `fnmatch` of the models that it is said of; None is all.
        ignored: the service's own pages say that it has no effect.
        source: where that is said.
    """

    type: str | list[str]
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    values: list[Any] | None = None
    excluded: list[Any] | None = None
    pattern: str | None = None
    protocols: list[str] | None = None
    place: Place = "body"
    fields: dict[str, Parameter] | None = None
    required: bool = False
    refusal: str | None = None
    type_refusal: str | None = None
    refused: bool = False
    instead: str = ""
    models: list[str] | None = None
    ignored: bool = False
    source: str = ""

    def refused_by(self, model: str) -> str | None:
        """Words that refuse this field to a model, whatever its value; None where it is taken."""
        if not self.refused or not self._is_of(model):
            return None
        return self.refusal or "the service does not take it" + (
            f": send {self.instead} in its place" if self.instead else ""
        )

    def problem(self, value: object, model: str) -> str | None:
        """Words that refuse this field with a value to a model; None where it is taken."""
        if self.refused:
            return self.refused_by(model)
        return self.misfit(value) if self._is_of(model) else None

    def _is_of(self, model: str) -> bool:
        patterns = self.models
        return patterns is None or any(fnmatchcase(model, pattern) for pattern in patterns)

    @property
    def types(self) -> list[str]:
        """The types, also where there is one."""
        return [self.type] if isinstance(self.type, str) else self.type

    def misfit(self, value: object) -> str | None:
        """Words that refuse a value: the service's where they are known; None if it fits.

        The value may be any; what JSON cannot say fits nothing.
        """
        found = self._misfit(value)
        if found is None or found.service:
            return found and found.words
        return f"{found.place.removeprefix('.')}: {found.words}" if found.place else found.words

    def _misfit(self, value: object) -> _Misfit | None:
        if not any(_is(value, type) for type in self.types):
            ours = f"{self._expected()} is expected, not {shown(value)}"
            return _misfit(self.type_refusal, value, ours)
        if self.excluded and _among(value, self.excluded):
            return _misfit(self.refusal, value, f"{shown(value)} is not allowed")
        if self.values and not isinstance(value, Mapping) and not _among(value, self.values):
            ours = f"{' or '.join(map(shown, self.values))} is expected, not {shown(value)}"
            return _misfit(self.refusal, value, ours)
        if TYPES["number"](value) and not all(fits(value) for _, fits in self._bounds()):
            bounds = " and ".join(said for said, _ in self._bounds())
            return _misfit(self.refusal, value, f"{bounds} is expected, not {shown(value)}")
        if self.pattern and isinstance(value, str) and not re.fullmatch(self.pattern, value):
            return _misfit(None, value, f"{shown(value)} does not fit {self.pattern}")
        return self._misfit_within(value) if self.fields else None

    def _misfit_within(self, value: object) -> _Misfit | None:
        """The first misfit among the fields of an object, or of each object in a list."""
        listed = isinstance(value, list | tuple)
        for number, item in enumerate(value if isinstance(value, list | tuple) else [value]):
            for name, facts in (self.fields or {}).items() if isinstance(item, Mapping) else ():
                if name in item:
                    found = facts._misfit(item[name])
                else:
                    found = _Misfit("this field is missing") if facts.required else None
                if found:
                    place = f"[{number}].{name}" if listed else f".{name}"
                    return found._replace(place=place + found.place)
        return None

    def _bounds(self) -> list[tuple[str, Callable[[Any], bool]]]:
        """What a number must be, in words and as a test."""
        bounds: list[tuple[str, float | None, Callable[[Any, Any], bool]]] = [
            ("at least", self.minimum, le),
            ("more than", self.exclusive_minimum, lt),
            ("at most", self.maximum, ge),
            ("less than", self.exclusive_maximum, gt),
        ]
        return [
            (f"{words} {bound:.15g}", partial(within, bound))
            for words, bound, within in bounds
            if bound is not None
        ]

    def _expected(self) -> str:
        named = {"null": "null", "integer": "an integer", "object": "an object"}
        return " or ".join(
            f"a list of {'lists of ' * (one.count('[]') - 1)}{one.rstrip('[]')}s"
            if one.endswith("[]")
            else named.get(one, f"a {one}")
            for one in self.types
        )


class _Misfit(NamedTuple):
    """Why a value is refused, and where in it."""

    words: str
    place: str = ""
    service: bool = False


def _misfit(refusal: str | None, value: object, ours: str) -> _Misfit:
    if refusal is None:
        return _Misfit(ours)
    return _Misfit(refusal.replace("{value}", shown(value)), service=True)


def _is(value: object, type: str) -> bool:
    """Whether a value is of a type. The type says how deep to look, not the value."""
    if type.endswith("[]"):
        return isinstance(value, list | tuple) and all(_is(item, type[:-2]) for item in value)
    return TYPES[type](value)


def _among(value: object, values: list[Any]) -> bool:
    """Whether a value is one of these: in JSON, true is not 1."""
    if isinstance(value, tuple):
        value = list(value)
    return any(isinstance(value, bool) == isinstance(one, bool) and value == one for one in values)


def parameter(fields: dict[str, Any] | None = None, **facts: Any) -> Parameter:
    """A parameter from the fields of its table in a catalog."""
    inner = {name: parameter(**one) for name, one in fields.items()} if fields else None
    return Parameter(**facts, fields=inner)
