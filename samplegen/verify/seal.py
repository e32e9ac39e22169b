"""A place with no network but the mock server, which ends whole.

Linux namespaces do it, without privileges where user namespaces are allowed: an
own network (the loopback interface alone), own mounts, and own process ids, so that
every process ends with the first one. What programs see there is another matter: `roots`.
"""

from __future__ import annotations

import fcntl
import ipaddress
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from samplegen.errors import InputError

_NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]

# <linux/sockios.h>, <linux/if.h>.
_SIOCSIFFLAGS, _SIOCSIFADDR, _IFF_UP_AND_RUNNING = 0x8914, 0x8916, 0x41

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


def close(own: Path, numbers: Sequence[str] = ()) -> None:
    """Close the place from within: call this first in a process that `sealing` started.

    Args:
        own: a folder of this machine; from now on, of these namespaces and in memory.
        numbers: IP addresses that are to be of this place.

    Raises:
        InputError: it cannot have one of them.
    """
    with socket.socket() as any_socket:
        flags = struct.pack("16sh", b"lo", _IFF_UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, flags)
    for place, number in enumerate(numbers, 1):
        try:
            _add(number, place)
        except OSError as error:
            raise InputError(f"{number} cannot be sealed here: {error.strerror}") from None
    _mount("--make-rprivate", "/")
    _mount("-t", "tmpfs", "tmpfs", str(own))
    if _WHOLE not in Path("/proc/self/uid_map").read_text():
        # In a user namespace of this place's own: programs make no others in it.
        with suppress(OSError):
            Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _add(number: str, place: int) -> None:
    """Give the loopback interface an address, as netdevice(7) and `struct in6_ifreq` say."""
    address = ipaddress.ip_address(number)
    if address.is_loopback:
        return
    if address.version == 6:
        with socket.socket(socket.AF_INET6) as any_socket:
            request = struct.pack("16sIi", address.packed, 128, socket.if_nametoindex("lo"))
            fcntl.ioctl(any_socket, _SIOCSIFADDR, request)
        return
    with socket.socket() as any_socket:
        name = f"lo:{place}".encode()
        request = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, address.packed)
        fcntl.ioctl(any_socket, _SIOCSIFADDR, request)


# How many users there are where no namespace says otherwise.
_WHOLE = "4294967295"


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
