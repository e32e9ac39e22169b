"""Facts of what is wrong in samples, from `facts.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).with_name("facts.toml")


class Stale(NamedTuple):
    """A name that an SDK no longer has.

    Attributes:
        pattern: finds it; the group `place` is where it stands.
        new: what stands there in new code, with groups of the pattern in braces.
        new_unless: code that fits this has no room for `new`.
        unwrap: whether a call's argument can stand in place of the call.
    """

    language: str
    pattern: re.Pattern[str]
    message: str
    new: str | None
    new_unless: re.Pattern[str] | None
    unwrap: bool


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
def stale(language: str) -> list[Stale]:
    """What SDKs of a language no longer have."""
    return [
        Stale(
            language,
            re.compile(fact["pattern"]),
            fact["message"],
            fact.get("new"),
            _compiled(fact, "new_unless"),
            fact.get("unwrap", False),
        )
        for fact in _tables()["stale"]
        if fact["language"] == language
    ]


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
def no_sdk_claims() -> list[re.Pattern[str]]:
    """Patterns that say that a `maker` has no SDK for a `language`."""
    return [re.compile(fact["pattern"]) for fact in _tables()["no_sdk"]]


class Dated(NamedTuple):
    """What still works but should no longer be shown; where `whole_line`, its line can go."""

    pattern: re.Pattern[str]
    message: str
    whole_line: bool


class Needless(NamedTuple):
    """An import that a sample can do without; where `whole_line`, by leaving its line out."""

    name: str
    message: str
    whole_line: bool


@cache
def deprecated(language: str) -> list[Dated]:
    """What a language's samples should no longer show."""
    return [
        Dated(re.compile(fact["pattern"]), fact["message"], fact.get("whole_line", False))
        for fact in _tables()["deprecated"]
        if fact["language"] == language
    ]


@cache
def needless(language: str) -> list[Needless]:
    """Imports that a language's samples can do without."""
    return [
        Needless(fact["name"], fact["message"], fact.get("whole_line", False))
        for fact in _tables()["needless"]
        if fact["language"] == language
    ]


@cache
def imports(language: str) -> dict[str, str]:
    """For names that samples in a language use: what is to be imported."""
    found: dict[str, dict[str, str]] = _tables()["imports"]
    return found.get(language, {})


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
