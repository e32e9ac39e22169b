"""What calls in PHP say of requests: the curl extension, streams, Guzzle, `openai-php/client`."""

from __future__ import annotations

import re

from samplegen.readback.expressions import Call, Name, dotted
from samplegen.readback.meanings import argument
from samplegen.readback.reading import Reading, Readings, joined_parts, text_at
from samplegen.readback.values import Evaluated, Record, Scalar, cut

_CREATES = re.compile(r"chat\.create(Streamed)?$")
_RESOURCE = re.compile(
    r"(?:^|\.)(responses|conversations|embeddings|images|files|batches|audio|models|completions)"
    r"\.(?:create\w*|upload|edit|retrieve|list|delete|transcribe|speech|cancel|download)$"
)
_CLIENT = re.compile(r"OpenAI\.(client|factory)\b")


def read_calls(readings: Readings) -> None:
    """Note what the program's calls say of its requests."""
    named = [(call, dotted(call.function)) for call in readings.program.calls]
    clients = [call for call, name in named if _CLIENT.search(name)]
    for call, name in named:
        chat = _CREATES.search(name)
        other = _RESOURCE.search(name) if clients and not chat else None
        if not (chat or other):
            continue
        kind = readings.kind_of("openai", other[1]) if other else "chat"
        reading = readings.sdk("openai", call, kind)
        body = readings.value(argument(call, 0))
        if isinstance(body, Record):
            reading.fields(body) if chat else reading.set_model(body.get("model"))
        elif body is not None:
            reading.miss(body)
        if name.endswith("Streamed"):
            reading.streams(call)
    if clients and not readings.through_sdk:
        readings.sdk("openai", clients[0], "")
    for call, name in named:
        if clients:
            _client(readings, call, name)
        _http(readings, call, name)


def _client(readings: Readings, call: Call, name: str) -> None:
    first = readings.value(argument(call, 0))
    if name.endswith("withApiKey") or name == "OpenAI.client":
        readings.shared.set_key(first)
    elif name.endswith("withBaseUri") and isinstance(first, Scalar):
        # The client takes a host without a scheme too, and means https.
        readings.shared.set_base_url(first)
    elif name.endswith("withHttpHeader"):
        header = readings.text(argument(call, 0))
        readings.shared.header(header or "", readings.value(argument(call, 1)))


def _http(readings: Readings, call: Call, name: str) -> None:
    last = name.rpartition(".")[2]
    if name == "curl_init":
        readings.begin(call).set_url(readings.value(argument(call, 0)))
    elif name == "curl_setopt":
        option = argument(call, 1)
        if isinstance(option, Name):
            _option(readings.open, option, readings.value(argument(call, 2)))
    elif name == "curl_setopt_array":
        options = readings.value(argument(call, 1))
        for key, value in options.items() if isinstance(options, Record) else ():
            _option(readings.open, Name(key, value.start, value.end), value)
    elif name in ("file_get_contents", "fopen"):
        url = readings.value(argument(call, 0))
        if isinstance(url, Scalar) and str(url.value).startswith(("http", "${")):
            readings.open.set_url(url)
            readings.open.at(call)
    elif name == "stream_context_create":
        # It may stand inside the call that names the URL.
        reading = readings.open if readings.open.sent is None else readings.begin()
        _context(reading, readings.value(argument(call, 0)))
    elif last == "Client" and call.is_new:
        client = readings.value(argument(call, 0))
        if isinstance(client, Record):
            readings.shared.set_base_url(client.get("base_uri"))
            readings.shared.all_headers(client.get("headers"))
    elif name == "Http.withToken":
        readings.shared.set_key(readings.value(argument(call, 0)))
    elif last == "withHeaders":
        readings.shared.all_headers(readings.value(argument(call, 0)))
    elif (last in ("post", "request") and "." in name) or (last == "Request" and call.is_new):
        _guzzle(readings, call, last)


def _option(reading: Reading, option: Name, value: Evaluated | None) -> None:
    if option.name == "CURLOPT_URL":
        reading.set_url(value)
    elif option.name == "CURLOPT_POSTFIELDS":
        reading.body(value)
        # The PHP manual: giving a body makes it a POST.
        reading.set_method(text_at("POST", option.start, option.end))
    elif option.name == "CURLOPT_HTTPHEADER":
        reading.all_headers(value)
    elif option.name == "CURLOPT_CUSTOMREQUEST":
        reading.set_method(value)
    elif option.name == "CURLOPT_POST" and isinstance(value, Scalar) and value.value:
        reading.set_method(text_at("POST", option.start, option.end))


def _context(reading: Reading, context: Evaluated | None) -> None:
    http = context.get("http") if isinstance(context, Record) else None
    if not isinstance(http, Record):
        return
    reading.set_method(http.get("method"))
    reading.body(http.get("content"))
    header = http.get("header")
    if isinstance(header, Scalar) and header.spans is not None:
        text, at = header.spans.text, 0
        for line in text.split("\n"):
            parts = cut(header.spans, at, at + len(line.rstrip("\r")))
            reading.header_line(joined_parts(parts, header))
            at += len(line) + 1
    else:
        reading.all_headers(header)


def _guzzle(readings: Readings, call: Call, last: str) -> None:
    before = 0 if last == "post" else 1
    url = readings.value(argument(call, before))
    if not isinstance(url, Scalar):
        return
    reading = readings.request(call)
    reading.set_url(url)
    if before:
        reading.set_method(readings.value(argument(call, 0)))
    else:
        reading.method_of(call)
    options = readings.value(argument(call, before + 1))
    if last == "Request":
        reading.all_headers(options)
        reading.body(readings.value(argument(call, 3)))
    elif isinstance(options, Record):
        reading.all_headers(options.get("headers"))
        for name in ("json", "body"):
            reading.body(options.get(name))
        if "messages" in options or "input" in options:
            # Laravel's client takes the body itself.
            reading.body(options)
