"""A local server that answers a catalog's protocols as the service itself does.

`Mock` is an ASGI app: it judges each request, answers it and keeps it. `serve`
runs one on a real socket. uvicorn is imported only there.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final, Literal, NamedTuple

from samplegen.call import ROLES
from samplegen.catalog import Catalog, Family
from samplegen.errors import InputError

ANSWER: Final = 'I am a mock, they say: "modèle simulé".\nIn other scripts: 模拟, モック, 🙂.'

Behaviour = Literal["answer", "bad-request", "not-found", "rate-limit", "server-error", "cut"]

# What the service says to a key with that behaviour. ASCII without quotes, so that
# a sentence stands in the body of an error as it does here.
COMPLAINTS: Final[dict[Behaviour, str]] = {
    "bad-request": "The mock refused a parameter of this call, as it was told to.",
    "not-found": "The mock has no such model for this call, as it was told to.",
    "rate-limit": "The mock got too many calls with this key, as it was told to.",
    "server-error": "The mock failed on this call, as it was told to.",
}
FAILURES: Final[tuple[Behaviour, ...]] = (*COMPLAINTS, "cut")

# What each protocol says to a missing or unknown key.
BAD_KEY: Final[dict[str, str]] = {
    "openai": "Incorrect API key provided. Each region has its own keys.",
    "dashscope": "Invalid API-key provided.",
}

# The longest body that is read.
LIMIT: Final = 32 * 1024 * 1024

# IPv4's, not "localhost", which may be unknown where there is no hosts file.
LOOPBACK: Final = socket.inet_ntoa(socket.INADDR_LOOPBACK.to_bytes(4))

_Asgi = dict[str, Any]


class Exchange(NamedTuple):
    """A request as it arrived, and the status that it was answered with."""

    method: str
    scheme: str
    host: str
    """The Host header without the port."""
    path: str
    """With the query, if there is one."""
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, in the order in which they came."""
    body: bytes
    status: int
    """0 if the connection was cut, by either side."""

    def header(self, name: str) -> str:
        """The first header of that lower-case name, or an empty text."""
        return next((value for other, value in self.headers if other == name), "")


class _Problem(NamedTuple):
    """A way to fail: its HTTP status, and the code that each protocol has for it."""

    status: int
    openai: str
    dashscope: str


_BAD_KEY = _Problem(401, "invalid_api_key", "InvalidApiKey")
_INVALID = _Problem(400, "invalid_parameter_error", "InvalidParameter")
_NO_MODEL = _Problem(404, "model_not_found", "ModelNotFound")
_NO_PATH = _Problem(404, "not_found", "NotFound")
_NOT_POST = _Problem(405, "method_not_allowed", "MethodNotAllowed")
_TOO_LARGE = _Problem(413, "request_too_large", "RequestTooLarge")
_THROTTLED = _Problem(429, "limit_requests", "Throttling.RateQuota")
_BROKEN = _Problem(500, "internal_error", "InternalError")

_PROBLEMS: dict[Behaviour, _Problem] = {
    "bad-request": _INVALID,
    "not-found": _NO_MODEL,
    "rate-limit": _THROTTLED,
    "server-error": _BROKEN,
}


class _RefusalError(Exception):
    def __init__(self, problem: _Problem, message: str) -> None:
        super().__init__(message)
        self.problem = problem
        self.message = message


class _Question(NamedTuple):
    """A good request of either protocol."""

    model: str
    characters: int
    family: Family
    parameters: dict[str, Any]
    streams: bool


class _Reply(NamedTuple):
    """What to answer: one JSON body, or the events of a stream."""

    status: int
    content_type: str
    parts: list[bytes]
    headers: tuple[tuple[str, str], ...] = ()


