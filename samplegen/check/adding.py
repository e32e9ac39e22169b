"""Writes a sample that a page lacks: in the form of one that it has, right below that one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from samplegen.check.managed import parts
from samplegen.check.meaning import intended
from samplegen.check.places import line_at
from samplegen.check.rule import Fix, PageView, SampleView
from samplegen.errors import InputError
from samplegen.languages import language
from samplegen.pages import changes, read
from samplegen.pages.naming import from_label, names
from samplegen.pages.spans import apply

if TYPE_CHECKING:
    from samplegen.rendering.sample import Sample

# What closes a block of code: a fence, or AsciiDoc's line.
_FENCE = re.compile(r"(?:\r?\n)?[ \t>]*(?:`{3,}|~{3,}|-{4,})[ \t]*(?=\r|\n|\Z)")
_TAG = re.compile(r"<(?P<closes>/)?(?!(?:br|hr|img|input|link|meta|wbr)\b)[A-Za-z][^<>]*(?<!/)>")


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
    if label is None or any(beside.published in part.published for part in parts(page)):
        return None
    published = beside.published
    text, code_start = page.text, published.spans.start(0)
    code_end = published.spans.end(len(published.code))
    end = _closed(text, line_at(text, label[0])[0], code_start, code_end)
    eol = "\r\n" if "\r\n" in text else "\n"
    gap = eol if text[:end].endswith("\n") else eol + eol
    try:
        sample = _rendered(page, beside, name, client)
        if sample is None:
            return None
        code = sample.code if published.code.endswith("\n") else sample.code.removesuffix("\n")
        # In place of the sample beside it first: that writes it as the page's format needs it.
        instead = apply(text, changes(text, published, 0, len(published.code), code))
        block = instead[code_start : end + len(instead) - len(text)]
        new = gap + _relabelled(text, label, beside, sample) + block
        alone = read(page.path, new)
    except InputError:
        return None
    # What it does to the rest of the page is seen when it is made.
    if [(one.language, one.code) for one in alone] != [(sample.language, code)]:
        return None
    return Fix(end, end, new, safe=False)


def _closed(text: str, first: int, code_start: int, code_end: int) -> int:
    """Where a block ends that starts at `first` and has code in it: with it all is closed."""
    fence = _FENCE.match(text, code_end)
    if fence:
        return fence.end()
    depth = sum(-1 if tag["closes"] else 1 for tag in _TAG.finditer(text, first, code_start))
    end = code_end
    for tag in _TAG.finditer(text, code_end):
        if depth < 1 or not tag["closes"]:
            break
        depth, end = depth - 1, tag.end()
    return end


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


def _relabelled(text: str, label: tuple[int, int], beside: SampleView, sample: Sample) -> str:
    """A sample's label and what opens its block of code, for another language.

    What stands between is of that sample only.
    """
    old, new = language(beside.language), language(sample.language)
    start, end = label
    title = new.name
    if "(" in text[start:end] or sample.language == beside.language:
        title += f" ({sample.client.upper()})"
    first = line_at(text, start)[0]
    eol = text.find("\n", end)
    code = beside.published.spans.start(0)
    line, below = text[end:eol], text[eol:code]
    underline = _UNDERLINE.match(below)
    heading = text[first:start] + title + line
    if underline:
        longer = len(underline[0].strip()) - (end - start)
        heading += underline[1] + underline[2] * (len(title) + max(0, longer))
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


def _rendered(page: PageView, beside: SampleView, name: str, client: str | None) -> Sample | None:
    from samplegen.rendering.sample import render

    call = intended(beside, page)
    if call is None:
        return None
    return render(call, name, client, locale=page.locale, catalog=page.catalog)
