"""What a project's configuration says of samples; how its pages are checked is for `check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from samplegen.errors import InputError, shown, unknown

if TYPE_CHECKING:
    from samplegen.model.call import Call
    from samplegen.model.catalog import Catalog
    from samplegen.sites.settings import Settings

NAME = "samplegen.toml"


KEYS = (
    "pages",
    "exclude",
    "catalog",
    "call",
    "locale",
    "regions",
    "select",
    "ignore",
    "per-file-ignores",
    "overrides",
    "required-version",
)
"""The keys of a configuration, beside those of `samplegen.sites.settings`."""


class Project(NamedTuple):
    """What is said once for all samples of a project.

    Attributes:
        call: that its pages document; None where it says none.
        locale: of the notes; None where each page tells.
    """

    catalog: Catalog
    call: Call | None
    settings: Settings
    locale: str | None


def unconfigured(catalog: Catalog) -> Project:
    """A project that says nothing."""
    from samplegen.sites.settings import NOTHING_SAID

    return Project(catalog, None, NOTHING_SAID, None)


def project(folder: Path, catalog: Catalog | None = None) -> Project:
    """What the nearest configuration says, in a folder or one above it.

    Args:
        catalog: in place of the configuration's; then its call, protocols, words, links and regions
            to list are of another service, and do not count.

    Raises:
        InputError: the configuration cannot be read, or makes no sense.
    """
    from samplegen.model.catalog import builtin
    from samplegen.sites import settings

    file = find(folder)
    if file is None:
        return unconfigured(catalog or builtin())
    data = _own(file) or {}
    try:
        refuse_unknown(data, (*KEYS, *settings.KEYS))
        if catalog is not None:
            data = {key: data[key] for key in data if key not in _OF_SERVICE}
        of = catalog or catalog_of(data, file.parent)
        call = call_of(data.get("call"), file.parent, of)
        found = settings.Settings(**settings.parse(data, of))
        return Project(of, call, found, locale_of(data.get("locale")))
    except InputError as error:
        raise InputError(f"{file}: {error}") from None


def refuse_unknown(data: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse a key that a table of a configuration does not have.

    Raises:
        InputError: there is such a key.
    """
    for key in data:
        if key not in known:
            raise unknown("key", key, known)


_OF_SERVICE = frozenset({"call", "protocols", "regions", "words", "names", "links"})


def catalog_of(data: Mapping[str, Any], folder: Path) -> Catalog:
    """The catalog of a configuration, with the regions that notes list.

    Raises:
        InputError: there is no such catalog or region.
    """
    from samplegen.model.catalog import builtin

    catalog = builtin()
    if "catalog" in data:
        from samplegen.model import catalog_file

        catalog = catalog_file.named(text("catalog", data["catalog"]), folder)
    if "regions" in data:
        catalog = catalog.noting(texts("regions", data["regions"]))
    return catalog


def call_of(value: object, folder: Path, catalog: Catalog) -> Call | None:
    """The call of a configuration: its fields, or the name of a call file.

    Raises:
        InputError: it is none.
    """
    if value is None:
        return None
    from samplegen.model.call import Call

    if isinstance(value, str):
        from samplegen.model.call_file import read_call

        data, where = read_call(folder / value)
        return Call.parse(data, catalog, where)
    return Call.parse(value, catalog, "call")


def locale_of(value: object) -> str | None:
    """The locale of a configuration.

    Raises:
        InputError: notes are in no such language.
    """
    from samplegen.rendering.notes import locale_of as of_notes

    return None if value is None else of_notes(text("locale", value))


def text(key: str, value: object) -> str:
    """A value that is a text.

    Raises:
        InputError: it is none.
    """
    if not isinstance(value, str):
        raise InputError(f"{key}: a text is expected, not {shown(value)}")
    return value


def texts(key: str, value: object) -> tuple[str, ...]:
    """A value that is a list of texts.

    Raises:
        InputError: it is none.
    """
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InputError(f"{key}: a list of texts is expected, not {shown(value)}")
    return tuple(value)


def find(folder: Path) -> Path | None:
    """The nearest configuration, in a folder or one above it.

    Raises:
        InputError: a `pyproject.toml` on the way cannot be read.
    """
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
        project = place / "pyproject.toml"
        if project.is_file() and _own(project) is not None:
            return project
    return None


def catalog_named(folder: Path) -> tuple[str, Path] | None:
    """The `catalog` of the nearest configuration, and that configuration's file.

    Raises:
        InputError: the configuration cannot be read, or its `catalog` is no text.
    """
    file = find(folder)
    said = _own(file) if file and "catalog" in _text(file) else None
    named = said.get("catalog") if isinstance(said, dict) else None
    if file is None or named is None:
        return None
    if not isinstance(named, str):
        raise InputError(f"{file}: catalog: a text is expected, not {shown(named)}")
    return named, file


def _own(file: Path) -> Any:
    """What a file says to samplegen; None where a `pyproject.toml` says nothing."""
    text = _text(file)
    if file.name == "pyproject.toml" and "samplegen" not in text:
        return None  # Most are of other projects, and TOML takes time to read.
    from samplegen.files import parse_toml

    data = parse_toml(text, str(file))
    if file.name != "pyproject.toml":
        return data
    tools = data.get("tool")
    return tools.get("samplegen") if isinstance(tools, dict) else None


def _text(file: Path) -> str:
    from samplegen.files import read_text

    return read_text(file)
