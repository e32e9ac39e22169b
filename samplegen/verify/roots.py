"""What programs see instead of this machine: a root for each toolchain, built once in a run.

It has what programs of the system need, read-only, and the toolchain; a few files of `/etc`
are made up, and the others copied. No home, no checkout, nothing of `/run`, `/var`, `/sys`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from samplegen.errors import InputError
from samplegen.verify import cell, seal, toolchain
from samplegen.verify.program import Cells

# A user that owns nothing: just below `nobody`, within the numbers that a container has.
_NOBODY: Final = 65533

# Where a system keeps its programs, and which of the folders there are theirs. Checkouts
# are kept in /usr/src, by images that build there.
_PREFIXES: Final = ("/", "/usr", "/usr/local")
_THEIRS: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32", "libexec", "share", "include")

# Of /etc: where libraries are, whom to trust, the time, and settings of languages.
_SETTINGS: Final = (
    *("ld.so.c*", "alternatives", "localtime", "timezone", "mime.types", "os-release"),
    *("services", "protocols", "gai.conf", "ssl", "pki", "ca-certificates*", "crypto-policies"),
    *("java*", "php*", "dotnet"),
)
_SECRET: Final = shutil.ignore_patterns("private", "*.key")

HOME: Final = Path("/home")
"""Where each program sees its own work folder, too: what depends on a home is the same for all."""

_DEVICES: Final = ("null", "zero", "full", "random", "urandom")
_LINKS: Final = {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}


class Roots:
    """The roots of a run, and the cells of its programs.

    Args:
        own: a folder of the run, that no program sees.
        folder: where samples are, one beside the other.
        trust: a folder in `own` that programs see all the same, and cannot change.
    """

    def __init__(self, own: Path, folder: Path, trust: Path) -> None:
        self._own = own
        self._folder = folder
        self._trust = trust
        self._scratch = list(dict.fromkeys(map(str, (seal.MEMORY, own, folder))))
        self._made: dict[str, Path] = {}
        self._lock = Lock()
        self.user = _NOBODY if _is_known(_NOBODY) else None

    def around(self, prepared: toolchain.Prepared, work: Path, hosts: Path, trusted: Path) -> Cells:
        """The cell of a program, and that of the servers of its toolchain.

        Args:
            work: the one folder that it can write.
            hosts: the file that it sees as `/etc/hosts`.
            trusted: the authority that it sees in the place of all that it brings along.
        """
        root = self._root(prepared)
        bundles = [(trusted, bundle, False) for bundle in toolchain.bundles(prepared)]
        home = (work, HOME, True)
        own = self._cell(root, work, home, (hosts, Path("/etc/hosts"), False), *bundles)
        return Cells(own, self._cell(root, self._folder))

    def _cell(self, root: Path, work: Path, *more: tuple[Path, Path, bool]) -> cell.Cell:
        seen = [(work, work, True), (self._trust, self._trust, False), *more]
        return {
            "root": str(root),
            "scratch": self._scratch,
            "seen": [(str(source), str(path), writable) for source, path, writable in seen],
            "user": self.user,
        }

    def give(self, work: Path) -> None:
        """Let programs write a folder, and what is in it."""
        if self.user is not None:
            for path in (work, *work.rglob("*")):
                os.chown(path, self.user, self.user, follow_symlinks=False)

    def _root(self, prepared: toolchain.Prepared) -> Path:
        with self._lock:
            if prepared.language not in self._made:
                root = self._own / "roots" / prepared.language
                self._build(root, prepared)
                self._made[prepared.language] = root
            return self._made[prepared.language]

    def _build(self, root: Path, prepared: toolchain.Prepared) -> None:
        root.mkdir(parents=True)
        cell.bind(str(root), str(root))
        for prefix in _PREFIXES:
            for name in _THEIRS:
                _show(Path(prefix, name), root)
        _make_settings(root / "etc", self.user, HOME)
        _make_devices(root / "dev")
        for place in ("/proc", "/tmp", str(HOME), *self._scratch):
            (root / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
        # What is above another one comes first, with all that is in it.
        for path in sorted(toolchain.sees(prepared), key=lambda one: len(one.resolve().parts)):
            _show(path, root)
        cell.set_read_only(str(root), on=True)


def _show(path: Path, root: Path) -> None:
    """Put something of this machine at its place below a root, unless it is seen there.

    Links on the way are links there, too.

    Raises:
        InputError: a home or the working folder would be seen with it.
    """
    above = Path("/")
    names = path.parts[1:]
    for number, name in enumerate(names, 1):
        here = above / name
        place = root / str(here).lstrip("/")
        if here.is_symlink():
            if not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(here.readlink())
            target = os.path.normpath(above / here.readlink())
            _show(Path(target, *names[number:]), root)
            return
        above = here
    if path.exists() and not os.path.lexists(place):
        _refuse_home(path)
        _bind(path, place)


def _bind(path: Path, place: Path) -> None:
    if path.is_dir():
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    cell.bind(str(path), str(place))
    cell.set_read_only(str(place), on=True)


def _refuse_home(path: Path) -> None:
    """Raise an error for what is not apart from what programs must not see."""
    for kept in (Path.home(), Path.cwd()):
        if kept.is_relative_to(path):
            raise InputError(
                f"a toolchain is in {path} itself, which samples must not see: "
                "install it in a folder of its own"
            )


def _make_settings(etc: Path, user: int | None, home: Path) -> None:
    etc.mkdir()
    for path in Path("/etc").iterdir():
        if any(path.match(pattern) for pattern in _SETTINGS):
            _copy(path, etc / path.name)
    number = user or 0
    (etc / "passwd").write_text(f"sample:x:{number}:{number}::{home}:/bin/sh\n")
    (etc / "group").write_text(f"sample:x:{number}:\n")
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")
    (etc / "hostname").write_text("sample\n")
    for name in ("hosts", "resolv.conf"):
        (etc / name).touch()


def _copy(path: Path, to: Path) -> None:
    # What this user may not read is not for programs either.
    with suppress(OSError, shutil.Error):
        if path.is_symlink():
            to.symlink_to(path.readlink())
        elif path.is_dir():
            shutil.copytree(path, to, symlinks=True, ignore=_SECRET)
        else:
            shutil.copyfile(path, to)


def _make_devices(dev: Path) -> None:
    dev.mkdir()
    for name in _DEVICES:
        (dev / name).touch()
        cell.bind(f"/dev/{name}", str(dev / name))
    for name, path in _LINKS.items():
        (dev / name).symlink_to(f"/proc/self/{path}")


def _is_known(user: int) -> bool:
    """Whether this process may become a user: in a user namespace there may be but one."""
    if os.getuid() != 0:
        return False
    return any(first <= user < first + count for first, count in _users())


def _users() -> Iterator[tuple[int, int]]:
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        yield first, count
