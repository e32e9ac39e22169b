"""The mock server: good answers, refusals, and clients that do odd things."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
import trustme
from conftest import ROOT

from samplegen import Call, InputError, Message
from samplegen.model.catalog import Catalog, builtin
from samplegen.model.catalog_file import load
from samplegen.protocols.request import Request
from samplegen.verify import mock as module
from samplegen.verify.mock import (
    ANSWER,
    COMPLAINTS,
    FAILURES,
    STREAM_FAILURES,
    Behaviour,
    Mock,
    main_loop,
    serve,
)

KEY = "sk-good"
BAD_KEY = {
    "openai": "Incorrect API key provided. Each region has its own keys.",
    "dashscope": "Invalid API-key provided.",
}
OPENAI = "/compatible-mode/v1/chat/completions"
TEXT = "/api/v1/services/aigc/text-generation/generation"
MULTIMODAL = "/api/v1/services/aigc/multimodal-generation/generation"
PATHS = [OPENAI, TEXT, MULTIMODAL]
HEADERS = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
EVENTS = {"X-DashScope-SSE": "enable"}


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body.decode("utf-8"))

    @property
    def complaint(self) -> tuple[int, str, str]:
        """Status, code and message of either protocol's error; all else of it is checked."""
        assert self.headers["content-type"] == "application/json"
        data = self.json
        assert data.pop("request_id")
        if "error" in data:
            error = data.pop("error")
            assert data.pop("id").startswith("chatcmpl-")
            assert data == {}
            assert set(error) == {"message", "type", "param", "code"}
            assert error["param"] is None
            return self.status, error["code"], error["message"]
        assert set(data) == {"code", "message"}
        return self.status, data["code"], data["message"]


Post = Callable[..., Reply]


