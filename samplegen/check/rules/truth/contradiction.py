"""T112 contradiction."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.facts import contradictions
from samplegen.check.rule import PageView, Problem, SampleView, page_rule


@page_rule("T112", "contradiction", "warning")
def contradiction(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Two texts of a page that cannot both be so: readers do not know which to follow."""
    comments = [one.text for sample in page.calls for one in sample.call.comments]
    for pattern, other, message in contradictions():
        if any(other.search(text) for text in comments):
            for start, line in page.prose():
                for found in pattern.finditer(line):
                    yield None, Problem(start + found.start(), start + found.end(), message)
