"""T109 wrong-link."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.places import same_page, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("T109", "wrong-link", "warning", strict=True)
def wrong_link(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A link beside the one to use: it is dead, or leads readers into another language."""
    for url in urls(sample.code):
        said = sample.code[url.start : url.end]
        for right in page.catalog.links:
            known = urls(right)[0]
            if url.host != known.host or said == right:
                continue
            if same_page(url, known):
                message = f"the page is at {right}"
                yield Problem(url.start, url.end, message, Fix(url.start, url.end, right))
                break
