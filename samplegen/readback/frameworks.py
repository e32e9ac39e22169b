"""Frameworks that call a model for their user: what they are told of the call.

Only the address, the key and the model are read, by the names that the frameworks' own
documentation has for them; all else is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from samplegen.readback.dialect import chain
from samplegen.readback.expressions import Call, Member, Name, dotted
from samplegen.readback.meanings import argument
from samplegen.readback.model import Named, Span
from samplegen.readback.values import Evaluated, Record, Scalar, cut

if TYPE_CHECKING:
    from samplegen.readback.reading import Reading, Readings

# Modules, and what people call the framework; the first that fits counts.
_FRAMEWORKS: Final = {
    r"langchain(?:_\w+)?|@langchain|langgraph": "LangChain",
    r"llama_?index|llamaindex": "LlamaIndex",
    r"litellm": "LiteLLM",
    r"@?ai-sdk|ai|qwen-ai-provider": "Vercel AI SDK",
    r"org\.springframework\.ai": "Spring AI",
    r"com\.alibaba\.cloud\.ai": "Spring AI Alibaba",
    r"dev\.langchain4j": "LangChain4j",
    r"io\.agentscope|agentscope": "AgentScope",
    r"qwen_agent": "Qwen-Agent",
    r"autogen(?:_\w+)?": "AutoGen",
    r"crewai": "CrewAI",
    r"haystack": "Haystack",
    r"pydantic_ai": "Pydantic AI",
    r"smolagents": "smolagents",
    r"camel": "CAMEL",
    r"semantic_kernel|Microsoft\.SemanticKernel": "Semantic Kernel",
    r"Microsoft\.Extensions\.AI": "Microsoft.Extensions.AI",
    r"browser_use": "Browser Use",
    r"agno": "Agno",
    r"agents": "OpenAI Agents SDK",
    r"@mastra": "Mastra",
    r"github\.com/tmc/langchaingo": "LangChainGo",
    r"github\.com/cloudwego/eino(?:-ext)?": "Eino",
}
_BY_MODULE: Final = [
    (re.compile(rf"(?:{pattern})(?:[./_-].*)?"), name) for pattern, name in _FRAMEWORKS.items()
]

_URLS: Final = frozenset({
    "api_base", "base_address", "base_url", "baseurl", "base_http_api_url", "endpoint",
    "model_server", "openai_api_base", "openai_base_url", "withbaseurl", "basepath",
})  # fmt: skip
_KEYS: Final = frozenset({
    "alibaba_api_key", "api_key", "apikey", "dashscope_api_key", "openai_api_key", "withtoken",
    "withapikey", "token",
})  # fmt: skip
_MODELS: Final = frozenset({
    "id", "model", "model_id", "model_name", "modelname", "withmodel", "llm_model",
})  # fmt: skip
# What makes or calls a model, by the end of its name.
_MAKES: Final = re.compile(
    r"(?:Chat\w*|\w*OpenAI\w*|\w*Qwen\w*|\w*Tongyi\w*|\w*DashScope\w*|LLM|\w*LLM|\w*Model"
    r"|\w*ModelConfig|OpenAILike|\w*Options|\w*Provider|\w*Client|a?completion|init_chat_model"
    r"|Assistant|createOpenAI\w*|createQwen|createDashScope|create\w*|OpenAiApi|DashScopeApi"
    r"|New|NewChatModel|AddOpenAIChatCompletion|get_chat_model)$"
)
# Those of the DashScope protocol; all others speak the OpenAI-compatible one.
_DASHSCOPE: Final = re.compile(r"Tongyi|DashScope|Qwen|QwQ")
# What stands before a model's name where one says whose it is.
_PREFIX: Final = re.compile(r"(?:openai|dashscope|custom_openai|litellm_proxy|alibaba)/")


def framework_of(imports: Iterable[Named]) -> str | None:
    """The framework that a program's imports bring in; None where there is none."""
    for one in imports:
        for pattern, name in _BY_MODULE:
            if pattern.fullmatch(one.name):
                return name
    return None


