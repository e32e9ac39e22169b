"""What samples of `java.net.http` need for the OpenAI-compatible protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from samplegen.languages.java import http

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

_PLACES: Final = http.Places(
    answer_at="/choices/0/message",
    messages_at="/messages",
    choices_at="/choices",
    message_key="delta",
    error_key="error",
)


def values(prepared: Prepared) -> dict[str, object]:
    """What the templates place."""
    return http.values(prepared, _PLACES)
