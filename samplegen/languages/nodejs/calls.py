"""What calls in JavaScript say of requests: through the SDK, and through HTTP clients."""

from __future__ import annotations

import re

from samplegen.readback.expressions import Call, dotted
from samplegen.readback.meanings import argument
from samplegen.readback.model import Span
from samplegen.readback.reading import Reading, Readings, text_at
from samplegen.readback.values import Evaluated, Record, Scalar

_CREATES = re.compile(r"completions\.(create|stream|parse|runTools)$|\.createChatCompletion$")
_CLIENT = re.compile(r"(^|\.)(Azure)?OpenAI(Api)?$")
_RESOURCE = re.compile(
    r"\.(?:beta\.)?(responses|conversations|conversations\.items|embeddings|images|files|batches"
    r"|audio\.speech|audio\.transcriptions|audio\.translations|models|moderations|assistants"
    r"|threads|vectorStores|completions)"
    r"\.(?:create|generate|edit|parse|stream|retrieve|list|content|cancel|delete|del)$"
)
_FETCHES = frozenset({"fetch", "undici.fetch", "request", "undici.request", "got", "ky", "axios"})
_REQUESTS = frozenset({"https.request", "http.request", "axios.request"})
_HTTP_CLIENT = re.compile(r"^(axios\.create|got\.extend|ky\.(create|extend))$")
# What stands in the options of clients that take the body among them.
_OPTIONS = frozenset({"json", "body", "headers", "method", "timeout"})


def read_calls(readings: Readings) -> None:
    """Note what the program's calls say of its requests."""
    named = [(call, dotted(call.function)) for call in readings.program.calls]
    for call, name in named:
        if _CREATES.search(name):
            _openai(readings, call, name)
        elif (found := _RESOURCE.search(name)) and _client(readings, call) is not None:
            kind = readings.kind_of("openai", found[1].replace(".", "/"))
            reading = readings.sdk("openai", call, kind)
            reading.ask(readings.value(argument(call, 0)))
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
    body = readings.value(argument(call, 0))
    if isinstance(body, Record):
        # `extra_body` is Python's way; here it is sent as any other field.
        reading.fields(body)
    elif body is not None:
        reading.miss(body)
    options = readings.value(argument(call, 1))
    if isinstance(options, Record):
        reading.configure(options, "", "", "headers")
    if name.endswith("stream"):
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


def _configure(readings: Readings, reading: Reading, made: Call) -> None:
    client = readings.value(argument(made, 0))
    if isinstance(client, Record):
        reading.configure(client, "apiKey", "baseURL", "defaultHeaders")
        if "apiKey" not in client and not client.rest:
            reading.keyless = Span(made.function.start, made.function.end)


# HTTP clients


def _http(readings: Readings, call: Call, name: str) -> None:
    last = name.rpartition(".")[2]
    if name in _REQUESTS:
        _sent(readings, readings.begin(call), call, 0)
    elif name in _FETCHES:
        _sent(readings, readings.request(call), call, 0)
    elif last in ("post", "put", "patch") and call.arguments:
        _sent(readings, readings.request(call), call, _body_at(readings, call, name))
    elif _HTTP_CLIENT.search(name):
        _configured(readings.shared, readings.value(argument(call, 0)), is_client=True)
    elif last == "open" and len(call.arguments) >= 2:
        # XMLHttpRequest
        reading = readings.begin(call)
        reading.set_method(readings.value(argument(call, 0)))
        reading.set_url(readings.value(argument(call, 1)))
    elif re.match(r"(?:res|response|reply)\.", name) and not last.endswith("RequestHeader"):
        # What a server answers its own callers.
        return
    elif re.search(r"(?i)headers\.(set|append)$|\.(setHeader|setRequestHeader|header)$", name):
        header = readings.text(argument(call, 0))
        readings.shared.header(header or "", readings.value(argument(call, 1)))
    elif last in ("write", "end", "send") and "process" not in name and "res" not in name:
        readings.body(readings.value(argument(call, 0)))


def _body_at(readings: Readings, call: Call, name: str) -> int:
    """Which argument is the body; 0 where it stands among the options, which are the second."""
    if "axios" in name or len(call.arguments) > 2:
        return 1
    made = readings.maker(call.function, call.start, _HTTP_CLIENT.search)
    if made is not None:
        return int(dotted(made.function) == "axios.create")
    second = readings.value(argument(call, 1))
    is_options = isinstance(second, Record) and bool(_OPTIONS & {*second})
    return int(second is not None and not is_options)


def _sent(readings: Readings, reading: Reading, call: Call, body_at: int) -> None:
    first = readings.value(argument(call, 0))
    if isinstance(first, Record):
        _configured(reading, first)
        return
    if first is None:
        return
    reading.set_url(first)
    reading.method_of(call)
    if body_at:
        reading.body(readings.value(argument(call, body_at)))
    _configured(reading, readings.value(argument(call, body_at + 1)))
    made = readings.maker(call.function, call.start, _HTTP_CLIENT.search)
    if made is not None:
        client = readings.client()
        _configured(client, readings.value(argument(made, 0)), is_client=True)
        reading.share(client)


def _configured(reading: Reading, evaluated: Evaluated | None, *, is_client: bool = False) -> None:
    """Note what stands in the options of a request or a client."""
    if not isinstance(evaluated, Record):
        return
    for name in ("baseURL", "prefixUrl", "prefix"):
        reading.set_base_url(evaluated.get(name))
    host = evaluated.get("hostname") or evaluated.get("host")
    if isinstance(host, Scalar) and isinstance(host.value, str) and host.spans is not None:
        origin = text_at(f"https://{host.value}", host.start, host.end)
        reading.set_base_url(origin._replace(known=host.known))
        reading.set_url(evaluated.get("path"))
    reading.all_headers(evaluated.get("headers"))
    if is_client:
        return
    reading.set_url(evaluated.get("url"))
    reading.set_method(evaluated.get("method"))
    for name in ("body", "data", "json"):
        reading.body(evaluated.get(name))
