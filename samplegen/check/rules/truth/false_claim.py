"""T108 false-claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from samplegen.check.facts import false_claims
from samplegen.check.noted import above, no_sdk
from samplegen.check.places import line_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.model.catalog import Catalog
from samplegen.pages import format_of
from samplegen.readback import Comment


@page_rule("T108", "false-claim")
def false_claim(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A comment or sentence that is not so: readers act on it, or stop trusting the rest."""
    for sample in page.calls:
        code = sample.code
        for comment in sample.call.comments:
            for problem in _false_in(code[comment.start : comment.end], page.catalog, code):
                fix = _without(code, comment)
                yield sample, _moved(problem, comment.start)._replace(fix=fix)
    notes = {start for sample in page.calls for start, _ in above(sample, page)}
    for start, line in page.prose():
        for problem in _false_in(line, page.catalog):
            moved = _moved(problem, start)
            # What follows a false start of a note rests on it; other prose is its author's.
            said = re.sub(r"(?:\s*</\w+>)+\s*$", "", line)
            fix = Fix(moved.start, start + len(said), "", safe=False)
            is_line = format_of(page.path) not in ("notebook", "openapi")
            yield None, moved._replace(fix=fix if is_line and start in notes else None)


def _without(code: str, comment: Comment) -> Fix:
    """The fix that removes a comment, and its line where it has one of its own."""
    start, end = line_at(code, comment.start)
    if code[start : comment.start].strip() or code[comment.end : end].strip():
        before = code[start : comment.start]
        return Fix(comment.start - len(before) + len(before.rstrip()), comment.end, "")
    return Fix(start, min(end + 1, len(code)), "")


def _moved(problem: Problem, by: int) -> Problem:
    return problem._replace(start=problem.start + by, end=problem.end + by)


def _false_in(text: str, catalog: Catalog, code: str = "") -> Iterator[Problem]:
    """What a comment, of that code, or a line of prose says wrongly."""
    for problem, unless in _claimed(text, catalog):
        if unless is None or not unless.search(code):
            yield problem


# The samples of a page, and of others, say much in the same words.
@lru_cache(maxsize=4096)
def _claimed(text: str, catalog: Catalog) -> tuple[tuple[Problem, re.Pattern[str] | None], ...]:
    """What a text says wrongly, and what code makes it right."""
    return tuple(_claims(text, catalog))


def _claims(text: str, catalog: Catalog) -> Iterator[tuple[Problem, re.Pattern[str] | None]]:
    for claim in false_claims():
        for found in claim.pattern.finditer(text):
            message = claim.message.format(key_env=next(iter(catalog.key_envs), ""))
            yield Problem(found.start(), found.end(), message), claim.unless
    for found, package in no_sdk(text, catalog):
        if package:
            message = f"there is one: `{package.name}`"
            yield Problem(found.start(), found.end(), message), None
