"""Samples of every flow: small programs that are right pass, and each breakage is named."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from threading import Semaphore
from typing import Any

import pytest
from toolchains import need_all

from samplegen import Call
from samplegen.model.catalog import Family, builtin
from samplegen.protocols import protocol
from samplegen.protocols.base import Answer, Answers, ToolCall
from samplegen.protocols.request import Request
from samplegen.rendering.sample import Sample
from samplegen.verify import checks, hosts, keys, mock, place, toolchain, trial
from samplegen.verify.expect import is_beginning, shows_pieces, texts, wrong
from samplegen.verify.program import Runner
from samplegen.verify.subject import Result, Subject
from samplegen.verify.turns import MOST, Turn, turns
from samplegen.verify.verification import verify

HYBRID = Family("hybrid", ["hybrid-*"], thinking="off")
CATALOG = replace(builtin(), families=[HYBRID, *builtin().families])

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
    "returns": {"sky": "clear, 晴", "degrees": [21, 9.5]},
}
TIME = {
    "type": "function",
    "function": {"name": "get_time", "description": "Time of day"},
    "returns": "noon, 正午",
}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "person", "schema": PERSON}}

# Programs in Python, as short as they may be. What all of them begin with, by protocol.
BASE = """\
import json
import os
import sys

import requests

key = os.getenv("DASHSCOPE_API_KEY")
if not key:
    sys.exit("Set the environment variable DASHSCOPE_API_KEY.")
url = {url!r}
body = json.loads({body!r})
headers = {{**{headers!r}, "Authorization": "Bearer " + key}}


def failed(text):
    sys.exit(text)


def ask():
    response = requests.post(url, json=body, headers=headers)
    if response.status_code != 200:
        failed(response.text)
    return response.json()
"""

OPENAI = """

def message(answer):
    return answer["choices"][0]["message"]


messages = body["messages"]
tools = body.get("tools")
"""

DASHSCOPE = """

def message(answer):
    return answer["output"]["choices"][0]["message"]


messages = body["input"]["messages"]
tools = body["parameters"].get("tools")
"""

WHOLE = """
print(json.dumps(ask(), ensure_ascii=False))
"""

TEXT = """
answer = message(ask())
if answer.get("reasoning_content"):
    print("Reasoning:\\n" + answer["reasoning_content"] + "\\n\\nAnswer:")
print(answer["content"])
"""

JSON = """
try:
    value = json.loads(message(ask())["content"])
except ValueError as error:
    failed(str(error))
print(value["name"] if "name" in value else json.dumps(value))
"""

CHAT = """
answer = message(ask())
print(answer["content"])
messages.append(answer)
messages.append({"role": "user", "content": "And then?"})
print(message(ask())["content"])
"""

TOOLS = """

def call_tool(name, arguments):
    if name == "get_weather":
        return '{"sky":"clear, \\\\u6674","degrees":[21,9.5]}'
    if name == "get_time":
        return "noon, 正午"
    return "Error: there is no tool " + name


answer = message(ask())
for round in range(5):
    if not answer.get("tool_calls"):
        break
    messages.append(answer)
    for call in answer["tool_calls"]:
        try:
            result = call_tool(
                call["function"]["name"], json.loads(call["function"]["arguments"])
            )
        except ValueError:
            result = "Error: the arguments are not JSON"
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
    answer = message(ask())
else:
    if answer.get("tool_calls"):
        failed("The tools were called more than five times.")
print(answer["content"])
"""

READ = """

def events():
    with requests.post(url, json=body, headers=headers, stream=True) as response:
        if response.status_code != 200:
            failed(response.text)
        buffer = b""
        for piece in response.iter_content(None):
            buffer += piece
            *lines, buffer = buffer.split(b"\\n")
            for line in lines:
                if line.startswith(b"data:") and line.strip() != b"data: [DONE]":
                    event = json.loads(line[5:])
                    if "error" in event or event.get("code"):
                        failed(json.dumps(event, ensure_ascii=False))
                    yield event


def choices(event):
    return event["choices"] if "choices" in event else event["output"]["choices"]
"""

STREAM = (
    READ
    + """
