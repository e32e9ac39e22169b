"""How openai-java says what a call says.

Its builders have a setter for what OpenAI's own service takes, and a way in for every
other field. `maxTokens`, `seed` and `user` are deprecated, and javac warns of them: these
fields take that way. Read in openai-java 4.101.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from samplegen.languages.java.code import (
    Chain,
    Expression,
    Invoked,
    Line,
    Name,
    Record,
    Setter,
    Setters,
    boolean,
    double,
    imports,
    long,
    many,
    plain,
    results,
    setting,
    text,
)

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

_CHAT: Final = "com.openai.models.chat.completions"

PACKAGES: Final = {
    "AzureApiKeyCredential": "com.openai.azure.credential",
    "OpenAIClient": "com.openai.client",
    "OpenAIOkHttpClient": "com.openai.client.okhttp",
    "JsonValue": "com.openai.core",
    "ObjectMappers": "com.openai.core",
    "StreamResponse": "com.openai.core.http",
    "CompletionUsage": "com.openai.models.completions",
    "DeserializationFeature": "com.fasterxml.jackson.databind",
    "JsonNode": "com.fasterxml.jackson.databind",
    "JsonProcessingException": "com.fasterxml.jackson.core",
    "ObjectReader": "com.fasterxml.jackson.databind",
    "FunctionDefinition": "com.openai.models",
    "FunctionParameters": "com.openai.models",
    "ReasoningEffort": "com.openai.models",
    "ResponseFormatJsonObject": "com.openai.models",
    "JsonSchema": "com.openai.models.ResponseFormatJsonSchema",
    "ResponseFormatText": "com.openai.models",
    "Detail": f"{_CHAT}.ChatCompletionContentPartImage.ImageUrl",
    "Format": f"{_CHAT}.ChatCompletionContentPartInputAudio.InputAudio",
    "Function": f"{_CHAT}.ChatCompletionMessageFunctionToolCall",
    "ImageUrl": f"{_CHAT}.ChatCompletionContentPartImage",
    "InputAudio": f"{_CHAT}.ChatCompletionContentPartInputAudio",
    **dict.fromkeys(
        (
            "ChatCompletion",
            "ChatCompletionAssistantMessageParam",
            "ChatCompletionChunk",
            "ChatCompletionContentPart",
            "ChatCompletionContentPartImage",
            "ChatCompletionContentPartInputAudio",
            "ChatCompletionContentPartText",
            "ChatCompletionCreateParams",
            "ChatCompletionMessage",
            "ChatCompletionMessageFunctionToolCall",
            "ChatCompletionMessageParam",
            "ChatCompletionMessageToolCall",
            "ChatCompletionNamedToolChoice",
            "ChatCompletionStreamOptions",
            "ChatCompletionSystemMessageParam",
            "ChatCompletionToolChoiceOption",
            "ChatCompletionToolMessageParam",
            "ChatCompletionUserMessageParam",
        ),
        _CHAT,
    ),
}
"""The package, or the class around it, of each class that samples use."""


def json_value(value: Any) -> Invoked:
    """Any JSON value as a `JsonValue`."""
    said = plain(value)
    if said is not None or value is None:
        return Invoked("JsonValue.from", (said,))
    tree = Chain(Invoked("ObjectMappers.jsonMapper"), (Invoked(".readTree", (value,)),))
    return Invoked("JsonValue.fromJsonNode", (tree,))


def _read(class_name: str, value: Any) -> Chain | None:
    """A JSON object, as text that is read into a class: a schema, or what has no builder."""
    if not isinstance(value, Mapping):
        return None
    read = Invoked(".readValue", (value, Name(f"{class_name}.class")))
    return Chain(Invoked("ObjectMappers.jsonMapper"), (read,))


def _extra(name: str, value: Any) -> Invoked:
    return Invoked(".putAdditionalProperty", (name, json_value(value)))


_Open = partial(Record, door=_extra)


def _constant(class_name: str, known: tuple[str, ...], value: Any) -> Name | None:
    return Name(f"{class_name}.{value.upper()}") if value in known else None


def _effort(value: Any) -> Expression | None:
    if not isinstance(value, str):
        return None
    known = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
    constant = _constant("ReasoningEffort", known, value)
    return constant or Invoked("ReasoningEffort.of", (value,))


def _choice(value: Any) -> Name | None:
    known = ("auto", "none", "required")
    words = isinstance(value, str)
    return _constant("ChatCompletionToolChoiceOption.Auto", known, value) if words else None


def _word(class_name: str, value: Any) -> Invoked | None:
    """Any text as one of the words that a class is for."""
    said = text(value)
    return None if said is None else Invoked(f"{class_name}.of", (said,))


_TEXT = (Setter("text", text),)
_TEXT_PART = _Open("ChatCompletionContentPartText", {"text": _TEXT}, ("text",), {"type": "text"})

_IMAGE_URL = _Open(
    "ImageUrl",
    {
        "url": (Setter("url", text),),
        "detail": (Setter("detail", partial(_word, "Detail")),),
    },
    ("url",),
)

_INPUT_AUDIO = _Open(
    "InputAudio",
    {
        "data": (Setter("data", text),),
        "format": (Setter("format", partial(_word, "Format")),),
    },
    ("data", "format"),
)

PARTS: Final[Mapping[str, tuple[str, Record]]] = {
    "text": ("ofText", _TEXT_PART),
    "image_url": (
        "ofImageUrl",
        _Open(
            "ChatCompletionContentPartImage",
            {"image_url": (Setter("imageUrl", _IMAGE_URL),)},
            ("image_url",),
            {"type": "image_url"},
        ),
    ),
    "input_audio": (
        "ofInputAudio",
        _Open(
            "ChatCompletionContentPartInputAudio",
            {"input_audio": (Setter("inputAudio", _INPUT_AUDIO),)},
            ("input_audio",),
            {"type": "input_audio"},
        ),
    ),
}
"""How a part of a user's content is written, by its type."""


