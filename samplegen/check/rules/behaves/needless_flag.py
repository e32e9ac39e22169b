"""B408 needless-flag."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("B408", "needless-flag", "warning", strict=True)
def needless_flag(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A flag of curl that is not needed, or does harm, beside a body."""
    yield from checks_of(sample.language).needless_flags(sample.without_comments)
