"""Runs one sample, sealed, and tells what arrived and each check, as it happens.

What is told are objects, in this order:

    {"says": "…"}                                        what takes long
    {"isolation": "sealed"}                              how it runs
    {"arrived": {method, url, headers, body, status}}    each request of the first run
    {"shown": "…"}                                       what the program wrote
    {"check": "with a wrong key", "wrong": ["…"]}        each situation; nothing wrong: passed
    {"passed": true, "wrong": [], "programs": 12, "seconds": 3.1}
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Lock, Thread
from typing import Any, Final

from samplegen.errors import InputError
from samplegen.languages import language
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.rendering.sample import Sample
from samplegen.verify import place, seal
from samplegen.verify.hosts import every_origin
from samplegen.verify.report import answered
from samplegen.verify.subject import of_rendered
from samplegen.verify.toolchain import Prepared, runnable
from samplegen.verify.verification import isolation, needed, prepare
from samplegen.verify.worker import Job, Setup

Told = dict[str, Any]

# How long a program may take, seconds.
_SECONDS: Final = 60


class Run:
    """One run of a sample: `lines` tells it, `stop` ends it from another thread.

    Args:
        call: what the sample makes.
        flow: what it does with the answer.

    Raises:
        ImportError: something that running takes is not installed.
        InputError: nothing here runs the sample.
    """

    def __init__(self, sample: Sample, call: Call, flow: str, catalog: Catalog) -> None:
        needed("text")
        if not runnable(sample.language):
            name = language(sample.language).name
            raise InputError(f"{name} samples cannot be run: there is no toolchain for them")
        if not answered(sample.protocol):
            raise InputError(f"the mock has no answers in protocol {sample.protocol}")
        self._subject = of_rendered(sample, call, flow, catalog)
        self._catalog = catalog
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def stop(self) -> None:
        """End it, whatever it does; an SDK that is being installed is installed first."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def lines(self) -> Generator[Told, None, None]:
        """What happens.

        Raises:
            InputError: a toolchain is missing, or the sample cannot be run.
        """
        started = time.monotonic()
        prepared = yield from self._prepared()
        how = isolation([self._subject], unsealed=False)
        yield {"isolation": how}
        sealed = how == place.SEALED
        with ExitStack() as ends:
            folder = seal.MEMORY
            if not sealed:
                folder = Path(ends.enter_context(tempfile.TemporaryDirectory("samplegen")))
            origins = every_origin([self._subject], self._catalog)
            setup = Setup(self._catalog, origins, 1, folder, how, False, _SECONDS, False)
            command = [*((seal.sealing() or []) if sealed else []), sys.executable]
            process = ends.enter_context(
                subprocess.Popen(
                    [*command, "-m", "samplegen.preview.trying"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            )
            ends.callback(process.kill)
            with self._lock:
                self._process = process
                if self._stopped:
                    return
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(BrokenPipeError):
                pickle.dump(setup, process.stdin)
                pickle.dump(Job(0, self._subject, prepared), process.stdin)
                process.stdin.flush()
            for line in process.stdout:
                told = json.loads(line)
                if "error" in told:
                    raise InputError(f"the sample cannot be run: {told['error']}")
                if "bug" in told:
                    raise RuntimeError(told["bug"])
                if "passed" in told:
                    yield {**told, "seconds": round(time.monotonic() - started, 1)}
                    return
                yield told
        if not self._stopped:
            raise InputError("the process that runs the sample ended early")

    def _prepared(self) -> Generator[Told, None, Prepared]:
        """The sample's toolchain; tells what is being installed."""
        said: Queue[str] = Queue()
        found: list[Prepared | InputError] = []
        name = self._subject.sample.language

        def work() -> None:
            try:
                found.append(prepare([name], self._catalog, said.put)[name])
            except InputError as error:
                found.append(error)

        thread = Thread(target=work)
        thread.start()
        while thread.is_alive() or not said.empty():
            with suppress(Empty):
                yield {"says": said.get(timeout=0.05)}
        if not found:
            raise RuntimeError(f"the toolchain of {name} could not be prepared")
        if isinstance(found[0], InputError):
            raise found[0]
        return found[0]
