"""Where samples run: sealed, or with their hosts rewritten where nothing can be sealed.

Samples run side by side in slots, each with addresses of its own: whatever comes to
one of them, with whatever key or none, was sent by the sample that runs there.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, product
from pathlib import Path
from threading import local
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from samplegen.verify import mock, seal

SEALED: Final = "sealed"
REWRITTEN: Final = "host rewritten"

_TLS, _PLAIN = "https", "http"
_PORTS: Final = {_TLS: 443, _PLAIN: 80}


class Slot(NamedTuple):
    """A place for one program at a time.

    `names` are its addresses, each with the origin that it stands for where hosts are
    rewritten; `hosts` is its own file at `/etc/hosts`, where they are not.
    """

    server: mock.Mock
    names: dict[mock.Address, str]
    hosts: Path | None

    def published(self, code: str) -> str:
        """The code to run for a sample: its own, byte for byte, unless hosts are rewritten."""
        for (number, port), origin in self.names.items():
            here = f"{number}:{port}"
            if origin:
                scheme, _, name = origin.partition("://")
                whole = rf"(?<![\w.-]){re.escape(name)}(?![\w.-]|:\d)"
                code = re.sub(f"{scheme}://{whole}", f"{_PLAIN}://{here}", code)
                code = re.sub(whole, here, code)
        return code

    def hold(self, seen: mock.Seen | None) -> None:
        """Hold streams back until `seen` is done; None lets them go again."""
        for address in self.names:
            self.server.hold(address, seen)

    def behave(self, behaviour: mock.Behaviour) -> None:
        """Say what becomes of calls that need no key."""
        for address in self.names:
            self.server.behave(address, behaviour)

    def take(self) -> list[mock.Exchange]:
        """What came since the last time, as if it had come to the real host."""
        return [self._as_meant(one) for address in self.names for one in self.server.take(address)]

    def _as_meant(self, exchange: mock.Exchange) -> mock.Exchange:
        scheme, _, name = self.names[exchange.at].partition("://")
        return exchange._replace(scheme=scheme, host=name) if name else exchange


class Trust(NamedTuple):
    """Certificates of two authorities: the one that the server's is of, and another one.

    Both are in a folder of their own, which programs see.
    """

    authority: Path
    stranger: Path


class Place:
    """Gives each thread that asks a slot of its own."""

    def __init__(self, isolation: str, make: Callable[[int], Slot]) -> None:
        self.isolation = isolation
        self._make = make
        self._numbers = count(1)
        self._own = local()

    @property
    def slot(self) -> Slot:
        """This thread's slot."""
        if not hasattr(self._own, "slot"):
            self._own.slot = self._make(next(self._numbers))
        slot: Slot = self._own.slot
        return slot


class _Where(NamedTuple):
    """What an origin says of where a program connects to."""

    scheme: str
    host: str
    port: int


def _where(origin: str) -> _Where:
    url = urlsplit(origin)
    return _Where(url.scheme, url.hostname or "", url.port or _PORTS[url.scheme])


def _number(host: str) -> str | None:
    """A host that is an IP address; None for a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def fixed(origins: Sequence[str]) -> bool:
    """Whether one of them is an IP address, or a name that programs look up nowhere."""
    hosts = [_where(origin).host for origin in origins]
    return any(_number(host) or host.endswith("localhost") for host in hosts)


@contextmanager
def sealed(server: mock.Mock, origins: Sequence[str], own: Path) -> Iterator[tuple[Place, Trust]]:
    """A place in the namespaces that this process is the first of, and whom to trust there.

    Args:
        origins: what leads to the server, see `hosts.every_origin`; no other name
            resolves, and nothing else answers.
        own: what is in it is hidden; files of this place are put there.
    """
    import trustme

    places = [_where(origin) for origin in origins]
    hosts = sorted({place.host for place in places})
    numbers = [number for number in map(_number, hosts) if number]
    seal.close(own, numbers)
    authority = trustme.CA()
    trusted = own / "trust"
    trusted.mkdir()
    trust = Trust(trusted / "ca.pem", trusted / "stranger.pem")
    authority.cert_pem.write_to_path(str(trust.authority))
    trustme.CA().cert_pem.write_to_path(str(trust.stranger))
    certificate = own / "server.pem"
    authority.issue_cert(*hosts).private_key_and_cert_chain_pem.write_to_path(str(certificate))
    any_address = socket.inet_ntoa(socket.INADDR_ANY.to_bytes(4))
    ports = {scheme: {port} for scheme, port in _PORTS.items()}
    for place in places:
        ports[place.scheme].add(place.port)
    ports[_PLAIN] -= ports[_TLS]
    # Any address of IPv6 would be any of IPv4, too.
    at = [any_address, *(number for number in numbers if ":" in number)]

    def make(number: int) -> Slot:
        # All of 127/8 is this machine (RFC 1122, 3.2.1.3), and what comes says to which it came.
        address = socket.inet_ntoa((socket.INADDR_LOOPBACK + (number << 8)).to_bytes(4))
        if fixed(origins):
            address = mock.LOOPBACK
        file = own / f"hosts-{number}"
        names = [host for host in hosts if not _number(host) and host != "localhost"]
        file.write_text(f"{mock.LOOPBACK} localhost\n{address} {' '.join(names)}\n")
        came = product([address, *numbers], [*ports[_TLS], *ports[_PLAIN]])
        return Slot(server, dict.fromkeys(came, ""), file)

    with (
        mock.serve(server, [*product(at, ports[_TLS])], certificate),
        mock.serve(server, [*product(at, ports[_PLAIN])]),
    ):
        yield Place(SEALED, make), trust


@contextmanager
def rewritten(server: mock.Mock, origins: Sequence[str], slots: int) -> Iterator[Place]:
    """A place without namespaces: in the code, each host becomes a port of this machine."""
    wanted = [(mock.LOOPBACK, 0)] * (len(origins) * slots)
    with mock.serve(server, wanted) as bound:

        def make(number: int) -> Slot:
            own = bound[(number - 1) * len(origins) : number * len(origins)]
            return Slot(server, dict(zip(own, origins, strict=True)), None)

        yield Place(REWRITTEN, make)
