"""A311 labels."""

from __future__ import annotations

import re

from samplegen.check.groups import groups
from samplegen.check.places import seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems
from samplegen.pages.naming import from_label


@page_rule("A311", "labels", "warning", strict=True)
def labels(page: PageView) -> PageProblems:
    """Two samples under one label, or labels of two forms: which one is the reader's?"""
    for group in groups(page):
        marked = [(sample, _label(sample)) for sample in group]
        heads = [head for _, head in marked]
        clients = {sample.call.client for sample in group}
        told = [head for head in heads if re.search(r"\b(?:SDK|HTTP)\b", head)]
        places = [_heading(sample, head, page) for sample, head in marked]
        for (sample, head), place in zip(marked, places, strict=True):
            # One label for several samples is a section, and says nothing of each.
            if not head or head in told or (place and places.count(place) > 1):
                continue
            client = "SDK" if sample.call.client == "sdk" else "HTTP"
            right = f"{head} ({client})"
            if heads.count(head) > 1 and len(clients) > 1:
                message = f"two samples are labelled `{head}`: write `{right}`"
            elif len(told) * 2 > len(heads):
                message = f"the other labels say which client it is: write `{right}`"
            else:
                continue
            if place is None:
                yield sample, Problem(*seen_at(sample.code, 0), message)
            else:
                yield (
                    None,
                    Problem(*place, message, Fix(place[1], place[1], f" ({client})", safe=False)),
                )


def _label(sample: SampleView) -> str:
    """The label of a sample where that is a language's name, else ''."""
    label = sample.published.tab or sample.published.heading
    return label if from_label(label)[0] else ""


def _heading(sample: SampleView, head: str, page: PageView) -> tuple[int, int] | None:
    """Where in the page the label of a sample stands, on a line of its own."""
    at = end = sample.published.spans.start(0)
    # A label in an element, an attribute, a key or a notebook's line ends where that ends.
    pattern = re.compile(
        rf"(?<!\w){re.escape(head)}[ \t]*(?=[\r\n]|\Z)"
        rf"|(?<=[\"'> ]){re.escape(head)}(?=[\"'<]|\\n)"
    )
    # From the sample upwards: the heading is near, and the page may be long.
    while head and (at := page.text.rfind(head, 0, at)) >= 0:
        if pattern.match(page.text, at, end):
            return at, at + len(head)
        at += len(head) - 1
    return None
