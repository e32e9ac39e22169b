"""A301 other-prompt."""

from __future__ import annotations

import json
import re

from samplegen.check.groups import groups, is_drift, usual_of
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.agrees._shared import PageProblems, as_text, replaced
from samplegen.readback import Value


def _content(sample: SampleView, role: str) -> Value | None:
    """The only message of a role that the program says."""
    found = [
        one.content
        for one in sample.call.messages
        if one.role and one.role.value == role and one.content and one.content.known
    ]
    return found[0] if len(found) == 1 else None


@page_rule("A301", "other-prompt", "warning")
def other_prompt(page: PageView) -> PageProblems:
    """A message in other words than in the samples beside it: is it the same call?"""
    for group in groups(page):
        for role in ("system", "user"):
            contents = [(sample, _content(sample, role)) for sample in group]
            said = [_text(value) for _, value in contents if value]
            usual = usual_of(said)
            for sample, value in contents:
                if usual is None or value is None or _text(value) == usual:
                    continue
                right = json.loads(usual)
                message = f"the other samples say {usual} here"
                fix = replaced(sample, value, right) if isinstance(right, str) else None
                # Who leaves a full stop out says the same.
                strict = _letters(_text(value)) == _letters(usual) or not is_drift(said, usual)
                yield sample, Problem(value.start, value.end, message, fix, strict=strict)


def _text(value: Value) -> str:
    """A message's content as JSON, in one form: a text may also be the only part of a list."""
    content = value.value
    if isinstance(content, list) and len(content) == 1:
        part = content[0]
        if isinstance(part, dict) and set(part) <= {"type", "text"} and "text" in part:
            content = part["text"]
    return as_text(content)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text)).casefold()
