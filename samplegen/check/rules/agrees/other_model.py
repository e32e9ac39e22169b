"""A303 other-model."""

from __future__ import annotations

import re

from samplegen.check.documented import documented
from samplegen.check.groups import groups, is_drift, usual_of
from samplegen.check.rule import PageView, Problem, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, replaced


@page_rule("A303", "other-model", "warning")
def other_model(page: PageView) -> PageProblems:
    """Another model than in the samples beside it, or than in the call that the page documents."""
    if page.call is not None:
        for sample in documented(page):
            said_model = sample.call.model
            if said_model and said_model.known and said_model.value != page.call.model:
                fix = replaced(sample, said_model, page.call.model)
                message = f"the page documents `{page.call.model}`"
                yield sample, Problem(said_model.start, said_model.end, message, fix)
        return
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
