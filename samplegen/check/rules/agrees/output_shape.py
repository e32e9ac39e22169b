"""A309 output-shape."""

from __future__ import annotations

from samplegen.check.groups import groups, usual_of
from samplegen.check.managed import is_managed
from samplegen.check.rule import PageView, Problem, page_rule
from samplegen.check.rules.agrees._shared import PageProblems
from samplegen.check.shown import shown


@page_rule("A309", "output-shape", "info", strict=True)
def output_shape(page: PageView) -> PageProblems:
    """An answer shown otherwise than in the samples beside it: as text here, as JSON there."""
    for group in groups(page):
        shapes = [shown(sample) for sample in group]
        usual = usual_of(shape for shape, _ in shapes)
        if usual is None:
            continue
        for sample, (shape, places) in zip(group, shapes, strict=True):
            # What a marker asks for is shown as it asks.
            if shape == usual or is_managed(sample, page):
                continue
            for start, end in places:
                message = f"this prints {shape}; the other samples print {usual}"
                yield sample, Problem(start, end, message)
