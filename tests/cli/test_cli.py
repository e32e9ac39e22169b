"""The command line, as a process: what it prints, writes and exits with."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from conftest import Run

from samplegen import Call, InputError, __version__, render
from samplegen.files import write_all
from samplegen.origin import install_line
from samplegen.protocols.request import Request
from samplegen.rendering.targets import targets

ERROR = "samplegen: error: "


def test_one_sample_goes_to_stdout_as_it_is(samplegen: Run) -> None:
    done = samplegen("render", "--lang", "go", "--region", "beijing")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == render(Call(region="beijing"), "go").code


@pytest.mark.parametrize(
    ("alias", "language"),
    [
        ("node", "nodejs"),
        ("js", "nodejs"),
        ("JavaScript", "nodejs"),
        ("c#", "csharp"),
        ("cs", "csharp"),
        ("bash", "curl"),
        ("py", "python"),
        ("golang", "go"),
        ("PHP", "php"),
    ],
)
def test_aliases(samplegen: Run, alias: str, language: str) -> None:
    done = samplegen("render", "--lang", alias, "--format", "json")
    assert json.loads(done.stdout)[0]["language"] == language


def test_the_client_is_the_sdk_where_there_is_one(samplegen: Run) -> None:
    done = samplegen("render", "--lang", "all", "--format", "json")
    clients = {sample["language"]: sample["client"] for sample in json.loads(done.stdout)}
    assert clients == {
        "python": "sdk",
        "java": "sdk",
        "nodejs": "sdk",
        "go": "sdk",
        "csharp": "http",
        "php": "http",
        "curl": "http",
    }


def test_all_languages_with_a_client_are_those_that_have_it(samplegen: Run) -> None:
    options = ("--lang", "all", "--client", "sdk", "--protocol", "dashscope", "--format", "json")
    done = samplegen("render", *options)
    assert [sample["language"] for sample in json.loads(done.stdout)] == ["python", "java"]


def test_json(samplegen: Run) -> None:
    done = samplegen(
        "render", "--lang", "py", "--lang", "php", "--locale", "ja", "--format", "json"
    )
    first, second = json.loads(done.stdout)
    assert list(first) == [
        "language",
        "protocol",
        "client",
        "region",
        "locale",
        "filename",
        "code",
        "install",
    ]
    assert first["code"] == render(Call(), "python", locale="ja").code
    assert first["install"].startswith("pip install openai==")
    assert (second["filename"], second["install"]) == ("php-http.php", "")


def test_several_samples_as_text_are_named(samplegen: Run) -> None:
    done = samplegen("render", "--lang", "py", "--lang", "go", "--lang", "python")
    named = [line for line in done.stdout.decode().splitlines() if line.startswith("==>")]
    assert named == [
        "==> en/openai/singapore/python-sdk.py <==",
        "==> en/openai/singapore/go-sdk.go <==",
    ]


def test_markdown_fences_are_longer_than_what_they_hold(samplegen: Run) -> None:
    done = samplegen(
        "render", "--lang", "c#", "--format", "markdown", "--message", "user:```\n````"
    )
    text = done.stdout.decode()
    assert text.startswith("### C# (HTTP)\n\n`````csharp\n")
    assert text.endswith("\n`````\n")
    assert text.count("`````") == 2


def test_messages_in_order(samplegen: Run) -> None:
    given = ["user:a: b", "assistant:", "user:c"]
    arguments = [part for message in given for part in ("--message", message)]
    done = samplegen("render", "--lang", "php", "--notes", "none", *arguments)
    lines = [line.strip() for line in done.stdout.decode().splitlines() if "'role'" in line]
    assert lines == [
        "['role' => 'user', 'content' => 'a: b'],",
        "['role' => 'assistant', 'content' => ''],",
        "['role' => 'user', 'content' => 'c'],",
    ]


CALL = {"region": "beijing", "model": "m", "messages": [{"role": "user", "content": "é"}]}


@pytest.mark.parametrize("name", ["call.json", "call.toml", "call", "-"])
def test_a_call_file(samplegen: Run, tmp_path: Path, name: str) -> None:
    toml = 'region = "beijing"\nmodel = "m"\n[[messages]]\nrole = "user"\ncontent = "é"\n'
    text = (toml if name.endswith("toml") else json.dumps(CALL)).encode()
    if name != "-":
        (tmp_path / name).write_bytes(text)
    done = samplegen("render", "--lang", "go", "--call", name, stdin=text)
    assert done.stdout.decode() == render(Call.parse(CALL), "go").code


def test_options_override_the_call_file(samplegen: Run) -> None:
    arguments = ("--call", "-", "--region", "singapore", "--model", "n", "--message", "user:x")
    done = samplegen("render", "--lang", "go", *arguments, stdin=json.dumps(CALL).encode())
    expected = Call.parse({"model": "n", "messages": [{"role": "user", "content": "x"}]})
    assert done.stdout.decode() == render(expected, "go").code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--lang", "golnag"], "unknown language 'golnag': did you mean 'golang'?"),
        (["--lang", "xyz"], "unknown language 'xyz': choose from python, java, nodejs, go"),
        ([], "which language? Give --lang LANGUAGE"),
        (
            ["--lang", "go", "--region", "bejing"],
            "unknown region 'bejing': did you mean 'beijing'?",
        ),
        (["--lang", "go", "--region", "x"], "unknown region 'x': choose from singapore, beijing"),
        (
            ["--lang", "go", "--protocol", "opnai"],
            "unknown protocol 'opnai': did you mean 'openai'",
        ),
        (["--lang", "go", "--client", "sdkk"], "unknown client 'sdkk': did you mean 'sdk'?"),
        (["--lang", "all", "--client", "x"], "unknown client 'x': choose from sdk, http"),
        (["--lang", "go", "--locale", "fr"], "unknown locale 'fr': choose from en, ja, zh"),
        (["--lang", "go", "--notes", "x"], "unknown notes 'x': choose from full, brief, none"),
        (["--lang", "go", "--format", "yml"], "unknown format 'yml': choose from text, json"),
        (
            ["--lang", "php", "--client", "sdk"],
            "PHP has no 'sdk' for protocol 'openai': use 'http'",
        ),
        (
            ["--lang", "go", "--client", "sdk", "--protocol", "dashscope"],
            "Go has no 'sdk' for protocol 'dashscope': use 'http'",
        ),
        (
            ["--lang", "go", "--protocol", "dashscope", "--model", "qwen-omni-turbo"],
            "model 'qwen-omni-turbo' is not served by protocol 'dashscope': use openai",
        ),
        (["--lang", "go", "--model", "qwen-omni-turbo"], "answers only as a stream"),
        (["--lang", "go", "--model", ""], "the model is empty"),
        (["--lang", "go", "--message", "Hi"], "write it as ROLE:TEXT, such as 'user:Hi'"),
        (["--lang", "go", "--message", "usr:Hi"], "unknown role 'usr': did you mean 'user'?"),
        (["--lang", "go", "--message", os.fsdecode(b"user:a\xff")], "U+DCFF at character 2"),
        (["--lang", "go", "--region", "tokyo"], "region 'tokyo' has no shared host"),
        (["--lang", "go", "--workspace", "a.b"], "workspace 'a.b' cannot be part of a host"),
        (["--lang", "go", "--region", "finance", "--workspace", "w"], "has no workspace hosts"),
        (["--lang", "go", "--check"], "say where they are with --out DIR"),
        (["--lang", "go", "--call", "missing.json"], "missing.json: No such file or directory"),
        (["--lang", "go", "--call", "folder"], "folder: is a directory, not a file"),
        (["--lang", "go", "--call", "latin1.json"], "latin1.json: not UTF-8 (byte 12)"),
        (["--lang", "go", "--call", "broken.json"], "broken.json: not valid JSON: "),
        (["--lang", "go", "--call", "broken.toml"], "broken.toml: not valid TOML: "),
        (["--lang", "go", "--call", "deep.json"], "deep.json: nested too deep"),
        (["--lang", "go", "--call", "field.json"], "field.json: unknown field 'modle': did you"),
        (["--lang", "go", "--call", "none.json"], "none.json: no messages: give at least one"),
        (["--lang", "go", "--call", "empty.toml"], "empty.toml: is empty: a call is an object"),
        (["--lang", "go", "--call", "-"], "standard input: is empty: a call is an object"),
        (["--lang", "go", "--call", "twice.json"], "the key 'model' stands twice in one object"),
        (["--lang", "go", "--call", "long.json"], "long.json: not valid JSON: Exceeds the limit"),
        (["--lang", "go", "--call", "lines.json"], r"or 'tool' is expected, not "),
        (["--lang", "go", "--call", "a\nb"], "a b: No such file or directory"),
        (["--lang", "go", "--call", ""], "a path is empty"),
        (["--lang", "go", "--out", ""], "a path is empty"),
        (["--lang", "go", "--locale", ""], "unknown locale ''"),
        (["--lang", "go", "--out", "x", "--format", "json"], "json goes to standard output"),
        (["--all", "--workspace", "w", "--out", "x"], "a workspace belongs to one region"),
        (["--lang", "go", "--catalog", "deep.toml"], "deep.toml: nested too deep"),
        (["--lang", "go", "--catalog", "missing.toml"], "missing.toml: No such file or directory"),
        (
            ["--lang", "go", "--catalog", "deepsek"],
            "unknown catalog 'deepsek': did you mean 'deepseek'?",
        ),
        (["--lang", "go", "--catalog", "broken.toml"], "broken.toml: not valid TOML: "),
        (
            ["--lang", "go", "--catalog", "empty.toml"],
            "empty.toml: is empty: `samplegen catalog new` writes a catalog",
        ),
        (["--lang", "go", "--out", "file"], "cannot write file/en/openai/singapore/go-sdk.go"),
    ],
)
def test_bad_input(samplegen: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    files = {
        "latin1.json": b'{"model": "m\xe9"}',
        "broken.json": b'{"model": ',
        "broken.toml": b"model = ",
        "deep.json": b'{"messages": ' + b"[" * 100_000,
        "field.json": b'{"modle": "m"}',
        "none.json": b'{"messages": []}',
        "twice.json": b'{"model": "a", "model": "b"}',
        "long.json": b'{"model": ' + b"9" * 5000 + b"}",
        "lines.json": b'{"messages": [{"role": "x\\ny.z", "content": ""}]}',
        "deep.toml": b"x = " + b"[" * 100_000,
        "empty.toml": b"",
        "file": b"",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    done = samplegen("render", *arguments)
    error = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert error.startswith(ERROR)
    assert message in error
    assert error.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {*files, "folder"}


@pytest.mark.parametrize(
    "arguments",
    [["rendr"], ["render", "--lnag", "go"], ["render", "--lang"], ["render", "go"], ["list", "x"]],
)
def test_a_wrong_flag_or_command(samplegen: Run, arguments: list[str]) -> None:
    done = samplegen(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(ERROR)
    assert done.stderr.count(b"\n") == 1
    assert b"--help'" in done.stderr


def test_out_writes_whole_files_or_none(samplegen: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "out/en/openai/singapore/php-http.php"
    blocked.mkdir(parents=True)
    done = samplegen("render", "--lang", "all", "--out", "out")
    assert done.returncode == 2
    assert b"php-http.php: is a directory, not a file" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_stops_the_renaming_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = tmp_path / "old", tmp_path / "folder" / "new"
    old.write_bytes(b"before")
    replace = Path.replace

    def fails_second(path: Path, target: Path) -> Path:
        if target == new:
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fails_second)
    with pytest.raises(InputError, match=r"cannot write .*new: Permission denied"):
        write_all({old: b"after", new: b"after"})
    assert [path.name for path in tmp_path.rglob("*")] == ["old"]
    assert old.read_bytes() == b"before"


def test_out_and_check(samplegen: Run, tmp_path: Path) -> None:
    options = ("render", "--lang", "go", "--lang", "php", "--out", "out")
    missing = samplegen(*options, "--check")
    assert (missing.returncode, missing.stderr) == (1, b"")
    assert b"+++ out/en/openai/singapore/go-sdk.go\n" in missing.stdout
    assert not (tmp_path / "out").exists()

    written = samplegen(*options)
    assert (written.returncode, written.stdout, written.stderr) == (0, b"", b"")
    go = tmp_path / "out/en/openai/singapore/go-sdk.go"
    assert go.read_text() == render(Call(), "go").code
    assert samplegen(*options, "--check").returncode == 0

    go.write_text(go.read_text().replace("Who are you?", "Who?"))
    differs = samplegen(*options, "--check")
    assert differs.returncode == 1
    changed = [line for line in differs.stdout.decode().splitlines() if line[:1] in "+-"][2:]
    assert changed == [
        '-\t\t\topenai.UserMessage("Who?"),',
        '+\t\t\topenai.UserMessage("Who are you?"),',
    ]
    assert "Who?" in go.read_text()


def test_check_of_everything_finds_a_file_of_no_target(samplegen: Run, tmp_path: Path) -> None:
    assert samplegen("render", "--all", "--out", "out").returncode == 0
    assert samplegen("render", "--all", "--out", "out", "--check").returncode == 0
    (tmp_path / "out/verified.json").write_text("{}")  # beside the folders: none of its business
    assert samplegen("render", "--all", "--out", "out", "--check").returncode == 0
    (tmp_path / "out/en/openai/beijing/ruby-sdk.rb").write_text("")
    done = samplegen("render", "--all", "--out", "out", "--check")
    assert done.returncode == 1
    assert done.stdout == b"out/en/openai/beijing/ruby-sdk.rb: no target renders this file\n"
    assert samplegen("render", "--all", "--lang", "go", "--out", "out", "--check").returncode == 0


def test_list_json(samplegen: Run) -> None:
    listing = json.loads(samplegen("list", "--format", "json").stdout)
    assert list(listing) == [
        "languages",
        "protocols",
        "clients",
        "regions",
        "tabs",
        "locales",
        "examples",
        "models",
        "targets",
    ]
    there = [(t["language"], t["protocol"], t["client"]) for t in listing["targets"]]
    assert there == [(t.language, t.protocol, t.client) for t in targets()]
    assert listing["regions"][:2] == ["singapore", "beijing"]
    assert "frankfurt" in listing["regions"]


def test_list_text(samplegen: Run) -> None:
    text = samplegen("list").stdout.decode()
    assert "  nodejs      Node.js     also node, node.js, js" in text
    assert "(needs --workspace)" in text


def test_version_and_help(samplegen: Run) -> None:
    assert samplegen("--version").stdout.decode() == f"samplegen {__version__}\n"
    for arguments in (["--help"], ["render", "--help"], ["list", "-h"]):
        done = samplegen(*arguments)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"Usage: samplegen")
        assert b"\\b" not in done.stdout
    assert b"\n    samplegen list\n" in samplegen("--help").stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("samplegen render --lang g", ["go"]),
        ("samplegen render --region s", ["singapore"]),
        ("samplegen render --locale z", ["zh"]),
        ("samplegen render --notes b", ["brief"]),
    ],
)
def test_shell_completion(samplegen: Run, words: str, expected: list[str]) -> None:
    done = samplegen(
        _SAMPLEGEN_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
    )
    assert [line.split(",")[1] for line in done.stdout.decode().splitlines()] == expected


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16"])
def test_output_is_utf_8_whatever_the_terminal_says(samplegen: Run, encoding: str) -> None:
    done = samplegen("render", "--lang", "go", "--locale", "zh", PYTHONIOENCODING=encoding)
    assert done.stdout.decode() == render(Call(), "go", locale="zh").code


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    script = f"{sys.executable} -m samplegen render --all | head -c 1"
    done = subprocess.run(["sh", "-c", script], capture_output=True, cwd=tmp_path, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
@pytest.mark.parametrize("command", ["render --lang go", "list", "render --call - --lang go <&-"])
def test_a_closed_or_full_stream_is_one_line(command: str, redirection: str) -> None:
    script = f"{sys.executable} -m samplegen {command} {redirection}"
    environment = {name: value for name, value in os.environ.items() if "UNBUFFERED" not in name}
    done = subprocess.run(["sh", "-c", script], capture_output=True, env=environment, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(ERROR)
    assert done.stderr.count(b"\n") == 1


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    code = """
import signal, samplegen.files as files
# Whoever runs the tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
write = files.Path.write_bytes
def interrupted(path, data):
    if path.name.startswith(".php"):
        signal.raise_signal(signal.SIGINT)
    return write(path, data)
