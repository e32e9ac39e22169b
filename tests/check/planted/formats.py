"""The formats of pages: how each writes a document.

A defect is written between `«` and `»`: that is where it must be found. The marks go through the
format's writer with the rest, so that no reader of samplegen says where a defect stands.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from planted.documents import Document, Section, comment_mark
from samplegen.languages import language

OPEN, CLOSE = "«", "»"


def _fence(one: Section) -> str:
    return language(one.language).fence


def _blocks(page: Document, block: Callable[[Section], str], comment: str) -> Iterator[str]:
    """The sections, each with its prose and its markers; `comment` has a `%s`."""
    for one in page.sections:
        parts = [one.prose + "\n\n"] if one.prose else []
        if one.marker:
            parts.append(comment % f"samplegen: {one.marker}" + "\n")
        parts.append(block(one))
        if one.marker and one.end:
            parts.append(comment % one.end + "\n")
        yield "".join(parts)


def _markdown_block(one: Section) -> str:
    return f"```{_fence(one)}\n{one.code}```\n"


def markdown(page: Document) -> str:
    blocks = _blocks(page, _markdown_block, "<!-- %s -->")
    parts = [f"## {one.label}\n\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return "\n".join([f"# {page.title}\n\n{page.prose}\n", *parts])


def mdx_tabs(page: Document) -> str:
    parts = [f"# {page.title}\n\n{page.prose}\n\n<Tabs>\n"]
    blocks = _blocks(page, _markdown_block, "{/* %s */}")
    for one, block in zip(page.sections, blocks, strict=True):
        value = f"{one.language}-{one.client}"
        parts.append(f'<TabItem value="{value}" label="{one.label}">\n\n{block}\n</TabItem>\n')
    return "".join([*parts, "</Tabs>\n"])


def _html_block(one: Section) -> str:
    code = html.escape(one.code.removesuffix("\n"), quote=False)
    return f'<pre><code class="language-{_fence(one)}">{code}\n</code></pre>\n'


def _html_page(page: Document, body: str) -> str:
    title, prose = html.escape(page.title), html.escape(page.prose)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.locale}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{prose}</p>\n"
        f"{body}</body>\n</html>\n"
    )


def html_headings(page: Document) -> str:
    blocks = _blocks(page, _html_block, "<!-- %s -->")
    parts = [f"<h2>{one.label}</h2>\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return _html_page(page, "".join(parts))


def html_tabs(page: Document) -> str:
    buttons, panels = [], []
    blocks = _blocks(page, _html_block, "<!-- %s -->")
    for number, (one, block) in enumerate(zip(page.sections, blocks, strict=True)):
        buttons.append(f'<button role="tab" aria-controls="tab-{number}">{one.label}</button>\n')
        panels.append(f'<div role="tabpanel" id="tab-{number}">\n{block}</div>\n')
    tabs = f'<div class="tabs">\n<div role="tablist">\n{"".join(buttons)}</div>\n{"".join(panels)}'
    return _html_page(page, f"{tabs}</div>\n")


def plain_text(page: Document) -> str:
    blocks = _blocks(page, lambda one: one.code, "# %s")
    parts = [f"{one.label}\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return "\n".join([f"{page.title}\n\n{page.prose}\n", *parts])


def indented(code: str, by: str) -> str:
    return "".join(f"{by}{line}" if line.strip() else line for line in code.splitlines(True))


def rst(page: Document) -> str:
    def block(one: Section) -> str:
        # A directive is a paragraph of its own.
        return f"\n.. code-block:: {_fence(one)}\n\n{indented(one.code, '    ')}\n"

    parts = [f"{page.title}\n{'=' * 40}\n\n{page.prose}\n"]
    for one, text in zip(page.sections, _blocks(page, block, ".. %s"), strict=True):
        parts.append(f"{one.label}\n{'-' * 40}\n\n{text}")
    return "\n".join(parts)


def asciidoc(page: Document) -> str:
    def block(one: Section) -> str:
        return f"[source,{_fence(one)}]\n----\n{one.code}----\n"

    blocks = _blocks(page, block, "// %s")
    parts = [f"== {one.label}\n\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return "\n".join([f"= {page.title}\n\n{page.prose}\n", *parts])


def notebook(page: Document) -> str:
    """A notebook of Python: its own cells hold Python, and those of text the other languages."""
    cells: list[dict[str, object]] = []
    blocks = _blocks(page, _markdown_block, "<!-- %s -->")

    def cell(kind: str, text: str) -> None:
        more: dict[str, object] = {"execution_count": None, "outputs": []} if kind == "code" else {}
        source = text.removesuffix("\n").splitlines(keepends=True)
        cells.append({"cell_type": kind, "metadata": {}, **more, "source": source})

    cell("markdown", f"# {page.title}\n\n{page.prose}\n")
    for one, block in zip(page.sections, blocks, strict=True):
        before, after = f"## {one.label}\n\n{block}".split(_markdown_block(one))
        if one.language == "python":
            cell("markdown", before)
            cell("code", one.code)
            if after:
                cell("markdown", after)
        else:
            cell("markdown", f"## {one.label}\n\n{block}")
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def openapi_yaml(page: Document) -> str:
    said = [f"openapi: 3.1.0\ninfo:\n  title: {page.title}\n  description: |\n    {page.prose}\n"]
    said.append("  version: '1'\npaths:\n  /call:\n    post:\n      x-codeSamples:\n")
    for one in page.sections:
        if one.prose:
            said.append(f"        # {one.prose}\n")
        if one.marker:
            said.append(f"        # samplegen: {one.marker}\n")
        lang = _fence(one)
        code = indented(one.code, " " * 12)
        said.append(f"        - lang: {lang}\n          label: {one.label}\n")
        said.append(f"          source: |\n{code}")
        if one.marker and one.end:
            said.append(f"        # {one.end}\n")
    return "".join(said)


def openapi_json(page: Document) -> str:
    samples = [
        {"lang": _fence(one), "label": one.label, "description": one.prose, "source": one.code}
        for one in page.sections
    ]
    made = {
        "openapi": "3.1.0",
        "info": {"title": page.title, "description": page.prose, "version": "1"},
        "paths": {"/call": {"post": {"x-codeSamples": samples}}},
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def source(page: Document) -> str:
    """A file of one sample."""
    (one,) = page.sections
    mark = comment_mark(one.language)
    first, rest = "", one.code
    if first_line(one.code):
        first, rest = one.code.split("\n", 1)
        first += "\n"
    before = f"{mark} samplegen: {one.marker}\n" if one.marker else ""
    after = f"{mark} {one.end}\n" if one.marker and one.end else ""
    return f"{first}{before}{rest}{after}"


def first_line(code: str) -> bool:
    """Whether a program's first line must be a file's first, too."""
    return code.startswith(("<?", "#!"))


class Format(NamedTuple):
    """A format of pages: its file's name, and its writer."""

    name: str
    file: str
    write: Callable[[Document], str]


