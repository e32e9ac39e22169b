"""What several test files share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from samplegen.verify import seal

ROOT = Path(__file__).parents[1]

Run = Callable[..., subprocess.CompletedProcess[bytes]]

Tell = Callable[[str], None]

TOLD = pytest.StashKey[list[str]]()


@pytest.fixture
def samplegen(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command line as a user calls it, in an empty folder, with nothing kept of its pages."""
    kept = str(tmp_path_factory.mktemp("cache"))

    def run(
        *arguments: str, stdin: bytes = b"", cwd: Path = tmp_path, **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        if arguments[:1] == ("check",) and "--run" not in arguments:
            environment = {"SAMPLEGEN_CACHE": kept, **environment}
        return subprocess.run(
            [sys.executable, "-m", "samplegen", *arguments],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={**os.environ, **environment},
            check=False,
        )

    return run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what rendering takes, to add to and to break."""
    for folder in ("samplegen", "templates"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    return tmp_path


@pytest.fixture
def namespaces() -> None:
    """What follows runs samples, which takes namespaces."""
    if seal.sealing() is None:
        reason = "needs Linux namespaces: run as root, or allow user namespaces"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def tell(request: pytest.FixtureRequest) -> Tell:
    """A line for the end of the run, where it is seen whether or not tests pass."""
    return request.config.stash.setdefault(TOLD, []).append


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of pytest-xdist hands over what is to be told."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["told"] = session.config.stash.get(TOLD, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what such a process tells."""
    told = getattr(node, "workeroutput", {}).get("told", [])
    node.config.stash.setdefault(TOLD, []).extend(told)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)
