"""What calls in Python say of requests: through the SDKs, and through HTTP clients."""

from __future__ import annotations

import re

from samplegen.pages.spans import Piece
from samplegen.readback.dialect import entries_of
from samplegen.readback.expressions import Call, Member, String, dotted
from samplegen.readback.meanings import argument
from samplegen.readback.model import Named, Span
from samplegen.readback.reading import Reading, Readings
from samplegen.readback.values import Record

_CREATES = re.compile(
    r"completions\.(?:with_\w+_response\.)?(create|stream|parse)$|ChatCompletion\.a?create$"
)
_CLIENT = re.compile(r"(^|\.)(Async)?(Azure)?OpenAI$")
# The other resources of the OpenAI SDK, as they stand in paths.
_RESOURCE = re.compile(
    r"\.(?:beta\.)?(responses|conversations|conversations\.items|embeddings|images|files|batches"
    r"|audio\.speech|audio\.transcriptions|audio\.translations|models|moderations|assistants"
    r"|threads|realtime\.sessions|vector_stores|fine_tuning\.jobs|completions)"
    r"\.(?:with_\w+_response\.)?(?:create|generate|edit|parse|stream|retrieve|list|content|cancel"
    r"|delete|connect|compact)$"
)
# The classes of the DashScope SDK for chat models, and what the others are for.
_CHATS = re.compile(r"(^|\.)(Aio)?(Generation|MultiModalConversation)\.call$")
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
    "HttpSpeechSynthesizer": "audio",
    "Recognition": "audio",
    "Transcription": "audio",
    "QwenTranscription": "audio",
    "Understanding": "audio",
    "VoiceEnrollmentService": "audio",
    "Assistants": "assistants",
    "Threads": "assistants",
    "Messages": "assistants",
    "Runs": "assistants",
    "Files": "files",
    "Models": "models",
    "Deployments": "deployments",
    "FineTunes": "training",
    "OmniRealtimeConversation": "realtime",
}
_OTHER = re.compile(
    rf"(?:^|\.)(?:Aio)?({'|'.join(_OTHERS)})\.(call|async_call|create|upload|list)$"
)

_SENDING = frozenset({"post", "put", "patch", "get", "delete", "request", "Request", "stream"})
_HTTP_CLIENT = re.compile(
    r"(^|\.)(Client|AsyncClient|ClientSession|Session|session|HTTPSConnection|HTTPConnection)$"
)


def read_calls(readings: Readings) -> None:
    """Note what the program's calls say of its requests."""
    program = readings.program
    named = [(call, dotted(call.function)) for call in program.calls]
    for call, name in named:
        if _CREATES.search(name):
            _openai(readings, call, name)
        elif _CHATS.search(name):
            _dashscope(readings, call)
        elif found := _OTHER.search(name):
            reading = readings.sdk("dashscope", call, _OTHERS[found[1]])
            reading.set_model(readings.value(argument(call, -1, "model")))
            _dashscope_settings(readings, reading, call)
        elif (found := _RESOURCE.search(name)) and _client(readings, call) is not None:
            kind = readings.kind_of("openai", found[1].replace(".", "/"))
            reading = readings.sdk("openai", call, kind)
            reading.ask(readings.value(entries_of(call)))
            _openai_client(readings, reading, call)
    clients = [call for call, name in named if _CLIENT.search(name)]
    if clients and not readings.through_sdk:
        reading = readings.sdk("openai", clients[0], "")
        _configure(readings, reading, clients[0])
    for call, name in named:
        _http(readings, call, name)


# The OpenAI SDK


def _openai(readings: Readings, call: Call, name: str) -> None:
    reading = readings.sdk("openai", call)
    arguments = readings.value(entries_of(call))
    assert isinstance(arguments, Record)
    more = arguments.pop("extra_body", None)
    reading.all_headers(arguments.pop("extra_headers", None))
    # The second and the third were arguments before 2023.
    for own in ("timeout", "extra_query", "api_key", "api_base"):
        if own in arguments:
            reading.configure({own: arguments.pop(own)}, "api_key", "api_base", "")
    reading.fields(arguments)
    if isinstance(more, Record):
        reading.fields(more, "extra")
    elif more is not None:
        reading.miss(more)
    if name.endswith(".stream"):
        reading.streams(call)
    _openai_client(readings, reading, call)


