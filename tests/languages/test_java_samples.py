"""Java samples do what they say: they are compiled, run, and what they send and print is seen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from calls import FREE
from toolchains import need_all

from samplegen import Call, render
from samplegen.errors import InputError
from samplegen.model.catalog import Catalog, Region, builtin
from samplegen.protocols.request import Request
from samplegen.verify import toolchain

KEY = "sk-test"


class Server(ThreadingHTTPServer):
    """Keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, str], Any]] = []

    @property
    def catalog(self) -> Catalog:
        here = Region(name="here", host=f"127.0.0.1:{self.server_port}", scheme="http")
        return replace(FREE, regions=dict.fromkeys(FREE.regions, here))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.path, headers, body))
        answer = json.dumps(WHOLE["dashscope" if "/api/" in self.path else "openai"]).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
MESSAGE = {"role": "assistant", "content": "Hi."}
WHOLE: dict[str, Any] = {
    "openai": {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "stop", "logprobs": None}],
        "usage": USAGE,
    },
    "dashscope": {
        "output": {"choices": [{"finish_reason": "stop", "message": MESSAGE}]},
        "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
        "request_id": "r",
    },
}

# Runs the `main` of each class that is named, one after the other, in one Java.
RUNNER = """
class Runner {
    public static void main(String[] names) throws Exception {
        for (String name : names) {
            var main = Class.forName(name).getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        }
        System.exit(0);
    }
}
"""


class Programs:
    """Samples, compiled together: each has a class of its own."""

    def __init__(self, folder: Path) -> None:
        need_all("java")
        self.prepared = toolchain.prepare("java", builtin(), print)
        self.folder = folder
        self.names: list[str] = []
        (folder / "Runner.java").write_text(RUNNER)

    def add(self, code: str) -> str:
        name = f"Main{len(self.names)}"
        text = re.sub(r"\bMain\b", name, code)
        (self.folder / f"{name}.java").write_text(text, encoding="utf-8")
        self.names.append(name)
        return name

    def compile(self, protocol: str, client: str) -> None:
        """With the packages of a target, and no warnings."""
        package = builtin().package("java", protocol, client)
        jars = (
            [self.prepared.folder.joinpath("lib", *package.name.split(":"), "*")] if package else []
        )
        self.path = os.pathsep.join([*map(str, jars), str(self.folder)])
        # The jars lack annotations that they mention.
        options = ["-Xlint:all,-classfile", "-Werror", "-proc:none", "-encoding", "UTF-8"]
        sources = [str(self.folder / f"{name}.java") for name in ("Runner", *self.names)]
        done = subprocess.run(
            [self.prepared.tools["javac"], *options, "-cp", self.path, "-d", self.folder, *sources],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, *names: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        return subprocess.run(
            [self.prepared.tools["java"], *quick, "-cp", self.path, *names],
            env={"PATH": os.defpath, "HOME": str(self.folder), "DASHSCOPE_API_KEY": key},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path)


# What a call says arrives.

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "enum": ["Paris", "\u4e1c\u4eac"]}},
            "required": ["city"],
            "maximum": 1.0,
        },
    },
    "returns": {"celsius": 24},
}
TOOL_CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
}
ROUND = [
    {"role": "user", "content": 'Weather in "Paris"? \\ \n\u2028 \U0001f600'},
    {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]},
    {"role": "tool", "content": "24", "tool_call_id": "call_1"},
    {"role": "assistant", "content": "", "tool_calls": [TOOL_CALL, {**TOOL_CALL, "id": "call_2"}]},
    {"role": "tool", "content": '{"celsius": 24}', "tool_call_id": "call_1", "name": "get_weather"},
    {"role": "tool", "content": "", "tool_call_id": "call_2"},
]
PERSON = {
    "type": "json_schema",
    "json_schema": {
        "name": "person",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
            "required": ["name"],
            "additionalProperties": False,
        },
    },
}
ODD = {
    "big": 123456789012345678901234567890,
    "long": 3_000_000_000,
    "one": 1.0,
    "tiny": 1e-9,
    "empty": {},
    "none": [],
    "yes": True,
    "text": 'a"\\\n\u4f60',
    "deep": {"a": {"b": [{"c": [[1, 2.5], "x"]}]}},
    "list": ["a", 1, 1.0, False],
    "map": {"k": 1.0, "l": "x", "m": 123456789012345678901234567890},
    "long_map": {f"a_long_name_{number}": number for number in range(12)},
    "long_list": list(range(60)),
}
NULLS = {"top_k": None, "nested": {"a": None, "b": [None, {"c": None}]}}
COMMON = {
    "temperature": 0.7,
    "top_p": 0.85,
    "top_k": 20,
    "max_tokens": 1024,
    "max_completion_tokens": 2048,
    "seed": 1234,
    "presence_penalty": -0.5,
    "repetition_penalty": 1.05,
    "n": 1,
    "logprobs": True,
    "top_logprobs": 2,
    "enable_thinking": False,
    "enable_search": True,
    "parallel_tool_calls": True,
}
OTHERWISE = {
    "temperature": 1,
    "top_p": 1,
    "presence_penalty": 0.123456789,
    "repetition_penalty": 2,
    "max_tokens": 5_000_000_000,
    "seed": 2**63 - 1,
    "thinking_budget": 100,
    "enable_search": False,
    "stop": "END",
    "response_format": {"type": "text"},
    "tool_choice": "auto",
    "search_options": {"forced_search": True, "enable_search_extension": True},
    "logit_bias": {"50256": -100},
}
TEXT = {"type": "text", "text": "What is it?"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}
PARTS = [
    {**IMAGE, "min_pixels": 3136, "max_pixels": 1_000_000},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "high"}},
    {"type": "video_url", "video_url": {"url": "https://a.example/c.mp4"}, "fps": 2.0},
    {"type": "video", "video": ["https://a.example/1.png", "https://a.example/2.png"], "fps": 1},
    {"type": "input_audio", "input_audio": {"data": "https://a.example/d.wav", "format": "wav"}},
    {"type": "input_audio", "input_audio": {"data": "data:;base64,AAAA"}},
    {**TEXT, "cache_control": {"type": "ephemeral"}},
]

