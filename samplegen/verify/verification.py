"""Verifying samples: prepare the toolchains, then let a worker run the programs, sealed."""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Self

from samplegen.errors import InputError
from samplegen.model.catalog import Catalog
from samplegen.verify import place, seal, toolchain
from samplegen.verify.hosts import every_origin
from samplegen.verify.subject import Result, Subject
from samplegen.verify.worker import Job, Setup

# Far more than any takes, on a machine that has much else to do.
SECONDS = 60

# Programs mostly wait: for each other's answers, and SDKs before they try again.
_JOBS_A_PROCESSOR = 4

Say = Callable[[str], None]


def needed(form: str) -> None:
    """Import what verifying takes, also in other processes.

    Args:
        form: of the report.

    Raises:
        ImportError: some of it is not installed.
    """
    for name in ("trustme", "uvicorn", *(["junitparser"] if form == "junit" else [])):
        import_module(name)


def prepare(
    languages: Iterable[str], catalog: Catalog, say: Say = lambda _: None
) -> dict[str, toolchain.Prepared]:
    """Make the toolchains of languages ready.

    Args:
        say: told of what takes long.

    Raises:
        InputError: a toolchain is missing or cannot be installed.
    """
    names = sorted(languages)
    with ThreadPoolExecutor(max(1, len(names))) as pool:
        ready = pool.map(lambda name: toolchain.prepare(name, catalog, say), names)
        return dict(zip(names, ready, strict=True))


def verify(
    subjects: Sequence[Subject],
    catalog: Catalog,
    prepared: Mapping[str, toolchain.Prepared] | None = None,
    *,
    jobs: int | None = None,
    keep: Path | None = None,
    once: bool = False,
    seconds: int = SECONDS,
    unsealed: bool = False,
) -> Generator[Result, None, None]:
    """Run every sample, and yield what came of each, in the order given.

    Args:
        jobs: how many samples at a time; None is four for each processor.
        keep: an empty folder that the programs are left in.
        once: run each program only with a good key.
        seconds: that a program may take.
        unsealed: run samples of pages also where this machine cannot seal them.

    Raises:
        InputError: a toolchain is missing or cannot be prepared, the samples are of a
            page and cannot be sealed, or the worker ended early.
    """
    if not subjects:
        return
    how = isolation(subjects, unsealed)
    prepared = prepared or prepare({subject.sample.language for subject in subjects}, catalog)
    origins = every_origin(subjects, catalog)
    with Worker(
        catalog, origins, jobs=jobs, keep=keep, once=once, seconds=seconds, isolation=how
    ) as worker:
        for number, subject in enumerate(subjects):
            worker.send(Job(number, subject, prepared[subject.sample.language]))
        early: dict[int, Result] = {}
        for number in range(len(subjects)):
            while number not in early:
                found, result = worker.receive()
                early[found] = result
            yield early.pop(number)


def isolation(subjects: Iterable[Subject], unsealed: bool) -> str:
    """How samples are isolated on this machine.

    Raises:
        InputError: not well enough for samples that somebody else wrote.
    """
    if seal.sealing() is not None:
        return place.SEALED
    if not unsealed and any(subject.path is not None for subject in subjects):
        raise InputError(
            "samples of files and pages are programs that anybody may have written, and this "
            "machine cannot seal them: that takes Linux with util-linux, and root or user "
            "namespaces. "
            "If you trust them with all that you can do, give --unsealed"
        )
    return place.REWRITTEN


class Worker:
    """The process that runs samples, from this side. It ends with the `with` block.

    Args:
        origins: what leads to the mock, see `hosts.every_origin`; nothing else does.
        isolation: as `isolation` has it.
    """

    def __init__(
        self,
        catalog: Catalog,
        origins: list[str],
        *,
        jobs: int | None = None,
        keep: Path | None = None,
        once: bool = False,
        seconds: int = SECONDS,
        isolation: str = place.SEALED,
    ) -> None:
        self._setup = Setup(
            catalog,
            origins,
            jobs or _JOBS_A_PROCESSOR * (os.cpu_count() or 1),
            keep or Path(),
            isolation,
            keep is not None,
            seconds,
            once,
        )

    def __enter__(self) -> Self:
        setup = self._setup
        self._folder = _folder(sealed=setup.isolation == place.SEALED)
        if not setup.keep:
            setup = setup._replace(folder=self._folder.__enter__())
        sealing = (seal.sealing() or []) if setup.isolation == place.SEALED else []
        command = [*sealing, sys.executable, "-m", "samplegen.verify.worker"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in: IO[bytes] = self._process.stdin
        self._out: IO[bytes] = self._process.stdout
        self._send(setup)
        return self

    def __exit__(self, *_: object) -> None:
        # Closing it is how the worker is told to end, whatever it does.
        with suppress(OSError):
            self._in.close()
        self._out.close()
        self._process.wait()
        if not self._setup.keep:
            self._folder.__exit__(None, None, None)

    def send(self, job: Job) -> None:
        """Let it check a sample, beside those that it has already."""
        self._send(job)

    def _send(self, message: object) -> None:
        # One that has ended is noticed when its answer does not come.
        with suppress(BrokenPipeError):
            pickle.dump(message, self._in)
            self._in.flush()

    def receive(self) -> tuple[int, Result]:
        """The next result, and the number of its job.

        Raises:
            InputError: the worker ended, or could not work.
        """
        line = self._out.readline()
        if not line:
            code = self._process.wait()
            raise InputError(f"the process that runs the samples {_ending(code)}")
        message: dict[str, Any] = json.loads(line)
        if "error" in message:
            raise InputError(f"the samples cannot be run: {message['error']}")
        if "bug" in message:
            raise RuntimeError(message["bug"])
        return message["number"], Result(**message["result"])


def _ending(code: int) -> str:
    """How a worker ended that ought not to, and what to do about it."""
    if code == -signal.SIGKILL:
        return "was killed, as the system does where memory runs out: try fewer --jobs"
    how = f"was killed by {_signal(-code)}" if code < 0 else f"ended with {code}"
    return f"{how}: that is a fault of samplegen or of a library of it; above it says where"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@contextmanager
def _folder(*, sealed: bool) -> Generator[Path, None, None]:
    """An empty folder to work in."""
    if sealed:
        yield seal.MEMORY
        return
    parent = Path(tempfile.gettempdir())
    for left in parent.glob("samplegen-verify-*"):
        _remove(left)
    folder = Path(tempfile.mkdtemp(prefix="samplegen-verify-"))
    # Held as long as the run lives: who can have it knows that the run was killed.
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Remove the folder of a run that was killed; leave that of one that runs."""
    with suppress(OSError), (folder / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
