"""How openai-go writes a call: what it has types for, and its doors for all else.

`FIELDS` is the one table; names and types are those of github.com/openai/openai-go/v3,
`ChatCompletionNewParams` in chatcompletion.go. It is data, so that it can be read in both
directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from samplegen.errors import InputError
from samplegen.languages.base import Annotated
from samplegen.languages.go.literals import Go, Written
from samplegen.model.catalog import builtin
from samplegen.rendering.layout import Brackets, Doc, FileHole, Hole, Slot, must_spread, width

if TYPE_CHECKING:
    from samplegen.rendering.sample import Prepared

VERSION: Final = builtin().packages["go"]["openai-sdk"].version
"""The names and types below are those of this version: the compiler says so of each sample."""

_GO: Final = Go()


class Scalar(NamedTuple):
    """A number, a boolean or a text.

    Args:
        kind: `float`, `int`, `bool` or `text`.
        opt: the function that makes an optional value of it; without one it is bare.
        kept: whether a bare empty text is sent; `omitzero` leaves it out.
        raw: whether it is JSON text, which reads best between backquotes.
    """

    kind: str
    opt: str = ""
    kept: bool = True
    raw: bool = False


class ListOf(NamedTuple):
    """A slice: the type of its elements, and how each is written."""

    type: str
    of: Type


class Json(NamedTuple):
    """An object that is sent as it is: the type of a map."""

    type: str


class Struct(NamedTuple):
    """A struct: its type, and its fields by their name in JSON.

    Args:
        fixed: what it sends by itself.
        absent: the fields that may be left out where they are null.
    """

    type: str
    fields: Mapping[str, tuple[str, Type]]
    fixed: Mapping[str, str] = {}
    absent: tuple[str, ...] = ()


class Function(NamedTuple):
    """A function that makes a value: its name, and its arguments by their name in JSON."""

    name: str
    arguments: Mapping[str, Type]
    fixed: Mapping[str, str] = {}


class Union(NamedTuple):
    """A struct with one field for each form that a value may have."""

    type: str
    forms: Mapping[str, Type]


class First(NamedTuple):
    """The first that fits."""

    of: tuple[Type, ...]


class Override(NamedTuple):
    """Any JSON in place of a type's own: the door of `packages/param`."""

    type: str


Type = Scalar | ListOf | Json | Struct | Function | Union | First | Override

FLOAT: Final = Scalar("float", "openai.Float")
INT: Final = Scalar("int", "openai.Int")
BOOL: Final = Scalar("bool", "openai.Bool")
STRING: Final = Scalar("text", "openai.String")
TEXT: Final = Scalar("text")
WORD: Final = Scalar("text", kept=False)
TEXTS: Final = ListOf("string", TEXT)

_TEXT_PART: Final = Struct(
    "openai.ChatCompletionContentPartTextParam", {"text": ("Text", TEXT)}, {"type": "text"}
)
_TEXT_PARTS: Final = ListOf(_TEXT_PART.type, _TEXT_PART)
_IMAGE: Final = Struct(
    "openai.ChatCompletionContentPartImageImageURLParam",
    {"url": ("URL", TEXT), "detail": ("Detail", WORD)},
)
_AUDIO: Final = Struct(
    "openai.ChatCompletionContentPartInputAudioInputAudioParam",
    {"data": ("Data", TEXT), "format": ("Format", WORD)},
)
_PART: Final = "openai.ChatCompletionContentPartUnionParam"
_PARTS: Final = ListOf(
    _PART,
    First(
        (
            Function("openai.TextContentPart", {"text": TEXT}, {"type": "text"}),
            Function("openai.ImageContentPart", {"image_url": _IMAGE}, {"type": "image_url"}),
            Function(
                "openai.InputAudioContentPart", {"input_audio": _AUDIO}, {"type": "input_audio"}
            ),
            Override(_PART),
        )
    ),
)
_TOOL_CALL: Final = Struct(
    "openai.ChatCompletionMessageFunctionToolCallParam",
    {
        "id": ("ID", TEXT),
        "function": (
            "Function",
            Struct(
                "openai.ChatCompletionMessageFunctionToolCallFunctionParam",
                {"name": ("Name", TEXT), "arguments": ("Arguments", Scalar("text", raw=True))},
            ),
        ),
    },
    {"type": "function"},
)
_TOOL_CALLS: Final = ListOf(
    "openai.ChatCompletionMessageToolCallUnionParam",
    Union("openai.ChatCompletionMessageToolCallUnionParam", {"OfFunction": _TOOL_CALL}),
)


