"""A call is read back from samples as it was rendered into them, and from those of others."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tree_sitter")

from kinds import IMAGE, SCHEMA, TIME, TOOL, Kind, covering

from samplegen.errors import InputError
from samplegen.languages import language_ids
from samplegen.model.call import Call, Message
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request, endpoint
from samplegen.readback import ReadCall, Value, call_of, readback
from samplegen.rendering.sample import render
from samplegen.rendering.targets import Target, targets

HOSTILE = [
    "quotes \" ' ` and \\ backslashes \\n \\u0041",
    "two\nlines\r\n\ttab",
    "${x} $(id) {$x} {{ x }} #{x} %s {0} $x `id`",
    "*/ // # <!-- ?> \"\"\" ''' EOF\nEOF\n",
    "漢字 ✓ 👩‍💻 \u202e \u2028 é",
    '{"model": "other", "messages": []}',
    " leading and trailing ",
]


def ids(target: Target) -> str:
    return f"{target.protocol}-{target.language}-{target.client}"


def plain(value: Value | None) -> Any:
    return None if value is None else value.value


def conversation(read: ReadCall) -> list[tuple[Any, Any]]:
    return [(plain(message.role), plain(message.content)) for message in read.messages]


def check(call: Call, target: Target, locale: str = "en") -> ReadCall:
    """The sample of a call says the call."""
    code = render(call, target.language, target.client, locale=locale).code
    read = readback(target.language, code)
    place = endpoint(call.protocol, call.region, call.model, call.workspace, builtin())
    body: Any = Request.of(call, "key").body
    assert (read.protocol, read.client) == (call.protocol, target.client)
    if target.client == "sdk":
        assert (plain(read.base_url), read.url) == (place.base_url, None)
    else:
        assert (plain(read.url), read.base_url) == (place.url, None)
        assert plain(read.method) == "POST"
        assert plain(read.headers["Authorization"]) == "Bearer ${DASHSCOPE_API_KEY}"
    assert plain(read.model) == call.model
    sent = body.get("messages") or body["input"]["messages"]
    assert conversation(read) == [(one["role"], one["content"]) for one in sent]
    options = body.get("parameters", {}) | {
        name: value
        for name, value in body.items()
        if name not in ("model", "messages", "input", "parameters")
    }
    assert {name: value.value for name, value in read.options.items()} == options
    assert all(type(read.options[name].value) is type(value) for name, value in options.items())
    assert read.key_env is not None and read.key_env.name == builtin().provider.key_env
    assert code[read.key_env.start : read.key_env.end].strip("\"'") == read.key_env.name
    assert read.key_literal is None and read.stream is None
    assert not read.broken and not read.broken_json and read.complete
    check_places(read, code)
    return read


def check_places(read: ReadCall, code: str) -> None:
    """Each value's place is where its source stands."""
    for value in (read.model, read.url, read.base_url):
        if value is not None and value.known:
            source = code[value.start : value.end]
            assert str(value.value) in source and source[0] in "\"'`@$" and source[-1] in "\"'`"
    for message in read.messages:
        assert message.start < message.end <= len(code)
        for part in (message.role, message.content):
            assert part is None or message.start <= part.start < part.end <= message.end
    for comment in read.comments:
        assert comment.text in code[comment.start : comment.end]
        assert code.startswith(comment.code, comment.code_start)


def call_for(target: Target, **given: Any) -> Call:
    return Call(protocol=target.protocol, **given)


@pytest.mark.parametrize("locale", ["en", "ja", "zh"])
@pytest.mark.parametrize("region", [name for name, r in builtin().regions.items() if r.host])
@pytest.mark.parametrize("target", targets(), ids=ids)
def test_a_rendered_sample_says_its_call(target: Target, region: str, locale: str) -> None:
    check(call_for(target, region=region), target, locale)


@pytest.mark.parametrize("model", ["qwen3.5-plus", "qwen3-8b", "qwen-max"])
@pytest.mark.parametrize("target", targets(), ids=ids)
def test_other_models_and_a_workspace(target: Target, model: str) -> None:
    check(call_for(target, model=model, region="frankfurt", workspace="ws-1"), target)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("target", targets(), ids=ids)
def test_any_text_is_read_as_it_was_written(target: Target, text: str) -> None:
    messages = (
        Message("system", text),
        Message("user", "Hello"),
        Message("assistant", text + text),
        Message("user", "x" * 200 + text),
    )
    check(call_for(target, messages=messages), target)


@pytest.mark.parametrize("target", targets(), ids=ids)
def test_a_note_speaks_of_the_line_below_it(target: Target) -> None:
    read = check(call_for(target), target)
    assert [one for one in read.comments if "is not set" in one.text and "API_KEY" in one.code]


# Every kind of call, in every flow.

ASKED: list[dict[str, Any]] = [{"role": "user", "content": 'What is "1 + 1"? Answer in JSON.'}]
RETURNS = {**TOOL, "returns": {"sunny": True, "t": 21.5}}
SEEN: list[dict[str, Any]] = [{"role": "user", "content": [IMAGE, {"type": "text", "text": "?"}]}]

# What goes with each flow: the fields of calls that are shown in it.
FLOWS: dict[str, list[dict[str, Any]]] = {
    "whole": [{}, {"temperature": 0.5, "top_k": 3, "enable_thinking": False}],
    "text": [{"max_tokens": 5, "stop": ["END"]}, {"model": "qwen3-vl-plus", "messages": SEEN}],
    "json": [{"response_format": {"type": "json_object"}}, {"response_format": SCHEMA}],
    "stream": [
        {"stream": True},
        {"stream": True, "enable_thinking": True, "thinking_budget": 50},
        {"stream": True, "stream_options": {"include_usage": True}, "seed": 7},
        {"stream": True, "model": "qwen3-vl-plus", "messages": SEEN},
    ],
    "tools": [{"tools": [RETURNS]}, {"tools": [RETURNS, TIME], "parallel_tool_calls": True}],
    "tools-stream": [{"tools": [RETURNS], "stream": True}],
    "chat": [{"then": "Why?"}, {"then": "Why?", "temperature": 0.5}],
}


