"""Samples run with another version; what passes is raised in the catalog."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from toolchains import need_all

from samplegen.cli import main
from samplegen.drift import pins, registry, trial
from samplegen.drift.registry import Release
from samplegen.drift.report import line_of
from samplegen.drift.trial import Drift, Trial, look, packages, subjects
from samplegen.errors import InputError
from samplegen.model.catalog import BUILTIN, Catalog, Package, builtin
from samplegen.model.catalog_file import load

Drifting = Callable[..., Result]


def test_each_package_is_asked_for_once() -> None:
    found = packages(builtin(), [])
    assert len(found) == len({(language, one.name) for language, one in found})
    assert {one.name for _, one in found} == {
        one.name for of in builtin().packages.values() for one in of.values()
    }
    assert {language for language, _ in packages(builtin(), ["go"])} == {"go"}


def test_all_samples_of_a_package_are_tried_and_no_others() -> None:
    names = [name for name, _ in subjects(builtin(), "java", "tools.jackson.core:jackson-databind")]
    assert "streaming, openai/java-http" in names
    assert "streaming, dashscope/java-http" in names
    assert not [name for name in names if "sdk" in name or name.startswith("first-call")]


NAMES = ("text", "local-image")


@pytest.mark.usefixtures("namespaces")
def test_samples_run_with_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    need_all("python")
    package = builtin().packages["python"]["http"]
    every = dict(subjects(builtin(), "python", package.name))
    # One of them reads a file, which is put beside it.
    few = [
        (it, every[it]) for it in ("text, openai/python-http", "local-image, openai/python-http")
    ]
    monkeypatch.setattr(trial, "subjects", lambda *_: iter(few))
    versions = [Release(package.name, one) for one in (package.version, "999.0.0")]
    monkeypatch.setattr(registry, "releases", lambda *_: versions)
    monkeypatch.setattr(registry, "newer", lambda *_, **__: versions[::-1])
    [found] = look(builtin(), [("python", package)], lambda _: None)
    [absent, same] = found.trials
    # Not what samples do is wrong with it.
    assert (found.state, found.best, found.pinned) == ("unknown", versions[0], None)
    assert line_of(found).startswith(
        f"unknown  python requests {package.version}  999.0.0: cannot be tried; "
        f"{package.version}: all 2 samples pass\n    999.0.0  not run\n"
    )
    assert (same.ran, same.failed, same.passed) == (2, {}, True)
    assert (absent.ran, absent.passed) == (0, False)
    [why] = absent.failed[""]
    assert why.startswith("cannot install ")
    assert "requests==999.0.0" in why


@pytest.fixture
def drifting(monkeypatch: pytest.MonkeyPatch) -> Drifting:
    """`drift`, where PyPI has newer versions of what Python samples use, and npm is down."""

    def of(language: str, package: Package, ask: object) -> list[Release]:
        if language == "nodejs":
            raise InputError("cannot ask npm for newer versions: no route")
        newer = {"openai": "9.0.0", "requests": "8.0.0"}.get(package.name)
        return [Release(package.name, one) for one in (package.version, newer) if one]

    def tried(*arguments: object) -> Trial:
        release = arguments[3]
        assert isinstance(release, Release)
        broken = {"tools, openai/python-sdk": ["body.tools: is missing"]}
        return Trial(release, 4, broken if release == Release("openai", "9.0.0") else {})

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["drift", *arguments])

    monkeypatch.setattr(registry, "releases", of)
    monkeypatch.setattr(trial, "_try", tried)
    monkeypatch.setattr(trial, "prepare", lambda *_: None)
    return run


def test_a_line_for_each_package_and_what_breaks(drifting: Drifting) -> None:
    done = drifting("--lang", "py", "--lang", "nodejs")
    pin = {name: one.version for name, one in builtin().packages["python"].items()}
    node = builtin().packages["nodejs"]["openai-sdk"]
    assert done.exit_code == 1
    assert done.stdout == (
        f"BREAKS   python openai {pin['openai-sdk']}  9.0.0: 1 of 4 samples fail\n"
        "    9.0.0  tools, openai/python-sdk\n"
        "        body.tools: is missing\n"
        f"current  python dashscope {pin['dashscope-sdk']}  is the newest\n"
        f"newer    python requests {pin['http']}  8.0.0: all 4 samples pass\n"
        f"unknown  nodejs openai {node.version}  cannot ask npm for newer versions: no route\n"
        "1 current, 1 can be raised, 1 broken by the newest, 1 unknown\n"
    )


def test_as_json(drifting: Drifting) -> None:
    done = drifting("--lang", "python", "--format", "json")
    found = {one["package"]: one for one in json.loads(done.stdout)["packages"]}
    assert {name: one["state"] for name, one in found.items()} == {
        "openai": "breaks",
        "dashscope": "current",
        "requests": "raises",
    }
    assert found["requests"]["best"] == {
        "name": "requests",
        "version": "8.0.0",
        "withdrawn": False,
    }
    assert found["openai"]["best"] is None


def test_what_passes_is_raised_and_nothing_else_is_touched(
    drifting: Drifting, tmp_path: Path
) -> None:
    file = tmp_path / "catalog.toml"
    before = BUILTIN.read_text()
    file.write_text(before)
    done = drifting("--catalog", str(file), "--lang", "python", "--write")
    today = builtin().packages["python"]["http"].version
    assert f"{file}: requests {today} -> 8.0.0 (python)" in done.stderr
    old = f'http = {{ name = "requests", version = "{today}" }}'
    assert file.read_text() == before.replace(old, old.replace(today, "8.0.0"))
    assert load(file).packages["python"]["http"].version == "8.0.0"


def test_what_does_not_go_together_is_not_raised(
    drifting: Drifting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(language: str, catalog: Catalog, *_: object) -> None:
        found = catalog.packages[language]
        raise InputError(f"cannot install {found['http'].version} {found['openai-sdk'].version}")

    monkeypatch.setattr(trial, "prepare", prepare)
    file = tmp_path / "catalog.toml"
    file.write_text(BUILTIN.read_text())
    done = drifting("--catalog", str(file), "--lang", "python", "--write")
    openai = builtin().packages["python"]["openai-sdk"].version
    assert done.exit_code == 1
    assert done.stderr == (
        "samplegen: python: nothing is raised, not all goes together: "
        f"cannot install 8.0.0 {openai}\n"
    )
    assert file.read_text() == BUILTIN.read_text()


def test_a_next_major_of_a_go_module_has_another_name() -> None:
    package = builtin().packages["go"]["openai-sdk"]
    release = Release("example.com/x/v9", "9.1.0")
    one = Drift("go", package, [Trial(release, 3, {})])
    assert "  example.com/x/v9 9.1.0: all 3 samples pass\n" in line_of(one)
    text = pins.raised(BUILTIN.read_text(), [one])
    assert 'openai-sdk = { name = "example.com/x/v9", version = "9.1.0"' in text


def test_of_many_failures_a_few_are_shown() -> None:
    release = Release("p", "2")
    failed = {f"sample {number}": ["no"] for number in range(5)}
    line = line_of(Drift("go", Package("p", "1"), [Trial(release, 9, failed)], True))
    assert line.startswith("BREAKS   go p 1  2: 5 of 9 samples fail; this version was withdrawn\n")
    assert line.endswith("    2  and 2 more\n")


@pytest.mark.parametrize(
    ("pinned", "state", "line"),
    [
        ({}, "breaks", "BREAKS   go p 1  2: 1 of 3 samples fail\n"),
        (
            {"one": ["no"], "another": ["no"]},
            "fails",
            "FAILS    go p 1  2: 1 of 3 samples fail; "
            "what is pinned fails, too: 1: 2 of 3 samples fail\n",
        ),
        (
            {"another": ["no"]},
            "breaks",
            "BREAKS   go p 1  2: 1 of 3 samples fail; "
            "what is pinned fails, too: 1: 1 of 3 samples fail\n",
        ),
        (
            {"": ["cannot install p==1: no space"]},
            "breaks",
            "BREAKS   go p 1  2: 1 of 3 samples fail; "
            "what is pinned fails, too: 1: cannot be tried\n",
        ),
    ],
)
def test_a_pin_that_fails_itself_is_said(
    pinned: dict[str, list[str]], state: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = {"1": pinned, "2": {"one": ["no"]}}
    versions = [Release("p", "1"), Release("p", "2")]
    monkeypatch.setattr(registry, "releases", lambda *_: versions)
    monkeypatch.setattr(trial, "_try", lambda *it: Trial(it[3], 3, failed[it[3].version]))
    [found] = look(builtin(), [("go", Package("p", "1"))], lambda _: None)
    assert found.state == state
    assert line_of(found).startswith(line)


def test_a_language_without_packages_has_nothing_to_ask(drifting: Drifting) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["drift", "--lang", "php"])
    assert ended.value.code == 2