class Watched(Mock):
    """Keeps all that came, for tests to look at."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self.everything: list[module.Exchange] = []
        self.recorded = threading.Event()

    def record(self, exchange: module.Exchange) -> None:
        super().record(exchange)
        self.everything.append(exchange)
        self.recorded.set()


def came(mock: Watched, key: str = KEY) -> list[module.Exchange]:
    return [exchange for exchange in mock.everything if exchange.key() == key]


def strangers(mock: Watched) -> list[module.Exchange]:
    return [exchange for exchange in mock.everything if exchange.key() != KEY]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Watched, int]]:
    mock = Watched(builtin())
    with serve(mock) as [(host, port)]:
        assert host == "127.0.0.1"
        yield mock, port


@pytest.fixture
def port(served: tuple[Watched, int]) -> int:
    return served[1]


@pytest.fixture
def mock(served: tuple[Watched, int]) -> Watched:
    mock = served[0]
    mock.expect(KEY)
    mock.everything.clear()
    return mock


@pytest.fixture
def post(mock: Watched, port: int) -> Post:
    def send(
        path: str, body: object, headers: dict[str, str] | None = None, method: str = "POST"
    ) -> Reply:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            client.request(method, path, data, {**HEADERS, **(headers or {})})
            answer = client.getresponse()
            sent = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, sent, answer.read())
        finally:
            client.close()

    return send


def user(content: object = "Hi!") -> list[dict[str, object]]:
    return [{"role": "user", "content": content}]


def openai(model: str = "qwen-plus", **more: object) -> dict[str, object]:
    return {"model": model, "messages": user(), **more}


def text(model: str = "qwen-plus", **parameters: object) -> dict[str, object]:
    return {"model": model, "input": {"messages": user()}, "parameters": parameters}


def multimodal(model: str = "qwen-vl-plus", **parameters: object) -> dict[str, object]:
    return {**text(model, **parameters), "input": {"messages": user([{"text": "Hi!"}])}}


GOOD: dict[str, Callable[[], dict[str, object]]] = {
    OPENAI: openai,
    TEXT: lambda: text(result_format="message"),
    MULTIMODAL: multimodal,
}


# Good answers


def test_the_answer_is_a_hard_one() -> None:
    assert '"' in ANSWER and "\n" in ANSWER and not ANSWER.isascii() and ANSWER[0].isascii()


def test_openai_answers_in_its_shape(post: Post) -> None:
    before = int(time.time())
    reply = post(OPENAI, openai())
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    data = reply.json
    assert data.pop("id").startswith("chatcmpl-")
    assert before <= data.pop("created") <= time.time()
    assert data == {
        "object": "chat.completion",
        "model": "qwen-plus",
        "system_fingerprint": None,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": ANSWER},
                "finish_reason": "stop",
                "logprobs": None,
            }
        ],
        "usage": {
            "prompt_tokens": 3,
            "completion_tokens": len(ANSWER),
            "total_tokens": 3 + len(ANSWER),
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    }
    assert "modèle".encode() in reply.body


@pytest.mark.parametrize(
    ("path", "body", "output"),
    [
        (
            TEXT,
            text(result_format="message"),
            {
                "choices": [
                    {
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": ANSWER},
                    }
                ]
            },
        ),
        (TEXT, text(), {"text": ANSWER, "finish_reason": "stop"}),
        (TEXT, text(result_format="text"), {"text": ANSWER, "finish_reason": "stop"}),
        (
            MULTIMODAL,
            multimodal(),
            {
                "choices": [
                    {
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": [{"text": ANSWER}]},
                    }
                ]
            },
        ),
    ],
)
def test_dashscope_answers_in_its_shape(
    post: Post, path: str, body: dict[str, object], output: object
) -> None:
    reply = post(path, body)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    data = reply.json
    assert data.pop("request_id")
    total = 3 + len(ANSWER)
    assert data == {
        "output": output,
        "usage": {"input_tokens": 3, "output_tokens": len(ANSWER), "total_tokens": total},
    }


def test_dashscope_needs_no_parameters(post: Post) -> None:
    body = text()
    del body["parameters"]
    assert post(TEXT, body).json["output"]["text"] == ANSWER


@pytest.mark.parametrize("path", PATHS)
def test_ids_are_unique(post: Post, path: str) -> None:
    replies = [post(path, GOOD[path]()).json for _ in range(3)]
    assert len({reply.get("id") or reply["request_id"] for reply in replies}) == 3


def model_of_each_family() -> list[str]:
    return [family.models[0] for family in builtin().families if family.models]


@pytest.mark.parametrize("protocol", ["openai", "dashscope"])
@pytest.mark.parametrize("model", model_of_each_family())
def test_what_samplegen_would_send_is_answered(post: Post, protocol: str, model: str) -> None:
    messages = (Message("system", "Be brief."), Message("user", "Hi"), Message("assistant", ""))
    call = Call(protocol=protocol, model=model, messages=messages)
    request = Request.of(call, KEY)
    path = "/" + request.url.split("/", 3)[3]
    reply = post(path, request.body, request.headers, request.method)
    assert reply.status == 200
    assert ANSWER.encode().split(b"\n")[0].replace(b'"', b'\\"') in reply.body


def test_content_in_parts(post: Post) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    content = [image, {"type": "text", "text": "What?"}]
    reply = post(OPENAI, {"model": "qwen-vl-plus", "messages": user(content)})
    assert reply.json["usage"]["prompt_tokens"] == 5
    content = [{"image": "data:,"}, {"text": "What?"}]
    reply = post(MULTIMODAL, {"model": "qwen-vl-plus", "input": {"messages": user(content)}})
    assert reply.json["usage"]["input_tokens"] == 5


# Streams


def openai_chunks(reply: Reply) -> list[Any]:
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    comment, *events, done, end = reply.body.decode().split("\n\n")
    assert (comment, done, end) == (": this is a comment", "data: [DONE]", "")
    assert all(event.startswith("data: ") for event in events)
    return [json.loads(event.removeprefix("data: ")) for event in events]


def test_openai_streams(post: Post) -> None:
    chunks = openai_chunks(post(OPENAI, openai(stream=True)))
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert {chunk["model"] for chunk in chunks} == {"qwen-plus"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    assert choices[0]["delta"]["role"] == "assistant"
    assert "".join(choice["delta"]["content"] for choice in choices) == ANSWER
    assert [c["finish_reason"] for c in choices] == [None] * (len(choices) - 1) + ["stop"]
    assert {chunk["usage"] for chunk in chunks} == {None}
    assert len(chunks) > 4


def test_openai_streams_usage_when_asked(post: Post) -> None:
    chunks = openai_chunks(
        post(OPENAI, openai(stream=True, stream_options={"include_usage": True}))
    )
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["total_tokens"] == 3 + len(ANSWER)


def test_what_is_to_be_cached_is_counted(post: Post) -> None:
    part = {"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}
    reply = post(OPENAI, openai(messages=[{"role": "user", "content": [part]}]))
    told = reply.json["usage"]["prompt_tokens_details"]
    assert told == {"cached_tokens": 0, "cache_creation_input_tokens": 0}


@pytest.mark.parametrize("stream", [False, None])
def test_openai_streams_only_when_told(post: Post, stream: bool | None) -> None:
    assert post(OPENAI, openai(stream=stream)).json["object"] == "chat.completion"


def dashscope_events(reply: Reply) -> list[Any]:
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    *events, end = reply.body.decode().split("\n\n")
    assert end == ""
    data = []
    for number, event in enumerate(events, start=1):
        head, line = event.rsplit("\n", 1)
        assert head == f"id:{number}\nevent:result\n:HTTP_STATUS/200"
        data.append(json.loads(line.removeprefix("data:")))
    assert len(data) > 2
    return data


@pytest.mark.parametrize("incremental", [True, False])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (TEXT, text),
        (TEXT, lambda **p: text(result_format="message", **p)),
        (MULTIMODAL, multimodal),
    ],
)
def test_dashscope_streams(
    post: Post, path: str, body: Callable[..., object], incremental: bool
) -> None:
    events = dashscope_events(post(path, body(incremental_output=incremental), EVENTS))
    texts, finishes = [], []
    for event in events:
        output = event["output"]
        if "choices" in output:
            (choice,) = output["choices"]
            content = choice["message"]["content"]
            texts.append(content if path == TEXT else content[0]["text"])
            finishes.append(choice["finish_reason"])
        else:
            texts.append(output["text"])
            finishes.append(output["finish_reason"])
    assert finishes == ["null"] * (len(events) - 1) + ["stop"]
    assert len({event["request_id"] for event in events}) == 1
    if incremental:
        assert "".join(texts) == ANSWER
    else:
        assert texts[-1] == ANSWER
        assert all(b.startswith(a) and a != b for a, b in pairwise(texts))


def test_dashscope_sends_an_error_as_an_event_where_events_are_asked_for(post: Post) -> None:
    reply = post(TEXT, text("gpt-0"), EVENTS)
    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/event-stream")
    head, line = reply.body.decode().removesuffix("\n\n").rsplit("\n", 1)
    assert head == "id:1\nevent:error\n:HTTP_STATUS/404"
    assert json.loads(line.removeprefix("data:"))["code"] == "ModelNotFound"


def test_a_model_that_must_stream(post: Post) -> None:
    assert post(OPENAI, openai("qwen-omni-turbo", stream=True)).status == 200
    assert post(OPENAI, openai("qwen3-8b", stream=True)).status == 200
    assert post(TEXT, text("qwen3-8b"), EVENTS).status == 200


# Refusals


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer sk-bad", KEY, f"Basic {KEY}"])
@pytest.mark.parametrize("path", PATHS)
def test_a_missing_or_wrong_key(post: Post, mock: Watched, path: str, authorization: str) -> None:
    reply = post(path, GOOD[path](), {"Authorization": authorization})
    expected = {
        "openai": (401, "invalid_api_key", BAD_KEY["openai"]),
        "dashscope": (401, "InvalidApiKey", BAD_KEY["dashscope"]),
    }
    assert reply.complaint == expected["openai" if path == OPENAI else "dashscope"]
    assert [exchange.status for exchange in strangers(mock)] == [401]
    assert came(mock) == []


BROKEN_JSON = [
    b"",
    b"{",
    b"[]",
    b'"text"',
    b"null",
    b"{'model': 1}",
    '{"model": "qwen-plus", "x": "é"}'.encode("latin-1"),
    '{"model": "qwen-plus"}'.encode("utf-16"),
    b"\xef\xbb\xbf{}",
    b'{"model": NaN}',
    b'{"x": ' + b"9" * 5000 + b"}",
    b'{"x": ' + b"[" * 100_000,
    b"a=b&c=d",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", BROKEN_JSON, ids=range(len(BROKEN_JSON)))
def test_a_body_that_is_no_json_object(post: Post, path: str, body: bytes) -> None:
    status, code, message = post(path, body).complaint
    assert (status, code) == (400, INVALID[path])
    assert "JSON" in message


INVALID = {
    OPENAI: "invalid_parameter_error",
    TEXT: "InvalidParameter",
    MULTIMODAL: "InvalidParameter",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("given", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_a_content_type_that_is_not_json(post: Post, path: str, given: str) -> None:
    status, code, message = post(path, GOOD[path](), {"Content-Type": given}).complaint
    assert (status, code) == (400, INVALID[path])
    assert "Content type" in message


@pytest.mark.parametrize("given", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_content_type_that_is_json(post: Post, given: str) -> None:
    assert post(OPENAI, openai(), {"Content-Type": given}).status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("model", [None, "", 5, ["qwen-plus"]])
def test_no_model(post: Post, path: str, model: object) -> None:
    status, code, message = post(path, {**GOOD[path](), "model": model}).complaint
    assert (status, code) == (400, INVALID[path])
    assert "model" in message


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("model", ["gpt-0", "Qwen-Plus", " qwen-plus", "\ud800"])
def test_an_unknown_model(post: Post, path: str, model: str) -> None:
    status, code, message = post(path, {**GOOD[path](), "model": model}).complaint
    assert (status, code) == (404, "model_not_found" if path == OPENAI else "ModelNotFound")
    assert model.replace("\ud800", "?") in message


BAD_MESSAGES: list[tuple[object, str]] = [
    (None, "must be a list"),
    ([], "[] is too short"),
    ({}, "must be a list"),
    ("Hi", "must be a list"),
    (["Hi"], "messages.0"),
    ([None], "messages.0"),
    ([{"content": "Hi"}], "messages.0.role"),
    ([{"role": "bot", "content": "Hi"}], "messages.0.role"),
    ([{"role": ["user"], "content": "Hi"}], "messages.0.role"),
    ([{"role": "User", "content": "Hi"}], "messages.0.role"),
    ([{"role": "user"}], "The content field is a required field."),
    (user(None), "The content field is a required field."),
    (user(5), "content"),
    (user({"text": "Hi"}), "content"),
    (user([]), "content"),
    (user(["Hi"]), "content"),
    (user([{}]), "content"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("messages", "complaint"), BAD_MESSAGES, ids=[json.dumps(m) for m, _ in BAD_MESSAGES]
)
def test_bad_messages(post: Post, path: str, messages: object, complaint: str) -> None:
    holder = {"messages": messages}
    body = {**GOOD[path](), **(holder if path == OPENAI else {"input": holder})}
    status, code, message = post(path, body).complaint
    assert (status, code) == (400, INVALID[path])
    assert complaint in message


def test_a_bad_message_among_good_ones(post: Post) -> None:
    messages = [*user(), {"role": "assistant"}]
    assert post(OPENAI, openai(messages=messages)).status == 400
    messages = [*user(), {"role": "bot", "content": "Hi"}]
    assert "messages.1.role" in post(OPENAI, openai(messages=messages)).complaint[2]


@pytest.mark.parametrize(
    ("path", "model", "content"),
    [
        (MULTIMODAL, "qwen-vl-plus", "Hi"),
        (MULTIMODAL, "qwen-vl-plus", [{"text": 5}]),
        (TEXT, "qwen-plus", [{"text": "Hi"}]),
        (OPENAI, "qwen-plus", [{"text": "Hi"}]),
        (OPENAI, "qwen-plus", [{"type": "text"}]),
        (OPENAI, "qwen-plus", [{"type": "type"}]),
        (OPENAI, "qwen-plus", [{"type": "text", "text": None}]),
        (OPENAI, "qwen-vl-plus", [{"type": ["text"], "text": "Hi"}]),
        (OPENAI, "qwen-vl-plus", [{"type": "image_url", "image": "data:,"}]),
    ],
)
def test_content_of_the_wrong_form(post: Post, path: str, model: str, content: object) -> None:
    holder = {"messages": user(content)}
    body = {"model": model, **(holder if path == OPENAI else {"input": holder})}
    assert post(path, body).complaint[:2] == (400, INVALID[path])


NO_MESSAGES = 'Either "prompt" or "messages" must exist and cannot both be none'


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        (TEXT, {**text(), "input": None}, NO_MESSAGES),
        (TEXT, {"model": "qwen-plus", "messages": user()}, NO_MESSAGES),
        (TEXT, {**text(), "parameters": []}, "parameters"),
        (TEXT, {**text(), "parameters": None}, "parameters"),
        (TEXT, text(result_format="json"), "result_format"),
        (TEXT, text(incremental_output="true"), "incremental_output"),
        (TEXT, text(incremental_output=1), "incremental_output"),
        (OPENAI, {"model": "qwen-plus", "input": {"messages": user()}}, "messages"),
        (OPENAI, openai(stream="true"), "stream"),
        (OPENAI, openai(stream=1), "stream"),
        (OPENAI, openai(stream_options={"include_usage": True}), "stream_options"),
    ],
)
def test_bad_parameters(post: Post, path: str, body: object, complaint: str) -> None:
    status, code, message = post(path, body).complaint
    assert (status, code) == (400, INVALID[path])
    assert complaint in message


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (TEXT, multimodal("qwen-vl-plus")),
        (TEXT, text("qwen3.5-plus")),
        (MULTIMODAL, text("qwen-plus")),
        (TEXT, text("qwen-omni-turbo")),
        (MULTIMODAL, multimodal("qwen-omni-turbo")),
    ],
)
def test_the_wrong_endpoint_for_a_model(post: Post, path: str, body: object) -> None:
    words = (
        "url error, please check url！ For details, see: "  # noqa: RUF001
        "https://help.aliyun.com/zh/model-studio/error-code#error-url"
    )
    assert post(path, body).complaint == (400, "InvalidParameter", words)


def test_a_model_that_only_the_other_protocol_has(tmp_path: Path) -> None:
    source = (ROOT / "samplegen" / "model" / "catalog.toml").read_text()
    path = tmp_path / "c.toml"
    path.write_text(source.replace('protocols = ["openai"]', 'protocols = ["dashscope"]'))
    with Served(load(path)) as one:
        status, code, message = one.post(OPENAI, openai("qwen-omni-turbo", stream=True))
    assert (status, code) == (400, "invalid_parameter_error")
    assert "Unsupported model qwen-omni-turbo" in message


@pytest.mark.parametrize("sent", [{}, {"enable_thinking": True}, {"enable_thinking": 0}])
@pytest.mark.parametrize("path", [OPENAI, TEXT])
def test_an_option_that_the_model_needs(post: Post, path: str, sent: dict[str, object]) -> None:
    body = openai("qwen3-8b", **sent) if path == OPENAI else text("qwen3-8b", **sent)
    assert post(path, body).complaint == (
        400,
        INVALID[path],
        "parameter.enable_thinking must be set to false for non-streaming calls",
    )


def test_an_option_at_the_wrong_place(post: Post) -> None:
    assert post(TEXT, {**text("qwen3-8b"), "enable_thinking": False}).status == 400
    body = openai("qwen3-8b", parameters={"enable_thinking": False})
    assert post(OPENAI, body).status == 400


def test_a_model_that_answers_only_as_a_stream(post: Post) -> None:
    status, code, message = post(OPENAI, openai("qwen-omni-turbo")).complaint
    assert (status, code) == (400, INVALID[OPENAI])
    assert message == (
        "This model only support stream mode, please enable the stream parameter to access "
        "the model. "
    )


# What an answer is like for other keys.
TRICKS = {"broken-line", "odd-stream", "unknown-tool", "bad-arguments", "endless-tools", "no-json"}

STATUSES: dict[Behaviour, tuple[int, str, str]] = {
    "bad-request": (400, "invalid_parameter_error", "InvalidParameter"),
    "not-found": (404, "model_not_found", "ModelNotFound"),
    "rate-limit": (429, "limit_requests", "Throttling.RateQuota"),
    "server-error": (500, "internal_error", "InternalError"),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("behaviour", STATUSES)
def test_a_key_that_is_refused(post: Post, mock: Watched, path: str, behaviour: Behaviour) -> None:
    mock.expect(KEY, behaviour)
    status, openai_code, dashscope_code = STATUSES[behaviour]
    code = openai_code if path == OPENAI else dashscope_code
    assert post(path, GOOD[path]()).complaint == (status, code, COMPLAINTS[behaviour])
    assert [exchange.status for exchange in came(mock)] == [status]


def test_every_behaviour_is_tested() -> None:
    assert {"answer", *FAILURES, *STREAM_FAILURES, *TRICKS} == set(get_args(Behaviour))
    assert set(FAILURES) == {"cut", *STATUSES}
    sentences = [*COMPLAINTS.values(), *BAD_KEY.values()]
    assert len(set(sentences)) == len(STATUSES) + 3
    # They stand in JSON, in an error's repr and in a shell's output as they are.
    assert all(s.isascii() and s.isprintable() and not set(s) & set("\"'\\") for s in sentences)


def test_the_type_of_an_openai_error(post: Post, mock: Watched) -> None:
    assert post(OPENAI, openai("gpt-0")).json["error"]["type"] == "invalid_request_error"
    mock.expect(KEY, "server-error")
    assert post(OPENAI, openai()).json["error"]["type"] == "internal_error"


@pytest.mark.parametrize("path", PATHS)
def test_a_connection_that_is_cut(post: Post, mock: Watched, path: str) -> None:
    whole = post(path, GOOD[path]())
    mock.expect(KEY, "cut")
    with pytest.raises(http.client.IncompleteRead) as caught:
        post(path, GOOD[path]())
    error = caught.value
    length = int(whole.headers["content-length"])
    assert len(error.partial) + (error.expected or 0) == length
    assert len(error.partial) == length // 2
    assert [exchange.status for exchange in came(mock)] == [200, 0]


@pytest.mark.parametrize(
    ("path", "body", "headers"), [(OPENAI, openai(stream=True), {}), (TEXT, text(), EVENTS)]
)
def test_a_stream_that_is_cut(
    post: Post, mock: Watched, path: str, body: object, headers: dict[str, str]
) -> None:
    mock.expect(KEY, "cut")
    with pytest.raises(http.client.IncompleteRead) as caught:
        post(path, body, headers)
    partial = caught.value.partial
    assert partial.startswith((b": this is a comment\n\ndata: {", b"id:1\n"))
    assert b"[DONE]" not in partial and b'"stop"' not in partial


# Paths and methods


@pytest.mark.parametrize(
    "path", ["/", "/favicon.ico", OPENAI + "/", OPENAI[1:], "/api/v1", "/x%20"]
)
def test_a_path_that_is_not_there(post: Post, mock: Watched, path: str) -> None:
    status, _, message = post(path, openai()).complaint
    assert status == 404
    assert path in message
    assert [exchange.path for exchange in came(mock)] == [path]


def test_an_unknown_path_has_its_protocols_error(post: Post) -> None:
    assert post("/compatible-mode/v1/embeddings", b"").complaint[1] == "not_found"
    assert post("/api/v1/models", b"").complaint[1] == "NotFound"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS", "DELETE", "BREW"])
def test_only_post(post: Post, mock: Watched, path: str, method: str) -> None:
    reply = post(path, GOOD[path](), method=method)
    assert reply.complaint[0] == 405
    assert reply.headers["allow"] == "POST"
    assert [(e.method, e.status) for e in came(mock)] == [(method, 405)]


def test_head_has_no_body(post: Post) -> None:
    reply = post(OPENAI, b"", method="HEAD")
    assert (reply.status, reply.body) == (405, b"")
    assert int(reply.headers["content-length"]) > 0


def test_a_query_is_recorded_and_ignored(post: Post, mock: Watched) -> None:
    assert post(OPENAI + "?a=%2F&b", openai()).status == 200
    assert came(mock)[0].path == OPENAI + "?a=%2F&b"


# What is recorded


def test_an_exchange_is_what_was_sent(mock: Watched, port: int) -> None:
    body = json.dumps(openai(), indent=1).encode()
    head = (
        f"POST {OPENAI} HTTP/1.1\r\nHOST: some.host:8080\r\nX-B: 2\r\nx-a: 1\r\nX-B: 3\r\n"
        f"X-Forwarded-Proto: https\r\nAuthorization: bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with raw(port) as client:
        client.sendall(head.encode() + body)
        assert status_line(client) == b"HTTP/1.1 200 OK"
    (exchange,) = came(mock)
    assert exchange == module.Exchange(
        "POST",
        "http",
        "some.host:8080",
        OPENAI,
        (
            ("host", "some.host:8080"),
            ("x-b", "2"),
            ("x-a", "1"),
            ("x-b", "3"),
            ("x-forwarded-proto", "https"),
            ("authorization", f"bearer {KEY}"),
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
        ),
        body,
        200,
        ("127.0.0.1", port),
    )
    assert exchange.header("x-b") == "2"
    assert exchange.header("nothing") == ""


@pytest.mark.parametrize(
    ("given", "host"),
    [
        *(("a.b", "a.b"), ("a.b:80", "a.b"), ("a.b:", "a.b"), ("a.b:443", "a.b:443")),
        *(("a.b:8000", "a.b:8000"), ("[::1]:80", "[::1]"), ("[::1]:9", "[::1]:9")),
    ],
)
def test_the_host_has_its_port(post: Post, mock: Watched, given: str, host: str) -> None:
    post(OPENAI, openai(), {"Host": given})
    assert came(mock)[0].host == host


def test_exchanges_by_key(post: Post, mock: Watched) -> None:
    mock.expect("sk-other", "rate-limit")
    post(OPENAI, openai())
    post(OPENAI, b"{", {"Authorization": "Bearer sk-other"})
    post(OPENAI, b"{")
    assert [e.status for e in came(mock)] == [200, 400]
    assert [e.status for e in came(mock, "sk-other")] == [429]


def test_what_came_to_an_address_is_taken_once(mock: Watched) -> None:
    here, there = ("127.0.0.1", 0), ("127.0.0.1", 0)
    with serve(mock, [here, there]) as bound:
        ports = [port for _, port in bound]
        for port in [*ports, ports[0]]:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            client.request("POST", OPENAI, json.dumps(openai()), HEADERS)
            assert client.getresponse().read()
            client.close()
        taken = mock.take(bound[0])
        assert [(exchange.at, exchange.status) for exchange in taken] == [(bound[0], 200)] * 2
        assert mock.take(bound[0]) == []
        assert [exchange.at for exchange in mock.take(bound[1])] == [bound[1]]


def test_a_new_behaviour_keeps_the_exchanges(post: Post, mock: Watched) -> None:
    post(OPENAI, openai())
    mock.expect(KEY, "bad-request")
    post(OPENAI, openai())
    assert [e.status for e in came(mock)] == [200, 400]


def test_an_exchange_is_there_when_its_answer_is(post: Post, mock: Watched) -> None:
    for count in range(1, 30):
        post(OPENAI, openai())
        assert len(came(mock)) == count


def test_many_clients_at_once(post: Post, mock: Watched) -> None:
    keys = [f"sk-{number}" for number in range(8)]
    for key in keys:
        mock.expect(key)

    def call(number: int) -> int:
        key = keys[number % len(keys)]
        body = openai(messages=user(f"This is {number}"))
        return post(OPENAI, body, {"Authorization": f"Bearer {key}"}).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(call, range(160))) == {200}
    for first, key in enumerate(keys):
        sent = {json.loads(e.body)["messages"][0]["content"] for e in came(mock, key)}
        assert sent == {f"This is {number}" for number in range(first, 160, len(keys))}


# Odd clients


class raw:  # noqa: N801
    """A plain socket to the server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def __enter__(self) -> socket.socket:
        return self.socket

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def status_line(client: socket.socket) -> bytes:
    return read_until(client, b"\r\n").split(b"\r\n")[0]


