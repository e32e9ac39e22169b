"""What somebody typed in a session that a page shows, with its prompts and its output."""

from __future__ import annotations

import re

from samplegen.pages.language import in_pages


def typed_lines(language: str, code: str) -> list[tuple[int, int]]:
    """Where each typed line starts, behind its prompt, and ends; none where it is no session."""
    shown = in_pages(language)
    if not shown.prompts:
        return []
    prompt, goes_on = map(re.compile, shown.prompts)
    lines = code.splitlines(keepends=True)
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if not prompt.match(first):
        return []
    found: list[tuple[int, int]] = []
    typed = ""
    at = 0
    for line in lines:
        behind = prompt.match(line) or (goes_on.match(line) if found else None)
        if behind or (found and shown.goes_on(typed.rstrip("\r\n"))):
            start = behind.end() if behind else 0
            found.append((at + start, at + len(line)))
            typed += line[start:]
        at += len(line)
    return found
