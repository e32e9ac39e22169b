"""A310 flag-style."""

from __future__ import annotations

import re

from samplegen.check.language import LanguageChecks, checks_of
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems
from samplegen.languages import language


@page_rule("A310", "flag-style", "info", strict=True)
def flag_style(page: PageView) -> PageProblems:
    """Short flags of curl here and long ones there: long ones say what they do."""
    for id in dict.fromkeys(sample.language for sample in page.calls):
        if checks_of(id).long_flags:
            yield from _flags([one for one in page.calls if one.language == id], checks_of(id))


def _flags(samples: list[SampleView], checks: LanguageChecks) -> PageProblems:
    long_flag = re.compile(rf"(?<=\s)(?:{'|'.join(checks.long_flags.values())})(?=[\s=])")
    if not any(long_flag.search(sample.without_comments) for sample in samples):
        return
    short_flag = re.compile(rf"(?<=\s){checks.short_flags}(?=\s)")

    def written_out(flags: str) -> list[str]:
        """The long flags for short ones, of which several may stand in one word."""
        return [checks.long_flags[f"-{letter}"] for letter in flags[1:]]

    for sample in samples:
        code = sample.without_comments
        flags = list(short_flag.finditer(code))
        if not flags:
            continue
        start, end = flags[0].start(), flags[-1].end()
        new = short_flag.sub(
            lambda flag: " ".join(written_out(flag[0])), f" {sample.code[start:end]} "
        )
        fix = Fix(start, end, new[1:-1])
        long = ", ".join(
            dict.fromkeys(f"`{one}`" for flag in flags for one in written_out(flag[0]))
        )
        name = language(sample.language).name
        message = f"other samples write {name}'s flags out: {long}"
        yield sample, Problem(*flags[0].span(), message, fix)
