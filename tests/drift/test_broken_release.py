"""A newer version of a real package that breaks samples, served by a PyPI of this machine."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from toolchains import need_all

from samplegen.cli import main
from samplegen.drift import trial
from samplegen.drift.trial import subjects
from samplegen.languages.python import toolchain as python
from samplegen.model.catalog import builtin
from samplegen.verify.toolchain import prepare

pytestmark = pytest.mark.usefixtures("namespaces")

REAL = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
PIN = builtin().packages["python"]["http"]
SAMPLES = ("text, openai/python-http", "local-image, openai/python-http")

POST = 'return request("post", url, data=data, json=json, **kwargs)'


class Registry:
    """It has versions of one package; for all others it points to the real one."""

    def __init__(self, installed: Path) -> None:
        [self.place] = installed.glob("lib/*/site-packages")
        self.wheels: dict[str, bytes] = {}
        self.yanked: set[str] = set()
        self.for_python: dict[str, str] = {}
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                folder, name, *_ = [*self.path.strip("/").split("/"), ""]
                if folder == "files":
                    self.answer(200, registry.wheels[name], "application/octet-stream")
                elif name == PIN.name:
                    self.answer(200, registry.listed(), "application/vnd.pypi.simple.v1+json")
                else:
                    self.send_response(302)
                    self.send_header("Location", f"{REAL}/{name}/")
                    self.end_headers()

            def answer(self, code: int, content: bytes, kind: str) -> None:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def release(self, version: str, *changes: tuple[str, str, str]) -> None:
        """Publish the real package under a version, with changes in its files."""
        [about] = self.place.glob(f"{PIN.name}-*.dist-info")
        info = f"{PIN.name}-{version}.dist-info"
        name = f"{PIN.name}-{version}-py3-none-any.whl"
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as wheel:
            for file in (self.place / PIN.name).rglob("*.py"):
                text = file.read_text()
                for changed, old, new in changes:
                    if file.name == changed:
                        assert old in text
                        text = text.replace(old, new)
                wheel.writestr(str(file.relative_to(self.place)), text)
            metadata = (about / "METADATA").read_text()
            metadata = metadata.replace(f"\nVersion: {PIN.version}\n", f"\nVersion: {version}\n")
            wheel.writestr(f"{info}/METADATA", metadata)
            kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr(f"{info}/WHEEL", kind)
            wheel.writestr(f"{info}/RECORD", "")
        self.wheels[name] = made.getvalue()

    def listed(self) -> bytes:
        """The page of the package, as PEP 691 has it."""
        files = [
            {
                "filename": name,
                "url": f"/files/{name}",
                "hashes": {"sha256": sha256(wheel).hexdigest()},
                "yanked": name.split("-")[1] in self.yanked,
                "requires-python": self.for_python.get(name.split("-")[1]),
            }
            for name, wheel in self.wheels.items()
        ]
        versions = [name.split("-")[1] for name in self.wheels]
        meta = {"api-version": "1.1"}
        found = {"meta": meta, "name": PIN.name, "versions": versions, "files": files}
        return json.dumps(found).encode()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    need_all("python")
    registry = Registry(prepare("python", builtin(), lambda _: None).folder)
    registry.release(PIN.version)
    few = {name: dict(subjects(builtin(), "python", PIN.name))[name] for name in SAMPLES}
    monkeypatch.setattr(trial, "subjects", lambda *_: iter(few.items()))
    monkeypatch.setattr(trial, "packages", lambda *_: [("python", PIN)])
    # What pages import is no part of this, and is large.
    monkeypatch.setattr(python, "_OF_PAGES", ())
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_INDEX_URL", registry.url)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    yield registry
    registry.server.shutdown()
    registry.server.server_close()


def drift(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["drift", *arguments])


def test_how_a_newer_version_breaks_samples_is_said(registry: Registry) -> None:
    registry.release("2.900.0")
    registry.release("99.0.0", ("api.py", POST, POST.replace("=json,", '={**json, "n": 1},')))
    done = drift()
    assert done.exit_code == 1
    first, *below = done.stdout.splitlines()
    assert first == (
        f"BREAKS   python requests {PIN.version}  99.0.0: 2 of 2 samples fail; "
        "2.900.0: all 2 samples pass"
    )
    assert below[0] == "    99.0.0  text, openai/python-http"
    assert below[1].startswith("        body.n: ")
    assert below[-1] == "0 current, 1 can be raised, 1 broken by the newest, 0 unknown"


def test_the_words_of_the_runtime_are_said(registry: Registry) -> None:
    registry.release("2.900.0", ("api.py", "def post(", "def posted("))
    done = drift()
    assert done.exit_code == 1
    assert done.stdout.startswith(
        f"BREAKS   python requests {PIN.version}  2.900.0: 2 of 2 samples fail\n"
    )
    # Python's own.
    assert "cannot import name 'post' from 'requests.api'" in done.stdout


def test_what_cannot_be_installed_here_is_not_broken(registry: Registry) -> None:
    registry.release("2.900.0")
    registry.for_python["2.900.0"] = ">=3.99"
    done = drift()
    assert done.exit_code == 1
    assert done.stdout == (
        f"unknown  python requests {PIN.version}  2.900.0: cannot be tried\n"
        "    2.900.0  not run\n"
        "        cannot install requests==2.900.0: requests 2.900.0 is for Python >=3.99\n"
        "0 current, 0 can be raised, 0 broken by the newest, 1 unknown\n"
    )


def test_a_broken_download_is_not_a_broken_sample(registry: Registry) -> None:
    registry.release("2.900.0")
    [name] = [one for one in registry.wheels if "900" in one]
    registry.wheels[name] = registry.wheels[name][:1000]
    done = drift()
    assert (done.exit_code, done.stdout.split()[0]) == (1, "unknown")
    assert "cannot install requests==2.900.0: " in done.stdout


def test_withdrawn_and_early_versions_are_left_alone(registry: Registry) -> None:
    registry.release("2.900.0")
    registry.release("3.0.0rc1")
    registry.yanked.update(("2.900.0", PIN.version))
    done = drift()
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0,
        f"current  python requests {PIN.version}  is the newest; this version was withdrawn",
    )
    assert drift("--pre").stdout.startswith(
        f"newer    python requests {PIN.version}  3.0.0rc1: all 2 samples pass; "
        "this version was withdrawn\n"
    )
