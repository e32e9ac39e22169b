"""B411 network-error-dropped."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("B411", "network-error-dropped", "warning", strict=True)
def network_error_dropped(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Where nothing was reached there is no status: the program shows an empty answer."""
    for start, end in checks_of(sample.language).unseen(sample.without_comments):
        message = "where no server is reached this gives false: print `curl_error`, and exit with 1"
        yield Problem(start, end, message)
