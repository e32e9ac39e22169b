"""What samples of each flow meet: good answers in every form, bad ones, and what to do then."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playing import ASKED, CALLS, WEATHER, Arrived, Player, Reply, as_text, call, sent

from samplegen import Call, render
from samplegen.model.catalog import builtin
from samplegen.protocols import protocol
from samplegen.rendering.sample import fitting
from samplegen.rendering.targets import find

TEXT = "Hi, 你好!\u2028 🙂 “quoted”\n" + "long " * 15_000 + "end"
"""It has a line separator that ends no line, and a line of a stream with it exceeds 64 KiB."""

REASONING = "Well… 🤔\u0085so\n\nyes"

WORDS = "Overloaded, so sorry"

USAGE: dict[str, dict[str, Any]] = {
    "openai": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    "dashscope": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
}


@dataclass(frozen=True)
class Target:
    """Whose sample it is; `parts` says whether contents are lists of parts."""

    protocol: str
    client: str
    parts: bool = False

    def __str__(self) -> str:
        return f"{self.protocol}-{self.client}" + "-parts" * self.parts

    def content(self, text: str) -> Any:
        """A text as a content of an answer."""
        if not self.parts:
            return text
        return [{"text": text}] if text else []


# Answers


@dataclass(frozen=True)
class Says:
    """What a model says, whole or in one chunk."""

    text: str = ""
    reasoning: str | None = None
    calls: Sequence[Mapping[str, Any]] = ()
    finish: str | None = None

    def message(self, target: Target) -> dict[str, Any]:
        said: dict[str, Any] = {"role": "assistant", "content": target.content(self.text)}
        if self.reasoning is not None:
            said["reasoning_content"] = self.reasoning
        if self.calls:
            said["tool_calls"] = [*self.calls]
        return said


def answer(target: Target, says: Says) -> Reply:
    """A whole answer."""
    finish = "tool_calls" if says.calls else "stop"
    choice = {"index": 0, "finish_reason": finish, "message": says.message(target)}
    body: dict[str, Any] = {"usage": USAGE[target.protocol]}
    if target.protocol == "dashscope":
        body |= {"output": {"choices": [choice]}, "request_id": "r-1"}
    else:
        body |= {"id": "c-1", "object": "chat.completion", "created": 1, "model": "m"}
        body |= {"choices": [choice]}
    return Reply([_json(body)])


def refusal(target: Target) -> Reply:
    """What the service says instead of an answer."""
    return Reply([_json(_error(target))], 400)


def _error(target: Target) -> dict[str, Any]:
    if target.protocol == "dashscope":
        return {"code": "Throttling", "message": WORDS, "request_id": "r-1"}
    return {"error": {"message": WORDS, "type": "server_error", "code": "x", "param": None}}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def stream(
    target: Target,
    *pieces: Says,
    done: bool = True,
    error: bool = False,
    broken: bool = False,
    usage: bool = False,
) -> Reply:
    """A stream that is cut within characters and lines, with comments and empty chunks.

    Args:
        done: it ends with `[DONE]`, where the protocol has it.
        error: the last event is an error.
    """
    events = [_event(target, None), *(_event(target, piece) for piece in pieces)]
    if usage and target.protocol == "openai":
        events.append(_event(target, None, USAGE[target.protocol]))
    if error and target.protocol == "dashscope":
        events.append(
            [b"id:9", b"event:error", b":HTTP_STATUS/400", b"data:" + _json(_error(target))]
        )
    elif error:
        events.append([b"data: " + _json(_error(target))])
    if done and target.protocol == "openai":
        events.append([b"data: [DONE]"])
    body = b""
    for number, lines in enumerate(events):
        end = b"\r\n" if number % 2 else b"\n"
        body += b"".join(line + end for line in [*lines, b"", b": still here", b""])
    return Reply([*_cut(body)], content_type="text/event-stream", broken=broken)


def _event(target: Target, says: Says | None, usage: Any = None) -> list[bytes]:
    """The lines of an event; one that says nothing has no choice.

    Args:
        usage: where the protocol does not tell it in each event.
    """
    choices: list[dict[str, Any]] = []
    if target.protocol == "dashscope":
        if says:
            choices = [{"message": says.message(target), "finish_reason": says.finish or "null"}]
        told = USAGE["dashscope"] if says and says.finish else {}
        chunk = {"output": {"choices": choices}, "usage": told, "request_id": "r-1"}
        return [b"id:1", b"event:result", b":HTTP_STATUS/200", b"data:" + _json(chunk)]
    if says:
        delta = {**says.message(target), "content": says.text or None}
        choices = [{"index": 0, "delta": delta, "finish_reason": says.finish}]
    head = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    # Most services write a space after the colon.
    start = b"data: " if says else b"data:"
    return [start + _json({**head, "choices": choices, "usage": usage})]


def _cut(body: bytes) -> Iterator[bytes]:
    sizes = itertools.cycle([1, 2, 3, 5, 7, 1, 11, 64, 200, 30_000])
    while body:
        size = next(sizes)
        yield body[:size]
        body = body[size:]


def _pieces(text: str, finish: str | None = "stop") -> list[Says]:
    """A text in four chunks, of which one is long, and a chunk that ends it."""
    cuts = [0, 1, 5, 12, len(text)]
    shown = [Says(text[start:end]) for start, end in itertools.pairwise(cuts)]
    return [Says(), *shown, *([Says(finish=finish)] if finish else [])]


# Scenes


@dataclass(frozen=True)
class Scene:
    """What a sample of a flow meets, and what it does then.

    Args:
        fields: of the call, beside its protocol.
        shows: all of standard output but a line of usage, or None where it fails.
        part: where it fails, what is on standard output is the beginning of this, not all.
        says: stands on standard error then.
        asks: the messages of the second and later requests, beyond those of the first.
        clients: whose samples do so.
    """

    name: str
    flow: str
    replies: Callable[[Target], Sequence[Reply]]
    shows: Callable[[Target], str] | None = None
    part: str = ""
    says: str = WORDS
    fields: Mapping[str, Any] = field(default_factory=dict)
    asks: Callable[[Target], Sequence[Sequence[Mapping[str, Any]]]] = lambda _: ()
    clients: tuple[str, ...] = ("sdk", "http")


_SCHEMA = {"name": "p", "schema": {"type": "object", "properties": {"name": {"type": "string"}}}}
_NUMBER = {"name": "p", "schema": {"type": "object", "properties": {"n": {"type": ["integer"]}}}}
_JSON = [{"role": "user", "content": "Answer in JSON."}]

_TOOLS = {
    "tools": [
        {**WEATHER, "returns": "It's “sunny”,\n$25 °C {now}"},
        {
            "type": "function",
            "function": {"name": "get_news", "description": "News", "parameters": {}},
            "returns": {"items": [{"title": 'Say "hi" 你好', "n": 1}], "more": None},
        },
        {
            "type": "function",
            "function": {"name": "get_number", "description": "A number", "parameters": {}},
            "returns": 25,
        },
        {
            "type": "function",
            "function": {"name": "no_result", "description": "None", "parameters": {}},
        },
    ]
}


def _called(number: int, name: str, arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"index": number, "id": f"call_{number}", "type": "function", "function": function}


_CALLS = [
    _called(0, "get_weather", '{"city": "Zürich"}'),
    _called(1, "get_news", "{}"),
    _called(2, "get_number", "{}"),
    _called(3, "no_result", "{}"),
    _called(4, "get_weather", '{"city": '),
]

_RESULTS: list[Any] = [
    "It's “sunny”,\n$25 °C {now}",
    {"items": [{"title": 'Say "hi" 你好', "n": 1}], "more": None},
    25,
    "Error: there is no tool no_result",
    "Error: the arguments are not JSON",
]


def _results(calls: Sequence[Mapping[str, Any]], results: Sequence[Any]) -> list[dict[str, Any]]:
    """The messages that tell of calls and their results."""
    plain = [{name: call[name] for name in ("id", "type", "function")} for call in calls]
    done = [
        {"role": "tool", "tool_call_id": call["id"], "content": result}
        for call, result in zip(calls, results, strict=True)
    ]
    return [{"role": "assistant", "tool_calls": plain}, *done]


# As services send them: the name once, the id once, empty afterwards, or always.
def _call_pieces() -> list[Says]:
    pieces = [Says()]
    for number, called in enumerate(_CALLS):
        name, arguments = called["function"]["name"], called["function"]["arguments"]
        start = {**called, "function": {"name": name, "arguments": ""}}
        pieces.append(Says(calls=[start]))
        for part in (arguments[:5], arguments[5:]):
            more: dict[str, Any] = {"index": number, "type": "function"}
            more["id"] = ("", called["id"], None)[number % 3]
            more["function"] = {"arguments": part, **({"name": None} if number % 2 else {})}
            pieces.append(Says(calls=[more]))
        pieces.append(Says(calls=[{**more, "function": {"name": None, "arguments": None}}]))
    return [*pieces, Says(finish="tool_calls")]


# Texts that end a string, a line or a comment somewhere, or stand for something.
_TEXTS = [
    "",
    "'\"\\`\\'\\\"",
    '"""',
    "'''",
    "$x ${x} {$x} #{x} {x} {{x}} %s %d $(id) `id`",
    "\n\r\n\t\0\x1b\x7f\u0085\u2028\u2029",
    "*/ // # ?> <?php --> </script> EOF",
    "\u202e\u200b\ufeff\u00a0e\u0301",
    "你好 🙂 \U0010ffff",
    " \ntrue null -0 1e400 ",
    "x" * 70_000,
]

