"""PHP, with the curl extension, streams, Guzzle and `openai-php/client`."""

from __future__ import annotations

import re

from samplegen.languages.php.calls import read_calls
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import Dialect
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import (
    Array,
    Call,
    Choice,
    Either,
    Expression,
    Given,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    String,
    Unknown,
    dotted,
)
from samplegen.readback.literals import backslash, lines_without, plain, unescaped
from samplegen.readback.reading import Readings
from samplegen.readback.tree import Node
from samplegen.readback.values import Evaluated, Items, Scalar

# The PHP manual, "Strings": a backslash before any other character stays.
_SINGLE = re.compile(r"\\([\\'])")
_ESCAPE_PATTERN = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|(?!)()|(?!)()|u\{([0-9A-Fa-f]+)\}|([0-7]{1,3})|([nrtvef\\$\"]))"
)
_DECODE = backslash("nrtvef", octal=True)[1]
_HOLES = (
    "variable_name",
    "subscript_expression",
    "member_access_expression",
    "nullsafe_member_access_expression",
    "dynamic_variable_name",
    "member_call_expression",
)
_FUNCTIONS = ("function_definition", "method_declaration", "anonymous_function", "arrow_function")


class Php(Dialect):
    """Nodes are those of tree-sitter-php. A variable's name has its `$`."""

    grammar = ("tree_sitter_php", "language_php")
    selves = frozenset({"$this", "self", "static"})
    env_calls = frozenset({"getenv", "env"})
    opens = frozenset({"file_get_contents"})
    encodes = frozenset({"base64_encode"})
    transparent = frozenset({"json_encode", "trim", "strval", "utf8_encode", "rtrim"})
    json_parsers = frozenset({"json_decode"})
    formats = frozenset({"sprintf"})

    @classmethod
    def grammars_of(cls, code: str) -> tuple[tuple[str, str], ...]:
        # A page may show a part of a program, without the tag that opens PHP.
        return (cls.grammar if "<?" in code else ("tree_sitter_php", "language_php_only"),)

    def __init__(self) -> None:
        super().__init__()
        self._returned: dict[int, list[Expression]] = {}

    # Expressions

    def _double(self, start: int, end: int) -> list[Piece]:
        return unescaped(self.program.code, start, end, _ESCAPE_PATTERN, _DECODE)

    def read_string(self, node: Node) -> Expression:
        start = node.start + 1
        end = max(node.end - 1, start)
        pieces = unescaped(self.program.code, start, end, _SINGLE, lambda match: match[1])
        return String(tuple(pieces), node.start, node.end)

    def read_encapsed_string(self, node: Node) -> Expression:
        return self._with_holes(node, node, node.start + 1, node.end - 1, self._double)

    def _with_holes(
        self, node: Node, inside: Node, start: int, end: int, pieces: object
    ) -> Expression:
        """A text with variables in it, each perhaps in braces, which are no part of the text."""
        read = pieces
        assert callable(read)
        parts: list[Piece | Expression] = []
        at = start
        for hole in inside.all(*_HOLES):
            code = self.program.code
            braced = code[hole.start - 1 : hole.start] == "{" and hole.start - 1 >= at
            parts += read(at, hole.start - braced)
            parts.append(self.at(hole))
            at = hole.end + (1 if braced and code[hole.end : hole.end + 1] == "}" else 0)
        parts += read(at, end)
        return String(tuple(parts), node.start, node.end)

    def read_heredoc(self, node: Node) -> Expression:
        body, end = node.child("value"), node.child("end_tag")
        if body is None:
            return String((), node.start, node.end)
        code = self.program.code
        start = code.find("\n", node.start, node.end) + 1 or body.start
        stop = code.rfind("\n", start, end.start) if end else body.end
        stop = max(stop, start)
        # The manual: the indentation of the closing word is taken from every line.
        line_start = code.rfind("\n", 0, end.start) + 1 if end else 0
        indent = end.start - line_start if end else 0

        def pieces(first: int, last: int) -> list[Piece]:
            found: list[Piece] = []
            for line, line_end in lines_without(code, first, last, 0):
                shown = line
                if indent and (line == start or code[line - 1] == "\n"):
                    blank = code[line:line_end]
                    shown += min(indent, len(blank) - len(blank.lstrip(" \t")))
                if node.type == "nowdoc":
                    found += plain(code, shown, line_end)
                else:
                    found += self._double(shown, line_end)
            return found

        return self._with_holes(node, body, start, stop, pieces)

    read_nowdoc = read_heredoc

    def read_integer(self, node: Node) -> Expression:
        return self.number(node)

    read_float = read_integer

    def read_boolean(self, node: Node) -> Expression:
        return Literal(node.text.lower() == "true", node.start, node.end)

    def read_null(self, node: Node) -> Expression:
        return Literal(None, node.start, node.end)

    def read_unary_op_expression(self, node: Node) -> Expression:
        return self.negated(node, self.at(node.child("argument")))

    def read_variable_name(self, node: Node) -> Expression:
        return Name(node.text, node.start, node.end)

    read_name = read_variable_name
    read_relative_scope = read_variable_name
    read_qualified_name = read_variable_name

    def read_member_access_expression(self, node: Node) -> Expression:
        name = node.child("name")
        inner = self.at(node.child("object"))
        return Member(inner, name.text if name else "", node.start, node.end)

    read_nullsafe_member_access_expression = read_member_access_expression

    def read_class_constant_access_expression(self, node: Node) -> Expression:
        named = node.named
        if len(named) < 2:
            return Unknown(node.start, node.end)
        return Member(self.at(named[0]), named[-1].text, node.start, node.end)

    def read_subscript_expression(self, node: Node) -> Expression:
        named = node.named
        if not named:
            return Unknown(node.start, node.end)
        key: Expression | None = None
        if len(named) > 1:
            key = self.at(named[1])
            if named[1].type == "name":
                # In a text, "$a[key]" has the key without quotes.
                pieces = plain(self.program.code, named[1].start, named[1].end)
                key = String(tuple(pieces), named[1].start, named[1].end)
        return Index(self.at(named[0]), key, node.start, node.end)

    def read_array_creation_expression(self, node: Node) -> Expression:
        items: list[Expression] = []
        entries: list[tuple[Expression | None, Expression]] = []
        for element in node.all("array_element_initializer"):
            named = element.named
            if len(named) == 2:
                entries.append((self.at(named[0]), self.at(named[1])))
            elif named and named[0].type == "variadic_unpacking":
                inner = self.inner(named[0])
                entries.append((None, inner))
                items.append(Spread(inner, element.start, element.end))
            elif named:
                items.append(self.at(named[0]))
        is_object = any(key is not None for key, _ in entries)
        if is_object:
            return Object(tuple(entries), node.start, node.end)
        return Array(tuple(items), node.start, node.end)

    def read_cast_expression(self, node: Node) -> Expression:
        value, of = self.at(node.child("value")), node.child("type")
        if of is not None and of.text == "object" and isinstance(value, Array) and not value.items:
            return Object((), node.start, node.end)
        return value

    def read_binary_expression(self, node: Node) -> Expression:
        left, operator = node.child("left"), node.child("operator")
        if left is not None and operator is not None and operator.text == "??":
            self.program.defaulted.append((left.start, left.end))
        return self.concatenation(node, ".")

    def read_conditional_expression(self, node: Node) -> Expression:
        body = node.child("body") or node.child("condition")
        options = (self.at(body), self.at(node.child("alternative")))
        if node.child("body") is None:
            # `a ?: b`
            return Choice(options, node.start, node.end)
        return Either(self.at(node.child("condition")), options, node.start, node.end)

    def read_parenthesized_expression(self, node: Node) -> Expression:
        return self.inner(node)

    def given(self, node: Node) -> Given:
        name = node.child("name")
        named = node.named
        value = self.at(named[-1]) if named else Unknown(node.start, node.end)
        return Given(name.text if name else "", value, node.start, node.end)

    def read_function_call_expression(self, node: Node) -> Expression:
        called, given = node.child("function"), node.child("arguments")
        if called is not None and given is not None and called.text in ("isset", "empty"):
            self.program.defaulted.append((given.start, given.end))
        arguments = self.arguments(node.child("arguments"))
        return Call(self.at(node.child("function")), arguments, node.start, node.end)

    def read_member_call_expression(self, node: Node) -> Expression:
        name, holder = node.child("name"), node.child("object") or node.child("scope")
        end = name.end if name else node.end
        function = Member(self.at(holder), name.text if name else "", node.start, end)
        return Call(function, self.arguments(node.child("arguments")), node.start, node.end)

    read_scoped_call_expression = read_member_call_expression
    read_nullsafe_member_call_expression = read_member_call_expression

    def read_object_creation_expression(self, node: Node) -> Expression:
        name = node.first("name", "qualified_name")
        arguments = self.arguments(node.first("arguments"))
        if name is None:
            return Unknown(node.start, node.end)
        last = name.text.rpartition("\\")[2]
        if last.lower() == "stdclass":
            return Object((), node.start, node.end)
        function = Name(last, name.end - len(last), name.end)
        return Call(function, arguments, node.start, node.end, is_new=True)

    # Statements

    def read_assignment_expression(self, node: Node) -> Expression:
        value = self.at(node.child("right"))
        self.assign(self.at(node.child("left")), value, node.end)
        return value

    def read_const_element(self, node: Node) -> Expression:
        named = node.named
        if len(named) == 2:
            self.assign(self.at(named[0]), self.at(named[1]), node.end)
        return Unknown(node.start, node.end)

    def read_property_element(self, node: Node) -> Expression:
        name, value = node.child("name"), node.child("default_value")
        if name is not None and value is not None:
            label = Name(name.text.removeprefix("$"), name.start, name.end)
            self.assign(label, self.at(value), node.end)
        return Unknown(node.start, node.end)

    def called(self, call: Call) -> None:
        super().called(call)
        if dotted(call.function) == "define" and len(call.arguments) == 2:
            first, value = (given.value for given in call.arguments)
            if isinstance(first, String) and len(first.parts) == 1:
                part = first.parts[0]
                if isinstance(part, Piece):
                    self.assign(Name(part.text, part.start, part.end), value, call.start)

    def read_namespace_use_clause(self, node: Node) -> Expression:
        name = node.first("qualified_name", "name")
        if name is not None:
            self.imported(name.text, name)
        return Unknown(node.start, node.end)

    def read_require_once_expression(self, node: Node) -> Expression:
        self.imported(node.text, node)
        return Unknown(node.start, node.end)

    read_require_expression = read_require_once_expression

    def read_function_definition(self, node: Node) -> Expression:
        name, listed = node.child("name"), node.child("parameters")
        parameters: list[tuple[str, Expression | None]] = []
        for child in listed.named if listed else []:
            label, default = child.child("name"), child.child("default_value")
            parameters.append((label.text if label else "", self.at(default) if default else None))
        returns = self._returned.pop(node.start, [])
        self.function(node, name.text if name else "", parameters, returns)
        return Unknown(node.start, node.end)

    read_method_declaration = read_function_definition

    def read_foreach_statement(self, node: Node) -> Expression:
        named = node.named
        self.loop(node, named[1] if len(named) > 1 else None, named[0] if named else None)
        return Unknown(node.start, node.end)

    def read_for_statement(self, node: Node) -> Expression:
        self.loop(node, None, None)
        return Unknown(node.start, node.end)

    read_while_statement = read_for_statement

    def read_try_statement(self, node: Node) -> Expression:
        return self.attempt(node)

    def read_augmented_assignment_expression(self, node: Node) -> Expression:
        self.grow(node, ".=")
        return Unknown(node.start, node.end)

    def read_return_statement(self, node: Node) -> Expression:
        function = node.above(*_FUNCTIONS)
        if function is not None and node.named:
            self._returned.setdefault(function.start, []).append(self.inner(node))
        return Unknown(node.start, node.end)

    # Meanings

    def env_index(self, index: Index) -> bool:
        return dotted(index.object) in ("$_ENV", "$_SERVER")

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        if name == "array_merge":
            entries = tuple((None, given.value) for given in call.arguments)
            return evaluator.value(Object(entries, call.start, call.end))
        if name in ("implode", "join") and len(call.arguments) == 2:
            between = evaluator.value(call.arguments[0].value)
            items = evaluator.value(call.arguments[1].value)
            if isinstance(items, Items) and isinstance(between, Scalar):
                return items
        return None

    def calls(self, readings: Readings) -> None:
        read_calls(readings)


LANGUAGE = Php
