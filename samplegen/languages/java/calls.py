"""What calls in Java say of requests: both SDKs, `java.net`, OkHttp, Apache's and Spring's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from samplegen.languages.java import code, dashscope_sdk, openai_sdk
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import chain, snake
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import Call, Expression, Member, Name, String, dotted
from samplegen.readback.meanings import argument
from samplegen.readback.model import Named
from samplegen.readback.reading import Reading, Readings, text_at
from samplegen.readback.values import Evaluated, Items, Record, Scalar

_CREATES = re.compile(r"\.completions\.(create|createStreaming)$|\.createChatCompletion$")
_CLIENT = re.compile(r"(^|\.)OpenAIOkHttpClient(Async)?\.(builder|fromEnv)\b|OpenAiService$")
_RESOURCE = re.compile(
    r"\.(responses|conversations|embeddings|images|files|batches|audio\.speech"
    r"|audio\.transcriptions|models|moderations)"
    r"\.(?:create|createStreaming|generate|edit|retrieve|list|content|cancel|delete)$"
)
_CALLS = frozenset({"call", "streamCall"})
_CHATS = re.compile(r"(^|\.)(Generation|MultiModalConversation)$")
_OTHERS = {
    "TextEmbedding": "embeddings",
    "BatchTextEmbedding": "embeddings",
    "MultiModalEmbedding": "embeddings",
    "TextReRank": "rerank",
    "ImageSynthesis": "image",
    "ImageGeneration": "image",
    "VideoSynthesis": "video",
    "Application": "application",
    "SpeechSynthesizer": "audio",
    "Recognition": "audio",
    "Transcription": "audio",
    "QwenTranscription": "audio",
    "OmniRealtimeConversation": "realtime",
}
_OTHER = re.compile(rf"(^|\.)({'|'.join(_OTHERS)})$")
_PARAMS = re.compile(
    r"(^|\.)(ChatCompletionCreateParams|ChatCompletionRequest|GenerationParam"
    r"|MultiModalConversationParam)$"
)


class Builder(NamedTuple):
    """A class with a builder.

    Attributes:
        fields: what each of its methods sets, by the name in JSON; one that begins with
            `add` sets an item of a list.
        implied: what the class says by itself.
    """

    fields: dict[str, str]
    implied: Mapping[str, str]


# Setters that the SDKs have beside those that samples need: `javap` of openai-java 4.101.0 and
# dashscope-sdk-java 2.22.13. Each sets the field of its own name, in snake case.
_MORE = {
    "ChatCompletionCreateParams": (
        "audio frequencyPenalty functionCall functions logitBias logprobs maxCompletionTokens"
        " maxTokens metadata modalities moderation n parallelToolCalls prediction"
        " presencePenalty promptCacheKey reasoningEffort responseFormat safetyIdentifier seed"
        " serviceTier stop store streamOptions temperature toolChoice tools topLogprobs topP"
        " user verbosity webSearchOptions model messages"
    ),
    "GenerationParam": (
        "enableSearch enableThinking incrementalOutput logprobs maxLength maxTokens messages n"
        " parallelToolCalls repetitionPenalty responseFormat resultFormat searchOptions seed"
        " temperature thinkingBudget toolChoice tools topK topLogprobs topP translationOptions"
        " model prompt history"
    ),
    "MultiModalConversationParam": (
        "audio enableSearch enableThinking incrementalOutput languageType maxLength maxTokens"
        " messages modalities n negativePrompt ocrOptions parallelToolCalls presencePenalty"
        " promptExtend repetitionPenalty responseFormat seed size temperature text"
        " thinkingBudget toolChoice tools topK topP vlEnableImageHwOutput"
        " vlHighResolutionImages voice watermark model"
    ),
    "ChatCompletionRequest": (
        "model messages temperature topP n stream stop maxTokens presencePenalty"
        " frequencyPenalty logitBias user"
    ),
    "Message": "contents content name partial reasoningContent role toolCallId toolCalls",
    "MultiModalMessage": "content name reasoningContent role toolCallId toolCalls",
    "ToolFunction": "function type",
    "FunctionDefinition": "description name parameters strict",
    "ResponseFormat": "type",
    "SearchOptions": (
        "citationFormat enableCitation enableSource forcedSearch prependSearchResult searchStrategy"
    ),
    "OcrOptions": "task taskConfig",
    "TaskConfig": "resultSchema",
    "Term": "source target",
    "Tm": "source target",
    "MultiModalConversationMessage": "content role",
    "TranslationOptions": "domains sourceLang targetLang terms tmList",
    "ChatCompletionAssistantMessageParam": "toolCalls content name refusal audio",
    "ChatCompletionFunctionTool": "function",
    "ChatCompletionTool": "function",
    "FunctionParameters": "",
    "JsonSchema": "name description schema strict",
    "Schema": "",
}
_IMPLIED = {
    "ChatCompletionFunctionTool": {"type": "function"},
    "ChatCompletionTool": {"type": "function"},
    "ToolFunction": {"type": "function"},
}
# Where its own name is not the field's.
_NAMED = {"contents": "content"}


@cache
def builders() -> dict[str, Builder]:
    """The builders of the SDKs, by the name of their class."""
    found: dict[str, Builder] = {}
    for name, methods in _MORE.items():
        fields = {method: _NAMED.get(method, snake(method)) for method in methods.split()}
        found[name] = Builder(fields, _IMPLIED.get(name, {}))
    for module in (openai_sdk, dashscope_sdk):
        for record in _records(vars(module).values()):
            known = found.get(record.name, Builder({}, {}))
            fields = {**known.fields, **_methods(record.setters)}
            found[record.name] = Builder(fields, record.implied or known.implied)
    params = found["ChatCompletionCreateParams"].fields
    params |= _methods(openai_sdk.PARAMETERS)
    for name, kind in (("GenerationParam", "text"), ("MultiModalConversationParam", "multimodal")):
        found[name].fields.update(_methods(dashscope_sdk.PARAMETERS[kind]))
    return found


def _methods(setters: code.Setters) -> dict[str, str]:
    return {setter.method: name for name, several in setters.items() for setter in several}


def _records(values: Any) -> Iterator[code.Record]:
    """The records among values, and in them."""
    for value in values:
        if isinstance(value, code.Record):
            yield value
            yield from _records(value.setters.values())
        elif isinstance(value, code.Setter):
            yield from _records([value.type])
        elif isinstance(value, Mapping):
            yield from _records(value.values())
        elif isinstance(value, tuple | list):
            yield from _records(value)


# Setters that give a value another form: what it goes into.
_WRAPPED = {
    "jsonSchemaResponseFormat": ("json_schema", {"type": "json_schema"}),
    "addFunctionTool": ("function", {"type": "function"}),
}
_ROLES = re.compile(r"add(System|User|Assistant|Developer)Message(OfArrayOfContentParts)?$")
_DOORS = frozenset({"putAdditionalBodyProperty", "parameter", "putAdditionalProperty"})
_ALL_DOORS = frozenset({
    "additionalBodyProperties", "putAllAdditionalBodyProperties", "parameters",
    "additionalProperties", "putAllAdditionalProperties",
})  # fmt: skip


def built(evaluator: Evaluator, call: Call) -> Record:
    """What a builder gives, as JSON; of a class that is not known, its entries are guesses."""
    calls = chain(call)
    name = dotted(calls[0].function).removesuffix(".builder")
    last = name.rpartition(".")[2]
    known = builders().get(name) or builders().get(last)
    made = Record((), call.start, call.end)
    start, end = calls[0].start, calls[0].end
    own = {field.name: field.key for field in evaluator.program.types.get(last, ())}
    role = re.search(r"(System|User|Assistant|Tool)Message", last)
    if known is not None:
        for key, text in known.implied.items():
            made[key] = text_at(text, start, end)
    elif role is not None:
        made["role"] = text_at(role[1].lower(), start, end)
    for one in calls[1:-1]:
        method = dotted(one.function).rpartition(".")[2]
        value = evaluator.value(argument(one, 0))
        if value is None:
            continue
        if method in _DOORS and len(one.arguments) == 2:
            entry = evaluator.text(one.arguments[0].value)
            value = evaluator.value(one.arguments[1].value)
            if entry is not None and value is not None:
                made[entry] = value
        elif method in _ALL_DOORS and isinstance(value, Record) and method != "parameters":
            made |= value
        elif method in own:
            made[own[method]] = value
        elif known is not None and method in known.fields:
            _set(made, method, known.fields[method], value)
        else:
            made[snake(method)] = value
            made.rest.append(value)
    return made


def _set(made: Record, method: str, field: str, value: Evaluated) -> None:
    if method in _WRAPPED:
        inside, beside = _WRAPPED[method]
        whole = Record((), value.start, value.end)
        for key, text in beside.items():
            whole[key] = text_at(text, value.start, value.start)
        whole[inside] = value
        value = whole
    if method.startswith("add"):
        items = made.get(field)
        if not isinstance(items, Items):
            items = made[field] = Items((), value.start, value.end)
        items.append(value)
        items.end = value.end
    else:
        made[field] = value


def read_calls(readings: Readings) -> None:
    """Note what the program's calls say of its requests."""
    named = [(call, dotted(call.function)) for call in readings.program.calls]
    for call, name in named:
        last = name.rpartition(".")[2]
        if _CREATES.search(name):
            _openai(readings, call, name)
        elif last in _CALLS and len(call.arguments) in (1, 2):
            _dashscope(readings, call, last)
        elif (found := _RESOURCE.search(name)) and any(_CLIENT.search(one) for _, one in named):
            kind = readings.kind_of("openai", found[1].replace(".", "/"))
            _openai_client(readings, readings.sdk("openai", call, kind))
    if not readings.through_sdk:
        _apart(readings, named)
    for call, name in named:
        _http(readings, call, name)