def read_until(client: socket.socket, end: bytes) -> bytes:
    data = b""
    while end not in data:
        more = client.recv(65536)
        assert more, data
        data += more
    return data


def read_all(client: socket.socket) -> bytes:
    data = b""
    while more := client.recv(65536):
        data += more
    return data


def head(*more: str, path: str = OPENAI) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: a.b",
        f"Authorization: Bearer {KEY}",
        "Content-Type: application/json",
        *more,
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def test_a_connection_serves_many_requests(mock: Watched, port: int) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.connect()
    first = client.sock
    for path in [OPENAI, "/nowhere", TEXT, MULTIMODAL]:
        client.request("POST", path, json.dumps(GOOD.get(path, openai)()), HEADERS)
        client.getresponse().read()
        assert client.sock is first
    client.close()
    assert [e.status for e in came(mock)] == [200, 404, 200, 200]


def test_a_chunked_body(mock: Watched, port: int) -> None:
    body = json.dumps(openai()).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    with raw(port) as client:
        client.sendall(head("Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n")
        assert status_line(client) == b"HTTP/1.1 200 OK"
    assert came(mock)[0].body == body


def test_expect_100_continue(mock: Watched, port: int) -> None:
    body = json.dumps(openai()).encode()
    with raw(port) as client:
        client.sendall(head("Expect: 100-continue", f"Content-Length: {len(body)}"))
        assert read_until(client, b"\r\n\r\n").startswith(b"HTTP/1.1 100 Continue\r\n")
        client.sendall(body)
        assert status_line(client) == b"HTTP/1.1 200 OK"


def test_an_upgrade_to_h2c_is_ignored(mock: Watched, port: int) -> None:
    body = json.dumps(openai()).encode()
    upgrade = [
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
        f"Content-Length: {len(body)}",
    ]
    with raw(port) as client:
        for _ in range(2):
            client.sendall(head(*upgrade) + body)
            answer = read_until(client, b'"cached_tokens": 0}}}')
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert [e.status for e in came(mock)] == [200, 200]


def test_http_1_0(mock: Watched, port: int) -> None:
    for body in (openai(), openai(stream=True)):
        data = json.dumps(body).encode()
        with raw(port) as client:
            start = head(f"Content-Length: {len(data)}").replace(b"HTTP/1.1", b"HTTP/1.0")
            client.sendall(start + data)
            answer = read_all(client)
        assert b" 200 OK\r\n" in answer
        assert b"chunked" not in answer


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is TLS\r\n\r\n",
        b"garbage\r\n\r\n",
        b"POST\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
    ids=range(7),
)
def test_what_is_not_http(mock: Watched, port: int, post: Post, data: bytes) -> None:
    with raw(port) as client:
        client.sendall(data)
        assert status_line(client) == b"HTTP/1.1 400 Bad Request"
    (stranger,) = strangers(mock)
    assert stranger == module.Exchange("", "http", "", "", (), b"", 400, ("127.0.0.1", port))
    assert post(OPENAI, openai()).status == 200


