"""The notes in samples: what a reader may have to change, and where to look it up.

The English texts here are the gettext messages; `locale/` has the translations.
A text breaks its own lines, so that a translator decides where.
"""

from __future__ import annotations

import gettext as gettext_module
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from samplegen.errors import InputError, unknown
from samplegen.languages.base import Language
from samplegen.model.catalog import Catalog
from samplegen.protocols import request
from samplegen.rendering.layout import Lines

Level = Literal["full", "brief", "none"]

LEVELS: tuple[Level, ...] = ("full", "brief", "none")
LOCALE = Path(__file__).with_name("locale")
SOURCE_LOCALE = "en"


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


REQUIRES_PACKAGE = _("Requires {runtime} or later, and {package} {version}:\n{install}")
REQUIRES_RUNTIME = _("Requires {runtime} or later")
KEY = _("If {env} is not set, replace the next line with: {line}")
KEY_FIRST = _("If {env} is not set, run this first: {line}")
KEY_OPTIONAL = _("If the server asks for an API key, set {env}.")
KEY_LITERAL = _("No API key is needed, but the SDK wants one: any text will do.")
KEY_OF_URL = _("Use an API key of the workspace whose ID is in the URL.")
KEY_OF_HEADER = _("Use an API key of the workspace whose ID is in {header}.")
KEY_OF_WORKSPACE = _(
    "Use an API key of your sub-workspace: nothing else differs from\n"
    "a call in the default workspace."
)
KEY_LINK = _("To get an API key, see\n{link}")
KEY_LINK_REGIONS = _("Each region has its own API keys. To get one, see\n{link}")
URL_OTHERS = _("URLs of other regions:")
URL_OTHER = _("{region}: {url}")
URL = _("URL for {region}:")
MODEL_NEEDS = _("This model answers such a call only with {options} as it is set below.")
MODEL = _("To use another model, change its name below. For a list of models, see\n{link}")

_KEY_OF = {"host": KEY_OF_URL, "header": KEY_OF_HEADER, "key": KEY_OF_WORKSPACE}


# What a project calls each note in its configuration, and what may stand in it.
NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    REQUIRES_PACKAGE: ("requires_package", ("runtime", "package", "version", "install")),
    REQUIRES_RUNTIME: ("requires_runtime", ("runtime",)),
    KEY: ("key", ("env", "line")),
    KEY_FIRST: ("key_first", ("env", "line")),
    KEY_OPTIONAL: ("key_optional", ("env",)),
    KEY_LITERAL: ("key_literal", ()),
    KEY_LINK: ("key_link", ("link",)),
    KEY_LINK_REGIONS: ("key_link_regions", ("link",)),
    URL_OTHERS: ("url_others", ()),
    URL: ("url", ("region",)),
    MODEL: ("model", ("link",)),
}
# What it may add to the notes on each of these.
MORE = ("requires_more", "key_more", "url_more", "model_more")


@cache
def locales() -> tuple[str, ...]:
    """The locales that notes come in, the source language first."""
    return (SOURCE_LOCALE, *sorted(path.name for path in LOCALE.iterdir() if path.is_dir()))


# Traditional Chinese is another script than that of `zh`.
_TRADITIONAL = frozenset({"hant", "hk", "mo", "tw"})


def locale_of(name: str) -> str:
    """The locale of notes that a language tag means, such as `zh` of `zh-CN` or `zh_Hans`.

    Raises:
        InputError: notes are in no such language.
    """
    if name in locales():
        return name
    main, *rest = name.replace("_", "-").lower().split("-")
    if main in locales() and not _TRADITIONAL & {*rest}:
        return main
    raise unknown("locale", name, locales())


@cache
def _translation(locale: str) -> gettext_module.NullTranslations:
    if locale not in locales():
        raise unknown("locale", locale, locales())
    if locale == SOURCE_LOCALE:
        return gettext_module.NullTranslations()
    return gettext_module.translation("samplegen", LOCALE, [locale])


