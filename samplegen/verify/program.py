"""Running one program with limits, and what came of it."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any, NamedTuple

from samplegen.verify import cell
from samplegen.verify.toolchain import Server, Step

# What is read of an output, and the largest file where there is no cell.
_OUTPUT = 16 << 20
_FILE = 256 << 20

# How often a gate looks at an output, seconds.
_LOOKS = 0.01


class Outcome(NamedTuple):
    """The end of a program. `exit` is negative for a signal, and None where time ran out."""

    exit: int | None
    stdout: str
    stderr: str


class Cells(NamedTuple):
    """The cell of a step, and that of a server that does steps of many samples itself."""

    own: cell.Cell
    shared: cell.Cell


class Gate:
    """Holds the second half of a stream back until a program has shown the first.

    `late` says that it did not, within the time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.output: Path | None = None
        self.late = False

    async def seen(self, text: str, events: bytes) -> None:
        """Wait until standard output has a text, or the events that brought it."""
        end = time.monotonic() + self._seconds
        while time.monotonic() < end:
            shown = self.output.read_bytes() if self.output else b""
            if text.encode() in shown or events in shown:
                return
            await asyncio.sleep(_LOOKS)
        self.late = True


class Runner:
    """Runs the steps of toolchains, many at a time; close it, and all that runs ends.

    Args:
        seconds: that a step may take.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._servers: dict[tuple[Server, str], _Client] = {}
        self._running: set[int] = set()
        self._cells: dict[Path, dict[str, cell.Cell]] = {}
        self._lock = Lock()

    def run(
        self,
        step: Step,
        environment: dict[str, str],
        work: Path,
        cells: Cells | None = None,
        gate: Gate | None = None,
    ) -> Outcome:
        """Run a step in its work folder, with nothing of this process's environment.

        Args:
            cells: what it is confined to; None is for where that cannot be.
            gate: is told where standard output goes.

        Raises:
            OSError: there is no cell to be had.
        """
        with (
            tempfile.NamedTemporaryFile(dir=work.parent) as stdout,
            tempfile.NamedTemporaryFile(dir=work.parent) as stderr,
        ):
            if cells and cells.own["user"] is not None:
                # Servers open them by name, and programs by the names that /dev has for them.
                for file in (stdout, stderr):
                    os.fchown(file.fileno(), cells.own["user"], cells.own["user"])
            if gate is not None:
                gate.output = Path(stdout.name)
            server = step.server or (_LAUNCHER if cells else None)
            if server is None:
                ended = self._start(step.arguments, environment, work, stdout, stderr)
            else:
                request = {
                    "arguments": step.arguments,
                    "environment": environment,
                    "folder": str(work),
                    "stdout": stdout.name,
                    "stderr": stderr.name,
                    "seconds": self._seconds,
                    "cell": self._opened(cells, work, environment) if cells else None,
                }
                ended = self._client(server, environment, cells).ask(request)
            texts = []
            for stream in (stdout, stderr):
                stream.seek(0)
                texts.append(stream.read(_OUTPUT).decode(errors="replace"))
        return Outcome(ended, *texts)

    def _opened(self, cells: Cells, work: Path, environment: dict[str, str]) -> cell.Cell:
        """A cell of a work folder, which is open until `leave`."""
        key = json.dumps(cells.own)
        with self._lock:
            opened = self._cells.setdefault(work, {}).get(key)
        if opened is None:
            request = {"open": cells.own, "seconds": self._seconds}
            reply = self._client(_LAUNCHER, environment, cells).reply(request)
            if "first" not in reply:
                raise ChildProcessError(0, "no program can be started", _LAUNCHER.arguments[0])
            opened = {"first": reply["first"], "user": cells.own["user"]}
            with self._lock:
                self._cells.setdefault(work, {})[key] = opened
        return opened

    def leave(self, work: Path) -> None:
        """No more steps in a work folder: end what is left there."""
        with self._lock:
            left = self._cells.pop(work, {})
        for opened in left.values():
            with suppress(ProcessLookupError):
                os.kill(opened["first"], signal.SIGKILL)

    def close(self) -> None:
        """End the servers and all programs."""
        with self._lock:
            for client in self._servers.values():
                client.close()
            for session in self._running:
                _kill(session)

    def _start(
        self, arguments: list[str], environment: dict[str, str], work: Path, out: Any, err: Any
    ) -> int | None:
        with self._lock:
            process = subprocess.Popen(
                [*_LIMITED, *arguments],
                cwd=work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            self._running.add(process.pid)
        try:
            return _ended(process, self._seconds)
        finally:
            # The whole session: what the program started ends with it.
            _kill(process.pid)
            process.wait()
            with self._lock:
                self._running.discard(process.pid)

    def _client(self, server: Server, environment: dict[str, str], cells: Cells | None) -> _Client:
        # Whom to trust is read when modules are imported, which a server does but once.
        base = {name: environment[name] for name in _KEPT if name in environment}
        key = server, json.dumps(base)
        with self._lock:
            client = self._servers.get(key)
            if client is None or client.gone:
                within = [] if cells is None or server.forks else _within(cells.shared)
                command = [*within, *server.arguments]
                client = _Client(command, {**base, **dict(server.environment)})
                self._servers[key] = client
            return client


class _Client:
    """The one who asks a server; see `toolchain.Server` for what is said."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        self._waiting: dict[int, Future[dict[str, Any]]] = {}
        self._lock = Lock()
        self._asked = 0
        self.gone = False
        Thread(target=self._listen, daemon=True).start()

    def ask(self, request: dict[str, Any]) -> int | None:
        """The exit code of a step, or None where time ran out or the server ended.

        Raises:
            OSError: it could not be started.
        """
        ended: int | None = self.reply(request)["exit"]
        return ended

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the server says to a request.

        Raises:
            OSError: it says that the kernel did not do what it needs.
            RuntimeError: whoever was to answer died, which is a fault of samplegen.
        """
        answer: Future[dict[str, Any]] = Future()
        with self._lock:
            self._asked += 1
            self._waiting[self._asked] = answer
            line = json.dumps({"id": self._asked, **request})
            assert self._process.stdin is not None
            with suppress(OSError, ValueError):  # It has ended, or was closed.
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            if self.gone:
                answer.set_result(_NO_END)
        try:
            # The server watches the time; this is for one that does not answer at all.
            reply = answer.result(2 * request["seconds"])
        except TimeoutError:
            self.close()
            return _NO_END
        if "fault" in reply:
            number, what = reply["fault"]
            raise OSError(number, os.strerror(number), what)
        if "bug" in reply:
            raise RuntimeError(f"{self._process.args!s}: {reply['bug']}")
        return reply

    def _listen(self) -> None:
        assert self._process.stdout is not None
        # What is no answer to a question ends it: nothing more that it says can be trusted.
        with self._process.stdout as said, suppress(ValueError, TypeError, KeyError):
            for line in said:
                reply = json.loads(line)
                with self._lock:
                    self._waiting.pop(reply["id"]).set_result(reply)
        with self._lock:
            self.gone = True
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_result(_NO_END)

    def close(self) -> None:
        with suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        _kill(self._process.pid)
        self._process.wait()


_NO_END: dict[str, Any] = {"exit": None}


def _ended(process: subprocess.Popen[bytes], seconds: int) -> int | None:
    """The exit code of a process, or None where time ran out."""
    with suppress(AttributeError, OSError):
        # `wait` with a limit looks every 50 ms, which is longer than many programs take.
        waiting = os.pidfd_open(process.pid)
        try:
            select.select([waiting], [], [], seconds)
        finally:
            os.close(waiting)
        return process.poll()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _kill(session: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


# Half a KiB is a block of POSIX; memory cannot be limited everywhere.
_LIMITED = ["/bin/sh", "-c", f'ulimit -c 0; ulimit -f {_FILE // 512}; exec "$0" "$@"']

_KEPT = ("PATH", "LANG", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

_LAUNCHER = Server((sys.executable, "-I", "-S", cell.__file__), (), forks=True)


def _within(one: cell.Cell) -> list[str]:
    """What goes before a command that is to run in a cell."""
    return [*_LAUNCHER.arguments, json.dumps(one)]
