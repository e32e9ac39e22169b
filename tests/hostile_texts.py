"""Texts and values that break careless programs; they are in `hostile/`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "rendering" / "hostile"

# What the files are called that payloads make.
PWNED = "samplegen-pwned"


def read(name: str) -> dict[str, Any]:
    """What a file of the folder holds."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else tomllib.loads(text)


def _strings() -> list[str]:
    """All texts, each language's payload in each of its contexts among them."""
    table = read("strings.toml")
    found = [*table["texts"], *(one["text"] * one["times"] for one in table["repeated"])]
    for language, payload in read("payloads.toml").items():
        for number, around in enumerate(payload["around"]):
            code = payload["code"].replace("FILE", f"{PWNED}-{language}{number}")
            found.append(around.replace("CODE", code))
    return found


STRINGS = _strings()


def _deep(levels: int) -> Any:
    value: Any = "bottom"
    for level in range(levels):
        value = {"in": value} if level % 2 else [value]
    return value


_table = read("values.json")
# Values that an option may have: what the file lists, deep and long ones, and the texts as values.
VALUES: list[Any] = [
    *_table["values"],
    _deep(40),
    [*range(1000)],
    STRINGS[:50],
    {f"k{number}": text for number, text in enumerate(STRINGS[50:]) if len(text) < 1000},
]
# Integers that PHP has none for.
HUGE: list[int] = _table["huge"]
# Names of options that a catalog may have and that mean something to a language.
NAMES: list[str] = _table["names"]
