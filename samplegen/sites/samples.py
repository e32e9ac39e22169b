"""From a call to the samples of a tab set, and from those to its tabs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from samplegen.errors import InputError, unknown
from samplegen.languages import language
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.pages.language import in_pages
from samplegen.rendering.notes import Level, without_install
from samplegen.rendering.sample import Sample, asked, render
from samplegen.rendering.targets import CLIENTS, Target, find, targets
from samplegen.sites.base import Group, Tab
from samplegen.sites.settings import Settings

ALL = "all"


class Asked(NamedTuple):
    """Which samples a tab set has.

    Attributes:
        languages: ids or aliases, in the order of the tabs; `all` for those that can show the call.
        protocols: none for the call's own.
        client: `sdk`, `http`, `all`, or None for each language's default.
        flow: None for what the call asks for.
        preferred: a flow for the targets that have it.
        regions: those that notes list; none for the catalog's.
        install: what says how to install a sample: its own note, or a block `above` it.
    """

    languages: tuple[str, ...]
    protocols: tuple[str, ...] = ()
    client: str | None = None
    flow: str | None = None
    preferred: str | None = None
    locale: str = "en"
    notes: str = "full"
    regions: tuple[str, ...] = ()
    install: str = "sample"


def samples(call: Call, wanted: Asked, catalog: Catalog) -> list[Sample]:
    """The samples of a set: by protocol, language and client.

    Of `all` languages those are left out that cannot show the call.

    Raises:
        InputError: a language that is named cannot show the call, or none can.
    """
    protocols = wanted.protocols or (call.protocol,)
    if ALL in protocols:
        protocols = tuple(catalog.protocols)
    found: dict[tuple[str, str, str], Sample] = {}
    left: InputError | None = None
    for name in protocols:
        catalog.protocol(name)
        one = replace(call, protocol=name)
        for target, named in _targets(wanted, name):
            try:
                sample = rendered(one, target, wanted, catalog)
            except InputError as error:
                if named:
                    raise
                left = left or error
            else:
                found[sample.protocol, sample.language, sample.client] = sample
    if not found:
        raise left or InputError("no language has such a sample: see 'samplegen list'")
    return list(found.values())


def rendered(call: Call, target: Target, wanted: Asked, catalog: Catalog) -> Sample:
    """One sample of a set.

    Raises:
        InputError: the target cannot show the call.
    """
    preferred = wanted.preferred if wanted.preferred in target.flows else None
    # What a call asks for by itself goes before what an example of it shows.
    flow = wanted.flow or (preferred if asked(call) == "whole" else None)
    return render(
        call,
        target.language,
        target.client,
        flow=flow,
        locale=wanted.locale,
        notes=level(wanted.notes),
        catalog=_noting(catalog, wanted.regions, wanted.install, wanted.locale),
    )


def level(name: str) -> Level:
    """How much notes say; rendering refuses an unknown one."""
    return name  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _noting(catalog: Catalog, regions: tuple[str, ...], install: str, locale: str) -> Catalog:
    """The catalog that notes are written by: one object for each, so that skeletons are kept."""
    catalog = without_install(catalog, locale) if install == "above" else catalog
    return catalog.noting(regions) if regions else catalog


def _targets(wanted: Asked, protocol: str) -> Iterable[tuple[Target, bool]]:
    """The targets of a protocol, and whether its language was named."""
    clients = CLIENTS if wanted.client == ALL else (wanted.client,)
    if wanted.client is not None and wanted.client not in (*CLIENTS, ALL):
        raise unknown("client", wanted.client, (*CLIENTS, ALL))
    there = [target for target in targets() if target.protocol == protocol]
    for name in wanted.languages:
        every = name.lower() == ALL
        ids = dict.fromkeys(one.language for one in there) if every else [language(name).id]
        for id in ids:
            for client in clients:
                has = any(one.language == id and client in (None, one.client) for one in there)
                # With each client where it has both.
                if has or (not every and wanted.client != ALL):
                    yield find(id, protocol, client), not every


def groups(
    found: Sequence[Sample],
    settings: Settings,
    locale: str,
    marks: Callable[[Sample], tuple[str, ...]] = lambda sample: (),
) -> list[Group]:
    """The tabs of samples, in groups by protocol.

    Args:
        marks: what an author wrote behind the fence of a sample.
    """
    clients = {(one.protocol, one.language): 0 for one in found}
    for one in found:
        clients[one.protocol, one.language] += 1
    # Where one label says the client, all do.
    several = max(clients.values(), default=0) > 1
    by_protocol: dict[str, list[Tab]] = {}
    for one in found:
        written_in = language(one.language)
        label = settings.label(one.language, locale) or written_in.name
        value = one.language
        if several:
            label = f"{label} ({one.client.upper()})"
        if clients[one.protocol, one.language] > 1:
            value = f"{value}-{one.client}"
        title = in_pages(one.language).filename_of(one.code) if settings.titles else ""
        install = one.install if settings.install == "above" else ""
        tab = Tab(label, value, written_in.fence, one.code, title, marks(one), install)
        tab = tab._replace(install_fence=written_in.install_fence)
        by_protocol.setdefault(one.protocol, []).append(tab)
    return [
        Group(_protocol_label(name, settings, locale), name, tuple(tabs))
        for name, tabs in by_protocol.items()
    ]


def _protocol_label(name: str, settings: Settings, locale: str) -> str:
    return settings.label(name, locale) or _labels().get(locale, {}).get(name, name)


@cache
def _labels() -> dict[str, dict[str, str]]:
    file = Path(__file__).with_name("labels.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
