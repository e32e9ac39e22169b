"""The cache of `samplegen check`: what it spares, and that it never changes what is found."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Run

from samplegen import Call
from samplegen.check import cache, project
from samplegen.check.checking import Finding, Seen
from samplegen.check.config import Config
from samplegen.check.project import Checked, Options, check_all
from samplegen.model import catalog_file
from samplegen.model.catalog import builtin
from samplegen.pages import Page
from samplegen.rendering.sample import render

ROOT = Path(__file__).parents[2]
WRONG_HOST = "dashscope-intl.aliyun.com"


def page_of(code: str) -> str:
    return f"# Title\n\n```python\n{code}```\n"


CLEAN = page_of(render(Call(), "python").code)
WRONG = CLEAN.replace("dashscope-intl.aliyuncs.com", WRONG_HOST)


class Project:
    """A folder of pages; `run` gives the findings, and `looked` notes what was checked anew."""

    def __init__(self, folder: Path, looked: list[str]) -> None:
        self.looked = looked
        self.wrong, self.clean = folder / "wrong.md", folder / "clean.md"
        self.wrong.write_text(WRONG, encoding="utf-8")
        self.clean.write_text(CLEAN, encoding="utf-8")
        self.config = Config(folder, builtin())

    def check(self, *, fix: bool = False, config: Config | None = None) -> list[Checked]:
        self.looked.clear()
        options = Options(config or self.config, fix)
        return check_all([self.wrong, self.clean], options, jobs=1, cached=True)

    def run(self, config: Config | None = None) -> list[Finding]:
        return [finding for one in self.check(config=config) for finding in one.findings]


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    looked: list[str] = []
    check_page = project.check_page

    def noted(page: Page, options: Options) -> Checked:
        looked.append(Path(page.path).name)
        return check_page(page, options)

    monkeypatch.setattr(project, "check_page", noted)
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "cache"))
    return Project(tmp_path, looked)


def file_of(folder: Path) -> Path:
    return folder / "cache" / "check.sqlite"


def test_an_unchanged_page_is_not_checked_again(pages: Project) -> None:
    first = pages.run()
    assert pages.looked == ["wrong.md", "clean.md"]
    assert [(one.rule, one.fix is not None) for one in first] == [("T101", True)]
    assert pages.run() == first
    assert pages.looked == []
    # As they were, types included: reports and fixes work from them.
    assert [type(one.fix) for one in pages.run()] == [type(one.fix) for one in first]


def test_only_what_changed_is_checked(pages: Project) -> None:
    pages.run()
    pages.clean.write_text(CLEAN.replace("dashscope-intl.aliyuncs.com", WRONG_HOST))
    assert len(pages.run()) == 2
    assert pages.looked == ["clean.md"]


def other_catalog(pages: Project) -> Config:
    catalog = catalog_file.load(ROOT / "tests" / "model" / "of_0_1.toml")
    return replace(pages.config, catalog=catalog)


@pytest.mark.parametrize(
    "changed",
    [
        lambda pages: replace(pages.config, locale="ja"),
        lambda pages: replace(pages.config, ignore=("safe",)),
        lambda pages: replace(pages.config, per_file_ignores=(("*", ("safe",)),)),
        lambda pages: replace(pages.config, call=Call(model="qwen-max")),
        other_catalog,
    ],
    ids=["locale", "rules", "rules of a file", "call", "catalog"],
)
def test_pages_are_checked_again_where_the_plan_is_another(
    pages: Project, changed: Callable[[Project], Config]
) -> None:
    pages.run()
    pages.run(changed(pages))
    assert pages.looked == ["wrong.md", "clean.md"]


def test_a_page_of_another_name_is_another_page(pages: Project) -> None:
    pages.run()
    # Its name may say its language, and stands in its findings.
    pages.wrong = pages.wrong.rename(pages.wrong.with_name("wrong.ja.md"))
    assert {Path(one.path).name for one in pages.run()} == {"wrong.ja.md"}
    assert pages.looked == ["wrong.ja.md"]


def test_a_change_of_the_code_or_of_a_package_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "templates", lambda: tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    digests = []

    def note() -> None:
        cache._code.cache_clear()
        digests.append(cache._code())

    note()
    note()
    assert digests[0] == digests[1]
    (tmp_path / "a.j2").write_text("1")
    note()
    (tmp_path / "a.j2").write_text("2")
    note()
    (tmp_path / "parser-1.0.dist-info").mkdir()
    note()
    cache._code.cache_clear()
    assert len(set(digests[1:])) == 4


def test_the_code_is_that_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    cache._code.cache_clear()
    cache._code()
    names = {path.relative_to(ROOT).as_posix() for path in read}
    package = "samplegen"
    for name in (
        "check/rules/truth/unknown_host.py",
        "check/rules/truth/unknown_host.toml",
        "languages/go/checks.py",
        "check/facts.toml",
        "readback/tree.py",
        "model/catalog.toml",
    ):
        assert f"{package}/{name}" in names
    assert "templates/openai/go-sdk/whole.go.j2" in names


def test_what_depends_on_other_files_or_cannot_be_checked_is_not_kept(pages: Project) -> None:
    pages.wrong.write_text("<!-- samplegen: lang=go call=call.json -->\n<!-- /samplegen -->\n")
    (pages.wrong.parent / "call.json").write_text('{"model": "qwen-max"}')
    pages.clean.write_text("<!-- samplegen: ignore=no-such-rule -->\n")
    for _ in range(2):
        assert [one.error is None for one in pages.check()] == [True, False]
        assert pages.looked == ["wrong.md", "clean.md"]


def test_fixing_skips_clean_pages_only(pages: Project) -> None:
    pages.run()
    done = pages.check(fix=True)
    assert pages.looked == ["wrong.md"]
    assert [one.text for one in done if one.changed] == [CLEAN]


@pytest.mark.parametrize("damage", ["no database", "cut", "rows", "empty"])
def test_a_damaged_cache_changes_nothing(pages: Project, tmp_path: Path, damage: str) -> None:
    first = pages.run()
    file = file_of(tmp_path)
    if damage == "rows":
        with sqlite3.connect(file) as database:
            database.execute("UPDATE findings SET found = substr(found, 1, 9) || X'00'")
        database.close()
    else:
        data = file.read_bytes()
        whole = {"no database": b"x" * len(data), "cut": data[: len(data) // 2], "empty": b""}
        file.write_bytes(whole[damage])
    assert pages.run() == first
    assert pages.looked == ["wrong.md", "clean.md"]
    # The next run has a cache again, that after it at the latest.
    pages.run()
    assert pages.run() == first
    assert pages.looked == []


@pytest.mark.parametrize("said", ["null", "[1]", "[[1, 2]]", "{}", "[" * 100_000, "x"])
def test_what_is_no_finding_is_not_taken_for_one(said: str) -> None:
    assert cache._unpacked(zlib.compress(said.encode())) is None


def test_without_a_folder_to_write_there_is_no_cache(pages: Project, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert len(pages.run()) == 1
    assert len(pages.run()) == 1
    assert pages.looked == ["wrong.md", "clean.md"]


def test_a_cache_that_another_run_holds_is_done_without(
    pages: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pages.run()
    monkeypatch.setattr(cache, "_SECONDS_TO_WAIT", 0.01)
    other = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert pages.run() == first
    assert pages.looked == ["wrong.md", "clean.md"]
    other.execute("ROLLBACK")
    other.close()
    assert pages.run() == first
    assert pages.looked == []


def test_what_was_not_wanted_for_longest_goes_first(
    pages: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000_000
    monkeypatch.setattr("time.time", lambda: now)
    found = cache.Kept(tuple(pages.run()), (Seen(3, "python", "judged"),))
    for name in "abc":
        now += 2 * cache._DAY
        cache.keep({name: found})
    now += 2 * cache._DAY
    assert cache.kept(["a"]) == {"a": found}
    monkeypatch.setattr(cache, "_MOST_BYTES", 3 * (len(cache._packed(found)) + 100))
    now += 2 * cache._DAY
    cache.keep({"d": found})
    assert set(cache.kept("abcd")) == {"a", "c", "d"}


def test_runs_at_once_agree(samplegen: Run, tmp_path: Path) -> None:
    for number in range(24):
        text = WRONG if number % 2 else CLEAN
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "samplegen", "check", "--format", "json", "."]
    alone = samplegen("check", "--no-cache", "--format", "json", ".").stdout
    environment = {"SAMPLEGEN_CACHE": str(tmp_path / ".cache")}
    runs = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, **environment},
        )
        for _ in range(3)
    ]
    for run in runs:
        assert run.communicate() == (alone, b"")
    again = samplegen("check", "--format", "json", ".", **environment)
    assert again.stdout == alone
    assert len(json.loads(alone)["findings"]) == 12


def test_no_cache_keeps_nothing(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.md").write_text(WRONG, encoding="utf-8")
    folder = tmp_path / ".cache"
    given = {"SAMPLEGEN_CACHE": str(folder)}
    assert samplegen("check", "wrong.md", "--no-cache", **given).returncode == 1
    assert not folder.exists()
    assert samplegen("check", "wrong.md", **given).returncode == 1
    assert [path.name for path in folder.iterdir()] == ["check.sqlite"]
