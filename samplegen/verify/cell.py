"""A cell: a program alone, in a root of its own, with limits and without privileges.

    cell.py             runs the steps that standard input asks for: see `toolchain.Server`
    cell.py JSON COMMAND...     runs one command in the cell that JSON describes

It imports the standard library alone, and little of it: a program costs some forks of this.

A cell that is to be opened is a dictionary:

- `root`: a folder that looks like the root of a machine, read-only, with a `proc` to mount on;
- `scratch`: folders in it that are memory of this cell's own;
- `seen`: what is put there, `[source, path in the root, whether it can be written]`;
- `user`: the number of a user that owns nothing outside, or null where there is no other.

One that is open is `first`, the number of its first process, and `user`.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import resource
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

_MEMORY = 4 << 30
# The largest file, a compiled Go program among them.
_FILE = 256 << 20
_PROCESSES = 4096

# <linux/prctl.h>, <linux/capability.h>, <linux/sched.h>, <linux/mount.h>, <linux/keyctl.h>.
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 4, 24
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_CAPABILITY_VERSION_3, _CAPABILITIES = 0x20080522, 64
_NEW_NAMESPACES = 0x20000 | 0x4000000 | 0x8000000 | 0x20000000  # mount, UTS, IPC, PID
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC = 2, 4, 8, 0x1000, 0x4000
_MNT_DETACH = 2
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
_KEYCTL = {"x86_64": 250, "aarch64": 219}
_KEYCTL_JOIN_SESSION_KEYRING = 1

_NAME = b"sample"

_LIBC = ctypes.CDLL(None, use_errno=True)

Cell = dict[str, Any]
"""See the module."""

Run = Callable[[dict[str, Any]], None]


# What the kernel is asked for; an OSError says what it did not do, and to what


def _check(done: int, what: str) -> None:
    if done != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), what)


def mount(source: str, path: str, kind: str | None, flags: int, options: str = "") -> None:
    """Let a file system, or a part of one, be seen at a path."""
    texts = [os.fsencode(one) if one else None for one in (source, path, kind, options)]
    done = _LIBC.mount(*texts[:3], ctypes.c_ulong(flags), texts[3])
    _check(done, path)


def bind(source: str, path: str) -> None:
    """Let a file or folder, with all that is mounted below it, be seen at a path."""
    mount(source, path, None, _MS_BIND | _MS_REC)


def set_read_only(path: str, *, on: bool, below: bool = True) -> None:
    """Make a mount read-only or writable, and all those below it: mount_setattr(2)."""
    set_, clear = (_MOUNT_ATTR_RDONLY, 0) if on else (0, _MOUNT_ATTR_RDONLY)
    attributes = struct.pack("QQQQ", set_, clear, 0, 0)
    flags = _AT_RECURSIVE if below else 0
    done = _LIBC.syscall(
        _MOUNT_SETATTR, _AT_FDCWD, os.fsencode(path), flags, attributes, len(attributes)
    )
    _check(done, path)


def _prctl(option: int, *arguments: int) -> int:
    padded = [*arguments, 0, 0, 0, 0][:4]
    done: int = _LIBC.prctl(option, *(ctypes.c_ulong(one) for one in padded))
    return done


def _leave() -> None:
    """Namespaces of this process's own; the next one that it starts is their first."""
    _check(_LIBC.unshare(_NEW_NAMESPACES), "namespaces")


