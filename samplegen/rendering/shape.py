"""A call without its texts: what templates see, and the key of a skeleton."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any, Final, NamedTuple

from samplegen.model.call import Call
from samplegen.model.media import START, media_type
from samplegen.protocols.base import Chat
from samplegen.rendering.layout import FileHole, Hole

# Texts under these keys are words of the protocols, which templates may ask for. So is the
# name of a function, which becomes a name in the program. An empty text is no text: some
# SDKs leave it out, so it is part of the shape.
_WORDS: Final = frozenset({"role", "type", "tool_choice", "reasoning_effort", "effort"})

_HOLE: Final = ...


class Shape(NamedTuple):
    """All of a call's body but its texts, hashable; of a plain message its role alone."""

    messages: tuple[Any, ...]
    parameters: tuple[Any, ...]
    then: bool

    def chat(self) -> Chat:
        """The body's values with a `Hole` for each text, in the order of `abstract`."""
        numbers = count()
        model = Hole(next(numbers))
        messages = [
            {"role": key, "content": Hole(next(numbers))}
            if isinstance(key, str)
            else _value(key, numbers)
            for key in self.messages
        ]
        return Chat(model, messages, dict(_items(self.parameters, numbers)))

    @property
    def holes(self) -> int:
        """How many texts there are before that of `then`."""
        return (
            1
            + sum(1 if isinstance(m, str) else _holes(m) for m in self.messages)
            + sum(_holes(key) for _, key in self.parameters)
        )


def abstract(call: Call) -> tuple[Shape, list[str]]:
    """The shape of a call, and its texts: the model first, then in the order of the body."""
    texts = [call.model]
    messages: list[Any] = []
    for message in call.messages:
        if type(message.content) is str and not message.rich:
            messages.append(message.role)
            texts.append(message.content)
        else:
            messages.append(_message_key(message.as_json(), texts))
    parameters = (
        tuple((name, _key(value, texts, name)) for name, value in call.parameters.items())
        if call.parameters
        else ()
    )
    if call.then is not None:
        texts.append(call.then)
    return Shape(tuple(messages), parameters, call.then is not None), texts


def _message_key(message: dict[str, Any], texts: list[str]) -> Any:
    """The key of a message, in whose parts may be local files."""
    content = message.get("content")
    if not isinstance(content, list):
        return _key(message, texts)
    return (
        "{",
        tuple(
            (k, ("[", tuple(_part_key(part, texts) for part in item)))
            if k == "content"
            else (k, _key(item, texts, k))
            for k, item in message.items()
        ),
    )


def _part_key(part: dict[str, Any], texts: list[str]) -> Any:
    """The key of a part: a local file in it is a file, with its media type."""
    kind = part["type"]

    def key(value: Any, name: str, holder: str) -> Any:
        if holder == kind and isinstance(value, str) and value.startswith(START):
            texts.append(value.removeprefix(START))
            return ("f", media_type(kind, value))
        if isinstance(value, dict) and name == kind:
            return ("{", tuple((k, key(item, k, kind)) for k, item in value.items()))
        if isinstance(value, list) and name == kind:
            return ("[", tuple(key(item, "", kind) for item in value))
        return _key(value, texts, name, holder)

    return ("{", tuple((k, key(item, k, "")) for k, item in part.items()))


def _key(value: Any, texts: list[str], name: str = "", holder: str = "") -> Any:
    """A hashable key for a JSON value; its texts are left out, and put into `texts`."""
    if isinstance(value, str):
        if not value or name in _WORDS or (name == "name" and holder == "function"):
            return value
        texts.append(value)
        return _HOLE
    if isinstance(value, dict):
        return ("{", tuple((k, _key(item, texts, k, name)) for k, item in value.items()))
    if isinstance(value, list | tuple):
        return ("[", tuple(_key(item, texts, "", name) for item in value))
    # As text: to Python, 1 is 1.0 and True.
    return ("=", json.dumps(value))


def _value(key: Any, numbers: Iterator[int]) -> Any:
    """The JSON value of a key, with holes for its texts."""
    if key is _HOLE:
        return Hole(next(numbers))
    if isinstance(key, str):
        return key
    kind, inner = key
    if kind == "f":
        return FileHole(next(numbers), inner)
    if kind == "{":
        return dict(_items(inner, numbers))
    if kind == "[":
        return [_value(item, numbers) for item in inner]
    return json.loads(inner)


def _items(items: Any, numbers: Iterator[int]) -> Iterator[tuple[str, Any]]:
    for name, key in items:
        yield name, _value(key, numbers)


def _holes(key: Any) -> int:
    if key is _HOLE:
        return 1
    if isinstance(key, str) or key[0] in ("=", "f"):
        return int(key[0] == "f") if not isinstance(key, str) else 0
    return sum(_holes(item[1] if key[0] == "{" else item) for item in key[1])
