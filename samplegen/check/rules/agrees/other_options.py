"""A304 other-options."""

from __future__ import annotations

from samplegen.check.groups import groups, is_drift, usual_of
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, as_text
from samplegen.readback import Value


@page_rule("A304", "other-options", "warning")
def other_options(page: PageView) -> PageProblems:
    """Options that the samples beside it do not send, or send otherwise."""
    for group in groups(page):
        names = {name: None for sample in group for name in _options(sample)}
        for name in names:
            said = [_said(sample, name) for sample in group]
            usual = usual_of(said)
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
                # What one leaves out, its SDK or its form of a stream may say otherwise.
                both = _ABSENT not in (usual, _said(sample, name))
                strict = not (both and _is_plain(value) and is_drift(said, usual))
                yield sample, Problem(value.start, value.end, message, strict=strict)


def _is_plain(value: Value) -> bool:
    """Whether a value is known, and no object that a builder makes."""
    return value.known and not isinstance(value.value, dict | list)


_ABSENT = "absent"


def _options(sample: SampleView) -> dict[str, Value]:
    call = sample.call
    return call.options | ({"stream": call.stream} if call.stream else {})


def _said(sample: SampleView, name: str) -> str:
    value = _options(sample).get(name)
    return _ABSENT if value is None else as_text(value.value)
