"""Samples played against a small server, which keeps what arrives and answers what a test says."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any, NamedTuple

from calls import FREE

from samplegen import Call, render
from samplegen.model.catalog import Catalog, Region, builtin
from samplegen.protocols.request import Request
from samplegen.verify import toolchain
from samplegen.verify.program import Outcome, Runner

KEY = "sk-played"

EMPTY: Mapping[str, Any] = MappingProxyType({})


class Reply(NamedTuple):
    """What the server answers.

    Args:
        parts: of the body, sent one by one; one that is a function is waited for.
        broken: the connection breaks where the body should end.
    """

    parts: Sequence[bytes | Callable[[], None]]
    status: int = 200
    content_type: str = "application/json"
    broken: bool = False


class Arrived(NamedTuple):
    """A request; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Stage:
    """The server: its catalog leads every region there; each request takes the next reply.

    The last reply is for all further requests, too.
    """

    catalog: Catalog
    replies: list[Reply] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)


@contextmanager
def stage() -> Iterator[Stage]:
    """Serve until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.arrived.append(Arrived(self.path, headers, json.loads(body)))
            reply = made.replies.pop(0) if len(made.replies) > 1 else made.replies[0]
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                for part in reply.parts:
                    if callable(part):
                        part()
                        continue
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
                    self.wfile.flush()
                if reply.broken:
                    self.close_connection = True
                else:
                    self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def server_bind(self) -> None:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            super().server_bind()

    with Server(("127.0.0.1", 0), Handler) as server:
        here = Region(name="here", host=f"127.0.0.1:{server.server_port}", scheme="http")
        made = Stage(replace(FREE, regions=dict.fromkeys(FREE.regions, here)))
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()


class Player:
    """Builds and runs samples of one language."""

    def __init__(self, language: str, stage: Stage, folder: Path) -> None:
        self.language, self.stage = language, stage
        self._prepared = toolchain.prepare(language, builtin(), print)
        self._runner = Runner(60)
        self._folder = folder
        self._built: dict[str, Path] = {}

    def close(self) -> None:
        """End all that runs."""
        self._runner.close()
        for client in self._runner._servers.values():
            while not client.gone:
                time.sleep(0.01)
            client._process.stdout.close()  # type: ignore[union-attr]

    def play(
        self,
        call: Call,
        client: str = "http",
        flow: str | None = None,
        replies: Iterable[Reply] = (),
        **environment: str,
    ) -> Outcome:
        """What came of a sample; its requests are in `stage.arrived`."""
        sample = render(call, self.language, client, flow=flow, catalog=self.stage.catalog)
        return self.run(sample.code, sample.filename, replies, **environment)

    def run(
        self, code: str, filename: str, replies: Iterable[Reply] = (), **environment: str
    ) -> Outcome:
        """What came of a program."""
        self.stage.arrived.clear()
        self.stage.replies = [*replies]
        source = self._built.get(code)
        if source is None:
            source = self._folder / str(len(self._built)) / filename
            source.parent.mkdir()
            source.write_text(code, encoding="utf-8", newline="")
            build = toolchain.build(self._prepared, source, source.parent)
            for step in [*build.compile, *build.link]:
                built = self._do(step, source.parent, {})
                assert (built.exit, built.stderr) == (0, ""), code
            self._built[code] = source
        step = toolchain.run(self._prepared, source, source.parent)
        return self._do(step, source.parent, {builtin().provider.key_env: KEY, **environment})

    def wait_for(self, text: str) -> bool:
        """Whether the program that runs shows a text within 30 seconds."""
        late = time.monotonic() + 30
        while time.monotonic() < late:
            # Where the runner lets programs write to.
            for path in self._folder.glob("tmp*"):
                with suppress(FileNotFoundError):
                    if text in path.read_text(encoding="utf-8", errors="replace"):
                        return True
            time.sleep(0.01)
        return False

    def _do(self, step: toolchain.Step, work: Path, environment: Mapping[str, str]) -> Outcome:
        base = {"PATH": os.defpath, "HOME": str(work), "TMPDIR": str(work), "LANG": "C.UTF-8"}
        there = {name: value for name, value in environment.items() if value}
        return self._runner.run(step, {**base, **there, **step.environment}, work, None)


def sent(call: Call, stage: Stage) -> Request:
    """What a call is on the wire."""
    return Request.of(call, KEY, stage.catalog)


def arrived_as_meant(call: Call, stage: Stage, adds: Mapping[str, Any] = EMPTY) -> None:
    """One request has arrived, and is the call's.

    Args:
        adds: what an SDK sends where the call does not.
    """
    [arrived] = stage.arrived
    meant = sent(call, stage)
    assert as_text(arrived.body) == as_text({**adds, **meant.body})
    headers = {name.lower(): value for name, value in meant.headers.items()}
    media, _, charset = arrived.headers["content-type"].partition("; ")
    assert (media, charset.lower()) in (
        ("application/json", ""),
        ("application/json", "charset=utf-8"),
    )
    del headers["content-type"]
    assert headers.items() <= arrived.headers.items()


def as_text(value: Any) -> str:
    """JSON as text that tells 1 from 1.0 and true, and not one order of keys from another."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


