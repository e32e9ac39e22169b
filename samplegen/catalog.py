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
from typing import Any, ClassVar, Literal

from samplegen.errors import InputError, unknown

BUILTIN = Path(__file__).with_name("catalog.toml")

Kind = Literal["text", "multimodal"]

# What a catalog says is placed in comments and URLs, so it is checked here, once.
_LABEL = re.compile(r"(?!.*\?>)\S(?:.*\S)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?")
_PATH = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)
_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[\w.~/#%-]*)?", re.ASCII)
_WORKSPACE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_VERSION = re.compile(r"[\w.+-]+", re.ASCII)
_PACKAGE = re.compile(r"[\w.@:/-]+", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]+")


def _require(pattern: re.Pattern[str], value: str, where: str, what: str) -> None:
    if not pattern.fullmatch(value) or not value.isprintable():
        raise InputError(f"{where}: {value!r} is not {what}")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who serves the models, and the environment variable that holds the reader's key."""

    name: str
    key_env: str
    key_placeholder: str = "sk-xxx"

    def __post_init__(self) -> None:
        _require(_LABEL, self.name, "provider.name", "a name of one line without '?>'")
        _require(_NAME, self.key_env, "provider.key_env", "the name of an environment variable")
        _require(_KEY, self.key_placeholder, "provider.key_placeholder", "a word of plain ASCII")


@dataclass(frozen=True, slots=True)
class Links:
    """Pages that the notes in samples point at."""

    api_key: str
    models: str

    def __post_init__(self) -> None:
        _require(_LINK, self.api_key, "links.api_key", "a link without a query")
        _require(_LINK, self.models, "links.models", "a link without a query")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a call asks when it does not say."""

    region: str
    model: str
    messages: list[dict[str, str]]
    protocol: str = "openai"


@dataclass(frozen=True, slots=True)
class Region:
    """Where models run. `name` is one string, or one for each locale, `en` at least."""

    name: str | dict[str, str]
    host: str | None = None
    workspace_host: str | None = None
    scheme: Literal["https", "http"] = "https"
    published: bool = False

    def __post_init__(self) -> None:
        names = {"en": self.name} if isinstance(self.name, str) else self.name
        if "en" not in names:
            raise InputError("region name: an English name, 'en', is missing")
        for name in names.values():
            _require(_LABEL, name, "region name", "a name of one line without '?>'")
        if self.host is None and self.workspace_host is None:
            raise InputError(f"region {names['en']!r}: give it a host, a workspace_host, or both")
        if self.host is not None:
            _require(_HOST, self.host, "region host", "a host name")
        if self.workspace_host is not None:
            if self.workspace_host.count("{workspace}") != 1:
                raise InputError(
                    f"region workspace_host: {self.workspace_host!r} must contain {{workspace}} once"
                )
            host = self.workspace_host.replace("{workspace}", "w")
            _require(_HOST, host, "region workspace_host", "a host name")

    def label(self, locale: str) -> str:
        """The region's name in `locale`, else in English."""
        if isinstance(self.name, str):
            return self.name
        return self.name.get(locale, self.name["en"])


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a protocol is served: the SDKs' base path, and each kind of model's path below it."""

    base_path: str
    paths: dict[Kind, str]

    def __post_init__(self) -> None:
        _require(_PATH, self.base_path, "protocol base_path", "a path such as '/v1'")
        for path in self.paths.values():
            _require(_PATH, path, "protocol path", "a path such as '/chat/completions'")


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Models that are called alike. `patterns` are those of `fnmatch`."""

    name: str
    patterns: list[str]
    kind: Kind = "text"
    models: list[str] = field(default_factory=list)
    protocols: list[str] = field(default_factory=lambda: ["openai", "dashscope"])
    streams_only: bool = False
    options: dict[str, Any] = field(default_factory=dict)


TEXT = Family(name="text", patterns=["*"])


@dataclass(frozen=True, slots=True)
class Package:
    """A package in its ecosystem's registry, at the version that samples are made for."""

    name: str
    version: str

    def __post_init__(self) -> None:
        _require(_PACKAGE, self.name, "package name", "a package name")
        _require(_VERSION, self.version, f"version of {self.name}", "a version")

    @property
    def label(self) -> str:
        """The name without what its registry puts around it: a Maven group, a Go host or major."""
        return re.split(r"[:/]", re.sub(r"/v\d+$", "", self.name))[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """All facts about one provider.

    Raises:
        InputError: a fact that contradicts another one.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    provider: Provider
    links: Links
    defaults: Defaults
    regions: dict[str, Region]
    protocols: dict[str, Paths]
    families: list[Family] = field(default_factory=list)
    packages: dict[str, dict[str, Package]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.region(self.defaults.region)
        self.protocol(self.defaults.protocol)

    @property
    def published(self) -> list[str]:
        """The ids of the regions that `render --all` writes: those marked so, else all with a host."""
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
        """Scheme and host of a region, such as `https://dashscope.example`; no slash at the end.

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
        if not _WORKSPACE.fullmatch(workspace):
            raise InputError(
                f"workspace {workspace!r} cannot be part of a host name: "
                f"use letters, digits and inner hyphens, 63 at most"
            )
        return f"{facts.scheme}://{facts.workspace_host.format(workspace=workspace)}"

    def package(self, language: str, protocol: str, client: str) -> Package | None:
        """What a target installs, or None where the language brings all it needs."""
        packages = self.packages.get(language, {})
        return packages.get(f"{protocol}-{client}") or packages.get(client)


@cache
def builtin() -> Catalog:
    """The catalog that samplegen brings along."""
    # Built by hand, not by pydantic: its import takes longer than a render. A test
    # holds the outcome against `load`.
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


def load(path: Path) -> Catalog:
    """Read a catalog of a user's own; `packages` it leaves out are the built-in ones.

    Raises:
        InputError: an unreadable file, one that is not UTF-8 or not TOML, an
            unknown or missing table or field, a value of the wrong type.
    """
    from samplegen.files import read_text
    from samplegen.validation import validate

    try:
        data = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None
    catalog = validate(Catalog, data, str(path))
    if "packages" not in data:
        catalog.packages.update(builtin().packages)
    return catalog
