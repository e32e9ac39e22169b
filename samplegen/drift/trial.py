"""Running the samples of a package with another version of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from samplegen.drift import registry
from samplegen.drift.registry import Ask, Release
from samplegen.errors import InputError
from samplegen.examples import EXAMPLES, of_project
from samplegen.languages import language_ids
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, Package
from samplegen.rendering.sample import chosen, fitting, render
from samplegen.rendering.targets import Target, targets
from samplegen.verify.subject import Subject, of_rendered
from samplegen.verify.toolchain import Tools, prepare
from samplegen.verify.verification import verify

Say = Callable[[str], None]

CURRENT, RAISES, BREAKS, FAILS, UNKNOWN = "current", "raises", "breaks", "fails", "unknown"
"""What comes of a package: nothing newer; the newest passes; it does not; nor does what is
pinned, with the same samples; cannot be said."""


class Trial(NamedTuple):
    """A version that was tried: how many samples ran with it, and what failed, by sample."""

    release: Release
    ran: int
    failed: dict[str, list[str]]
    """By sample: what `verify` says of it. Under "" is why nothing could be run."""

    @property
    def passed(self) -> bool:
        """Whether all samples ran as they did before."""
        return not self.failed and self.ran > 0

    @property
    def stopped(self) -> bool:
        """Whether nothing could be run."""
        return "" in self.failed


class Drift(NamedTuple):
    """How a package of the catalog stands beside its registry."""

    language: str
    package: Package
    trials: list[Trial]
    withdrawn: bool = False
    why: str = ""
    """Why nothing can be said of it."""
    pinned: Trial | None = None
    """With the version that is pinned, which is run where the newest breaks samples."""

    @property
    def state(self) -> str:
        """One of `current`, `raises`, `breaks`, `fails` and `unknown`."""
        if self.why or (self.trials and self.trials[0].stopped):
            return UNKNOWN
        if not self.trials:
            return CURRENT
        if self.trials[0].passed:
            return RAISES
        return BREAKS if self.broken else FAILS

    @property
    def broken(self) -> set[str]:
        """The samples that the newest version breaks: they pass with the pinned one."""
        before = self.pinned.failed if self.pinned and not self.pinned.stopped else {}
        return set(self.trials[0].failed) - set(before)

    @property
    def best(self) -> Release | None:
        """The newest version that all samples run with, if there is a newer one."""
        return next((trial.release for trial in self.trials if trial.passed), None)


def packages(catalog: Catalog, languages: list[str]) -> list[tuple[str, Package]]:
    """The packages that the catalog pins, each once, in the order of the languages."""
    named = languages or list(language_ids())
    found = [(name, one) for name in named for one in catalog.packages.get(name, {}).values()]
    return list({(name, one.name): (name, one) for name, one in found}.values())


def look(
    catalog: Catalog,
    wanted: list[tuple[str, Package]],
    say: Say,
    *,
    early: bool = False,
    ask: Ask = registry.ask,
) -> Iterator[Drift]:
    """Ask for newer versions of packages, and run the samples that use them.

    Args:
        early: try pre-releases too.

    Yields:
        what came of each, in the order given.
    """
    for language, package in wanted:
        if not registry.can_be_asked(language):
            yield Drift(language, package, [], why="no registry is known for its language")
            continue
        try:
            found = registry.releases(language, package, ask)
        except InputError as error:
            yield Drift(language, package, [], why=str(error))
            continue
        gone = registry.withdrawn(package, found)
        newer = registry.newer(package, found, early=early)
        trials: list[Trial] = []

        def tried(release: Release, package: Package = package, language: str = language) -> Trial:
            say(f"{package.label} {package.version}: trying {release.version}")
            return _try(catalog, language, package, release, say)

        for release in newer:
            trials.append(tried(release))
            if trials[-1].passed:
                break
        pinned = None
        if trials and trials[0].failed and not trials[0].stopped:
            pinned = tried(Release(package.name, package.version))
        yield Drift(language, package, trials, gone, pinned=pinned)


def raised(catalog: Catalog, language: str, package: Package, release: Release) -> Catalog:
    """The catalog with another version of a package."""
    there = {
        target: one._replace(name=release.name, version=release.version)
        if one.name == package.name
        else one
        for target, one in catalog.packages[language].items()
    }
    return replace(catalog, packages={**catalog.packages, language: there})


def conflicts(catalog: Catalog, drifts: Iterable[Drift], say: Say) -> Iterator[tuple[str, str]]:
    """The languages whose packages cannot all be raised, and why.

    Each was tried alone; `verify` installs all packages of a language beside each other.
    """
    languages: dict[str, None] = {}
    for one in drifts:
        if one.best is not None:
            catalog = raised(catalog, one.language, one.package, one.best)
            languages[one.language] = None
    for language in languages:
        try:
            prepare(language, catalog, say)
        except InputError as error:
            yield language, str(error)


def _try(catalog: Catalog, language: str, package: Package, release: Release, say: Say) -> Trial:
    """Run everything that uses a package, with another version of it."""
    other = raised(catalog, language, package, release)
    there = package._replace(name=release.name, version=release.version)
    return run(other, language, there, release, say)


def run(
    catalog: Catalog,
    language: str,
    package: Package | None,
    release: Release,
    say: Say,
    tools: Callable[[], Tools] | None = None,
    *,
    once: bool = False,
) -> Trial:
    """Run everything that uses a package, or none.

    Args:
        release: what is tried with it.
        tools: installs other programs than those that are here.
        once: run each sample only with a good key.
    """
    samples = list(subjects(catalog, language, package and package.name))
    # As a reader has it, without packages of other samples, which may want others beside them.
    alone = {"": package} if package else {}
    failed: dict[str, list[str]] = {}
    try:
        prepared = prepare(
            language,
            replace(catalog, packages={**catalog.packages, language: alone}),
            say,
            tools and tools(),
        )
        ready = {language: prepared}
        results = list(verify([one for _, one in samples], catalog, ready, once=once))
    except InputError as error:
        return Trial(release, 0, {"": [str(error)]})
    for (name, _), result in zip(samples, results, strict=True):
        if not result.passed:
            failed[name] = result.failures
    return Trial(release, len(results), failed)


def subjects(catalog: Catalog, language: str, package: str | None) -> Iterator[tuple[str, Subject]]:
    """The samples of every example that use a package, or none, each with a name for people."""
    using = [target for target in targets() if target.language == language]
    for example, call in _calls(catalog):
        for target in using:
            one = replace(call, protocol=target.protocol)
            try:
                flow = chosen(_shown(example, target), one, target)
                wanted = catalog.package(language, target.protocol, target.client, flow)
                if (wanted and wanted.name) != package:
                    continue
                sample = render(one, language, target.client, flow=flow, catalog=catalog)
            except InputError:
                continue  # What this target cannot show is no matter of versions.
            subject = of_rendered(sample, fitting(one, flow), flow, catalog)
            yield f"{example}, {target.name}", subject


def _shown(example: str, target: Target) -> str | None:
    flow = EXAMPLES[example].flow
    return flow if flow in target.flows else None


def _calls(catalog: Catalog) -> Iterator[tuple[str, Call]]:
    """The calls of the named examples, as far as this catalog's provider has them."""
    for name in EXAMPLES:
        try:
            yield name, Call.parse(of_project(name, None, catalog), catalog)
        except InputError:
            continue  # Another provider has not all of them.
