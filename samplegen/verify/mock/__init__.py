"""A local server that answers a catalog's protocols as the service itself does.

`Mock` is an ASGI app: it judges each request, answers it and keeps it. `serve`
runs one on real sockets. uvicorn is imported only there.
"""

from samplegen.verify.mock.answer import ANSWER
from samplegen.verify.mock.app import FAILURES, LIMIT, Address, Behaviour, Exchange, Mock
from samplegen.verify.mock.refusal import BAD_KEY, COMPLAINTS
from samplegen.verify.mock.server import LOOPBACK, main_loop, serve

__all__ = [
    "ANSWER",
    "BAD_KEY",
    "COMPLAINTS",
    "FAILURES",
    "LIMIT",
    "LOOPBACK",
    "Address",
    "Behaviour",
    "Exchange",
    "Mock",
    "main_loop",
    "serve",
]
