"""The facts about a provider, read from a TOML file.

`catalog.toml` beside this module is the built-in catalog. A user's own file has
the same tables and describes any other OpenAI-compatible service.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeVar, overload

from samplegen.errors import InputError, unknown
from samplegen.model import hosts
from samplegen.model.hosts import HostFact, Scheme
from samplegen.model.parameter import Parameter, parameter
from samplegen.protocols import protocol_ids

BUILTIN = Path(__file__).with_name("catalog.toml")
PARAMETERS = BUILTIN.with_name("parameters.toml")
ENDPOINTS = BUILTIN.with_name("endpoints.toml")
MODELS = BUILTIN.with_name("models.toml")

Kind = Literal["text", "multimodal"]
Protocol = str
"""The id of a protocol: see `samplegen.protocols`."""
Thinking = Literal["none", "off", "on", "only"]

T = TypeVar("T")


@dataclass(frozen=True)
class Provider:
    """Who serves the models, and what a caller shows to be let in.

    Attributes:
        key_env: the environment variable that holds the reader's key; empty where none is needed.
        key_placeholder: what stands for a key in a note.
        name: what the provider is called.
        key_aliases: other names of that variable that are right in pages.
        key_literal: what SDKs are given that want a key where none is needed, and what is sent
            where an optional one is not set.
        key_optional: the key is sent where its variable is set, else `key_literal`.
        auth: headers with the key, and all are right. Samples send the first, but an SDK
            its own, `Authorization: Bearer`, where that is among them.
        headers: what each request sends beside.
        host: the provider's one host, in place of `regions`.
        scheme: of that host.
    """

    key_env: str = ""
    key_placeholder: str = "sk-xxx"
    name: str = ""
    key_aliases: tuple[str, ...] = ()
    key_literal: str = ""
    key_optional: bool = False
    auth: tuple[str, ...] = ("Authorization: Bearer {key}",)
    headers: dict[str, str] = field(default_factory=dict)
    host: str | None = None
    scheme: Scheme = "https"


class Links(NamedTuple):
    """Pages that the notes in samples point at; empty where there is none.

    Attributes:
        api_key: where a key is had.
        models: where the models are listed.
    """

    api_key: str = ""
    models: str = ""


class EveryLink(NamedTuple):
    """The same of several regions, without what is empty."""

    api_key: list[str]
    models: list[str]


class Auth(NamedTuple):
    """A header with a key: its name, and what stands before the key, such as `Bearer `."""

    header: str
    prefix: str


BEARER = Auth("Authorization", "Bearer ")
"""The header that SDKs send their key in."""


class Access(NamedTuple):
    """How a program of a client shows in a region that it may call.

    Attributes:
        env: the variable with the key; empty where none is needed.
        literal: the key where no variable has one; empty where there is none.
        auth: the header with the key; None where none is sent.
    """

    env: str
    literal: str
    auth: Auth | None


class Defaults(NamedTuple):
    """What a call asks when it does not say.

    Attributes:
        region: where it goes; may be left out where there is one.
        model: whom it asks.
        messages: each with a `role` and a `content`.
        protocol: how it is spoken to.
    """

    region: str
    model: str
    messages: list[dict[str, str]]
    protocol: Protocol = "openai"


class Region(NamedTuple):
    """Where models run.

    Attributes:
        name: one string, or one for each locale, `en` at least.
        host: with its port, where it has one of its own; also `127.0.0.1` or `[::1]`.
        workspace_host: that of a workspace, with `{workspace}` for its id.
        scheme: of its hosts.
        published: whether its samples are among those of `render --all`.
        noted: whether the notes of all samples list it; where none is marked so, they list the
            published ones. A new region that is not changes no other's samples.
        aliases: other hosts of the region that are right.
        key_env, links, headers: where they are not the provider's; a `key_env` that is
            empty says that no key is needed here.
    """

    name: str | dict[str, str]
    host: str | None = None
    workspace_host: str | None = None
    scheme: Scheme = "https"
    published: bool = False
    aliases: tuple[str, ...] = ()
    key_env: str | None = None
    links: Links | None = None
    headers: dict[str, str] | None = None
    noted: bool = False

    def label(self, locale: str) -> str:
        """The region's name in `locale`, else in English."""
        if isinstance(self.name, str):
            return self.name
        return self.name.get(locale, self.name["en"])


class Paths(NamedTuple):
    """Where a protocol is served: the SDKs' base path, and each kind of model's path below it.

    Attributes:
        base_path: empty, or with a slash in front and none behind.
        paths: by kind of model, `text` and `multimodal`.
        aliases: other base paths that are right.
        errors: the body of a refusal. `object`: what is wrong is in its `error`; `flat`: it is
            the body itself; `list`: a list of one such object.
        sdk_base_url: where its SDKs call to where a program does not say it; empty where that
            is another service.
    """

    base_path: str
    paths: dict[Kind, str]
    aliases: tuple[str, ...] = ()
    errors: Literal["object", "flat", "list"] = "object"
    sdk_base_url: str = ""

    @property
    def bases(self) -> tuple[str, ...]:
        """All base paths that are right, the usual one first."""
        return (self.base_path, *self.aliases)


