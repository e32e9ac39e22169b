"""What a rule says: a problem at a place in a sample, and the fix that mends it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]


class Fix(NamedTuple):
    """`new` in place of `code[start:end]`; safe where it changes no meaning that was right."""

    start: int
    end: int
    new: str
    safe: bool = True


class Problem(NamedTuple):
    """Something wrong in a sample: where in its code, what, and how to mend it.

    `severity` is its rule's where it is None. `strict`: that is said only where the rule, its
    group or `strict` is selected, and not in the default set.
    """

    start: int
    end: int
    message: str
    fix: Fix | None = None
    severity: Severity | None = None
    strict: bool = False


class Example(NamedTuple):
    """Code that a rule is shown with, and tested on."""

    language: str
    code: str
