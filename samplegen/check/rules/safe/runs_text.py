"""S702 runs-text."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("S702", "runs-text", strict=True)
def runs_text(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Text that is run as code or by a shell: an answer or a message may take over."""
    checks = checks_of(sample.language)
    code = sample.without_comments if checks.runs_named else sample.without_texts
    for found in checks.runs_text.within(code):
        said = found[0].strip().rstrip("(")
        yield Problem(found.start(), found.end(), f"`{said}` runs what it is given: do without it")
    for start, end in checks.expanded(code):
        message = "the shell runs this part of the body: put the body in single quotes"
        yield Problem(start, end, message)
