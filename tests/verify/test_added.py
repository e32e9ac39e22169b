"""A language or a protocol is what its room says; what it lacks is said, and stops nothing."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from toolchains import need

DALE = '''
"""Dale."""

from samplegen.languages.base import NEWLINES, Language, escape
from samplegen.rendering.layout import Style


class Dale(Language):
    id = "dale"
    name = "Dale"
    fence = "dale"
    runtime = "Dale 3.2"
    comment_mark = "#"
    style = Style(100, "  ")

    def string(self, text: str) -> str:
        return '"' + escape(text, '"', NEWLINES, {0x110000: r"\\u{{{:x}}}"}) + '"'
'''

# A protocol with shapes of its own: it asks {"who": MODEL, "chat": [["user", "Hi"]]}.
PLAIN = '''
"""A protocol of lists."""

from samplegen.protocols.base import BodyError, Chat, Protocol, Sent, filled


class Plain(Protocol):
    id = "plain"

    def send(self, chat, family):
        said = [[message["role"], message["content"]] for message in chat.messages]
        return Sent({}, {"model": chat.model, "chat": said, **filled(chat.parameters, family)})

    def parse(self, headers, body, family):
        messages = [{"role": role, "content": content} for role, content in body["chat"]]
        rest = {name: body[name] for name in body if name not in ("model", "chat")}
        return Chat(body["model"], messages, rest)

    def sent(self, call, family):
        return call

    def messages_of(self, body):
        return body["chat"]


PROTOCOL = Plain()
'''

SAYS = """
from samplegen.protocols.base import Answers, Chunk, pieces


class PlainAnswers(Answers):
    bad_key = "This key opens nothing."
    codes = dict.fromkeys(
        ("key", "parameter", "thinking", "model", "path", "method", "size", "rate", "server"), "no"
    )

    def judge(self, asked):
        if not asked.body.get("chat"):
            raise BodyError("Say something.")

    def wrong_place(self, model):
        return "Elsewhere."

    def whole(self, asked, answers, usage):
        return {"said": [answer.content for answer in answers], "spent": self.usage(usage)}

    def chunks(self, asked, answers, usage):
        made, shown = [], ""
        for piece in pieces(answers[0].content):
            shown += piece
            made.append(Chunk({"more": piece}, shown))
        return made

    def text_of(self, chunk):
        return chunk.get("more", "")

    def usage(self, usage):
        return usage.answered

    def event(self, number, data):
        return b"data:" + data + b"\\n\\n"

    def error(self, kind, status, message):
        return {"wrong": message, "code": self.codes[kind]}

    def error_event(self, number, status, data):
        return self.event(number, data)


Plain.answers = PlainAnswers()
"""

TABLE = """
[protocols.plain]
base_path = "/plain"
paths = { text = "/ask", multimodal = "/ask" }
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("samplegen", "templates"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    return tmp_path


@pytest.fixture
def dale(checkout: Path) -> Path:
    """A checkout with a language that has a template and no toolchain."""
    room = checkout / "samplegen/languages/dale"
    room.mkdir()
    (room / "literals.py").write_text(DALE)
    folder = checkout / "templates/any/dale-http"
    folder.mkdir()
    (folder / "whole.dl.j2").write_text("puts {{ url }}\n")
    return checkout


@pytest.fixture
def plain(checkout: Path) -> Path:
    """A checkout with a protocol that says only how to ask."""
    (checkout / "samplegen/protocols/plain.py").write_text(PLAIN)
    with (checkout / "samplegen/model/catalog.toml").open("a", encoding="utf-8") as file:
        file.write(TABLE)
    return checkout


def run(checkout: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "samplegen", *arguments]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False, text=True)
    return done.returncode, done.stdout, done.stderr


SELECTED = ("--lang", "curl", "--region", "singapore", "--locale", "en", "--client", "http")


