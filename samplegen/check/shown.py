"""How a sample shows the answer."""

from __future__ import annotations

import re

from samplegen.check.language import checks_of, code_name
from samplegen.check.places import seen_at
from samplegen.check.rule import SampleView

ONLY_TEXT = "only the answer's text"
WORDS_FIRST = "words before the answer"

_NO_ANSWER = re.compile(r"(?i)error|fail|エラー|失敗|错误|失败")
_CONTENT = re.compile(
    r"\b(?:print|println|console\.log|fmt\.Print\w*|Console\.WriteLine|System\.out\.print\w*|echo)"
    r"\b[^\n;]*(?:[Cc]hoices\b[^\n;]*[Mm]essage\b[^\n;]*[Cc]ontent|\.Content\[0\]\.Text)[^\n;]*"
)


def shown(sample: SampleView) -> tuple[str, list[tuple[int, int]]]:
    """How a sample shows the answer, and where."""
    code = sample.without_comments
    checks = checks_of(sample.language)
    said = re.finditer(checks.labels_answer, code) if checks.labels_answer else ()
    labelled = [found.span() for found in said if not _NO_ANSWER.search(found[0])]
    if labelled:
        return WORDS_FIRST, [seen_at(code, start) for start, _ in labelled]
    content = _CONTENT.search(code) if "ontent" in code else None
    if content:
        return ONLY_TEXT, [seen_at(code, content.start())]
    whole = checks.shows_object(code) if sample.call.client == "sdk" else None
    if whole:
        return f"a {code_name(sample.language)} object", [whole]
    return "the answer as JSON", []
