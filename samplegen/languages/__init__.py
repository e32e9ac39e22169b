"""The languages that samples are written in, a room for each, found by their folders.

    languages/<id>/literals.py     how values, comments and installing are written
    languages/<id>/page.py         how pages name it, and how its code is recognised
    languages/<id>/reader.py       how a program's text is read back
    languages/<id>/checks.py       what the rules ask of it
    languages/<id>/toolchain.py    how a program is built and run
    languages/<id>/registry.py     which versions its registry has of a package
    languages/<id>/runtimes.py     which versions a registry has of what runs it

Only the first one must be there. What needs a parser or a compiler is imported by the
engine that uses it, by `part`, so that rendering stays light.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from samplegen.errors import unknown

if TYPE_CHECKING:
    from samplegen.languages.base import Language

# The order in which the docs show them; a language that is not named comes after these.
ORDER = ("python", "java", "nodejs", "go", "csharp", "php", "curl")


@cache
def language(name: str) -> Language:
    """The language of that id or alias, in any case.

    Raises:
        InputError: there is none.
    """
    wanted = name.lower()
    if wanted in language_ids():
        return _load(wanted)
    for one in language_ids():
        if wanted in _load(one).aliases:
            return _load(one)
    aliases = [alias for one in language_ids() for alias in _load(one).aliases]
    error = unknown("language", name, [*language_ids(), *aliases])
    if "choose from" in str(error):
        error = unknown("language", name, language_ids())
    raise error


@cache
def language_ids() -> tuple[str, ...]:
    """The ids of all languages, in the order of the docs."""
    found = {path.parent.name for folder in __path__ for path in Path(folder).glob("*/literals.py")}
    return tuple(
        sorted(found, key=lambda one: (ORDER.index(one) if one in ORDER else len(ORDER), one))
    )


@cache
def has(id: str, name: str) -> bool:
    """Whether a language's room has a module of that name, such as `reader`."""
    return any((Path(folder) / id / f"{name}.py").is_file() for folder in __path__)


def part(id: str, name: str) -> ModuleType:
    """A module of a language's room, such as `reader`; ask `has` whether it is there."""
    return import_module(f"{__name__}.{id}.{name}")


@cache
def _load(id: str) -> Language:
    from samplegen.languages.base import Language

    for value in vars(part(id, "literals")).values():
        if isinstance(value, type) and issubclass(value, Language) and vars(value).get("id") == id:
            return value()
    raise LookupError(f"languages/{id}/literals.py defines no Language with id = {id!r}")
