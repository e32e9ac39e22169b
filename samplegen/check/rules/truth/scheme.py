"""T126 scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.places import region_of, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.check.slips import SERVES
from samplegen.readback import Value


@rule("T126", "scheme", frameworks=True)
def scheme(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An address that is not `https`: the key goes in the clear, or no request is sent."""
    seen = set()
    for call in (sample.call, *sample.call.others):
        value = call.address
        if value is None or value.start in seen or not isinstance(value.value, str):
            continue
        seen.add(value.start)
        yield from _of(sample, value, page)


def _of(sample: SampleView, value: Value, page: PageView) -> Iterator[Problem]:
    text = str(value.value)
    for url in urls(text)[:1]:
        host = url.host
        plain = text[url.start :].startswith("http://") and page.catalog.scheme_at(host) == "https"
        own = page.catalog.regions.get(region_of(host, page.catalog) or "")
        if plain and page.catalog.host_kind(host) in SERVES and not (own and own.scheme == "http"):
            at = sample.code.find("http://", value.start, value.end)
            start, end = (value.start, value.end) if at < 0 else (at, at + len("http://"))
            fix = None if at < 0 else Fix(start, end, "https://")
            yield Problem(start, end, "the key goes in the clear: write `https://`", fix)
        return
    host = re.split(r"[/:]", text, maxsplit=1)[0]
    adds = checks_of(sample.language).adds_scheme
    if region_of(host, page.catalog) and sample.call.client == "sdk" and not adds:
        at = sample.code.find(host, value.start, value.end)
        fix = None if at < 0 else Fix(at, at, "https://")
        yield Problem(value.start, value.end, "a URL begins with `https://`", fix)
