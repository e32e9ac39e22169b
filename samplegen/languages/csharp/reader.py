"""C#, with the package `OpenAI`, `HttpClient` and RestSharp."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from samplegen.languages.csharp.calls import made, read_calls
from samplegen.model.frozen import Json
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import Dialect, snake
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import (
    Array,
    Call,
    Either,
    Expression,
    Field,
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
from samplegen.readback.values import Evaluated

# The C# specification, section 6.4.5.6, "String literals".
_ESCAPE = backslash("abfnrtv0e")
_Raw = Callable[[int, int], list[Piece]]
_OBJECTS = re.compile(r"(Dictionary|JObject|JsonObject|ExpandoObject)$")
_LISTS = re.compile(r"(List|JArray|JsonArray)$")


# What a program of one file tells `dotnet run`: `#:package OpenAI@2.*`, `#!/usr/bin/env dotnet`.
_DIRECTIVE = re.compile(r"^#[:!].*$", re.MULTILINE)


class CSharp(Dialect):
    """Nodes are those of tree-sitter-c-sharp."""

    grammar = ("tree_sitter_c_sharp", "language")

    @classmethod
    def plain(cls, code: str) -> str:
        return _DIRECTIVE.sub(lambda line: " " * len(line[0]), code)

    selves = frozenset({"this"})
    opens = frozenset({"ReadAllBytes", "ReadAllBytesAsync"})
    encodes = frozenset({"ToBase64String"})
    env_calls = frozenset({
        "Environment.GetEnvironmentVariable",
        "System.Environment.GetEnvironmentVariable",
    })  # fmt: skip
    transparent = frozenset({
        "Serialize", "SerializeObject", "Uri", "ApiKeyCredential", "Create", "FromObject",
        "SerializeToUtf8Bytes", "GetBytes", "StringContent", "ByteArrayContent", "FromString",
    })  # fmt: skip
    transparent_methods = frozenset({
        "ToString", "Trim", "ToJsonString", "ToArray", "ToList", "TrimEnd",
    })  # fmt: skip
    json_parsers = frozenset({"Parse", "Deserialize"})
    formats = frozenset({"Format"})
    appending = frozenset({"Add"})
    extending = frozenset({"AddRange"})
    goes_over_items = True
    putting = frozenset({"Add", "TryAdd"})

    def __init__(self) -> None:
        super().__init__()
        self._returned: dict[int, list[Expression]] = {}

    # Expressions

    def _escaped(self, start: int, end: int) -> list[Piece]:
        return unescaped(self.program.code, start, end, *_ESCAPE)

    def read_string_literal(self, node: Node) -> Expression:
        pieces = self._escaped(node.start + 1, max(node.end - 1, node.start + 1))
        return String(tuple(pieces), node.start, node.end)

    def read_verbatim_string_literal(self, node: Node) -> Expression:
        pieces = self._verbatim(node.start + 2, max(node.end - 1, node.start + 2))
        return String(tuple(pieces), node.start, node.end)

    def _verbatim(self, start: int, end: int) -> list[Piece]:
        pattern = re.compile('""')
        return unescaped(self.program.code, start, end, pattern, lambda _: '"')

    def read_raw_string_literal(self, node: Node) -> Expression:
        opening, closing = node.first("raw_string_start"), node.first("raw_string_end")
        if opening is None or closing is None:
            return Unknown(node.start, node.end)
        pieces = self._raw(opening.end, closing.start)(opening.end, closing.start)
        return String(tuple(pieces), node.start, node.end)

    def _raw(self, start: int, end: int) -> _Raw:
        """How a raw string is read: C# 11, "Raw string literals"."""
        code = self.program.code
        if "\n" not in code[start:end]:
            return lambda first, last: plain(code, first, last)
        first_line = code.find("\n", start) + 1
        last_line = code.rfind("\n", start, end)
        indent = end - last_line - 1

        def pieces(first: int, last: int) -> list[Piece]:
            found: list[Piece] = []
            first, last = max(first, first_line), min(last, last_line)
            for line, line_end in lines_without(code, first, last, 0):
                shown = line
                if line == first_line or code[line - 1] == "\n":
                    blank = code[line:line_end]
                    shown += min(indent, len(blank) - len(blank.lstrip(" \t")))
                found += plain(code, shown, line_end)
            return found

        return pieces

    def read_interpolated_string_expression(self, node: Node) -> Expression:
        opening = node.first("interpolation_start")
        if opening is None:
            return Unknown(node.start, node.end)
        quotes = node.all("interpolation_quote")
        start = quotes[0].end if quotes else opening.end + 1
        end = quotes[-1].start if len(quotes) > 1 else max(node.end - 1, start)
        code = self.program.code

        def pieces(first: int, last: int) -> list[Piece]:
            if "@" in opening.text:
                both = re.compile(r'""|\{\{|\}\}')
                return unescaped(code, first, last, both, lambda match: match[0][0])
            pattern = re.compile(r"\{\{|\}\}|" + _ESCAPE[0].pattern, re.DOTALL)
            return unescaped(
                code,
                first,
                last,
                pattern,
                lambda match: match[0][0] if match[0][0] in "{}" else _ESCAPE[1](match),
            )

        read = self._raw(start, end) if quotes else pieces
        return self.template(node, start, end, ["interpolation"], read)

    def read_interpolation(self, node: Node) -> Expression:
        if node.first("interpolation_alignment_clause"):
            return Unknown(node.start, node.end)
        inner = [child for child in node.named if not child.type.startswith("interpolation_")]
        return self.at(inner[0]) if inner else Unknown(node.start, node.end)

    def read_integer_literal(self, node: Node) -> Expression:
        return self.number(node)

    read_real_literal = read_integer_literal

    def read_boolean_literal(self, node: Node) -> Expression:
        return Literal(node.text == "true", node.start, node.end)

    def read_null_literal(self, node: Node) -> Expression:
        return Literal(None, node.start, node.end)

    def read_prefix_unary_expression(self, node: Node) -> Expression:
        return self.negated(node, self.inner(node))

    def read_identifier(self, node: Node) -> Expression:
        return Name(node.text.removeprefix("@"), node.start, node.end)

    read_this = read_identifier

    def read_generic_name(self, node: Node) -> Expression:
        return self.at(node.named[0]) if node.named else Unknown(node.start, node.end)

    def read_qualified_name(self, node: Node) -> Expression:
        name = node.child("name")
        inner = self.at(node.child("qualifier"))
        label = self.at(name)
        text = label.name if isinstance(label, Name) else ""
        return Member(inner, text, node.start, node.end)

    def read_member_access_expression(self, node: Node) -> Expression:
        name = self.at(node.child("name"))
        label = name.name if isinstance(name, Name) else ""
        return Member(self.at(node.child("expression")), label, node.start, node.end)

    def read_element_access_expression(self, node: Node) -> Expression:
        listed = node.child("subscript")
        arguments = self.arguments(listed)
        key = arguments[0].value if arguments else None
        return Index(self.at(node.child("expression")), key, node.start, node.end)

    def read_element_binding_expression(self, node: Node) -> Expression:
        arguments = self.arguments(node)
        return arguments[0].value if arguments else Unknown(node.start, node.end)

    def read_argument(self, node: Node) -> Expression:
        return self.inner(node)

    def given(self, node: Node) -> Given:
        name = node.child("name")
        return Given(name.text if name else "", self.inner(node), node.start, node.end)

    def read_binary_expression(self, node: Node) -> Expression:
        return self.concatenation(node, "+")

    def read_conditional_expression(self, node: Node) -> Expression:
        options = (self.at(node.child("consequence")), self.at(node.child("alternative")))
        return Either(self.at(node.child("condition")), options, node.start, node.end)

    def read_parenthesized_expression(self, node: Node) -> Expression:
        return self.inner(node)

    read_await_expression = read_parenthesized_expression
    read_postfix_unary_expression = read_parenthesized_expression
    read_collection_element = read_parenthesized_expression
    read_expression_element = read_parenthesized_expression

    def read_cast_expression(self, node: Node) -> Expression:
        return self.at(node.child("value"))

    def read_spread_element(self, node: Node) -> Expression:
        return Spread(self.inner(node), node.start, node.end)

    def read_collection_expression(self, node: Node) -> Expression:
        return Array(tuple(self.at(child) for child in node.named), node.start, node.end)

    def read_anonymous_object_creation_expression(self, node: Node) -> Expression:
        entries: list[tuple[Expression | None, Expression]] = []
        named = [child for child in node.children if "comment" not in child.type]
        for at, child in enumerate(named):
            if not child.is_named or named[at - 1].type == "=":
                continue
            if at + 2 < len(named) and named[at + 1].type == "=":
                entries.append((self.at(child), self.at(named[at + 2])))
            else:
                # A variable or member alone gives its own name.
                value = self.at(child)
                label = dotted(value).rpartition(".")[2]
                entries.append((Name(label, child.start, child.end), value))
        return Object(tuple(entries), node.start, node.end)

    def read_initializer_expression(self, node: Node) -> Expression:
        entries: list[tuple[Expression | None, Expression]] = []
        items: list[Expression] = []
        for child in node.named:
            value = self.at(child)
            if child.type == "assignment_expression":
                entries.append((self.at(child.child("left")), self.at(child.child("right"))))
            elif isinstance(value, Array) and child.type == "initializer_expression":
                if len(value.items) == 2:
                    entries.append((value.items[0], value.items[1]))
            else:
                items.append(value)
        if entries or not node.named:
            return Object(tuple(entries), node.start, node.end)
        return Array(tuple(items), node.start, node.end)

    def read_array_creation_expression(self, node: Node) -> Expression:
        found = self.at(node.first("initializer_expression"))
        is_list = isinstance(found, Array)
        return found if is_list else Array((), node.start, node.end)

    read_implicit_array_creation_expression = read_array_creation_expression

    def read_object_creation_expression(self, node: Node) -> Expression:
        arguments = self.arguments(node.first("argument_list"))
        of = node.child("type")
        if of is None:
            # `Type name = new(...)`: the type is the variable's.
            declaration = node.above("variable_declaration", "property_declaration", "block")
            of = declaration.child("type") if declaration else None
            label = re.match(r"\w*", of.text) if of else None
            function: Expression = Name(label[0] if label else "", node.start, node.start)
        else:
            function = self.at(of)
        members = self.at(node.first("initializer_expression"))
        name = dotted(function).rpartition(".")[2]
        if isinstance(members, Array) and members.items and not _OBJECTS.search(name):
            return replace(members, start=node.start)
        if isinstance(members, Object):
            members = replace(members, start=node.start, type=name)
            return Call(function, arguments, node.start, node.end, True, members)
        return Call(function, arguments, node.start, node.end, is_new=True)

    read_implicit_object_creation_expression = read_object_creation_expression

    def read_invocation_expression(self, node: Node) -> Expression:
        arguments = self.arguments(node.child("arguments"))
        return Call(self.at(node.child("function")), arguments, node.start, node.end)

    # Statements

    def read_variable_declarator(self, node: Node) -> Expression:
        name = node.child("name")
        value = node.named[-1] if len(node.named) > 1 else None
        if name is not None and value is not None and value is not name:
            self.assign(self.at(name), self.at(value), node.end)
        return Unknown(node.start, node.end)

    def read_property_declaration(self, node: Node) -> Expression:
        name, value = node.child("name"), node.child("value")
        if name is not None and value is not None:
            self.assign(self.at(name), self.at(value), node.end)
        return Unknown(node.start, node.end)

    def read_assignment_expression(self, node: Node) -> Expression:
        value = self.at(node.child("right"))
        operator = node.child("operator")
        if operator is not None and operator.text == "+=":
            self.grow(node)
            return value
        if node.parent is None or node.parent.type != "initializer_expression":
            self.assign(self.at(node.child("left")), value, node.end)
            self.rebinds(node)
        return value

    def read_using_directive(self, node: Node) -> Expression:
        named = [child for child in node.named if child.field != "name"]
        if named:
            self.imported(named[-1].text, named[-1])
        return Unknown(node.start, node.end)

    def read_method_declaration(self, node: Node) -> Expression:
        name, listed = node.child("name"), node.child("parameters")
        parameters: list[tuple[str, Expression | None]] = []
        for child in listed.all("parameter") if listed else []:
            label = child.child("name")
            has_default = any(one.type == "=" for one in child.children)
            default = self.at(child.named[-1]) if has_default else None
            parameters.append((label.text if label else "", default))
        returns = self._returned.pop(node.start, [])
        body = node.child("body")
        if body is not None and body.type == "arrow_expression_clause":
            returns = [self.inner(body)]
        self.function(node, name.text if name else "", parameters, returns)
        return Unknown(node.start, node.end)

    read_local_function_statement = read_method_declaration
    read_constructor_declaration = read_method_declaration

    def read_foreach_statement(self, node: Node) -> Expression:
        self.loop(node, node.child("left"), node.child("right"))
        return Unknown(node.start, node.end)

    def read_for_statement(self, node: Node) -> Expression:
        self.loop(node, None, None)
        return Unknown(node.start, node.end)

    read_while_statement = read_for_statement

    def read_try_statement(self, node: Node) -> Expression:
        return self.attempt(node)

    def read_return_statement(self, node: Node) -> Expression:
        function = node.above("method_declaration", "local_function_statement")
        if function is not None and node.named:
            self._returned.setdefault(function.start, []).append(self.inner(node))
        return Unknown(node.start, node.end)

    def read_class_declaration(self, node: Node) -> Expression:
        name, body = node.child("name"), node.child("body")
        if name is None:
            return Unknown(node.start, node.end)
        listed = node.first("parameter_list")
        fields = [self._field(child) for child in listed.all("parameter")] if listed else []
        properties = body.all("property_declaration") if body else []
        fields += [self._field(child) for child in properties]
        if fields:
            self.program.types[name.text] = fields
        return Unknown(node.start, node.end)

    read_record_declaration = read_class_declaration

    def _field(self, node: Node) -> Field:
        name, value = node.child("name"), node.child("value")
        label = name.text if name else ""
        lists = " ".join(one.text for one in node.all("attribute_list"))
        match = re.search(r'(?:JsonPropertyName|JsonProperty)\(\s*"([^"]+)"', lists)
        key = match[1] if match else self._by_policy(label)
        return Field(label, key, self.at(value) if value else None)

    # Meanings

    def _by_policy(self, name: str) -> str:
        """A property's name in JSON, by the naming policy that the program mentions."""
        code = self.program.code
        if "SnakeCase" in code:
            return snake(name)
        if "CamelCase" in code or "JsonSerializerDefaults.Web" in code or "AsJsonAsync" in code:
            return name[:1].lower() + name[1:]
        return name

    def key(self, name: str, type: str) -> str:
        return self._by_policy(name)

    def constant(self, name: str) -> str | None:
        return "POST" if name.endswith(("HttpMethod.Post", "Method.Post")) else None

    def spelled(self, value: Json) -> str | None:
        return str(value) if isinstance(value, bool) else None

    def has_braces(self, call: Call) -> bool:
        return True

    def is_container(self, call: Call) -> bool:
        name = dotted(call.function)
        return call.is_new and bool(_OBJECTS.search(name) or _LISTS.search(name))

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        values = [given.value for given in call.arguments]
        last = name.rpartition(".")[2]
        found = made(evaluator, call, name)
        if found is not None:
            return found
        if last == "AuthenticationHeaderValue" and len(values) == 2:
            space = Piece(" ", values[1].start, values[1].start)
            parts = (values[0], space, values[1])
            return evaluator.value(String(parts, call.start, call.end))
        if call.is_new and _LISTS.search(last) and not call.members:
            return evaluator.value(Array(tuple(values), call.start, call.end))
        if call.is_new and _OBJECTS.search(last) and not values:
            members = call.members or Object((), call.start, call.end)
            return evaluator.value(replace(members, type=""))
        if name.endswith("string.Concat"):
            return evaluator.value(String(tuple(values), call.start, call.end))
        return None

    def calls(self, readings: Readings) -> None:
        read_calls(readings)


LANGUAGE = CSharp