@dataclass(frozen=True, eq=False)
class Family:
    """Models that are called alike. What is None is not known, and restricts nothing.

    Attributes:
        name: what they are called in messages.
        patterns: of the models' names, as `fnmatch` reads them.
        kind: which of a protocol's paths they are at.
        models: names to list and to complete; the patterns say which there are.
        protocols: that serve them; default: all of the catalog.
        streams_only: it answers a call that does not stream with an error.
        options: what a call must send for the model to answer at all.
        chat: whether these are chat models; others have endpoints of their own.
        thinking: `none`; `off` or `on`: it can be switched, and what it is by itself; `only`.
        reasoning: the field of an answer, in the OpenAI protocol, that its reasoning stands in;
            `content`: it is a part `thinking` of the content, which is a list then.
        thinking_streams: it does not think in a call that does not stream.
        parts: the types of parts, as the OpenAI protocol calls them, that its messages may
            hold beside text.
        json_object: whether it has that `response_format`; while it thinks, no model has.
        json_schema: the same of that one.
        tools: whether it takes tools.
        system: whether it takes system messages.
        max_n: the most answers that a call may ask for.
        enable_search: whether it searches the web.
    """

    name: str
    patterns: list[str]
    kind: Kind = "text"
    models: list[str] = field(default_factory=list)
    protocols: list[str] = field(default_factory=lambda: [*protocol_ids()])
    streams_only: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    chat: bool = True
    thinking: Thinking | None = None
    reasoning: str = "reasoning_content"
    thinking_streams: bool = False
    parts: list[str] | None = None
    json_object: bool | None = None
    json_schema: bool | None = None
    tools: bool | None = None
    system: bool = True
    max_n: int | None = None
    enable_search: bool | None = None


TEXT = Family(name="text", patterns=["*"])


class Later(Generic[T]):
    """A table of a file of the built-in catalog, that is read when it is first asked for.

    Args:
        of: makes an item from its fields.
    """

    def __init__(self, file: Path, table: str, of: Callable[..., T]) -> None:
        self._file, self._table, self._of = file, table, of

    def __repr__(self) -> str:
        # What tells catalogs apart must not change from one run to the next.
        return f"{self._file.name}[{self._table}]"

    def __len__(self) -> int:
        return len(self._read)

    @cached_property
    def _read(self) -> Any:
        read = _read(self._file)[self._table]
        if isinstance(read, dict):
            return {name: self._of(**facts) for name, facts in read.items()}
        return [self._of(**one) if isinstance(one, dict) else one for one in read]


class LaterTable(Later[T], Mapping[str, T]):
    """Such a table with a name for each item."""

    def __getitem__(self, name: str) -> T:
        item: T = self._read[name]
        return item

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)


class LaterList(Later[T], Sequence[T]):
    """Such a list."""

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        items: T | Sequence[T] = self._read[at]
        return items


class EndpointFact(NamedTuple):
    """A path of the service, and what it is for.

    Attributes:
        path: `{name}` in it stands for one part, `{name...}` for all that follows.
        kind: `chat`; `base`, below which a protocol is; or what another API is about,
            such as `embeddings`, `image`, `application`, `files`.
        protocol: whose endpoint it is, where it is of one.
        source: where that is said.
    """

    path: str
    kind: str
    protocol: str | None = None
    source: str = ""


class Mistake(NamedTuple):
    """What pages are known to say wrongly.

    Attributes:
        kind: what it is: `host`, `parameter`, `model`.
        wrong: what pages say.
        right: what is meant.
        source: where that is said.
        site: where a host has a website, which pages may link to.
    """

    kind: str
    wrong: str
    right: str
    source: str = ""
    site: str = ""


class Retired(NamedTuple):
    """Models that the service has no more.

    Attributes:
        patterns: of their names, as `fnmatch` reads them.
        source: where that is said.
        since: the day, as `2026-07-24`.
        instead: the model to ask in their place; empty where none is named.
    """

    patterns: list[str]
    since: str
    instead: str = ""
    source: str = ""

    @property
    def advice(self) -> str:
        """What to say of it behind a sentence."""
        return f": use {self.instead}" if self.instead else ""


class OtherProvider(NamedTuple):
    """Models that only another provider serves.

    Attributes:
        name: what that provider is called.
        patterns: of the models' names, as `fnmatch` reads them.
        source: where that is said.
    """

    name: str
    patterns: list[str]
    source: str = ""


