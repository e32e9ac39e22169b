"""JavaScript and TypeScript for Node.js, with the SDK `openai`, `fetch`, `axios` and their like."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from samplegen.languages.nodejs.calls import read_calls
from samplegen.model.frozen import Json
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import Dialect
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import (
    Array,
    Call,
    Choice,
    Either,
    Expression,
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
from samplegen.readback.literals import backslash, unescaped
from samplegen.readback.meanings import argument
from samplegen.readback.model import Named
from samplegen.readback.reading import Readings
from samplegen.readback.tree import Node
from samplegen.readback.values import Evaluated, Scalar

# ECMA-262, section 12.9.4: string literals; section 12.9.6: templates.
_ESCAPE = backslash("bfnrtv0\n")
_FUNCTIONS = (
    "function_declaration",
    "function_expression",
    "arrow_function",
    "method_definition",
    "generator_function_declaration",
)


# What only TypeScript says, or JavaScript hardly ever: `f<T>(a)` compares twice there.
_TYPED = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?:default[ \t]+)?(?:declare|interface|type|enum|abstract)[ \t]+\w"
    r"|^[ \t]*(?:import|export)[ \t]+type\b"
    r"|\b(?:const|let|var)[ \t]+\w+[ \t]*:|\)[ \t]*:[ \t]*[\w{]"
    r"|[\w)\]}\"'][ \t]+(?:as|satisfies)[ \t]+(?:[A-Z]\w*\b(?![ \t]*[,}])|any\b|const\b|string\b)"
    r"|\w<[A-Za-z_{][^()\n]{0,200}?>\(",
    re.MULTILINE,
)
_TYPESCRIPT = ("tree_sitter_typescript", "language_typescript")
_TSX = ("tree_sitter_typescript", "language_tsx")


class NodeJs(Dialect):
    """Nodes are those of tree-sitter-javascript and tree-sitter-typescript."""

    grammar = ("tree_sitter_javascript", "language")
    selves = frozenset({"this"})
    transparent = frozenset({"stringify", "URL", "String", "freeze", "Request", "assign", "from"})
    transparent_methods = frozenset({"trim", "toString", "href"})
    opens = frozenset({"readFileSync", "readFile"})
    json_parsers = frozenset({"parse", "rawJSON"})
    appending = frozenset({"push"})
    goes_over_items = True

    @classmethod
    def grammars_of(cls, code: str) -> tuple[tuple[str, str], ...]:
        if _TYPED.search(code):
            return _TYPESCRIPT, _TSX, cls.grammar
        return cls.grammar, _TYPESCRIPT, _TSX

    def __init__(self) -> None:
        super().__init__()
        self._returned: dict[int, list[Expression]] = {}

    # What only TypeScript has

    def _typed(self, node: Node) -> Expression:
        self.program.typed.append((node.start, node.end))
        return Unknown(node.start, node.end)

    read_type_annotation = _typed
    read_type_arguments = _typed
    read_type_parameters = _typed
    read_interface_declaration = _typed
    read_type_alias_declaration = _typed
    read_enum_declaration = _typed
    read_ambient_declaration = _typed
    read_accessibility_modifier = _typed

    def read_as_expression(self, node: Node) -> Expression:
        typed = self._typed(node)
        return self.at(node.named[0]) if node.named else typed

    def read_type_assertion(self, node: Node) -> Expression:
        self._typed(node)
        return self.inner(node)

    read_satisfies_expression = read_as_expression
    read_non_null_expression = read_as_expression

    def read_enum_assignment(self, node: Node) -> Expression:
        holder, name = node.above("enum_declaration"), node.child("name")
        of_enum = holder.child("name") if holder else None
        if of_enum is not None and name is not None:
            target = Member(
                Name(of_enum.text, node.start, node.start), name.text, node.start, name.end
            )
            self.assign(target, self.at(node.child("value")), node.end)
        return Unknown(node.start, node.end)

    def read_import_require_clause(self, node: Node) -> Expression:
        return self.read_import_statement(node)

    # Expressions

    def _pieces(self, start: int, end: int) -> list[Piece]:
        return unescaped(self.program.code, start, end, *_ESCAPE)

    def read_string(self, node: Node) -> Expression:
        if node.parent is not None and node.parent.type == "literal_type":
            return Unknown(node.start, node.end)
        pieces = self._pieces(node.start + 1, max(node.end - 1, node.start + 1))
        return String(tuple(pieces), node.start, node.end)

    def read_template_string(self, node: Node) -> Expression:
        holes = ["template_substitution"]
        return self.template(node, node.start + 1, node.end - 1, holes, self._pieces)

    def read_number(self, node: Node) -> Expression:
        return self.number(node)

    def read_true(self, node: Node) -> Expression:
        return Literal(True, node.start, node.end)

    def read_false(self, node: Node) -> Expression:
        return Literal(False, node.start, node.end)

    def read_null(self, node: Node) -> Expression:
        return Literal(None, node.start, node.end)

    def read_unary_expression(self, node: Node) -> Expression:
        return self.negated(node, self.at(node.child("argument")))

    def read_identifier(self, node: Node) -> Expression:
        return Name(node.text, node.start, node.end)

    read_this = read_identifier
    read_property_identifier = read_identifier
    read_private_property_identifier = read_identifier

    def read_member_expression(self, node: Node) -> Expression:
        name = node.child("property")
        inner = self.at(node.child("object"))
        return Member(inner, name.text if name else "", node.start, node.end)

    def read_subscript_expression(self, node: Node) -> Expression:
        inner, key = self.at(node.child("object")), self.at(node.child("index"))
        return Index(inner, key, node.start, node.end)

    def read_object(self, node: Node) -> Expression:
        entries: list[tuple[Expression | None, Expression]] = []
        for child in node.named:
            if child.type == "pair":
                entries.append((self.at(child.child("key")), self.at(child.child("value"))))
            elif child.type == "shorthand_property_identifier":
                name = Name(child.text, child.start, child.end)
                entries.append((name, name))
            elif child.type == "spread_element":
                entries.append((None, self.inner(child)))
        return Object(tuple(entries), node.start, node.end)

    def read_computed_property_name(self, node: Node) -> Expression:
        inner = self.inner(node)
        # A bare name is a key; in brackets it is a variable.
        return Choice((inner,), node.start, node.end) if isinstance(inner, Name) else inner

    def read_array(self, node: Node) -> Expression:
        return Array(tuple(self.at(child) for child in node.named), node.start, node.end)

    def read_spread_element(self, node: Node) -> Expression:
        return Spread(self.inner(node), node.start, node.end)

    def read_binary_expression(self, node: Node) -> Expression:
        return self.concatenation(node, "+")

    def read_ternary_expression(self, node: Node) -> Expression:
        options = (self.at(node.child("consequence")), self.at(node.child("alternative")))
        return Either(self.at(node.child("condition")), options, node.start, node.end)

    def read_parenthesized_expression(self, node: Node) -> Expression:
        return self.inner(node)

    read_await_expression = read_parenthesized_expression

    def read_call_expression(self, node: Node) -> Expression:
        arguments = self.arguments(node.child("arguments"))
        return Call(self.at(node.child("function")), arguments, node.start, node.end)

    def read_new_expression(self, node: Node) -> Expression:
        arguments = self.arguments(node.child("arguments"))
        function = self.at(node.child("constructor"))
        return Call(function, arguments, node.start, node.end, is_new=True)

    # Statements

    def read_variable_declarator(self, node: Node) -> Expression:
        name, value = node.child("name"), node.child("value")
        if name is None or value is None:
            return Unknown(node.start, node.end)
        if name.type == "object_pattern":
            self._unpack(name, self.at(value))
        else:
            self.assign(self.at(name), self.at(value), node.end)
        self._required(value)
        return self.at(value)

    def _unpack(self, pattern: Node, value: Expression) -> None:
        for child in pattern.named:
            if child.type == "shorthand_property_identifier_pattern":
                name = Name(child.text, child.start, child.end)
                member = Member(value, child.text, child.start, child.end)
                self.assign(name, member, child.start)

    def _required(self, value: Node) -> None:
        call = self.at(value)
        if isinstance(call, Call) and dotted(call.function) in ("require", "import"):
            first = call.arguments[0].value if call.arguments else None
            if isinstance(first, String) and len(first.parts) == 1:
                part = first.parts[0]
                if isinstance(part, Piece):
                    module = Named(part.text, part.start, part.end)
                    self.program.imports.append(module)

    def read_import_statement(self, node: Node) -> Expression:
        source = node.child("source")
        if source is not None:
            module = Named(source.text[1:-1], source.start + 1, source.end - 1)
            self.program.imports.append(module)
        if re.match(r"(?:import|export)\s+type\b", node.text):
            self._typed(node)
        return Unknown(node.start, node.end)

    def read_assignment_expression(self, node: Node) -> Expression:
        value = self.at(node.child("right"))
        self.assign(self.at(node.child("left")), value, node.end)
        self.rebinds(node)
        return value

    def read_field_definition(self, node: Node) -> Expression:
        name = node.child("property") or node.child("name")
        value = node.child("value")
        if name is not None and value is not None:
            target = Name(name.text, name.start, name.end)
            self.assign(target, self.at(value), node.end)
        return Unknown(node.start, node.end)

    read_public_field_definition = read_field_definition

    def read_function_declaration(self, node: Node) -> Expression:
        return self._function(node)

    def _function(self, node: Node) -> Expression:
        name = node.child("name")
        if name is None and node.parent and node.parent.type == "variable_declarator":
            name = node.parent.child("name")
        listed = node.child("parameters")
        single = node.child("parameter")
        found = listed.named if listed else [single] if single else []
        parameters: list[tuple[str, Expression | None]] = []
        for child in found:
            given: Expression | None = None
            if child.type == "assignment_pattern":
                child, given = child.child("left") or child, self.at(child.child("right"))
            elif child.type in ("required_parameter", "optional_parameter"):
                if child.first("accessibility_modifier"):
                    self._property(child)
                value = child.child("value")
                child, given = child.child("pattern") or child, self.at(value) if value else None
            if child.type == "object_pattern":
                self._pattern(child, len(parameters), node)
                parameters.append((f"{{{child.start}}}", given))
            else:
                parameters.append((child.text, given))
        returns = self._returned.pop(node.start, [])
        body = node.child("body")
        if body is not None and body.type != "statement_block":
            returns = [self.at(body)]
        label = name.text if name else ""
        if label == "constructor":
            holder = node.above("class_declaration", "abstract_class_declaration")
            of_class = holder.child("name") if holder else None
            label = of_class.text if of_class else label
        self.function(node, label, parameters, returns)
        return Unknown(node.start, node.end)

    def _property(self, parameter: Node) -> None:
        """`constructor(private a: string)` sets `this.a`."""
        if (name := parameter.child("pattern")) is not None:
            place = (name.start, name.end)
            self.assign(Member(Name("this", *place), name.text, *place), self.at(name), name.end)

    def _pattern(self, pattern: Node, number: int, function: Node) -> None:
        """The parts of an object that is a parameter, as variables in the function."""
        whole = Name(f"{{{pattern.start}}}", function.start, function.end)
        object = replace(whole, start=pattern.start)
        self._unpack(pattern, object)
        for child in pattern.all("object_assignment_pattern"):
            left, right = child.child("left"), child.child("right")
            if left is not None:
                name = Name(left.text, left.start, left.end)
                member = Member(object, left.text, name.start, name.end)
                choice = Choice((member, self.at(right)), child.start, child.end)
                self.assign(name, choice, child.start)

    read_function_expression = read_function_declaration
    read_arrow_function = read_function_declaration
    read_method_definition = read_function_declaration
    read_generator_function_declaration = read_function_declaration

    def read_augmented_assignment_expression(self, node: Node) -> Expression:
        self.grow(node)
        return Unknown(node.start, node.end)

    def read_for_in_statement(self, node: Node) -> Expression:
        operator = node.child("operator")
        keys = operator is not None and operator.text == "in"
        # `in` goes over the keys.
        self.loop(node, node.child("left"), None if keys else node.child("right"))
        return Unknown(node.start, node.end)

    def read_for_statement(self, node: Node) -> Expression:
        self.loop(node, None, None)
        return Unknown(node.start, node.end)

    read_while_statement = read_for_statement

    def read_try_statement(self, node: Node) -> Expression:
        return self.attempt(node)

    def read_return_statement(self, node: Node) -> Expression:
        function = node.above(*_FUNCTIONS)
        if function is not None and node.named:
            self._returned.setdefault(function.start, []).append(self.inner(node))
        return Unknown(node.start, node.end)

    # Meanings

    def env_member(self, member: Member) -> Named | None:
        if dotted(member.object) not in ("process.env", "env", "Bun.env"):
            return None
        return Named(member.name, member.end - len(member.name), member.end)

    def env_index(self, index: Index) -> bool:
        return dotted(index.object) == "process.env"

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        if name in ("URL", "Headers", "Request") and len(call.arguments) < 2:
            return evaluator.value(argument(call, 0))
        if name == "URL":
            first, base = (one.value for one in call.arguments[:2])
            return evaluator.value(String((base, first), call.start, call.end))
        if name == "Object.assign":
            entries = tuple((None, given.value) for given in call.arguments)
            return evaluator.value(Object(entries, call.start, call.end))
        if isinstance(call.function, Member) and call.function.name == "concat":
            parts = (call.function.object, *(given.value for given in call.arguments))
            if isinstance(evaluator.value(parts[0]), Scalar):
                return evaluator.value(String(parts, call.start, call.end))
            spread = tuple(Spread(part, part.start, part.end) for part in parts)
            return evaluator.value(Array(spread, call.start, call.end))
        return None

    def written(self, evaluator: Evaluator, call: Call, value: Json) -> str | None:
        # Floats, and objects with numbers for keys, are written in another way than here.
        if dotted(call.function) != "JSON.stringify" or _has_number(value):
            return None
        if len(call.arguments) == 1:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        indent = evaluator.value(argument(call, 2))
        if not isinstance(indent, Scalar) or type(indent.value) is not int:
            return None
        return json.dumps(value, ensure_ascii=False, indent=indent.value)

    def encoded(self, call: Call, name: str) -> Expression | None:
        """`buffer.toString("base64")`, `readFileSync(path, "base64")` or with an object for it."""
        last = name.rpartition(".")[2]
        form = argument(call, 0 if last == "toString" else 1)
        if isinstance(form, Object):
            form = next((value for _, value in form.entries), None)
        if not isinstance(form, String) or form.parts[:1] == () or len(form.parts) > 1:
            return None
        part = form.parts[0]
        if not isinstance(part, Piece) or part.text != "base64":
            return None
        if last == "toString" and isinstance(call.function, Member):
            return call.function.object
        # Without its second argument it is the file's bytes.
        return replace(call, arguments=call.arguments[:1]) if last in self.opens else None

    def is_container(self, call: Call) -> bool:
        return dotted(call.function) in ("Array", "Object") and not call.arguments

    def calls(self, readings: Readings) -> None:
        read_calls(readings)


def _has_number(value: Json) -> bool:
    """Whether JavaScript may write a value otherwise than Python does."""
    if isinstance(value, Mapping):
        return any(key.isdecimal() or _has_number(one) for key, one in value.items())
    if isinstance(value, list | tuple):
        return any(map(_has_number, value))
    return isinstance(value, float)


LANGUAGE = NodeJs
