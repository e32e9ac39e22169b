"""Values as a program says them: JSON, and what is not known of it, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from samplegen.model.frozen import Json
from samplegen.pages.spans import Piece, Spans
from samplegen.readback.expressions import Call
from samplegen.readback.jsontext import JsonArray, JsonItem, JsonScalar
from samplegen.readback.model import Named, Value

_LONGEST = 4_000_000


class Scalar(NamedTuple):
    """A text, number, boolean or null.

    Attributes:
        spans: of a text: where its characters come from.
        env: the environment variable that it is, or that is a part of it.
    """

    value: str | int | float | bool | None
    start: int
    end: int
    spans: Spans | None = None
    known: bool = True
    env: Named | None = None
    in_text: bool = False


class Record(dict[str, "Evaluated"]):
    """A JSON object, as far as it is known; a protocol reads it as it reads a body.

    Attributes:
        rest: what may hold further entries, such as `**options`.
        type: the name of its type, where it has one, such as a struct's.
    """

    __slots__ = ("end", "in_text", "rest", "start", "type")

    def __init__(
        self,
        entries: Mapping[str, Evaluated] | Iterable[tuple[str, Evaluated]],
        start: int,
        end: int,
        in_text: bool = False,
    ) -> None:
        super().__init__(entries)
        self.start = start
        self.end = end
        self.in_text = in_text
        self.rest: list[Evaluated] = []
        self.type = ""


class Items(list["Evaluated"]):
    """A JSON list, as far as it is known."""

    __slots__ = ("end", "in_text", "start")

    def __init__(
        self, items: Iterable[Evaluated], start: int, end: int, in_text: bool = False
    ) -> None:
        super().__init__(items)
        self.start = start
        self.end = end
        self.in_text = in_text


class Opaque(NamedTuple):
    """An object that is no JSON: the call that makes it, if that is known."""

    call: Call | None
    start: int
    end: int
    name: str = ""
    in_text: bool = False


Evaluated = Scalar | Record | Items | Opaque


def to_value(evaluated: Evaluated | None) -> Value | None:
    """A value as it is handed out, or None if nothing is known of it."""
    if evaluated is None or isinstance(evaluated, Opaque):
        return None
    return handed_out(evaluated)


def handed_out(evaluated: Evaluated) -> Value:
    """A value; of what is not known, its name as `${name}`."""
    start, end, in_text = evaluated.start, evaluated.end, evaluated.in_text
    if isinstance(evaluated, Scalar):
        return Value(evaluated.value, start, end, evaluated.known, in_text)
    if isinstance(evaluated, Record):
        entries = {key: handed_out(item) for key, item in evaluated.items()}
        said: Json = {key: item.value for key, item in entries.items()}
        known = not evaluated.rest and all(one.known for one in entries.values())
        return Value(said, start, end, known, in_text, entries)
    if isinstance(evaluated, Items):
        items = tuple(handed_out(item) for item in evaluated)
        said = [item.value for item in items]
        return Value(said, start, end, all(one.known for one in items), in_text, items)
    return Value(f"${{{evaluated.name}}}", start, end, False, in_text)


def cut(spans: Spans, start: int, end: int) -> list[Piece | Evaluated]:
    """The pieces of a part of a text."""
    found: list[Piece | Evaluated] = []
    at = 0
    for piece in spans.pieces:
        low, high = max(start - at, 0), min(end - at, len(piece.text))
        if low < high:
            if piece.verbatim:
                found.append(Piece(piece.text[low:high], piece.start + low, piece.start + high))
            else:
                found.append(Piece(piece.text[low:high], piece.start, piece.end))
        at += len(piece.text)
    return found


def joined(parts: list[Piece | Evaluated], start: int, end: int) -> Scalar:
    """Parts put together to a text; what is not known is in it as `${name}`."""
    if len(parts) == 1 and isinstance(parts[0], Scalar) and isinstance(parts[0].value, str):
        return parts[0]
    pieces: list[Piece] = []
    known, env, size = True, None, 0
    for part in parts:
        if isinstance(part, Piece):
            pieces.append(part)
        elif isinstance(part, Scalar) and isinstance(part.value, str) and part.spans is not None:
            size += len(part.value)
            pieces += part.spans.pieces if size <= _LONGEST else ()
            known, env = known and part.known, env or part.env
        elif isinstance(part, Scalar):
            pieces.append(Piece(_shown(part.value), part.start, part.end))
            known = known and part.known
        else:
            name = part.name if isinstance(part, Opaque) else ""
            pieces.append(Piece(f"${{{name}}}", part.start, part.end))
            known = False
    spans = Spans(tuple(pieces))
    return Scalar(spans.text, start, end, spans, known, env)


def _shown(value: str | int | float | bool | None) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def placed(item: JsonItem, spans: Spans, known: bool) -> Evaluated:
    """A value of JSON text, with its places in the program.

    Args:
        known: whether the program says all of the text.
    """
    start, end = spans.start(item.start), spans.end(item.end)
    if isinstance(item, JsonScalar):
        if not isinstance(item.value, str):
            return Scalar(item.value, start, end, in_text=True)
        inner = Spans((Piece(item.value, start, end),))
        said = known or "${" not in item.value
        return Scalar(item.value, start, end, inner, said, in_text=True)
    if isinstance(item, JsonArray):
        return Items([placed(one, spans, known) for one in item.items], start, end, True)
    entries = {key: placed(one, spans, known) for key, one in item.entries.items()}
    return Record(entries, start, end, True)
