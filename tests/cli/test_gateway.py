"""A catalog of a service on this machine, with `samplegen mock` behind it, and every command."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from toolchains import need, need_all

from samplegen.model.catalog import builtin
from samplegen.verify.toolchain import prepare

CATALOG = """\
[provider]
name = "Gateway"
scheme = "http"
host = "localhost:{port}"
{key}

[defaults]
model = "house-1"
messages = [{{ role = "user", content = "Who are you?" }}]

[protocols.openai]
base_path = "/gateway/v1"
paths = {{ text = "/chat/completions", multimodal = "/chat/completions" }}
aliases = ["/v1"]
"""
KEYS = {
    "no key": 'key_literal = "unused"',
    "own header": 'key_env = "GATEWAY_KEY"\nauth = ["x-key: {key}"]',
}


@pytest.fixture(params=KEYS)
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A project whose catalog is of a mock that runs; what its key is called."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    text = CATALOG.format(port=port, key=KEYS[request.param])
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    (tmp_path / "samplegen.toml").write_text('catalog = "gateway.toml"\n', encoding="utf-8")
    command = [sys.executable, "-m", "samplegen", "mock"]
    # Without --host and --port it is where the catalog says.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as mock:
        assert mock.stdout is not None
        said = mock.stdout.readline()
        assert said.endswith(f":{port}/gateway/v1\n")
        yield request.param
        mock.send_signal(signal.SIGINT)


def rendered(samplegen: Run, language: str) -> str:
    done = samplegen("render", "--lang", language, "--client", "http")
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


@pytest.fixture
def page(samplegen: Run, gateway: str, tmp_path: Path) -> str:
    """A page with two samples."""
    fences = [
        f"```{fence}\n{rendered(samplegen, language)}```\n"
        for fence, language in (("python", "python"), ("sh", "curl"))
    ]
    (tmp_path / "page.md").write_text("# Call it\n\n" + "\n".join(fences), encoding="utf-8")
    return "page.md"


def test_a_rendered_sample_gets_an_answer_of_the_mock(
    samplegen: Run, gateway: str, tmp_path: Path
) -> None:
    need("curl")
    script = rendered(samplegen, "curl")
    env = {**os.environ, "GATEWAY_KEY": "sk-mock"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=env, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["model"] == "house-1"
    if gateway == "own header":
        wrong = {**env, "GATEWAY_KEY": "sk-other"}
        done = subprocess.run(["bash", "-c", script], capture_output=True, env=wrong, check=False)
        assert done.returncode == 22
        assert "Incorrect API key" in done.stdout.decode()


def test_check_and_check_run(samplegen: Run, page: str, namespaces: None) -> None:
    need("curl")
    done = samplegen("check", page, "--select", "strict")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"no findings\n")
    assert b"2 calls judged" in done.stdout
    done = samplegen("check", page, "--run")
    assert (done.returncode, done.stderr) == (0, b"")


def test_verify(samplegen: Run, page: str, namespaces: None) -> None:
    need("curl")
    for arguments in (("--locale", "en"), (page,)):
        done = samplegen("verify", *arguments, "--lang", "curl", "--format", "json")
        assert (done.returncode, done.stderr) == (0, b"")
        [sample] = json.loads(done.stdout)["samples"]
        assert (sample["passed"], sample["isolation"]) == (True, "sealed")


def test_the_pytest_plugin(page: str, tmp_path: Path, namespaces: None) -> None:
    need("curl")
    command = [sys.executable, "-m", "pytest", "--samplegen", page, "-q", "-k", "curl"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, check=False)
    assert b"1 passed, 1 deselected" in done.stdout


def test_call_init_list_add_and_preview(samplegen: Run, page: str, tmp_path: Path) -> None:
    done = samplegen("call", f"{page}:5")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["model"] == "house-1"
    assert b"localhost:" in samplegen("list").stdout
    done = samplegen("preview", "--export", "site")
    assert (done.returncode, done.stderr) == (0, b"")
    shown = {one: one.read_text("utf-8") for one in (tmp_path / "site").glob("samples/*/*.js")}
    assert [one for one, text in shown.items() if "/gateway/v1/" not in text] == []
    done = samplegen("add", page, "--heading", "Call it")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "/gateway/v1" in (tmp_path / page).read_text(encoding="utf-8").split("tabs")[-1]
    (tmp_path / "samplegen.toml").unlink()
    done = samplegen("init", "--catalog", "gateway.toml")
    assert (done.returncode, done.stderr) == (0, b"")
    assert 'model = "house-1"' in (tmp_path / "samplegen.toml").read_text(encoding="utf-8")


def test_check_mends_what_is_managed(samplegen: Run, gateway: str, tmp_path: Path) -> None:
    """With the catalog's host in place of another, in every language."""
    block = "<!-- samplegen: lang=all tabs=headings -->\n<!-- /samplegen -->\n"
    page = tmp_path / "page.md"
    page.write_text(f"# Call it\n\n{block}", encoding="utf-8")
    done = samplegen("check", "page.md", "--fix")
    assert (done.returncode, done.stderr) == (0, b"")
    mended = page.read_text(encoding="utf-8")
    address = re.findall(r"http://localhost:\d+/gateway/v1", mended)
    # The Java SDK cannot send its key in that header alone: `render` says so.
    assert len(address) == (7 if gateway == "no key" else 6)
    page.write_text(mended.replace(address[0], address[0] + "/old"), encoding="utf-8")
    assert samplegen("check", "page.md").returncode == 1
    assert samplegen("check", "page.md", "--fix").returncode == 0
    assert page.read_text(encoding="utf-8") == mended


