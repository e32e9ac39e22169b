"""The GitHub Action: its scripts, run as a runner would; and the hook of pre-commit."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT, Run

from samplegen import Call
from samplegen.rendering.sample import render

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
GOOD = f"```python\n{render(Call(), 'python').code}```\n"
BAD = GOOD.replace("dashscope-intl.aliyuncs.com", "dashscope-intl.aliyun.com")

Check = Callable[..., subprocess.CompletedProcess[str]]


def test_its_description_is_whole() -> None:
    assert ACTION["name"]
    assert ACTION["description"]
    assert ACTION["runs"]["using"] == "composite"
    for one in ACTION["inputs"].values():
        assert set(one) == {"description", "default"}
        # An input is text, whatever YAML would make of it.
        assert isinstance(one["default"], str)
    for step in STEPS:
        assert ("run" in step) != ("uses" in step)
        assert ("run" in step) == (step.get("shell") == "bash")
        assert re.fullmatch(r"[\w./-]+@v\d+", step.get("uses", "a/b@v1"))
    # What an expression names is there.
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    assert set(re.findall(r"steps\.([\w-]+)", text)) <= {step.get("id") for step in STEPS}


def test_no_input_is_part_of_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")
def test_its_scripts_are_clean() -> None:
    for step in STEPS:
        if "run" in step:
            command = ["shellcheck", "--shell=bash", "-"]
            done = subprocess.run(command, input=step["run"], capture_output=True, text=True)
            assert done.stdout == ""


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Run the step that checks, in a workspace with a good page and a bad one."""
    workspace, temp = tmp_path / "work space", tmp_path / "runner temp"
    program = temp / "samplegen/bin/samplegen"
    for folder in (workspace / "docs", program.parent):
        folder.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m samplegen "$@"\n')
    program.chmod(0o755)
    (workspace / "docs/good page.md").write_text(GOOD)
    (workspace / "docs/bad.md").write_text(BAD)
    (workspace / "docs/broken.html").write_bytes(b"\xff\xff")
    script = tmp_path / "script.sh"
    [step] = [step for step in STEPS if step.get("id") == "check"]
    script.write_text(step["run"])
    assert set(step["env"]) == {"PAGES", "ARGS"}

    def run(paths: str, args: str = "--select=T101") -> subprocess.CompletedProcess[str]:
        github = {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temp),
        }
        (tmp_path / "output").write_text("")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            env={**os.environ, **github, "PAGES": paths, "ARGS": args},
            cwd=workspace,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def sarif(tmp_path: Path) -> dict[str, Any]:
    name, _, file = (tmp_path / "output").read_text().partition("=")
    assert name == "sarif"
    log: dict[str, Any] = json.loads(Path(file.rstrip("\n")).read_text())
    schema = json.loads((ROOT / "tests" / "check" / "sarif-schema.json").read_text())
    jsonschema.validate(log, schema)
    return log


def test_a_good_page(check: Check, tmp_path: Path) -> None:
    done = check("docs/good page.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sarif(tmp_path)["runs"][0]["results"] == []


def test_a_bad_page(check: Check, tmp_path: Path) -> None:
    done = check("docs/good page.md\n\ndocs/bad.md\n")
    assert (done.returncode, done.stderr) == (1, "")
    [annotation] = done.stdout.splitlines()
    assert annotation.startswith("::error file=docs/bad.md,line=")
    [result] = sarif(tmp_path)["runs"][0]["results"]
    assert result["ruleId"] == "T101"
    assert (
        f"line={result['locations'][0]['physicalLocation']['region']['startLine']}," in annotation
    )


def test_the_configuration_names_the_pages(check: Check, tmp_path: Path) -> None:
    config = tmp_path / "work space/docs/samplegen.toml"
    config.write_text('pages = ["*.md"]\nselect = ["T101"]\n')
    done = check("", "--config  docs/samplegen.toml")
    assert (done.returncode, done.stderr) == (1, "")
    # Relative to the workspace: with another path GitHub shows no annotation.
    assert done.stdout.startswith("::error file=docs/bad.md,line=")


@pytest.mark.parametrize("paths", ["docs/broken.html\ndocs/bad.md", "no.md", ""])
def test_what_cannot_be_checked_gives_no_sarif(paths: str, check: Check, tmp_path: Path) -> None:
    done = check(paths)
    assert done.returncode == 2
    assert done.stderr.startswith("samplegen: error: ")
    assert (tmp_path / "output").read_text() == ""


HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "' ; touch pwned ; '",
    '" ; touch pwned ; "',
    "$IFS&&touch pwned",
    "--config=/dev/null",
    "docs/bad.md\n'; touch pwned #",
    "*[$(touch pwned)]",
    "a[$(touch pwned)]",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_inputs_run_nothing(text: str, check: Check, tmp_path: Path) -> None:
    assert check(text).returncode == 2
    if not text.startswith("--"):
        assert check("docs/good page.md", text).returncode == 2
    assert not [*tmp_path.rglob("pwned")]


# The hook of pre-commit.


def test_the_hook_checks_the_pages_that_it_is_given(samplegen: Run, tmp_path: Path) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, *arguments = shlex.split(hook["entry"])
    assert (program, hook["language"]) == ("samplegen", "python")
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / "bad.md").write_text(BAD)
    assert samplegen(*arguments, "good.md").returncode == 0
    assert samplegen(*arguments, "good.md", "bad.md").returncode == 1
    (tmp_path / "samplegen.toml").write_text('exclude = ["bad.md"]\n')
    assert samplegen(*arguments, "good.md", "bad.md").returncode == 0
    # What it needs beside the package is the extra of that name.
    [extra] = hook["additional_dependencies"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert extra.strip(".[]") in project["optional-dependencies"]
