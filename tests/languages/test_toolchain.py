"""Toolchains: found, prepared whole or not at all, and able to build and run without a network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from toolchains import need

from samplegen.errors import InputError
from samplegen.files import cache_folder
from samplegen.languages import language_ids
from samplegen.model.catalog import Catalog, Package, builtin
from samplegen.model.catalog_file import named
from samplegen.verify import toolchain
from samplegen.verify.toolchain import Missing, Prepared, Server, Step
from samplegen.verify.toolchain._rehearsal import rehearsals

# What a language cannot be prepared without; the others can be fetched.
NEEDED = {"python": (), "java": ("javac",), "php": ("php",), "curl": ("sh",)}
HELLO = {
    "python": ("hello.py", "import openai, requests\nprint('hällo')\n"),
    "curl": ("hello.sh", "curl --version >&2 && echo hällo\n"),
    "php": ("hello.php", "<?php\nassert(function_exists('curl_init'));\necho 'hällo', PHP_EOL;\n"),
    "nodejs": ("hello.mjs", 'import OpenAI from "openai";\nif (OpenAI) console.log("hällo");\n'),
    "java": (
        "hello.java",
        "import com.openai.client.OpenAIClient;\n"
        "class Main {\n"
        "    public static void main(String[] args) {\n"
        "        Class<?> found = OpenAIClient.class;\n"
        '        System.out.println("hällo");\n'
        "    }\n"
        "}\n",
    ),
    "go": (
        "hello.go",
        'package main\n\nimport (\n\t"fmt"\n\n\t"github.com/openai/openai-go/v3"\n)\n\n'
        'func main() {\n\t_ = openai.UserMessage("")\n\tfmt.Println("hällo")\n}\n',
    ),
    "csharp": (
        "hello.cs",
        'Console.OutputEncoding = System.Text.Encoding.UTF8;\nConsole.WriteLine("hällo");\n',
    ),
}
WRONG = {
    "java": "class Main { int x = y; }\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {}\n',
    "csharp": "int unused;\n",  # A warning, which counts.
}


# What the compilers themselves say of these.
COMPILED = {
    "java": "error: cannot find symbol",
    "go": '"fmt" imported and not used',
    "csharp": "warning CS0168: The variable 'unused' is declared but never used",
}


def quiet(message: str) -> None:
    del message


def scrubbed(work: Path) -> dict[str, str]:
    path = "/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "HOME": str(work), "TMPDIR": str(work), "LANG": "C.UTF-8"}


def process(step: Step, work: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        step.arguments,
        env={**scrubbed(work), **step.environment},
        cwd=work,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def compiled(prepared: Prepared, source: Path) -> tuple[int | None, str]:
    """How a file compiles: by the server, where there is one, and the same without."""
    work = source.parent
    [step] = toolchain.build(prepared, source, work).compile
    alone = process(step, work)
    if step.server is None:
        return alone.returncode, alone.stderr
    with Servant(step.server, work) as servant:
        exit, stdout, stderr = servant.do(step, work)
    assert (exit, stdout, stderr) == (alone.returncode, alone.stdout, alone.stderr)
    return exit, stderr


class Servant:
    """A client of a toolchain's server."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            server.arguments,
            env={**scrubbed(folder), **dict(server.environment)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.asked = 0
        self.ended: dict[int, int | None] = {}

    def __enter__(self) -> Servant:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def end(self) -> None:
        """A server ends with its standard input."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()

    def ask(
        self,
        step: Step,
        work: Path,
        environment: dict[str, str] | None = None,
        seconds: float = 60,
    ) -> int:
        assert self.process.stdin
        self.asked += 1
        for name in ("stdout", "stderr"):
            (self.folder / f"{name}-{self.asked}").touch()
        request = {
            "id": self.asked,
            "arguments": step.arguments,
            "environment": {**scrubbed(work), **step.environment, **(environment or {})},
            "folder": str(work),
            "stdout": str(self.folder / f"stdout-{self.asked}"),
            "stderr": str(self.folder / f"stderr-{self.asked}"),
            "seconds": seconds,
            "cell": None,
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self.asked

    def answer(self, number: int) -> tuple[int | None, str, str]:
        assert self.process.stdout
        while number not in self.ended:
            told = json.loads(self.process.stdout.readline())
            self.ended[told["id"]] = told["exit"]
        texts = [
            (self.folder / f"{name}-{number}").read_text(encoding="utf-8")
            for name in ("stdout", "stderr")
        ]
        return self.ended[number], texts[0], texts[1]

    def do(self, step: Step, work: Path, **options: Any) -> tuple[int | None, str, str]:
        return self.answer(self.ask(step, work, **options))


@pytest.fixture
def ready() -> Callable[[str], Prepared]:
    """A real toolchain, from the cache that the command line uses."""

    return prepared_or_skipped


def prepared_or_skipped(language: str) -> Prepared:
    for tool in NEEDED.get(language, ()):
        need(tool)
    try:
        return toolchain.prepare(language, builtin(), quiet)
    except InputError as error:
        # A missing tool or, where nothing is installed yet, no network.
        if os.environ.get("CI") == "true" or not re.search("^no |cannot install", str(error)):
            raise
        pytest.skip(str(error))


# Finding


@pytest.mark.parametrize("language", language_ids())
def test_the_status_says_a_version_or_what_to_install(language: str) -> None:
    status = toolchain.status(language)
    assert status.language == language
    assert bool(status.version) == status.found
    assert bool(status.advice) != status.found


@pytest.mark.parametrize(("language", "tool"), [("java", "java"), ("php", "php"), ("curl", "sh")])
def test_a_missing_tool_is_named_with_what_installs_it(
    language: str, tool: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    status = toolchain.status(language)
    assert not status.found
    with pytest.raises(Missing, match=f"^no {tool}: .*install") as missing:
        toolchain.prepare(language, builtin(), quiet)
    assert status.advice == str(missing.value)


def test_what_can_be_fetched_is_not_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SAMPLEGEN_NODE", raising=False)
    for language in ("nodejs", "go"):
        assert toolchain.status(language).found
    assert not (tmp_path / "cache").exists()


def test_a_node_that_is_named_but_too_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAMPLEGEN_NODE", program(tmp_path / "node", "echo v20.1.0"))
    with pytest.raises(Missing, match=r"SAMPLEGEN_NODE=\S+ is not Node.js 22 or newer"):
        toolchain.prepare("nodejs", builtin(), quiet)


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/b")
    monkeypatch.setenv("SAMPLEGEN_CACHE", "/a")
    assert cache_folder() == Path("/a")
    monkeypatch.delenv("SAMPLEGEN_CACHE")
    assert cache_folder() == Path("/b/samplegen")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "samplegen"


# Preparing, with an npm that is a script


def program(path: Path, script: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{textwrap.dedent(script)}\n")
    path.chmod(0o755)
    return str(path)


# It tells its version, and where it is.
NODE = 'case "$1" in --version) echo v24.1.0 ;; *) echo "$0" ;; esac'
INSTALLS = "echo install >>$CALLS; mkdir -p node_modules/openai; touch node_modules/openai/whole"


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets what npm does; Node.js is one that only tells its version."""
    tools = tmp_path / "tools"
    monkeypatch.setenv("SAMPLEGEN_NODE", program(tools / "bin" / "node", NODE))
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("PATH", str(tools / "bin"), prepend=os.pathsep)

    def does(script: str) -> None:
        program(tools / "bin" / "npm", script)

    return does


def calls(tmp_path: Path) -> int:
    file = tmp_path / "calls"
    return len(file.read_text().splitlines()) if file.exists() else 0


def shown(cache: Path) -> list[str]:
    """What later runs may trust."""
    return sorted(path.name for path in cache.iterdir() if not path.name.startswith("."))


HALF = "mkdir -p node_modules/openai; echo 'npm error first' >&2; echo 'npm error no luck' >&2"


def test_a_failed_installation_leaves_nothing(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(f"{HALF}; exit 1")
    name = f"openai@{builtin().packages['nodejs']['openai-sdk'].version}"
    with pytest.raises(InputError, match=f"^cannot install {name}: npm error no luck$"):
        toolchain.prepare("nodejs", builtin(), quiet)
    assert shown(tmp_path / "cache") == []
    npm(INSTALLS)
    prepared = toolchain.prepare("nodejs", builtin(), quiet)
    assert (prepared.folder / "node_modules" / "openai" / "whole").exists()


PREPARE = """
from samplegen.model.catalog import builtin
from samplegen.verify import toolchain
toolchain.prepare("nodejs", builtin(), print)
"""


def test_a_killed_installation_leaves_nothing(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(f"{HALF}; kill -9 $PPID; exit 0")
    killed = subprocess.run([sys.executable, "-c", PREPARE], capture_output=True, check=False)
    assert killed.returncode == -9
    assert shown(tmp_path / "cache") == []
    npm(INSTALLS)
    prepared = toolchain.prepare("nodejs", builtin(), quiet)
    assert shown(tmp_path / "cache") == [prepared.folder.name]
    assert not list((tmp_path / "cache").glob(".*.tmp"))


def test_two_at_once_install_once(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(f"sleep 0.3; {INSTALLS}")
    others = [subprocess.Popen([sys.executable, "-c", PREPARE]) for _ in range(2)]
    toolchain.prepare("nodejs", builtin(), quiet)
    assert [other.wait() for other in others] == [0, 0]
    assert calls(tmp_path) == 1


def test_what_is_prepared_starts_no_process(
    npm: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(INSTALLS)
    said: list[str] = []
    first = toolchain.prepare("nodejs", builtin(), said.append)
    assert len(said) == 1

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr(subprocess, "run", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert toolchain.prepare("nodejs", builtin(), said.append) == first
    assert len(said) == 1


def with_version(version: str) -> Catalog:
    packages = {**builtin().packages, "nodejs": {"openai-sdk": Package("openai", version)}}
    return replace(builtin(), packages=packages)


def test_another_version_has_another_folder(npm: Callable[[str], None], tmp_path: Path) -> None:
    npm(INSTALLS)
    one = toolchain.prepare("nodejs", with_version("1"), quiet)
    other = toolchain.prepare("nodejs", with_version("2"), quiet)
    program(tmp_path / "tools" / "bin" / "node", NODE.replace("24.1", "24.2"))
    os.utime(tmp_path / "tools" / "bin" / "node", (0, 0))
    newer = toolchain.prepare("nodejs", with_version("2"), quiet)
    assert len({one.folder, other.folder, newer.folder}) == 3
    assert newer.versions == {"node": "24.2.0", "openai": "2"}
    assert calls(tmp_path) == 3


def test_a_cache_that_cannot_be_written(
    npm: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(INSTALLS)
    (tmp_path / "file").touch()
    monkeypatch.setenv("SAMPLEGEN_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(InputError, match=r"^cannot write .*file/cache: Not a directory$"):
        toolchain.prepare("nodejs", builtin(), quiet)


# Building and running, for real


@pytest.mark.parametrize("language", list(HELLO))
def test_a_program_is_built_and_run(
    language: str, ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready(language)
    name, code = HELLO[language]
    source = tmp_path / name
    source.write_text(code, encoding="utf-8")
    build = toolchain.build(prepared, source, tmp_path)
    for step in [*build.compile, *build.link]:
        built = process(step, tmp_path)
        assert built.returncode == 0, built.stdout + built.stderr
    done = process(toolchain.run(prepared, source, tmp_path), tmp_path)
    assert (done.returncode, done.stdout) == (0, "hällo\n"), done.stderr


@pytest.mark.parametrize("language", list(WRONG))
def test_a_wrong_program_does_not_build(
    language: str, ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready(language)
    source = tmp_path / HELLO[language][0]
    source.write_text(WRONG[language], encoding="utf-8")
    assert COMPILED[language] in compiled(prepared, source)[1]


def test_a_java_program_without_imports_sees_no_jars(
    ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready("java")
    for client in ("http", "sdk"):
        source = ROOT / "out" / "en" / "openai" / "singapore" / f"java-{client}.java"
        arguments = toolchain.run(prepared, source, tmp_path).arguments
        assert ("/com.openai/" in " ".join(arguments)) == (client == "sdk")
        assert "/com.alibaba/" not in " ".join(arguments)


def test_versions_are_those_of_the_catalog(ready: Callable[[str], Prepared]) -> None:
    prepared = ready("python")
    for package in builtin().packages["python"].values():
        assert prepared.versions[package.name] == package.version
        script = f"import importlib.metadata as m; print(m.version({package.name!r}))"
        found = subprocess.check_output(
            [prepared.folder / "bin" / "python", "-c", script], encoding="utf-8"
        )
        assert found.strip() == package.version


@pytest.mark.parametrize("language", ["java", "php"])
def test_trust_is_made_once_for_many_threads(
    language: str, ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    trustme = pytest.importorskip("trustme")
    prepared = ready(language)
    ca = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(ca))
    found: list[dict[str, str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(toolchain.trust(prepared, ca, tmp_path)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 4
    assert found[0]["SSL_CERT_FILE"] == str(ca)
    assert {"java": "JAVA_TOOL_OPTIONS", "php": "PHP_INI_SCAN_DIR"}[language] in found[0]


# What a program is, by the bytes of its product

COMMENT = {"java": "//", "go": "//", "csharp": "//"}


def product(prepared: Prepared, source: Path) -> dict[str, bytes]:
    """The files that `compile` makes of a source."""
    build = toolchain.build(prepared, source, source.parent)
    for step in build.compile:
        done = process(step, source.parent)
        assert done.returncode == 0, done.stderr
    found = {}
    for one in build.product:
        for file in sorted(one.rglob("*")) if one.is_dir() else [one]:
            found[str(file.relative_to(source.parent))] = file.read_bytes()
    assert found
    return found


@pytest.mark.parametrize("language", list(COMMENT))
def test_a_comment_does_not_change_the_product_but_code_does(
    language: str, ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready(language)
    name, code = HELLO[language]
    *lines, last = code.splitlines()
    codes = {
        "one": code,
        "other": "\n".join([*lines, f"{last} {COMMENT[language]} Grüße", ""]),
        "changed": code.replace("hällo", "hallo"),
    }
    products = {}
    for folder, text in codes.items():
        source = tmp_path / folder / name
        source.parent.mkdir()
        source.write_text(text, encoding="utf-8")
        products[folder] = product(prepared, source)
    assert products["one"] == products["other"]
    assert products["one"] != products["changed"]


def test_go_says_what_is_missing(ready: Callable[[str], Prepared], tmp_path: Path) -> None:
    prepared = ready("go")
    source = tmp_path / "main.go"
    source.write_text('package main\n\nimport _ "github.com/openai/openai-go"\n\nfunc main() {}\n')
    exit, said = compiled(prepared, source)
    assert exit == 1
    assert "no required module provides package github.com/openai/openai-go; to add it:" in said


def test_go_builds_what_is_compiled_nowhere_yet(
    ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    prepared = ready("go")
    config = (prepared.folder / "importcfg").read_text()
    lacking = tmp_path / "lacking"
    lacking.mkdir()
    for name in ("module", "modules", "objects"):
        (lacking / name).symlink_to(prepared.folder / name)
    (lacking / "importcfg").write_text(re.sub("packagefile fmt=.*\n", "", config))
    source = tmp_path / "main.go"
    source.write_text(HELLO["go"][1])
    other = prepared._replace(folder=lacking)
    build = toolchain.build(other, source, tmp_path)
    for step in [*build.compile, *build.link]:
        assert process(step, tmp_path).returncode == 0
    assert build.product[0].exists()
    assert process(toolchain.run(other, source, tmp_path), tmp_path).stdout == "hällo\n"


def test_an_archive_of_classes_is_used_in_silence_or_not_at_all(
    ready: Callable[[str], Prepared], tmp_path: Path
) -> None:
    pytest.importorskip("trustme")
    prepared = ready("java")
    source = tmp_path / "hello.java"
    source.write_text(HELLO["java"][1], encoding="utf-8")
    product(prepared, source)
    step = toolchain.run(prepared, source, tmp_path)
    [option] = [one for one in step.arguments if "SharedArchiveFile" in one]
    # By force it starts only if the archive fits.
    for changed in (["-Xshare:on"], []):
        arguments = [step.arguments[0], *changed, *step.arguments[1:]]
        done = process(step._replace(arguments=arguments), tmp_path)
        assert (done.stdout, done.stderr) == ("hällo\n", "")
    for content in (b"", b"x" * 100_000):
        (tmp_path / "broken.jsa").write_bytes(content)
        broken = f"-XX:SharedArchiveFile={tmp_path / 'broken.jsa'}"
        arguments = [broken if one == option else one for one in step.arguments]
        done = process(step._replace(arguments=arguments), tmp_path)
        assert (done.stdout, done.stderr) == ("hällo\n", "")


# The server that runs Python programs


@pytest.fixture(scope="module")
def python() -> Iterator[Callable[..., tuple[int | None, str, str]]]:
    prepared = prepared_or_skipped("python")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = toolchain.run(prepared, folder / "x.py", folder).server
        assert server
        with Servant(server, folder) as servant:

            def run(code: str, **options: Any) -> tuple[int | None, str, str]:
                step, work = written(prepared, code, folder)
                return servant.do(step, work, **options)

            run.servant = servant  # type: ignore[attr-defined]
            run.prepared = prepared  # type: ignore[attr-defined]
            run.folder = folder  # type: ignore[attr-defined]
            yield run


def written(prepared: Prepared, code: str, folder: Path) -> tuple[Step, Path]:
    work = Path(tempfile.mkdtemp(dir=folder))
    source = work / "main.py"
    source.write_text(textwrap.dedent(code), encoding="utf-8")
    return toolchain.run(prepared, source, work), work


PROGRAMS = {
    "an end": "print('hällo')",
    "an exit code": "import sys; print(1); sys.exit(3)",
    "an exit with a text": "import sys; sys.exit('wrong: ü')",
    "an exit without code": "raise SystemExit",
    "an exception": "def f():\n    raise ValueError('no')\n\nprint(1)\nf()\n",
    "a chain of exceptions": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    [][1]\n",
    "an SDK's exception": "import openai\nopenai.OpenAI(api_key='', base_url=1)\n",
    "a syntax error": "print(1\nx = = 2\n",
    "a hook": "import sys\nsys.excepthook = lambda *a: print('hooked', a[0])\n1 / 0\n",
    "a signal": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "at the end": "import atexit; atexit.register(print, 'bye'); print('hi', end='')",
    "a thread": "import threading, time\n"
    "threading.Thread(target=lambda: (time.sleep(0.2), print('late'))).start()\n",
    "the end of objects": "class A:\n"
    "    def __del__(self):\n        print('gone', file=sys.stderr)\n"
    "import sys\na = A()\nb = [A()]; b.append(b)\nprint(1)\n",
    "an end that fails": "import atexit\n"
    "class A:\n    def __call__(self):\n        1 / 0\n"
    "    def __repr__(self):\n        return 'A'\n"
    "atexit.register(A()); print(1)\n",
    "a thread that fails": "import threading\nthreading.excepthook = print\n"
    "def f():\n    raise ValueError(threading.current_thread().name)\n"
    "threading.excepthook = lambda a: print(a.exc_value)\n"
    "threading.Thread(target=f).start()\n",
    "a pool": "from concurrent.futures import ThreadPoolExecutor\n"
    "ThreadPoolExecutor().submit(lambda: print('done'))\n",
    "a task that is left": "import asyncio\n"
    "async def main():\n    asyncio.get_running_loop().create_task(asyncio.sleep(9))\n"
    "    await asyncio.sleep(0)\n"
    "loop = asyncio.new_event_loop()\nloop.run_until_complete(main())\n",
    "a large exit code": "import sys; sys.exit(300)",
    "a yes for an exit code": "import sys; sys.exit(True)",
    "output that is closed": "import sys; print(1); sys.stdout.close()",
    "output that is full": "import os\nprint(1)\nos.dup2(os.open('/dev/full', os.O_WRONLY), 1)\n",
    "no output": "import sys; sys.stdout = None; print(1)",
    "what is not imported": "import openai, sys\nprint('httpcore2' in sys.modules)\n"
    "print('resources' in vars(openai), openai.resources.chat)\n",
    "what is imported later": "import sys, openai.resources.chat as a\n"
    "print(a.__spec__.name, a.__file__, a.__loader__.path, openai.resources.chat is a)\n"
    "print(sys.modules['openai.resources.chat.completions'] is a.completions)\n",
    "what is seen": "import sys, os, __main__\n"
    "print(sys.argv, __file__, sys.path, __name__, __spec__, __package__, __doc__, os.getcwd())\n"
    "print(sys.orig_argv, sys.executable, sys.flags, sorted(vars(__main__)), sys.stdin.read())\n"
    "print(sys.stdout.encoding, sys.stdout.line_buffering, sys.stderr.errors, __loader__.path)\n",
    "files": "import os\nprint(sorted(os.listdir('/proc/self/fd')))",
    "an environment": "import os; print(sorted(os.environ.items()))",
    "an SDK": "import dashscope\nprint(dashscope.api_key, dashscope.base_http_api_url)\n"
    "import sysconfig; print(sysconfig.get_config_var('userbase'))",
}


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_program_runs_as_in_an_interpreter_of_its_own(name: str, python: Any) -> None:
    step, work = written(python.prepared, PROGRAMS[name], python.folder)
    environment = {
        "DASHSCOPE_API_KEY": "sk-1",
        "DASHSCOPE_HTTP_BASE_URL": "http://x.example",
        "MINE": "ü",
    }
    alone = process(step._replace(environment=environment), work)
    served = python.servant.do(step, work, environment=environment)
    assert served == (alone.returncode, alone.stdout, alone.stderr)


def test_no_program_sees_the_environment_of_another(python: Any) -> None:
    code = "import os, dashscope; print(dashscope.api_key, os.environ.get('DASHSCOPE_API_KEY'))"
    for key in ("sk-1", "sk-2"):
        environment = {"DASHSCOPE_API_KEY": key}
        assert python(code, environment=environment) == (0, f"{key} {key}\n", "")
    assert python(code)[:2] == (0, "None None\n")


def test_what_an_import_depends_on_is_imported_anew(python: Any) -> None:
    code = "import multidict; print(type(multidict.MultiDict).__module__, multidict.MultiDict)"
    assert "_py" in python(code, environment={"MULTIDICT_NO_EXTENSIONS": "1"})[1]
    assert "_py" not in python(code)[1]


def test_an_sdk_is_there_before_the_program(python: Any) -> None:
    code = "import sys; print('openai' in sys.modules, 'dashscope' in sys.modules)"
    assert python(code)[1] == "True True\n"
    environment = {"DASHSCOPE_API_KEY": "x"}
    assert python(code, environment=environment)[1] == "True True\n"
    code = "import dashscope; print(dashscope.api_key)"
    assert python(code, environment=environment)[1] == "x\n"


def test_a_program_is_ended_in_time_with_all_that_it_started(python: Any) -> None:
    code = (
        "import subprocess, time\n"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    started = time.monotonic()
    exit, stdout, _ = python(code, seconds=1)
    assert exit is None
    assert time.monotonic() - started < 10
    assert is_gone(int(stdout))
    exit, stdout, _ = python(code.replace("time.sleep(60)", ""))
    assert exit == 0
    assert is_gone(int(stdout))


def is_gone(pid: int) -> bool:
    """Whether a process has ended; what has killed it may still be at it."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_programs_run_at_the_same_time(python: Any) -> None:
    started = time.monotonic()
    asked = []
    for number in range(8):
        step, work = written(
            python.prepared, f"import time; time.sleep(1); print({number})", python.folder
        )
        asked.append(python.servant.ask(step, work))
    answers = [python.servant.answer(one) for one in asked]
    assert answers == [(0, f"{number}\n", "") for number in range(8)]
    assert time.monotonic() - started < 6


def test_a_program_has_no_privileges(python: Any) -> None:
    exit, stdout, stderr = python("print(open('/proc/self/status').read())")
    assert exit == 0, stderr
    told = dict(line.split(":\t", 1) for line in stdout.splitlines() if ":\t" in line)
    assert told["NoNewPrivs"] == "1"
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(told[name], 16) == 0, name
    if os.getuid() == 0:
        assert int(told["CapBnd"], 16) == 0


def test_a_program_has_limits(python: Any) -> None:
    code = "import resource as r; print([r.getrlimit(x) for x in (r.RLIMIT_CORE, r.RLIMIT_DATA)])"
    assert python(code)[1] == f"{[(0, 0), (4 << 30, 4 << 30)]}\n"


def test_a_server_ends_with_its_programs(ready: Callable[[str], Prepared], tmp_path: Path) -> None:
    prepared = ready("python")
    step, work = written(
        prepared, "import os, time; print(os.getpid(), flush=True); time.sleep(60)", tmp_path
    )
    assert step.server
    servant = Servant(step.server, tmp_path)
    servant.ask(step, work)
    output = tmp_path / "stdout-1"
    while not output.read_text().endswith("\n"):
        time.sleep(0.05)
    servant.end()
    assert is_gone(int(output.read_text()))


def test_what_is_rehearsed_is_the_same_whatever_the_service(tmp_path: Path) -> None:
    need("sh")
    prepared = Prepared("curl", {}, {}, tmp_path)
    openai = named("openai")
    assert "dashscope" not in openai.protocols

    def kinds(catalog: Catalog) -> list[str]:
        return [one.kind for one in rehearsals(prepared, catalog, ("streaming",))]

    assert kinds(openai) == kinds(builtin()) == ["", "", "streaming", "streaming"]
