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
from typing import Any, NamedTuple

import pytest
from calls import FREE
from toolchains import need, need_all, run

from samplegen import Call, render
from samplegen.errors import InputError
from samplegen.model.catalog import Catalog, Region, builtin
from samplegen.protocols.request import Request
from samplegen.rendering.targets import find
from samplegen.verify import toolchain

KEY = "sk-test"


class Server(ThreadingHTTPServer):
    """Keeps what it is sent, and answers as the end of the model's name says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.seen = threading.Event()

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
        streams = body.get("stream") is True or headers.get("x-dashscope-sse") == "enable"
        act = getattr(self, f"act_{body['model'].rpartition('-')[2]}", None)
        said: Said = Said(self.path, body)
        if act is not None:
            act(said)
        elif streams:
            self.stream(said, [*said.thoughts(), *said.chunks(NASTY), *said.end()])
        else:
            self.whole(said.answer(said.text(NASTY, reasoning="Hm.\nYes.")))

    def log_message(self, *_: object) -> None:
        pass

    def whole(self, answer: Any, status: int = 200) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, said: Said, events: list[str], *, held: int = 0, cut: int = 0) -> None:
        """Events in pieces that cut characters and lines.

        Args:
            held: of so many events, at least, the text must be seen before the rest is sent.
            cut: so many bytes are missing at the end, and the connection breaks.
        """
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        data = "".join(events).encode()
        data = data[: len(data) - cut]
        size = 7 if len(data) < 5000 else 4093
        first = len("".join(events[:held]).encode())
        for at in range(0, len(data), size):
            if held and at >= first and not self.server.seen.wait(60):
                return
            self.piece(data[at : at + size])
        if cut:
            self.close_connection = True
        else:
            self.piece(b"")

    def piece(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    # What a model that is named so does.

    def act_refused(self, said: Said) -> None:
        words = {"message": "No such model.", "code": "model_not_found"}
        self.whole(words if said.dashscope else {"error": words}, 404)

    def act_held(self, said: Said) -> None:
        first = said.chunks("first ")
        rest = [*said.chunks("second"), *said.end()]
        self.stream(said, [*first, *rest], held=len(first))

    def act_early(self, said: Said) -> None:
        self.stream(said, said.chunks("first "))

    def act_cut(self, said: Said) -> None:
        self.stream(said, [*said.chunks("first "), *said.chunks("second")], cut=40)

    def act_broken(self, said: Said) -> None:
        self.stream(said, [*said.chunks("first "), said.error("It broke.")])

    def act_fields(self, said: Said) -> None:
        self.whole(said.answer(said.text('{"city": "\u4e1c\u4eac", "n": 1, "list": [1, null]}')))

    def act_prose(self, said: Said) -> None:
        self.whole(said.answer(said.text("Here is {your} JSON.")))

    def act_calls(self, said: Said) -> None:
        """Wants four calls; then tells what it was told."""
        told = [said.plain(one["content"]) for one in said.messages if one["role"] == "tool"]
        if told:
            self.whole(said.answer(said.text(" | ".join(told))))
        else:
            given = [("get_weather", '{"city": "Paris"}'), ("noon", "{}"), ("get_weather", "{"),
                     ("odd", "{}")]  # fmt: skip
            self.whole(said.answer(said.wants(*given)))

    def act_forever(self, said: Said) -> None:
        self.whole(said.answer(said.wants(("noon", "{}"))))

    def act_talk(self, said: Said) -> None:
        contents = [said.plain(one["content"]) for one in said.messages]
        self.whole(said.answer(said.text(f"{len(contents)}: {contents[-1]}")))


# Characters that a cut, a wrong charset or a wrong line end spoils, and more than 64 KiB.
NASTY = '\u4f60\u597d \U0001f600\u2028\x85\n\t"\\' + "x" * 70_000


class Said:
    """What a request says, and answers in its protocol."""

    def __init__(self, path: str, body: Any) -> None:
        self.dashscope = "/api/" in path
        self.in_parts = "multimodal" in path
        self.messages = (body["input"] if self.dashscope else body)["messages"]
        parameters = body.get("parameters", {}) if self.dashscope else body
        self.thinks = parameters.get("enable_thinking") is True
        self.usage = "stream_options" in parameters

    def content(self, text: str) -> Any:
        return ([{"text": text}] if text else []) if self.in_parts else text

    def plain(self, content: Any) -> str:
        return content if isinstance(content, str) else content[0]["text"]

    def text(self, text: str, reasoning: str = "") -> dict[str, Any]:
        more = {"reasoning_content": reasoning} if self.thinks and reasoning else {}
        return {"role": "assistant", "content": self.content(text), **more}

    def wants(self, *calls: tuple[str, str]) -> dict[str, Any]:
        made = [
            {"index": number, "id": f"call_{number}", "type": "function",
             "function": {"name": name, "arguments": arguments}}
            for number, (name, arguments) in enumerate(calls)
        ]  # fmt: skip
        return {**self.text(""), "tool_calls": made}

    def answer(self, message: Any) -> Any:
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        if self.dashscope:
            return {"output": {"choices": [choice]}, "usage": USAGE, "request_id": "r"}
        return {"id": "c", "object": "chat.completion", "created": 1, "model": "m",
                "choices": [choice], "usage": USAGE}  # fmt: skip

    # Events

    def event(self, choices: list[Any], usage: Any = None) -> str:
        if self.dashscope:
            data = {"output": {"choices": choices}, "usage": USAGE, "request_id": "r"}
            text = json.dumps(data, ensure_ascii=False)
            return f"id:1\nevent:result\n:HTTP_STATUS/200\ndata:{text}\n\n"
        data = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                "choices": choices, "usage": usage}  # fmt: skip
        return f"data: {json.dumps(data, ensure_ascii=False)}\r\n\r\n: a comment\r\n\r\n"

    def choice(self, finish: str | None = None, **message: Any) -> Any:
        if self.dashscope:
            return {"message": {"role": "assistant", **message}, "finish_reason": finish or "null"}
        return {"index": 0, "delta": message, "finish_reason": finish, "logprobs": None}

    def thoughts(self) -> list[str]:
        if not self.thinks:
            return []
        nothing = self.content("") if self.dashscope else None
        return [
            self.event([self.choice(content=nothing, reasoning_content=text)])
            for text in ("Hm.\n", "Yes.")
        ]

    def chunks(self, text: str) -> list[str]:
        half = len(text) // 2
        return [
            self.event([]),
            *(
                self.event([self.choice(content=self.content(one))])
                for one in ("", text[:half], text[half:])
            ),
        ]

    def end(self) -> list[str]:
        done = self.event([self.choice("stop", content=self.content(""))])
        if self.dashscope:
            return [done]
        return [done, *([self.event([], USAGE)] if self.usage else []), "data: [DONE]\n\n"]

    def error(self, message: str) -> str:
        error = {"message": message, "code": "internal_error"}
        if self.dashscope:
            return f"id:2\nevent:error\n:HTTP_STATUS/500\ndata:{json.dumps(error)}\n\n"
        return f"data: {json.dumps({'error': error})}\n\n"


USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "input_tokens": 1,
         "output_tokens": 1}  # fmt: skip

# Runs the `main` of each class that is named, one after the other, in one Java. What it
# prints goes to a file; what it throws, too.
RUNNER = """
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