def flows() -> list[Any]:
    return [
        pytest.param(target, flow, number, id=f"{ids(target)}-{flow}-{number}")
        for target in targets()
        for flow in target.flows
        for number in range(len(FLOWS[flow]))
    ]


def says(call: Call, target: Target, flow: str | None = None) -> ReadCall:
    """The sample of a call says the call, and nothing else."""
    code = render(call, target.language, target.client, flow=flow).code
    read = readback(target.language, code)
    assert call_of(read) == call.sent(), code
    assert (read.client, read.api, read.gaps, read.guessed) == (target.client, "chat", (), False)
    assert not read.broken and not read.broken_json
    return read


@pytest.mark.parametrize(("target", "flow", "number"), flows())
def test_every_flow_says_its_call(target: Target, flow: str, number: int) -> None:
    fields = FLOWS[flow][number]
    asked = {"protocol": target.protocol, "model": "qwen-plus", "messages": ASKED, **fields}
    read = says(Call.parse(asked), target, flow)
    assert all(one.api == "chat" for one in read.others)


def test_there_are_calls_for_every_flow() -> None:
    assert set(FLOWS) == {flow for target in targets() for flow in target.flows}


@pytest.mark.parametrize("kind", covering(), ids=lambda kind: kind.name)
def test_every_kind_of_call_is_read(kind: Kind) -> None:
    try:
        render(kind.call, kind.target.language, kind.target.client)
    except InputError:
        # What an SDK cannot send: `tests/rendering/test_kinds.py` lists it.
        return
    says(kind.call, kind.target)


@pytest.mark.parametrize("way", ["host", "header", "key"])
@pytest.mark.parametrize("target", targets(), ids=ids)
def test_a_workspace_is_read(target: Target, way: str) -> None:
    given = {"workspace": "ws-1"} if way != "key" else {}
    messages = [{"role": "user", "content": "Hi"}]
    asked = {"protocol": target.protocol, "messages": messages, "workspace_by": way, **given}
    says(Call.parse(asked), target)


def cases() -> list[Any]:
    """The samples in other styles: `=== protocol client {what else they say}`, then the code."""
    found = []
    for path in sorted(Path(__file__).with_name("readback").glob("*.txt")):
        parts = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for number, (head, code) in enumerate(zip(parts[1::2], parts[2::2], strict=True), 1):
            protocol, client, *more = head.split(" ", 2)
            said = json.loads(more[0]) if more else {}
            name = f"{path.stem}-{number}"
            found.append(pytest.param(path.stem, protocol, client, said, code, id=name))
    return found


@pytest.mark.parametrize(("language", "protocol", "client", "said", "code"), cases())
def test_samples_in_other_styles(
    language: str, protocol: str, client: str, said: dict[str, Any], code: str
) -> None:
    read = readback(language, code)
    facts = builtin().protocols[protocol]
    base = "https://h.example" + facts.base_path
    assert (read.protocol, read.client) == (protocol, client)
    if client == "sdk":
        assert plain(read.base_url) == base
    else:
        assert plain(read.url) == base + facts.paths["text"]
    assert plain(read.model) == "m"
    wanted = [tuple(message) for message in said.get("messages", [["user", "Hi"]])]
    assert [(role or "user", text) for role, text in conversation(read)] == wanted
    assert {name: value.value for name, value in read.options.items()} == said.get("options", {})
    assert plain(read.stream) == said.get("stream")
    assert read.key_env is not None and read.key_env.name == "K"
    assert code[read.key_env.start : read.key_env.end].strip("\"'") == "K"


@pytest.mark.parametrize("language", language_ids())
@pytest.mark.parametrize(
    "text",
    [
        "", "\0", "\0" * 1000, "(" * 1000, "f(" * 2000, "[" * 1000 + "]" * 1000, '"' * 999,
        "a.b" * 1000, "x = x + x\n" * 500, "}{)(" * 500, "\ud800", "\U0001f600" * 100,
        '"""', "'", "`${", "<?php ", "curl", "curl -H", "curl -d '{", "#", "/*", "$x[] = $x;" * 99,
        "if (" * 1000, "{" * 1000, "a(b)." * 1000, "-" * 1000, "new " * 1000, "\r\n\r",
    ],
)  # fmt: skip
def test_nothing_is_too_odd_to_be_read(language: str, text: str) -> None:
    started = time.monotonic()
    read = readback(language, text)
    assert read.model is None and not read.messages
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("target", targets(), ids=ids)
def test_a_sample_that_ends_early_is_read_as_far_as_it_goes(target: Target) -> None:
    code = render(call_for(target), target.language, target.client).code
    for end in range(0, len(code), 97):
        readback(target.language, code[:end])


def test_a_text_that_is_too_long_is_not_read() -> None:
    assert not readback("python", "x" * 3_000_000).complete


def test_an_unknown_language() -> None:
    with pytest.raises(InputError, match="unknown language 'pyhton'"):
        readback("pyhton", "")


def test_python_in_notebooks_has_lines_for_ipython_and_a_shell() -> None:
    code = (
        "%pip install 'openai>=1' \\\n    requests\n!export A=b é\nimport os\n"
        'text = """\n%s is\n!important"""\nprint(os.getenv("A") %b)\nx = !\n'
    )
    read = readback("python", code)
    assert [one.name for one in read.imports] == ["os"]
    assert {code[: one.start].count("\n") for one in read.broken} == {8}
