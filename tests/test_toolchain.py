"""Toolchains: found, prepared whole or not at all, and able to build and run without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from toolchains import need

from samplegen.catalog import Catalog, Package, builtin
from samplegen.errors import InputError
from samplegen.language import language_ids
from samplegen.verify import toolchain
from samplegen.verify.toolchain import Missing, Prepared, Step

# What a language cannot be prepared without; the others can be fetched.
NEEDED = {"python": (), "java": ("javac",), "php": ("php",), "curl": ("sh",)}
HELLO = {
    "python": ("hello.py", "import openai, requests\nprint('hällo')\n"),
    "curl": ("hello.sh", "curl --version >&2 && echo hällo\n"),
    "php": ("hello.php", "<?php\nassert(function_exists('curl_init'));\necho 'hällo', PHP_EOL;\n"),
    "nodejs": ("hello.mjs", 'import OpenAI from "openai";\nif (OpenAI) console.log("hällo");\n'),
    "java": (
        "hello.java",
        "import com.openai.client.OpenAIClient;\n"
        "class Main {\n"
        "    public static void main(String[] args) {\n"
        "        Class<?> found = OpenAIClient.class;\n"
        '        System.out.println("hällo");\n'
        "    }\n"
        "}\n",
    ),
    "go": (
        "hello.go",
        'package main\n\nimport (\n\t"fmt"\n\n\t"github.com/openai/openai-go/v3"\n)\n\n'
        'func main() {\n\t_ = openai.UserMessage("")\n\tfmt.Println("hällo")\n}\n',
    ),
    "csharp": (
        "hello.cs",
        'Console.OutputEncoding = System.Text.Encoding.UTF8;\nConsole.WriteLine("hällo");\n',
    ),
}
WRONG = {
    "java": "class Main { int x = y; }\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {}\n',
    "csharp": "int unused;\n",  # A warning, which counts.
}


def quiet(message: str) -> None:
    del message


def scrubbed(work: Path) -> dict[str, str]:
    path = "/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "HOME": str(work), "TMPDIR": str(work), "LANG": "C.UTF-8"}


def process(step: Step, work: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        step.arguments,
        env={**scrubbed(work), **step.environment},
        cwd=work,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def ready() -> Callable[[str], Prepared]:
    """A real toolchain, from the cache that the command line uses."""

    def prepared(language: str) -> Prepared:
        for tool in NEEDED.get(language, ()):
            need(tool)
        try:
            return toolchain.prepare(language, builtin(), quiet)
        except InputError as error:
            # A missing tool or, where nothing is installed yet, no network.
            if os.environ.get("CI") == "true" or not re.search("^no |cannot install", str(error)):
                raise
            pytest.skip(str(error))

    return prepared


# Finding


@pytest.mark.parametrize("language", language_ids())
def test_the_status_says_a_version_or_what_to_install(language: str) -> None:
    status = toolchain.status(language)
    assert status.language == language
    assert bool(status.version) == status.found
    assert bool(status.advice) != status.found


@pytest.mark.parametrize(("language", "tool"), [("java", "java"), ("php", "php"), ("curl", "sh")])
def test_a_missing_tool_is_named_with_what_installs_it(
    language: str, tool: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    status = toolchain.status(language)
    assert not status.found
    with pytest.raises(Missing, match=f"^no {tool}: .*install") as missing:
        toolchain.prepare(language, builtin(), quiet)
    assert status.advice == str(missing.value)


def test_what_can_be_fetched_is_not_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SAMPLEGEN_NODE", raising=False)
    for language in ("nodejs", "go"):
        assert toolchain.status(language).found
    assert not (tmp_path / "cache").exists()


def test_a_node_that_is_named_but_too_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAMPLEGEN_NODE", program(tmp_path / "node", "echo v20.1.0"))
    with pytest.raises(Missing, match=r"SAMPLEGEN_NODE=\S+ is not Node.js 22 or newer"):
        toolchain.prepare("nodejs", builtin(), quiet)


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/b")
    monkeypatch.setenv("SAMPLEGEN_CACHE", "/a")
    assert toolchain.cache_folder() == Path("/a")
    monkeypatch.delenv("SAMPLEGEN_CACHE")
    assert toolchain.cache_folder() == Path("/b/samplegen")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert toolchain.cache_folder() == Path.home() / ".cache" / "samplegen"


# Preparing, with an npm that is a script


def program(path: Path, script: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{textwrap.dedent(script)}\n")
    path.chmod(0o755)
    return str(path)


INSTALLS = "echo install >>$CALLS; mkdir -p node_modules/openai; touch node_modules/openai/whole"


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets what npm does; Node.js is one that only tells its version."""
    tools = tmp_path / "tools"
    monkeypatch.setenv("SAMPLEGEN_NODE", program(tools / "bin" / "node", "echo v24.1.0"))
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("PATH", str(tools / "bin"), prepend=os.pathsep)

    def does(script: str) -> None:
        program(tools / "bin" / "npm", script)

    return does


def calls(tmp_path: Path) -> int:
    file = tmp_path / "calls"
    return len(file.read_text().splitlines()) if file.exists() else 0


def shown(cache: Path) -> list[str]:
    """What later runs may trust."""
    return sorted(path.name for path in cache.iterdir() if not path.name.startswith("."))


