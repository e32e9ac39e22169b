"""C#, in the style of `dotnet format`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from samplegen.languages.base import JSON, NEWLINES, Language, escape, files_in
from samplegen.model.catalog import Package
from samplegen.rendering.layout import Doc, Style, Wrapped


class CSharp(Language):
    """Literals follow the C# specification, section 6.4.5, and for raw strings C# 11."""

    id = "csharp"
    name = "C#"
    aliases = ("c#", "cs", "dotnet", ".net")
    fence = "csharp"
    runtime = ".NET 8"
    style = Style(120, "    ")

    def string(self, text: str) -> str:
        forms = {0x10000: r"\u{:04x}", 0x110000: r"\U{:08x}"}
        return f'"{escape(text, chr(34), NEWLINES, forms)}"'

    def container(self, value: Mapping[str, Any] | Sequence[Any]) -> Doc:
        return Wrapped(JSON.literal(value), JSON.style, _raw_string)

    def install(self, package: Package) -> str:
        return f"dotnet add package {package.name} --version {package.version}"


_STRING = CSharp().string


def _raw_string(text: str, indent: str) -> str:
    # JSON has at most two quotes in a row, and the lines of JSON here end in no white
    # space and hold no character that C# takes for a newline.
    inner = indent + CSharp.style.unit
    said, *files = files_in(text)
    dollars = ""
    if files:
        # So many braces begin an expression: more than stand together anywhere in the text.
        count = max(map(len, re.findall(r"\{+|\}+", text)), default=0) + 1
        dollars = "$" * count
        for path, media_type, after in zip(files[::3], files[1::3], files[2::3], strict=True):
            call = f"DataUrl({_STRING(path)}, {_STRING(media_type)})"
            said += "{" * count + call + "}" * count + after
    body = "".join(f"{inner}{line}\n" for line in said.split("\n"))
    return f'{dollars}"""\n{body}{inner}"""'
