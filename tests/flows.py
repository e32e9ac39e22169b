"""What samples of each flow must show, send and do, in any language; answers as services give them.

A test file builds the samples of `samples()`, and hands each `check_…` a way to run them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event
from typing import Any, NamedTuple, cast

from playing import Arrived, Reply, Stage

from samplegen import Call
from samplegen.model.frozen import thaw


class Kind(NamedTuple):
    """Whom a sample asks, with what."""

    protocol: str
    client: str
    model: str

    @property
    def in_parts(self) -> bool:
        return self.protocol == "dashscope" and "-vl-" in self.model


KINDS = {
    "openai sdk": Kind("openai", "sdk", "qwen-plus"),
    "openai http": Kind("openai", "http", "qwen-plus"),
    "dashscope http": Kind("dashscope", "http", "qwen-plus"),
    "dashscope parts http": Kind("dashscope", "http", "qwen3-vl-plus"),
}


class Done(NamedTuple):
    """What came of a run, and what arrived."""

    exit: int | None
    stdout: str
    stderr: str
    arrived: list[Arrived]


Play = Callable[..., Done]
"""Runs the sample of that name with those replies; `key` is the reader's."""

ASKED = [{"role": "user", "content": "How is it?"}]
SKY = {"clear": True, "note": 'a "`quoted`" sky', "degrees": [21, -0.5]}
ZONE = 'UTC "+1"'
TOOLS: list[dict[str, Any]] = [
    {
        "type": "function",
        "function": {"name": name, "description": "…", "parameters": {"type": "object"}},
        "returns": returns,
    }
    for name, returns in (("get_weather", SKY), ("get_zone", ZONE), ("get_none", None))
]


def _schema(type: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"the sky": {"type": type}, "b": {}}}
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}


# By name: the flow, and the fields of the call.
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("text", {"temperature": 0.5}),
    "text, thinking": ("text", {"enable_thinking": True}),
    "json of a text": ("json", {"response_format": _schema("string")}),
    "json of a list": ("json", {"response_format": _schema("array")}),
    "json": ("json", {"response_format": {"type": "json_object"}}),
    "stream": ("stream", {"stream": True}),
    "stream, thinking": (
        "stream",
        {
            "stream": True,
            "stream_options": {"include_usage": True},
            "enable_thinking": True,
        },
    ),
    "tools": ("tools", {"tools": TOOLS, "top_k": 1.0}),
    "tools-stream": ("tools-stream", {"tools": TOOLS, "stream": True}),
    "chat": ("chat", {"then": 'And "then"?', "a.b": {"c": 1.0}}),
}


def samples(without: Sequence[str] = ()) -> Iterator[tuple[str, Kind, str, Call]]:
    """Each sample's name, whom it asks, its flow and its call."""
    for kind_name, kind in KINDS.items():
        for name, (flow, fields) in CASES.items():
            if flow in without:
                continue
            given = {key: value for key, value in fields.items() if key != "then"}
            call = Call(
                protocol=kind.protocol,
                model=kind.model,
                messages=ASKED,  # type: ignore[arg-type]
                then=fields.get("then"),
                parameters=given,  # type: ignore[arg-type]
            )
            yield f"{kind_name}: {name}", kind, flow, call


# Answers


USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "details": {"cached": 0}}


def whole(kind: Kind, **message: Any) -> Reply:
    """A whole answer, with that message."""
    message = {"role": "assistant", "content": "", **message}
    if kind.in_parts:
        text = message["content"]
        message["content"] = [{"text": text}] if text else []
    answer: dict[str, Any] = {"choices": [{"index": 0, "message": message}], "usage": USAGE}
    answer["choices"][0]["finish_reason"] = "tool_calls" if "tool_calls" in message else "stop"
    if kind.protocol == "dashscope":
        answer = {"output": {"choices": answer["choices"]}, "usage": USAGE}
    return Reply([json.dumps(answer, ensure_ascii=False).encode()])


