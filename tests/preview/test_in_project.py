"""In a project the page shows what the project's pages show, and what to write for it there."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from samplegen.check import config, fixing
from samplegen.cli import main
from samplegen.configured import project
from samplegen.examples import EXAMPLES
from samplegen.preview.app import app
from samplegen.preview.form import read
from samplegen.preview.look import choices, look
from samplegen.preview.ways import FILE

WORDS = """
notes = "brief"
locale = "zh"
regions = ["virginia"]

[call]
model = "qwen-max"
region = "beijing"
messages = [{role = "user", content = "Hi"}]

[words.zh]
key_more = "密钥请勿外传。"
"""
CONFIGS = {
    "words": WORDS,
    "example": f'example = "streaming"\n{WORDS}',
    "flow": f'flow = "text"\n{WORDS}',
    "targets": f'client = "http"\nprotocols = ["dashscope"]\nlanguages = ["go"]\n{WORDS}',
    "no call": 'example = "json"\nnotes = "none"\n',
}
FORMS: list[dict[str, Any]] = [
    {},
    {"locale": "en", "notes": "full"},
    {"messages": [{"role": "user", "content": "Else"}], "model": "qwen-plus", "example": ""},
    {"flow": "", "protocol": "openai"},
]


@pytest.mark.parametrize("name", ["", "streaming"])
@pytest.mark.parametrize("changes", FORMS)
@pytest.mark.parametrize("said", CONFIGS)
def test_what_it_says_to_write_is_what_it_shows(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    changes: dict[str, Any],
    name: str,
) -> None:
    file = tmp_path / "samplegen.toml"
    file.write_text(CONFIGS[said], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    of = project(tmp_path)
    page = TestClient(app(of.catalog, 8321, None, of), base_url="http://127.0.0.1:8321")
    made = page.get("/choices").json()
    forms = {one["name"]: one["form"] for one in made["examples"]}
    form = {**(forms[name] if name else made["begin"]), **changes}
    seen = look(read(form, of.catalog), of.catalog, project=of)
    (tmp_path / FILE).write_text(seen["call"], encoding="utf-8")
    plan = config.parse(CONFIGS[said], file).plan(str(tmp_path / "page.md"))
    for one in seen["samples"]:
        if one["language"] not in ("python", "curl") or "code" not in one:
            continue
        if form["locale"] == "zh" and of.settings.words.notes:
            assert "密钥请勿外传。" in one["code"]
        done = CliRunner().invoke(main, shlex.split(one["command"])[1:])
        assert (done.exit_code, done.stdout_bytes.decode()) == (0, one["code"]), one["command"]
        text = f"# 标题\n\n{one['marker']}\n<!-- /samplegen -->\n"
        wrote = fixing.fixed(str(tmp_path / "page.md"), text, plan).text
        assert f"\n{one['code']}```" in wrote, one["marker"]


def test_it_begins_with_the_projects_call(tmp_path: Path) -> None:
    (tmp_path / "samplegen.toml").write_text(WORDS, encoding="utf-8")
    of = project(tmp_path)
    page = TestClient(app(of.catalog, 8321, None, of), base_url="http://127.0.0.1:8321")
    begin = page.get("/choices").json()["begin"]
    assert (begin["model"], begin["region"], begin["locale"]) == ("qwen-max", "beijing", "zh")
    assert begin["messages"] == [{"role": "user", "content": "Hi"}]
    # Without a configuration nothing is.
    file = choices(of.catalog)["examples"][0]["form"]
    assert (file["locale"], file["notes"]) == ("en", "full")
    assert len(EXAMPLES) == len(choices(of.catalog, of)["examples"])


def test_a_page_that_is_exported_has_the_projects_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "samplegen.toml").write_text(WORDS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["preview", "--export", "out"]).exit_code == 0
    script = (tmp_path / "out/samples/text/openai-beijing-zh.js").read_text()
    shown = json.loads(script.partition(", ")[2].rpartition(")")[0])
    assert all("密钥请勿外传。" in one["code"] for one in shown["samples"] if "code" in one)
