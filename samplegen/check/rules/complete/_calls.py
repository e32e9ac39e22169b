"""The calls that a page shows in many languages, and findings on the page itself."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.places import seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView

# A page with so many languages means to have them all.
_MANY = 4


def calls(page: PageView) -> Iterator[tuple[str, list[SampleView]]]:
    """The samples of a page by protocol, where it means to show a call in every language."""
    groups: dict[str, list[SampleView]] = {}
    for sample in page.calls:
        if sample.call.protocol and (sample.call.model or sample.call.messages):
            groups.setdefault(sample.call.protocol, []).append(sample)
    for protocol, samples in groups.items():
        if len({sample.language for sample in samples}) >= _MANY:
            yield protocol, samples


def of_page(sample: SampleView, message: str, fix: Fix | None) -> tuple[None, Problem]:
    """A problem of the page itself, at a sample's first line."""
    start, end = seen_at(sample.code, 0)
    spans = sample.published.spans
    return None, Problem(spans.start(start), spans.end(end), message, fix)


def unread_languages(page: PageView) -> set[str]:
    """The languages of samples that do not parse: what is in them is there all the same."""
    return {one.language for one in page.samples if one.call.broken or one.call.broken_json}
