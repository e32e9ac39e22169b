"""The facts about a provider, read from a TOML file.

`catalog.toml` beside this module is the built-in catalog. A user's own file has
the same tables and describes any other OpenAI-compatible service.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from samplegen.errors import InputError, unknown
from samplegen.protocols import protocol_ids

BUILTIN = Path(__file__).with_name("catalog.toml")

Kind = Literal["text", "multimodal"]
Protocol = str
"""The id of a protocol: see `samplegen.protocols`."""


class Provider(NamedTuple):
    """The environment variable that holds the reader's key, and what stands for a key."""

    key_env: str
    key_placeholder: str = "sk-xxx"


class Links(NamedTuple):
    """Pages that the notes in samples point at."""

    api_key: str
    models: str


class Defaults(NamedTuple):
    """What a call asks when it does not say."""

    region: str
    model: str
    messages: list[dict[str, str]]
    protocol: Protocol = "openai"


class Region(NamedTuple):
    """Where models run. `name` is one string, or one for each locale, `en` at least."""

    name: str | dict[str, str]
    host: str | None = None
    workspace_host: str | None = None
    scheme: Literal["https", "http"] = "https"
    published: bool = False

    def label(self, locale: str) -> str:
        """The region's name in `locale`, else in English."""
        if isinstance(self.name, str):
            return self.name
        return self.name.get(locale, self.name["en"])


class Paths(NamedTuple):
    """Where a protocol is served: the SDKs' base path, and each kind of model's path below it."""

    base_path: str
    paths: dict[Kind, str]


@dataclass(frozen=True, eq=False)
class Family:
    """Models that are called alike. `patterns` are those of `fnmatch`."""

    name: str
    patterns: list[str]
    kind: Kind = "text"
    models: list[str] = field(default_factory=list)
    protocols: list[str] = field(default_factory=lambda: [*protocol_ids()])
    streams_only: bool = False
    thinking: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


TEXT = Family(name="text", patterns=["*"])


class Package(NamedTuple):
    """A package in its ecosystem's registry, at the version that samples are made for.

    Args:
        runtime: what it needs, where that is more than other samples of its language.
        flows: the flows whose samples need it; None is all.
    """

    name: str
    version: str
    runtime: str | None = None
    flows: list[str] | None = None

    @property
    def label(self) -> str:
        """The name without what its registry puts around it: a Maven group, a Go host or major."""
        return re.split(r"[:/]", re.sub(r"/v\d+$", "", self.name))[-1]


@dataclass(frozen=True, eq=False)
class Catalog:
    """All facts about one provider."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    provider: Provider
    links: Links
    defaults: Defaults
    regions: dict[str, Region]
    protocols: dict[str, Paths]
    families: list[Family] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, dict[str, Package]] = field(default_factory=dict)

    @property
    def published(self) -> list[str]:
        """The regions that `render --all` writes: those marked so, else all with a host."""
        marked = [name for name, region in self.regions.items() if region.published]
        return marked or [name for name, region in self.regions.items() if region.host]

    @property
    def models(self) -> list[str]:
        """Known model names, the default one first."""
        listed = [model for family in self.families for model in family.models]
        return list(dict.fromkeys([self.defaults.model, *listed]))

    def region(self, name: str) -> Region:
        """The region of that id.

        Raises:
            InputError: there is none.
        """
        if name not in self.regions:
            raise unknown("region", name, self.regions)
        return self.regions[name]

    def protocol(self, name: str) -> Paths:
        """Where that protocol is served.

        Raises:
            InputError: this provider does not speak it.
        """
        if name not in self.protocols:
            raise unknown("protocol", name, self.protocols)
        return self.protocols[name]

    def family(self, model: str) -> Family:
        """The first family with a matching pattern, else a plain text family."""
        for family in self.families:
            if any(fnmatchcase(model, pattern) for pattern in family.patterns):
                return family
        return TEXT

    def origin(self, region: str, workspace: str | None = None) -> str:
        """Scheme and host of a region, without a slash at the end.

        Raises:
            InputError: an unknown region; a region that needs a workspace, or
                has no host for one; a workspace that no host name can contain.
        """
        facts = self.region(region)
        if workspace is None:
            if facts.host is None:
                raise InputError(
                    f"region {region!r} has no shared host: give the id of your workspace "
                    f"(--workspace, or 'workspace' in the call)"
                )
            return f"{facts.scheme}://{facts.host}"
        if facts.workspace_host is None:
            with_one = [name for name, other in self.regions.items() if other.workspace_host]
            raise InputError(
                f"region {region!r} has no workspace hosts: leave the workspace out"
                + (f", or choose from {', '.join(with_one)}" if with_one else "")
            )
        if not _fits_host(workspace):
            raise InputError(
                f"workspace {workspace!r} cannot be part of a host name: "
                f"use letters, digits and inner hyphens, 63 at most"
            )
        return f"{facts.scheme}://{facts.workspace_host.format(workspace=workspace)}"

    def package(
        self, language: str, protocol: str, client: str, flow: str = "whole"
    ) -> Package | None:
        """What a target's flow installs, or None where the language brings all it needs."""
        packages = self.packages.get(language, {})
        package = packages.get(f"{protocol}-{client}") or packages.get(client)
        needed = package is not None and (package.flows is None or flow in package.flows)
        return package if needed else None


def _fits_host(label: str) -> bool:
    """Whether a text can be one label of a host name: RFC 1123, section 2.1.

    Two hyphens after two letters are reserved: RFC 5891, section 4.2.3.1.
    """
    word = label.replace("-", "")
    inner = not (label.startswith("-") or label.endswith("-") or label[2:4] == "--")
    return word.isascii() and word.isalnum() and inner and len(label) <= 63


@cache
def builtin() -> Catalog:
    """The catalog that samplegen brings along."""
    # Built by hand, not by pydantic: its import takes longer than a render. A test
    # holds the outcome against `catalog_file.load`.
    data = tomllib.loads(BUILTIN.read_text(encoding="utf-8"))
    return Catalog(
        provider=Provider(**data["provider"]),
        links=Links(**data["links"]),
        defaults=Defaults(**data["defaults"]),
        regions={name: Region(**region) for name, region in data["regions"].items()},
        protocols={name: Paths(**paths) for name, paths in data["protocols"].items()},
        families=[Family(**family) for family in data["families"]],
        packages={
            language: {target: Package(**package) for target, package in packages.items()}
            for language, packages in data["packages"].items()
        },
    )
