"""What the mock answers to every kind of call, and what it refuses in the service's words."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from samplegen import Call, InputError
from samplegen.model.catalog import Family, builtin
from samplegen.protocols import protocol
from samplegen.protocols.base import texts_in
from samplegen.protocols.request import Request
from samplegen.verify.mock import (
    ANSWER,
    BEHAVIOURS,
    REASONING,
    Behaviour,
    Mock,
    answers,
    judge,
    serve,
)
from samplegen.verify.mock.answer import ODD, TOLD
from samplegen.verify.mock.schema import instance, matching

MULTIMODAL = "qwen-vl-plus"

CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
    "required": ["city"],
}
WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Weather", "parameters": CITY},
    "returns": {"temperature": 21, "sky": "clear, 晴"},
}
TIME = {"type": "function", "function": {"name": "get_time", "description": "Time"}}


# Models that think when they are told to, in whole answers, too.
HYBRID = Family("hybrid", ["hybrid-*"], thinking="off")
CATALOG = replace(builtin(), families=[HYBRID, *builtin().families])


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    mock = Mock(CATALOG)
    for behaviour in BEHAVIOURS:
        mock.expect(f"sk-{behaviour}", behaviour)
    with serve(mock) as [(_, port)]:
        yield port


class Asked:
    """A request that was made, and the answer to it."""

    def __init__(self, port: int, call: Call, behaviour: Behaviour) -> None:
        request = Request.of(call, f"sk-{behaviour}", CATALOG)
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        path = "/" + request.url.split("/", 3)[3]
        client.request("POST", path, json.dumps(request.body), request.headers)
        answer = client.getresponse()
        self.protocol = call.protocol
        self.status, self.body = answer.status, answer.read()
        self.type = answer.getheader("content-type", "")
        client.close()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def choices(self) -> list[Any]:
        assert self.status == 200, self.body
        found: list[Any] = self.json["choices" if self.protocol == "openai" else "output"]
        return found if self.protocol == "openai" else found["choices"]  # type: ignore[call-overload]

    @property
    def message(self) -> Any:
        return self.choices[0]["message"]

    @property
    def chunks(self) -> list[Any]:
        assert self.status == 200, self.body
        assert self.type.startswith("text/event-stream")
        lines = [line.strip(b"\r") for line in self.body.split(b"\n")]
        lines = [line for line in lines if line.startswith(b"data:")]
        return [json.loads(line[5:]) for line in lines if line != b"data: [DONE]"]

    @property
    def deltas(self) -> list[Any]:
        """What each chunk brings, where it brings anything."""
        if self.protocol == "openai":
            return [chunk["choices"][0]["delta"] for chunk in self.chunks if chunk["choices"]]
        return [chunk["output"]["choices"][0]["message"] for chunk in self.chunks]

    @property
    def complaint(self) -> tuple[int, str, str]:
        data = self.json
        error = data.get("error", data)
        return self.status, error["code"], error["message"]


Ask = Callable[..., Asked]


@pytest.fixture(params=["openai", "dashscope"])
def ask(port: int, request: pytest.FixtureRequest) -> Ask:
    """Make a call in both protocols."""

    def ask(*messages: Any, behaviour: Behaviour = "answer", **fields: Any) -> Asked:
        said = [*messages] or [{"role": "user", "content": "Who are you? Say it in JSON."}]
        data = {"protocol": request.param, "messages": said, **fields}
        return Asked(port, Call.parse(data), behaviour)

    return ask


def content_of(message: Any) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


# Whole answers


def test_several_answers(ask: Ask) -> None:
    asked = ask(n=3)
    texts = [content_of(choice["message"]) for choice in asked.choices]
    assert texts == [ANSWER, f"{ANSWER} [2]", f"{ANSWER} [3]"]
    assert [choice["index"] for choice in asked.choices] == [0, 1, 2]


@pytest.mark.parametrize("most", [1, 10, len(ANSWER) - 1])
def test_an_answer_is_no_longer_than_it_may_be(ask: Ask, most: int) -> None:
    asked = ask(max_tokens=most)
    assert asked.message["content"] == ANSWER[:most]
    assert asked.choices[0]["finish_reason"] == "length"
    usage = asked.json["usage"]
    assert most in (usage.get("completion_tokens"), usage.get("output_tokens"))
    assert ask(max_tokens=len(ANSWER)).choices[0]["finish_reason"] == "stop"


@pytest.mark.parametrize("stop", ["they", ["mod", "they"], ["nowhere", "they"]])
def test_an_answer_ends_where_it_has_to(ask: Ask, stop: object) -> None:
    assert ask(stop=stop).message["content"] == ANSWER.partition("they")[0]


def test_json_mode(ask: Ask) -> None:
    asked = ask(response_format={"type": "json_object"})
    assert json.loads(asked.message["content"]) == {"answer": ANSWER, "certain": True}
    no_json = ask(response_format={"type": "json_object"}, behaviour="no-json")
    assert no_json.message["content"] == ANSWER


def test_json_schema(ask: Ask) -> None:
    schema = {**CITY, "additionalProperties": False}
    form = {
        "type": "json_schema",
        "json_schema": {"name": "city", "strict": True, "schema": schema},
    }
    value = json.loads(ask(response_format=form).message["content"])
    jsonschema.validate(value, schema)
    assert value.keys() == {"city", "days"}


def test_a_conversation_goes_on(ask: Ask) -> None:
    user, said = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": ANSWER}
    assert ask(user).message["content"] == ANSWER
    assert ask(user, said, user).message["content"] == f"{ANSWER} (2)"
    assert ask(user, said, user, said, user).message["content"] == f"{ANSWER} (3)"


def test_reasoning_is_told_apart(ask: Ask) -> None:
    asked = ask(enable_thinking=True, model="hybrid-1")
    assert asked.message["reasoning_content"] == REASONING
    assert asked.message["content"] == ANSWER
    assert "reasoning_content" not in ask().message
    usage = asked.json["usage"]
    assert len(ANSWER) + len(REASONING) in usage.values()
    details = usage.get("completion_tokens_details") or usage["output_tokens_details"]
    assert details == {"reasoning_tokens": len(REASONING)}
    assert not set(REASONING.split()) & set(ANSWER.split())


# Tools


def results(asked: Asked, *texts: str) -> list[dict[str, object]]:
    """What goes back: the message that calls tools, and the results."""
    calls = asked.message["tool_calls"]
    return [
        {"role": "assistant", "content": None, "tool_calls": calls},
        *(
            {"role": "tool", "tool_call_id": call["id"], "content": text}
            for call, text in zip(calls, texts, strict=True)
        ),
    ]


USER = {"role": "user", "content": "What is the weather?"}


@pytest.mark.parametrize("model", ["qwen-plus", MULTIMODAL])
def test_tools_are_called_and_their_results_come_back(ask: Ask, model: str) -> None:
    first = ask(USER, tools=[WEATHER, TIME], model=model)
    assert first.choices[0]["finish_reason"] == "tool_calls"
    [call] = first.message["tool_calls"]
    assert call["function"]["name"] == "get_weather"
    jsonschema.validate(json.loads(call["function"]["arguments"]), CITY)
    assert content_of(first.message) == ""
    second = ask(USER, *results(first, "21 degrees, 晴"), tools=[WEATHER, TIME], model=model)
    assert content_of(second.message) == f"{TOLD}\n21 degrees, 晴"
    assert second.choices[0]["finish_reason"] == "stop"


def test_tools_are_called_side_by_side(ask: Ask) -> None:
    first = ask(USER, tools=[WEATHER, TIME], parallel_tool_calls=True)
    calls = first.message["tool_calls"]
    assert [call["function"]["name"] for call in calls] == ["get_weather", "get_time"]
    assert [call["index"] for call in calls] == [0, 1]
    assert len({call["id"] for call in calls}) == 2
    second = ask(USER, *results(first, "warm", "late"), tools=[WEATHER, TIME])
    assert content_of(second.message) == f"{TOLD}\nwarm\nlate"


def test_the_same_call_has_the_same_id_and_another_another(ask: Ask) -> None:
    [first], [again] = (ask(USER, tools=[WEATHER]).message["tool_calls"] for _ in range(2))
    assert first == again
    [later] = ask(USER, {"role": "assistant", "content": "Hm"}, USER, tools=[WEATHER]).message[
        "tool_calls"
    ]
    assert later["id"] != first["id"]


def test_a_choice_of_tools(ask: Ask) -> None:
    assert ask(USER, tools=[WEATHER], tool_choice="none").message["content"] == ANSWER
    choice = {"type": "function", "function": {"name": "get_time"}}
    [call] = ask(USER, tools=[WEATHER, TIME], tool_choice=choice).message["tool_calls"]
    assert call["function"] == {"name": "get_time", "arguments": "{}"}


def test_with_tools_there_is_one_answer(ask: Ask) -> None:
    assert len(ask(USER, tools=[WEATHER], tool_choice="none", n=3).choices) == 1


def test_tools_that_go_wrong(ask: Ask) -> None:
    [call] = ask(USER, tools=[WEATHER], behaviour="unknown-tool").message["tool_calls"]
    assert call["function"]["name"] == "no_such_tool"
    first = ask(USER, tools=[WEATHER], behaviour="bad-arguments")
    [call] = first.message["tool_calls"]
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(call["function"]["arguments"])
    again = ask(USER, *results(first, "x"), tools=[WEATHER], behaviour="endless-tools")
    assert again.message["tool_calls"][0]["id"] != call["id"]


# Streams


def joined(asked: Asked, field: str = "content") -> str:
    if field == "content":
        return "".join(content_of(delta) if delta["content"] else "" for delta in asked.deltas)
    return "".join(delta.get(field) or "" for delta in asked.deltas)


def test_a_stream_with_reasoning(ask: Ask) -> None:
    asked = ask(enable_thinking=True, model="hybrid-1", stream=True)
    assert joined(asked) == ANSWER
    assert joined(asked, "reasoning_content") == REASONING
    thinking = [delta for delta in asked.deltas if delta.get("reasoning_content")]
    assert not any(delta["content"] for delta in thinking)
    speaking = [delta for delta in asked.deltas if delta["content"]]
    # One protocol says null of what is not there, the other an empty text.
    nothing = None if asked.protocol == "openai" else ""
    assert {delta["reasoning_content"] for delta in speaking} == {nothing}
    assert "reasoning_content" not in ask(stream=True).deltas[1]


@pytest.mark.parametrize("model", ["qwen-plus", MULTIMODAL])
def test_a_stream_of_tool_calls(ask: Ask, model: str) -> None:
    fields = {"tools": [WEATHER, TIME], "parallel_tool_calls": True, "model": model}
    whole = ask(USER, **fields).message["tool_calls"]
    asked = ask(USER, **fields, stream=True)
    ids: dict[int, list[str]] = {}
    made: dict[int, dict[str, str]] = {}
    for delta in asked.deltas:
        for call in delta.get("tool_calls", ()):
            ids.setdefault(call["index"], []).append(call["id"])
            function = made.setdefault(call["index"], {"name": "", "arguments": ""})
            for name in function:
                function[name] += call["function"].get(name) or ""
    assert [made[0], made[1]] == [call["function"] for call in whole]
    repeats = asked.protocol == "openai" and model == MULTIMODAL
    for number, call in enumerate(whole):
        first, *rest = ids[number]
        assert first == call["id"]
        assert set(rest) == {first if repeats else ""}
    finishes = [
        choice["finish_reason"]
        for chunk in asked.chunks
        for choice in chunk.get("choices") or chunk["output"]["choices"]
    ]
    assert finishes[-1] == "tool_calls"
    assert set(finishes[:-1]) == {None if asked.protocol == "openai" else "null"}


def test_multimodal_streams_have_lists(port: int) -> None:
    call = Call.parse({"protocol": "dashscope", "model": MULTIMODAL, "stream": True, **SAID})
    contents = [delta["content"] for delta in Asked(port, call, "answer").deltas]
    assert all(isinstance(content, list) for content in contents)
    call = Call.parse({**call.as_json(), "tools": [WEATHER]})
    assert Asked(port, call, "answer").deltas[0]["content"] == []


SAID: dict[str, Any] = {"messages": [USER]}


def test_usage_comes_last_where_it_is_asked_for(ask: Ask) -> None:
    asked = ask(stream=True, stream_options={"include_usage": True})
    whole = ask().json["usage"]
    assert asked.chunks[-1]["usage"] == whole
    if asked.protocol == "openai":
        assert asked.chunks[-1]["choices"] == []


def test_several_answers_in_one_stream(ask: Ask) -> None:
    asked = ask(stream=True, n=2)
    texts = {0: "", 1: ""}
    for chunk in asked.chunks:
        for choice in chunk.get("choices") or chunk["output"]["choices"]:
            message = choice.get("delta") or choice["message"]
            texts[choice["index"]] += content_of(message) if message["content"] else ""
    assert texts == {0: ANSWER, 1: f"{ANSWER} [2]"}


def test_an_error_in_mid_stream(ask: Ask) -> None:
    asked = ask(stream=True, behaviour="stream-error")
    *before, last = asked.chunks
    if asked.protocol == "openai":
        assert last["error"]["code"] == "internal_error"
        assert b"[DONE]" not in asked.body
    else:
        assert last["code"] == "InternalError"
        assert b"\nevent:error\n:HTTP_STATUS/500\n" in asked.body
    said = protocol(asked.protocol).answers
    assert said is not None
    text = "".join(map(said.text_of, before))
    assert text and ANSWER.startswith(text) and text != ANSWER
    assert texts_in(asked.body, said.text_of) == text


def test_a_stream_that_ends_without_an_end(ask: Ask) -> None:
    asked = ask(stream=True, behaviour="stream-end")
    assert asked.status == 200
    assert b"[DONE]" not in asked.body and b'"stop"' not in asked.body
    assert ANSWER.startswith(joined(asked)) and joined(asked)


def test_a_line_of_a_stream_is_broken(ask: Ask) -> None:
    asked = ask(stream=True, behaviour="broken-line")
    data = [line[5:] for line in asked.body.splitlines() if line.startswith(b"data:")]
    broken = []
    for one in data:
        try:
            json.loads(one)
        except ValueError:
            broken.append(one.strip())
    closing = [b"[DONE]"] if asked.protocol == "openai" else []
    [half, *rest] = broken
    assert rest == closing
    assert half.startswith(b"{")
    assert b'"stop"' in asked.body, "it goes on to its end"


def test_an_odd_stream(ask: Ask) -> None:
    asked = ask(stream=True, behaviour="odd-stream")
    assert joined(asked) == ODD
    assert b"\n" not in asked.body.replace(b"\r\n", b"")
    assert "\u2028".encode() in asked.body and "\u0085".encode() in asked.body
    assert any(line.startswith(b":") for line in asked.body.split(b"\r\n"))


def test_a_line_may_be_long(ask: Ask) -> None:
    assert max(map(len, ask(stream=True, behaviour="odd-stream").body.split(b"\n"))) > 1 << 16


# The answer is known to whoever knows the request


@pytest.mark.parametrize("behaviour", ["answer", "unknown-tool", "bad-arguments"])
def test_what_is_answered_follows_from_the_call(ask: Ask, behaviour: Behaviour) -> None:
    data = {"messages": [USER], "tools": [WEATHER, TIME], "parallel_tool_calls": True}
    known = answers(Call.parse(data), builtin().family("qwen-plus"), behaviour)
    said = ask(**data, behaviour=behaviour).message["tool_calls"]
    assert [(c["id"], c["function"]["name"], c["function"]["arguments"]) for c in said] == [
        tuple(call) for call in known[0].tool_calls
    ]


# Models


def test_the_models_are_listed(port: int) -> None:
    def get(key: str, method: str = "GET") -> tuple[int, Any]:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {key}"}
        client.request(method, "/compatible-mode/v1/models", headers=headers)
        reply = client.getresponse()
        body = json.loads(reply.read())
        client.close()
        return reply.status, body

    status, body = get("sk-answer")
    assert status == 200
    assert [one["id"] for one in body["data"]] == builtin().models
    assert get("sk-nobody")[0] == 401
    assert get("sk-answer", "POST")[0] == 405


# Refusals


MODEL = "<400> InternalError.Algo.InvalidParameter: "
STREAM_ONLY = (
    "This model only support stream mode, please enable the stream parameter to access the model. "
)


def post(port: int, id: str, model: str, messages: object, **parameters: Any) -> tuple[str, str]:
    """Code and message of the refusal of a body that samplegen would not write."""
    family = builtin().family(model)
    facts = builtin().protocols[id]
    headers = {"Authorization": "Bearer sk-answer", "Content-Type": "application/json"}
    body: dict[str, Any] = {"model": model, "messages": messages, **parameters}
    if id == "dashscope":
        if parameters.pop("stream", False):
            headers["X-DashScope-SSE"] = "enable"
        body = {"model": model, "input": {"messages": messages}, "parameters": parameters}
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("POST", facts.base_path + facts.paths[family.kind], json.dumps(body), headers)
    reply = client.getresponse()
    text = reply.read().decode()
    client.close()
    assert reply.status == 400, text
    data = json.loads(text.partition("data:")[2] or text)
    error = data.get("error", data)
    return error["code"], error["message"]


INVALID = {"openai": "invalid_parameter_error", "dashscope": "InvalidParameter"}


@pytest.mark.parametrize("id", ["openai", "dashscope"])
@pytest.mark.parametrize(
    ("model", "messages", "parameters", "words"),
    [
        ("qwen-omni-turbo", [USER], {}, STREAM_ONLY),
        (
            "qwen3-8b",
            [USER],
            {},
            "parameter.enable_thinking must be set to false for non-streaming calls",
        ),
        ("qwen-plus", [], {}, "[] is too short"),
        ("qwen-plus", [{"role": "user"}], {}, "The content field is a required field."),
        (
            "qwen-plus",
            [{"role": "system", "content": "Hi"}],
            {},
            f"{MODEL}The input messages do not contain elements with the role of user.",
        ),
        ("qwen-plus", [{"role": "tool", "content": "Hi"}, USER], {}, "tool_call_id"),
        ("qwen-plus", [{**USER, "role": "bot"}], {}, "messages.0.role"),
        ("qwen-plus", [USER], {"tools": {}}, "The tools parameter must be a list."),
        ("qwen-plus", [USER], {"tools": [{}]}, "tools.0 must have a function with a name."),
        ("qwen-plus", [USER], {"tools": [{"function": {"name": 1}}]}, "tools.0 must have"),
        (
            "qwen-plus",
            [USER],
            {"tools": [{"function": {"name": "f", "parameters": 1}}]},
            "tools.0.function.parameters must be a JSON schema.",
        ),
    ],
)
def test_what_the_service_refuses(
    port: int, id: str, model: str, messages: Any, parameters: Any, words: str
) -> None:
    if id not in builtin().family(model).protocols:
        return
    code, said = post(port, id, model, messages, **parameters)
    assert code == INVALID[id]
    assert said == words or (words in said and words[0].islower())


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (
            {"enable_thinking": True, "stream": True, "incremental_output": False},
            'The incremental_output parameter must be "true" when enable_thinking is true',
        ),
        (
            {"enable_thinking": True, "stream": True, "result_format": "text"},
            'The result_format parameter must be "message" when enable_thinking is true',
        ),
    ],
)
def test_what_thinking_takes(port: int, parameters: Any, words: str) -> None:
    assert post(port, "dashscope", "qwen-plus", [USER], **parameters) == (
        "InvalidParameter",
        words,
    )


def test_parts_are_of_a_known_kind(port: int) -> None:
    said = [{"role": "user", "content": [{"picture": "https://example.com/x.png"}]}]
    assert post(port, "dashscope", MULTIMODAL, said) == (
        "InvalidParameter",
        "The item of content should be a message of a certain modal.",
    )
    said = [{"role": "user", "content": [{"text": "Hi"}]}]
    assert post(port, "dashscope", "qwen-plus", said)[1] == "input content must be a string."


@pytest.mark.parametrize("id", ["openai", "dashscope"])
def test_the_words_of_the_catalog_are_those_of_the_mock(
    port: int, id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all that is wrong with a call, the service says the first, and not where it stands."""

    def refuse(words: str) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise InputError(words)

        monkeypatch.setattr(judge, "refuse", refuse)

    refuse("parameters.n: Range of n should be [1, 4]; tools[0].function: no")
    assert post(port, id, "qwen-plus", [USER])[1] == f"{MODEL}Range of n should be [1, 4]"
    refuse("Json mode response is not supported: why; how")
    code, said = post(port, id, "qwen-plus", [USER])
    assert (code, said) == (INVALID[id], "Json mode response is not supported: why; how")
    refuse("enable_thinking: The model m does not support enable_thinking.")
    code, said = post(port, id, "qwen-plus", [USER])
    assert said == "The model m does not support enable_thinking."
    own = "InvalidParameter.NotSupportEnableThinking"
    assert code == (own if id == "dashscope" else INVALID[id])


