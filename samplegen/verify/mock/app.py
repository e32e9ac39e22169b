"""The service as an ASGI app, which keeps what came."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from samplegen.model.catalog import BEARER, Auth, Catalog, Paths
from samplegen.protocols import protocol
from samplegen.verify.mock.answer import answers, usage
from samplegen.verify.mock.behaviour import (
    COMPLAINTS,
    NO_PATH,
    NOT_ALLOWED,
    PROBLEMS,
    TOO_LARGE,
    UNKNOWN_KEY,
    Behaviour,
    RefusalError,
)
from samplegen.verify.mock.judge import question

if TYPE_CHECKING:
    from samplegen.model.call import Call
    from samplegen.protocols.base import Answer, Answers

# The longest body that is read.
LIMIT: Final = 32 * 1024 * 1024

Address = tuple[str, int]
"""A host's number and a port."""

Seen = Callable[[str, bytes], Awaitable[None]]
"""Waits until a text, or the events that brought it, has been shown."""

_Asgi = dict[str, Any]


class Exchange(NamedTuple):
    """A request as it arrived, and the status that it was answered with."""

    method: str
    scheme: str
    host: str
    """The Host header, without the port where that is the scheme's own."""
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

    def key(self, auths: Sequence[Auth] = (BEARER,)) -> str:
        """The API key, or an empty text.

        Args:
            auths: the headers that may have it.
        """
        for auth in auths:
            value = self.header(auth.header.lower())
            key = value[len(auth.prefix) :].strip()
            if key and value.lower().startswith(auth.prefix.lower()):
                return key
        return ""


