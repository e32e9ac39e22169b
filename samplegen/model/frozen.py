"""JSON that cannot be changed, so that a call that holds some is what it was when it was made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from samplegen.errors import InputError, check_text

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A JSON value; numbers, booleans and null keep their types."""

# Deeper than any request is, and less deep than compilers and parsers give up at.
DEEPEST = 100

# Longer than any name, and less long than what JSON parsers take for an attack.
LONGEST_NAME = 10_000


class Object(dict[str, Any]):
    """A JSON object that cannot be changed; its values are frozen, too."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this JSON object cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Object, (dict(self),))


EMPTY = Object()


def freeze(value: object, where: str = "", depth: int = 0) -> Any:
    """A JSON value with objects as `Object`s and lists as tuples.

    Args:
        where: the path to the value, for errors.

    Raises:
        InputError: it is no JSON, not valid Unicode, or nested too deep.
    """
    if isinstance(value, str):
        check_text(where, value)
        return value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InputError(f"{where}: JSON has no number {value}")
        return value
    if depth > DEEPEST:
        raise InputError(f"{where[:60]}…: nested more than {DEEPEST} deep")
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise InputError(f"{where}: {name!r} is no key of a JSON object")
            if len(name) > LONGEST_NAME:
                raise InputError(f"{where or 'a field'}: has a name of {len(name)} characters")
            check_text(where, name)
        return Object(
            {
                name: freeze(item, f"{where}.{name}" if where else name, depth + 1)
                for name, item in value.items()
            }
        )
    if isinstance(value, list | tuple):
        return tuple(freeze(item, f"{where}[{n}]", depth + 1) for n, item in enumerate(value))
    raise InputError(f"{where}: {value!r} is a {type(value).__name__}, which JSON does not have")


def thaw(value: Any) -> Any:
    """The same JSON value as new dicts and lists."""
    if isinstance(value, dict):
        return {name: thaw(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [thaw(item) for item in value]
    return value


def texts(value: object) -> Iterator[str]:
    """All texts in a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
