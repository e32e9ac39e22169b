"""Verification: what is right passes, and every breakage of a sample is caught and named."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from toolchains import need

from samplegen import Call, render
from samplegen.catalog import builtin
from samplegen.request import Request
from samplegen.sample import Sample
from samplegen.verify import mock
from samplegen.verify.checks import Result, Subject, followed, shows
from samplegen.verify.compare import compare, differences
from samplegen.verify.verification import verify

EXPECTED = Request.of(Call(), "sk-1")


def exchange(**changed: Any) -> mock.Exchange:
    host = EXPECTED.url.split("/")[2]
    path = EXPECTED.url.partition(host)[2]
    headers = (("authorization", "Bearer sk-1"), ("content-type", "application/json"))
    body = json.dumps(EXPECTED.body).encode()
    good = mock.Exchange("POST", "https", host, path, headers, body, 200)
    return good._replace(**changed)


def test_what_was_meant_is_no_difference() -> None:
    assert list(compare(EXPECTED, exchange())) == []
    charset = (
        ("authorization", "Bearer sk-1"),
        ("content-type", "application/json; Charset=UTF-8"),
    )
    assert list(compare(EXPECTED, exchange(headers=charset))) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
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
    assert any(said in one for one in compare(EXPECTED, exchange(**changed)))


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
    assert not shows(json.dumps({"a": mock.ANSWER + "x"}), mock.ANSWER)
    assert not shows("", mock.ANSWER)


@pytest.mark.parametrize("locale", ["en", "ja", "zh"])
@pytest.mark.parametrize("language", ["python", "java", "nodejs", "go", "csharp", "php", "curl"])
def test_the_note_on_the_key_can_be_followed(language: str, locale: str) -> None:
    sample = render(Call(), language, locale=locale)
    done = followed(sample, builtin(), "sk-literal")
    assert done is not None
    changed = [
        (old, new)
        for old, new in zip(sample.code.split("\n"), done.split("\n"), strict=True)
        if old != new
    ]
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
        f"url='https://{HERE}",
        "url='https://x.example",
        "no req",
    ),
    "another region's host": (PHP, f"$url = 'https://{HERE}", f"$url = 'https://{THERE}", "host: "),
    "another path": (PHP, "/chat/completions';", "/completions';", "path: "),
    "no key header": (CURL, '--header "Authorization: Bearer $api_key"', "--ipv4", "no request"),
    "another content type": (CURL, "application/json", "application/json; utf-8", "Content-Type"),
    "no content type": (PHP, "'Content-Type: application/json',", "", "Content-Type"),
    "a message, one character off": (PHP, "'Who are you?'", "'Who are you'", "content: expected"),
    "no system message": (CURL, '{"role": "system"', '{"role": "user"', "role: expected"),
    "another model": (CURL, '"model": "qwen-plus"', '"model": "qwen-max"', "body.model: expected"),
    "an additional field": (PHP, "'messages' => [", "'n' => 1, 'messages' => [", "body.n: should"),
    "broken JSON": (CURL, '"model"', '"model', "body: not JSON"),
    "sent twice": (PHP, "$answer = curl", "curl_exec($curl);\n$answer = curl", "2 requests"),
    "exit 0 on failure": (PHP, "exit(1);\n}\necho", "exit(0);\n}\necho", "exits with 0"),
    "errors on stdout": (CURL, "'%s\\n' \"$answer\" >&2", "'%s\\n' \"$answer\"", "standard output"),
    "the error's body dropped": (CURL, "--fail-with-body", "--fail", "does not say"),
    "no check of the status": (PHP, "$status !== 200", "false", "exits with 0"),
    "no check of the key": (CURL, '[ -z "$api_key" ]', "false", "without a key: "),
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
    sample = CURL._replace(code=CURL.code.replace("#!/bin/sh\n", "#!/bin/sh\n" + attempts))
    [result] = run(sample)
    assert result.failures == []
    assert not any(path.exists() for path in (there, Path("/etc/there"), Path("/usr/there")))


def workers() -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes()
        except OSError:
            continue
        if b"samplegen.verify.worker" in command:
            found.append(entry.parent.name)
    return found


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_whatever_ends_it_nothing_is_left_running(tmp_path: Path, ending: int) -> None:
    command = [sys.executable, "-m", "samplegen", "verify", "--lang", "php", "--lang", "curl"]
    before = set(workers())
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"passed")
        assert set(workers()) - before
        process.send_signal(ending)
        process.communicate(timeout=60)
    assert process.returncode != 0
    deadline = time.monotonic() + 30
    while set(workers()) - before:
        assert time.monotonic() < deadline, "a worker is still there"
        time.sleep(0.05)


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


def test_doctor(samplegen: Run) -> None:
    lines = samplegen("doctor").stdout.decode().splitlines()
    assert [line.split()[1] for line in lines][-1] == "curl"
    assert len(lines) == 7
