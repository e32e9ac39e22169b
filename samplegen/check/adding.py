"""Writes a sample that a page lacks: in the form of one that it has, right below that one."""

from __future__ import annotations

import re

from samplegen.check.meaning import intended
from samplegen.check.places import line_at
from samplegen.check.rule import Fix, PageView, SampleView
from samplegen.errors import InputError
from samplegen.language import language
from samplegen.pages import PublishedSample, read, replace
from samplegen.pages.naming import from_label, names

# What closes a block of code: a fence, tags, or AsciiDoc's line.
_CLOSING = re.compile(r"(?:\r?\n)?[ \t>]*(?:`{3,}|~{3,}|-{4,}|(?:</\w+>\s*)+)[ \t]*(?=\r|\n|\Z)")


def added(page: PageView, beside: SampleView, name: str, client: str | None) -> Fix | None:
    """What adds a sample in another language or with another client to a page.

    Args:
        beside: the sample that it follows, and whose heading, fence and call it has.
        name: of the language.
        client: None is the language's default.

    Returns:
        A fix of the page, or None where its format or the call is not understood.
    """
    label = _label(page, beside)
    if label is None:
        return None
    published = beside.published
    text, code_start = page.text, published.spans.start(0)
    code_end = published.spans.end(len(published.code))
    closed = _CLOSING.match(text, code_end)
    end = closed.end() if closed else code_end
    block = _relabelled(text, label, beside, name, client) + text[code_start:end]
    eol = "\r\n" if "\r\n" in text else "\n"
    gap = eol if text[:end].endswith("\n") else eol + eol
    try:
        code = _code(page, beside, name, client)
        if code is None:
            return None
        with_copy = text[:end] + gap + block + text[end:]
        copy = _copy(read(page.path, with_copy), page, end)
        if copy is None or copy.language != language(name).id:
            return None
        new = code if copy.code.endswith("\n") else code.removesuffix("\n")
        done = replace(with_copy, copy, 0, len(copy.code), new)
    except InputError:
        return None
    return Fix(end, end, done[end : len(done) - len(text) + end], safe=False)


def _label(page: PageView, sample: SampleView) -> tuple[int, int] | None:
    """Where the label above a sample stands, on a line that only it has; None if it is shared."""
    label = sample.published.heading
    if sample.published.tab or not from_label(label)[0]:
        return None
    code = sample.published.spans.start(0)
    others = [one.published.spans.end(len(one.code)) for one in page.samples]
    after = max((end for end in others if end <= code), default=0)
    for found in re.finditer(re.escape(label), page.text[after:code]):
        start, end = after + found.start(), after + found.end()
        first, last = line_at(page.text, start)
        around = re.sub(r"<[^<>]*>", "", page.text[first:start] + page.text[end:last])
        if not re.search(r"\w", around):
            return start, end
    return None


# The lines that open a block of code, in any format.
_OPENING = re.compile(r"[ \t>]*(?:[`~]{3}.*|<.*|\[.*\]|-{4,}|\.\. [\w-]+::.*|:[\w-]+:.*|)\Z")
# The line below a heading that reStructuredText and Markdown underline.
_UNDERLINE = re.compile(r"(\r?\n)([=\-~^\"'`#*+.:_])\2*[ \t]*(?=\r?\n)")


def _relabelled(
    text: str, label: tuple[int, int], beside: SampleView, name: str, client: str | None
) -> str:
    """A sample's label and what opens its block of code, for another language.

    What stands between is of that sample only.
    """
    old, new = language(beside.language), language(name)
    start, end = label
    title = new.name
    if "(" in text[start:end] or client:
        title += f" ({(client or 'http').upper()})"
    first = line_at(text, start)[0]
    eol = text.find("\n", end)
    code = beside.published.spans.start(0)
    line, below = text[end:eol], text[eol:code]
    underline = _UNDERLINE.match(below)
    heading = text[first:start] + title + line
    if underline:
        heading += underline[1] + underline[2] * max(len(title), len(underline[0].strip()))
        below = below[underline.end() :]
    lines = below.split("\n")
    opening = len(lines)
    while opening and _OPENING.match(lines[opening - 1].rstrip("\r")):
        opening -= 1
    below = "\n" + "\n".join(lines[opening:]).lstrip("\n") if opening else below
    for word in {beside.published.info.split(" ")[0], old.fence}:
        if word and names().get(word.lower()) == old.id:
            below = re.sub(rf"(?<=[`~\-:, ]){re.escape(word)}\b", new.fence, below)
    return heading + ("\n" if opening else "") + below


def _code(page: PageView, beside: SampleView, name: str, client: str | None) -> str | None:
    from samplegen.sample import render

    call = intended(beside, page)
    if call is None:
        return None
    return render(call, name, client, locale=page.locale, catalog=page.catalog).code


def _copy(samples: list[PublishedSample], page: PageView, end: int) -> PublishedSample | None:
    """The sample that the page did not have, below a place; None if another one changed."""
    was = [one.code for one in page.published]
    if len(samples) != len(was) + 1:
        return None
    number = next((n for n, one in enumerate(samples) if one.spans.start(0) >= end), None)
    if number is None:
        return None
    rest = [one.code for one in (*samples[:number], *samples[number + 1 :])]
    return samples[number] if rest == was else None
