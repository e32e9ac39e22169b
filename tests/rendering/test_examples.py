"""Named examples: each renders, in every target but those that the docs name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ROOT, Run
from examples_table import PAGE, table, written

from samplegen import Call, InputError, render
from samplegen.examples import EXAMPLES, path_of
from samplegen.model.catalog import builtin
from samplegen.rendering.targets import targets


def test_the_table_of_the_docs_is_what_works() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == written(text), "run: python tests/rendering/examples_table.py"
    assert table() in text


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "first-call"])
def test_an_example_is_a_call_file_of_its_own(name: str) -> None:
    file = path_of(name)
    assert file is not None
    data = json.loads(file.read_text(encoding="utf-8"))
    assert Call.parse(data).as_json().items() >= data.items()


def test_all_of_them_go_into_a_folder(samplegen: Run, tmp_path: Path) -> None:
    done = samplegen("render", "--example", "all", "--out", "out")
    assert done.returncode == 0
    folders = {path.name for path in (tmp_path / "out" / "examples").iterdir()}
    assert folders == EXAMPLES.keys() - {"first-call"}
    # Each that a target cannot show is said, once.
    files = [path for path in (tmp_path / "out").rglob("*.*") if path.is_file()]
    left = [line for line in done.stderr.decode().splitlines() if ": left out: " in line]
    assert len(files) + len(left) == len(folders) * len(targets())
    again = samplegen("render", "--example", "all", "--out", "out", "--check")
    assert (again.returncode, again.stdout) == (0, b"")


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


def test_a_chat_has_no_tools() -> None:
    tool = {"type": "function", "function": {"name": "f"}, "returns": 1}
    call = Call.parse({**builtin().defaults._asdict(), "then": "And?", "tools": [tool]})
    for target in targets():
        if "chat" in target.flows:
            with pytest.raises(InputError, match="flow 'chat' runs no functions"):
                render(call, target.language, target.client, flow="chat")
