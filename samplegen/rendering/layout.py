"""Laying out literals, in two steps so that the second one is quick.

A literal writer turns a value into a document: text, `Slot`s for the texts of a
call (which it never sees), and `Brackets` around items. `place` gives a document
its indentation; what depends on the width of the texts stays a `Choice`. `fill`
puts the texts in. A skeleton, a placed document, serves every call of one shape.

The layout is that of Wadler's "A prettier printer" and of the formatters that
followed it: brackets stay on one line where they fit, else one item a line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn
from unicodedata import east_asian_width

NO_LIMIT = 1_000_000


class Style(NamedTuple):
    """How wide a line may be, in columns, and what one level of indentation is.

    Args:
        hang: the indentation of a string that does not fit behind what it belongs to
            and so takes the next line; None where strings stay.
        hangs_behind: what such a string stands behind in a template.
    """

    width: int
    unit: str
    hang: str | None = None
    hangs_behind: tuple[str, ...] = ()


class Hole:
    """Stands for a text of a call while a template runs, so that no template can look at it."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a template may place the text of a call, not look at it")

    __bool__ = __eq__ = __str__ = __len__ = __iter__ = __contains__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class FileHole(Hole):
    """Stands for the path of a file that the program reads and sends as a data URL."""

    __slots__ = ("media_type",)

    def __init__(self, number: int, media_type: str) -> None:
        super().__init__(number)
        self.media_type = media_type


class Slot(NamedTuple):
    """Where a text of the call goes, by its number, and how it is written there."""

    number: int
    write: Callable[[str], str]


class Brackets(NamedTuple):
    """Items between brackets: `[a, b]`, or one item a line where that does not fit.

    Args:
        pad: stands inside the brackets when on one line.
        comma: follows the last item when it is alone on its line.
        spread: one item a line, fit or not.
    """

    open: str
    close: str
    items: Sequence[Doc]
    pad: str = ""
    comma: str = ","
    spread: bool = False


class Hanging(NamedTuple):
    """A string behind a key or `=`: after a space or, where that does not fit, below it."""

    doc: str | Slot


class Lines(NamedTuple):
    """Whole lines, such as a comment, that stand above what follows."""

    lines: tuple[str, ...]


class Group(NamedTuple):
    """Items one behind the other where that fits on the line, else one a line.

    Args:
        indent: of every line but the first, beside that of the line it starts in.
        gap: stands between two items on one line.
    """

    items: Sequence[Doc]
    indent: str = ""
    gap: str = ""


class Wrapped(NamedTuple):
    """A document in another language: laid out and filled first, then written as one literal.

    Args:
        write: makes the literal from the text and the indentation of the line it starts in.
    """

    doc: Doc
    style: Style
    write: Callable[[str, str], str]


Doc = str | Slot | Brackets | Group | Hanging | Lines | Wrapped | Sequence["Doc"]


class Choice(NamedTuple):
    """On one line where that takes at most `room` columns, else spread."""

    flat: list[Part]
    spread: list[Part]
    room: int


class Whole(NamedTuple):
    """Parts that are filled first and then written as a whole, at an indentation."""

    parts: list[Part]
    write: Callable[[str, str], str]
    indent: str


Part = str | Slot | Choice | Whole


