"""pydantic at the border: JSON of unknown shape becomes a call, or one line with all misfits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Annotated, Any, Literal, NotRequired, Required

from pydantic import ConfigDict, Discriminator, Tag, with_config
from typing_extensions import TypedDict

from samplegen.errors import InputError, shown
from samplegen.model.call import FIELDS, Call, Message, Part, Role, WorkspaceBy
from samplegen.model.catalog import Catalog, builtin
from samplegen.model.frozen import EMPTY, freeze, thaw
from samplegen.model.validation import misfits
from samplegen.protocols import protocol, protocol_ids

_FORM = ConfigDict(extra="allow", strict=True)


@with_config(_FORM)
class Url(TypedDict, total=False):
    """Where an image or a video is: its URL, a data URL, or a local `file:`."""

    url: Required[str]


@with_config(_FORM)
class Audio(TypedDict, total=False):
    """A sound: its URL or data URL, and its format, such as `wav`."""

    data: Required[str]
    format: str


@with_config(_FORM)
class TextPart(TypedDict):
    """A text."""

    type: Literal["text"]
    text: str


@with_config(_FORM)
class ImagePart(TypedDict):
    """An image."""

    type: Literal["image_url"]
    image_url: Url


@with_config(_FORM)
class VideoPart(TypedDict):
    """A video."""

    type: Literal["video_url"]
    video_url: Url


@with_config(_FORM)
class FramesPart(TypedDict):
    """A video as its frames."""

    type: Literal["video"]
    video: list[str]


@with_config(_FORM)
class AudioPart(TypedDict):
    """A sound."""

    type: Literal["input_audio"]
    input_audio: Audio


PARTS = ("text", "image_url", "video_url", "video", "input_audio")
"""The types of parts; a part has what it is under the name of its type."""


def _type_of(part: object) -> str:
    kind = part.get("type") if isinstance(part, Mapping) else None
    return kind if isinstance(kind, str) and kind in PARTS else "unknown"


AnyPart = Annotated[
    Annotated[TextPart, Tag("text")]
    | Annotated[ImagePart, Tag("image_url")]
    | Annotated[VideoPart, Tag("video_url")]
    | Annotated[FramesPart, Tag("video")]
    | Annotated[AudioPart, Tag("input_audio")],
    Discriminator(_type_of),
]


@with_config(_FORM)
class Function(TypedDict):
    """What an assistant asks for: a function's name, and its arguments as JSON text."""

    name: str
    arguments: str


@with_config(_FORM)
class ToolCall(TypedDict):
    """A call of a tool by an assistant."""

    id: str
    type: Literal["function"]
    function: Function


def _kind_of_content(content: object) -> str:
    return "parts" if isinstance(content, list | tuple) else "text"


Content = Annotated[
    Annotated[str, Tag("text")] | Annotated[list[AnyPart], Tag("parts")],
    Discriminator(_kind_of_content),
]


@with_config(_FORM)
class MessageForm(TypedDict):
    """A message, as JSON has it."""

    role: Role
    content: NotRequired[Content | None]
    tool_calls: NotRequired[list[ToolCall] | None]
    tool_call_id: NotRequired[str | None]


@with_config(_FORM)
class CallForm(TypedDict):
    """A call, as JSON has it: what has a field of its own."""

    protocol: str
    region: str
    model: str
    messages: list[MessageForm]
    host: NotRequired[str | None]
    workspace: NotRequired[str | None]
    workspace_by: NotRequired[WorkspaceBy | None]
    then: NotRequired[str | None]


# What messages have beside what `Message` has a field for.
_MESSAGE_FIELDS = (
    "role",
    "content",
    "tool_calls",
    "tool_call_id",
    "name",
    "partial",
    "reasoning",
    "reasoning_content",
)

# A body's places for further fields in an SDK or in DashScope: the call has them flat.
_HOLDERS = ("extra_body", "parameters")


def conform_message(message: Message) -> None:
    """Let the fields of a message have their declared types, or refuse them."""
    given = {f.name: getattr(message, f.name) for f in fields(message)}
    more = given.pop("more")
    # As JSON has it: lists, where a message holds tuples.
    said = {
        name: thaw(value) for name, value in given.items() if value or name in ("role", "content")
    }
    made = _message({**said, **more}, validate_form(MessageForm, {**said, **more}))
    for f in fields(message):
        object.__setattr__(message, f.name, getattr(made, f.name))


def conform_call(call: Call) -> None:
    """Let the fields of a call have their declared types, or refuse them."""
    given = {f.name: getattr(call, f.name) for f in fields(call)}
    parameters = given.pop("parameters")
    if not isinstance(parameters, Mapping):
        raise InputError(f"parameters: an object is expected, not {shown(parameters)}")
    made = _made(given, parameters, "")
    for f in fields(call):
        object.__setattr__(call, f.name, getattr(made, f.name))