thought = answered = False
finish = usage = None
try:
    for event in events():
        usage = event.get("usage") or usage
        for choice in choices(event):
            delta = choice.get("delta") or choice["message"]
            if delta.get("reasoning_content"):
                if not thought:
                    print("Reasoning:")
                thought = True
                print(delta["reasoning_content"], end="", flush=True)
            if delta.get("content"):
                if thought and not answered:
                    print("\\n\\nAnswer:")
                answered = True
                content = delta["content"]
                if isinstance(content, list):
                    content = content[0]["text"]
                print(content, end="", flush=True)
            if choice["finish_reason"] not in (None, "null"):
                finish = choice["finish_reason"]
except requests.RequestException as error:
    failed(str(error))
if not finish:
    failed("The stream ended early.")
print()
"""
)

USAGE = STREAM + "print(json.dumps(usage))\n"

TOOLS_STREAM = TOOLS.replace("message(ask())", "streamed()").replace(
    'print(answer["content"])\n', ""
)
STREAMED = (
    READ
    + """

def streamed():
    calls, text, finish = {}, "", None
    try:
        for event in events():
            for choice in choices(event):
                delta = choice.get("delta") or choice["message"]
                if delta.get("content"):
                    text += delta["content"]
                    print(delta["content"], end="", flush=True)
                for call in delta.get("tool_calls") or []:
                    made = calls.setdefault(
                        call["index"], {"id": "", "type": "function", "function": {}}
                    )
                    made["id"] = call["id"] or made["id"]
                    for name in ("name", "arguments"):
                        more = call["function"].get(name) or ""
                        made["function"][name] = made["function"].get(name, "") + more
                if choice["finish_reason"] not in (None, "null"):
                    finish = choice["finish_reason"]
    except requests.RequestException as error:
        failed(str(error))
    if not finish:
        failed("The stream ended early.")
    if not calls:
        print()
    return {"role": "assistant", "content": text, "tool_calls": list(calls.values())}

