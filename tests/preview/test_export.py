"""The exported page: its files, and that its samples are those of `out/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run

from samplegen.examples import EXAMPLES
from samplegen.model.catalog import builtin
from samplegen.model.catalog_file import load
from samplegen.preview import export
from samplegen.rendering.notes import locales

FILES = export.files(builtin())


def put(name: str) -> dict[str, Any]:
    """What a file of samples holds."""
    text = FILES[f"samples/{name}.js"].decode("ascii")
    said, shown = json.loads(
        "[" + text.removeprefix("window.samplegen.put(").removesuffix(");\n") + "]"
    )
    assert said == name
    found: dict[str, Any] = shown
    return found


def test_the_page_is_light() -> None:
    page = sum(len(data) for name, data in FILES.items() if not name.startswith("samples/"))
    assert page < 300_000


def test_every_example_is_there_in_each_protocol_region_and_locale() -> None:
    assert {name for name in FILES if name.startswith("samples/")} == {
        f"samples/{name}/{protocol}-{region}-{locale}.js"
        for name in EXAMPLES
        for protocol in builtin().protocols
        for region in builtin().published
        for locale in locales()
    }


def test_its_samples_are_those_of_out() -> None:
    found = 0
    for path in sorted((ROOT / "out").glob("*/*/*/*.*")):
        locale, protocol, region = path.relative_to(ROOT / "out").parts[:3]
        if locale not in locales():
            continue
        shown = put(f"first-call/{protocol}-{region}-{locale}")
        one = next(one for one in shown["samples"] if one["filename"] == path.name)
        assert one["code"].encode() == path.read_bytes()
        found += 1
    assert found == 120


def test_its_examples_are_those_of_out() -> None:
    for path in sorted((ROOT / "out" / "examples").glob("*/*/*.*")):
        name, protocol = path.parts[-3:-1]
        shown = put(f"{name}/{protocol}-singapore-en")
        one = next(one for one in shown["samples"] if one.get("filename") == path.name)
        assert one["code"].encode() == path.read_bytes()


def test_its_samples_are_those_of_the_command(samplegen: Run) -> None:
    done = samplegen(
        *("render", "--example", "all", "--region", "beijing", "--locale", "zh", "--out", "o")
    )
    assert done.returncode == 0
    rendered = samplegen(
        *("render", "--example", "chat", "--lang", "all", "--region", "beijing", "--locale", "zh"),
        *("--format", "json"),
    )
    for sample in json.loads(rendered.stdout):
        shown = put(f"chat/{sample['protocol']}-beijing-zh")
        one = next(one for one in shown["samples"] if one.get("filename") == sample["filename"])
        assert one["code"] == sample["code"]


def test_all_of_it_is_written_where_it_is_asked_for(samplegen: Run, tmp_path: Path) -> None:
    done = samplegen("preview", "--export", "a/b")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"a/b/index.html: ")
    written = {p.relative_to(tmp_path / "a/b").as_posix(): p for p in tmp_path.rglob("*.*")}
    assert set(written) == set(FILES)
    assert all(path.read_bytes() == FILES[name] for name, path in written.items())


def test_what_cannot_be_written_leaves_nothing(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "d" / "index.html").mkdir(parents=True)
    done = samplegen("preview", "--export", "d")
    assert done.returncode == 2
    assert b"index.html: is a directory" in done.stderr
    assert [path.name for path in (tmp_path / "d").rglob("*")] == ["index.html"]


@pytest.mark.parametrize("more", [("--open",), ("--call", "x.json")])
def test_export_serves_nothing(samplegen: Run, tmp_path: Path, more: tuple[str, ...]) -> None:
    done = samplegen("preview", "--export", "d", *more)
    assert done.returncode == 2
    assert b"leave out --call and --open" in done.stderr
    assert not (tmp_path / "d").exists()


def test_another_provider_has_the_examples_that_it_can() -> None:
    files = export.files(load(ROOT / "tests" / "model" / "of_0_1.toml"))
    names = {name.split("/")[1] for name in files if name.startswith("samples/")}
    assert "first-call" in names
    for name, data in files.items():
        if name.startswith("samples/"):
            assert b'"url":"https://api.deepseek.com' in data


def test_scripts_say_the_same_in_any_encoding() -> None:
    for name, data in FILES.items():
        if name.startswith("samples/") or name == "choices.js":
            assert data.isascii()
            assert b"</script" not in data.lower()
