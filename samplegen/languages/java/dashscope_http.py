"""What samples of `java.net.http` need for the DashScope protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from samplegen.languages.java import http

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

_PLACES: Final = http.Places(
    answer_at="/output/choices/0/message",
    messages_at="/input/messages",
    choices_at="/output/choices",
    message_key="message",
    error_key="code",
)


def values(prepared: Prepared) -> dict[str, object]:
    """What the templates place."""
    return http.values(prepared, _PLACES, in_parts=prepared.kind == "multimodal")
