"""PHP, in the style of PSR-12."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from samplegen.errors import InputError
from samplegen.languages.base import NEWLINES, Language, escape, json_number
from samplegen.rendering.layout import Style

# A string key that PHP turns into an integer one: "Arrays" in the PHP manual.
_INTEGER_KEY = re.compile(r"0|-?[1-9][0-9]*")


class Php(Language):
    """Literals follow the PHP manual, "Strings" and "Arrays"."""

    id = "php"
    name = "PHP"
    fence = "php"
    runtime = "PHP (ext-curl) 8.1"
    style = Style(120, "    ")
    separator = " => "

    def string(self, text: str) -> str:
        if text.isprintable():
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        forms = {0x110000: r"\u{{{:x}}}"}
        return '"' + escape(text, '"', NEWLINES, forms).replace("$", "\\$") + '"'

    def number(self, value: int | float) -> str:
        if isinstance(value, int) and not -(2**63) < value < 2**63:
            raise InputError(f"PHP cannot write the integer {value}: its integers have 64 bits")
        return json_number(value)

    def brackets(self, value: Mapping[str, Any] | Sequence[Any]) -> tuple[str, str]:
        if isinstance(value, Mapping):
            if not value:
                return "new stdClass(", ")"
            # An array with none but integer keys may be sent as a list.
            if all(_INTEGER_KEY.fullmatch(key) for key in value):
                return "(object) [", "]"
        return "[", "]"

    def extras(self, body: Mapping[str, Any]) -> dict[str, object]:
        # Without this flag json_encode sends 1.0 as 1.
        flags = "JSON_PRESERVE_ZERO_FRACTION | " if _has_whole_float(body) else ""
        return {"json_flags": Markup(flags + "JSON_THROW_ON_ERROR")}


def _has_whole_float(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_whole_float(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_whole_float(item) for item in value)
    return isinstance(value, float) and value.is_integer()
