"""The DashScope protocol: messages in `input`, all else in `parameters`, a header for streams."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from samplegen.errors import InputError
from samplegen.model.frozen import freeze, thaw
from samplegen.protocols.base import (
    Answer,
    Answers,
    Asked,
    BodyError,
    Chat,
    Chunk,
    ProblemKind,
    Protocol,
    Said,
    Sent,
    ToolCall,
    Usage,
    check_flag,
    check_messages,
    check_tools,
    declared,
    filled,
    pieces,
)

if TYPE_CHECKING:
    from samplegen.model.call import Call
    from samplegen.model.catalog import Family

# A part of a content is what it is under its own name; in the OpenAI-compatible form it
# also names its type, and what it is may stand one level deeper, under this key.
_PARTS: dict[str, tuple[str, str | None]] = {
    "text": ("text", None),
    "image_url": ("image", "url"),
    "video_url": ("video", "url"),
    "video": ("video", None),
    "input_audio": ("audio", "data"),
}

EVENTS = "x-dashscope-sse"

# What goes with every call that we send, and so is no news when it comes back.
_OURS = {"result_format": "message", "incremental_output": True}


_NO_MESSAGES = 'Either "prompt" or "messages" must exist and cannot both be none'


class DashScopeAnswers(Answers):
    """An `output` and a `usage`, whole or in each event of a stream."""

    bad_key = "Invalid API-key provided."

    codes: ClassVar = {
        "key": "InvalidApiKey",
        "parameter": "InvalidParameter",
        "thinking": "InvalidParameter.NotSupportEnableThinking",
        "model": "ModelNotFound",
        "path": "NotFound",
        "method": "MethodNotAllowed",
        "size": "RequestTooLarge",
        "rate": "Throttling.RateQuota",
        "server": "InternalError",
    }

    media_type = "text/event-stream;charset=UTF-8"

    def judge(self, asked: Asked) -> None:
        """Refuse a body that cannot be read."""
        conversation = asked.body.get("input")
        if not isinstance(conversation, Mapping):
            raise BodyError(_NO_MESSAGES)
        parameters = asked.body.get("parameters", {})
        if not isinstance(parameters, Mapping):
            raise BodyError("The parameters parameter must be an object.")
        check = _check_parts if asked.family.kind == "multimodal" else _check_text
        check_messages(conversation.get("messages"), check)
        check_flag(parameters, "incremental_output")
        check_tools(parameters.get("tools"))
        form = parameters.get("result_format")
        if form not in (None, "text", "message"):
            raise BodyError("The result_format parameter must be text or message.")
        if parameters.get("enable_thinking") is True and _streams(asked.headers):
            if form == "text":
                raise BodyError(
                    'The result_format parameter must be "message" when enable_thinking is true'
                )
            if parameters.get("incremental_output") is False:
                raise BodyError(
                    'The incremental_output parameter must be "true" when enable_thinking is true'
                )

    def wrong_place(self, model: str) -> str:
        """The words for a model that is not served here; the exclamation mark is the service's."""
        return (
            "url error, please check url！ For details, see: "  # noqa: RUF001
            "https://help.aliyun.com/zh/model-studio/error-code#error-url"
        )

    def whole(self, asked: Asked, answers: Sequence[Answer], usage: Usage) -> dict[str, Any]:
        """A whole answer."""
        choices = [_choice(asked, answer, answer.finish) for answer in answers]
        for index, choice in enumerate(choices if len(choices) > 1 else ()):
            choice["index"] = index
        return self._body(asked, choices, usage, str(uuid.uuid4()))

    def chunks(self, asked: Asked, answers: Sequence[Answer], usage: Usage) -> list[Chunk]:
        """Pieces of an answer, or all of it so far: see `incremental_output`."""
        request_id = str(uuid.uuid4())
        incremental = asked.body.get("parameters", {}).get("incremental_output") is True
        found: list[Chunk] = []
        shown, answered, reasoned = "", 0, 0
        for index, answer in enumerate(answers):
            steps = list(_steps(answer))
            whole = Answer()
            for number, step in enumerate(steps, 1):
                whole = step.after(whole)
                shown += step.content if index == 0 else ""
                reasoned += len(step.reasoning)
                answered += len(step.reasoning) + len(step.content)
                finish = answer.finish if number == len(steps) else "null"
                choice = _choice(asked, whole, finish)
                if incremental:
                    choice["message"] = step.message(asked.family.kind, bool(answer.reasoning))
                if len(answers) > 1:
                    choice["index"] = index
                numbers = Usage(usage.asked, answered, reasoned)
                found.append(Chunk(self._body(asked, [choice], numbers, request_id), shown))
        return found

    def _body(
        self, asked: Asked, choices: list[dict[str, Any]], usage: Usage, request_id: str
    ) -> dict[str, Any]:
        """A whole answer, or what one event of a stream carries."""
        output: dict[str, Any] = {"choices": choices}
        form = asked.body.get("parameters", {}).get("result_format", "text")
        if form == "text" and choices[0]["message"].keys() == {"role", "content"}:
            text = choices[0]["message"]["content"]
            if isinstance(text, str):
                output = {"text": text, "finish_reason": choices[0]["finish_reason"]}
        return {"output": output, "usage": self.usage(usage), "request_id": request_id}

    def text_of(self, chunk: Mapping[str, Any]) -> str:
        """The text that a chunk brings, where chunks are increments."""
        output = chunk.get("output")
        if not isinstance(output, Mapping):
            return ""
        if "choices" not in output:
            return str(output.get("text") or "")
        contents = [choice["message"].get("content") or "" for choice in output["choices"]]
        return "".join(
            content if isinstance(content, str) else "".join(part["text"] for part in content)
            for content in contents
        )

    def usage(self, usage: Usage) -> dict[str, Any]:
        """The numbers of tokens."""
        said: dict[str, Any] = {
            "input_tokens": usage.asked,
            "output_tokens": usage.answered,
            "total_tokens": usage.asked + usage.answered,
        }
        if usage.reasoned:
            said["output_tokens_details"] = {"reasoning_tokens": usage.reasoned}
        return said

    def event(self, number: int, data: bytes) -> bytes:
        """An event: without a space after the colons."""
        return _event(number, "result", 200, data)

    def error(self, kind: ProblemKind, status: int, message: str) -> dict[str, Any]:
        """The body of a refusal."""
        return {"code": self.codes[kind], "message": message, "request_id": str(uuid.uuid4())}

    def error_event(self, number: int, status: int, data: bytes) -> bytes:
        """A refusal as an event."""
        return _event(number, "error", status, data)

    def refuses_in_events(self, headers: Mapping[str, str]) -> bool:
        """Whether a stream was asked for."""
        return _streams(headers)


