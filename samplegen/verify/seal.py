"""A place with no network but the mock server, and no file to write but its own.

Linux namespaces do it, without privileges where user namespaces are allowed: an
own network (the loopback interface alone), own mounts (an own `/etc/hosts`, all
else read-only) and own process ids, so that every process ends with the first one.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from functools import cache
from pathlib import Path

_NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]

# <linux/sockios.h>, <linux/if.h>, <linux/sched.h>, <linux/mount.h> and <asm-generic/unistd.h>.
_SIOCSIFFLAGS, _IFF_UP_AND_RUNNING = 0x8914, 0x41
_CLONE_NEWNS = 0x20000
_SYS_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1


# Where shared memory is (Linux has it there), a folder in memory of these namespaces' own.
MEMORY = Path("/dev/shm")


@cache
def sealing() -> list[str] | None:
    """The command that starts another one in namespaces of its own, or None where none can be."""
    needed = map(shutil.which, ("unshare", "prlimit", "setpriv", "mount"))
    if sys.platform != "linux" or not all(needed) or not MEMORY.is_dir():
        return None
    for user in (["--map-root-user"], []):
        command = [str(shutil.which("unshare")), *user, *_NAMESPACES]
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    return None


def close(folder: Path) -> None:
    """Close the place from within: call this first in a process that `sealing` started.

    Args:
        folder: an existing folder of this run, a mount of its own; it stays writable.
    """
    with socket.socket() as any_socket:
        flags = struct.pack("16sh", b"lo", _IFF_UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, flags)
    _mount("--make-rprivate", "/")
    nothing = folder / "resolv.conf"
    nothing.touch()
    _mount("--bind", str(nothing), str(Path("/etc/resolv.conf").resolve()))
    _mount("--bind", str(folder), str(folder))
    _set_read_only("/", on=True)
    _set_read_only(str(folder), on=False)


def use_hosts(file: Path) -> None:
    """Put a file at `/etc/hosts`, for this thread and all that it starts: unshare(2)."""
    if _libc().unshare(_CLONE_NEWNS) != 0:
        raise _error("unshare")
    _mount("--bind", str(file), "/etc/hosts")


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def _set_read_only(path: str, *, on: bool) -> None:
    """Make all mounts below a path read-only, or one mount writable again: mount_setattr(2)."""
    set_, clear = (_MOUNT_ATTR_RDONLY, 0) if on else (0, _MOUNT_ATTR_RDONLY)
    attributes = struct.pack("QQQQ", set_, clear, 0, 0)
    flags = _AT_RECURSIVE if on else 0
    done = _libc().syscall(
        _SYS_MOUNT_SETATTR, _AT_FDCWD, path.encode(), flags, attributes, len(attributes)
    )
    if done != 0:
        raise _error(path)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)
