"""R202 other-language."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.runs._foreign import foreign_lines


@rule("R202", "other-language")
def other_language(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line of another language, left from copying: it does not compile, or fails at run time."""
    yield from foreign_lines(sample)
