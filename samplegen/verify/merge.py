"""What several machines found, put together as one would have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from samplegen.errors import InputError
from samplegen.files import read_text
from samplegen.model.catalog import Catalog
from samplegen.verify import ledger, report
from samplegen.verify.ledger import Entry
from samplegen.verify.subject import Result


class Found(NamedTuple):
    """What files hold: ledgers, results, and the text of JUnit reports."""

    ledgers: list[dict[str, Entry]]
    results: list[Result]
    junit: list[tuple[Path, str]]


def read(files: Iterable[Path]) -> Found:
    """Read ledgers and reports, each told by its shape.

    Raises:
        InputError: a file cannot be read, or is none of them.
    """
    found = Found([], [], [])
    results: list[Result] = []
    for file in files:
        text = read_text(file)
        if text.lstrip().startswith("<"):
            found.junit.append((file, text))
        elif report.is_json(text):
            results += report.read_json(text, str(file))
        else:
            found.ledgers.append(ledger.parse(text, file))
    found.results.extend(in_order(results))
    return found


def in_order(results: Iterable[Result]) -> list[Result]:
    """Results in an order that does not depend on who found them; each sample once.

    Raises:
        InputError: two are of the same sample.
    """
    ordered = sorted(results, key=_name)
    for one, other in pairwise(ordered):
        if _name(one) == _name(other):
            raise InputError(
                f"{one.place or report.name_of(one)}: is in two of the reports: "
                "give each shard's once"
            )
    return ordered


def _name(result: Result) -> tuple[str, int, str, str]:
    return (
        result.path or "",
        result.line or 0,
        result.place or report.name_of(result),
        result.language,
    )


def ledgers(
    before: Mapping[str, Entry],
    sides: Sequence[Mapping[str, Entry]],
    code: Callable[[str], str | None],
    language: Callable[[str], str | None],
    catalog: Catalog,
) -> dict[str, Entry]:
    """The ledger that one run would have left, of those that several left.

    Whoever changed an entry ran its sample: a sample that failed for one has none. Where
    two say different things of a sample, what was run with its bytes and packages of today
    is right, and of several such the one with the newest tools.

    Args:
        before: the ledger that all of them began with.
        code: a sample's text today, by its path; None where there is none.
        language: the language of a path; None where that is not known.
    """
    merged = {}
    for place in sorted({*before, *(place for side in sides for place in side)}):
        was = before.get(place)
        ran = [side.get(place) for side in sides if side.get(place) != was]
        if not ran:
            # Nobody ran it, and some may not have begun with that ledger.
            ran = [was]
        # One that passed for whoever ran it, did; others may not have begun with that ledger.
        entries = [one for one in ran if one is not None]
        if any(one != entries[0] for one in entries):
            text, named = code(place), language(place)
            entries = [
                one
                for one in entries
                if text is not None and named and ledger.stands(one, text, named, catalog)
            ]
        if entries:
            merged[place] = max(entries, key=_newest)
    return merged


def _newest(entry: Entry) -> tuple[list[tuple[str, list[tuple[int, str]]]], str]:
    """What sorts entries of the same bytes by their versions, 10 after 9."""
    versions = [
        (name, [(int(one) if one.isdigit() else 0, one) for one in version.split(".")])
        for name, version in sorted(entry["with"].items())
    ]
    return versions, entry["sha256"]