# Calls that are only data


def whole(protocol: str, text: str = "Hi, 你好!") -> Reply:
    """A whole answer."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    if protocol == "dashscope":
        usage = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
        answer: dict[str, Any] = {"output": {"choices": [choice]}, "usage": usage}
        answer |= {"request_id": "r-1"}
    else:
        usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
        answer = {"id": "c-1", "object": "chat.completion", "created": 1, "model": "m"}
        answer |= {"choices": [choice], "usage": usage}
    return Reply([json.dumps(answer, ensure_ascii=False).encode()])


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": 'It\'s "the" weather',
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer", "default": 1}},
            "required": ["city"],
        },
    },
}

CALLED = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Zürich"}'},
}

ASKED = [{"role": "user", "content": "Who are you?"}]

ODD_VALUES: dict[str, Any] = {
    "none": None,
    "one": 1.0,
    "zero": -0.0,
    "small": 1e-7,
    "large": 1e21,
    "exact": 2**53 + 1,
    "nested": {"a": [{"b": [None, {"c": []}]}, [], {}, [[1]]], "": {"0": "zero"}},
    "empty": {},
    "nothing": [],
    "digits": {"0": 1, "1": 2},
    "strings": ["\u2028", "a\nb", "it's", 'say "hi"', "\\", "$x ${x} `id`", "</script>", ""],
}

ODD_NAMES: dict[str, Any] = {
    name: {"as": [name, 1.0]}
    for name in ("class", "top-k", "größe", "ﬁt", "a b", "it's", "__debug__", "print", "", "x.y")
}

CALLS: dict[str, dict[str, Any]] = {
    "sampling": {
        "temperature": 0.7,
        "top_p": 1.0,
        "top_k": 20,
        "presence_penalty": -0.5,
        "repetition_penalty": 1.05,
        "seed": 1234,
        "max_tokens": 100,
        "stop": ["\n\n", "END"],
    },
    "thinking": {"enable_thinking": False, "max_completion_tokens": 200},
    "search": {
        "enable_search": True,
        "search_options": {"forced_search": True, "search_strategy": "max"},
    },
    "JSON schema": {
        "messages": [{"role": "user", "content": "Who is Ada? Answer as JSON."}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "person",
                "strict": True,
                "schema": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "born": {"type": ["integer"]}},
                    "required": ["name"],
                    "additionalProperties": False,
                },
            },
        },
    },
    "tools": {
        "tools": [{**WEATHER, "returns": {"sky": "clear"}}],
        "tool_choice": {"type": "function", "function": {"name": "get_weather"}},
        "parallel_tool_calls": True,
    },
    "a tool's result": {
        "messages": [
            {"role": "system", "content": "You help."},
            {"role": "user", "content": "Is it raining?", "name": "ann"},
            {"role": "assistant", "content": None, "tool_calls": [CALLED]},
            {"role": "tool", "tool_call_id": "call_1", "content": "No."},
            {"role": "assistant", "content": "It ", "partial": True},
        ],
        "tools": [WEATHER],
    },
    "images": {
        "model": "qwen3-vl-plus",
        "messages": [
            {
                "role": "user",
                "content": [
                    {
                        "type": "image_url",
                        "image_url": {"url": "https://example.com/a.png"},
                        "min_pixels": 4096,
                    },
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0="}},
                    {"type": "text", "text": "What's this?"},
                ],
            }
        ],
        "vl_high_resolution_images": True,
    },
    "video and sound": {
        "model": "qwen3-vl-plus",
        "messages": [
            {"role": "system", "content": "You help."},
            {
                "role": "user",
                "content": [
                    {"type": "video", "video": ["https://e.com/1.png", "https://e.com/2.png"]},
                    {
                        "type": "video_url",
                        "video_url": {"url": "https://example.com/a.mp4"},
                        "fps": 2,
                    },
                    {"type": "input_audio", "input_audio": {"data": "https://example.com/a.wav"}},
                    {"type": "text", "text": "And?", "cache_control": {"type": "ephemeral"}},
                ],
            },
        ],
    },
    "any value": ODD_VALUES,
    "any name": ODD_NAMES,
    "a workspace's header": {"workspace": "ws-1", "workspace_by": "header"},
}
"""Calls of which each has something that SDKs and languages write in a way of its own."""


def call(name: str, protocol: str, **more: Any) -> Call:
    """A call of `CALLS`, with further fields."""
    fields = {"protocol": protocol, "messages": ASKED, **CALLS[name], **more}
    own = ("protocol", "model", "messages", "workspace", "workspace_by", "then", "region")
    given = {key: value for key, value in fields.items() if key in own}
    rest = {key: value for key, value in fields.items() if key not in own}
    return Call(**given, parameters=rest)  # type: ignore[arg-type]
