"""Which samples call the catalog's service, or are meant to.

Pages also show other services, installations, and code around a call: that is not for rules
on calls of this service to judge.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from samplegen.check.places import region_of, urls
from samplegen.model.catalog import Catalog
from samplegen.readback import ReadCall

ALIKE: Final = 0.8
"""How alike two hosts are where one is a slip of the other."""

# Parts of a path that many services have.
_COMMON = re.compile(r"api|v\d\w*|chat|completions|openai")

# A stand-in or another server on the reader's own machine or network.
_LOCAL = re.compile(r"localhost|127\.[\d.]+|0\.0\.0\.0|[\w-]+")


def calls_service(code: str, call: ReadCall, catalog: Catalog) -> bool:
    """Whether a program makes a chat call, or sets it up, and means the catalog's service by it.

    Args:
        call: what was read back from `code`.
    """
    if not (call.client == "sdk" or call.messages or _names_endpoint(code, catalog)):
        return False
    hosts = _hosts(call)
    if hosts and all(_LOCAL.fullmatch(host) for host in hosts):
        return False
    if call.client == "sdk" and call.protocol in own_protocols(catalog) and not hosts:
        return True
    return _names_service(code, catalog) or _asks_its_model(call, catalog)


def may_call_service(code: str, catalog: Catalog) -> bool:
    """Whether a text, at a glance, may be such a program: most are not, and need no reading."""
    lower = code.lower()
    return (
        _names_service(code, catalog)
        or any(model in lower for model in catalog.models)
        or any(name in lower for name in own_protocols(catalog))
    )


def _hosts(call: ReadCall) -> list[str]:
    """The hosts that a call is sent to, as far as its text says them."""
    address = call.url or call.base_url
    hosts = (url.host for url in urls(str(address.value))) if address else ()
    return [host for host in hosts if re.fullmatch(r"[\w.-]+", host)]


def _names_endpoint(code: str, catalog: Catalog) -> bool:
    """Whether a text has the path of a chat call, or a URL that is an SDK's base URL."""
    protocols = catalog.protocols.values()
    if any(path in code for facts in protocols for path in facts.paths.values()):
        return True
    bases = {facts.base_path.rstrip("/") for facts in protocols}
    return any(url.path.rstrip("/") in bases for url in urls(code) if url.path)


def _names_service(code: str, catalog: Catalog) -> bool:
    """Whether a text has the service's key variable, a path of its own, or a host like its own."""
    if catalog.provider.key_env in code or any(path in code for path in own_paths(catalog)):
        return True
    return any(
        region_of(url.host, catalog) or nearest_host(url.host, catalog)[1] >= ALIKE
        for url in urls(code)
    )


def _asks_its_model(call: ReadCall, catalog: Catalog) -> bool:
    """Whether a call asks for a model of the service, and names no other service's address."""
    if call.model is None or not isinstance(call.model.value, str) or _hosts(call):
        return False
    name = call.model.value.lower()
    return any(name == known or name.startswith(f"{known}-") for known in catalog.models)


@lru_cache(maxsize=16)
def own_protocols(catalog: Catalog) -> tuple[str, ...]:
    """The protocols that are the service's own, so that their SDKs call it unless told otherwise.

    Its hosts are named after them.
    """
    hosts = [region.host or region.workspace_host or "" for region in catalog.regions.values()]
    words = {word for host in hosts for word in re.split(r"[.-]", host)}
    return tuple(name for name in catalog.protocols if name in words)


@lru_cache(maxsize=16)
def own_paths(catalog: Catalog) -> tuple[str, ...]:
    """Paths of the service, and beginnings of such, that no other service has."""
    paths = [
        path
        for facts in catalog.protocols.values()
        for path in (facts.base_path, *(facts.base_path + end for end in facts.paths.values()))
    ]
    return tuple(
        path
        for path in dict.fromkeys(paths)
        if not all(_COMMON.fullmatch(part) for part in path.split("/") if part)
    )


@lru_cache(maxsize=1024)
def nearest_host(host: str, catalog: Catalog) -> tuple[str, float]:
    """The host of the service that is most like a host, and how alike they are, 0 to 1."""
    known = [region.host for region in catalog.regions.values() if region.host]
    alike = ((one, _likeness(host, one)) for one in known)
    return max(alike, key=lambda pair: pair[1], default=("", 0.0))


def _likeness(host: str, known: str) -> float:
    """How alike two hosts are; the same words in another order are nearly the same."""
    if sorted(re.split(r"[.-]", host)) == sorted(re.split(r"[.-]", known)):
        return 0.99
    return min(SequenceMatcher(None, host, known).ratio(), 0.98)
