"""What all languages have in common: expressions, and where a program keeps them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from samplegen.pages.spans import Piece
from samplegen.readback.model import Comment, Named


@dataclass(frozen=True, slots=True)
class Unknown:
    """An expression that nothing is known of."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a boolean or null."""

    value: int | float | bool | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class String:
    """A text: what it is read as, and the expressions inside it."""

    parts: tuple[Piece | Expression, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, constant, function or type."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object, such as an attribute."""

    object: Expression
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Index:
    """An item of an object; the key is None in PHP's `$list[]`."""

    object: Expression
    key: Expression | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Given:
    """An argument; its name is '' where it has none, `*` or `**` where it is unpacked."""

    name: str
    value: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call, or the making of an object; `members` are what an initializer sets."""

    function: Expression
    arguments: tuple[Given, ...]
    start: int
    end: int
    is_new: bool = False
    members: Object | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """Keys with values; the key is None where all of a value's entries go in.

    `type` is the name of its type where there is one, such as a struct's.
    """

    entries: tuple[tuple[Expression | None, Expression], ...]
    start: int
    end: int
    type: str = ""


@dataclass(frozen=True, slots=True)
class Array:
    """Items in their order; `type` is the name of its own type, or of a struct's."""

    items: tuple[Expression, ...]
    start: int
    end: int
    type: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """A list whose items go into the one around it."""

    value: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers, and what is made of them: `+`, `-` or `*`."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of these that there is, such as `a or b`."""

    options: tuple[Expression, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Either:
    """One of two, as a condition says."""

    condition: Expression
    options: tuple[Expression, Expression]
    start: int
    end: int


Expression = (
    Unknown
    | Literal
    | String
    | Name
    | Member
    | Index
    | Call
    | Object
    | Array
    | Spread
    | Choice
    | Either
    | Arithmetic
)


class Assignment(NamedTuple):
    """A value that a variable gets, at `position`; it `grows` where that is put behind its own."""

    value: Expression
    position: int
    grows: bool = False


class Mutation(NamedTuple):
    """A value that goes into a variable's object: under the keys, None is behind the last."""

    keys: tuple[Expression | None, ...]
    value: Expression
    position: int


class Function(NamedTuple):
    """A function: its parameters with their defaults, what it returns, what it spans."""

    name: str
    parameters: tuple[tuple[str, Expression | None], ...]
    returns: list[Expression]
    start: int
    end: int


class Loop(NamedTuple):
    """A loop: the variables that it sets in each round, and what it goes over."""

    names: tuple[str, ...]
    over: Expression
    start: int
    end: int


class Field(NamedTuple):
    """A field of a type, and its name in JSON."""

    name: str
    key: str
    default: Expression | None = None


_DEEPEST_NAME = 40


def dotted(expression: Expression) -> str:
    """The name of what is called or assigned; a call in between is left out: `a.b().c` is `a.b.c`.

    An item of an object is `[]`, and what has no name is ''.
    """
    names: list[str] = []
    for _ in range(_DEEPEST_NAME):
        # A match on the classes would take twice the time.
        if isinstance(expression, Member):
            names.append(expression.name)
            expression = expression.object
        elif isinstance(expression, Name):
            names.append(expression.name)
            break
        elif isinstance(expression, Call):
            expression = expression.function
        elif isinstance(expression, Index):
            names.append("[]")
            expression = expression.object
        else:
            break
    return ".".join(reversed(names))


def path_of(expression: Expression) -> tuple[str | int | None, ...]:
    """The way to a part of an object: `a.b()["c"][0].d` is `a`, `b`, `c`, 0, `d`.

    A key that is not said is None; so is the beginning where it is no name.
    """
    steps: list[str | int | None] = []
    for _ in range(_DEEPEST_NAME):
        if isinstance(expression, Member):
            steps.append(expression.name)
            expression = expression.object
        elif isinstance(expression, Index):
            steps.append(_key_of(expression.key))
            expression = expression.object
        elif isinstance(expression, Call):
            expression = expression.function
        else:
            break
    steps.append(expression.name if isinstance(expression, Name) else None)
    return tuple(reversed(steps))


def _key_of(key: Expression | None) -> str | int | None:
    if isinstance(key, String) and all(isinstance(part, Piece) for part in key.parts):
        return "".join(part.text for part in key.parts if isinstance(part, Piece))
    if isinstance(key, Literal) and isinstance(key.value, int):
        return key.value
    return None


class Program:
    """What a program says, whatever its language. Everything is in the order of the text."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.assignments: defaultdict[str, list[Assignment]] = defaultdict(list)
        self.mutations: defaultdict[str, list[Mutation]] = defaultdict(list)
        self.functions: list[Function] = []
        self.types: dict[str, list[Field]] = {}
        self.calls: list[Call] = []
        self.literals: list[String | Object] = []
        self.accesses: list[Member | Index] = []
        self.loops: list[Loop] = []
        self.changed: defaultdict[str, list[int]] = defaultdict(list)
        """Where a variable's object is changed in a way that nobody follows."""
        self.rebound: defaultdict[str, list[int]] = defaultdict(list)
        """Where a variable that may be of a function around gets a value."""
        self.appended: list[Expression] = []
        """What is put behind a text, as by `+=`."""
        self.outer: list[Named] = []
        """Variables that a function says are of what is around it."""
        self.branches: list[tuple[int, int]] = []
        """Where a program may not come by: what stands below a condition, or in a loop."""
        self.attempts: list[tuple[int, int]] = []
        """Where a failure is caught: the statements that are tried, and what is done then."""
        self.defaulted: list[tuple[int, int]] = []
        """Where nothing fails if a part of an object is not there."""
        self.imports: list[Named] = []
        self.comments: list[Comment] = []
        self.broken: list[tuple[int, int]] = []
        self.typed: list[tuple[int, int]] = []
        """Where types stand that only the language's sibling with types has."""
        self._by_name: dict[str, list[Function]] | None = None
        self._called: dict[str, list[Call]] | None = None
        self._starts: list[int] | None = None
        self._parents: list[int] = []

    def settle(self) -> None:
        """Put everything into the order of the text."""
        for assignments in self.assignments.values():
            assignments.sort(key=lambda one: one.position)
        for mutations in self.mutations.values():
            mutations.sort(key=lambda one: one.position)
        self.functions.sort(key=lambda one: (one.start, -one.end))
        self.calls.sort(key=lambda one: (one.start, one.end))
        self.literals.sort(key=lambda one: (one.start, -one.end))
        self.imports.sort(key=lambda one: one.start)
        self.accesses.sort(key=lambda one: (one.start, -one.end))
        self.loops.sort(key=lambda one: (one.start, -one.end))
        for named in self.outer:
            function = self.function_around(named.start)
            self.rebound[named.name] += [
                one.position
                for one in self.assignments.get(named.name, ())
                if self.function_around(one.position) is function
            ]

    def function_around(self, position: int) -> Function | None:
        """The innermost function at a position."""
        if self._starts is None:
            self._starts = [function.start for function in self.functions]
            above: list[int] = []
            for number, function in enumerate(self.functions):
                while above and self.functions[above[-1]].end <= function.start:
                    above.pop()
                self._parents.append(above[-1] if above else -1)
                above.append(number)
        number = bisect_right(self._starts, position) - 1
        while number >= 0:
            if self.functions[number].end > position:
                return self.functions[number]
            number = self._parents[number]
        return None

    def functions_named(self, name: str) -> list[Function]:
        """The functions of that name."""
        if self._by_name is None:
            self._by_name = {}
            for function in self.functions:
                self._by_name.setdefault(function.name, []).append(function)
        return self._by_name.get(name, [])

    def calls_of(self, name: str) -> list[Call]:
        """The calls whose dotted name ends in `name`."""
        if self._called is None:
            self._called = {}
            for call in self.calls:
                last = dotted(call.function).rpartition(".")[2]
                self._called.setdefault(last, []).append(call)
        return self._called.get(name, [])
