"""What a project's `samplegen.toml` or `pyproject.toml` says of checking its pages."""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from samplegen import __version__
from samplegen.check.checking import Plan
from samplegen.check.rule import Rule
from samplegen.check.rules import DEFAULT, all_rules, select
from samplegen.configured import (
    KEYS,
    call_of,
    catalog_of,
    find,
    locale_of,
    refuse_unknown,
    text,
    texts,
)
from samplegen.errors import InputError, shown
from samplegen.files import parse_toml, read_text
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.sites import settings
from samplegen.sites.settings import NOTHING_SAID, Settings

_KEYS = (*KEYS, *settings.KEYS)
_OVERRIDE_KEYS = ("pages", "call", "locale", *settings.KEYS)


@dataclass(frozen=True)
class Override:
    """What is different for some pages."""

    pages: tuple[str, ...]
    call: Call | None
    locale: str | None
    settings: Mapping[str, Any] = field(default_factory=dict)


class Given(NamedTuple):
    """What a command line says in place of each configuration; `also` are rules to put on."""

    catalog: Catalog | None = None
    call: Call | None = None
    locale: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def over(self, config: Config) -> Config:
        """A configuration with that in its place."""
        overrides = config.overrides if self.call is None else ()
        if self.locale is not None:
            overrides = tuple(replace(one, locale=None) for one in overrides)
        return replace(
            config,
            catalog=self.catalog or config.catalog,
            call=self.call or config.call,
            locale=self.locale or config.locale,
            overrides=overrides,
            select=(*(self.select or config.select), *self.also),
            ignore=(*config.ignore, *self.ignore),
        )


@dataclass(frozen=True)
class Config:
    """How the pages of a project are checked. Patterns are of paths below `folder`.

    `given` is None where it counts for all pages, also for those that have one of their own nearer.
    """

    folder: Path
    catalog: Catalog
    pages: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    call: Call | None = None
    locale: str | None = None
    select: tuple[str, ...] = (DEFAULT,)
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    overrides: tuple[Override, ...] = ()
    settings: Settings = NOTHING_SAID
    file: Path | None = None
    given: Given | None = None

    def near(self, path: str) -> Config:
        """The configuration of a page: the nearest one, in its folder or above.

        Raises:
            InputError: that cannot be read, or says what makes no sense.
        """
        if self.given is None:
            return self
        file = _nearest(Path.cwd(), os.path.dirname(path))  # noqa: PTH120
        return self if file in (None, self.file) else _loaded(file, self.given)

    def plan(self, path: str) -> Plan:
        """How a page is checked."""
        if (nearer := self.near(path)) is not self:
            return nearer.plan(path)
        name = self.relative(path) if self.per_file_ignores or self.overrides else ""
        ignored = [names for pattern, names in self.per_file_ignores if matches(pattern, name)]
        call, locale, said = self.call, self.locale, self.settings
        for one in self.overrides:
            if any(matches(pattern, name) for pattern in one.pages):
                call, locale = one.call or call, one.locale or locale
                said = said._replace(**one.settings)
        rules, lenient = _on(
            self.select, (*self.ignore, *(one for names in ignored for one in names))
        )
        return Plan(rules, self.catalog, locale, call, lenient, said)

    def excluded(self, path: str) -> bool:
        """Whether a page is left alone, as far as it is not named itself."""
        if self.exclude:
            name = self.relative(path)
            if any(matches(pattern, name) for pattern in self.exclude):
                return True
        nearer = self.near(path)
        return nearer is not self and nearer.excluded(path)

    def relative(self, path: str) -> str:
        """A path as patterns have it."""
        # Not resolved: a link is where it stands.
        absolute = Path(path).absolute()
        try:
            return absolute.relative_to(self.folder.absolute()).as_posix()
        except ValueError:
            return absolute.as_posix()


@lru_cache(maxsize=1024)
def _nearest(here: Path, folder: str) -> Path | None:
    return find(here / folder)


@lru_cache(maxsize=64)
def _loaded(file: Path, given: Given) -> Config:
    return given.over(load(file))