"""
)

PROGRAMS: dict[str, str] = {
    "whole": WHOLE,
    "text": TEXT,
    "json": JSON,
    "stream": STREAM,
    "usage": USAGE,
    "tools": TOOLS,
    "tools-stream": STREAMED + TOOLS_STREAM,
    "chat": CHAT,
}

USER = {"role": "user", "content": "What is the weather? Say it in JSON."}
USED = {"stream": True, "stream_options": {"include_usage": True}}

FIELDS: dict[str, dict[str, Any]] = {
    "stream": {"stream": True},
    "usage": USED,
    "json": {"response_format": SCHEMA},
    "tools": {"tools": [WEATHER, TIME]},
    "tools-stream": {"tools": [WEATHER, TIME], "stream": True},
    "chat": {"then": "And then?"},
}


def subject(kind: str, id: str = "openai", code: str = "", **fields: Any) -> Subject:
    """A program and the call that it makes; `kind` is a flow, or `usage`."""
    data = {"protocol": id, "messages": [USER], **FIELDS.get(kind, {}), **fields}
    call = Call.parse(data, CATALOG)
    request = Request.of(call, "", CATALOG)
    headers = {n: v for n, v in request.headers.items() if n != "Authorization"}
    body = json.dumps(request.body, ensure_ascii=False)
    base = BASE.format(url=request.url, body=body, headers=headers)
    program = base + (OPENAI if id == "openai" else DASHSCOPE) + (code or PROGRAMS[kind])
    sample = Sample("python", id, "http", call.region, "", "sample.py", program, "")
    return Subject(sample, request, call=call, flow=kind.replace("usage", "stream"))


@pytest.fixture
def python(namespaces: None) -> None:
    """What follows runs samples of Python."""
    need_all("python")


def run(subjects: Iterable[Subject], *, once: bool = False) -> list[Result]:
    return list(verify([*subjects], CATALOG, seconds=30, once=once))


@pytest.mark.usefixtures("python")
def test_every_flow_passes_in_both_protocols() -> None:
    named = {f"{kind} {id}": subject(kind, id) for kind in PROGRAMS for id in BOTH}
    # Nine situations, and those that only such a call meets.
    more = {"stream": 4, "usage": 4, "tools": 3, "tools-stream": 7, "json": 1}
    for name, result in zip(named, run(named.values()), strict=True):
        assert (name, result.failures) == (name, [])
        assert result.programs == 9 + more.get(name.split()[0], 0), name


BOTH = ["openai", "dashscope"]


@pytest.mark.usefixtures("python")
def test_variants_of_calls_pass() -> None:
    thinks: dict[str, Any] = {"model": "hybrid-1", "enable_thinking": True}
    several = {"parallel_tool_calls": True}
    variants: list[tuple[str, str, dict[str, Any]]] = [
        ("thinks", "text", thinks),
        ("thinks, streamed", "stream", thinks),
        ("several tools", "tools", several),
        ("several tools, streamed", "tools-stream", several),
        ("whole, with tools", "whole", {"tools": [WEATHER]}),
        ("whole, several", "whole", {"n": 2}),
        ("whole, in JSON", "whole", {"response_format": {"type": "json_object"}}),
        ("whole object", "json", {"response_format": {"type": "json_object"}}),
        ("cut short", "text", {"max_tokens": 20}),
        ("cut short, streamed", "stream", {"max_tokens": 20}),
        ("a model that sees", "stream", {"model": "qwen-vl-plus"}),
        ("tools in a conversation", "tools", {"messages": [USER, SAID, USER]}),
    ]
    named = {f"{one[0]} {id}": subject(one[1], id, **one[2]) for id in BOTH for one in variants}
    for name, result in zip(named, run(named.values(), once=True), strict=True):
        assert (name, result.failures) == (name, [])
    [result] = run([thinking()])
    assert result.failures == []


SAID = {"role": "assistant", "content": "Which one?"}

# Each a breakage of a program: its kind, what is replaced, by what, and what is said.
BREAKAGES: dict[str, tuple[str, str, str, str]] = {
    # What is shown.
    "the text is buffered": (
        "stream",
        'end="", flush=True',
        'end=""',
        "does not show the text as it arrives",
    ),
    "the text is collected": (
        "stream",
        'print(content, end="", flush=True)',
        "text = globals().get('text', '') + content",
        "the answer is not on standard output",
    ),
    "no newline in the end": ("stream", "\nprint()\n", "\n", "the answer is not on standard"),
    "a line more": ("stream", "\nprint()\n", "\nprint()\nprint('Done.')\n", "more than the answer"),
    "no usage": ("usage", "print(json.dumps(usage))", "", "the answer and a line of the usage"),
    "another usage": ("usage", "dumps(usage)", "dumps({})", "the answer and a line of the usage"),
    "the whole message": ("text", '["content"])', "['content'], answer['role'])", "is not on"),
    "no heading": ("thinking", 'print("Reasoning:")', "pass", "is not on standard output"),
    "no heading of the answer": ("thinking", "Answer:", "", "is not on standard output"),
    "the reasoning left out": (
        "thinking",
        'if delta.get("reasoning_content"):',
        "if False:",
        "is not on standard output",
    ),
    "another field": (
        "json",
        'print(value["name"] if "name" in value else json.dumps(value))',
        'print(value["age"] if "age" in value else json.dumps(value))',
        "the answer is not on standard output",
    ),
    "the text of the JSON": (
        "json",
        'print(value["name"] if "name" in value else json.dumps(value))',
        "print(json.dumps(value))",
        "the answer is not on standard output",
    ),
    "the first answer left out": ("chat", 'print(answer["content"])', "", "is not on standard"),
    "the second answer left out": (
        "chat",
        '\nprint(message(ask())["content"])',
        "\nask()",
        "not on",
    ),
    "a line between": (
        "tools",
        'print(answer["content"])',
        "print('x', answer['content'])",
        "more",
    ),
    # What is sent.
    "the history left out": (
        "chat",
        "messages.append(answer)",
        "pass",
        "body.messages: expected 3 items, got 2",
    ),
    "another second question": ("chat", "And then?", "And now?", 'expected "And then?"'),
    "asked once": (
        "chat",
        'print(message(ask())["content"])',
        "",
        "sends one request instead of 2",
    ),
    "asked thrice": ("chat", "messages.append(answer)", "ask(); messages.append(answer)", "3 req"),
    "the tools not sent again": (
        "tools",
        "    messages.append(answer)",
        "    body.pop('tools', None); messages.append(answer)",
        "body.tools: is missing",
    ),
    "the assistant's message left out": (
        "tools",
        "    messages.append(answer)\n",
        "",
        "body.messages[1].role: expected",
    ),
    "another id": (
        "tools",
        'call["id"], "content"',
        '"call_1", "content"',
        "tool_call_id: expected",
    ),
    "another result": ("tools", "noon", "midnight", "content: expected"),
    "another JSON": ("tools", "[21,9.5]", "[21,9]", "content: expected"),
    "a result lost": (
        "tools",
        '"content": result})',
        '"content": result})\n        break',
        "items, got 3",
    ),
    "the results in another order": (
        "tools",
        'in answer["tool_calls"]:',
        'in answer["tool_calls"][::-1]:',
        "tool_call_id: expected",
    ),
    "other arguments sent back": (
        "tools",
        "    messages.append(answer)",
        "    answer['tool_calls'][0]['function']['arguments'] = '{}'; messages.append(answer)",
        "arguments",
    ),
    "the id doubled": (
        "tools-stream",
        'made["id"] = call["id"] or made["id"]',
        'made["id"] += call["id"] + "x"',
        "tool_calls[0].id: expected",
    ),
    "the first piece of the arguments only": (
        "tools-stream",
        'made["function"].get(name, "") + more',
        'made["function"].get(name) or more',
        "tool_calls[0].arguments: expected",
    ),
    # What goes wrong.
    "a null added": ("tools-stream", 'get(name) or ""', "get(name)", "fails with a good key"),
    "no look at the finish": (
        "stream",
        "if not finish:",
        "if False:",
        "when the stream ends too early: exits with 0",
    ),
    "no look at errors": (
        "stream",
        'if "error" in event or event.get("code"):',
        "if False:",
        "on an error in the middle of the stream: ",
    ),
    "a broken connection is a good end": (
        "stream",
        "    failed(str(error))\nif not finish:\n    failed(",
        "    finish = str(error)\nif not finish:\n    failed(",
        "when the connection breaks: exits with 0",
    ),
    "an error on standard output": (
        "stream",
        "sys.exit(text)",
        "print(text)\n    sys.exit(1)",
        "on 400, on 404, on 429, on 500",
    ),
    "lines cut at U+2028": (
        "stream",
        '*lines, buffer = buffer.split(b"\\n")',
        "lines, buffer = [x.encode() for x in buffer.decode(errors='replace').splitlines()], b''",
        "when the stream has long lines, comments and CRLF: ",
    ),
    "each piece read alone": (
        "stream",
        '*lines, buffer = buffer.split(b"\\n")',
        "lines, buffer = buffer.split(b'\\n'), b''",
        "fails with a good key",
    ),
    "an unknown function fails": (
        "tools",
        'return "Error: there is no tool " + name',
        "failed(name)",
        "when an unknown function is called: fails with a good key",
    ),
    "bad arguments fail": (
        "tools",
        "except ValueError:",
        "except KeyError:",
        "when the arguments of a function are no JSON: fails with a good key",
    ),
    "other words for bad arguments": (
        "tools",
        "Error: the arguments are not JSON",
        "Error",
        "when the arguments of a function are no JSON: body.messages[2].content: expected",
    ),
    "tools for ever": (
        "tools",
        "range(5)",
        "range(50)",
        "when tools are called again and again: sends 51 requests instead of 6",
    ),
    "rounds that end in silence": (
        "tools",
        'failed("The tools were called more than five times.")',
        "sys.exit(0)",
        "when tools are called again and again: exits with 0",
    ),
    "an answer that is no JSON is shown": (
        "json",
        "    failed(str(error))",
        "    print(error); sys.exit(1)",
        "when the answer is no JSON: ",
    ),
}


@pytest.mark.usefixtures("python")
def test_every_breakage_is_caught_and_named() -> None:
    # What a good key shows already is tried with that alone.
    for once in (True, False):
        here = {name: it for name, it in BREAKAGES.items() if once != it[3].startswith(SITUATIONS)}
        found = run((broken(*it[:3]) for it in here.values()), once=once)
        survivors = [
            (name, result.failures)
            for (name, (*_, said)), result in zip(here.items(), found, strict=True)
            if not any(said in failure for failure in result.failures)
        ]
        assert survivors == []


SITUATIONS = ("when ", "on ")


def broken(kind: str, old: str, new: str) -> Subject:
    one = thinking() if kind == "thinking" else subject(kind)
    if kind == "tools":
        one = subject(kind, parallel_tool_calls=True)
    assert old in one.sample.code, old
    return one._replace(sample=one.sample._replace(code=one.sample.code.replace(old, new)))


def thinking() -> Subject:
    return subject("stream", model="hybrid-1", enable_thinking=True)


@pytest.mark.usefixtures("python")
def test_a_header_more_or_less_is_named() -> None:
    """A stream of the DashScope protocol is asked for in a header alone."""
    streams = subject("stream", "dashscope")
    lacks = streams.sample.code.replace("'X-DashScope-SSE': 'enable'", "")
    whole = subject("whole", "dashscope")
    more = whole.sample.code.replace(
        '"Bearer " + key}', '"Bearer " + key, "X-DashScope-SSE": "enable"}'
    )
    assert lacks != streams.sample.code and more != whole.sample.code
    pair = [
        streams._replace(sample=streams.sample._replace(code=lacks)),
        whole._replace(sample=whole.sample._replace(code=more)),
    ]
    without, beside = run(pair, once=True)
    assert any("X-DashScope-SSE header: expected ['enable'], got []" in f for f in without.failures)
    assert any("asks for a stream, which the call does not" in f for f in beside.failures)


CURL = """\
#!/bin/sh
if [ -z "$DASHSCOPE_API_KEY" ]; then
  echo 'Set the environment variable DASHSCOPE_API_KEY.' >&2
  exit 1