def test_http_2_without_asking(mock: Watched, port: int) -> None:
    with raw(port) as client:
        client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert read_all(client).startswith(b"HTTP/1.1 404 Not Found\r\n")
    found = [(exchange.method, exchange.path, exchange.status) for exchange in strangers(mock)]
    assert found == [("PRI", "*", 404), ("", "", 400)]


def test_a_body_that_turns_to_garbage(mock: Watched, port: int, post: Post) -> None:
    with raw(port) as client:
        client.sendall(head("Transfer-Encoding: chunked") + b"1\r\n{\r\nno number\r\n")
        assert read_all(client).startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert post(OPENAI, openai()).status == 200
    assert sorted(e.status for e in came(mock)) == [0, 200]
    assert strangers(mock) == []


def test_a_client_that_leaves_in_the_middle(tmp_path: Path) -> None:
    with Served(builtin()) as one:
        with raw(one.port) as client:
            client.sendall(head("Content-Length: 100") + b'{"model"')
        assert one.mock.recorded.wait(30)
        (exchange,) = came(one.mock)
        assert (exchange.status, exchange.path) == (0, OPENAI)


@pytest.mark.parametrize("size", [module.LIMIT - 100, module.LIMIT + 1, module.LIMIT * 2])
def test_a_large_body(mock: Watched, post: Post, size: int) -> None:
    body = openai(messages=user("a" * size))
    reply = post(OPENAI, body)
    (exchange,) = came(mock)
    if size < module.LIMIT:
        assert reply.status == 200
        assert reply.json["usage"]["prompt_tokens"] == size
        assert len(exchange.body) > size
    else:
        assert reply.complaint[:2] == (413, "request_too_large")
        assert len(exchange.body) == module.LIMIT + 1


