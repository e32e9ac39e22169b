"""The process that runs samples: the first one of its namespaces, where there are any.

It reads a `Setup` and then `Job`s from standard input, writes a line of JSON for each
result, and ends at once when standard input closes: so it never outlives the process
that started it.
"""

from __future__ import annotations

import faulthandler
import json
import os
import pickle
import shutil
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Lock, Semaphore
from typing import Any, NamedTuple

from samplegen.model.catalog import Catalog
from samplegen.verify import mock, place, seal, toolchain
from samplegen.verify.checks import check
from samplegen.verify.keys import let_in
from samplegen.verify.program import Runner
from samplegen.verify.roots import Roots
from samplegen.verify.subject import Subject
from samplegen.verify.trial import Bench, Known


class Setup(NamedTuple):
    """How a worker works.

    `folder` is an empty one to work in; `origins` lead to the mock: see
    `hosts.every_origin`.
    """

    catalog: Catalog
    origins: list[str]
    jobs: int
    folder: Path
    isolation: str
    keep: bool
    seconds: int
    once: bool


class Job(NamedTuple):
    """A sample to check."""

    number: int
    subject: Subject
    prepared: toolchain.Prepared


class Worker:
    """Reads jobs and checks them, several at a time."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.sealed = setup.isolation == place.SEALED
        self.runner = Runner(setup.seconds)
        self._lock = Lock()

    def work(self) -> None:
        """Do what standard input says, until it closes."""
        setup = self.setup
        server = mock.Mock(setup.catalog)
        let_in(server)
        # Where a name or number cannot lead to several places, there is one.
        jobs = 1 if self.sealed and place.fixed(setup.origins) else setup.jobs
        # As many run as there are jobs; others wait for what these find out for them, too.
        threads = jobs if jobs == 1 else 3 * jobs
        running = Semaphore(jobs)
        with ExitStack() as open_, ThreadPoolExecutor(threads) as pool:
            trust = roots = None
            if self.sealed:
                own = seal.memory_beside(setup.folder)
                there, trust = open_.enter_context(place.sealed(server, setup.origins, own))
                roots = Roots(own, setup.folder, trust.authority.parent)
            else:
                there = open_.enter_context(place.rewritten(server, setup.origins, threads))
            known = Known(running)
            bench = Bench(
                setup.catalog, there, self.runner, setup.folder, trust, setup.once, known, roots
            )
            while job := _next():
                pool.submit(self.take, job, bench, running)
            self.end()

    def take(self, job: Job, bench: Bench, running: Semaphore) -> None:
        """Do a job when it is its turn."""
        with running:
            self.do(job, bench)

    def do(self, job: Job, bench: Bench) -> None:
        """Check one sample, and say what came of it."""
        try:
            result = check(job.number, job.subject, job.prepared, bench, keep=self.setup.keep)
            self.say({"number": job.number, "result": result._asdict()})
        except Exception as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Say why there is no result."""
        if isinstance(error, OSError):
            where = error.filename or self.setup.folder
            self.say({"error": f"{where}: {error.strerror}"})
        else:
            self.say({"bug": "".join(traceback.format_exception(error))})

    def say(self, message: dict[str, Any]) -> None:
        """Write one line."""
        with self._lock:
            print(json.dumps(message), flush=True)

    def end(self) -> None:
        """Leave nothing behind, and do not wait for what still runs."""
        self.runner.close()
        # What is sealed is in memory of these namespaces, and has the whole system mounted in it.
        if not self.setup.keep and not self.sealed:
            for path in self.setup.folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
        os._exit(0)


def _next() -> Job | None:
    """The next job, or None when there are no more."""
    try:
        job: Job = pickle.load(sys.stdin.buffer)
    except EOFError:
        return None
    return job


def main() -> None:
    """Work."""
    faulthandler.enable()  # A library that crashes is to say where, on standard error.
    # Ctrl-C reaches it, too: whoever started it answers, and ends it by its standard input.
    signal.signal(signal.SIGINT, lambda *_: None)
    worker = Worker(pickle.load(sys.stdin.buffer))
    try:
        worker.work()
    except Exception as error:
        worker.fail(error)
    os._exit(1)


if __name__ == "__main__":
    main()