def read_frameworks(readings: Readings) -> None:
    """Note what a framework is told, where the program imports one."""
    name = framework_of(readings.program.imports)
    if name is None:
        return
    for call in readings.program.calls:
        told = {key: value for key, value in _told(readings, call) if key and value is not None}
        made = dotted(call.function)
        last = _last(made)
        makes = _MAKES.search(last) is not None
        keys = {_fold(key) for key in told}
        if keys & _URLS or (makes and keys & _MODELS):
            reading = readings.framework(name, call)
            reading.protocol = _protocol(name, made, bool(keys & _URLS))
            _take(reading, told)
            if last in _READ_OPENAI and not keys & _KEYS:
                reading.keyless = Span(call.function.start, call.function.end)
        elif last in ("init_chat_model", "OpenAIModel", "OpenAIChatModel") and call.arguments:
            reading = readings.framework(name, call)
            _set_model(reading, readings.value(argument(call, 0)))
        elif isinstance(call.function, Name | Member) and len(call.arguments) <= 2:
            _of_provider(readings, call, name)


# Classes that look for a key where OpenAI's SDK does.
_READ_OPENAI: Final = frozenset({"ChatOpenAI"})


def _protocol(framework: str, made: str, has_url: bool) -> str | None:
    """The protocol that a class speaks, where its base URL is that of the protocol's SDK."""
    if framework in ("Spring AI", "Spring AI Alibaba", "AgentScope") and has_url:
        # They put parts of the path behind it themselves.
        return None
    if _DASHSCOPE.search(made):
        return None if has_url or "Qw" in made else "dashscope"
    return "openai"


def _last(name: str) -> str:
    """The class that is made, or the function, also where a builder makes it."""
    parts = name.split(".")
    for at, part in enumerate(parts):
        if part in ("builder", "newBuilder", "Builder") and at:
            return parts[at - 1]
    return parts[-1]


def _told(readings: Readings, call: Call) -> Iterator[tuple[str, Evaluated | None]]:
    """What a call is told by name: named arguments, an object, a builder's methods, members."""
    name = dotted(call.function)
    if ".builder." in name and not name.endswith(".build"):
        return  # All of a chain is read at its end.
    for given in call.arguments:
        if given.name and given.name not in ("*", "**"):
            yield given.name, readings.value(given.value)
    if len(call.arguments) <= 3:
        for given in call.arguments:
            if not given.name:
                value = readings.value(given.value)
                yield from value.items() if isinstance(value, Record) else ()
                inner = value.get("configuration") if isinstance(value, Record) else None
                yield from inner.items() if isinstance(inner, Record) else ()
            if isinstance(given.value, Call):
                # An option that a function makes, such as Go's `WithModel("…")`.
                option = dotted(given.value.function).rpartition(".")[2]
                if option.startswith("With"):
                    yield option, readings.value(argument(given.value, 0))
    if name.endswith(".build") and ".builder" in name:
        for step in chain(call)[1:-1]:
            yield dotted(step.function).rpartition(".")[2], readings.value(argument(step, 0))


def _take(reading: Reading, told: dict[str, Evaluated]) -> None:
    for name, value in told.items():
        folded = _fold(name)
        if folded in _URLS:
            reading.set_base_url(value)
        elif folded in _KEYS:
            reading.set_key(value)
        elif folded in _MODELS:
            _set_model(reading, value)


def _fold(name: str) -> str:
    """A name in snake case, and in small letters: `baseUrl`, `baseURL` are `base_url`."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return snake if snake in _URLS | _KEYS | _MODELS else snake.replace("_", "")


def _set_model(reading: Reading, value: Evaluated | None) -> None:
    """Note the model, without what says whose it is."""
    if not isinstance(value, Scalar) or not isinstance(value.value, str):
        return
    prefix = _PREFIX.match(value.value)
    if prefix is not None and value.spans is not None:
        parts = cut(value.spans, prefix.end(), len(value.spans.text))
        from samplegen.readback.reading import joined_parts

        value = joined_parts(parts, value)
    reading.set_model(value)


_PROVIDERS: Final = re.compile(r"(?:^|\.)create[A-Z]\w*$")


def _of_provider(readings: Readings, call: Call, name: str) -> None:
    """Note a model that a provider gives: `qwen("qwen-plus")` with `qwen = createOpenAI(…)`."""
    made = readings.maker(call.function, call.start, _is_provider)
    if made is None or made is call:
        return
    model = readings.value(argument(call, 0))
    if isinstance(model, Scalar) and isinstance(model.value, str):
        reading = readings.framework(name, call)
        reading.set_model(model)
        reading.protocol = "openai"
        told = {key: value for key, value in _told(readings, made) if value is not None}
        _take(reading, told)


def _is_provider(name: str) -> bool:
    return _PROVIDERS.search(name) is not None
