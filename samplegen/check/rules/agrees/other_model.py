"""A303 other-model."""

from __future__ import annotations

from samplegen.check.groups import groups, usual_of
from samplegen.check.rule import PageView, Problem, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, replaced


@page_rule("A303", "other-model", "warning")
def other_model(page: PageView) -> PageProblems:
    """Another model than in the samples beside it."""
    for group in groups(page):
        models = [(sample, sample.call.model) for sample in group]
        usual = usual_of(str(value.value) for _, value in models if value and value.known)
        for sample, value in models:
            if usual and value and value.known and value.value != usual:
                message = f"the other samples call `{usual}`"
                fix = replaced(sample, value, usual)
                yield sample, Problem(value.start, value.end, message, fix)
