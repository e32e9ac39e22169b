"""curl commands of all kinds are read as curl sends them.

`curl.txt` has commands after those of public issues and docs: each is run by bash and curl, which
send it to a server of this test. What arrives is what must be read; where no call arrives,
none may be read.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from toolchains import need_all

from samplegen import Call, Message
from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request, parse
from samplegen.sources import read

pytest.importorskip("tree_sitter")

HOST = "https://dashscope.aliyuncs.com"
BASE = f"{HOST}/compatible-mode/v1"
FORMS = {
    "{URL}": f"{BASE}/chat/completions",
    "{BASE}": BASE,
    "{DS}": f"{HOST}/api/v1/services/aigc/text-generation/generation",
}
KEY = "sk-00000000000000000000000000000000"
BODY = {"model": "qwen-plus", "messages": [{"role": "user", "content": "from a file: \r\n it's"}]}
MESSAGES = [{"role": "user", "content": "from a file"}]
FILES = {
    "body.json": json.dumps(BODY, indent=2),
    "below/body.json": json.dumps(BODY),
    "headers.txt": "X-DashScope-SSE: enable\nContent-Type: application/json\n",
}


def commands(file: Path) -> dict[str, str]:
    """The commands of a table, by their names."""
    blocks = file.read_text(encoding="utf-8").split("=== ")[1:]
    found = dict(block.split("\n", 1) for block in blocks)
    for form, url in FORMS.items():
        found = {name: code.replace(form, url) for name, code in found.items()}
    return found


COMMANDS = commands(Path(__file__).with_name("curl.txt"))


class Handler(BaseHTTPRequestHandler):
    """Keeps what comes."""

    def handle_all(self) -> None:
        """Keep a request, and answer it."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        arrived: list[Any] = self.server.arrived  # type: ignore[attr-defined]
        arrived.append((self.command, self.path, dict(self.headers.items()), body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_HEAD = handle_all  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    need_all("curl")
    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.arrived = []  # type: ignore[attr-defined]
    Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def sent(code: str, server: ThreadingHTTPServer, folder: Path) -> tuple[Request, Call] | None:
    """What bash and curl send first, and the call that it is; None where it is none."""
    arrived: list[Any] = server.arrived  # type: ignore[attr-defined]
    arrived.clear()
    here = f"http://127.0.0.1:{server.server_port}"
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DASHSCOPE_API_KEY": KEY,
        "HOME": str(folder),
    }
    subprocess.run(
        ["bash", "-c", code.replace(HOST, here)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    if not arrived or arrived[0][0] != "POST":
        return None
    _, path, headers, body = arrived[0]
    try:
        request = Request("POST", HOST + path, headers, json.loads(body))
        return request, parse(request, builtin())
    except (ValueError, InputError):
        return None


# What curl sends by itself, and what a call says.
OWN = {
    "host", "user-agent", "accept", "content-length", "content-type", "authorization",
    "x-dashscope-sse", "cookie", "referer", "accept-encoding",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_read_as_curl_sends_it(
    name: str, server: ThreadingHTTPServer, folder: Path
) -> None:
    code = COMMANDS[name]
    file = folder / "call.sh"
    file.write_text(code, encoding="utf-8")
    arrived = sent(code, server, folder)
    try:
        found = read(str(file), builtin())
    except InputError as error:
        assert arrived is None, error
        return
    assert arrived is not None, found
    request, call = arrived
    assert found.call == call
    assert Request.of(found.call, KEY).body == request.body
    for header in request.headers:
        assert header.lower() in OWN or any(header in one for one in found.said)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if headers.get("authorization") != f"Bearer {KEY}":
        assert any("key" in one for one in found.said)


# Neither shell runs here: what a program gets is written by hand below each command, after
# https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments (backslashes,
# quotes), https://learn.microsoft.com/windows-server/administration/windows-commands/cmd (`^`,
# `%NAME%`), and PowerShell's about_Quoting_Rules, about_Special_Characters and about_Parsing.
WINDOWS = commands(Path(__file__).with_name("windows.txt"))


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", WINDOWS)
def test_a_command_of_windows(name: str, ends: str, folder: Path) -> None:
    code, meant = WINDOWS[name].rstrip("\n").split("\n>>>")
    (folder / "body.json").write_text(json.dumps({**BODY, "messages": MESSAGES}))
    file = folder / "call.txt"
    file.write_text(code, encoding="utf-8", newline=ends)
    if not meant:
        with pytest.raises(InputError):
            read(str(file), builtin())
        return
    found = read(str(file), builtin())
    assert found.call == Call(
        protocol="openai",
        region="beijing",
        model="qwen-plus",
        messages=(Message("user", meant.strip()),),
    )
    literal = ("the key that stands in it is not taken over: a sample reads a variable",)
    assert found.said == (literal if "sk-" in code else ())
