"""T121 json-mode."""

from __future__ import annotations

import json
from collections.abc import Iterator

from samplegen.check.called import chats
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.readback import ReadCall


@rule("T121", "json-mode")
def json_mode(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """JSON that is asked for in a way that the service refuses, in its own words."""
    for call in chats(sample, page):
        form = call.options.get("response_format")
        kind = form.at("type") if form is not None else None
        if form is None or kind is None or kind.value not in ("json_object", "json_schema"):
            continue
        thinking = call.options.get("enable_thinking")
        if thinking is not None and thinking.known and thinking.value is True:
            words = "Json mode response is not supported when enable_thinking is true"
            yield Problem(form.start, form.end, words)
        elif kind.value == "json_object" and _lacks_word(call):
            words = (
                "'messages' must contain the word 'json' in some form, to use "
                "'response_format' of type 'json_object'."
            )
            yield Problem(form.start, form.end, words)


def _lacks_word(call: ReadCall) -> bool:
    """Whether all messages are known, and none has the word."""
    contents = [one.content for one in call.messages if one.content is not None]
    if not contents or not all(one.known for one in contents):
        return False
    if len(contents) < len(call.messages):
        return False
    return not any("json" in json.dumps(one.value).lower() for one in contents)
