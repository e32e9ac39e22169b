"""Named examples: each renders, in every target but those that the README names."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT, Run
from examples_table import README, table, written
from published import OUT

from samplegen import Call
from samplegen.examples import EXAMPLES, path_of


def test_the_table_of_the_readme_is_what_works() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == written(text), "run: python tests/rendering/examples_table.py"
    assert table() in text


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "first-call"])
def test_an_example_is_a_call_file_of_its_own(name: str) -> None:
    file = path_of(name)
    assert file is not None
    data = json.loads(file.read_text(encoding="utf-8"))
    assert Call.parse(data).as_json().items() >= data.items()


def test_out_has_all_of_them(samplegen: Run) -> None:
    done = samplegen("render", "--example", "all", "--out", str(OUT), "--check")
    assert (done.returncode, done.stdout.decode()) == (0, "")
    folders = {path.name for path in (OUT / "examples").iterdir()}
    assert folders == EXAMPLES.keys() - {"first-call"}


def test_an_option_overrides_what_an_example_says(samplegen: Run) -> None:
    options = ("--example", "text", "--lang", "python", "--region", "beijing", "--model", "m")
    done = samplegen("render", *options, "--set", "temperature=0.5")
    code = done.stdout.decode()
    host = "dashscope.aliyuncs.com"
    assert f"https://{host}/" in code
    assert 'model="m"' in code
    assert "temperature=0.5" in code
    assert "message.content" in code


def test_an_unknown_example_is_refused(samplegen: Run) -> None:
    done = samplegen("render", "--example", "streming", "--lang", "go")
    assert done.returncode == 2
    assert b"unknown example 'streming': did you mean 'streaming'?" in done.stderr
    both = samplegen("render", "--example", "text", "--call", "-", "--lang", "go", stdin=b"{}")
    assert both.returncode == 2
    assert b"give one of them" in both.stderr
    assert (ROOT / "samplegen/examples/streaming.json").is_file()
