"""Running a sample from the page: what is told, and when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from previewing import Client, form_of
from toolchains import need_all

from samplegen.model.catalog import builtin
from samplegen.preview.form import example_call
from samplegen.preview.running import Run, Told
from samplegen.rendering.sample import Sample, render
from samplegen.verify import checks


@pytest.fixture
def runs(namespaces: None) -> None:
    """curl samples can be run."""
    need_all("curl")


def told(spoil: Callable[[Sample], Sample] = lambda sample: sample) -> list[Told]:
    call = example_call("streaming", builtin())
    sample = spoil(render(call, "curl"))
    return list(Run(sample, call, "stream", builtin()).lines())


def test_what_arrived_and_each_check_is_told(runs: None) -> None:
    said = told()
    assert {"isolation": "sealed"} in said
    [arrived] = [one["arrived"] for one in said if "arrived" in one]
    assert arrived["url"].startswith("https://dashscope-intl.aliyuncs.com/")
    assert json.loads(arrived["body"])["stream"] is True
    assert "sk-5a***" in dict(map(tuple, arrived["headers"]))["authorization"]
    assert "data: [DONE]" in next(one["shown"] for one in said if "shown" in one)
    tried = {one["check"]: one["wrong"] for one in said if "check" in one}
    assert {*checks.FAILING.values()} - {*tried} == {
        "when tools are called again and again",
        "when the answer is no JSON",
        # curl shows the lines of a stream as they are.
        "when a line of the stream is broken",
    }
    assert {"with a good key", "with a wrong key", "without a key"} <= set(tried)
    assert not any(tried.values())
    assert said[-1]["passed"]
    assert said[-1]["wrong"] == []


def test_what_is_wrong_is_told_where_it_is(runs: None) -> None:
    def spoil(sample: Sample) -> Sample:
        assert '"qwen-plus"' in sample.code
        return sample._replace(code=sample.code.replace('"qwen-plus"', '"qwen-max"'))

    said = told(spoil)
    assert not said[-1]["passed"]
    [good] = [one["wrong"] for one in said if one.get("check") == "with a good key"]
    assert any("qwen-max" in one for one in good)


@pytest.mark.usefixtures("namespaces")
def test_what_a_sample_reads_is_beside_it() -> None:
    need_all("python")
    call = example_call("local-image", builtin())
    sample = render(call, "python", "http", flow="text")
    said = list(Run(sample, call, "text", builtin()).lines())
    assert (said[-1]["passed"], said[-1]["wrong"]) == (True, [])


def test_a_run_can_be_stopped(runs: None) -> None:
    call = example_call("streaming", builtin())
    run = Run(render(call, "curl"), call, "stream", builtin())
    lines = run.lines()
    while "isolation" not in next(lines):
        pass
    next(lines)
    run.stop()
    assert not any("passed" in one for one in lines)


def test_the_page_tells_it_line_by_line(runs: None) -> None:
    client = Client()
    body = {"form": form_of("first-call"), "language": "curl", "client": "http"}
    lines = [json.loads(one) for one in client.post("/run", body).text.splitlines()]
    assert lines[-1]["passed"], lines
    # One ended, so that the next may run.
    assert json.loads(client.post("/run", body).text.splitlines()[-1])["passed"]


def test_what_cannot_be_run_is_said() -> None:
    client = Client()

    def errors(**changes: Any) -> Any:
        body = {"form": form_of("tools"), "language": "curl", "client": "http", **changes}
        return client.post("/run", body).json()["errors"]

    assert "no sample of flow 'tools'" in errors()[""]
    assert "unknown language" in errors(language="cobol")[""]
    assert "unknown client" in errors(client="x")[""]
    assert "'language' and 'client'" in errors(client=None)[""]
