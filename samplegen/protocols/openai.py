"""The OpenAI-compatible protocol: chat completions."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from samplegen.model.frozen import freeze
from samplegen.protocols.base import (
    IN_CONTENT,
    Answer,
    Answers,
    Asked,
    BodyError,
    Chat,
    Chunk,
    ProblemKind,
    Protocol,
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


_PARTS = ("text", "image_url", "video_url", "video", "input_audio")
_WITH_URL = ("image_url", "video_url")
# The parts of the DashScope protocol, and what they are here.
_ELSEWHERE = {"image": "image_url", "audio": "input_audio", "video": "video_url"}
# The types of parts of other APIs.
_OF_OTHERS = frozenset({"image", "audio", "document", "input_image", "input_text", "output_text"})


class OpenAIAnswers(Answers):
    """Chat completions, and their chunks."""

    bad_key = "Incorrect API key provided. Each region has its own keys."

    codes: ClassVar = {
        "key": "invalid_api_key",
        "parameter": "invalid_parameter_error",
        "thinking": "invalid_parameter_error",
        "model": "model_not_found",
        "path": "not_found",
        "method": "method_not_allowed",
        "size": "request_too_large",
        "rate": "limit_requests",
        "server": "internal_error",
    }

    # A line of comment, as servers send to keep a connection alive.
    opening = b": this is a comment\n\n"
    closing = b"data: [DONE]\n\n"

    def judge(self, asked: Asked) -> None:
        """Refuse a body that cannot be read."""
        check_messages(asked.body.get("messages"), _check_content)
        check_flag(asked.body, "stream")
        check_tools(asked.body.get("tools"))
        if "stream_options" in asked.body and not asked.body.get("stream"):
            raise BodyError("The stream_options parameter is allowed only with stream.")

    def wrong_place(self, model: str) -> str:
        """The words for a model that is not served here."""
        return f"Unsupported model {model} for OpenAI compatibility mode."

    def whole(self, asked: Asked, answers: Sequence[Answer], usage: Usage) -> dict[str, Any]:
        """A chat completion."""
        choices = [
            {
                "index": index,
                "message": _message_of(answer, asked.family.reasoning),
                "finish_reason": answer.finish,
                "logprobs": None,
            }
            for index, answer in enumerate(answers)
        ]
        return {**_head(asked), "choices": choices, "usage": self.usage(usage)}

    def chunks(self, asked: Asked, answers: Sequence[Answer], usage: Usage) -> list[Chunk]:
        """Chunks of a chat completion; the last one is for the usage, where that is asked for."""
        head = {**_head(asked), "object": "chat.completion.chunk"}
        found: list[Chunk] = []
        shown = ""
        # Models that see and hear repeat the id of a call, others leave it empty.
        repeats = asked.family.kind == "multimodal"
        for index, answer in enumerate(answers):
            for delta, finish in _deltas(answer, repeats, asked.family.reasoning):
                shown += _text_in(delta.get("content")) if index == 0 else ""
                choice = {"index": index, "delta": delta, "finish_reason": finish, "logprobs": None}
                found.append(Chunk({**head, "choices": [choice], "usage": None}, shown))
        options = asked.body.get("stream_options")
        if isinstance(options, Mapping) and options.get("include_usage") is True:
            found.append(Chunk({**head, "choices": [], "usage": self.usage(usage)}, shown))
        return found

    def text_of(self, chunk: Mapping[str, Any]) -> str:
        """The text that a chunk brings."""
        choices = chunk.get("choices")
        return "".join(_text_in(choice["delta"].get("content")) for choice in choices or ())

    def usage(self, usage: Usage) -> dict[str, Any]:
        """The numbers of tokens."""
        said: dict[str, Any] = {
            "prompt_tokens": usage.asked,
            "completion_tokens": usage.answered,
            "total_tokens": usage.asked + usage.answered,
            "prompt_tokens_details": {"cached_tokens": 0},
        }
        if usage.marked:
            # Less than 1,024 tokens are not cached: the page on explicit caches.
            said["prompt_tokens_details"]["cache_creation_input_tokens"] = 0
        if usage.reasoned:
            said["completion_tokens_details"] = {"reasoning_tokens": usage.reasoned}
        return said

    def event(self, number: int, data: bytes) -> bytes:
        """An event."""
        return b"data: " + data + b"\n\n"

    def error(self, kind: ProblemKind, status: int, message: str) -> dict[str, Any]:
        """The body of a refusal."""
        code, request_id = self.codes[kind], str(uuid.uuid4())
        error = {
            "message": message,
            "type": "invalid_request_error" if status < 429 else code,
            "param": None,
            "code": code,
        }
        return {"error": error, "id": f"chatcmpl-{request_id}", "request_id": request_id}

    def error_event(self, number: int, status: int, data: bytes) -> bytes:
        """A refusal within a stream."""
        return self.event(number, data)

    def models(self, names: Sequence[str]) -> tuple[str, dict[str, Any]]:
        """The list of models."""
        listed = [
            {"id": name, "object": "model", "created": 0, "owned_by": "system"} for name in names
        ]
        return "/models", {"object": "list", "data": listed}


def _head(asked: Asked) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4()}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.body["model"],
        "system_fingerprint": None,
    }


def _message_of(answer: Answer, field: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.content}
    if answer.reasoning and field == IN_CONTENT:
        message["content"] = [_thought(answer.reasoning), _part(answer.content)]
    elif answer.reasoning:
        message[field] = answer.reasoning
    if answer.tool_calls:
        message["tool_calls"] = [
            {"index": index, **_call(call, call.arguments)}
            for index, call in enumerate(answer.tool_calls)
        ]
    return message


def _part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _thought(reasoning: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": [_part(reasoning)], "closed": True}


def _text_in(content: Any) -> str:
    """The text of a content, which has parts where the reasoning stands in it."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if part.get("type") == "text")
    return content or ""


