"""B409 shared-headers."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("B409", "shared-headers", "warning", strict=True)
def shared_headers(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Headers of a client that all requests share, changed at each request: they pile up."""
    for start, end in checks_of(sample.language).shared_headers(sample.without_texts):
        message = "all requests share these headers: set them on an HttpRequestMessage"
        yield Problem(start, end, message)
