"""What a word processor, a browser or a slip of the hand leaves in a command, and its meaning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from samplegen.check.language import words
from samplegen.check.problem import Fix, Problem

# Notes and texts are skipped: what stands in them is theirs.
_TOKEN = re.compile(
    r"""(?xs)
    (?P<note>(?<![^\s;&|(])\#[^\n]*)
    | \$'(?:\\.|[^'\\])*' | '[^']*' | "(?:\\.|[^"\\])*"
    | (?P<curly>\u201c[^\u201d"]*\u201d|\u2018[^\u2019']*\u2019)
    | (?P<dash>(?<=\s)-?[\u2010-\u2014\u2212]-?(?P<flag>[A-Za-z][\w-]*)(?=[\s=]))
    | (?P<blank>[\u00a0\u2007\u202f\u3000]+|[\u200b\ufeff]+)
    | (?P<gap>\\[ \t]*\n(?:[ \t]*\n)+(?=[ \t]*-{1,2}[A-Za-z]))
    | (?P<doubled>\\\\[ \t]*(?=\n[ \t]*-{1,2}[A-Za-z]))
    | (?P<followed>\\[ \t]+(?=\n[ \t]*-{1,2}[A-Za-z]))
    | (?P<wide>\uff3c[ \t]*(?=\n))
    | (?P<lost>(?<=[^\s\\])[ \t]*\n(?=[ \t]*(?:-[A-Za-z]|--[a-z-]+)(?=[\s=])))
    | (?P<last>[ \t]*\\[ \t]*\n?\Z)
    | \\.
    | (?P<end>\n)
    """
)
_LONG = words(
    "compressed data data-binary data-raw fail fail-with-body form header include insecure json "
    "location max-time no-buffer output request show-error silent url user verbose"
)
_CURLY = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})
_WIDE = str.maketrans({"\uff0c": ",", "\uff1a": ":", "\uff5b": "{", "\uff5d": "}", "\u3000": " "})
_JSON_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')


def mistyped(code: str, bodies: Iterable[tuple[int, int]]) -> Iterator[Problem]:
    """What is not as the shell wants it, each with a fix where it is certain what was meant.

    Args:
        bodies: the texts that are to be JSON and are none, with their quotes.
    """
    command = 0
    note: re.Match[str] | None = None
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup if found.lastgroup != "flag" else "dash"
        if kind == "end" or (kind == "lost" and not _is_curl(code[command : found.start()])):
            command = found.end()
        elif kind == "lost" and note is not None and note.end() == found.start():
            message = "the command ends at this note: put it above the command"
            yield Problem(*note.span(), message)
        elif kind not in (None, "note"):
            yield _problem(str(kind), found)
        note = found if kind == "note" else None
    for start, end in bodies:
        quote, text = code[start : start + 1], code[start + 1 : end - 1]
        meant = _json(text) if quote == "'" and code[end - 1 : end] == "'" else None
        if meant is not None and "'" not in meant:
            message = "the body is not JSON: its quotes or signs are those of a word processor"
            yield Problem(start, end, message, Fix(start + 1, end - 1, meant))


def _problem(kind: str, found: re.Match[str]) -> Problem:
    start, end = found.span()
    text = found[0]
    if kind == "curly":
        message = f"`{text[0]}` is a letter to a shell, and quotes nothing"
        return Problem(start, end, message, _straight(found))
    if kind == "dash":
        flag = found["flag"]
        meant = f"-{flag}" if len(flag) == 1 else f"--{flag}"
        is_certain = len(flag) == 1 or flag in _LONG
        message = f"`{text}` begins with a dash of a word processor: write `{meant}`"
        return Problem(start, end, message, Fix(start, end, meant) if is_certain else None)
    if kind == "blank":
        is_wide = text[0] not in "\u200b\ufeff"
        message = "a blank that is none to a shell: write a plain one"
        if not is_wide:
            message = "a character without width is one to a shell: leave it out"
        return Problem(start, end, message, Fix(start, end, " " * len(text) if is_wide else ""))
    if kind == "lost":
        message = "the command ends here: a backslash at the line's end lets it go on"
        return Problem(start - 1, start, message, Fix(start, end - 1, " \\"))
    if kind == "last":
        at = start + text.index("\\")
        message = "nothing follows this backslash: leave it out"
        return Problem(at, at + 1, message, Fix(start, at + 1, ""))
    message = {
        "gap": "the command ends at the empty line below: leave that out",
        "doubled": "two backslashes are a word: one lets the command go on",
        "wide": "a wide backslash is a letter to a shell",
        "followed": "a blank behind the backslash ends the command here",
    }[kind]
    new = "\\\n" if kind == "gap" else "\\"
    return Problem(start, start + len(text.rstrip()), message, Fix(start, end, new))


def _straight(found: re.Match[str]) -> Fix | None:
    """The text in plain quotes, where nothing in it ends them."""
    inner = found[0][1:-1]
    if found[0][0] == "\u2018":
        meant = inner if "\u201c" not in inner else _json(inner)
        return Fix(*found.span(), f"'{meant}'") if meant is not None else None
    return Fix(*found.span(), f'"{inner}"') if not re.search(r"[\u201c`]", inner) else None


def _json(text: str) -> str | None:
    """A text with plain quotes, and then plain signs, around its texts, if that makes it JSON."""
    straight = _around(text, _CURLY)
    for meant in (straight, _around(straight, _WIDE)):
        try:
            json.loads(meant)
        except (ValueError, RecursionError):
            continue
        return meant
    return None


def _around(text: str, table: dict[int, str]) -> str:
    """A text with signs replaced where they stand in none of its texts."""
    parts = []
    at = 0
    for found in _JSON_TEXT.finditer(text):
        parts += [text[at : found.start()].translate(table), found[0]]
        at = found.end()
    return "".join([*parts, text[at:].translate(table)])


def _is_curl(command: str) -> bool:
    """Whether a command runs curl, and nothing of the lines below it is what it reads."""
    return re.search(r"\bcurl(?:\.exe)?\s", command) is not None and "<<" not in command
