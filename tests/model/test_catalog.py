"""The facts: the built-in catalog, catalogs of users, and that no fact stands elsewhere."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from conftest import ROOT, Run

from samplegen import Call, InputError, render
from samplegen.model.catalog import BUILTIN, Catalog, Region, builtin
from samplegen.model.catalog_file import load
from samplegen.rendering.targets import targets, templates

EXAMPLE = ROOT / "tests" / "model" / "of_0_1.toml"


def facts(catalog: Catalog) -> list[object]:
    families = [asdict(family) for family in catalog.families]
    named = (catalog.provider, catalog.links, catalog.defaults, catalog.regions)
    return [*named, catalog.protocols, catalog.packages, families]


def test_the_builtin_catalog_passes_the_checks_of_users_catalogs() -> None:
    assert facts(load(BUILTIN)) == facts(builtin())


@pytest.mark.parametrize("region", [id for id, r in builtin().regions.items() if r.host])
def test_every_target_renders_in_every_region_with_a_shared_host(region: str) -> None:
    host = builtin().regions[region].host
    for target in targets():
        call = Call(protocol=target.protocol, region=region)
        code = render(call, target.language, target.client, notes="none").code
        assert code.count(f"https://{host}/") == code.count("https://") == 1


@pytest.mark.parametrize("region", [id for id, r in builtin().regions.items() if r.workspace_host])
def test_every_target_renders_on_a_workspace_host(region: str) -> None:
    host = builtin().regions[region].workspace_host
    assert host is not None
    for target in targets():
        call = Call(protocol=target.protocol, region=region, workspace="ws-1")
        code = render(call, target.language, target.client, notes="none").code
        assert f"https://{host.format(workspace='ws-1')}/" in code


@pytest.mark.parametrize("workspace", ["", "-a", "a-", "a.b", "a/b", "a@b", "a" * 64, "ä", "a\n"])
def test_a_workspace_that_no_host_name_can_contain(workspace: str) -> None:
    with pytest.raises(InputError, match="cannot be part of a host name"):
        render(Call(workspace=workspace), "go")


def test_a_catalog_of_another_service() -> None:
    catalog = load(EXAMPLE)
    data = tomllib.loads(EXAMPLE.read_text())
    for target in targets():
        if target.protocol != "openai":
            continue
        call = Call.parse({}, catalog)
        sample = render(call, target.language, target.client, catalog=catalog)
        assert f"https://{data['regions']['global']['host']}" in sample.code
        assert data["provider"]["key_env"] in sample.code
        assert data["defaults"]["model"] in sample.code
        assert data["links"]["models"] in sample.code
        assert "aliyun" not in sample.code
        assert "DASHSCOPE" not in sample.code
    with pytest.raises(InputError, match="unknown protocol 'dashscope': choose from openai"):
        render(Call(protocol="dashscope"), "go", catalog=catalog)


def test_all_of_another_service(samplegen: Run, tmp_path: Path) -> None:
    done = samplegen("render", "--all", "--catalog", str(EXAMPLE), "--out", "out")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(list((tmp_path / "out" / "en").rglob("*-*.*"))) == 11


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('key_env = "', 'key_env = "A B', "provider.key_env: .* name of an environment variable"),
        ('key_env = "', 'key_emv = "', "provider.*"),
        ('models = "https', 'models = "javascript', "links.models: .* is not a link"),
        ('region = "global"', 'region = "mars"', "unknown region 'mars'"),
        ('host = "', 'host = "a b', "regions.global.host: .* is not a host name"),
        ('host = "', 'hots = "', "regions.*hots"),
        (
            "[protocols.openai]",
            "[protocols.grpc]",
            "protocols: unknown protocol 'grpc': choose from openai",
        ),
        ('base_path = "', 'base_path = "v1', "protocols.openai.base_path: 'v1' is not a path"),
        ("[links]", "[linsk]", "linsk"),
        ("[links]", "[links", "not valid TOML"),
        ('role = "user"', 'role = "bot"', "role"),
    ],
)
def test_what_a_catalog_file_may_not_say(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = EXAMPLE.read_text()
    assert old in text
    path = tmp_path / "c.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=f"^{re.escape(str(path))}: .*{message}"):
        load(path)


def test_a_catalog_keeps_the_packages_that_it_does_not_name(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    extra = '\n[packages.python]\nopenai-sdk = { name = "openai", version = "9.9" }\n'
    path.write_text(EXAMPLE.read_text() + extra)
    catalog = load(path)
    call = Call.parse({}, catalog)
    assert "pip install openai==9.9" in render(call, "python", catalog=catalog).code
    go = builtin().packages["go"]["openai-sdk"]
    assert f"@v{go.version}" in render(call, "go", catalog=catalog).code


# What only the catalog may say. Go import paths and Java packages come from it too.
FACT = re.compile(
    r"https?://(?=\w)|\baliyun|\balibaba|dashscope-intl|qwen|compatible-mode|/v1\b|/api/|"
    r"chat/completions|generation/generation|\.com\b|[\"\'=@v]\d+\.\d+\.\d+(?!\.)",
    re.IGNORECASE,
)
# A package that a program imports has a name, which may hold the provider's.
IMPORT = re.compile(r"^import (static )?com\.\w+\.[\w.]+;$")


def fact_lines(text: str) -> list[str]:
    return [
        line for line in text.splitlines() if FACT.search(line) and not IMPORT.match(line.strip())
    ]


def test_no_fact_stands_in_a_template() -> None:
    for path in templates().rglob("*.j2"):
        assert fact_lines(path.read_text()) == [], path


def test_no_fact_stands_in_code() -> None:
    for path in (ROOT / "samplegen").rglob("*.py"):
        if path.name in ("registry.py", "runtimes.py", "frameworks.py"):
            # Where packages and runtimes are, and how packages of others call themselves.
            continue
        text = path.read_text().replace('__version__ = "0.1.0"', "")
        # The name of a standard, and where a fact comes from.
        text = re.sub(r'"https://json-schema\.org/[\w./-]+"|^\s*#.*', "", text, flags=re.MULTILINE)
        # A language's room knows its SDKs by name, in patterns too, and no version of them.
        for package in builtin().packages.get(path.parent.name, {}).values():
            name = re.sub(r"/v\d+$", "", package.name)
            for form in (name, re.escape(name), name.replace(".", r"\.")):
                text = text.replace(form, "")
        if path.parent.name == "protocols":
            # What the service answers, word for word, may hold a link of its.
            text = re.sub(r'"https://help\.[\w./#-]+"', "", text)
        if path.parent.parent.name == "languages":
            # As it knows their classes: `com.openai.models`, also as a pattern.
            text = re.sub(r"\bcom(\\?\.[\w(?:|)]+)+", "", text)
            text = re.sub(r'"Qwen[A-Z]\w+"|\baigc alibaba\b', "", text)
        assert fact_lines(text) == [], path


@pytest.mark.parametrize(
    "line", ["model: 'qwen-plus'", 'url = "https://a.b"', 'x = "/compatible-mode/v1"', "v3.96.0"]
)
def test_the_search_for_facts_finds_one(line: str) -> None:
    assert fact_lines(line) == [line]


def test_a_new_region_changes_no_sample_of_another() -> None:
    """Nor the ledger's entries, which are of their bytes, until notes are to list it."""
    before = builtin()
    mars = Region("Mars", "mars.example.com", published=True)
    after = replace(before, regions={**before.regions, "mars": mars})
    assert after.published == [*before.published, "mars"]
    for target in targets():
        by = target.language, target.client
        call = Call.parse({"protocol": target.protocol, "region": "beijing"}, before)
        assert render(call, *by, catalog=after).code == render(call, *by, catalog=before).code
    own = Call.parse({"region": "mars"}, after)
    assert "mars.example.com" in render(own, "go", catalog=after).code
    noted = replace(before, regions={**before.regions, "mars": mars._replace(noted=True)})
    assert "mars.example.com" in render(call, *by, catalog=noted).code
