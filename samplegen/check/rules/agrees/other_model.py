"""A303 other-model."""

from __future__ import annotations

import re

from samplegen.check.groups import groups, is_drift, usual_of
from samplegen.check.rule import PageView, Problem, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, replaced


@page_rule("A303", "other-model", "warning")
def other_model(page: PageView) -> PageProblems:
    """Another model than in the samples beside it."""
    for group in groups(page):
        models = [(sample, sample.call.model) for sample in group]
        said = [str(value.value) for _, value in models if value and value.known]
        usual = usual_of(said)
        for sample, value in models:
            if usual and value and value.known and value.value != usual:
                message = f"the other samples call `{usual}`"
                fix = replaced(sample, value, usual)
                # A snapshot is the same model, and others may be shown beside it on purpose.
                strict = _base(str(value.value)) == _base(usual) or not is_drift(said, usual)
                yield sample, Problem(value.start, value.end, message, fix, strict=strict)


def _base(model: str) -> str:
    return re.sub(r"-(?:\d{4}-\d{2}-\d{2}|\d{4}|latest)\Z", "", model)
