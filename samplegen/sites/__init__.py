"""Tab sets, in the form that each site builder reads; a file for each builder.

Only the builder that is asked for is imported. To add one: its file, with a `Site` as `SITE`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from samplegen.errors import unknown

if TYPE_CHECKING:
    from samplegen.sites.base import Site

# What is no builder's file.
_SHARED = frozenset({"__init__", "asking", "base", "detect", "overlay", "samples", "settings"})


@cache
def site_names() -> tuple[str, ...]:
    """The names of all builders, in order."""
    found = {path.stem for folder in __path__ for path in Path(folder).glob("*.py")}
    return tuple(sorted(found - _SHARED))


@cache
def site(name: str) -> Site:
    """The builder of that name.

    Raises:
        InputError: there is none.
    """
    if name not in site_names():
        raise unknown("tabs", name, site_names())
    found: Site = import_module(f"{__name__}.{name}").SITE
    return found
