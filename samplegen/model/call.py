"""The one model of a call: what to ask, whom, and where.

`Call` and `Message` are frozen dataclasses. Plain texts of the declared types are taken
as they are; any other value goes through pydantic (`samplegen.model.forms`), which says
all that is wrong with it at once. pydantic is imported only then, because importing it
takes longer than starting up and rendering a call of plain strings does without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from samplegen.errors import InputError, check_text, shown
from samplegen.model.catalog import Catalog, Protocol, builtin
from samplegen.model.frozen import EMPTY, Object, freeze, thaw
from samplegen.protocols import protocol_ids

Role = Literal["system", "user", "assistant", "tool"]

ROLES: tuple[Role, ...] = get_args(Role)

WorkspaceBy = Literal["host", "header", "key"]

WAYS: tuple[WorkspaceBy, ...] = get_args(WorkspaceBy)

Part = Object
"""A part of a content, in the OpenAI-compatible form: `{"type": "text", "text": "…"}`."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, in the OpenAI-compatible form.

    Args:
        role: who says it.
        content: a text, parts such as `{"type": "image_url", "image_url": {"url": "…"}}`,
            or None where an assistant only calls tools.
        tool_calls: of an assistant: `{"id": "…", "type": "function", "function":
            {"name": "…", "arguments": "{…}"}}`.
        tool_call_id: of a tool: the call that its content is the result of.
        more: further fields, such as `partial`, sent as they are.

    Raises:
        InputError: an unknown role, content that is not valid Unicode, or a field that
            is of the wrong form or missing.
    """

    role: Role
    content: str | tuple[Part, ...] | None = None
    tool_calls: tuple[Object, ...] = ()
    tool_call_id: str | None = None
    more: Object = EMPTY

    def __post_init__(self) -> None:
        if type(self.content) is str and self.role in ROLES and not self.rich:
            check_text(f"{self.role} message", self.content)
            return
        from samplegen.model.forms import conform_message

        conform_message(self)

    @property
    def rich(self) -> bool:
        """Whether it is more than a role and a content."""
        return bool(self.tool_calls or self.more) or self.tool_call_id is not None

    def as_json(self) -> dict[str, Any]:
        """The message as an object of the OpenAI-compatible body."""
        said: dict[str, Any] = {"role": self.role, "content": thaw(self.content)}
        if self.tool_calls:
            said["tool_calls"] = thaw(self.tool_calls)
        if self.tool_call_id is not None:
            said["tool_call_id"] = self.tool_call_id
        said.update(thaw(self.more))
        return said


def _default_messages() -> tuple[Message, ...]:
    return tuple(Message(**message) for message in builtin().defaults.messages)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to a chat model; a field that is left out has the built-in catalog's default.

    The JSON form is the body of an OpenAI-compatible request with samplegen's own fields
    beside it, which are never sent: `protocol`, `region`, `host`, `workspace`, `workspace_by`,
    `then`, and `returns` beside a tool's `function`:

        {"protocol": "openai", "region": "singapore", "model": "…",
         "messages": [{"role": "system", "content": "…"}, {"role": "user", "content": "…"}],
         "temperature": 0.2, "stream": true}

    Args:
        host: where the call goes in place of its region's own host: one that the catalog
            knows of the region, such as the one for batches, or a reader's private link.
        workspace: the id of a workspace; `workspace_by` says how the service learns it.
        workspace_by: `host`, the workspace's own host (the default with a `workspace`);
            `header`; or `key`, where the key alone tells and there is no id.
        then: a second question, asked after the first answer.
        parameters: every other field of the body, by name.

    Raises:
        InputError: a value of the wrong type, no messages, an empty model, or
            text that is not valid Unicode. Whether the region exists, the protocol serves
            the model and the model takes the parameters is for `samplegen.protocols.request`
            to say: it has a catalog.
    """

    protocol: Protocol = field(default_factory=lambda: builtin().defaults.protocol)
    region: str = field(default_factory=lambda: builtin().defaults.region)
    model: str = field(default_factory=lambda: builtin().defaults.model)
    messages: tuple[Message, ...] = field(default_factory=_default_messages)
    host: str | None = None
    workspace: str | None = None
    workspace_by: WorkspaceBy | None = None
    then: str | None = None
    parameters: Object = EMPTY

    def __post_init__(self) -> None:
        if not (
            self.protocol in protocol_ids()
            and type(self.region) is str
            and type(self.model) is str
            and type(self.messages) is tuple
            and all(type(message) is Message for message in self.messages)
            and (self.host is None or type(self.host) is str)
            and (self.workspace is None or type(self.workspace) is str)
            and (self.workspace_by is None or self.workspace_by in WAYS)
            and (self.then is None or type(self.then) is str)
            and type(self.parameters) is Object
        ):
            from samplegen.model.forms import conform_call

            conform_call(self)
        if not self.messages:
            raise InputError("no messages: give at least one, such as 'user:Who are you?'")
        if not self.model.strip():
            raise InputError(f"the model is empty: name one, such as {builtin().defaults.model!r}")
        check_text("model", self.model)
        if self.then is not None:
            check_text("then", self.then)

    @property
    def streams(self) -> bool:
        """Whether the answer is to come in pieces."""
        return self.parameters.get("stream") is True

    @classmethod
    def parse(cls, data: object, catalog: Catalog | None = None, where: str = "") -> Call:
        """A call from its JSON form, decoded; what is left out is the catalog's default.

        A request body of either protocol is a call, too: its shape alone tells which it is.

        Args:
            where: what the data is, such as a file's path; an error starts with it.

        Raises:
            InputError: not an object, a field that is nearly a known one, or a value that
                `Call` refuses; all of them are named.
        """
        from samplegen.model.forms import parse_call

        if not isinstance(data, dict):
            start = f"{where}: " if where else ""
            raise InputError(
                f'{start}a call is an object, such as {{"model": "…"}}, not {shown(data)}'
            )
        return parse_call(data, catalog or builtin(), where)

    def sent(self, catalog: Catalog | None = None) -> Call:
        """The call as a request says it: `parse(request(call)) == call.sent()`.

        What the model's family cannot do without is filled in; what is never sent is gone:
        `then`, `returns`, a `workspace_by` that only names the default; of DashScope
        `stream: false`, `stream_options` and the `format` of a sound. What stands beside a URL
        in DashScope stands beside its part, and a content of DashScope's multimodal endpoint
        that is one text is that text.
        """
        from samplegen.protocols.request import sent

        return sent(self, catalog or builtin())

    def as_json(self) -> dict[str, Any]:
        """The JSON form, as new objects and lists."""
        own = {
            f.name: value
            for f in fields(self)[4:-1]
            if (value := getattr(self, f.name)) is not None
        }
        return {
            "protocol": self.protocol,
            "region": self.region,
            "model": self.model,
            "messages": [message.as_json() for message in self.messages],
            **own,
            **thaw(self.parameters),
        }

    def to_json(self) -> str:
        """The JSON form, on one line, as ASCII."""
        return json.dumps(self.as_json())


OWN_FIELDS = ("protocol", "region", "host", "workspace", "workspace_by", "then")
"""The fields of the JSON form that are never sent."""

FIELDS = tuple(f.name for f in fields(Call) if f.name != "parameters")
"""The fields that a call has of its own; all others are parameters."""


def parameters(values: Mapping[str, Any]) -> Object:
    """Parameters of a call, from JSON values.

    Raises:
        InputError: a value that is no JSON.
    """
    frozen: Object = freeze(values)
    return frozen
