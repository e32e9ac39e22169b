"""Reading a catalog of a user's own, and refusing what no sample could hold."""

from __future__ import annotations

import ipaddress
import keyword
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from samplegen.errors import InputError, shown, unknown
from samplegen.files import parse_toml, read_text
from samplegen.keys import KEY, hidden
from samplegen.languages import language_ids
from samplegen.languages.base import JSON
from samplegen.model.call import Call
from samplegen.model.catalog import (
    Catalog,
    Links,
    Region,
    builtin,
)
from samplegen.model.parameter import TYPES, Parameter
from samplegen.model.validation import validate
from samplegen.protocols import protocol_ids


class _Form(NamedTuple):
    """What a text must be: a test, and in words."""

    fits: Callable[[str], object]
    what: str


class _Text(NamedTuple):
    """A text of a catalog: where it stands, and what it must be."""

    where: str
    value: str
    form: _Form


def _form(pattern: str, what: str) -> _Form:
    return _Form(re.compile(pattern, re.ASCII).fullmatch, what)


def _is_host(text: str) -> bool:
    """Whether a text is a host name, IPv4 or `[IPv6]` address, and perhaps a port."""
    found = re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::([1-9][0-9]{0,4}))?", text)
    if not found or int(found[2] or 1) > 65535:
        return False
    host = found[1]
    labels = host.split(".")
    try:
        if host.startswith("["):
            return bool(ipaddress.IPv6Address(host[1:-1]))
        if labels[-1].isdigit():
            return bool(ipaddress.IPv4Address(host))
    except ValueError:
        return False
    return len(host) <= 253 and all(
        re.fullmatch(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", label) for label in labels
    )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# A catalog's texts are placed in comments and URLs: no line may end there, and no
# comment may end PHP mode.
_LABEL = _Form(
    re.compile(r"(?!.*(?:\?>|\\))\S(?:.*\S)?").fullmatch,
    "a name of one line without '?>' and backslashes",
)
_ID = _form(r"[a-z0-9][a-z0-9-]*", "an id of small letters, digits and hyphens")
# What JavaScript finds in every object, so in `process.env` too.
_OF_OBJECTS = (
    "__proto__|__(?:define|lookup)[GS]etter__|constructor|hasOwnProperty|isPrototypeOf|"
    "propertyIsEnumerable|toLocaleString|toString|valueOf"
)
_VARIABLE = _form(
    rf"(?!(?:{_OF_OBJECTS})$)[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable"
)
_KEY = _form(r"[A-Za-z0-9._/-]+", "a word of letters, digits, '.', '_', '/' and '-'")
# `Authorization: Bearer {key}`, `api-key: {key}`
_AUTH = _form(
    r"[A-Za-z0-9-]+: (?:[A-Za-z0-9-]+ )?\{key\}", "a header such as 'Authorization: Bearer {key}'"
)
_HEADER = _form(r"[A-Za-z0-9-]+", "the name of a header")
# Shells and languages put it between quotes of one kind or the other.
_HEADER_VALUE = _form(
    r"(?! )[A-Za-z0-9 ._~:/?#@&()*+,;=%-]+(?<! )",
    "the value of a header: letters, digits, inner spaces and ._~:/?#@&()*+,;=%-",
)
_LINK = _form(
    r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[\w.~/#%:+-]*)?",
    "a link: https:// or http://, a host, and perhaps a path, without a query",
)
_HOST = _Form(
    _is_host,
    "a host name or address without a scheme and path, such as 'localhost:8000'",
)
_PATH = _form(r"(?:/[\w.~-]+)*", "a path: empty, or a slash before each word")
# `https://api.example.com/v1`, `api.example.com/v1`
_URL = re.compile(r"(?:(?P<scheme>https?)://)?(?P<host>[^/?#]+)(?P<path>(?:/[\w.~-]+)*/?)")
_PACKAGE = _form(r"[\w.@:/-]+", "a package name")
_VERSION = _form(r"[\w.+-]+", "a version")
# The Python SDK takes options as arguments, beside those that every call has.
_NO_OPTION = "|".join(["__proto__", "self", "api_key", "model", "messages", *keyword.kwlist])
_OPTION = _form(rf"(?!(?:{_NO_OPTION})$)[a-z_][a-z0-9_]*", "the name of an option")
# `/tasks/{task_id}/cancel`, `/apps/{path...}`
_ENDPOINT = _form(
    r"(?:/(?:[\w.~-]+|\{\w+\}))*(?:/\{\w+\.\.\.\})?",
    "a path such as '/tasks/{task_id}' or '/apps/{rest...}'",
)
_HOSTS = _form(r"[a-z0-9.*?:\[\]-]+", "a pattern of hosts in small letters, such as '*.a.example'")
_LINE = _form(r"\S(?:.*\S)?", "one line of text")
_DAY = _Form(_is_day, "a day such as '2026-07-24'")
_PARAMETER = _form(r"[A-Za-z_][A-Za-z0-9_-]*", "the name of a parameter or header")

# What `validate` would call sequences.
_LISTS = ("endpoints", "hosts", "mistakes", "other_providers", "listed_models", "retired_models")

_TABLES = [one.name for one in fields(Catalog) if not one.name.startswith("_")]

_NEEDED = ("provider", "defaults", "protocols")

# Each request has these already.
_OWN_HEADERS = ("content-length", "content-type", "host")

# The types of parts that a message may hold beside text, as the OpenAI protocol calls them.
PARTS = ("image_url", "video_url", "video", "input_audio", "file")


READY = Path(__file__).with_name("catalogs")
"""A file for each catalog of another provider that samplegen brings along."""

OWN = "model-studio"
"""The name of the built-in catalog."""


def names() -> list[str]:
    """The names of the catalogs that samplegen brings along, the built-in one first."""
    return [OWN, *sorted(file.stem for file in READY.glob("*.toml"))]


def named(name: str, folder: Path = Path()) -> Catalog:
    """The catalog of a file, or one that samplegen brings along, by its name.

    Args:
        folder: where a relative file is.

    Raises:
        InputError: there is no such file or name; see `load`.
    """
    file = folder / name
    if not _ID.fits(name) or file.is_file():
        return load(file)
    if name == OWN:
        return builtin()
    if name not in names():
        raise InputError(f"{unknown('catalog', name, names())} (or name a file that is there)")
    return load(READY / f"{name}.toml")


def load(path: Path) -> Catalog:
    """The catalog in a TOML file; a language's `packages` that it leaves out are the built-in ones.

    Raises:
        InputError: an unreadable file, one that is not UTF-8 or not TOML, an
            unknown or missing table or field, a value of the wrong type or form.
    """
    return parse(parse_toml(read_text(path), str(path)), str(path))


def parse(data: dict[str, Any], where: str) -> Catalog:
    """The catalog of a TOML document; `where` is its name for errors.

    Raises:
        InputError: see `load`.
    """
    try:
        _fill_in(data)
        catalog = validate(Catalog, data)
        check(catalog)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    return catalog


def _fill_in(data: dict[str, Any]) -> None:
    """What a file may leave out because the rest of it says so.

    Raises:
        InputError: an unknown table, hosts in two places.
    """
    if not data:
        raise InputError("is empty: `samplegen catalog new` writes a catalog that works")
    for name in data:
        if name not in _TABLES:
            raise unknown("table", name, _TABLES)
    missing = [f"[{name}]" for name in _NEEDED if name not in data]
    if missing:
        raise InputError(f"missing: {', '.join(missing)}; `samplegen catalog new` writes them all")
    tables = [("parameters", dict, "a table"), *((name, list, "a list") for name in _LISTS)]
    for name, type, what in tables:
        if name in data and not isinstance(data[name], type):
            raise InputError(f"{name}: {what} is expected, not {shown(data[name])}")
    for name, such in (("regions", "global"), ("protocols", "openai")):
        table = data.get(name)
        for field, value in table.items() if isinstance(table, dict) else ():
            if not isinstance(value, dict) or field == "paths":
                raise InputError(
                    f"{name}.{field}: this belongs into a table with a name, such as "
                    f"[{name}.{such}]"
                )
    # What else is not of the type that it should be is left for `validate` to name.
    packages = data.get("packages", {})
    if isinstance(packages, dict):
        data["packages"] = {**builtin().packages, **packages}
    provider = data.get("provider")
    if isinstance(provider, dict):
        if "base_url" in provider:
            raise InputError(
                "provider.base_url: a catalog says it in two: [provider] has scheme and host, "
                "[protocols.openai] has the path as base_path"
            )
        place = {key: provider[key] for key in ("host", "scheme") if key in provider}
        if place and "regions" in data:
            named = " and ".join(f"provider.{key}" for key in place)
            raise InputError(f"{named}: that is for the regions to say; leave it out")
        if "host" not in place and "regions" not in data:
            raise InputError("regions: this table is missing; for one host, provider.host will do")
        if "host" in place:
            data["regions"] = {"default": {"name": provider.get("name") or place["host"], **place}}
    regions, defaults = data.get("regions"), data.get("defaults")
    if isinstance(regions, dict) and len(regions) == 1 and isinstance(defaults, dict):
        defaults.setdefault("region", *regions)
    protocols, families = data.get("protocols"), data.get("families")
    if isinstance(protocols, dict) and isinstance(families, list):
        for family in families:
            if isinstance(family, dict):
                family.setdefault("protocols", list(protocols))


def check(catalog: Catalog) -> None:
    """Refuse a catalog that contradicts itself, or holds what no sample could.

    Raises:
        InputError: names the table and the value.
    """
    for where, value, form in _texts(catalog):
        if not form.fits(value) or not value.isprintable():
            raise InputError(
                f"{where}: {hidden(repr(value))} is not {form.what}{_advice(value, form)}"
            )
    _check_access(catalog)
    for name in catalog.protocols:
        if name not in protocol_ids():
            raise InputError(f"protocols: {unknown('protocol', name, protocol_ids())}")
        if missing := {"text", "multimodal"} - catalog.protocols[name].paths.keys():
            raise InputError(f"protocols.{name}.paths: {', '.join(missing)} is missing")
    for language in catalog.packages:
        if language not in language_ids():
            raise InputError(f"packages: {unknown('language', language, language_ids())}")
    for where, find, name in (
        ("region", catalog.region, catalog.defaults.region),
        ("protocol", catalog.protocol, catalog.defaults.protocol),
    ):
        try:
            find(name)
        except InputError as error:
            raise InputError(f"defaults.{where}: {error}") from None
    Call.parse({}, catalog, "defaults")
    for family in catalog.families:
        for protocol in family.protocols:
            catalog.protocol(protocol)
        for part in family.parts or ():
            if part not in PARTS:
                where = f"families, parts of {family.name!r}"
                raise InputError(f"{where}: {unknown('part', part, PARTS)}")
        if family.max_n is not None and family.max_n < 1:
            raise InputError(f"families, max_n of {family.name!r}: {family.max_n} is less than 1")
        try:
            JSON.literal(family.options)
        except InputError as error:
            raise InputError(f"families, options of {family.name!r}: {error}") from None
    for endpoint in catalog.endpoints:
        if endpoint.protocol is not None and endpoint.protocol not in catalog.protocols:
            said = unknown("protocol", endpoint.protocol, catalog.protocols)
            raise InputError(f"endpoints, protocol of {endpoint.path!r}: {said}")
    for name, parameter in catalog.parameters.items():
        _check_parameter(f"parameters.{name}", parameter, catalog)


def _advice(value: str, form: _Form) -> str:
    """What to write in place of a text that somebody took for the right one."""
    url = _URL.fullmatch(value)
    if form is _HOST and url and _is_host(url["host"]):
        more = []
        if url["scheme"] == "http":
            more.append('scheme = "http"')
        if path := url["path"].rstrip("/"):
            more.append(f'base_path = "{path}" of the protocol')
        beside = f", and {', '.join(more)}" if more else ""
        return f': write "{url["host"]}"{beside}'
    if form is _PATH:
        path = "/" + (url["path"] if url and url["scheme"] else value).strip("/")
        path = path.rstrip("/")
        return f': write "{path}"' if _PATH.fits(path) else ""
    return (
        ": it looks like a key; name the variable"
        if form is _VARIABLE and KEY.search(value)
        else ""
    )


def _check_access(catalog: Catalog) -> None:
    """Refuse headers that a request cannot have, and a host that is of two regions.

    Raises:
        InputError: names the table and the value.
    """
    if not catalog.provider.auth:
        raise InputError("provider.auth: name one header at least; no key is no 'key_env'")
    provider = catalog.provider
    if provider.key_optional and not (provider.key_literal and catalog.key_envs):
        missing = "key_literal" if catalog.key_envs else "key_env"
        raise InputError(
            f"provider.{missing}: it is missing, and with key_optional there are two keys to "
            "choose from: that of key_env, and key_literal, which is sent where it is not set"
        )
    own = {*_OWN_HEADERS, *(auth.header.lower() for auth in catalog.auths)}
    for where, headers in _headers(catalog):
        lower = [name.lower() for name in headers]
        for number, name in enumerate(lower):
            if name in own or name in lower[:number]:
                raise InputError(f"{where}: each request has one {[*headers][number]!r} already")
    seen: dict[str, str] = {}
    for id, region in catalog.regions.items():
        for host in filter(None, (region.host, *region.aliases)):
            if (other := seen.setdefault(host.lower(), id)) != id:
                raise InputError(f"regions.{id}: {host!r} is a host of region {other!r} already")


def _headers(catalog: Catalog) -> Iterator[tuple[str, dict[str, str]]]:
    yield "provider.headers", catalog.provider.headers
    for id in catalog.regions:
        yield f"regions.{id}.headers", catalog.regions[id].headers or {}


def _check_parameter(where: str, parameter: Parameter, catalog: Catalog) -> None:
    """Refuse a parameter that no value could be judged by.

    Raises:
        InputError: names the table and the value.
    """
    if not parameter.types:
        raise InputError(f"{where}.type: name one at least, such as 'number'")
    for type in parameter.types:
        if type.replace("[]", "") not in TYPES:
            raise InputError(f"{where}: {unknown('type', type, TYPES)}")
    for protocol in parameter.protocols or ():
        try:
            catalog.protocol(protocol)
        except InputError as error:
            raise InputError(f"{where}.protocols: {error}") from None
    for name in ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum"):
        bound = getattr(parameter, name)
        if bound is not None and not math.isfinite(bound):
            raise InputError(f"{where}.{name}: JSON has no number {bound}")
    try:
        JSON.literal([*(parameter.values or ()), *(parameter.excluded or ())])
    except InputError as error:
        raise InputError(f"{where}.values: {error}") from None
    try:
        re.compile(parameter.pattern or "")
    except re.error as error:
        raise InputError(f"{where}.pattern: {parameter.pattern!r} is no pattern: {error}") from None
    if parameter.instead and not (_PARAMETER.fits(parameter.instead) and parameter.refused):
        raise InputError(
            f"{where}.instead: {parameter.instead!r} is for a parameter that is refused "
            "(refused = true), and the name of another one"
        )
    for said in (parameter.refusal, parameter.type_refusal):
        if said is not None and not (_LINE.fits(said) and said.isprintable()):
            raise InputError(f"{where}: {said!r} is not {_LINE.what}")
    for name, inner in (parameter.fields or {}).items():
        _check_parameter(f"{where}.fields.{name}", inner, catalog)


def _texts(catalog: Catalog) -> Iterator[_Text]:
    provider = catalog.provider
    yield from _optional("provider.key_env", provider.key_env, _VARIABLE)
    yield _Text("provider.key_placeholder", provider.key_placeholder, _KEY)
    yield from _optional("provider.name", provider.name, _LABEL)
    yield from _optional("provider.key_literal", provider.key_literal, _KEY)
    for alias in provider.key_aliases:
        yield _Text("provider.key_aliases", alias, _VARIABLE)
    yield from _optional("provider.host", provider.host, _HOST)
    for form in provider.auth:
        yield _Text("provider.auth", form, _AUTH)
    for where, headers in _headers(catalog):
        for name, value in headers.items():
            yield _Text(where, name, _HEADER)
            yield _Text(f"{where}.{name}", value, _HEADER_VALUE)
    yield from _link_texts("links", catalog.links)
    for id, region in catalog.regions.items():
        yield _Text("regions", id, _ID)
        yield from _region_texts(f"regions.{id}", region)
    for protocol, facts in catalog.protocols.items():
        yield _Text(f"protocols.{protocol}.base_path", facts.base_path, _PATH)
        for kind, path in facts.paths.items():
            yield _Text(f"protocols.{protocol}.paths.{kind}", path, _PATH)
        for path in facts.aliases:
            yield _Text(f"protocols.{protocol}.aliases", path, _PATH)
        if facts.sdk_base_url:
            yield _Text(f"protocols.{protocol}.sdk_base_url", facts.sdk_base_url, _LINK)
    yield from _more_texts(catalog)
    for family in catalog.families:
        yield _Text(f"families, reasoning of {family.name!r}", family.reasoning, _OPTION)
        for option in family.options:
            yield _Text(f"families, options of {family.name!r}", option, _OPTION)
    for language, packages in catalog.packages.items():
        for target, package in packages.items():
            yield _Text(f"packages.{language}.{target}.name", package.name, _PACKAGE)
            yield _Text(f"packages.{language}.{target}.version", package.version, _VERSION)


def _more_texts(catalog: Catalog) -> Iterator[_Text]:
    """Those of the tables that the built-in catalog has in files of their own."""
    for name in catalog.parameters:
        yield _Text("parameters", name, _PARAMETER)
    for endpoint in catalog.endpoints:
        yield _Text("endpoints, path", endpoint.path, _ENDPOINT)
        yield _Text(f"endpoints, kind of {endpoint.path!r}", endpoint.kind, _ID)
    for host in catalog.hosts:
        yield _Text("hosts, pattern", host.pattern, _HOSTS)
        yield _Text(f"hosts, kind of {host.pattern!r}", host.kind, _ID)
        for protocol in host.protocols or ():
            if protocol not in catalog.protocols:
                wrong = unknown("protocol", protocol, catalog.protocols)
                raise InputError(f"hosts, protocols of {host.pattern!r}: {wrong}")
        if host.region and host.region not in catalog.regions:
            wrong = unknown("region", host.region, catalog.regions)
            raise InputError(f"hosts, region of {host.pattern!r}: {wrong}")
    for mistake in catalog.mistakes:
        yield _Text("mistakes, kind", mistake.kind, _ID)
        for text in (mistake.wrong, mistake.right):
            yield _Text("mistakes", text, _LINE)
    for other in catalog.other_providers:
        yield _Text("other_providers, name", other.name, _LABEL)
        for pattern in other.patterns:
            yield _Text(f"other_providers, patterns of {other.name!r}", pattern, _LINE)
    for retired in catalog.retired_models:
        for pattern in retired.patterns:
            yield _Text("retired_models, patterns", pattern, _LINE)
        where = f"retired_models, since of {' '.join(retired.patterns)!r}"
        yield _Text(where, retired.since, _DAY)
        yield from _optional("retired_models, instead", retired.instead, _LINE)
    for model in catalog.listed_models:
        yield _Text("listed_models", model, _LINE)


def _optional(where: str, value: str | None, form: _Form) -> Iterator[_Text]:
    """The text if there is one: what is empty is as if left out."""
    if value:
        yield _Text(where, value, form)


def _link_texts(where: str, links: Links) -> Iterator[_Text]:
    yield from _optional(f"{where}.api_key", links.api_key, _LINK)
    yield from _optional(f"{where}.models", links.models, _LINK)


def _region_texts(where: str, region: Region) -> Iterator[_Text]:
    names = {"en": region.name} if isinstance(region.name, str) else region.name
    if "en" not in names:
        raise InputError(f"{where}.name: an English name, 'en', is missing")
    for name in names.values():
        yield _Text(f"{where}.name", name, _LABEL)
    if region.host is None and region.workspace_host is None:
        raise InputError(f"{where}: give it a host, a workspace_host, or both")
    if region.noted and region.host is None:
        raise InputError(f"{where}.noted: it has hosts of workspaces only, which no note can list")
    if region.host is not None:
        yield _Text(f"{where}.host", region.host, _HOST)
    if region.workspace_host is not None:
        if region.workspace_host.count("{workspace}") != 1:
            raise InputError(
                f"{where}.workspace_host: {region.workspace_host!r} must hold {{workspace}} once"
            )
        host = region.workspace_host.replace("{workspace}", "w")
        yield _Text(f"{where}.workspace_host", host, _HOST)
    for alias in region.aliases:
        yield _Text(f"{where}.aliases", alias, _HOST)
    yield from _optional(f"{where}.key_env", region.key_env, _VARIABLE)
    yield from _link_texts(f"{where}.links", region.links or Links())
