"""The wheel holds all that rendering needs, and installs only that."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from samplegen import Call, render


def pip(*arguments: str) -> None:
    """Run pip; without a network this is a skip, and in CI a failure."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"pip {arguments[0]} failed: {done.stderr.strip()[-500:]}"
        if os.environ.get("CI") == "true" or "Could not find a version" not in message:
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_templates_catalog_and_locales(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for pattern in ("templates/**/*.j2", "samplegen/**/*.toml", "samplegen/**/*.mo"):
        there = [path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)]
        assert there
        for path in there:
            assert path.replace("templates/", "samplegen/templates/", 1) in names or path in names
    assert "samplegen/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "out", "benchmarks"))]


def test_an_empty_environment_renders(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    pip("--python", str(python), "install", str(wheel))
    done = subprocess.run(
        [tmp_path / "env/bin/samplegen", "render", "--lang", "java", "--locale", "ja"],
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.decode() == render(Call(), "java", locale="ja").code
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "list", "--format", "freeze"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    installed = {line.split("==")[0].lower().replace("_", "-") for line in listed.splitlines()}
    assert installed == {
        "annotated-types",
        "click",
        "jinja2",
        "markupsafe",
        "pydantic",
        "pydantic-core",
        "samplegen",
        "typing-extensions",
        "typing-inspection",
    }