def _streams(headers: Mapping[str, str]) -> bool:
    return headers.get(EVENTS, "").lower() == "enable"


def _event(number: int, name: str, status: int, data: bytes) -> bytes:
    return f"id:{number}\nevent:{name}\n:HTTP_STATUS/{status}\ndata:".encode() + data + b"\n\n"


class _Step(NamedTuple):
    """What one event adds to an answer; a `call` is the `number`th, or more of its arguments."""

    content: str = ""
    reasoning: str = ""
    number: int = 0
    call: ToolCall | None = None

    def after(self, so_far: Answer) -> Answer:
        """The answer with it."""
        calls = list(so_far.tool_calls)
        if self.call is not None and self.number == len(calls):
            calls.append(self.call)
        elif self.call is not None:
            last = calls[self.number]
            calls[self.number] = last._replace(arguments=last.arguments + self.call.arguments)
        return Answer(
            so_far.content + self.content, so_far.reasoning + self.reasoning, tuple(calls)
        )

    def message(self, kind: str, thinks: bool) -> dict[str, Any]:
        """It alone: the id of a call is empty but the first time, and its name not there."""
        message: dict[str, Any] = {"role": "assistant", "content": _content(self.content, kind)}
        if thinks:
            message["reasoning_content"] = self.reasoning
        if self.call is not None:
            function = {"name": self.call.name} if self.call.name else {}
            function["arguments"] = self.call.arguments
            call = {"index": self.number, "id": self.call.id, "type": "function"}
            message["tool_calls"] = [{**call, "function": function}]
        return message


def _steps(answer: Answer) -> Iterator[_Step]:
    """What the events of a stream add; there is one at least."""
    for piece in pieces(answer.reasoning):
        yield _Step(reasoning=piece)
    for piece in pieces(answer.content):
        yield _Step(piece)
    for number, call in enumerate(answer.tool_calls):
        yield _Step(number=number, call=call._replace(arguments=""))
        for piece in pieces(call.arguments):
            yield _Step(number=number, call=ToolCall("", "", piece))
    if not (answer.content or answer.tool_calls):
        yield _Step()


