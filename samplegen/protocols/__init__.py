"""What goes over the wire, a file for each protocol, found by its name.

Nothing outside this package knows the shape of a body, an answer or a chunk.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from samplegen.errors import unknown

if TYPE_CHECKING:
    from samplegen.protocols.base import Protocol

# The order in which the docs show them; a protocol that is not named comes after these.
ORDER = ("openai", "dashscope")

# What they share.
_SHARED = ("__init__", "base", "request")


@cache
def protocol_ids() -> tuple[str, ...]:
    """The ids of all protocols, in the order of the docs."""
    found = {path.stem for folder in __path__ for path in Path(folder).glob("*.py")}
    return tuple(
        sorted(
            found - {*_SHARED},
            key=lambda one: (ORDER.index(one) if one in ORDER else len(ORDER), one),
        )
    )


@cache
def protocol(id: str) -> Protocol:
    """The protocol of that id.

    Raises:
        InputError: there is none.
    """
    if id not in protocol_ids():
        raise unknown("protocol", id, protocol_ids())
    made: Protocol = import_module(f"{__name__}.{id}").PROTOCOL
    return made
