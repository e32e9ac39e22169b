"""`samplegen mock --help` tells from the mock's own tables what keys and models do."""

from __future__ import annotations

from conftest import Run

from samplegen.model.catalog import builtin
from samplegen.verify import mock
from samplegen.verify.mock.behaviour import PROBLEMS


def test_the_help_has_each_key_and_what_it_does(samplegen: Run) -> None:
    said = " ".join(samplegen("mock", "--help").stdout.decode().split())
    assert {*mock.MEANINGS} == {*mock.BEHAVIOURS}
    for key, behaviour in mock.keys("sk-mock").items():
        assert f" {key} {mock.MEANINGS[behaviour]}" in said
    for behaviour, problem in PROBLEMS.items():
        assert f" sk-mock-{behaviour} {problem.status} " in said


def test_the_help_has_what_models_do_by_themselves(samplegen: Run) -> None:
    said = " ".join(samplegen("mock", "--help").stdout.decode().split())
    sections = said.partition(" Models, beside what is asked of them: ")[2]
    told = {
        "qwq*": "refuse a call that does not stream ",
        "qwen3.5-*": "reason, unless enable_thinking is false ",
        "qwen-plus*": "reason, if enable_thinking is true ",
        "qvq*": "always reason ",
        "qwen3-[0-9]*b": "refuse a call without enable_thinking: false, but in a stream ",
    }
    for pattern, trait in told.items():
        assert any(pattern in family.patterns for family in builtin().families)
        assert pattern in sections.partition(trait)[2].partition(" re")[0]