MESSAGE: Final = "openai.ChatCompletionMessageParamUnion"


def _message(role: str, parts: Mapping[str, Type]) -> Union:
    """A message with a name or tool calls, which the short functions do not take."""
    type = f"openai.ChatCompletion{role}MessageParam"
    content = Union(f"{type}ContentUnion", {"OfString": STRING, **parts})
    fields: dict[str, tuple[str, Type]] = {
        "content": ("Content", content),
        "name": ("Name", STRING),
    }
    absent: tuple[str, ...] = ()
    if role == "Assistant":
        fields["tool_calls"] = ("ToolCalls", _TOOL_CALLS)
        # The SDK's own comment on it: "Required unless `tool_calls` [...] is specified."
        absent = ("content",)
    return Union(MESSAGE, {f"Of{role}": Struct(type, fields, {"role": role.lower()}, absent)})


MESSAGES: Final = ListOf(
    MESSAGE,
    First(
        (
            *(
                Function(f"openai.{role}Message", {"content": content}, {"role": role.lower()})
                for role, content in (
                    ("System", First((TEXT, _TEXT_PARTS))),
                    ("User", First((TEXT, _PARTS))),
                    ("Assistant", TEXT),
                )
            ),
            Function(
                "openai.ToolMessage",
                {"content": First((TEXT, _TEXT_PARTS)), "tool_call_id": TEXT},
                {"role": "tool"},
            ),
            _message("System", {"OfArrayOfContentParts": _TEXT_PARTS}),
            _message("User", {"OfArrayOfContentParts": _PARTS}),
            _message("Assistant", {}),
            Override(MESSAGE),
        )
    ),
)
_TOOL: Final = "openai.ChatCompletionToolUnionParam"
_DEFINITION: Final = Struct(
    "openai.FunctionDefinitionParam",
    {
        "name": ("Name", TEXT),
        "description": ("Description", STRING),
        "parameters": ("Parameters", Json("openai.FunctionParameters")),
        "strict": ("Strict", BOOL),
    },
)
_SCHEMA: Final = Struct(
    "openai.ResponseFormatJSONSchemaJSONSchemaParam",
    {
        "name": ("Name", TEXT),
        "description": ("Description", STRING),
        "schema": ("Schema", Json("map[string]any")),
        "strict": ("Strict", BOOL),
    },
)

FIELDS: Final[Mapping[str, tuple[str, Type]]] = {
    "frequency_penalty": ("FrequencyPenalty", FLOAT),
    "logprobs": ("Logprobs", BOOL),
    "max_completion_tokens": ("MaxCompletionTokens", INT),
    "max_tokens": ("MaxTokens", INT),
    "n": ("N", INT),
    "presence_penalty": ("PresencePenalty", FLOAT),
    "seed": ("Seed", INT),
    "temperature": ("Temperature", FLOAT),
    "top_logprobs": ("TopLogprobs", INT),
    "top_p": ("TopP", FLOAT),
    "parallel_tool_calls": ("ParallelToolCalls", BOOL),
    "user": ("User", STRING),
    "reasoning_effort": ("ReasoningEffort", WORD),
    "modalities": ("Modalities", TEXTS),
    "audio": (
        "Audio",
        Struct(
            "openai.ChatCompletionAudioParam",
            {
                "format": ("Format", WORD),
                "voice": (
                    "Voice",
                    Union("openai.ChatCompletionAudioParamVoiceUnion", {"OfString": STRING}),
                ),
            },
        ),
    ),
    "stop": (
        "Stop",
        Union(
            "openai.ChatCompletionNewParamsStopUnion",
            {"OfString": STRING, "OfStringArray": TEXTS},
        ),
    ),
    "response_format": (
        "ResponseFormat",
        Union(
            "openai.ChatCompletionNewParamsResponseFormatUnion",
            {
                "OfText": Struct("openai.ResponseFormatTextParam", {}, {"type": "text"}),
                "OfJSONObject": Struct(
                    "openai.ResponseFormatJSONObjectParam", {}, {"type": "json_object"}
                ),
                "OfJSONSchema": Struct(
                    "openai.ResponseFormatJSONSchemaParam",
                    {"json_schema": ("JSONSchema", _SCHEMA)},
                    {"type": "json_schema"},
                ),
            },
        ),
    ),
    "stream_options": (
        "StreamOptions",
        Struct(
            "openai.ChatCompletionStreamOptionsParam",
            {
                "include_usage": ("IncludeUsage", BOOL),
                "include_obfuscation": ("IncludeObfuscation", BOOL),
            },
        ),
    ),
    "tool_choice": (
        "ToolChoice",
        First(
            (
                Function(
                    "openai.ToolChoiceOptionFunctionToolChoice",
                    {
                        "function": Struct(
                            "openai.ChatCompletionNamedToolChoiceFunctionParam",
                            {"name": ("Name", TEXT)},
                        )
                    },
                    {"type": "function"},
                ),
                Union("openai.ChatCompletionToolChoiceOptionUnionParam", {"OfAuto": STRING}),
            )
        ),
    ),
    "tools": (
        "Tools",
        ListOf(
            _TOOL,
            First(
                (
                    Function(
                        "openai.ChatCompletionFunctionTool",
                        {"function": _DEFINITION},
                        {"type": "function"},
                    ),
                    Override(_TOOL),
                )
            ),
        ),
    ),
}
"""Each field of a body that openai-go has a type for: its name in Go, and its type."""