def _client(readings: Readings, call: Call) -> Call | None:
    """The client that a method is called on, else the first one of the program."""
    made = readings.maker(call.function, call.start, _CLIENT.search)
    if made is not None:
        return made
    every = (one for one in readings.program.calls if _CLIENT.search(dotted(one.function)))
    return next(every, None)


def _openai_client(readings: Readings, reading: Reading, call: Call) -> None:
    made = _client(readings, call)
    if made is not None:
        _configure(readings, reading, made)
    variable = readings.evaluator.variable
    reading.set_key(variable("openai.api_key", call.start))
    for old in ("openai.base_url", "openai.api_base", "client.base_url"):
        reading.set_base_url(variable(old, call.start))


def _configure(readings: Readings, reading: Reading, made: Call) -> None:
    client = readings.value(entries_of(made))
    assert isinstance(client, Record)
    reading.configure(client, "api_key", "base_url", "default_headers")
    if "api_key" not in client and not client.rest:
        reading.keyless = Span(made.function.start, made.function.end)


# The DashScope SDK


def _dashscope(readings: Readings, call: Call) -> None:
    reading = readings.sdk("dashscope", call)
    holder = call.function.object if isinstance(call.function, Member) else call.function
    is_text = dotted(call.function).endswith("Generation.call")
    reading.kind = Named("text" if is_text else "multimodal", holder.start, holder.end)
    arguments = readings.value(entries_of(call))
    assert isinstance(arguments, Record)
    first = argument(call, 0)
    if first is not None and "model" not in arguments:
        reading.set_model(readings.value(first))
    own = (
        "api_key", "base_address", "headers", "workspace", "request_timeout", "session",
        "enable_encryption", "extra_url_parameters", "user_agent",
    )  # fmt: skip
    reading.configure(
        {name: arguments.pop(name) for name in own if name in arguments},
        "api_key",
        "base_address",
        "headers",
    )
    reading.fields(arguments)
    _dashscope_settings(readings, reading, call)


def _dashscope_settings(readings: Readings, reading: Reading, call: Call) -> None:
    reading.set_key(readings.value(argument(call, -1, "api_key")))
    variable = readings.evaluator.variable
    reading.set_key(variable("dashscope.api_key", call.start))
    for name in ("dashscope.base_http_api_url", "base_http_api_url"):
        reading.set_base_url(variable(name, call.start))


# HTTP clients


def _http(readings: Readings, call: Call, name: str) -> None:
    last = name.rpartition(".")[2]
    if _HTTP_CLIENT.search(name):
        _http_client(readings, readings.shared, call, last)
    elif last == "add_header":
        header = readings.text(argument(call, 0, "key"))
        readings.shared.header(header or "", readings.value(argument(call, 1, "val")))
    elif last == "update" and name.endswith("headers.update"):
        readings.shared.all_headers(readings.value(argument(call, 0)))
    elif last in _SENDING and call.arguments:
        _sent(readings, call, last)


def _http_client(readings: Readings, reading: Reading, call: Call, last: str) -> None:
    reading.set_base_url(readings.value(argument(call, -1, "base_url")))
    reading.all_headers(readings.value(argument(call, -1, "headers")))
    if last in ("HTTPSConnection", "HTTPConnection"):
        host = argument(call, 0, "host")
        if host is not None:
            scheme = "https" if "HTTPS" in last else "http"
            piece = Piece(f"{scheme}://", host.start, host.start)
            reading.set_base_url(readings.value(String((piece, host), host.start, host.end)))


def _sent(readings: Readings, call: Call, last: str) -> None:
    before = 1 if last in ("request", "stream") else 0
    given = {one.name for one in call.arguments}
    bodies = ["json", "data", "content", "body"]
    body = next((argument(call, -1, one) for one in bodies if one in given), None)
    if body is None and before < 2:
        body = argument(call, before + 1)
    if body is None and last in ("get", "delete", "stream"):
        return
    url = readings.value(argument(call, before, "url"))
    if url is None:
        return
    reading = readings.request(call)
    reading.set_url(url)
    if before:
        reading.set_method(readings.value(argument(call, 0, "method")))
    else:
        reading.set_method(readings.value(argument(call, -1, "method")))
        reading.method_of(call)
    reading.body(readings.value(body))
    reading.all_headers(readings.value(argument(call, before + 2, "headers")))
    made = readings.maker(call.function, call.start, _HTTP_CLIENT.search)
    if made is not None:
        client = readings.client()
        _http_client(readings, client, made, dotted(made.function).rpartition(".")[2])
        reading.share(client)