def parse_call(data: Mapping[str, Any], catalog: Catalog, where: str) -> Call:
    """A call from its JSON form, or from a request body of any protocol.

    Raises:
        InputError: see `Call.parse`.
    """
    start = f"{where}: " if where else ""
    try:
        for id in protocol_ids():
            if protocol(id).is_body(data):
                data = protocol(id).from_body(data)
        wrong = list(_strange(data, catalog))
        given = {name: value for name, value in data.items() if name in FIELDS}
        rest = {name: value for name, value in data.items() if name not in FIELDS}
        if wrong:
            raise InputError("; ".join(wrong))
        return _made({**catalog.defaults._asdict(), **given}, rest, "")
    except InputError as error:
        raise InputError(f"{start}{error}") from None


def validate_form(form: Any, data: Mapping[str, Any], place: str = "") -> Mapping[str, Any]:
    """The data, if it has the form.

    Raises:
        InputError: it has not; the message has all misfits, each with its path.
    """
    wrong = misfits(form, data)
    if wrong:
        raise InputError("; ".join(f"{place}{one}" for one in wrong))
    return data


def _made(given: Mapping[str, Any], parameters: Mapping[str, Any], where: str) -> Call:
    said = {name: value for name, value in given.items() if value is not None}
    if isinstance(said.get("messages"), list | tuple):
        said["messages"] = [
            one.as_json() if isinstance(one, Message) else one for one in said["messages"]
        ]
    # A field that must be there and is null is wrong as null, not missing.
    required = {name: given[name] for name in CallForm.__required_keys__ if name in given}
    validate_form(CallForm, {**required, **said})
    if said["protocol"] not in protocol_ids():
        names = " or ".join(map(repr, protocol_ids()))
        raise InputError(f"protocol: {names} is expected, not {shown(said['protocol'])}")
    messages = tuple(
        _message(message, message, f"messages[{n}]") for n, message in enumerate(said["messages"])
    )
    return Call(**{**said, "messages": messages, "parameters": freeze(parameters)})


def _message(data: Mapping[str, Any], form: Mapping[str, Any], where: str = "") -> Message:
    """A message from its form; what it has beside is kept."""
    start = f"{where}." if where else ""
    for name in data:
        if name not in _MESSAGE_FIELDS and (near := _near(name, _MESSAGE_FIELDS)):
            raise InputError(f"{start}{name}: unknown field {name!r}: did you mean {near!r}?")
    content, calls = data.get("content"), data.get("tool_calls") or ()
    role, answered = data["role"], data.get("tool_call_id")
    if content is None and not (role == "assistant" and calls):
        raise InputError(f"{start}content: this field is missing")
    if role == "tool" and answered is None:
        raise InputError(f"{start}tool_call_id: this field is missing: it names the call")
    for name, value, owner in (
        ("tool_calls", calls, "assistant"),
        ("tool_call_id", answered, "tool"),
    ):
        if value and role != owner:
            raise InputError(f"{start}{name}: only a message of role {owner!r} has it")
    if content == [] or content == ():
        raise InputError(f"{start}content: is an empty list: give a text, or parts")
    more = {name: value for name, value in data.items() if name not in _MESSAGE_FIELDS[:4]}
    made = object.__new__(Message)
    values = {
        "role": role,
        "content": _content(content, role, where),
        "tool_calls": freeze(calls, f"{start}tool_calls"),
        "tool_call_id": freeze(answered, f"{start}tool_call_id"),
        "more": freeze(more, where) if more else EMPTY,
    }
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def _content(content: Any, role: str, where: str) -> str | tuple[Part, ...] | None:
    if isinstance(content, str):
        label = f"{role} message"
        return str(freeze(content, f"{where}: {label}" if where else label))
    parts: tuple[Part, ...] | None = freeze(content, f"{where}.content" if where else "content")
    return parts


def _strange(data: Mapping[str, Any], catalog: Catalog) -> Iterable[str]:
    """What is said of fields that are none, or nearly one."""
    known = [*FIELDS, *catalog.parameters]
    for name in data:
        if name in known:
            continue
        if name in _HOLDERS:
            yield f"{name}: a call has no such field: put the fields in it beside 'model'"
        elif near := _near(name, known):
            yield f"unknown field {name!r}: did you mean {near!r}?"


def unknown_parameters(call: Call, catalog: Catalog) -> list[str]:
    """The parameters that the catalog does not list, and that are sent as they are."""
    if not catalog.parameters:
        return []
    # A catalog that says a few things of its own service has not all that is usual.
    known = {*catalog.parameters, *builtin().parameters}
    return [name for name in call.parameters if name not in known]


def _near(name: str, known: Iterable[str]) -> str | None:
    found = get_close_matches(name.lower(), list(known), 1, 0.8)
    return found[0] if found else None
