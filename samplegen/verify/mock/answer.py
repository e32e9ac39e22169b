"""What the service answers to a call, in no protocol's terms.

An answer depends on its request alone, so that whoever knows the one knows the other; and
it proves something: what a request should bring back from the answer before is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from samplegen.model.call import Call, Message
from samplegen.model.catalog import Family
from samplegen.model.frozen import texts, thaw
from samplegen.protocols.base import Answer, ToolCall, Usage
from samplegen.verify.mock.behaviour import Behaviour
from samplegen.verify.mock.schema import instance

ANSWER: Final = 'I am a mock, they say: "modèle simulé".\nIn other scripts: 模拟, モック, 🙂.'

REASONING: Final = 'Someone wants to know who answers here, "hm".\nWell: nobody. 思考, 考え, 🤔.'
"""What a model thinks before it answers; it has no word in common with what it then says."""

TOLD: Final = "The tools said, and I trust them: 工具, ツール, 🔧."
"""What stands above the results of tools."""

# Separators that JSON leaves as they are, and that some languages take for ends of lines;
# and more than fits into the usual buffer of a line.
ODD: Final = f"{ANSWER}\u2028 \u2029 \u0085 and {'a long line, 長い行; ' * 5000}its end."

UNKNOWN_TOOL: Final = "no_such_tool"


def answers(call: Call, family: Family, behaviour: Behaviour = "answer") -> tuple[Answer, ...]:
    """The answers to a call that is not refused: one, or as many as it asks for."""
    from samplegen.rendering.sample import thinks

    reasoning = REASONING if thinks(call.parameters, family) else ""
    calls = tuple(_calls(call, behaviour))
    if calls:
        return (Answer("", reasoning, calls, "tool_calls"),)
    text = _text(call, behaviour)
    # With tools there is one answer, whatever the call says.
    wanted = 1 if call.parameters.get("tools") else call.parameters.get("n")
    count = wanted if isinstance(wanted, int) else 1
    return tuple(
        _bounded(call, text if number == 0 else _other(text, number), reasoning)
        for number in range(max(count, 1))
    )


def usage(call: Call, said: tuple[Answer, ...]) -> Usage:
    """The numbers of tokens: here, each character is one."""
    asked = sum(len(text) for message in call.messages for text in _texts_of(message))
    reasoned = sum(len(one.reasoning) for one in said)
    answered = sum(len(one.content) + sum(len(c.arguments) for c in one.tool_calls) for one in said)
    parts = (
        part for one in call.messages if isinstance(one.content, tuple) for part in one.content
    )
    return Usage(asked, answered + reasoned, reasoned, any("cache_control" in one for one in parts))


def _texts_of(message: Message) -> Iterator[str]:
    if isinstance(message.content, str):
        yield message.content
    for part in message.content if isinstance(message.content, tuple) else ():
        if isinstance(part.get("text"), str):
            yield part["text"]


def _calls(call: Call, behaviour: Behaviour) -> Iterator[ToolCall]:
    """The calls of tools that come before an answer: none once there are results."""
    tools = call.parameters.get("tools") or ()
    choice = call.parameters.get("tool_choice")
    answered = call.messages[-1].role == "tool" and behaviour != "endless-tools"
    if not tools or choice == "none" or answered:
        return
    if isinstance(choice, Mapping):
        named = choice.get("function", {}).get("name")
        tools = [tool for tool in tools if tool["function"]["name"] == named] or tools
    several = call.parameters.get("parallel_tool_calls") is True
    for number, tool in enumerate(tools if several else tools[:1]):
        function = tool["function"]
        name = UNKNOWN_TOOL if behaviour == "unknown-tool" else function["name"]
        value = instance({"type": "object", **thaw(function.get("parameters") or {})})
        arguments = json.dumps(value, ensure_ascii=False)
        if behaviour == "bad-arguments":
            arguments = arguments[:-1]
        told = f"{len(call.messages)} {number} {name} {arguments}".encode()
        id = f"call_{hashlib.sha256(told).hexdigest()[:24]}"
        yield ToolCall(id, name, arguments)


def _text(call: Call, behaviour: Behaviour) -> str:
    text = ODD if behaviour == "odd-stream" else ANSWER
    results = _results(call)
    # Each answer of a conversation differs from those before.
    number = sum(m.role == "assistant" and any(_texts_of(m)) for m in call.messages) + 1
    if call.messages[-1].role == "assistant":  # It is to be continued.
        number -= 1
    if results:
        text = "\n".join([TOLD, *results])
    elif number > 1:
        text = f"{text} ({number})"
    form = call.parameters.get("response_format")
    kind = form.get("type") if isinstance(form, Mapping) else None
    if behaviour != "no-json" and kind == "json_object":
        return json.dumps({"answer": text, "certain": True}, ensure_ascii=False)
    if behaviour != "no-json" and kind == "json_schema" and isinstance(form, Mapping):
        named = form.get("json_schema")
        schema = named.get("schema") if isinstance(named, Mapping) else None
        return json.dumps(instance(thaw(schema)), ensure_ascii=False)
    return text


def _results(call: Call) -> list[str]:
    """The results of tools that the conversation ends with, in their order."""
    found = []
    for message in reversed(call.messages):
        if message.role != "tool":
            break
        found.append("".join(texts(message.content)) if message.content else "")
    return found[::-1]


def _other(text: str, number: int) -> str:
    """Another answer to the same question; of JSON, the same, which is as valid."""
    try:
        json.loads(text)
    except ValueError:
        return f"{text} [{number + 1}]"
    return text


def _bounded(call: Call, text: str, reasoning: str) -> Answer:
    """An answer as long as the call allows; what is not sent ends it, too."""
    stops: Any = call.parameters.get("stop") or ()
    for stop in [stops] if isinstance(stops, str) else stops:
        if isinstance(stop, str) and stop:
            text = text.partition(stop)[0]
    bounds = [call.parameters.get("max_tokens")]
    if isinstance(both := call.parameters.get("max_completion_tokens"), int):
        bounds.append(max(both - len(reasoning), 0))
    most = min((bound for bound in bounds if isinstance(bound, int)), default=len(text))
    if most < len(text):
        return Answer(text[:most], reasoning, (), "length")
    return Answer(text, reasoning)