CALLS: dict[str, dict[str, Any]] = {
    "openai": {
        "messages": [{"role": "system", "content": "Be brief."}, *ROUND],
        **COMMON,
        **ODD,
        **NULLS,
        "stop": ["END", "\n"],
        "frequency_penalty": 0.1,
        "reasoning_effort": "low",
        "response_format": PERSON,
        "tools": [WEATHER, {"type": "function", "function": {"name": "now"}}],
        "tool_choice": {"type": "function", "function": {"name": "get_weather"}},
        "search_options": {"forced_search": True, "search_strategy": "turbo"},
        "workspace": "ws-1",
        "workspace_by": "header",
    },
    "openai otherwise": {
        "messages": [
            {"role": "system", "content": [TEXT], "name": "host"},
            {"role": "system", "content": [TEXT]},
            {"role": "user", "content": "Hi", "name": "bob", "odd": {"a": None}},
            {"role": "assistant", "content": "Hm", "reasoning_content": "I think.", "name": "amy"},
            {"role": "assistant", "content": [TEXT], "odd": 1.0},
            {
                "role": "assistant",
                "content": "Let me see.",
                "tool_calls": [{**TOOL_CALL, "index": 0}],
            },
            {"role": "tool", "content": [TEXT], "tool_call_id": "call_1"},
            {"role": "user", "content": PARTS},
            {"role": "user", "content": [IMAGE, TEXT]},
            {"role": "assistant", "content": "It is", "partial": True},
        ],
        **OTHERWISE,
        "frequency_penalty": 0,
        "reasoning_effort": "extreme",
        "tools": [
            {
                "type": "function",
                "function": {"name": "f", "parameters": {"x": None}, "strict": True, "odd": 1},
            },
        ],
        "stream": False,
    },
    "openai json": {
        "response_format": {"type": "json_object"},
        "tools": [{"type": "web", "web": {"a": None}}, WEATHER],
        "tool_choice": {"type": "odd", "function": {"name": "f"}, "more": [1]},
        "stream_options": {"include_usage": True, "odd": 1},
        "modalities": ["text"],
    },
    "openai odd": {
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "odd": None}},
        "tools": [],
        "n": 1.0,
        "logprobs": 1,
        "stop": [["a"], [1]],
        "temperature": 10**30,
    },
    "dashscope": {
        "messages": [
            {"role": "system", "content": "Be brief."},
            *ROUND,
            {"role": "user", "content": "Hi", "name": "bob"},
            {"role": "assistant", "content": "Hm", "reasoning_content": "I think."},
            {"role": "assistant", "content": "It is", "partial": True},
        ],
        **COMMON,
        **ODD,
        "stop": ["END", "\n"],
        "response_format": {"type": "json_object"},
        "tools": [WEATHER, {"type": "function", "function": {"name": "now"}}],
        "tool_choice": {"type": "function", "function": {"name": "get_weather"}},
        "search_options": {"forced_search": True, "citation_format": "[<number>]"},
        "list_with_null": [None, 1],
        "workspace": "ws-1",
        "workspace_by": "header",
    },
    "dashscope otherwise": {
        "messages": [
            {"role": "user", "content": "?"},
            {"role": "assistant", "content": None, "tool_calls": [{**TOOL_CALL, "index": 0}]},
            {"role": "tool", "content": "24", "tool_call_id": "call_1"},
        ],
        **OTHERWISE,
        "tools": [{"type": "function", "function": {"name": "f", "strict": True}}],
        "response_format": PERSON,
    },
    "dashscope odd": {
        "tools": [],
        "tool_choice": {"type": "odd", "a": 1},
        "n": 1.0,
        "stop": [[1, 2], [3]],
        "response_format": {"type": "text"},
        "top_k": 2**40,
        "temperature": 10**30,
        "top_p": "high",
    },
    "dashscope multimodal": {
        "model": "qwen-vl-plus",
        "messages": [
            {"role": "system", "content": "Be brief."},
            *ROUND,
            {"role": "user", "content": PARTS, "name": "bob"},
            {"role": "assistant", "content": "Hm", "reasoning_content": "I think."},
            {"role": "user", "content": [IMAGE, TEXT]},
        ],
        **COMMON,
        **ODD,
        "vl_high_resolution_images": True,
        "stop": ["END"],
        "ocr_options": {"task": "table_parsing"},
        "tools": [WEATHER],
        "response_format": {"type": "json_object"},
    },
    "dashscope multimodal otherwise": {
        "model": "qwen-vl-plus",
        "messages": [{"role": "user", "content": [{**IMAGE, "odd": {"a": [1, {"b": 2.5}]}}]}],
        **OTHERWISE,
    },
    "dashscope multimodal without more": {"model": "qwen-vl-plus"},
}

