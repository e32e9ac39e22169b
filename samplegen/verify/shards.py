"""A share of the samples for each of several machines: all of them have each once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from samplegen.errors import InputError
from samplegen.files import read_text
from samplegen.verify.report import LEDGER, read_json
from samplegen.verify.subject import Result, Subject

Name = tuple[str, int]
"""What a sample goes by from run to run: its path, and the line that it stands at, or 0."""

Costs = Mapping[Name, float]
"""Seconds that samples took."""


class Shard(NamedTuple):
    """Which of how many, from 1 on."""

    number: int
    of: int


def shard(text: str) -> Shard:
    """The shard that a text such as `2/5` names.

    Raises:
        InputError: it names none.
    """
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    number, of = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= of:
        raise InputError(f"--shard {text}: write which of how many, from 1/5 to 5/5 for five")
    return Shard(number, of)


def costs(file: Path) -> Costs:
    """What samples took in the run that a JSON report is of.

    Raises:
        InputError: it cannot be read, or is no such report.
    """
    return {
        _name_of(one): one.seconds if one.programs else _NEARLY_NOTHING
        for one in read_json(read_text(file), str(file))
        if one.passed is not None and one.isolation != LEDGER
    }


# What another sample's runs stood for: it was built, and waited for these.
_NEARLY_NOTHING: Final = 0.1


def share(subjects: Sequence[Subject], part: Shard, known: Costs) -> list[Subject]:
    """The samples of a shard, in their order.

    They depend on the samples and costs alone, not on what a ledger has. What may be one
    program, as translations of a compiled sample are, stays together: it is run once.

    Args:
        known: a sample that is not there costs what others of its language do on average.
    """
    units: dict[str, list[int]] = {}
    for number, subject in enumerate(subjects):
        units.setdefault(_unit(subject), []).append(number)
    each = _each(subjects, known)
    ordered = sorted(units, key=lambda unit: (-sum(each[one] for one in units[unit]), unit))
    loads = [(0.0, 0, number) for number in range(1, part.of + 1)]
    mine: list[int] = []
    for unit in ordered:
        load, count, number = least = min(loads)
        loads.remove(least)
        members = units[unit]
        loads.append((load + sum(each[one] for one in members), count + len(members), number))
        if number == part.number:
            mine += members
    return [subjects[one] for one in sorted(mine)]


def _each(subjects: Sequence[Subject], known: Costs) -> list[float]:
    """What each sample costs; 1 for each where nothing is known."""
    of_language: dict[str, list[float]] = {}
    for subject in subjects:
        if (cost := known.get(_name(subject))) is not None:
            of_language.setdefault(subject.sample.language, []).append(cost)
    every = [cost for some in of_language.values() for cost in some] or [1.0]

    def guess(subject: Subject) -> float:
        if subject.part:
            return 0.0
        some = of_language.get(subject.sample.language, every)
        return known.get(_name(subject), sum(some) / len(some))

    return [guess(subject) for subject in subjects]


def _unit(subject: Subject) -> str:
    """What samples have in common that may compile to the same program.

    It begins with the language, so that where all cost the same, each shard has some of each.
    """
    sample = subject.sample
    if subject.path is not None:
        return json.dumps([sample.language, subject.path, subject.line])
    target = (sample.language, sample.protocol, sample.client, sample.region, subject.flow)
    return json.dumps([*target, repr(subject.request), repr(subject.call)])


def _name(subject: Subject) -> Name:
    return subject.path or subject.place, subject.line or 0


def _name_of(result: Result) -> Name:
    return result.path or result.place, result.line or 0
