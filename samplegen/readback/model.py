"""What is read back from a program's text. All positions are character offsets in that text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from samplegen.model.catalog import Protocol
from samplegen.model.frozen import Json


class Value(NamedTuple):
    """A value that the program says.

    Attributes:
        value: as JSON has it, with its type kept. What only running would tell stands in
            a text as `${name}`, the name being that of an environment or other variable.
        start, end: where its source stands: a literal with its quotes, or the whole
            expression that puts it together. A value inside a text that is JSON, such as
            the body of an HTTP request, has its place inside that text.
        known: whether the program says all of it, so that no `${name}` is in it.
        in_text: whether the source stands inside a string literal, as JSON or as a part.
    """

    value: Json
    start: int
    end: int
    known: bool = True
    in_text: bool = False


class Span(NamedTuple):
    """A place."""

    start: int
    end: int


class ReadMessage(NamedTuple):
    """A message of the conversation; a part is None where the program does not say it."""

    role: Value | None
    content: Value | None
    start: int
    end: int


class Named(NamedTuple):
    """A name that the program says, such as an import's, without quotes."""

    name: str
    start: int
    end: int


class Argument(NamedTuple):
    """An argument of a call: its name, where the language has named ones, and its place."""

    name: str
    start: int
    end: int


class Invocation(NamedTuple):
    """A call of a function, or the making of an object.

    Attributes:
        name: dotted, as it is written, without arguments: `client.chat.completions.create`.
        is_new: whether it is written with `new`, or is a composite literal.
    """

    name: str
    arguments: tuple[Argument, ...]
    start: int
    end: int
    is_new: bool = False


class Comment(NamedTuple):
    """A comment.

    Attributes:
        text: what it says, without its marks, stripped.
        code: the line of code that it speaks of, stripped: its own line where code stands
            before it, else the next one with code; '' at the end.
        code_start: where that line's code starts.
    """

    text: str
    start: int
    end: int
    code: str
    code_start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """A call as a program makes it. A field is None or empty where the program does not say it.

    Where a program makes several calls this is the first one.

    Attributes:
        protocol: from the SDK, else from the path or the shape of the body.
        client: `sdk` or `http`.
        base_url: what an SDK is given.
        url: what an HTTP client is given, the parts of a concatenation joined.
        options: the keys of the body besides model, messages and stream; of DashScope
            those of `parameters`.
        stream: whether the answer is to come in pieces.
        key_env: the name of the environment variable with the key.
        key_literal: a key that stands in the program: its place without quotes, and no
            more of it than its start.
        headers: by name, as written. A key in them is cut like `key_literal`.
        imports: modules, packages, namespaces or classes, as the language names them.
        calls: all calls in the order of the text.
        broken: where the text is not that language.
        broken_json: where a text that is sent as JSON is none.
        complete: False where the text was not read: too long, or it took too long.
    """

    language: str
    protocol: Protocol | None = None
    client: Literal["sdk", "http"] | None = None
    base_url: Value | None = None
    url: Value | None = None
    method: Value | None = None
    model: Value | None = None
    messages: tuple[ReadMessage, ...] = ()
    options: dict[str, Value] = field(default_factory=dict)
    stream: Value | None = None
    key_env: Named | None = None
    key_literal: Value | None = None
    headers: dict[str, Value] = field(default_factory=dict)
    imports: tuple[Named, ...] = ()
    calls: tuple[Invocation, ...] = ()
    comments: tuple[Comment, ...] = ()
    broken: tuple[Span, ...] = ()
    broken_json: tuple[Span, ...] = ()
    complete: bool = True