_HOSTILE = "".join(_TEXTS)

_AGAIN = [_called(0, "get_number", "{}")]
_FINAL = "It's 25 °C, 你好."

_ODD_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": 'it\'s_"odd"', "description": "d", "parameters": {}},
}
_HOSTILE_CALLS = [_called(0, "texts", "{}"), _called(1, _ODD_TOOL["function"]["name"], "{}")]

SCENES = [
    Scene("text", "text", lambda t: [answer(t, Says(TEXT))], lambda t: TEXT + "\n"),
    Scene("a refused text", "text", lambda t: [refusal(t)]),
    Scene(
        "text with reasoning",
        "text",
        lambda t: [answer(t, Says(TEXT, REASONING))],
        lambda t: f"Reasoning:\n{REASONING}\n\nAnswer:\n{TEXT}\n",
        fields={"enable_thinking": True},
    ),
    Scene(
        "text with reasoning that does not come",
        "text",
        lambda t: [answer(t, Says(TEXT))],
        lambda t: TEXT + "\n",
        fields={"enable_thinking": True},
    ),
    Scene(
        "a text of JSON",
        "json",
        lambda t: [answer(t, Says('{"name": "Ada 你好"}'))],
        lambda t: "Ada 你好\n",
        fields={
            "messages": _JSON,
            "response_format": {"type": "json_schema", "json_schema": _SCHEMA},
        },
    ),
    Scene(
        "a number of JSON",
        "json",
        lambda t: [answer(t, Says(' {"n": 12}\n'))],
        lambda t: "12\n",
        fields={
            "messages": _JSON,
            "response_format": {"type": "json_schema", "json_schema": _NUMBER},
        },
    ),
    Scene(
        "JSON without the text",
        "json",
        lambda t: [answer(t, Says('{"nam": "Ada"}'))],
        fields={
            "messages": _JSON,
            "response_format": {"type": "json_schema", "json_schema": _SCHEMA},
        },
        says="",
    ),
    Scene(
        "JSON without the number",
        "json",
        lambda t: [answer(t, Says('{"m": 12}'))],
        fields={
            "messages": _JSON,
            "response_format": {"type": "json_schema", "json_schema": _NUMBER},
        },
        says="",
    ),
    Scene(
        "no JSON",
        "json",
        lambda t: [answer(t, Says('{"name": '))],
        fields={"messages": _JSON, "response_format": {"type": "json_object"}},
        says="",
    ),
    Scene(
        "a stream",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT))],
        lambda t: TEXT + "\n",
        fields={"stream": True},
    ),
    Scene(
        "a stream that says its end in one way alone",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT, None if t.protocol == "openai" else "stop"))],
        lambda t: TEXT + "\n",
    ),
    Scene(
        "a stream with reasoning and usage",
        "stream",
        lambda t: [
            stream(
                t,
                Says(reasoning=""),
                *(Says(reasoning=part) for part in (REASONING[:6], REASONING[6:])),
                *_pieces(TEXT),
                usage=True,
            )
        ],
        lambda t: f"Reasoning:\n{REASONING}\n\nAnswer:\n{TEXT}\n",
        fields={"enable_thinking": True, "stream_options": {"include_usage": True}},
    ),
    Scene(
        "a stream with usage that ends early",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT)[:3], done=False)],
        part=TEXT,
        says="The stream ended early.",
        fields={"stream_options": {"include_usage": True}},
        clients=("http",),
    ),
    Scene(
        "a stream with reasoning that does not come",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT))],
        lambda t: TEXT + "\n",
        fields={"enable_thinking": True},
    ),
    Scene("a refused stream", "stream", lambda t: [refusal(t)]),
    Scene(
        "an error in a stream",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT)[:3], error=True)],
        part=TEXT,
    ),
    Scene(
        "a stream that ends early",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT)[:3], done=False)],
        part=TEXT,
        says="The stream ended early.",
        clients=("http",),
    ),
    Scene(
        "a stream that ends early, which an SDK does not see",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT)[:3], done=False)],
        lambda t: TEXT[:5] + "\n",
        clients=("sdk",),
    ),
    Scene(
        "a stream that breaks",
        "stream",
        lambda t: [stream(t, *_pieces(TEXT)[:3], done=False, broken=True)],
        part=TEXT,
        says="",
    ),
    Scene(
        "a chat",
        "chat",
        lambda t: [answer(t, Says("One, 你好!")), answer(t, Says(TEXT))],
        lambda t: f"One, 你好!\n{TEXT}\n",
        fields={"then": 'And "then"?\n'},
        asks=lambda t: [
            [
                {"role": "assistant", "content": "One, 你好!"},
                {"role": "user", "content": 'And "then"?\n'},
            ]
        ],
    ),
    Scene(
        "a hostile chat",
        "chat",
        lambda t: [answer(t, Says("One")), answer(t, Says("Two"))],
        lambda t: "One\nTwo\n",
        fields={"then": _HOSTILE},
        asks=lambda t: [
            [{"role": "assistant", "content": "One"}, {"role": "user", "content": _HOSTILE}]
        ],
    ),
    Scene(
        "a chat that ends after the first answer",
        "chat",
        lambda t: [answer(t, Says("One")), refusal(t)],
        fields={"then": "And?"},
        part="One\nTwo\n",
        asks=lambda t: [
            [{"role": "assistant", "content": "One"}, {"role": "user", "content": "And?"}]
        ],
    ),
    Scene(
        "tools",
        "tools",
        lambda t: [answer(t, Says(calls=_CALLS)), answer(t, Says(_FINAL))],
        lambda t: _FINAL + "\n",
        fields=_TOOLS,
        asks=lambda t: [_results(_CALLS, _RESULTS)],
    ),
    Scene(
        "tools that are not called",
        "tools",
        lambda t: [answer(t, Says(_FINAL))],
        lambda t: _FINAL + "\n",
        fields=_TOOLS,
    ),
    Scene(
        "five rounds of tools",
        "tools",
        lambda t: [*([answer(t, Says(calls=_AGAIN))] * 5), answer(t, Says(_FINAL))],
        lambda t: _FINAL + "\n",
        fields=_TOOLS,
        asks=lambda t: [_results(_AGAIN, [25]) * number for number in range(1, 6)],
    ),
    Scene(
        "six rounds of tools",
        "tools",
        lambda t: [answer(t, Says(calls=_AGAIN))],
        says="The model still calls tools after five rounds.",
        fields=_TOOLS,
        asks=lambda t: [_results(_AGAIN, [25]) * number for number in range(1, 6)],
    ),
    Scene(
        "a tool with hostile results",
        "tools",
        lambda t: [answer(t, Says(calls=_HOSTILE_CALLS)), answer(t, Says(_FINAL))],
        lambda t: _FINAL + "\n",
        fields={
            "tools": [
                {
                    "type": "function",
                    "function": {"name": "texts", "description": "d", "parameters": {}},
                    "returns": _TEXTS,
                },
                {**_ODD_TOOL, "returns": _HOSTILE},
            ]
        },
        asks=lambda t: [_results(_HOSTILE_CALLS, [_TEXTS, _HOSTILE])],
    ),
    Scene("refused tools", "tools", lambda t: [refusal(t)], fields=_TOOLS),
    Scene(
        "tools in a stream",
        "tools-stream",
        lambda t: [stream(t, *_call_pieces()), stream(t, *_pieces(TEXT))],
        lambda t: TEXT + "\n",
        fields={**_TOOLS, "stream": True},
        asks=lambda t: [_results(_CALLS, _RESULTS)],
    ),
    Scene(
        "tools in a stream that ends early",
        "tools-stream",
        lambda t: [stream(t, *_call_pieces()), stream(t, *_pieces(TEXT)[:3], done=False)],
        part=TEXT,
        says="The stream ended early.",
        fields=_TOOLS,
        asks=lambda t: [_results(_CALLS, _RESULTS)],
    ),
    Scene(
        "calls of tools in a stream that ends early",
        "tools-stream",
        lambda t: [stream(t, *_call_pieces()[:3], done=False)],
        says="The stream ended early.",
        fields=_TOOLS,
    ),
    Scene(
        "six rounds of tools in a stream",
        "tools-stream",
        lambda t: [stream(t, Says(calls=_AGAIN), Says(finish="tool_calls"))],
        says="The model still calls tools after five rounds.",
        fields=_TOOLS,
        asks=lambda t: [_results(_AGAIN, [25]) * number for number in range(1, 6)],
    ),
    Scene(
        "refused tools in a stream",
        "tools-stream",
        lambda t: [stream(t, *_call_pieces()), refusal(t)],
        fields=_TOOLS,
        asks=lambda t: [_results(_CALLS, _RESULTS)],
    ),
]


