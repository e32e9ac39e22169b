"""T124 thinking."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import chats
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.protocols import protocol
from samplegen.readback import ReadCall, Value


@rule("T124", "thinking")
def thinking(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Thinking that is asked for in a way that the service refuses, in its own words."""
    for call in chats(sample, page):
        switched, model = call.options.get("enable_thinking"), call.model
        if switched is None or not switched.known or model is None or not model.known:
            continue
        words = _refused(call, switched, str(model.value), page)
        if words:
            yield Problem(switched.start, switched.end, words)


def _refused(call: ReadCall, switched: Value, model: str, page: PageView) -> str | None:
    family = page.catalog.family(model)
    if switched.value is True and family.thinking == "none":
        return f"The model {model} does not support enable_thinking."
    if switched.value is False and family.thinking == "only":
        return "The value of the enable_thinking parameter is restricted to True."
    streams = call.stream is not None and call.stream.value is not False
    # What has an option of its own for this is another rule's.
    has_own = "enable_thinking" in family.options
    if switched.value is True and family.thinking_streams and not streams and not has_own:
        return "parameter.enable_thinking must be set to false for non-streaming calls"
    if switched.value is not True:
        return None
    for name, (wrong, words) in protocol(str(call.protocol)).refused_with_thinking.items():
        said = call.options.get(name)
        if said is not None and said.known and said.value == wrong:
            return words
    return None
