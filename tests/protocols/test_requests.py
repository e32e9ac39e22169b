"""A request says all of a call: what it is parsed to is the call again."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from typing import Any

import pytest
from calls import FREE, calls, texts
from hypothesis import given, settings

from samplegen import Call, InputError
from samplegen.model.catalog import Catalog, builtin
from samplegen.protocols import protocol, protocol_ids
from samplegen.protocols.request import Request, parse


@settings(max_examples=400, deadline=None)
@given(calls())
def test_a_request_is_parsed_to_what_was_sent(call: Call) -> None:
    sent = call.sent(FREE)
    assert parse(Request.of(call, "sk-1", FREE), FREE) == sent
    # What was sent, sent again, is the same.
    assert sent.sent(FREE) == sent
    assert Request.of(sent, "sk-1", FREE) == Request.of(call, "sk-1", FREE)


@settings(max_examples=200, deadline=None)
@given(calls())
def test_the_json_form_of_any_call_comes_back(call: Call) -> None:
    assert Call.parse(json.loads(call.to_json()), FREE) == call
    assert pickle.loads(pickle.dumps(call)) == call
    assert hash(call) == hash(Call.parse(json.loads(call.to_json()), FREE))


@settings(max_examples=200, deadline=None)
@given(calls())
def test_a_body_of_either_protocol_is_a_call(call: Call) -> None:
    body = Request.of(call, "sk-1", FREE).body
    read = Call.parse({**body, "region": call.region}, FREE).sent(FREE)
    # The shape tells the protocol; where it goes, and whether it streams, DashScope's does not.
    expected = replace(call.sent(FREE), workspace=None, workspace_by=None)
    if call.protocol == "dashscope" and expected.streams:
        left = {k: v for k, v in expected.parameters.items() if k != "stream"}
        expected = replace(expected, parameters=left)  # type: ignore[arg-type]
    assert read == expected


@pytest.mark.parametrize("id", protocol_ids())
@pytest.mark.parametrize("model", ["qwen-plus", "qwen3-vl-plus"])
def test_parts_have_each_protocols_form(id: str, model: str) -> None:
    parts: list[dict[str, Any]] = [
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}, "min_pixels": 5},
        {"type": "video", "video": ["https://example.com/1.png"] * 4},
        {"type": "text", "text": "What?"},
    ]
    data = {"protocol": id, "model": model, "messages": [{"role": "user", "content": parts}]}
    body = Request.of(Call.parse(data, FREE), "k", FREE).body
    [message] = protocol(id).messages_of(body)
    dashscope = [
        {"image": "https://example.com/a.png", "min_pixels": 5},
        {"video": ["https://example.com/1.png"] * 4},
        {"text": "What?"},
    ]
    assert message["content"] == {"openai": parts, "dashscope": dashscope}[id]


def test_streams_are_a_field_or_a_header() -> None:
    data = {"messages": [{"role": "user", "content": "Hi"}], "stream": True}
    streamed = {**data, "stream_options": {"include_usage": True}}
    openai = Request.of(Call.parse(streamed), "k")
    assert openai.body["stream"] is True
    assert openai.body["stream_options"] == {"include_usage": True}
    dashscope = Request.of(Call.parse({**streamed, "protocol": "dashscope"}), "k")
    assert dashscope.headers["X-DashScope-SSE"] == "enable"
    assert dashscope.body["parameters"] == {"result_format": "message", "incremental_output": True}


def test_what_a_program_does_with_a_call_is_never_sent() -> None:
    tool = {"type": "function", "function": {"name": "f", "description": "d"}}
    data = {
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [{**tool, "returns": "secret"}],
        "then": "secret",
    }
    for id in protocol_ids():
        body = Request.of(Call.parse({**data, "protocol": id}), "k").body
        assert protocol(id).parameters_of(body)["tools"] == [tool]
        assert "secret" not in json.dumps(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"model": "m", "input": {"prompt": "x"}}, "input.messages: this field is missing"),
        (
            {"model": "m", "input": {"messages": []}, "temperature": 1},
            "temperature: in a DashScope body this stands in 'parameters'",
        ),
        (
            {
                "model": "m",
                "input": {"messages": []},
                "parameters": {"incremental_output": False},
            },
            "parameters.incremental_output: samples are written for True alone",
        ),
    ],
)
def test_what_a_dashscope_body_may_not_say(body: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Call.parse(body)


@given(texts)
def test_a_url_of_nobody_is_no_request(text: str) -> None:
    catalog: Catalog = builtin()
    request = Request("POST", f"https://example.com/{text}", {}, {"model": "m"})
    with pytest.raises(InputError):
        parse(request, catalog)
