"""`samplegen catalog`, and the schemas of catalogs and call files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, Run

from samplegen.examples import EXAMPLES, path_of
from samplegen.languages import language_ids
from samplegen.model import catalog_file
from samplegen.model.schema import call_schema, catalog_schema

GATEWAY = ("--name", "Acme <Gateway>", "--key-env", "ACME_KEY", "--model", "acme/large")
URL = ("--base-url", "https://gw.example.com:8443/v1/")


def new(samplegen: Run, *arguments: str, file: str = "gw.toml") -> None:
    done = samplegen("catalog", "new", file, *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith(f"{file}: written; next: samplegen render --catalog ")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://gw.example.com:8443/v1/", "https://gw.example.com:8443/v1"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://a.example/x/chat/completions", "https://a.example/x"),
    ],
)
def test_a_new_catalog_works(samplegen: Run, tmp_path: Path, url: str, address: str) -> None:
    new(samplegen, *GATEWAY, "--base-url", url)
    text = (tmp_path / "gw.toml").read_text()
    jsonschema.validate(tomllib.loads(text), catalog_schema())
    done = samplegen("render", "--catalog", "gw.toml", "--lang", "all", "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    samples = json.loads(done.stdout)
    assert [one["language"] for one in samples] == list(language_ids())
    for one in samples:
        assert address in one["code"]
        assert "ACME_KEY" in one["code"]
        assert "acme/large" in one["code"]
    (tmp_path / "page.md").write_text(
        "<!-- samplegen: lang=all tabs=mkdocs -->\n<!-- /samplegen -->\n"
    )
    (tmp_path / "samplegen.toml").write_text('catalog = "gw.toml"\nselect = ["strict"]\n')
    assert samplegen("check", "page.md", "--fix").returncode == 0


def test_a_service_without_a_key(samplegen: Run) -> None:
    new(samplegen, *GATEWAY[:2], "--key-env", "", "--model", "m", *URL)
    code = samplegen("render", "--catalog", "gw.toml", "--lang", "curl").stdout.decode()
    assert "Authorization" not in code
    assert samplegen("render", "--catalog", "gw.toml", "--lang", "python").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "which file? Name it, such as gateway.toml"),
        (("gw.json",), "gw.json: a catalog is a TOML file: call it gw.toml"),
        (("there.toml",), "there.toml: is there already"),
        (("gw.toml",), "--name is missing, and there is nobody to ask"),
        (("gw.toml", *GATEWAY), "--base-url is missing, and there is nobody to ask"),
        (("gw.toml", *GATEWAY, "--base-url", "gw.example.com"), "write scheme, host and path"),
        (
            ("gw.toml", *GATEWAY, "--base-url", "https://a.example/?x=1"),
            "write scheme, host and path",
        ),
        (("gw.toml", *GATEWAY, "--base-url", "https://a b/"), "is not a host name"),
        (("gw.toml", *GATEWAY, *URL, "--key-env", "1 2"), "is not the name of an environment"),
        (("gw.toml", *GATEWAY, *URL, "--model", " "), "--model: is empty"),
        (("gw.toml", *GATEWAY, *URL, "--name", "a ?> b"), "a name of one line without"),
        (("no/file/gw.toml", *GATEWAY[:0], *URL), "--name is missing"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    samplegen: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "there.toml").write_text("x")
    done = samplegen("catalog", "new", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert message in done.stderr.decode()
    assert [one.name for one in tmp_path.iterdir()] == ["there.toml"]


def test_the_ready_catalogs_are_listed(samplegen: Run) -> None:
    lines = samplegen("catalog", "list").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == catalog_file.names()
    assert any(
        line.split() == ["deepseek", "DeepSeek", "https://api.deepseek.com"] for line in lines
    )


def test_each_field_of_a_catalog_is_described() -> None:
    made = catalog_schema()
    for name, table in [("Catalog", made), *made["$defs"].items()]:
        for field, one in table["properties"].items():
            assert field == "$schema" or one.get("description"), f"{name}.{field}"


def test_the_schema_of_catalogs_is_theirs(samplegen: Run) -> None:
    done = samplegen("catalog", "new", "--schema")
    made = json.loads(done.stdout)
    assert made == catalog_schema()
    jsonschema.Draft202012Validator.check_schema(made)
    files = [*catalog_file.READY.glob("*.toml"), ROOT / "tests" / "model" / "of_0_1.toml"]
    assert len(files) > 10
    for file in files:
        jsonschema.validate(tomllib.loads(file.read_text(encoding="utf-8")), made)
    own: dict[str, object] = {}
    for name in ("catalog", "endpoints", "parameters", "models"):
        text = (catalog_file.READY.parent / f"{name}.toml").read_text(encoding="utf-8")
        own |= tomllib.loads(text)
    jsonschema.validate(own, made)
    good = tomllib.loads((ROOT / "tests" / "model" / "of_0_1.toml").read_text())
    for wrong in (
        {**good, "provder": {}},
        {**good, "provider": {"key_evn": "X"}},
        {**good, "regions": {"global": {"name": "x", "hots": "y"}}},
        {key: one for key, one in good.items() if key != "defaults"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, made)


def test_the_schema_of_call_files_is_theirs(samplegen: Run, tmp_path: Path) -> None:
    made = json.loads(samplegen("call", "--schema").stdout)
    assert made == call_schema()
    jsonschema.Draft202012Validator.check_schema(made)
    for name in EXAMPLES:
        if file := path_of(name):
            jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), made)
    for wrong in (
        {"messages": "x"},
        {"messages": [{"role": "usr", "content": "x"}]},
        {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
        {"temperature": "hot"},
        {"workspace_by": "name"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, made)
    # What editors find it by is not sent.
    (tmp_path / "call.json").write_text('{"$schema": "./call.schema.json", "seed": 1}')
    done = samplegen("render", "--call", "call.json", "--lang", "curl")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"schema" not in done.stdout
