"""Runs the samples of pages that were checked, and reports what failed as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from samplegen.check.checking import Finding, SampleRef
from samplegen.check.config import Config
from samplegen.check.directives import to_run
from samplegen.check.project import Checked
from samplegen.check.rule import Rule
from samplegen.keys import hidden
from samplegen.model.catalog import Catalog
from samplegen.pages import PublishedSample, load, position, read
from samplegen.protocols.request import Request
from samplegen.verify.checks import Subject
from samplegen.verify.published import meanings, subject
from samplegen.verify.toolchain import Prepared
from samplegen.verify.verification import verify


class Run(NamedTuple):
    """A sample of a page that is to be run, and the rule that it breaks where it fails."""

    page: Checked
    rule: Rule
    reference: SampleRef
    sample: PublishedSample
    subject: Subject


def runs(checked: Iterable[Checked], config: Config) -> Iterator[Run]:
    """The samples to run, of pages as they are after fixing.

    Parts of programs are not run, nor what a comment or the configuration says to ignore.

    Raises:
        InputError: a page cannot be read any more.
    """
    for one in checked:
        plan = config.plan(one.path)
        rule = next((rule for rule in plan.rules if rule.of_run), None)
        if one.error or rule is None:
            continue
        if one.page is None:
            one = one._replace(text=load(Path(one.path)).text)
        calls = meanings(plan.call, config.catalog) if plan.call else []
        requests = [Request.of(call, "", config.catalog) for call in calls]
        published = read(one.path, one.text)
        left = {sample.spans for sample in to_run(one.path, one.text, published)}
        samples = [sample for sample in published if sample.language]
        for number, sample in enumerate(samples, 1):
            made = subject(sample, requests, published, config.catalog)
            if sample.spans in left and not made.part:
                reference = SampleRef(number, str(sample.language), sample.line)
                yield Run(one, rule, reference, sample, made)


def run(
    planned: Sequence[Run],
    catalog: Catalog,
    prepared: Mapping[str, Prepared],
    jobs: int | None = None,
) -> Iterator[Finding | None]:
    """Run samples, and yield for each of them what failed, or None.

    Raises:
        InputError: this machine cannot seal the samples.
    """
    results = verify([one.subject for one in planned], catalog, prepared, jobs=jobs)
    for one, result in zip(planned, results, strict=True):
        yield None if result.passed is not False else _finding(one, result.failures)


def _finding(run: Run, failures: Sequence[str]) -> Finding:
    assert run.rule.of_run is not None
    page, sample = run.page, run.sample
    first = sample.code.partition("\n")[0]
    start, end = position(page.text, sample, 0), position(page.text, sample, len(first))
    return Finding(
        page.path,
        start.line,
        start.column,
        start.line,
        end.column if end.line == start.line else start.column + len(first),
        run.rule.code,
        run.rule.name,
        run.rule.severity,
        run.rule.of_run(failures),
        run.reference,
        None,
        hidden(first),
    )
