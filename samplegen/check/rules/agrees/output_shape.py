"""A309 output-shape."""

from __future__ import annotations

import re

from samplegen.check.groups import groups, usual_of
from samplegen.check.language import checks_of, code_name
from samplegen.check.managed import is_managed
from samplegen.check.places import seen_at
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems

_NO_ANSWER = re.compile(r"(?i)error|fail|エラー|失敗|错误|失败")
_CONTENT = re.compile(
    r"\b(?:print|println|console\.log|fmt\.Print\w*|Console\.WriteLine|System\.out\.print\w*|echo)"
    r"\b[^\n;]*(?:[Cc]hoices\b[^\n;]*[Mm]essage\b[^\n;]*[Cc]ontent|\.Content\[0\]\.Text)[^\n;]*"
)


@page_rule("A309", "output-shape", "info", strict=True)
def output_shape(page: PageView) -> PageProblems:
    """An answer shown otherwise than in the samples beside it: as text here, as JSON there."""
    for group in groups(page):
        shapes = [_shape(sample) for sample in group]
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


def _shape(sample: SampleView) -> tuple[str, list[tuple[int, int]]]:
    """How a sample shows the answer, and where."""
    code = sample.without_comments
    checks = checks_of(sample.language)
    said = re.finditer(checks.labels_answer, code) if checks.labels_answer else ()
    labelled = [found.span() for found in said if not _NO_ANSWER.search(found[0])]
    if labelled:
        return "words before the answer", [seen_at(code, start) for start, _ in labelled]
    content = _CONTENT.search(code) if "ontent" in code else None
    if content:
        return "only the answer's text", [seen_at(code, content.start())]
    shown = checks.shows_object(code) if sample.call.client == "sdk" else None
    if shown:
        return f"a {code_name(sample.language)} object", [shown]
    return "the answer as JSON", []
