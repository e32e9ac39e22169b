"""What samplegen knows of a language: how it writes literals and comments, and how it installs.

Each language's `literals` module has one subclass of `Language`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from samplegen.errors import InputError
from samplegen.model.catalog import Package
from samplegen.rendering.layout import Brackets, Doc, FileHole, Hole, Lines, Slot, Style


class Annotated(dict[str, Any]):
    """A JSON object with comments above some of its keys."""

    def __init__(self, value: Mapping[str, Any], notes: Mapping[str, Lines]) -> None:
        super().__init__(value)
        self.notes = notes


class Language:
    """A language, with the literals of JSON values as most languages write them."""

    id: ClassVar[str]
    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    fence: ClassVar[str]
    """The language's name behind a Markdown fence."""
    install_fence: ClassVar[str] = "sh"
    """The same for what `install` gives."""
    runtime: ClassVar[str]
    """The oldest version that runs the samples."""
    comment_mark: ClassVar[str] = "//"
    style: ClassVar[Style]
    lists_links_below: ClassVar[bool] = False
    """Whether a link in a list stands on a line of its own, below its name."""
    null: ClassVar[str] = "null"
    true: ClassVar[str] = "true"
    false: ClassVar[str] = "false"
    pad: ClassVar[str] = ""
    """Stands inside the brackets of an object on one line."""
    comma: ClassVar[str] = ","
    """Follows the last item where each has a line."""
    reads_file: ClassVar[str] = "dataUrl"
    """The function that makes a data URL of a file."""
    separator: ClassVar[str] = ": "
    """Stands between a key and its value."""

    def string(self, text: str) -> str:
        """A string literal."""
        raise NotImplementedError

    def number(self, value: int | float) -> str:
        """A number literal that is sent as the same JSON number."""
        return json_number(value)

    def key(self, name: str) -> str:
        """A key of an object."""
        return self.string(name)

    def brackets(self, value: Mapping[str, Any] | Sequence[Any]) -> tuple[str, str]:
        """What opens and closes an object or a list."""
        return ("{", "}") if isinstance(value, Mapping) else ("[", "]")

    def spreads(self, value: Mapping[str, Any] | Sequence[Any]) -> bool:
        """Whether an object or list takes a line for each item even where it fits on one."""
        items = value.values() if isinstance(value, Mapping) else value
        if isinstance(value, Mapping):
            return any(isinstance(item, dict | list) and item for item in items)
        return any(isinstance(item, dict) for item in items)

    def literal(self, value: Any) -> Doc:
        """Any JSON value, with `Hole`s for the texts of the call, as a literal of this language.

        Raises:
            InputError: a number that JSON or this language cannot say, or a value that
                is no JSON.
        """
        if isinstance(value, FileHole):
            return self.file(value)
        if isinstance(value, Hole):
            return Slot(value.number, self.string)
        if isinstance(value, str):
            return self.string(value)
        if value is None:
            return self.null
        if isinstance(value, bool):
            return self.true if value else self.false
        if isinstance(value, int | float):
            return self.number(value)
        if not isinstance(value, Mapping | list | tuple):
            raise InputError(f"{value!r} is a {type(value).__name__}, which JSON does not have")
        return self.container(value)

    def file(self, value: FileHole) -> Doc:
        """A call of the program's function that reads a file, and makes a data URL of it."""
        path = Slot(value.number, self.string)
        opening = f"{self.reads_file}("
        return Brackets(opening, ")", [path, self.string(value.media_type)], comma=self.comma)

    def container(self, value: Mapping[str, Any] | Sequence[Any]) -> Doc:
        """An object or a list."""
        is_object = isinstance(value, Mapping)
        items: list[Doc]
        if isinstance(value, Mapping):
            notes = value.notes if isinstance(value, Annotated) else {}
            items = [[notes.get(key, ""), self.entry(key, item)] for key, item in value.items()]
        else:
            items = [self.literal(item) for item in value]
        opening, closing = self.brackets(value)
        return Brackets(
            opening,
            closing,
            items,
            pad=self.pad if is_object else "",
            comma=self.comma,
            spread=self.spreads(value),
        )

    def entry(self, key: str, value: Any) -> Doc:
        """A key of an object and its value."""
        return [self.key(key) + self.separator, self.literal(value)]

    def comment(self, text: str) -> Lines:
        """Lines of comment; `text` is one or more lines."""
        return Lines(tuple(f"{self.comment_mark} {line}" for line in text.split("\n")))

    def extras(self, body: Mapping[str, Any]) -> dict[str, object]:
        """What only this language's templates know, by name; `body` is what they send."""
        return {}

    def install(self, package: Package) -> str:
        """What a reader types or adds to a build to get a package."""
        raise InputError(f"{self.name} samples need no package, but the catalog has {package.name}")


def json_number(value: int | float) -> str:
    """A number as JSON, to the last digit.

    Raises:
        InputError: NaN or an infinity.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"JSON has no number {value}")
    mantissa, e, exponent = repr(value).partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


# Invisible, but part of what is seen: the ideographic space and the emoji joiner.
_SHOWN = "\u3000\u200d"


def escape(text: str, quote: str, named: Mapping[str, str], numbered: Mapping[int, str]) -> str:
    """`text` for between quotes, with the backslash as the escape character.

    Backslashes, quotes, and all that cannot be seen are escaped: control and
    format characters (the bidirectional ones reorder code on the screen, see
    CVE-2021-42574), line separators, unassigned and private ones.

    Args:
        quote: the quote that surrounds the text.
        named: characters with escapes of their own, such as a newline.
        numbered: a format for code points below each limit, in ascending order;
            above 0xffff a language without a form of its own gets surrogates.
    """
    text = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
    if text.isprintable():
        return text
    done = []
    for character in text:
        if character.isprintable() or character in _SHOWN:
            done.append(character)
        elif character in named:
            done.append(named[character])
        else:
            units = [ord(character)]
            if units[0] >= max(numbered):
                high, low = divmod(units[0] - 0x10000, 0x400)
                units = [0xD800 + high, 0xDC00 + low]
            for unit in units:
                form = next(form for limit, form in numbered.items() if unit < limit)
                done.append(form.format(unit))
    return "".join(done)


NEWLINES = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


class Json(Language):
    """JSON text, for the languages whose samples hold the body as text. RFC 8259."""

    style = Style(80, "  ")
    comma = ""

    def string(self, text: str) -> str:
        """A JSON string: RFC 8259, section 7."""
        return '"' + escape(text, '"', NEWLINES, {0x10000: r"\u{:04x}"}) + '"'

    def file(self, value: FileHole) -> Doc:
        """A mark that no JSON text has in it, and that `files_in` finds."""
        return Slot(value.number, lambda path: f'"\0{path}\0{value.media_type}\0"')


def files_in(text: str) -> list[str]:
    """JSON text and the files in it by turns: text, path, media type, text and so on."""
    return text.split("\0")


JSON = Json()
