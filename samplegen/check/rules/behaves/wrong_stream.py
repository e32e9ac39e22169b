"""B404 wrong-stream."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.check.rules.behaves._failures import failures, is_module

_FAILURE = (
    r"(?:[Ee]rror(?!s?\s*codes)|[Ff]ail|(?:is|are) not set|[Ii]nvalid"
    r"|エラー|失敗|設定されていません|错误|失败|未设置)"
)


@rule("B404", "wrong-stream", "warning", strict=True)
def wrong_stream(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An error on standard output or an answer on standard error: a pipe gets the wrong one."""
    if is_module(sample, page):
        return
    code = sample.without_comments
    checks = checks_of(sample.language)
    if checks.prints:
        said: dict[int, int] = {}
        for found in re.finditer(checks.prints_text + _FAILURE, code):
            said.setdefault(found.start("call"), found.end("call"))
        call = re.compile(checks.prints)
        for block in failures(sample):
            for found in call.finditer(sample.without_texts, block.start, block.end):
                said.setdefault(found.start(), found.end())
        right = checks.error_output
        for start, end in sorted(said.items()):
            fix = Fix(start, end, right) if right else checks.to_stderr(sample, start)
            yield Problem(start, end, "an error belongs on standard error", fix)
    yield from checks.wrong_streams(sample)
