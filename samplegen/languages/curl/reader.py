"""curl, called from a POSIX shell or bash."""

from __future__ import annotations

import re
from itertools import pairwise

from samplegen.pages.spans import Piece
from samplegen.readback.dialect import Dialect
from samplegen.readback.expressions import (
    Call,
    Choice,
    Expression,
    Given,
    Name,
    String,
    Unknown,
    dotted,
)
from samplegen.readback.literals import backslash, plain, unescaped
from samplegen.readback.reading import Reading, text_at
from samplegen.readback.tree import Node
from samplegen.readback.values import Scalar

# POSIX, Shell Command Language, sections 2.2.1 and 2.2.3: what a backslash quotes
# outside of quotes, and within double ones.
_BARE = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_QUOTED = re.compile(r"\\([$`\"\\]|\r?\n)")
# Section 2.7.4: in a here-document a double quote is as any other character.
_IN_HEREDOC = re.compile(r"\\([$`\\]|\r?\n)")
_ANSI = backslash("abefnrtv", octal=True)
_HOLES = ("simple_expansion", "expansion", "command_substitution", "arithmetic_expansion")

# curl's manual: the options that take a value, by their one-letter forms.
_LONG = {
    "X": "request", "H": "header", "d": "data", "u": "user", "o": "output", "A": "user-agent",
    "m": "max-time", "w": "write-out", "F": "form", "x": "proxy", "b": "cookie", "e": "referer",
    "c": "cookie-jar", "K": "config", "T": "upload-file", "D": "dump-header", "E": "cert",
    "r": "range", "Y": "speed-limit", "y": "speed-time", "z": "time-cond", "C": "continue-at",
    "P": "ftp-port", "Q": "quote", "t": "telnet-option", "h": "help", "U": "proxy-user",
}  # fmt: skip
_TAKE_VALUE = frozenset(_LONG.values()) | {
    "url", "json", "data-raw", "data-binary", "data-ascii", "data-urlencode", "oauth2-bearer",
    "connect-timeout", "retry", "retry-delay", "retry-max-time", "cacert", "capath", "resolve",
    "connect-to", "limit-rate", "max-redirs", "proto", "key", "interface", "noproxy",
    "form-string", "url-query", "variable", "expand-data", "expand-url", "expand-header", "ciphers",
}  # fmt: skip
_DATA = ("data", "data-raw", "data-binary", "data-ascii", "json")


def _decode(match: re.Match[str]) -> str:
    return "" if match[1] in ("\n", "\r\n") else match[1]


