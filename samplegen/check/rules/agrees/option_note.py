"""A312 option-note."""

from __future__ import annotations

from samplegen.check.groups import groups
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems
from samplegen.readback import Comment


@page_rule("A312", "option-note", "info", strict=True)
def option_note(page: PageView) -> PageProblems:
    """A note on an option that only some samples have: readers of the others are not told."""
    options = {name for family in page.catalog.families for name in family.options}
    for group in groups(page):
        for name in sorted(options):
            named = [(sample, _naming(sample, name)) for sample in group]
            found = [(sample, comment) for sample, comment in named if comment]
            if len(found) * 2 < len(group):
                for sample, comment in found:
                    message = f"only here is a note on `{name}`: give it to all samples, or none"
                    yield sample, Problem(comment.start, comment.end, message)


def _naming(sample: SampleView, name: str) -> Comment | None:
    """The first comment that names an option."""
    return next((one for one in sample.call.comments if name in one.text), None)
