"""Reads a call file: a call as JSON or TOML."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from samplegen.errors import InputError
from samplegen.files import decode, parse_toml, read_text


def read_call(path: Path) -> tuple[object, str]:
    """What a call file holds, and its name for errors; `-` is standard input.

    Raises:
        InputError: it cannot be read, or is neither JSON nor TOML.
    """
    if str(path) == "-":
        where = "standard input"
        if sys.stdin is None:
            raise InputError("standard input is closed: there is no call to read")
        text = decode(sys.stdin.buffer.read(), where)
    else:
        where, text = str(path), read_text(path)
    return parse(text, where, path.suffix), where


def parse(text: str, where: str, suffix: str = "") -> object:
    """What a call's text says, as JSON or TOML; `where` is its name for errors.

    Args:
        suffix: of its file; without one that says it, the text does.

    Raises:
        InputError: it is neither.
    """
    if not text.strip():
        raise InputError(f'{where}: is empty: a call is an object, such as {{"model": "…"}}')
    if suffix == ".toml" or (suffix != ".json" and text.lstrip()[0] not in '{["'):
        return parse_toml(text, where)
    try:
        found = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{where}: not valid JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise InputError(f"{where}: nested too deep") from None
    except ValueError as error:
        raise InputError(f"{where}: not valid JSON: {error}") from None
    if isinstance(found, dict):
        found.pop("$schema", None)  # It is for editors.
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON, in which no key may stand twice."""
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return value
