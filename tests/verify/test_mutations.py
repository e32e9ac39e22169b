"""Verification catches every small breakage of a sample, and says what it is."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from conftest import Tell
from mutants import BREAKAGES, CATALOG, KINDS, MISSED, Mutant, mutants
from toolchains import need_all

from samplegen.languages import language_ids
from samplegen.rendering.targets import targets
from samplegen.verify.verification import verify

# All of them take long: SAMPLEGEN_MUTANTS=all runs them. Otherwise each breakage has its
# turn on a few kinds of samples.
MOST = None if os.environ.get("SAMPLEGEN_MUTANTS") == "all" else 3
MUTANTS = mutants(BREAKAGES, MOST)


def failures(broken: list[Mutant]) -> list[list[str]]:
    subjects = [one.subject for one in broken]
    return [one.failures for one in verify(subjects, CATALOG, seconds=20)]


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
    for mutant, said in zip(broken, failures(broken), strict=True):
        if not said:
            survivors.append(mutant.name)
        elif not any(mutant.said in one for one in said):
            wrong.append(f"{mutant.name}: not {mutant.said!r}, but {said}")
    tell(f"mutations, {language}: {len(broken) - len(survivors)} of {len(broken)} killed")
    assert (survivors, wrong) == ([], [])


@pytest.mark.usefixtures("namespaces")
def test_what_is_known_to_be_missed(tell: Tell) -> None:
    need_all("curl")
    need_all("php")
    broken = mutants(MISSED)
    all_said = failures(broken)
    caught = [f"{it.name}: {said}" for it, said in zip(broken, all_said, strict=True) if said]
    tell(f"mutations: {len(broken) - len(caught)} of {len(broken)} known to be missed still are")
    for one in caught:
        tell(f"  now caught, move it to BREAKAGES: {one}")
