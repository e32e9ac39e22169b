"""Keys that stand in pages: what may be shown of them."""

from __future__ import annotations

import re

# Long, and neither a word nor a row of the same: what a provider hands out.
# It begins with plain text, not with `\b`, since that is found quickly.
KEY = re.compile(r"sk-(?<!\wsk-)(?:[a-z]+-)?(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{16,}")
STAND_IN = re.compile(
    r"(?i)x{3,}|\*{3,}|\.{3}|your|<|placeholder|example|replace|api[_-]?key"
    # As a word of its own: `test-token`, `sk-fake`.
    r"|(?<![a-z0-9])(?:test|dummy|fake|mock|demo)(?![a-z0-9])"
)
# What only words make is none: `foo`, `My API Key`, `not-a-real-key`.
_PLAUSIBLE = re.compile(r"(?=.*\d)\S{12,}")
_SHOWN = 5


def is_stand_in(key: str) -> bool:
    """Whether a text stands where a key belongs and is none that a provider hands out."""
    return STAND_IN.search(key) is not None or not _PLAUSIBLE.fullmatch(key)


def shown(key: str) -> str:
    """The start of a key, which tells its owner which one it is."""
    return f"{key[:_SHOWN]}..."


def hidden(text: str) -> str:
    """A text of the same length, with stars in place of keys but for their starts."""
    return KEY.sub(lambda key: key[0][:_SHOWN] + "*" * (len(key[0]) - _SHOWN), text)
