"""Every kind of call that is only data is sent as it is meant, sealed, by every target."""

from __future__ import annotations

import pytest
from conftest import Tell
from kinds import covering, covering_flows
from toolchains import need_all

from samplegen import InputError, render
from samplegen.languages import language_ids
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request
from samplegen.rendering.sample import fitting
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


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
def test_every_flow_does_what_it_shows(language: str, tell: Tell) -> None:
    """Pairs of flows, parameters, kinds of messages and targets: verified, or refused."""
    need_all(language)
    subjects, refused = [], []
    for one in covering_flows():
        if one.target.language != language:
            continue
        try:
            sample = render(one.call, language, one.target.client, flow=one.flow)
        except InputError as error:
            refused.append((one, str(error)))
            continue
        call = fitting(one.call, one.flow)
        subject = Subject(sample, Request.of(call, ""), call=call, flow=one.flow)
        subjects.append((one, subject))
    results = verify([subject for _, subject in subjects], builtin(), once=True)
    wrong = {
        f"{one.name} {one.call.to_json()}": result.failures
        for (one, _), result in zip(subjects, results, strict=True)
        if not result.passed
    }
    assert wrong == {}
    without_reason = [(one.name, why) for one, why in refused if one.flow in one.target.flows]
    assert without_reason == []
    tell(f"flows: {len(subjects)} {language} programs did it, {len(refused)} have no such flow")
