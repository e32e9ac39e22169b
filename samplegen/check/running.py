"""Runs the samples of pages that were checked, and reports what failed as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from samplegen.check.checking import Finding, SampleRef
from samplegen.check.config import Config
from samplegen.check.project import Checked
from samplegen.pages import PublishedSample, load, position, read
from samplegen.request import Request
from samplegen.verify.checks import Result
from samplegen.verify.published import meanings, subject
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
        if one.error:
            continue
        if one.page is None:
            one = one._replace(text=load(Path(one.path)).text)
        call = config.plan(one.path).call
        calls = meanings(call, config.catalog) if call else []
        requests = [Request.of(call, "", config.catalog) for call in calls]
        samples = [sample for sample in read(one.path, one.text) if sample.language]
        for number, sample in enumerate(samples, 1):
            reference = SampleRef(number, str(sample.language), sample.line)
            places.append((one, reference, sample))
            subjects.append(subject(sample, requests))
    for place, result in zip(places, verify(subjects, config.catalog, jobs=jobs), strict=True):
        if not result.passed:
            yield _finding(*place, result)


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
