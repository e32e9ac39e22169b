"""Runs the samples of pages that were checked, and reports what failed as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from samplegen.call import Call
from samplegen.catalog import Catalog
from samplegen.check.checking import Finding, SampleRef
from samplegen.check.config import Config
from samplegen.check.project import Checked
from samplegen.pages import PublishedSample, position, read
from samplegen.request import Request
from samplegen.verify.checks import Result
from samplegen.verify.published import subject
from samplegen.verify.verification import verify

RULE: Final = ("V901", "does-not-run")


def run_pages(
    checked: Iterable[Checked], config: Config, jobs: int | None = None
) -> Iterator[Finding]:
    """Run every sample of the pages, as they are after fixing, and yield what failed.

    Raises:
        InputError: a toolchain is missing, or this machine cannot seal the samples.
    """
    places: list[tuple[Checked, SampleRef, PublishedSample]] = []
    subjects = []
    for one in checked:
        if one.error or one.page is None:
            continue
        requests = _requests(config.plan(one.path).call, config.catalog)
        samples = [sample for sample in read(one.path, one.text) if sample.language]
        for number, sample in enumerate(samples, 1):
            reference = SampleRef(number, str(sample.language), sample.line)
            places.append((one, reference, sample))
            subjects.append(subject(sample, requests))
    for place, result in zip(places, verify(subjects, config.catalog, jobs=jobs), strict=True):
        if not result.passed:
            yield _finding(*place, result)


def _requests(call: Call | None, catalog: Catalog) -> Sequence[Request]:
    """What a sample of a page may mean: the page's call, in any protocol and shared region."""
    if call is None:
        return []
    protocols = catalog.family(call.model).protocols
    shared = [name for name, one in catalog.regions.items() if one.host]
    regions = [call.region] if call.workspace else shared
    return [
        Request.of(replace(call, protocol=protocol, region=region), "", catalog)  # type: ignore[arg-type]
        for protocol in catalog.protocols
        if protocol in protocols
        for region in regions
    ]


def _finding(
    one: Checked, reference: SampleRef, sample: PublishedSample, result: Result
) -> Finding:
    first = sample.code.partition("\n")[0]
    start, end = position(one.text, sample, 0), position(one.text, sample, len(first))
    return Finding(
        one.path,
        start.line,
        start.column,
        start.line,
        end.column if end.line == start.line else start.column + len(first),
        *RULE,
        "error",
        "; ".join(result.failures),
        reference,
        None,
        first,
    )
