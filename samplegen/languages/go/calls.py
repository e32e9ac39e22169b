"""What calls in Go say of requests: through the SDKs, and through `net/http` and resty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from samplegen.languages.go import openai_sdk as sdk
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import snake
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import Call, String, dotted
from samplegen.readback.meanings import argument
from samplegen.readback.reading import Reading, Readings, text_at
from samplegen.readback.values import Evaluated, Record, Scalar

_CREATES = re.compile(r"\.(Chat\.Completions\.New(Streaming)?|CreateChatCompletion(Stream)?)$")
_CLIENT = re.compile(r"(^|\.)(NewClient|NewClientWithConfig)$")
_RESOURCE = re.compile(
    r"\.(Responses|Conversations|Embeddings|Images|Files|Batches|Audio\.Speech"
    r"|Audio\.Transcriptions|Models|Completions)"
    r"\.(?:New(?:Streaming)?|Generate|Edit|Get|List|Content|Cancel|Delete)$"
)
# What go-openai names itself, where that is no snake case of the field.
_NAMES = {
    "LogProbs": "logprobs",
    "MultiContent": "content",
    "JSONSchema": "json_schema",
    "Logprobs": "logprobs",
}


class _Sdk(NamedTuple):
    """What openai-go's types and functions say, by their names without the package.

    Attributes:
        fields: of a struct: the name in JSON of each field.
        fixed: what a struct, or what a function makes, sends by itself.
        arguments: of a function: their names in JSON.
        optional: functions that make an optional value.
    """

    fields: dict[str, dict[str, str]]
    fixed: dict[str, Mapping[str, str]]
    arguments: dict[str, tuple[str, ...]]
    optional: set[str]


@cache
def known() -> _Sdk:
    """The table that samples are written by, read in the other direction."""
    found = _Sdk({}, {}, {}, set())
    params = {"Model": "model", "Messages": "messages"}
    for name, (field, type) in sdk.FIELDS.items():
        params[field] = name
        _take(type, found)
    _take(sdk.MESSAGES, found)
    found.fields["ChatCompletionNewParams"] = params
    return found


def _take(type: sdk.Type, found: _Sdk) -> None:
    for one in _within(type):
        name = getattr(one, "type", getattr(one, "name", "")).rpartition(".")[2]
        if isinstance(one, sdk.Struct):
            found.fields[name] = {field: key for key, (field, _) in one.fields.items()}
            found.fixed[name] = one.fixed
        elif isinstance(one, sdk.Function):
            found.arguments[name] = tuple(one.arguments)
            found.fixed[name] = one.fixed
        elif isinstance(one, sdk.Scalar) and one.opt:
            found.optional.add(one.opt.rpartition(".")[2])


def _within(type: sdk.Type) -> Iterator[sdk.Type]:
    """A type and all that are in it."""
    yield type
    inner: tuple[sdk.Type, ...] = ()
    if isinstance(type, sdk.ListOf):
        inner = (type.of,)
    elif isinstance(type, sdk.Struct):
        inner = tuple(one for _, one in type.fields.values())
    elif isinstance(type, sdk.Function):
        inner = tuple(type.arguments.values())
    elif isinstance(type, sdk.Union):
        inner = tuple(type.forms.values())
    elif isinstance(type, sdk.First):
        inner = type.of
    for one in inner:
        yield from _within(one)


def key_of(name: str, type: str) -> str | None:
    """The name in JSON of a field of an SDK's struct; None where the type is none of these."""
    if type.endswith(("Union", "UnionParam")) and name.startswith("Of"):
        return name
    fields = known().fields.get(type)
    if fields is not None and name in fields:
        return fields[name]
    # The structs of go-openai, and those of openai-go that no sample needs, have tags like
    # their names; encoding/json takes names as they are.
    is_sdk = type.startswith("Chat") or type in ("ResponseFormat", "StreamOptions", "Tool")
    is_sdk = is_sdk or type in ("FunctionDefinition", "FunctionCall", "ToolCall")
    return _NAMES.get(name, snake(name)) if fields is not None or is_sdk else None


def typed(record: Record, type: str) -> Evaluated:
    """A struct of an SDK as what it sends."""
    if len(record) == 1 and next(iter(record)).startswith("Of"):
        # A union has a field for each form of the whole value.
        return next(iter(record.values()))
    for name, text in known().fixed.get(type, {}).items():
        record.setdefault(name, text_at(text, record.start, record.end))
    return record


