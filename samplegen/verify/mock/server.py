"""Serving a mock on real sockets, and on the command line."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from samplegen.errors import InputError
from samplegen.model.catalog import Catalog
from samplegen.protocols import protocol
from samplegen.verify.mock.app import Address, Exchange, Mock
from samplegen.verify.mock.behaviour import keys

if TYPE_CHECKING:
    import asyncio

# IPv4's, not "localhost", which may be unknown where there is no hosts file.
LOOPBACK: Final = socket.inet_ntoa(socket.INADDR_LOOPBACK.to_bytes(4))

# How long a client has to answer the end of a TLS connection, seconds.
_FAREWELL: Final = 0.2


@contextmanager
def serve(
    mock: Mock, addresses: Sequence[Address] = ((LOOPBACK, 0),), certificate: Path | None = None
) -> Iterator[list[Address]]:
    """Serve a mock in a thread of its own, and give the addresses that it has.

    Args:
        addresses: port 0 is any that is free.
        certificate: a PEM file with a key and its chain; without one it is plain http.

    Raises:
        InputError: an address cannot be had, or the certificate not be read.
    """
    import logging

    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Protocol(H11Protocol):
        """Shows the mock also what is no HTTP request, and does not wait for a farewell."""

        def connection_made(self, transport: Any) -> None:
            brisk: Any = _Brisk(transport, self.loop)
            super().connection_made(brisk)

        def send_400_response(self, msg: str) -> None:
            # In the middle of a request, the app hears of it and records it.
            if self.cycle is None or self.cycle.response_complete:
                at = self.server or ("", 0)
                scheme = self.scheme or ""
                mock.record(Exchange("", scheme, "", "", (), b"", 400, (at[0], at[1] or 0)))
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
    with ExitStack() as open_:
        listeners = [open_.enter_context(_listen(*address)) for address in addresses]
        server = uvicorn.Server(config)
        # Clients can connect already: the sockets listen, and the thread will accept them.
        thread = Thread(target=server.run, args=(listeners,), name="mock", daemon=True)
        bound = [listener.getsockname()[:2] for listener in listeners]
        thread.start()
        try:
            yield bound
        finally:
            server.should_exit = True
            thread.join()


class _Brisk:
    """A transport that waits only shortly for the other side's end of TLS.

    Some clients never send it after a connection was cut, and asyncio would wait for half a minute.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def close(self) -> None:
        self._transport.close()
        self._loop.call_later(_FAREWELL, self._transport.abort)


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
    for let_in, behaviour in keys(key).items():
        mock.expect(let_in, behaviour)
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: lines.put(None)) for number in signals}
    try:
        with serve(mock, [(host, port)]) as [(bound, number)]:
            scheme = "http"
            name = f"[{bound}]" if ":" in bound else bound
            for id, facts in catalog.protocols.items():
                without = "" if protocol(id).answers else " (the mock has no answers in it)"
                say(f"{id}: {scheme}://{name}:{number}{facts.base_path}{without}")
            for line in iter(lines.get, None):
                say(line)
    finally:
        for caught, handler in before.items():
            signal.signal(caught, handler)