# A float64 holds every integer up to here.
_EXACT = 2**53

# Beyond this a struct with one field is not left on one line.
_SHORT = 70

# What has a meaning in the paths of sjson, which WithJSONSet takes.
_PATH = str.maketrans({character: f"\\{character}" for character in "\\|#@*.:?"})


def values(prepared: Prepared) -> dict[str, object]:
    """What the templates place.

    `messages` and `fields` are typed; `extra_fields` are what openai-go has no type for, and
        `extras` the same by the path that `WithJSONSet` takes; `json_numbers` and `overrides`
    say what to import.

    Raises:
        InputError: a field without a name.
    """
    writer = _Writer()
    body = prepared.body
    messages = writer.write(MESSAGES, body["messages"])
    assert messages is not None
    fields: list[tuple[str, Doc]] = []
    extras: dict[str, object] = {}
    more: dict[str, Any] = {}
    for name, value in body.items():
        if name in ("model", "messages"):
            continue
        # NewStreaming says it.
        if name == "stream" and prepared.flow in ("stream", "tools-stream"):
            continue
        field, type = FIELDS.get(name, ("", None))
        doc = None if type is None else writer.write(type, value)
        if doc is not None:
            fields.append((field, doc))
        elif not name:
            raise InputError(f"openai-go {VERSION} cannot send a parameter without a name")
        else:
            extras[name.translate(_PATH)] = writer.json(value)
            more[name] = value
    return {
        "messages": Written(messages),
        "fields": [(key, Written(doc)) for key, doc in _GO.columns(fields)],
        "extras": extras,
        "extra_fields": more,
        "json_numbers": writer.numbers,
        "overrides": writer.overrides,
    }


