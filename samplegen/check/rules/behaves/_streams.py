"""What a program does with the pieces of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samplegen.readback import Access, ReadCall, Round, Span

Path = Sequence[str | int | None]

# Methods that give an item of a list.
_ITEMS = frozenset({"get", "getFirst"})


def is_choices(step: str | int | None) -> bool:
    """Whether a step of a path is the list of choices, as languages write it."""
    return isinstance(step, str) and step.lower().removeprefix("get") == "choices"


def takes_item(path: Path, at: int) -> bool:
    """Whether a path has the first item of what stands at a step."""
    return len(path) > at + 1 and (path[at + 1] == 0 or path[at + 1] in _ITEMS)


def rounds_of(call: ReadCall) -> Iterator[Round]:
    """The loops that may go over the pieces of a call's answer: what stands behind it.

    One over another variable than the one that gets the answer, such as `messages`, is none.
    """
    for one in call.rounds:
        inside = one.over_start <= call.start < one.over_end
        name = str(one.over[0]) if one.over else ""
        is_variable = one.over_end - one.over_start == len(name)
        is_other = bool(call.result) and is_variable and name.lstrip("$") != call.result.lstrip("$")
        if inside or (one.end > call.end and not is_other):
            yield one


def is_nearest(call: ReadCall, around: Round, calls: Sequence[ReadCall]) -> bool:
    """Whether no later call gives what a loop goes over: two functions may use the same names."""
    return not any(
        call.end <= other.start < around.start and other.result == call.result for other in calls
    )


def inside(span: Access | Span | Round, around: Round | Span) -> bool:
    """Whether one place is in another."""
    return around.start <= span.start and span.end <= around.end


def read_in(call: ReadCall, around: Round) -> Iterator[Access]:
    """What is read of objects in a loop."""
    return (one for one in call.accesses if inside(one, around))
