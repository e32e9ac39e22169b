"""A306 missing-note."""

from __future__ import annotations

import re

from samplegen.check.facts import no_sdk_claims
from samplegen.check.groups import groups, usual_of
from samplegen.check.language import checks_of
from samplegen.check.noted import SPEAKS_OF, Kind, Note, comments, sentences
from samplegen.check.places import seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, renamed
from samplegen.languages import language
from samplegen.rendering.targets import targets


@page_rule("A306", "missing-note", "warning", strict=True)
def missing_note(page: PageView) -> PageProblems:
    """A note that the samples beside it have: its reader is left alone with the same question."""
    for group in groups(page):
        noted = [(sample, _kinds(sample, page)) for sample in group]
        for kind in SPEAKS_OF:
            if kind == "no SDK":
                noted = [one for one in noted if _is_without_sdk(one[0])]
                usual = any(kind in kinds for _, kinds in noted)
            else:
                usual = usual_of(kind in kinds for _, kinds in noted) is True
            for sample, kinds in noted if usual else ():
                if kind not in kinds:
                    start, end = seen_at(sample.code, _place(sample, kind))
                    message = f"the other samples have a note here: {SPEAKS_OF[kind]}"
                    fix = _noted(sample, group, page) if kind == "no SDK" else None
                    yield sample, Problem(start, end, message, fix)


def _kinds(sample: SampleView, page: PageView) -> set[Kind]:
    """What is noted in a sample, and in the lines of prose right above it."""
    return {note.kind for note in _all(sample, page)}


def _noted(sample: SampleView, group: list[SampleView], page: PageView) -> Fix | None:
    """What puts the note on a missing SDK, which another sample has, into this one."""
    found = next(note for one in group for note in _all(one, page) if note.kind == "no SDK")
    claim = next(said for one in no_sdk_claims() if (said := one.search(found.text)))
    own = language(sample.language)
    text = renamed(claim[0], own.name) + found.text[claim.end() : claim.end() + 1].strip()
    comments = sample.call.comments
    opening = re.match(r"(?:<\?php|package \w+)\s*", sample.code)
    at = opening.end() if opening else 0
    if comments and not sample.code[at : comments[0].start].strip():
        at = comments[0].start
    return Fix(at, at, f"{own.comment_mark} {text}\n\n", safe=False)


def _all(sample: SampleView, page: PageView) -> list[Note]:
    return [*comments(sample, page), *sentences(sample, page)]


def _is_without_sdk(sample: SampleView) -> bool:
    """Whether a sample is in plain HTTP since its language has no SDK for the protocol."""
    served = {(one.language, one.protocol) for one in targets() if one.client == "sdk"}
    kind = (sample.language, sample.call.protocol)
    may_have = checks_of(sample.language).may_have_sdk
    return may_have and sample.call.client == "http" and kind not in served


def _place(sample: SampleView, kind: Kind) -> int:
    """Where a note of a kind would stand."""
    call = sample.call
    if kind == "no SDK":
        return 0
    if kind == "model":
        return call.model.start if call.model else 0
    if kind == "region":
        value = call.url or call.base_url
        return value.start if value else 0
    return call.key_env.start if call.key_env else 0
