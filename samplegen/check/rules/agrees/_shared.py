"""What the rules of this group share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from samplegen.check.noted import Note
from samplegen.check.places import line_at
from samplegen.check.rule import Fix, Problem, SampleView
from samplegen.pages.naming import in_prose
from samplegen.readback import Value

PageProblems = Iterator[tuple[SampleView | None, Problem]]


def as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def replaced(sample: SampleView, value: Value, new: str) -> Fix | None:
    """The fix that puts a text in place of another one, where that is written plainly."""
    old = value.value
    if not isinstance(old, str) or not old or re.search(r"[\"'\\\n$`]", new):
        return None
    at = sample.code.find(old, value.start, value.end)
    return None if at < 0 else Fix(at, at + len(old), new, safe=False)


def renamed(note: str, name: str) -> str:
    """A note on a language, about another one."""
    return in_prose().sub(name, note)


_PRECEDING = re.compile(r"(?i)\b(?:preceding|previous) (?:line|url)\b|上記の|前の行|上一行")


def position(sample: SampleView, note: Note) -> str:
    if note.inside:
        start, _ = line_at(sample.code, note.start)
        if sample.code[start : note.start].strip():
            return "beside"
    return "below" if _PRECEDING.search(note.text) else "above"
