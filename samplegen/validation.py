"""pydantic at the borders: data of unknown shape becomes a typed object, or one clear line."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from samplegen.errors import InputError, unknown

T = TypeVar("T")


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


def _one_line(error: ValidationError, kind: type[Any], where: str) -> str:
    # A misspelt field is both unknown and missing; the first says more.
    unknown_first = {"extra_forbidden": 0, "unexpected_keyword_argument": 0}
    errors = sorted(error.errors(include_url=False), key=lambda e: unknown_first.get(e["type"], 1))
    first = errors[0]
    place = ""
    for step in first["loc"]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        message = str(cause)
    elif first["type"] in unknown_first:
        parent, _, name = place.rpartition(".")
        known = getattr(kind, "__dataclass_fields__", {}) if not parent else {}
        message = str(unknown("field", name, known)) if known else f"unknown field {name!r}"
        place = parent
    elif first["type"] == "missing":
        message = "this field is missing"
    else:
        message = f"{first['msg'][0].lower()}{first['msg'][1:]}"
        if first["type"] in {"literal_error", "string_type"}:
            message += f", not {first['input']!r}"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return ": ".join(part for part in (where, place, message) if part) + more
