"""What a project says once, each command that writes or runs samples goes by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run
from toolchains import need_all

from samplegen import Call
from samplegen.rendering.sample import render

CONFIG = """
locale = "zh"
tabs = "mkdocs"
languages = ["python", "go"]
protocols = ["openai", "dashscope"]
client = "all"
notes = "brief"
titles = true
install = "above"
regions = ["virginia"]

[call]
model = "qwen-max"
region = "beijing"
messages = [{role = "user", content = "Hi"}]

[labels]
go = "Golang"

[words.zh]
key_more = "密钥请勿外传。"

[names.zh]
beijing = "北京"

[links.zh]
api_key = "https://docs.example.cn/key"
"""
OPTIONS = [
    (),
    ("--lang", "python"),
    ("--lang", "all", "--protocol", "openai"),
    ("--lang", "php,go", "--client", "http", "--notes", "full"),
    ("--example", "streaming", "--locale", "ja"),
    ("--example", "tools", "--lang", "python", "--install", "sample"),
    ("--flow", "text", "--region", "singapore", "--model", "qwen-plus"),
    ("--message", "system:Be brief", "--message", "user:It's <b>", "--set", "temperature=0.2"),
    ("--set", 'messages=[{"role": "user", "content": "x"}]', "--regions", "singapore"),
    ("--call", "call.json", "--lang", "curl,python", "--protocol", "openai"),
]


def quoted(value: str) -> str:
    return "'" + value.replace("'", "'\"'\"'") + "'"


def marker(options: tuple[str, ...]) -> str:
    """The marker that says what options say."""
    said = []
    for name, value in zip(options[::2], options[1::2], strict=True):
        field, _, of = value.partition("=")
        pair = (f"set.{field}", of) if name == "--set" else (name[2:], value)
        said.append(f"{pair[0]}={quoted(pair[1])}")
    return " ".join(said)


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("config", [CONFIG, "", CONFIG + '\n[words]\nmodel = ""\n'])
def test_render_and_a_page_say_the_same(
    samplegen: Run, tmp_path: Path, config: str, options: tuple[str, ...]
) -> None:
    if not config and "--lang" not in options:
        options = (*options, "--lang", "go,php")
    (tmp_path / "samplegen.toml").write_text(config)
    (tmp_path / "call.json").write_text('{"model": "qwen-turbo"}')
    opening = f"<!-- samplegen: tabs=mkdocs {marker(options)} -->\n"
    (tmp_path / "page.md").write_text(f"{opening}<!-- /samplegen -->\n")
    done = samplegen("check", "page.md", "--fix", "--select", "managed")
    assert (done.returncode, done.stderr) == (0, b"")
    block = (tmp_path / "page.md").read_text().removeprefix(opening)
    done = samplegen("render", "--format", "mkdocs", *options)
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"{done.stdout.decode()}<!-- /samplegen -->\n" == block
    assert ("密钥请勿外传。" in block) == (bool(config) and "--locale" not in options)


def test_render_goes_by_the_projects_words(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "samplegen.toml").write_text(CONFIG)
    done = samplegen("render", "--format", "json")
    samples = json.loads(done.stdout)
    assert [(one["language"], one["protocol"], one["client"]) for one in samples] == [
        ("python", "openai", "sdk"),
        ("python", "openai", "http"),
        ("go", "openai", "sdk"),
        ("go", "openai", "http"),
        ("python", "dashscope", "sdk"),
        ("python", "dashscope", "http"),
        ("go", "dashscope", "http"),
    ]
    for one in samples:
        assert (one["locale"], one["region"]) == ("zh", "beijing")
        assert "密钥请勿外传。" in one["code"]
        assert "qwen-max" in one["code"]
        assert "Singapore" not in one["code"]
    done = samplegen("render", "--lang", "go", "--client", "sdk", "--protocol", "openai")
    assert done.stdout.decode() == next(s["code"] for s in samples if s["language"] == "go")
    # Options win; and `--all` is all that there is.
    full = ("--notes", "full", "--lang", "go", "--client", "sdk", "--protocol", "openai")
    assert "https://docs.example.cn/key" in samplegen("render", *full).stdout.decode()
    english = samplegen("render", *full, "--locale", "en").stdout.decode()
    assert "US (Virginia): https://" in english
    assert "docs.example.cn" not in english
    everything = json.loads(samplegen("render", "--all", "--format", "json").stdout)
    assert len({(s["language"], s["locale"]) for s in everything}) == 21


def test_another_catalog_is_not_spoken_of_in_the_projects_words(
    samplegen: Run, tmp_path: Path
) -> None:
    (tmp_path / "samplegen.toml").write_text(CONFIG.replace("brief", "none"))
    done = samplegen("render", "--catalog", "deepseek", "--lang", "go", "--client", "http")
    assert done.returncode == 0, done.stderr
    assert "qwen" not in done.stdout.decode()
    assert "//" not in done.stdout.decode().replace("://", "")


def test_a_configuration_that_makes_no_sense_is_said(samplegen: Run, tmp_path: Path) -> None:
    file = tmp_path / "samplegen.toml"
    for said, message in (
        ('[call]\nmodl = "x"', "call: unknown field 'modl': did you mean 'model'?"),
        ('notez = "full"', "unknown key 'notez': did you mean 'notes'?"),
        ('notes = "long"', "unknown notes 'long'"),
        ('regions = ["mars"]', "unknown region 'mars'"),
        ('[words]\nkey = "x"', "words.key: must end in {line}"),
    ):
        file.write_text(said)
        done = samplegen("render", "--lang", "go")
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
        assert f"samplegen: error: {file}: " in done.stderr.decode()
        assert message in done.stderr.decode()
        file.unlink()


def test_a_project_in_a_folder_of_pages_counts_for_what_is_below(
    samplegen: Run, tmp_path: Path
) -> None:
    (tmp_path / "samplegen.toml").write_text('[call]\nmodel = "qwen-max"\n')
    assert b"qwen-max" in samplegen("render", "--lang", "php").stdout
    (tmp_path / "samplegen.toml").unlink()
    assert samplegen("render", "--lang", "php").stdout.decode() == render(Call(), "php").code


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("words", ['key = "Put it here: {line}"', 'key = ""'])
def test_verify_follows_a_note_in_the_projects_words(
    samplegen: Run, tmp_path: Path, words: str
) -> None:
    need_all("php")
    said = f'languages = ["php"]\nlocale = "en"\n[call]\nmodel = "qwen-max"\n[words]\n{words}\n'
    (tmp_path / "samplegen.toml").write_text(said)
    narrow = ("--protocol", "openai", "--region", "singapore", "--locale", "en")
    done = samplegen("verify", *narrow, "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    [php] = json.loads(done.stdout)["samples"]
    assert (php["language"], php["passed"]) == ("php", True)