class Reply(NamedTuple):
    """What to answer: one JSON body, or the events of a stream.

    `shown` is the text that has come with each event, and all before it.
    """

    status: int
    content_type: str
    parts: list[bytes]
    headers: tuple[tuple[str, str], ...] = ()
    shown: list[str] | None = None


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
        self._holds: dict[Address, Seen] = {}
        self._without_key: dict[Address, Behaviour] = {}

    def expect(self, key: str, behaviour: Behaviour = "answer") -> None:
        """Let an API key in, and say what becomes of its calls."""
        with self._lock:
            self._behaviours[key] = behaviour

    def behave(self, at: Address, behaviour: Behaviour) -> None:
        """Say what becomes of calls to an address, where the service needs no key."""
        with self._lock:
            self._without_key[at] = behaviour

    def hold(self, at: Address, seen: Seen | None) -> None:
        """Send streams from an address in odd pieces, and the second half only when `seen` is done.

        Args:
            seen: None sends them as they are again.
        """
        with self._lock:
            self._holds.pop(at, None)
            if seen is not None:
                self._holds[at] = seen

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
            behaviour = self._behaviour(request)
            seen = self._holds.get(request.at)
        reply = self._reply(request, behaviour)
        cut = behaviour == "cut"
        # Before it is sent, so that whoever has the answer finds the exchange.
        self.record(request._replace(status=0 if cut else reply.status))
        await _send(send, reply, cut, seen)

    def _behaviour(self, request: Exchange) -> Behaviour | None:
        """What becomes of a request; None where its key is not let in."""
        catalog = self._catalog
        key = request.key(catalog.auths)
        region = catalog.region_at(request.host) or catalog.defaults.region
        if key in self._behaviours:
            return self._behaviours[key]
        if not catalog.key_env(region):
            return self._without_key.get(request.at, "answer")
        optional = catalog.provider.key_optional
        return "answer" if optional and key in ("", catalog.provider.key_literal) else None

    def _reply(self, request: Exchange, behaviour: Behaviour | None) -> Reply:
        path = request.path.partition("?")[0]
        id = self.protocol_of(path)
        says = protocol(id).answers
        if says is None:
            words = f"The mock has no answers in the protocol {id}."
            return Reply(501, "application/json", [_json({"error": {"message": words}})])
        try:
            return self._answer(request, path, id, says, behaviour)
        except RefusalError as refusal:
            status, kind = refusal.problem
            headers = (("allow", str(refusal.allow)),) if kind == "method" else ()
            body = says.error(kind, status, refusal.message)
            facts = self._catalog.protocols.get(id)
            data = _json(body if facts is None else _formed(body, facts))
            if says.refuses_in_events(dict(request.headers)):
                event = says.error_event(1, status, data)
                return Reply(status, says.media_type, [event], headers)
            return Reply(status, "application/json", [data], headers)

    def _answer(
        self, request: Exchange, path: str, id: str, says: Answers, behaviour: Behaviour | None
    ) -> Reply:
        """The answer to a request.

        Raises:
            RefusalError: there is none.
        """
        facts = self._catalog.protocols.get(id)
        listed = says.models(self._catalog.models) if facts else None
        at = [base + listed[0] for base in facts.bases] if facts and listed else []
        lists = path in at
        if not lists and path not in self._paths(id):
            raise RefusalError(NO_PATH, f"There is nothing at {path}.")
        allowed = "GET" if lists else "POST"
        if request.method != allowed:
            words = f"Method {request.method} is not allowed, {allowed} is."
            raise RefusalError(NOT_ALLOWED, words, allowed)
        if behaviour is None:
            raise RefusalError(UNKNOWN_KEY, says.bad_key)
        if behaviour in PROBLEMS:
            raise RefusalError(PROBLEMS[behaviour], COMPLAINTS[behaviour])
        if listed is not None and lists:
            return Reply(200, "application/json", [_json(listed[1])])
        if len(request.body) > LIMIT:
            raise RefusalError(TOO_LARGE, f"The body is longer than {LIMIT} bytes.")
        asked, call = question(id, path, request, self._catalog)
        said = answers(call, asked.family, behaviour)
        if not call.streams:
            body = says.whole(asked, said, usage(call, said))
            return Reply(200, "application/json", [_json(body)])
        chunks = says.chunks(asked, said, usage(call, said))
        events = [says.event(n, _json(chunk.data)) for n, chunk in enumerate(chunks, 1)]
        shown = [chunk.shown for chunk in chunks]
        if behaviour in ("stream-error", "stream-end"):
            half = _half(shown)
            events, shown = events[: half + 1], shown[: half + 1]
            if behaviour == "stream-error":
                words = COMPLAINTS[behaviour]
                data = _json(says.error("server", 500, words))
                events.append(says.error_event(len(events) + 1, 500, data))
                shown.append(shown[-1])
        elif behaviour == "broken-line":
            # Half an event, and then all that follows: whoever skips it loses a part unseen.
            middle = min(_half(shown) + 1, len(events) - 1)
            data = _json(chunks[middle].data)
            events[middle] = says.event(middle + 1, data[: len(data) // 2])
        if says.closing and behaviour not in ("stream-error", "stream-end"):
            events.append(says.closing)
            shown.append(shown[-1])
        events[0] = says.opening + events[0]
        if behaviour == "odd-stream":
            # As a proxy may change it: HTML, 9.2.5, lets lines end in either way.
            events = [b": odd\r\n\r\n" + one.replace(b"\n", b"\r\n") for one in events]
        return Reply(200, says.media_type, events, (), shown)

    def protocol_of(self, path: str) -> str:
        """Whose path it is, by the longest base path; else that of calls that do not say."""
        under = [
            (len(base), name)
            for name, facts in self._catalog.protocols.items()
            for base in facts.bases
            if path.startswith(base + "/")
        ]
        return max(under)[1] if under else self._catalog.defaults.protocol

    def _paths(self, protocol: str) -> set[str]:
        if protocol not in self._catalog.protocols:
            return set()
        facts = self._catalog.protocols[protocol]
        return {base + path for base in facts.bases for path in facts.paths.values()}


def _formed(body: dict[str, Any], facts: Paths) -> Any:
    """The body of a refusal in the provider's form."""
    if not isinstance(body.get("error"), dict):
        return body
    if facts.errors == "flat":
        return {"object": "error", **body["error"]}
    return [{"error": body["error"]}] if facts.errors == "list" else body


def call_of(exchange: Exchange, catalog: Catalog) -> Call | None:
    """The call that a request is, whatever its key; None if it is refused."""
    path = exchange.path.partition("?")[0]
    id = Mock(catalog).protocol_of(path)
    if id not in catalog.protocols or protocol(id).answers is None:
        return None
    try:
        return question(id, path, exchange, catalog).call
    except RefusalError:
        return None


def answered(exchange: Exchange, catalog: Catalog) -> tuple[Answer, ...]:
    """What a request is answered where its key is good; nothing if it is refused."""
    call = call_of(exchange, catalog)
    return () if call is None else answers(call, catalog.family(call.model))


def _json(value: object) -> bytes:
    """JSON as UTF-8; a lone surrogate in the model's name cannot be sent back as it is."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _half(shown: list[str]) -> int:
    """The number of the event that brings the first half of the text, or of the events."""
    whole = len(shown[-1])
    if not whole:
        return (len(shown) - 1) // 2
    return next(n for n, text in enumerate(shown) if 2 * len(text) >= whole)


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
    usual = "443" if request.scheme == "https" else "80"
    return request._replace(host=re.sub(rf":(?:{usual})?$", "", request.header("host")))


async def _send(
    send: Callable[[_Asgi], Awaitable[None]], reply: Reply, cut: bool, seen: Seen | None
) -> None:
    headers = [("content-type", reply.content_type), *reply.headers]
    # A server does not know the length of a stream before.
    if reply.shown is None:
        headers.append(("content-length", str(len(b"".join(reply.parts)))))
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": encoded})

    async def put(body: bytes, more: bool = True) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": more})

    if cut:
        whole = b"".join(reply.parts)
        # No more comes: the server closes the connection of an app that leaves it at that.
        await put(whole[: len(whole) // 2])
        return
    if seen is None or reply.shown is None:
        for part in reply.parts:
            await put(part)
    else:
        half = _half(reply.shown)
        first, rest = b"".join(reply.parts[: half + 1]), b"".join(reply.parts[half + 1 :])
        # The held half ends within an event, and within a character where there is one of
        # several bytes: so a reader has to show what it has, and to keep what it has not.
        inner = next((n for n, byte in enumerate(rest, 1) if byte >= 0xC0), len(rest) // 4)
        for piece in _odd_pieces(first + rest[:inner]):
            await put(piece)
        if reply.shown[half]:
            await seen(reply.shown[half], first)
        for piece in _odd_pieces(rest[inner:]):
            await put(piece)
    await put(b"", more=False)


def _odd_pieces(data: bytes) -> Iterator[bytes]:
    """Pieces that end within characters, lines and events; of much data, there are not too many."""
    size = 7 if len(data) < 1 << 14 else 4093
    for start in range(0, len(data), size):
        yield data[start : start + size]
