"""Reading a catalog of a user's own, and refusing what no sample could hold."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Iterator
from pathlib import Path

from samplegen.errors import InputError, unknown
from samplegen.files import parse_toml, read_text
from samplegen.languages.base import JSON
from samplegen.model.call import Call
from samplegen.model.catalog import TYPES, Catalog, Parameter, Region, builtin
from samplegen.model.validation import validate
from samplegen.protocols import protocol_ids

# A catalog's texts are placed in comments and URLs: no line may end there, and no
# comment may end PHP mode.
_LABEL = (
    re.compile(r"(?!.*(?:\?>|\\))\S(?:.*\S)?"),
    "a name of one line without '?>' and backslashes",
)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*"), "an id of small letters, digits and hyphens"
# What JavaScript finds in every object, so in `process.env` too.
_OF_OBJECTS = (
    "__proto__|__(?:define|lookup)[GS]etter__|constructor|hasOwnProperty|isPrototypeOf|"
    "propertyIsEnumerable|toLocaleString|toString|valueOf"
)
_VARIABLE = (
    re.compile(rf"(?!(?:{_OF_OBJECTS})$)[A-Za-z_][A-Za-z0-9_]*"),
    "the name of an environment variable",
)
_KEY = re.compile(r"[A-Za-z0-9._-]+"), "a word of letters, digits, '.', '_' and '-'"
_LINK = (
    re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[\w.~/#%-]*)?", re.ASCII),
    "a link without a query",
)
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?", re.ASCII), "a host name"
_PATH = re.compile(r"(?:/[\w.~-]+)*", re.ASCII), "a path: empty, or a slash before each word"
_PACKAGE = re.compile(r"[\w.@:/-]+", re.ASCII), "a package name"
_VERSION = re.compile(r"[\w.+-]+", re.ASCII), "a version"
# The Python SDK takes options as arguments, beside those that every call has.
_NO_OPTION = "|".join(["__proto__", "self", "api_key", "model", "messages", *keyword.kwlist])
_OPTION = re.compile(rf"(?!(?:{_NO_OPTION})$)[a-z_][a-z0-9_]*"), "the name of an option"


_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*"), "the name of a parameter or header"
# The types of parts that a message may hold beside text, as the OpenAI protocol calls them.
PARTS = ("image_url", "video_url", "video", "input_audio", "file")


def load(path: Path) -> Catalog:
    """The catalog in a TOML file; a language's `packages` that it leaves out are the built-in ones.

    Raises:
        InputError: an unreadable file, one that is not UTF-8 or not TOML, an
            unknown or missing table or field, a value of the wrong type or form.
    """
    data = parse_toml(read_text(path), str(path))
    given = data.get("packages", {})
    if isinstance(given, dict):
        data["packages"] = {**builtin().packages, **given}
    catalog = validate(Catalog, data, str(path))
    try:
        check(catalog)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    return catalog


def check(catalog: Catalog) -> None:
    """Refuse a catalog that contradicts itself, or holds what no sample could.

    Raises:
        InputError: names the table and the value.
    """
    for where, value, (pattern, what) in _texts(catalog):
        if not pattern.fullmatch(value) or not value.isprintable():
            raise InputError(f"{where}: {value!r} is not {what}")
    catalog.region(catalog.defaults.region)
    catalog.protocol(catalog.defaults.protocol)
    for name in catalog.protocols:
        if name not in protocol_ids():
            raise InputError(
                f"protocols.{name}: samplegen knows only {' and '.join(protocol_ids())}"
            )
        if missing := {"text", "multimodal"} - catalog.protocols[name].paths.keys():
            raise InputError(f"protocols.{name}.paths: {', '.join(missing)} is missing")
    Call.parse({}, catalog, "defaults")
    for family in catalog.families:
        for protocol in family.protocols:
            catalog.protocol(protocol)
        for part in family.parts or ():
            if part not in PARTS:
                raise InputError(
                    f"families, parts of {family.name!r}: {unknown('part', part, PARTS)}"
                )
        if family.max_n is not None and family.max_n < 1:
            raise InputError(f"families, max_n of {family.name!r}: {family.max_n} is less than 1")
        try:
            JSON.literal(family.options)
        except InputError as error:
            raise InputError(f"families, options of {family.name!r}: {error}") from None
    for name, parameter in catalog.parameters.items():
        _check_parameter(f"parameters.{name}", parameter, catalog)


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
    for said in (parameter.refusal, parameter.type_refusal):
        if said is not None and not (said and said.isprintable()):
            raise InputError(f"{where}: {said!r} is not one line of text")
    for name, inner in (parameter.fields or {}).items():
        _check_parameter(f"{where}.fields.{name}", inner, catalog)


def _texts(catalog: Catalog) -> Iterator[tuple[str, str, tuple[re.Pattern[str], str]]]:
    yield "provider.key_env", catalog.provider.key_env, _VARIABLE
    yield "provider.key_placeholder", catalog.provider.key_placeholder, _KEY
    yield "links.api_key", catalog.links.api_key, _LINK
    yield "links.models", catalog.links.models, _LINK
    for id, region in catalog.regions.items():
        yield "regions", id, _ID
        yield from _region_texts(f"regions.{id}", region)
    for protocol, facts in catalog.protocols.items():
        for path in (facts.base_path, *facts.paths.values()):
            yield f"protocols.{protocol}", path, _PATH
    for name in catalog.parameters:
        yield "parameters", name, _PARAMETER
    for family in catalog.families:
        for option in family.options:
            yield f"families, options of {family.name!r}", option, _OPTION
    for language, packages in catalog.packages.items():
        for target, package in packages.items():
            yield f"packages.{language}.{target}.name", package.name, _PACKAGE
            yield f"packages.{language}.{target}.version", package.version, _VERSION


def _region_texts(
    where: str, region: Region
) -> Iterator[tuple[str, str, tuple[re.Pattern[str], str]]]:
    names = {"en": region.name} if isinstance(region.name, str) else region.name
    if "en" not in names:
        raise InputError(f"{where}.name: an English name, 'en', is missing")
    for name in names.values():
        yield f"{where}.name", name, _LABEL
    if region.host is None and region.workspace_host is None:
        raise InputError(f"{where}: give it a host, a workspace_host, or both")
    if region.host is not None:
        yield f"{where}.host", region.host, _HOST
    if region.workspace_host is not None:
        if region.workspace_host.count("{workspace}") != 1:
            raise InputError(
                f"{where}.workspace_host: {region.workspace_host!r} must hold {{workspace}} once"
            )
        yield f"{where}.workspace_host", region.workspace_host.replace("{workspace}", "w"), _HOST