def scenes(targets: Sequence[Target], flows: Sequence[str]) -> list[tuple[Target, Scene]]:
    """The scenes of some flows, for each target."""
    return [
        (target, scene)
        for target in targets
        for scene in SCENES
        if target.client in scene.clients and scene.flow in flows
    ]


def names(pairs: Sequence[tuple[Target, Scene]]) -> list[str]:
    """What the tests of these are called."""
    return [f"{target}: {scene.name}" for target, scene in pairs]


def call_of(target: Target, scene: Scene) -> Call:
    """The call that a scene's sample makes."""
    fields = {"messages": ASKED, **scene.fields}
    if target.parts:
        fields["model"] = "qwen3-vl-plus"
    given = {name: fields.pop(name) for name in ("messages", "model", "then") if name in fields}
    return Call(protocol=target.protocol, parameters=fields, **given)  # type: ignore[arg-type]


def enact(player: Player, target: Target, scene: Scene) -> None:
    """Run a scene's sample, and check all that it does."""
    made = call_of(target, scene)
    done = player.play(made, target.client, scene.flow, scene.replies(target))
    if scene.shows is None:
        assert done.exit != 0
        assert scene.says in done.stderr
        assert scene.part.startswith(done.stdout)
        assert done.stdout != scene.part or not scene.part
    else:
        shown = done.stdout
        if "stream_options" in scene.fields:
            shown, _, usage = shown.removesuffix("\n").rpartition("\n")
            # SDKs write JSON in their own way, and one adds a field.
            assert json.loads(usage).items() >= USAGE[target.protocol].items()
            shown += "\n"
        assert (done.exit, done.stderr, shown) == (0, "", scene.shows(target))
    first, *later = player.stage.arrived
    meant = sent(fitting(made, scene.flow), player.stage)
    if (target.protocol, target.client) == ("dashscope", "sdk"):
        meant.body.setdefault("parameters", {})
    assert as_text(first.body) == as_text(meant.body)
    asked = scene.asks(target)
    assert len(later) == len(asked)
    for request, messages in zip(later, asked, strict=True):
        _check(request, first, [_heard(target, message) for message in messages], target)


