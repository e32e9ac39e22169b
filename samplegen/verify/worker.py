"""The process that runs samples: the first one of its namespaces, where there are any.

It reads a `Task` from standard input, writes a line of JSON for each result, and ends
at once when standard input closes: so it never outlives the process that started it.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from samplegen.catalog import Catalog
from samplegen.verify import mock, seal, toolchain
from samplegen.verify.checks import Place, Result, Subject, check

_PORT = 443


class Task(NamedTuple):
    """What a worker is to do."""

    subjects: list[Subject]
    prepared: dict[str, toolchain.Prepared]
    catalog: Catalog
    jobs: int
    keep: Path | None


def main() -> None:
    """Do the task on standard input."""
    task: Task = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _work(task, _scratch(task.keep))


def _end_with_the_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _scratch(keep: Path | None) -> Path:
    """A folder in memory, seen by these namespaces alone, so that nothing can be left behind."""
    if keep is not None:
        return keep
    empty = (Path(name) for name in ("/mnt", "/media", "/srv", "/opt", "/home"))
    place = next((path for path in empty if path.is_dir() and not any(path.iterdir())), None)
    folder = place or Path(tempfile.mkdtemp(prefix="samplegen-"))
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(folder)], check=True)
    return folder


def _work(task: Task, folder: Path) -> None:
    import trustme

    # Another region's host resolves too, so that a sample that calls it is told apart
    # from one whose host does not exist.
    called = {str(urlsplit(subject.request.url).hostname) for subject in task.subjects}
    shared = {region.host for region in task.catalog.regions.values() if region.host}
    every_host = sorted(called | shared)
    authority = trustme.CA()
    certificate = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(certificate))
    served = folder / "server.pem"
    authority.issue_cert(*every_host).private_key_and_cert_chain_pem.write_to_path(str(served))
    writable = [path for one in task.prepared.values() for path in toolchain.writable(one)]
    seal.close(folder, every_host, writable)
    server = mock.Mock(task.catalog)
    with mock.serve(server, port=_PORT, certificate=served):
        place = Place(
            server, task.catalog, certificate, folder, "sealed", task.prepared, threading.Lock()
        )
        with ThreadPoolExecutor(task.jobs) as pool:
            keep = task.keep is not None
            futures = [
                pool.submit(check, number, one, place, keep=keep)
                for number, one in enumerate(task.subjects)
            ]
            for future in futures:
                _say(future.result())
    if task.keep is None:
        for path in folder.iterdir():
            shutil.rmtree(path, ignore_errors=True)


def _say(result: Result) -> None:
    print(json.dumps(result._asdict()), flush=True)


if __name__ == "__main__":
    code = 1
    try:
        main()
        code = 0
    except Exception:
        traceback.print_exc()
    # Not by returning: the thread that watches standard input is still reading.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