def made(evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
    """What a function of the SDK makes; None where it is none of these."""
    facts = known()
    last = name.rpartition(".")[2]
    values = [given.value for given in call.arguments]
    if "." not in name or not values:
        return None
    if last in facts.optional or name == "param.Override":
        return evaluator.value(values[0])
    if last not in facts.arguments:
        return None
    found = Record((), call.start, call.end)
    for key, text in facts.fixed[last].items():
        start = call.function.end - len(last)
        found[key] = text_at(text, start, call.function.end)
    for key, value in zip(facts.arguments[last], values, strict=False):
        given = evaluator.value(value)
        if given is not None:
            found[key] = given
    return found


def read_calls(readings: Readings) -> None:
    """Note what the program's calls say of its requests."""
    named = [(call, dotted(call.function)) for call in readings.program.calls]
    for call, name in named:
        if _CREATES.search(name):
            _openai(readings, call, name)
        elif (found := _RESOURCE.search(name)) and _client(readings, call) is not None:
            kind = readings.kind_of("openai", found[1].lower().replace(".", "/"))
            reading = readings.sdk("openai", call, kind)
            body = readings.value(argument(call, 1))
            reading.set_model(body.get("Model") if isinstance(body, Record) else None)
            _openai_client(readings, reading, call)
    clients = [call for call, name in named if _CLIENT.search(name) and "openai" in name]
    if clients and not readings.through_sdk:
        _openai_client(readings, readings.sdk("openai", clients[0], ""), clients[0])
    for call, name in named:
        _http(readings, call, name)


# The SDKs


def _openai(readings: Readings, call: Call, name: str) -> None:
    reading = readings.sdk("openai", call)
    body = readings.value(argument(call, 1))
    if isinstance(body, Record):
        reading.fields(body)
        # The way for what the struct has no field for.
        params = argument(call, 1)
        for other in readings.program.calls_of("SetExtraFields"):
            same = dotted(other.function).rpartition(".")[0] == dotted(params) if params else False
            more = readings.value(argument(other, 0)) if same else None
            if isinstance(more, Record):
                reading.fields(more, "extra")
    elif body is not None:
        reading.miss(body)
    if "Stream" in name:
        reading.streams(call)
    for given in call.arguments[2:]:
        if isinstance(given.value, Call):
            _option(readings, reading, given.value)
    _openai_client(readings, reading, call)


def _client(readings: Readings, call: Call) -> Call | None:
    """The client that a method is called on, else the first one of the program."""
    made = readings.maker(call.function, call.start, _CLIENT.search)
    if made is not None:
        return made
    every = (one for one in readings.program.calls if _CLIENT.search(dotted(one.function)))
    return next(every, None)


def _openai_client(readings: Readings, reading: Reading, call: Call) -> None:
    made = _client(readings, call)
    for given in made.arguments if made is not None else ():
        if isinstance(given.value, Call):
            _option(readings, reading, given.value)
        elif isinstance(value := readings.value(given.value), Scalar):
            # go-openai takes the key itself.
            reading.set_key(value)
    for name, assigned in readings.program.assignments.items():
        if name.endswith(".BaseURL"):
            reading.set_base_url(readings.value(assigned[0].value))
    for config in readings.program.calls_of("DefaultConfig"):
        reading.set_key(readings.value(argument(config, 0)))
    # Options may stand in a list of their own.
    for last in ("WithAPIKey", "WithBaseURL"):
        for option in readings.program.calls_of(last):
            _option(readings, reading, option)


def _option(readings: Readings, reading: Reading, call: Call) -> None:
    last = dotted(call.function).rpartition(".")[2]
    first = readings.value(argument(call, 0))
    second = readings.value(argument(call, 1))
    name = str(first.value) if isinstance(first, Scalar) else ""
    if last == "WithAPIKey":
        reading.set_key(first)
    elif last == "WithBaseURL":
        reading.set_base_url(first)
    elif last in ("WithHeader", "WithHeaderAdd"):
        reading.header(name, second)
    elif last == "WithJSONSet":
        # A path of github.com/tidwall/sjson, where a backslash quotes what is none.
        path = re.sub(r"\\(.)", r"\1", name.removeprefix(":"))
        if second is not None:
            reading.fields({path: second}, "extra")
    elif last.startswith("With") and first is not None:
        reading.configure({last: first}, "", "", "")


# HTTP clients


def _http(readings: Readings, call: Call, name: str) -> None:
    last = name.rpartition(".")[2]
    values = [given.value for given in call.arguments]
    if last in ("NewRequest", "NewRequestWithContext") and len(values) >= 3:
        reading = readings.begin(call)
        method, url, body = values[-3:]
        reading.set_method(readings.value(method))
        reading.set_url(readings.value(url))
        reading.body(readings.value(body))
    elif last == "R" and not values:
        readings.begin(call)
    elif last == "Post" and values:
        reading = readings.request(call) if len(values) == 3 else readings.open
        reading.set_url(readings.value(values[0]))
        reading.method_of(call)
        if len(values) == 3:
            reading.header("Content-Type", readings.value(values[1]))
            reading.body(readings.value(values[2]))
    elif name.endswith(("Header.Set", "Header.Add", "Header.Del", "SetHeader")):
        if len(values) == 2:
            readings.open.header(readings.text(values[0]) or "", readings.value(values[1]))
    elif last == "SetHeaders" and values:
        readings.open.all_headers(readings.value(values[0]))
    elif last == "SetBaseURL" and values:
        readings.shared.set_base_url(readings.value(values[0]))
    elif last == "SetAuthToken" and values:
        bearer = Piece("Bearer ", values[0].start, values[0].start)
        whole = String((bearer, values[0]), call.start, call.end)
        readings.open.header("Authorization", readings.value(whole))
    elif last in ("SetBody", "Encode", "WriteString", "Write") and values:
        readings.body(readings.value(values[0]))
