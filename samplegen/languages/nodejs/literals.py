"""JavaScript for Node.js, as Prettier lays it out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from samplegen.languages.base import NEWLINES, Language, escape, json_number
from samplegen.model.catalog import Package
from samplegen.rendering.layout import Doc, Hanging, Hole, Slot, Style, width

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_SAFE = 2**53 - 1


class NodeJs(Language):
    """Literals follow ECMA-262, section 12.9, "Literals"."""

    id = "nodejs"
    name = "Node.js"
    aliases = ("node", "node.js", "js", "javascript", "mjs")
    fence = "javascript"
    runtime = "Node.js 22"
    style = Style(80, "  ", hang="  ", hangs_behind=("= ", ": "))
    pad = " "

    def string(self, text: str) -> str:
        # The quote that needs fewer escapes, as Prettier chooses it.
        quote = "'" if text.count('"') > text.count("'") else '"'
        forms = {0x10000: r"\u{:04x}", 0x110000: r"\u{{{:x}}}"}
        return quote + escape(text, quote, NEWLINES, forms) + quote

    def key(self, name: str) -> str:
        if name == "__proto__":
            # Written plainly it would set the prototype: ECMA-262, B.3.1.
            return '["__proto__"]'
        return name if _IDENTIFIER.fullmatch(name) else self.string(name)

    def number(self, value: int | float) -> str:
        # JSON.stringify writes 1.0 as 1, and a double has no 2^53+1.
        text = json_number(value)
        exact = abs(value) <= _SAFE if isinstance(value, int) else not value.is_integer()
        return text if exact else f'JSON.rawJSON("{text}")'

    def entry(self, key: str, value: Any) -> Doc:
        written = self.key(key)
        # Prettier moves a string that does not fit below its key, but not below a short one.
        if isinstance(value, str | Hole) and width(written) > len(self.style.unit) + 2:
            doc = self.literal(value)
            if isinstance(doc, str | Slot):
                return [f"{written}:", Hanging(doc)]
        return super().entry(key, value)

    def spreads(self, value: Mapping[str, Any] | Sequence[Any]) -> bool:
        if isinstance(value, Mapping):
            return super().spreads(value)
        # Prettier's rule for lists: more than one item, each with more than one item.
        kinds = {type(item) for item in value}
        return (
            len(value) > 1
            and len(kinds) == 1
            and kinds <= {dict, list}
            and all(len(item) > 1 for item in value)
        )

    def extras(self, body: Mapping[str, Any]) -> dict[str, object]:
        return {"member": self.member}

    def member(self, name: str) -> str:
        """What reads a property: `.name`, or `["a name"]` where that is no identifier."""
        return f".{name}" if _IDENTIFIER.fullmatch(name) else f"[{self.string(name)}]"

    def install(self, package: Package) -> str:
        return f"npm install {package.name}@{package.version}"
