"""Samples of pages that cannot be judged here, and why: they are skipped, and never passed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from samplegen.model.catalog import Catalog
from samplegen.verify import mock
from samplegen.verify.program import Outcome


class CannotJudgeError(Exception):
    """A sample cannot be judged here: its argument says why."""


def other_api(exchanges: Sequence[mock.Exchange], catalog: Catalog) -> str | None:
    """What to say of requests to another API of the service than the one that answers chats."""
    for exchange in exchanges:
        fact = catalog.endpoint_of(exchange.path)
        if fact is not None and fact.kind not in ("chat", "base"):
            return f"calls another API of the service: {exchange.path.partition('?')[0]}"
    return None


_FILE: Final = re.compile(
    r"(?:No such file or directory|ENOENT|no such file or directory|NoSuchFileException|"
    r"FileNotFoundException|Could not find file|Failed to open stream|couldn't open file)"
)
_COMMAND: Final = re.compile(r"\b([\w.-]+): (?:command )?not found$", re.MULTILINE)
_TYPED: Final = re.compile(r"EOFError: EOF when reading a line")

# What defines something for others to call, in any of the languages.
_DEFINES: Final = re.compile(
    r"^\s*(?:export\s+|default\s+|async\s+|public\s+|static\s+)*(?:def|class|function|func)\b|=>",
    re.MULTILINE,
)


def nothing_sent(code: str, outcome: Outcome) -> str | None:
    """Why a program that sent nothing is no failure of its page; None where it is one."""
    said = outcome.stdout + outcome.stderr
    if command := _COMMAND.search(outcome.stderr):
        return f"needs the command {command[1]}, which is not installed here"
    if _TYPED.search(outcome.stderr):
        return "asks whoever runs it for input"
    if found := _FILE.search(outcome.stderr):
        line = outcome.stderr[: found.end()].rpartition("\n")[2]
        rest = outcome.stderr[found.end() :].partition("\n")[0]
        return f"needs a file that the page does not have: {(line + rest).strip()[-160:]}"
    if outcome.exit == 0 and not said.strip() and _DEFINES.search(code):
        return "defines what nothing in it calls"
    return None
