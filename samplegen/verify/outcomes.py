"""What programs say when they end, in the few words that tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from samplegen.verify.program import Outcome
from samplegen.verify.subject import Failure


def fails(
    when: str, outcome: Outcome, words: str, silent: str = "does not say what the service said"
) -> Iterator[Failure]:
    """What is wrong with how a program fails.

    Args:
        words: have to be in what it says; `silent` is what to say where they are not.
    """
    if outcome.exit is None:
        yield Failure(when, "does not end")
    elif outcome.exit == 0:
        yield Failure(when, "exits with 0, as if all were well")
    if outcome.stdout.strip():
        yield Failure(when, "writes to standard output", excerpt(outcome.stdout))
    if not outcome.stderr.strip():
        yield Failure(when, "says nothing on standard error")
    elif words not in outcome.stderr:
        yield Failure(when, f"standard error {silent}", f"it says: {excerpt(outcome.stderr)}")


def ending(outcome: Outcome) -> str:
    """How a program ended."""
    return "no end within the time" if outcome.exit is None else f"exit code {outcome.exit}"


def beginning(text: str) -> str:
    """The telling start of what a compiler said."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[:4])[:500] or "nothing"


# curl's progress, which it shows where --silent does not keep it quiet.
_METER: Final = re.compile(r"^(% Total|Dload|[\d\s:kMG.-]+$)")


# Where in a program an error came from, which stands below the error itself.
_FRAME: Final = re.compile(r"^(at |\.\.\. \d+ more|Node\.js v)")


# Where an error stands above what it came from.
_HEAD: Final = re.compile(r"^(Unhandled exception|Exception in thread|panic: |PHP Fatal error)")


def excerpt(text: str) -> str:
    """The telling end of an output."""
    lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
    told = [line for line in lines if not (_METER.match(line) or _FRAME.match(line))]
    for number, line in enumerate(told):
        if _HEAD.match(line):
            return " | ".join(told[number : number + 3])[:500]
    return " | ".join(told[-3:])[-500:] or "nothing"
