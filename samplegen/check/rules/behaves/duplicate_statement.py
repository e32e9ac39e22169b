"""B406 duplicate-statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.places import seen_at, without_line
from samplegen.check.rule import PageView, Problem, SampleView, rule

_SETS = re.compile(
    r"[\w$.>()-]*\b(?:curl_setopt|set[A-Z]\w*|Set|setopt|setHeader)\([^;]*\)[ \t]*;?"
)


@rule("B406", "duplicate-statement", "warning")
def duplicate_statement(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A statement that stands there twice: the second one does nothing, or is a slip."""
    code = sample.without_comments
    # Whole statements, or links of a chain, only: a builder has `.build())` again and again.
    told = [one for one in sample.call.calls if one.arguments]
    whole, ends = {(one.start, one.end) for one in told}, {one.end for one in told}
    seen: set[str] = set()
    before = ""
    at = 0
    for line in code.split("\n"):
        said = line.strip()
        call = _SETS.fullmatch(said)
        start, end = seen_at(code, at)
        stop = start + len(said.rstrip("; "))
        is_link = said[:1] == "." and stop in ends and said.count("(") == said.count(")")
        is_whole = is_link or (start, stop) in whole or said.startswith("echo ")
        if is_whole and (said == before or (call and said in seen)):
            fix = without_line(sample.code, at)
            yield Problem(start, end, "this statement stands above already: leave it out", fix)
        if call:
            seen.add(said)
        elif said.startswith(("}", "def ", "func ", "function ")):
            seen.clear()
        before = said or before
        at += len(line) + 1
