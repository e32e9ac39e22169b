"""Verifying samples: prepare the toolchains, then let a sealed worker run them."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from samplegen.catalog import Catalog
from samplegen.errors import InputError
from samplegen.verify import seal, toolchain
from samplegen.verify.checks import Result, Subject
from samplegen.verify.worker import Task


def verify(
    subjects: Sequence[Subject],
    catalog: Catalog,
    *,
    jobs: int | None = None,
    keep: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Generator[Result, None, None]:
    """Run every sample, and yield what came of each, in the order given.

    Args:
        jobs: how many samples at a time; None is one for each processor.
        keep: a folder that the programs are left in.
        say: told what is being prepared.

    Raises:
        InputError: a toolchain is missing or cannot be prepared, or this machine has
            no namespaces to seal the samples in.
    """
    sealing = seal.sealing()
    if sealing is None:
        raise InputError(
            "samples run sealed, in Linux namespaces, and this machine has none for this user: "
            "use Linux with util-linux, and user namespaces or root"
        )
    languages = dict.fromkeys(subject.sample.language for subject in subjects)
    prepared = {name: toolchain.prepare(name, catalog, say) for name in languages}
    task = Task(list(subjects), prepared, catalog, jobs or os.cpu_count() or 1, keep)
    command = [*sealing, sys.executable, "-m", "samplegen.verify.worker"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        # The pipe stays open: the worker ends when it closes.
        pickle.dump(task, process.stdin)
        process.stdin.flush()
        for line in process.stdout:
            yield Result(**json.loads(line))
    finally:
        # Closing it early, on Ctrl-C too, is how the worker is told to end.
        process.stdin.close()
        process.stdout.close()
        process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"the worker ended with {process.returncode}; its error stands above")
