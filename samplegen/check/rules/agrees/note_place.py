"""A307 note-place."""

from __future__ import annotations

import re

from samplegen.check.groups import groups
from samplegen.check.noted import Note, comments
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, position

_FOLLOWING = re.compile(r"(?i)\b(?:following|next) line\b|\bline below\b|次の行|下一行")


@page_rule("A307", "note-place", "warning", strict=True)
def note_place(page: PageView) -> PageProblems:
    """A note that is not right above the line that it speaks of: what is it to replace?"""
    for group in groups(page):
        noted = [
            (sample, note, position(sample, note))
            for sample in group
            for note in comments(sample, page)
        ]
        above = {note.kind for _, note, where in noted if where == "above"}
        for sample, note, where in noted:
            message = ""
            if where != "above" and note.kind in above:
                message = f"in other samples this note is above its line, not {where} it"
            elif _FOLLOWING.search(note.text) and _another_follows(sample, note):
                message = "another note stands between this one and the line it speaks of"
            if message:
                yield sample, Problem(note.start, note.end, message)


def _another_follows(sample: SampleView, note: Note) -> bool:
    following = (one for one in sample.call.comments if one.start > note.start)
    after = next(following, None)
    return after is not None and not sample.code[note.end : after.start].strip()
