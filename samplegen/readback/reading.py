"""Collects what a program says of its requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from typing import Literal, TypeGuard
from urllib.parse import urlsplit

from samplegen.model.catalog import Catalog
from samplegen.model.catalog import Protocol as ProtocolId
from samplegen.pages.spans import Piece, Spans
from samplegen.protocols import protocol, protocol_ids
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import (
    Call,
    Expression,
    Index,
    Member,
    String,
    dotted,
    path_of,
)
from samplegen.readback.model import (
    Access,
    Argument,
    Invocation,
    Named,
    Odd,
    Place,
    ReadCall,
    ReadMessage,
    Round,
    Span,
    Value,
)
from samplegen.readback.values import (
    Evaluated,
    Items,
    Opaque,
    Record,
    Scalar,
    cut,
    handed_out,
    joined,
    to_value,
)

_ORIGIN = re.compile(r"https?://", re.IGNORECASE)
_HEADER = re.compile(r"([\w-]+)\s*:\s*(.*)", re.DOTALL)
_SHOWN_OF_KEY = 3
_MOST_CALLS = 100
_DEEPEST = 40
CHAT = "chat"


class Reading:
    """What is read of one call. For each part of the request the first that is found counts."""

    def __init__(self, evaluator: Evaluator, catalog: Catalog) -> None:
        self.evaluator = evaluator
        self.catalog = catalog
        self.protocol: ProtocolId | None = None
        self.client: Literal["sdk", "http"] | None = None
        self.api: str | None = None
        self.framework: str | None = None
        self.start = 0
        self.end = 0
        self.base_url: Scalar | None = None
        self.url: Scalar | None = None
        self.method: Scalar | None = None
        self.sent: Record | None = None
        self.model: Evaluated | None = None
        self.messages: list[ReadMessage] = []
        self.options: dict[str, Value] = {}
        self.asked: dict[str, Value] = {}
        self.stream: Value | None = None
        self.places: dict[str, Place] = {}
        self.key_env: Named | None = None
        self.key_literal: Value | None = None
        self.headers: dict[str, Value] = {}
        self.settings: dict[str, Value] = {}
        self.unbuffered: Span | None = None
        self.unread: list[Span] = []
        self.kind: Named | None = None
        self.keyless: Span | None = None
        self.odd: list[Odd] = []
        self.guessed = False

    def value(self, expression: Expression | None) -> Evaluated | None:
        """What an expression is."""
        return self.evaluator.value(expression)

    # The client

    def set_base_url(self, evaluated: Evaluated | None) -> None:
        """Note the base URL; of one that only running would tell, that there is one."""
        if isinstance(evaluated, Opaque):
            evaluated = joined([evaluated], evaluated.start, evaluated.end)
        if self.base_url is None and _is_text(evaluated):
            self.base_url = evaluated

    def set_key(self, evaluated: Evaluated | None) -> None:
        """Note the API key: an environment variable, or a text of which little is kept."""
        if not isinstance(evaluated, Scalar) or self.key_env or self.key_literal:
            return
        if evaluated.env is not None:
            self.key_env = evaluated.env
        elif isinstance(evaluated.value, str) and evaluated.known and evaluated.spans is not None:
            # Behind the word Bearer, or all of it.
            key = re.fullmatch(r"\s*(?:(?:Bearer|Token)\s+)?(\S.*?)\s*", evaluated.value, re.DOTALL)
            if key is not None:
                start = evaluated.spans.start(key.start(1))
                end = evaluated.spans.end(key.end(1))
                self.key_literal = Value(cut_key(key[1]), start, end, True, True)

    def configure(
        self, given: Mapping[str, Evaluated], key: str, base_url: str, headers: str
    ) -> None:
        """Note what a client is told: by those names its key, base URL and headers."""
        self.set_key(given.get(key))
        self.set_base_url(given.get(base_url))
        self.all_headers(given.get(headers))
        for name, evaluated in given.items():
            value = to_value(evaluated)
            if name not in (key, base_url, headers) and value is not None:
                self.settings.setdefault(name, value)

    def share(self, client: Reading) -> None:
        """Take over what a client that makes the call was told, where the call does not say it."""
        self.base_url = self.base_url or client.base_url
        self.key_env = self.key_env or (None if self.key_literal else client.key_env)
        self.key_literal = self.key_literal or (None if self.key_env else client.key_literal)
        self.framework = self.framework or client.framework
        self.stream = self.stream or client.stream
        self.headers = {**client.headers, **self.headers}
        self.settings = {**client.settings, **self.settings}

    # The request

    def set_url(self, evaluated: Evaluated | None) -> None:
        """Note the URL of an HTTP request."""
        if self.url is None and _is_text(evaluated):
            self.url = evaluated

    def set_method(self, evaluated: Evaluated | None) -> None:
        """Note the HTTP method."""
        if self.method is None and _is_text(evaluated):
            self.method = evaluated

    def method_of(self, call: Call) -> None:
        """Note the HTTP method that a function is named after, such as `post`."""
        function = call.function
        name = dotted(function).rpartition(".")[2]
        method = re.match(r"(?i)(post|put|patch|get)(?![a-z])|Post|Put|Get", name)
        if method is not None and not call.is_new:
            start = function.end - len(name)
            self.set_method(text_at(method[0].upper(), start, start + len(method[0])))

    def header(self, name: str, evaluated: Evaluated | None) -> None:
        """Note a header."""
        value = to_value(evaluated)
        if value is None or not name or name in self.headers:
            return
        lower = name.lower()
        if lower in _key_headers(self.catalog):
            self.set_key(evaluated)
            if value.known and isinstance(value.value, str):
                words = value.value.split()
                value = value._replace(value=" ".join([*words[:-1], *map(cut_key, words[-1:])]))
        elif lower in _stream_headers() and self.stream is None:
            self.stream = value._replace(value=value.value == "enable")
            self.places["stream"] = "header"
        self.headers[name] = value

    def header_line(self, evaluated: Evaluated | None) -> None:
        """Note a header of the form `Name: value`."""
        if not isinstance(evaluated, Scalar) or evaluated.spans is None:
            return
        text = evaluated.spans.text
        match = _HEADER.match(text)
        if match:
            parts = cut(evaluated.spans, match.start(2), len(text))
            self.header(match[1], joined_parts(parts, evaluated))

    def all_headers(self, evaluated: Evaluated | None) -> None:
        """Note headers: an object, or a list of lines or of pairs."""
        if isinstance(evaluated, Record):
            for name, value in evaluated.items():
                self.header(name, value)
        elif isinstance(evaluated, Items):
            for item in evaluated:
                match item:
                    case Items() if len(item) == 2 and _is_text(item[0]):
                        self.header(str(item[0].value), item[1])
                    case Scalar():
                        self.header_line(item)

    def body(self, evaluated: Evaluated | None) -> bool:
        """Note the JSON body of a request; False if this is none, or there is one already."""
        evaluated = self.evaluator.parsed(evaluated)
        if not isinstance(evaluated, Record) or self.sent is not None:
            return False
        self.sent = evaluated
        return True

    def fields(self, entries: Mapping[str, Evaluated], place: Place = "argument") -> None:
        """Note the model, the messages and the options of a call."""
        if isinstance(entries, Record):
            self.unread += [Span(one.start, one.end) for one in entries.rest]
        for name, evaluated in entries.items():
            if name == "model":
                self.set_model(evaluated)
            elif name == "messages":
                self.conversation(evaluated, place)
            elif name == "prompt" and isinstance(evaluated, Scalar):
                self.prompt(evaluated, place)
            else:
                self.option(name, evaluated, place)

    def ask(self, entries: Evaluated | None) -> None:
        """Note the model of a call of another API, and the fields of a known one."""
        if not isinstance(entries, Record):
            return
        self.set_model(entries.get("model"))
        if self.api == "responses":
            for name, evaluated in entries.items():
                value = to_value(evaluated)
                if name != "model" and value is not None:
                    self.asked.setdefault(name, value)

    def set_model(self, evaluated: Evaluated | None) -> None:
        """Note the model."""
        if self.model is None:
            self.model = evaluated

    def option(
        self, name: str, evaluated: Evaluated | None, place: Place = "argument", known: bool = True
    ) -> None:
        """Note an option.

        Args:
            known: False where its name is only guessed.
        """
        value = to_value(evaluated)
        if value is None:
            if evaluated is None:
                return
            # An object of which nothing is known is given all the same.
            value = Value(None, evaluated.start, evaluated.end, False)
        if not known:
            value = value._replace(known=False)
        if name == "stream":
            if self.stream is None:
                self.stream, self.places[name] = value, place
        elif name and name not in self.options:
            self.options[name], self.places[name] = value, place

    def prompt(self, evaluated: Evaluated, place: Place = "argument") -> None:
        """Note a question that is given in place of messages."""
        if not self.messages:
            self.places["prompt"] = place
            self.message(None, evaluated, evaluated.start, evaluated.end)

    def conversation(self, evaluated: Evaluated | None, place: Place = "argument") -> None:
        """Note the messages, given as a list."""
        if evaluated is None or self.messages:
            return
        self.places["messages"] = place
        for item in evaluated if isinstance(evaluated, Items) else ():
            if isinstance(item, Record):
                self.add_message(item)
            else:
                self.messages.append(ReadMessage(None, None, item.start, item.end))

    def add_message(self, item: Evaluated | None) -> None:
        """Note a message; of one that only running would tell, its place."""
        if isinstance(item, Record):
            more = {name: one for name, one in item.items() if name not in ("role", "content")}
            self.message(item.get("role"), item.get("content"), item.start, item.end, more)
        elif item is not None:
            self.messages.append(ReadMessage(None, None, item.start, item.end))

    def message(
        self,
        role: Evaluated | None,
        content: Evaluated | None,
        start: int,
        end: int,
        more: Mapping[str, Evaluated] | None = None,
    ) -> None:
        """Note a message."""
        said = {name: handed_out(one) for name, one in (more or {}).items()}
        self.messages.append(ReadMessage(to_value(role), to_value(content), start, end, said))

    def miss(self, evaluated: Evaluated) -> None:
        """Note that something is given of which nothing is known."""
        self.unread.append(Span(evaluated.start, evaluated.end))

    def streams(self, call: Call) -> None:
        """Note that a function's own name says that the answer comes in pieces."""
        if self.stream is None:
            self.stream = Value(True, call.start, call.end)
            self.places["stream"] = "function"

    def at(self, call: Call) -> None:
        """Note where the call itself stands."""
        if not self.end:
            self.start, self.end = call.start, call.end

    # The end

    @property
    def says_something(self) -> bool:
        """Whether it is more than what stands around a call."""
        return bool(self.client or self.url or self.model or self.messages or self.sent)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it has only a URL that is none, such as the path of a server's own handler."""
        url = str(self.url.value) if self.url is not None else ""
        no_url = not _ORIGIN.match(url) and "${" not in url
        return self.client == "http" and self.sent is None and no_url

    def settle(self) -> None:
        """Read the body, now that the URL tells whose it is."""
        if self.client is None and (self.url is not None or self.sent is not None):
            self.client = "http"
        if self.client == "http":
            self._join_url()
            path = urlsplit(str(self.url.value)).path.rstrip("/") if self.url else ""
            self._recognise(path)
            if self.sent is not None and self.api in (CHAT, None):
                self._read_body(self.sent)
            elif self.sent is not None:
                self.ask(self.sent)
        if (
            isinstance(self.model, Scalar)
            and self.api == CHAT
            and isinstance(self.model.value, str)
        ):
            family = self.catalog.family(self.model.value)
            if not family.chat:
                # Image models share a path with chat models that see.
                self.api = "other"

    def _recognise(self, path: str) -> None:
        """What a path, or else the shape of the body, says of the API."""
        if self.api is not None or self.protocol is not None:
            return
        asked = self.sent
        by_shape = next(
            (id for id in protocol_ids() if asked is not None and protocol(id).asks(asked)), None
        )
        fact = self.catalog.endpoint_of(path) if path else None
        # A chat's messages at the path beside the one for them are meant for that.
        if fact is not None and fact.kind == "completions" and by_shape is not None:
            fact = None
        if fact is not None and fact.kind != "base":
            self.api, self.protocol = fact.kind, fact.protocol
            return
        by_end = next(
            (
                name
                for name, facts in self.catalog.protocols.items()
                if path and any(path.endswith(end) for end in facts.paths.values())
            ),
            None,
        )
        # At a path that nobody knows the body tells whose it is.
        if found := by_shape or by_end:
            self.api, self.protocol = CHAT, found

    def _read_body(self, sent: Record) -> None:
        """Take the body apart as its protocol says."""
        known = self.protocol in protocol_ids()
        if not known and "model" not in sent:
            return
        self.unread += [Span(one.start, one.end) for one in sent.rest]
        said = protocol(self.protocol if known and self.protocol else protocol_ids()[0]).said(sent)
        self.set_model(said.model)
        where: dict[str, Place] = {**said.places}  # type: ignore[dict-item]
        if said.messages is not None:
            self.conversation(said.messages, where.get("messages", "body"))
        elif said.prompt is not None:
            self.prompt(said.prompt, where.get("prompt", "body"))
        for name, evaluated in said.parameters.items():
            self.option(name, evaluated, where[name])

    def _join_url(self) -> None:
        """A path below a client's base URL becomes a whole URL."""
        url, base = self.url, self.base_url
        if url is None or base is None or _ORIGIN.match(str(url.value)):
            return
        slash = "/" if not str(url.value).startswith("/") else ""
        base_text = str(base.value).rstrip("/")
        parts = cut(base.spans, 0, len(base_text)) if base.spans else []
        whole = joined([*parts, Piece(slash, url.start, url.start), url], url.start, url.end)
        self.url = whole._replace(known=url.known and base.known)


