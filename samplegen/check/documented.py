"""The samples that show the call that a page documents, where that is said."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.managed import parts
from samplegen.check.rule import PageView, SampleView
from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.readback import ReadCall


def documented(page: PageView) -> Iterator[SampleView]:
    """The samples that are compared with the page's call; none where the page has none.

    What is managed has a call of its own. A sample of another flow shows another call.
    """
    if page.call is None:
        return
    own = _managed(page)
    for sample in page.calls:
        call = sample.call
        if call.api != "chat" or call.others or sample.published.spans.start(0) in own:
            continue
        if _flow(call) == _flow_of(page.call):
            yield sample


def _managed(page: PageView) -> set[int]:
    """Where the managed samples of a page start."""
    try:
        return {one.spans.start(0) for part in parts(page) for one in part.published}
    except InputError:
        return set()  # Another rule's.


def _flow(call: ReadCall) -> tuple[bool, bool, bool]:
    """Whether a program streams, calls tools, and goes on with what was said before."""
    streams = call.stream is not None and call.stream.value is not False
    roles = [one.role.value for one in call.messages if one.role is not None]
    return streams, "tools" in call.options, "assistant" in roles


def _flow_of(call: Call) -> tuple[bool, bool, bool]:
    """The same of a call."""
    talks = call.then is not None or any(one.role == "assistant" for one in call.messages)
    return call.streams, "tools" in call.parameters, talks
