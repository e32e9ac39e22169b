"""The OpenAI SDK for Python: what `create()` knows is an argument, all else is `extra_body`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

# The arguments of `openai.resources.chat.completions.Completions.create` in openai 3.54.0
# that are fields of the body. Any other name raises a TypeError there.
ARGUMENTS: Final = frozenset(
    {
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "moderation",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    }
)

# The same of `openai.resources.responses.Responses.create`.
RESPONSES: Final = frozenset(
    {
        "access_programs",
        "background",
        "background_options",
        "context_management",
        "conversation",
        "include",
        "input",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "model",
        "moderation",
        "parallel_tool_calls",
        "previous_response_id",
        "prompt",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning",
        "safety_identifier",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "text",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "truncation",
        "user",
    }
)


def values(prepared: Prepared) -> dict[str, object]:
    """`arguments` of `create()` beside the model and the messages, and its `extra_body`."""
    asked = {
        name: value for name, value in prepared.body.items() if name not in ("model", "messages")
    }
    return {
        "arguments": {name: asked[name] for name in asked if name in ARGUMENTS},
        "extra_body": {name: asked[name] for name in asked if name not in ARGUMENTS},
    }
