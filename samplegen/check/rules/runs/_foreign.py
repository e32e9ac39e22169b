"""Lines of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of, code_name
from samplegen.check.places import seen_at, without_line
from samplegen.check.rule import Problem, SampleView
from samplegen.languages import language_ids


def foreign_lines(sample: SampleView) -> Iterator[Problem]:
    """The lines that only another language has."""
    checks = checks_of(sample.language)
    if checks.texts_are_code:
        return
    code = sample.without_texts
    seen: set[int] = set()
    for home in language_ids():
        for mark in checks_of(home).marks if home != sample.language else ():
            if checks.shares.intersection(mark.words):
                continue
            for found in mark.within(code):
                start, end = seen_at(sample.code, found.start())
                if start in seen:
                    continue
                seen.add(start)
                fix = None
                name = re.match(r"\$?(\w+)\s*=(?!=)", sample.code[start:end])
                others = code[:start] + code[end:]
                if name and re.search(rf"(?<![\w$.]){name[1]}\s*:?=(?!=)", others):
                    fix = without_line(sample.code, start)
                own = code_name(sample.language)
                message = f"this line is {code_name(home)}, in a sample in {own}"
                if fix:
                    message += ": leave it out"
                yield Problem(start, end, message, fix)
