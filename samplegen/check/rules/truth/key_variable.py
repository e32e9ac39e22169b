"""T105 key-variable."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.places import region_of, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("T105", "key-variable")
def key_variable(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A key from another variable than the docs tell readers to set: it is not there."""
    key, wanted = sample.call.key_env, page.catalog.provider.key_env
    if key is None or key.name == wanted or not _calls_the_service(sample, page):
        return
    message = f"the key is in the variable {wanted}, not in {key.name}"
    start = max(sample.code.find(key.name, key.start, key.end), key.start)
    end = start + len(key.name)
    fix = Fix(start, end, wanted) if sample.code[start:end] == key.name else None
    yield Problem(start, min(end, key.end), message, fix)


def _calls_the_service(sample: SampleView, page: PageView) -> bool:
    value = sample.call.url or sample.call.base_url
    found = urls(value.value) if value and isinstance(value.value, str) else ()
    return any(region_of(url.host, page.catalog) for url in found)
