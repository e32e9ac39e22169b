"""Reads published pages: the samples in them, and exactly where each one stands."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path, PurePath
from typing import NamedTuple

from samplegen.errors import InputError
from samplegen.languages import language_ids
from samplegen.pages.found import Found
from samplegen.pages.language import in_pages
from samplegen.pages.naming import language_of
from samplegen.pages.session import typed_lines
from samplegen.pages.spans import Change, Layer, PageLines, Piece, Spans, apply, page_lines

__all__ = [
    "GENERATED",
    "Change",
    "Edit",
    "Layer",
    "Page",
    "Piece",
    "Position",
    "PublishedSample",
    "Spans",
    "below",
    "changes",
    "decode",
    "format_of",
    "load",
    "position",
    "read",
    "readable",
    "replace",
    "rewrite",
]


class PublishedSample(NamedTuple):
    """A sample as a page shows it.

    Attributes:
        path: the page, as it was given.
        language: samplegen's id of its language; None where that is unknown or another.
        info: what the page says of it: a fence's info string or a class, else the
            label of its tab, else the heading above it.
        code: the program without the page's decoration, and of a session what was typed;
            lines end in LF. Where the format is made of lines, the last line's end is the page's.
        line: the line of the page, from 1, where the code starts.
        spans: where each character of the code stands in the page.
        heading: the nearest heading above, '' if there is none.
        headings: all headings above, the outermost first.
        tab: the label of the innermost tab around it, '' if there is none.
    """

    path: str
    language: str | None
    info: str
    code: str
    line: int
    spans: Spans
    heading: str = ""
    headings: tuple[str, ...] = ()
    tab: str = ""


class Position(NamedTuple):
    """A place in a page: line and column from 1, the column in characters, and the offset."""

    line: int
    column: int
    offset: int


class Edit(NamedTuple):
    """`new` in place of `code[start:end]` of a sample."""

    sample: PublishedSample
    start: int
    end: int
    new: str


_READERS = {
    "markdown": (".md", ".markdown", ".mdown", ".mkd", ".mdx"),
    "html": (".html", ".htm", ".xhtml"),
    "text": (".txt", ".text"),
    "rst": (".rst", ".rest"),
    "notebook": (".ipynb",),
    "openapi": (".yaml", ".yml", ".json"),
    "asciidoc": (".adoc", ".asciidoc", ".asc"),
    "env": (".env",),
}

GENERATED = frozenset(
    ("_build", "_site", "build", "dist", "node_modules", "site", "site-packages", "vendor", "venv")
)
"""Folders of what builders write and package managers install: looked at where they are named."""


@cache
def _by_suffix() -> dict[str, str]:
    """The format of a page by its suffix; that of a language's file is `source`."""
    sources = (suffix for id in language_ids() for suffix in in_pages(id).suffixes)
    pages = {suffix: reader for reader, suffixes in _READERS.items() for suffix in suffixes}
    return dict.fromkeys(sources, "source") | pages


def format_of(path: Path | str) -> str | None:
    """The format of a page of that name, such as `markdown`; None if there is no reader for it."""
    # Asked of each file of a folder: a path is not taken apart for it.
    name = os.path.basename(path).lower()  # noqa: PTH119
    if name == ".env" or name.startswith(".env."):
        return "env"
    return _by_suffix().get(os.path.splitext(name)[1])  # noqa: PTH122


def readable(path: Path | str) -> bool:
    """Whether there is a reader for a page of that name."""
    return format_of(path) is not None


def below(
    folder: Path,
    excluded: Callable[[str], bool] = lambda path: False,
    left_out: list[Path] | None = None,
) -> Iterator[Path]:
    """The pages in a folder and its folders, in order.

    Hidden ones are left alone, but for `.env` files, and so are those in `GENERATED`. A folder
    that cannot be read is among them: `load` says why.

    Args:
        excluded: whether a file, or all of a folder, is left out.
        left_out: gets the folders in `GENERATED`.
    """
    unread: list[str] = []
    for place, folders, files in os.walk(folder, onerror=lambda one: unread.append(one.filename)):
        known = sorted(
            name
            for name in folders
            if not name.startswith(".") and not excluded(os.path.join(place, name))  # noqa: PTH118
        )
        folders[:] = [name for name in known if name not in GENERATED]
        if left_out is not None:
            left_out += [Path(place, name) for name in known if name in GENERATED]
        for name in sorted(files):
            form = format_of(name)
            if form is None or (name.startswith(".") and form != "env"):
                continue
            if not excluded(os.path.join(place, name)):  # noqa: PTH118
                yield Path(place, name)
    yield from map(Path, unread)


def read(path: Path | str, text: str) -> list[PublishedSample]:
    """The samples in a page, in their order; its name says how to read it.

    Raises:
        InputError: no reader for such a name, a package that it needs is missing, or
            the page is not what its name says.
    """
    lines = page_lines(text)
    samples = [_sample(str(path), lines, found) for found in _found(path, text)]
    return sorted(samples, key=lambda sample: sample.spans.start(0))


