"""Java, as google-java-format lays it out with `--aosp`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from samplegen.languages.base import JSON, NEWLINES, Language, escape, files_in, json_number
from samplegen.languages.java.code import Chain, Invoked, JsonText, Line, Name, imports
from samplegen.model.catalog import Package
from samplegen.rendering.layout import Doc, FileHole, Hole, Style, Wrapped

# A constant holds 65535 bytes of modified UTF-8 (JVMS 4.4.7); a character takes at
# most six (two surrogates of three).
_LONGEST = 65535
_PIECE = _LONGEST // 6


class Java(Language):
    """Literals follow the Java Language Specification, sections 3.10.5 to 3.10.7."""

    id = "java"
    name = "Java"
    fence = "java"
    install_fence = "groovy"
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

    def file(self, value: FileHole) -> Doc:
        return Invoked("dataUrl", (Hole(value.number), value.media_type)).doc(self.literal)

    def _text_block(self, text: str, indent: str) -> str:
        said, *files = files_in(text)
        after = ""
        if files:
            said = "%s".join(one.replace("%", "%%") for one in (said, *files[2::3]))
            calls = [
                f"dataUrl({self.string(path)}, {self.string(media_type)})"
                for path, media_type in zip(files[::3], files[1::3], strict=True)
            ]
            room = self.style.width - len(indent) - len("        .formatted()")
            between = ", " if len(", ".join(calls)) <= room else f",\n{indent}{' ' * 16}"
            start = "" if between == ", " else f"\n{indent}{' ' * 16}"
            after = f"\n{indent}        .formatted({start}{between.join(calls)})"
        if len(said) > _PIECE:
            return self.string(said) + after
        lines = said.replace("\\", "\\\\").split("\n")
        return '"""\n' + "".join(f"{indent}{line}\n" for line in lines) + f'{indent}"""{after}'

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
