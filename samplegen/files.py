"""Reading input files, and writing output whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

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


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files or, if one cannot be written, none.

    Each file is first written whole beside its place, and only when all are
    there do they take their places, by renaming.

    Raises:
        InputError: a place that cannot be written.
    """
    made: list[Path] = []
    staged: list[tuple[Path, Path]] = []
    place = Path()
    try:
        for place, data in files.items():
            _make_folder(place.parent, made)
            if place.is_dir():
                raise IsADirectoryError(None, "is a directory, not a file")
            temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
            staged.append((temporary, place))
            temporary.write_bytes(data)
        for temporary, place in staged:
            temporary.replace(place)
    except OSError as error:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
        for folder in reversed(made):
            folder.rmdir()
        raise InputError(f"cannot write {place}: {error.strerror}") from None


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, noting each one made, so that it can be undone."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for folder in reversed(missing):
        folder.mkdir()
        made.append(folder)
