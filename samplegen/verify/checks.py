"""The checks of one sample: each runs its exact bytes in one situation and says what was wrong."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from samplegen.catalog import Catalog
from samplegen.language import language
from samplegen.request import Request
from samplegen.sample import Sample
from samplegen.verify import mock, toolchain
from samplegen.verify.compare import compare
from samplegen.verify.program import Outcome, run

# An SDK tries again when the service is busy or the line breaks.
_MOST_TRIES = 3


class Subject(NamedTuple):
    """A sample, and what it means: the request that it is to send, whatever the key."""

    sample: Sample
    request: Request


class Result(NamedTuple):
    """What came of a sample. It passed where there are no failures."""

    language: str
    protocol: str
    client: str
    region: str
    locale: str
    passed: bool
    isolation: str
    seconds: float
    failures: list[str]


class Place(NamedTuple):
    """Where samples run: the mock, what trusts its certificate, and how well it is isolated."""

    server: mock.Mock
    catalog: Catalog
    certificate: Path
    folder: Path
    isolation: str
    prepared: dict[str, toolchain.Prepared]
    keyless: Lock


def check(number: int, subject: Subject, place: Place, *, keep: bool = False) -> Result:
    """Build a sample and try it in every situation.

    Args:
        number: of the sample within its run; its folder is named by it.
        keep: leave that folder.
    """
    started = time.monotonic()
    sample = subject.sample
    target = f"{sample.locale}-{sample.protocol}-{sample.region}-{Path(sample.filename).stem}"
    work = place.folder / f"{number:03}-{target}"
    trial = Trial(subject, place, work)
    failures = list(trial.failures())
    if not keep:
        shutil.rmtree(work, ignore_errors=True)
    fields = (sample.language, sample.protocol, sample.client, sample.region, sample.locale)
    seconds = round(time.monotonic() - started, 3)
    return Result(*fields, not failures, place.isolation, seconds, failures)


class Trial:
    """One sample at its place, built once and run in each situation."""

    def __init__(self, subject: Subject, place: Place, work: Path) -> None:
        self.subject = subject
        self.place = place
        self.work = work
        self.prepared = place.prepared[subject.sample.language]

    def failures(self) -> Iterator[str]:
        """What was wrong, a sentence each; nothing where all is well."""
        program = self.built(self.subject.sample.code, self.work / "sample")
        if isinstance(program, str):
            yield program
            return
        yield from self.answered(program)
        yield from self.refused(program)
        yield from self.without_key(program)
        for behaviour in mock.FAILURES:
            yield from self.failing(program, behaviour)
        yield from self.with_literal_key()

    def built(self, code: str, folder: Path) -> Path | str:
        """The source file of a built program, or what the compiler said."""
        folder.mkdir(parents=True)
        source = folder / self.subject.sample.filename
        source.write_bytes(code.encode())
        build = toolchain.build(self.prepared, source, folder)
        for step in [*build.compile, *build.link]:
            outcome = self.run(step, folder, key=None)
            if outcome.exit != 0:
                return f"does not build: {_excerpt(outcome.stderr or outcome.stdout)}"
        return source

    def run(self, step: toolchain.Step, folder: Path, key: str | None) -> Outcome:
        """Run a step of the toolchain, with an API key in the environment or without."""
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            **toolchain.trust(self.prepared, self.place.certificate, self.place.folder),
            **step.environment,
        }
        if key is not None:
            environment[self.place.catalog.provider.key_env] = key
        confined = self.place.isolation == "sealed"
        return run(step.arguments, environment, folder, confined=confined)

    def tried(self, source: Path, key: str | None) -> Outcome:
        """Run a built program."""
        step = toolchain.run(self.prepared, source, source.parent)
        return self.run(step, source.parent, key)

    def answered(self, source: Path, literal: str | None = None) -> Iterator[str]:
        """A good key: one request, the right one, and the answer on standard output."""
        key = literal or new_key()
        self.place.server.expect(key)
        outcome = self.tried(source, None if literal else key)
        yield from self.sent(key, most=1)
        if outcome.exit != 0:
            yield f"fails with a good key, {_ending(outcome)}: {_excerpt(outcome.stderr)}"
        elif not shows(outcome.stdout, mock.ANSWER):
            yield f"the answer is not on standard output: {_excerpt(outcome.stdout)}"

    def sent(self, key: str, most: int) -> Iterator[str]:
        """How what arrived with a key differs from what the call means."""
        exchanges = self.place.server.exchanges(key)
        if not exchanges:
            yield "sends no request that arrives: is the host right?"
        if len(exchanges) > most:
            yield f"sends {len(exchanges)} requests instead of one"
        request = self.subject.request
        headers = {**request.headers, "Authorization": f"Bearer {key}"}
        found = [f for e in exchanges for f in compare(request._replace(headers=headers), e)]
        yield from dict.fromkeys(found)

    def refused(self, source: Path) -> Iterator[str]:
        """A wrong key: the service's message on standard error, and a failure."""
        outcome = self.tried(source, new_key())
        words = mock.BAD_KEY[self.subject.sample.protocol]
        yield from fails("with a wrong key", outcome, words)

    def without_key(self, source: Path) -> Iterator[str]:
        """No key: no request, and a message that names the variable."""
        # One at a time, so that a request without a key is known to be this program's.
        with self.place.keyless:
            before = self.keyless_requests()
            outcome = self.tried(source, None)
            sent = self.keyless_requests() - before
        if sent:
            yield "without a key: sends a request all the same"
        yield from fails("without a key", outcome, self.place.catalog.provider.key_env)

    def keyless_requests(self) -> int:
        """How many requests came without a key so far."""
        bare = ("", "bearer", "bearer null", "bearer none", "bearer undefined")
        strangers = self.place.server.strangers()
        return sum(one.header("authorization").strip().lower() in bare for one in strangers)

    def failing(self, source: Path, behaviour: mock.Behaviour) -> Iterator[str]:
        """The service fails: a request as always, its message on standard error, and a failure."""
        key = new_key()
        self.place.server.expect(key, behaviour)
        outcome = self.tried(source, key)
        tries = _MOST_TRIES if self.subject.sample.client == "sdk" else 1
        yield from (f"{behaviour}: {failure}" for failure in self.sent(key, most=tries))
        words = mock.COMPLAINTS.get(behaviour, "")
        yield from fails(f"when the service answers with {behaviour}", outcome, words)

    def with_literal_key(self) -> Iterator[str]:
        """The note on the key followed literally: the program builds, and sends that key."""
        key = new_key()
        code = followed(self.subject.sample, self.place.catalog, key)
        if code is None:
            return
        program = self.built(code, self.work / "literal")
        if isinstance(program, str):
            yield f"with the key written in as the note says, {program}"
            return
        for failure in self.answered(program, literal=key):
            yield f"with the key written in as the note says: {failure}"


