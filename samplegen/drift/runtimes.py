"""Running samples with the oldest runtime that their notes name, and with older ones.

Each language's `runtimes` module has `releases(ask)`, the versions that a registry has
of what runs its programs, and `tools(release, say)`, which installs one.
"""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from samplegen.drift import registry
from samplegen.drift.registry import Ask, Release
from samplegen.drift.trial import Say, Trial, packages, run, subjects
from samplegen.errors import InputError
from samplegen.languages import has, language, language_ids, part
from samplegen.model.catalog import Catalog, Package

RUNS, BREAKS, UNKNOWN = "runs", "breaks", "unknown"
"""What comes of a runtime: as named, or older; not as named; cannot be said."""

_PLATFORM = "linux-x86_64"

NOWHERE = "no registry that samplegen knows has versions of it"
ELSEWHERE = "other versions of runtimes are run on Linux with x86-64 only"

Series = tuple[int, ...]


class Runtime(NamedTuple):
    """A runtime that notes name, and the package beside it: what their samples need.

    Args:
        name: with the version: `Node.js 22`.
        trials: in the order of their versions.
        why: nothing can be said of it.
    """

    language: str
    name: str
    package: Package | None
    trials: tuple[Trial, ...] = ()
    why: str = ""

    @property
    def oldest(self) -> Release | None:
        """The oldest version that all samples run with."""
        return next((one.release for one in self.trials if one.passed), None)

    @property
    def tried(self) -> Release | None:
        """The version that was named, else the next one that a registry has."""
        return self._first.release if self._first else None

    @property
    def _first(self) -> Trial | None:
        named = _numbers(self.name)
        return next((it for it in self.trials if _series(it.release, named) >= named), None)

    @property
    def state(self) -> str:
        """One of `runs`, `breaks` and `unknown`."""
        named = _numbers(self.name)
        if any(one.passed and _series(one.release, named) <= named for one in self.trials):
            return RUNS
        return BREAKS if self._first and self._first.ran and self._first.failed else UNKNOWN


def runtimes(
    catalog: Catalog, languages: list[str], say: Say, *, ask: Ask = registry.ask
) -> Iterator[Runtime]:
    """Run the samples with the runtimes that their notes name.

    Yields:
        what came of each pair of a runtime and a package.
    """
    for id in languages or language_ids():
        found: list[Release] = []
        why = ""
        if not has(id, "runtimes"):
            why = NOWHERE
        elif sysconfig.get_platform() != _PLATFORM:
            why = ELSEWHERE
        else:
            try:
                found = registry.of_runtime(id, ask)
            except InputError as error:
                why = str(error)
        for package in (*(one for _, one in packages(catalog, [id])), None):
            name = (package and package.runtime) or language(id).runtime
            if not any(subjects(catalog, id, package and package.name)):
                continue
            one = Runtime(id, name, package, why=why)

            trials = _walk(_numbers(name), found, partial(_run, catalog, one, say))
            yield one._replace(trials=trials)


def _walk(
    named: Series, found: Iterable[Release], run: Callable[[Release], Trial]
) -> tuple[Trial, ...]:
    """Up from the named version to one that passes; if that one does, down to one that fails.

    Of versions with the same first numbers the oldest is tried: `Node.js 22` means any of them.
    """
    usable = {one.order: one for one in found if one.order and not (one.early or one.withdrawn)}
    newest_first = (usable[order] for order in sorted(usable, reverse=True))
    series = sorted({_series(one, named): one for one in newest_first}.items())
    up: list[Trial] = []
    for _, release in (one for one in series if one[0] >= named):
        up.append(run(release))
        if up[-1].passed:
            break
    down: list[Trial] = []
    if all(one.passed for one in up):
        for _, release in reversed([one for one in series if one[0] < named]):
            down.append(run(release))
            if not down[-1].passed:
                break
    return (*reversed(down), *up)


def _numbers(name: str) -> Series:
    """The version in a runtime's name."""
    return tuple(int(one) for one in re.findall(r"\d+", name.rpartition(" ")[2]))


def _series(release: Release, named: Series) -> Series:
    """As many numbers of a version as the named one has."""
    order = release.order
    return order.release[: len(named)] if order else ()


def _run(catalog: Catalog, one: Runtime, say: Say, release: Release) -> Trial:
    """Run the samples of a package with another runtime."""
    say(f"{one.name.rpartition(' ')[0]}: trying {release.version}")
    tools = part(one.language, "runtimes").tools
    named = _numbers(one.name)
    return run(
        catalog,
        one.language,
        one.package,
        release,
        say,
        lambda: tools(release, say),
        # What happens with a bad key and the like is asked of what the notes promise.
        once=_series(release, named) != named,
    )
