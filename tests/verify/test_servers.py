"""Whoever waits for a server of programs hears something, whatever happens to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import samplegen.languages.python as python_room
from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.verify import cell, place, program
from samplegen.verify.verification import Worker, _ending

CELL = [sys.executable, "-I", "-S", cell.__file__]
PYTHON = [
    *(sys.executable, str(Path(str(python_room.__file__)).parent / "parts" / "server.py")),
    *(cell.__file__, "no-such-file"),
]
SERVERS = pytest.mark.parametrize("command", [CELL, PYTHON], ids=["cell", "python"])


class Server:
    """One that is asked line by line."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.folder = folder

    def request(self, code: str, **other: Any) -> dict[str, Any]:
        """A request to run a Python program."""
        script = self.folder / f"{abs(hash(code))}.py"
        script.write_text(code)
        for name in ("stdout", "stderr"):
            (self.folder / name).touch()
        return {
            "id": 1,
            "arguments": [sys.executable, str(script)],
            "environment": dict(os.environ),
            "folder": str(self.folder),
            "stdout": str(self.folder / "stdout"),
            "stderr": str(self.folder / "stderr"),
            "seconds": 30,
            "cell": None,
            **other,
        }

    def send(self, line: bytes) -> None:
        """Say one line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """What is answered."""
        self.send(json.dumps(request).encode())
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next answer."""
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture
def server(command: list[str], tmp_path: Path) -> Iterator[Server]:
    one = Server(command, tmp_path)
    alarm = signal.signal(signal.SIGALRM, _hangs)
    signal.alarm(30)
    try:
        yield one
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, alarm)
        one.process.kill()
        one.process.communicate()


def _hangs(*_: object) -> None:
    raise TimeoutError("the server does not answer")


@SERVERS
@pytest.mark.parametrize("lost", ["seconds", "cell", "stdout", "arguments", "folder"])
def test_a_request_that_lacks_something_is_answered(server: Server, lost: str) -> None:
    request = server.request("print('well')")
    del request[lost]
    answer = server.ask(request)
    # What only the program itself needs fails in it, as it would anywhere.
    assert answer["id"] == 1
    assert lost in answer.get("bug", "") or answer["exit"] == 1, answer
    assert server.ask(server.request("raise SystemExit(7)", id=2)) == {"id": 2, "exit": 7}


@SERVERS
@pytest.mark.parametrize("path", ["/none/there", 3])
def test_a_file_that_cannot_be_opened_is_said(server: Server, path: object) -> None:
    answer = server.ask(server.request("", stdout=path))
    assert answer["exit"] is None
    assert "Error" in answer["bug"]


@SERVERS
def test_a_watcher_that_is_killed_is_answered_for(server: Server) -> None:
    told = server.folder / "parent"
    code = f"import os, time\nopen({str(told)!r}, 'w').write(f'{{os.getppid()}}.')\ntime.sleep(60)"
    server.send(json.dumps(server.request(code)).encode())
    while not (told.exists() and told.read_text().endswith(".")):
        time.sleep(0.01)
    os.kill(int(told.read_text().rstrip(".")), signal.SIGKILL)
    assert server.answer()["bug"] == "the process that watches a program was killed by signal 9"
    assert server.ask(server.request("", id=2)) == {"id": 2, "exit": 0}


@pytest.mark.parametrize("command", [CELL], ids=["cell"])
def test_many_programs_that_end_at_once_are_all_answered(server: Server) -> None:
    """Each of them is told of by a signal, of which more come while one is heard."""
    request = server.request("") | {"arguments": ["/bin/true"]}
    for _ in range(5):
        lines = [json.dumps(request | {"id": number}) for number in range(200)]
        server.send("\n".join(lines).encode())
        answers = [server.answer() for _ in lines]
        assert sorted(one["id"] for one in answers) == [*range(200)]
        assert all(one["exit"] == 0 for one in answers)


