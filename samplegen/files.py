"""Reading input files, writing output whole or not at all, and where the cache is."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from samplegen.errors import InputError


def read_text(path: Path) -> str:
    """The text of a UTF-8 file.

    Raises:
        InputError: no such file, a directory, no permission, or not UTF-8.
    """
    try:
        return decode(path.read_bytes(), str(path))
    except IsADirectoryError:
        raise InputError(f"{path}: is a directory, not a file") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None


def decode(data: bytes, where: str) -> str:
    """UTF-8 bytes as text; a byte order mark is dropped.

    Raises:
        InputError: not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8 (byte {error.start}): save it as UTF-8") from None


_WORD = re.compile(r"[A-Za-z][\w./:-]*")


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """A TOML document.

    Raises:
        InputError: not TOML, nested too deep, or with a number too long to read.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InputError(f"{where}: nested too deep") from None
    except ValueError as error:
        raise InputError(f"{where}: not valid TOML: {error}{_toml_advice(text, error)}") from None


def _toml_advice(text: str, error: ValueError) -> str:
    """What to write where a value is none."""
    at = re.search(r"Invalid value \(at line (\d+), column (\d+)\)", str(error))
    if at is None:
        return ""
    value = text.split("\n")[int(at[1]) - 1][int(at[2]) - 1 :].strip()
    if value[:1] in tuple("\u201c\u201d\u2018\u2019"):
        return f': {value[0]} is no quote of TOML, which are plain, such as "a"'
    return f': a text stands between quotes, such as "{value}"' if _WORD.fullmatch(value) else ""


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files or, if one cannot be written, none.

    Each file is first written whole beside its place, and only when all are there
    do they take their places, by renaming. Whatever stops that is undone. A file that was
    there keeps its mode; a link stays one, and what it links to is written.

    Raises:
        InputError: a place that cannot be written.
    """
    _sweep({place.resolve() if place.is_symlink() else place for place in files})
    made: list[Path] = []
    temporary: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    place = Path()
    try:
        for place, data in files.items():
            _make_folder(place.parent, made)
            if place.is_dir():
                raise IsADirectoryError(None, "is a directory, not a file")
            real = place.resolve() if place.is_symlink() else place
            temporary[place] = real.with_name(f".{real.name}.{os.getpid()}.tmp")
            temporary[place].write_bytes(data)
            if real.exists():
                temporary[place].chmod(stat.S_IMODE(real.stat().st_mode))
        for place, data in files.items():
            real = place.resolve() if place.is_symlink() else place
            before[place] = real.read_bytes() if real.exists() else None
            if before[place] is not None and real.stat().st_nlink > 1:
                # Its other names would keep the old text.
                real.write_bytes(data)
            else:
                temporary[place].replace(real)
        for path in temporary.values():
            path.unlink(missing_ok=True)
    except BaseException as error:
        _undo(before, temporary, made)
        if isinstance(error, OSError):
            raise InputError(f"cannot write {place}: {error.strerror}") from None
        raise


def _sweep(places: Iterable[Path]) -> None:
    """Remove what a run that was killed left beside these files."""
    names: dict[Path, set[str]] = {}
    for place in places:
        names.setdefault(place.parent, set()).add(place.name)
    for folder, own in names.items():
        with suppress(OSError):
            for left in folder.glob(".*.tmp"):
                name, _, process = left.name[1:].removesuffix(".tmp").rpartition(".")
                if name in own and process.isdecimal() and not _runs(int(process)):
                    left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    """Whether there is a process of that id, which may be another by now."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _undo(
    before: Mapping[Path, bytes | None], temporary: Mapping[Path, Path], made: list[Path]
) -> None:
    """Put everything back, as far as it can be."""
    for path in temporary.values():
        with suppress(OSError):
            path.unlink(missing_ok=True)
    for place, data in before.items():
        with suppress(OSError):
            if data is None:
                place.unlink(missing_ok=True)
            elif place.read_bytes() != data:
                place.write_bytes(data)
    for folder in reversed(made):
        # Another process may use it by now.
        with suppress(OSError):
            folder.rmdir()


def cache_folder() -> Path:
    """Where what can be made again is kept: `$SAMPLEGEN_CACHE`, else a folder in the user's cache.

    Raises:
        RuntimeError: nothing says where the user's home is.
    """
    if named := os.environ.get("SAMPLEGEN_CACHE"):
        return Path(named).absolute()
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return Path(xdg).absolute() / "samplegen"
    return Path.home() / ".cache" / "samplegen"


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, noting each one made, so that it can be undone."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for folder in reversed(missing):
        try:
            folder.mkdir()
        except FileExistsError:
            # Another process was quicker.
            if not folder.is_dir():
                raise
        else:
            made.append(folder)
