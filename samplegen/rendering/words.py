"""A project's own words: its notes, names of regions and links, by locale."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from samplegen.errors import InputError, unknown
from samplegen.model.catalog import Catalog, Links
from samplegen.rendering.notes import MORE, NAMES

# By locale, '' for every locale: the texts by their names. In pairs, so that it can be a key.
Texts = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class Words(NamedTuple):
    """What a project says in place of samplegen.

    Attributes:
        notes: by the names of `notes.NAMES`, an empty one drops a note; `key_more` and the like
            are added.
        names: of regions by id, and of products by words of the project's own, which stand in
            its notes as `{word}`.
        links: that notes point at: `api_key` and `models`.
    """

    notes: Texts = ()
    names: Texts = ()
    links: Texts = ()


NO_WORDS = Words()

KEYS = Words._fields


def texts(by_locale: Mapping[str, Mapping[str, str]]) -> Texts:
    """Texts by locale, as `Words` has them."""
    return tuple((locale, tuple(said.items())) for locale, said in by_locale.items() if said)


def check_words(words: Words, catalog: Catalog) -> None:
    """Refuse words that no sample can have.

    Raises:
        InputError: an unknown name or place holder, or a text that would end a comment.
    """
    products = _products(words, catalog)
    everywhere = _said(words.names, "")
    for _, said in words.notes:
        for name, text in said:
            _check_note(name, text, products)
    for locale, said in words.names:
        for name, text in said:
            where = f"names.{locale}.{name}" if locale else f"names.{name}"
            _check_text(where, text)
            if locale and name in products and name not in everywhere:
                raise InputError(f"{where}: say it in [names], too, for the other locales")
    for _, said in words.links:
        for name, text in said:
            if name not in Links._fields:
                raise unknown("link", name, Links._fields)
            if not text.startswith(("https://", "http://")) or len(text.split()) != 1:
                raise InputError(f"links.{name}: {text!r} is no link: write https://…")


def _products(words: Words, catalog: Catalog) -> tuple[str, ...]:
    """The names of a project's own products: its notes speak of them, and no catalog has them.

    Raises:
        InputError: no note speaks of one, so that it is a slip.
    """
    own = dict.fromkeys(
        one for _, said in words.names for one, _ in said if one not in catalog.regions
    )
    used = " ".join(text for _, said in words.notes for _, text in said)
    holders = {holder for _, holders in NAMES.values() for holder in holders}
    for name in own:
        if name in holders:
            raise InputError(f"names.{name}: notes have a place holder of that name: take another")
        if f"{{{name}}}" not in used:
            raise unknown("region", name, catalog.regions)
    return tuple(own)


def _check_note(name: str, text: str, products: tuple[str, ...]) -> None:
    allowed = {**dict(NAMES.values()), **dict.fromkeys(MORE, ())}
    if name not in allowed:
        raise unknown("note", name, allowed)
    where = f"words.{name}"
    _check_text(where, text)
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    except ValueError as error:
        raise InputError(f"{where}: {error}: write {{{{ for a brace") from None
    for field in fields:
        if field not in (*allowed[name], *products):
            known = ", ".join(f"{{{one}}}" for one in (*allowed[name], *products)) or "none"
            raise InputError(f"{where}: unknown place holder {{{field}}}: there are {known}")
    # A reader is to paste what stands there: see `verify`.
    if text and "line" in allowed[name] and not text.endswith("{line}"):
        raise InputError(f"{where}: must end in {{line}}, the line that a reader is to write")


def _check_text(where: str, text: str) -> None:
    # PHP ends at `?>` also within a comment, and Java reads \\u000a there as the end of a line.
    for part in ("?>", "*/", "\\u"):
        if part in text:
            raise InputError(f"{where}: {part!r} cannot stand in a comment of every language")
    for character in text:
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
            raise InputError(f"{where}: has a character that cannot be seen: {character!r}")


@lru_cache(maxsize=64)
def worded(catalog: Catalog, words: Words, locale: str) -> Catalog:
    """The catalog as a project's samples in a locale speak of it."""
    origin = catalog.origin_of_words
    if words == NO_WORDS:
        return origin
    links = origin.links._replace(**_said(words.links, locale))
    names = _said(words.names, locale)
    regions = {
        id: one._replace(name=names[id]) if id in names else one
        for id, one in origin.regions.items()
    }
    made = replace(origin, links=links, regions=regions)
    notes = _said(words.notes, locale)
    for name in names.keys() - origin.regions.keys():
        # A place holder of samplegen's own is filled in later.
        value = names[name].replace("{", "{{").replace("}", "}}")
        notes = {key: one.replace(f"{{{name}}}", value) for key, one in notes.items()}
    return made.saying(notes, origin)


def _said(of: Texts, locale: str) -> dict[str, str]:
    said = dict(of)
    return {**dict(said.get("", ())), **dict(said.get(locale, ()))}
