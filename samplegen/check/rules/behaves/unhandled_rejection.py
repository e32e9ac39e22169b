"""B410 unhandled-rejection."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("B410", "unhandled-rejection", "warning", strict=True)
def unhandled_rejection(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An async function that nobody waits for: its failure is nobody's."""
    yield from checks_of(sample.language).unhandled(sample.without_texts)
