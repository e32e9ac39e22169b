"""B407 deprecated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.places import line_at, without_line
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("B407", "deprecated", "warning", strict=True)
def deprecated_call(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A call that its language has deprecated: it warns today and will be gone."""
    code = sample.without_texts
    for fact in checks_of(sample.language).deprecated:
        for found in re.finditer(fact.pattern, code):
            start, end = line_at(code, found.start())
            alone = re.fullmatch(r"\s*\w+\([^()]*\);\s*", code[start:end])
            fix = without_line(sample.code, found.start()) if fact.whole_line and alone else None
            message = fact.message.format(found=found[0])
            yield Problem(found.start(), found.end(), message, fix)
