"""What rules say of keys and headers is what the catalog says of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from access import ACCESS, REST
from conftest import ROOT

from samplegen import Call, InputError, render
from samplegen.check import config
from samplegen.check.project import Options, check_all
from samplegen.languages import language as language_of
from samplegen.model.catalog import Catalog
from samplegen.model.catalog_file import load, named, names
from samplegen.rendering.targets import targets

Found = Callable[..., list[str]]
OLLAMA = ROOT / "tests" / "model" / "catalogs" / "ollama.toml"


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """The findings, under every rule, of a page with some samples."""

    def find(catalog: Path | str, *samples: tuple[str, str]) -> list[str]:
        (tmp_path / "samplegen.toml").write_text(f'catalog = "{catalog}"\nselect = ["strict"]\n')
        fences = [f"```{name}\n{code.rstrip()}\n```\n" for name, code in samples]
        page = tmp_path / "page.md"
        page.write_text("# Call it\n\n" + "\n".join(fences), encoding="utf-8")
        options = Options(config.load(tmp_path / "samplegen.toml"))
        [checked] = check_all([page], options)
        return [f"{one.rule} {one.message}" for one in checked.findings]

    return find


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(name: str) -> Path:
        path = tmp_path / "own.toml"
        path.write_text(f"[provider]\n{ACCESS[name]}\n{REST}", encoding="utf-8")
        return path

    return write


def rendered(catalog: Catalog, region: str) -> list[tuple[str, str]]:
    found = []
    for target in targets():
        if target.protocol in catalog.protocols:
            call = Call.parse({"region": region, "protocol": target.protocol}, catalog)
            try:
                sample = render(call, target.language, target.client, catalog=catalog)
            except InputError as error:
                assert "cannot send its key" in str(error)
                continue
            found.append((language_of(target.language).fence, sample.code))
    return found


@pytest.mark.parametrize("name", ACCESS)
def test_what_is_rendered_is_clean(name: str, found: Found, written: Callable[[str], Path]) -> None:
    path = written(name)
    samples = rendered(load(path), "default")
    assert len(samples) >= 10
    assert found(path, *samples) == []


READY = [(name, region) for name in names()[1:] for region in named(name).published]


@pytest.mark.parametrize(("name", "region"), READY)
def test_what_is_rendered_by_a_ready_catalog_is_clean(name: str, region: str, found: Found) -> None:
    samples = rendered(named(name), region)
    assert len(samples) == 11
    assert found(name, *samples) == []


CURL = """\
curl https://api.example/v1/chat/completions --header "Content-Type: application/json" \\
  --header "{}" --data '{{"model": "m-1", "messages": [{{"role": "user", "content": "Hi"}}]}}'
"""


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("api-key: $MY_KEY", []),
        ("Authorization: Bearer $MY_KEY", []),
        ("Authorization: $MY_KEY", ["T118 `Authorization` is `Bearer`, a blank and the key"]),
        ("X-Own: 1", ["T118 nothing sends a key: add the header `api-key: $MY_KEY`"]),
    ],
)
def test_each_header_of_the_catalog_is_right(
    header: str, said: list[str], found: Found, written: Callable[[str], Path]
) -> None:
    findings = found(written("either"), ("sh", CURL.format(header)))
    assert [one for one in findings if one.startswith("T118")] == said


PYTHON = """\
import os
from openai import OpenAI

client = OpenAI(api_key={key}, base_url="{url}")
completion = client.chat.completions.create(
    model="gpt-oss:20b", messages=[{{"role": "user", "content": "Hi"}}]
)
print(completion.to_json())
"""


@pytest.mark.parametrize(
    ("key", "url", "said"),
    [
        ('"ollama"', "http://localhost:11434/v1", []),
        ('"whatever"', "http://127.0.0.1:11434/v1", []),
        (
            '"sk-0a1b2c3d4e5f60718293a4b5"',
            "https://ollama.com/v1",
            ["S701 a key (`sk-0a...`): read the variable OLLAMA_API_KEY"],
        ),
        ('os.environ["OLLAMA_API_KEY"]', "https://ollama.com/v1", []),
        (
            'os.environ["OLLAMA_API_KEYS"]',
            "https://ollama.com/v1",
            ["T105 the key is in the variable OLLAMA_API_KEY, not in OLLAMA_API_KEYS"],
        ),
    ],
)
def test_the_key_is_that_of_the_region(key: str, url: str, said: list[str], found: Found) -> None:
    findings = found(OLLAMA, ("python", PYTHON.format(key=key, url=url)))
    assert [one for one in findings if re.match("S701|T1", one)] == said


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("together", "https://api.together.xyz/v1"),
        ("together", "https://api.together.ai/v1"),
        ("deepseek", "https://api.deepseek.com/v1"),
        ("deepseek", "https://api.deepseek.com"),
    ],
)
def test_an_alias_is_right(name: str, url: str, found: Found) -> None:
    catalog = named(name)
    code = PYTHON.format(key=f'os.environ["{catalog.provider.key_env}"]', url=url)
    code = code.replace("gpt-oss:20b", catalog.defaults.model)
    assert [one for one in found(name, ("python", code)) if one.startswith("T")] == []


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        (
            "openai",
            ", max_tokens=5",
            [
                "T114 `max_tokens`: Unsupported parameter: 'max_tokens' is not supported with this "
                "model. Use 'max_completion_tokens' instead."
            ],
        ),
        ("openai", ", max_completion_tokens=5", []),
        ("groq", ", logprobs=True", ["T114 `logprobs`: the service does not take it"]),
        ("mistral", ", max_tokens=5", []),
    ],
)
def test_what_a_service_refuses_is_found(
    name: str, more: str, said: list[str], found: Found
) -> None:
    catalog = named(name)
    url = catalog.origin(catalog.defaults.region) + catalog.protocols["openai"].base_path
    code = PYTHON.format(key=f'os.environ["{catalog.provider.key_env}"]', url=url)
    code = code.replace('"gpt-oss:20b"', f'"{catalog.defaults.model}"{more}')
    assert [one for one in found(name, ("python", code)) if one.startswith("T")] == said


def test_a_retired_model_is_found(found: Found) -> None:
    code = PYTHON.format(key='os.environ["DEEPSEEK_API_KEY"]', url="https://api.deepseek.com")
    said = found("deepseek", ("python", code.replace("gpt-oss:20b", "deepseek-chat")))
    assert [one for one in said if one.startswith("T")] == [
        "T104 model `deepseek-chat` is retired since 2026-07-24: use deepseek-flash"
    ]
