"""pytest-split shares the samples of pages out, with and without pytest-xdist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from toolchains import need_all

from samplegen import Call
from samplegen.rendering.sample import render

pytest.importorskip("pytest_split")

PAGES = 5


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Pages of two samples each; the first sample is known to take long."""
    code = render(Call(), "curl").code
    for number in range(PAGES):
        text = "".join(f"```sh\n{code}```\n\n" for _ in range(2))
        (tmp_path / f"page-{number}.md").write_text(text)
    first, *others = grouped(tmp_path, "--collect-only", "-q")
    took = {first: 60.0, **dict.fromkeys(others, 1.0)}
    (tmp_path / "durations.json").write_text(json.dumps(took))
    return tmp_path


def grouped(folder: Path, *options: str) -> dict[str, str]:
    """What became of each item that a run had: nothing where it was only collected."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--samplegen", "."]
    done = subprocess.run(
        [*command, *options], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    line = r"^(?:\[gw\d\] \[ *\d+%\] (PASSED) )?(page-\d\.md::\d+-curl) *$"
    return {name: state for state, name in re.findall(line, done.stdout, re.MULTILINE)}


def test_each_sample_is_in_one_group(docs: Path) -> None:
    every = list(grouped(docs, "--collect-only", "-q"))
    assert len(every) == 2 * PAGES
    for more in ([], ["--durations-path=durations.json", "--splitting-algorithm=least_duration"]):
        options = ["--collect-only", "-q", *more, "--splits=3"]
        groups = [[*grouped(docs, *options, f"--group={number}")] for number in (1, 2, 3)]
        assert sorted(one for group in groups for one in group) == sorted(every)
    # What takes long is alone.
    assert [every[0]] in groups


@pytest.mark.usefixtures("namespaces")
def test_a_group_runs_on_several_processes(docs: Path) -> None:
    need_all("curl")
    run = grouped(docs, "-v", "-n", "2", "--splits", "5", "--group", "2")
    assert list(run.values()) == ["PASSED", "PASSED"]
