"""What an expression's value is, as far as the program says it without being run."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from samplegen.model.frozen import Json
from samplegen.pages.spans import Piece, Spans
from samplegen.readback.changes import applied, doubtful, is_rebound, levels
from samplegen.readback.expressions import (
    Arithmetic,
    Array,
    Assignment,
    Call,
    Choice,
    Either,
    Expression,
    Function,
    Given,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Program,
    Spread,
    String,
    Unknown,
    dotted,
)
from samplegen.readback.jsontext import JsonScalar, read_json
from samplegen.readback.meanings import Meanings, argument
from samplegen.readback.model import BASE64, Named, Span
from samplegen.readback.rounds import first_round, loop_of, where_lacking
from samplegen.readback.texts import computed, formatted, one_list, repeated, trimmed
from samplegen.readback.values import (
    Evaluated,
    Items,
    Opaque,
    Record,
    Scalar,
    joined,
    placed,
    to_value,
)

_DEEPEST = 60
_MOST_STEPS = 30_000
_NEAR = 100
"""So many assignments, calls or items are looked through."""
_MOST_CALLERS = 10


class Evaluator:
    """Follows the values of one program, in a bounded number of steps."""

    def __init__(
        self,
        program: Program,
        meanings: Meanings,
        file: Callable[[str], str | None],
        strict: bool,
    ) -> None:
        self.strict = strict
        """Whether what holds in one of several ways only is not known."""
        self.program = program
        self.meanings = meanings
        self._file = file
        self.missed: list[str] = []
        """The files whose content is sent, as far as they could not be read."""
        self.broken_json: list[Span] = []
        self._steps = 0
        self._depth = 0
        self._now = 0
        """Where the value that is asked for is used."""
        self._calling: list[tuple[Function, Call]] = []
        """The functions of the program that the value comes through, with their calls."""
        # Most texts are asked for several times. Each expression is kept with its value,
        # so that no other one gets its id.
        self._texts: dict[int, tuple[String, Scalar]] = {}
        self._doubts: dict[str, list[int]] = {}

    def value(self, expression: Expression | None) -> Evaluated | None:
        """What an expression is; None if there is no expression."""
        if expression is None:
            return None
        self._steps += 1
        if self._depth >= _DEEPEST or self._steps > _MOST_STEPS:
            return _opaque(expression)
        if not self._depth:
            self._now = expression.start
        self._depth += 1
        try:
            return self._value(expression)
        finally:
            self._depth -= 1

    def _value(self, expression: Expression) -> Evaluated:
        match expression:
            case Literal(value, start, end):
                return Scalar(value, start, end)
            case String():
                return self._string(expression)
            case Name() | Member():
                return self._named(expression)
            case Index():
                return self._item(expression)
            case Object():
                made = self._object(expression)
                return self.meanings.typed(made, made.type) if made.type else made
            case Array(items, start, end, type):
                fields = self.program.types.get(type)
                if fields and items and not isinstance(items[0], Object | Array):
                    # A struct's literal with its values in the order of the fields.
                    keys = [field.key for field in fields]
                    values = [self._sure(item) for item in items]
                    return Record(dict(zip(keys, values, strict=False)), start, end)
                return Items(self._items(items), start, end)
            case Choice(options):
                for option in options:
                    found = self._sure(option)
                    if self.strict and isinstance(found, Scalar) and not found.value:
                        # Which one it is then, languages do not agree on.
                        return self._unsure(found)
                    if not isinstance(found, Opaque):
                        return found
                return _opaque(expression)
            case Call():
                return self._call(expression)
            case Either(condition, options):
                return self._either(condition, options, expression)
            case Arithmetic(operator, left, right):
                values = [self._sure(left), self._sure(right)]
                often = operator == "*" and self.meanings.repeats
                product = repeated(values, expression) if often else None
                return product or computed(operator, values, expression) or _opaque(expression)
            case _:
                return _opaque(expression)

    def _either(
        self, condition: Expression, options: tuple[Expression, Expression], whole: Expression
    ) -> Evaluated:
        """One of two: which one, a condition may say that the program says itself."""
        decided = self._sure(condition) if self.strict else None
        if isinstance(decided, Scalar) and isinstance(decided.value, bool):
            return self._sure(options[0 if decided.value else 1])
        values = [self._sure(option) for option in options]
        first = next((one for one in values if not isinstance(one, Opaque)), _opaque(whole))
        said = [found.value if (found := to_value(one)) else None for one in values]
        return self._unsure(first) if self.strict and said[0] != said[1] else first

    def _unsure(self, value: Evaluated) -> Evaluated:
        """A value that is only one of several."""
        if isinstance(value, Scalar):
            return value._replace(known=False)
        return Opaque(None, value.start, value.end)

    def _may_be_left_out(self, position: int, used: int) -> bool:
        """Whether the program may come to where a value is used, and not by a position."""
        return any(
            start <= position < end and not start <= used < end
            for start, end in self.program.branches
        )

    def _sure(self, expression: Expression) -> Evaluated:
        found = self.value(expression)
        assert found is not None
        return found

    def _as_it_is(self, expression: Expression) -> Evaluated:
        """What an expression is where it stands: what is copied there does not change later."""
        now = self._now
        if self.strict:
            self._now = expression.start
        value = self._sure(expression)
        self._now = now
        return value

    def text(self, expression: Expression | None) -> str | None:
        """The text that an expression is, if the program says all of it."""
        found = self.value(expression)
        if isinstance(found, Scalar) and isinstance(found.value, str) and found.known:
            return found.value
        return None

    def content(self, path: str) -> str | None:
        """What is in a file, if it may be read."""
        found = self._file(path)
        if found is None and path not in self.missed:
            self.missed.append(path)
        return found

    # Texts

    def _string(self, expression: String) -> Scalar | Items:
        known = self._texts.get(id(expression))
        if known is not None:
            return known[1]
        parts, start, end = expression.parts, expression.start, expression.end
        pieces = tuple(part for part in parts if isinstance(part, Piece))
        if len(pieces) < len(parts):
            values = [part if isinstance(part, Piece) else self._in_text(part) for part in parts]
            if len(parts) == 2 and "+" in self.program.code[parts[0].end : parts[1].start]:
                total = computed("+", values, expression) or one_list(values, expression)
                if total is not None:
                    return total
            return joined(values, start, end)
        spans = Spans(pieces)
        found = Scalar(spans.text, start, end, spans)
        self._texts[id(expression)] = expression, found
        return found

    def _in_text(self, part: Expression) -> Evaluated:
        """What an expression is in a text: an object that was written as JSON is that JSON."""
        found = self._sure(part)
        if self.strict and isinstance(found, Scalar) and type(found.value) not in (str, int):
            return self.spelled(found.value, part) if found.known else found
        if not isinstance(found, Record | Items):
            return found
        origin, _ = self.source(part)
        value = to_value(found)
        if not isinstance(origin, Call) or value is None or not value.known:
            return found
        text = self.meanings.written(self, origin, value.value)
        if text is None:
            return found
        return Scalar(text, part.start, part.end, Spans((Piece(text, part.start, part.end),)))

    def spelled(self, value: Json, whole: Expression) -> Scalar:
        """A value as a text, as the language writes it; not known where it is not known how."""
        text = value if isinstance(value, str) else self.meanings.spelled(value)
        shown = f"${{{value}}}" if text is None else text
        spans = Spans((Piece(shown, whole.start, whole.end),))
        return Scalar(shown, whole.start, whole.end, spans, text is not None)

    # Names

    def _named(self, expression: Name | Member) -> Evaluated:
        name = dotted(expression)
        found = self.variable(name, expression.start)
        if found is not None:
            return found
        if isinstance(expression, Member):
            env = self.meanings.env_member(expression)
            if env:
                return _env(env, expression)
            holder = dotted(expression.object)
            last = holder.rpartition(".")[2]
            if holder in self.meanings.selves or last[:1].isupper():
                # A constant of a class.
                found = self.variable(expression.name, expression.start)
                if found is not None:
                    return found
            inner = self.value(expression.object)
            if isinstance(inner, Record) and expression.name in inner:
                return inner[expression.name]
        constant = self.meanings.constant(name)
        if constant is not None:
            return Scalar(constant, expression.start, expression.end)
        if isinstance(expression, Name) and self.meanings.is_env(expression.name):
            named = Named(expression.name, *self.meanings.name_span(expression))
            return _env(named, expression)
        return _opaque(expression)

    def variable(self, name: str, position: int) -> Evaluated | None:
        """What a variable holds where it is used at `position`; None if it has no value."""
        if self.strict and (loop := loop_of(self.program, name, position)) is not None:
            set_there = self._assigned(name, position, self.program.function_around(position))
            if set_there is None or not loop.start <= set_there.position < position:
                said = first_round(self, loop, name, position)
                return Opaque(None, position, position, name) if said is None else said
        found = self._find(name, position)
        if found is None:
            return None
        if found.is_given:
            # What counts is what was there when the function was called.
            now, self._now = self._now, found.position
            value = self._sure(found.value)
            self._now = now
            return self._surely_mutated(name, value, found.of) if self.strict else value
        value = self._sure(found.value)
        if self.strict and self._may_be_left_out(found.position, position):
            start, lacks = where_lacking(self.program, name, found.position, position)
            before = self.variable(name, start) if lacks else None
            if not isinstance(before, Scalar | Record | Items):
                value = self._unsure(value)
            elif not (isinstance(before, Scalar) and before.value is None):
                # Of one that is empty, languages do not agree whether it is none.
                held = before.value if isinstance(before, Scalar) else len(before)
                return before if lacks == "null" or held else self._unsure(value)
        around = self.program.function_around(found.position)
        if self.strict and is_rebound(self.program, name, around):
            return self._unsure(value)
        return self._mutated(name, value, around)

    def source(self, expression: Expression | None) -> tuple[Expression | None, int]:
        """The expression that a variable, or a function of the program, gets its value from.

        Returns:
            The expression, and where a variable got it last; -1 if none did.
        """
        position = -1
        for _ in range(_DEEPEST):
            following: Expression | None = None
            if isinstance(expression, Name | Member):
                found = self._find(dotted(expression), expression.start)
                if found is not None:
                    following, position = found.value, found.position
            elif isinstance(expression, Call):
                last = dotted(expression.function).rpartition(".")[2]
                functions = self.program.functions_named(last)
                following = next((one for f in functions for one in f.returns), None)
            if following is None:
                break
            expression = following
        return expression, position

    def _find(self, name: str, position: int) -> _Found | None:
        around = self.program.function_around(position)
        while True:
            assigned = self._assigned(name, position, around)
            if assigned is not None:
                return _Found(assigned.value, assigned.position)
            if around is None:
                return self._attribute(name)
            if any(parameter == name for parameter, _ in around.parameters):
                return self._parameter(name, around)
            around = self.program.function_around(around.start - 1) if around.start else None
            if self.strict and (moment := self._moment(around)) is not None:
                # What a function finds outside is what is there when it is called.
                position = moment

    def _assigned(self, name: str, position: int, around: Function | None) -> Assignment | None:
        every = self.program.assignments.get(name)
        if not every:
            return None
        number = bisect_left(every, position, key=lambda one: one.position)
        before, after = every[max(number - _NEAR, 0) : number], every[number:][:_NEAR]
        if self.strict and self.program.function_around(position) is around:
            after = []
        # A function may be called when all of the program has been seen.
        for one in (*reversed(before), *reversed(after)):
            if one.grows and not self.strict:
                continue
            if self.program.function_around(one.position) is around:
                return one
        return None

    def _attribute(self, name: str) -> _Found | None:
        """What an object's own attribute gets in any of its methods."""
        if name.partition(".")[0] not in self.meanings.selves or "." not in name:
            return None
        every = self.program.assignments.get(name)
        if not every:
            return None
        value, position, _ = every[0]
        several = self.strict and len(every) > 1
        return _Found(Unknown(value.start, value.end) if several else value, position)

    def _parameter(self, name: str, around: Function) -> _Found | None:
        """What the first call of a function gives it."""
        names = [parameter for parameter, _ in around.parameters]
        number = names.index(name)
        for function, call in reversed(self._calling):
            if function is around:
                given = argument(call, number, name)
                if given is not None:
                    return _Found(given, call.start, True, around)
                break
        for call in self.program.calls_of(around.name)[:_NEAR] if around.name else ():
            if around.start <= call.start < around.end:
                continue
            given = argument(call, number, name)
            if given is not None:
                return _Found(given, call.start, True, around)
            if self.strict:
                break
        default = around.parameters[number][1]
        return _Found(default, around.start, True, around) if default is not None else None

    def _moment(self, around: Function | None) -> int | None:
        """Where a function, or the program around all, is when the value is asked for."""
        at = self._now
        for _ in range(_MOST_CALLERS):
            inner = self.program.function_around(at)
            if inner is around:
                return at
            if inner is None:
                return None
            callers = self.program.calls_of(inner.name) if inner.name else []
            first = next((c for c in callers if not inner.start <= c.start < inner.end), None)
            if first is None:
                return None
            at = first.start
        return None

    def _mutated(self, name: str, value: Evaluated, around: Function | None) -> Evaluated:
        """A variable's object after what goes into it, in that function."""
        made = value.call if isinstance(value, Opaque) else None
        if isinstance(value, Scalar) or (made is not None and not self.meanings.is_container(made)):
            return value
        if self.strict:
            return self._surely_mutated(name, value, around)
        mutations = self.program.mutations.get(name, [])
        until = self._moment(around)
        for keys, expression, position in mutations[:_NEAR]:
            if until is not None and position >= until:
                break
            if self.program.function_around(position) is around:
                value = self._with(value, keys, expression) or value
        return value

    def _surely_mutated(self, name: str, value: Evaluated, around: Function | None) -> Evaluated:
        """The same, where nothing else may have happened to it."""
        made = value.call if isinstance(value, Opaque) else None
        if isinstance(value, Scalar) or (made is not None and not self.meanings.is_container(made)):
            return value
        running = levels(self.program, self._now, around, _MOST_CALLERS)
        if name not in self._doubts:
            self._doubts[name] = doubtful(self.program, name, self.meanings.follows)
        went_in = applied(self.program, name, running, self._doubts[name])
        if went_in is None or len(went_in) > _NEAR:
            return self._unsure(value)
        for keys, expression, position in went_in:
            function = self.program.function_around(position)
            until = next(one.until for one in running if one.function is function)
            if self._may_be_left_out(position, -1 if until is None else until):
                return self._unsure(value)
            changed = self._with(value, keys, expression)
            if changed is None:
                return self._unsure(value)
            value = changed
        return value

    def _with(
        self, value: Evaluated, keys: tuple[Expression | None, ...], expression: Expression
    ) -> Evaluated | None:
        """An object with what goes into it; None where it is not known what it is then."""
        steps = [None if key is None else self._step(key) for key in keys]
        if isinstance(value, Record) and value.type and isinstance(steps[0], str):
            # A field that is set later.
            steps[0] = self.meanings.key(steps[0], value.type)
        if isinstance(value, Opaque) or (isinstance(value, Items) and not value):
            empty = Items if keys[0] is None else Record
            value = empty((), value.start, value.end)
        if not isinstance(expression, Spread):
            return value if _put(value, keys, steps, self._sure(expression)) else None
        items = self._as_it_is(expression.value)
        if not isinstance(items, Items):
            return None
        return value if all(_put(value, keys, steps, one) for one in items) else None

    def _step(self, key: Expression) -> str | int | None:
        """A key of an object, or the number of an item."""
        found = self.value(key)
        if isinstance(found, Scalar) and found.known and type(found.value) in (str, int):
            return found.value  # type: ignore[return-value]
        return None

    def _item(self, expression: Index) -> Evaluated:
        env = self.meanings.env_index(expression)
        key = self.value(expression.key)
        if env and isinstance(key, Scalar) and isinstance(key.value, str):
            return _env(Named(key.value, key.start, key.end), expression)
        inner = self.value(expression.object)
        if isinstance(key, Scalar):
            if isinstance(inner, Record) and isinstance(key.value, str):
                return inner[key.value] if key.value in inner else _opaque(expression)
            if isinstance(inner, Items) and isinstance(key.value, int):
                return next(iter(inner[key.value :][:1]), _opaque(expression))
        return _opaque(expression)

    # Objects

    def _object(self, expression: Object) -> Record:
        made = Record((), expression.start, expression.end)
        made.type = expression.type
        for key, item in expression.entries:
            name = None if key is None else self.key(key, expression.type)
            value = self._sure(item) if key is not None else self._as_it_is(item)
            if name is not None:
                made[name] = value
            elif key is None and isinstance(value, Record):
                made |= value
                made.rest += value.rest
            elif not (key is None and isinstance(value, Scalar) and value.value is None):
                made.rest.append(value)
        return made

    def key(self, key: Expression, type: str) -> str | None:
        """The name of an entry in JSON; of a field of a type, what the type says."""
        if isinstance(key, Name):
            fields = {field.name: field.key for field in self.program.types.get(type, ())}
            if key.name in fields:
                return fields[key.name]
            if not type and self.meanings.keys_are_variables:
                return self.text(key)
            return self.meanings.key(key.name, type)
        found = self.value(key)
        return str(found.value) if isinstance(found, Scalar) else None

    def _items(self, items: tuple[Expression, ...]) -> Iterator[Evaluated]:
        for item in items:
            if not isinstance(item, Spread):
                yield self._sure(item)
                continue
            inner = self._as_it_is(item.value)
            if isinstance(inner, Items):
                yield from inner
            else:
                # How many these are, only running would tell.
                yield Opaque(None, item.start, item.end, dotted(item.value))

    # Calls

    def _call(self, call: Call) -> Evaluated:
        name = dotted(call.function)
        last = name.rpartition(".")[2]
        first = call.arguments[0].value if call.arguments else None
        if name in self.meanings.env_calls and first is not None:
            key = self.value(first)
            if isinstance(key, Scalar) and isinstance(key.value, str):
                return _env(Named(key.value, key.start, key.end), call)
        found = self.meanings.known_call(self, call, name)
        if found is not None:
            return found
        encoded = self.meanings.encoded(call, name)
        path = self._path(encoded) if encoded is not None else None
        if path is not None:
            return Opaque(None, call.start, call.end, BASE64 + path)
        if last in self.meanings.json_parsers and first is not None:
            return self.parsed(self._sure(first)) or _opaque(call)
        receiver = call.function.object if isinstance(call.function, Member) else None
        is_method = last in self.meanings.transparent_methods and receiver is not None
        if last in self.meanings.transparent and first is not None:
            # `body.encode("utf-8")` is the body, `encoder.encode(body)` as well.
            held = self.value(receiver) if is_method else None
            if held is None or isinstance(held, Opaque):
                return self._passed(last, first, call, told=len(call.arguments) > 1)
            return self._passed(last, receiver, call, told=True)
        if is_method:
            return self._passed(last, receiver, call, told=first is not None)
        if last in self.meanings.formats:
            texts = call.arguments
            if receiver is not None and self.text(receiver) is not None:
                texts = (Given("", receiver, receiver.start, receiver.end), *texts)
            return self._formatted(texts, call)
        if last in self.program.types:
            return self._made(call, last)
        client: Opaque | None = None
        for function in self.program.functions_named(last):
            self._calling.append((function, call))
            values = [self._sure(returned) for returned in function.returns]
            self._calling.pop()
            for value in values:
                if not isinstance(value, Opaque) or value.name.startswith(BASE64):
                    return value
                client = client or (value if value.call is not None else None)
        if client is not None:
            return client
        if call.members is not None and call.members.entries and not call.arguments:
            return self._object(call.members)
        return Opaque(call, call.start, call.end, name)

    def _passed(
        self, name: str, expression: Expression | None, call: Call, *, told: bool
    ) -> Evaluated:
        """What a function gives back that gives back what it is given, but for blanks."""
        if expression is None:
            return _opaque(call)
        if not self.strict:
            return self._sure(expression)
        return trimmed(name, self._as_it_is(expression), told=told, whole=call) or _opaque(call)

    def _path(self, expression: Expression) -> str | None:
        """The path of the file whose bytes an expression is."""
        for _ in range(_DEEPEST):
            found = self._sure(expression)
            call = found.call if isinstance(found, Opaque) else None
            if call is None:
                return None
            first = argument(call, 0)
            receiver = call.function.object if isinstance(call.function, Member) else None
            if dotted(call.function).rpartition(".")[2] in self.meanings.opens:
                for named in (first, receiver):
                    path = self.text(named)
                    if path is not None:
                        return path
            if receiver is None:
                return None
            # `file.read()`: what that was opened by.
            expression = receiver
        return None

    def _made(self, call: Call, type: str) -> Record:
        """An object of a type that the program declares, as JSON."""
        fields = self.program.types[type]
        entries: dict[str, Evaluated] = {}
        for number, field in enumerate(fields):
            given = argument(call, number, field.name)
            found = self.value(given if given is not None else field.default)
            if found is not None:
                entries[field.key] = found
        if call.members is not None:
            entries |= self._object(replace(call.members, type=type))
        return Record(entries, call.start, call.end)

    def parsed(self, evaluated: Evaluated | None) -> Evaluated | None:
        """The value of a text that is JSON; what is no text is taken to be that value."""
        if not isinstance(evaluated, Scalar) or not isinstance(evaluated.value, str):
            return evaluated
        found, is_json = read_json(evaluated.value)
        looks_like_json = evaluated.value.lstrip()[:1] in ("{", "[")
        if not is_json and looks_like_json and evaluated.known:
            span = Span(evaluated.start, evaluated.end)
            if span not in self.broken_json:
                self.broken_json.append(span)
        if found is None or evaluated.spans is None:
            return evaluated
        if isinstance(found, JsonScalar) and isinstance(found.value, str) and not is_json:
            return evaluated
        return placed(found, evaluated.spans, evaluated.known)

    def _formatted(self, given: tuple[Given, ...], call: Call) -> Evaluated:
        r"""A text with `%s`, `{}` or `{0}` for the other arguments."""
        template = self.value(given[0].value) if given else None
        if not isinstance(template, Scalar) or template.spans is None:
            return _opaque(call)
        values = [self._sure(one.value) for one in given[1:]]
        named = {one.name: self._sure(one.value) for one in given[1:] if one.name}
        if self.strict:
            values = [self._as_text(one, call) for one in values]
            named = {name: self._as_text(one, call) for name, one in named.items()}
        braces = self.meanings.has_braces(call) if self.strict else None
        return formatted(template, values, named, call, braces=braces)

    def _as_text(self, value: Evaluated, whole: Expression) -> Evaluated:
        if isinstance(value, Scalar) and value.known and type(value.value) not in (str, int):
            return self.spelled(value.value, whole)
        return value