def new_key() -> str:
    """A key that no other run has."""
    return f"sk-{secrets.token_hex(16)}"


def fails(when: str, outcome: Outcome, words: str) -> Iterator[str]:
    """What is wrong with how a program fails."""
    if outcome.exit is None:
        yield f"{when}: does not end"
    elif outcome.exit == 0:
        yield f"{when}: exits with 0, as if all were well"
    if outcome.stdout.strip():
        yield f"{when}: writes to standard output: {_excerpt(outcome.stdout)}"
    if not outcome.stderr.strip():
        yield f"{when}: says nothing on standard error"
    elif words not in outcome.stderr:
        yield f"{when}: standard error does not say {words!r}: {_excerpt(outcome.stderr)}"


def shows(stdout: str, answer: str) -> bool:
    """Whether an output has the answer: as it is, or as a string in JSON."""
    if answer in stdout:
        return True
    try:
        return answer in _strings(json.loads(stdout))
    except ValueError:
        return False


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def followed(sample: Sample, catalog: Catalog, key: str) -> str | None:
    """The sample after a reader did what the note on the key says; None without such a note."""
    from samplegen.notes import key_note

    mark = language(sample.language).comment_mark
    start = f"{mark} {key_note(sample.locale, catalog)}"
    lines = sample.code.split("\n")
    for number, line in enumerate(lines):
        if line.strip().startswith(start):
            placeholder = catalog.provider.key_placeholder
            written = line.strip().removeprefix(start).replace(placeholder, key)
            below = lines[number + 1]
            lines[number + 1] = below[: len(below) - len(below.lstrip())] + written
            return "\n".join(lines)
    return None


def _ending(outcome: Outcome) -> str:
    return "does not end" if outcome.exit is None else f"exit {outcome.exit}"


def _excerpt(text: str) -> str:
    """The telling end of an output."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[-3:])[-500:] or "nothing"
