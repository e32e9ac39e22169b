"""The hosts that samples call, and those that resolve where they run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from urllib.parse import urlsplit

from samplegen.check.places import urls
from samplegen.check.slips import SERVES
from samplegen.model.catalog import Catalog
from samplegen.model.hosts import is_placeholder
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
    found = next(iter(urls(str(address.value))), None) if address else None
    if found is None or catalog.host_kind(found.host) is not None:
        return ""
    shared = [region.host for region in catalog.regions.values() if region.host]
    close = get_close_matches(found.host, shared, 1)
    hint = f": did you mean {close[0]!r}?" if close else ""
    return f"the service has no host {found.host!r}{hint}"


def spoken(exchange: mock.Exchange, catalog: Catalog) -> tuple[str | None, str | None]:
    """The protocol and the region that a request speaks to, as far as they are known."""
    protocols = [
        (len(base), name)
        for name, facts in catalog.protocols.items()
        for base in facts.bases
        if exchange.path.startswith(f"{base}/")
    ]
    return max(protocols)[1] if protocols else None, catalog.region_at(exchange.host)


def every_origin(subjects: Iterable[Subject], catalog: Catalog) -> list[str]:
    """The origins, each a scheme, a host and perhaps a port, that must lead to the mock.

    Other regions' do as well, so that a sample that calls one is told apart from
    one whose host does not exist; and so do further hosts of the service that a page's
    sample names, such as the one for batches.
    """
    subjects = list(subjects)
    regions = [region for region in catalog.regions.values() if region.host]
    called = [urlsplit(one.url) for s in subjects for one in (s.request, *s.others) if one]
    named = {
        url.host.lower()
        for subject in subjects
        if not subject.rendered
        for url in urls(subject.sample.code)
        if re.fullmatch(r"[\w.:\[\]-]+", url.host) and catalog.host_kind(url.host) in SERVES
    }
    return sorted(
        {f"{region.scheme}://{region.host}" for region in regions}
        | {"://".join(one[:2]) for one in called if not is_placeholder(one.netloc)}
        | {f"{catalog.scheme_at(host)}://{host}" for host in named}
    )
