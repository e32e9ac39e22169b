"""T105 key-variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.called import region_called
from samplegen.check.places import region_of, urls
from samplegen.check.prose import words_in_code
from samplegen.check.relevance import own_protocols
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.slips import one_letter_off, variable_slip
from samplegen.readback import Named, ReadCall


@page_rule("T105", "key-variable")
def key_variable(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A key from a variable that is not set: one with a slip in its name, or another service's.

    So is any other one where the page speaks of the usual one. What the page itself sets is
    left alone, and found only where this rule is selected.
    """
    right = page.catalog.right_variables
    if not right:
        return
    for sample, key, wanted in _read(page):
        if not wanted or key.name in (wanted, *page.catalog.provider.key_aliases):
            continue
        is_slip = one_letter_off(key.name, wanted)
        problem = _problem(sample, key, wanted, is_slip=is_slip, page=page)
        yield sample, problem._replace(strict=not (is_slip or _is_missing(key.name, wanted, page)))
    for start, line in page.prose():
        for at, name in words_in_code(line, _VARIABLE):
            near = [one for one in right if one_letter_off(name, one) and one not in line]
            if near and name not in right:
                begin = start + at
                fix = Fix(begin, begin + len(name), near[0])
                yield None, Problem(begin, fix.end, _message(name, near[0]), fix)


def _read(page: PageView) -> Iterator[tuple[SampleView, Named, str]]:
    """The variables that the page's samples read a key of the service from, and the right ones."""
    for sample in page.told:
        seen = set()
        for call in (sample.call, *sample.call.others):
            key = call.key_env
            if key is not None and key.start not in seen and _calls_the_service(call, page):
                seen.add(key.start)
                yield sample, key, page.catalog.key_env(region_called(call, page.catalog))


_VARIABLE = re.compile(r"(?<!\w)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?!\w)", re.ASCII)


def _message(name: str, wanted: str) -> str:
    return f"the key is in the variable {wanted}, not in {name}"


def _problem(
    sample: SampleView, key: Named, wanted: str, *, is_slip: bool, page: PageView
) -> Problem:
    start = max(sample.code.find(key.name, key.start, key.end), key.start)
    end = start + len(key.name)
    safe = is_slip or _is_named(wanted, page)
    fix = Fix(start, end, wanted, safe) if sample.code[start:end] == key.name else None
    return Problem(start, min(end, key.end), _message(key.name, wanted), fix)


def _is_missing(name: str, wanted: str, page: PageView) -> bool:
    """Whether a variable that is no slip of the usual one is set by nothing that a page says."""
    others = {one.name.upper() for one in page.catalog.other_providers}
    is_another = name.removesuffix("_API_KEY") in others
    if not (variable_slip(name, wanted) or is_another or _is_named(wanted, page)):
        return False
    return not _is_set(name, page)


def _is_named(name: str, page: PageView) -> bool:
    """Whether a page speaks of a variable."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", page.text) is not None


def _is_set(name: str, page: PageView) -> bool:
    """Whether a page tells to set a variable: in prose, or by a line that sets it."""
    word = re.escape(name)
    if any(re.search(rf"(?<!\w){word}(?!\w)", line) for _, line in page.prose()):
        return True
    sets = re.compile(
        rf"(?m)(?:^|[\s;]|\b(?:export|set|setx|setenv|ENV)\s+|\$env:){word}(?:\s*[=:]|\s+[\"'\w])"
        rf"|\[[\"']{word}[\"']\]\s*=(?!=)"
    )
    return any(sets.search(one.code) for one in page.published)


def _calls_the_service(call: ReadCall, page: PageView) -> bool:
    value = call.url or call.base_url
    if value is None:
        return call.protocol in own_protocols(page.catalog)
    found = urls(value.value) if isinstance(value.value, str) else ()
    return any(region_of(url.host, page.catalog) for url in found)
