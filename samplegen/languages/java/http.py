"""What samples of `java.net.http` need to read answers with Jackson, whatever the protocol."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from samplegen.languages.java.code import Chain, Invoked, Name, imports, results

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

PACKAGES: Final = {
    "JsonMapper": "tools.jackson.databind.json",
    "JsonNode": "tools.jackson.databind",
    "JacksonException": "tools.jackson.core",
    "ArrayNode": "tools.jackson.databind.node",
}
"""The package of each class of Jackson that samples use."""


class Places(NamedTuple):
    """Where a protocol has what samples read and add, as JSON pointers and keys.

    Args:
        answer_at: the message of an answer.
        messages_at: the messages of a body.
        choices_at: the choices of a chunk.
        message_key: the message of a choice of a chunk.
        error_key: what only the chunk of an error has.
    """

    answer_at: str
    messages_at: str
    choices_at: str
    message_key: str
    error_key: str


def values(prepared: Prepared, places: Places, *, in_parts: bool = False) -> dict[str, object]:
    """What the templates place.

    `text_of` is how the text of a content is had, `tool_message` and `next_question` add a
    message, `results` is what functions return, `imports` makes the imports.

    Args:
        in_parts: whether contents are lists of parts.
    """
    content = _parts if in_parts else _content
    call_id = Chain(Name("toolCall"), (Invoked(".path", ("id",)), Invoked(".asString")))
    result = _added("tool", (_put("tool_call_id", call_id), *content(Name("result"))))
    return {
        **places._asdict(),
        "text_of": _joined if in_parts else _plain,
        "tool_message": result,
        "next_question": partial(_question, content),
        "results": results(prepared.chat),
        "imports": partial(imports, (), PACKAGES),
    }


def _plain(node: str) -> str:
    """The text of a content; of null, Jackson makes an empty one."""
    return f"{node}.asString()"


def _joined(node: str) -> str:
    """The text of a content in parts."""
    return f'String.join("", {node}.findValuesAsString("text"))'


def _put(name: str, value: Any) -> Invoked:
    return Invoked(".put", (name, value))


def _content(value: Any) -> tuple[Invoked, ...]:
    return (_put("content", value),)


def _parts(value: Any) -> tuple[Invoked, ...]:
    return Invoked(".putArray", ("content",)), Invoked(".addObject"), _put("text", value)


def _added(role: str, calls: tuple[Invoked, ...]) -> Chain:
    return Chain(Invoked("messages.addObject"), (_put("role", role), *calls))


def _question(content: Callable[[Any], tuple[Invoked, ...]], text: Any) -> Chain:
    return _added("user", content(text))
