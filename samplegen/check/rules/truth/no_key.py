"""T127 no-key."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import region_called
from samplegen.check.places import urls
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.slips import SERVES

# What the SDK reads where it is told no key.
_ITS_OWN = "OPENAI_API_KEY"


@rule("T127", "no-key", frameworks=True)
def no_key(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A client that is told no key, on a page that has the key in another variable.

    The SDK looks into a variable of its own, and fails or sends another service's key.
    """
    if _ITS_OWN in page.text:
        return
    seen = set()
    for call in (sample.call, *sample.call.others):
        place, address = call.keyless, call.base_url
        if place is None or place in seen or call.key_env or call.key_literal or address is None:
            continue
        seen.add(place)
        wanted = page.catalog.key_env(region_called(call, page.catalog))
        if not wanted or wanted not in page.text:
            continue
        hosts = urls(str(address.value))
        if any(page.catalog.host_kind(one.host) in SERVES for one in hosts):
            message = f"nothing gives the key to the client: read the variable {wanted}"
            yield Problem(place.start, place.end, message)