fi
curl --no-buffer --silent --show-error --fail-with-body {url} \\
  --header "Authorization: Bearer $DASHSCOPE_API_KEY" \\
  --header 'Content-Type: application/json' \\
  --data '{body}'
"""


def events(old: str = "", new: str = "") -> Subject:
    """A program that shows the events of a stream as they come."""
    call = Call.parse({"protocol": "openai", "messages": [USER], "stream": True})
    request = Request.of(call, "")
    code = CURL.format(url=request.url, body=json.dumps(request.body)).replace(old, new)
    sample = Sample("curl", "openai", "http", call.region, "", "sample.sh", code, "")
    return Subject(sample, request, call=call, flow="stream")


def checked(one: Subject, folder: Path) -> list[str]:
    """What is wrong with a sample, found in this process and without namespaces."""
    server = mock.Mock(CATALOG)
    keys.let_in(server)
    runner = Runner(30)
    prepared = toolchain.prepare(one.sample.language, CATALOG, print)
    with place.rewritten(server, hosts.every_origin([one], CATALOG), 1) as there:
        bench = trial.Bench(CATALOG, there, runner, folder, None, False, trial.Known(Semaphore()))
        found = checks.check(0, one, prepared, bench).failures
    runner.close()
    return found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", None),
        ("--no-buffer", "--globoff", "does not show the text as it arrives"),
        ("--data '", "--output /dev/null --data '", "the events are not on standard output"),
        ("--fail-with-body", "--fail", "on 400: standard error does not say what the service said"),
        ("--fail-with-body", "", "on 400: exits with 0, as if all were well"),
        ("}'\n", "}' || true\n", "when the connection breaks: exits with 0"),
        ("}'\n", "}' | grep -v mock\n", "on an error in the middle of the stream: does not show"),
    ],
)
def test_events_are_shown_as_they_come(
    old: str, new: str, said: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    need_all("curl")
    monkeypatch.setattr(toolchain, "reads_answers", lambda language: language != "curl")
    found = checked(events(old, new), tmp_path)
    if said is None:
        assert found == []
    else:
        when, _, what = said.rpartition(": ")
        assert any(when in one and what in one for one in found)


# What is expected, without running anything


def says() -> Answers:
    found = protocol("openai").answers
    assert found is not None
    return found


def conversation(**fields: Any) -> list[Turn]:
    call = Call.parse({"messages": [USER], "tools": [WEATHER, TIME], **fields})
    return turns(call, "tools", builtin())


def test_turns_of_tools() -> None:
    first, second = conversation(parallel_tool_calls=True)
    assert [one.role for one in first.call.messages] == ["user"]
    assert [one.role for one in second.call.messages] == ["user", "assistant", "tool", "tool"]
    calls = first.answers[0].tool_calls
    results = second.call.messages[2:]
    assert [one.tool_call_id for one in results] == [call.id for call in calls]
    assert json.loads(str(results[0].content)) == WEATHER["returns"]
    assert results[1].content == TIME["returns"]
    assert str(TIME["returns"]) in second.answers[0].content
    assert "tools" in second.request.body
    assert "returns" not in json.dumps(second.request.body)


def test_turns_of_tools_that_never_end() -> None:
    call = Call.parse({"messages": [USER], "tools": [WEATHER]})
    found = turns(call, "tools", builtin(), "endless-tools")
    assert len(found) == MOST
    assert len({turn.answers[0].tool_calls[0].id for turn in found}) == MOST


def test_turns_of_a_chat() -> None:
    call = Call.parse({"messages": [USER], "then": "And?"})
    first, second = turns(call, "chat", builtin())
    assert [one.content for one in second.call.messages] == [
        USER["content"],
        first.answers[0].content,
        "And?",
    ]
    assert first.answers != second.answers
    assert list(texts("chat", [first, second])) == [
        f"{first.answers[0].content}\n{second.answers[0].content}\n"
    ]


@pytest.mark.parametrize("flow", ["whole", "text", "stream"])
def test_other_flows_have_one_turn(flow: str) -> None:
    call = Call.parse({"messages": [USER], "tools": [WEATHER], "then": "And?"})
    assert len(turns(call, flow, builtin())) == 1


def turn(answer: Answer, **fields: Any) -> Turn:
    call = Call.parse({"messages": [USER], **fields})
    return Turn(call, Request.of(call, ""), (answer,))


def test_what_is_exact() -> None:
    one = turn(Answer("Hi"))
    assert wrong("text", [one], "Hi\n", says()) is None
    for stdout in ("Hi", "Hi\n\n", " Hi\n", "Hi\r\n", "hi\n", "", "Hi\nHi\n"):
        assert wrong("text", [one], stdout, says()), stdout
    thinks = turn(Answer("Hi", "Hm"))
    apart = "Reasoning:\nHm\n\nAnswer:\nHi\n"
    for flow, fits in (("text", [apart]), ("stream", [apart]), ("tools", [apart, "Hi\n"])):
        assert list(texts(flow, [thinks])) in (fits, fits[::-1])
    assert list(texts("tools-stream", [thinks, thinks]))[-1] == f"Reasoning:\nHm\n\n{apart}"


def test_a_whole_answer_has_all_that_was_said() -> None:
    one = turn(Answer("", "", (ToolCall("c1", "get", '{"a": "é"}'),), "tool_calls"))
    shown = {"calls": [{"id": "c1", "name": "get", "arguments": '{"a": "é"}'}]}
    assert wrong("whole", [one], json.dumps(shown), says()) is None
    assert wrong("whole", [one], json.dumps(shown).replace("get", "got"), says())
    several = Turn(one.call, one.request, (Answer("one"), Answer("two")))
    assert wrong("whole", [several], '["one", "two"]', says()) is None
    assert wrong("whole", [several], '["one"]', says())


def test_a_beginning_is_not_the_whole() -> None:
    one = turn(Answer("Hi there", "Hm"))
    whole = "Reasoning:\nHm\n\nAnswer:\nHi there\n"
    for end in range(len(whole)):
        assert is_beginning("stream", [one], whole[:end])
    assert not is_beginning("stream", [one], whole)
    assert not is_beginning("stream", [one], "Hi")


def test_pieces_of_a_stream_are_found_in_their_order() -> None:
    events = 'data: {"a": "one \\"x"}\n\ndata: {"a": "\\u00e9nd"}'
    assert shows_pieces(events, ['one "x', "énd"])
    assert not shows_pieces(events, ["énd", 'one "x'])
    assert not shows_pieces(events, ["two"])
