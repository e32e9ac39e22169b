"""The OpenAI-compatible protocol: chat completions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from samplegen.model.frozen import freeze
from samplegen.protocols.base import BodyError, Chat, Protocol, Sent, declared, filled

if TYPE_CHECKING:
    from samplegen.model.call import Call
    from samplegen.model.catalog import Family


class OpenAI(Protocol):
    """A body is the model, the messages, and each parameter beside them."""

    id = "openai"

    def send(self, chat: Chat, family: Family) -> Sent:
        """The headers and the body that a call is."""
        parameters = filled(chat.parameters, family)
        if "tools" in parameters:
            parameters["tools"] = declared(parameters["tools"])
        return Sent({}, {"model": chat.model, "messages": chat.messages, **parameters})

    def parse(self, headers: Mapping[str, str], body: Mapping[str, Any], family: Family) -> Chat:
        """What a request asks."""
        if "messages" not in body or "model" not in body:
            raise BodyError("you must provide a model parameter and messages")
        return Chat(body["model"], body["messages"], self.parameters_of(body))

    def sent(self, call: Call, family: Family) -> Call:
        """The call as `parse` reads it back."""
        parameters = filled(call.parameters, family)
        if "tools" in parameters:
            parameters["tools"] = declared(parameters["tools"])
        return replace(call, then=None, parameters=freeze(parameters))


PROTOCOL = OpenAI()
