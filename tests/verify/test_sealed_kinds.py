"""Every kind of call that is only data is sent as it is meant, sealed, by every target."""

from __future__ import annotations

import pytest
from conftest import Tell
from kinds import covering
from toolchains import need_all

from samplegen import InputError, render
from samplegen.languages import language_ids
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request
from samplegen.verify.checks import Subject
from samplegen.verify.verification import verify


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
def test_what_arrives_is_what_was_meant(language: str, tell: Tell) -> None:
    need_all(language)
    subjects = []
    for target, call in covering():
        if target.language != language:
            continue
        try:
            sample = render(call, target.language, target.client)
        except InputError:
            # Which are refused, and why, is in the test of rendering.
            continue
        subjects.append((call, Subject(sample, Request.of(call, ""))))
    results = verify([subject for _, subject in subjects], builtin(), once=True)
    wrong = {
        f"{result.protocol}/{result.language}-{result.client} {call.to_json()}": result.failures
        for (call, _), result in zip(subjects, results, strict=True)
        if not result.passed
    }
    assert wrong == {}
    tell(f"kinds of calls: {len(subjects)} {language} programs sent what was meant")