class Mock:
    """The service, as an ASGI app. All methods may be called while it is served.

    Args:
        catalog: says which paths, models and options there are.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = Lock()
        self._behaviours: dict[str, Behaviour] = {}
        self._exchanges: dict[str, list[Exchange]] = {}
        self._strangers: list[Exchange] = []

    def expect(self, key: str, behaviour: Behaviour = "answer") -> None:
        """Let an API key in, and say what becomes of its calls."""
        with self._lock:
            self._behaviours[key] = behaviour
            self._exchanges.setdefault(key, [])

    def forget(self, key: str) -> None:
        """Let an API key in no longer, and drop its exchanges."""
        with self._lock:
            self._behaviours.pop(key, None)
            self._exchanges.pop(key, None)

    def exchanges(self, key: str) -> list[Exchange]:
        """What came with that key so far. An exchange is here before its answer is sent."""
        with self._lock:
            return list(self._exchanges.get(key, ()))

    def strangers(self) -> list[Exchange]:
        """What came with no key or an unknown one, or was not HTTP, which has no method here."""
        with self._lock:
            return list(self._strangers)

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange: the server calls this, for each."""
        with self._lock:
            self._exchanges.get(_key(exchange), self._strangers).append(exchange)

    async def __call__(
        self,
        scope: _Asgi,
        receive: Callable[[], Awaitable[_Asgi]],
        send: Callable[[_Asgi], Awaitable[None]],
    ) -> None:
        """Answer one request, after all of it has come: as an ASGI app."""
        body, whole = await _receive(receive)
        request = _request(scope, body)
        if not whole:
            self.record(request)
            return
        with self._lock:
            behaviour = self._behaviours.get(_key(request))
        reply = self._reply(request, behaviour)
        cut = behaviour == "cut"
        # Before it is sent, so that whoever has the answer finds the exchange.
        self.record(request._replace(status=0 if cut else reply.status))
        await _send(send, reply, cut)

    def _reply(self, request: Exchange, behaviour: Behaviour | None) -> _Reply:
        path = request.path.partition("?")[0]
        protocol = self._protocol(path)
        try:
            if path not in self._paths(protocol):
                raise _RefusalError(_NO_PATH, f"There is nothing at {path}.")
            if request.method != "POST":
                raise _RefusalError(_NOT_POST, f"Method {request.method} is not allowed, POST is.")
            if behaviour is None:
                raise _RefusalError(_BAD_KEY, BAD_KEY[protocol])
            if behaviour in _PROBLEMS:
                raise _RefusalError(_PROBLEMS[behaviour], COMPLAINTS[behaviour])
            if len(request.body) > LIMIT:
                raise _RefusalError(_TOO_LARGE, f"The body is longer than {LIMIT} bytes.")
            question = _question(protocol, path, request, self._catalog)
        except _RefusalError as refusal:
            return _refused(protocol, refusal, _wants_events(request))
        answer = _answer_openai if protocol == "openai" else _answer_dashscope
        return answer(question)

    def _protocol(self, path: str) -> str:
        """Whose path it is, by the longest base path; else the one whose errors are plainer."""
        bases = {name: paths.base_path for name, paths in self._catalog.protocols.items()}
        under = [name for name, base in bases.items() if path.startswith(base + "/")]
        return max(under, key=lambda name: len(bases[name]), default="dashscope")

    def _paths(self, protocol: str) -> set[str]:
        if protocol not in self._catalog.protocols:
            return set()
        facts = self._catalog.protocols[protocol]
        return {facts.base_path + path for path in facts.paths.values()}


def _key(request: Exchange) -> str:
    scheme, _, key = request.header("authorization").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _wants_events(request: Exchange) -> bool:
    return request.header("x-dashscope-sse").lower() == "enable"


async def _receive(receive: Callable[[], Awaitable[_Asgi]]) -> tuple[bytes, bool]:
    """The body, and whether all of it came: False if the client left before.

    A body that is too long is read to its end, because a client that is still
    writing would not see the answer. Only enough is kept to tell that it is.
    """
    chunks: list[bytes] = []
    room = LIMIT + 1
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return b"".join(chunks), False
        chunk = event["body"][:room]
        chunks.append(chunk)
        room -= len(chunk)
        if not event["more_body"]:
            return b"".join(chunks), True


def _request(scope: _Asgi, body: bytes) -> Exchange:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    request = Exchange(
        method=scope["method"],
        scheme=scope["scheme"],
        host="",
        path=f"{path}?{query}" if query else path,
        headers=headers,
        body=body,
        status=0,
    )
    return request._replace(host=re.sub(r":\d*$", "", request.header("host")))


