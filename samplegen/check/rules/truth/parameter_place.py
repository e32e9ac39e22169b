"""T115 parameter-place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samplegen.check.called import chats, in_its_place, named_place, through_openai
from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.model.catalog import Catalog
from samplegen.protocols import protocol
from samplegen.readback import ReadCall, Value


@rule("T115", "parameter-place")
def parameter_place(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A parameter in a place where the service, or the SDK, does not look for it."""
    for call in chats(sample, page):
        for name, value in call.options.items():
            words = _of_option(sample, call, name, value, page)
            if words:
                yield Problem(*named_place(sample, name, value), words)
        yield from _of_messages(sample, call)
        yield from _of_stream(sample, call)


def _of_option(
    sample: SampleView, call: ReadCall, name: str, value: Value, page: PageView
) -> str | None:
    """What is wrong with where an option stands, if anything is."""
    catalog, checks = page.catalog, checks_of(sample.language)
    facts = catalog.parameters.get(name)
    place = call.places.get(name)
    if name == "extra_body" and place != "extra":
        return f"`extra_body` is Python's way, and is sent as it is: {_BESIDE}"
    if name == "chat_template_kwargs" and value.at("enable_thinking"):
        path = protocol(str(call.protocol)).path_of("enable_thinking")
        where = f"in `{path[0]}`" if len(path) > 1 else "beside `model`"
        return f"the service does not read `chat_template_kwargs`: `enable_thinking` stands {where}"
    spoken = protocol(str(call.protocol))
    if name == "parameters" and len(spoken.path_of("seed")) == 1 and _holds(value, catalog):
        return f"this protocol has no `parameters`: {_BESIDE}"
    if facts is None:
        return None
    if facts.place in ("message", "part") and name in ("partial", "cache_control"):
        return f"`{name}` belongs to a {facts.place}"
    if call.client == "http" and not in_its_place(call, name):
        path = protocol(str(call.protocol)).path_of(name)
        if facts.place == "body" and place in ("body", "input") and len(path) > 1:
            return f"`{name}` stands in `{path[0]}` of the body"
    refused = checks.sdk_arguments and name not in checks.sdk_arguments
    is_given = place == "argument" and through_openai(sample, call)
    # What an older rule finds.
    is_stale = name == "enable_thinking" and isinstance(value.value, bool)
    if refused and is_given and not is_stale:
        return f"the SDK takes no argument `{name}`: {checks.extra_fields}"
    return None


_BESIDE = "put its fields beside `model`"


def _holds(value: Value, catalog: Catalog) -> bool:
    """Whether an object has a parameter in it."""
    known = catalog.parameters
    return isinstance(value.inner, Mapping) and any(name in known for name in value.inner)


def _of_messages(sample: SampleView, call: ReadCall) -> Iterator[Problem]:
    """Messages that stand where the protocol has none."""
    if call.client != "http" or call.protocol is None:
        return
    path = protocol(call.protocol).messages_path()
    place = call.places.get("messages")
    if place is not None and call.messages and len(path) > 1 and place != path[0]:
        first = call.messages[0]
        message = f"the messages stand in `{path[0]}` of the body, not beside `model`"
        yield Problem(first.start, first.end, message)
    inside = call.options.get("input")
    if len(path) == 1 and inside is not None and not call.messages and inside.at("messages"):
        start, end = named_place(sample, "input", inside)
        yield Problem(start, end, "the messages stand beside `model`, not in `input`")


def _of_stream(sample: SampleView, call: ReadCall) -> Iterator[Problem]:
    """A stream that is asked for in the body, where a header asks for it."""
    if call.client != "http" or call.protocol is None or call.stream is None:
        return
    header = protocol(call.protocol).stream_header
    if header and call.places.get("stream") in ("body", "parameters", "input"):
        start, end = named_place(sample, "stream", call.stream)
        yield Problem(
            start, end, f"a header asks for a stream here, not the body: `{header}: enable`"
        )