def arrives(player: Player, target: Target, flow: str, *, is_text: bool = True) -> None:
    """Run a sample whose stream goes on only when its beginning was shown.

    Args:
        is_text: it shows the text of the stream, not its events.
    """
    scene = next(one for one in SCENES if one.flow == flow and one.shows)
    seen = []

    def wait() -> None:
        seen.append(player.wait_for(TEXT[:5] if is_text else TEXT[1:5]))

    *before, last = scene.replies(target)
    whole = b"".join(part for part in last.parts if isinstance(part, bytes))
    # Up to the empty line that ends the event.
    line = whole.index(b"\n", whole.index(TEXT[4].encode())) + 1
    cut = whole.index(b"\n", line) + 1
    parts: list[bytes | Callable[[], None]] = [whole[:cut], wait, whole[cut:]]
    done = player.play(
        call_of(target, scene), target.client, flow, [*before, last._replace(parts=parts)]
    )
    assert seen == [True]
    assert scene.shows
    shown = scene.shows(target) if is_text else whole.decode()
    assert (done.exit, done.stderr, done.stdout) == (0, "", shown)


def keyless(player: Player, target: Target, flow: str) -> None:
    """Run a sample without a key: it says so, and asks nothing."""
    scene = next(one for one in SCENES if one.flow == flow and one.shows)
    key_env = builtin().provider.key_env
    done = player.play(call_of(target, scene), target.client, flow, [], **{key_env: ""})
    assert done.exit not in (0, None)
    assert (done.stdout, done.stderr.strip()) == ("", f"Set the environment variable {key_env}.")
    assert player.stage.arrived == []


