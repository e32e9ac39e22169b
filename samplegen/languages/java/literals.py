"""Java, as google-java-format lays it out with `--aosp`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from samplegen.languages.base import JSON, NEWLINES, Language, escape, json_number
from samplegen.languages.java.code import Chain, Invoked, JsonText, Line, Name, imports
from samplegen.model.catalog import Package
from samplegen.rendering.layout import Doc, Style, Wrapped

# A constant holds 65535 bytes of modified UTF-8 (JVMS 4.4.7); a character takes at
# most six (two surrogates of three).
_LONGEST = 65535
_PIECE = _LONGEST // 6


class Java(Language):
    """Literals follow the Java Language Specification, sections 3.10.5 to 3.10.7."""

    id = "java"
    name = "Java"
    fence = "java"
    runtime = "Java 18"
    # google-java-format wraps longer comments; a link that is alone stays.
    lists_links_below = True
    style = Style(100, "    ", hang=" " * 8, hangs_behind=("= ",))

    def literal(self, value: Any) -> Doc:
        if isinstance(value, Name | Invoked | Chain | JsonText | Line):
            return value.doc(self.literal)
        return super().literal(value)

    def string(self, text: str) -> str:
        if len(text) <= _PIECE:
            return _quoted(text)
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        return f'String.join("", {", ".join(_quoted(piece) for piece in pieces)})'

    def number(self, value: int | float) -> str:
        text = json_number(value)
        if isinstance(value, float) or -(2**31) <= value < 2**31:
            return text
        if -(2**63) <= value < 2**63:
            return f"{text}L"
        return f'new java.math.BigInteger("{text}")'

    def container(self, value: Mapping[str, Any] | Sequence[Any]) -> Doc:
        # Java has no literals for them, so they are JSON text.
        return Wrapped(JSON.literal(value), JSON.style, self._text_block)

    def _text_block(self, text: str, indent: str) -> str:
        if len(text) > _PIECE:
            return self.string(text)
        lines = text.replace("\\", "\\\\").split("\n")
        return '"""\n' + "".join(f"{indent}{line}\n" for line in lines) + f'{indent}"""'

    def extras(self, body: Mapping[str, Any]) -> dict[str, object]:
        """`imports` of what the JDK brings."""
        return {"imports": partial(imports, (), {})}

    def install(self, package: Package) -> str:
        return f'implementation("{package.name}:{package.version}")  // build.gradle'


def _quoted(text: str) -> str:
    # \u is no escape but is read before all else (JLS 3.3), so a character that could
    # end the string or the line is written in octal.
    forms = {0x100: r"\{:03o}", 0x10000: r"\u{:04x}"}
    return f'"{escape(text, chr(34), NEWLINES, forms)}"'
