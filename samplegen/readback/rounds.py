"""Which way a program goes: the first round of a loop, or where a variable has no value yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from samplegen.readback.expressions import Call, Loop, Program, dotted
from samplegen.readback.values import Evaluated, Items, Record, Scalar

if TYPE_CHECKING:
    from samplegen.readback.evaluate import Evaluator

# What ends a round, or the loop, before its end.
_LEAVES = re.compile(r"\b(?:continue|break|return|raise|throw|exit|die|goto)\b")

# What may be passed by.
_MAY_NOT = re.compile(r"(?:if|elif|else|switch|case|match|default|when)\b")


def loop_of(program: Program, name: str, position: int) -> Loop | None:
    """The innermost loop around a position that sets a variable of that name."""
    around = program.function_around(position)
    inside = [
        one
        for one in program.loops
        if one.start <= position < one.end
        and name in one.names
        and program.function_around(one.start) is around
    ]
    return inside[-1] if inside else None


def first_round(evaluator: Evaluator, loop: Loop, name: str, position: int) -> Evaluated | None:
    """What a variable holds at a position in the first round of its loop.

    Returns:
        None where that is not known, or where the program may not come there in that round.
    """
    if not _comes_to(evaluator.program, loop, position):
        return None
    number = loop.names.index(name)
    found = _first(evaluator, loop)
    if found is None or len(loop.names) == 1:
        return found
    if isinstance(found, Items) and len(found) == len(loop.names):
        return found[number]
    return None


def _first(evaluator: Evaluator, loop: Loop) -> Evaluated | None:
    """What the first round is about; of several variables a list."""
    over, place = loop.over, (loop.over.start, loop.over.end)
    if isinstance(over, Call) and evaluator.meanings.counts:
        last = dotted(over.function)
        first = evaluator.value(over.arguments[0].value) if over.arguments else None
        if last == "enumerate" and isinstance(first, Items) and first:
            start = evaluator.value(over.arguments[1].value) if len(over.arguments) > 1 else None
            if start is not None and not (isinstance(start, Scalar) and type(start.value) is int):
                return None
            number = start.value if isinstance(start, Scalar) else 0
            return Items([Scalar(number, *place), first[0]], *place)
        if last == "range":
            begins = len(over.arguments) > 1
            ends = evaluator.value(over.arguments[1].value) if begins else first
            start = first if begins else Scalar(0, *place)
            numbers = [one.value for one in (start, ends) if isinstance(one, Scalar)]
            if len(over.arguments) < 3 and [*map(type, numbers)] == [int, int]:
                return start if numbers[0] < numbers[1] else None  # type: ignore[operator]
            return None
        if last.endswith(".items") and not over.arguments:
            held = evaluator.value(getattr(over.function, "object", None))
            if isinstance(held, Record) and held and not held.rest:
                key, value = next(iter(held.items()))
                return Items([evaluator.spelled(key, over), value], *place)
            return None
    if not evaluator.meanings.goes_over_items:
        return None
    found = evaluator.value(over)
    return found[0] if isinstance(found, Items) and found else None


def _comes_to(program: Program, loop: Loop, position: int) -> bool:
    """Whether the first round surely comes to a position."""
    inner = {(one.start, one.end) for one in program.loops}
    for start, end in program.branches:
        if not (loop.start < start and end <= loop.end):
            continue
        if start <= position < end:
            # The loop's own body, and a loop in it with its body.
            ends = any(low < start and end == high for low, high in inner)
            if (start, end) not in inner and (not ends or _MAY_NOT.match(program.code, start)):
                return False
        elif end <= position and _LEAVES.search(program.code, start, end):
            return False
    return True


# `if (!a)`, `if a is None`, `if a == null`.
_LACKS = (
    r"if\s*\(?\s*(?:(?P<empty>not\s+{0}|!\s*{0})|{0}\s*(?:is|===?)\s*(?:None|null|undefined))"
    r"\s*\)?\s*[:{{]"
)


def where_lacking(program: Program, name: str, position: int, used: int) -> tuple[int, str]:
    """Where a program asks whether a variable has a value yet, to give it one at a position.

    Args:
        used: where the variable is used.

    Returns:
        where it asks, and `null` or `empty`, as what is asked; 0 and '' where it does not ask.
    """
    around = [
        (start, end)
        for start, end in program.branches
        if start <= position < end and not start <= used < end
    ]
    outermost = min(around, key=lambda one: one[0], default=None)
    if outermost is None:
        return 0, ""
    start, end = outermost
    asked = re.compile(_LACKS.format(re.escape(name))).match(program.code, start)
    alone = len({one for one in around if not program.code.startswith("{", one[0])}) <= 2
    if asked is None or not alone or "else" in program.code[start:end]:
        return 0, ""
    return start, "empty" if asked["empty"] else "null"