def _apart(readings: Readings, named: list[tuple[Call, str]]) -> None:
    """Read parameters, or a client, that no call is seen with."""
    for call, name in named:
        params = _PARAMS.search(name.removesuffix(".builder"))
        if params is not None and name.endswith(".builder"):
            is_openai = params[2].startswith("ChatCompletion")
            reading = readings.sdk("openai" if is_openai else "dashscope", call)
            _tell(readings, reading, _chain_from(readings, call), params[2])
            (_openai_client if is_openai else _dashscope_client)(readings, reading)
    clients = [call for call, name in named if _CLIENT.search(name)]
    if clients and not readings.through_sdk:
        _openai_client(readings, readings.sdk("openai", clients[0], ""))


def _chain_from(readings: Readings, first: Call) -> list[Call]:
    """The calls that go on from the first one of a chain."""
    later = (
        call
        for call in readings.program.calls
        if call.start == first.start and call.end > first.end and chain(call)[0] is first
    )
    return [first, *later]


# The parameters of a call, as a builder is told them

_MOST_PARTS = 20


def _steps(readings: Readings, params: Expression | None, now: int) -> list[Call]:
    """The calls that make the parameters, the one that makes the builder first; none if unknown."""
    steps: list[Call] = []
    expression = params
    for _ in range(_MOST_PARTS):
        expression, _position = readings.evaluator.source(expression)
        if not isinstance(expression, Call):
            return []
        calls = chain(expression)
        first = calls[0].function
        if not isinstance(first, Member) or first.name in ("builder", "newBuilder"):
            return [*calls, *steps]
        # `builder.build()`: what the variable was told since it was made.
        holder, end = dotted(first.object), min(now, expression.start)
        made = readings.evaluator.source(first.object)[1]
        told = [
            step
            for one in readings.program.calls
            if isinstance(one.function, Member)
            and isinstance(one.function.object, Name)
            and one.function.object.name == holder
            and made < one.start
            and one.end < end
            for step in _chain_from(readings, one)
        ]
        steps = [*told, *calls, *steps]
        expression = first.object
    return []