def test_nothing_is_printed(
    mock: Watched,
    post: Post,
    port: int,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    post(OPENAI, openai(), {"Connection": "Upgrade", "Upgrade": "h2c"})
    mock.expect(KEY, "cut")
    with pytest.raises(http.client.IncompleteRead):
        post(OPENAI, openai())
    with raw(port) as client:
        client.sendall(b"garbage\r\n\r\n")
        read_all(client)
    assert capfd.readouterr() == ("", "")
    # pytest takes what Python would print of a log that nobody has set up.
    assert caplog.records == []


# The server


class Served:
    """A server of a test's own."""

    def __init__(self, catalog: Catalog) -> None:
        self.mock = Watched(catalog)
        self.mock.expect(KEY)
        self.server = serve(self.mock)

    def __enter__(self) -> Served:
        [(_, self.port)] = self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__(None, None, None)

    def raw_post(self, path: str, body: object) -> Reply:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        client.request("POST", path, json.dumps(body), HEADERS)
        answer = client.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        reply = Reply(answer.status, headers, answer.read())
        client.close()
        return reply

    def post(self, path: str, body: object) -> tuple[int, str, str]:
        return self.raw_post(path, body).complaint


def test_another_catalog(tmp_path: Path) -> None:
    source = (ROOT / "tests" / "model" / "of_0_1.toml").read_text()
    path = tmp_path / "c.toml"
    path.write_text(source)
    with Served(load(path)) as one:
        assert one.raw_post("/chat/completions", openai("deepseek-v9")).status == 200
        assert one.post("/chat/completions", openai("qwen-plus"))[:2] == (404, "model_not_found")
        assert one.post("/completions", openai("deepseek-v9"))[:2] == (404, "not_found")
        assert one.post(OPENAI, openai("deepseek-v9"))[0] == 404


@pytest.mark.parametrize("families", [True, False])
def test_a_catalog_with_a_model_of_no_family(tmp_path: Path, families: bool) -> None:
    source = (ROOT / "tests" / "model" / "of_0_1.toml").read_text()
    source = source.replace('model = "deepseek-v4-flash"', 'model = "lone"')
    path = tmp_path / "c.toml"
    path.write_text(source if families else source.partition("[[families]]")[0])
    with Served(load(path)) as one:
        assert one.raw_post("/chat/completions", openai("lone")).status == 200
        status = one.raw_post("/chat/completions", openai("other")).status
        assert status == (404 if families else 200)


def test_tls(tmp_path: Path) -> None:
    authority = trustme.CA()
    pem = tmp_path / "server.pem"
    authority.issue_cert("some.host").private_key_and_cert_chain_pem.write_to_path(pem)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    mock = Watched(builtin())
    mock.expect(KEY)
    with serve(mock, certificate=pem) as [(host, port)]:
        with (
            socket.create_connection((host, port), timeout=30) as plain,
            trust.wrap_socket(plain, server_hostname="some.host") as client,
        ):
            data = json.dumps(openai()).encode()
            client.sendall(head("Connection: close", f"Content-Length: {len(data)}") + data)
            assert status_line(client) == b"HTTP/1.1 200 OK"
        # Who does not trust it, or speaks no TLS, gets nothing and does no harm.
        with (
            socket.create_connection((host, port), timeout=30) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            ssl.create_default_context().wrap_socket(plain, server_hostname="some.host")
        with raw(port) as bare:
            bare.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b"HTTP" not in read_all(bare)
        (exchange,) = came(mock)
        assert (exchange.scheme, exchange.host, exchange.status) == ("https", "a.b", 200)
        mock.expect(KEY, "cut")
        with (
            socket.create_connection((host, port), timeout=30) as plain,
            trust.wrap_socket(plain, server_hostname="some.host") as client,
        ):
            client.sendall(head(f"Content-Length: {len(data)}") + data)
            assert b"HTTP/1.1 200 OK" in read_all(client)
    assert strangers(mock) == []


def test_the_server_is_gone_afterwards() -> None:
    threads = threading.active_count()
    with Served(builtin()) as one:
        port = one.port
        idle = socket.create_connection(("127.0.0.1", port))
        stalled = socket.create_connection(("127.0.0.1", port))
        stalled.sendall(head("Content-Length: 100") + b"{")
        assert one.raw_post(OPENAI, openai()).status == 200
    assert threading.active_count() == threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    idle.close()
    stalled.close()


def test_an_unused_server_stops() -> None:
    for _ in range(3):
        with serve(Mock(builtin())):
            pass


def test_a_port_can_be_had_again_at_once() -> None:
    with Served(builtin()) as one:
        client = http.client.HTTPConnection("127.0.0.1", one.port, timeout=30)
        client.request("POST", OPENAI, json.dumps(openai()), HEADERS)
        client.getresponse().read()
    # The server has closed first, and so its end of the connection lingers.
    client.close()
    with serve(Mock(builtin()), [("127.0.0.1", one.port)]) as [(_, port)]:
        assert port == one.port


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("127.0.0.1", 65536),
        ("127.0.0.1", -1),
        ("192.0.2.1", 0),
        ("a..b", 0),
        ("ä..b", 0),
        ("2001:db8::1", 0),
        ("no such host.invalid", 0),
    ],
)
def test_an_address_that_cannot_be_had(host: str, port: int) -> None:
    with pytest.raises(InputError, match=f"cannot serve on .*{host}.* port {port}: \\w+"):
        serve(Mock(builtin()), [(host, port)]).__enter__()


