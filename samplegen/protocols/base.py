"""What a protocol says: the body of a request and its way back, and the shape of answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

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


class BodyError(Exception):
    """A body that is none of this protocol; the message is what the service says."""


class Protocol(ABC):
    """A protocol; a module of `samplegen.protocols` has one as `PROTOCOL`."""

    id: ClassVar[str]

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
