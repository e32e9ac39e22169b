"""Go, with the official `openai-go` and the community's `go-openai`, `net/http` and resty."""

from __future__ import annotations

import re
from dataclasses import replace

from samplegen.languages.go.calls import key_of, made, read_calls, typed
from samplegen.readback.dialect import Dialect
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import (
    Array,
    Call,
    Expression,
    Field,
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
from samplegen.readback.literals import backslash, plain, unescaped
from samplegen.readback.model import Named
from samplegen.readback.reading import Readings, text_at
from samplegen.readback.tree import Node
from samplegen.readback.values import Evaluated, Record

# The Go specification, "Rune literals" and "String literals".
_ESCAPE = backslash("abfnrtv", octal=True)
_TAG = re.compile(r'json:"([^",]*)')
_TYPE = re.compile(r"(?:\[[^\]]*\]|\*|map\[[^\]]*\])")
_ROLE = re.compile(r"ChatMessageRole(System|User|Assistant)$")
_MESSAGE = re.compile(r"(System|User|Assistant|Developer)Message$")
_DEEPEST = 40


class Go(Dialect):
    """Nodes are those of tree-sitter-go."""

    grammar = ("tree_sitter_go", "language")
    selves = frozenset()
    keys_are_variables = True
    env_calls = frozenset({"os.Getenv", "os.LookupEnv"})
    opens = frozenset({"ReadFile"})
    encodes = frozenset({"EncodeToString"})
    transparent = frozenset({
        "Marshal", "MarshalIndent", "NewBuffer", "NewReader", "NewBufferString", "F", "String",
        "Int", "Float", "Bool", "NewOpt", "ChatModel", "string", "RawMessage", "Raw", "Ptr",
        "TrimSpace", "NopCloser", "Number",
    })  # fmt: skip
    transparent_methods = frozenset({"String", "Bytes"})
    formats = frozenset({"Sprintf"})

    def __init__(self) -> None:
        super().__init__()
        self._returned: dict[int, list[Expression]] = {}

    # Expressions

    def read_interpreted_string_literal(self, node: Node) -> Expression:
        start, end = node.start + 1, max(node.end - 1, node.start + 1)
        pieces = unescaped(self.program.code, start, end, *_ESCAPE)
        return String(tuple(pieces), node.start, node.end)

    def read_raw_string_literal(self, node: Node) -> Expression:
        start, end = node.start + 1, max(node.end - 1, node.start + 1)
        return String(tuple(plain(self.program.code, start, end)), node.start, node.end)

    def read_int_literal(self, node: Node) -> Expression:
        return self.number(node)

    read_float_literal = read_int_literal

    def read_true(self, node: Node) -> Expression:
        return Literal(True, node.start, node.end)

    def read_false(self, node: Node) -> Expression:
        return Literal(False, node.start, node.end)

    def read_nil(self, node: Node) -> Expression:
        return Literal(None, node.start, node.end)

    def read_unary_expression(self, node: Node) -> Expression:
        return self.negated(node, self.at(node.child("operand")))

    def read_identifier(self, node: Node) -> Expression:
        return Name(node.text, node.start, node.end)

    read_type_identifier = read_identifier
    read_field_identifier = read_identifier

    def read_selector_expression(self, node: Node) -> Expression:
        name = node.child("field")
        inner = self.at(node.child("operand"))
        return Member(inner, name.text if name else "", node.start, node.end)

    def read_index_expression(self, node: Node) -> Expression:
        inner, key = self.at(node.child("operand")), self.at(node.child("index"))
        return Index(inner, key, node.start, node.end)

    def read_binary_expression(self, node: Node) -> Expression:
        return self.concatenation(node, "+")

    def read_parenthesized_expression(self, node: Node) -> Expression:
        return self.inner(node)

    read_literal_element = read_parenthesized_expression

    def read_type_conversion_expression(self, node: Node) -> Expression:
        return self.at(node.child("operand"))

    def read_composite_literal(self, node: Node) -> Expression:
        body = self.at(node.child("body"))
        if isinstance(body, Object | Array):
            return replace(body, start=node.start)
        return body

    def read_literal_value(self, node: Node) -> Expression:
        of = self._type(node)
        name = re.sub(r"^[*&]+", "", of).rpartition(".")[2]
        is_map, is_list = of.startswith("map["), of.startswith("[")
        elements = node.named
        if is_map or ((elements and elements[0].type == "keyed_element") and not is_list):
            entries: list[tuple[Expression | None, Expression]] = []
            for element in elements:
                key, value = element.child("key"), element.child("value")
                if key is not None and value is not None:
                    entries.append((self.at(key), self.at(value)))
            label = "" if is_map else name or "struct"
            return Object(tuple(entries), node.start, node.end, label)
        items = tuple(self.at(element) for element in elements)
        if not elements and not is_list:
            return Object((), node.start, node.end, name)
        return Array(items, node.start, node.end, "" if is_list else name)

    def _type(self, node: Node) -> str:
        """The type of a literal; where it is left out, it follows from those around it."""
        depth = 0
        above: Node | None = node
        while above is not None and depth < _DEEPEST:
            above = above.parent
            if above is not None and above.type == "composite_literal":
                of = above.child("type")
                text = of.text if of else ""
                for _ in range(depth):
                    text = _TYPE.sub("", text, count=1)
                return text
            if above is not None and above.type == "literal_value":
                depth += 1
        return ""

    def read_call_expression(self, node: Node) -> Expression:
        arguments = self.arguments(node.child("arguments"))
        return Call(self.at(node.child("function")), arguments, node.start, node.end)

    def read_variadic_argument(self, node: Node) -> Expression:
        return Spread(self.inner(node), node.start, node.end)

    # Statements

    def read_short_var_declaration(self, node: Node) -> Expression:
        left, right = node.child("left"), node.child("right")
        if left is None or right is None:
            return Unknown(node.start, node.end)
        targets, values = left.named, right.named
        operator = node.child("operator")
        if operator is not None and operator.text == "+=" and len(targets) == len(values) == 1:
            self.put_behind(self.at(targets[0]), self.at(values[0]))
            return Unknown(node.start, node.end)
        for target, value in zip(targets, values, strict=False):
            self.assign(self.at(target), self.at(value), node.end)
        return Unknown(node.start, node.end)

    read_assignment_statement = read_short_var_declaration

    def read_const_spec(self, node: Node) -> Expression:
        names = [child for child in node.children if child.field == "name" and child.is_named]
        listed = node.child("value")
        for name, value in zip(names, listed.named if listed else [], strict=False):
            self.assign(self.at(name), self.at(value), node.end)
        return Unknown(node.start, node.end)

    read_var_spec = read_const_spec

    def read_import_spec(self, node: Node) -> Expression:
        path = node.child("path")
        if path is not None:
            name = Named(path.text[1:-1], path.start + 1, path.end - 1)
            self.program.imports.append(name)
        return Unknown(node.start, node.end)

    def read_type_spec(self, node: Node) -> Expression:
        name, of = node.child("name"), node.child("type")
        fields = of.first("field_declaration_list") if of and of.type == "struct_type" else None
        if name is None or fields is None:
            return Unknown(node.start, node.end)
        found: list[Field] = []
        for field in fields.all("field_declaration"):
            tag = field.child("tag")
            match = _TAG.search(tag.text if tag else "")
            key = match[1] if match else ""
            found += [Field(one.text, key or one.text) for one in field.all("field_identifier")]
        self.program.types[name.text] = found
        return Unknown(node.start, node.end)

    def read_function_declaration(self, node: Node) -> Expression:
        name, listed = node.child("name"), node.child("parameters")
        parameters: list[tuple[str, Expression | None]] = []
        for child in listed.named if listed else []:
            parameters += [(one.text, None) for one in child.children if one.type == "identifier"]
        returns = self._returned.pop(node.start, [])
        self.function(node, name.text if name else "", parameters, returns)
        return Unknown(node.start, node.end)

    read_method_declaration = read_function_declaration
    read_func_literal = read_function_declaration

    def read_for_statement(self, node: Node) -> Expression:
        clause = node.first("range_clause")
        self.loop(
            node,
            clause.child("left") if clause else None,
            clause.child("right") if clause else None,
        )
        return Unknown(node.start, node.end)

    def read_return_statement(self, node: Node) -> Expression:
        function = node.above("function_declaration", "method_declaration", "func_literal")
        values = node.named[0].named if node.named else []
        if function is not None and values:
            self._returned.setdefault(function.start, []).append(self.at(values[0]))
        return Unknown(node.start, node.end)

    # Meanings

    def constant(self, name: str) -> str | None:
        role = _ROLE.search(name)
        if role is not None:
            return role[1].lower()
        return "POST" if name == "http.MethodPost" else None

    def key(self, name: str, type: str) -> str:
        return key_of(name, type) or name

    def typed(self, record: Record, type: str) -> Evaluated:
        return typed(record, type)

    def is_container(self, call: Call) -> bool:
        return dotted(call.function) == "make"

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        values = [given.value for given in call.arguments]
        found = made(evaluator, call, name)
        if found is not None:
            return found
        role = _MESSAGE.search(name)
        if role is not None and values and "." in name:
            content = evaluator.value(values[0])
            start = call.function.end - len(role[0])
            said: dict[str, Evaluated] = {
                "role": text_at(role[1].lower(), start, call.function.end)
            }
            if content is not None:
                said["content"] = content
            return Record(said, call.start, call.end)
        if name == "append" and values:
            first = Spread(values[0], values[0].start, values[0].end)
            return evaluator.value(Array((first, *values[1:]), call.start, call.end))
        if name == "json.Number" and values:
            text = evaluator.text(values[0])
            if text is not None and re.fullmatch(r"-?[0-9.eE+-]{1,40}", text):
                return evaluator.parsed(evaluator.value(values[0]))
        return None

    def calls(self, readings: Readings) -> None:
        read_calls(readings)


LANGUAGE = Go
