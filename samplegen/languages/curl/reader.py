"""curl, called from a POSIX shell or bash."""

from __future__ import annotations

import re
from itertools import pairwise

from samplegen.languages.curl.calls import read_calls
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import Dialect
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import (
    Array,
    Call,
    Choice,
    Expression,
    Given,
    Name,
    Program,
    String,
    Unknown,
    dotted,
)
from samplegen.readback.literals import backslash, plain, unescaped
from samplegen.readback.model import BASE64
from samplegen.readback.reading import Readings, text_at
from samplegen.readback.tree import Node, Tree
from samplegen.readback.values import Evaluated, Opaque

# POSIX, Shell Command Language, sections 2.2.1 and 2.2.3: what a backslash quotes
# outside of quotes, and within double ones.
_BARE = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_QUOTED = re.compile(r"\\([$`\"\\]|\r?\n)")
# Section 2.7.4: in a here-document a double quote is as any other character.
_IN_HEREDOC = re.compile(r"\\([$`\\]|\r?\n)")
_ANSI = backslash("abefnrtv", octal=True)
_HOLES = ("simple_expansion", "expansion", "command_substitution", "arithmetic_expansion")

# What stands in a shell's text for something else: a note, texts, what a backslash quotes.
_WORDS = re.compile(
    r"""(?xs)
    (?<![^\s;&|(])\#[^\n]*
    | \$'(?:\\.|[^'\\])*' | '[^']*' | "(?:\\.|[^"\\])*" | \\.
    | (?P<quoted>\u201c[^\u201d"]*\u201d|\u201d[^\u201d"]*\u201d|[\u2018\u2019][^\u2019']*\u2019)
    | (?P<dash>(?<=\s)[\u2010-\u2014\u2212](?=[-\w\u2010-\u2014\u2212]))
    | (?P<blank>[\u00a0\u2007\u202f\u3000])
    | (?P<continued>[\^`](?=[ \t]*\n))
    """
)
_ODD = re.compile(
    "[\u201c\u201d\u2018\u2019\u2010-\u2014\u2212\u00a0\u2007\u202f\u3000]|[\\^`][ \\t]*\\n"
)


def _straight(match: re.Match[str]) -> str:
    text = match[0]
    if match.lastgroup == "quoted":
        return f'"{text[1:-1]}"' if text[0] in "\u201c\u201d" else f"'{text[1:-1]}'"
    if match.lastgroup is None:
        return text
    return {"dash": "-", "blank": " ", "continued": "\\"}[match.lastgroup]


def _decode(match: re.Match[str]) -> str:
    return "" if match[1] in ("\n", "\r\n") else match[1]


class Curl(Dialect):
    """Nodes are those of tree-sitter-bash. A command is a call with its words as arguments."""

    grammar = ("tree_sitter_bash", "language")

    @classmethod
    def plain(cls, code: str) -> str:
        # What a word processor, a browser or another shell left is read as what it stands for.
        return _WORDS.sub(_straight, code) if _ODD.search(code) else code

    def read(self, tree: Tree, code: str) -> Program:
        program = super().read(tree, code)
        if _ODD.search(code):
            odd = (one.span() for one in _WORDS.finditer(code) if one.lastgroup)
            program.broken = sorted({*program.broken, *odd})
        return program

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
        subscript = node.first("subscript")
        if subscript is not None and "".join(one.text for one in subscript.named[1:]) == "@":
            return Name(subscript.named[0].text, node.start, node.end)
        variable = node.first("variable_name")
        if variable is None:
            return Unknown(node.start, node.end)
        name = Name(variable.text, node.start, node.end)
        operator = node.child("operator")
        if operator is not None and operator.text in (":-", "-"):
            others = [self.at(child) for child in node.named if child.start >= operator.end]
            return Choice((name, *others), node.start, node.end)
        return name

    def read_array(self, node: Node) -> Expression:
        return Array(tuple(self.at(child) for child in node.named), node.start, node.end)

    def read_file_redirect(self, node: Node) -> Expression:
        """What a command reads from a file, as `cat` would give it."""
        path = node.child("destination")
        if path is None or not node.text.startswith("<"):
            return Unknown(node.start, node.end)
        given = Given("", self.at(path), path.start, path.end)
        return Call(Name("cat", node.start, node.start), (given,), node.start, node.end)

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
        for redirect in node.all("heredoc_redirect", "herestring_redirect", "file_redirect"):
            if redirect.type == "file_redirect" and not redirect.text.startswith("<"):
                continue
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

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        """`cat body.json`: what is in a file; `base64 -w 0 photo.jpg`: its bytes."""
        if name == "cat" and len(call.arguments) == 1:
            path = evaluator.text(call.arguments[0].value)
            content = evaluator.content(path) if path is not None else None
            return text_at(content, call.start, call.end) if content is not None else None
        if name != "base64":
            return None
        words = [evaluator.text(given.value) for given in call.arguments]
        # GNU's and macOS's ways to have it on one line, and macOS's to name the file.
        paths = [one for one in words if one not in ("-w", "-w0", "0", "--wrap=0", "-b", "-i")]
        if len(paths) != 1 or paths[0] is None or paths[0].startswith("-"):
            return None
        return Opaque(None, call.start, call.end, BASE64 + paths[0])

    def is_env(self, name: str) -> bool:
        return bool(re.fullmatch(r"[A-Za-z_]\w*", name))

    def name_span(self, name: Name) -> tuple[int, int]:
        start = self.program.code.find(name.name, name.start, name.end)
        return start, start + len(name.name)

    def calls(self, readings: Readings) -> None:
        read_calls(readings, self._stdin)


LANGUAGE = Curl
