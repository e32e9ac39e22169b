"""The hosts that samples call, and those that resolve where they run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final
from urllib.parse import urlsplit

from samplegen.check.places import urls
from samplegen.check.slips import SERVES
from samplegen.errors import InputError
from samplegen.model.catalog import Catalog
from samplegen.rendering.sample import Sample
from samplegen.verify import mock
from samplegen.verify.subject import Subject


def strange_hosts(sample: Sample, catalog: Catalog) -> str:
    """What to say of the host that a sample calls, if it is none of the service's; else empty.

    What stands in a comment or a prompt is called by nobody.
    """
    from samplegen.readback import can_read, readback

    if not can_read(sample.language):
        return ""
    call = readback(sample.language, sample.code, catalog)
    address = call.url or call.base_url
    found = re.match(r"\w+://([\w.-]+)", str(address.value)) if address else None
    if found is None or catalog.host_kind(found[1]) is not None:
        return ""
    shared = [region.host for region in catalog.regions.values() if region.host]
    close = get_close_matches(found[1], shared, 1)
    hint = f": did you mean {close[0]!r}?" if close else ""
    return f"the service has no host {found[1]!r}{hint}"


def spoken(exchange: mock.Exchange, catalog: Catalog) -> tuple[str | None, str | None]:
    """The protocol and the region that a request speaks to, as far as they are known."""
    protocols = [
        (len(facts.base_path), name)
        for name, facts in catalog.protocols.items()
        if exchange.path.startswith(f"{facts.base_path}/")
    ]
    regions = (name for name, region in catalog.regions.items() if region.host == exchange.host)
    return max(protocols)[1] if protocols else None, next(regions, None)


def every_host(subjects: Iterable[Subject], catalog: Catalog) -> list[str]:
    """The names that must resolve.

    Other regions' hosts do as well, so that a sample that calls one is told apart from
    one whose host does not exist; and so do further hosts of the service that a page's
    sample names, such as the one for batches.

    Raises:
        InputError: a host that cannot be sealed: one with a port, an address, this machine.
    """
    every = {region.host for region in catalog.regions.values() if region.host}
    shared = {host for host in every if _SEALABLE.fullmatch(host)}
    subjects = list(subjects)
    requests = [one for s in subjects for one in (s.request, *s.others) if one]
    called = {urlsplit(request.url).netloc for request in requests} or every - shared
    for host in sorted(called):
        if not _SEALABLE.fullmatch(host) and (requests or not shared):
            raise InputError(
                f"verify cannot seal {host!r}: it needs a host name, without a port; "
                "try samples of this host against 'samplegen mock'"
            )
    named = {
        url.host
        for subject in subjects
        if not subject.rendered
        for url in urls(subject.sample.code)
        if _SEALABLE.fullmatch(url.host) and catalog.host_kind(url.host) in SERVES
    }
    return sorted(shared | named | {str(urlsplit(request.url).hostname) for request in requests})


# A name that can lead elsewhere: no port, no IPv4 or IPv6 address, not this machine itself.
_SEALABLE: Final = re.compile(r"(?!localhost$)[\w.-]*[A-Za-z][\w-]*", re.ASCII | re.IGNORECASE)
