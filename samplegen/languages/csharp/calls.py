"""What calls in C# say of requests: the package `OpenAI`, `HttpClient` and RestSharp."""

from __future__ import annotations

import re

from samplegen.readback.dialect import snake
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import Call, Expression, Name, dotted
from samplegen.readback.meanings import argument
from samplegen.readback.reading import Reading, Readings, text_at
from samplegen.readback.values import Evaluated, Items, Record, Scalar

_OPENAI = re.compile(r"\.CompleteChat(Streaming)?(Async)?$")
_CLIENT = re.compile(r"(^|\.)(ChatClient|GetChatClient|OpenAIClient)$")
_RESOURCES = {
    "Embedding": "embeddings",
    "Image": "images",
    "Audio": "audio",
    "OpenAIFile": "files",
    "OpenAIModel": "models",
    "Batch": "batches",
    "OpenAIResponse": "responses",
    "Responses": "responses",
    "Moderation": "moderations",
    "Assistant": "assistants",
    "Realtime": "realtime",
}
_OTHER_CLIENT = re.compile(rf"(?:^|\.)(?:Get)?({'|'.join(_RESOURCES)})Client$")
_MESSAGE = re.compile(r"(System|User|Assistant|Developer|Tool)(?:Chat)?Message$")
# The properties of `ChatCompletionOptions` and what they send: the serialization in
# openai-dotnet 2, `ChatCompletionOptions.Serialization.cs`.
_OPTIONS = {
    "Temperature": "temperature",
    "TopP": "top_p",
    "MaxOutputTokenCount": "max_completion_tokens",
    "FrequencyPenalty": "frequency_penalty",
    "PresencePenalty": "presence_penalty",
    "StopSequences": "stop",
    "Seed": "seed",
    "IncludeLogProbabilities": "logprobs",
    "TopLogProbabilityCount": "top_logprobs",
    "EndUserId": "user",
    "AllowParallelToolCalls": "parallel_tool_calls",
    "ResponseFormat": "response_format",
    "ReasoningEffortLevel": "reasoning_effort",
    "ToolChoice": "tool_choice",
    "Tools": "tools",
}
_TOOL = ("functionName", "functionDescription", "functionParameters")


