"""R205 two-statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.places import line_at, seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("R205", "two-statements", "warning", strict=True)
def two_statements(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Two statements on one line: a line's end was lost, and what stands behind it is missed."""
    semicolons = checks_of(sample.language).semicolons
    if not semicolons:
        return
    depth = 0
    code = sample.without_texts
    if not re.search(r";[ \t]*[A-Za-z_$]", code):
        return
    for found in re.finditer(r"[(\[{]|[)\]}]|\n|;(?P<gap>[ \t]*)(?=[A-Za-z_$])", code):
        mark = found[0][0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(depth - 1, 0)
        elif mark == "\n":
            # Brackets around the line are no matter.
            depth = 0
        elif not depth:
            start, end = found.end(), seen_at(sample.code, found.start())[1]
            indent = _indent_of_statement(sample, start)
            start_of_gap = found.start() if semicolons == "needless" else found.start("gap")
            fix = Fix(start_of_gap, found.end(), f"\n{indent}")
            yield Problem(start, end, "a second statement on the line: give it its own", fix)


def _indent_of_statement(sample: SampleView, at: int) -> str:
    """The indentation of the statement before an offset, which may have begun lines above."""
    start = line_at(sample.code, at)[0]
    # The line that closes a bracket is indented as the statement is.
    while start and not re.compile(r"[ \t]*[)}\]]").match(sample.code, start):
        above = line_at(sample.code, start - 1)[0]
        # A comment may stand within a statement, an empty line seldom does.
        ends = sample.without_texts[above:start].rstrip().endswith((";", "{", "}", ":"))
        if ends or not sample.code[above:start].strip():
            break
        start = above
    line = sample.code[start:]
    return line[: len(line) - len(line.lstrip(" \t"))]
