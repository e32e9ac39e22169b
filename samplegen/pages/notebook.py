"""Reads Jupyter notebooks: code cells, and the code in Markdown cells. nbformat 4."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from samplegen.pages.found import Found, Outline
from samplegen.pages.jsontext import JsonString, escaped, pieces, strings
from samplegen.pages.markdown import read_part
from samplegen.pages.spans import Layer, Piece, Spans

# cells, the cell, source, the line.
_DEEPEST = 4

# The indentation of a line of JSON, and more than there ever is.
_WIDEST = 1000


def read(text: str, suffix: str = ".ipynb") -> Iterator[Found]:
    """The code in a notebook.

    Raises:
        InputError: not JSON.
    """
    found = list(strings(text, _DEEPEST))
    language = _language(text, found)
    outline = Outline()
    for kind, spans in _cells(text, found):
        if kind == "code":
            code, info = _typed(spans, language)
            yield Found(code, info, "", outline.titles)
        elif kind == "markdown":
            for one in read_part(spans.text, outline):
                yield one._replace(spans=one.spans.within(spans))


# `%%bash`, `%%script node`, `%%writefile app.py`: a cell in another language, or for a file.
_MAGIC = re.compile(r"\s*%%(?P<name>\w+)[ \t]*(?P<rest>[^\n]*)(?:\n|\Z)")
# What only goes on around a cell.
_AROUND = frozenset({"capture", "prun", "python", "python3", "time", "timeit"})
# `!curl …`, over several lines if they end in a backslash, and comments.
_COMMANDS = re.compile(r"(?:[ \t]*(?:!(?:[^\n\\]|\\[\s\S])*|#[^\n]*|)(?:\n|\Z))*")
_COMMAND = re.compile(r"^[ \t]*(!)", re.MULTILINE)
_RUNS_CURL = re.compile(r"^[ \t]*![ \t]*curl\s", re.MULTILINE)


def _typed(spans: Spans, language: str) -> tuple[Spans, str]:
    """The code of a cell in its own language, and what says which that is."""
    text = spans.text
    if magic := _MAGIC.match(text):
        name, rest = magic["name"], magic["rest"].split()
        if name in _AROUND:
            return spans, language
        if not text[magic.end() :].strip():
            return spans, f"%%{name}"
        if name in ("script", "writefile", "file") and rest:
            name = re.split(r"[./\\]", rest[-1] if name != "script" else rest[0])[-1]
        return spans.only([(magic.end(), len(text))]), name
    marks = [one.start(1) for one in _COMMAND.finditer(text)]
    if marks and _RUNS_CURL.search(text) and _COMMANDS.fullmatch(text):
        parts = zip([0, *(at + 1 for at in marks)], [*marks, len(text)], strict=True)
        return spans.only([one for one in parts if one[0] < one[1]]), "bash"
    return spans, language


def markdown_cells(text: str) -> Iterator[Spans]:
    """The Markdown in a notebook's cells.

    Raises:
        InputError: not JSON.
    """
    cells = _cells(text, strings(text, _DEEPEST))
    return (spans for kind, spans in cells if kind == "markdown")


def _cells(text: str, found: Iterable[JsonString]) -> Iterator[tuple[str, Spans]]:
    """The cells that are not empty: the type and the source of each."""
    in_cells = (one for one in found if one.path[0] == "cells" and len(one.path) > 2)
    for _, group in groupby(in_cells, lambda one: one.path[1]):
        cell = list(group)
        kind = next((text[at.start : at.end] for at in cell if at.path[2] == "cell_type"), "")
        spans = _source(text, [at for at in cell if at.path[2] == "source"])
        if spans.text.strip():
            yield kind, spans


def _language(text: str, found: Sequence[JsonString]) -> str:
    """The language of the notebook's kernel."""
    said = {
        one.path[1:]: json.loads(text[one.start - 1 : one.end + 1])
        for one in found
        if one.path[0] == "metadata"
    }
    names = (("kernelspec", "language"), ("language_info", "name"))
    return next((str(said[name]) for name in names if name in said), "python")


def _source(text: str, lines: Sequence[JsonString]) -> Spans:
    """The spans of a cell's source: a string, or a list of lines."""
    found: list[Piece] = []
    for line in lines:
        if found and found[-1].text == "\n":
            # The line's end reaches over the quotes to the next line.
            found[-1] = found[-1]._replace(end=line.start)
        found += pieces(text, line.start, line.end)
    newline = r"\n" + _between(text, lines)
    return Spans(tuple(found), (Layer(newline, newline, "", escaped),))


def _between(text: str, lines: Sequence[JsonString]) -> str:
    """What stands between two lines of a source that is a list."""
    if not lines or len(lines[0].path) == _DEEPEST - 1:
        return ""
    if len(lines) > 1:
        return text[lines[0].end : lines[1].start]
    quote = lines[0].start - 1
    indent = re.search(r"[\r\n]+[ \t]*\Z", text[max(0, quote - _WIDEST) : quote])
    return f'",{indent[0] if indent else " "}"'
