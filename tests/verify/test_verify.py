"""Verification: what is right passes, and every breakage of a sample is caught and named."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import ROOT, Run
from toolchains import need

from samplegen import Call, render
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request
from samplegen.rendering.sample import Sample
from samplegen.verify import mock, seal
from samplegen.verify.compare import compare, differences
from samplegen.verify.expect import shows
from samplegen.verify.note import followed
from samplegen.verify.outcomes import excerpt
from samplegen.verify.subject import Result, Subject
from samplegen.verify.verification import verify

EXPECTED = Request.of(Call(), "sk-1")


def exchange(**changed: Any) -> mock.Exchange:
    host = EXPECTED.url.split("/")[2]
    path = EXPECTED.url.partition(host)[2]
    headers = (("authorization", "Bearer sk-1"), ("content-type", "application/json"))
    body = json.dumps(EXPECTED.body).encode()
    good = mock.Exchange("POST", "https", host, path, headers, body, 200, ("127.0.0.1", 443))
    return good._replace(**changed)


def test_what_was_meant_is_no_difference() -> None:
    assert list(compare(EXPECTED, exchange(), "sk-1")) == []
    charset = (
        ("authorization", "Bearer sk-1"),
        ("content-type", "application/json; Charset=UTF-8"),
    )
    assert list(compare(EXPECTED, exchange(headers=charset), "sk-1")) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scheme": "http"}, "URL scheme: expected 'https', got 'http'"),
        ({"method": "GET"}, "method: expected 'POST', got 'GET'"),
        ({"host": "elsewhere.example"}, "host: "),
        ({"path": "/"}, "path: "),
        ({"path": exchange().path + "?a=1"}, "path: "),
        ({"headers": exchange().headers[:1]}, "Content-Type header: "),
        ({"headers": exchange().headers[1:]}, "Authorization header: "),
        ({"headers": (*exchange().headers, exchange().headers[0])}, "Authorization header: "),
        ({"headers": (exchange().headers[0], ("content-type", "text/plain"))}, "Content-Type"),
        ({"body": b""}, "body: not JSON"),
        ({"body": exchange().body[:-1] + b', "model": "m"}'}, "a key stands twice"),
        ({"body": exchange().body[:-1] + b', "n": null}'}, "body.n: should not be there: null"),
        ({"body": b"[" * 100_000}, "body: not JSON"),
        ({"body": b'"text"'}, "body: expected "),
    ],
)
def test_each_part_of_a_request_counts(changed: dict[str, Any], said: str) -> None:
    assert any(said in one for one in compare(EXPECTED, exchange(**changed), "sk-1"))


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (False, None),
        (False, 0),
        (1, 1.0),
        (1, True),
        ("1", 1),
        ({}, []),
        ({"a": 1}, {}),
        ({}, {"a": None}),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ("a", "a "),
        (2**53 + 1, 2**53),
    ],
)
def test_json_values_of_other_types_differ(expected: Any, got: Any) -> None:
    assert list(differences(expected, got))
    assert list(differences({"a": [expected]}, {"a": [got]}))
    assert not list(differences({"a": [expected]}, {"a": [expected]}))


def test_an_answer_is_found_as_text_and_within_json() -> None:
    assert shows(f"> {mock.ANSWER}\n", mock.ANSWER)
    assert shows(json.dumps({"a": [{"b": mock.ANSWER}]}), mock.ANSWER)
    for text in (json.dumps(mock.ANSWER), json.dumps(mock.ANSWER, ensure_ascii=False)):
        assert shows(f"Response: {text}", mock.ANSWER, within=True)
        assert not shows(f"Response: {text}", mock.ANSWER)
    assert not shows(json.dumps({"a": mock.ANSWER[:-1] + "x"}), mock.ANSWER)
    assert not shows("", mock.ANSWER)


@pytest.mark.parametrize("locale", ["en", "ja", "zh"])
@pytest.mark.parametrize("language", ["python", "java", "nodejs", "go", "csharp", "php", "curl"])
def test_the_note_on_the_key_can_be_followed(language: str, locale: str) -> None:
    sample = render(Call(), language, locale=locale)
    done = followed(sample, builtin(), "sk-literal")
    assert done is not None
    before, after = sample.code.split("\n"), done.split("\n")
    if language == "curl":
        # What is to be run first stands before the command.
        [new] = [line for line in after if line not in before]
        assert new == "export DASHSCOPE_API_KEY='sk-literal'"
        after.remove(new)
        assert after == before
    else:
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        [(old, new)] = changed
        assert builtin().provider.key_env in old
        assert "sk-literal" in new
        assert len(new) - len(new.lstrip()) == len(old) - len(old.lstrip())
    assert followed(render(Call(), language, notes="none"), builtin(), "sk-literal") is None


@pytest.fixture
def sealed(namespaces: None) -> None:
    """What follows runs samples of PHP and curl."""
    need("php")
    need("curl")


def run(*samples: Sample) -> list[Result]:
    subjects = [Subject(one, Request.of(Call(), "")) for one in samples]
    return list(verify(subjects, builtin()))


CURL, PHP = render(Call(), "curl"), render(Call(), "php")


@pytest.mark.usefixtures("sealed")
def test_good_samples_pass() -> None:
    for result in run(CURL, PHP):
        assert result.failures == []
        assert (result.passed, result.isolation) == (True, "sealed")


HERE, THERE = (builtin().regions[id].host for id in ("singapore", "beijing"))

# Each a breakage that a page may have: what is replaced, by what, and what is said.
BREAKAGES: dict[str, tuple[Sample, str, str, str]] = {
    "a host that does not exist": (
        CURL,
        f"curl 'https://{HERE}",
        "curl 'https://x.example",
        "Could not resolve host: x.example",
    ),
    "another region's host": (PHP, f"$url = 'https://{HERE}", f"$url = 'https://{THERE}", "host: "),
    "another path": (PHP, "/chat/completions';", "/completions';", "path: "),
    "no key header": (
        CURL,
        '--header "Authorization: Bearer ${DASHSCOPE_API_KEY:?}"',
        "--ipv4",
        "Authorization header: ",
    ),
    "another content type": (CURL, "application/json", "application/json; utf-8", "Content-Type"),
    "no content type": (PHP, "'Content-Type: application/json',", "", "Content-Type"),
    "a message, one character off": (PHP, "'Who are you?'", "'Who are you'", "content: expected"),
    "no system message": (CURL, '{"role": "system"', '{"role": "user"', "role: expected"),
    "another model": (CURL, '"model": "qwen-plus"', '"model": "qwen-max"', "body.model: expected"),
    "an additional field": (PHP, "'messages' => [", "'n' => 1, 'messages' => [", "body.n: should"),
    "broken JSON": (CURL, '"model"', '"model', "body: not JSON"),
    "sent twice": (PHP, "$answer = curl", "curl_exec($curl);\n$answer = curl", "2 requests"),
    "exit 0 on failure": (PHP, "exit(1);\n}\necho", "exit(0);\n}\necho", "exits with 0"),
    "errors on stdout": (PHP, 'fwrite(STDERR, "HTTP', 'fwrite(STDOUT, "HTTP', "standard output"),
    "the error's body dropped": (CURL, "--fail-with-body", "--fail", "does not say"),
    "no check of the status": (PHP, "$status !== 200", "false", "exits with 0"),
    "no check of the key": (CURL, "_KEY:?}", "_KEY}", "without a key: "),
    "no answer": (PHP, "echo $answer, PHP_EOL;", "", "not on standard output"),
    "does not parse": (PHP, "$body = [", "$body = [[", "fails with a good key"),
    "a note that does not work": (PHP, "with: $apiKey =", "with: $apikey =", "as the note says"),
    "another variable": (PHP, "getenv('DASHSCOPE_API_KEY')", "getenv('KEY')", "fails with a good"),
}


@pytest.mark.usefixtures("sealed")
def test_every_breakage_is_caught_and_named() -> None:
    broken = []
    for sample, old, new, _ in BREAKAGES.values():
        assert old in sample.code, old
        broken.append(sample._replace(code=sample.code.replace(old, new)))
    results = run(*broken)
    survivors = []
    for (name, (*_, said)), result in zip(BREAKAGES.items(), results, strict=True):
        if not any(said in failure for failure in result.failures):
            survivors.append((name, result.failures))
    assert survivors == []


@pytest.mark.usefixtures("sealed")
def test_a_sample_reaches_no_file_and_no_network(tmp_path: Path) -> None:
    there = tmp_path / "there"
    attempts = f"touch {there} /etc/there /root/there /usr/there 2>/dev/null\n"
    attempts += "curl --silent --max-time 5 https://example.com && touch reached\n"
    sample = CURL._replace(code=attempts + CURL.code)
    [result] = run(sample)
    assert result.failures == []
    assert not any(path.exists() for path in (there, Path("/etc/there"), Path("/usr/there")))


_MARK = "SAMPLEGEN_TEST"


def marked(tmp_path: Path) -> dict[str, str]:
    """An environment that tells the processes of a test from those of others."""
    return {**os.environ, _MARK: str(tmp_path)}


def workers(tmp_path: Path) -> list[str]:
    """The processes that run the samples of such a test."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = ((entry / name).read_bytes() for name in ("cmdline", "environ"))
        except OSError:
            continue
        if (
            b"samplegen.verify.worker" in command
            and f"{_MARK}={tmp_path}\0".encode() in environment
        ):
            found.append(entry.name)
    return found


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_whatever_ends_it_nothing_is_left_running(tmp_path: Path, ending: int) -> None:
    command = [sys.executable, "-m", "samplegen", "verify", "--lang", "php", "--lang", "curl"]
    pipe, environment = subprocess.PIPE, marked(tmp_path)
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"passed")
        assert workers(tmp_path)
        process.send_signal(ending)
        process.communicate(timeout=60)
    assert process.returncode != 0
    deadline = time.monotonic() + 30
    while workers(tmp_path):
        assert time.monotonic() < deadline, "a worker is still there"
        time.sleep(0.05)


