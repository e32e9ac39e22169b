"""C503 missing-sdk."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.adding import added
from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.complete._calls import calls, of_page, unread_languages
from samplegen.errors import InputError
from samplegen.languages import language
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.rendering.targets import targets


@page_rule("C503", "missing-sdk", "info", strict=True)
def missing_sdk(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Plain HTTP in a language that has an SDK, on a page that shows SDKs of others.

    Readers take it that there is none. `samplegen render --client sdk` writes the sample.
    """
    unread = unread_languages(page)
    for protocol, samples in calls(page):
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
            if not _calls(sample.language, protocol, page.catalog):
                continue
            message = f"the page has no sample with the SDK for {language(sample.language).name}"
            yield of_page(sample, message, added(page, sample, sample.language, "sdk"))


def _calls(language: str, protocol: str, catalog: Catalog) -> bool:
    """Whether the SDK can send what the catalog wants, such as its header with the key."""
    from samplegen.rendering.sample import render

    try:
        render(Call.parse({"protocol": protocol}, catalog), language, "sdk", catalog=catalog)
    except InputError:
        return False
    return True