# What the DashScope SDK keeps for itself: `HalfDuplexParamBase` of 2.22.13.
_SETTINGS = ("workspace", "enableEncrypt", "securityCheck")


def _tell(readings: Readings, reading: Reading, steps: list[Call], params: str) -> None:
    """Note what the parameters' builder is told."""
    known = builders()[params].fields
    made = Record((), 0, 0)
    for step in steps:
        method = dotted(step.function).rpartition(".")[2]
        first = argument(step, 0)
        if first is None:
            continue
        value = readings.value(first)
        assert value is not None
        role = _ROLES.match(method)
        if role is not None:
            start = step.function.end - len(method)
            who = text_at(role[1].lower(), start, step.function.end)
            reading.message(who, value, start, step.end)
        elif method in ("addMessage", "message"):
            reading.add_message(value)
        elif method == "apiKey":
            reading.set_key(value)
        elif method in ("putAdditionalHeader", "header"):
            reading.header(readings.text(first) or "", readings.value(argument(step, 1)))
        elif method in ("headers", "additionalHeaders"):
            reading.all_headers(value)
        elif method in _DOORS:
            more = readings.value(argument(step, 1))
            if more is not None:
                reading.fields({readings.text(first) or "": more}, "extra")
        elif method in _ALL_DOORS:
            if isinstance(value, Record):
                reading.fields(value, "extra")
            else:
                reading.miss(value)
        elif method in _SETTINGS:
            reading.configure({method: value}, "", "", "")
        elif method in known:
            _set(made, method, known[method], value)
        elif method not in ("builder", "build"):
            reading.option(snake(method), value, known=False)
    reading.fields(made)


# The OpenAI SDK


def _openai(readings: Readings, call: Call, name: str) -> None:
    reading = readings.sdk("openai", call)
    steps = _steps(readings, argument(call, 0), call.start)
    params = dotted(steps[0].function) if steps else ""
    kind = _PARAMS.search(params.removesuffix(".builder"))
    if kind is not None:
        _tell(readings, reading, steps, kind[2])
    if name.endswith("Streaming"):
        reading.streams(call)
    _openai_client(readings, reading)