@pytest.mark.usefixtures("sealed")
def test_ctrl_c_of_a_terminal_is_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "samplegen", "verify", "--lang", "php", "--lang", "curl"]
    pipe, environment = subprocess.PIPE, marked(tmp_path)
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"passed")
        # It goes to all processes there.
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in said


@pytest.mark.usefixtures("sealed")
def test_the_examples_of_a_folder_are_run_too(samplegen: Run, tmp_path: Path) -> None:
    options = ("--lang", "curl", "--protocol", "dashscope")
    samplegen("render", *options, "--all", "--out", "out")
    samplegen("render", *options, "--example", "all", "--out", "out")
    there = {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.sh")}
    assert {path.parts[0] for path in there} == {"en", "ja", "zh", "examples"}
    done = samplegen("verify", *options, "--out", "out")
    assert (done.returncode, done.stderr) == (0, b"")
    assert set(json.loads((tmp_path / "out/verified.json").read_text())) == {*map(str, there)}
    # An option that says what the call is, is not what the examples say.
    one = samplegen("verify", *options, "--out", "out", "--region", "beijing")
    assert one.stdout.endswith(b"3 passed (3 of them before, and unchanged since), 0 failed\n")


@pytest.mark.usefixtures("sealed")
def test_the_command(samplegen: Run, tmp_path: Path) -> None:
    options = ("verify", "--lang", "curl", "--region", "beijing", "--locale", "ja")
    done = samplegen(*options, "--format", "json", "--keep", "kept")
    assert (done.returncode, done.stderr) == (0, b"")
    results = json.loads(done.stdout)["samples"]
    assert [one["protocol"] for one in results] == ["openai", "dashscope"]
    assert all(one["passed"] and one["failures"] == [] for one in results)
    assert len(list((tmp_path / "kept").rglob("curl-http.sh"))) == 4
    again = samplegen(*options, "--keep", "kept")
    assert (again.returncode, again.stdout) == (2, b"")
    assert b"kept: is there already" in again.stderr


@pytest.fixture
def published(sealed: None, samplegen: Run, tmp_path: Path) -> Path:
    """A folder of samples, all of curl verified."""
    selected = ("--lang", "curl", "--locale", "en", "--out", "out")
    assert samplegen("render", "--all", *selected).returncode == 0
    assert samplegen("verify", *selected).returncode == 0
    return tmp_path / "out"


SELECTED = ("--lang", "curl", "--locale", "en", "--out", "out")


def test_a_file_that_was_not_rendered_is_said_with_what_writes_it(samplegen: Run) -> None:
    done = samplegen("verify", *SELECTED)
    assert (done.returncode, done.stdout) == (2, b"")
    said = "curl-http.sh: No such file or directory; 'samplegen render --all --out out' writes it"
    assert said in done.stderr.decode()


def test_the_ledger_says_what_passed(samplegen: Run, published: Path) -> None:
    ledger = json.loads((published / "verified.json").read_text())
    assert len(ledger) == 4
    file = published / "en/openai/singapore/curl-http.sh"
    entry = ledger["en/openai/singapore/curl-http.sh"]
    assert entry["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert list(entry["with"]) == ["curl"]
    assert samplegen("render", "--all", *SELECTED, "--check").returncode == 0


def test_what_is_unchanged_is_not_run_again(samplegen: Run, published: Path) -> None:
    done = samplegen("verify", *SELECTED)
    assert done.stdout == b"4 passed (4 of them before, and unchanged since), 0 failed\n"
    file = published / "en/openai/singapore/curl-http.sh"
    file.write_text(file.read_text() + "\n# More.\n")
    again = json.loads(samplegen("verify", *SELECTED, "--format", "json").stdout)["samples"]
    ran = {one["isolation"]: (one["protocol"], one["region"]) for one in again}
    assert ran["sealed"] == ("openai", "singapore")
    assert [one["isolation"] for one in again].count("ledger") == 3
    forced = samplegen("verify", *SELECTED, "--force").stdout.decode()
    assert forced.count("sealed") == 4 and "before" not in forced


def test_a_sample_that_fails_leaves_the_ledger(samplegen: Run, published: Path) -> None:
    file = published / "en/openai/singapore/curl-http.sh"
    file.write_text(file.read_text().replace("qwen-plus", "qwen-max"))
    done = samplegen("verify", *SELECTED)
    assert done.returncode == 1
    assert b'body.model: expected "qwen-plus", got "qwen-max"' in done.stdout
    ledger = json.loads((published / "verified.json").read_text())
    assert len(ledger) == 3
    checked = samplegen("render", "--all", *SELECTED, "--check")
    assert checked.returncode == 1
    assert b"curl-http.sh: not verified as it is now: run 'samplegen verify" in checked.stdout


def test_a_ledger_for_another_version_or_sample_is_noticed(samplegen: Run, tmp_path: Path) -> None:
    """Without running anything: these are what `render --check` sees."""
    selected = ("render", "--all", "--lang", "python", "--client", "sdk", "--out", "out")
    assert samplegen(*selected).returncode == 0
    assert samplegen(*selected, "--check").returncode == 0, "without a ledger none is asked for"
    names = {one.name: one.version for one in builtin().packages["python"].values()}
    entries = {
        path.relative_to(tmp_path / "out").as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "with": {"python": "3", **names},
        }
        for path in (tmp_path / "out").rglob("*.py")
    }
    ledger = tmp_path / "out" / "verified.json"
    ledger.write_text(json.dumps(entries))
    assert samplegen(*selected, "--check").returncode == 0
    first = next(iter(entries))
    entries[first]["with"] = {**names, "openai": "1.0"}
    ledger.write_text(json.dumps(entries))
    [line] = samplegen(*selected, "--check").stdout.decode().splitlines()
    assert line.startswith(f"out/{first}: not verified as it is now")
    del entries[first]
    ledger.write_text(json.dumps(entries))
    assert samplegen(*selected, "--check").returncode == 1
    assert samplegen("render", "--all", "--out", "all").returncode == 0
    (tmp_path / "all" / "verified.json").write_text(json.dumps({"en/x.py": entries.popitem()[1]}))
    lines = samplegen("render", "--all", "--out", "all", "--check").stdout.decode().splitlines()
    assert lines[-1] == "all/verified.json: has en/x.py, which no target renders"
    assert len(lines) == 121


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"sha256": ""}}', "[" * 100_000])
def test_a_broken_ledger(samplegen: Run, tmp_path: Path, text: str) -> None:
    selected = ("--all", "--lang", "curl", "--out", "out")
    assert samplegen("render", *selected).returncode == 0
    (tmp_path / "out" / "verified.json").write_text(text)
    done = samplegen("render", *selected, "--check")
    assert (done.returncode, done.stdout) == (2, b"")
    [line] = done.stderr.decode().splitlines()
    assert "verified.json: is no ledger of verified samples: remove it" in line


