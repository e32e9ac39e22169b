"""A308 note-wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from samplegen.check.groups import groups, usual_of
from samplegen.check.noted import SPEAKS_OF, Note, comments, sentences, wording
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, position, renamed
from samplegen.languages import language

_COMMAND = re.compile(r"\b(?:export|set) \w+=")


@page_rule("A308", "note-wording", "info", strict=True)
def note_wording(page: PageView) -> PageProblems:
    """One thing noted in several wordings: readers look for a difference that is not there."""
    for group in groups(page):
        noted = [
            (sample, note, words)
            for sample in group
            for note in _worded(sample, page)
            # A link has a line of its own, and a place below needs other words.
            if (words := wording(note.text)) and position(sample, note) != "below"
        ]
        for kind, first in product(SPEAKS_OF, (False, True)):
            # A command to run first needs other words than a line to put in place of one.
            of_kind = [
                one
                for one in noted
                if one[1].kind == kind and bool(_COMMAND.search(one[1].text)) == first
            ]
            usual = usual_of(words for _, _, words in of_kind)
            if usual is None and kind == "no SDK" and of_kind:
                usual = of_kind[0][2]
            for sample, note, words in of_kind:
                # What is left in another language has a finding of its own.
                if not usual or words == usual or _is_wide(words) != _is_wide(usual):
                    continue
                said = next(n.text for _, n, w in of_kind if w == usual)
                message = f"the other samples word this note otherwise: {said}"
                fix = None
                if kind == "no SDK":
                    # Not each of them says where to go from here.
                    if words.startswith(usual) or usual.startswith(words):
                        continue
                    name = language(sample.language).name
                    fix = Fix(note.start, note.end, renamed(said, name), safe=False)
                where = sample if note.inside else None
                yield where, Problem(note.start, note.end, message, None if note.inside else fix)


def _worded(sample: SampleView, page: PageView) -> Iterator[Note]:
    """The notes of a sample, in prose only what no comment in it says."""
    inside = comments(sample, page)
    kinds = {note.kind for note in inside}
    yield from inside
    yield from (note for note in sentences(sample, page) if note.kind not in kinds)


_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def _is_wide(text: str) -> bool:
    return _WIDE.search(text) is not None
