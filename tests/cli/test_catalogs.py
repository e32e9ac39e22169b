"""Which catalog a command takes: the option's, the project's, or the built-in one."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT, Run

DEEPSEEK = (ROOT / "tests" / "model" / "of_0_1.toml").read_text(encoding="utf-8")
OTHER = DEEPSEEK.replace("api.deepseek.com", "other.example.com")


@pytest.fixture(params=["samplegen.toml", "pyproject.toml"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project whose configuration names a catalog of another folder."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "own.toml").write_text(DEEPSEEK)
    (tmp_path / "other.toml").write_text(OTHER)
    table = "" if request.param == "samplegen.toml" else "[tool.samplegen]\n"
    (tmp_path / request.param).write_text(f'{table}catalog = "facts/own.toml"\n')
    (tmp_path / "docs").mkdir()
    return tmp_path


@pytest.mark.parametrize("folder", [".", "docs"])
def test_render_takes_that_of_the_project(samplegen: Run, project: Path, folder: str) -> None:
    done = samplegen("render", "--lang", "curl", cwd=project / folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"https://api.deepseek.com/chat/completions" in done.stdout


def test_the_option_wins(samplegen: Run, project: Path) -> None:
    done = samplegen("render", "--lang", "curl", "--catalog", "other.toml", cwd=project)
    assert b"https://other.example.com/chat/completions" in done.stdout


def test_verify_takes_that_of_the_project(samplegen: Run, project: Path) -> None:
    done = samplegen("verify", "--lang", "curl", "--format", "json", cwd=project)
    assert (done.returncode, done.stderr) == (0, b"")
    assert {one["region"] for one in json.loads(done.stdout)["samples"]} == {"global"}


def test_list_and_call_take_it_too(samplegen: Run, project: Path) -> None:
    assert b"api.deepseek.com" in samplegen("list", cwd=project).stdout
    (project / "call.json").write_text('{"messages": [{"role": "user", "content": "Hi"}]}')
    done = samplegen("call", "call.json", cwd=project)
    assert json.loads(done.stdout)["model"] == "deepseek-v4-flash"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("catalog = 3\n", "samplegen.toml: catalog: a text is expected, not 3"),
        ('catalog = "none.toml"\n', "none.toml: No such file or directory"),
        ("catalog = \n", "samplegen.toml: not valid TOML: "),
    ],
)
def test_a_wrong_one_is_said_in_one_line(
    samplegen: Run, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "samplegen.toml").write_text(text)
    done = samplegen("render", "--lang", "go", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("text", ["tool = 3\n# samplegen", 'name = "samplegen"\n', "[broken\n"])
def test_a_pyproject_of_something_else_is_none(samplegen: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    done = samplegen("render", "--lang", "go", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_init_writes_the_catalog_and_its_call(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "own.toml").write_text(DEEPSEEK)
    named = ("--catalog", "facts/own.toml")
    code = samplegen("render", "--lang", "python", *named, cwd=tmp_path).stdout.decode()
    (tmp_path / "a.md").write_text(f"# Call\n\n```python\n{code}```\n")
    done = samplegen("init", *named, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    written = tomllib.loads((tmp_path / "samplegen.toml").read_text())
    assert written["catalog"] == "facts/own.toml"
    assert written["call"]["region"] == "global"
    assert written["call"]["model"] == "deepseek-v4-flash"
    done = samplegen("check", "--statistics", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1 call judged" in done.stdout


def test_init_names_no_catalog_unless_it_is_given(samplegen: Run, tmp_path: Path) -> None:
    code = samplegen("render", "--lang", "python", cwd=tmp_path).stdout.decode()
    (tmp_path / "a.md").write_text(f"# Call\n\n```python\n{code}```\n")
    assert samplegen("init", cwd=tmp_path).returncode == 0
    assert "catalog" not in tomllib.loads((tmp_path / "samplegen.toml").read_text())


HOSTS = ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "gateway.example.com:8443"]


@pytest.fixture(params=HOSTS)
def on_port(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project of a service at a port."""
    text = DEEPSEEK.replace('"api.deepseek.com"', f'"{request.param}"\nscheme = "http"')
    (tmp_path / "own.toml").write_text(text)
    (tmp_path / "samplegen.toml").write_text('catalog = "own.toml"\npages = ["*.md"]\n')
    return tmp_path


@pytest.mark.parametrize("language", ["curl", "python", "go", "java"])
def test_check_judges_calls_at_a_port(samplegen: Run, on_port: Path, language: str) -> None:
    code = samplegen("render", "--lang", language, cwd=on_port).stdout.decode()
    page = f"```{'sh' if language == 'curl' else language}\n{code}```\n"
    (on_port / "a.md").write_text(page)
    done = samplegen("check", "--statistics", cwd=on_port)
    assert done.stdout.endswith(b"no findings\nlooked at 1 page, 1 sample: 1 call judged\n")
    (on_port / "a.md").write_text(page.replace("v4-flash", "v4-flush"))
    done = samplegen("check", "--select", "unknown-model", cwd=on_port)
    assert b"did you mean `deepseek-v4-flash`?" in done.stdout