class _Found(NamedTuple):
    """What a variable holds: what it was assigned at a position, or what a call gives it."""

    value: Expression
    position: int
    is_given: bool = False
    of: Function | None = None
    """The function that it is given to."""


def _opaque(expression: Expression) -> Opaque:
    name = dotted(expression) if isinstance(expression, Name | Member | Index) else ""
    return Opaque(None, expression.start, expression.end, name)


def _env(named: Named, expression: Expression) -> Scalar:
    text = f"${{{named.name}}}"
    spans = Spans((Piece(text, expression.start, expression.end),))
    return Scalar(text, expression.start, expression.end, spans, False, named)


def _put(
    into: Evaluated,
    keys: tuple[Expression | None, ...],
    steps: list[str | int | None],
    value: Evaluated,
) -> bool:
    """Put a value where the steps lead; False where they lead nowhere that is known."""
    for number, step in enumerate(steps[:-1]):
        if isinstance(into, Items) and isinstance(step, int) and -len(into) <= step < len(into):
            into = into[step]
            continue
        if not isinstance(into, Record) or not isinstance(step, str):
            return False
        empty = Items if keys[number + 1] is None else Record
        into = into.setdefault(step, empty((), value.start, value.end))
    last = steps[-1]
    if isinstance(into, Items) and keys[-1] is None:
        into.append(value)
    elif isinstance(into, Items) and isinstance(last, int) and -len(into) <= last < len(into):
        into[last : last + 1 or None] = [value]
    elif isinstance(into, Record) and isinstance(last, str):
        into[last] = value
    else:
        return False
    return True