async def _send(send: Callable[[_Asgi], Awaitable[None]], reply: _Reply, cut: bool) -> None:
    headers = [("content-type", reply.content_type), *reply.headers]
    # Only a stream has several parts, and a server does not know its length before.
    if len(reply.parts) == 1:
        headers.append(("content-length", str(len(reply.parts[0]))))
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
    if cut:
        whole = b"".join(reply.parts)
        half = whole[: len(whole) // 2]
        # No more comes: the server closes the connection of an app that leaves it at that.
        await send({"type": "http.response.body", "body": half, "more_body": True})
        return
    for part in reply.parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


# What is asked


def _question(protocol: str, path: str, request: Exchange, catalog: Catalog) -> _Question:
    """The call that a request makes, or a refusal of what the service would refuse."""
    body = _json_object(request)
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise _invalid("You must provide a model parameter.")
    family = catalog.family(model)
    matched = family in catalog.families
    if not (matched or model in catalog.models or not catalog.families):
        raise _RefusalError(
            _NO_MODEL, f"The model {model} does not exist or you do not have access to it."
        )
    facts = catalog.protocols[protocol]
    if protocol not in family.protocols or path != facts.base_path + facts.paths[family.kind]:
        raise _invalid(
            f"Unsupported model {model} for OpenAI compatibility mode."
            if protocol == "openai"
            else "url error, please check url!"
        )
    if protocol == "openai":
        texts = [
            text for message in _messages(body) for text in _openai_texts(message.get("content"))
        ]
        parameters, streams = body, _flag(body, "stream")
        if "stream_options" in body and not streams:
            raise _invalid("The stream_options parameter is allowed only with stream.")
    else:
        conversation = _object(body, "input")
        texts = [
            text
            for message in _messages(conversation)
            for text in _dashscope_texts(message.get("content"), family)
        ]
        parameters = _object(body, "parameters") if "parameters" in body else {}
        _flag(parameters, "incremental_output")
        if parameters.get("result_format", "text") not in ("text", "message"):
            raise _invalid("The result_format parameter must be text or message.")
        streams = _wants_events(request)
    if not streams:
        _check_without_stream(family, parameters)
    return _Question(model, sum(map(len, texts)), family, parameters, streams)


def _invalid(message: str) -> _RefusalError:
    return _RefusalError(_INVALID, message)


def _json_object(request: Exchange) -> dict[str, Any]:
    media_type = request.header("content-type").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise _invalid(f"Content type {media_type or 'none'} is not supported: send JSON.")
    try:
        body = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _invalid("The body is not valid JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise _invalid("The body is not a JSON object.")
    return body


def _no_constant(name: str) -> None:
    """Python's parser takes NaN and Infinity, JSON does not."""
    raise ValueError(name)


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise _invalid(f"The {name} parameter must be an object.")
    return value


def _flag(parameters: dict[str, Any], name: str) -> bool:
    value = parameters.get(name)
    if value is not None and not isinstance(value, bool):
        raise _invalid(f"The {name} parameter must be true or false.")
    return bool(value)


def _messages(holder: dict[str, Any]) -> list[dict[str, Any]]:
    messages = holder.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _invalid("The messages parameter must be a list with at least one message.")
    for place, message in enumerate(messages):
        if not isinstance(message, dict):
            raise _invalid(f"messages.{place} must be an object.")
        if message.get("role") not in (*ROLES, "tool"):
            raise _invalid(f"messages.{place}.role must be one of {', '.join(ROLES)}, tool.")
    return messages


def _openai_texts(content: object) -> list[str]:
    """The texts of a content, which is one, or a list of parts that name their type."""
    if isinstance(content, str):
        return [content]
    if not isinstance(content, list) or not content:
        raise _invalid("The content of a message must be a text or a list of parts.")
    for part in content:
        # A part has what it is under the name of its type: {"type": "text", "text": …}.
        kind = part.get("type") if isinstance(part, dict) else None
        if not isinstance(kind, str) or kind == "type" or kind not in part:
            raise _invalid("A part of a content must have a type, and a field of that name.")
    return _part_texts(content)


def _dashscope_texts(content: object, family: Family) -> list[str]:
    """The texts of a content: one for a text model, parts such as {"text": …} for others."""
    if family.kind == "text":
        if not isinstance(content, str):
            raise _invalid("The content of a message must be a text for this model.")
        return [content]
    if not isinstance(content, list) or not content:
        raise _invalid("The content of a message must be a list of parts for this model.")
    if not all(isinstance(part, dict) and part for part in content):
        raise _invalid("A part of a content must be an object such as a text or an image.")
    return _part_texts(content)


def _part_texts(parts: list[dict[str, Any]]) -> list[str]:
    texts = [part["text"] for part in parts if "text" in part]
    if not all(isinstance(text, str) for text in texts):
        raise _invalid("The text of a part must be a text.")
    return texts


def _check_without_stream(family: Family, parameters: dict[str, Any]) -> None:
    """Refuse a call that the model would answer only as a stream."""
    if family.streams_only:
        raise _invalid(
            "This model only supports stream mode: enable the stream parameter to access it."
        )
    for name, value in family.options.items():
        sent = parameters.get(name)
        # As JSON values: to Python, false is 0 and 1 is 1.0.
        if json.dumps(sent) != json.dumps(value):
            raise _invalid(
                f"parameter.{name} must be set to {json.dumps(value)} for non-streaming calls"
            )


# What is answered


def _json_bytes(value: object) -> bytes:
    # A lone surrogate in the model's name cannot be sent back as it is.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _refused(protocol: str, refusal: _RefusalError, events: bool) -> _Reply:
    status = refusal.problem.status
    headers = (("allow", "POST"),) if refusal.problem is _NOT_POST else ()
    request_id = str(uuid.uuid4())
    if protocol == "openai":
        code = refusal.problem.openai
        error = {
            "message": refusal.message,
            "type": "invalid_request_error" if status < 429 else code,
            "param": None,
            "code": code,
        }
        body = _json_bytes({"error": error, "request_id": request_id})
        return _Reply(status, "application/json", [body], headers)
    body = _json_bytes(
        {
            "code": refusal.problem.dashscope,
            "message": refusal.message,
            "request_id": request_id,
        }
    )
    if events:
        return _Reply(status, _EVENTS, [_event(1, "error", status, body)], headers)
    return _Reply(status, "application/json", [body], headers)


_EVENTS = "text/event-stream;charset=UTF-8"


def _pieces() -> list[str]:
    """The answer as a stream brings it."""
    return [ANSWER[start : start + 12] for start in range(0, len(ANSWER), 12)]


def _answer_openai(question: _Question) -> _Reply:
    head = {
        "id": f"chatcmpl-{uuid.uuid4()}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": question.model,
        "system_fingerprint": None,
    }
    usage = {
        "prompt_tokens": question.characters,
        "completion_tokens": len(ANSWER),
        "total_tokens": question.characters + len(ANSWER),
        "prompt_tokens_details": {"cached_tokens": 0},
    }
    if question.streams:
        options = question.parameters.get("stream_options")
        counted = isinstance(options, dict) and options.get("include_usage") is True
        return _stream_openai(head, usage if counted else None)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": ANSWER},
        "finish_reason": "stop",
        "logprobs": None,
    }
    return _Reply(
        200, "application/json", [_json_bytes({**head, "choices": [choice], "usage": usage})]
    )


def _stream_openai(head: dict[str, Any], usage: dict[str, Any] | None) -> _Reply:
    deltas: list[tuple[dict[str, str], str | None]] = [
        ({"role": "assistant", "content": ""}, None),
        *(({"content": piece}, None) for piece in _pieces()),
        ({"content": ""}, "stop"),
    ]
    chunks: list[dict[str, Any]] = [
        {
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}],
            "usage": None,
        }
        for delta, finish in deltas
    ]
    if usage:
        chunks.append({"choices": [], "usage": usage})
    head = {**head, "object": "chat.completion.chunk"}
    events = [b"data: " + _json_bytes({**head, **chunk}) + b"\n\n" for chunk in chunks]
    return _Reply(200, _EVENTS, [*events, b"data: [DONE]\n\n"])