def test_another_port_of_this_machine_is_another_server(samplegen: Run, on_port: Path) -> None:
    code = samplegen("render", "--lang", "curl", cwd=on_port).stdout.decode()
    host = (on_port / "own.toml").read_text().split('host = "')[1].split('"')[0]
    (on_port / "a.md").write_text(f"```sh\n{code.replace(host, 'localhost:9999')}```\n")
    assert b"1 calling another service" in samplegen("check", "--statistics", cwd=on_port).stdout


@pytest.mark.parametrize("pages", [(), ("a.md",)])
def test_verify_seals_a_port(
    samplegen: Run, on_port: Path, pages: tuple[str, ...], namespaces: None
) -> None:
    code = samplegen("render", "--lang", "curl", cwd=on_port).stdout.decode()
    (on_port / "a.md").write_text(f"```sh\n{code}```\n")
    done = samplegen("verify", *pages, "--lang", "curl", "--format", "json", cwd=on_port)
    samples = json.loads(done.stdout)["samples"]
    assert {(one["passed"], one["isolation"]) for one in samples} == {(True, "sealed")}
    # Another port answers nobody.
    host = (on_port / "own.toml").read_text().split('host = "')[1].split('"')[0]
    elsewhere = code.replace(host, host.rpartition(":")[0] + ":9")
    (on_port / "a.md").write_text(f"```sh\n{elsewhere}```\n")
    call = ("--call", "call.json")
    (on_port / "call.json").write_text("{}")
    done = samplegen("verify", "a.md", *call, "--lang", "curl", cwd=on_port)
    assert done.returncode != 0 or b"which is not the service" in done.stdout


def test_verify_seals_what_it_can_beside_a_region_at_a_port(samplegen: Run, tmp_path: Path) -> None:
    more = '[regions.near]\nname = "Near"\nhost = "localhost:8000"\nscheme = "http"\n'
    (tmp_path / "two.toml").write_text(f"{DEEPSEEK}\n{more}")
    options = ("--catalog", "two.toml", "--lang", "curl", "--locale", "en")
    done = samplegen("verify", *options, "--region", "global", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    done = samplegen("verify", *options, "--region", "near", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_completion_offers_what_the_catalog_has(samplegen: Run, project: Path) -> None:
    def offered(line: str) -> list[str]:
        done = samplegen(
            cwd=project,
            _SAMPLEGEN_COMPLETE="bash_complete",
            COMP_WORDS=f"samplegen {line} ",
            COMP_CWORD=str(len(line.split()) + 1),
        )
        return [one.partition(",")[2] for one in done.stdout.decode().split()]

    assert offered("render --region") == ["global"]
    assert offered("render --model") == ["deepseek-v4-flash", "deepseek-v4-pro"]
    assert offered("render --protocol") == ["openai"]
    assert offered("render --catalog zhipu --region") == ["global", "china"]
    assert "singapore" in offered("render --catalog model-studio --region")
    assert offered("render --catalog none.toml --region") == []


def test_the_help_of_the_mock_has_the_models_of_the_project(samplegen: Run, project: Path) -> None:
    said = samplegen("mock", "--help", cwd=project).stdout.decode()
    assert "qwen" not in said.partition("Models, beside")[2]


def test_an_example_has_the_model_of_the_catalog(samplegen: Run) -> None:
    chosen = ("--lang", "python", "--client", "sdk", "--catalog", "openai")
    done = samplegen("render", *chosen, "--example", "streaming")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'model="gpt-5.5"' in done.stdout


@pytest.mark.parametrize(
    ("example", "lacks"), [("thinking", "enable_thinking"), ("image", "qwen3-vl-plus")]
)
def test_an_example_of_another_service_is_refused(samplegen: Run, example: str, lacks: str) -> None:
    chosen = ("--lang", "python", "--catalog", "openai")
    done = samplegen("render", *chosen, "--example", example)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{lacks}`, which is not in the catalog of OpenAI" in done.stderr.decode()
    every = samplegen("render", *chosen, "--example", "all")
    assert every.returncode == 0
    assert f"left out: the example '{example}'" in every.stderr.decode()
    assert b"stream=True" in every.stdout
    assert lacks.encode() not in every.stdout


def test_a_key_of_the_author_is_in_no_sample_that_runs(
    samplegen: Run, tmp_path: Path, namespaces: None
) -> None:
    """A page may read any variable; what the author has in it is not there."""
    code = samplegen("render", "--catalog", "deepseek", "--lang", "curl").stdout.decode()
    key = "${DEEPSEEK_API_KEY:?}"
    assert key in code
    shown = code.replace(key, "${OPENAI_API_KEY:-none}")
    (tmp_path / "a.md").write_text(f"```sh\n{shown}```\n")
    (tmp_path / "call.json").write_text("{}")
    foreign = "sk-4e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b"
    arguments = ("verify", "a.md", "--call", "call.json", "--catalog", "deepseek")
    done = samplegen(*arguments, OPENAI_API_KEY=foreign, DEEPSEEK_API_KEY=foreign)
    assert (done.returncode, foreign in done.stdout.decode()) == (1, False)
    assert b"got ['Bearer none']" in done.stdout
