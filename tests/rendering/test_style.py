"""The published samples are clean under each language's own formatter, linter and compiler.

What the tools are told, and why:

- google-java-format runs with `--aosp`: four spaces, as readers of the pages know them.
- `javac -Xlint:all` without `classfile`: the SDKs' jars lack annotations they mention.
- PSR-12 without its line limit (a URL is as long as it is) and without PSR-1's rule
  that a file either declares or acts: a sample of a few lines does both or neither.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from access import ACCESS, REST
from conftest import ROOT
from toolchains import need, need_all, run

from samplegen import Call, InputError, render
from samplegen.model.catalog import builtin
from samplegen.model.catalog_file import load
from samplegen.rendering.targets import targets
from samplegen.verify.toolchain import prepare

OUT = ROOT / "out"


def files(name: str) -> list[Path]:
    found = sorted(OUT.rglob(name))
    assert found
    return found


def clean(tool: str, arguments: list[str], paths: list[Path]) -> None:
    done = run([*need(tool), *arguments, *map(str, paths)])
    said = "\n".join(line for line in (done.stdout + done.stderr).splitlines() if line.strip())
    assert done.returncode == 0, said


def test_python() -> None:
    clean("ruff", ["format", "--isolated", "--check", "--quiet"], files("python-*.py"))
    rules = "E4,E7,E9,F,I,B,UP,SIM"
    clean("ruff", ["check", "--isolated", "--quiet", "--select", rules], files("python-*.py"))


def test_javascript() -> None:
    clean("prettier", ["--no-config", "--log-level", "warn", "--check"], files("nodejs-*.mjs"))


def test_go() -> None:
    done = run([*need("gofmt"), "-d", *map(str, files("go-*.go"))])
    assert (done.returncode, done.stdout) == (0, "")


def test_go_vet(tmp_path: Path) -> None:
    command = [*need("go"), "vet"]
    for path in files("go-http.go"):
        done = run([*command, str(path)])
        assert (done.returncode, done.stderr) == (0, "")


def test_java() -> None:
    arguments = ["--dry-run", "--set-exit-if-changed"]
    clean("google_java_format", arguments, files("java-*.java"))


def test_java_compiles_without_warnings(tmp_path: Path) -> None:
    need_all("java")
    jars = prepare("java", builtin(), print).folder.glob("lib/*/*/*.jar")
    for number, path in enumerate(files("java-http.java")):
        # One compilation for all: each has a class of its own.
        code = re.sub(r"\bMain\b", f"Main{number}", path.read_text(encoding="utf-8"))
        (tmp_path / f"Main{number}.java").write_text(code, encoding="utf-8")
    options = ["-Xlint:all,-classfile", "-Werror", "-proc:none", "-encoding", "UTF-8"]
    options += ["-cp", os.pathsep.join(map(str, jars)), "-d", str(tmp_path / "classes")]
    clean("javac", options, sorted(tmp_path.glob("*.java")))


def test_csharp_compiles_without_warnings() -> None:
    clean("csharp", ["--compile-only"], files("csharp-http.cs"))


def test_php() -> None:
    need("php")
    for path in files("php-*.php"):
        clean("php", ["--syntax-check"], [path])
    excluded = "--exclude=Generic.Files.LineLength,PSR1.Files.SideEffects"
    clean("phpcs", ["--standard=PSR12", excluded, "-q"], files("php-*.php"))


def test_shell() -> None:
    clean("shellcheck", ["--shell=sh"], files("curl-*.sh"))


# What the pages that these samples replace had, by kind; see "Targets" in docs/rendering.md.
DEFECTS = {
    "a statement of another language": (
        r"\$apiKey|[^.]getenv\(",
        ("nodejs", "csharp", "java", "go"),
    ),
    "a call that the SDK dropped": (r"openai\.F\(", ("go",)),
    "a module path that moved": (r'openai-go"|openai-go/option"', ("go",)),
    "a content type that does not exist": (r"application/json; ?utf-8", ("",)),
    "a dependency that is not needed": (r"node-fetch|gson", ("nodejs", "java-http", "go-http")),
    "an unhandled rejection": (r"\.then\(|^main\(\)", ("nodejs",)),
    "a shared header collection that is changed": (r"DefaultRequestHeaders", ("csharp",)),
    "--location on a POST": (r"--location|-L\b", ("curl",)),
    "-X POST beside data": (r"-X POST|--request POST", ("curl",)),
    "short flags": (r"^\s+-[a-zA-Z]\b", ("curl",)),
    "exit 0 on failure": (r"System\.exit\(0\)|exit\(0\)", ("",)),
    "errors on stdout": (r"echo .*(curl_)?error|Console\.WriteLine\(\"API", ("",)),
    "println, which writes to stderr in Go": (r"^\s*println\(", ("go",)),
    "a deprecated call": (r"curl_close|new URL\(", ("",)),
    "a closing tag": (r"\?>", ("php",)),
    "a base URL with a slash at its end": (r"/v1/[\"']", ("",)),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_no_sample_has_a_defect_of_the_old_pages(defect: str) -> None:
    pattern, starts = DEFECTS[defect]
    for path in files("*-*.*"):
        if path.name.startswith(starts):
            assert not re.search(pattern, path.read_text(), re.MULTILINE), path


TOOL = {
    "type": "function",
    "function": {"name": "get_time", "description": "Time", "parameters": {"type": "object"}},
    "returns": {"time": "12:00"},
}


ASKED: dict[str, dict[str, object]] = {
    "whole": {},
    "stream": {"stream": True},
    "tools": {"tools": [TOOL]},
    "chat": {"then": "And who made you?"},
}
FORMATS: dict[str, dict[str, object]] = {
    "text": {},
    "json": {"response_format": {"type": "json_object"}},
    "stream": {"stream": True},
}
REASONS = '[[families]]\nname = "M"\npatterns = ["*"]\nthinking = "only"\nreasoning = "content"\n'
PROVIDERS = {
    **{name: (f"[provider]\n{provider}\n{REST}", ASKED) for name, provider in ACCESS.items()},
    "errors in lists": (f"[provider]\n{ACCESS['either']}\n{REST}errors = 'list'\n", ASKED),
    "reasoning in the content": (f"[provider]\n{ACCESS['either']}\n{REST}{REASONS}", FORMATS),
}


def test_what_only_another_provider_has(tmp_path: Path) -> None:
    """Samples of another way to be let in, or form of answers, are laid out as all are."""
    for number, (text, asked) in enumerate(PROVIDERS.values()):
        catalog = tmp_path / "catalog.toml"
        catalog.write_text(text, encoding="utf-8")
        facts = load(catalog)
        for target in targets():
            for flow in asked if target.protocol == "openai" else ():
                call = Call.parse(asked[flow], facts)
                by = target.language, target.client
                try:
                    sample = render(call, *by, flow=flow, catalog=facts)
                except InputError:
                    continue
                folder = tmp_path / f"{number}-{flow}"
                folder.mkdir(exist_ok=True)
                (folder / target.filename).write_text(sample.code, encoding="utf-8")

    def made(suffix: str) -> list[Path]:
        found = sorted(tmp_path.rglob(f"*{suffix}"))
        assert len(found) >= 2 * len(PROVIDERS)
        return found

    clean("ruff", ["format", "--isolated", "--check", "--quiet"], made(".py"))
    clean("ruff", ["check", "--isolated", "--quiet", "--select", "E4,E7,E9,F,I,B"], made(".py"))
    clean("prettier", ["--no-config", "--log-level", "warn", "--check"], made(".mjs"))
    clean("google_java_format", ["--dry-run", "--set-exit-if-changed"], made(".java"))
    done = run([*need("gofmt"), "-d", *map(str, made(".go"))])
    assert (done.returncode, done.stdout) == (0, "")
