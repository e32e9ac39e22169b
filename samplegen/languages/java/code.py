"""Java expressions, for what an SDK has builders for: calls and chains of calls.

They are values as JSON is: a template places them, and google-java-format's rules lay
them out. Their arguments are expressions and JSON values, with `Hole`s for texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from samplegen.languages.base import JSON, json_number
from samplegen.rendering.layout import Doc, Group, Hole, Wrapped

if TYPE_CHECKING:
    from samplegen.protocols.base import Chat

_CONTINUED: Final = " " * 8

# How wide a map may be: one of more lines is hard to read, as keys and values take one each.
_LINE: Final = 60


_JAVA: Final = {
    "IOException": "java.io",
    **dict.fromkeys(("Files", "Path"), "java.nio.file"),
    **dict.fromkeys(("ArrayList", "Base64", "List", "Map", "Optional"), "java.util"),
    **dict.fromkeys(("Collectors", "Stream"), "java.util.stream"),
    **dict.fromkeys(("HttpClient", "HttpRequest", "HttpResponse"), "java.net.http"),
    "URI": "java.net",
}


class Name(NamedTuple):
    """A name, such as `apiKey`, `Role.USER` or `GenerationParam.class`."""

    text: str

    def doc(self, write: Callable[[Any], Doc]) -> Doc:
        """As it is."""
        return self.text


class Invoked(NamedTuple):
    """A method and its arguments: `List.of(1, 2)`, or `.topK(1)` within a chain."""

    name: str
    arguments: tuple[Any, ...] = ()

    def doc(self, write: Callable[[Any], Doc]) -> Doc:
        """On one line, else with all arguments on the next one, else with a line for each."""
        if not self.arguments:
            return f"{self.name}()"
        behind = [","] * (len(self.arguments) - 1) + [")"]
        docs: list[Doc] = [
            [write(value), end] for value, end in zip(self.arguments, behind, strict=True)
        ]
        return Group([f"{self.name}(", Group(docs, gap=" ")], _CONTINUED)


class Chain(NamedTuple):
    """Calls one behind the other: `Foo.builder().bar(1).build()`."""

    start: Name | Invoked
    calls: tuple[Invoked, ...]

    def doc(self, write: Callable[[Any], Doc]) -> Doc:
        """On one line, else with a line for each call."""
        return Group([one.doc(write) for one in (self.start, *self.calls)], _CONTINUED)


class JsonText(NamedTuple):
    """The JSON text of a value, as a `String`; a text is itself."""

    value: Any

    def doc(self, write: Callable[[Any], Doc]) -> Doc:
        """On one line where it is one, else a text block."""
        if text(self.value) is not None:
            return write(self.value)

        def written(said: str, indent: str) -> str:
            literal = write(said)
            if "\n" not in said and isinstance(literal, str):
                return literal
            lines = said.replace("\\", "\\\\").replace("\n", f"\n{indent}")
            # The backslash joins the lines: the text does not end in a newline.
            return f'"""\n{indent}{lines}\\\n{indent}"""'

        return Wrapped(JSON.literal(self.value), JSON.style, written)


class Line(NamedTuple):
    """Code that is one line where it fits: `Message message = ask(param)`, and two where not."""

    start: str
    rest: Name | Invoked | Chain

    def doc(self, write: Callable[[Any], Doc]) -> Doc:
        """On one line, else the rest on the next."""
        return Group([self.start, self.rest.doc(write)], _CONTINUED, " ")


Expression = Name | Invoked | Chain | JsonText


class Setter(NamedTuple):
    """How a value is written: the method of a builder, and the type that it takes.

    Args:
        type: makes the argument of a value; None where the value is of another type.
        each: whether the method is called for each item of a list.
    """

    method: str
    type: Callable[[Any], Any | None]
    each: bool = False

    def calls(self, value: Any) -> list[Invoked] | None:
        """The calls that set a value; None where it is of another type."""
        if self.each and not (isinstance(value, list) and value):
            return None
        given = [self.type(item) for item in (value if self.each else [value])]
        if any(one is None for one in given):
            return None
        return [Invoked(f".{self.method}", (one,)) for one in given]


Setters = Mapping[str, tuple[Setter, ...]]
"""How each field of a JSON object is written, by its name: the first that fits."""


def setting(setters: Setters, name: str, value: Any) -> list[Invoked] | None:
    """The calls that set a field; None where no setter takes the value."""
    for setter in setters.get(name, ()):
        calls = setter.calls(value)
        if calls is not None:
            return calls
    return None


@dataclass(frozen=True)
class Record:
    """A class with a builder, and how it is built from a JSON object.

    Args:
        required: the fields that its builder wants.
        implied: the fields that the class itself says, and what.
        door: sets a field that has no setter; None where there is no such way.
    """

    name: str
    setters: Setters
    required: tuple[str, ...] = ()
    implied: Mapping[str, str] = field(default_factory=dict)
    door: Callable[[str, Any], Invoked] | None = None

    def __call__(self, value: Any) -> Chain | None:
        """What builds it; None where the value is no such object."""
        if not isinstance(value, Mapping):
            return None
        said = {name: value.get(name) for name in self.implied}
        if any(not isinstance(one, str) for one in said.values()) or said != self.implied:
            return None
        calls: list[Invoked] = []
        for name, item in value.items():
            if name in self.implied:
                continue
            found = setting(self.setters, name, item)
            if found is None:
                if self.door is None or name in self.required:
                    return None
                found = [self.door(name, item)]
            calls += found
        if any(name not in value for name in self.required):
            return None
        return built(self.name, *calls)


def built(name: str, *calls: Invoked) -> Chain:
    """What the builder of a class makes."""
    return Chain(Invoked(f"{name}.builder"), (*calls, Invoked(".build")))


# Types of arguments.


def text(value: Any) -> Any | None:
    """A `String`."""
    return value if isinstance(value, str | Hole) else None


def boolean(value: Any) -> bool | None:
    """A `boolean`."""
    return value if isinstance(value, bool) else None


def integer(value: Any) -> int | None:
    """An `int`."""
    return value if _is_whole(value) and -(2**31) <= value < 2**31 else None


def long(value: Any) -> int | None:
    """A `long`."""
    return value if _is_whole(value) and -(2**63) <= value < 2**63 else None


def double(value: Any) -> float | None:
    """A `double`."""
    return float(value) if isinstance(value, float) or integer(value) is not None else None


def single(value: Any) -> Name | None:
    """A `float`: it keeps six digits, and what has more is none."""
    number = double(value)
    if number is None or float(f"{number:.6g}") != number or not 1e-3 <= abs(number) < 1e6:
        return Name("0.0f") if number == 0 else None
    return Name(f"{json_number(number)}f")


def many(type: Callable[[Any], Any | None], least: int = 1) -> Callable[[Any], Invoked | None]:
    """A `List` of a type; SDKs do not send an empty one, where it needs at least one item."""

    def listed(value: Any) -> Invoked | None:
        if isinstance(value, list) and len(value) < least:
            return None
        items = [type(item) for item in value] if isinstance(value, list) else [None]
        return None if any(one is None for one in items) else Invoked("List.of", tuple(items))

    return listed


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def plain(value: Any) -> Any | None:
    """A value as Java says it: a scalar, a `List.of(…)`, a `Map.of(…)` of what fits on a line.

    None for null, which those two cannot hold, and for what is better read as JSON.
    """
    if isinstance(value, list):
        return None if any(map(_is_no_scalar, value)) else Invoked("List.of", tuple(value))
    if isinstance(value, Mapping):
        if any(map(_is_no_scalar, value.values())) or _columns(value) > _LINE:
            return None
        return Invoked("Map.of", tuple(part for pair in value.items() for part in pair))
    return value


def _is_no_scalar(value: Any) -> bool:
    return value is None or isinstance(value, list | Mapping)


def _columns(value: Mapping[str, Any]) -> int:
    """About how many columns a map takes; of a text that is not known, as many as a word."""
    texts = (str(item) if not isinstance(item, Hole) else "unknown" for item in value.values())
    return sum(len(name) + len(text) + 6 for name, text in zip(value, texts, strict=True))


def results(chat: Chat) -> list[tuple[str, JsonText]]:
    """What each function is to return, by its name, as a call's tools say it."""
    return [
        (tool["function"]["name"], JsonText(tool["returns"]))
        for tool in chat.parameters.get("tools") or []
        if isinstance(tool, Mapping) and "returns" in tool
    ]


def imports(used: Any, packages: Mapping[str, str], *more: str) -> str:
    """The import statements, in google-java-format's order.

    Args:
        used: expressions, in any lists and tuples.
        packages: the package of each class by its name.
        more: names of further classes.
    """
    known = {**packages, **_JAVA}
    names = {*more, *(one for one in _classes(used) if one in known)}
    # The JDK's own are the last.
    lines = sorted(
        (f"{known[name]}.{name}" for name in names),
        key=lambda line: (line.startswith("java."), line),
    )
    blocks: dict[str, list[str]] = {}
    for line in lines:
        blocks.setdefault(line.partition(".")[0], []).append(f"import {line};")
    return "\n\n".join("\n".join(block) for block in blocks.values())


def _classes(used: Any) -> Iterator[str]:
    """The first word of every name in expressions; of those, classes are wanted."""
    if isinstance(used, Name):
        yield used.text.partition(".")[0]
    elif isinstance(used, Invoked):
        yield used.name.partition(".")[0]
        yield from _classes(list(used.arguments))
    elif isinstance(used, Sequence) and not isinstance(used, str):
        for one in used:
            yield from _classes(one)
