"""The facts about a provider, read from a TOML file.

`catalog.toml` beside this module is the built-in catalog. A user's own file has
the same tables and describes any other OpenAI-compatible service.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache, partial
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeVar, overload

from samplegen.errors import InputError, shown, unknown
from samplegen.protocols import protocol_ids

BUILTIN = Path(__file__).with_name("catalog.toml")
PARAMETERS = BUILTIN.with_name("parameters.toml")
ENDPOINTS = BUILTIN.with_name("endpoints.toml")
MODELS = BUILTIN.with_name("models.toml")

Kind = Literal["text", "multimodal"]
Protocol = str
"""The id of a protocol: see `samplegen.protocols`."""
Thinking = Literal["none", "off", "on", "only"]
Place = Literal["body", "message", "part", "header"]
Scheme = Literal["https", "http"]

T = TypeVar("T")


@dataclass(frozen=True)
class Provider:
    """Who serves the models, and what a caller shows to be let in.

    Attributes:
        key_env: the environment variable that holds the reader's key; empty where none is needed.
        key_placeholder: what stands for a key in a note.
        name: what the provider is called.
        key_literal: what SDKs are given that want a key where none is needed.
        auth: headers with the key; samples send the first, and all are right.
        headers: what each request sends beside.
        host: the provider's one host, in place of `regions`.
    """

    key_env: str = ""
    key_placeholder: str = "sk-xxx"
    name: str = ""
    key_literal: str = ""
    auth: tuple[str, ...] = ("Authorization: Bearer {key}",)
    headers: dict[str, str] = field(default_factory=dict)
    host: str | None = None
    scheme: Scheme = "https"


class Links(NamedTuple):
    """Pages that the notes in samples point at; empty where there is none."""

    api_key: str = ""
    models: str = ""


class Auth(NamedTuple):
    """A header with a key: its name, and what stands before the key, such as `Bearer `."""

    header: str
    prefix: str


class Defaults(NamedTuple):
    """What a call asks when it does not say."""

    region: str
    model: str
    messages: list[dict[str, str]]
    protocol: Protocol = "openai"


class Region(NamedTuple):
    """Where models run.

    Attributes:
        name: one string, or one for each locale, `en` at least.
        host: with its port, where it has one of its own; also `127.0.0.1` or `[::1]`.
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

    def label(self, locale: str) -> str:
        """The region's name in `locale`, else in English."""
        if isinstance(self.name, str):
            return self.name
        return self.name.get(locale, self.name["en"])