FORMATS = {
    one.name: one
    for one in (
        Format("markdown", "page.md", markdown),
        Format("mdx tabs", "page.mdx", mdx_tabs),
        Format("html", "page.html", html_headings),
        Format("html tabs", "tabs.html", html_tabs),
        Format("text", "page.txt", plain_text),
        Format("rst", "page.rst", rst),
        Format("notebook", "page.ipynb", notebook),
        Format("openapi yaml", "api.yaml", openapi_yaml),
        Format("openapi json", "api.json", openapi_json),
        Format("asciidoc", "page.adoc", asciidoc),
        Format("source", "", source),
    )
}
# Where samples are managed: JSON has no place for a marker.
MANAGES = tuple(name for name in FORMATS if name != "openapi json")
SUFFIXES = {"python": ".py", "java": ".java", "nodejs": ".mjs", "go": ".go"}
SUFFIXES |= {"csharp": ".cs", "php": ".php", "curl": ".sh"}


class Page(NamedTuple):
    """A page in its format; places are offsets in its text."""

    path: str
    text: str
    places: tuple[tuple[int, int], ...]


def page_of(form: Format, made: Document) -> Page:
    """A document in a format, and where the marked places are in it."""
    file = form.file or f"sample{SUFFIXES[made.sections[0].language]}"
    marked = form.write(made)
    parts = re.split(f"([{OPEN}{CLOSE}])", marked)
    at, opened = 0, 0
    places = []
    for part in parts:
        if part == OPEN:
            opened = at
        elif part == CLOSE:
            places.append((opened, at))
        else:
            at += len(part)
    text = marked.replace(OPEN, "").replace(CLOSE, "")
    return Page(f"docs/{made.locale}/{file}", text, tuple(places))