def _call(call: ToolCall, arguments: str) -> dict[str, Any]:
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }


def _deltas(
    answer: Answer, repeats: bool, field: str
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """The deltas of an answer with their finish reasons, as the service's captured streams are.

    Args:
        repeats: whether the id of a call comes again in each delta.
        field: where the reasoning stands.
    """
    beside: dict[str, Any] = {}
    texts: list[Any] = [*pieces(answer.content)]
    if not answer.reasoning or field == IN_CONTENT:
        yield {"role": "assistant", "content": ""}, None
        for piece in pieces(answer.reasoning):
            yield {"content": [{"type": "thinking", "thinking": [_part(piece)]}]}, None
        if answer.reasoning and texts:
            # The reasoning ends in the list that the text begins in; then there are texts alone.
            texts[0] = [_thought(""), _part(texts[0])]
    else:
        yield {"role": "assistant", "content": None, field: ""}, None
        for piece in pieces(answer.reasoning):
            yield {"content": None, field: piece}, None
        beside = {field: None}
    for piece in texts:
        yield {"content": piece, **beside}, None
    for index, call in enumerate(answer.tool_calls):
        yield {"content": None, "tool_calls": [{"index": index, **_call(call, "")}]}, None
        id = call.id if repeats else ""
        for piece in pieces(call.arguments):
            more = {"index": index, "id": id, "type": "function", "function": {"arguments": piece}}
            yield {"content": None, "tool_calls": [more]}, None
        nothing = {"name": None, "arguments": None}
        more = {"index": index, "id": id, "type": "function", "function": nothing}
        yield {"content": None, "tool_calls": [more]}, None
    yield {"content": "", **beside}, answer.finish


def _check_content(content: object) -> None:
    """A content is a text, or a list of parts that name their type."""
    if isinstance(content, str):
        return
    if not isinstance(content, list) or not content:
        raise BodyError("The content of a message must be a text or a list of parts.")
    for part in content:
        # A part has what it is under the name of its type: {"type": "text", "text": …}.
        kind = part.get("type") if isinstance(part, Mapping) else None
        if not isinstance(kind, str) or kind == "type" or kind not in part:
            raise BodyError("A part of a content must have a type, and a field of that name.")


class OpenAI(Protocol):
    """A body is the model, the messages, and each parameter beside them."""

    id = "openai"
    answers = OpenAIAnswers()
    usage_apart = True

    def reasoning_field(self, family: Family) -> str:
        """The family's own."""
        return family.reasoning

    def part_slip(self, part: Mapping[str, Any]) -> str | None:
        """A part without its type, of a type of another API, or with a text for an object."""
        if "type" not in part:
            found = next((name for name in _ELSEWHERE if name in part), None)
            if found is not None:
                return f"this protocol has no part `{found}`: its type is `{_ELSEWHERE[found]}`"
            if [*part] == ["text"]:
                return 'a part says its type: {"type": "text", "text": "…"}'
            return None
        kind = part["type"]
        if kind in _WITH_URL and isinstance(part.get(kind), str):
            is_open = re.fullmatch(r"\$\{[^{}]*\}", part[kind])
            return None if is_open else f'`{kind}` is an object: {{"url": "…"}}'
        if kind in _OF_OTHERS or (isinstance(kind, str) and kind.rstrip("s") in _PARTS[1:]):
            return None if kind in _PARTS else f"there is no part of type `{kind}`"
        return None

    def send(self, chat: Chat, family: Family) -> Sent:
        """The headers and the body that a call is."""
        parameters = filled(chat.parameters, family)
        if "tools" in parameters:
            parameters["tools"] = declared(parameters["tools"])
        return Sent({}, {"model": chat.model, "messages": chat.messages, **parameters})

    def parse(self, headers: Mapping[str, str], body: Mapping[str, Any], family: Family) -> Chat:
        """What a request asks."""
        if "messages" not in body or "model" not in body:
            raise BodyError("you must provide a model parameter and messages")
        return Chat(body["model"], body["messages"], self.parameters_of(body))

    def asks(self, body: Mapping[str, Any]) -> bool:
        """Whether it has messages."""
        return "messages" in body

    def sent(self, call: Call, family: Family) -> Call:
        """The call as `parse` reads it back."""
        parameters = filled(call.parameters, family)
        if "tools" in parameters:
            parameters["tools"] = declared(parameters["tools"])
        return replace(call, then=None, parameters=freeze(parameters))


PROTOCOL = OpenAI()
