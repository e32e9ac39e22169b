"""M801 out-of-date."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.managed import Due, Part, due, parts
from samplegen.check.places import seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.errors import InputError
from samplegen.pages import format_of


@page_rule("M801", "out-of-date")
def out_of_date(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A sample between markers is not the one that samplegen renders now.

    What stands between `<!-- samplegen: lang=go region=beijing -->` and
    `<!-- /samplegen -->` is samplegen's: fixing writes it anew. Change the marker, the
    call file or the catalog in place of the sample. What else stands there is removed by
    `--fix --unsafe-fixes` only.
    """
    for part in parts(page):
        if part.closing is None:
            continue
        try:
            change = due(page, part)
        except InputError:
            continue  # the next rule's
        if change is None:
            continue
        # What is not samplegen's own is removed only where that is asked for.
        lost = change.lost
        fix = Fix(change.start, change.end, change.new, safe=not lost)
        if change.view:
            code = change.view.code
            yield change.view, Problem(*_first_difference(code, fix.new), _STALE, fix)
            continue
        if format_of(page.path) == "source":
            at = change.start
            start, end = _first_difference(page.text[at : change.end], change.new)
            yield None, Problem(at + start, at + end, _STALE, fix)
            continue
        if change.what:
            yield None, Problem(part.opening.start, part.opening.end, _of_set(part, change), fix)
            continue
        if lost:
            message = f"one {change.language} sample belongs here: {_removed(lost)}"
        elif part.published:
            message = f"a {change.language} sample belongs here, in place of the one that is there"
        else:
            message = f"the {change.language} sample is missing here"
        yield None, Problem(part.opening.start, part.opening.end, message, fix)


def _of_set(part: Part, change: Due) -> str:
    if change.lost:
        return f"{change.what} belong here: {_removed(change.lost)}"
    if part.published:
        return f"the samples here are not what samplegen renders now: {change.what}"
    return f"{change.what} are missing here"


_STALE = "this managed sample is not what samplegen renders now"


def _removed(lost: int) -> str:
    lines = f"{lost} line{'s' * (lost != 1)}"
    return f"fixing removes text of {lines} there that samplegen did not write"


def _first_difference(code: str, right: str) -> tuple[int, int]:
    """The first line of a sample that is not the right one's, or else its last line."""
    at = next(
        (at for at, (one, other) in enumerate(zip(code, right, strict=False)) if one != other),
        min(len(code), len(right)),
    )
    return seen_at(code, min(at, max(len(code.rstrip()) - 1, 0)))
