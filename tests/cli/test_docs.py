"""What the docs show is what comes out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from conftest import ROOT, Run

CHECKING = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
PAGES = Path("tests", "pages")


def test_what_check_finds(samplegen: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / PAGES, tmp_path / PAGES)
    lines = samplegen("check", str(PAGES / "defects.md")).stdout.decode().splitlines()
    shown = CHECKING.partition("samplegen check tests/pages/defects.md\n")[2].partition("```")[0]
    assert [line for line in shown.splitlines() if line != "…" and line not in lines] == []
    assert lines[-1] in shown


def test_what_init_finds(samplegen: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / PAGES, tmp_path / PAGES)
    lines = samplegen("init", str(PAGES)).stdout.decode().splitlines()
    shown = CHECKING.partition("$ samplegen init tests/pages\n")[2].partition("```")[0]
    assert [line for line in shown.splitlines() if line != "…"] == [*lines[:3], lines[-1]]


def test_how_many_rules_there_are(samplegen: Run) -> None:
    rules = [line for line in samplegen("rule").stdout.decode().splitlines() if line[:1] == " "]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"`samplegen rule`: {len(rules)} rules" in changelog


def test_the_readme_is_one_screen_and_its_links_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 45
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [one for one in links if not (ROOT / one).is_file()] == []
