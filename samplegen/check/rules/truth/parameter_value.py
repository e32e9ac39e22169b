"""T114 parameter-value."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import named_place, served
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule

# What both APIs have, and means the same.
_SHARED = ("temperature", "top_p")
# Rules of their own look at these.
_APART = frozenset({"tools", "tool_choice", "stream"})


@rule("T114", "parameter-value")
def parameter_value(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A value that its parameter may not have, or a parameter that the service refuses.

    The answer is 400, in the service's words.
    """
    for call in served(sample, page):
        shared = {name: call.asked[name] for name in _SHARED if name in call.asked}
        options = call.options if call.api == "chat" else shared
        for name, value in options.items():
            facts = page.catalog.parameters.get(name)
            if facts is None or not value.known or name in _APART or facts.place != "body":
                continue
            model = str(call.model.value) if call.model else ""
            if refused := facts.refused_by(model):
                start, end = named_place(sample, name, value)
                fix = Fix(start, end, facts.instead, safe=False) if facts.instead else None
                # Two of one name would be worse.
                is_free = facts.instead not in options
                may_mend = fix and is_free and sample.code[start:end] == name
                yield Problem(start, end, f"`{name}`: {refused}", fix if may_mend else None)
                continue
            words = facts.problem(value.value, model)
            if words is not None and value.value is not None:
                yield Problem(value.start, value.end, f"`{name}`: {words}")