def made(evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
    """What a function of the SDK makes; None where it is none of these."""
    last = name.rpartition(".")[2]
    role = _MESSAGE.search(last)
    if role is not None and call.arguments and last not in evaluator.program.types:
        return _message(evaluator, call, role[1])
    start, end = call.function.start, call.function.end
    said: dict[str, Evaluated] = {}
    if name.endswith("ChatMessageContentPart.CreateTextPart"):
        said["type"] = text_at("text", start, end)
        _put(said, "text", evaluator.value(argument(call, 0)))
    elif name.endswith("ChatMessageContentPart.CreateImagePart"):
        url: dict[str, Evaluated] = {}
        _put(url, "url", evaluator.value(argument(call, 0)))
        said["type"] = text_at("image_url", start, end)
        said["image_url"] = Record(url, call.start, call.end)
    elif name.endswith("ChatResponseFormat.CreateJsonObjectFormat"):
        said["type"] = text_at("json_object", start, end)
    elif name.endswith("ChatTool.CreateFunctionTool"):
        function: dict[str, Evaluated] = {}
        for number, given in enumerate(_TOOL):
            value = evaluator.value(argument(call, number, given))
            _put(function, given.removeprefix("function").lower(), evaluator.parsed(value))
        said["type"] = text_at("function", start, end)
        said["function"] = Record(function, call.start, call.end)
    return Record(said, call.start, call.end) if said else None


def _message(evaluator: Evaluator, call: Call, role: str) -> Record:
    values = [given.value for given in call.arguments]
    said: dict[str, Evaluated] = {
        "role": text_at(role.lower(), call.function.start, call.function.end)
    }
    if role == "Tool" and len(values) > 1:
        _put(said, "tool_call_id", evaluator.value(values.pop(0)))
    if len(values) > 1:
        # Parts may be given one by one.
        parts = [one for value in values if (one := evaluator.value(value)) is not None]
        said["content"] = Items(parts, values[0].start, values[-1].end)
    else:
        _put(said, "content", evaluator.value(values[0]))
    return Record(said, call.start, call.end)


def _put(said: dict[str, Evaluated], name: str, value: Evaluated | None) -> None:
    if value is not None:
        said[name] = value


def read_calls(readings: Readings) -> None:
    """Note what the program's calls say of its requests."""
    named = [(call, dotted(call.function)) for call in readings.program.calls]
    for call, name in named:
        if _OPENAI.search(name):
            _openai(readings, call, name)
        elif (found := _OTHER_CLIENT.search(name)) and (call.is_new or ".Get" in name):
            kind = readings.kind_of("openai", _RESOURCES[found[1]])
            reading = readings.sdk("openai", call, kind)
            reading.set_model(readings.value(argument(call, 0, "model")))
            _client(readings, reading, call)
    clients = [call for call, name in named if _CLIENT.search(name)]
    if clients and not readings.through_sdk:
        readings.sdk("openai", clients[0], "")
    if readings.through_sdk:
        for call, _ in named:
            _client(readings, readings.shared, call)
    for call, name in named:
        _http(readings, call, name)
    # What a property of a client or request is set to.
    for name, assigned in readings.program.assignments.items():
        if "." in name:
            for one in assigned:
                _set(readings, name.rpartition(".")[2], one.value, "Default" in name)


# The OpenAI SDK


def _openai(readings: Readings, call: Call, name: str) -> None:
    reading = readings.sdk("openai", call)
    values = [readings.value(given.value) for given in call.arguments]
    found: list[Evaluated] = []
    for given, value in zip(call.arguments, values, strict=True):
        if isinstance(value, Items):
            found += value
        elif isinstance(value, Record) and "role" in value:
            found.append(value)
        elif isinstance(value, Scalar) and isinstance(value.value, str):
            role = text_at("user", given.start, given.end)
            found.append(Record({"role": role, "content": value}, given.start, given.end))
        elif isinstance(value, Record):
            for option, item in value.items():
                known = option in _OPTIONS
                reading.option(_OPTIONS.get(option, snake(option)), item, known=known)
    if found:
        reading.conversation(Items(found, call.start, call.end))
    if "Streaming" in name:
        reading.streams(call)
    made = readings.maker(call.function, call.start, _CLIENT.search)
    if made is not None:
        _client(readings, reading, made)


def _client(readings: Readings, reading: Reading, call: Call) -> None:
    last = dotted(call.function).rpartition(".")[2]
    if last in ("ChatClient", "GetChatClient"):
        reading.set_model(readings.value(argument(call, 0, "model")))
    if last.endswith("Client") and call.is_new:
        place = int(last != "OpenAIClient")
        for name in ("credential", "apiKey"):
            reading.set_key(readings.value(argument(call, place, name)))
    for key, value in call.members.entries if call.members is not None else ():
        if isinstance(key, Name) and key.name == "Endpoint":
            reading.set_base_url(readings.value(value))


# HTTP clients


def _http(readings: Readings, call: Call, name: str) -> None:
    last = name.rpartition(".")[2]
    values = [given.value for given in call.arguments]
    if last == "AuthenticationHeaderValue":
        readings.shared.header("Authorization", readings.value(call))
    elif last == "StringContent" and values:
        readings.body(readings.value(values[0]))
        media_type = readings.value(argument(call, 2, "mediaType"))
        readings.open.header("Content-Type", media_type)
    elif last in ("HttpRequestMessage", "RestRequest"):
        reading = readings.begin(call)
        if len(values) > 1 and last == "HttpRequestMessage":
            reading.set_method(readings.value(values[0]))
            reading.set_url(readings.value(values[1]))
        elif last == "RestRequest" and values:
            reading.set_url(readings.value(values[0]))
            reading.set_method(readings.value(argument(call, 1, "method")))
    elif last == "RestClient" and values:
        readings.shared.set_base_url(readings.value(values[0]))
    elif last in ("PostAsync", "PostAsJsonAsync", "PostJsonAsync") and values:
        # What it sends may have been made before.
        body = readings.value(values[1]) if len(values) > 1 else None
        reading = readings.open if readings.open.url is None else readings.begin(call)
        reading.at(call)
        reading.set_url(readings.value(values[0]))
        reading.method_of(call)
        reading.body(body)
    elif last in ("AddJsonBody", "AddStringBody", "AddBody", "Write") and values:
        # What is shown is not sent.
        if not name.endswith("Console.Write"):
            readings.body(readings.value(values[0]))
    elif last in ("AddHeader", "WithHeader", "AddDefaultHeader") or re.search(
        r"Headers\.(Add|TryAddWithoutValidation)$", name
    ):
        if len(values) == 2:
            to = readings.shared if "Default" in name else readings.open
            to.header(readings.text(values[0]) or "", readings.value(values[1]))
    elif name.endswith("JsonContent.Create") and values:
        readings.body(readings.value(values[0]))
    elif name.endswith("WebRequest.Create") and values:
        readings.begin(call).set_url(readings.value(values[0]))
    if call.members is not None:
        for key, value in call.members.entries:
            if isinstance(key, Name):
                _set(readings, key.name, value, False)


_PROPERTIES = frozenset(
    {"Endpoint", "Headers", "BaseAddress", "RequestUri", "Method", "Authorization", "Content"}
)


def _set(readings: Readings, name: str, expression: Expression, is_default: bool) -> None:
    """Note what a property of a client or request is set to."""
    if name not in _PROPERTIES:
        return
    value = readings.value(expression)
    to = readings.shared if is_default else readings.open
    if name in ("Endpoint", "BaseAddress"):
        readings.shared.set_base_url(value)
    elif name == "Headers":
        to.all_headers(value)
    elif name == "RequestUri":
        to.set_url(value)
    elif name == "Method":
        to.set_method(value)
    elif name == "Authorization":
        to.header("Authorization", value)
    elif name == "Content":
        to.body(value)
