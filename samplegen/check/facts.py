"""Facts of what notes say wrongly, from `facts.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).with_name("facts.toml")


class Claim(NamedTuple):
    """What a comment says wrongly, but in code that fits `unless`."""

    pattern: re.Pattern[str]
    message: str
    unless: re.Pattern[str] | None


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _compiled(fact: dict[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(fact[key]) if key in fact else None


@cache
def false_claims() -> list[Claim]:
    """What comments say wrongly."""
    return [
        Claim(
            re.compile(fact["pattern"]),
            fact["message"],
            _compiled(fact, "unless"),
        )
        for fact in _tables()["false"]
    ]


@cache
def chunks() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How the names of models begin whose chunks bring what is new, and all text so far."""
    fact = _tables()["chunks"]
    return tuple(fact["new"]), tuple(fact["all_so_far"])


@cache
def any_chat() -> re.Pattern[str]:
    """A pattern of a call of a chat in whatever service's protocol."""
    return re.compile(_tables()["other_services"]["chat"])


@cache
def no_sdk_claims() -> list[re.Pattern[str]]:
    """Patterns that say that a `maker` has no SDK for a `language`."""
    return [re.compile(fact["pattern"]) for fact in _tables()["no_sdk"]]


@cache
def terms(locale: str) -> list[list[str]]:
    """For each term of a locale the ways to write it."""
    return [fact["forms"] for fact in _tables()["terms"] if fact["locale"] == locale]


@cache
def contradictions() -> list[tuple[re.Pattern[str], re.Pattern[str], str]]:
    """Pairs of texts that cannot both be so, and what to say at the first one."""
    return [
        (re.compile(fact["pattern"]), re.compile(fact["other"]), fact["message"])
        for fact in _tables()["contradictions"]
    ]
