"""C501 missing-language."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.adding import added
from samplegen.check.managed import is_managed
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.complete._calls import calls, of_page, unread_languages
from samplegen.languages import language
from samplegen.rendering.targets import targets


@page_rule("C501", "missing-language", "warning", strict=True)
def missing_language(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A call that is shown in most languages, and lacks the others.

    Readers of the language that is missing leave the page, or translate by guessing.
    `samplegen render` writes the missing sample, and markers keep it up to date.
    """
    unread = unread_languages(page)
    for protocol, samples in calls(page):
        # A marker names its languages, and `all` are those that can show the call.
        if any(is_managed(sample, page) for sample in samples):
            continue
        served = dict.fromkeys(one.language for one in targets() if one.protocol == protocol)
        there = {sample.language for sample in samples} | unread
        for missing in served:
            if missing not in there:
                message = f"the page has no sample in {language(missing).name} of this call"
                yield of_page(samples[-1], message, added(page, samples[-1], missing, None))
