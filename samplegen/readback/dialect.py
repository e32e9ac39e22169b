"""What a language's file says: how its syntax tree is read, and what its calls mean."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from samplegen.pages.spans import Piece
from samplegen.readback.expressions import (
    Arithmetic,
    Array,
    Assignment,
    Call,
    Choice,
    Expression,
    Function,
    Given,
    Index,
    Literal,
    Loop,
    Member,
    Mutation,
    Name,
    Object,
    Program,
    Spread,
    String,
    Unknown,
    dotted,
)
from samplegen.readback.meanings import Meanings
from samplegen.readback.model import Comment, Named
from samplegen.readback.reading import Readings
from samplegen.readback.tree import Node, Tree, parse

_LONGEST_CHAIN = 40
Reader = Callable[[Any, Node], Expression]


class Dialect(Meanings):
    """A language.

    A subclass has, for each type of node that says something, a method of the name
    `read_<type>` that gives the node's expression or notes in `self.program` what the
    node says. Nodes are read from the innermost to the outermost, so that a method
    finds the expressions of the children in `self.at(child)`, and never recurses.
    """

    grammar: ClassVar[tuple[str, str]]
    """The grammar's package, and the function there that gives it."""

    @classmethod
    def grammars_of(cls, code: str) -> tuple[tuple[str, str], ...]:
        """The grammars that a text may be read with, the likeliest first."""
        return (cls.grammar,)

    @classmethod
    def plain(cls, code: str) -> str:
        """A text as the grammar is to read it, of the same length."""
        return code

    comment_types: ClassVar[tuple[str, ...]] = ("comment",)
    appending: ClassVar[frozenset[str]] = frozenset()
    """Methods that add their argument to a list."""
    extending: ClassVar[frozenset[str]] = frozenset()
    """Methods that add the items of their argument to a list."""
    putting: ClassVar[frozenset[str]] = frozenset()
    """Methods that set a key, their first argument, to the second one."""

    readers: ClassVar[dict[str, Reader]]
    """The methods for the types of nodes that say something."""

    @classmethod
    def tree_of(cls, code: str) -> Tree | None:
        """The tree of a text, by the grammar that it breaks least; None where that takes long."""
        plain = cls.plain(code)
        best: Tree | None = None
        for grammar in cls.grammars_of(code):
            tree = parse(*grammar, code, plain)
            if tree is None:
                break
            if best is None or len(tree.broken) < len(best.broken):
                best, tree = tree, best
            if tree is not None:
                tree.release()
            if not best.broken:
                break
        return best

    def __init_subclass__(cls) -> None:
        cls.readers = {
            name.removeprefix("read_"): getattr(cls, name)
            for name in dir(cls)
            if name.startswith("read_")
        }
        cls.follows = cls.appending | cls.extending | cls.putting

    def __init__(self) -> None:
        self.program = Program("")
        self._expressions: dict[int, Expression] = {}

    # Reading the tree

    def read(self, tree: Tree, code: str) -> Program:
        """What the tree of a program says."""
        self.program = Program(code)
        self._expressions = {}
        readers = self.readers
        noted: set[int] = set()
        for node in reversed(tree.nodes):
            if node.type in _BRANCHES and not node.text.startswith("if __name__"):
                self._branch(node)
            elif node.type in _CHANGES:
                self._changed(node)
            reader = readers.get(node.type)
            if reader is not None and node.is_named:
                found = reader(self, node)
                self._expressions[id(node)] = found
                # What a node passes on, such as parentheses, is noted already.
                if id(found) in noted:
                    continue
                noted.add(id(found))
                if isinstance(found, Call):
                    self.called(found)
                # A tuple: `String | Object` would be made anew for each node.
                elif isinstance(found, (String, Object)):
                    self.program.literals.append(found)
                elif isinstance(found, (Member, Index)):
                    self.program.accesses.append(found)
        self.program.broken = tree.broken
        self.program.comments = comments(tree, code, self.comment_types)
        self.program.settle()
        self._expressions = {}
        tree.release()
        return self.program

    def _branch(self, node: Node) -> None:
        """Note a condition or a loop, and each way that it has."""
        ways = [one for one in node.named if one.type in _BLOCKS or one.field in _WAYS]
        self.program.branches += [(one.start, one.end) for one in (node, *ways)]

    def at(self, node: Node | None) -> Expression:
        """The expression of a node."""
        if node is None:
            return Unknown(0, 0)
        return self._expressions.get(id(node)) or Unknown(node.start, node.end)

    def inner(self, node: Node) -> Expression:
        """What a node without a meaning of its own holds, such as parentheses."""
        named = node.named
        return self.at(named[-1]) if named else Unknown(node.start, node.end)

    def called(self, call: Call) -> None:
        """Note a call, and what it puts into a variable's object."""
        self.program.calls.append(call)
        if dotted(call.function) in _CHANGERS and call.arguments:
            self.program.changed[dotted(call.arguments[0].value)].append(call.start)
        if not isinstance(call.function, Member):
            return
        holder, last = call.function.object, call.function.name
        values = [given.value for given in call.arguments]
        if last in self.appending and len(values) == 1:
            self.mutate(Index(holder, None, call.start, call.end), values[0])
        elif last in self.extending and len(values) == 1:
            spread = Spread(values[0], call.start, call.end)
            self.mutate(Index(holder, None, call.start, call.end), spread)
        elif last == "add" and len(values) == 2 and isinstance(values[0], Literal):
            # At a place in a list, before what is there.
            self.program.changed[dotted(holder)].append(call.start)
        elif last in self.putting and len(values) == 2:
            self.mutate(Index(holder, values[0], call.start, call.end), values[1])

    def grow(self, node: Node, concatenates: str = "+=") -> None:
        """Note that a variable, or an item of its object, gets more: `a += b`."""
        left, right = self.at(node.child("left")), self.at(node.child("right"))
        operator = node.child("operator")
        mark = operator.text if operator else concatenates
        if mark == concatenates:
            self.put_behind(left, right)
        else:
            self._grow(left, Unknown(node.start, node.end), node.end)

    def put_behind(self, left: Expression, right: Expression) -> None:
        """Note that a text, or a number, is put behind what a variable holds."""
        self.program.appended.append(right)
        self._grow(left, String((left, right), left.start, right.end), right.end)

    def _grow(self, target: Expression, value: Expression, end: int) -> None:
        if isinstance(target, Name | Member):
            grown = Assignment(value, end - 1, grows=True)
            self.program.assignments[dotted(target)].append(grown)
        if isinstance(target, Index | Member):
            self._change(target)

    def _changed(self, node: Node) -> None:
        """Note `a++`, or that something is taken out of a variable's object: `del a["b"]`."""
        if re.match(r"\+\+|--", node.text) or node.text.endswith(("++", "--")):
            self._grow(self.at(node.named[-1]), Unknown(node.start, node.end), node.end)
            return
        if "unary" in node.type and not node.text.startswith("delete "):
            return
        for child in node.named:
            for one in (child, *child.named):
                if isinstance(self.at(one), Index | Member):
                    self._change(self.at(one))

    def _change(self, place: Expression) -> None:
        """Note that nobody follows what becomes of the object that has this place in it."""
        start = place.start
        while isinstance(place, Index | Member):
            place = place.object
            if isinstance(place, Name | Member):
                self.program.changed[dotted(place)].append(start)

    def rebinds(self, node: Node) -> None:
        """Note an assignment that declares no variable: it may be one of a function around."""
        name = dotted(self.at(node.child("left")))
        self.program.rebound[name].append(node.end - 1)

    def assign(self, target: Expression, value: Expression, end: int) -> None:
        """Note that a variable, or an item of its object, gets a value.

        Args:
            end: where the statement ends; the value itself is not yet the new one.
        """
        if isinstance(target, Index):
            self.mutate(target, value)
            return
        name = dotted(target)
        if isinstance(target, Member) and isinstance(target.object, Name | Member | Index):
            key = String((Piece(target.name, target.start, target.end),), target.start, target.end)
            self.mutate(Index(target.object, key, target.start, target.end), value)
        if name:
            self.program.assignments[name].append(Assignment(value, end - 1))

    def mutate(self, target: Index, value: Expression) -> None:
        """Note a value that goes into a variable's object."""
        keys: list[Expression | None] = []
        place: Expression = target
        for _ in range(_LONGEST_CHAIN):
            if isinstance(place, Index):
                keys.append(place.key)
                place = place.object
            elif (
                isinstance(place, Call)
                and isinstance(place.function, Member)
                and place.function.name in self.appending | self.putting
            ):
                # `list.add(a).add(b)`: the method gives the object back.
                place = place.function.object
        if isinstance(place, Name | Member):
            mutation = Mutation(tuple(reversed(keys)), value, target.start)
            self.program.mutations[dotted(place)].append(mutation)

    def function(
        self,
        node: Node,
        name: str,
        parameters: Iterable[tuple[str, Expression | None]],
        returns: Iterable[Expression] = (),
    ) -> None:
        """Note a function."""
        found = Function(name, tuple(parameters), [*returns], node.start, node.end)
        self.program.functions.append(found)

    def loop(self, node: Node, variables: Node | None, over: Node | None) -> None:
        """Note a loop: what it sets in each round, and what it goes over."""
        names = [] if variables is None else [variables, *variables.named]
        found = tuple(name for one in names if (name := dotted(self.at(one))) and "." not in name)
        self.program.loops.append(Loop(found, self.at(over), node.start, node.end))

    def attempt(self, node: Node) -> Expression:
        """Note that failures of what is in a node are caught there."""
        self.program.attempts.append((node.start, node.end))
        return Unknown(node.start, node.end)

    def imported(self, name: str, node: Node) -> None:
        """Note an import."""
        self.program.imports.append(Named(name, node.start, node.end))

    # Shapes that languages share

    def arguments(self, node: Node | None) -> tuple[Given, ...]:
        """The arguments in a list of them."""
        if node is None:
            return ()
        return tuple(self.given(child) for child in node.named)

    def given(self, node: Node) -> Given:
        """One argument."""
        return Given("", self.at(node), node.start, node.end)

    def concatenation(self, node: Node, operators: Iterable[str]) -> Expression:
        """Two operands; texts that are put together are one text."""
        operator = node.child("operator")
        left, right = self.at(node.child("left")), self.at(node.child("right"))
        mark = operator.text if operator else ""
        if mark in operators:
            return String((left, right), node.start, node.end)
        if mark in ("||", "??", "?:", "or"):
            return Choice((left, right), node.start, node.end)
        if mark in ("+", "-", "*"):
            return Arithmetic(mark, left, right, node.start, node.end)
        return Unknown(node.start, node.end)

    def template(
        self,
        node: Node,
        start: int,
        end: int,
        holes: Iterable[str],
        pieces: Callable[[int, int], list[Piece]],
    ) -> String:
        """A text with expressions inside it, which are the children of the types in `holes`."""
        parts: list[Piece | Expression] = []
        at = start
        for hole in node.all(*holes):
            parts += pieces(at, hole.start)
            parts.append(self.hole(hole))
            at = hole.end
        parts += pieces(at, end)
        return String(tuple(parts), node.start, node.end)

    def hole(self, node: Node) -> Expression:
        """The expression in a text."""
        return self.at(node) if id(node) in self._expressions else self.inner(node)

    def number(self, node: Node) -> Expression:
        """A number literal."""
        return number(node.text, node.start, node.end)

    def negated(self, node: Node, operand: Expression) -> Expression:
        """A number with a minus, else the operand itself."""
        if not node.text.startswith("-") or not isinstance(operand, Literal):
            return operand
        value = operand.value
        return operand if value is None else Literal(-value, node.start, node.end)

    @abstractmethod
    def calls(self, readings: Readings) -> None:
        """Note what the program's calls say of its requests."""


