"""The requests that a program must send, in order, each with the answers that it gets.

What a later request has to say follows from the answer before it, and the mock's answers
follow from their requests: so all of a conversation is known from its call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from samplegen.model.call import Call, Message
from samplegen.model.catalog import Catalog
from samplegen.protocols import protocol
from samplegen.protocols.base import Answer, BodyError, ToolCall
from samplegen.protocols.request import Request
from samplegen.verify import mock
from samplegen.verify.compare import differences

# A program runs tools in five rounds at most, and so asks once more than that.
MOST: Final = 6

TOOL_FLOWS: Final = ("tools", "tools-stream")


class Turn(NamedTuple):
    """A request of a conversation: the call that it is, and the answers that it gets."""

    call: Call
    request: Request
    answers: tuple[Answer, ...]


def turns(
    call: Call,
    flow: str,
    catalog: Catalog,
    behaviour: mock.Behaviour = "answer",
    got: Sequence[mock.Exchange] = (),
    client: str = "http",
) -> list[Turn]:
    """The turns of a sample: one, but for flows that run tools or ask a second question.

    Args:
        behaviour: of the mock, which all of its answers depend on.
        got: what came. A result that is the same JSON, written in another way, is taken
            from there, since it is answered as it is.
    """
    family = catalog.family(call.model)
    found: list[Turn] = []
    following: Call | None = call
    while following is not None and len(found) < MOST:
        if len(found) < len(got):
            following = _with_results_of(following, got[len(found)], catalog)
        said = mock.answers(following.sent(catalog), family, behaviour)
        found.append(Turn(following, Request.of(following, "", catalog, client), said))
        following = _following(following, said[0], call, flow)
    return found


def _following(call: Call, said: Answer, first: Call, flow: str) -> Call | None:
    """What a program asks after an answer; None where it shows it."""
    more: list[Message] = []
    if flow in TOOL_FLOWS and said.tool_calls:
        more = list(_results(said.tool_calls, first))
    elif flow == "chat" and first.then is not None and len(call.messages) == len(first.messages):
        more = [Message("user", first.then)]
    if not more:
        return None
    calls = [
        {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
        for id, name, arguments in said.tool_calls
    ]
    spoken = Message("assistant", said.content, tool_calls=calls)  # type: ignore[arg-type]
    return replace(call, messages=(*call.messages, spoken, *more))


def _results(calls: Sequence[ToolCall], first: Call) -> Iterator[Message]:
    """What a program's functions say: stubs that return what the call says they do."""
    tools = first.parameters.get("tools") or ()
    returned = {one["function"]["name"]: one["returns"] for one in tools if "returns" in one}
    for call in calls:
        yield Message("tool", _result(call, returned), tool_call_id=call.id)


def _result(call: ToolCall, returned: Mapping[str, Any]) -> str:
    try:
        json.loads(call.arguments)
    except ValueError:
        return "Error: the arguments are not JSON"
    if call.name not in returned:
        return f"Error: there is no tool {call.name}"
    value = returned[call.name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _with_results_of(call: Call, exchange: mock.Exchange, catalog: Catalog) -> Call:
    """A call with the results of tools as they came, where these are the same JSON."""
    if not any(message.role == "tool" for message in call.messages):
        return call
    try:
        body = json.loads(exchange.body)
        headers = dict(exchange.headers)
        came = protocol(call.protocol).parse(headers, body, catalog.family(call.model)).messages
        contents = [message.get("content") for message in came]
    except (ValueError, RecursionError, BodyError, KeyError, TypeError, AttributeError):
        return call
    if len(contents) != len(call.messages):
        return call
    messages = tuple(
        replace(meant, content=content)
        if meant.role == "tool" and isinstance(content, str) and _same_json(meant.content, content)
        else meant
        for meant, content in zip(call.messages, contents, strict=True)
    )
    return replace(call, messages=messages)


def _same_json(meant: object, content: str) -> bool:
    """Whether two texts are the same object or list."""
    try:
        one, other = json.loads(str(meant)), json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(one, dict | list) and not any(differences(one, other))
