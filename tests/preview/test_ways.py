"""The command and the marker that the page shows write the very sample that it shows."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from previewing import form_of

from samplegen.check import fixing
from samplegen.check.checking import Plan
from samplegen.check.rules import all_rules
from samplegen.cli import main
from samplegen.examples import EXAMPLES
from samplegen.model.catalog import builtin
from samplegen.preview.form import read
from samplegen.preview.look import look
from samplegen.preview.ways import FILE

PLAN = Plan(all_rules(), builtin())

HOSTILE = """it's "x" `id` $(id) ${x} --> \\ %s {{ y }}\n<script>alert(1)</script> 日本語"""

FORMS: dict[str, dict[str, Any]] = {
    **{name: form_of(name) for name in EXAMPLES},
    "beijing": form_of("streaming", region="beijing", locale="ja", notes="brief"),
    "dashscope": form_of("first-call", protocol="dashscope", locale="zh"),
    "said": form_of("first-call", messages=[{"role": "user", "content": "Hi, it's me"}]),
    "said in an example": form_of("chat", messages=[{"role": "user", "content": "Hi: there"}]),
    "hostile": form_of("first-call", messages=[{"role": "user", "content": HOSTILE}]),
    "empty": form_of("first-call", messages=[{"role": "user", "content": ""}]),
    "comment": form_of("first-call", messages=[{"role": "user", "content": "a --> b"}]),
    "set": form_of("first-call", options=[{"name": "temperature", "value": "1.0"}]),
    "set text": form_of("first-call", options=[{"name": "user", "value": '"true"'}]),
    "dot": form_of("first-call", options=[{"name": "a.b", "value": "1"}]),
    "less": form_of("streaming", options=[]),
    "flow": form_of("first-call", flow="text"),
    "other flow": form_of("text", flow=""),
    "then": form_of("first-call", then="And then?"),
    "workspace": form_of("first-call", region="tokyo", workspace="llm-abc"),
    "header": form_of(
        "first-call", protocol="dashscope", workspace="llm-abc", workspace_by="header"
    ),
    "own": form_of("streaming", example=""),
    "twice": form_of(
        "first-call", messages=[{"role": "user", "content": text} for text in ("x", "y")]
    ),
    "json": form_of("first-call", messages=[{"json": '{"role": "user", "content": "x"}'}]),
}


@pytest.fixture
def shown(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What is seen of a form; its call file is in the folder."""
    form = FORMS[request.param]
    seen = look(read(form, builtin()), builtin())
    (tmp_path / FILE).write_text(seen["call"], encoding="utf-8")
    return seen


@pytest.mark.parametrize("shown", FORMS, indirect=True)
def test_the_command_writes_the_sample(
    shown: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for one in shown["samples"]:
        if "code" in one:
            program, *arguments = shlex.split(one["command"])
            assert program == "samplegen"
            done = CliRunner().invoke(main, arguments)
            assert done.exit_code == 0, one["command"]
            assert done.stdout_bytes.decode() == one["code"], one["command"]
            assert (FILE in arguments) == one["files"][0]


@pytest.mark.parametrize("shown", FORMS, indirect=True)
def test_the_marker_writes_the_sample(shown: dict[str, Any], tmp_path: Path) -> None:
    page = str(tmp_path / "page.md")
    for one in shown["samples"]:
        if "code" in one:
            assert "\n" not in one["marker"]
            text = f"# A\n\n{one['marker']}\n<!-- /samplegen -->\n"
            done = fixing.fixed(page, text, PLAN)[0]
            fence = done.partition(one["marker"] + "\n")[2].partition("<!-- /samplegen")[0]
            code = fence.partition("\n")[2].rpartition("```")[0]
            assert code.rstrip("`") == one["code"], one["marker"]


@pytest.mark.parametrize(
    ("name", "marker"),
    [
        ("beijing", "lang=go example=streaming region=beijing locale=ja notes=brief"),
        ("said", "lang=go message='user:Hi, it'\"'\"'s me'"),
        ("set", "lang=go set.temperature=1.0"),
        ("set text", "lang=go set.user='\"true\"'"),
        ("flow", "lang=go flow=text"),
        ("less", "lang=go call=call.json"),
        ("hostile", "lang=go call=call.json"),
        ("comment", "lang=go call=call.json"),
    ],
)
def test_a_marker_is_short(name: str, marker: str) -> None:
    seen = look(read(FORMS[name], builtin()), builtin())
    go = next(one for one in seen["samples"] if one["language"] == "go")
    assert go["marker"] == f"<!-- samplegen: {marker} -->"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        (
            "beijing",
            "--example streaming --region beijing --protocol openai --client sdk --lang go "
            "--locale ja --notes brief",
        ),
        ("said", "--message 'user:Hi, it'\"'\"'s me' --lang go"),
        ("set", "--set temperature=1.0 --lang go"),
        ("flow", "--lang go --flow text"),
        ("less", "--call call.json --lang go"),
    ],
)
def test_a_command_is_short(name: str, command: str) -> None:
    seen = look(read(FORMS[name], builtin()), builtin())
    go = next(one for one in seen["samples"] if one["language"] == "go")
    assert go["command"] == f"samplegen render {command}"
