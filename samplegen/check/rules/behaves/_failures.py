"""Where a program's call failed, and what it does there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from samplegen.check.language import checks_of
from samplegen.check.places import closing
from samplegen.check.rule import PageView, SampleView
from samplegen.pages import format_of


class Failure(NamedTuple):
    """What a program does where its call failed, or cannot be made without a key."""

    start: int
    end: int
    is_status: bool


_CONDITION = re.compile(
    r"(?m)^[ \t]*(?:\}\s*else\s+|el)?if\b[ \t]*(?P<said>[^\n]*?)[ \t]*(?:(?P<colon>:)|\{)?$"
)
_OF_STATUS = re.compile(r"\.ok\b|(?i:status_?code|IsSuccess)|\.status\b|\$(?:status|http_?code)\b")
_OF_KEY = re.compile(r"(?i)api_?key")
_FAILED = re.compile(
    r"\bnot\b|!|>=?\s*(?:400|300|299|399)|==\s*(?:null|nil|\"|\')|\bis None|IsNullOr|\bempty\("
)
# What says something to the reader.
SAYS = (
    r"\b(?:print\w*|echo|printf|fwrite|error_log|throw|raise|exit|die|console\.\w+|log\.\w+"
    r"|fmt\.\w+|Console\.(?:Error\.)?Write\w*|System\.(?:out|err)\.\w+)\b(?!\(\d\))"
)


def failures(sample: SampleView) -> tuple[Failure, ...]:
    """The blocks behind a failed request and behind a key that is missing."""
    if not checks_of(sample.language).fails_in_blocks:
        return ()
    return _failures_in(sample.without_comments, sample.without_texts)


# Each rule goes through all samples of a page.
@lru_cache(maxsize=256)
def _failures_in(code: str, bare: str) -> tuple[Failure, ...]:
    return tuple(_failed(code, bare))


def _failed(code: str, bare: str) -> Iterator[Failure]:
    for found in _CONDITION.finditer(bare):
        said = code[found.start("said") : found.end("said")]
        is_status = bool(_OF_STATUS.search(said))
        if not _FAILED.search(said) or not (is_status or _OF_KEY.search(said)):
            continue
        start = found.end()
        if found["colon"]:
            indent = len(found[0]) - len(found[0].lstrip(" \t"))
            block = re.compile(rf"(?:\n(?:[ \t]{{{indent + 1},}}\S[^\n]*|[ \t]*(?=\n)))*").match(
                bare, start
            )
            end = block.end() if block else start
        else:
            opening = bare.find("{", found.start("said"))
            if opening < 0 or bare[found.end("said") : opening].strip():
                continue
            start, end = opening, closing(bare, opening) or len(bare)
        yield Failure(start, end, is_status)


def is_module(sample: SampleView, page: PageView) -> bool:
    """Whether a source file only defines what others use: it has no output or exit code."""
    runs = checks_of(sample.language).runs
    is_source = bool(runs) and format_of(page.path) == "source"
    return is_source and not re.search(runs, sample.without_texts)
