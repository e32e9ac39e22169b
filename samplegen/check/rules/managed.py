"""Samples between markers are what samplegen renders now."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.managed import parts, wanted, written
from samplegen.check.places import seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.errors import InputError

Answer = Iterator[tuple[SampleView | None, Problem]]


@page_rule("M801", "out-of-date")
def out_of_date(page: PageView) -> Answer:
    """A sample between markers is not the one that samplegen renders now.

    What stands between `<!-- samplegen: lang=go region=beijing -->` and
    `<!-- /samplegen -->` is samplegen's: fixing writes it anew. Change the marker, the
    call file or the catalog in place of the sample.
    """
    for part in parts(page):
        if part.closing is None:
            continue
        try:
            sample = wanted(part.opening, page)
            new = written(sample, page, part)
        except InputError:
            continue  # the next rule's
        start, end = part.opening.line_end, part.closing.line_start
        if len(part.published) == 1 and part.published[0].language == sample.language:
            # The fence stays as it was written, with its title and whatever else it has.
            published = part.published[0]
            code = sample.code
            if not published.code.endswith("\n"):
                code = code.removesuffix("\n")
            if published.code == code:
                continue
            view = next(one for one in page.samples if one.published is published)
            fix = Fix(0, len(published.code), code)
            yield (
                view,
                Problem(
                    *_first_difference(published.code, code),
                    "this managed sample is not what samplegen renders now",
                    fix,
                ),
            )
            continue
        message = (
            f"the {sample.language} sample is missing here"
            if not part.published
            else f"one {sample.language} sample belongs here, and nothing else"
        )
        place = (part.opening.start, part.opening.end)
        yield None, Problem(*place, message, Fix(start, end, new))


def _first_difference(code: str, right: str) -> tuple[int, int]:
    """The first line of a sample that is not the right one's, or else its last line."""
    at = next(
        (at for at, (one, other) in enumerate(zip(code, right, strict=False)) if one != other),
        min(len(code), len(right)),
    )
    return seen_at(code, min(at, max(len(code.rstrip()) - 1, 0)))


@page_rule("M802", "bad-marker")
def bad_marker(page: PageView) -> Answer:
    """A marker that asks for what there is not, or that has no other end.

    It says `samplegen:` and options such as `lang=go`; `/samplegen` ends its part. Nothing
    between such markers is written.
    """
    for part in parts(page):
        place = (part.opening.start, part.opening.end)
        if part.closing is None and part.opening.closes:
            yield None, Problem(*place, "this marker ends a part that nothing starts")
        elif part.closing is None:
            yield None, Problem(*place, "this marker has no end: write one that says /samplegen")
        else:
            try:
                written(wanted(part.opening, page), page, part)
            except InputError as error:
                yield None, Problem(*place, str(error))
