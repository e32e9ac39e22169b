"""Verification catches every small breakage of a sample, and says what it is."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from conftest import Tell
from mutants import BREAKAGES, CATALOG, KINDS, MISSED, Mutant, flow_mutants, mutants
from toolchains import need_all

from samplegen.languages import language_ids
from samplegen.model.catalog import builtin
from samplegen.rendering.targets import targets
from samplegen.verify.verification import verify

# All of them take long: SAMPLEGEN_MUTANTS=all runs them. Otherwise each breakage has its
# turn on a few kinds of samples.
MOST = None if os.environ.get("SAMPLEGEN_MUTANTS") == "all" else 3
MUTANTS = mutants(BREAKAGES, MOST)
FLOW_MUTANTS = flow_mutants()


def said(broken: list[Mutant], *, once: bool = False) -> list[list[str]]:
    """What verification says of each; with `once`, after it ran with a good key alone."""
    subjects = [one.subject for one in broken]
    return [one.failures for one in verify(subjects, CATALOG, seconds=20, once=once)]


def killed(mutant: Mutant, failures: list[str]) -> bool:
    return any(mutant.said in one for one in failures)


def failures(broken: list[Mutant]) -> list[list[str]]:
    """What is said of each; where a good key alone gives it away, no other situation is tried.

    Verification tries that one first, and says of it the same: the test below holds it to that.
    """
    found = said(broken, once=True)
    left = [at for at, mutant in enumerate(broken) if not killed(mutant, found[at])]
    for at, again in zip(left, said([broken[at] for at in left]), strict=True):
        found[at] = again
    return found


def test_the_library_covers_all_samples() -> None:
    assert len(MUTANTS) >= 150
    assert len(mutants(BREAKAGES)) >= 500
    covered = {kind for breakage in BREAKAGES for kind in breakage.by_kind()}
    assert covered == {*KINDS}
    samples = Counter(
        (it.subject.sample.language, it.subject.sample.protocol, it.subject.sample.client)
        for it in MUTANTS
    )
    assert samples.keys() == {(it.language, it.protocol, it.client) for it in targets()}
    assert min(samples.values()) >= 5
    assert len({it.name for it in MUTANTS}) == len(MUTANTS)


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
def test_every_mutant_is_killed_for_its_reason(language: str, tell: Tell) -> None:
    need_all(language)
    broken = [it for it in MUTANTS if it.language == language]
    survivors, wrong = [], []
    for mutant, found in zip(broken, failures(broken), strict=True):
        if not found:
            survivors.append(mutant.name)
        elif not killed(mutant, found):
            wrong.append(f"{mutant.name}: not {mutant.said!r}, but {found}")
    tell(f"mutations, {language}: {len(broken) - len(survivors)} of {len(broken)} killed")
    assert (survivors, wrong) == ([], [])


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", sorted({it.language for it in FLOW_MUTANTS}))
def test_every_mutant_of_a_flow_is_killed_for_its_reason(language: str, tell: Tell) -> None:
    need_all(language)
    broken = [it for it in FLOW_MUTANTS if it.language == language]
    subjects = [it.subject for it in broken]
    found = [one.failures for one in verify(subjects, builtin(), seconds=60)]
    alive = {
        mutant.name: one
        for mutant, one in zip(broken, found, strict=True)
        if not killed(mutant, one)
    }
    assert alive == {}
    tell(f"mutations of flows, {language}: {len(broken)} of {len(broken)} killed")


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", ["php", "curl"])
def test_what_a_good_key_gives_away_is_said_of_all_situations_too(language: str) -> None:
    need_all(language)
    broken = [it for it in MUTANTS if it.language == language]
    given_away = [
        it for it, one in zip(broken, said(broken, once=True), strict=True) if killed(it, one)
    ]
    assert len(given_away) > len(broken) / 2
    for mutant, found in zip(given_away, said(given_away), strict=True):
        assert killed(mutant, found), mutant.name


@pytest.mark.usefixtures("namespaces")
def test_what_is_known_to_be_missed(tell: Tell) -> None:
    need_all("curl")
    need_all("php")
    broken = mutants(MISSED)
    found = failures(broken)
    caught = [f"{it.name}: {one}" for it, one in zip(broken, found, strict=True) if one]
    tell(f"mutations: {len(broken) - len(caught)} of {len(broken)} known to be missed still are")
    for one in caught:
        tell(f"  now caught, move it to BREAKAGES: {one}")
