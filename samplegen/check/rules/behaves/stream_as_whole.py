"""B412 stream-as-whole."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import chats
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.behaves._streams import is_choices
from samplegen.readback import Access, ReadCall

# What only a whole answer has; `json` is a method of what HTTP clients give.
_OF_ANSWERS = frozenset({"output", "model_dump_json", "to_json"})


@rule("B412", "stream-as-whole")
def stream_as_whole(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A stream that is read as if it were a whole answer: it has no such part, and fails."""
    for call in chats(sample, page):
        if call.stream is None or call.stream.value is not True or call.guessed:
            continue
        if call.places.get("stream") == "function" or not (call.start or call.end):
            continue
        found = next(_whole(call), None)
        if found is not None:
            message = "this is a stream: read it piece by piece, in a loop"
            yield Problem(found.start, found.end, message)


def _whole(call: ReadCall) -> Iterator[Access]:
    """Where a part of a whole answer is read of what a call gives."""
    looped = {name for one in call.rounds for name in one.names}
    over = {one.over[0] for one in call.rounds if one.over}
    if call.result and (call.result in looped or call.result in over):
        return
    # What some HTTP clients give is read in pieces by methods of its own.
    pieces = any(
        one.path[0] == call.result and len(one.path) > 1 and one.path[1] in _IN_PIECES
        for one in call.accesses
    )
    for one in call.accesses:
        path = one.path
        if one.start == call.start and one.end > call.end:
            if is_choices(path[-1]):
                yield one
        elif call.result and len(path) == 2 and path[0] == call.result and one.start >= call.end:
            step = path[1]
            if call.client == "sdk":
                whole = is_choices(step) or step in _OF_ANSWERS
            else:
                whole = step == "json" and not pieces
            if whole:
                yield one


_IN_PIECES = frozenset(
    {"aiter_lines", "body", "content", "iter_content", "iter_lines", "ok", "raw", "text"}
)