def chunk(kind: Kind, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    """What one event of a stream says."""
    if kind.protocol == "openai":
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {"id": "c-1", "choices": [choice], "usage": None}
    text = delta.pop("content", "") or ""
    message = {"role": "assistant", "content": text, "reasoning_content": "", **delta}
    if kind.in_parts:
        message["content"] = [{"text": text}] if text else []
    choice = {"message": message, "finish_reason": finish or "null"}
    return {"output": {"choices": [choice]}, "usage": {"so far": 1}}


def last(kind: Kind, finish: str = "stop") -> list[dict[str, Any]]:
    """How a stream ends."""
    end = chunk(kind, finish, content="")
    if kind.protocol == "openai":
        return [end, {"id": "c-1", "choices": [], "usage": USAGE}]
    return [{**end, "usage": USAGE}]


def events(kind: Kind, chunks: Sequence[dict[str, Any]], done: bool = True) -> bytes:
    """A stream, as any server may write it: comments, CRLF, with and without the space."""
    forms = ("data: %s\n\n", ": ping\ndata:%s\n\n", "data: %s\r\n\r\n")
    if kind.protocol == "dashscope":
        forms = ("id:1\nevent:result\n:HTTP_STATUS/200\ndata:%s\n\n", *forms[1:])
    texts = [json.dumps(one, ensure_ascii=False) for one in chunks]
    written = [form % text for form, text in zip(cycle(forms), texts, strict=False)]
    if kind.protocol == "openai" and done:
        written.append("data: [DONE]\n\n")
    return "".join(written).encode()


def stream(kind: Kind, chunks: Sequence[dict[str, Any]], done: bool = True, **more: Any) -> Reply:
    """A stream in pieces that end anywhere: in a character, in a line, between CR and LF."""
    return Reply([*_cut(events(kind, chunks, done))], content_type="text/event-stream", **more)


def _cut(data: bytes) -> Iterator[bytes]:
    start = 0
    for size in cycle((1, 2, 3, 7, 61, 1021, 4093)):
        if start >= len(data):
            return
        yield data[start : start + size]
        start += size


TEXTS = ["H", "ello, 你好", " \U0001f600\u2028\u2029\x85", "", "x" * 70_000, "\n\\ \"é'", "."]
TEXT = "".join(TEXTS)
REASONS = ["Let me", " think: 思考", "\u2028…\n", "So."]
REASON = "".join(REASONS)


def pieces(kind: Kind, name: str, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Chunks that bring texts; what they do not bring is null or empty, as the service has it."""
    other = {"content": "reasoning_content", "reasoning_content": "content"}[name]
    empty = None if kind.protocol == "openai" else ""
    return [chunk(kind, **{name: text, other: empty}) for text in texts]


# Checks


def shows(done: Done, text: str) -> None:
    """It came to a good end, and showed just this."""
    assert (done.exit, done.stderr) == (0, "")
    assert done.stdout == text


def fails(done: Done, words: str, start_of: str = "") -> None:
    """It failed, said so with these words, and showed a proper prefix of a text at most."""
    assert done.exit != 0
    assert words in done.stderr
    assert start_of.startswith(done.stdout)
    assert done.stdout != start_of or not start_of


def check_text(play: Play, case: str, kind: Kind) -> None:
    shows(play(f"{case}: text", whole(kind, content=TEXT)), f"{TEXT}\n")
    thinking = f"{case}: text, thinking"
    done = play(thinking, whole(kind, content=TEXT, reasoning_content=REASON))
    shows(done, f"Reasoning:\n{REASON}\n\nAnswer:\n{TEXT}\n")
    for none in ({}, {"reasoning_content": ""}, {"reasoning_content": None}):
        shows(play(thinking, whole(kind, content=TEXT, **none)), f"{TEXT}\n")


def check_json(play: Play, case: str, kind: Kind) -> None:
    answer = {"the sky": 'blue "\u4f60"\n', "b": 1.5}
    done = play(f"{case}: json of a text", whole(kind, content=json.dumps(answer)))
    shows(done, f"{answer['the sky']}\n")
    listed = {"b": 1, "the sky": [1, {"a": None}, "é"]}
    done = play(f"{case}: json of a list", whole(kind, content=json.dumps(listed, indent=1)))
    assert (done.exit, json.loads(done.stdout)) == (0, listed["the sky"])
    done = play(f"{case}: json", whole(kind, content=json.dumps(listed, indent=1)))
    assert (done.exit, json.loads(done.stdout)) == (0, listed)
    for name in ("json of a text", "json of a list", "json"):
        fails(play(f"{case}: {name}", whole(kind, content="So: {}")), "")


def check_stream(play: Play, case: str, kind: Kind) -> None:
    said = pieces(kind, "content", TEXTS)
    done = play(f"{case}: stream", stream(kind, [*said, *last(kind)]))
    shows(done, f"{TEXT}\n")
    [arrived] = done.arrived
    if kind.protocol == "dashscope":
        assert arrived.headers["x-dashscope-sse"] == "enable"
        assert arrived.body["parameters"]["incremental_output"] is True
    else:
        assert arrived.body["stream"] is True
    thought = pieces(kind, "reasoning_content", REASONS)
    thinking = f"{case}: stream, thinking"
    done = play(thinking, stream(kind, [*thought, *said, *last(kind)]))
    *answer, usage, _ = done.stdout.split("\n")
    assert "\n".join(answer) == f"Reasoning:\n{REASON}\n\nAnswer:\n{TEXT}"
    assert (done.exit, done.stderr, json.loads(usage)) == (0, "", USAGE)
    done = play(thinking, stream(kind, [*said, *last(kind)]))
    assert (done.exit, done.stdout.rpartition("\n{")[0]) == (0, TEXT)


def check_arrives(command: Sequence[str | Path], key: Mapping[str, str], served: Stage) -> None:
    """A stream is shown as it arrives: its second half is sent when its first one was seen."""
    kind = KINDS["openai http"]
    seen = Event()
    waited = []

    def parts() -> Iterator[bytes]:
        yield events(kind, pieces(kind, "content", ["first "]), done=False)
        waited.append(seen.wait(20))
        yield events(kind, [*pieces(kind, "content", ["second"]), *last(kind)])

    served.replies = [Reply(cast("Sequence[bytes]", parts()), content_type="text/event-stream")]
    with Popen(command, env={**key, "LANG": "C.UTF-8"}, stdout=PIPE) as process:
        assert process.stdout is not None
        shown = process.stdout.read(len("first "))
        seen.set()
        shown += process.stdout.read()
    assert (process.returncode, shown, waited) == (0, b"first second\n", [True])


def check_cut_stream(play: Play, case: str, kind: Kind) -> None:
    said = pieces(kind, "content", TEXTS)
    name = f"{case}: stream"
    fails(play(name, stream(kind, said, done=False, broken=True)), "", f"{TEXT}\n")
    at_the_end = stream(kind, [*said, *last(kind)], done=False, broken=True)
    fails(play(name, at_the_end), "", f"{TEXT}\n")
    half = events(kind, [*said, *last(kind)])[:-30]
    broken = Reply([half], content_type="text/event-stream", broken=True)
    fails(play(name, broken), "", f"{TEXT}\n")
    early = play(name, stream(kind, said, done=False))
    if kind.client == "sdk":
        # It does not tell an end from a cut.
        shows(early, f"{TEXT}\n")
    else:
        fails(early, "The stream ended early.", f"{TEXT}\n")
        torn = Reply([events(kind, said, done=False), b'data: {"output": {"ch'])
        fails(play(name, torn._replace(content_type="text/event-stream")), "", f"{TEXT}\n")


def check_failing_stream(play: Play, case: str, kind: Kind) -> None:
    said = events(kind, pieces(kind, "content", TEXTS), done=False)
    words = "Range of n should be [1, 4] 你"
    if kind.protocol == "openai":
        told = f'data: {{"error":{{"message":"{words}","code":"x"}}}}\n\n'
    else:
        told = f'id:9\nevent:error\n:HTTP_STATUS/400\ndata:{{"code":"x","message":"{words}"}}\n\n'
    name = f"{case}: stream"
    reply = Reply([said, told.encode()], content_type="text/event-stream")
    fails(play(name, reply), words, f"{TEXT}\n")


def check_refused(play: Play, name: str, kind: Kind) -> None:
    """No key, no request; what the service says is on standard error."""
    words = "The model xxx does not support enable_thinking. 你"
    body = {"code": "InvalidParameter", "message": words}
    told = body if kind.protocol == "dashscope" else {"error": {**body, "type": "x"}}
    refusal = Reply([json.dumps(told, ensure_ascii=False).encode()], status=400)
    fails(play(name, refusal), words)
    done = play(name, refusal, key="")
    fails(done, "DASHSCOPE_API_KEY")
    assert done.arrived == []


def _call(id: str, name: str, arguments: str) -> dict[str, Any]:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


CALLED = (
    [_call("call_1", "get_weather", '{"city": "Zürich"}'), _call("call_2", "nothing", "{}")],
    [_call("call_3", "get_zone", "{}"), _call("call_4", "get_none", "{}")],
    [_call("call_5", "get_zone", '{"city": "Bern"}}')],
)
RESULTS: tuple[dict[str, Any], ...] = (
    {"call_1": SKY, "call_2": "Error: there is no tool nothing"},
    {"call_3": ZONE, "call_4": None},
    {"call_5": "Error: the arguments are not JSON"},
)


def check_tools(play: Play, case: str, kind: Kind) -> None:
    rounds = [whole(kind, tool_calls=calls) for calls in CALLED]
    done = play(f"{case}: tools", *rounds, whole(kind, content=TEXT))
    shows(done, f"{TEXT}\n")
    _check_rounds(done, kind)
    done = play(f"{case}: tools", whole(kind, tool_calls=CALLED[0]))
    fails(done, "five rounds")
    assert (done.stdout, len(done.arrived)) == ("", 6)


def check_tools_stream(play: Play, case: str, kind: Kind) -> None:
    name = f"{case}: tools-stream"
    rounds = [stream(kind, [*_deltas(kind, one), *last(kind, "tool_calls")]) for one in CALLED]
    said = pieces(kind, "content", TEXTS)
    done = play(name, *rounds, stream(kind, [*said, *last(kind)]))
    shows(done, f"{TEXT}\n")
    _check_rounds(done, kind)
    done = play(name, rounds[0])
    fails(done, "five rounds")
    assert len(done.arrived) == 6
    if kind.client == "http":
        fails(play(name, stream(kind, said, done=False)), "early", f"{TEXT}\n")


def _deltas(kind: Kind, calls: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Tool calls in pieces: later ones have no id, an empty one, or the same again."""
    for index, call in enumerate(calls):
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        for number, (more, said) in enumerate(
            (
                ({"id": call["id"], "type": "function"}, {"name": name, "arguments": ""}),
                ({"id": ""}, {"arguments": arguments[:3]}),
                ({"id": call["id"]}, {"name": None, "arguments": None}),
                ({}, {"name": "", "arguments": arguments[3:]}),
            )
        ):
            delta = {"index": index, **more, "function": said}
            # In the first chunk there is no content, then it is null or empty.
            content = {} if number == 0 else {"content": None}
            yield chunk(kind, **content, tool_calls=[delta])


def _check_rounds(done: Done, kind: Kind) -> None:
    """Each request has what was said before, the results of the calls, and the tools."""
    first = _messages(kind, done.arrived[0])
    assert len(done.arrived) == len(CALLED) + 1
    for number, arrived in enumerate(done.arrived):
        sent = _messages(kind, arrived)
        expected = [*first]
        for calls, results in zip(CALLED[:number], RESULTS, strict=False):
            expected.append({"role": "assistant", "tool_calls": calls})
            expected += [
                {"role": "tool", "tool_call_id": id, "content": result}
                for id, result in results.items()
            ]
        assert [_plain(message) for message in sent] == [_plain(m) for m in expected]
        without = {key: value for key, value in arrived.body.items() if key != "messages"}
        initial = {k: value for k, value in done.arrived[0].body.items() if k != "messages"}
        without.pop("input", None)
        initial.pop("input", None)
        assert without == initial


def _messages(kind: Kind, arrived: Arrived) -> list[dict[str, Any]]:
    body = arrived.body if kind.protocol == "openai" else arrived.body["input"]
    messages: list[dict[str, Any]] = thaw(body["messages"])
    if kind.in_parts:
        for message in messages:
            if message["content"]:
                [part] = message["content"]
                message["content"] = part["text"]
    return messages


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    """A message without what may differ: a returned one's content beside calls, spaces in JSON."""
    if "tool_calls" in message:
        assert not message.get("content")
        calls = [
            {"id": call["id"], "type": call["type"], "function": call["function"]}
            for call in message["tool_calls"]
        ]
        return {"role": message["role"], "tool_calls": calls}
    if message["role"] != "tool":
        return message
    content = message["content"]
    if isinstance(content, str):
        with suppress(ValueError):
            content = json.loads(content)
    return {**message, "content": content}


def check_chat(play: Play, case: str, kind: Kind) -> None:
    name = f"{case}: chat"
    done = play(name, whole(kind, content=TEXT), whole(kind, content="Bye."))
    shows(done, f"{TEXT}\nBye.\n")
    first, second = (_messages(kind, arrived) for arrived in done.arrived)
    then = CASES["chat"][1]["then"]
    said = [{"role": "assistant", "content": TEXT}, {"role": "user", "content": then}]
    assert second == [*first, *said]
    for arrived in done.arrived:
        body = arrived.body if kind.protocol == "openai" else arrived.body["parameters"]
        assert json.dumps(body["a.b"]) == '{"c": 1.0}'
