"""L603 term."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from samplegen.check.facts import terms
from samplegen.check.noted import above
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule


@page_rule("L603", "term", "info", strict=True)
def term(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """One term written in several ways in notes: readers take them for several things."""
    if not page.calls:
        return
    places: list[tuple[SampleView | None, int, str]] = [
        (sample, comment.start, sample.code[comment.start : comment.end])
        for sample in page.calls
        for comment in sample.call.comments
    ]
    places += [(None, start, line) for sample in page.calls for start, line in above(sample, page)]
    # No term reaches from one text into the next.
    every = "\0".join(text for _, _, text in places)
    for forms in terms(page.locale):
        pattern = re.compile("|".join(re.escape(form) for form in forms))
        counts = Counter(pattern.findall(every))
        if len(counts) < 2:
            continue
        # Of two that are as frequent, the one listed first.
        usual = max(forms, key=lambda form: (counts[form], -forms.index(form)))
        for sample, offset, text in places:
            for found in pattern.finditer(text):
                if found[0] == usual:
                    continue
                start, end = offset + found.start(), offset + found.end()
                message = f"elsewhere on the page this is `{usual}`"
                yield sample, Problem(start, end, message, Fix(start, end, usual, safe=False))
