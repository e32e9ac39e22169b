"""The samples of a tab set are run as they stand in the page, each on its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run
from toolchains import need_all

from samplegen.languages import language_ids

PAGES = {
    ("mkdocs", "page.md"): "<!-- {} -->",
    ("docusaurus", "page.mdx"): "{{/* {} */}}",
    ("vitepress", "page.md"): "<!-- {} -->",
    ("sphinx", "page.md"): "<!-- {} -->",
    ("sphinx", "page.rst"): ".. {}",
}


def results(samplegen: Run, folder: Path, place: tuple[str, str], options: str) -> list[object]:
    tabs, name = place
    marks = [
        PAGES[place].format(one)
        for one in (f"samplegen: {options} tabs={tabs}", "/samplegen", "a remark")
    ]
    (folder / name).write_text(f"{marks[2]}\n\n{marks[0]}\n{marks[1]}\n\nThe end.\n")
    assert samplegen("check", name, "--fix").returncode == 0
    done = samplegen("verify", name, "--format", "json")
    found = json.loads(done.stdout)["samples"]
    lines = (folder / name).read_text().splitlines()
    for one in found:
        assert one["passed"] is True, one
        assert lines[one["line"] - 1].strip(), one
    assert done.returncode == 0
    return [(one["language"], one["protocol"]) for one in found]


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("place", PAGES)
def test_each_sample_of_a_set_runs(samplegen: Run, tmp_path: Path, place: tuple[str, str]) -> None:
    for language in ("php", "curl"):
        need_all(language)
    options = "lang=php,curl protocol=openai,dashscope example=streaming install=above titles=yes"
    assert results(samplegen, tmp_path, place, options) == [
        ("php", "openai"),
        ("curl", "openai"),
        ("php", "dashscope"),
        ("curl", "dashscope"),
    ]


@pytest.mark.usefixtures("namespaces")
def test_a_set_of_all_languages_runs(samplegen: Run, tmp_path: Path) -> None:
    for language in language_ids():
        need_all(language)
    options = "lang=all example=streaming install=above"
    found = results(samplegen, tmp_path, ("mkdocs", "page.md"), options)
    assert found == [(language, "openai") for language in language_ids()]
