"""Every pair of what a call may say, and of targets, at least once: a covering array."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from allpairspy import AllPairs

from samplegen import Call
from samplegen.rendering.targets import Target, targets

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": 'Weather of a "city"',
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "enum": ["Paris", "北京"]}},
            "required": ["city"],
        },
    },
}
TIME = {
    "type": "function",
    "function": {
        "name": "get-time",
        "description": "Time",
        "parameters": {"type": "object", "properties": {}},
    },
}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "person",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "age": {"type": ["integer", "null"]}},
            "required": ["name"],
            "additionalProperties": False,
        },
    },
}

SYSTEM = {"role": "system", "content": "Answer in JSON."}
USER = {"role": "user", "content": 'Who are you? $(id) "q" \\ 你好'}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png?b=1&c=$d"}}
DATA = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
ASKED = {"name": "get_weather", "arguments": '{"city": "Paris"}'}

CONVERSATIONS: dict[str, list[dict[str, Any]]] = {
    "a question": [SYSTEM, USER],
    "turns": [SYSTEM, USER, {"role": "assistant", "content": "A model."}, USER],
    "an image": [SYSTEM, {"role": "user", "content": [IMAGE, {"type": "text", "text": "What?"}]}],
    "images": [
        SYSTEM,
        {"role": "user", "content": [IMAGE, DATA, {"type": "text", "text": "What?"}]},
        {"role": "assistant", "content": "Two."},
        USER,
    ],
    "a tool's result": [
        SYSTEM,
        USER,
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": ASKED}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny\n"},
    ],
    "tools' results": [
        SYSTEM,
        USER,
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": ASKED},
                {"id": "call_2", "type": "function", "function": ASKED},
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
        {"role": "tool", "tool_call_id": "call_2", "content": '{"c": 1}'},
    ],
}

# What goes together: each of these is one value of the covering array.
TALKS = [
    ("qwen-plus", "a question"),
    ("qwen-plus", "turns"),
    ("qwen-plus", "a tool's result"),
    ("qwen-plus", "tools' results"),
    ("qwen3-vl-plus", "a question"),
    ("qwen3-vl-plus", "an image"),
    ("qwen3-vl-plus", "images"),
    ("qwen3-8b", "a question"),
    ("qwen3-8b", "tools' results"),
]
FORCED = {"type": "function", "function": {"name": "get_weather"}}

# The fields that a call has beside, by what they are about.
FIELDS: dict[str, list[dict[str, Any]]] = {
    "temperature": [{}, {"temperature": 0.2}, {"temperature": 1}, {"temperature": 0}],
    "top_p": [{}, {"top_p": 0.8}],
    "top_k": [{}, {"top_k": 5}, {"top_k": None}],
    "max_tokens": [{}, {"max_tokens": 100}],
    "seed": [{}, {"seed": 7}],
    "stop": [{}, {"stop": "END"}, {"stop": ["END", "\n\n"]}],
    "penalties": [{}, {"presence_penalty": 0.5}, {"repetition_penalty": 1.05}],
    "n": [{}, {"n": 1}],
    "format": [{}, {"response_format": {"type": "json_object"}}, {"response_format": SCHEMA}],
    "thinking": [{}, {"enable_thinking": False}],
    "search": [
        {},
        {"enable_search": True},
        {"enable_search": True, "search_options": {"forced_search": True}},
    ],
    "tools": [
        {},
        {"tools": [TOOL]},
        {"tools": [TOOL, TIME], "tool_choice": "auto"},
        {"tools": [TOOL], "tool_choice": "none"},
        {"tools": [TOOL], "tool_choice": FORCED},
        {"tools": [TOOL, TIME], "parallel_tool_calls": True},
    ],
    "further": [
        {},
        {"x_further": {"a": [1, 2.5, True, {"b": "c"}]}},
        {"x_further": '$text "q"', "x_2": 12345678901},
    ],
}


class Kind(NamedTuple):
    """A call, and the target that it is for."""

    target: Target
    call: Call

    @property
    def name(self) -> str:
        said = " ".join(self.call.parameters)
        return f"{self.target.name}: {self.call.model}, {len(self.call.messages)} messages, {said}"


@cache
def covering() -> list[Kind]:
    """The calls that have each pair of values at least once."""
    values: list[list[Any]] = [[*targets()], TALKS, *FIELDS.values()]
    return [_kind(*row) for row in AllPairs(values)]


# What a call says for a flow to be shown, and the ways that it may say it.
WEATHER = {**TOOL, "returns": {"sky": 'clear "晴"', "degrees": [21, 9.5]}}
NOON = {**TIME, "returns": "noon\u2028正午\n"}
BY_FLOW: dict[str, dict[str, Any]] = {
    "whole": {},
    "text": {},
    "json": {"response_format": {"type": "json_object"}},
    "stream": {"stream": True},
    "tools": {"tools": [WEATHER, NOON]},
    "tools-stream": {"tools": [WEATHER, NOON], "stream": True},
    "chat": {"then": 'And why? $(id) "q"'},
}
FLOW_TALKS = [
    *(("qwen-plus", name) for name in ("a question", "turns", "tools' results")),
    *(("qwen3-vl-plus", name) for name in ("an image", "images")),
    ("qwen3-8b", "a question"),
]
FLOW_FIELDS: dict[str, list[dict[str, Any]]] = {
    "sampling": [{}, {"temperature": 0, "top_p": 0.8}, {"seed": 7, "max_tokens": 1000}],
    "further": [{}, {"x_further": {"a": [1, 2.5, True, {"b": "c"}]}}],
    "parallel": [{}, {"parallel_tool_calls": True}],
    "usage": [{}, {"stream_options": {"include_usage": True}}],
}


class Shown(NamedTuple):
    """A call, its target, and the flow that is to show it."""

    target: Target
    flow: str
    call: Call

    @property
    def name(self) -> str:
        said = " ".join(self.call.parameters)
        return f"{self.target.name} {self.flow}: {self.call.model}, {said}"


@cache
def covering_flows() -> list[Shown]:
    """The calls of all flows that have each pair of values at least once."""
    values: list[list[Any]] = [[*targets()], [*BY_FLOW], FLOW_TALKS, *FLOW_FIELDS.values()]
    return [_shown(*row) for row in AllPairs(values)]


def _shown(target: Target, flow: str, talk: tuple[str, str], *fields: dict[str, Any]) -> Shown:
    model, conversation = talk
    said = {name: value for field in fields for name, value in field.items()} | BY_FLOW[flow]
    if "tools" not in said:
        said.pop("parallel_tool_calls", None)
    # Only what streams may ask for its usage.
    if flow not in ("stream", "tools-stream"):
        said.pop("stream_options", None)
    messages = CONVERSATIONS[conversation]
    data = {"protocol": target.protocol, "model": model, "messages": messages, **said}
    return Shown(target, flow, Call.parse(data))


def _kind(target: Target, talk: tuple[str, str], *fields: dict[str, Any]) -> Kind:
    model, conversation = talk
    said = {name: value for field in fields for name, value in field.items()}
    if said.get("response_format") is SCHEMA and model != "qwen-plus":
        # Others have no schema.
        said["response_format"] = {"type": "text"}
    messages = CONVERSATIONS[conversation]
    data = {"protocol": target.protocol, "model": model, "messages": messages, **said}
    return Kind(target, Call.parse(data))