def _part(value: Any) -> Expression | None:
    factory, record = PARTS.get(value.get("type"), ("", None))
    made = record(value) if record else None
    if made is None:
        return _read("ChatCompletionContentPart", value)
    return Invoked(f"ChatCompletionContentPart.{factory}", (made,))


_FUNCTION = _Open(
    "Function",
    {"name": (Setter("name", text),), "arguments": (Setter("arguments", text),)},
    ("name", "arguments"),
)

_TOOL_CALL = _Open(
    "ChatCompletionMessageFunctionToolCall",
    {"id": (Setter("id", text),), "function": (Setter("function", _FUNCTION),)},
    ("id", "function"),
    {"type": "function"},
)

_NAME = (Setter("name", text),)
_CONTENT = Setter("content", text)
_TEXTS = Setter("contentOfArrayOfContentParts", many(_TEXT_PART))
_PARTS = Setter("contentOfArrayOfContentParts", many(_part))

MESSAGES: Final[Mapping[str, Record]] = {
    "system": _Open(
        "ChatCompletionSystemMessageParam",
        {"content": (_CONTENT, _TEXTS), "name": _NAME},
        ("content",),
        {"role": "system"},
    ),
    "user": _Open(
        "ChatCompletionUserMessageParam",
        {"content": (_CONTENT, _PARTS), "name": _NAME},
        ("content",),
        {"role": "user"},
    ),
    "assistant": _Open(
        "ChatCompletionAssistantMessageParam",
        {
            "content": (_CONTENT,),
            "name": _NAME,
            "tool_calls": (Setter("addToolCall", _TOOL_CALL, each=True),),
        },
        (),
        {"role": "assistant"},
    ),
    "tool": _Open(
        "ChatCompletionToolMessageParam",
        {
            "content": (_CONTENT, _TEXTS),
            "tool_call_id": (Setter("toolCallId", text),),
        },
        ("content", "tool_call_id"),
        {"role": "tool"},
    ),
}
"""How a message is written, by its role."""

SHORT: Final[Mapping[str, tuple[Setter, ...]]] = {
    "system": (
        Setter("addSystemMessage", text),
        Setter("addSystemMessageOfArrayOfContentParts", many(_TEXT_PART)),
    ),
    "user": (
        Setter("addUserMessage", text),
        Setter("addUserMessageOfArrayOfContentParts", many(_part)),
    ),
    "assistant": (Setter("addAssistantMessage", text),),
}
"""How a message that is a role and a content is written, by its role."""


def _message(message: Mapping[str, Any]) -> Invoked:
    """The call that adds a message."""
    short = setting(SHORT, message["role"], message["content"])
    if short and message.keys() == {"role", "content"}:
        return short[0]
    if "tool_calls" in message and message["content"] is None:
        message = {name: value for name, value in message.items() if name != "content"}
    made = MESSAGES[message["role"]](message)
    return Invoked(".addMessage", (made or _read("ChatCompletionMessageParam", message),))


