"""Whether a page shows the call in every language, and each sample as a whole program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.rule import PageView, Problem, SampleView, page_rule, rule
from samplegen.language import language
from samplegen.target import targets

# A page with so many languages means to have them all.
_MANY = 4


@page_rule("C501", "missing-language", "warning", bad=bad("C501"), good=good("C501"))
def missing_language(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A call that is shown in most languages, and lacks the others.

    Readers of the language that is missing leave the page, or translate by guessing.
    `samplegen render` writes the missing sample, and markers keep it up to date.
    """
    groups: dict[str, list[SampleView]] = {}
    for sample in page.samples:
        if sample.call.protocol and (sample.call.model or sample.call.messages):
            groups.setdefault(sample.call.protocol, []).append(sample)
    # What does not parse is there all the same.
    unread = {one.language for one in page.samples if one.call.broken or one.call.broken_json}
    for protocol, samples in groups.items():
        served = dict.fromkeys(one.language for one in targets() if one.protocol == protocol)
        there = {sample.language for sample in samples} | unread
        missing = [language(name).name for name in served if name not in there]
        if missing and len(there) >= _MANY:
            last = samples[-1]
            end = last.code.find("\n")
            message = f"the page has no sample in {' and '.join(missing)} of this call"
            yield last, Problem(0, end if end > 0 else len(last.code), message)


# A line of nothing but an ellipsis, perhaps in a comment, perhaps with words around it.
_ELIDED = re.compile(
    r"^[ \t]*(?:(?://|#)[ \t]*)?(?:\.\.\.|\u2026)[^\S\n]*"
    r"(?:(?:the )?(?:rest|remaining|existing|other|your)\b[^\n]{0,80})?$",
    re.MULTILINE | re.IGNORECASE,
)


@rule("C502", "elided", "warning", bad=bad("C502"), good=good("C502"))
def elided(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line with an ellipsis in place of code: nobody can run the sample as it stands."""
    if not (sample.call.model or sample.call.messages):
        return
    strings = [span for one in sample.call.messages if one.content for span in [one.content[1:3]]]
    for found in _ELIDED.finditer(sample.code):
        if not any(start <= found.start() < end for start, end in strings):
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            yield Problem(start, found.end(), "code is left out here: show the whole program")
