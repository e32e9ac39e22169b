"""`samplegen preview` on the command line: where it listens, what it says, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import Run

from samplegen.preview.serving import LOOPBACK, listen


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "samplegen", "preview", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as one:
        assert one.stdout is not None
        address = one.stdout.readline().split()[0]
        yield one, address
        one.kill()


def test_it_serves_this_machine_until_it_is_stopped() -> None:
    with serving() as (process, address):
        assert address.startswith(f"http://{LOOPBACK}:")
        with urllib.request.urlopen(address) as answer:
            assert b"samplegen" in answer.read()
        other = urllib.request.Request(address, headers={"Host": "evil.example"})
        try:
            urllib.request.urlopen(other)
            raise AssertionError
        except urllib.error.HTTPError as error:
            assert error.code == 421
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_it_listens_on_the_loopback_address_alone() -> None:
    with listen(0) as listener:
        assert listener.getsockname()[0] == LOOPBACK


def test_it_begins_with_a_call(tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    file.write_text('{"messages": [{"role": "user", "content": "Moin"}], "temperature": 1.0}')
    with (
        serving("--call", str(file)) as (_, address),
        urllib.request.urlopen(f"{address}choices") as answer,
    ):
        begin = json.load(answer)["begin"]
    assert begin["messages"] == [{"role": "user", "content": "Moin"}]
    assert begin["options"] == [{"name": "temperature", "value": "1.0"}]


def test_what_is_wrong_is_one_line(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"mesages": []}')
    done = samplegen("preview", "--call", "bad.json")
    assert done.returncode == 2
    assert b"did you mean 'messages'?" in done.stderr
    with socket.create_server((LOOPBACK, 0)) as taken:
        done = samplegen("preview", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert b"name another with --port" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_without_its_packages_it_says_what_to_install(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text("raise ImportError('no', name='starlette')")
    for more in ((), ("--export", "x")):
        done = samplegen("preview", *more, PYTHONPATH=str(tmp_path))
        assert done.returncode == 2
        assert b"this command needs starlette" in done.stderr
        assert b"preview" in done.stderr


def test_rendering_loads_nothing_of_it() -> None:
    program = (
        "import sys\n"
        "from samplegen.cli import main\n"
        "try: main(['render', '--lang', 'go'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        "print([name for name in sys.modules if 'preview' in name], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded, rooms = done.stderr.splitlines()
    assert not {"pygments", "starlette", "uvicorn", "anyio"} & set(
        json.loads(loaded.replace("'", '"'))
    )
    assert rooms == "[]"
