"""A place with no network but the mock server, which ends whole.

Linux namespaces do it, without privileges where user namespaces are allowed: an
own network (the loopback interface alone), own mounts, and own process ids, so that
every process ends with the first one. What programs see there is another matter: `roots`.
"""

from __future__ import annotations

import fcntl
import shutil
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]

# <linux/sockios.h>, <linux/if.h>.
_SIOCSIFFLAGS, _IFF_UP_AND_RUNNING = 0x8914, 0x41

# Where shared memory is (Linux has it there), a folder in memory of these namespaces' own.
MEMORY = Path("/dev/shm")


@cache
def sealing() -> list[str] | None:
    """The command that starts another one in namespaces of its own, or None where none can be."""
    needed = map(shutil.which, ("unshare", "mount"))
    if sys.platform != "linux" or not all(needed) or not MEMORY.is_dir():
        return None
    # Root can be another user in there, if it is not the only one.
    for user in ([], ["--map-root-user"]):
        command = [str(shutil.which("unshare")), *user, *_NAMESPACES]
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    return None


def memory_beside(folder: Path) -> Path:
    """A folder that `close` may hide, and does not hide another one with it.

    Args:
        folder: of samples; where it is this memory itself, it is to be in these namespaces.
    """
    kept_there = folder != MEMORY and folder.is_relative_to(MEMORY)
    return Path("/run") if kept_there else MEMORY


def close(own: Path) -> None:
    """Close the place from within: call this first in a process that `sealing` started.

    Args:
        own: a folder of this machine; from now on, of these namespaces and in memory.
    """
    with socket.socket() as any_socket:
        flags = struct.pack("16sh", b"lo", _IFF_UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, flags)
    _mount("--make-rprivate", "/")
    _mount("-t", "tmpfs", "tmpfs", str(own))
    if _WHOLE not in Path("/proc/self/uid_map").read_text():
        # In a user namespace of this place's own: programs make no others in it.
        with suppress(OSError):
            Path("/proc/sys/user/max_user_namespaces").write_text("0")


# How many users there are where no namespace says otherwise.
_WHOLE = "4294967295"


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
