"""What came of samples, as text, JSON and JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from samplegen.cli.output import xml
from samplegen.errors import InputError
from samplegen.languages import language
from samplegen.protocols import protocol as find_protocol
from samplegen.verify.subject import NO_ANSWERS, NO_TOOLCHAIN, PART, SKIPPED, Result, Subject

LEDGER: Final = "ledger"
"""The isolation of a sample that was not run: its ledger says that the same bytes passed before."""

_HOW: Final = {PART: "part", NO_TOOLCHAIN: "no toolchain", NO_ANSWERS: "no answers"}
"""The isolation of samples that were not run, by the reason; others are skipped."""


def unchanged(subject: Subject) -> Result:
    """The result of a sample that passed before."""
    sample = subject.sample
    where = (sample.language, sample.protocol, sample.client, sample.region, sample.locale)
    found = Result(*where, passed=True, isolation=LEDGER, seconds=0.0, failures=[])
    return found._replace(place=subject.place)


def part(subject: Subject) -> Result:
    """The result of what is not run: a part of a program, or a sample that nothing here runs."""
    sample = subject.sample
    where = (sample.protocol, sample.client, sample.region, sample.locale)
    protocol, client, region, locale = (one or None for one in where)
    return Result(
        *(sample.language, protocol, client, region, locale),
        passed=None,
        isolation=_HOW.get(subject.left, SKIPPED),
        seconds=0.0,
        failures=[],
        path=subject.path,
        line=subject.line,
        reason=subject.left,
        place=subject.place,
    )


def answered(id: str) -> bool:
    """Whether the mock has answers in a protocol; the one of a sample of a page is not known."""
    return not id or find_protocol(id).answers is not None


def _why(result: Result) -> str:
    """Why a sample was not judged."""
    if result.reason == NO_ANSWERS:
        return f"the mock has no answers in protocol {result.protocol}"
    if result.reason == NO_TOOLCHAIN:
        return f"{language(result.language).name} samples cannot be run"
    return result.reason


def name_of(result: Result) -> str:
    """How people speak of a sample: where it stands, or what it is."""
    if result.path is not None:
        return f"{result.path}:{result.line} {result.language}"
    target = f"{result.language}-{result.client}"
    return "/".join(filter(None, (result.locale, result.protocol, result.region, target)))


def line_of(result: Result) -> str:
    """A line, and below it one for each failure."""
    if result.passed is None:
        return f"not run {name_of(result)}  {_why(result)}\n"
    word = "passed" if result.passed else "FAILED"
    lines = [f"{word}  {name_of(result)}  {result.isolation}, {result.seconds:.1f} s"]
    return "\n".join([*lines, *(f"    {failure}" for failure in result.failures)]) + "\n"


def as_text(results: Sequence[Result]) -> str:
    """The sum; the lines came before."""
    failed = sum(result.passed is False for result in results)
    before = sum(result.isolation == LEDGER for result in results)
    same = f" ({before} of them before, and unchanged since)" if before else ""
    parts = sum(result.passed is None for result in results)
    left = f", {parts} not run" if parts else ""
    return f"{len(results) - failed - parts} passed{same}, {failed} failed{left}\n"


def as_json(results: Sequence[Result]) -> str:
    """An object with `samples`, an array of objects with the fields of `Result`."""
    data = {"samples": [result._asdict() for result in results]}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def is_json(text: str) -> bool:
    """Whether a text is a JSON report, or looks like one."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and isinstance(data.get("samples"), list)


def read_json(text: str, where: str) -> list[Result]:
    """The results of a JSON report.

    Raises:
        InputError: it is none.
    """
    try:
        results = [Result(**one) for one in json.loads(text)["samples"]]
        if all(isinstance(one.seconds, int | float) for one in results):
            return results
    except (ValueError, RecursionError, TypeError, KeyError):
        pass
    raise InputError(f"{where}: is no report of 'samplegen verify --format json'")


def merged_junit(reports: Sequence[tuple[Path, str]]) -> tuple[str, bool, bool]:
    """JUnit reports as one, whether a sample passed, and whether one failed.

    Raises:
        InputError: one of them is no such report.
    """
    from junitparser import Failure, JUnitXml, TestCase, TestSuite

    cases: list[TestCase] = []
    for file, text in reports:
        try:
            read = JUnitXml.fromstring(text.encode())
            cases += [case for suite in read for case in suite]
        except Exception as error:  # Of several XML libraries, whichever there is.
            raise InputError(
                f"{file}: is no report of 'samplegen verify --format junit'"
            ) from error
    cases.sort(key=lambda case: (case.classname or "", case.name or ""))
    suite = TestSuite("samplegen")
    for case in cases:
        suite.add_testcase(case)
    report = JUnitXml("samplegen")
    report.add_testsuite(suite)
    told: bytes = report.tostring()  # type: ignore[no-untyped-call]
    failed = any(isinstance(one, Failure) for case in cases for one in case.result)
    return told.decode(), any(not case.result for case in cases), failed


def as_junit(results: Sequence[Result]) -> str:
    """A test suite with a case for each sample."""
    from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

    suite = TestSuite("samplegen")
    for result in results:
        parts = (result.locale, result.protocol, result.region)
        group = result.path or ".".join(filter(None, parts))
        name = f"{result.language}-{result.client}" if result.path is None else name_of(result)
        case = TestCase(name, group, result.seconds)
        if result.passed is None:
            case.result = [Skipped(_why(result))]
        else:
            case.result = [Failure(xml(failure)) for failure in result.failures]
        suite.add_testcase(case)
    report = JUnitXml("samplegen")
    report.add_testsuite(suite)
    text: bytes = report.tostring()  # type: ignore[no-untyped-call]
    return text.decode()


FORMATS: dict[str, Callable[[Sequence[Result]], str]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
}
