"""A302 missing-message."""

from __future__ import annotations

from samplegen.check.groups import groups, is_drift, usual_of
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems


@page_rule("A302", "missing-message", "warning")
def missing_message(page: PageView) -> PageProblems:
    """A message that the samples beside it send and this one does not."""
    for group in groups(page):
        told = [sample for sample in group if sample.call.messages]
        roles = [_roles(sample) for sample in told]
        usual = usual_of(roles)
        for sample in told:
            lacking = [role for role in usual or () if role not in _roles(sample)]
            if lacking:
                first, last = sample.call.messages[0], sample.call.messages[-1]
                message = f"the other samples also send a {lacking[0]} message"
                start = min(first.start, last.start)
                strict = usual is None or not is_drift(roles, usual)
                yield sample, Problem(start, max(first.end, last.end), message, strict=strict)


def _roles(sample: SampleView) -> tuple[str, ...]:
    return tuple(str(one.role.value) for one in sample.call.messages if one.role)
