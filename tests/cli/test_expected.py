"""What people expect of a command line: commas, repeated options, locales, columns, colours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, Run

import samplegen as package
from samplegen import Call
from samplegen.check import config, schema
from samplegen.errors import InputError
from samplegen.files import write_all
from samplegen.origin import install_line, pip
from samplegen.rendering.notes import locale_of
from samplegen.rendering.sample import render


def test_languages_may_be_named_with_commas(samplegen: Run) -> None:
    done = samplegen("render", "--lang", "python, go", "--lang", "js", "--format", "json")
    names = [one["language"] for one in json.loads(done.stdout)]
    assert names == ["python", "go", "nodejs"]
    assert samplegen("render", "--lang", ",").returncode == 2


@pytest.mark.parametrize(
    ("option", "first", "second"),
    [
        ("--region", "beijing", "singapore"),
        ("--protocol", "openai", "dashscope"),
        ("--client", "sdk", "http"),
        ("--model", "qwen-max", "qwen-plus"),
        ("--locale", "ja", "zh"),
    ],
)
def test_an_option_that_counts_once_is_refused_twice(
    samplegen: Run, option: str, first: str, second: str
) -> None:
    done = samplegen("render", "--lang", "python", option, first, option, second)
    message = f"samplegen: error: {option} is there twice, with {first} and {second}: give one\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", message)
    assert samplegen("render", "--lang", "go", option, first, option, first).returncode == 0


@pytest.mark.parametrize("tag", ["zh-CN", "zh_CN", "zh-Hans", "zh-hans-sg", "ZH-cn"])
def test_a_tag_with_a_region_is_its_language(samplegen: Run, tag: str, tmp_path: Path) -> None:
    expected = render(Call(), "go", locale="zh").code
    assert samplegen("render", "--lang", "go", "--locale", tag).stdout.decode() == expected
    assert render(Call(), "go", locale=tag).code == expected
    chosen = config.parse(f'locale = "{tag}"', tmp_path / "samplegen.toml")
    assert chosen.locale == "zh"


@pytest.mark.parametrize("tag", ["zh-TW", "zh-Hant", "fr", "fr-FR", "", "zh-HK"])
def test_a_language_without_notes_is_refused(tag: str) -> None:
    with pytest.raises(InputError, match="unknown locale"):
        locale_of(tag)


def test_models_are_listed_in_columns(samplegen: Run) -> None:
    listed = samplegen("list", COLUMNS="60").stdout.decode().partition("Models\n")[2]
    names = json.loads(samplegen("list", "--format", "json").stdout)["models"]
    lines = listed.splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert sorted(listed.split()) == sorted(names)
    assert 1 < len(lines) < len(names)
    # They are read downwards.
    assert [line.split()[0] for line in lines] == names[: len(lines)]


DEFECT = '# T\n\n```python\nurl = "https://dashscope.aliyunsc.com/compatible-mode/v1"\n```\n'


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_are_forced_and_forbidden(
    samplegen: Run, tmp_path: Path, environment: dict[str, str], coloured: bool
) -> None:
    (tmp_path / "page.md").write_text(
        f"<!-- samplegen: lang=goo -->\n<!-- /samplegen -->\n{DEFECT}"
    )
    done = samplegen("check", "page.md", **environment)
    assert done.returncode == 1
    assert (b"\x1b[" in done.stdout) is coloured


def test_dir_names_what_there_is() -> None:
    assert dir(package) == sorted(package.__all__)
    assert all(hasattr(package, name) for name in dir(package))


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    file = tmp_path / "page.md"
    left = tmp_path / f".page.md.{gone.pid}.tmp"
    mine = tmp_path / f".page.md.{os.getpid()}.tmp"
    # Another's are not ours to remove.
    others = [tmp_path / f".other.md.{gone.pid}.tmp", tmp_path / ".page.md.x.tmp"]
    for one in (left, mine, *others):
        one.write_text("x")
    write_all({file: b"new"})
    assert sorted(tmp_path.iterdir()) == sorted([file, *others])


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (None, "pip install 'samplegen[check]'"),
        ("{", "pip install 'samplegen[check]'"),
        (
            {"url": "file:///a%20b/samplegen", "dir_info": {"editable": True}},
            "pip install -e '/a b/samplegen[check]'",
        ),
        ({"url": "file:///a/samplegen", "dir_info": {}}, "pip install '/a/samplegen[check]'"),
        (
            {
                "url": "https://example.com/s.git",
                "vcs_info": {"vcs": "git", "requested_revision": "v1", "commit_id": "0"},
            },
            "pip install 'samplegen[check] @ git+https://example.com/s.git@v1'",
        ),
        (
            {"url": "https://example.com/s.whl", "archive_info": {}},
            "pip install 'samplegen[check] @ https://example.com/s.whl'",
        ),
    ],
)
def test_an_extra_comes_from_where_samplegen_came_from(
    monkeypatch: pytest.MonkeyPatch, origin: object, line: str
) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            if origin is None or isinstance(origin, str):
                return origin
            return json.dumps(origin)

    monkeypatch.setattr(metadata, "distribution", lambda name: Installed())
    monkeypatch.setattr("samplegen.origin.pip", lambda: "pip")
    assert install_line("check") == line


def test_an_extra_is_installed_for_the_python_that_lacks_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "a b" / "bin"
    monkeypatch.setattr(sys, "executable", str(own / "python"))
    monkeypatch.setattr(sys, "prefix", str(own.parent))
    monkeypatch.setattr(shutil, "which", lambda name: str(own / name))
    assert pip() == "pip"
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert pip() == f"'{own}/python' -m pip"
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert pip() == "pip"


def test_the_schema_is_that_of_the_configuration(samplegen: Run) -> None:
    done = samplegen("init", "--schema")
    made = json.loads(done.stdout)
    assert done.returncode == 0
    assert made == schema.schema()
    jsonschema.Draft202012Validator.check_schema(made)
    assert {*made["properties"]} == {*config._KEYS}
    assert {*made["$defs"]["override"]["properties"]} == {*config._OVERRIDE_KEYS}
    # The docs' example fits, and is read.
    text = (ROOT / "docs" / "checking.md").read_text().split("```toml\n")
    examples = [one.partition("```")[0] for one in text[1:] if "pages = [" in one]
    assert examples
    for example in examples:
        jsonschema.validate(tomllib.loads(example), made)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ('tabs = "mkdocs"', True),
        ('tabs = "mkdoc"', False),
        ('languages = ["all"]', True),
        ('languages = ["js", "cs"]', True),
        ('locale = "zh-CN"', True),
        ('locale = "fr"', False),
        ("languages = [1]", False),
        ('page = ["x"]', False),
        ('labels.go = "Golang"\nlabels.zh.go = "Go"', True),
        ("titles = 1", False),
        ('[[overrides]]\npages = ["x"]\nnotes = "none"', True),
        ('[[overrides]]\npages = ["x"]\nselect = ["x"]', False),
    ],
)
def test_the_schema_refuses_what_the_configuration_does(
    tmp_path: Path, said: str, fits: bool
) -> None:
    validator = jsonschema.Draft202012Validator(schema.schema())
    assert validator.is_valid(tomllib.loads(said)) is fits
    if fits:
        config.parse(said, tmp_path / "samplegen.toml")
    else:
        with pytest.raises(InputError):
            config.parse(said, tmp_path / "samplegen.toml")


def test_the_configuration_that_counts_is_shown(samplegen: Run, tmp_path: Path) -> None:
    said = """
pages = ["docs/**/*.md"]
tabs = "mkdocs"
labels.go = "Golang"
[call]
model = "qwen-max"
[[overrides]]
pages = ["docs/ja"]
locale = "ja"
tabs = "github"
"""
    (tmp_path / "samplegen.toml").write_text(said)
    done = samplegen("check", "--show-config")
    data = tomllib.loads(done.stdout.decode())
    assert (done.returncode, data["tabs"], data["pages"]) == (0, "mkdocs", ["docs/**/*.md"])
    assert data["call"]["model"] == "qwen-max"
    assert data["labels"] == {"go": "Golang"}
    data = tomllib.loads(samplegen("check", "--show-config", "docs/ja/a.md").stdout.decode())
    assert (data["tabs"], data["locale"]) == ("github", "ja")
    (tmp_path / "samplegen.toml").unlink()
    assert b"No samplegen.toml is here or above" in samplegen("check", "--show-config").stdout
