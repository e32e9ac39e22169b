"""The DashScope SDK for Python: each parameter is a keyword argument of `call()`.

All that is said here of the SDK was read in dashscope 2.0.2: `aigc/generation.py`,
`aigc/multimodal_conversation.py`, `client/base_api.py`, `api_entities/api_request_factory.py`.
"""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Final

from samplegen.errors import InputError
from samplegen.model.catalog import builtin

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

_SDK: Final = builtin().packages["python"]["dashscope-sdk"]

APIS: Final = {"text": "Generation", "multimodal": "MultiModalConversation"}
"""The class that calls each kind of model."""

# The arguments of both classes that are sent as parameters of these names. They are left
# out where they are None; a keyword argument that is not listed is sent whatever it is.
_SENT_UNLESS_NONE: Final = frozenset(
    {
        "enable_search",
        "enable_thinking",
        "incremental_output",
        "logprobs",
        "max_tokens",
        "n",
        "presence_penalty",
        "repetition_penalty",
        "result_format",
        "seed",
        "stop",
        "stream",
        "temperature",
        "tool_choice",
        "tools",
        "top_k",
        "top_logprobs",
        "top_p",
    }
)

SENT_UNLESS_NONE: Final = {
    "Generation": _SENT_UNLESS_NONE
    | {"parallel_tool_calls", "response_format", "search_options", "thinking_budget"},
    "MultiModalConversation": _SENT_UNLESS_NONE | {"ocr_options"},
}

# What `BaseApi.call` and `_build_api_request`, which get all keyword arguments, take for
# something else than a parameter; `self` and `cls` are those of methods on the way.
_TAKEN: Final = frozenset(
    {
        "api_key",
        "api_protocol",
        "async_request",
        "base_address",
        "cls",
        "enable_encryption",
        "extra_url_parameters",
        "flattened_output",
        "form",
        "function",
        "headers",
        "http_method",
        "input",
        "is_binary_input",
        "is_service",
        "messages",
        "model",
        "pre_task_id",
        "query",
        "request_timeout",
        "resources",
        "sdk_module",
        "self",
        "session",
        "task",
        "task_group",
        "task_id",
        "user_agent",
        "workspace",
        "ws_stream_mode",
    }
)

TAKEN: Final = {
    # `output_format` is dropped, and `customized_model_id` goes into the input.
    "Generation": _TAKEN | {"customized_model_id", "history", "output_format", "plugins", "prompt"},
    "MultiModalConversation": _TAKEN | {"language_type", "text", "voice"},
}


def values(prepared: Prepared) -> dict[str, object]:
    """The class, `api`, its `arguments` beside the model and the messages, a message's `text`.

    Names that cannot stand before `=` are in `odd_arguments`, which `**` spreads.

    Raises:
        InputError: a parameter that the SDK does not send as it is.
    """
    api = APIS[prepared.kind]
    asked: dict[str, Any] = prepared.body.get("parameters", {})
    for name, value in asked.items():
        _refuse(api, name, value)
    if prepared.chat.parameters.get("stream") is True:
        asked = {"stream": True, **asked}
    return {
        "api": api,
        "text": 'content[0]["text"]' if prepared.kind == "multimodal" else "content",
        "arguments": {name: asked[name] for name in asked if _is_name(name)},
        "odd_arguments": {name: asked[name] for name in asked if not _is_name(name)},
    }


def _refuse(api: str, name: str, value: Any) -> None:
    """Refuse a parameter that would not arrive."""
    does = None
    if name in TAKEN[api]:
        does = "takes this argument for something else"
    elif value is None and name in SENT_UNLESS_NONE[api]:
        does = "does not send null for it"
    elif api == "Generation" and name == "enable_search" and value is not True:
        # Where it is false, the name of the model decides whether it is left out.
        does = "sends it only if it is true"
    if does:
        raise InputError(
            f"{name}: the DashScope SDK for Python, {_SDK.version}, {does}: leave it out, "
            f"or use client 'http'"
        )


def _is_name(name: str) -> bool:
    """Whether a keyword argument can have this name; Python normalizes those beyond ASCII."""
    return name.isascii() and name.isidentifier() and not iskeyword(name) and name != "__debug__"
