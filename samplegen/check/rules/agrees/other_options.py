"""A304 other-options."""

from __future__ import annotations

from samplegen.check.groups import groups, usual_of
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, as_text
from samplegen.readback import Value


@page_rule("A304", "other-options", "warning")
def other_options(page: PageView) -> PageProblems:
    """Options that the samples beside it do not send, or send otherwise."""
    for group in groups(page):
        names = {name: None for sample in group for name in _options(sample)}
        for name in names:
            usual = usual_of(_said(sample, name) for sample in group)
            for sample in group:
                if usual is None or _said(sample, name) == usual:
                    continue
                value = _options(sample).get(name) or sample.call.model
                if value is None:
                    continue
                message = (
                    f"the other samples send `{name}`: {usual}"
                    if usual != _ABSENT
                    else f"the other samples do not send `{name}`"
                )
                yield sample, Problem(value.start, value.end, message)


_ABSENT = "absent"


def _options(sample: SampleView) -> dict[str, Value]:
    call = sample.call
    return call.options | ({"stream": call.stream} if call.stream else {})


def _said(sample: SampleView, name: str) -> str:
    value = _options(sample).get(name)
    return _ABSENT if value is None else as_text(value.value)
