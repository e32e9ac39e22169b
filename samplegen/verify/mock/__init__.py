"""A local server that answers a catalog's protocols as the service itself does.

`Mock` is an ASGI app: it judges each request, answers it and keeps it. `serve`
runs one on real sockets. uvicorn is imported only there.
"""

from samplegen.verify.mock.answer import ANSWER, REASONING, answers, usage
from samplegen.verify.mock.app import LIMIT, Address, Exchange, Mock, Seen, answered, call_of
from samplegen.verify.mock.behaviour import (
    BEHAVIOURS,
    COMPLAINTS,
    FAILURES,
    MEANINGS,
    STREAM_FAILURES,
    Behaviour,
    keys,
)
from samplegen.verify.mock.server import LOOPBACK, main_loop, serve

__all__ = [
    "ANSWER",
    "BEHAVIOURS",
    "COMPLAINTS",
    "FAILURES",
    "LIMIT",
    "LOOPBACK",
    "MEANINGS",
    "REASONING",
    "STREAM_FAILURES",
    "Address",
    "Behaviour",
    "Exchange",
    "Mock",
    "Seen",
    "answered",
    "answers",
    "call_of",
    "keys",
    "main_loop",
    "serve",
    "usage",
]
