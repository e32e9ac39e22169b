"""What the service refuses: parameters that it does not take, and what models cannot do.

The words are the service's own where they are known (the catalog's, and those here, which
are of its page on error messages); a sample is refused with them, and the mock answers
with them. A catalog that lists no parameters restricts nothing but what its families say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from samplegen.errors import InputError
from samplegen.model import media
from samplegen.model.call import Call, Message
from samplegen.model.catalog import Catalog, Family
from samplegen.model.frozen import texts

# Samples say these in the header of the DashScope protocol, so a call of either may have them.
_OF_STREAMS = ("stream", "stream_options")

# What the service reads images and other media from.
_SCHEMES = ("http", "https", "data", "oss")

# The longest data URL that the service takes, in characters.
_LONGEST_DATA = 10485760


class Problem(NamedTuple):
    """Something that is refused: where in the call it stands, and why, in one sentence."""

    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}" if self.where else self.words


def refuse(call: Call, family: Family, catalog: Catalog, *, local: bool = True) -> None:
    """Refuse a call that the service would refuse.

    Args:
        local: whether its files may be ones that a sample reads, as `file:photo.jpg`.

    Raises:
        InputError: all that is wrong, each with the service's own words where it has some.
    """
    plain = not call.parameters and not any(
        message.rich or type(message.content) is not str for message in call.messages
    )
    if plain:
        roles = tuple([message.role for message in call.messages])
        _refuse_plain(call.model, roles, call.workspace, call.workspace_by, family, catalog)
    elif found := [*problems(call, family, catalog, local)]:
        raise InputError("; ".join(map(str, found)))


@lru_cache(maxsize=1024)
def _refuse_plain(
    model: str,
    roles: tuple[Any, ...],
    workspace: str | None,
    workspace_by: Any,
    family: Family,
    catalog: Catalog,
) -> None:
    """The same for messages of text alone, whose texts do not matter."""
    call = Call(
        protocol=family.protocols[0],
        model=model,
        messages=tuple(Message(role, "") for role in roles),
        workspace=workspace,
        workspace_by=workspace_by,
    )
    if found := [*problems(call, family, catalog)]:
        raise InputError("; ".join(map(str, found)))


def problems(call: Call, family: Family, catalog: Catalog, local: bool = True) -> Iterator[Problem]:
    """All that the service, or the protocol, refuses of a call."""
    yield from _of_parameters(call, catalog)
    yield from _of_model(call, family, catalog)
    yield from _of_thinking(call, family, catalog)
    yield from _of_format(call, family, catalog)
    yield from _of_tools(call, family)
    yield from _of_messages(call, family, catalog, local)
    if call.workspace_by == "header" and not call.workspace:
        yield Problem("workspace", "workspace_by 'header' sends its id: name it")


def _of_parameters(call: Call, catalog: Catalog) -> Iterator[Problem]:
    for name, value in call.parameters.items():
        facts = catalog.parameters.get(name)
        if facts is None:
            continue
        if facts.place != "body":
            yield Problem(name, f"this belongs to a {facts.place}, not to the call")
        elif facts.protocols and call.protocol not in facts.protocols and name not in _OF_STREAMS:
            others = " and ".join(facts.protocols)
            yield Problem(name, f"only protocol {others} has it, not {call.protocol}")
        elif words := facts.problem(value, call.model):
            yield Problem(name, words)
    given = "stream_options" in call.parameters and "stream_options" in catalog.parameters
    if given and not call.streams:
        yield Problem("stream_options", 'this is only for a call with "stream": true')


def _of_model(call: Call, family: Family, catalog: Catalog) -> Iterator[Problem]:
    if retired := catalog.retired(call.model):
        yield Problem("model", f"{call.model!r} is retired since {retired.since}{retired.advice}")
    if not family.chat:
        advice = f"choose a chat model, such as {catalog.defaults.model!r}"
        yield Problem("model", f"{call.model[:60]!r} is no chat model: {advice}")
    elif family.streams_only and not call.streams:
        words = "This model only support stream mode, please enable the stream parameter"
        yield Problem(
            "", f"model {call.model[:60]!r} answers only as a stream: set stream=true ({words})"
        )
    if family.max_n and _number(call.parameters.get("n")) > family.max_n:
        yield Problem("n", f"Range of n should be [1, {family.max_n}]")
    if call.parameters.get("enable_search") is True and family.enable_search is False:
        yield Problem("enable_search", "This model does not support enable_search.")


def _of_thinking(call: Call, family: Family, catalog: Catalog) -> Iterator[Problem]:
    switched = call.parameters.get("enable_thinking")
    if switched is True and family.thinking == "none":
        yield Problem(
            "enable_thinking", f"The model {call.model} does not support enable_thinking."
        )
    if switched is False and family.thinking == "only":
        yield Problem(
            "enable_thinking",
            "The value of the enable_thinking parameter is restricted to True.",
        )
    if switched is True and family.thinking_streams and not call.streams:
        yield Problem(
            "enable_thinking",
            "parameter.enable_thinking must be set to false for non-streaming calls",
        )
    forced = isinstance(call.parameters.get("tool_choice"), Mapping)
    if switched is True and forced and "tool_choice" in catalog.parameters:
        yield Problem("tool_choice", "a model that thinks cannot be made to call one function")


def _of_format(call: Call, family: Family, catalog: Catalog) -> Iterator[Problem]:
    form = call.parameters.get("response_format")
    kind = form.get("type") if isinstance(form, Mapping) else None
    if kind not in ("json_object", "json_schema"):
        return
    if (family.json_object if kind == "json_object" else family.json_schema) is False:
        yield Problem("response_format", f"model {call.model[:60]!r} has no {kind}")
    if "response_format" not in catalog.parameters:
        return
    if call.parameters.get("enable_thinking") is True:
        yield Problem(
            "response_format", "Json mode response is not supported when enable_thinking is true"
        )
    if kind == "json_object" and not any("json" in text.lower() for text in _said(call)):
        yield Problem(
            "messages",
            "'messages' must contain the word 'json' in some form, to use 'response_format' "
            "of type 'json_object'.",
        )


def _of_tools(call: Call, family: Family) -> Iterator[Problem]:
    if call.parameters.get("tools") and family.tools is False:
        yield Problem("tools", "The tool call is not supported.")


def _of_messages(call: Call, family: Family, catalog: Catalog, local: bool) -> Iterator[Problem]:
    for number, message in enumerate(call.messages):
        where = f"messages[{number}]"
        if message.role == "system" and not family.system:
            yield Problem(where, f"model {call.model[:60]!r} takes no system message")
        if isinstance(message.content, tuple):
            yield from _of_parts(message.content, f"{where}.content", call, family, catalog, local)
    # Asked last: what a catalog lists is read when it is first asked for.
    if any(one.role == "tool" or one.tool_calls for one in call.messages) and catalog.parameters:
        yield from _of_rounds(call.messages)


def _of_parts(
    parts: tuple[Mapping[str, Any], ...],
    where: str,
    call: Call,
    family: Family,
    catalog: Catalog,
    local: bool,
) -> Iterator[Problem]:
    for number, part in enumerate(parts):
        kind = part["type"]
        if kind != "text" and family.parts is not None and kind not in family.parts:
            taken = ", ".join(family.parts)
            words = f"model {call.model[:60]!r} takes text and {taken}, no {kind}"
            yield Problem(
                f"{where}[{number}]", words if taken else "input content must be a string."
            )
        for url in media.urls(part) if kind != "text" else ():
            if local and url.startswith(media.START):
                if why := media.misfit(kind, url):
                    yield Problem(f"{where}[{number}]", why)
                continue
            if not catalog.parameters:
                break
            if urlsplit(url).scheme not in _SCHEMES:
                yield Problem(
                    f"{where}[{number}]",
                    "The provided URL does not appear to be valid. "
                    "Ensure it is correctly formatted.",
                )
            elif url.startswith("data:") and len(url) > _LONGEST_DATA:
                words = f"Exceeded limit on max bytes per data-uri item : {_LONGEST_DATA}'."
                yield Problem(f"{where}[{number}]", words)


def _of_rounds(messages: tuple[Message, ...]) -> Iterator[Problem]:
    """Each result of a tool follows its call, and each call has a result."""
    open_calls: list[Any] = []
    for number, message in enumerate(messages):
        if message.role == "tool":
            if message.tool_call_id not in open_calls:
                yield Problem(
                    f"messages[{number}]",
                    'messages with role "tool" must be a response to a preceeding message '
                    'with "tool_calls"',
                )
            else:
                open_calls.remove(message.tool_call_id)
            continue
        if open_calls:
            yield _unanswered(number)
        open_calls = [one["id"] for one in message.tool_calls]
    if open_calls:
        yield _unanswered(len(messages))


def _unanswered(number: int) -> Problem:
    return Problem(
        f"messages[{number - 1}]",
        'An assistant message with "tool_calls" must be followed by tool messages responding '
        'to each "tool_call_id". The following tool_call_ids did not have response messages: '
        f"message[{number}].role",
    )


def _said(call: Call) -> Iterator[str]:
    for message in call.messages:
        yield from texts(message.content)


def _number(value: object) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0
