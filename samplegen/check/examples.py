"""The examples of rules, from data files: a rule's documentation, and its test."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from samplegen.check.rule import Example

_FOLDER = Path(__file__).parent / "rules" / "examples"


@cache
def _examples() -> dict[str, dict[str, list[dict[str, str]]]]:
    """For each rule its bad and its good examples."""
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def bad(code: str) -> list[Example]:
    """What the rule of that code finds."""
    return _of(code, "bad")


def good(code: str) -> list[Example]:
    """What the rule of that code leaves alone."""
    return _of(code, "good")


def _of(code: str, kind: str) -> list[Example]:
    return [
        Example(example["language"], example["code"])
        for example in _examples().get(code, {}).get(kind, [])
    ]
