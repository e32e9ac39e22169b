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
        if lost is None:
            lost = _own_lines(page, part, change) if not change.view else 0
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
            lines = f"{lost} line{'s' * (lost != 1)}"
            message = f"one {change.language} sample belongs here: fixing removes the {lines} there"
        elif part.published:
            message = f"a {change.language} sample belongs here, in place of the one that is there"
        else:
            message = f"the {change.language} sample is missing here"
        yield None, Problem(part.opening.start, part.opening.end, message, fix)


def _of_set(part: Part, change: Due) -> str:
    if change.lost:
        lines = f"{change.lost} line{'s' * (change.lost != 1)}"
        return f"{change.what} belong here: fixing removes the {lines} there that are none"
    if part.published:
        return f"the samples here are not what samplegen renders now: {change.what}"
    return f"{change.what} are missing here"


_STALE = "this managed sample is not what samplegen renders now"


def _own_lines(page: PageView, part: Part, change: Due) -> int:
    """How many lines of the page, which may be its author's, the change of a part removes.

    A sample alone, with its fence, was samplegen's in another language.
    """
    lines = sum(1 for line in page.text[change.start : change.end].splitlines() if line.strip())
    if format_of(page.path) == "source":
        return 0
    if len(part.published) == 1:
        spans = part.published[0].spans
        code = page.text[spans.start(0) : spans.end(len(part.published[0].code))]
        around = lines - sum(1 for line in code.splitlines() if line.strip())
        return lines if around > _MOST_AROUND else 0
    return lines


# The lines that open and close a sample, in any format.
_MOST_AROUND = 4


def _first_difference(code: str, right: str) -> tuple[int, int]:
    """The first line of a sample that is not the right one's, or else its last line."""
    at = next(
        (at for at, (one, other) in enumerate(zip(code, right, strict=False)) if one != other),
        min(len(code), len(right)),
    )
    return seen_at(code, min(at, max(len(code.rstrip()) - 1, 0)))