class Notes(NamedTuple):
    """The notes of one sample, as comments of its language."""

    catalog: Catalog
    language: Language
    locale: str
    level: Level
    protocol: str
    client: str
    region: str
    host: str | None
    workspace: str | None
    workspace_by: str | None
    flow: str = "whole"
    needs: tuple[str, ...] = ()
    """What the call does not say, and its model cannot do without."""

    def _say(self, message: str, **facts: str) -> list[str]:
        """A note, in the project's words where it has some; none where it drops it."""
        own = self.catalog.notes.get(NAMES[message][0]) if message in NAMES else None
        text = _translation(self.locale).gettext(message) if own is None else own
        return [text.format(**facts)] if text else []

    def _more(self, name: str) -> list[str]:
        """What the project adds."""
        text = self.catalog.notes.get(name)
        return [text.format()] if text else []

    def _comment(self, lines: list[str]) -> Lines:
        return Lines(
            tuple(line for text in lines for line in self.language.comment(text).lines)
            if self.level != "none"
            else ()
        )

    @property
    def _full(self) -> bool:
        return self.level == "full"

    def requires(self) -> Lines:
        """What must be installed."""
        package = self.catalog.package(self.language.id, self.protocol, self.client, self.flow)
        if package is None:
            texts = self._say(REQUIRES_RUNTIME, runtime=self.language.runtime)
            return self._comment([*texts, *self._more("requires_more")])
        texts = self._say(
            REQUIRES_PACKAGE,
            runtime=package.runtime or self.language.runtime,
            package=package.label,
            version=package.version,
            install=self.language.install(package),
        )
        return self._comment([*texts, *self._more("requires_more")])

    def key(self, line: str) -> Lines:
        """Where to get a key, and the `line` that holds it where no variable does.

        `%s` in the line stands for the key, written as a string literal.
        """
        return self._key(KEY, line)

    def key_first(self, line: str) -> Lines:
        """Where to get a key, and the `line` to run first where no variable holds it."""
        return self._key(KEY_FIRST, line)

    def key_optional(self) -> Lines:
        """That a key is sent only where the server asks for one."""
        env = self.catalog.key_env(self.region)
        return self._comment([*self._more("key_more"), *self._say(KEY_OPTIONAL, env=env)])

    def key_literal(self) -> Lines:
        """That what stands where the key is to be is no key."""
        return self._comment([*self._more("key_more"), *self._say(KEY_LITERAL)])

    def _key(self, message: str, line: str) -> Lines:
        provider, link = self.catalog.provider, self.catalog.links_of(self.region).api_key
        line = line.replace("%s", self.language.string(provider.key_placeholder))
        several = len(self.catalog.regions) > 1
        by = self.workspace_by or ("host" if self.workspace else None)
        texts = self._say(_KEY_OF[by], header=request.WORKSPACE) if by else []
        if link and self._full:
            texts += self._say(KEY_LINK_REGIONS if several else KEY_LINK, link=link)
        told = self._say(message, env=self.catalog.key_env(self.region), line=line)
        return self._comment([*self._more("key_more"), *texts, *told])

    def url(self, path: str = "") -> Lines:
        """The URLs of the other regions, then which region the URL below is for."""
        regions = self.catalog.regions
        more = self._more("url_more")
        if len(regions) == 1:
            return self._comment(more)
        own = self._say(URL, region=regions[self.region].label(self.locale))
        # A workspace belongs to one region, and so does a further host: elsewhere it has no URL.
        others = [] if self.workspace or self.host or not self._full else self._others(path)
        if not others:
            return self._comment([*more, *own])
        return self._comment([*more, *self._say(URL_OTHERS), *others, *own])

    def _others(self, path: str) -> list[str]:
        path = self.catalog.protocol(self.protocol).base_path + path
        listed = []
        for name in self.catalog.noted:
            region = self.catalog.regions[name]
            if name == self.region or region.host is None:
                continue
            url = self.catalog.origin(name) + path
            [other] = self._say(URL_OTHER, region=region.label(self.locale), url=url)
            below = f"{other.removesuffix(url).rstrip()}\n{url}"
            listed.append(below if self.language.lists_links_below else f"  {other}")
        return listed

    def model(self) -> Lines:
        """Where the list of models is, and what this one needs."""
        texts = [*self._more("model_more")]
        link = self.catalog.links_of(self.region).models
        if link and self._full:
            texts += self._say(MODEL, link=link)
        if self.needs:
            texts += self._say(MODEL_NEEDS, options=", ".join(self.needs))
        return self._comment(texts)


def without_install(catalog: Catalog, locale: str) -> Catalog:
    """The catalog for samples below what installs them: their note says the runtime alone."""
    own = catalog.notes
    requires, runtime = (NAMES[one][0] for one in (REQUIRES_PACKAGE, REQUIRES_RUNTIME))
    said = own.get(runtime, _translation(locale).gettext(REQUIRES_RUNTIME))
    # A project that dropped the note does not get it back.
    notes = own if own.get(requires) == "" else {**own, requires: said}
    return catalog.saying(notes, catalog.origin_of_words)


def key_notes(locale: str, catalog: Catalog, region: str) -> tuple[str, str]:
    """How a note on the key begins: before a line to paste, and before a command to run first."""
    env = catalog.key_env(region)
    key, first = (
        # A note of several lines: its last one holds the line.
        catalog.notes.get(NAMES[message][0], _translation(locale).gettext(message))
        .partition("{line}")[0]
        .rpartition("\n")[2]
        .format(env=env)
        for message in (KEY, KEY_FIRST)
    )
    return key, first


def check(locale: str, level: str) -> None:
    """Refuse an unknown locale or level of notes.

    Raises:
        InputError: names the known ones.
    """
    _translation(locale)
    if level not in LEVELS:
        raise unknown("notes", level, LEVELS)


_FOR_TEMPLATES = frozenset(
    {"requires", "key", "key_first", "key_optional", "key_literal", "url", "model"}
)


def note(notes: Notes, name: str, *facts: str) -> Lines:
    """The note of that name, for a template."""
    if name not in _FOR_TEMPLATES:
        raise InputError(f"no note is called {name!r}")
    lines: Lines = getattr(notes, name)(*facts)
    return lines
