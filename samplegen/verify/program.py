"""Running one program with limits, and what came of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

SECONDS = 60
_MEMORY = 4 << 30
# The largest file, a compiled Go program among them, and what is read of an output.
_FILE = 256 << 20
_OUTPUT = 16 << 20


class Outcome(NamedTuple):
    """The end of a program. `exit` is negative for a signal, and None where time ran out."""

    exit: int | None
    stdout: str
    stderr: str
    seconds: float


def run(
    arguments: list[str], environment: dict[str, str], work: Path, *, confined: bool
) -> Outcome:
    """Run a program in its work folder, with nothing of this process's environment.

    Args:
        confined: without privileges, and with limits on memory and output.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile(dir=work) as stdout, tempfile.TemporaryFile(dir=work) as stderr:
        process = subprocess.Popen(
            [*(_confinement() if confined else []), *arguments],
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            ended: int | None = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            ended = None
        finally:
            # The whole session: what the program started ends with it.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        texts = []
        for stream in (stdout, stderr):
            stream.seek(0)
            texts.append(stream.read(_OUTPUT).decode(errors="replace"))
    return Outcome(ended, texts[0], texts[1], time.monotonic() - started)


def _confinement() -> list[str]:
    """The commands of util-linux that take limits and privileges away."""
    limits = [f"--data={_MEMORY}", f"--fsize={_FILE}", "--core=0"]
    privileges = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
    return [str(shutil.which("prlimit")), *limits, str(shutil.which("setpriv")), *privileges]
