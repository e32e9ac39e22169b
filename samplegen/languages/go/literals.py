"""Go, as gofmt lays it out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from samplegen.languages.base import NEWLINES, Annotated, Language, escape, json_number
from samplegen.model.catalog import Package
from samplegen.rendering.layout import NO_LIMIT, Brackets, Doc, Hole, Style, must_spread


class Go(Language):
    """Literals follow the Go specification, "Lexical elements" and "Composite literals"."""

    id = "go"
    name = "Go"
    aliases = ("golang",)
    fence = "go"
    runtime = "Go 1.18"
    style = Style(NO_LIMIT, "\t")
    null = "nil"

    def string(self, text: str) -> str:
        forms = {0x10000: r"\u{:04x}", 0x110000: r"\U{:08x}"}
        return f'"{escape(text, chr(34), NEWLINES, forms)}"'

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
        return isinstance(value, Annotated) or any(isinstance(i, dict | list) for i in items)

    def container(self, value: Mapping[str, Any] | Sequence[Any]) -> Doc:
        if isinstance(value, Mapping) and self.spreads(value):
            return self._aligned(value)
        doc = super().container(value)
        if isinstance(doc, Brackets) and value and all(isinstance(item, dict) for item in value):
            # The element type may be left out where the list has said it.
            doc = Brackets(doc.open, doc.close, [_untyped(item) for item in doc.items], spread=True)
        return doc

    def _aligned(self, value: Mapping[str, Any]) -> Brackets:
        """Values of neighbouring one-line entries in one column, by gofmt's rule.

        See `exprList` in go/printer/nodes.go.
        """
        notes = value.notes if isinstance(value, Annotated) else {}
        names = list(value)
        keys = [self.key(name) for name in names]
        values = [self.literal(item) for item in value.values()]
        sections: list[list[int]] = []
        for number, name in enumerate(names):
            alone = number == 0 or must_spread(values[number - 1]) or must_spread(values[number])
            if (
                alone
                or notes.get(name)
                or not _alike([keys[n] for n in sections[-1]], keys[number])
            ):
                sections.append([])
            sections[-1].append(number)
        items: list[Doc] = []
        for section in sections:
            column = max(len(keys[number]) for number in section) + 2
            for number in section:
                key = f"{keys[number]}:".ljust(column)
                items.append([notes.get(names[number], ""), key, values[number]])
        return Brackets(*self.brackets(value), items, spread=True)

    def extras(self, body: Mapping[str, Any]) -> dict[str, object]:
        return {"json_numbers": self._has_json_number(body)}

    def _has_json_number(self, value: Any) -> bool:
        if isinstance(value, Mapping):
            return any(self._has_json_number(item) for item in value.values())
        if isinstance(value, list):
            return any(self._has_json_number(item) for item in value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and self.number(value).startswith("json.")

    def install(self, package: Package) -> str:
        return f"go get {package.name}@v{package.version}"


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