def test_a_port_that_is_taken(port: int) -> None:
    with pytest.raises(InputError, match=f"cannot serve on 127.0.0.1 port {port}: .*in use"):
        serve(Mock(builtin()), [("127.0.0.1", port)]).__enter__()


@pytest.mark.parametrize("text", [None, "", "no PEM"])
def test_a_certificate_that_is_none(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "c.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=r"c\.pem: no key and certificate"):
        serve(Mock(builtin()), certificate=path).__enter__()


def test_importing_the_mock_imports_no_server() -> None:
    code = (
        "import sys, samplegen.verify.mock; print({'uvicorn', 'h11', 'asyncio'} & {*sys.modules})"
    )
    assert subprocess.check_output([sys.executable, "-c", code]) == b"set()\n"


# The loop for a person


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_loop(number: signal.Signals) -> None:
    said: list[str] = []
    replies: list[int] = []
    before = signal.getsignal(number)

    def call(base: str) -> None:
        client = http.client.HTTPConnection(base.split("/")[2], timeout=30)
        for path, headers in ((OPENAI, HEADERS), (TEXT + "?a", {}), ("/x", HEADERS)):
            client.request("POST", path, json.dumps(openai()), headers)
            reply = client.getresponse()
            reply.read()
            replies.append(reply.status)
        client.sock.sendall(b"garbage\r\n\r\n")
        client.close()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 2:
            caller.append(threading.Thread(target=call, args=(said[0].partition(": ")[2],)))
            caller[0].start()
        if len(said) == 6:
            os.kill(os.getpid(), number)

    caller: list[threading.Thread] = []
    main_loop(builtin(), "127.0.0.1", 0, KEY, say)
    caller[0].join()
    assert replies == [200, 401, 404]
    base = said[0].removeprefix("openai: http://127.0.0.1:").partition("/")[0]
    assert said == [
        f"openai: http://127.0.0.1:{int(base)}/compatible-mode/v1",
        f"dashscope: http://127.0.0.1:{int(base)}/api/v1",
        f"POST {OPENAI} 200",
        f"POST {TEXT}?a 401",
        "POST /x 404",
        "(not HTTP) 400",
    ]
    assert signal.getsignal(number) is before


def test_the_loop_on_a_port_that_is_taken(port: int) -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(InputError, match="in use"):
        main_loop(builtin(), "127.0.0.1", port, KEY, print)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_loop_ends_when_it_cannot_speak() -> None:
    def say(line: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        main_loop(builtin(), "127.0.0.1", 0, KEY, say)


def test_a_multimodal_model_takes_back_what_it_said(post: Post) -> None:
    """With calls of tools it says no part; an empty content without calls is refused."""
    tool = {"type": "function", "function": {"name": "now", "description": "The time"}}
    body: Any = multimodal("qwen3-vl-plus", tools=[tool], result_format="message")
    said = post(MULTIMODAL, body).json["output"]["choices"][0]["message"]
    assert said["content"] == []
    result = {
        "role": "tool",
        "tool_call_id": said["tool_calls"][0]["id"],
        "content": [{"text": "noon"}],
    }
    asked = body["input"]["messages"]
    body["input"]["messages"] = [*asked, said, result]
    answer = post(MULTIMODAL, body)
    assert answer.status == 200
    assert "noon" in answer.json["output"]["choices"][0]["message"]["content"][0]["text"]
    body["input"]["messages"] = [*asked, {"role": "assistant", "content": []}]
    assert post(MULTIMODAL, body).status == 400


def test_every_listed_model_answers(post: Post) -> None:
    """Families or not: a page may ask for any that the service has."""
    for model in ("tongyi-intent-detect-v3", "deepseek-v3", "farui-plus", "glm-4.6-2025-10-01"):
        assert post(OPENAI, openai(model)).status == 200, model
    assert post(OPENAI, openai("tongyi-intent-detect-v4")).status == 404
