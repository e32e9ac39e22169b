"""Python, with the SDKs `openai` and `dashscope`, and `requests` and its like."""

from __future__ import annotations

import json
import re
import unicodedata

from samplegen.languages.python.calls import read_calls
from samplegen.model.frozen import Json
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import Dialect, entries_of
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.expressions import (
    Array,
    Call,
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
from samplegen.readback.literals import character, plain, unescaped
from samplegen.readback.meanings import argument
from samplegen.readback.model import Named
from samplegen.readback.reading import Readings
from samplegen.readback.tree import Node
from samplegen.readback.values import Evaluated, Scalar

# Language reference, section 2.4.1.1, "Escape sequences".
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]+)\}"
    r"|([0-7]{1,3})|(\r\n|[\n\\'\"abfnrtv]))|(\{\{|\}\})"
)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
# What a notebook gives to IPython or a shell: `%pip install x`, `!ls`, `files = !ls`, `client?`.
_MAGIC = re.compile(
    r"^[ \t]*(?:\w+[ \t]*=[ \t]*)?(?:%{1,2}|!{1,2})\w(?:(?!\"{3}|'{3})(?:\\\n|.))*$"
    r"|^[ \t]*(?:\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$",
    re.MULTILINE,
)


def _decode(match: re.Match[str]) -> str:
    number = match[1] or match[2] or match[3]
    if number:
        return character(int(number, 16))
    if match[4]:
        try:
            return unicodedata.lookup(match[4])
        except KeyError:
            return match[0]
    if match[5]:
        return character(int(match[5], 8))
    if match[7]:
        return match[7][0]
    return _LETTERS.get(match[6], "" if match[6] in ("\n", "\r\n") else match[6])