class Paths(NamedTuple):
    """Where a protocol is served: the SDKs' base path, and each kind of model's path below it.

    Attributes:
        aliases: other base paths that are right.
    """

    base_path: str
    paths: dict[Kind, str]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Family:
    """Models that are called alike. What is None is not known, and restricts nothing.

    Attributes:
        patterns: of the models' names, as `fnmatch` reads them.
        streams_only: it answers a call that does not stream with an error.
        options: what a call must send for the model to answer at all.
        chat: whether these are chat models; others have endpoints of their own.
        thinking: `none`; `off` or `on`: it can be switched, and what it is by itself; `only`.
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
    thinking_streams: bool = False
    parts: list[str] | None = None
    json_object: bool | None = None
    json_schema: bool | None = None
    tools: bool | None = None
    system: bool = True
    max_n: int | None = None
    enable_search: bool | None = None


TEXT = Family(name="text", patterns=["*"])

# What a value of JSON may be. A list of values of one type is that type with `[]` behind.
TYPES: dict[str, Callable[[object], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and math.isfinite(value))
    ),
    "string": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list | tuple),
    "object": lambda value: isinstance(value, Mapping),
}


class Parameter(NamedTuple):
    """A field of a request, and what its values may be.

    Attributes:
        type: one or more of `TYPES`. `string[]` is a list of strings, `integer[][]` a list of
            lists of integers; `list` is any list.
        values: all that it may be; an object is none of them, and may be any.
        excluded: what it may not be.
        pattern: a text fits it as a whole.
        protocols: those that take it; None is all.
        place: `body`: the body, or the DashScope protocol's `parameters`; `message`: a
            message; `part`: a part of a message's content; `header`: the request's headers.
        fields: those of an object, or of each object in a list. Others are not refused.
        required: an object that has this field among its `fields` must have it.
        refusal: the service's words for what is out of range, with `{value}` for the value.
        type_refusal: the same for what is of the wrong type.
        ignored: the service's own pages say that it has no effect.
        source: where that is said.
    """

    type: str | list[str]
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    values: list[Any] | None = None
    excluded: list[Any] | None = None
    pattern: str | None = None
    protocols: list[str] | None = None
    place: Place = "body"
    fields: dict[str, Parameter] | None = None
    required: bool = False
    refusal: str | None = None
    type_refusal: str | None = None
    ignored: bool = False
    source: str = ""

    @property
    def types(self) -> list[str]:
        """The types, also where there is one."""
        return [self.type] if isinstance(self.type, str) else self.type

    def misfit(self, value: object) -> str | None:
        """Words that refuse a value: the service's where they are known; None if it fits.

        The value may be any; what JSON cannot say fits nothing.
        """
        found = self._misfit(value)
        if found is None or found.service:
            return found and found.words
        return f"{found.place.removeprefix('.')}: {found.words}" if found.place else found.words

    def _misfit(self, value: object) -> _Misfit | None:
        if not any(_is(value, type) for type in self.types):
            ours = f"{self._expected()} is expected, not {shown(value)}"
            return _misfit(self.type_refusal, value, ours)
        if self.excluded and _among(value, self.excluded):
            return _misfit(self.refusal, value, f"{shown(value)} is not allowed")
        if self.values and not isinstance(value, Mapping) and not _among(value, self.values):
            ours = f"{' or '.join(map(shown, self.values))} is expected, not {shown(value)}"
            return _misfit(self.refusal, value, ours)
        if TYPES["number"](value) and not all(fits(value) for _, fits in self._bounds()):
            bounds = " and ".join(said for said, _ in self._bounds())
            return _misfit(self.refusal, value, f"{bounds} is expected, not {shown(value)}")
        if self.pattern and isinstance(value, str) and not re.fullmatch(self.pattern, value):
            return _misfit(None, value, f"{shown(value)} does not fit {self.pattern}")
        return self._misfit_within(value) if self.fields else None

    def _misfit_within(self, value: object) -> _Misfit | None:
        """The first misfit among the fields of an object, or of each object in a list."""
        listed = isinstance(value, list | tuple)
        for number, item in enumerate(value if isinstance(value, list | tuple) else [value]):
            for name, facts in (self.fields or {}).items() if isinstance(item, Mapping) else ():
                if name in item:
                    found = facts._misfit(item[name])
                else:
                    found = _Misfit("this field is missing") if facts.required else None
                if found:
                    place = f"[{number}].{name}" if listed else f".{name}"
                    return found._replace(place=place + found.place)
        return None

    def _bounds(self) -> list[tuple[str, Callable[[Any], bool]]]:
        """What a number must be, in words and as a test."""
        bounds: list[tuple[str, float | None, Callable[[Any, Any], bool]]] = [
            ("at least", self.minimum, le),
            ("more than", self.exclusive_minimum, lt),
            ("at most", self.maximum, ge),
            ("less than", self.exclusive_maximum, gt),
        ]
        return [
            (f"{words} {bound:.15g}", partial(within, bound))
            for words, bound, within in bounds
            if bound is not None
        ]

    def _expected(self) -> str:
        named = {"null": "null", "integer": "an integer", "object": "an object"}
        return " or ".join(
            f"a list of {'lists of ' * (one.count('[]') - 1)}{one.rstrip('[]')}s"
            if one.endswith("[]")
            else named.get(one, f"a {one}")
            for one in self.types
        )


class _Misfit(NamedTuple):
    """Why a value is refused, and where in it."""

    words: str
    place: str = ""
    service: bool = False


def _misfit(refusal: str | None, value: object, ours: str) -> _Misfit:
    if refusal is None:
        return _Misfit(ours)
    return _Misfit(refusal.replace("{value}", shown(value)), service=True)


def _is(value: object, type: str) -> bool:
    """Whether a value is of a type. The type says how deep to look, not the value."""
    if type.endswith("[]"):
        return isinstance(value, list | tuple) and all(_is(item, type[:-2]) for item in value)
    return TYPES[type](value)


def _among(value: object, values: list[Any]) -> bool:
    """Whether a value is one of these: in JSON, true is not 1."""
    if isinstance(value, tuple):
        value = list(value)
    return any(isinstance(value, bool) == isinstance(one, bool) and value == one for one in values)


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
    """

    path: str
    kind: str
    protocol: str | None = None
    source: str = ""


class HostFact(NamedTuple):
    """Hosts by a pattern of `fnmatch`, in small letters, and what they are for.

    Attributes:
        kind: `region`, `workspace`, or another, such as `batch`, `plan`, `private`,
            `console`, `docs`, `management`, `assets`.
    """

    pattern: str
    kind: str
    source: str = ""


class Mistake(NamedTuple):
    """What pages are known to say wrongly. `kind` is what it is: `host`, `parameter`, `model`."""

    kind: str
    wrong: str
    right: str
    source: str = ""


class OtherProvider(NamedTuple):
    """Models, by patterns of `fnmatch`, that only another provider serves."""

    name: str
    patterns: list[str]
    source: str = ""


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

    def links_of(self, region: str) -> Links:
        """The pages to point at in a region, each empty where there is none.

        Raises:
            InputError: an unknown region.
        """
        own = self.region(region).links or Links()
        return Links(own.api_key or self.links.api_key, own.models or self.links.models)

    def endpoint_of(self, path: str) -> EndpointFact | None:
        """What a path is, or a SDK's base path; None where it is not known.

        What follows a `?` or `#`, and a slash at the end, do not matter.
        """
        path = re.split("[?#]", path, maxsplit=1)[0].rstrip("/")
        return next((fact for fits, fact in _endpoints(self) if fits(path)), None)

    def host_kind(self, host: str) -> str | None:
        """What a host is, with a port or without: a `kind` of `HostFact`; None if not known."""
        host = host.lower()
        names = {host, re.sub(r":\d+$", "", host)}
        for region in self.regions.values():
            if names & {one.lower() for one in (region.host, *region.aliases) if one}:
                return "region"
        for fact in (*self.hosts, *_workspace_hosts(self)):
            if any(fnmatchcase(name, fact.pattern) for name in names):
                return fact.kind
        return None

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
        parameters=LaterTable(PARAMETERS, "parameters", _parameter),
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


def _workspace_hosts(catalog: Catalog) -> list[HostFact]:
    return [
        HostFact(region.workspace_host.replace("{workspace}", "*").lower(), "workspace")
        for region in catalog.regions.values()
        if region.workspace_host
    ]


def _parameter(fields: dict[str, Any] | None = None, **facts: Any) -> Parameter:
    inner = {name: _parameter(**one) for name, one in fields.items()} if fields else None
    return Parameter(**facts, fields=inner)
