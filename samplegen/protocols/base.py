"""What a protocol says: the body of a request and its way back, and the shape of answers."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.model.call import Call
    from samplegen.model.catalog import Family


class Chat(NamedTuple):
    """What a body is made of: JSON values in the OpenAI-compatible form.

    The texts may be holes: a protocol moves values, and never looks at a text.
    """

    model: Any
    messages: list[dict[str, Any]]
    parameters: dict[str, Any]


class Sent(NamedTuple):
    """The part of a request that is a protocol's own: its headers beside the usual, its body."""

    headers: dict[str, str]
    body: dict[str, Any]


class Said(NamedTuple):
    """What a body says, whatever it lacks; its values are as they stand there, and may be any.

    Attributes:
        prompt: a question in place of messages.
        parameters: all else, by name.
        places: what each parameter stands in: `body` is the body itself.
    """

    model: Any | None
    messages: Any | None
    prompt: Any | None
    parameters: dict[str, Any]
    places: dict[str, str]


class BodyError(Exception):
    """A body that is none of this protocol; the message is what the service says."""


class ToolCall(NamedTuple):
    """A call of a function that a model asks for; `arguments` is JSON text."""

    id: str
    name: str
    arguments: str


class Answer(NamedTuple):
    """What a model answers, in no protocol's terms."""

    content: str = ""
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish: Literal["stop", "length", "tool_calls"] = "stop"


class Usage(NamedTuple):
    """Numbers of tokens: of the question, of the answers, and of the reasoning in these.

    `marked`: whether the question says what is to be cached.
    """

    asked: int
    answered: int
    reasoned: int
    marked: bool = False


