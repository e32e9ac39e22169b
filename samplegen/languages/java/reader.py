"""Java, with both SDKs, `java.net.http`, `HttpURLConnection`, OkHttp and Apache's client."""

from __future__ import annotations

import re

from samplegen.languages.java.calls import built, read_calls
from samplegen.pages.spans import Piece
from samplegen.readback.dialect import Dialect
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
    String,
    Unknown,
    dotted,
)
from samplegen.readback.literals import backslash, lines_without, unescaped
from samplegen.readback.reading import Readings
from samplegen.readback.tree import Node
from samplegen.readback.values import Evaluated, Items, Record, Scalar

# Java Language Specification, section 3.10.7.
_ESCAPE = backslash("bstnfr\n", octal=True)
_OBJECTS = re.compile(r"(JSONObject|JsonObject|\w*Map|createObjectNode)$")
_OF = re.compile(r"(^|\.)[A-Z]\w+\.of[A-Z]\w*$")
_LISTS = re.compile(r"(JSONArray|JsonArray|\w*List|createArrayNode)$")
_CONSTANT = re.compile(
    r"(?:\bRole|ResultFormat|MessageRole|ReasoningEffort|ChatCompletionToolChoiceOption\.Auto"
    r"|ResponseFormat|OcrOptions\.Task)\.([A-Z_]+)$"
)


