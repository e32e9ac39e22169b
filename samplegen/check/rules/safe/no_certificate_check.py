"""S703 no-certificate-check."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("S703", "no-certificate-check")
def no_certificate_check(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A certificate that is not checked: the key goes to whoever answers."""
    for found in checks_of(sample.language).trusts_anyone.within(sample.without_texts):
        message = f"`{found[0]}` sends the key to whoever answers: check the certificate"
        yield Problem(found.start(), found.end(), message)
