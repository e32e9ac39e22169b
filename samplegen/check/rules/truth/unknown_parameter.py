"""T113 unknown-parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samplegen.check.called import (
    chats,
    invocation,
    named_place,
    parameter_slip,
    response_slip,
    served,
    through_openai,
)
from samplegen.check.language import checks_of
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.readback import ReadCall, Value


@rule("T113", "unknown-parameter")
def unknown_parameter(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A parameter with a slip in its name, or one that the SDK's call does not take.

    The service ignores what it does not know, and the SDK fails. Another name that may exist is
    left alone, where the SDK sends it.
    """
    for call in served(sample, page):
        for name, value in call.asked.items():
            right = response_slip(name)
            if right is not None and not (right == "model" and call.model is not None):
                yield _slip(sample, name, right, value)
    for call in chats(sample, page):
        for name, value in _named(call):
            right = parameter_slip(name, page.catalog)
            if right in ("model", "messages") and _has(call, right):
                right = None
            if right is not None:
                problem = _slip(sample, name, right, value)
                # Two of one name would be worse.
                yield problem._replace(fix=None) if right in call.options else problem
            elif _is_refused(sample, call, name) and name not in page.catalog.parameters:
                start, end = named_place(sample, name, value)
                yield Problem(start, end, f"the SDK takes no argument `{name}`")


def _named(call: ReadCall) -> Iterator[tuple[str, Value]]:
    """The options of a call, and those in an object that is meant to hold more of them."""
    yield from call.options.items()
    more = call.options.get("extra_body")
    if more is not None and isinstance(more.inner, Mapping):
        yield from more.inner.items()


def _has(call: ReadCall, name: str) -> bool:
    return bool(call.messages) if name == "messages" else call.model is not None


def _slip(sample: SampleView, name: str, right: str, value: Value) -> Problem:
    start, end = named_place(sample, name, value)
    is_written = sample.code[start:end] == name
    fix = Fix(start, end, right, safe=False) if is_written else None
    return Problem(start, end, f"unknown parameter `{name}`: did you mean `{right}`?", fix)


def _is_refused(sample: SampleView, call: ReadCall, name: str) -> bool:
    """Whether the SDK fails on an argument of that name."""
    taken = checks_of(sample.language).sdk_arguments
    if not taken or name in taken or call.places.get(name) != "argument":
        return False
    made = invocation(sample, call)
    is_chat = made is not None and ".chat.completions." in made.name
    return is_chat and through_openai(sample, call)
