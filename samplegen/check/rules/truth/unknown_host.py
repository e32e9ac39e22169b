"""T101 unknown-host."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.places import region_of, urls
from samplegen.check.relevance import ALIKE, nearest_host, own_paths
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("T101", "unknown-host")
def unknown_host(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A host that is none of the service's: the name is not found, or a key goes to a stranger."""
    own = own_paths(page.catalog)
    sent_to = sample.call.url or sample.call.base_url
    for url in urls(sample.code):
        if region_of(url.host, page.catalog) is not None:
            continue
        nearest, likeness = nearest_host(url.host, page.catalog)
        is_sent_to = sent_to is not None and sent_to.start <= url.start < sent_to.end
        if likeness < ALIKE and not url.path.startswith(own) and not is_sent_to:
            continue
        end = url.host_start + len(url.host)
        fix = Fix(url.host_start, end, nearest) if likeness >= ALIKE else None
        if "{" in url.host or "$" in url.host:
            continue
        message = f"unknown host `{url.host}`: did you mean `{nearest}`?"
        if fix is None:
            message = f"unknown host `{url.host}`: the service is at `{nearest}` and the like"
        yield Problem(url.host_start, end, message, fix)
