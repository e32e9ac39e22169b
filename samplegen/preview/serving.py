"""Serves the page on this machine's own address, for a person."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import uvicorn

from samplegen.configured import Project
from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.preview.app import app

# IPv4's, not "localhost", which may be unknown where there is no hosts file.
LOOPBACK: Final = socket.inet_ntoa(socket.INADDR_LOOPBACK.to_bytes(4))


def listen(port: int) -> socket.socket:
    """A socket that this machine alone can connect to.

    Args:
        port: 0 is any that is free.

    Raises:
        InputError: the port cannot be had.
    """
    listener = socket.socket(socket.AF_INET)
    try:
        if os.name == "posix":  # where it means: also right after another server has stopped
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        reason = error.strerror or error
        raise InputError(
            f"cannot serve on port {port}: {reason}: name another with --port, 0 is any"
        ) from None
    return listener


def server(
    catalog: Catalog, port: int, begin: Call | None = None, project: Project | None = None
) -> uvicorn.Server:
    """The server of the page at a port."""
    config = uvicorn.Config(
        app(catalog, port, begin, project),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def serve(
    project: Project,
    port: int,
    begin: Call | None,
    *,
    opens: bool,
    say: Callable[[str], None],
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        begin: the call that the page begins with; None is the project's, else the first example.
        opens: in the browser, too.
        say: gets the page's address.

    Raises:
        InputError: the port cannot be had.
    """
    with listen(port) as listener, suppress(KeyboardInterrupt):
        port = listener.getsockname()[1]
        address = f"http://{LOOPBACK}:{port}/"
        say(f"{address}  (stop with Ctrl-C)")
        if opens:
            import webbrowser

            webbrowser.open(address)
        server(project.catalog, port, begin, project).run([listener])