# Conditions, their ways and loops, as the grammars of all languages call them.
_BRANCHES = frozenset({
    "if_statement", "elif_clause", "else_clause", "else_if_clause", "case_clause", "switch_case",
    "switch_default", "switch_section", "switch_block_statement_group", "switch_rule",
    "expression_case", "default_case", "case_statement", "default_statement", "case_item",
    "match_statement", "while_statement", "for_statement", "for_in_statement",
    "enhanced_for_statement", "foreach_statement", "except_clause", "catch_clause",
})  # fmt: skip
# Functions that change their first argument.
_CHANGERS = frozenset({
    "Object.assign", "Collections.addAll", "Collections.reverse", "array_pop", "array_push",
    "array_shift", "array_splice", "array_unshift", "delete", "random.shuffle", "shuffle", "sort",
})  # fmt: skip
_CHANGES = frozenset({
    "delete_statement", "unset_statement", "unary_expression", "update_expression",
    "inc_statement", "dec_statement", "postfix_unary_expression", "prefix_unary_expression",
})  # fmt: skip
_BLOCKS = frozenset({"block", "statement_block", "compound_statement"})
_WAYS = frozenset({"consequence", "alternative", "body"})


_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]+|[0-9]*\.?[0-9]+\.?(?:[eE][+-]?[0-9]+)?)")


