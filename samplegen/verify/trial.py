"""Building a sample, and running it: once for all samples that are the same program."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from functools import cached_property
from pathlib import Path
from threading import Lock, Semaphore
from typing import Any, Final, NamedTuple

from samplegen.model.call import Call
from samplegen.model.catalog import Access, Catalog
from samplegen.protocols import protocol
from samplegen.protocols.base import Answers
from samplegen.protocols.request import parse, shown
from samplegen.verify import mock, toolchain
from samplegen.verify.compare import added_by
from samplegen.verify.keys import behaviour_of
from samplegen.verify.outcomes import beginning
from samplegen.verify.place import Place, Trust
from samplegen.verify.program import Gate, Outcome, Runner
from samplegen.verify.roots import HOME, Roots
from samplegen.verify.subject import Failure, Subject, sentences
from samplegen.verify.supplied import supply
from samplegen.verify.turns import Turn, turns


class Bench(NamedTuple):
    """What all checks of a run share.

    `trust` says which certificates there are, where programs speak TLS;
    `roots` is what programs see of the machine, where they do not see all of it;
    `once` is to run each program only in the first situation, with a good key.
    """

    catalog: Catalog
    place: Place
    runner: Runner
    folder: Path
    trust: Trust | None
    once: bool
    known: Known
    roots: Roots | None = None


class Known:
    """What is known of programs: the same program need not run twice.

    Args:
        running: taken by each thread that runs programs; one that waits for another lets go of it.
    """

    def __init__(self, running: Semaphore) -> None:
        self._running = running
        self._found: dict[str, Future[list[Failure]]] = {}
        self._lock = Lock()

    def failures(
        self, identity: str, find: Callable[[], list[Failure]]
    ) -> tuple[list[Failure], float]:
        """What is wrong with a program; found once, however many threads ask.

        Returns:
            The failures, and for how many seconds this waited for another thread.
        """
        with self._lock:
            first = identity not in self._found
            future = self._found.setdefault(identity, Future())
        waited = 0.0
        if first:
            try:
                future.set_result(find())
            except BaseException as error:
                future.set_exception(error)
        elif not future.done():
            started = time.monotonic()
            self._running.release()
            wait([future])
            waited = time.monotonic() - started
            self._running.acquire()
        return future.result(), waited


class Program(NamedTuple):
    """A compiled sample: its source file, and the steps that are left before it runs."""

    source: Path
    link: list[toolchain.Step]
    identity: str | None
    """What two programs share that compile to the same; None where nothing is compiled."""
    uncommented: str | None
    """What two programs share that differ in comments alone; None where that cannot be told."""


class Trial:
    """One sample on the bench: built once, and run as often as there are situations."""

    def __init__(
        self, subject: Subject, prepared: toolchain.Prepared, bench: Bench, work: Path
    ) -> None:
        self.subject = subject
        self.prepared = prepared
        self.bench = bench
        self.work = work
        self.slot = bench.place.slot
        self.programs = 0
        # Seconds that another thread ran what is this program, too.
        self.waited = 0.0
        # Whether a run of it had to be stopped.
        self.endless = False
        # What a sample of a page turned out to speak.
        self.protocol: str | None = None
        self.region: str | None = None

    @cached_property
    def call(self) -> Call | None:
        """The call that a rendered sample makes."""
        if not self.rendered or self.subject.request is None:
            return None
        return self.subject.call or parse(self.subject.request, self.bench.catalog)

    @cached_property
    def access(self) -> Access:
        """How the program shows that it may call; one of a page as it does in the usual region."""
        sample, catalog = self.subject.sample, self.bench.catalog
        return catalog.access(sample.region or catalog.defaults.region, sample.client or "http")

    @property
    def asks_for_key(self) -> bool:
        """Whether there is no call without a key."""
        return bool(self.access.env) and not self.access.literal

    def shown(self, key: str) -> list[dict[str, str]]:
        """The headers that may have a key; see `compare`."""
        if self.rendered:
            return [shown(self.access, key)]
        auths = self.bench.catalog.auths if self.asks_for_key else []
        return [{auth.header: auth.prefix + key} for auth in auths]

    @property
    def flow(self) -> str:
        """What the sample does with the answer."""
        return self.subject.flow

    @property
    def variables(self) -> Sequence[str]:
        """The environment variables that the program may read the key from."""
        if self.rendered:
            return [self.access.env] if self.access.env else []
        return self.bench.catalog.right_variables

    @property
    def says(self) -> Answers | None:
        """How the protocol that the sample speaks says things, as far as it is known."""
        id = self.subject.sample.protocol or self.protocol
        return protocol(id).answers if id else None

    @cached_property
    def added(self) -> Mapping[str, Any]:
        """What the sample's SDK adds to bodies by itself."""
        sample, call = self.subject.sample, self.call
        if call is None:
            return {}
        kind = self.bench.catalog.family(call.model).kind
        return added_by(sample.language, sample.protocol, sample.client, kind)

    def turns(
        self, behaviour: mock.Behaviour = "answer", got: Sequence[mock.Exchange] = ()
    ) -> list[Turn]:
        """The requests that a rendered sample must send, with the answers that it gets."""
        if self.call is None:
            return []
        client = self.subject.sample.client
        return turns(self.call, self.flow, self.bench.catalog, behaviour, got, client)

    @property
    def rendered(self) -> bool:
        """Whether samplegen wrote the sample itself."""
        return self.subject.rendered

    @property
    def shows_bodies(self) -> bool:
        """Whether the sample shows all that the service sends, as it comes."""
        return not toolchain.reads_answers(self.subject.sample.language)

    @property
    def shows_events(self) -> bool:
        """Whether the sample shows the events of a stream as they come."""
        return self.call is not None and self.call.streams and self.shows_bodies

    def found(
        self, name: str, code: str, situations: Callable[[Program], Iterator[Failure]]
    ) -> list[str]:
        """Build code and try it in some situations, unless the same program was tried before."""
        folder = self.work / (name or "sample")
        try:
            program = self.compiled(code, folder)
            if isinstance(program, str):
                return [program]

            def find() -> list[Failure]:
                problem = self.done(program.link, folder)
                return [Failure("", problem)] if problem else [*situations(program)]

            if program.identity is None:
                return sentences(find())
            return sentences(self.shared(f"{name} {program.identity}", find))
        finally:
            self.bench.runner.leave(folder)

    def shared(self, identity: str, find: Callable[[], list[Failure]]) -> list[Failure]:
        """What is wrong with a program that other samples are, too."""
        failures, waited = self.bench.known.failures(identity, find)
        self.waited += waited
        return failures

    def compiled(self, code: str, folder: Path) -> Program | str:
        """A program, or what the compiler said."""
        folder.mkdir(parents=True)
        source = folder / self.subject.sample.filename
        source.write_bytes(self.slot.published(code).encode())
        supply(self.subject.files, folder)
        build = toolchain.build(self.prepared, source, folder)
        if self.bench.roots:
            self.bench.roots.give(folder)
        problem = self.done(build.compile, folder)
        if problem:
            return problem
        if not self.rendered:
            return Program(source, build.link, None, None)
        if build.product:
            return Program(source, build.link, self.identity(build.product, folder), None)
        bare = _uncommented(self.subject.sample.language, code)
        told = self.meant_to_do(bare.encode()).hexdigest() if bare is not None else None
        return Program(source, build.link, None, told)

    def meant_to_do(self, content: bytes = b"") -> hashlib._Hash:
        """What two programs have in common that are to do the same."""
        subject = self.subject
        meant = (
            *(self.prepared, subject.request, subject.call, subject.flow, subject.sample.client),
            *(subject.only, subject.files),
        )
        return hashlib.sha256(repr(meant).encode() + content)

    def identity(self, product: list[Path], folder: Path) -> str:
        """What two programs have in common that do the same and are to do the same."""
        told = self.meant_to_do()
        for path in product:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file():
                    told.update(f"{file.relative_to(folder)} {file.stat().st_size}\0".encode())
                    told.update(file.read_bytes())
        return told.hexdigest()

    def done(self, steps: list[toolchain.Step], folder: Path) -> str | None:
        """Do the steps of a build; what a compiler said if one failed."""
        for step in steps:
            outcome = self.run(step, folder, key=None)
            if outcome.exit != 0:
                said = outcome.stderr if outcome.stderr.strip() else outcome.stdout
                return f"does not build: {beginning(said)}"
        return None

    def run(
        self,
        step: toolchain.Step,
        folder: Path,
        key: str | None,
        trusted: Path | None = None,
        gate: Gate | None = None,
    ) -> Outcome:
        """Run a step of the toolchain.

        Args:
            key: an API key for the environment, or None.
            trusted: the certificate of the authority to trust.
            gate: is told where standard output goes.
        """
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
        }
        if trusted is not None:
            forms = trusted.with_name(f"{trusted.stem}-forms")
            forms.mkdir(exist_ok=True)
            environment |= toolchain.trust(self.prepared, trusted, forms)
        environment |= step.environment
        if key is not None:
            environment |= dict.fromkeys(self.variables, key)
        cells = None
        if self.bench.roots and self.bench.trust and self.slot.hosts:
            environment["HOME"] = str(HOME)
            whom = trusted or self.bench.trust.authority
            cells = self.bench.roots.around(self.prepared, folder, self.slot.hosts, whom)
        outcome = self.bench.runner.run(step, environment, folder, cells, gate)
        return outcome._replace(stderr=_PICKED_UP.sub("", outcome.stderr))

    def tried(
        self,
        source: Path,
        key: str | None,
        trusted: Path | None = None,
        gate: Gate | None = None,
    ) -> tuple[Outcome, list[mock.Exchange]]:
        """Run a built program: how it ended, and what came of it."""
        if trusted is None and self.bench.trust:
            trusted = self.bench.trust.authority
        self.programs += 1
        self.slot.take()
        self.slot.behave(behaviour_of(key))
        step = toolchain.run(self.prepared, source, source.parent)
        self.slot.hold(gate.seen if gate else None)
        outcome = self.run(step, source.parent, key, trusted, gate)
        self.endless = self.endless or outcome.exit is None
        self.slot.hold(None)
        return outcome, self.slot.take()


def _uncommented(language: str, code: str) -> str | None:
    """Code without its comments, where its language has a reader."""
    from samplegen.readback import can_read

    if not can_read(language):
        return None
    from samplegen.readback.uncommented import uncommented

    return uncommented(language, code)


# What Java says on standard error of the variable that tells it whom to trust.
_PICKED_UP: Final = re.compile(r"^Picked up JAVA_TOOL_OPTIONS: .*\n", re.MULTILINE)