def _heard(target: Target, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as a protocol has it; without the content of one that calls tools."""
    if "tool_calls" in message or not target.parts or not isinstance(message["content"], str):
        return dict(message)
    return {**message, "content": [{"text": message["content"]}]}


def _check(request: Arrived, first: Arrived, more: list[dict[str, Any]], target: Target) -> None:
    """A later request is as the first one, with more messages."""
    path = protocol(target.protocol).messages_path()
    bodies = [json.loads(json.dumps(one.body)) for one in (request, first)]
    for body in bodies:
        holder = body
        for key in path[:-1]:
            holder = holder[key]
        said = holder.pop(path[-1])
        if body is bodies[0]:
            messages = said
        else:
            before = said
    assert as_text(bodies[0]) == as_text(bodies[1])
    assert request.path == first.path
    assert as_text(messages[: len(before)]) == as_text(before)
    assert [_plain(one, target) for one in messages[len(before) :]] == more


def _plain(message: dict[str, Any], target: Target) -> dict[str, Any]:
    """What tests compare of a message: of one that calls tools its calls, of results their JSON."""
    if message.get("tool_calls"):
        calls = [
            {name: call[name] for name in ("id", "type", "function")}
            for call in message["tool_calls"]
        ]
        return {"role": message["role"], "tool_calls": calls}
    if message["role"] == "tool":
        assert message.keys() == {"role", "tool_call_id", "content"}
        content = message["content"][0]["text"] if target.parts else message["content"]
        assert isinstance(content, str)
        try:
            content = json.loads(content)
        except ValueError:
            if target.parts:
                content = [{"text": content}]
        return {**message, "content": content}
    return message


def written(player: Player, targets: Sequence[Target], folder: Path) -> None:
    """Write the samples of all calls and scenes into a folder, for what judges their style."""
    language, catalog = player.language, player.stage.catalog
    samples = [
        render(call(name, target.protocol), language, target.client, flow="whole", catalog=catalog)
        for target in targets
        for name in CALLS
        if not target.parts
    ]
    samples += [
        render(call_of(target, scene), language, target.client, flow=scene.flow, catalog=catalog)
        for target, scene in scenes(targets, find(language, "openai").flows)
    ]
    for number, sample in enumerate(samples):
        path = folder / f"{number}{Path(sample.filename).suffix}"
        path.write_text(sample.code, encoding="utf-8", newline="")
