"""The one model of a call: what to ask, whom, and where.

`Call` is a frozen dataclass whose declared types pydantic enforces: a value that
is not already exactly what the field says goes through pydantic, which converts
or refuses it. pydantic is imported only then, because importing it takes longer
than starting up and rendering a call of plain strings does without it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Literal, get_args

from samplegen.errors import InputError, check_text, shown
from samplegen.model.catalog import PROTOCOLS, Catalog, Protocol, builtin

Role = Literal["system", "user", "assistant"]

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Raises:
        InputError: an unknown role, or content that is not valid Unicode.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    role: Role
    content: str

    def __post_init__(self) -> None:
        if type(self.content) is not str or self.role not in ROLES:
            _conform(self)
        check_text(f"{self.role} message", self.content)


def _default_messages() -> tuple[Message, ...]:
    return tuple(Message(**message) for message in builtin().defaults.messages)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to a chat model; a field that is left out has the built-in catalog's default.

    The JSON form has the same fields, `workspace` only where one is given:

        {"protocol": "openai", "region": "singapore", "model": "…",
         "messages": [{"role": "system", "content": "…"}, {"role": "user", "content": "…"}]}

    Raises:
        InputError: a value of the wrong type, no messages, an empty model, or
            text that is not valid Unicode. Whether the region exists and the
            protocol serves the model is for `Request` to say: it has a catalog.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    protocol: Protocol = field(default_factory=lambda: builtin().defaults.protocol)
    region: str = field(default_factory=lambda: builtin().defaults.region)
    model: str = field(default_factory=lambda: builtin().defaults.model)
    messages: tuple[Message, ...] = field(default_factory=_default_messages)
    workspace: str | None = None

    def __post_init__(self) -> None:
        if not (
            self.protocol in PROTOCOLS
            and type(self.region) is str
            and type(self.model) is str
            and type(self.messages) is tuple
            and all(type(message) is Message for message in self.messages)
            and (self.workspace is None or type(self.workspace) is str)
        ):
            _conform(self)
        if not self.messages:
            raise InputError("no messages: give at least one, such as 'user:Who are you?'")
        if not self.model.strip():
            raise InputError(f"the model is empty: name one, such as {builtin().defaults.model!r}")
        check_text("model", self.model)

    @classmethod
    def parse(cls, data: object, catalog: Catalog | None = None, where: str = "") -> Call:
        """A call from its JSON form, decoded; what is left out is the catalog's default.

        Args:
            where: what the data is, such as a file's path; an error starts with it.

        Raises:
            InputError: not an object, an unknown field, or a value that `Call` refuses.
        """
        from samplegen.model.validation import validate

        if not isinstance(data, dict):
            start = f"{where}: " if where else ""
            raise InputError(
                f'{start}a call is an object, such as {{"model": "…"}}, not {shown(data)}'
            )
        return validate(cls, {**(catalog or builtin()).defaults._asdict(), **data}, where)

    def to_json(self) -> str:
        """The JSON form, on one line, as ASCII."""
        data = asdict(self)
        if self.workspace is None:
            del data["workspace"]
        return json.dumps(data)


def _conform(instance: Message | Call) -> None:
    """Let pydantic convert the fields to their declared types, or refuse them."""
    from samplegen.model.validation import validate

    given: dict[str, Any] = {f.name: getattr(instance, f.name) for f in fields(instance)}
    checked = validate(type(instance), given)
    for name in given:
        object.__setattr__(instance, name, getattr(checked, name))