def _answer_dashscope(question: _Question) -> _Reply:
    request_id = str(uuid.uuid4())
    if not question.streams:
        body = _dashscope_body(question, request_id, ANSWER, "stop", len(ANSWER))
        return _Reply(200, "application/json", [body])
    incremental = question.parameters.get("incremental_output") is True
    so_far = ""
    events = []
    pieces = _pieces()
    for number, piece in enumerate(pieces, start=1):
        so_far += piece
        body = _dashscope_body(
            question,
            request_id,
            piece if incremental else so_far,
            "stop" if number == len(pieces) else "null",
            len(so_far),
        )
        events.append(_event(number, "result", 200, body))
    return _Reply(200, _EVENTS, events)


def _dashscope_body(
    question: _Question, request_id: str, text: str, finish: str, tokens: int
) -> bytes:
    """A whole answer, or what one event of a stream carries."""
    multimodal = question.family.kind == "multimodal"
    output: dict[str, Any] = {"text": text, "finish_reason": finish}
    if multimodal or question.parameters.get("result_format") == "message":
        content = [{"text": text}] if multimodal else text
        message = {"role": "assistant", "content": content}
        output = {"choices": [{"finish_reason": finish, "message": message}]}
    usage = {
        "input_tokens": question.characters,
        "output_tokens": tokens,
        "total_tokens": question.characters + tokens,
    }
    return _json_bytes({"output": output, "usage": usage, "request_id": request_id})


