"""What samples there are: a template's path says for which target it is, and what it shows.

    templates/<protocol>/<language>-<client>/<flow>.<extension>.j2

A template in `templates/any/` serves every protocol: the same HTTP client sends any JSON
body to any URL. A flow without a file is one that the target does not have; other files in
a target's folder, such as `base`, are what its flows share.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from samplegen.errors import InputError, unknown
from samplegen.languages import language, language_ids
from samplegen.protocols import protocol_ids

CLIENTS = ("sdk", "http")

FLOWS = ("whole", "text", "json", "stream", "tools", "tools-stream", "chat")
"""What a program does with the answer."""


class Target(NamedTuple):
    """A language, a protocol and a client; its sample's file name.

    `templates` are the paths of its flows' templates, below the folder of templates, by flow.
    """

    language: str
    protocol: str
    client: str
    filename: str
    templates: tuple[tuple[str, str], ...]

    @property
    def flows(self) -> list[str]:
        """What its samples can show."""
        return [flow for flow, _ in self.templates]

    @property
    def name(self) -> str:
        """As a path: `openai/python-sdk`."""
        return f"{self.protocol}/{self.language}-{self.client}"


@cache
def templates() -> Path:
    """The folder of templates: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@cache
def targets() -> tuple[Target, ...]:
    """All targets, in the order of the docs: by protocol, language and client."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    folder = templates()
    for protocol in protocol_ids():
        # Of two templates for a flow, the protocol's own is the one.
        for path in (*folder.glob("any/*/*.j2"), *folder.glob(f"{protocol}/*/*.j2")):
            flow, _, extension = path.name.removesuffix(".j2").partition(".")
            if flow in FLOWS:
                flows = found.setdefault((protocol, f"{path.parent.name}.{extension}"), {})
                flows[flow] = path.relative_to(folder).as_posix()
    ids, protocols = language_ids(), protocol_ids()
    made = []
    for (protocol, filename), flows in found.items():
        id, _, client = filename.partition(".")[0].rpartition("-")
        if id in ids and client in CLIENTS:
            there = tuple((flow, flows[flow]) for flow in FLOWS if flow in flows)
            made.append(Target(id, protocol, client, filename, there))
    return tuple(
        sorted(
            made,
            key=lambda t: (
                protocols.index(t.protocol),
                ids.index(t.language),
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
