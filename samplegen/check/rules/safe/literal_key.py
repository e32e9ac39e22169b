"""S701 literal-key."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import region_called
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.keys import KEY, STAND_IN, is_stand_in, shown


@rule("S701", "literal-key", frameworks=True)
def literal_key(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A key in a sample: a real one is everyone's, and a stand-in is sent as it is.

    A stand-in is found only where this rule is selected: many pages have one on purpose.
    """
    catalog, key = page.catalog, sample.call.key_literal
    variable = catalog.key_env(region_called(sample.call, catalog))
    said = "" if key is None else sample.code[key.start : key.end]
    if key is not None and variable and said != catalog.provider.key_literal:
        if is_stand_in(said):
            message = f"a stand-in for the key is sent: read the variable {variable}"
        else:
            message = f"a key (`{shown(said)}`): read the variable {variable}"
        yield Problem(key.start, key.end, message, strict=is_stand_in(said))
    for found in KEY.finditer(sample.code):
        inside = key is not None and key.start <= found.start() < key.end
        if not inside and not STAND_IN.search(found[0]):
            message = f"a key (`{shown(found[0])}`): take it out, and revoke it"
            yield Problem(found.start(), found.end(), message)
