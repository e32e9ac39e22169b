"""The workflow in docs/drift.md: its steps, as a runner would, against a registry here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from conftest import ROOT

from samplegen.model.catalog import BUILTIN, builtin

[TEXT] = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/drift.md").read_text(), re.M | re.S)
# YAML 1.1 reads `on` as true.
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
[STEPS] = [job["steps"] for job in WORKFLOW["jobs"].values()]

# What is asked for is installed here; that pip installs what is asked for is not tried.
PIP = """\
import importlib.metadata, re, sys
from packaging.requirements import Requirement
_, command, wanted = sys.argv
assert command == "install"
found = Requirement(wanted)
for one in map(Requirement, importlib.metadata.requires(found.name)):
    if one.marker is None or any(one.marker.evaluate({"extra": it}) for it in found.extras):
        importlib.metadata.version(one.name)
assert found.extras <= {*importlib.metadata.metadata(found.name).get_all("Provides-Extra")}
"""


def test_it_runs_on_a_schedule_with_steps_that_a_runner_knows() -> None:
    [schedule] = WORKFLOW[True]["schedule"]
    # On Mondays, in GitHub's five fields.
    assert re.fullmatch(r"\d+ \d+ \* \* 1", schedule["cron"])
    assert "workflow_dispatch" in WORKFLOW[True]
    for step in STEPS:
        assert ("run" in step) != ("uses" in step)
        assert re.fullmatch(r"[\w./-]+@v\d+", step.get("uses", "a/b@v1"))


@pytest.fixture
def registry() -> Iterator[tuple[str, dict[str, list[str]]]]:
    """A registry of PyPI's form, its URL, and the versions that it has by package."""
    versions = {one.name: [one.version] for one in builtin().packages["python"].values()}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            name = self.path.strip("/").split("/")[-1]
            files = [
                {"filename": f"{name}-{one}.tar.gz", "url": "x", "hashes": {}}
                for one in versions.get(name, [])
            ]
            found = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
            self.end_headers()
            self.wfile.write(json.dumps({**found, "versions": versions.get(name, [])}).encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple", versions
    server.shutdown()
    server.server_close()


def run(folder: Path, index: str) -> list[subprocess.CompletedProcess[str]]:
    """Run the steps in a checkout with a catalog of a project's own."""
    text = BUILTIN.read_text()
    # Where only Python's packages are pinned, no other registry is asked.
    others = "".join(f"[packages.{id}]\n" for id in builtin().packages if id != "python")
    (folder / "catalog.toml").write_text(text[: text.index("[packages.java]")] + others)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "pip").write_text(f"#!{sys.executable}\n{PIP}")
    (programs / "samplegen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m samplegen "$@"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "PIP_INDEX_URL": index,
        "PIP_CONFIG_FILE": os.devnull,
        "SAMPLEGEN_CACHE": str(folder / "cache"),
    }
    done = []
    for script in (step["run"] for step in STEPS if "run" in step):
        (folder / "script.sh").write_text(script)
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "script.sh"]
        options: dict[str, Any] = {"capture_output": True, "text": True, "check": False}
        done.append(subprocess.run(command, cwd=folder, env=environment, **options))
        if done[-1].returncode:
            break
    return done


def test_its_steps_pass_where_nothing_is_newer(
    registry: tuple[str, dict[str, list[str]]], tmp_path: Path
) -> None:
    install, drift = run(tmp_path, registry[0])
    assert (install.returncode, install.stderr) == (0, "")
    assert (drift.returncode, drift.stderr) == (0, "")
    assert drift.stdout.endswith("3 current, 0 can be raised, 0 broken by the newest, 0 unknown\n")


def test_they_fail_where_a_newer_version_cannot_be_had(
    registry: tuple[str, dict[str, list[str]]], tmp_path: Path
) -> None:
    index, versions = registry
    versions["requests"].append("999.0")
    *_, drift = run(tmp_path, index)
    assert drift.returncode == 1
    assert "999.0: cannot be tried" in drift.stdout
    assert drift.stdout.endswith("2 current, 0 can be raised, 0 broken by the newest, 1 unknown\n")
