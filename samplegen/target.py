"""What samples there are: a template's path says for which language, protocol and client it is.

    templates/<protocol>/<language>-<client>.<extension>.j2

A template in `templates/any/` serves every protocol: the same HTTP client sends
any JSON body to any URL.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from samplegen.catalog import PROTOCOLS
from samplegen.errors import InputError, unknown
from samplegen.language import language, language_ids

CLIENTS = ("sdk", "http")


class Target(NamedTuple):
    """A kind of sample: its template, below the folder of templates, and its file's name."""

    language: str
    protocol: str
    client: str
    template: str
    filename: str


@cache
def templates() -> Path:
    """The folder of templates: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@cache
def targets() -> tuple[Target, ...]:
    """All targets, in the order of the docs: by protocol, language and client."""
    found = []
    for path in templates().glob("*/*.j2"):
        language_id, _, client = path.name.split(".")[0].partition("-")
        template = f"{path.parent.name}/{path.name}"
        served = PROTOCOLS if path.parent.name == "any" else (path.parent.name,)
        found += [Target(language_id, p, client, template, path.stem) for p in served]
    order, protocols = language_ids(), [*map(str, PROTOCOLS)]
    return tuple(
        sorted(
            found,
            key=lambda t: (
                protocols.index(t.protocol),
                order.index(t.language),
                CLIENTS.index(t.client),
            ),
        )
    )


@cache
def find(language_name: str, protocol: str, client: str | None = None) -> Target:
    """The target for a language (an id or alias), a protocol and a client.

    Args:
        client: `sdk`, `http`, or None for the SDK where there is one.

    Raises:
        InputError: an unknown language or client, or a client that the language
            does not have for that protocol.
    """
    wanted = language(language_name)
    if client is not None and client not in CLIENTS:
        raise unknown("client", client, CLIENTS)
    there = [t for t in targets() if t.language == wanted.id and t.protocol == protocol]
    for target in there:
        if client in (None, target.client):
            return target
    clients = " or ".join(repr(target.client) for target in there)
    raise InputError(
        f"{wanted.name} has no {client or 'sample'!r} for protocol {protocol!r}"
        + (f": use {clients}" if clients else "")
    )
