"""Go, as gofmt lays it out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from samplegen.catalog import Package
from samplegen.language import NEWLINES, Annotated, Language, escape, json_number
from samplegen.layout import NO_LIMIT, Brackets, Doc, Hole, Style


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
        doc = super().container(value)
        if not isinstance(doc, Brackets):
            return doc
        if isinstance(value, Mapping):
            return self._aligned(value, doc) if doc.spread else doc
        if value and all(isinstance(item, dict) for item in value):
            # The element type may be left out where the list has said it.
            doc = Brackets(doc.open, doc.close, [_untyped(item) for item in doc.items], spread=True)
        return doc

    def _aligned(self, value: Mapping[str, Any], doc: Brackets) -> Brackets:
        """Values of neighbouring one-line entries in one column, by gofmt's rule.

        See `exprList` in go/printer/nodes.go.
        """
        keys = [self.key(key) + ":" for key in value]
        one_line = [not (isinstance(item, dict | list) and item) for item in value.values()]
        widths = [len(key) + 1 for key in keys]
        start = 0
        logs: list[float] = []
        for number in range(len(keys) + 1):
            if number < len(keys) and number > start:
                size = len(keys[number].encode()) - 1
                previous = len(keys[number - 1].encode()) - 1
                joined = one_line[number - 1] and one_line[number]
                if joined and logs and not (previous <= 40 and size <= 40):
                    ratio = size / math.exp(sum(logs) / len(logs))
                    joined = 0.4 < ratio < 2.5
            else:
                joined = number == start and number < len(keys)
            if not joined:
                for entry in range(start, min(number, len(keys))):
                    widths[entry] = max(len(key) for key in keys[start:number]) + 1
                start, logs = number, []
            if number < len(keys) and one_line[number]:
                logs.append(math.log(len(keys[number].encode()) - 1))
        notes = value.notes if isinstance(value, Annotated) else {}
        items: list[Doc] = [
            [notes.get(name, ""), key.ljust(column), self.literal(item)]
            for name, key, column, item in zip(value, keys, widths, value.values(), strict=True)
        ]
        return Brackets(doc.open, doc.close, items, spread=True)

    def install(self, package: Package) -> str:
        return f"go get {package.name}@v{package.version}"


def _untyped(doc: Doc) -> Doc:
    assert isinstance(doc, Brackets)
    return Brackets("{", doc.close, doc.items, comma=doc.comma, spread=doc.spread)
