"""B413 empty-choices."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import chats
from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.behaves._streams import inside, is_choices, read_in, takes_item
from samplegen.protocols import protocol
from samplegen.readback import Access, ReadCall, Round


@rule("B413", "empty-choices")
def empty_choices(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """The first choice of each chunk, though the last one has none: the program fails there.

    It is the one with the usage, where that is asked for.
    """
    for call in chats(sample, page):
        options = call.options.get("stream_options")
        usage = options.at("include_usage") if options is not None else None
        if call.stream is None or call.stream.value is not True:
            continue
        apart = protocol(str(call.protocol)).usage_apart
        if not apart or usage is None or usage.value is not True:
            continue
        found = next(_unguarded(call, checks_of(sample.language).fails_on_no_item), None)
        if found is not None:
            message = "the last chunk has no choices, only the usage: ask whether there is one"
            yield Problem(found.start, found.end, message)


def _unguarded(call: ReadCall, fails_at_once: bool) -> Iterator[Access]:
    """Where the first choice is read in a loop that does not ask whether there is one.

    Args:
        fails_at_once: whether reading it fails; else only reading a part of it does.
    """
    for around in call.rounds:
        if around.end <= call.end and not around.over_start <= call.start < around.over_end:
            continue
        for one in read_in(call, around):
            path = one.path
            if len(path) < 3 or not is_choices(path[-2]) or not takes_item(path, len(path) - 2):
                continue
            if one.is_safe or not (fails_at_once or one.goes_on):
                continue
            if not fails_at_once and _is_looked_at(call, path, one, around):
                continue
            if not _is_asked(call, path[:-1], one, around):
                yield one


def _is_looked_at(
    call: ReadCall, item: tuple[str | int | None, ...], at: Access, around: Round
) -> bool:
    """Whether a loop looks at the first choice itself before it reads a part of it."""
    return any(
        one.path == item and not one.goes_on and one.start < at.start
        for one in read_in(call, around)
    )


def _is_asked(
    call: ReadCall, choices: tuple[str | int | None, ...], at: Access, around: Round
) -> bool:
    """Whether a loop looks at the choices, or at the usage, before it takes the first one."""
    if any(inside(tried, around) and inside(at, tried) for tried in call.attempts):
        return True
    usage = choices[:-1]
    for one in read_in(call, around):
        if one.start > at.start:
            break
        looks = one.path == choices and not one.goes_on
        counts = one.path[:-1] == choices and one.path[-1] in _COUNTS
        of_usage = one.path[:-1] == usage and str(one.path[-1]).lower() in ("usage", "getusage")
        if looks or counts or of_usage or (one.path[:-1] == choices and one.is_safe):
            return True
    return False


_COUNTS = frozenset({"length", "size", "isEmpty", "Count", "Any", "stream", "forEach"})