def _choice(asked: Asked, answer: Answer, finish: str) -> dict[str, Any]:
    content = _content(answer.content, asked.family.kind)
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if answer.reasoning:
        message["reasoning_content"] = answer.reasoning
    if answer.tool_calls:
        message["tool_calls"] = [
            {
                "index": index,
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for index, call in enumerate(answer.tool_calls)
        ]
    return {"finish_reason": finish, "message": message}


def _content(text: str, kind: str) -> Any:
    """A text as a content: a list of parts, where the endpoint is multimodal."""
    if kind != "multimodal":
        return text
    return [{"text": text}] if text else []


def _check_text(content: object) -> None:
    """A text model's content is a text, or texts of which some are to be cached."""
    cached = isinstance(content, list) and any("cache_control" in part for part in content)
    if not isinstance(content, str) and not cached:
        raise BodyError("input content must be a string.")


def _check_parts(content: object) -> None:
    """Another model's content is a list of parts such as {"text": "…"}."""
    if not isinstance(content, list) or not content:
        raise BodyError("The content of a message must be a list of parts for this model.")
    for part in content:
        if not isinstance(part, Mapping) or not any(name in part for name, _ in _PARTS.values()):
            raise BodyError("The item of content should be a message of a certain modal.")


class DashScope(Protocol):
    """Text models and multimodal models have an endpoint each, and contents of their own."""

    id = "dashscope"
    answers = DashScopeAnswers()
    pieces_by = "incremental_output"
    # From the page on error messages.
    refused_with_thinking: ClassVar = {
        "incremental_output": (
            False,
            'The incremental_output parameter must be "true" when enable_thinking is true',
        ),
        "result_format": (
            "text",
            'The result_format parameter must be "message" when enable_thinking is true',
        ),
    }

    def part_slip(self, part: Mapping[str, Any]) -> str | None:
        """A part of the OpenAI-compatible form, where it is another one here."""
        for name, (right, inside) in _PARTS.items():
            if name in part and (inside is not None or name != right):
                return f'this protocol has no part `{name}`: write {{"{right}": "…"}}'
        return None

    def send(self, chat: Chat, family: Family) -> Sent:
        """The headers and the body that a call is."""
        # The multimodal endpoint takes content in parts only, and always answers in messages.
        multimodal = family.kind == "multimodal"
        asked = filled(chat.parameters, family)
        streams = asked.pop("stream", False)
        asked.pop("stream_options", None)
        if "tools" in asked:
            asked["tools"] = declared(asked["tools"])
        asked = {name: value for name, value in asked.items() if name not in _OURS}
        ours: dict[str, Any] = {} if multimodal else {"result_format": "message"}
        if streams:
            ours["incremental_output"] = True
        parameters = {**ours, **asked}
        messages = [_message(message, multimodal) for message in chat.messages]
        body = {"model": chat.model, "input": {"messages": messages}}
        if parameters:
            body["parameters"] = parameters
        return Sent({"X-DashScope-SSE": "enable"} if streams else {}, body)

    def parse(self, headers: Mapping[str, str], body: Mapping[str, Any], family: Family) -> Chat:
        """What a request asks."""
        conversation = body.get("input")
        if not isinstance(conversation, Mapping) or "messages" not in conversation:
            raise BodyError(_NO_MESSAGES)
        messages, parameters = conversation["messages"], body.get("parameters", {})
        return self.chat(body["model"], messages, parameters, _streams(headers), family)

    def chat(
        self,
        model: Any,
        messages: Any,
        parameters: Mapping[str, Any],
        streams: bool,
        family: Family,
    ) -> Chat:
        """What is asked, of values in this protocol's form."""
        asked = {
            name: value
            for name, value in parameters.items()
            if not (name in _OURS and value == _OURS[name])
        }
        standard = [_standard(message, family.kind == "multimodal") for message in messages]
        return Chat(model, standard, {**({"stream": True} if streams else {}), **asked})

    stream_header = EVENTS
    sdk_uploads = "file://"

    def asks(self, body: Mapping[str, Any]) -> bool:
        """Whether it has messages in its `input`."""
        conversation = body.get("input")
        return isinstance(conversation, Mapping) and "messages" in conversation

    def said(self, body: Mapping[str, Any]) -> Said:
        """What a body says, as far as it does; also what stands beside the place it belongs in."""
        inner = {name: body[name] for name in ("input", "parameters") if name in body}
        groups: dict[str, Any] = {
            "parameters": inner.get("parameters"),
            "input": inner.get("input"),
            "body": {name: body[name] for name in body if name not in ("model", *inner)},
        }
        known: dict[str, Any] = {}
        places: dict[str, str] = {}
        for place, group in groups.items():
            for name in group if isinstance(group, Mapping) else ():
                if name not in known:
                    known[name], places[name] = group[name], place
        messages, prompt = known.pop("messages", None), known.pop("prompt", None)
        return Said(body.get("model"), messages, prompt, known, places)

    def sent(self, call: Call, family: Family) -> Call:
        """The call as `parse` reads it back."""
        parameters = filled(call.parameters, family)
        parameters.pop("stream_options", None)
        if not parameters.get("stream", True):
            del parameters["stream"]
        for name in _OURS:
            parameters.pop(name, None)
        if "tools" in parameters:
            parameters["tools"] = declared(parameters["tools"])
        multimodal = family.kind == "multimodal"
        messages = tuple(
            one
            if isinstance(one.content, str) or one.content is None
            else replace(
                one, content=_standard(_message(one.as_json(), multimodal), multimodal)["content"]
            )
            for one in call.messages
        )
        return replace(call, messages=messages, then=None, parameters=freeze(parameters))

    def is_body(self, data: Mapping[str, Any]) -> bool:
        """Whether it has an `input`, which no call has."""
        return "input" in data

    def from_body(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON form of the call that a body is."""
        from samplegen.model.call import OWN_FIELDS

        conversation, parameters = data["input"], data.get("parameters", {})
        if not isinstance(conversation, Mapping) or "messages" not in conversation:
            raise InputError("input.messages: this field is missing: a call has messages")
        if not isinstance(parameters, Mapping):
            raise InputError("parameters: an object is expected")
        beside = [
            n for n in data if n not in ("model", "input", "parameters", "stream", *OWN_FIELDS)
        ]
        if beside:
            raise InputError(
                f"{beside[0]}: in a DashScope body this stands in 'parameters', not beside 'input'"
            )
        messages = conversation["messages"]
        if isinstance(messages, list | tuple):
            messages = [
                _standard(message, False) if isinstance(message, Mapping) else message
                for message in messages
            ]
        for name, ours in _OURS.items():
            if name in parameters and parameters[name] != ours:
                raise InputError(f"parameters.{name}: samples are written for {ours!r} alone")
        own = {name: value for name, value in data.items() if name not in ("input", "parameters")}
        rest = {name: value for name, value in parameters.items() if name not in _OURS}
        return {"protocol": self.id, **own, "messages": messages, **rest}

    def messages_of(self, body: Mapping[str, Any]) -> Any:
        """The messages in a body."""
        return body["input"]["messages"]

    def parameters_of(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters in a body."""
        return dict(body.get("parameters", {}))

    def path_of(self, name: str) -> Sequence[str]:
        """Where a parameter stands in a body."""
        return ("parameters", name)

    def messages_path(self) -> Sequence[str]:
        """Where the messages stand in a body."""
        return ("input", "messages")

    def choices_path(self) -> Sequence[str]:
        """Where the choices stand in an answer, and in each chunk of a stream."""
        return ("output", "choices")

    def answers_in_parts(self, family: Family) -> bool:
        """Whether the content of an answer is a list of parts with a text each."""
        return family.kind == "multimodal"


def _message(message: Mapping[str, Any], multimodal: bool) -> dict[str, Any]:
    """A message in DashScope's form; its texts may be holes."""
    content = message["content"]
    if isinstance(content, list | tuple):
        content = [_part(part) for part in content]
    elif multimodal and content is not None:
        content = [{"text": content}]
    return {**message, "content": content}


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    name, inner = _PARTS[part["type"]]
    value = part[part["type"]]
    beside = {key: item for key, item in part.items() if key not in ("type", part["type"])}
    if inner is None:
        return {name: value, **beside}
    # What stands beside a URL stands beside it there, too, but for what the URL itself tells.
    told = {key: item for key, item in value.items() if key not in (inner, "format")}
    return {name: value[inner], **told, **beside}


def _standard(message: Mapping[str, Any], multimodal: bool) -> dict[str, Any]:
    """A message in the OpenAI-compatible form, from DashScope's."""
    content = message.get("content")
    if isinstance(content, list | tuple):
        if multimodal and len(content) == 1 and set(content[0]) == {"text"}:
            content = content[0]["text"]
        else:
            content = [_standard_part(part) for part in content]
    return {**thaw(message), "content": content}


def _standard_part(part: Any) -> Any:
    if not isinstance(part, Mapping):
        return part
    for kind, (name, inner) in _PARTS.items():
        if name in part and isinstance(part[name], list | tuple) == (kind == "video"):
            beside = {key: item for key, item in part.items() if key != name}
            return {
                "type": kind,
                kind: part[name] if inner is None else {inner: part[name]},
            } | beside
    return dict(part)


PROTOCOL = DashScope()
