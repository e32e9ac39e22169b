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
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]

# <linux/sockios.h>, <linux/if.h>, <linux/mount.h> and <asm-generic/unistd.h>.
_SIOCSIFFLAGS, _IFF_UP_AND_RUNNING = 0x8914, 0x41
_SYS_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1


@cache
def sealing() -> list[str] | None:
    """The command that starts another one in namespaces of its own, or None where none can be."""
    if sys.platform != "linux" or not all(map(shutil.which, ("unshare", "prlimit", "setpriv"))):
        return None
    for user in (["--map-root-user"], []):
        command = [str(shutil.which("unshare")), *user, *_NAMESPACES]
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    return None


def close(folder: Path, hosts: Iterable[str], writable: Iterable[Path]) -> None:
    """Close the place from within: call this first in a process that `sealing` started.

    Args:
        folder: an existing folder of this run; it stays writable.
        hosts: names that resolve to 127.0.0.1; no other name resolves.
        writable: more folders that stay writable.
    """
    with socket.socket() as any_socket:
        flags = struct.pack("16sh", b"lo", _IFF_UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, flags)
    _mount("--make-rprivate", "/")
    names = folder / "hosts"
    names.write_text(f"127.0.0.1 localhost {' '.join(hosts)}\n::1 localhost\n")
    _mount("--bind", str(names), "/etc/hosts")
    nothing = folder / "resolv.conf"
    nothing.touch()
    _mount("--bind", str(nothing), str(Path("/etc/resolv.conf").resolve()))
    kept = [folder, *writable]
    for path in kept:
        _mount("--bind", str(path), str(path))
    _set_read_only("/", on=True)
    for path in kept:
        _set_read_only(str(path), on=False)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def _set_read_only(path: str, *, on: bool) -> None:
    """Make all mounts below a path read-only, or one mount writable again: mount_setattr(2)."""
    libc = ctypes.CDLL(None, use_errno=True)
    set_, clear = (_MOUNT_ATTR_RDONLY, 0) if on else (0, _MOUNT_ATTR_RDONLY)
    attributes = struct.pack("QQQQ", set_, clear, 0, 0)
    flags = _AT_RECURSIVE if on else 0
    done = libc.syscall(
        _SYS_MOUNT_SETATTR, _AT_FDCWD, path.encode(), flags, attributes, len(attributes)
    )
    if done != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), path)