def width(text: str) -> int:
    """Columns that a line of text takes in a terminal; wide East Asian characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def place(doc: Doc, style: Style, indent: str, column: int, after: int) -> list[Part]:
    """A document at its place.

    Args:
        indent: the indentation of the line it starts in.
        column: the column it starts at, counted from 0.
        after: how many columns follow it on its last line.
    """
    if isinstance(doc, str):
        return [doc]
    if isinstance(doc, Slot):
        return [doc]
    if isinstance(doc, Hanging):
        return _hang(doc.doc, style, indent, column, after)
    if isinstance(doc, Lines):
        return ["".join(f"{line}\n{indent}" for line in doc.lines)]
    if isinstance(doc, Wrapped):
        return [Whole(merge(place(doc.doc, doc.style, "", 0, 0)), doc.write, indent)]
    if isinstance(doc, Brackets):
        return _place_brackets(doc, style, indent, column, after)
    if isinstance(doc, Group):
        return _place_group(doc, style, indent, column, after)
    parts: list[Part] = []
    for item in doc:
        placed = place(item, style, indent, column, after)
        column = _column_after(placed, column)
        parts += placed
    return parts


def _place_brackets(
    doc: Brackets, style: Style, indent: str, column: int, after: int
) -> list[Part]:
    if not doc.items:
        return [doc.open + doc.close]
    inner = indent + style.unit
    spread: list[Part] = [doc.open]
    for number, item in enumerate(doc.items):
        last = number == len(doc.items) - 1
        comma = doc.comma if last else ","
        spread += ["\n" + inner, *place(item, style, inner, len(inner), len(comma)), comma]
    spread += ["\n" + indent + doc.close]
    if must_spread(doc):
        return spread
    return _fitting(_flat(doc), spread, style.width - column - after)


def _place_group(doc: Group, style: Style, indent: str, column: int, after: int) -> list[Part]:
    inner = indent + doc.indent
    spread: list[Part] = []
    for number, item in enumerate(doc.items):
        behind = after if number == len(doc.items) - 1 else 0
        if number == 0:
            spread += place(item, style, indent, column, behind)
        else:
            spread += ["\n" + inner, *place(item, style, inner, len(inner), behind)]
    if must_spread(doc):
        return spread
    return _fitting(_flat(doc), spread, style.width - column - after)


def _fitting(flat: list[Part], spread: list[Part], room: int) -> list[Part]:
    """What fits into `room` columns on one line, else what takes several."""
    if any(not isinstance(part, str) for part in flat):
        return [Choice(merge(flat), merge(spread), room)]
    text = "".join(part for part in flat if isinstance(part, str))
    return [text] if width(text) <= room else spread


def _hang(doc: str | Slot, style: Style, indent: str, column: int, after: int) -> list[Part]:
    if style.hang is None:
        return [" ", doc]
    below = [f"\n{indent}{style.hang}", doc]
    room = style.width - column - after
    if isinstance(doc, Slot):
        return [Choice([" ", doc], list(below), room)]
    return [" " + doc] if width(doc) < room else ["".join(map(str, below))]


def must_spread(doc: Doc) -> bool:
    """Whether a document takes more than one line wherever it stands."""
    if isinstance(doc, Brackets):
        return doc.spread or any(must_spread(item) for item in doc.items)
    if isinstance(doc, Group):
        return any(must_spread(item) for item in doc.items)
    if isinstance(doc, str | Slot | Hanging | Lines | Wrapped):
        return isinstance(doc, Lines | Wrapped)
    return any(must_spread(item) for item in doc)


def _flat(doc: Doc) -> list[Part]:
    """A document on one line; it must have no lines of its own."""
    if isinstance(doc, str | Slot):
        return [doc]
    if isinstance(doc, Brackets):
        if not doc.items:
            return [doc.open + doc.close]
        parts: list[Part] = [doc.open + doc.pad]
        for number, item in enumerate(doc.items):
            parts += [", "] * (number > 0) + _flat(item)
        return [*parts, doc.pad + doc.close]
    if isinstance(doc, Group):
        return [
            part
            for number, item in enumerate(doc.items)
            for part in [doc.gap] * (number > 0) + _flat(item)
        ]
    if isinstance(doc, Hanging):
        return [" ", doc.doc]
    if isinstance(doc, Lines | Wrapped):
        raise TypeError(f"{type(doc).__name__} cannot stand within a line")
    return [part for item in doc for part in _flat(item)]


def _column_after(parts: Sequence[Part], column: int) -> int:
    for part in parts:
        if isinstance(part, str):
            _, newline, rest = part.rpartition("\n")
            column = width(rest) if newline else column + width(rest)
    return column


def merge(parts: Sequence[Part]) -> list[Part]:
    """The same parts with neighbouring texts joined."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return merged


def fill(parts: Sequence[Part], texts: Sequence[str]) -> str:
    """The finished text: every slot holds its text, every choice is made."""
    done = []
    for part in parts:
        if type(part) is str:
            done.append(part)
        elif type(part) is Slot:
            done.append(part.write(texts[part.number]))
        elif type(part) is Choice:
            flat = fill(part.flat, texts)
            # No character is counted as less than a column, so most texts need no measuring.
            fits = len(flat) <= part.room and (flat.isascii() or width(flat) <= part.room)
            done.append(flat if fits else fill(part.spread, texts))
        elif type(part) is Whole:
            done.append(part.write(fill(part.parts, texts), part.indent))
    return "".join(done)
