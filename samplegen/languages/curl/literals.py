"""curl, called from a POSIX shell, as shellcheck wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from samplegen.errors import InputError
from samplegen.languages.base import JSON, Language
from samplegen.rendering.layout import NO_LIMIT, Doc, Style, Wrapped


class Curl(Language):
    """Literals follow POSIX, Shell Command Language, section 2.2.2, "Single-Quotes"."""

    id = "curl"
    name = "curl"
    aliases = ("bash", "sh", "shell")
    fence = "bash"
    runtime = "curl 7.76"
    comment_mark = "#"
    style = Style(NO_LIMIT, "  ")

    def string(self, text: str) -> str:
        if "\0" in text:
            raise InputError("a shell cannot hold NUL in a string")
        return "'" + text.replace("'", "'\\''") + "'"

    def container(self, value: Mapping[str, Any] | Sequence[Any]) -> Doc:
        return Wrapped(JSON.literal(value), JSON.style, lambda text, _: self.string(text))
