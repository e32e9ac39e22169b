"""What becomes of a call, by the key that it is made with."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

from samplegen.protocols.base import ProblemKind

Behaviour = Literal[
    "answer",
    "bad-request",
    "not-found",
    "rate-limit",
    "server-error",
    "cut",
    "stream-error",
    "stream-end",
    "broken-line",
    "odd-stream",
    "unknown-tool",
    "bad-arguments",
    "endless-tools",
    "no-json",
]

BEHAVIOURS: Final[tuple[Behaviour, ...]] = get_args(Behaviour)

# What the service says to a key that is let in to fail, by the name of the failure. ASCII
# without quotes, so that a sentence stands in the body of an error as it does here.
COMPLAINTS: Final = {
    "bad-request": "The mock refused a parameter of this call, as it was told to.",
    "not-found": "The mock has no such model for this call, as it was told to.",
    "rate-limit": "The mock got too many calls with this key, as it was told to.",
    "server-error": "The mock failed on this call, as it was told to.",
    "stream-error": "The mock failed in the middle of this stream, as it was told to.",
}

FAILURES: Final[tuple[Behaviour, ...]] = (
    "bad-request",
    "not-found",
    "rate-limit",
    "server-error",
    "cut",
)
"""The failures that any call may meet."""

STREAM_FAILURES: Final[tuple[Behaviour, ...]] = ("stream-error", "stream-end")
"""The failures that only a stream meets."""


class Problem(NamedTuple):
    """A way to fail: its HTTP status, and its kind, which each protocol has a code for."""

    status: int
    kind: ProblemKind


UNKNOWN_KEY = Problem(401, "key")
INVALID = Problem(400, "parameter")
NO_THINKING = Problem(400, "thinking")
NO_MODEL = Problem(404, "model")
NO_PATH = Problem(404, "path")
NOT_ALLOWED = Problem(405, "method")
TOO_LARGE = Problem(413, "size")
THROTTLED = Problem(429, "rate")
BROKEN = Problem(500, "server")

PROBLEMS: Final[dict[Behaviour, Problem]] = {
    "bad-request": INVALID,
    "not-found": NO_MODEL,
    "rate-limit": THROTTLED,
    "server-error": BROKEN,
}


MEANINGS: Final[dict[Behaviour, str]] = {
    "answer": "an answer",
    **{name: str(problem.status) for name, problem in PROBLEMS.items()},
    "cut": "the connection breaks in the middle of the answer or stream",
    "stream-error": "an error in the middle of a stream",
    "stream-end": "a stream ends in the middle, as if it were whole",
    "broken-line": "half an event in the middle of a stream, and then the rest",
    "odd-stream": "lines that end in CRLF, comments, a line of 90,000 characters, and "
    "characters that some take for the end of a line",
    "unknown-tool": "calls of a function that was not declared",
    "bad-arguments": "calls with arguments that are no JSON",
    "endless-tools": "calls of tools, whatever they have said",
    "no-json": "plain text where JSON was asked for",
}
"""What people are told that each does."""


def keys(key: str) -> dict[str, Behaviour]:
    """The keys that are let in beside a good one, and what becomes of the calls of each."""
    return {key if one == "answer" else f"{key}-{one}": one for one in BEHAVIOURS}


class RefusalError(Exception):
    """A request that is not answered, and what is said instead.

    `allow` is the method that a path takes.
    """

    def __init__(self, problem: Problem, message: str, allow: str | None = None) -> None:
        super().__init__(message)
        self.problem = problem
        self.message = message
        self.allow = allow


def invalid(message: str) -> RefusalError:
    """A parameter is wrong: the most common refusal."""
    return RefusalError(INVALID, message)