class Runner {
    public static void main(String[] names) throws Exception {
        for (String name : names) {
            try (PrintStream out = new PrintStream(name + ".out", "UTF-8");
                    PrintStream err = new PrintStream(name + ".err", "UTF-8")) {
                System.setOut(out);
                var main = Class.forName(name).getDeclaredMethod("main", String[].class);
                main.setAccessible(true);
                try {
                    main.invoke(null, (Object) new String[0]);
                } catch (InvocationTargetException thrown) {
                    thrown.getCause().printStackTrace(err);
                }
            }
        }
        System.exit(0);
    }
}
"""


class Done(NamedTuple):
    """What became of a program; what it threw, if it did."""

    stdout: str
    stderr: str


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

    def compile(self, *targets: tuple[str, str]) -> None:
        """With the packages of targets, and no warnings."""
        packages = [builtin().package("java", *target, flow="text") for target in targets]
        jars = [
            self.prepared.folder.joinpath("lib", *package.name.split(":"), "*")
            for package in packages
            if package
        ]
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

    def command(self, *arguments: str) -> list[str]:
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"]
        return [self.prepared.tools["java"], *quick, "-cp", self.path, *arguments]

    def environment(self, key: str = KEY) -> dict[str, str]:
        return {"PATH": os.defpath, "HOME": str(self.folder), "DASHSCOPE_API_KEY": key}

    def start(self, name: str, key: str = KEY) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(name),
            env=self.environment(key),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *names: str) -> list[Done]:
        """Run programs that do not call `System.exit`, all in one Java."""
        done = subprocess.run(
            self.command("Runner", *names),
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return [
            Done(*((self.folder / f"{name}.{kind}").read_text("utf-8") for kind in ("out", "err")))
            for name in names
        ]


# What a call says arrives.

WEATHER: dict[str, Any] = {
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
PERSON: dict[str, Any] = {
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


# What a sample does with the answer.

TARGETS = [(protocol, client) for protocol in ("openai", "dashscope") for client in ("sdk", "http")]
FLOWS = ("text", "json", "stream", "tools", "chat")
THOUGHT = "Reasoning:\nHm.\nYes.\n\nAnswer:\n"
FORMAT = {**PERSON["json_schema"], "schema": {"type": "object", "properties": {"city": {}}}}
TOOLS = [
    WEATHER,
    {"type": "function", "function": {"name": "noon"}, "returns": 'high "noon" \u4e1c'},
    {"type": "function", "function": {"name": "deep"}, "returns": {"a": {"b": ["\\", None]}}},
]
TOLD = (
    '{"celsius": 24} | high "noon" \u4e1c | Error: the arguments are not JSON'
    " | Error: there is no tool odd"
)


class Case(NamedTuple):
    """A flow, what its call says, what is printed, and words on standard error."""

    flow: str
    says: dict[str, Any]
    stdout: str
    stderr: str = ""


# By what a model that is named so does.
SHOWN = {
    "text": Case("text", {}, NASTY + "\n"),
    "thoughtful": Case("text", {"enable_thinking": True}, f"{THOUGHT}{NASTY}\n"),
    "stream": Case("stream", {"stream": True}, NASTY + "\n"),
    "thinking": Case(
        "stream",
        {"stream": True, "enable_thinking": True, "stream_options": {"include_usage": True}},
        f"{THOUGHT}{NASTY}\nUSAGE\n",
    ),
    "fields": Case(
        "json",
        {"response_format": {"type": "json_schema", "json_schema": FORMAT}},
        "\u4e1c\u4eac\n",
    ),
    "object-fields": Case(
        "json",
        {"response_format": {"type": "json_object"}},
        'JSON{"city": "\u4e1c\u4eac", "n": 1, "list": [1, null]}',
    ),
    "calls": Case("tools", {"tools": TOOLS}, TOLD + "\n"),
    "talk": Case("chat", {"then": 'And "so"?\u4e1c'}, '1: Hi\n3: And "so"?\u4e1c\n'),
}

FAILING = {
    "refused": Case("text", {}, "", "No such model."),
    "stream-refused": Case("stream", {"stream": True}, "", "No such model."),
    "broken": Case("stream", {"stream": True}, "first ", "It broke."),
    # Java drops what it has not handed over yet.
    "cut": Case("stream", {"stream": True}, "first second", ""),
    "prose": Case("json", {"response_format": {"type": "json_object"}}, "", "Exception"),
    "early": Case("stream", {"stream": True}, "first ", "The stream ended early."),
    "forever": Case("tools", {"tools": TOOLS}, "", "five rounds"),
}


class Bench(NamedTuple):
    """A target's samples, compiled, and the server that they call.

    Args:
        sent: the calls of `CALLS`, by the class of the program that sends one.
        shown, failing: the names of `SHOWN` and `FAILING`, by the class.
        held: the class of the program that streams what is held back.
    """

    target: tuple[str, str]
    server: Server
    programs: Programs
    sent: dict[str, Call]
    shown: dict[str, str]
    failing: dict[str, str]
    held: str

    def requests(self, end: str) -> list[tuple[str, dict[str, str], Any]]:
        """Those for models whose names end so."""
        return [one for one in self.server.requests if one[2]["model"].endswith(end)]


@pytest.fixture(scope="module", params=TARGETS, ids="-".join)
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    protocol, client = target = request.param
    programs = Programs(tmp_path_factory.mktemp("-".join(target)))
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def add(call: Call, flow: str) -> str:
        code = render(call, "java", client, flow=flow, catalog=server.catalog).code
        return programs.add(code)

    mine = [name for name in CALLS if name.partition(" ")[0] == protocol and client == "sdk"]
    made = Bench(
        target,
        server,
        programs,
        {add(call_of(name), "whole"): call_of(name) for name in mine},
        {
            add(flow_call(protocol, model + name, SHOWN[name].says), SHOWN[name].flow): name
            for name in SHOWN
            # With DashScope, multimodal models are another matter.
            for model in ["qwen-plus-", "qwen3-vl-plus-"][: 1 + (protocol == "dashscope")]
        },
        {
            add(
                flow_call(protocol, f"qwen-plus-{name}", FAILING[name].says), FAILING[name].flow
            ): name
            for name in FAILING
            # The SDKs take any end for the end.
            if name != "early" or client == "http"
        },
        add(flow_call(protocol, "qwen-plus-held", {"stream": True}), "stream"),
    )
    programs.compile(target)
    yield made
    server.shutdown()
    server.server_close()


def flow_call(protocol: str, model: str, says: Mapping[str, Any]) -> Call:
    messages = [{"role": "user", "content": "Hi"}]
    return Call.parse({"protocol": protocol, "model": model, "messages": messages, **says})


def test_the_sdk_sends_what_the_call_says(bench: Bench) -> None:
    count = len(bench.server.requests)
    if bench.sent:
        assert all(not done.stderr for done in bench.programs.run(*bench.sent))
    requests = bench.server.requests[count:]
    for call, (path, headers, body) in zip(bench.sent.values(), requests, strict=True):
        expected = Request.of(call, KEY, bench.server.catalog)
        assert expected.url.endswith(path)
        assert headers["authorization"] == f"Bearer {KEY}"
        assert headers.get("x-dashscope-workspace") == call.workspace
        wanted = comparable(expected.body)
        if "multimodal" in path:
            # The SDK says it in any case.
            wanted.setdefault("parameters", {}).setdefault("enable_search", False)
        assert comparable(body) == wanted


def test_flows(bench: Bench) -> None:
    # With the DashScope SDK, a program that streams ends what sends its requests.
    ending = bench.target == ("dashscope", "sdk")
    alone = [one for one, name in bench.shown.items() if ending and SHOWN[name].flow == "stream"]
    together = [one for one in bench.shown if one not in alone]
    done_of = dict(zip(together, bench.programs.run(*together), strict=True))
    done_of.update((one, bench.programs.run(one)[0]) for one in alone)
    for one, name in bench.shown.items():
        done, expected = done_of[one], SHOWN[name].stdout
        assert not done.stderr, name
        if expected.startswith("JSON"):
            assert json.loads(done.stdout) == json.loads(expected.removeprefix("JSON")), name
        elif "USAGE" in expected:
            *shown, usage, last = done.stdout.split("\n")
            assert "\n".join(shown) + "\n" == expected.partition("USAGE")[0], name
            assert json.loads(usage)["total_tokens"] == 2 and not last, name
        else:
            assert done.stdout == expected, name

    # What the second requests say.
    for path, _, body in bench.requests("-calls")[1::2]:
        said = Said(path, body)
        _, wanted, *results = said.messages
        calls = [one["function"] for one in wanted["tool_calls"]]
        assert [one["name"] for one in calls] == ["get_weather", "noon", "get_weather", "odd"]
        assert [one["arguments"] for one in calls] == ['{"city": "Paris"}', "{}", "{", "{}"]
        ids = [one["id"] for one in wanted["tool_calls"]]
        assert [one["tool_call_id"] for one in results] == ids
        sent = body.get("parameters", body)["tools"]
        assert [one.keys() for one in sent] == [{"type", "function"}] * len(TOOLS)
    for path, _, body in bench.requests("-talk")[1::2]:
        said = Said(path, body)
        assert [one["role"] for one in said.messages] == ["user", "assistant", "user"]
        assert said.plain(said.messages[1]["content"]) == "1: Hi"


def test_what_fails(bench: Bench) -> None:
    running = {one: bench.programs.start(one) for one in bench.failing}
    for one, name in bench.failing.items():
        stdout, stderr = (text.decode() for text in running[one].communicate(timeout=120))
        assert running[one].returncode != 0, name
        assert stderr.strip() and FAILING[name].stderr in stderr, name
        # What had arrived when it broke may be lost, but no more than a part is shown.
        assert FAILING[name].stdout.startswith(stdout) and stdout != "first second", name
    # One more than the five rounds.
    assert len(bench.requests("-forever")) == 6


def test_no_key(bench: Bench) -> None:
    count = len(bench.server.requests)
    process = bench.programs.start(bench.held, key="")
    stdout, stderr = process.communicate(timeout=120)
    assert (stdout, stderr) == (b"", b"Set the environment variable DASHSCOPE_API_KEY.\n")
    assert process.returncode != 0 and len(bench.server.requests) == count


def test_what_streams_is_seen_before_the_rest_is_sent(bench: Bench) -> None:
    process = bench.programs.start(bench.held)
    assert process.stdout is not None
    assert os.read(process.stdout.fileno(), 3) == b"fir"
    bench.server.seen.set()
    # Threads that an SDK leaves would last for a minute.
    assert process.communicate(timeout=40) == (b"st second\n", b"")
    assert process.returncode == 0


def test_google_java_format(bench: Bench, tmp_path: Path) -> None:
    command = [*need("google_java_format"), "--dry-run", "--set-exit-if-changed"]
    files = [bench.programs.folder / f"{one}.java" for one in (*bench.shown, *bench.failing)]
    done = run([*command, *map(str, files)])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("target", TARGETS, ids="-".join)
@pytest.mark.parametrize("flow", FLOWS)
def test_the_java_flows_are_all_there(target: tuple[str, str], flow: str) -> None:
    assert flow in find("java", *target).flows