def _event(number: int, name: str, status: int, data: bytes) -> bytes:
    return f"id:{number}\nevent:{name}\n:HTTP_STATUS/{status}\ndata:".encode() + data + b"\n\n"


# The server


@contextmanager
def serve(
    mock: Mock, *, host: str = LOOPBACK, port: int = 0, certificate: Path | None = None
) -> Iterator[tuple[str, int]]:
    """Serve a mock in a thread of its own, and give the host and port that it has.

    Args:
        port: 0 for any that is free.
        certificate: a PEM file with a key and its chain; without one it is plain http.

    Raises:
        InputError: the host and port cannot be had, or the certificate not be read.
    """
    import logging

    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Protocol(H11Protocol):
        """Shows the mock also what is no HTTP request."""

        def send_400_response(self, msg: str) -> None:
            # In the middle of a request, the app hears of it and records it.
            if self.cycle is None or self.cycle.response_complete:
                mock.record(Exchange("", self.scheme or "", "", "", (), b"", 400))
            super().send_400_response(msg)

    config = uvicorn.Config(
        mock,
        loop="asyncio",
        http=Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        proxy_headers=False,  # else X-Forwarded-Proto would decide what the scheme was
        server_header=False,
        # Longer than a client may think of its connection as fresh.
        timeout_keep_alive=60,
        # A client that stalls does not keep the server from stopping.
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
    )
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one
        raise InputError(f"{certificate}: no key and certificate in PEM: {error}") from None
    with _listen(host, port) as listener:
        server = uvicorn.Server(config)
        # Clients can connect already: the socket listens, and the thread will accept them.
        thread = Thread(target=server.run, args=([listener],), name="mock", daemon=True)
        address = listener.getsockname()[:2]
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name == "posix":  # where it means: also right after another server has stopped
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError, TypeError) as error:  # a TypeError: no host name at all
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot serve on {host} port {port}: {reason}") from None
    return listener


def main_loop(catalog: Catalog, host: str, port: int, key: str, say: Callable[[str], None]) -> None:
    """Serve plain http until SIGINT or SIGTERM, for a person who tries samples out.

    Args:
        key: the API key that is let in. With the name of a failure behind it, as in
            `sk-mock-rate-limit`, it gets that failure.
        say: gets a line for each protocol's base URL, then one for each request.

    Raises:
        InputError: see `serve`.
    """
    import signal
    from queue import SimpleQueue

    # The main thread does the talking, because a signal only wakes that one. None ends it.
    lines: SimpleQueue[str | None] = SimpleQueue()

    class Announcer(Mock):
        """Tells of each exchange and keeps none: it may run for days."""

        def record(self, exchange: Exchange) -> None:
            method = exchange.method or "(not HTTP)"
            lines.put(" ".join(filter(None, (method, exchange.path, str(exchange.status)))))

    mock = Announcer(catalog)
    mock.expect(key)
    for behaviour in FAILURES:
        mock.expect(f"{key}-{behaviour}", behaviour)
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: lines.put(None)) for number in signals}
    try:
        with serve(mock, host=host, port=port) as (bound, number):
            scheme = "http"
            name = f"[{bound}]" if ":" in bound else bound
            for protocol, facts in catalog.protocols.items():
                say(f"{protocol}: {scheme}://{name}:{number}{facts.base_path}")
            for line in iter(lines.get, None):
                say(line)
    finally:
        for caught, handler in before.items():
            signal.signal(caught, handler)
