"""What the service answers, whole or as a stream, in both protocols' shapes."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from samplegen.verify.mock.question import Question

ANSWER: Final = 'I am a mock, they say: "modèle simulé".\nIn other scripts: 模拟, モック, 🙂.'

EVENTS = "text/event-stream;charset=UTF-8"


class Reply(NamedTuple):
    """What to answer: one JSON body, or the events of a stream."""

    status: int
    content_type: str
    parts: list[bytes]
    headers: tuple[tuple[str, str], ...] = ()


def json_bytes(value: object) -> bytes:
    """JSON as UTF-8; a lone surrogate in the model's name cannot be sent back as it is."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _pieces() -> list[str]:
    """The answer as a stream brings it."""
    return [ANSWER[start : start + 12] for start in range(0, len(ANSWER), 12)]


def answer_openai(question: Question) -> Reply:
    """The OpenAI-compatible answer to a good request."""
    head = {
        "id": f"chatcmpl-{uuid.uuid4()}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": question.model,
        "system_fingerprint": None,
    }
    usage = {
        "prompt_tokens": question.characters,
        "completion_tokens": len(ANSWER),
        "total_tokens": question.characters + len(ANSWER),
        "prompt_tokens_details": {"cached_tokens": 0},
    }
    if question.streams:
        options = question.parameters.get("stream_options")
        counted = isinstance(options, dict) and options.get("include_usage") is True
        return _stream_openai(head, usage if counted else None)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": ANSWER},
        "finish_reason": "stop",
        "logprobs": None,
    }
    return Reply(
        200, "application/json", [json_bytes({**head, "choices": [choice], "usage": usage})]
    )


def _stream_openai(head: dict[str, Any], usage: dict[str, Any] | None) -> Reply:
    deltas: list[tuple[dict[str, str], str | None]] = [
        ({"role": "assistant", "content": ""}, None),
        *(({"content": piece}, None) for piece in _pieces()),
        ({"content": ""}, "stop"),
    ]
    chunks: list[dict[str, Any]] = [
        {
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}],
            "usage": None,
        }
        for delta, finish in deltas
    ]
    if usage:
        chunks.append({"choices": [], "usage": usage})
    head = {**head, "object": "chat.completion.chunk"}
    events = [b"data: " + json_bytes({**head, **chunk}) + b"\n\n" for chunk in chunks]
    return Reply(200, EVENTS, [*events, b"data: [DONE]\n\n"])


def answer_dashscope(question: Question) -> Reply:
    """The DashScope answer to a good request."""
    request_id = str(uuid.uuid4())
    if not question.streams:
        body = _dashscope_body(question, request_id, ANSWER, "stop", len(ANSWER))
        return Reply(200, "application/json", [body])
    incremental = question.parameters.get("incremental_output") is True
    so_far = ""
    events = []
    pieces = _pieces()
    for number, piece in enumerate(pieces, start=1):
        so_far += piece
        body = _dashscope_body(
            question,
            request_id,
            piece if incremental else so_far,
            "stop" if number == len(pieces) else "null",
            len(so_far),
        )
        events.append(event(number, "result", 200, body))
    return Reply(200, EVENTS, events)


def _dashscope_body(
    question: Question, request_id: str, text: str, finish: str, tokens: int
) -> bytes:
    """A whole answer, or what one event of a stream carries."""
    multimodal = question.family.kind == "multimodal"
    output: dict[str, Any] = {"text": text, "finish_reason": finish}
    if multimodal or question.parameters.get("result_format") == "message":
        content = [{"text": text}] if multimodal else text
        message = {"role": "assistant", "content": content}
        output = {"choices": [{"finish_reason": finish, "message": message}]}
    usage = {
        "input_tokens": question.characters,
        "output_tokens": tokens,
        "total_tokens": question.characters + tokens,
    }
    return json_bytes({"output": output, "usage": usage, "request_id": request_id})


def event(number: int, name: str, status: int, data: bytes) -> bytes:
    """One server-sent event, as DashScope writes it."""
    return f"id:{number}\nevent:{name}\n:HTTP_STATUS/{status}\ndata:".encode() + data + b"\n\n"