class Readings:
    """The calls of a program, as a language's reader finds them."""

    def __init__(self, language: str, evaluator: Evaluator, catalog: Catalog) -> None:
        self.language = language
        self.evaluator = evaluator
        self.program = evaluator.program
        self.catalog = catalog
        self.found: list[Reading] = []
        self.shared = Reading(evaluator, catalog)
        """What is told to a client that all calls of the program may use."""
        self._open: Reading | None = None

    def value(self, expression: Expression | None) -> Evaluated | None:
        """What an expression is."""
        return self.evaluator.value(expression)

    def text(self, expression: Expression | None) -> str | None:
        """The text that an expression is, if the program says all of it."""
        return self.evaluator.text(expression)

    def _new(self) -> Reading:
        made = Reading(self.evaluator, self.catalog)
        if len(self.found) < _MOST_CALLS:
            self.found.append(made)
        return made

    def client(self) -> Reading:
        """What a client is told, to be shared with the calls that it makes."""
        return Reading(self.evaluator, self.catalog)

    def sdk(self, protocol: ProtocolId | None, call: Call, api: str = CHAT) -> Reading:
        """Begin a call through an SDK."""
        made = self._new()
        made.client, made.protocol, made.api = "sdk", protocol, api
        made.at(call)
        return made

    def framework(self, name: str, call: Call) -> Reading:
        """Begin what a framework is told: it makes its calls itself."""
        made = self._new()
        made.client, made.framework, made.api = "sdk", name, ""
        made.at(call)
        return made

    def request(self, call: Call) -> Reading:
        """Begin an HTTP request that one function with its arguments makes."""
        made = self._new()
        made.at(call)
        return made

    @property
    def open(self) -> Reading:
        """The HTTP request that several statements make, one after the other."""
        if self._open is None:
            self._open = self._new()
        return self._open

    def begin(self, call: Call | None = None) -> Reading:
        """Begin another such request, if the last one has its URL."""
        if self._open is not None and self._open.url is not None:
            self._open = None
        if call is not None:
            self.open.at(call)
        return self.open

    def body(self, evaluated: Evaluated | None) -> None:
        """Note the body of such a request; one with its URL and another body is another one."""
        evaluated = self.evaluator.parsed(evaluated)
        if isinstance(evaluated, Record):
            sent = self.open.sent
            if sent is not None and (sent.start, sent.end) != (evaluated.start, evaluated.end):
                self.begin()
            self.open.body(evaluated)

    @property
    def through_sdk(self) -> bool:
        """Whether an SDK makes a call."""
        return any(one.client == "sdk" for one in self.found)

    def kind_of(self, protocol: ProtocolId, resource: str) -> str:
        """What an API of an SDK is, by the part of its path below the base path."""
        facts = self.catalog.protocols.get(protocol)
        fact = self.catalog.endpoint_of(f"{facts.base_path}/{resource}") if facts else None
        return fact.kind if fact is not None else resource.partition("/")[0]

    def maker(
        self, expression: Expression, position: int, makes: Callable[[str], object]
    ) -> Call | None:
        """The call that made what a method is called on: `OpenAI()` for `client.chat.x`.

        None where the program does not say it.

        Args:
            makes: whether a function of that name makes such clients.
        """
        for _ in range(_DEEPEST):
            if isinstance(expression, Call):
                found = self.evaluator.value(expression)
            else:
                found = self.evaluator.variable(dotted(expression), position)
            made = found.call if isinstance(found, Opaque) else None
            if made is not None and makes(dotted(made.function)):
                return made
            if made is not None and made is not expression:
                # `client.with_options(…)`: what that is called on.
                expression, position = made.function, made.start
            elif isinstance(expression, Call):
                expression = expression.function
            elif isinstance(expression, Member | Index):
                expression = expression.object
            else:
                return None
        return None

    # The end

    def _guess(self, made: Reading) -> None:
        """Find a URL and a body among all literals where no known call showed them."""
        before = made.sent, made.url
        texts = []
        for literal in self.program.literals[:500]:
            if isinstance(literal, String) and not _may_matter(literal):
                continue
            evaluated = self.value(literal)
            if isinstance(evaluated, Scalar) and isinstance(evaluated.value, str):
                texts.append(evaluated)
            if made.sent is None and _may_be_body(evaluated):
                made.body(evaluated)
        ends = [path for facts in self.catalog.protocols.values() for path in facts.paths.values()]
        for text in texts:
            value = str(text.value)
            if _ORIGIN.match(value) and value.rstrip("/").endswith(tuple(ends)):
                made.set_url(text)
        made.guessed = (made.sent, made.url) != before

    def finish(self) -> ReadCall:
        """What was read."""
        found = [one for one in self.found if one.says_something]
        if not found:
            found = [self._new()]
        if len(found) == 1 and not (found[0].client or (found[0].url and found[0].sent)):
            self._guess(found[0])
        for one in found:
            one.share(self.shared)
            one.settle()
        # What is no call of an API that is known is of interest only where there is nothing else.
        found = [one for one in found if one.api is not None] or found
        found = [one for one in found if not one.is_elsewhere] or found[:1]
        first = next((one for one in found if one.api == CHAT), found[0])
        calls = _invocations(self.program.calls)
        others = tuple(self._made(one, calls) for one in found if one is not first)
        return self._made(first, calls, others)

    def _result(self, one: Reading) -> str:
        """The variable that gets what a call gives."""
        for name, every in self.program.assignments.items():
            for assigned in every:
                value = assigned.value
                if one.end and (value.start, value.end) == (one.start, one.end):
                    return name
        return ""

    @cached_property
    def _accesses(self) -> tuple[Access, ...]:
        """What the program reads of objects, in order."""
        code = self.program.code
        inner = {id(one.object) for one in self.program.accesses}
        return tuple(
            Access(
                path_of(one),
                one.start,
                one.end,
                code.startswith("?.", one.end) or self._has_default(one.start, one.end),
                id(one) in inner,
            )
            for one in self.program.accesses
        )

    def _has_default(self, start: int, end: int) -> bool:
        """Whether something else stands in for a value that is not there."""
        return any(low <= start and end <= high for low, high in self.program.defaulted)

    @cached_property
    def _rounds(self) -> tuple[Round, ...]:
        """The loops of the program."""
        return tuple(
            Round(one.names, path_of(one.over), one.over.start, one.over.end, one.start, one.end)
            for one in self.program.loops
        )

    def _made(
        self, one: Reading, calls: tuple[Invocation, ...], others: tuple[ReadCall, ...] = ()
    ) -> ReadCall:
        program = self.program
        return ReadCall(
            language=self.language,
            protocol=one.protocol,
            client=one.client,
            api=one.api,
            framework=one.framework,
            base_url=to_value(one.base_url),
            url=to_value(one.url),
            method=to_value(one.method),
            model=to_value(one.model),
            messages=tuple(one.messages),
            options=one.options,
            asked=one.asked,
            stream=one.stream,
            places=one.places,
            key_env=one.key_env,
            key_literal=one.key_literal,
            headers=one.headers,
            settings=one.settings,
            unbuffered=one.unbuffered,
            unread=tuple(one.unread),
            files=tuple(self.evaluator.missed),
            kind=one.kind,
            keyless=one.keyless,
            result=self._result(one),
            odd=tuple(one.odd),
            accesses=self._accesses if one.stream is not None else (),
            rounds=self._rounds if one.stream is not None else (),
            appended=tuple(Span(it.start, it.end) for it in program.appended),
            attempts=tuple(Span(*span) for span in program.attempts),
            start=one.start,
            end=one.end,
            guessed=one.guessed,
            others=others,
            imports=tuple(program.imports),
            calls=calls,
            comments=tuple(program.comments),
            broken=tuple(Span(*span) for span in program.broken),
            typed=min((Span(*span) for span in program.typed), default=None),
            broken_json=tuple(self.evaluator.broken_json),
        )


