"""What samples share that differ in their comments alone: all but the good key's run."""

from __future__ import annotations

import pytest
from toolchains import need_all

from samplegen.model.call import Call
from samplegen.model.catalog import builtin
from samplegen.readback.uncommented import uncommented
from samplegen.rendering.sample import render
from samplegen.verify.subject import Result, Subject, of_rendered
from samplegen.verify.verification import verify


def subject(locale: str, old: str = "", new: str = "", *, language: str = "curl") -> Subject:
    """A sample, with one change to its text."""
    call = Call(protocol="openai")
    sample = render(call, language, "http", locale=locale)
    assert old in sample.code
    sample = sample._replace(code=sample.code.replace(old, new, 1) if old else sample.code)
    return of_rendered(sample, call, "whole", builtin())


def run(*subjects: Subject) -> list[Result]:
    # One at a time, so that it is known which runs first.
    return list(verify(subjects, builtin(), jobs=1))


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", ["curl", "php", "python"])
def test_another_locale_runs_with_a_good_key_and_the_written_one(language: str) -> None:
    need_all(language)
    first, *others = run(*(subject(locale, language=language) for locale in ("en", "ja", "zh")))
    assert [first.failures, *(one.failures for one in others)] == [[], [], []]
    assert first.programs > 2
    assert [one.programs for one in others] == [2, 2]


@pytest.mark.usefixtures("namespaces")
def test_what_differs_in_code_is_not_shared() -> None:
    need_all("curl")
    _, broken = run(subject("en"), subject("ja", "--fail-with-body", ""))
    assert broken.programs > 2
    assert broken.failures


@pytest.mark.usefixtures("namespaces")
def test_each_sample_runs_itself() -> None:
    """A comment may mean something to whoever runs it: this one is Python's own (PEP 263)."""
    need_all("python")
    good = subject("en", language="python")
    sample = good.sample._replace(code="# coding: none-such\n" + good.sample.code)
    assert uncommented("python", sample.code) == uncommented("python", good.sample.code)
    passed, broken = run(good, good._replace(sample=sample))
    assert passed.failures == []
    assert broken.failures