class Java(Dialect):
    """Nodes are those of tree-sitter-java."""

    grammar = ("tree_sitter_java", "language")
    comment_types = ("line_comment", "block_comment")
    selves = frozenset({"this"})
    env_calls = frozenset({"System.getenv", "getenv", "System.getenv.get", "dotenv.get"})
    transparent = frozenset({
        "toJson", "writeValueAsString", "toJSONString", "create", "URL", "URI", "from", "valueOf",
        "fromJsonNode", "ofString", "StringEntity", "requireNonNull", "String", "of", "HttpEntity",
        "asText", "ofByteArray", "writeValueAsBytes", "JSONArray", "ArrayList", "HashMap",
    })  # fmt: skip
    transparent_methods = frozenset({
        "toString", "getBytes", "trim", "strip", "toURL", "getValue", "value", "stripIndent",
        "toJSONString", "orElse", "orElseThrow", "toLowerCase", "asString", "build",
        "getAsJsonObject", "asText",
    })  # fmt: skip
    json_parsers = frozenset(
        {"readTree", "parseString", "parseObject", "fromJson", "readValue", "parse"}
    )
    formats = frozenset({"format", "formatted"})
    opens = frozenset({"readAllBytes", "File", "FileInputStream"})
    encodes = frozenset({"encodeToString", "encode", "encodeBase64String"})
    appending = frozenset({"add", "put", "addLast"})
    extending = frozenset({"addAll"})
    goes_over_items = True
    putting = frozenset({"put", "addProperty", "add", "set", "putIfAbsent", "fluentPut", "putOpt"})

    def __init__(self) -> None:
        super().__init__()
        self._returned: dict[int, list[Expression]] = {}

    # Expressions

    def _pieces(self, start: int, end: int) -> list[Piece]:
        return unescaped(self.program.code, start, end, *_ESCAPE)

    def read_string_literal(self, node: Node) -> Expression:
        if node.text.startswith('"""'):
            return String(tuple(self._text_block(node)), node.start, node.end)
        pieces = self._pieces(node.start + 1, max(node.end - 1, node.start + 1))
        return String(tuple(pieces), node.start, node.end)

    read_character_literal = read_string_literal

    def _text_block(self, node: Node) -> list[Piece]:
        """The content of a text block: JLS, section 3.10.6."""
        code = self.program.code
        end = max(node.end - 3, node.start + 3)
        start = code.find("\n", node.start, end) + 1 or end
        lines = code[start:end].split("\n")
        # The last line counts even where it is blank: it is where the closing quotes stand.
        counted = [line for line in lines[:-1] if line.strip()] + lines[-1:]
        indent = min(len(line) - len(line.lstrip(" \t")) for line in counted)
        pieces: list[Piece] = []
        for line_start, line_end in lines_without(code, start, end, indent):
            text = code[line_start:line_end]
            newline = len(text) - len(text.rstrip("\n"))
            stop = line_start + len(text.rstrip(" \t\n\r"))
            if newline and code[stop - 1 : stop] == "\\" and stop == line_end - 1:
                pieces += self._pieces(line_start, line_end)
                continue
            pieces += self._pieces(line_start, stop)
            if newline:
                pieces.append(Piece("\n", line_end - 1, line_end))
        return pieces

    def read_decimal_integer_literal(self, node: Node) -> Expression:
        return self.number(node)

    read_decimal_floating_point_literal = read_decimal_integer_literal
    read_hex_integer_literal = read_decimal_integer_literal

    def read_true(self, node: Node) -> Expression:
        return Literal(True, node.start, node.end)

    def read_false(self, node: Node) -> Expression:
        return Literal(False, node.start, node.end)

    def read_null_literal(self, node: Node) -> Expression:
        return Literal(None, node.start, node.end)

    def read_unary_expression(self, node: Node) -> Expression:
        return self.negated(node, self.at(node.child("operand")))

    def read_identifier(self, node: Node) -> Expression:
        return Name(node.text, node.start, node.end)

    read_this = read_identifier
    read_type_identifier = read_identifier

    def read_generic_type(self, node: Node) -> Expression:
        return self.at(node.named[0]) if node.named else Unknown(node.start, node.end)

    def read_scoped_type_identifier(self, node: Node) -> Expression:
        parts = node.named
        if len(parts) < 2:
            return self.inner(node)
        return Member(self.at(parts[0]), parts[-1].text, node.start, node.end)

    def read_field_access(self, node: Node) -> Expression:
        name = node.child("field")
        inner = self.at(node.child("object"))
        return Member(inner, name.text if name else "", node.start, node.end)

    def read_array_access(self, node: Node) -> Expression:
        inner, key = self.at(node.child("array")), self.at(node.child("index"))
        return Index(inner, key, node.start, node.end)

    def read_array_initializer(self, node: Node) -> Expression:
        return Array(tuple(self.at(child) for child in node.named), node.start, node.end)

    def read_array_creation_expression(self, node: Node) -> Expression:
        return self.at(node.child("value"))

    def read_binary_expression(self, node: Node) -> Expression:
        return self.concatenation(node, "+")

    def read_ternary_expression(self, node: Node) -> Expression:
        options = (self.at(node.child("consequence")), self.at(node.child("alternative")))
        return Either(self.at(node.child("condition")), options, node.start, node.end)

    def read_parenthesized_expression(self, node: Node) -> Expression:
        return self.inner(node)

    def read_cast_expression(self, node: Node) -> Expression:
        return self.at(node.child("value"))

    def read_method_invocation(self, node: Node) -> Expression:
        name, holder = node.child("name"), node.child("object")
        label = name.text if name else ""
        end = name.end if name else node.end
        function: Expression = Name(label, name.start if name else node.start, end)
        if holder is not None:
            function = Member(self.at(holder), label, node.start, end)
        arguments = self.arguments(node.child("arguments"))
        return Call(function, arguments, node.start, node.end)

    def read_method_reference(self, node: Node) -> Expression:
        # What adds messages that only running would tell: `.peek(params::addMessage)`.
        named = [one for one in node.children if one.is_named]
        if len(named) != 2 or named[1].text != "addMessage":
            return Unknown(node.start, node.end)
        function = Member(self.at(named[0]), named[1].text, node.start, named[1].end)
        given = Given("", Unknown(node.start, node.end), node.start, node.end)
        return Call(function, (given,), node.start, node.end)

    def read_object_creation_expression(self, node: Node) -> Expression:
        arguments = self.arguments(node.child("arguments"))
        body = node.first("class_body")
        made = self._puts(body) if body is not None else None
        return Call(self.at(node.child("type")), arguments, node.start, node.end, True, made)

    def _puts(self, body: Node) -> Object:
        """What an object's own body puts into it: `new HashMap<>() {{ put("a", 1); }}`."""
        statements = [one for block in body.all("block") for one in block.named]
        calls = [self.at(one) for statement in statements for one in statement.named]
        entries: list[tuple[Expression | None, Expression]] = [
            (call.arguments[0].value, call.arguments[1].value)
            for call in calls
            if isinstance(call, Call) and dotted(call.function) in ("put", "this.put")
            if len(call.arguments) == 2
        ]
        return Object(tuple(entries), body.start, body.end)

    # Statements

    def read_variable_declarator(self, node: Node) -> Expression:
        name, value = node.child("name"), node.child("value")
        if name is not None and value is not None:
            self.assign(self.at(name), self.at(value), node.end)
        return Unknown(node.start, node.end)

    def read_resource(self, node: Node) -> Expression:
        return self.read_variable_declarator(node)

    def read_assignment_expression(self, node: Node) -> Expression:
        value = self.at(node.child("right"))
        operator = node.child("operator")
        if operator is not None and operator.text == "+=":
            self.grow(node)
            return value
        self.assign(self.at(node.child("left")), value, node.end)
        self.rebinds(node)
        return value

    def read_enhanced_for_statement(self, node: Node) -> Expression:
        self.loop(node, node.child("name"), node.child("value"))
        return Unknown(node.start, node.end)

    def read_for_statement(self, node: Node) -> Expression:
        self.loop(node, None, None)
        return Unknown(node.start, node.end)

    read_while_statement = read_for_statement

    def read_lambda_expression(self, node: Node) -> Expression:
        # What is done with each of many, as by `forEach`.
        self.loop(node, node.child("parameters"), None)
        return Unknown(node.start, node.end)

    def read_try_statement(self, node: Node) -> Expression:
        return self.attempt(node)

    def read_import_declaration(self, node: Node) -> Expression:
        name = node.first("scoped_identifier", "identifier")
        if name is not None:
            star = node.first("asterisk")
            self.imported(name.text + (".*" if star else ""), name)
        return Unknown(node.start, node.end)

    def read_method_declaration(self, node: Node) -> Expression:
        name = node.child("name")
        returns = self._returned.pop(node.start, [])
        self.function(node, name.text if name else "", self._parameters(node), returns)
        return Unknown(node.start, node.end)

    read_constructor_declaration = read_method_declaration

    def _parameters(self, node: Node) -> list[tuple[str, Expression | None]]:
        listed = node.child("parameters")
        names = [child.child("name") for child in listed.named] if listed else []
        return [(name.text, None) for name in names if name is not None]

    def read_return_statement(self, node: Node) -> Expression:
        function = node.above("method_declaration", "lambda_expression")
        if function is not None and node.named:
            self._returned.setdefault(function.start, []).append(self.inner(node))
        return Unknown(node.start, node.end)

    def read_record_declaration(self, node: Node) -> Expression:
        name, listed = node.child("name"), node.child("parameters")
        if name is not None and listed is not None:
            self.program.types[name.text] = [
                Field(label.text, self._annotated(child) or label.text)
                for child in listed.named
                if (label := child.child("name")) is not None
            ]
        return Unknown(node.start, node.end)

    def read_class_declaration(self, node: Node) -> Expression:
        name, body = node.child("name"), node.child("body")
        if name is None or body is None:
            return Unknown(node.start, node.end)
        keys: dict[str, str] = {}
        defaults: dict[str, Expression | None] = {}
        for child in body.all("field_declaration"):
            modifiers = child.first("modifiers")
            declared = child.child("declarator")
            label = declared.child("name") if declared else None
            if label is None or (modifiers is not None and "static" in modifiers.text.split()):
                continue
            keys[label.text] = self._annotated(child) or label.text
            value = declared.child("value") if declared else None
            defaults[label.text] = self.at(value) if value else None
        constructor = body.first("constructor_declaration")
        order = [one for one, _ in self._parameters(constructor)] if constructor else []
        named = [one for one in order if one in keys] + [one for one in keys if one not in order]
        if keys:
            fields = [Field(one, keys[one], defaults[one]) for one in named]
            self.program.types[name.text] = fields
        return Unknown(node.start, node.end)

    def _annotated(self, node: Node) -> str | None:
        """The name in JSON that an annotation gives to a field."""
        modifiers = node.first("modifiers")
        match = re.search(
            r'@(?:JsonProperty|SerializedName|JSONField)\(\s*(?:\w+\s*=\s*)?"([^"]+)"',
            modifiers.text if modifiers else "",
        )
        return match[1] if match else None

    def called(self, call: Call) -> None:
        super().called(call)
        match call:
            case Call(Member(holder, name), (given,)) if re.match("set[A-Z]", name):
                key = name[3].lower() + name[4:]
                text = String((Piece(key, call.start, call.end),), call.start, call.end)
                self.mutate(Index(holder, text, call.start, call.end), given.value)

    # Meanings

    def constant(self, name: str) -> str | None:
        match = _CONSTANT.search(name)
        return match[1].lower() if match else None

    def is_container(self, call: Call) -> bool:
        name = dotted(call.function)
        made = call.is_new or name.endswith(("createObjectNode", "createArrayNode"))
        return made and bool(_OBJECTS.search(name) or _LISTS.search(name))

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        last = name.rpartition(".")[2]
        values = [given.value for given in call.arguments]
        if name.endswith(("List.of", "asList", "Set.of", "Stream.of", "singletonList")):
            if len(values) == 1 and isinstance(values[0], Array):
                return evaluator.value(values[0])
            return evaluator.value(Array(tuple(values), call.start, call.end))
        if name.endswith(("Map.of", "singletonMap")):
            return self._pairs(evaluator, call, values)
        if name.endswith("ofEntries"):
            inner = [one for given in values if isinstance(given, Call) for one in given.arguments]
            return self._pairs(evaluator, call, [given.value for given in inner])
        if name.endswith("String.join") and values and evaluator.text(values[0]) == "":
            return evaluator.value(String(tuple(values[1:]), call.start, call.end))
        if last in ("BigInteger", "BigDecimal") and values:
            text = evaluator.text(values[0]) or ""
            digits = re.fullmatch(r"-?[0-9]{1,400}", text)
            return Scalar(int(text), call.start, call.end) if digits else None
        is_message = call.is_new and last.endswith("Message") and len(values) == 2
        if is_message and last not in evaluator.program.types:
            parts = {"role": evaluator.value(values[0]), "content": evaluator.value(values[1])}
            return Record({k: v for k, v in parts.items() if v}, call.start, call.end)
        item = re.search(r"(?:^|\.)MultiModalMessageItem(Text|Image|Audio)$", name)
        if call.is_new and item is not None and values:
            # The first parts of contents that the DashScope SDK had.
            made = evaluator.value(values[0])
            return Record({item[1].lower(): made} if made else {}, call.start, call.end)
        if call.is_new and not values and (_OBJECTS.search(last) or _LISTS.search(last)):
            if _OBJECTS.search(last) and call.members is not None:
                return evaluator.value(call.members)
            if _OBJECTS.search(last):
                return Record({}, call.start, call.end)
            return Items([], call.start, call.end)
        if isinstance(call.function, Member) and last in self.appending | self.putting:
            return self._put(evaluator, call, values)
        if last == "build" and ".builder" in name:
            return built(evaluator, call)
        if name.endswith("ResponseFormat.from") and values:
            type = evaluator.value(values[0])
            return Record({"type": type} if type else {}, call.start, call.end)
        if (_OF.search(name) or name.endswith("Paths.get")) and len(values) == 1:
            # A form of a union, such as `ChatCompletionContentPart.ofText(…)`.
            return evaluator.value(values[0])
        if last in ("create", "of") and len(values) == 2:
            # OkHttp's RequestBody.create takes the media type first, or last.
            texts = [evaluator.value(value) for value in values]
            known = [one for one in texts if isinstance(one, Scalar | Record)]
            return next((one for one in known if not _is_media_type(one)), None)
        return None

    def _pairs(self, evaluator: Evaluator, call: Call, values: list[Expression]) -> Record:
        entries: dict[str, Evaluated] = {}
        for key, value in zip(values[::2], values[1::2], strict=False):
            name, found = evaluator.text(key), evaluator.value(value)
            if name is not None and found is not None:
                entries[name] = found
        return Record(entries, call.start, call.end)

    def _put(self, evaluator: Evaluator, call: Call, values: list[Expression]) -> Evaluated | None:
        """What `new JSONObject().put("a", 1)` gives."""
        assert isinstance(call.function, Member)
        if not isinstance(call.function.object, Call):
            return None
        holder = evaluator.value(call.function.object)
        if isinstance(holder, Record) and len(values) == 2:
            key, value = evaluator.text(values[0]), evaluator.value(values[1])
            if key is not None and value is not None:
                holder[key] = value
            holder.end = call.end
            return holder
        if isinstance(holder, Items) and len(values) == 1:
            value = evaluator.value(values[0])
            holder.extend([value] if value is not None else [])
            holder.end = call.end
            return holder
        return None

    def calls(self, readings: Readings) -> None:
        read_calls(readings)


def _is_media_type(evaluated: Scalar | Record) -> bool:
    return isinstance(evaluated, Scalar) and "/json" in str(evaluated.value)[:40]


LANGUAGE = Java