class Package(NamedTuple):
    """A package in its ecosystem's registry, at the version that samples are made for.

    Args:
        name: as its registry has it; of Maven with the group, of Go the module.
        version: that samples are made for, and name.
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
    """All facts about one provider.

    Attributes:
        provider: who serves the models.
        defaults: what a call has that says nothing else.
        regions: where it is served, by id.
        protocols: how it is spoken to, by id: `openai`.
        links: pages that notes point at.
        families: models that are called alike; the first whose pattern fits counts.
        packages: what samples install, by language and client; default: the built-in ones.
        parameters: fields of a request, by name; without any nothing is restricted.
        endpoints: paths of the service, and what they are for.
        hosts: further hosts, and what they are for.
        mistakes: what pages are known to say wrongly.
        other_providers: models that others serve.
        listed_models: all that the service lists, where such a list is known.
        retired_models: models that there are no more.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    provider: Provider
    defaults: Defaults
    regions: dict[str, Region]
    protocols: dict[str, Paths]
    links: Links = field(default_factory=Links)
    families: list[Family] = field(default_factory=list)
    packages: dict[str, dict[str, Package]] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    endpoints: Sequence[EndpointFact] = field(default_factory=list)
    hosts: Sequence[HostFact] = field(default_factory=list)
    mistakes: Sequence[Mistake] = field(default_factory=list)
    other_providers: Sequence[OtherProvider] = field(default_factory=list)
    listed_models: Sequence[str] = field(default_factory=list)
    retired_models: Sequence[Retired] = field(default_factory=list)
    _noted: tuple[str, ...] | None = field(default=None, init=False)
    _notes: Mapping[str, str] = field(default_factory=dict, init=False)
    _origin: Catalog | None = field(default=None, init=False, repr=False)

    @property
    def noted(self) -> Sequence[str]:
        """The regions that notes list: those chosen by `noting`, else marked so, else published."""
        if self._noted is not None:
            return self._noted
        return [name for name, one in self.regions.items() if one.noted] or self.published

    def noting(self, regions: Sequence[str]) -> Catalog:
        """The same catalog, whose notes list these regions, in the catalog's order.

        Raises:
            InputError: one of them is none, or has no host but those of workspaces.
        """
        for name in regions:
            if self.region(name).host is None:
                raise InputError(f"region {name!r} has hosts of workspaces only: no note lists it")
        made = replace(self)
        chosen = tuple(name for name in self.regions if name in regions)
        for name, value in (("_noted", chosen), ("_notes", self._notes), ("_origin", self._origin)):
            object.__setattr__(made, name, value)
        return made

    @property
    def notes(self) -> Mapping[str, str]:
        """A project's own notes, by name; an empty one is left out of samples."""
        return self._notes

    def saying(self, notes: Mapping[str, str], origin: Catalog) -> Catalog:
        """The same catalog with a project's notes, and what `origin` says of regions to list."""
        made = replace(self)
        for name, value in (("_noted", origin._noted), ("_notes", notes), ("_origin", origin)):
            object.__setattr__(made, name, value)
        return made

    @property
    def origin_of_words(self) -> Catalog:
        """The catalog that was given a project's words; itself where it has none."""
        return self._origin or self

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
        return _family(self, model)

    @property
    def auths(self) -> list[Auth]:
        """The headers that may hold the key."""
        return [Auth(*form.removesuffix("{key}").split(": ", 1)) for form in self.provider.auth]

    @property
    def auth(self) -> Auth:
        """The header that holds the key in samples."""
        return self.auths[0]

    def headers(self, region: str) -> dict[str, str]:
        """What a request to a region sends beside the key and the type of its body.

        Raises:
            InputError: an unknown region.
        """
        return {**self.provider.headers, **(self.region(region).headers or {})}

    def key_env(self, region: str) -> str:
        """The environment variable with the key for a region; empty where none is needed.

        Raises:
            InputError: an unknown region.
        """
        own = self.region(region).key_env
        return self.provider.key_env if own is None else own

    @cached_property
    def key_envs(self) -> list[str]:
        """The variables with keys, of all regions, the default one's first."""
        names = [self.key_env(name) for name in (self.defaults.region, *self.regions)]
        return [name for name in dict.fromkeys(names) if name]

    @property
    def right_variables(self) -> list[str]:
        """The variables that a page may read a key from."""
        return [*self.key_envs, *self.provider.key_aliases]

    def access(self, region: str, client: str) -> Access:
        """How a program shows in a region that it may call.

        Args:
            client: `sdk` or `http`.

        Raises:
            InputError: an unknown region.
        """
        env, provider = self.key_env(region), self.provider
        if not env:
            # An SDK sends some key always; nobody else has to.
            sdk = client == "sdk"
            return Access("", provider.key_literal if sdk else "", BEARER if sdk else None)
        by_sdk = client == "sdk" and BEARER in self.auths
        literal = provider.key_literal if provider.key_optional else ""
        return Access(env, literal, BEARER if by_sdk else self.auth)

    def links_of(self, region: str) -> Links:
        """The pages to point at in a region, each empty where there is none.

        Raises:
            InputError: an unknown region.
        """
        own = self.region(region).links or Links()
        return Links(own.api_key or self.links.api_key, own.models or self.links.models)

    @cached_property
    def every_link(self) -> EveryLink:
        """The pages of all regions."""
        found = [self.links, *map(self.links_of, self.regions)]
        api_keys, models = ([*dict.fromkeys(filter(None, one))] for one in zip(*found, strict=True))
        return EveryLink(api_keys, models)

    def endpoint_of(self, path: str) -> EndpointFact | None:
        """What a path is, or a SDK's base path; None where it is not known.

        What follows a `?` or `#`, and a slash at the end, do not matter.
        """
        path = re.split("[?#]", path, maxsplit=1)[0].rstrip("/")
        return next((fact for fits, fact in _endpoints(self) if fits(path)), None)

    def host_kind(self, host: str) -> str | None:
        """What a host is, with a port or without: a `kind` of `HostFact`; None if not known."""
        return hosts.host_kind(self, host.lower())

    def retired(self, model: str) -> Retired | None:
        """Since when a model is no more, and what to ask in its place; None where it is there."""
        for one in self.retired_models:
            if any(fnmatchcase(model, pattern) for pattern in one.patterns):
                return one
        return None

    def region_at(self, host: str) -> str | None:
        """The region that a host is of, with its port where it has one; None where it is of none.

        Hosts of workspaces are of none.
        """
        return hosts.region_at(self, host)

    def scheme_at(self, host: str) -> Scheme:
        """How a host is called."""
        return hosts.scheme_at(self, host)

    def other_provider(self, model: str) -> str | None:
        """Who alone serves a model that is not listed here; None where nobody is known to."""
        if model in self.models or model in self.listed_models:
            return None
        return next(
            (
                other.name
                for other in self.other_providers
                if any(fnmatchcase(model, pattern) for pattern in other.patterns)
            ),
            None,
        )

    def origin(self, region: str, workspace: str | None = None, host: str | None = None) -> str:
        """Scheme and host of a region, without a slash at the end.

        Args:
            host: in place of the region's own.

        Raises:
            InputError: an unknown region; a region that needs a workspace, or
                has no host for one; a workspace that no host name can contain; a host
                that is none of the region.
        """
        return hosts.origin(self, region, workspace, host)

    def package(
        self, language: str, protocol: str, client: str, flow: str = "whole"
    ) -> Package | None:
        """What a target's flow installs, or None where the language brings all it needs."""
        packages = self.packages.get(language, {})
        package = packages.get(f"{protocol}-{client}") or packages.get(client)
        needed = package is not None and (package.flows is None or flow in package.flows)
        return package if needed else None