def test_the_published_ledger_is_of_all_samples() -> None:
    entries = json.loads((ROOT / "out" / "verified.json").read_text())
    files = [path for path in (ROOT / "out").rglob("*/*") if path.is_file()]
    assert {*entries} == {path.relative_to(ROOT / "out").as_posix() for path in files}


@pytest.mark.usefixtures("sealed")
def test_junit(samplegen: Run, tmp_path: Path) -> None:
    sample = CURL._replace(code=CURL.code.replace("Who are you?", "Who\x07"))
    file = tmp_path / "sample.sh"
    file.write_text(sample.code)
    call = ("--message", "user:Who are you?")
    done = samplegen("verify", "sample.sh", *call, "--format", "junit")
    assert done.returncode == 1
    [case] = ElementTree.fromstring(done.stdout).iter("testcase")
    assert (case.get("name"), case.get("classname")) == ("sample.sh:1 curl", "sample.sh")
    [*failures] = case.iter("failure")
    assert any("body" in str(failure.get("message")) for failure in failures)
    good = samplegen("verify", "--lang", "curl", "--locale", "en", "--format", "junit")
    [suite] = ElementTree.fromstring(good.stdout).iter("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == ("4", "0")


def test_without_namespaces_hosts_are_rewritten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    need("php")
    need("curl")
    monkeypatch.setattr(seal, "sealing", lambda: None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    elsewhere = PHP._replace(code=PHP.code.replace(f"'https://{HERE}", f"'https://{THERE}"))
    good, also_good, bad = run(CURL, PHP, elsewhere)
    assert (good.failures, also_good.failures) == ([], [])
    assert {one.isolation for one in (good, also_good, bad)} == {"host rewritten"}
    assert bad.failures[0].startswith(f"host: expected {HERE!r}, got {THERE!r}")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_run_that_was_killed_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    need("curl")
    monkeypatch.setattr(seal, "sealing", lambda: None)
    left = Path(tempfile.mkdtemp(prefix="samplegen-verify-"))
    (left / ".lock").touch()
    alive = Path(tempfile.mkdtemp(prefix="samplegen-verify-"))
    with (alive / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run(CURL)
        assert not left.exists()
        assert alive.exists()
    shutil.rmtree(alive)


@pytest.mark.usefixtures("sealed")
def test_a_worker_that_is_killed_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "samplegen", "verify", "--lang", "php"]
    pipe, environment = subprocess.PIPE, marked(tmp_path)
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for worker in workers(tmp_path):
            os.kill(int(worker), signal.SIGKILL)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    [line] = error.decode().splitlines()
    assert "the process that runs the samples" in line


@pytest.mark.usefixtures("sealed")
def test_programs_run_once_where_they_are_told_to() -> None:
    subject = Subject(CURL, Request.of(Call(), ""))
    [once] = verify([subject], builtin(), once=True)
    assert (once.passed, once.programs) == (True, 1)
    [often] = verify([subject], builtin())
    assert often.programs == 5 + len(mock.FAILURES)


def test_doctor(samplegen: Run) -> None:
    lines = samplegen("doctor").stdout.decode().splitlines()
    assert [line.split()[1] for line in lines][-1] == "curl"
    assert len(lines) == 7


def test_an_excerpt_is_the_error_and_not_where_it_came_from() -> None:
    node = "$x = f();\n^\n\nReferenceError: f is not defined\n    at file:///f.js:1\n\nNode.js v1\n"
    assert excerpt(node).endswith("ReferenceError: f is not defined")
    head = "Unhandled exception. HttpRequestException: Name not known"
    assert excerpt(f"{head}\n ---> Socket\n   at A.B()\n   --- End\n").startswith(f"{head} | ")
    curl = "curl: (6) no host"
    assert excerpt(f"100  293  100   212\r% Total % Received\n{curl}\n") == curl
    assert excerpt(" \n") == "nothing"
