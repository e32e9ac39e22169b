"""pydantic at the borders: data of unknown shape becomes a typed object, or one clear line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from samplegen.errors import InputError, shown, unknown

T = TypeVar("T")

_EXPECTED = {
    "string_type": "a string",
    "string_unicode": "valid Unicode",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "bool_type": "true or false",
    "dataclass_type": "an object",
    "namedtuple_type": "a table",
    "mapping_type": "an object",
}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def validate(kind: type[T], data: object, where: str = "") -> T:
    """`data` as a `kind`.

    Args:
        where: what the data is, such as a file's path; the error starts with it.

    Raises:
        InputError: `data` does not fit; the message names the first misfit.
    """
    try:
        valid: T = _adapter(kind).validate_python(data)  # type: ignore[arg-type]
        return valid
    except ValidationError as error:
        raise InputError(_one_line(error, kind, where)) from None


def misfits(kind: Any, data: object) -> list[str]:
    """All that is wrong with `data` as a `kind`, each with its path; empty where nothing is."""
    try:
        _adapter(kind).validate_python(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return list(dict.fromkeys(_misfit(one, data) for one in found))
    return []


def _misfit(error: Any, data: object) -> str:
    place = ""
    at: Any = data
    steps = error["loc"]
    for number, step in enumerate(steps):
        # Of a choice of forms pydantic names the form, too, which is no step of the path.
        inside = (isinstance(at, Mapping) and step in at) or (
            isinstance(at, list | tuple) and isinstance(step, int)
        )
        if inside:
            at = at[step]
        elif error["type"] != "missing" or number < len(steps) - 1:
            continue
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    return f"{place}: {_said(error)}" if place else _said(error)


def _said(error: Any) -> str:
    if error["type"] == "missing":
        return "this field is missing"
    if error["type"] == "union_tag_invalid":
        return _no_part(error["input"], error["ctx"]["expected_tags"])
    expected = {**_EXPECTED, "dict_type": "an object"}.get(error["type"])
    expected = expected or error["msg"].lower().removeprefix("input should be ")
    return f"{expected} is expected, not {shown(error['input'])}"


def _fields(kind: Any, path: Sequence[int | str]) -> list[str]:
    """The fields of what stands at a path within a type; none where that cannot be told."""
    return [name for name in _hints(_type_at(kind, path)) if not name.startswith("_")]


def _type_at(kind: Any, path: Sequence[int | str]) -> Any:
    """The type of what stands at a path within a type."""
    for step in path:
        kind = _plain(kind)
        inner = [one for one in get_args(kind) if one is not Ellipsis]
        kind = inner[-1] if inner else _hints(kind).get(str(step))
    return _plain(kind)


def _plain(kind: Any) -> Any:
    """A type without the `None` that it may be instead."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    return next((one for one in get_args(kind) if one is not NoneType), None)


def _hints(kind: Any) -> dict[str, Any]:
    try:
        return get_type_hints(kind)
    except (TypeError, NameError, AttributeError):
        return {}


def _no_part(part: object, tags: str) -> str:
    """What to say of a part of a content that has no known type."""
    names = [tag.strip(" '") for tag in tags.split(",")]
    kind = part.get("type") if isinstance(part, Mapping) else part
    if not isinstance(part, Mapping):
        return f'a part such as {{"type": "text", "text": "…"}} is expected, not {shown(part)}'
    meant = next((name for name in names if name in part), "") if kind is None else str(kind)
    return str(unknown("type of part", meant, names)) if meant else "type: this field is missing"


def _in_list(error: Any, kind: Any, path: Sequence[int | str]) -> str:
    """How to write one value that stands where a list is expected."""
    value = error["input"]
    if error["type"] not in ("list_type", "tuple_type"):
        return ""
    if isinstance(value, str) and str in get_args(_type_at(kind, path)):
        return f": write [{shown(value)}]"
    return f": write [[{path[-1]}]]" if isinstance(value, Mapping) and len(path) == 1 else ""


def _one_line(error: ValidationError, kind: type[Any], where: str) -> str:
    # A misspelt field is both unknown and missing; the first says more.
    unknown_first = {"extra_forbidden": 0, "unexpected_keyword_argument": 0}
    errors = sorted(error.errors(include_url=False), key=lambda e: unknown_first.get(e["type"], 1))
    first = errors[0]
    *path, last = first["loc"] or ("",)
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        message = str(cause)
    elif first["type"] in unknown_first:
        known = _fields(kind, path)
        message = str(unknown("field", str(last), known)) if known else f"unknown field {last!r}"
        first["loc"] = tuple(path)
    elif first["type"] == "missing":
        message = "this field is missing"
    else:
        expected = _EXPECTED.get(first["type"]) or first["msg"].lower().removeprefix(
            "input should be "
        )
        if "instance of" in expected:
            expected = "a table"
        message = f"{expected} is expected, not {shown(first['input'])}"
        message += _in_list(first, kind, [*path, last])
    place = ""
    for step in first["loc"]:
        if step == "[key]":
            continue  # What is said of a key is said at its place.
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return ": ".join(part for part in (where, place, message) if part) + more