_FUNCTION_DEFINITION = _Open(
    "FunctionDefinition",
    {
        "name": (Setter("name", text),),
        "description": (Setter("description", text),),
        "parameters": (Setter("parameters", partial(_read, "FunctionParameters")),),
        "strict": (Setter("strict", boolean),),
    },
    ("name",),
)


def _tool(value: Any) -> Chain | None:
    """A tool that is a function and nothing beside it."""
    if not isinstance(value, Mapping) or value.keys() != {"type", "function"}:
        return None
    is_function = isinstance(value["type"], str) and value["type"] == "function"
    return _FUNCTION_DEFINITION(value["function"]) if is_function else None


_JSON_SCHEMA = _Open(
    "JsonSchema",
    {
        "name": (Setter("name", text),),
        "description": (Setter("description", text),),
        "strict": (Setter("strict", boolean),),
        "schema": (Setter("schema", partial(_read, "JsonSchema.Schema")),),
    },
    ("name",),
)


def _schema_format(value: Any) -> Chain | None:
    if not isinstance(value, Mapping) or value.keys() != {"type", "json_schema"}:
        return None
    is_schema = isinstance(value["type"], str) and value["type"] == "json_schema"
    return _JSON_SCHEMA(value["json_schema"]) if is_schema else None


PARAMETERS: Final[Setters] = {
    "temperature": (Setter("temperature", double),),
    "top_p": (Setter("topP", double),),
    "max_completion_tokens": (Setter("maxCompletionTokens", long),),
    "n": (Setter("n", long),),
    "stop": (Setter("stop", text), Setter("stopOfStrings", many(text))),
    "presence_penalty": (Setter("presencePenalty", double),),
    "frequency_penalty": (Setter("frequencyPenalty", double),),
    "logprobs": (Setter("logprobs", boolean),),
    "top_logprobs": (Setter("topLogprobs", long),),
    "reasoning_effort": (Setter("reasoningEffort", _effort),),
    "response_format": (
        Setter("responseFormat", _Open("ResponseFormatText", {}, (), {"type": "text"})),
        Setter(
            "responseFormat", _Open("ResponseFormatJsonObject", {}, (), {"type": "json_object"})
        ),
        Setter("jsonSchemaResponseFormat", _schema_format),
    ),
    "tools": (Setter("addFunctionTool", _tool, each=True),),
    "tool_choice": (
        Setter("toolChoice", _choice),
        Setter(
            "toolChoice",
            _Open(
                "ChatCompletionNamedToolChoice",
                {
                    "function": (
                        Setter(
                            "function",
                            _Open(
                                "ChatCompletionNamedToolChoice.Function",
                                {"name": (Setter("name", text),)},
                                ("name",),
                            ),
                        ),
                    )
                },
                ("function",),
                {"type": "function"},
            ),
        ),
    ),
    "parallel_tool_calls": (Setter("parallelToolCalls", boolean),),
    "stream_options": (
        Setter(
            "streamOptions",
            _Open(
                "ChatCompletionStreamOptions", {"include_usage": (Setter("includeUsage", boolean),)}
            ),
        ),
    ),
}
"""How a parameter is written, by its name."""


def _question(content: Any) -> Line:
    """The parameters with an answer and another question."""
    calls = (
        Invoked(".addMessage", (Name("answer"),)),
        Invoked(".addUserMessage", (content,)),
        Invoked(".build"),
    )
    return Line("params =", Chain(Invoked("params.toBuilder"), calls))


def values(prepared: Prepared) -> dict[str, object]:
    """What the templates place.

    `setters` are the calls that say the messages and the parameters, `results` is what
    functions return, `imports` makes the imports of all that and more.
    """
    setters = [_message(message) for message in prepared.body["messages"]]
    for name, value in prepared.body.items():
        # The method that sends it says that it streams.
        if name in ("model", "messages") or (name == "stream" and value is True):
            continue
        found = setting(PARAMETERS, name, value)
        door = Invoked(".putAdditionalBodyProperty", (name, json_value(value)))
        setters += [door] if found is None else found
    return {
        "setters": setters,
        "results": results(prepared.chat),
        "next_question": _question,
        "imports": partial(imports, setters, PACKAGES),
    }