class Curl(Dialect):
    """Nodes are those of tree-sitter-bash. A command is a call with its words as arguments."""

    grammar = ("tree_sitter_bash", "language")

    def __init__(self) -> None:
        super().__init__()
        self._stdin: dict[int, Expression] = {}
        """What a command reads, by where the command starts."""

    def read_word(self, node: Node) -> Expression:
        return String(
            tuple(unescaped(self.program.code, node.start, node.end, _BARE, _decode)),
            node.start,
            node.end,
        )

    read_number = read_word

    def read_raw_string(self, node: Node) -> Expression:
        end = max(node.end - 1, node.start + 1)
        pieces = plain(self.program.code, node.start + 1, end)
        return String(tuple(pieces), node.start, node.end)

    def read_ansi_c_string(self, node: Node) -> Expression:
        pieces = unescaped(self.program.code, node.start + 2, node.end - 1, *_ANSI)
        return String(tuple(pieces), node.start, node.end)

    def read_string(self, node: Node) -> Expression:
        return self.template(node, node.start + 1, node.end - 1, _HOLES, self._quoted)

    def _quoted(self, start: int, end: int) -> list[Piece]:
        return unescaped(self.program.code, start, end, _QUOTED, _decode)

    def read_concatenation(self, node: Node) -> Expression:
        return String(tuple(self.at(child) for child in node.named), node.start, node.end)

    def read_simple_expansion(self, node: Node) -> Expression:
        name = node.first("variable_name", "special_variable_name")
        return Name(name.text if name else "", node.start, node.end)

    def read_expansion(self, node: Node) -> Expression:
        variable = node.first("variable_name")
        if variable is None:
            return Unknown(node.start, node.end)
        name = Name(variable.text, node.start, node.end)
        operator = node.child("operator")
        if operator is not None and operator.text in (":-", "-"):
            others = [self.at(child) for child in node.named if child.start >= operator.end]
            return Choice((name, *others), node.start, node.end)
        return name

    def read_heredoc_body(self, node: Node) -> Expression:
        start = node.parent.first("heredoc_start") if node.parent else None
        if start is not None and start.text[:1] in "'\"\\":
            return String(
                tuple(plain(self.program.code, node.start, node.end)), node.start, node.end
            )
        return self.template(node, node.start, node.end, _HOLES, self._in_heredoc)

    def _in_heredoc(self, start: int, end: int) -> list[Piece]:
        return unescaped(self.program.code, start, end, _IN_HEREDOC, _decode)

    def read_heredoc_redirect(self, node: Node) -> Expression:
        return self.at(node.first("heredoc_body"))

    def read_herestring_redirect(self, node: Node) -> Expression:
        return self.inner(node)

    def read_redirected_statement(self, node: Node) -> Expression:
        body = node.child("body")
        for redirect in node.all("heredoc_redirect", "herestring_redirect"):
            if body is not None:
                last = body.named[-1] if body.type == "pipeline" and body.named else body
                self._stdin[last.start] = self.at(redirect)
            # What stands behind a heredoc's word belongs to the command before it.
            for command in redirect.all("command", "pipeline"):
                first = command.named[0] if command.type == "pipeline" else command
                if body is not None:
                    self._stdin[first.start] = self._output(self.at(body))
        return self._output(self.at(body)) if body is not None else Unknown(node.start, node.end)

    def read_command_substitution(self, node: Node) -> Expression:
        inner = node.named
        return self._output(self.at(inner[0])) if inner else Unknown(node.start, node.end)

    def read_pipeline(self, node: Node) -> Expression:
        commands = node.named
        for before, after in pairwise(commands):
            start = after.start
            if after.type == "redirected_statement" and after.child("body") is not None:
                start = after.children[0].start
            self._stdin[start] = self._output(self.at(before))
        return self.at(commands[-1]) if commands else Unknown(node.start, node.end)

    def _output(self, command: Expression) -> Expression:
        """What a command writes, where that is plain: `cat`, `echo` and `printf`."""
        if not isinstance(command, Call):
            return command
        name = dotted(command.function)
        if name == "cat" and not command.arguments:
            return self._stdin.get(command.start, command)
        if name in ("echo", "printf") and command.arguments:
            return command.arguments[-1].value
        return command

    def read_command(self, node: Node) -> Expression:
        name = node.child("name")
        label = name.text if name else ""
        words = [child for child in node.children if child.field == "argument"]
        given = tuple(Given("", self.at(word), word.start, word.end) for word in words)
        function = Name(label, name.start if name else node.start, name.end if name else node.start)
        redirect = node.first("herestring_redirect", "heredoc_redirect")
        if redirect is not None:
            self._stdin[node.start] = self.at(redirect)
        return Call(function, given, node.start, node.end)

    def read_variable_assignment(self, node: Node) -> Expression:
        name, value = node.child("name"), node.child("value")
        if name is not None and value is not None:
            self.assign(Name(name.text, name.start, name.end), self.at(value), node.end)
        return Unknown(node.start, node.end)

    def is_env(self, name: str) -> bool:
        return bool(re.fullmatch(r"[A-Za-z_]\w*", name))

    def name_span(self, name: Name) -> tuple[int, int]:
        start = self.program.code.find(name.name, name.start, name.end)
        return start, start + len(name.name)

    # curl's command line

    def calls(self, reading: Reading) -> None:
        for call in reading.program.calls:
            if dotted(call.function).rpartition("/")[2] in ("curl", "curl.exe"):
                self._curl(reading, call)
                return

    def _curl(self, reading: Reading, call: Call) -> None:
        reading.client = "http"
        words = list(call.arguments)
        data: list[Expression] = []
        while words:
            word = words.pop(0)
            found = reading.value(word.value)
            text = str(found.value) if isinstance(found, Scalar) else ""
            if not text.startswith("-") or text == "-":
                reading.set_url(reading.value(word.value))
                continue
            option, value = self._option(text, word.value)
            if option in _TAKE_VALUE and value is None and words:
                value = words.pop(0).value
            if value is None:
                continue
            if option == "request":
                reading.set_method(reading.value(value))
            elif option == "header":
                reading.header_line(reading.value(value))
            elif option == "oauth2-bearer":
                bearer = Piece("Bearer ", value.start, value.start)
                line = String((bearer, value), value.start, value.end)
                reading.header("Authorization", reading.value(line))
            elif option == "url":
                reading.set_url(reading.value(value))
            elif option in _DATA:
                data.append(value)
        if data:
            reading.set_method(text_at("POST", call.start, call.function.end))
        for value in data:
            file = reading.evaluator.text(value)
            source = self._stdin.get(call.start) if file in ("@-", "@/dev/stdin") else value
            reading.body(reading.value(source))

    def _option(self, text: str, word: Expression) -> tuple[str, Expression | None]:
        """The long name of an option, and its value where that stands in the same word."""
        if text.startswith("--"):
            return text[2:], None
        for at, letter in enumerate(text[1:], 1):
            if letter not in _LONG:
                continue
            if at + 1 == len(text):
                return _LONG[letter], None
            return _LONG[letter], self._rest(word, at + 1)
        return text, None

    def _rest(self, word: Expression, count: int) -> Expression:
        """A word without its first characters, as in `-XPOST`."""
        if not isinstance(word, String):
            return word
        parts: list[Piece | Expression] = []
        for part in word.parts:
            if count and isinstance(part, Piece):
                cut = min(count, len(part.text))
                count -= cut
                if cut < len(part.text):
                    parts.append(Piece(part.text[cut:], part.start + cut, part.end))
            elif count and isinstance(part, String):
                inner = self._rest(part, count)
                count -= min(count, sum(len(p.text) for p in part.parts if isinstance(p, Piece)))
                parts.append(inner)
            else:
                parts.append(part)
        return String(tuple(parts), word.start, word.end)


LANGUAGE = Curl
