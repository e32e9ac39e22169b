"""Named examples: calls of every kind, in call files that a user can copy.

    samplegen/examples/<name>.json

What a program does with the answer is told by the call; where several fit, it stands here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from samplegen.errors import InputError, unknown

if TYPE_CHECKING:
    from samplegen.model.call import Call
    from samplegen.model.catalog import Catalog


class LackingError(InputError):
    """A service that has not what an example needs."""


class Example(NamedTuple):
    """What an example shows, in a few words, and the flow where the call does not tell it."""

    about: str
    flow: str | None = None


EXAMPLES = {
    "first-call": Example("a question and the whole answer: the default"),
    "text": Example("the answer's text alone", "text"),
    "streaming": Example("the answer as it arrives, and what it took"),
    "thinking": Example("the reasoning, then the answer, as they arrive"),
    "no-thinking": Example("a model that thinks by itself, told not to", "text"),
    "json": Example("an answer in JSON, parsed", "json"),
    "json-schema": Example("an answer that follows a JSON schema, and one field of it", "json"),
    "tools": Example("a function that the model calls, run, and the answer with its result"),
    "parallel-tools": Example("several functions called at once"),
    "streaming-tools": Example("a function called in a stream"),
    "image": Example("a question about a picture", "text"),
    "images": Example("a question about several pictures", "text"),
    "local-image": Example("a question about a picture in a file", "text"),
    "turns": Example("a conversation that is given", "text"),
    "chat": Example("a second question that goes on from the first answer"),
    "search": Example("an answer that draws on a web search", "text"),
    "sampling": Example("temperature, length, and a seed", "text"),
}


def path_of(name: str) -> Path | None:
    """The call file of an example; None for the first call, which is the catalog's default.

    Raises:
        InputError: there is no such example.
    """
    if name not in EXAMPLES:
        raise unknown("example", name, EXAMPLES)
    file = Path(__file__).with_name(f"{name}.json")
    return file if name != "first-call" else None


# Fields that are not every service's.
_OF_SERVICE = ("enable_thinking", "enable_search")
# What an example leaves to the call of a project.
_OF_PLACE = ("protocol", "region", "host", "workspace", "workspace_by")


def of_project(name: str, call: Call | None, catalog: Catalog) -> dict[str, Any]:
    """An example as a project shows it: where the project's call goes, and with its model.

    Another model is one that the example cannot do without.

    Raises:
        LackingError: the catalog's service has not what it needs.
        InputError: there is no such example.
    """
    from samplegen.model.call_file import read_call
    from samplegen.model.catalog import TEXT, builtin

    file = path_of(name)
    data, _ = read_call(file) if file else ({}, "")
    assert isinstance(data, dict)
    said = call.as_json() if call else {}
    kept = {field: said[field] for field in _OF_PLACE if field in said}
    usual, own = builtin().defaults.model, catalog.defaults.model
    needed = data.get("model", usual)
    lacking = [field for field in _OF_SERVICE if field in data and field not in catalog.parameters]
    if needed == usual:
        kept["model"] = said.get("model", own)
    elif catalog.family(needed) is TEXT:
        lacking.append(needed)
    if lacking:
        raise LackingError(
            f"the example {name!r} needs `{lacking[0]}`, which is not in the catalog of "
            f"{catalog.provider.name}: write such a call yourself, and give it with --call"
        )
    return {**data, **kept}


@cache
def names() -> tuple[str, ...]:
    """The names of all examples, in the order of the docs."""
    return tuple(EXAMPLES)
