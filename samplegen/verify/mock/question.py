"""What a request asks: the body, judged as the service would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from samplegen.model.call import ROLES
from samplegen.model.catalog import Catalog, Family
from samplegen.verify.mock.refusal import NO_MODEL, RefusalError, invalid

if TYPE_CHECKING:
    from samplegen.verify.mock.app import Exchange


class Question(NamedTuple):
    """A good request of either protocol."""

    model: str
    characters: int
    family: Family
    parameters: dict[str, Any]
    streams: bool


def wants_events(request: Exchange) -> bool:
    """Whether a DashScope request asks for a stream."""
    return request.header("x-dashscope-sse").lower() == "enable"


def question(protocol: str, path: str, request: Exchange, catalog: Catalog) -> Question:
    """The call that a request makes, or a refusal of what the service would refuse."""
    body = _json_object(request)
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise invalid("You must provide a model parameter.")
    family = catalog.family(model)
    matched = family in catalog.families
    if not (matched or model in catalog.models or not catalog.families):
        raise RefusalError(
            NO_MODEL, f"The model {model} does not exist or you do not have access to it."
        )
    facts = catalog.protocols[protocol]
    if protocol not in family.protocols or path != facts.base_path + facts.paths[family.kind]:
        raise invalid(
            f"Unsupported model {model} for OpenAI compatibility mode."
            if protocol == "openai"
            else "url error, please check url!"
        )
    if protocol == "openai":
        texts = [
            text for message in _messages(body) for text in _openai_texts(message.get("content"))
        ]
        parameters, streams = body, _flag(body, "stream")
        if "stream_options" in body and not streams:
            raise invalid("The stream_options parameter is allowed only with stream.")
    else:
        conversation = _object(body, "input")
        texts = [
            text
            for message in _messages(conversation)
            for text in _dashscope_texts(message.get("content"), family)
        ]
        parameters = _object(body, "parameters") if "parameters" in body else {}
        _flag(parameters, "incremental_output")
        if parameters.get("result_format", "text") not in ("text", "message"):
            raise invalid("The result_format parameter must be text or message.")
        streams = wants_events(request)
    if not streams:
        _check_without_stream(family, parameters)
    return Question(model, sum(map(len, texts)), family, parameters, streams)


def _json_object(request: Exchange) -> dict[str, Any]:
    media_type = request.header("content-type").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise invalid(f"Content type {media_type or 'none'} is not supported: send JSON.")
    try:
        body = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid("The body is not valid JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise invalid("The body is not a JSON object.")
    return body


def _no_constant(name: str) -> None:
    """Python's parser takes NaN and Infinity, JSON does not."""
    raise ValueError(name)


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise invalid(f"The {name} parameter must be an object.")
    return value


def _flag(parameters: dict[str, Any], name: str) -> bool:
    value = parameters.get(name)
    if value is not None and not isinstance(value, bool):
        raise invalid(f"The {name} parameter must be true or false.")
    return bool(value)


def _messages(holder: dict[str, Any]) -> list[dict[str, Any]]:
    messages = holder.get("messages")
    if not isinstance(messages, list) or not messages:
        raise invalid("The messages parameter must be a list with at least one message.")
    for place, message in enumerate(messages):
        if not isinstance(message, dict):
            raise invalid(f"messages.{place} must be an object.")
        if message.get("role") not in (*ROLES, "tool"):
            raise invalid(f"messages.{place}.role must be one of {', '.join(ROLES)}, tool.")
    return messages


def _openai_texts(content: object) -> list[str]:
    """The texts of a content, which is one, or a list of parts that name their type."""
    if isinstance(content, str):
        return [content]
    if not isinstance(content, list) or not content:
        raise invalid("The content of a message must be a text or a list of parts.")
    for part in content:
        # A part has what it is under the name of its type: {"type": "text", "text": …}.
        kind = part.get("type") if isinstance(part, dict) else None
        if not isinstance(kind, str) or kind == "type" or kind not in part:
            raise invalid("A part of a content must have a type, and a field of that name.")
    return _part_texts(content)


def _dashscope_texts(content: object, family: Family) -> list[str]:
    """The texts of a content: one for a text model, parts such as {"text": …} for others."""
    if family.kind == "text":
        if not isinstance(content, str):
            raise invalid("The content of a message must be a text for this model.")
        return [content]
    if not isinstance(content, list) or not content:
        raise invalid("The content of a message must be a list of parts for this model.")
    if not all(isinstance(part, dict) and part for part in content):
        raise invalid("A part of a content must be an object such as a text or an image.")
    return _part_texts(content)


def _part_texts(parts: list[dict[str, Any]]) -> list[str]:
    texts = [part["text"] for part in parts if "text" in part]
    if not all(isinstance(text, str) for text in texts):
        raise invalid("The text of a part must be a text.")
    return texts


def _check_without_stream(family: Family, parameters: dict[str, Any]) -> None:
    """Refuse a call that the model would answer only as a stream."""
    if family.streams_only:
        raise invalid(
            "This model only supports stream mode: enable the stream parameter to access it."
        )
    for name, value in family.options.items():
        sent = parameters.get(name)
        # As JSON values: to Python, false is 0 and 1 is 1.0.
        if json.dumps(sent, sort_keys=True) != json.dumps(value, sort_keys=True):
            raise invalid(
                f"parameter.{name} must be set to {json.dumps(value)} for non-streaming calls"
            )
