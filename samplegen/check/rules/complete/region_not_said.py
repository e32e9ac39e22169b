"""C504 region-not-said."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.noted import comments
from samplegen.check.places import region_of, urls
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.complete._calls import calls


@page_rule("C504", "region-not-said", "info", strict=True)
def region_not_said(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Notes that say much, and not which region the URL is for.

    Keys differ by region: with a key of another one each of the samples fails.
    """
    if sum(one.host is not None for one in page.catalog.regions.values()) < 2:
        return
    for _, samples in calls(page):
        kinds = {note.kind for sample in samples for note in comments(sample, page)}
        hosts = {url.host for url in urls(page.text)}
        regions = {name for host in hosts if (name := region_of(host, page.catalog))}
        if "key" in kinds and "region" not in kinds and len(regions) == 1:
            first = next((one for one in samples if one.call.base_url or one.call.url), None)
            value = first and (first.call.base_url or first.call.url)
            if value:
                name = page.catalog.regions[regions.pop()].label(page.locale)
                others = ", ".join(
                    one.label(page.locale)
                    for one in page.catalog.regions.values()
                    if one.host and one.host not in hosts
                )
                message = f"say that this is the URL for {name}; there are also: {others}"
                yield first, Problem(value.start, value.end, message)
