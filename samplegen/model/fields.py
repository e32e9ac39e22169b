"""A field of a call by its name and the text of its value, as options and markers give it."""

from __future__ import annotations

import json
from typing import Any

from samplegen.errors import InputError


def set_field(data: dict[str, Any], name: str, text: str, said: str) -> None:
    """Put a value into a call's JSON form; a dot in its name leads into an object.

    Args:
        text: JSON; what is none is a text.
        said: what the user wrote, for an error.

    Raises:
        InputError: a part of the name is empty, or leads into what is no object.
    """
    *holders, last = name.split(".")
    if not all((*holders, last)):
        raise InputError(f"{said}: write it as NAME=JSON, such as temperature=0.2")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    place = data
    for number, holder in enumerate(holders, 1):
        inner = place.get(holder, {})
        if not isinstance(inner, dict):
            raise InputError(f"{said}: {'.'.join(holders[:number])!r} is no object")
        place[holder] = place = {**inner}
    place[last] = value