@cache
def _stream_headers() -> frozenset[str]:
    return frozenset(protocol(id).stream_header for id in protocol_ids()) - {""}


def _key_headers(catalog: Catalog) -> set[str]:
    """The headers that may hold a key, in lower case."""
    return {"authorization", *(auth.header.lower() for auth in catalog.auths)}


def text_at(text: str, start: int, end: int) -> Scalar:
    """A text that stands for what is at that place, such as a function's name."""
    return Scalar(text, start, end, Spans((Piece(text, start, end),)))


def joined_parts(parts: list[Piece | Evaluated], whole: Scalar) -> Scalar:
    """A part of a text, cut from it."""
    pieces = tuple(part for part in parts if isinstance(part, Piece))
    start, end = whole.start, whole.end
    places = [place for piece in pieces for place in (piece.start, piece.end)]
    if places and places == sorted(places) and start <= places[0] and places[-1] <= end:
        start, end = places[0], places[-1]
    spans = Spans(pieces)
    env = whole.env if whole.env is not None and f"${{{whole.env.name}}}" in spans.text else None
    return Scalar(spans.text, start, end, spans, whole.known or "${" not in spans.text, env, True)


def cut_key(key: str) -> str:
    """So much of a key that one sees what it is, and no more."""
    return key[:_SHOWN_OF_KEY] + "…"


def _is_text(evaluated: Evaluated | None) -> TypeGuard[Scalar]:
    return isinstance(evaluated, Scalar) and isinstance(evaluated.value, str)


def _may_matter(literal: String) -> bool:
    """Whether a text may be a URL or a body; most are neither, and need no evaluation."""
    if not all(isinstance(part, Piece) for part in literal.parts):
        return True
    text = "".join(part.text for part in literal.parts if isinstance(part, Piece))
    return '"model"' in text or _ORIGIN.match(text) is not None


def _may_be_body(evaluated: Evaluated | None) -> bool:
    """Whether a value has, at a glance, the look of a request's body."""
    if isinstance(evaluated, Record):
        return "model" in evaluated and any(protocol(id).asks(evaluated) for id in protocol_ids())
    if isinstance(evaluated, Scalar) and isinstance(evaluated.value, str):
        return '"model"' in evaluated.value and evaluated.value.lstrip().startswith("{")
    return False


def _invocations(calls: Iterable[Call]) -> tuple[Invocation, ...]:
    return tuple(
        Invocation(
            dotted(call.function),
            tuple(Argument(given.name, given.start, given.end) for given in call.arguments),
            call.start,
            call.end,
            call.is_new,
        )
        for call in calls
    )