def _enter(cell: Cell) -> None:
    """Make the cell's root this process's, which is the first one of its namespaces."""
    root = cell["root"]
    for path in cell["scratch"]:
        os.makedirs(root + path, exist_ok=True)  # noqa: PTH103
        mount("tmpfs", root + path, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=64m,mode=1777")
    for source, path, writable in cell["seen"]:
        if not os.path.lexists(root + path):  # What is there may be a file.
            os.makedirs(root + path)  # noqa: PTH103
        bind(source, root + path)
        if not writable:
            set_read_only(root + path, on=True)
    mount("proc", f"{root}/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    _check(_LIBC.sethostname(_NAME, len(_NAME)), "host name")
    os.chdir(root)
    # pivot_root(2): the old root is stacked on the new one, and taken off.
    _check(_LIBC.pivot_root(b".", b"."), root)
    _check(_LIBC.umount2(b".", _MNT_DETACH), root)
    os.chdir("/")


def _give_up(user: int | None, *, all_of_them: bool) -> None:
    """Give up what this process may do, for good.

    Args:
        user: whom to become.
        all_of_them: fail where the bounding set cannot be cleared; it cannot without privileges.
    """
    limits = [
        (resource.RLIMIT_DATA, _MEMORY),
        (resource.RLIMIT_FSIZE, _FILE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, _PROCESSES),
    ]
    for limit, most in limits:
        _, now = resource.getrlimit(limit)
        most = most if now == resource.RLIM_INFINITY else min(most, now)
        resource.setrlimit(limit, (most, most))
    for capability in range(_CAPABILITIES):
        done = _prctl(_PR_CAPBSET_DROP, capability)
        if done != 0 and ctypes.get_errno() == errno.EINVAL:
            break  # There are no more capabilities.
        if done != 0 and all_of_them:
            _check(done, "capabilities")
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        # Else what is its own in /proc is root's.
        _prctl(_PR_SET_DUMPABLE, 1)
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_LIBC.capset(header, (ctypes.c_uint32 * 6)()), "capabilities")
    _check(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "privileges")
    keyctl = _KEYCTL.get(os.uname().machine)
    if all_of_them and keyctl:
        # Keys of the kernel that belong to whoever started samplegen; there may be no such call.
        _LIBC.syscall(keyctl, _KEYCTL_JOIN_SESSION_KEYRING, None)


# Opening a cell, and running programs in it


def _open(request: dict[str, Any], answers: int) -> None:
    """Open a cell, and answer the number of its first process; it is open as long as that lives."""
    telling, told = os.pipe()
    try:
        _leave()
    except OSError as error:
        _answer(answers, request, _fault(error))
    first = os.fork()
    if first == 0:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            _enter(request["open"])
        except OSError as error:
            os.write(told, json.dumps(_fault(error)).encode())
            os._exit(1)
        # Whoever loses its parent becomes a child of this one, which is not to wait for it.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        os.write(told, json.dumps({"exit": 0}).encode())
        for file in (answers, telling, told):
            os.close(file)
        while True:
            signal.pause()
    os.close(told)
    said = os.read(telling, 1 << 16)
    _write(answers, request, {**json.loads(said or '{"exit": -9}'), "first": first})
    os.close(answers)  # Where the server dies, whoever asks it is to see that.
    os.waitpid(first, 0)
    os._exit(0)


def _join(first: int) -> None:
    """Be in an open cell; what this process starts has its numbers."""
    file = os.pidfd_open(first)
    _check(_LIBC.setns(file, _NEW_NAMESPACES), "an open cell")
    os.close(file)


def _watch(request: dict[str, Any], answers: int, *, forks: bool) -> None:
    """Run a program, end all of it in time, and answer how it went.

    Returns in the program alone, which is then to do what it does; this process ends.

    Args:
        request: as a server gets it.
        answers: a file that takes a line of JSON.
        forks: whether the program is a fork of this process; else it is the request's command.
    """
    heard = [signal.SIGCHLD, signal.SIGTERM]
    signal.pthread_sigmask(signal.SIG_BLOCK, heard)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    late = time.monotonic() + request["seconds"]
    cell = request["cell"]
    watcher = os.getpid()
    files = [os.open(os.devnull, os.O_RDONLY)]
    files += [os.open(request[name], os.O_WRONLY) for name in ("stdout", "stderr")]
    if cell is not None:
        try:
            _join(cell["first"])
        except OSError as error:
            _answer(answers, request, _fault(error))
    user, sealed = cell and cell["user"], cell is not None
    if not forks:
        # Whoever gives up what it may do before can start a program without a fork.
        _give_up(user, all_of_them=sealed)
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # Another user does without it.
        program = _spawn(request, files, answers)
    elif (program := os.fork()) == 0:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # A parent out of its namespace has no number.
        if os.getppid() != (0 if sealed else watcher):
            os._exit(1)
        os.close(answers)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, heard)
        os.setsid()
        for number, file in enumerate(files):
            os.dup2(file, number)
        for file in files:
            os.close(file)
        _give_up(user, all_of_them=sealed)
        return
    ended = None
    while ended is None:
        told = signal.sigtimedwait(heard, max(0, late - time.monotonic()))
        if told is None or told.si_signo == signal.SIGTERM:
            break
        # It stays a zombie until its group is killed, so that its number is not given anew.
        ended = os.waitid(os.P_PID, program, os.WEXITED | os.WNOWAIT | os.WNOHANG)
    for kill in (os.killpg, os.kill):  # The second for one that has no session yet.
        with suppress(ProcessLookupError):
            kill(program, signal.SIGKILL)
    status = os.waitpid(program, 0)[1]
    if cell is not None:
        _clear()
    _answer(answers, request, {"exit": os.waitstatus_to_exitcode(status) if ended else None})