@pytest.mark.usefixtures("namespaces")
def test_a_language_without_a_toolchain_is_said_for_its_samples(dale: Path) -> None:
    need("curl")
    code, out, err = run(dale, "verify", *SELECTED, "--lang", "dale", "--protocol", "openai")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == (
        "not run en/openai/singapore/dale-http  Dale samples cannot be run"
    )
    assert out.splitlines()[-1] == "1 passed, 0 failed, 1 not run"
    code, out, _ = run(dale, "verify", *SELECTED[2:], "--lang", "dale", "--format", "json")
    # A run in which nothing ran proves nothing.
    assert code == 1
    assert [one["isolation"] for one in json.loads(out)["samples"]] == ["no toolchain"] * 2


def test_doctor_says_it_too(dale: Path) -> None:
    code, out, err = run(dale, "doctor")
    assert (code, err) == (0, "")
    [line] = [line for line in out.splitlines() if line.split()[1] == "dale"]
    assert line.startswith("missing")
    assert "Dale samples cannot be run" in line


@pytest.mark.usefixtures("namespaces")
def test_a_protocol_without_answers_is_said_for_its_samples(plain: Path) -> None:
    need("curl")
    code, out, err = run(plain, "verify", *SELECTED)
    assert (code, err) == (0, "")
    said = "not run en/plain/singapore/curl-http  the mock has no answers in protocol plain"
    assert said in out.splitlines()
    assert out.splitlines()[-1] == "2 passed, 0 failed, 1 not run"
    junit = run(plain, "verify", *SELECTED, "--format", "junit")[1]
    assert 'message="the mock has no answers in protocol plain"' in junit


@pytest.mark.usefixtures("namespaces")
def test_a_protocol_is_one_file(plain: Path) -> None:
    need("curl")
    with (plain / "samplegen/protocols/plain.py").open("a") as file:
        file.write(SAYS)
    code, out, err = run(plain, "verify", *SELECTED, "--protocol", "plain")
    assert (code, err) == (0, ""), out
    assert out.splitlines()[-1] == "1 passed, 0 failed"
    template = plain / "templates/any/curl-http/base.sh.j2"
    text = template.read_text()
    template.write_text(text.replace("application/json", "text/plain"))
    assert template.read_text() != text
    assert "Content-Type header: expected" in run(plain, "verify", *SELECTED)[1]


def served(checkout: Path, requests: Sequence[tuple[str, object]]) -> tuple[list[str], list[Any]]:
    """What `samplegen mock` says first, and the statuses and bodies of its answers."""
    command = [sys.executable, "-m", "samplegen", "mock", "--host", "127.0.0.1", "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=checkout, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(3)]
        answers = []
        for path, body in requests:
            address = said[0].split("/")[2]
            client = http.client.HTTPConnection(address, timeout=30)
            headers = {"Authorization": "Bearer sk-mock", "Content-Type": "application/json"}
            client.request("POST", path, json.dumps(body), headers)
            reply = client.getresponse()
            answers.append((reply.status, json.loads(reply.read())))
            client.close()
        process.terminate()
        process.communicate(timeout=30)
    return said, answers


GOOD = {"model": "qwen-plus", "chat": [["user", "Hi"]]}
OPENAI = {"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}]}


def test_the_mock_serves_the_others(plain: Path) -> None:
    requests = [("/plain/ask", GOOD), ("/compatible-mode/v1/chat/completions", OPENAI)]
    said, [(status, body), (other, _)] = served(plain, requests)
    assert said[2].endswith("/plain (the mock has no answers in it)")
    words = "The mock has no answers in the protocol plain."
    assert (status, body) == (501, {"error": {"message": words}})
    assert other == 200


def test_the_mock_speaks_the_new_protocol(plain: Path) -> None:
    with (plain / "samplegen/protocols/plain.py").open("a") as file:
        file.write(SAYS)
    requests = [("/plain/ask", GOOD), ("/plain/ask", {**GOOD, "chat": []}), ("/plain/x", GOOD)]
    said, answers = served(plain, requests)
    assert said[2].endswith("/plain")
    (ok, body), refused, nowhere = answers
    assert ok == 200
    assert body["said"][0].startswith("I am a mock")
    assert refused == (400, {"wrong": "Say something.", "code": "no"})
    assert nowhere == (404, {"wrong": "There is nothing at /plain/x.", "code": "no"})
