"""The model of a call, and the request that it becomes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplegen import Call, InputError, Message
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request

USER: list[Any] = [{"role": "user", "content": "Hi"}]


def test_the_defaults_are_the_catalogs() -> None:
    call, defaults = Call(), builtin().defaults
    assert (call.protocol, call.region, call.model) == ("openai", "singapore", defaults.model)
    assert [message.role for message in call.messages] == ["system", "user"]
    assert call.workspace is None


def test_a_call_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Call().region = "beijing"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"mesages": []}, "unknown field 'mesages': did you mean 'messages'?"),
        ({"messages": []}, "no messages"),
        ({"messages": "Hi"}, 'messages: a list is expected, not "Hi"'),
        (
            {"messages": [{"role": "bot", "content": "Hi"}]},
            r"messages\[0\].role: 'system', 'user', 'assistant' or 'tool' is expected, not \"bot\"",
        ),
        ({"messages": [{"role": "user"}]}, r"messages\[0\].content: this field is missing"),
        ({"messages": [{"role": "user", "content": 1}]}, r"messages\[0\].content: .*not 1"),
        ({"messages": [{"role": "user", "content": "a", "contnt": 1}]}, "did you mean 'content'"),
        (
            {"messages": [{"role": "user", "content": []}]},
            r"messages\[0\].content: is an empty list",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image", "image": "u"}]}]},
            r"content\[0\]: unknown type of part 'image': did you mean 'image_url'",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "u"}]}]},
            r"content\[0\].image_url: an object is expected, not \"u\"",
        ),
        (
            {"messages": [{"role": "tool", "content": "a"}]},
            r"messages\[0\].tool_call_id: this field",
        ),
        (
            {"messages": [{"role": "user", "content": "a", "tool_call_id": "c"}]},
            "only a message of role 'tool' has it",
        ),
        (
            {"messages": [{"role": "assistant", "tool_calls": [{"id": 1, "type": "function"}]}]},
            r"tool_calls\[0\].id: a string is expected, not 1; .*function: this field is missing",
        ),
        ({"extra_body": {"top_k": 1}}, "extra_body: a call has no such field"),
        ({"model": 1, "region": 2}, "model: a string is expected, not 1; region|region: .*; model"),
        ({"messages": [{"role": "user", "content": "a\ud800"}]}, "U\\+D800 at character 2"),
        ({"model": ""}, "the model is empty"),
        ({"model": " "}, "the model is empty"),
        ({"model": "\udfff"}, "unpaired surrogate"),
        ({"model": None}, "model: a string is expected, not null"),
        ({"protocol": "grpc"}, "protocol: 'openai' or 'dashscope' is expected, not \"grpc\""),
        ({"region": 1}, "region: .*not 1"),
        ({"workspace": 1}, "workspace: .*not 1"),
        ([], r"a call is an object, .* not \[\]"),
        (None, "not null"),
    ],
)
def test_what_a_call_refuses(data: Any, message: str) -> None:
    with pytest.raises(InputError, match=f"^call.json: .*{message}"):
        Call.parse(data, where="call.json")


@pytest.mark.parametrize("field", ["protocol", "region", "model", "messages", "workspace"])
def test_the_constructor_refuses_what_parse_refuses(field: str) -> None:
    with pytest.raises(InputError, match=f"^{field}: "):
        Call(**{field: 5})  # type: ignore[arg-type]


def test_the_constructor_converts_plain_data() -> None:
    call = Call(messages=[{"role": "user", "content": "Hi"}])  # type: ignore[arg-type]
    assert call.messages == (Message("user", "Hi"),)


texts = st.text(st.characters(exclude_categories=["Cs"]))
calls = st.builds(
    Call,
    protocol=st.sampled_from(["openai", "dashscope"]),
    region=st.sampled_from(list(builtin().regions)),
    model=texts.filter(str.strip),
    messages=st.lists(
        st.builds(Message, st.sampled_from(["system", "user", "assistant"]), texts), min_size=1
    ).map(tuple),
    workspace=st.none() | texts,
)


@given(calls)
def test_the_json_form_comes_back(call: Call) -> None:
    assert Call.parse(json.loads(call.to_json())) == call


def test_the_json_form_is_what_the_docs_say() -> None:
    call = Call(region="beijing", messages=(Message("user", "é"),))
    assert call.to_json() == (
        '{"protocol": "openai", "region": "beijing", "model": "' + call.model + '", '
        '"messages": [{"role": "user", "content": "\\u00e9"}]}'
    )


def test_an_openai_request() -> None:
    request = Request.of(Call.parse({"messages": USER}), "sk-1")
    host = builtin().regions["singapore"].host
    assert request == Request(
        "POST",
        f"https://{host}/compatible-mode/v1/chat/completions",
        {"Authorization": "Bearer sk-1", "Content-Type": "application/json"},
        {"model": builtin().defaults.model, "messages": USER},
    )


def test_a_dashscope_request() -> None:
    request = Request.of(Call.parse({"protocol": "dashscope", "messages": USER}), "sk-1")
    assert request.url.endswith("/api/v1/services/aigc/text-generation/generation")
    assert request.body == {
        "model": builtin().defaults.model,
        "input": {"messages": USER},
        "parameters": {"result_format": "message"},
    }


def test_a_multimodal_model_has_its_own_endpoint_and_form() -> None:
    data = {"protocol": "dashscope", "model": "qwen3-vl-plus", "messages": USER}
    request = Request.of(Call.parse(data), "sk-1")
    assert request.url.endswith("/services/aigc/multimodal-generation/generation")
    assert request.body == {
        "model": "qwen3-vl-plus",
        "input": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
    }


@pytest.mark.parametrize(
    ("model", "kind", "options"),
    [
        ("qwen-plus", "text", {}),
        ("qwen-max-latest", "text", {}),
        ("qwen3-max", "text", {}),
        ("qwen3-coder-plus", "text", {}),
        ("anything-else", "text", {}),
        ("qwen3-8b", "text", {"enable_thinking": False}),
        ("qwen3-235b-a22b", "text", {"enable_thinking": False}),
        ("qwen3-235b-a22b-instruct-2507", "text", {}),
        ("qwen-vl-max", "multimodal", {}),
        ("qwen2.5-vl-72b-instruct", "multimodal", {}),
        ("qwen3-vl-plus", "multimodal", {}),
        ("qwen-vl-ocr", "multimodal", {}),
        ("qwen-audio-turbo", "multimodal", {}),
        ("qwen3.5-plus", "multimodal", {}),
        ("qwen3.6-plus", "multimodal", {}),
        ("qwen3.7-plus", "multimodal", {}),
    ],
)
def test_model_families(model: str, kind: str, options: dict[str, bool]) -> None:
    family = builtin().family(model)
    assert (family.kind, family.options) == (kind, options)


@pytest.mark.parametrize(
    "model", ["qwq-plus", "qvq-max", "qwen3-235b-a22b-thinking-2507", "qwen-omni-turbo"]
)
def test_a_model_that_only_streams_is_refused(model: str) -> None:
    with pytest.raises(InputError, match="answers only as a stream"):
        Request.of(Call(model=model), "k")


def test_a_model_that_must_not_think_is_told_so() -> None:
    openai = Request.of(Call(model="qwen3-8b"), "k").body
    assert openai["enable_thinking"] is False
    dashscope = Request.of(Call(protocol="dashscope", model="qwen3-8b"), "k").body
    assert dashscope["parameters"] == {"result_format": "message", "enable_thinking": False}


def test_a_call_of_plain_strings_needs_no_pydantic() -> None:
    code = """
import sys
from samplegen import Call, Message, render
render(Call(region="beijing", messages=(Message("user", "Hi"),)), "go")
assert "pydantic" not in sys.modules, "pydantic was imported"
"""
    subprocess.run([sys.executable, "-c", code], check=True)
