"""What is read back from a program's text. All positions are character offsets in that text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from samplegen.model.catalog import Protocol
from samplegen.model.frozen import Json

BASE64 = "base64 "
"""Before the path of a file: the name that its bytes, written in base64, have in `${name}`."""


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
        inner: of an object its values by their keys, of a list its items; each has its
            own place.
    """

    value: Json
    start: int
    end: int
    known: bool = True
    in_text: bool = False
    inner: Mapping[str, Value] | tuple[Value, ...] | None = None

    def at(self, *path: str | int) -> Value | None:
        """The value at a path of keys and numbers, such as `at("json_schema", "name")`."""
        found: Value | None = self
        for step in path:
            inner = found.inner if found is not None else None
            if isinstance(inner, Mapping):
                found = inner.get(step) if isinstance(step, str) else None
            elif inner is not None and isinstance(step, int) and 0 <= step < len(inner):
                found = inner[step]
            else:
                return None
        return found


_NOTHING: Mapping[str, Value] = {}


class Span(NamedTuple):
    """A place."""

    start: int
    end: int


class ReadMessage(NamedTuple):
    """A message of the conversation; what is None, the program does not say.

    Attributes:
        content: a text or a list of parts, in the form of the call's protocol.
        more: its other fields by name, such as `tool_calls` or `partial`.
    """

    role: Value | None
    content: Value | None
    start: int
    end: int
    more: Mapping[str, Value] = _NOTHING

    @property
    def known(self) -> bool:
        """Whether the program says all of it."""
        said = [one for one in (self.role, self.content, *self.more.values()) if one is not None]
        return bool(said) and said != [self.role] and all(one.known for one in said)


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


class Access(NamedTuple):
    """A part of an object that a program reads.

    Attributes:
        path: the way to it: `a.b()["c"][0]` is `a`, `b`, `c`, 0; None is what is not said.
        is_safe: whether nothing fails where there is no such part, as with `?.` or `??`.
        goes_on: whether a part of it is read in turn.
    """

    path: tuple[str | int | None, ...]
    start: int
    end: int
    is_safe: bool = False
    goes_on: bool = False


class Round(NamedTuple):
    """A loop.

    Attributes:
        names: the variables that it sets in each round.
        over: the way to what it goes over; of a call, to its function.
        over_start, over_end: where that stands.
    """

    names: tuple[str, ...]
    over: tuple[str | int | None, ...]
    over_start: int
    over_end: int
    start: int
    end: int


class Odd(NamedTuple):
    """What a call is given that is not what it looks like, and in a sentence why not."""

    start: int
    end: int
    words: str


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


Place = Literal["argument", "extra", "body", "parameters", "input", "header", "function"]
"""What an option stands in: `argument` has its own name in an SDK's call, as an argument, a field
or a setter; `extra` is the SDK's way for all else, such as `extra_body`; `body`, `parameters`
and `input` are those of an HTTP request, and `body` is beside `model`; `function` is the name
of what is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """A call as a program makes it. A field is None or empty where the program does not say it.

    Where a program makes several calls this is the first one to a chat model, else the first;
    the others stand in `others`, in the order of the text.

    Attributes:
        protocol: from the SDK, else from the path or the shape of the body.
        client: `sdk` or `http`.
        api: `chat`, or which other API it calls, as the catalog's endpoints have it, such as
            `responses`, `embeddings` or `image`; None where no call is seen.
        framework: what stands between the program and the service, such as `LangChain`.
        base_url: what an SDK is given.
        url: what an HTTP client is given, the parts of a concatenation joined.
        options: the keys of the body besides model, messages and stream; of DashScope
            those of `parameters`.
        asked: the fields of a call of the Responses API beside the model.
        stream: whether the answer is to come in pieces.
        places: what each option stands in, by name; also `messages` and `stream`.
        key_env: the name of the environment variable with the key.
        key_literal: a key that stands in the program: its place without quotes, and no
            more of it than its start.
        headers: by name, as written. A key in them is cut like `key_literal`.
        settings: what else the client is told, by the names it has there, such as `timeout`.
        unbuffered: curl's flag that shows an answer as it comes.
        unread: what else is given of which nothing is known, such as `**options`.
        files: the files whose content is sent, as far as they could not be read.
        kind: for which kind of models an SDK's class is, as the catalog has it, such as
            `multimodal`; its place is that of the class's name.
        keyless: where a client is made that is given no key, so that its SDK looks for one in a
            variable of its own.
        result: the variable that gets the answer.
        odd: what the call is given that it does not take as it stands.
        accesses, rounds, appended, attempts: what the whole program reads of objects, its
            loops, what it puts behind a text, and where it catches failures. Only where a
            call streams.
        start, end: where the call itself stands, the function with its arguments or the
            command; both 0 where none is seen.
        guessed: whether no known function sends it: it only looks like a request.
        imports: modules, packages, namespaces or classes, as the language names them.
        calls: all calls in the order of the text.
        broken: where the text is not that language.
        texts: where its strings stand, with their quotes, outermost.
        typed: the first place that only the language's sibling with types has, as TypeScript.
        broken_json: where a text that is sent as JSON is none.
        complete: False where the text was not read: too long, or it took too long.
    """

    language: str
    protocol: Protocol | None = None
    client: Literal["sdk", "http"] | None = None
    api: str | None = None
    framework: str | None = None
    base_url: Value | None = None
    url: Value | None = None
    method: Value | None = None
    model: Value | None = None
    messages: tuple[ReadMessage, ...] = ()
    options: dict[str, Value] = field(default_factory=dict)
    asked: dict[str, Value] = field(default_factory=dict)
    stream: Value | None = None
    places: dict[str, Place] = field(default_factory=dict)
    key_env: Named | None = None
    key_literal: Value | None = None
    headers: dict[str, Value] = field(default_factory=dict)
    settings: dict[str, Value] = field(default_factory=dict)
    unbuffered: Span | None = None
    unread: tuple[Span, ...] = ()
    files: tuple[str, ...] = ()
    kind: Named | None = None
    keyless: Span | None = None
    result: str = ""
    odd: tuple[Odd, ...] = ()
    accesses: tuple[Access, ...] = ()
    rounds: tuple[Round, ...] = ()
    appended: tuple[Span, ...] = ()
    attempts: tuple[Span, ...] = ()
    start: int = 0
    end: int = 0
    guessed: bool = False
    others: tuple[ReadCall, ...] = ()
    imports: tuple[Named, ...] = ()
    calls: tuple[Invocation, ...] = ()
    comments: tuple[Comment, ...] = ()
    broken: tuple[Span, ...] = ()
    texts: tuple[Span, ...] = ()
    typed: Span | None = None
    broken_json: tuple[Span, ...] = ()
    complete: bool = True

    @property
    def address(self) -> Value | None:
        """Where it goes: the URL of the request, or what an SDK is given."""
        return self.url or self.base_url

    @property
    def gaps(self) -> tuple[str, ...]:
        """What of a call to a chat model the program does not say, or only when it runs.

        `model`, `messages`, `address`, `stream`, the names of options, and `more`.
        """
        found = [] if self.model is not None and self.model.known else ["model"]
        if not self.messages or not all(one.known for one in self.messages):
            found.append("messages")
        address = self.address
        if not address.known if address is not None else self.client != "sdk":
            found.append("address")
        if self.stream is not None and not self.stream.known:
            found.append("stream")
        if self.unread:
            found.append("more")
        return (*found, *(name for name, value in self.options.items() if not value.known))
