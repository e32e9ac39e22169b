"""What names and calls mean in a language, where it is not what the program says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from samplegen.model.frozen import Json
from samplegen.readback.expressions import Call, Expression, Index, Member, Name
from samplegen.readback.model import Named
from samplegen.readback.values import Evaluated, Record

if TYPE_CHECKING:
    from samplegen.readback.evaluate import Evaluator


class Meanings:
    """What names and calls mean in a language, where it is not what the program says itself."""

    selves: ClassVar[frozenset[str]] = frozenset({"this", "self", "cls", "static"})
    """What the object, or the class, that a method belongs to is called."""
    repeats: ClassVar[bool] = False
    """Whether a text times a number is that text so often."""
    counts: ClassVar[bool] = False
    """Whether `range`, `enumerate` and `.items()` are what Python has by these names."""
    goes_over_items: ClassVar[bool] = False
    """Whether a loop with one variable goes over the items of a list."""
    follows: ClassVar[frozenset[str]] = frozenset()
    """Methods that change an object, in a way that is followed."""
    keys_are_variables: ClassVar[bool] = False
    """Whether a bare name as a key stands for a variable's value."""

    env_calls: ClassVar[frozenset[str]] = frozenset()
    """Functions that give the environment variable of their first argument."""
    transparent: ClassVar[frozenset[str]] = frozenset()
    """Functions whose value is, for JSON, that of their first argument."""
    transparent_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods whose value is, for JSON, that of their object."""
    json_parsers: ClassVar[frozenset[str]] = frozenset()
    """Functions that read JSON text."""
    formats: ClassVar[frozenset[str]] = frozenset()
    """Functions that put their other arguments into the first one."""
    opens: ClassVar[frozenset[str]] = frozenset()
    """Functions that open, or read, the file that their first argument or their object names."""
    encodes: ClassVar[frozenset[str]] = frozenset()
    """Functions that write the bytes that their first argument is in base64."""

    def spelled(self, value: Json) -> str | None:
        """A boolean, null or a number with a point as a text puts it; None if that is not known."""
        return {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None

    def has_braces(self, call: Call) -> bool:
        """Whether what puts values into a text does so at `{}`, and not at `%s`."""
        return False

    def is_env(self, name: str) -> bool:
        """Whether a variable without a value is one of the environment."""
        return False

    def name_span(self, name: Name) -> tuple[int, int]:
        """Where the name itself stands, without marks."""
        return name.start, name.end

    def env_member(self, member: Member) -> Named | None:
        """The environment variable that a member is."""
        return None

    def env_index(self, index: Index) -> bool:
        """Whether an object's items are environment variables."""
        return False

    def constant(self, name: str) -> str | None:
        """The text of a constant that a library declares."""
        return None

    def is_container(self, call: Call) -> bool:
        """Whether a call makes an empty object or list, to be filled."""
        return False

    def key(self, name: str, type: str) -> str:
        """The name in JSON of a field of a type that the program does not declare."""
        return name

    def typed(self, record: Record, type: str) -> Evaluated:
        """An object of a type that the program does not declare, as JSON."""
        return record

    def known_call(self, evaluator: Evaluator, call: Call, name: str) -> Evaluated | None:
        """The value of a call that only this language has."""
        return None

    def written(self, evaluator: Evaluator, call: Call, value: Json) -> str | None:
        """What a call makes of a JSON value that it writes as JSON text, to the letter."""
        return None

    def encoded(self, call: Call, name: str) -> Expression | None:
        """What a call writes in base64; None if it does not."""
        return argument(call, 0) if name.rpartition(".")[2] in self.encodes else None


def argument(call: Call, number: int, name: str = "") -> Expression | None:
    """The argument of that name, else the one at that place."""
    unnamed = []
    for given in call.arguments:
        if given.name == name and name:
            return given.value
        if not given.name:
            unnamed.append(given.value)
    return unnamed[number] if 0 <= number < len(unnamed) else None