class Python(Dialect):
    """Nodes are those of tree-sitter-python."""

    grammar = ("tree_sitter_python", "language")
    selves = frozenset({"self", "cls"})

    @classmethod
    def plain(cls, code: str) -> str:
        return _MAGIC.sub(lambda magic: re.sub(r"[^\n]", " ", magic[0]), code)

    keys_are_variables = True
    repeats = True
    env_calls = frozenset(
        {"os.getenv", "getenv", "os.environ.get", "environ.get", "config", "os.environ.setdefault"}
    )
    transparent = frozenset({"dumps", "dump", "encode", "bytes", "str", "URL", "dict", "list"})
    transparent_methods = frozenset(
        {"encode", "decode", "strip", "copy", "rstrip", "dedent", "model_dump"}
    )
    json_parsers = frozenset({"loads"})
    formats = frozenset({"format"})
    opens = frozenset({"open", "Path", "read_bytes"})
    encodes = frozenset({"b64encode", "standard_b64encode"})
    appending = frozenset({"append"})
    extending = frozenset({"extend"})
    counts = goes_over_items = True

    # Expressions

    def read_string(self, node: Node) -> Expression:
        opening = node.first("string_start")
        closing = node.first("string_end")
        if opening is None:
            return Unknown(node.start, node.end)
        prefix = opening.text.rstrip("'\"").lower()
        end = closing.start if closing else node.end

        def pieces(start: int, stop: int) -> list[Piece]:
            if "r" in prefix and "f" not in prefix:
                return plain(self.program.code, start, stop)
            found = unescaped(self.program.code, start, stop, _ESCAPE, _decode)
            if "f" in prefix:
                return found
            # Two braces are one in an f-string only.
            return [
                Piece(p.text * 2, p.start, p.end)
                if p.end - p.start == 2 and p.text in "{}" and not p.verbatim
                else p
                for p in found
            ]

        return self.template(node, opening.end, end, ["interpolation"], pieces)

    def read_concatenated_string(self, node: Node) -> Expression:
        return String(tuple(self.at(child) for child in node.named), node.start, node.end)

    def read_interpolation(self, node: Node) -> Expression:
        # `{x:.2f}`, `{x!r}` and `{x=}` are written otherwise than the value is.
        odd = any(one.type not in ("{", "}") and one.field != "expression" for one in node.children)
        return Unknown(node.start, node.end) if odd else self.at(node.child("expression"))

    def read_global_statement(self, node: Node) -> Expression:
        self.program.outer += [Named(one.text, one.start, one.end) for one in node.named]
        return Unknown(node.start, node.end)

    read_nonlocal_statement = read_global_statement

    def read_integer(self, node: Node) -> Expression:
        return self.number(node)

    read_float = read_integer

    def read_true(self, node: Node) -> Expression:
        return Literal(True, node.start, node.end)

    def read_false(self, node: Node) -> Expression:
        return Literal(False, node.start, node.end)

    def read_none(self, node: Node) -> Expression:
        return Literal(None, node.start, node.end)

    def read_unary_operator(self, node: Node) -> Expression:
        return self.negated(node, self.at(node.child("argument")))

    def read_identifier(self, node: Node) -> Expression:
        return Name(node.text, node.start, node.end)

    def read_attribute(self, node: Node) -> Expression:
        name = node.child("attribute")
        inner = self.at(node.child("object"))
        return Member(inner, name.text if name else "", node.start, node.end)

    def read_subscript(self, node: Node) -> Expression:
        inner, key = self.at(node.child("value")), self.at(node.child("subscript"))
        return Index(inner, key, node.start, node.end)

    def read_dictionary(self, node: Node) -> Expression:
        entries: list[tuple[Expression | None, Expression]] = []
        for child in node.named:
            if child.type == "pair":
                entries.append((self.at(child.child("key")), self.at(child.child("value"))))
            elif child.type == "dictionary_splat":
                entries.append((None, self.inner(child)))
        return Object(tuple(entries), node.start, node.end)

    def read_list(self, node: Node) -> Expression:
        return Array(tuple(self.at(child) for child in node.named), node.start, node.end)

    read_tuple = read_list

    def read_list_splat(self, node: Node) -> Expression:
        return Spread(self.inner(node), node.start, node.end)

    def read_binary_operator(self, node: Node) -> Expression:
        operator, left = node.child("operator"), self.at(node.child("left"))
        right = node.child("right")
        if operator is not None and operator.text == "%" and isinstance(left, String) and right:
            value = self.at(right)
            values = value.items if isinstance(value, Array) else (value,)
            given = tuple(Given("", one, one.start, one.end) for one in (left, *values))
            return Call(Name("format", node.start, node.start), given, node.start, node.end)
        if operator is not None and operator.text == "|":
            return Object(((None, left), (None, self.at(right))), node.start, node.end)
        return self.concatenation(node, "+")

    def read_boolean_operator(self, node: Node) -> Expression:
        return self.concatenation(node, ())

    def read_conditional_expression(self, node: Node) -> Expression:
        parts = [self.at(child) for child in node.named]
        if len(parts) < 3:
            return self.inner(node)
        return Either(parts[1], (parts[0], parts[2]), node.start, node.end)

    def read_parenthesized_expression(self, node: Node) -> Expression:
        return self.inner(node)

    read_await = read_parenthesized_expression

    def read_call(self, node: Node) -> Expression:
        arguments = self.arguments(node.child("arguments"))
        return Call(self.at(node.child("function")), arguments, node.start, node.end)

    def given(self, node: Node) -> Given:
        if node.type == "keyword_argument":
            name = node.child("name")
            value = self.at(node.child("value"))
            return Given(name.text if name else "", value, node.start, node.end)
        name_of = {"dictionary_splat": "**", "list_splat": "*"}.get(node.type, "")
        return Given(name_of, self.inner(node) if name_of else self.at(node), node.start, node.end)

    # Statements

    def read_assignment(self, node: Node) -> Expression:
        left, right = node.child("left"), node.child("right")
        if left is not None and right is not None:
            self.assign(self.at(left), self.at(right), node.end)
        return self.at(right)

    def read_named_expression(self, node: Node) -> Expression:
        value = self.at(node.child("value"))
        self.assign(self.at(node.child("name")), value, node.end)
        return value

    def read_as_pattern(self, node: Node) -> Expression:
        alias = node.child("alias")
        if alias is not None and alias.named:
            self.assign(self.at(alias.named[0]), self.at(node.children[0]), node.end)
        return self.at(node.children[0])

    def read_augmented_assignment(self, node: Node) -> Expression:
        self.grow(node)
        return Unknown(node.start, node.end)

    def read_for_statement(self, node: Node) -> Expression:
        self.loop(node, node.child("left"), node.child("right"))
        return Unknown(node.start, node.end)

    read_for_in_clause = read_for_statement

    def read_while_statement(self, node: Node) -> Expression:
        self.loop(node, None, None)
        return Unknown(node.start, node.end)

    def read_try_statement(self, node: Node) -> Expression:
        return self.attempt(node)

    def read_function_definition(self, node: Node) -> Expression:
        name, holder = node.child("name"), node.above("class_definition")
        label = name.text if name else ""
        parameters: list[tuple[str, Expression | None]] = []
        listed = node.child("parameters")
        for child in listed.named if listed else []:
            target = child.child("name") or (child.named[0] if child.named else child)
            default = child.child("value")
            parameters.append((target.text, self.at(default) if default else None))
        if holder is not None and parameters and parameters[0][0] in self.selves:
            del parameters[0]
        if label == "__init__" and holder is not None:
            of_class = holder.child("name")
            label = of_class.text if of_class else label
        self.function(node, label, parameters, self._returned.pop(node.start, []))
        return Unknown(node.start, node.end)

    def __init__(self) -> None:
        super().__init__()
        self._returned: dict[int, list[Expression]] = {}

    def read_return_statement(self, node: Node) -> Expression:
        function = node.above("function_definition")
        if function is not None and node.named:
            self._returned.setdefault(function.start, []).append(self.inner(node))
        return Unknown(node.start, node.end)

    def read_import_statement(self, node: Node) -> Expression:
        for child in node.named:
            name = child.child("name") if child.type == "aliased_import" else child
            if name is not None:
                self.imported(name.text, name)
        return Unknown(node.start, node.end)

    def read_import_from_statement(self, node: Node) -> Expression:
        module = node.child("module_name")
        for child in node.children:
            if child.field == "name" and module is not None:
                name = child.child("name") if child.type == "aliased_import" else child
                if name is not None:
                    self.imported(f"{module.text}.{name.text}", name)
        if module is not None and not any(child.field == "name" for child in node.children):
            self.imported(module.text, module)
        return Unknown(node.start, node.end)

    # Meanings

    def env_index(self, index: Index) -> bool:
        return dotted(index.object) in ("os.environ", "environ")

    def spelled(self, value: Json) -> str | None:
        return None if isinstance(value, list | dict) else str(value)

    def has_braces(self, call: Call) -> bool:
        # `%` is read as a call without an object.
        return isinstance(call.function, Member)

    def is_container(self, call: Call) -> bool:
        return dotted(call.function) in ("dict", "list") and not call.arguments

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        if name.endswith("dict") and any(given.name for given in call.arguments):
            return evaluator.value(entries_of(call))
        if name.endswith(("Message", "MultiModalMessage")) and any(
            given.name == "role" for given in call.arguments
        ):
            return evaluator.value(entries_of(call))
        if name.endswith(("join",)) and isinstance(call.function, Member):
            between = evaluator.text(call.function.object)
            items = argument(call, 0)
            if between is not None and isinstance(items, Array):
                parts: list[Piece | Expression] = []
                for item in items.items:
                    separator = Piece(between, item.start, item.start)
                    parts += [separator, item] if parts else [item]
                return evaluator.value(String(tuple(parts), call.start, call.end))
        return None

    def written(self, evaluator: Evaluator, call: Call, value: Json) -> str | None:
        if dotted(call.function) not in ("json.dumps", "dumps"):
            return None
        options = {}
        for name in ("ensure_ascii", "indent"):
            option = evaluator.value(argument(call, -1, name))
            if isinstance(option, Scalar) and option.known:
                options[name] = option.value
        given = [one.name for one in call.arguments if one.name]
        # What another option makes of it is not known.
        return json.dumps(value, **options) if sorted(given) == sorted(options) else None  # type: ignore[arg-type]

    def calls(self, readings: Readings) -> None:
        read_calls(readings)


LANGUAGE = Python
