"""Puts the first managed part into a page: where a heading or a line is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from samplegen.check import checking, fixing
from samplegen.check.checking import Plan
from samplegen.check.managed import headings, parts, wanted
from samplegen.check.rule import PageView
from samplegen.check.rules import select
from samplegen.errors import InputError, unknown
from samplegen.pages import format_of
from samplegen.sites import site
from samplegen.sites.settings import Settings


class Started(NamedTuple):
    """A page with a new part.

    Attributes:
        line: of its marker, from 1.
        samples: their languages, in order.
        tabs: the builder whose tabs they stand in; None for a sample alone.
    """

    text: str
    line: int
    samples: tuple[str, ...]


_COMMENTS = {"rst": ".. {}", "asciidoc": "// {}", "html": "<!-- {} -->", "markdown": "<!-- {} -->"}


def started(
    path: str,
    text: str,
    plan: Plan,
    said: Mapping[str, str],
    *,
    heading: str | None = None,
    line: int | None = None,
) -> Started:
    """A page with a new part, at the end of a heading's section, above a line, or at its end.

    Args:
        said: what the marker says, by option.

    Raises:
        InputError: the page has no such place, or cannot hold such samples.
    """
    form = str(format_of(path))
    if form not in _COMMENTS:
        raise InputError(f"{path}: pages of this format get no tabs: write the markers yourself")
    plan = plan._replace(rules=tuple(select("managed")))
    page = checking.view(path, text, plan)
    at = _place(page, form, heading, line)
    eol = "\r\n" if "\r\n" in text else "\n"
    comment = _comment(path, form, said, plan.settings)
    words = " ".join(_quoted(f"{name}={value}") for name, value in said.items())
    lead = _lead(text, at) if line else ""
    markers = [lead + comment.format(one) for one in (f"samplegen: {words}".strip(), "/samplegen")]
    before, after = text[:at], text[at:]
    head = "" if not before else eol * (2 - _blank_lines(before))
    tail = "" if not after.strip() else eol * (1 + (not after.startswith(("\n", "\r\n"))))
    number = (before + head).count("\n") + 1
    new = f"{before}{head}{markers[0]}{eol}{markers[1]}{tail or eol}{after}"
    done, left, _ = fixing.fixed(path, new, plan)
    for one in left:
        if one.finding.line == number:
            raise InputError(f"{path}: nothing is written: {one.finding.message}")
    made = checking.view(path, done, plan)
    part = next(one for one in parts(made) if done.count("\n", 0, one.opening.start) + 1 == number)
    found = wanted(part.opening, made)
    return Started(done, number, tuple(one.language for one in found.samples))


def _comment(path: str, form: str, said: Mapping[str, str], settings: Settings) -> str:
    """A comment as the page's builder has it."""
    name = said.get("tabs") or settings.tabs
    if form != "markdown":
        return _COMMENTS[form]
    if Path(path).suffix.lower() == ".mdx":
        return "{{/* {} */}}"
    return site(name).opening if name else _COMMENTS[form]


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w.,:=-]+", word) else shlex.quote(word)


def _place(page: PageView, form: str, heading: str | None, line: int | None) -> int:
    """Where in the page the part is to stand.

    Raises:
        InputError: there is no such heading or line, or it is in a sample.
    """
    text = page.text
    every = parts(page)
    at = len(text)
    if heading is not None:
        found = headings(page, every, form)
        titles = [one.title for one in found]
        number = next(
            (n for n, title in enumerate(titles) if title.lower() == heading.strip("# ").lower()),
            None,
        )
        if number is None:
            raise unknown("heading", heading, titles or ["none: the page has no heading"])
        at = found[number + 1].start if number + 1 < len(found) else len(text)
        at = len(text[:at].rstrip())
        at += len(re.match(r"[ \t]*(?:\r\n|\n|\Z)", text[at:])[0])  # type: ignore[index]
    elif line is not None:
        starts = [0, *(one.end() for one in re.finditer(r"\r\n|\r|\n", text))]
        if not 1 <= line <= len(starts):
            count = len(text.splitlines())
            raise InputError(f"{page.path} has {count} lines, and no line {line}")
        at = starts[line - 1]
    taken = [(one.spans.start(0), one.spans.end(len(one.code))) for one in page.published]
    taken += [
        (one.opening.line_end, one.closing.line_end) for one in every if one.closing is not None
    ]
    if any(low <= at < high for low, high in taken):
        raise InputError(f"{page.path}: line {line} is in a sample: name one outside")
    return at


def _lead(text: str, at: int) -> str:
    """The indentation of the line there."""
    found = re.compile(r"[ \t]*(?=\S)").match(text, at)
    return found[0] if found else ""


def _blank_lines(before: str) -> int:
    """How many ends of lines the text ends in, two at most."""
    tail = re.sub(r"[ \t\r]", "", before[-200:])
    return 2 if tail.endswith("\n\n") else 1 if tail.endswith("\n") else 0