@lru_cache(maxsize=64)
def _on(
    selected: tuple[str, ...], ignored: tuple[str, ...]
) -> tuple[tuple[Rule, ...], frozenset[str]]:
    """The rules that are on, and the codes of those that say no more than the default set does."""
    on = {rule.code for rule in _rules(selected)} - {rule.code for rule in _rules(ignored)}
    named = {rule.code for rule in _rules(one for one in selected if one != DEFAULT)}
    return tuple(rule for rule in all_rules() if rule.code in on), frozenset(on - named)


def _rules(names: Iterable[str]) -> Iterable[Rule]:
    return [rule for name in names for rule in select(name)]


def matches(pattern: str, path: str) -> bool:
    """Whether a path is one of a pattern: `*` within a name, `**` any folders, or a folder."""
    return _compiled(pattern).fullmatch(path) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.removeprefix("./").rstrip("/")
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    found = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return re.compile("".join(parts.get(one) or re.escape(one) for one in found) + "(?:/.*)?")


def load(path: Path) -> Config:
    """A configuration from its file.

    Raises:
        InputError: the file cannot be read, or says what makes no sense.
    """
    return parse(read_text(path), path)


def parse(text: str, path: Path) -> Config:
    """A configuration from the text of its file.

    Raises:
        InputError: the text says what makes no sense.
    """
    data = parse_toml(text, str(path))
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("samplegen", {})
    try:
        return replace(_parse(data, path.parent), file=path)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _parse(data: Mapping[str, Any], folder: Path) -> Config:
    if "required-version" in data:
        # First, since another version may have other keys.
        _require(text("required-version", data["required-version"]))
    refuse_unknown(data, _KEYS)
    catalog = catalog_of(data, folder)
    ignores = data.get("per-file-ignores", {})
    if not isinstance(ignores, dict):
        raise InputError('per-file-ignores: a table is expected, such as "old/*.md" = ["truth"]')
    overrides = data.get("overrides", [])
    if not isinstance(overrides, list) or not all(isinstance(one, dict) for one in overrides):
        raise InputError("overrides: write each as [[overrides]]")
    return Config(
        folder=folder,
        catalog=catalog,
        pages=texts("pages", data.get("pages", [])),
        exclude=texts("exclude", data.get("exclude", [])),
        call=call_of(data.get("call"), folder, catalog),
        locale=locale_of(data.get("locale")),
        select=_names("select", data.get("select", [DEFAULT])),
        ignore=_names("ignore", data.get("ignore", [])),
        per_file_ignores=tuple(
            (pattern, _names(f"per-file-ignores.{pattern}", names))
            for pattern, names in ignores.items()
        ),
        overrides=tuple(_override(one, folder, catalog) for one in overrides),
        settings=Settings(**settings.parse(data, catalog)),
    )


# The signs of PEP 440 that need no more than numbers.
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def _require(said: str) -> None:
    """Refuse a project that is for another version of samplegen.

    Raises:
        InputError: it is, or what it says is no version.
    """
    for one in said.split(","):
        found = re.fullmatch(r"\s*(>=|<=|==|!=|>|<|)\s*(\d+(?:\.\d+)*)\s*", one)
        if not found:
            raise InputError(
                f"required-version: {shown(said)} is no version: write '0.2' or '>=0.2,<1'"
            )
        # Without a sign all versions that begin so will do.
        wanted = tuple(map(int, found[2].split(".")))
        own = tuple(int(part) for part in re.findall(r"\d+", __version__)[:3])
        longest = max(len(own), len(wanted))
        padded = [part + (0,) * (longest - len(part)) for part in (own, wanted)]
        fits = _SIGNS[found[1]](*padded) if found[1] else own[: len(wanted)] == wanted
        if not fits:
            raise InputError(f"required-version: this is samplegen {__version__}, not {said}")


def _override(data: Mapping[str, Any], folder: Path, catalog: Catalog) -> Override:
    refuse_unknown(data, _OVERRIDE_KEYS)
    if "pages" not in data:
        raise InputError("overrides: say for which pages, such as pages = ['docs/ja/**']")
    return Override(
        texts("overrides.pages", data["pages"]),
        call_of(data.get("call"), folder, catalog),
        locale_of(data.get("locale")),
        settings.parse(data, catalog),
    )


def _names(key: str, value: object) -> tuple[str, ...]:
    names = texts(key, value)
    for name in names:
        try:
            select(name)
        except InputError as error:
            raise InputError(f"{key}: {error}") from None
    return names
