"""Whether a page shows the call in every language, SDK and region, as whole programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.adding import added
from samplegen.check.examples import bad, good
from samplegen.check.noted import comments
from samplegen.check.places import region_of, seen_at, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule, rule
from samplegen.languages import language
from samplegen.rendering.targets import targets

# A page with so many languages means to have them all.
_MANY = 4


def _calls(page: PageView) -> Iterator[tuple[str, list[SampleView]]]:
    """The samples of a page by protocol, where it means to show a call in every language."""
    groups: dict[str, list[SampleView]] = {}
    for sample in page.calls:
        if sample.call.protocol and (sample.call.model or sample.call.messages):
            groups.setdefault(sample.call.protocol, []).append(sample)
    for protocol, samples in groups.items():
        if len({sample.language for sample in samples}) >= _MANY:
            yield protocol, samples


def _of_page(sample: SampleView, message: str, fix: Fix | None) -> tuple[None, Problem]:
    """A problem of the page itself, at a sample's first line."""
    start, end = seen_at(sample.code, 0)
    spans = sample.published.spans
    return None, Problem(spans.start(start), spans.end(end), message, fix)


def _unread(page: PageView) -> set[str]:
    """The languages of samples that do not parse: what is in them is there all the same."""
    return {one.language for one in page.samples if one.call.broken or one.call.broken_json}


@page_rule("C501", "missing-language", "warning", bad=bad("C501"), good=good("C501"))
def missing_language(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A call that is shown in most languages, and lacks the others.

    Readers of the language that is missing leave the page, or translate by guessing.
    `samplegen render` writes the missing sample, and markers keep it up to date.
    """
    unread = _unread(page)
    for protocol, samples in _calls(page):
        served = dict.fromkeys(one.language for one in targets() if one.protocol == protocol)
        there = {sample.language for sample in samples} | unread
        for missing in served:
            if missing not in there:
                message = f"the page has no sample in {language(missing).name} of this call"
                yield _of_page(samples[-1], message, added(page, samples[-1], missing, None))


@page_rule("C503", "missing-sdk", "info", bad=bad("C503"), good=good("C503"))
def missing_sdk(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Plain HTTP in a language that has an SDK, on a page that shows SDKs of others.

    Readers take it that there is none. `samplegen render --client sdk` writes the sample.
    """
    unread = _unread(page)
    for protocol, samples in _calls(page):
        sdks = {
            one.language for one in targets() if (one.protocol, one.client) == (protocol, "sdk")
        }
        shown = {sample.language for sample in samples if sample.call.client == "sdk"}
        # What brings the SDK in may call it in a wrong way.
        there = unread | {
            one.language
            for one in page.calls
            if any(protocol in named.name.lower() for named in one.call.imports)
        }
        lacking = {one.language: one for one in samples if one.language in sdks - shown - there}
        for sample in lacking.values() if shown else ():
            message = f"the page has no sample with the SDK for {language(sample.language).name}"
            yield _of_page(sample, message, added(page, sample, sample.language, "sdk"))


@page_rule("C504", "region-not-said", "info", bad=bad("C504"), good=good("C504"))
def region_not_said(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Notes that say much, and not which region the URL is for.

    Keys differ by region: with a key of another one each of the samples fails.
    """
    for _, samples in _calls(page):
        kinds = {note.kind for sample in samples for note in comments(sample, page)}
        hosts = {url.host for url in urls(page.text)}
        regions = {name for host in hosts if (name := region_of(host, page.catalog))}
        if "key" in kinds and "region" not in kinds and len(regions) == 1:
            first = next((one for one in samples if one.call.base_url or one.call.url), None)
            value = first and (first.call.base_url or first.call.url)
            if value:
                name = page.catalog.regions[regions.pop()].label(page.locale)
                others = ", ".join(
                    one.label(page.locale)
                    for one in page.catalog.regions.values()
                    if one.host and one.host not in hosts
                )
                message = f"say that this is the URL for {name}; there are also: {others}"
                yield first, Problem(value.start, value.end, message)


# A line of nothing but an ellipsis, perhaps in a comment, perhaps with words around it.
_ELIDED = re.compile(
    r"^[ \t]*(?:(?://|#)[ \t]*)?(?:\.\.\.|\u2026)[^\S\n]*"
    r"(?:(?:the )?(?:rest|remaining|existing|other|your)\b[^\n]{0,80})?$",
    re.MULTILINE | re.IGNORECASE,
)


@rule("C502", "elided", "warning", bad=bad("C502"), good=good("C502"))
def elided(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line with an ellipsis in place of code: nobody can run the sample as it stands."""
    if not (sample.call.model or sample.call.messages):
        return
    strings = [span for one in sample.call.messages if one.content for span in [one.content[1:3]]]
    for found in _ELIDED.finditer(sample.code):
        if not any(start <= found.start() < end for start, end in strings):
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            yield Problem(start, found.end(), "code is left out here: show the whole program")
