"""What a program does to a variable's object: what is followed, and what only running would tell.

Asked where nothing may be guessed: see `Evaluator.strict`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from samplegen.readback.expressions import Call, Function, Member, Mutation, Name, Program, dotted

# Methods of lists and objects that change nothing, in any language.
_READS = re.compile(
    r"(?:get|is|has|to|as|contains|index)[A-Z_]?\w*|(?:Get|Is|To|As|Contains|Index)\w*|keys|values|items|"
    r"copy|count|Count|map|filter|forEach|slice|concat|join|find\w*|some|every|includes|entries|"
    r"at|stream|size|length|iterator|Select|Where|Any|All|First|Last|build|model_dump\w*|flatMap|"
    r"reduce|clone|equals"
)


class Level(NamedTuple):
    """A function that is running, None for the program around all, and how far it has come.

    `until` is None where it has come to its end.
    """

    function: Function | None
    until: int | None


def levels(program: Program, now: int, outermost: Function | None, most: int) -> list[Level]:
    """The functions that run at a position, up to one: the outermost first."""
    found = []
    at: int | None = now
    for _ in range(most):
        inner = program.function_around(at) if at is not None else outermost
        found.append(Level(inner, at))
        if inner is outermost:
            return found[::-1]
        callers = program.calls_of(inner.name) if inner is not None and inner.name else []
        outside = (c for c in callers if inner and not inner.start <= c.start < inner.end)
        first = next(outside, None)
        at = first.start if first is not None else None
    return [Level(outermost, None), *found[::-1]]


def applied(
    program: Program, name: str, running: list[Level], doubts: list[int]
) -> list[Mutation] | None:
    """What has gone into a variable's object, in the order in which it did.

    Args:
        running: the functions that run, from the one on that the variable is of.
        doubts: see `doubtful`.

    Returns:
        None where something else may have changed it.
    """
    of = running[0].function
    known = {id(one.function): one for one in running}
    mutations: dict[int, list[Mutation]] = {id(one.function): [] for one in running}
    for mutation in program.mutations.get(name, ()):
        function = program.function_around(mutation.position)
        if _is_other(program, name, function, of):
            continue
        level = known.get(id(function))
        if level is None:
            return None
        if level.until is None or mutation.position < level.until:
            mutations[id(function)].append(mutation)
    for position in doubts:
        function = program.function_around(position)
        if _is_other(program, name, function, of):
            continue
        level = known.get(id(function))
        if level is None or level.until is None or position < level.until:
            return None
    return [one for level in running for one in mutations[id(level.function)]]


def is_rebound(program: Program, name: str, of: Function | None) -> bool:
    """Whether another function than the one that a variable is of gives it another value."""
    for position in program.rebound.get(name, ()):
        function = program.function_around(position)
        if function is not of and not _is_other(program, name, function, of):
            return True
    return False


def _is_other(program: Program, name: str, function: Function | None, of: Function | None) -> bool:
    """Whether a name is, in a function, another variable than the one of `of`."""
    if "." in name:
        # What an object has is the same in all of its methods.
        return False
    while function is not of:
        if function is None:
            return True
        if any(parameter == name for parameter, _ in function.parameters):
            return True
        rebound = program.rebound.get(name, ())
        for one in program.assignments.get(name, ()):
            inside = program.function_around(one.position) is function
            if inside and not one.grows and one.position not in rebound:
                return True
        function = program.function_around(function.start - 1) if function.start else None
    return False


def doubtful(program: Program, name: str, follows: frozenset[str]) -> list[int]:
    """Where a variable's object may change: by a method, a function, or under another name.

    Args:
        follows: the methods whose effect is known.
    """
    found = [*program.changed.get(name, ())]
    for other, every in program.assignments.items():
        if any(isinstance(one.value, Name | Member) and dotted(one.value) == name for one in every):
            found += [one.position for one in program.mutations.get(other, ())]
            found += program.changed.get(other, ())
    for call in program.calls:
        if isinstance(call.function, Member) and dotted(call.function.object) == name:
            last = call.function.name
            if last not in follows and not _READS.fullmatch(last):
                found.append(call.start)
        elif any(isinstance(one.value, Name) and one.value.name == name for one in call.arguments):
            found += [call.start] if _changes(program, call, name) else []
    return found


def _changes(program: Program, call: Call, name: str) -> bool:
    """Whether a function of the program puts something into what it is given by that name."""
    numbers = [n for n, one in enumerate(call.arguments) if dotted(one.value) == name]
    for function in program.functions_named(dotted(call.function).rpartition(".")[2]):
        for number in numbers:
            given = call.arguments[number].name
            names = [parameter for parameter, _ in function.parameters]
            parameter = given or (names[number] if number < len(names) else "")
            inside = [one.position for one in program.mutations.get(parameter, ())]
            inside += program.changed.get(parameter, ())
            inside += [
                one.start
                for one in program.calls
                if isinstance(one.function, Member)
                and dotted(one.function.object) == parameter
                and not _READS.fullmatch(one.function.name)
            ]
            if any(function.start <= position < function.end for position in inside):
                return True
    return False
