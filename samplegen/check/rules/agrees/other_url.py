"""A305 other-url."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.documented import documented
from samplegen.check.groups import groups, usual_of
from samplegen.check.places import region_of, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems
from samplegen.readback import Value


@page_rule("A305", "other-url", "warning")
def other_url(page: PageView) -> PageProblems:
    """The same address written in two ways: with a slash at the end, or of another region."""
    for group in groups(page):
        bases = {protocol.base_path for protocol in page.catalog.protocols.values()}
        slashed = [
            (sample, url)
            for sample in group
            for url in urls(sample.code)
            if url.path.rstrip("/") in bases and region_of(url.host, page.catalog)
        ]
        differ = len({url.path.endswith("/") for _, url in slashed}) > 1
        for sample, url in slashed:
            if differ and url.path.endswith("/"):
                fix = Fix(url.end - 1, url.end, "")
                message = "the other samples write this URL without a slash at the end"
                yield sample, Problem(url.start, url.end, message, fix)
        if page.call is not None:
            continue
        regions = [(sample, value, _region(value, page)) for sample, value in _addresses(group)]
        most = usual_of(region for _, _, region in regions if region)
        for sample, value, region in regions:
            if most and region and region != most:
                label = page.catalog.regions[most].label(page.locale)
                message = f"the other samples call the region {label}"
                yield sample, Problem(value.start, value.end, message)
    if page.call is not None:
        wanted = page.call.region
        for sample, value in _addresses([*documented(page)]):
            region = _region(value, page)
            if region and region != wanted:
                label = page.catalog.regions[wanted].label(page.locale)
                yield sample, Problem(value.start, value.end, f"the page documents {label}")


def _addresses(group: list[SampleView]) -> Iterator[tuple[SampleView, Value]]:
    for sample in group:
        value = sample.call.url or sample.call.base_url
        if value:
            yield sample, value


def _region(value: Value, page: PageView) -> str | None:
    found = urls(str(value.value))
    return region_of(found[0].host, page.catalog) if found else None
