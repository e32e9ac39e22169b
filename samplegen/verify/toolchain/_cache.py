"""The cache: folders that appear whole, by renaming, and are never changed again."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from samplegen.errors import InputError
from samplegen.files import cache_folder
from samplegen.verify.toolchain._base import Say


def place(name: str, parts: Sequence[object]) -> Path:
    """The folder in the cache for something of these parts, on this kind of machine."""
    told = json.dumps([sysconfig.get_platform(), *parts])
    return cache_folder() / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def ensure(folder: Path, install: Callable[[Path], None], say: Say) -> None:
    """Fill a folder of the cache, unless it is there: then it is whole.

    Raises:
        InputError: it cannot be filled or written.
    """
    if folder.is_dir():
        return
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_name(f".{folder.name}.lock")):
            if not folder.is_dir():
                say(f"installing {folder.name} into {folder.parent}")
                _fill(folder, install)
    except OSError as error:
        raise InputError(f"cannot write {error.filename or folder}: {error.strerror}") from None


def _fill(folder: Path, install: Callable[[Path], None]) -> None:
    # Only who holds the lock is here: what is there is of a run that was killed.
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        install(temporary)
        temporary.chmod(0o755)
        temporary.rename(folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def once(file: Path, make: Callable[[Path], object]) -> None:
    """Make a file whole, unless it is there, however many threads want it."""
    if file.exists():
        return
    with _locked(file.with_name(f".{file.name}.lock")):
        if not file.exists():
            temporary = file.with_name(f".{file.name}.tmp")
            temporary.unlink(missing_ok=True)
            make(temporary)
            temporary.rename(file)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Be the only one, of all threads and processes, until the end; the file stays."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