def _found(path: Path | str, text: str) -> Iterator[Found]:
    suffix, form = PurePath(path).suffix.lower(), format_of(path)
    if form is None:
        raise InputError(
            f"{path}: no reader for {suffix or 'a name without a suffix'}; "
            f"choose from {', '.join(sorted(_by_suffix()))}"
        )
    reader = import_module(f"samplegen.pages.{form}")
    try:
        yield from reader.read(text, suffix)
    except ModuleNotFoundError as error:
        from samplegen.origin import install_line

        raise InputError(
            f"{path}: reading it needs the package {error.name}: {install_line('check')}"
        ) from None
    except RecursionError:
        raise InputError(f"{path}: nested too deep to read") from None
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _sample(path: str, lines: PageLines, found: Found) -> PublishedSample:
    spans, info, tab, headings = found
    code = spans.text
    heading = headings[-1] if headings else ""
    labels = tuple(label for label in (tab, *reversed(headings)) if label)
    language = language_of(code, info, labels)
    if language and (lines_typed := typed_lines(language, code)):
        spans = spans.only(lines_typed)
        code = spans.text
    return PublishedSample(
        path=path,
        language=language,
        info=info or tab or heading,
        code=code,
        line=lines.position(spans.start(0))[0],
        spans=spans,
        heading=heading,
        headings=headings,
        tab=tab,
    )


def position(page: str, sample: PublishedSample, offset: int) -> Position:
    """Where in the page the character at `offset` of the sample's code stands.

    Raises:
        IndexError: beyond the code.
    """
    place = sample.spans.start(offset)
    return Position(*page_lines(page).position(place), place)


def changes(page: str, sample: PublishedSample, start: int, end: int, new: str) -> list[Change]:
    """What to change in the page so that `new` stands in place of `code[start:end]`.

    The least there is to change, written as the page's format needs it; not yet read
    back, see `rewrite`.

    Raises:
        IndexError: beyond the code.
    """
    return sample.spans.changes(page, start, end, new)


def replace(page: str, sample: PublishedSample, start: int, end: int, new: str) -> str:
    """The page with `new` in place of `code[start:end]`; see `rewrite`."""
    return rewrite(page, [Edit(sample, start, end, new)])


def rewrite(page: str, edits: Iterable[Edit]) -> str:
    """The page with the edits made to its samples, which are all of this page.

    Only bytes of the edited code change. The result is read back: the edited samples
    have their new code, and all others are as they were.

    Raises:
        InputError: the page's format cannot hold the new code there, such as three
            backticks in a fence of three.
        ValueError: two edits overlap, or a sample is not one of this page.
        IndexError: beyond the code.
    """
    edits = list(edits)
    made = [change for edit in edits for change in changes(page, *edit)]
    if not made:
        return page
    done = apply(page, made)
    path = edits[0].sample.path
    before = read(path, page)
    wanted = [_edited(sample, edits) for sample in before]
    if not {edit.sample.spans for edit in edits} <= {sample.spans for sample in before}:
        raise ValueError(f"{path}: the page is not the one that the samples were read from")
    try:
        holds = [sample.code for sample in read(path, done)] == wanted
    except InputError:
        holds = False
    if not holds:
        line = edits[0].sample.line
        raise InputError(f"{path}:{line}: the page cannot hold the new code there as it is")
    return done


def _edited(sample: PublishedSample, edits: Iterable[Edit]) -> str:
    """The code of a sample after the edits."""
    parts = [
        Change(edit.start, edit.end, edit.new.replace("\r\n", "\n").replace("\r", "\n"))
        for edit in edits
        if edit.sample.spans == sample.spans
    ]
    return apply(sample.code, parts)


class Page(NamedTuple):
    """A page as it stands in a file.

    Attributes:
        text: the page, with its line ends as they are, without a byte order mark.
        mark: the byte order mark.
    """

    path: str
    text: str
    encoding: str
    mark: bytes

    def encode(self, text: str) -> bytes:
        """Another text for the page, as bytes; the page's own text gives the file's bytes.

        Raises:
            InputError: the page's encoding lacks a character of `text`.
        """
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"{self.path}: its encoding {self.encoding} has no {error.object[error.start]!r}"
            ) from None


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def load(path: Path) -> Page:
    """A page from its file: UTF-8, or what its byte order mark says.

    Raises:
        InputError: the file cannot be read, is binary or has another encoding.
    """
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        try:
            os.scandir(path).close()
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        raise InputError(f"{path}: is a directory, not a file") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    return decode(str(path), data)


def decode(path: str, data: bytes) -> Page:
    """A page from its bytes; see `load`.

    Raises:
        InputError: the data is binary or has another encoding.
    """
    mark, encoding = next((one for one in _MARKS if data.startswith(one[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        place = error.start + len(mark)
        raise InputError(
            f"{path}: not {encoding.upper()} (byte {place}): save it as UTF-8"
        ) from None
    if "\0" in text:
        raise InputError(
            f"{path}: has a NUL at character {text.index(chr(0)) + 1}: not a text file"
        )
    return Page(path, text, encoding, mark)
