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
        links = page.catalog.every_link
        right_ones = [*links.api_key, *links.models]
        if said in right_ones:
            continue
        for right in right_ones:
            if same_page(url, urls(right)[0]):
                message = f"the page is at {right}"
                yield Problem(url.start, url.end, message, Fix(url.start, url.end, right))
                break
