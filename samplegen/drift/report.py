"""What drift says: in lines, as JSON, and as lines for a changelog."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from samplegen.drift.runtimes import RUNS, Runtime
from samplegen.drift.trial import BREAKS, CURRENT, FAILS, RAISES, UNKNOWN, Drift, Trial

_WORDS = {RAISES: "newer", BREAKS: "BREAKS", FAILS: "FAILS"}

_SHOWN = 3
"""How many of the samples that fail are shown; the others fail likewise."""


def line_of(drift: Drift) -> str:
    """A line for a package, and below it what fails with which version."""
    package = drift.package
    name = f"{drift.language} {package.name} {package.version}"
    gone = "; this version was withdrawn" if drift.withdrawn else ""
    if drift.why:
        return f"unknown  {name}  {drift.why}\n"
    if drift.state == CURRENT:
        return f"current  {name}  is the newest{gone}\n"
    word = _WORDS.get(drift.state, drift.state)
    lines = [f"{word:8} {name}  {_verdict(drift)}{gone}"]
    for trial in drift.trials:
        lines += _failures(trial)
    return "\n".join(lines) + "\n"


def line_of_runtime(one: Runtime) -> str:
    """A line for a runtime, and below it what fails with which version."""
    beside = f" with {one.package.label} {one.package.version}" if one.package else ""
    # What lies between the oldest that runs and what is named runs, too.
    told = [it for it in one.trials if it.failed or it.release in (one.tried, one.oldest)]
    said = one.why or "; ".join(_said(it.release.version, it) for it in reversed(told))
    state = one.state.upper() if one.state == BREAKS else one.state
    lines = [f"{state:8} {one.name}{beside}  {said}"]
    for trial in told:
        lines += _failures(trial, 1 if one.state == RUNS else _SHOWN)
    return "\n".join(lines) + "\n"


def _verdict(drift: Drift) -> str:
    said = [_said(_version(drift, trial), trial) for trial in drift.trials]
    if drift.pinned and drift.pinned.failed:
        said.append("what is pinned fails, too: " + _said(drift.package.version, drift.pinned))
    return "; ".join(said)


def _said(version: str, trial: Trial) -> str:
    if trial.passed:
        return f"{version}: all {trial.ran} samples pass"
    if trial.stopped:
        return f"{version}: cannot be tried"
    return f"{version}: {len(trial.failed)} of {trial.ran} samples fail"


def _version(drift: Drift, trial: Trial) -> str:
    """The version, and the package where that has another name, as a Go module's next major."""
    other = trial.release.name != drift.package.name
    return f"{trial.release.name} {trial.release.version}" if other else trial.release.version


def _failures(trial: Trial, shown: int = _SHOWN) -> list[str]:
    lines = []
    for name, failures in [*trial.failed.items()][:shown]:
        lines.append(f"    {trial.release.version}  {name or 'not run'}")
        lines += [f"        {failure}" for failure in failures]
    more = len(trial.failed) - shown
    if more > 0:
        lines.append(f"    {trial.release.version}  and {more} more")
    return lines


def as_text(drifts: Sequence[Drift]) -> str:
    """The sum; the lines came before."""
    states = [one.state for one in drifts]
    raises = sum(one.best is not None for one in drifts)
    broken, failing, unknown = (states.count(one) for one in (BREAKS, FAILS, UNKNOWN))
    already = f"{failing} failing already, " if failing else ""
    return (
        f"{states.count(CURRENT)} current, {raises} can be raised, "
        f"{broken} broken by the newest, {already}{unknown} unknown\n"
    )


def as_json(drifts: Sequence[Drift]) -> str:
    """An object with `packages`, an array of objects: what the text says of each."""
    return json.dumps({"packages": [_data(one) for one in drifts]}, indent=2) + "\n"


def _data(drift: Drift) -> dict[str, Any]:
    return {
        "language": drift.language,
        "package": drift.package.name,
        "version": drift.package.version,
        "state": drift.state,
        "withdrawn": drift.withdrawn,
        "best": drift.best._asdict() if drift.best else None,
        "why": drift.why,
        "trials": [_trial(one) for one in drift.trials],
        "pinned": _trial(drift.pinned) if drift.pinned else None,
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "package": trial.release.name,
        "version": trial.release.version,
        "passed": trial.passed,
        "samples": trial.ran,
        "failures": trial.failed,
    }


def runtimes_as_text(found: Sequence[Runtime]) -> str:
    """The sum; the lines came before."""
    states = [one.state for one in found]
    return (
        f"{states.count(RUNS)} run as named, {states.count(BREAKS)} broken as named, "
        f"{states.count(UNKNOWN)} unknown\n"
    )


def runtimes_as_json(found: Sequence[Runtime]) -> str:
    """An object with `runtimes`, an array of objects: what the text says of each."""
    return json.dumps({"runtimes": [_runtime(one) for one in found]}, indent=2) + "\n"


def _runtime(one: Runtime) -> dict[str, Any]:
    return {
        "language": one.language,
        "runtime": one.name,
        "package": one.package.name if one.package else None,
        "version": one.package.version if one.package else None,
        "state": one.state,
        "oldest": one.oldest.version if one.oldest else None,
        "why": one.why,
        "trials": [_trial(trial) for trial in one.trials],
    }


def changelog(drifts: Sequence[Drift]) -> list[str]:
    """A line for each pin that was raised."""
    return [
        f"{one.package.label} {one.package.version} -> {one.best.version} ({one.language})"
        for one in drifts
        if one.best
    ]
