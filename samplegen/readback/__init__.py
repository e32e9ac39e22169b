"""Reads a call back from a program's text, without running it.

`readback("python", code)` says what the program would send: protocol, URL, model,
messages, options, where the key comes from, and where in the text each of them stands.
Importing this package is cheap; the parsers come with the first call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from samplegen.errors import InputError
from samplegen.languages import has
from samplegen.model.catalog import Catalog, builtin
from samplegen.readback.model import (
    Access,
    Argument,
    Comment,
    Invocation,
    Named,
    ReadCall,
    ReadMessage,
    Round,
    Span,
    Value,
)

if TYPE_CHECKING:
    from samplegen.model.call import Call

__all__ = [
    "Access",
    "Argument",
    "Comment",
    "Invocation",
    "Named",
    "ReadCall",
    "ReadMessage",
    "Round",
    "Span",
    "Value",
    "call_of",
    "can_read",
    "readback",
]


def call_of(read: ReadCall, catalog: Catalog | None = None) -> Call | None:
    """What a program asks, as a call, where it says all of it; see `samplegen.readback.asked`.

    Raises:
        InputError: it says what no call may, such as a role that there is not.
    """
    from samplegen.readback.asked import call_of

    return call_of(read, catalog or builtin())


def can_read(language: str) -> bool:
    """Whether there is a reader for a language."""
    return has(language, "reader")


def readback(
    language: str,
    code: str,
    catalog: Catalog | None = None,
    file: Callable[[str], str | None] = lambda path: None,
    strict: bool = False,
) -> ReadCall:
    """The call that a program makes, as far as its text says it.

    Any text is read: whole programs, fragments and what is no program at all.

    Args:
        language: samplegen's id of the language.
        code: the program; positions in the answer are character offsets in it.
        catalog: the facts that tell protocols apart; None is the built-in catalog.
        file: gives the content of a file that is sent as it is, such as curl's `-d @body.json`.
        strict: whether a value is not known where a condition that only running would tell
            decides on it; else it is one of those that it may have.

    Raises:
        InputError: the language is none that can be read, or a package is missing.
    """
    from importlib import import_module

    try:
        module = import_module("samplegen.readback.read")
    except ModuleNotFoundError as error:
        from samplegen.origin import install_line

        raise InputError(
            f"reading samples needs the package {error.name}: {install_line('check')}"
        ) from None
    answer: ReadCall = module.read(language, code, catalog or builtin(), file, strict)
    return answer