@cache
def builtin() -> Catalog:
    """The catalog that samplegen brings along."""
    # Built by hand, not by pydantic: its import takes longer than a render. A test
    # holds the outcome against `catalog_file.load`.
    data = _read(BUILTIN)
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
        parameters=LaterTable(PARAMETERS, "parameters", parameter),
        endpoints=LaterList(ENDPOINTS, "endpoints", EndpointFact),
        hosts=LaterList(ENDPOINTS, "hosts", HostFact),
        mistakes=LaterList(ENDPOINTS, "mistakes", Mistake),
        other_providers=LaterList(ENDPOINTS, "other_providers", OtherProvider),
        listed_models=LaterList(MODELS, "listed_models", str),
    )


@cache
def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def _endpoints(catalog: Catalog) -> list[tuple[Callable[[str], object], EndpointFact]]:
    """Each known path as a test, the chat endpoints first."""
    chat = [
        EndpointFact(base + path, kind, protocol)
        for protocol, facts in catalog.protocols.items()
        for base in (facts.base_path, *facts.aliases)
        for path, kind in [("", "base"), *((one, "chat") for one in facts.paths.values())]
    ]
    return [(_path_test(fact.path), fact) for fact in (*chat, *catalog.endpoints)]


def _path_test(path: str) -> Callable[[str], object]:
    """Whether a path is this one: `{name}` is any one part, `{name...}` all that follows."""
    pattern = [
        re.escape(part) if not part.startswith("{") else ".+" if "..." in part else "[^/]+"
        for part in re.split(r"(\{[^{}]*\})", path)
    ]
    return re.compile("".join(pattern)).fullmatch


# A page names the same few models again and again.
@lru_cache(maxsize=4096)
def _family(catalog: Catalog, model: str) -> Family:
    for family in catalog.families:
        if any(fnmatchcase(model, pattern) for pattern in family.patterns):
            return family
    return TEXT
