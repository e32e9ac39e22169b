"""Go, as gofmt lays it out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from samplegen.languages.base import NEWLINES, Annotated, Json, Language, escape, json_number
from samplegen.model.catalog import Package
from samplegen.rendering.layout import NO_LIMIT, Brackets, Doc, Hole, Style, Wrapped, must_spread


class _OneLine(Json):
    """JSON text that stays on one line."""

    style = Style(NO_LIMIT, "")

    def spreads(self, value: Mapping[str, Any] | Sequence[Any]) -> bool:
        return False


_ONE_LINE = _OneLine()

# gofmt leaves it open; a map with more entries than this takes a line for each.
_ON_ONE_LINE = 3


class Written(NamedTuple):
    """A value that is code already, such as that of an SDK's type."""

    doc: Doc


class Go(Language):
    """Literals follow the Go specification, "Lexical elements" and "Composite literals"."""

    id = "go"
    reads_file = "dataURL"
    name = "Go"
    aliases = ("golang",)
    fence = "go"
    runtime = "Go 1.18"
    style = Style(NO_LIMIT, "\t")
    null = "nil"

    def string(self, text: str) -> str:
        forms = {0x10000: r"\u{:04x}", 0x110000: r"\U{:08x}"}
        return f'"{escape(text, chr(34), NEWLINES, forms)}"'

    def raw(self, text: str) -> str:
        """A string literal between backquotes, where that spares escapes and can be seen."""
        if "`" in text or not text.isprintable() or not ('"' in text or "\\" in text):
            return self.string(text)
        return f"`{text}`"

    def literal(self, value: Any) -> Doc:
        return value.doc if isinstance(value, Written) else super().literal(value)

    def constant(self, value: int | float) -> str:
        """A number as a constant, to the last digit; what it becomes is for its type to say."""
        return json_number(value)

    def number(self, value: int | float) -> str:
        # encoding/json writes the float64 1.0 as 1; an untyped constant has to fit an int.
        text = json_number(value)
        fits = -(2**63) <= value < 2**63 if isinstance(value, int) else not value.is_integer()
        return text if fits else f'json.Number("{text}")'

    def brackets(self, value: Mapping[str, Any] | Sequence[Any]) -> tuple[str, str]:
        if isinstance(value, Mapping):
            return "map[string]any{", "}"
        if value and all(isinstance(item, dict) for item in value):
            return "[]map[string]any{", "}"
        if value and all(isinstance(item, str | Hole) for item in value):
            return "[]string{", "}"
        return "[]any{", "}"

    def spreads(self, value: Mapping[str, Any] | Sequence[Any]) -> bool:
        items = list(value.values()) if isinstance(value, Mapping) else value
        many = isinstance(value, Mapping) and len(value) > _ON_ONE_LINE
        return (
            many
            or isinstance(value, Annotated)
            or any(isinstance(item, dict | list) for item in items)
        )

    def container(self, value: Mapping[str, Any] | Sequence[Any]) -> Doc:
        if isinstance(value, Mapping) and self.spreads(value):
            return self._aligned(value)
        doc = super().container(value)
        if isinstance(doc, Brackets) and value and all(isinstance(item, dict) for item in value):
            # The element type may be left out where the list has said it.
            doc = Brackets(doc.open, doc.close, [_untyped(item) for item in doc.items], spread=True)
        return doc

    def _aligned(self, value: Mapping[str, Any]) -> Brackets:
        """A map with an entry a line."""
        notes = value.notes if isinstance(value, Annotated) else {}
        entries = [(self.key(name), self.literal(item)) for name, item in value.items()]
        noted = [bool(notes.get(name)) for name in value]
        items: list[Doc] = [
            [notes.get(name, ""), f"{key} ", doc]
            for name, (key, doc) in zip(value, self.columns(entries, noted), strict=True)
        ]
        return Brackets(*self.brackets(value), items, spread=True)

    def columns(
        self, entries: Sequence[tuple[str, Doc]], noted: Sequence[bool] = ()
    ) -> list[tuple[str, Doc]]:
        """Keys with their colons, so that one space further the values stand in a column.

        Those of neighbouring one-line entries do, by gofmt's rule: see `exprList` in
        go/printer/nodes.go.

        Args:
            noted: which entries have a comment above them.
        """
        sections: list[list[int]] = []
        for number, (key, doc) in enumerate(entries):
            alone = number == 0 or must_spread(entries[number - 1][1]) or must_spread(doc)
            if (
                alone
                or (noted and noted[number])
                or not _alike([entries[n][0] for n in sections[-1]], key)
            ):
                sections.append([])
            sections[-1].append(number)
        done = []
        for section in sections:
            column = max(len(entries[number][0]) for number in section) + 1
            for number in section:
                key, doc = entries[number]
                done.append((f"{key}:".ljust(column), doc))
        return done

    def extras(self, body: Mapping[str, Any]) -> dict[str, object]:
        return {
            "json_numbers": self.has_json_number(body),
            "json_text": self.json_text,
            "variable": Written,
            "with_variable": with_variable,
        }

    def json_text(self, value: Any) -> Written:
        """A text as it is, any other value as JSON text, as a string literal."""
        if isinstance(value, str | Hole):
            return Written(self.literal(value))
        doc = _ONE_LINE.literal(value)
        return Written(Wrapped(doc, _ONE_LINE.style, lambda text, indent: self.raw(text)))

    def has_json_number(self, value: Any) -> bool:
        """Whether a value is written with `json.Number`, from "encoding/json"."""
        if isinstance(value, Mapping):
            return any(self.has_json_number(item) for item in value.values())
        if isinstance(value, list):
            return any(self.has_json_number(item) for item in value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and self.number(value).startswith("json.")

    def install(self, package: Package) -> str:
        return f"go get {package.name}@v{package.version}"


def with_variable(body: Mapping[str, Any], path: Sequence[str], name: str) -> dict[str, Any]:
    """A body with a variable in the place of one of its values."""
    first, *rest = path
    inner = with_variable(body[first], rest, name) if rest else Written(name)
    return {key: inner if key == first else value for key, value in body.items()}


def _alike(section: Sequence[str], key: str) -> bool:
    """Whether gofmt takes a key to be about as long as those above it."""
    sizes = [len(other.encode()) for other in section]
    size = len(key.encode())
    if sizes[-1] <= 40 and size <= 40:
        return True
    ratio = size / math.exp(sum(map(math.log, sizes)) / len(sizes))
    return 0.4 < ratio < 2.5


def _untyped(doc: Doc) -> Doc:
    assert isinstance(doc, Brackets)
    return Brackets("{", doc.close, doc.items, comma=doc.comma, spread=doc.spread)
