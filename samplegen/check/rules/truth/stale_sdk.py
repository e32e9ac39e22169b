"""T107 stale-sdk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.places import closing
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("T107", "stale-sdk")
def stale_sdk(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A call, class or module path that the SDK no longer has: the sample does not build.

    What still works with an old version of the SDK is found only where this rule is selected.
    """
    for fact in checks_of(sample.language).stale:
        package = page.catalog.package(sample.language, *fact.package.rsplit("-", 1))
        # Where a text is meant, such as an import's, its quotes are in the pattern.
        code = sample.without_comments if '"' in fact.pattern else sample.without_texts
        facts = {"package": package.name if package else "the new path"}
        for found in re.finditer(fact.pattern, code):
            place = "place" if "place" in found.groupdict() else 0
            start, end = found.span(place)
            message = fact.message.format(found=found[place], **facts)
            if fact.unwrap:
                fix = _unwrapped(sample.code, start, end)
            elif fact.new and package and not _has(code, fact.new_unless):
                fix = Fix(start, end, fact.new.format(**facts, **found.groupdict()))
            else:
                fix = None
            yield Problem(start, end, message, fix, strict=fact.works)


def _has(code: str, pattern: str) -> bool:
    return bool(pattern) and re.search(pattern, code) is not None


def _unwrapped(code: str, start: int, opening: int) -> Fix | None:
    """The fix that puts a call's only argument in the call's place."""
    end = closing(code, opening)
    if end is None:
        return None
    inner = code[opening + 1 : end].strip().removesuffix(",")
    return Fix(start, end + 1, inner)