class _Writer:
    """Writes values as the table says; what does not fit a type is None."""

    def __init__(self) -> None:
        self.numbers = False
        self.overrides = False

    def write(self, type: Type, value: Any, short: bool = False) -> Doc | None:
        """A value as code.

        Args:
            short: the type may be left out, since the list around it says it.
        """
        if isinstance(type, Scalar):
            return _scalar(type, value)
        if isinstance(type, ListOf):
            return self._list(type, value)
        if isinstance(type, Json):
            return self._map(type.type, value)
        if isinstance(type, First):
            return self._first(type.of, value, short)
        if isinstance(type, Override):
            self.overrides = True
            # An entry a line: there is a type's long name before them.
            spread = Annotated(value, {}) if isinstance(value, dict) else value
            return [f"param.Override[{type.type}](", self.json(spread).doc, ")"]
        if isinstance(type, Function):
            return self._function(type, value)
        opened = "{" if short else f"{type.type}{{"
        if isinstance(type, Struct):
            return self._struct(type, opened, value)
        for name, form in type.forms.items():
            doc = self.write(form, value)
            if doc is not None:
                pointer = "&" if isinstance(form, Struct) else ""
                return _struct_of(opened, [(name, [pointer, doc] if pointer else doc)])
        return None

    def json(self, value: Any) -> Written:
        """Any JSON, as values of Go's own types."""
        self.numbers = self.numbers or _GO.has_json_number(value)
        return Written(_GO.literal(value))

    def _first(self, types: Sequence[Type], value: Any, short: bool) -> Doc | None:
        for type in types:
            doc = self.write(type, value, short)
            if doc is not None:
                return doc
        return None

    def _list(self, type: ListOf, value: Any) -> Doc | None:
        # An empty list would be left out of some fields: the door sends it.
        if not isinstance(value, list | tuple) or not value:
            return None
        docs = [self.write(type.of, item, short=True) for item in value]
        items = [doc for doc in docs if doc is not None]
        if len(items) < len(docs):
            return None
        return Brackets(f"[]{type.type}{{", "}", items, spread=not isinstance(type.of, Scalar))

    def _map(self, type: str, value: Any) -> Doc | None:
        if not isinstance(value, dict):
            return None
        doc = self.json(value).doc
        assert isinstance(doc, Brackets)
        return doc._replace(open=f"{type}{{")

    def _struct(self, type: Struct, opened: str, value: Any) -> Doc | None:
        given = _beside(type.fixed, value)
        if given is None or not (given or type.fixed):
            return None
        fields: list[tuple[str, Doc]] = []
        for name, item in given.items():
            if item is None and name in type.absent and len(given) > 1:
                continue
            field, of = type.fields.get(name, ("", None))
            doc = None if of is None else self.write(of, item)
            if doc is None:
                return None
            fields.append((field, doc))
        return _struct_of(opened, fields)

    def _function(self, type: Function, value: Any) -> Doc | None:
        given = _beside(type.fixed, value)
        if given is None or given.keys() != type.arguments.keys():
            return None
        parts: list[Doc] = []
        for name, of in type.arguments.items():
            doc = self.write(of, given[name])
            if doc is None:
                return None
            parts += [", ", doc] if parts else [doc]
        return [f"{type.name}(", *parts, ")"]


def _beside(fixed: Mapping[str, str], value: Any) -> dict[str, Any] | None:
    """An object without what is fixed; None if it is no object, or says something else there."""
    if not isinstance(value, dict):
        return None
    for name, text in fixed.items():
        said = value.get(name)
        if not isinstance(said, str) or said != text:
            return None
    return {name: item for name, item in value.items() if name not in fixed}


def _scalar(type: Scalar, value: Any) -> Doc | None:
    doc: Doc
    if type.kind == "text":
        if not isinstance(value, str | Hole) or (value is not None and _lost(type, value)):
            return None
        write = _GO.raw if type.raw else _GO.string
        if isinstance(value, FileHole):
            doc = _GO.file(value)
        else:
            doc = Slot(value.number, write) if isinstance(value, Hole) else write(value)
    elif type.kind == "bool":
        if not isinstance(value, bool):
            return None
        doc = _GO.literal(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None
    elif type.kind == "int":
        if not isinstance(value, int) or not -(2**63) <= value < 2**63:
            return None
        doc = _GO.literal(value)
    else:
        # The constant -0.0 is 0 in Go.
        if (isinstance(value, int) and abs(value) > _EXACT) or str(value) == "-0.0":
            return None
        doc = _GO.constant(value)
    return [f"{type.opt}(", doc, ")"] if type.opt else doc


def _lost(type: Scalar, value: Any) -> bool:
    """Whether it is the text that `omitzero` leaves out; those of a call's shape are no holes."""
    return not type.kept and isinstance(value, str) and not value


def _struct_of(opened: str, fields: list[tuple[str, Doc]]) -> Brackets:
    """A struct: on one line with at most one field, which is short and no text of the call."""
    flat = Brackets(opened, "}", [[f"{name}: ", doc] for name, doc in fields])
    length = _length(flat)
    if len(fields) < 2 and not must_spread(flat) and length is not None and length <= _SHORT:
        return flat
    items: list[Doc] = [[key, " ", doc] for key, doc in _GO.columns(fields)]
    return Brackets(opened, "}", items, spread=True)


def _length(doc: Doc) -> int | None:
    """How long a document is on one line; None where a text of the call decides."""
    if isinstance(doc, str):
        return width(doc)
    if isinstance(doc, Brackets):
        inner = [_length(item) for item in doc.items]
        ends = len(doc.open) + len(doc.close) + 2 * max(len(inner) - 1, 0)
        return None if None in inner else ends + sum(n for n in inner if n is not None)
    if isinstance(doc, list):
        inner = [_length(item) for item in doc]
        return None if None in inner else sum(n for n in inner if n is not None)
    return None
