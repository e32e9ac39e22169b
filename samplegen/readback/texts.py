"""What operators, and methods of texts, make of values that are known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from operator import add, mul, sub

from samplegen.pages.spans import Piece, Spans
from samplegen.readback.expressions import Expression
from samplegen.readback.values import Evaluated, Items, Scalar, cut, joined

_LONGEST = 1_000_000

# What methods, or functions, of these names cut off a text, in any language.
_CUTS = {
    "strip": (True, True),
    "trim": (True, True),
    "Trim": (True, True),
    "TrimSpace": (True, True),
    "rstrip": (False, True),
    "rtrim": (False, True),
    "TrimEnd": (False, True),
}
_LOWERS = ("toLowerCase", "stripIndent", "dedent")


def trimmed(name: str, value: Evaluated, *, told: bool, whole: Expression) -> Evaluated | None:
    """What a method or function of that name leaves of a value; None where that is not known.

    Args:
        told: whether it is told what to cut off.
    """
    if not isinstance(value, Scalar) or not isinstance(value.value, str) or value.spans is None:
        return value
    if name in _LOWERS:
        same = value.known and value.value == value.value.lower() and "\n" not in value.value
        return value if same else None
    if name not in _CUTS:
        return value
    front, back = _CUTS[name]
    text = value.value
    first, last = text[:1], text[-1:]
    if told or not ((front and first.isspace()) or (back and last.isspace())):
        return None if told else value
    start = len(text) - len(text.lstrip()) if front else 0
    end = len(text.rstrip()) if back else len(text)
    found = joined(cut(value.spans, start, max(start, end)), whole.start, whole.end)
    return found._replace(known=value.known, env=value.env)


def repeated(values: Sequence[Evaluated], whole: Expression) -> Scalar | None:
    """A text so often as a number says."""
    match values:
        case [Scalar(str(text), known=True), Scalar(int(times), known=True)] if (
            len(text) * times <= _LONGEST
        ):
            spans = Spans((Piece(text * times, whole.start, whole.end),))
            return Scalar(text * times, whole.start, whole.end, spans)
    return None


def computed(
    operator: str, values: Sequence[Piece | Evaluated], whole: Expression
) -> Scalar | None:
    """What is made of two numbers; None where they are not known, or none."""
    numbers = [
        one.value
        for one in values
        if isinstance(one, Scalar) and isinstance(one.value, int | float)
        if not isinstance(one.value, bool)
    ]
    if len(numbers) < 2 or any(abs(one) > _LARGEST for one in numbers):
        return None
    left, right = numbers
    return Scalar(_COMPUTED[operator](left, right), whole.start, whole.end)


_COMPUTED = {"+": add, "-": sub, "*": mul}
# Beyond it some languages would overflow.
_LARGEST = 1 << 30


def one_list(values: Sequence[Piece | Evaluated], whole: Expression) -> Items | None:
    """The items of several lists that are put together; None where one is no list."""
    if not all(isinstance(one, Items) for one in values):
        return None
    every = [item for one in values if isinstance(one, Items) for item in one]
    return Items(every, whole.start, whole.end)


def formatted(
    template: Scalar,
    values: Sequence[Evaluated],
    named: Mapping[str, Evaluated],
    whole: Expression,
    *,
    braces: bool | None,
) -> Scalar:
    r"""A text with `%s`, `{}` or `{0}` for values.

    Args:
        braces: whether it is `{}` that stand for values, or `%s`; None where both may.
    """
    assert template.spans is not None
    text, spans = template.spans.text, template.spans
    parts: list[Piece | Evaluated] = []
    at = number = 0
    all_known = True
    for match in _HOLES[braces].finditer(text):
        parts += cut(spans, at, match.start())
        at = match.end()
        hole = match[0]
        name = match.groupdict().get("name") or ""
        if hole in ("%%", "{{", "}}"):
            parts += cut(spans, at - 1, at)
        elif match.groupdict().get("odd"):
            all_known = all_known and braces is None
            parts += cut(spans, match.start(), at)
        elif name in named:
            parts.append(named[name])
        elif name.isdecimal() and int(name) < len(values):
            parts.append(values[int(name)])
        elif number < len(values) and not name:
            parts.append(values[number])
            number += 1
        else:
            all_known = all_known and braces is None
            parts += cut(spans, match.start(), at)
    parts += cut(spans, at, len(text))
    found = joined(parts, whole.start, whole.end)
    return found if all_known else found._replace(known=False)


_HOLES = {
    None: re.compile(r"%%|%[sdvq]|\{(?P<name>\w*)\}"),
    # What is written in another form than as it is, is not known.
    True: re.compile(r"\{\{|\}\}|\{(?P<name>\w*)\}|(?P<odd>\{[^{}]*\})"),
    False: re.compile(r"%%|%[sdv]|(?P<odd>%[-+ #0]*(?:\(\w+\))?[\d.*$]*[a-zA-Z])"),
}
