"""The DashScope protocol: messages in `input`, all else in `parameters`, a header for streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from samplegen.errors import InputError
from samplegen.model.frozen import freeze, thaw
from samplegen.protocols.base import BodyError, Chat, Protocol, Sent, declared, filled

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


class DashScope(Protocol):
    """Text models and multimodal models have an endpoint each, and contents of their own."""

    id = "dashscope"

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
        messages = [_message(message, multimodal=multimodal) for message in chat.messages]
        body = {"model": chat.model, "input": {"messages": messages}}
        if parameters:
            body["parameters"] = parameters
        return Sent({"X-DashScope-SSE": "enable"} if streams else {}, body)

    def parse(self, headers: Mapping[str, str], body: Mapping[str, Any], family: Family) -> Chat:
        """What a request asks."""
        conversation = body.get("input")
        if not isinstance(conversation, Mapping) or "messages" not in conversation:
            raise BodyError('Either "prompt" or "messages" must exist and cannot both be none')
        streams = headers.get(EVENTS, "").lower() == "enable"
        parameters = {
            name: value
            for name, value in body.get("parameters", {}).items()
            if not (name in _OURS and value == _OURS[name])
        }
        messages = [
            _standard(message, multimodal=family.kind == "multimodal")
            for message in conversation["messages"]
        ]
        return Chat(
            body["model"], messages, {**({"stream": True} if streams else {}), **parameters}
        )

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
        messages = call.messages
        if family.kind == "multimodal":
            messages = tuple(
                replace(one, content=one.content[0]["text"])
                if isinstance(one.content, tuple)
                and len(one.content) == 1
                and one.content[0].keys() == {"type", "text"}
                else one
                for one in messages
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
                _standard(message, multimodal=False) if isinstance(message, Mapping) else message
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


def _message(message: Mapping[str, Any], *, multimodal: bool) -> dict[str, Any]:
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
    return {name: value[inner], **{k: v for k, v in value.items() if k != inner}, **beside}


def _standard(message: Mapping[str, Any], *, multimodal: bool) -> dict[str, Any]:
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