def _spawn(request: dict[str, Any], files: list[int], answers: int) -> int:
    """Start a command; where that cannot be, its standard error says so."""
    arguments = request["arguments"]
    actions = [(os.POSIX_SPAWN_DUP2, file, number) for number, file in enumerate(files)]
    try:
        os.chdir(request["folder"])
        return os.posix_spawnp(
            arguments[0],
            arguments,
            request["environment"],
            file_actions=actions,
            setsid=True,
            setsigmask=[],
        )
    except OSError as error:
        os.write(files[2], f"{arguments[0]}: {error.strerror}\n".encode())
        _answer(answers, request, {"exit": 127})


def _clear() -> None:
    """End what a program left in the cell that this process joined."""
    if all(name == "1" for name in os.listdir("/proc") if name.isdigit()):  # noqa: PTH208
        return
    killer = os.fork()
    if killer == 0:
        # All but the first one, and this one.
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        os._exit(0)
    os.waitpid(killer, 0)


def _answer(answers: int, request: dict[str, Any], result: dict[str, Any]) -> NoReturn:
    _write(answers, request, result)
    os._exit(0)


def _write(answers: int, request: dict[str, Any], result: dict[str, Any]) -> None:
    # Where whoever asked was killed, nobody is to be told.
    with suppress(BrokenPipeError):
        os.write(answers, json.dumps({"id": request["id"], **result}).encode() + b"\n")


def _fault(error: OSError) -> dict[str, Any]:
    return {"exit": None, "fault": [error.errno, error.filename]}


def lines(file: int) -> Iterator[bytes]:
    """The lines that come in a file."""
    rest = b""
    while more := os.read(file, 1 << 16):
        *whole, rest = (rest + more).split(b"\n")
        yield from whole


def own_pipes() -> tuple[int, int]:
    """Where requests come from and answers go, which no program has as its standard files."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return requests, answers


def serve(requests: int, answers: int, run: Run | None = None) -> None:
    """Run what is asked for, until nothing is asked any more; returns in programs alone.

    Args:
        run: what a program does, in a fork of this process; None is to execute its command.
    """
    gc.freeze()
    watchers: dict[int, dict[str, Any]] = {}

    def reap(*_: object) -> None:
        """Let those go that are done; of one that died without an answer, answer that."""
        # Another one that ends meanwhile is not to be reaped in the middle of this.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        for one in [*watchers]:
            pid, status = os.waitpid(one, os.WNOHANG)
            if pid:
                request = watchers.pop(one)
                if status:
                    code = os.waitstatus_to_exitcode(status)
                    ending = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
                    what = f"the process that watches a program {ending}"
                    _write(answers, request, {"exit": None, "bug": what})
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    signal.signal(signal.SIGCHLD, reap)
    for line in lines(requests):
        request = request_in(line)
        if request is None:
            break
        # One that ends at once is not to be reaped before it is known.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        watcher = os.fork()
        if watcher == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            os.close(requests)
            try:
                if "open" in request:
                    _open(request, answers)
                _watch(request, answers, forks=run is not None)
            except Exception:
                # Nobody would wait for less; a program of its own has no place to answer.
                _answer(answers, request, {"exit": None, "bug": traceback.format_exc()})
            if run is not None:
                run(request)
            return
        watchers[watcher] = request
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for one in watchers:
        os.kill(one, signal.SIGTERM)
    for one in watchers:
        os.waitpid(one, 0)
    os._exit(0)


def request_in(line: bytes) -> dict[str, Any] | None:
    """A request that can be answered, whatever else is wrong with it; None ends the server."""
    try:
        request: dict[str, Any] = json.loads(line)
        request["id"]
    except (ValueError, TypeError, KeyError):
        sys.stderr.write(f"no request that can be answered: {line[:200]!r}\n")
        return None
    return request


def _run_one(cell: Cell, command: list[str]) -> None:
    """Run a command in a cell, with the files that this process has."""
    _leave()
    first = os.fork()
    if first:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) & 0xFF)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _enter(cell)
    program = os.fork()
    if program == 0:
        _give_up(cell["user"], all_of_them=True)
        os.execvp(command[0], command)
    # Its standard input is what ends it: nobody else is to hold that.
    os.close(0)
    while True:
        ended, status = os.wait()
        if ended == program:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


if __name__ == "__main__":
    if sys.argv[1:]:
        _run_one(json.loads(sys.argv[1]), sys.argv[2:])
    else:
        serve(*own_pipes())