# Values for schemas

NODE = {
    "type": "object",
    "properties": {
        "value": {"type": "number"},
        "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
    },
    "required": ["value", "next"],
}
SCHEMAS: list[Any] = [
    CITY,
    {},
    True,
    {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": True},
    {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 4},
    {"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": True},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    {"type": "array", "maxItems": 0},
    {"type": "string", "pattern": r"^[A-Z]{2}-\d{4}$"},
    {"type": "string", "pattern": r"^(foo|bar)+@[\w.]+\.com$"},
    {"type": "string", "pattern": r"^[^@]+@[^@]+$"},
    {"type": "string", "minLength": 100},
    {"type": ["null", "string"], "maxLength": 3},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.1},
    {"type": "integer", "exclusiveMinimum": 3, "multipleOf": 5},
    {"type": "number", "minimum": -3, "maximum": -2},
    {"type": "integer", "maximum": -7},
    {"exclusiveMaximum": 0},
    {"$ref": "#/$defs/node", "$defs": {"node": NODE}},
    {
        "$ref": "#/definitions/t",
        "definitions": {
            "t": {
                "type": "object",
                "properties": {"kids": {"type": "array", "items": {"$ref": "#/definitions/t"}}},
                "required": ["kids"],
            }
        },
    },
    {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
            {"properties": {"b": {"const": 4}}, "required": ["b"]},
        ]
    },
    {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    {"type": "object", "required": ["z"], "minProperties": 2},
    {"properties": {"q": {"$ref": "#/$defs/a~1b"}}, "$defs": {"a/b": {"type": "boolean"}}},
    {"enum": [None, 1]},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=range(len(SCHEMAS)))
def test_a_value_is_valid_under_its_schema(schema: Any) -> None:
    jsonschema.validate(instance(schema), schema)
    assert instance(schema) == instance(schema)


@pytest.mark.parametrize(
    "form", ["date", "date-time", "time", "email", "ipv4", "ipv6", "uri", "uuid", "hostname"]
)
def test_a_value_has_its_format(form: str) -> None:
    schema = {"type": "string", "format": form}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(instance(schema))


@pytest.mark.parametrize("pattern", ["(", "(?!x)y", "a{", "[", "\\", "*", "(?<=a)b", "["])
def test_a_pattern_that_is_not_read_gives_nothing_worse_than_no_text(pattern: str) -> None:
    assert matching(pattern) == ""