files.Path.write_bytes = interrupted
from samplegen.cli import main
main(["render", "--lang", "all", "--out", "out"])
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 130
    assert done.stderr.strip() == b""
    assert list(tmp_path.iterdir()) == []


def test_mock_serves_until_it_is_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "samplegen", "mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdout is not None
        base_url = server.stdout.readline().decode().removeprefix("openai: ").strip()
        for key, status in (("sk-mock", 200), ("sk-mock-rate-limit", 429), ("sk-x", 401)):
            request = Request.of(Call(), key)
            sent = urllib.request.Request(
                f"{base_url}/chat/completions",
                json.dumps(request.body).encode(),
                request.headers,
            )
            try:
                with urllib.request.urlopen(sent) as response:
                    assert response.status == status
            except urllib.error.HTTPError as error:
                assert error.code == status
                error.close()
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)
    assert (server.returncode, err) == (0, b"")
    path = urllib.parse.urlsplit(base_url).path
    assert [line.split()[-1] for line in out.decode().splitlines() if path in line] == [
        "200",
        "429",
        "401",
    ]


@pytest.mark.parametrize("arguments", [["mock", "--port", "0"], ["verify", "--lang", "curl"]])
def test_a_command_says_what_it_needs(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ImportError('no', name='uvicorn')")
    command = [sys.executable, "-m", "samplegen", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == (
        f"{ERROR}this command needs uvicorn: {install_line('verify')}\n"
    )


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        command = [sys.executable, "-m", "samplegen", "mock", "--port"]
        port = str(taken.getsockname()[1])
        done = subprocess.run([*command, port], capture_output=True, check=False)
    assert done.returncode == 2
    assert f"cannot serve on localhost port {port}: " in done.stderr.decode()


def test_the_python_api_stands_in_the_package() -> None:
    import samplegen

    for name in samplegen.__all__:
        assert getattr(samplegen, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'rendr'"):
        samplegen.rendr  # noqa: B018
