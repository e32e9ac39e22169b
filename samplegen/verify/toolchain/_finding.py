"""Finding the tools of this machine, and whether they are new enough for the samples."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from samplegen.languages import language
from samplegen.verify.toolchain._base import Missing

# A tool that is asked for its version is to fetch nothing, and to leave nothing behind.
_QUIETLY = {
    "GOTOOLCHAIN": "local",
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    "DOTNET_NOLOGO": "1",
    "DOTNET_SKIP_FIRST_TIME_EXPERIENCE": "1",
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    "DOTNET_EnableDiagnostics": "0",
    "DOTNET_EnableWriteXorExecute": "0",
}


def find(program: str, advice: str, folder: str | None = None) -> str:
    """The path of a program, in a folder or on the path.

    Raises:
        Missing: it is not there.
    """
    found = shutil.which(program, path=folder)
    if found is None:
        raise Missing(f"no {program}{f' in {folder}' if folder else ''}: {advice}")
    return str(Path(found).absolute())


# Folders that hold many packages, which use each other, and nothing else.
_STORES = (Path("/nix/store"), Path("/gnu/store"), Path("/home/linuxbrew/.linuxbrew"))


def installation(program: str, *marks: str) -> list[Path]:
    """What has to be there for a program: where it was found, and where it really is.

    That is the folder above its `bin` if one of some marks is below it, which no home
    folder has; else the file alone. A package of a store comes with its store.
    """
    found, real = Path(program), Path(program).resolve()
    for store in _STORES:
        if real.is_relative_to(store):
            return [found, store]
    prefix = real.parent.parent
    whole = real.parent.name == "bin" and any((prefix / mark).exists() for mark in marks)
    return [found, prefix if whole else real]


def new_enough(language_id: str, command: list[str], advice: str, least: str | None = None) -> str:
    """The version of a tool.

    Args:
        least: the oldest version that will do here; None is the one that samples ask for.

    Raises:
        Missing: it is too old for the samples, or does not start.
    """
    least = least or oldest(language_id)
    found = version(command)
    if found is None or _numbers(found) < _numbers(least):
        raise Missing(
            f"{command[0]} is {found or 'broken'}, samples need {least} or newer: {advice}"
        )
    return found


def is_new_enough(language_id: str, version: str | None) -> bool:
    """Whether a version can run a language's samples."""
    return version is not None and _numbers(version) >= _numbers(oldest(language_id))


def oldest(language_id: str) -> str:
    """The oldest version that samples ask for."""
    return language(language_id).runtime.rpartition(" ")[2]


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:2]]


def version(command: list[str]) -> str | None:
    """The first version in what a command prints, or None if it fails."""
    found = re.search(r"\d+(\.\d+)+", output(command))
    return found.group() if found else None


def output(command: list[str]) -> str:
    """What a command prints; it is run once in this process, if its program does not change."""
    return _output_of(tuple(command), Path(command[0]).stat().st_mtime)


@cache
def _output_of(command: tuple[str, ...], changed: float) -> str:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_QUIETLY},
        )
    except OSError:
        return ""
    return done.stdout + done.stderr if done.returncode == 0 else ""