def number(text: str, start: int, end: int) -> Expression:
    """A number literal: decimal or hexadecimal, with `_` in it and letters behind it."""
    match = _NUMBER.match(text.replace("_", ""))
    if match is None or len(text) > 400:
        return Unknown(start, end)
    digits = match[0]
    try:
        if digits[:2] in ("0x", "0X"):
            return Literal(int(digits, 16), start, end)
        suffix = text[len(text.rstrip("fFdDmM")) :]
        if digits.isdecimal() and not suffix:
            return Literal(int(digits), start, end)
        return Literal(float(digits), start, end)
    except ValueError:
        return Unknown(start, end)


_MARKS = re.compile(r"^(?://+|#+|/\*+|<!--)|\*+/$")


def comments(tree: Tree, code: str, types: tuple[str, ...]) -> list[Comment]:
    """The comments of a program."""
    found: list[Comment] = []
    following: dict[int, tuple[str, int]] = {}
    # From the last one, because a comment above a comment speaks of the same line.
    for node in reversed([node for node in tree.nodes if node.type in types]):
        text = _MARKS.sub("", _MARKS.sub("", node.text.strip())).strip()
        following[node.start] = _following(code, node.end, following)
        line, start = _beside(code, node.start) or following[node.start]
        found.append(Comment(text, node.start, node.end, line, start))
    return found[::-1]


