"""The service as an ASGI app, which keeps what came."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Any, Final, Literal, NamedTuple

from samplegen.model.catalog import Catalog
from samplegen.verify.mock.answer import Reply, answer_dashscope, answer_openai
from samplegen.verify.mock.question import question, wants_events
from samplegen.verify.mock.refusal import (
    BAD_KEY,
    COMPLAINTS,
    NO_PATH,
    NOT_POST,
    PROBLEMS,
    TOO_LARGE,
    UNKNOWN_KEY,
    RefusalError,
    refused,
)

Behaviour = Literal["answer", "bad-request", "not-found", "rate-limit", "server-error", "cut"]

FAILURES: Final[tuple[Behaviour, ...]] = (*COMPLAINTS, "cut")  # type: ignore[arg-type]

# The longest body that is read.
LIMIT: Final = 32 * 1024 * 1024

Address = tuple[str, int]
"""A host's number and a port."""

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
    at: Address
    """The address of the server that it came to."""

    def header(self, name: str) -> str:
        """The first header of that lower-case name, or an empty text."""
        return next((value for other, value in self.headers if other == name), "")

    @property
    def key(self) -> str:
        """The API key, or an empty text."""
        scheme, _, key = self.header("authorization").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else ""


class Mock:
    """The service, as an ASGI app. All methods may be called while it is served.

    Args:
        catalog: says which paths, models and options there are.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = Lock()
        self._behaviours: dict[str, Behaviour] = {}
        self._exchanges: dict[Address, list[Exchange]] = {}

    def expect(self, key: str, behaviour: Behaviour = "answer") -> None:
        """Let an API key in, and say what becomes of its calls."""
        with self._lock:
            self._behaviours[key] = behaviour

    def take(self, at: Address) -> list[Exchange]:
        """Hand over what came to an address since the last time.

        An exchange is here before its answer is sent. What was not HTTP has no method.
        """
        with self._lock:
            return self._exchanges.pop(at, [])

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange: the server calls this, for each."""
        with self._lock:
            self._exchanges.setdefault(exchange.at, []).append(exchange)

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
            behaviour = self._behaviours.get(request.key)
        reply = self._reply(request, behaviour)
        cut = behaviour == "cut"
        # Before it is sent, so that whoever has the answer finds the exchange.
        self.record(request._replace(status=0 if cut else reply.status))
        await _send(send, reply, cut)

    def _reply(self, request: Exchange, behaviour: Behaviour | None) -> Reply:
        path = request.path.partition("?")[0]
        protocol = self._protocol(path)
        try:
            if path not in self._paths(protocol):
                raise RefusalError(NO_PATH, f"There is nothing at {path}.")
            if request.method != "POST":
                raise RefusalError(NOT_POST, f"Method {request.method} is not allowed, POST is.")
            if behaviour is None:
                raise RefusalError(UNKNOWN_KEY, BAD_KEY[protocol])
            if behaviour in PROBLEMS:
                raise RefusalError(PROBLEMS[behaviour], COMPLAINTS[behaviour])
            if len(request.body) > LIMIT:
                raise RefusalError(TOO_LARGE, f"The body is longer than {LIMIT} bytes.")
            asked = question(protocol, path, request, self._catalog)
        except RefusalError as refusal:
            return refused(protocol, refusal, wants_events(request))
        answer = answer_openai if protocol == "openai" else answer_dashscope
        return answer(asked)

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
        at=tuple(scope["server"]),
    )
    return request._replace(host=re.sub(r":\d*$", "", request.header("host")))


async def _send(send: Callable[[_Asgi], Awaitable[None]], reply: Reply, cut: bool) -> None:
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
