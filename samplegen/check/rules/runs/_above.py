"""What a part of a program goes on from."""

from __future__ import annotations

from samplegen.check.rule import PageView, SampleView


def above(sample: SampleView, page: PageView) -> list[SampleView]:
    """The samples of its language above it that a sample may go on from.

    What brings in again what one above has is a program of its own.
    """
    at = sample.published.spans.start(0)
    imported = {named.name for named in sample.call.imports}
    return [
        one
        for one in page.samples
        if one.language == sample.language
        and one.published.spans.start(0) < at
        and imported.isdisjoint(named.name for named in one.call.imports)
    ]
