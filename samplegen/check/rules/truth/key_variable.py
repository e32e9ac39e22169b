"""T105 key-variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.places import region_of, urls
from samplegen.check.prose import words_in_code
from samplegen.check.relevance import own_protocols
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.slips import one_letter_off, variable_slip
from samplegen.readback import Named


@page_rule("T105", "key-variable")
def key_variable(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A key from a variable that is not set: one with a slip in its name, or another service's.

    So is any other one where the page speaks of the usual one. What the page itself sets is
    left alone, and found only where this rule is selected.
    """
    wanted = page.catalog.provider.key_env
    if not wanted:
        return
    for sample in page.calls:
        key = sample.call.key_env
        if key is None or key.name == wanted or not _calls_the_service(sample, page):
            continue
        is_slip = one_letter_off(key.name, wanted)
        problem = _problem(sample, key, wanted, is_slip=is_slip, page=page)
        yield sample, problem._replace(strict=not (is_slip or _is_missing(key.name, page)))
    for start, line in page.prose():
        for at, name in words_in_code(line, _VARIABLE):
            if one_letter_off(name, wanted) and wanted not in line:
                begin = start + at
                fix = Fix(begin, begin + len(name), wanted)
                yield None, Problem(begin, fix.end, _message(name, wanted), fix)


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


def _is_missing(name: str, page: PageView) -> bool:
    """Whether a variable that is no slip of the usual one is set by nothing that a page says."""
    wanted = page.catalog.provider.key_env
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


def _calls_the_service(sample: SampleView, page: PageView) -> bool:
    value = sample.call.url or sample.call.base_url
    if value is None:
        return sample.call.protocol in own_protocols(page.catalog)
    found = urls(value.value) if isinstance(value.value, str) else ()
    return any(region_of(url.host, page.catalog) for url in found)
