"""curl, called from a POSIX shell, as shellcheck wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from samplegen.errors import InputError
from samplegen.languages.base import JSON, Language, files_in
from samplegen.rendering.layout import NO_LIMIT, Doc, Style, Wrapped

# Below the 128 KiB that Linux takes in one argument: MAX_ARG_STRLEN in execve(2).
_ARGUMENT: Final = 100_000


class Data(dict[str, Any]):
    """A body behind `--data`, at the end of a command.

    Where it is too long for an argument, it stands in a here-document, which the command
    reads from standard input: POSIX, Shell Command Language, section 2.7.4.
    """


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
        write = self._data if isinstance(value, Data) else self.string

        def written(text: str, indent: str) -> str:
            if len(files_in(text)) > 1:
                raise InputError(
                    "a curl sample reads no local file: give a URL or a data URL, "
                    "or use another language"
                )
            return write(text)

        return Wrapped(JSON.literal(value), JSON.style, written)

    def extras(self, body: Mapping[str, Any]) -> dict[str, object]:
        return {"data": Data(body)}

    def _data(self, text: str) -> str:
        if len(text.encode()) <= _ARGUMENT:
            return self.string(text)
        word = next(word for number in count() if (word := f"END{number or ''}") not in text)
        return f"@- <<'{word}'\n{text}\n{word}"