class Asked(NamedTuple):
    """A good request, as it came; names of headers are in lower case."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]
    family: Family


class Chunk(NamedTuple):
    """What one event of a stream carries; `shown` is all text of the first answer until then."""

    data: dict[str, Any]
    shown: str


IN_CONTENT = "content"
"""The field of the reasoning where that is a part of the content, which is a list then."""

ProblemKind = Literal[
    "key", "parameter", "thinking", "model", "path", "method", "size", "rate", "server"
]
"""Why a request is not answered: protocols have a code for each."""


class Answers(ABC):
    """How a protocol says what the service answers."""

    bad_key: ClassVar[str]
    """What is said to a missing or unknown key: ASCII without quotes."""

    codes: ClassVar[Mapping[ProblemKind, str]]

    media_type: ClassVar[str] = "text/event-stream"
    """Of a stream."""

    opening: ClassVar[bytes] = b""
    """What a stream begins with."""

    closing: ClassVar[bytes] = b""
    """What a stream ends with."""

    @abstractmethod
    def judge(self, asked: Asked) -> None:
        """Refuse a body that `Protocol.parse` could not read, or the service would not.

        Raises:
            BodyError: with the service's own words where they are known.
        """

    @abstractmethod
    def wrong_place(self, model: str) -> str:
        """The words for a model that is not served where it was asked for."""

    @abstractmethod
    def whole(self, asked: Asked, answers: Sequence[Answer], usage: Usage) -> dict[str, Any]:
        """The body of an answer."""

    @abstractmethod
    def chunks(self, asked: Asked, answers: Sequence[Answer], usage: Usage) -> list[Chunk]:
        """What the events of a stream carry."""

    @abstractmethod
    def text_of(self, chunk: Mapping[str, Any]) -> str:
        """The text that a chunk brings."""

    @abstractmethod
    def usage(self, usage: Usage) -> dict[str, Any]:
        """The numbers of tokens, as answers have them."""

    @abstractmethod
    def event(self, number: int, data: bytes) -> bytes:
        """A whole event of a stream.

        Args:
            number: 1 for the first one.
            data: JSON.
        """

    @abstractmethod
    def error(self, kind: ProblemKind, status: int, message: str) -> dict[str, Any]:
        """The body of a refusal."""

    @abstractmethod
    def error_event(self, number: int, status: int, data: bytes) -> bytes:
        """A refusal as an event of a stream."""

    def refuses_in_events(self, headers: Mapping[str, str]) -> bool:
        """Whether the refusal of such a request is an event."""
        return False

    def models(self, names: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
        """Where below the base path the models are listed, and the list."""
        return None


class Protocol(ABC):
    """A protocol; a module of `samplegen.protocols` has one as `PROTOCOL`."""

    id: ClassVar[str]

    answers: ClassVar[Answers | None] = None
    """How it says what the service answers; without it, the mock has no answer in it."""

    @abstractmethod
    def send(self, chat: Chat, family: Family) -> Sent:
        """The headers and the body that a call is."""

    @abstractmethod
    def parse(self, headers: Mapping[str, str], body: Mapping[str, Any], family: Family) -> Chat:
        """What a request asks: the way back from `send`.

        Args:
            headers: with names in lower case.

        Raises:
            BodyError: the service would not take it for a request.
        """

    @abstractmethod
    def sent(self, call: Call, family: Family) -> Call:
        """The call as `parse` reads it back; see `Call.sent`."""

    # What others wrote is read without knowing that it is whole.

    stream_header: ClassVar[str] = ""
    """The header, in lower case, that asks for a stream with the word `enable`; '' is none."""

    sdk_uploads: ClassVar[str] = ""
    """What begins the URL of a local file that its SDKs upload; '' where they do not."""

    usage_apart: ClassVar[bool] = False
    """Whether the usage of a stream comes in a chunk of its own, that has no choices."""

    pieces_by: ClassVar[str] = ""
    """The option without which each chunk has all text so far; '' where chunks never do."""

    refused_with_thinking: ClassVar[Mapping[str, tuple[object, str]]] = {}
    """Options with a value that a model that thinks does not take, and the service's words."""

    def part_slip(self, part: Mapping[str, Any]) -> str | None:
        """What is wrong with the form of a part of a message; None if nothing is known to be."""
        return None

    def asks(self, body: Mapping[str, Any]) -> bool:
        """Whether a body, by its shape, is one for a chat model."""
        return self.is_body(body)

    def said(self, body: Mapping[str, Any]) -> Said:
        """What a body for a chat model says, as far as it does, and wherever it stands."""
        parameters = {name: body[name] for name in body if name not in ("model", "messages")}
        places = dict.fromkeys(parameters, "body")
        return Said(body.get("model"), body.get("messages"), None, parameters, places)

    def chat(
        self,
        model: Any,
        messages: Any,
        parameters: Mapping[str, Any],
        streams: bool,
        family: Family,
    ) -> Chat:
        """What is asked, of values in this protocol's form.

        Args:
            streams: whether a header asks for a stream; here, it is a parameter.
        """
        return Chat(model, messages, dict(parameters))

    # The forms of a body

    def is_body(self, data: Mapping[str, Any]) -> bool:
        """Whether JSON is, by its shape, a request body of this protocol and no call."""
        return False

    def from_body(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON form of the call that such a body is, in the OpenAI-compatible terms.

        Raises:
            InputError: a field that stands in the wrong place.
        """
        raise InputError(f"{self.id}: a body is no call")

    def messages_of(self, body: Mapping[str, Any]) -> Any:
        """The messages in a body, as this protocol writes them."""
        return body["messages"]

    def parameters_of(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters in a body, by name."""
        return {name: body[name] for name in body if name not in ("model", "messages")}

    def path_of(self, name: str) -> Sequence[str]:
        """Where a parameter stands in a body."""
        return (name,)

    def messages_path(self) -> Sequence[str]:
        """Where the messages stand in a body."""
        return ("messages",)

    def choices_path(self) -> Sequence[str]:
        """Where the choices stand in an answer, and in each chunk of a stream."""
        return ("choices",)

    def reasoning_field(self, family: Family) -> str:
        """Where the reasoning stands beside the content of an answer, and of each chunk."""
        return "reasoning_content"

    def answers_in_parts(self, family: Family) -> bool:
        """Whether the content of an answer is a list of parts with a text each."""
        return False


def filled(parameters: Mapping[str, Any], family: Family) -> dict[str, Any]:
    """Parameters, with what the model's family cannot do without where the call does not say it."""
    return {**family.options, **parameters}


def declared(tools: Any) -> Any:
    """Tools as they are sent: without what a program does when they are called."""
    if not isinstance(tools, list | tuple):
        return tools
    return [
        {name: value for name, value in tool.items() if name != "returns"}
        if isinstance(tool, Mapping)
        else tool
        for tool in tools
    ]


# How many characters a stream brings at a time, and how often.
_PIECE, _PIECES = 12, 40


def pieces(text: str) -> list[str]:
    """A text as a stream brings it: what is left of a long one in one piece; none of an empty."""
    end = min(len(text), _PIECE * _PIECES)
    found = [text[start : start + _PIECE] for start in range(0, end, _PIECE)]
    return [*found, text[end:]] if end < len(text) else found


def texts_in(events: bytes, text_of: Callable[[Mapping[str, Any]], str]) -> str:
    """The text that server-sent events bring; what is no event, and what is cut off, brings none.

    Args:
        text_of: see `Answers.text_of`.
    """
    return "".join(text_of(data) for data in _data_of(events))


def _data_of(events: bytes) -> Iterator[Mapping[str, Any]]:
    for line in events.split(b"\n"):
        if line.startswith(b"data:"):
            try:
                data = json.loads(line.removeprefix(b"data:"))
            except ValueError:
                continue
            if isinstance(data, Mapping):
                yield data


ROLES = ("system", "user", "assistant", "tool")


def check_messages(messages: object, check_content: Callable[[object], None]) -> None:
    """Refuse messages that cannot be read.

    Args:
        check_content: refuses a content that the protocol does not have.

    Raises:
        BodyError: with the service's own words where they are known, from its page on errors.
    """
    if messages == []:
        raise BodyError("[] is too short")
    if not isinstance(messages, list):
        raise BodyError("The messages parameter must be a list with at least one message.")
    for place, message in enumerate(messages):
        if not isinstance(message, Mapping):
            raise BodyError(f"messages.{place} must be an object.")
        if message.get("role") not in ROLES:
            raise BodyError(f"messages.{place}.role must be one of {', '.join(ROLES)}.")
        content = message.get("content")
        calls = message["role"] == "assistant" and bool(message.get("tool_calls"))
        if content is None and not calls:
            raise BodyError("The content field is a required field.")
        # A multimodal model that calls tools says no part, and takes that back.
        if content is not None and not (calls and content == []):
            check_content(content)


def check_flag(parameters: Mapping[str, Any], name: str) -> None:
    """Refuse a value that is neither true nor false; null is as if it were not there.

    Raises:
        BodyError: names the parameter.
    """
    if not isinstance(parameters.get(name), bool | None):
        raise BodyError(f"The {name} parameter must be true or false.")


def check_tools(tools: object) -> None:
    """Refuse tools that cannot be called.

    Raises:
        BodyError: says which one.
    """
    if not isinstance(tools, list | None):
        raise BodyError("The tools parameter must be a list.")
    for place, tool in enumerate(tools or ()):
        function = tool.get("function") if isinstance(tool, Mapping) else None
        if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
            raise BodyError(f"tools.{place} must have a function with a name.")
        if not isinstance(function.get("parameters", {}), Mapping):
            raise BodyError(f"tools.{place}.function.parameters must be a JSON schema.")
