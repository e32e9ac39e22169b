"""M801 out-of-date."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.managed import due, parts
from samplegen.check.places import seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.errors import InputError
from samplegen.pages import format_of


@page_rule("M801", "out-of-date")
def out_of_date(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A sample between markers is not the one that samplegen renders now.

    What stands between `<!-- samplegen: lang=go region=beijing -->` and
    `<!-- /samplegen -->` is samplegen's: fixing writes it anew. Change the marker, the
    call file or the catalog in place of the sample.
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
        fix = Fix(change.start, change.end, change.new)
        if change.view:
            code = change.view.code
            yield change.view, Problem(*_first_difference(code, fix.new), _STALE, fix)
            continue
        if format_of(page.path) == "source":
            at = change.start
            start, end = _first_difference(page.text[at : change.end], change.new)
            yield None, Problem(at + start, at + end, _STALE, fix)
            continue
        if part.published:
            message = f"one {change.language} sample belongs here, and nothing else"
        else:
            message = f"the {change.language} sample is missing here"
        yield None, Problem(part.opening.start, part.opening.end, message, fix)


_STALE = "this managed sample is not what samplegen renders now"


def _first_difference(code: str, right: str) -> tuple[int, int]:
    """The first line of a sample that is not the right one's, or else its last line."""
    at = next(
        (at for at, (one, other) in enumerate(zip(code, right, strict=False)) if one != other),
        min(len(code), len(right)),
    )
    return seen_at(code, min(at, max(len(code.rstrip()) - 1, 0)))
