"""B403 exit-zero."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import TRIES_AGAIN, checks_of
from samplegen.check.places import seen_at
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.behaves._failures import SAYS, failures, is_module


@rule("B403", "exit-zero", "warning", strict=True)
def exit_zero(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A failure that ends with exit code 0: scripts and CI take it for a success."""
    if is_module(sample, page):
        return
    code, bare = sample.without_comments, sample.without_texts
    places = {*checks_of(sample.language).exits(code, bare)}
    for block in failures(sample):
        said = re.compile(SAYS).search(bare, block.start, block.end)
        if said and not _ENDS.search(bare, block.start, block.end):
            left = _LEAVES.search(bare, block.start, block.end)
            places = {one for one in places if not block.start <= one[0] < block.end}
            places.add(left.span() if left else seen_at(code, said.start()))
    for start, end in sorted(places):
        yield Problem(start, end, "the program goes on to exit code 0 after a failure: exit with 1")


# What makes the exit code another one than 0; a function's own answer may, too.
_ENDS = re.compile(
    r"\b(?:sys\.exit|exit|die|Exit|process\.exit)\((?!0?\))|\bexitCode\b|\bExitCode\b|\b(?:throw|raise|panic)\b"
    r"|\bFatal\w*|\breturn\b(?![ \t]*(?:0[ \t]*)?(?:;|$|\n))|\bexit\s*;|\bquit\("
    rf"|{TRIES_AGAIN}"
)
# What leaves with 0 where none of those is there.
_LEAVES = re.compile(r"\breturn\b(?:[ \t]*0\b)?[ \t]*;?|\b(?:[\w.]+\.)?[Ee]xit\(0?\)[ \t]*;?")
