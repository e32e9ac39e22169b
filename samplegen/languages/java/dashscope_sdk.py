"""How dashscope-sdk-java says what a call says.

It has a builder for text models and one for multimodal models, and `parameter` for every
parameter that they lack. There is no such way into a message: what `Message` and
`MultiModalMessage` do not have cannot be sent, nor can a field that is null, which Gson
leaves out. Its `SearchOptions` says more than it is told, and so is not used. Read in
dashscope-sdk-java 2.22.13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

from samplegen.errors import InputError
from samplegen.languages.java.code import (
    Chain,
    Invoked,
    Line,
    Name,
    Record,
    Setter,
    Setters,
    boolean,
    double,
    imports,
    integer,
    long,
    many,
    plain,
    results,
    setting,
    single,
    text,
)
from samplegen.model.catalog import builtin

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

_SDK: Final = builtin().packages["java"]["dashscope-sdk"]
_ROOT: Final = _SDK.name.partition(":")[0] + ".dashscope"
_TEXT: Final = f"{_ROOT}.aigc.generation"
_MULTIMODAL: Final = f"{_ROOT}.aigc.multimodalconversation"

PACKAGES: Final = {
    "Generation": _TEXT,
    "GenerationParam": _TEXT,
    "GenerationResult": _TEXT,
    "MultiModalConversation": _MULTIMODAL,
    "MultiModalConversationParam": _MULTIMODAL,
    "MultiModalConversationResult": _MULTIMODAL,
    "Message": f"{_ROOT}.common",
    "MultiModalMessage": f"{_ROOT}.common",
    "ResponseFormat": f"{_ROOT}.common",
    "Role": f"{_ROOT}.common",
    "Protocol": f"{_ROOT}.protocol",
    "FunctionDefinition": f"{_ROOT}.tools",
    "ToolCallBase": f"{_ROOT}.tools",
    "ToolCallFunction": f"{_ROOT}.tools",
    "ToolFunction": f"{_ROOT}.tools",
    "JsonUtils": f"{_ROOT}.utils",
    "GenerationOutput": _TEXT,
    "GenerationUsage": _TEXT,
    "MultiModalConversationOutput": _MULTIMODAL,
    "MultiModalConversationUsage": _MULTIMODAL,
    "JsonElement": "com.google.gson",
    "JsonObject": "com.google.gson",
    "JsonParseException": "com.google.gson",
}
"""The package of each class that samples use."""


def _refuse(where: str, what: str) -> NoReturn:
    raise InputError(
        f"{where}: the DashScope SDK for Java {what} ({_SDK.label} {_SDK.version}): "
        f"use client 'http'"
    )


def json_value(value: Any) -> Any:
    """Any JSON value as what the SDK sends as that."""
    said = plain(value)
    return Invoked("JsonUtils.parseString", (value,)) if said is None else said


def _parsed(value: Any) -> Invoked | None:
    """A JSON schema: its text."""
    return Invoked("JsonUtils.parse", (value,)) if isinstance(value, Mapping) else None


def _role(value: Any) -> Chain:
    return Chain(Name(f"Role.{value.upper()}"), (Invoked(".getValue"),))


def _tool_call(value: Any) -> Invoked | None:
    """A call of a function. Its class has no builder, and drops what it has no field for."""
    match value:
        case {"id": id, "type": str(type), "function": {"name": name, "arguments": given, **inner}}:
            known = not inner and value.keys() <= {"id", "type", "function", "index"}
            texts = all(text(one) is not None for one in (id, name, given))
            counted = integer(value.get("index", 0)) is not None
            if type == "function" and known and texts and counted:
                return Invoked("JsonUtils.fromJson", (value, Name("ToolCallFunction.class")))
    return None


def _part(value: Any) -> Invoked | None:
    """A part of a content: maps and lists of scalars, down to the last."""
    if isinstance(value, Mapping):
        items = {name: _part_item(item) for name, item in value.items()}
        pairs = tuple(part for pair in items.items() for part in pair)
        fits = len(items) <= 10 and not any(item is None for item in items.values())
        return Invoked("Map.of", pairs) if fits else None
    return None


def _part_item(value: Any) -> Any | None:
    if isinstance(value, Mapping):
        return _part(value)
    if isinstance(value, list):
        return many(_part_item, least=0)(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return long(value) if whole else value


_FUNCTION = Record(
    "FunctionDefinition",
    {
        "name": (Setter("name", text),),
        "description": (Setter("description", text),),
        "parameters": (Setter("parameters", _parsed),),
    },
    ("name",),
)

_TOOL = Record(
    "ToolFunction",
    {"function": (Setter("function", _FUNCTION),)},
    ("function",),
    {"type": "function"},
)


def _format(value: Any) -> Invoked | None:
    for constant, type in {"TEXT": "text", "JSON_OBJECT": "json_object"}.items():
        if isinstance(value, Mapping) and value.keys() == {"type"} and value["type"] == type:
            return Invoked("ResponseFormat.from", (Name(f"ResponseFormat.{constant}"),))
    return None


def _true(value: Any) -> bool | None:
    return True if value is True else None


_EITHER: Final[Setters] = {
    "temperature": (Setter("temperature", single),),
    "top_p": (Setter("topP", double),),
    "top_k": (Setter("topK", integer),),
    "max_tokens": (Setter("maxTokens", integer),),
    "seed": (Setter("seed", integer),),
    "repetition_penalty": (Setter("repetitionPenalty", single),),
    "n": (Setter("n", integer),),
    "enable_thinking": (Setter("enableThinking", boolean),),
    "thinking_budget": (Setter("thinkingBudget", integer),),
    # `false` would not be sent with a text model.
    "enable_search": (Setter("enableSearch", _true),),
    "incremental_output": (Setter("incrementalOutput", _true),),
    "response_format": (Setter("responseFormat", _format),),
    "tools": (Setter("tools", many(_TOOL)),),
    "tool_choice": (Setter("toolChoice", text), Setter("toolChoice", _TOOL)),
    "parallel_tool_calls": (Setter("parallelToolCalls", boolean),),
}

PARAMETERS: Final[Mapping[str, Setters]] = {
    "text": {
        **_EITHER,
        "stop": (Setter("stopStrings", many(text)),),
        "logprobs": (Setter("logprobs", boolean),),
        "top_logprobs": (Setter("topLogprobs", integer),),
    },
    "multimodal": {
        **_EITHER,
        "presence_penalty": (Setter("presencePenalty", single),),
        "vl_high_resolution_images": (Setter("vlHighResolutionImages", boolean),),
    },
}
"""How a parameter is written, by the kind of the model and its name."""

_EITHER_MESSAGE: Final[Setters] = {
    "role": (Setter("role", _role),),
    "name": (Setter("name", text),),
    "reasoning_content": (Setter("reasoningContent", text),),
    "tool_calls": (Setter("toolCalls", many(_tool_call)),),
    "tool_call_id": (Setter("toolCallId", text),),
}

MESSAGES: Final[Mapping[str, Record]] = {
    "text": Record(
        "Message",
        {
            **_EITHER_MESSAGE,
            "content": (Setter("content", text),),
            "partial": (Setter("partial", boolean),),
        },
    ),
    "multimodal": Record(
        "MultiModalMessage",
        {**_EITHER_MESSAGE, "content": (Setter("content", many(_part, least=0)),)},
    ),
}
"""How a message is written, by the kind of the model."""


def _message(kind: str, message: Mapping[str, Any]) -> Chain:
    """A message; what it cannot say is refused."""
    record = MESSAGES[kind]
    said = {
        name: value for name, value in message.items() if name != "content" or value is not None
    }
    if kind == "multimodal":
        said = {"role": said.pop("role"), "content": said.pop("content", []), **said}
    made = record(said)
    if made is None:
        name = next(n for n, value in said.items() if setting(record.setters, n, value) is None)
        _refuse(f"{name!r} of {_article(message['role'])} message", "cannot send it like this")
    return made


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _nulls(value: Any, where: str = "") -> Iterator[str]:
    """Where JSON has a field that is null; in a list, null is sent."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if item is None:
                yield f"{where}.{name}".lstrip(".")
            yield from _nulls(item, f"{where}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _nulls(item, f"{where}[{number}]")


def values(prepared: Prepared) -> dict[str, object]:
    """What the templates place.

    `said` is the list of the messages, `setters` set the parameters, `results` is what
    functions return, `imports` makes the imports of all that and more; see `_reading`.
    """
    kind, messages = prepared.kind, prepared.body["input"]["messages"]
    parameters = prepared.body.get("parameters", {})
    for name, value in parameters.items():
        for where in _nulls({name: value}):
            _refuse(f"option {name}", f"does not send fields that are null, as {where!r} is")
    if kind == "multimodal" and "voice" in parameters:
        _refuse("option voice", "sends it beside the messages, too")
    said = Invoked("List.of", tuple(_message(kind, message) for message in messages))
    setters: list[Invoked] = []
    for name, value in parameters.items():
        if name != "result_format":
            found = setting(PARAMETERS[kind], name, value)
            door = Invoked(".parameter", (name, json_value(value)))
            setters += [door] if found is None else found
    return {
        "said": said,
        "setters": setters,
        **_reading(kind),
        "results": results(prepared.chat),
        "imports": partial(imports, [said, *setters], PACKAGES),
    }


def _reading(kind: str) -> dict[str, object]:
    """What reads answers, for a kind of models.

    `names` are its classes and variables, `call` is the message of an answer, `message` takes
    it, `chunks` loops over an answer in pieces, `text_of` is how the text of a message is
    had, `reading` are the classes for that, `next_question` adds to the list `history`.
    """
    names = NAMES[kind]
    call = f"{names['variable']}.call(param).getOutput().getChoices().get(0).getMessage()"
    streamed = f"{names['variable']}.streamCall(param).blockingIterable()) {{"
    return {
        "names": names,
        "call": call,
        "message": Line(f"{names['message']} message =", Name(call)),
        "chunks": Line(f"for ({names['result']} result :", Name(streamed)),
        "reading": ["Collectors"] if kind == "multimodal" else [],
        "next_question": partial(_question, kind),
        "text_of": _joined if kind == "multimodal" else _plain,
    }


def _question(kind: str, content: Any) -> Invoked:
    said = [{"text": content}] if kind == "multimodal" else content
    return Invoked("history.add", (_message(kind, {"role": "user", "content": said}),))


def _plain(message: str) -> str:
    return f"{message}.getContent()"


def _joined(message: str) -> str:
    return f"textOf({message})"


NAMES: Final = {
    "text": {
        "service": "Generation",
        "variable": "generation",
        "param": "GenerationParam",
        "result": "GenerationResult",
        "output": "GenerationOutput",
        "usage": "GenerationUsage",
        "message": "Message",
        "item": "Message",
    },
    "multimodal": {
        "service": "MultiModalConversation",
        "variable": "conversation",
        "param": "MultiModalConversationParam",
        "result": "MultiModalConversationResult",
        "output": "MultiModalConversationOutput",
        "usage": "MultiModalConversationUsage",
        "message": "MultiModalMessage",
        # What the list of messages holds.
        "item": "Object",
    },
}
"""What the SDK calls its classes, by the kind of the model."""