FRACTIONS = {
    "temperature", "top_p", "presence_penalty", "frequency_penalty", "repetition_penalty",
}  # fmt: skip


def call_of(name: str) -> Call:
    return Call.parse({"protocol": name.partition(" ")[0], "model": "qwen-plus", **CALLS[name]})


def comparable(value: Any, name: str = "") -> Any:
    """JSON in which what may differ is equal: 1 and 1.0 of a fraction, an empty content."""
    if isinstance(value, Mapping):
        done = {key: comparable(item, key) for key, item in value.items()}
        if "tool_calls" in done and not done.get("content"):
            done.pop("content", None)
        return done
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value) if name in FRACTIONS else value)
    return value if value is None or isinstance(value, bool) else repr(value)


@pytest.mark.parametrize("protocol", ["openai", "dashscope"])
def test_the_sdk_sends_what_the_call_says(
    protocol: str, server: Server, programs: Programs
) -> None:
    names = [name for name in CALLS if name.partition(" ")[0] == protocol]
    calls = {programs.add(_sdk(call_of(name), server)): call_of(name) for name in names}
    programs.compile(protocol, "sdk")
    done = programs.run("Runner", *calls)
    assert done.returncode == 0, done.stderr
    assert len(server.requests) == len(calls)
    for call, (path, headers, body) in zip(calls.values(), server.requests, strict=True):
        expected = Request.of(call, KEY, server.catalog)
        assert expected.url.endswith(path)
        assert headers["authorization"] == f"Bearer {KEY}"
        assert headers.get("x-dashscope-workspace") == call.workspace
        wanted = comparable(expected.body)
        if "multimodal" in path:
            # The SDK says it in any case.
            wanted.setdefault("parameters", {}).setdefault("enable_search", False)
        assert comparable(body) == wanted


def _sdk(call: Call, server: Server) -> str:
    return render(call, "java", "sdk", catalog=server.catalog, flow="whole").code


NO = "the DashScope SDK for Java "
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "null": ({"top_k": None}, f"option top_k: {NO}does not send fields that are null"),
    "null within": (
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"a": None}}}]},
        rf"option tools: {NO}.* as 'tools\[0\].function.parameters.a' is",
    ),
    "voice": (
        {"model": "qwen-vl-plus", "voice": "x"},
        f"option voice: {NO}sends it beside the messages",
    ),
    **{
        what: ({"model": model, "messages": [message]}, f"'{name}' of an? .* message: {NO}cannot")
        for what, model, name, message in (
            ("field", "qwen-plus", "odd", {"role": "user", "content": "", "odd": 1}),
            ("parts", "qwen-plus", "content", {"role": "user", "content": [TEXT]}),
            (
                "partial",
                "qwen-vl-plus",
                "partial",
                {"role": "assistant", "content": "", "partial": True},
            ),
            (
                "null in a part",
                "qwen-vl-plus",
                "content",
                {"role": "user", "content": [{**TEXT, "a": None}]},
            ),
            (
                "a number that Java writes as a text",
                "qwen-vl-plus",
                "content",
                {"role": "user", "content": [{**TEXT, "a": 10**30}]},
            ),
            (
                "a tool call's field",
                "qwen-plus",
                "tool_calls",
                {"role": "assistant", "content": None, "tool_calls": [{**TOOL_CALL, "odd": 1}]},
            ),
        )
    },
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_sdk_cannot_send_is_refused(what: str) -> None:
    body, message = REFUSED[what]
    call = Call.parse({"protocol": "dashscope", **body})
    with pytest.raises(InputError, match=message):
        render(call, "java", "sdk", catalog=FREE)
    assert render(call, "java", "http", catalog=FREE).code