_SEEN = re.compile(r"\S[^\n]*")


def _following(code: str, end: int, following: dict[int, tuple[str, int]]) -> tuple[str, int]:
    """The next line of code behind a comment, and where it starts."""
    match = _SEEN.search(code, end)
    if match is None:
        return "", len(code)
    return following.get(match.start()) or (match[0].rstrip(), match.start())


def _beside(code: str, start: int) -> tuple[str, int] | None:
    """The code before a comment in its own line, and where it starts."""
    line_start = max(code.rfind("\n", 0, start) + 1, start - 2000)
    before = code[line_start:start]
    if not before.strip():
        return None
    return before.strip(), start - len(before.lstrip())


def snake(name: str) -> str:
    """A name of the form `maxTokens` or `MaxTokens` as `max_tokens`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def chain(call: Call) -> list[Call]:
    """The calls of `a().b().c()`, the first one first."""
    found = [call]
    while len(found) < _LONGEST_CHAIN:
        function = found[-1].function
        if not isinstance(function, Member) or not isinstance(function.object, Call):
            break
        found.append(function.object)
    return found[::-1]


def entries_of(call: Call) -> Object:
    """The named arguments of a call as an object; unpacked ones are unpacked."""
    entries: list[tuple[Expression | None, Expression]] = []
    for given in call.arguments:
        if given.name == "**":
            entries.append((None, given.value))
        elif given.name and given.name != "*":
            key = String((Piece(given.name, given.start, given.start),), given.start, given.start)
            entries.append((key, given.value))
    return Object(tuple(entries), call.start, call.end)


__all__ = ["Array", "Dialect", "chain", "comments", "entries_of", "number", "snake"]