def test_a_new_catalog_of_it_works_at_once(
    samplegen: Run, gateway: str, tmp_path: Path, namespaces: None
) -> None:
    need("curl")
    url = re.findall(r'host = "(.*)"', (tmp_path / "gateway.toml").read_text("utf-8"))[0]
    said = ("--name", "Mine", "--base-url", f"http://{url}/gateway/v1", "--model", "house-1")
    done = samplegen("catalog", "new", "mine.toml", *said, "--key-env", "")
    assert (done.returncode, done.stderr) == (0, b"")
    script = samplegen("render", "--catalog", "mine.toml", "--lang", "curl").stdout.decode()
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    # Without a key there is an answer where the service asks for none.
    assert (done.returncode == 0) == (gateway == "no key")
    named = ("--catalog", "mine.toml", "--lang", "curl", "--locale", "en")
    assert b"1 passed, 0 failed" in samplegen("verify", *named).stdout
    assert samplegen("catalog", "list").returncode == 0
    drift = samplegen("drift", "--help")
    assert (drift.returncode, drift.stderr) == (0, b"")


def test_a_stream_and_tools_get_answers_of_the_mock(
    samplegen: Run, gateway: str, tmp_path: Path
) -> None:
    """Through an SDK as installed for samples, and in plain HTTP."""
    need_all("python")
    interpreter = prepare("python", builtin(), print).folder / "bin" / "python"
    for client in ("sdk", "http"):
        for example, shown in (("streaming", "mock"), ("tools", "sunny")):
            chosen = ("--lang", "python", "--client", client, "--example", example)
            done = samplegen("render", *chosen)
            assert (done.returncode, done.stderr) == (0, b"")
            (tmp_path / "ask.py").write_bytes(done.stdout)
            env = {**os.environ, "GATEWAY_KEY": "sk-mock"}
            step = [interpreter, tmp_path / "ask.py"]
            ran = subprocess.run(step, capture_output=True, env=env, check=False)
            assert ran.returncode == 0, ran.stderr
            assert shown in ran.stdout.decode()


def test_another_right_base_path_is_right_for_every_command(
    samplegen: Run, gateway: str, tmp_path: Path, namespaces: None
) -> None:
    need("curl")
    script = rendered(samplegen, "curl").replace("/gateway/v1", "/v1")
    (tmp_path / "page.md").write_text(f"```sh\n{script}```\n", encoding="utf-8")
    (tmp_path / "call.json").write_text("{}")
    env = {**os.environ, "GATEWAY_KEY": "sk-mock"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=env, check=False)
    assert json.loads(done.stdout)["model"] == "house-1"
    assert samplegen("check", "page.md").stdout.startswith(b"no findings\n")
    done = samplegen("call", "page.md:1")
    # What renders from it has the catalog's first base path: that is said.
    [written] = re.findall(r"http://localhost:\d+/v1/chat/completions", script)
    ours = written.replace("/v1", "/gateway/v1")
    said = f"samplegen: page.md:1: the address {written} is written as {ours}\n"
    assert (done.returncode, done.stderr.decode()) == (0, said)
    done = samplegen("verify", "page.md", "--call", "call.json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1 passed, 0 failed" in done.stdout
