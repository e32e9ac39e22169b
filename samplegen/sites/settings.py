"""What a project's configuration says of all the samples that samplegen writes into its pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from samplegen.errors import InputError, shown, unknown
from samplegen.model.catalog import Catalog
from samplegen.rendering.words import NO_WORDS, Words, check_words, texts


class Settings(NamedTuple):
    """What a marker need not say, since the configuration does; None and empty say nothing.

    Attributes:
        tabs: the builder whose tab sets pages have.
        languages: of a marker that names none; ids or aliases.
        words: the project's own notes, names of regions and links.
        install: where it stands what to install: in the `sample`, or `above` it.
        labels: of languages and protocols by id, for each locale; '' is every locale.
    """

    tabs: str | None = None
    languages: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    client: str | None = None
    example: str | None = None
    flow: str | None = None
    notes: str | None = None
    titles: bool = False
    install: str = "sample"
    labels: Mapping[str, Mapping[str, str]] = {}
    words: Words = NO_WORDS

    def label(self, id: str, locale: str) -> str | None:
        """What a language or protocol is called in a locale, where the project says it."""
        return self.labels.get(locale, {}).get(id) or self.labels.get("", {}).get(id)


NOTHING_SAID = Settings()
"""The settings of a project without any."""

# What says how to install a sample: its own note, or a block above it.
INSTALL = ("sample", "above")

KEYS = (*Settings._fields, "names", "links")


def parse(data: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Those settings that a configuration, or an override of it, says.

    Raises:
        InputError: a value that makes no sense; the message names its key.
    """
    from samplegen.examples import names as examples
    from samplegen.languages import language
    from samplegen.rendering.notes import LEVELS
    from samplegen.rendering.targets import CLIENTS, FLOWS
    from samplegen.sites import site_names

    known: dict[str, Iterable[str]] = {
        "tabs": site_names(),
        "client": (*CLIENTS, "all"),
        "example": examples(),
        "flow": FLOWS,
        "notes": LEVELS,
        "install": INSTALL,
    }
    found: dict[str, Any] = {}
    words = NO_WORDS
    for key in KEYS:
        if key not in data:
            continue
        value = data[key]
        if key in known:
            if value not in known[key]:
                raise unknown(key, str(value), known[key])
        elif key == "titles":
            if not isinstance(value, bool):
                raise InputError(f"titles: true or false is expected, not {shown(value)}")
        elif key == "labels":
            value = by_locale("labels", value)
        elif key in ("words", "names", "links"):
            field = "notes" if key == "words" else key
            words = words._replace(**{field: texts(by_locale(key, value))})
            continue
        else:
            value = _names(key, value)
        found[key] = value
    if words != NO_WORDS:
        check_words(words, catalog)
        found["words"] = words
    for name in found.get("languages", ()):
        if name.lower() != "all":
            language(name)
    for name in found.get("protocols", ()):
        if name.lower() != "all":
            catalog.protocol(name)
    return found


def _names(key: str, value: object) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise InputError(f"{key}: a list of names is expected, not {shown(value)}")
    return tuple(given)


def by_locale(key: str, value: object) -> dict[str, dict[str, str]]:
    """A table of texts by locale, '' for every locale: those of one locale stand in a table.

    Raises:
        InputError: it is none, or names an unknown locale.
    """
    from samplegen.rendering.notes import locale_of

    if not isinstance(value, dict):
        raise InputError(f"{key}: a table is expected, not {shown(value)}")
    found: dict[str, dict[str, str]] = {"": {}}
    for name, said in value.items():
        if isinstance(said, dict):
            try:
                locale = locale_of(name)
            except InputError as error:
                raise InputError(f"{key}: {error}") from None
            for inner, text in said.items():
                found.setdefault(locale, {})[inner] = _text(f"{key}.{name}.{inner}", text)
        else:
            found[""][name] = _text(f"{key}.{name}", said)
    return found


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"{key}: a text is expected, not {shown(value)}")
    return value
