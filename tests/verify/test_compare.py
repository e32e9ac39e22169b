"""What may differ between a request that was meant and one that came, and what may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from samplegen import Call
from samplegen.model.catalog import Catalog, builtin
from samplegen.protocols.request import Request
from samplegen.verify import compare as module
from samplegen.verify import mock
from samplegen.verify.compare import Leeway, added_by, compare
from samplegen.verify.turns import turns

# What tells the type of a parameter is all that counts here.
TYPES = {"temperature": ["number"], "seed": ["integer"], "stop": ["string", "list"]}
TYPED: Any = {name: SimpleNamespace(types=types, place="body") for name, types in TYPES.items()}


def typed() -> Catalog:
    return replace(builtin(), parameters=TYPED)


USER = {"role": "user", "content": "Hi"}
TOOL = {"type": "function", "function": {"name": "f"}, "returns": {"a": 1}}

Change = Callable[[dict[str, Any]], object]


def differing(
    request: Request, change: Change, own: int, id: str, added: dict[str, Any] | None = None
) -> list[str]:
    """The differences after a change of the body."""
    body = json.loads(json.dumps(request.body))
    change(body)
    url = request.url.split("/", 3)
    sent = {**request.headers, "Authorization": "Bearer sk-1"}
    headers = tuple((name.lower(), value) for name, value in sent.items())
    got = mock.Exchange(
        "POST", "https", url[2], f"/{url[3]}", headers, json.dumps(body).encode(), 200, ("", 443)
    )
    leeway = Leeway(id, typed(), own, added or {})
    return list(compare(request, got, "sk-1", leeway))


@pytest.fixture(params=["openai", "dashscope"])
def id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def parameters(id: str, body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body if id == "openai" else body["parameters"]
    return found


def messages(id: str, body: dict[str, Any]) -> list[Any]:
    found: list[Any] = (body if id == "openai" else body["input"])["messages"]
    return found


@pytest.mark.parametrize(
    ("name", "meant", "came", "fits"),
    [
        ("temperature", 1, 1.0, True),
        ("temperature", 1.0, 1, True),
        ("temperature", 0.5, 0.5, True),
        ("temperature", 1.0, 1.5, False),
        ("temperature", 1, True, False),
        ("temperature", 1, "1", False),
        ("seed", 1, 1.0, False),
        ("unknown", 1, 1.0, False),
        ("stop", "a", ["a"], False),
    ],
)
def test_numbers_of_a_parameter_that_is_one(
    id: str, name: str, meant: Any, came: Any, fits: bool
) -> None:
    call = Call.parse({"protocol": id, "messages": [USER], name: meant})
    request = Request.of(call, "sk-1")

    def change(body: dict[str, Any]) -> None:
        parameters(id, body)[name] = came

    assert (differing(request, change, 1, id) == []) == fits


def test_numbers_elsewhere_are_what_they_are(id: str) -> None:
    schema = {"type": "object", "properties": {"temperature": {"minimum": 1.0}}}
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    request = Request.of(Call.parse({"protocol": id, "messages": [USER], "tools": [tool]}), "sk-1")

    def change(body: dict[str, Any]) -> None:
        function = parameters(id, body)["tools"][0]["function"]
        function["parameters"]["properties"]["temperature"]["minimum"] = 1

    assert differing(request, change, 1, id) != []


def second_turn(id: str, flow: str, **fields: Any) -> tuple[Request, int]:
    call = Call.parse({"protocol": id, "messages": [USER], **fields})
    return turns(call, flow, builtin())[1].request, 1


@pytest.mark.parametrize("content", [None, "", [], [{"text": ""}], "absent"])
def test_no_content_is_no_content(id: str, content: Any) -> None:
    request, own = second_turn(id, "tools", tools=[TOOL])

    def change(body: dict[str, Any]) -> None:
        message = messages(id, body)[1]
        message.pop("content", None)
        if content != "absent":
            message["content"] = content

    assert differing(request, change, own, id) == []
    # In the call's own messages, too: samples of every language write them alike.
    assert differing(request, change, 3, id) == []


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (lambda m: m.update(reasoning_content="Hm", refusal=None, annotations=None), True),
        (lambda m: m["tool_calls"][0].update(index=0), True),
        (lambda m: m["tool_calls"][0]["function"].update(arguments=" { } "), True),
        (lambda m: m["tool_calls"][0]["function"].update(arguments="{"), False),
        (lambda m: m["tool_calls"][0]["function"].update(arguments={"a": 1}), False),
        (lambda m: m["tool_calls"][0]["function"].update(name="g"), False),
        (lambda m: m["tool_calls"][0].update(id="call_1"), False),
        (lambda m: m["tool_calls"].append(m["tool_calls"][0]), False),
        (lambda m: m.update(tool_calls=None), False),
        (lambda m: m.update(tool_calls="all"), False),
        (lambda m: m.update(tool_calls=[None]), False),
        (lambda m: m.update(content="Said."), False),
        (lambda m: m.update(role="user"), False),
    ],
)
def test_an_answer_that_goes_back_says_the_same(id: str, change: Change, fits: bool) -> None:
    request, own = second_turn(id, "tools", tools=[TOOL])
    found = differing(request, lambda body: change(messages(id, body)[1]), own, id)
    assert (found == []) == fits


def test_the_calls_own_messages_are_as_they_are(id: str) -> None:
    request, _ = second_turn(id, "tools", tools=[TOOL])
    found = differing(
        request, lambda body: messages(id, body)[1].update(reasoning_content="Hm"), 3, id
    )
    assert len(found) == 1 and "reasoning_content: should not be there" in found[0]


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (lambda m: m.update(name="f"), True),
        (lambda m: m.update(name="g"), False),
        (lambda m: m.update(tool_call_id="x"), False),
        (lambda m: m.update(content='{"a": 2}'), False),
        (lambda m: m.update(role="function"), False),
    ],
)
def test_a_result_may_name_its_function(id: str, change: Change, fits: bool) -> None:
    request, own = second_turn(id, "tools", tools=[TOOL])
    found = differing(request, lambda body: change(messages(id, body)[2]), own, id)
    assert (found == []) == fits


def test_what_is_said_in_a_chat_has_to_be_right(id: str) -> None:
    request, own = second_turn(id, "chat", then="And?")
    same: Change = lambda body: messages(id, body)[1].update(refusal=None)  # noqa: E731
    assert differing(request, same, own, id) == []
    other: Change = lambda body: messages(id, body)[1].update(content="No.")  # noqa: E731
    [found] = differing(request, other, own, id)
    assert '.messages[1].content: expected "I am a mock' in found
    lost: Change = lambda body: messages(id, body).pop(1)  # noqa: E731
    assert any("expected 3 items, got 2" in one for one in differing(request, lost, own, id))


@pytest.mark.parametrize("broken", [None, [], "x", [None], [[]], [1, 2, 3]])
def test_messages_that_are_none_are_a_difference(id: str, broken: Any) -> None:
    request, own = second_turn(id, "tools", tools=[TOOL])

    def change(body: dict[str, Any]) -> None:
        (body if id == "openai" else body["input"])["messages"] = broken

    assert differing(request, change, own, id) != []


@pytest.mark.parametrize("body", [{}, {"model": 1}, {"model": "m", "input": []}])
def test_a_body_of_another_shape_is_a_difference(id: str, body: dict[str, Any]) -> None:
    request, own = second_turn(id, "tools", tools=[TOOL])

    def change(whole: dict[str, Any]) -> None:
        whole.clear()
        whole.update(body)

    assert differing(request, change, own, id) != []


# What SDKs add

ADDED = {"multimodal": {"parameters.enable_search": False}}


def test_what_an_sdk_adds_stands_in_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    room = ModuleType("room")
    monkeypatch.setattr(module, "has", lambda *of: of == ("java", "dashscope_sdk"))
    monkeypatch.setattr(module, "part", lambda *_: room)
    assert added_by("java", "dashscope", "sdk", "multimodal") == {}
    room.ADDED = ADDED  # type: ignore[attr-defined]
    assert added_by("java", "dashscope", "sdk", "multimodal") == ADDED["multimodal"]
    assert added_by("java", "dashscope", "sdk", "text") == {}
    assert added_by("java", "openai", "sdk", "multimodal") == {}
    assert added_by("python", "dashscope", "sdk", "multimodal") == {}


@pytest.mark.parametrize(
    ("came", "added", "fits"),
    [
        ({"enable_search": False}, True, True),
        ({"enable_search": True}, True, False),
        ({"enable_search": 0}, True, False),
        ({"enable_search": False}, False, False),
        ({"enable_search": False, "seed": 1}, True, False),
        ({}, True, True),
        (None, True, True),
    ],
)
def test_only_what_an_sdk_adds_may_be_there(came: Any, added: bool, fits: bool) -> None:
    call = Call.parse({"protocol": "dashscope", "model": "qwen-vl-plus", "messages": [USER]})
    request = Request.of(call, "sk-1")
    assert "parameters" not in request.body

    def change(body: dict[str, Any]) -> None:
        if came is not None:
            body["parameters"] = came

    found = differing(request, change, 1, "dashscope", ADDED["multimodal"] if added else {})
    # An empty object is not what was meant, unless it held what was added.
    assert (found == []) == (fits and came != {})
