"""M802 bad-marker."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.directives import example, nearly
from samplegen.check.managed import due, other_comment, parts
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.errors import InputError


@page_rule("M802", "bad-marker")
def bad_marker(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A marker that asks for what there is not, or that has no other end.

    It says `samplegen:` and options such as `lang=go`; `/samplegen` ends its part. Nothing
    between such markers is written. What is nearly a marker, and none, is found, too: one with
    a slip in its name, without its colon, or in a comment that the page's format does not have;
    in MDX `<!-- -->` becomes `{/* */}`, and elsewhere the other way round.
    """
    for start, end in nearly(page.path, page.text, page.published):
        message = (
            "this is no marker for samplegen, though nearly one: "
            f"write {example(page.path)}, and /samplegen at the end"
        )
        yield None, Problem(start, end, message)
    for part in parts(page):
        comment = other_comment(page, part)
        for one in (part.opening, part.closing) if comment else ():
            if one is None or one.start == one.end:
                continue
            said = "/samplegen" if one.closes else f"samplegen: {one.words}"
            new = str(comment).format(said)
            message = f"this page's builder does not take this for a comment: write {new}"
            yield None, Problem(one.start, one.end, message, Fix(one.start, one.end, new))
        place = (part.opening.start, part.opening.end)
        if part.closing is None and part.opening.closes:
            yield None, Problem(*place, "this marker ends a part that nothing starts")
        elif part.closing is None:
            yield None, Problem(*place, "this marker has no end: write one that says /samplegen")
        else:
            try:
                due(page, part)
            except InputError as error:
                yield None, Problem(*place, str(error))
