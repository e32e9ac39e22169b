"""B414 cumulative-chunks."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import chats
from samplegen.check.facts import chunks
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.behaves._streams import inside, is_nearest, read_in, rounds_of
from samplegen.protocols import protocol
from samplegen.readback import Argument, Invocation, ReadCall, Round, Span


@rule("B414", "cumulative-chunks")
def cumulative_chunks(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Chunks that each have all text so far, put one behind the other: the text is repeated.

    The DashScope protocol answers so without its option `incremental_output`.
    """
    calls = list(chats(sample, page))
    for call in calls:
        option = protocol(str(call.protocol)).pieces_by
        if not option or call.stream is None or call.stream.value is not True:
            continue
        said = call.options.get(option)
        if said is not None and (not said.known or said.value is True):
            continue
        if call.unread or (said is None and _brings_pieces(call, page)):
            continue
        for around in rounds_of(call):
            if not is_nearest(call, around, calls):
                continue
            found = next(_appended(call, sample.call.calls, around), None)
            if found is not None:
                message = (
                    f"each chunk has all text so far: set `{option}` to true, "
                    "or show the last one alone"
                )
                yield Problem(found.start, found.end, message)
                break


def _brings_pieces(call: ReadCall, page: PageView) -> bool:
    """Whether a model's chunks have only what is new where nothing is said of it."""
    new, all_so_far = chunks()
    model = call.model.value if call.model is not None and call.model.known else None
    if not isinstance(model, str):
        return True
    if model.startswith(new):
        return True
    thinks = call.options.get("enable_thinking")
    return thinks is not None or not model.startswith(all_so_far)


# What writes without going to the next line, or puts a text behind another.
_WRITES = ("stdout.write", "System.out.print", ".append", "out.print")
_PRINT = "print"


def _appended(
    call: ReadCall, calls: tuple[Invocation, ...], around: Round
) -> Iterator[Span | Argument]:
    """What of a chunk is put behind what the chunks before brought."""
    texts = [
        one
        for one in read_in(call, around)
        if one.path[0] in (around.names or _ANY) and not one.goes_on and _is_text(one.path)
    ]
    for value in call.appended:
        if inside(value, around) and any(inside(one, value) for one in texts):
            yield value
    for made in calls:
        if not (around.start <= made.start and made.end <= around.end):
            continue
        ends = made.name == _PRINT and any(one.name == "end" for one in made.arguments)
        if ends or made.name.endswith(_WRITES):
            for argument in made.arguments:
                if any(argument.start <= one.start < argument.end for one in texts):
                    yield argument


_ANY: tuple[str, ...] = ()


def _is_text(path: tuple[str | int | None, ...]) -> bool:
    """Whether a path leads to the text of an answer."""
    return str(path[-1]).lower().removeprefix("get") in ("content", "text")