@SERVERS
def test_a_server_that_dies_leaves_nobody_waiting(server: Server) -> None:
    told = server.folder / "started"
    code = f"import time\nopen({str(told)!r}, 'w').close()\ntime.sleep(60)"
    server.send(json.dumps(server.request(code)).encode())
    while not told.exists():
        time.sleep(0.01)
    server.process.kill()
    assert server.process.stdout is not None
    # The one who watches the program may still say that it was stopped; then nobody is left.
    assert server.process.stdout.readline() in (b"", b'{"id": 1, "exit": null}\n')
    assert server.process.stdout.readline() == b""


@SERVERS
@pytest.mark.parametrize("line", [b"{", b"[]", b"{}", b"3", b'{"open": {}}'])
def test_a_line_that_cannot_be_answered_ends_the_server(server: Server, line: bytes) -> None:
    server.send(line)
    said, error = server.process.communicate(timeout=30)
    assert said == b""
    assert b"no request that can be answered" in error


@SERVERS
def test_programs_hear_of_children_as_ever(server: Server) -> None:
    code = (
        "import signal, sys\n"
        "blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])\n"
        "usual = signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL\n"
        "sys.exit(0 if usual and not blocked else 1)"
    )
    assert server.ask(server.request(code)) == {"id": 1, "exit": 0}


@pytest.mark.parametrize("command", [PYTHON], ids=["python"])
def test_the_python_server_ends_with_those_that_run_its_programs(server: Server) -> None:
    code = "import os, sys\nsys.exit(0)"
    assert server.ask(server.request(code))["exit"] == 0
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    [fork] = children.read_text().split()
    os.kill(int(fork), signal.SIGKILL)
    assert server.process.wait(30) == 1


@pytest.mark.parametrize("said", ["not JSON", "[]", '{"id": 999}', "{}"])
def test_a_server_that_answers_nonsense_keeps_nobody_waiting(said: str) -> None:
    client = program._Client(["/bin/sh", "-c", f"read x; echo '{said}'; sleep 60"], {})
    started = time.monotonic()
    assert client.ask({"seconds": 30}) is None
    assert time.monotonic() - started < 20
    client.close()


def test_what_a_server_has_no_answer_for_is_a_bug() -> None:
    client = program._Client(["/bin/sh", "-c", """read x; echo '{"id": 1, "bug": "why"}'"""], {})
    with pytest.raises(RuntimeError, match="why"):
        client.reply({"seconds": 30})
    client.close()


def test_memory_is_blamed_only_for_what_it_may_have_done() -> None:
    assert _ending(-9).endswith("where memory runs out: try fewer --jobs")
    for code, how in ((-11, "was killed by SIGSEGV"), (-6, "was killed by SIGABRT"), (1, "with 1")):
        said = _ending(code)
        assert how in said
        assert "fault of samplegen or of a library of it" in said
        assert "--jobs" not in said


def test_a_worker_that_crashes_says_where(capfd: pytest.CaptureFixture[str]) -> None:
    with Worker(builtin(), [], jobs=1, isolation=place.REWRITTEN) as worker:
        pid = worker._process.pid
        while not _handles(pid, signal.SIGSEGV):
            time.sleep(0.05)
        os.kill(pid, signal.SIGSEGV)
        with pytest.raises(InputError, match="was killed by SIGSEGV: that is a fault of samplegen"):
            worker.receive()
    said = capfd.readouterr().err
    assert "Segmentation fault" in said
    assert "samplegen/verify/worker.py" in said


def _handles(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [mask] = [line.partition(":")[2] for line in lines if line.startswith("SigCgt:")]
    return bool(int(mask, 16) >> (number - 1) & 1)


@SERVERS
def test_nothing_is_said_where_whoever_asked_is_gone(command: list[str], tmp_path: Path) -> None:
    server = Server(command, tmp_path)
    done = tmp_path / "done"
    with server.process as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        server.send(json.dumps(server.request(f"open({str(done)!r}, 'w').close()")).encode())
        end = time.monotonic() + 30
        while not done.exists() and time.monotonic() < end:
            time.sleep(0.01)
        assert done.exists()
        time.sleep(0.3)  # The answer comes a moment after the end of the program.
        process.stdin.close()
        assert process.stderr.read() == b""
