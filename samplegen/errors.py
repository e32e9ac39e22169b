"""What a user got wrong, in words that say what would be right."""

from __future__ import annotations

from collections.abc import Iterable


class InputError(ValueError):
    """Bad input. The message is one line: what was wrong, where, and what would be right."""


def unknown(kind: str, given: str, known: Iterable[str], see: str = "") -> InputError:
    """An error for a name that is none of `known`, with the nearest one if there is one.

    Args:
        see: the command that lists the names, where they are too many for a line.
    """
    import difflib

    choices = list(known)
    near = difflib.get_close_matches(given.lower(), choices, n=1)
    listed = f"see {see!r}" if see else f"choose from {', '.join(choices)}"
    hint = f"did you mean {near[0]!r}?" if near else listed
    return InputError(f"unknown {kind} {given!r}: {hint}")


def shown(value: object) -> str:
    """A wrong value for an error's one line: as JSON where it is JSON, and not too long."""
    import json

    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


def check_text(where: str, text: str) -> None:
    """Refuse text that UTF-8, and so JSON, cannot carry.

    Raises:
        InputError: `text` has an unpaired surrogate.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{where}: unpaired surrogate U+{ord(text[error.start]):04X} at character "
            f"{error.start + 1}; text must be valid Unicode"
        ) from None
