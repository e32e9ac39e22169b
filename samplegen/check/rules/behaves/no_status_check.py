"""B401 no-status-check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule

_UNCHECKED = "nothing looks at the status of the response: print the error, and exit with 1"


@rule("B401", "no-status-check", "warning", strict=True)
def no_status_check(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A status that nothing looks at: an error is taken for an answer, and the exit code is 0."""
    checks = checks_of(sample.language)
    code = sample.without_comments
    found = re.search(checks.sends, code) if checks.sends else None
    if found is None or re.search(checks.looks_at_status, code) or checks.sends_with not in code:
        return
    message, fix = checks.failing(code, found.end()) or (_UNCHECKED, None)
    yield Problem(found.start(), found.end(), message, fix)