def _openai_client(readings: Readings, reading: Reading) -> None:
    for call in readings.program.calls:
        if _CLIENT.search(dotted(chain(call)[0].function)):
            method = dotted(call.function).rpartition(".")[2]
            value = readings.value(argument(call, 0))
            if method == "apiKey":
                reading.set_key(value)
            elif method == "baseUrl":
                reading.set_base_url(value)
            elif method == "putHeader":
                header = readings.text(argument(call, 0))
                reading.header(header or "", readings.value(argument(call, 1)))
            elif value is not None:
                reading.configure({method: value}, "", "", "")


# The DashScope SDK


def _dashscope(readings: Readings, call: Call, last: str) -> None:
    made = readings.maker(call.function, call.start, _OTHER.search)
    if made is not None:
        kind = _OTHERS[dotted(made.function).rpartition(".")[2]]
        reading = readings.sdk("dashscope", call, kind)
        params = readings.value(argument(call, 0))
        if isinstance(params, Record):
            reading.set_model(params.get("model"))
            reading.set_key(params.get("api_key"))
        _dashscope_client(readings, reading)
        return
    made = readings.maker(call.function, call.start, _CHATS.search)
    steps = _steps(readings, argument(call, 0), call.start)
    params_of = dotted(steps[0].function).removesuffix(".builder") if steps else ""
    kind_of = _PARAMS.search(params_of)
    if made is None and (kind_of is None or kind_of[2].startswith("Chat")):
        return
    reading = readings.sdk("dashscope", call)
    reading.kind = _kind(made, steps)
    if kind_of is not None:
        _tell(readings, reading, steps, kind_of[2])
    if last == "streamCall":
        reading.streams(call)
    if made is not None:
        reading.set_base_url(readings.value(argument(made, 1)))
    _dashscope_client(readings, reading)


def _kind(made: Call | None, steps: list[Call]) -> Named | None:
    """For which kind of models the classes of a call are; None where they say two things."""
    places = [made.function] if made is not None else []
    first = steps[0].function if steps else None
    if isinstance(first, Member):
        places.append(first.object)
    found = {
        "multimodal" if "MultiModal" in dotted(place) else "text"
        for place in places
        if "Generation" in dotted(place) or "MultiModalConversation" in dotted(place)
    }
    return Named(found.pop(), places[0].start, places[0].end) if len(found) == 1 else None


def _dashscope_client(readings: Readings, reading: Reading) -> None:
    for call in readings.program.calls:
        if call.is_new and _CHATS.search(dotted(call.function)):
            reading.set_base_url(readings.value(argument(call, 1)))
    for constant in ("Constants.baseHttpApiUrl", "Constants.apiKey"):
        assigned = readings.program.assignments.get(constant)
        if assigned:
            value = readings.value(assigned[0].value)
            is_key = constant.endswith("Key")
            (reading.set_key if is_key else reading.set_base_url)(value)


# HTTP clients

_HEADERS = frozenset(
    {"header", "addHeader", "setHeader", "setRequestProperty", "addRequestProperty"}
)
_URLS = frozenset({"uri", "url", "newBuilder", "URL", "URI", "HttpPost", "create", "postForEntity"})
_BODIES = frozenset({
    "write", "writeBytes", "print", "POST", "post", "setEntity", "StringEntity", "method", "body",
    "bodyValue", "postForEntity", "postForObject", "HttpEntity", "bodyString",
})  # fmt: skip
_METHODS = frozenset({"setRequestMethod", "method"})


def _http(readings: Readings, call: Call, name: str) -> None:
    last = name.rpartition(".")[2]
    values = [given.value for given in call.arguments]
    if name.startswith("System."):
        return
    if last in _HEADERS or name.endswith(("headers.set", "headers.add", "Headers.set")):
        if len(values) == 2:
            readings.open.header(readings.text(values[0]) or "", readings.value(values[1]))
        return
    if name.endswith("HttpRequest.newBuilder") or last in ("HttpPost", "URL", "Request.Builder"):
        readings.begin(call)
    if last == "headers":
        for key, value in zip(values[::2], values[1::2], strict=False):
            readings.open.header(readings.text(key) or "", readings.value(value))
    elif last == "setBearerAuth" and values:
        bearer = Piece("Bearer ", values[0].start, values[0].start)
        whole = String((bearer, values[0]), call.start, call.end)
        readings.open.header("Authorization", readings.value(whole))
    if last in _METHODS and values:
        readings.open.set_method(readings.value(values[0]))
    elif last in ("POST", "post"):
        readings.open.method_of(call)
    if last in _URLS and values:
        url = readings.value(values[0])
        if isinstance(url, Scalar) and str(url.value).startswith(("http", "${")):
            readings.open.set_url(url)
    if last in _BODIES:
        for value in values:
            readings.body(readings.value(value))
