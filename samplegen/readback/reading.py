"""Collects what a program says of its request."""

from __future__ import annotations

import re
from typing import Literal, TypeGuard

from samplegen.model.catalog import Catalog, Protocol
from samplegen.pages.spans import Piece, Spans
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import Call, Expression, String, dotted
from samplegen.readback.model import (
    Argument,
    Invocation,
    Named,
    ReadCall,
    ReadMessage,
    Span,
    Value,
)
from samplegen.readback.values import Evaluated, Items, Record, Scalar, cut, joined, to_value

_ORIGIN = re.compile(r"https?://", re.IGNORECASE)
_HEADER = re.compile(r"([\w-]+)\s*:\s*(.*)", re.DOTALL)
_SHOWN_OF_KEY = 3


class Reading:
    """What is read so far. For each part of the request the first that is found counts."""

    def __init__(self, language: str, evaluator: Evaluator, catalog: Catalog) -> None:
        self.language = language
        self.evaluator = evaluator
        self.program = evaluator.program
        self.catalog = catalog
        self.protocol: Protocol | None = None
        self.client: Literal["sdk", "http"] | None = None
        self.base_url: Scalar | None = None
        self.url: Scalar | None = None
        self.method: Scalar | None = None
        self.model: Evaluated | None = None
        self.messages: list[ReadMessage] = []
        self.options: dict[str, Value] = {}
        self.stream: Value | None = None
        self.key_env: Named | None = None
        self.key_literal: Value | None = None
        self.headers: dict[str, Value] = {}

    def value(self, expression: Expression | None) -> Evaluated | None:
        """What an expression is."""
        return self.evaluator.value(expression)

    def found(self, protocol: Protocol) -> bool:
        """Note that an SDK makes the call; False if another call was found before."""
        if self.client is not None:
            return False
        self.protocol, self.client = protocol, "sdk"
        return True

    # The request

    def set_base_url(self, evaluated: Evaluated | None) -> None:
        """Note the base URL."""
        if self.base_url is None and _is_text(evaluated):
            self.base_url = evaluated

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

    def set_key(self, evaluated: Evaluated | None) -> None:
        """Note the API key: an environment variable, or a text of which little is kept."""
        if not isinstance(evaluated, Scalar) or self.key_env or self.key_literal:
            return
        if evaluated.env is not None:
            self.key_env = evaluated.env
        elif isinstance(evaluated.value, str) and evaluated.known and evaluated.spans is not None:
            text = evaluated.value
            word = re.search(r"\S+\s*\Z", text)
            if word is not None:
                # Behind the word Bearer, or all of it.
                start = evaluated.spans.start(word.start())
                end = evaluated.spans.end(word.start() + len(word[0].rstrip()))
                self.key_literal = Value(cut_key(word[0].rstrip()), start, end, True, True)

    def header(self, name: str, evaluated: Evaluated | None) -> None:
        """Note a header."""
        value = to_value(evaluated)
        if value is None or name in self.headers:
            return
        if name.lower() == "authorization":
            self.set_key(evaluated)
            if value.known and isinstance(value.value, str):
                words = value.value.split()
                value = value._replace(value=" ".join([*words[:-1], *map(cut_key, words[-1:])]))
        elif name.lower() == "x-dashscope-sse":
            self.stream = value._replace(value=value.value == "enable")
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
            for name, value in evaluated.entries.items():
                self.header(name, value)
        elif isinstance(evaluated, Items):
            for item in evaluated.items:
                match item:
                    case Items(items=[Scalar(value=str() as name), value]):
                        self.header(name, value)
                    case Scalar():
                        self.header_line(item)

    def body(self, evaluated: Evaluated | None) -> bool:
        """Note the JSON body of a request; False if this is none."""
        if evaluated is not None:
            evaluated = self.evaluator.parsed(evaluated)
        if not isinstance(evaluated, Record) or self.model is not None or self.messages:
            return False
        entries = dict(evaluated.entries)
        inner = entries.pop("input", None)
        if isinstance(inner, Record):
            self.protocol = self.protocol or "dashscope"
            entries |= inner.entries
        elif "messages" in entries:
            self.protocol = self.protocol or "openai"
        elif "model" not in entries:
            return False
        parameters = entries.pop("parameters", None)
        if isinstance(parameters, Record):
            entries |= parameters.entries
        self.fields(entries)
        return True

    def fields(self, entries: dict[str, Evaluated]) -> None:
        """Note the model, the messages and the options of a call."""
        for name, evaluated in entries.items():
            if name == "model":
                self.model = self.model or evaluated
            elif name == "messages":
                self.conversation(evaluated)
            elif name == "prompt" and isinstance(evaluated, Scalar):
                self.message(None, evaluated, evaluated.start, evaluated.end)
            else:
                self.option(name, evaluated)

    def option(self, name: str, evaluated: Evaluated | None) -> None:
        """Note an option."""
        value = to_value(evaluated)
        if value is None:
            return
        if name == "stream":
            self.stream = self.stream or value
        else:
            self.options.setdefault(name, value)

    def conversation(self, evaluated: Evaluated | None) -> None:
        """Note the messages, given as a list."""
        if not isinstance(evaluated, Items) or self.messages:
            return
        for item in evaluated.items:
            if isinstance(item, Record):
                role, content = item.entries.get("role"), item.entries.get("content")
                self.message(role, content, item.start, item.end)
            else:
                self.messages.append(ReadMessage(None, None, item.start, item.end))

    def message(
        self, role: Evaluated | None, content: Evaluated | None, start: int, end: int
    ) -> None:
        """Note a message."""
        self.messages.append(ReadMessage(to_value(role), to_value(content), start, end))

    def streams(self, call: Call) -> None:
        """Note that a function's own name says that the answer comes in pieces."""
        self.stream = self.stream or Value(True, call.start, call.end)

    # The end

    def guess(self) -> None:
        """Find a URL and a body among all literals where no known call showed them."""
        texts = []
        for literal in self.program.literals[:500]:
            if isinstance(literal, String) and not _may_matter(literal):
                continue
            evaluated = self.value(literal)
            if isinstance(evaluated, Scalar) and isinstance(evaluated.value, str):
                texts.append(evaluated)
            if self.model is None and not self.messages and _may_be_body(evaluated):
                self.body(evaluated)
        ends = [path for facts in self.catalog.protocols.values() for path in facts.paths.values()]
        for text in texts:
            value = str(text.value)
            if _ORIGIN.match(value) and value.rstrip("/").endswith(tuple(ends)):
                self.set_url(text)

    def finish(self) -> ReadCall:
        """What was read."""
        if self.client is None:
            self.guess()
            if self.url is not None or self.model is not None or self.messages:
                self.client = "http"
        if self.client == "http":
            self._join_url()
            self.protocol = self.protocol or self._protocol_of_path()
        return ReadCall(
            language=self.language,
            protocol=self.protocol,
            client=self.client,
            base_url=to_value(self.base_url),
            url=to_value(self.url),
            method=to_value(self.method),
            model=to_value(self.model),
            messages=tuple(self.messages),
            options=self.options,
            stream=self.stream,
            key_env=self.key_env,
            key_literal=self.key_literal,
            headers=self.headers,
            imports=tuple(self.program.imports),
            calls=tuple(_invocation(call) for call in self.program.calls),
            comments=tuple(self.program.comments),
            broken=tuple(Span(*span) for span in self.program.broken),
            broken_json=tuple(self.evaluator.broken_json),
        )

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

    def _protocol_of_path(self) -> Protocol | None:
        """The protocol that a URL's path is one of."""
        text = str(self.url.value).partition("?")[0].rstrip("/") if self.url else ""
        for name, facts in self.catalog.protocols.items():
            if text and any(text.endswith(path) for path in facts.paths.values()):
                return name
        return None


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
        return "model" in evaluated.entries and bool({"messages", "input"} & {*evaluated.entries})
    if isinstance(evaluated, Scalar) and isinstance(evaluated.value, str):
        return '"model"' in evaluated.value and evaluated.value.lstrip().startswith("{")
    return False


def _invocation(call: Call) -> Invocation:
    arguments = tuple(Argument(given.name, given.start, given.end) for given in call.arguments)
    return Invocation(dotted(call.function), arguments, call.start, call.end, call.is_new)