HALF = "mkdir -p node_modules/openai; echo 'npm error first' >&2; echo 'npm error no luck' >&2"


def test_a_failed_installation_leaves_nothing(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(f"{HALF}; exit 1")
    name = f"openai@{builtin().packages['nodejs']['openai-sdk'].version}"
    with pytest.raises(InputError, match=f"^cannot install {name}: npm error no luck$"):
        toolchain.prepare("nodejs", builtin(), quiet)
    assert shown(tmp_path / "cache") == []
    npm(INSTALLS)
    prepared = toolchain.prepare("nodejs", builtin(), quiet)
    assert (prepared.folder / "node_modules" / "openai" / "whole").exists()


PREPARE = """
from samplegen.catalog import builtin
from samplegen.verify import toolchain
toolchain.prepare("nodejs", builtin(), print)
"""


def test_a_killed_installation_leaves_nothing(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(f"{HALF}; kill -9 $PPID; exit 0")
    killed = subprocess.run([sys.executable, "-c", PREPARE], capture_output=True, check=False)
    assert killed.returncode == -9
    assert shown(tmp_path / "cache") == []
    npm(INSTALLS)
    prepared = toolchain.prepare("nodejs", builtin(), quiet)
    assert shown(tmp_path / "cache") == [prepared.folder.name]
    assert not list((tmp_path / "cache").glob(".*.tmp"))


def test_two_at_once_install_once(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(f"sleep 0.3; {INSTALLS}")
    others = [subprocess.Popen([sys.executable, "-c", PREPARE]) for _ in range(2)]
    toolchain.prepare("nodejs", builtin(), quiet)
    assert [other.wait() for other in others] == [0, 0]
    assert calls(tmp_path) == 1


def test_what_is_prepared_starts_no_process(
    npm: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(INSTALLS)
    said: list[str] = []
    first = toolchain.prepare("nodejs", builtin(), said.append)
    assert len(said) == 1

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr(subprocess, "run", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert toolchain.prepare("nodejs", builtin(), said.append) == first
    assert len(said) == 1


def with_version(version: str) -> Catalog:
    packages = {**builtin().packages, "nodejs": {"openai-sdk": Package("openai", version)}}
    return replace(builtin(), packages=packages)


def test_another_version_has_another_folder(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(INSTALLS)
    one = toolchain.prepare("nodejs", with_version("1"), quiet)
    other = toolchain.prepare("nodejs", with_version("2"), quiet)
    program(tmp_path / "tools" / "bin" / "node", "echo v24.2.0")
    os.utime(tmp_path / "tools" / "bin" / "node", (0, 0))
    newer = toolchain.prepare("nodejs", with_version("2"), quiet)
    assert len({one.folder, other.folder, newer.folder}) == 3
    assert newer.versions == {"node": "24.2.0", "openai": "2"}
    assert calls(tmp_path) == 3


def test_a_cache_that_cannot_be_written(
    npm: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(INSTALLS)
    (tmp_path / "file").touch()
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(InputError, match=r"^cannot write .*file/cache: Not a directory$"):
        toolchain.prepare("nodejs", builtin(), quiet)


# Building and running, for real


@pytest.mark.parametrize("language", list(HELLO))
def test_a_program_is_built_and_run(
    language: str, ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready(language)
    name, code = HELLO[language]
    source = tmp_path / name
    source.write_text(code, encoding="utf-8")
    for step in toolchain.build(prepared, source, tmp_path):
        built = process(step, tmp_path)
        assert built.returncode == 0, built.stdout + built.stderr
    done = process(toolchain.run(prepared, source, tmp_path), tmp_path)
    assert (done.returncode, done.stdout) == (0, "hällo\n"), done.stderr


@pytest.mark.parametrize("language", list(WRONG))
def test_a_wrong_program_does_not_build(
    language: str, ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready(language)
    source = tmp_path / HELLO[language][0]
    source.write_text(WRONG[language], encoding="utf-8")
    steps = toolchain.build(prepared, source, tmp_path)
    assert any(process(step, tmp_path).returncode != 0 for step in steps)


def test_a_java_program_without_imports_sees_no_jars(
    ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready("java")
    for client, jars in (("http", 0), ("sdk", 1)):
        source = ROOT / "out" / "en" / "openai" / "singapore" / f"java-{client}.java"
        arguments = toolchain.run(prepared, source, tmp_path).arguments
        assert " ".join(arguments).count("/lib/") == jars


def test_versions_are_those_of_the_catalog(ready: Callable[[str], Prepared]) -> None:
    prepared = ready("python")
    for package in builtin().packages["python"].values():
        assert prepared.versions[package.name] == package.version
        script = f"import importlib.metadata as m; print(m.version({package.name!r}))"
        found = subprocess.check_output(
            [prepared.folder / "bin" / "python", "-c", script], encoding="utf-8"
        )
        assert found.strip() == package.version


@pytest.mark.parametrize("language", ["java", "php"])
def test_trust_is_made_once_for_many_threads(
    language: str, ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    trustme = pytest.importorskip("trustme")
    prepared = ready(language)
    ca = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(ca))
    found: list[dict[str, str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(toolchain.trust(prepared, ca, tmp_path)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 4
    assert found[0]["SSL_CERT_FILE"] == str(ca)
    assert {"java": "JAVA_TOOL_OPTIONS", "php": "PHP_INI_SCAN_DIR"}[language] in found[0]
