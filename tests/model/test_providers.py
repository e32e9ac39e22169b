"""Catalogs of other providers, as users write them, and what the schema refuses of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from samplegen import Call, InputError, render
from samplegen.check import config
from samplegen.cli.common import load_catalog
from samplegen.model.catalog import Catalog, Links, Paths, Region, builtin
from samplegen.model.catalog_file import READY, load, named, names
from samplegen.rendering.targets import targets

CATALOGS = Path(__file__).with_name("catalogs")
DEEPSEEK = ROOT / "tests" / "model" / "of_0_1.toml"
FILES = [DEEPSEEK, *sorted(CATALOGS.glob("*.toml"))]

Change = Callable[[str, str], Catalog]


def one(name: str) -> Catalog:
    return load(CATALOGS / f"{name}.toml")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Path, str, str], Catalog]:
    """A catalog with one text of its file replaced."""

    def change(path: Path, old: str, new: str) -> Catalog:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        copy = tmp_path / "c.toml"
        copy.write_text(text.replace(old, new), encoding="utf-8")
        return load(copy)

    return change


def test_there_are_catalogs_of_six_providers() -> None:
    assert [path.stem for path in FILES[1:]] == [
        *("azure", "moonshot", "ollama", "openai", "openrouter", "together")
    ]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_each_catalog_loads_and_renders_its_default_call(path: Path) -> None:
    catalog = load(path)
    call = Call.parse({}, catalog)
    code = render(call, "go", catalog=catalog, notes="none").code
    assert call.model in code
    assert catalog.origin(call.region) + catalog.protocols["openai"].base_path in code


def test_one_host_in_place_of_regions(
    changed: Callable[[Path, str, str], Catalog],
) -> None:
    catalog = one("openai")
    assert catalog.regions == {"default": Region("OpenAI", "api.openai.com")}
    assert catalog.defaults.region == "default"
    assert catalog.published == ["default"]
    assert catalog.origin("default") == "https://api.openai.com"
    local = 'host = "[::1]:8000"\nscheme = "http"'
    unnamed = changed(CATALOGS / "openai.toml", 'name = "OpenAI"\nhost = "api.openai.com"', local)
    assert unnamed.regions == {"default": Region("[::1]:8000", "[::1]:8000", scheme="http")}
    assert unnamed.origin("default") == "http://[::1]:8000"


def test_one_region_is_the_default() -> None:
    assert one("together").defaults.region == "global"


def test_families_are_served_by_all_protocols_that_the_catalog_has() -> None:
    assert one("openai").families[0].protocols == ["openai"]
    assert one("moonshot").family("kimi-k3").thinking == "only"


def test_the_header_with_the_key() -> None:
    assert builtin().auth == ("Authorization", "Bearer ")
    assert one("azure").auth == ("api-key", "")
    assert one("azure").auths == [("api-key", ""), ("Authorization", "Bearer ")]


def test_no_key_or_another_one_for_a_region() -> None:
    ollama = one("ollama")
    assert (ollama.key_env("local"), ollama.provider.key_literal) == ("", "ollama")
    assert ollama.key_env("cloud") == "OLLAMA_API_KEY"
    assert builtin().key_env("singapore") == "DASHSCOPE_API_KEY"


def test_a_region_may_need_no_key_where_others_do(
    changed: Callable[[Path, str, str], Catalog],
) -> None:
    china = 'host = "api.moonshot.cn"'
    catalog = changed(CATALOGS / "moonshot.toml", china, f'{china}\nkey_env = ""')
    assert (catalog.key_env("china"), catalog.key_env("global")) == ("", "MOONSHOT_API_KEY")


def test_links_are_optional_and_a_region_has_its_own() -> None:
    assert one("azure").links == Links("", "")
    assert one("azure").links_of("default") == Links("", "")
    models = "https://ollama.com/library"
    assert one("ollama").links_of("local") == Links("", models)
    assert one("ollama").links_of("cloud") == Links("https://ollama.com/settings/keys", models)
    moonshot = one("moonshot")
    assert moonshot.links_of("global") == moonshot.links
    assert moonshot.links_of("china") == Links(
        "https://platform.kimi.com/console/region:cn+api-keys", moonshot.links.models
    )


def test_headers_beside_the_usual() -> None:
    openrouter = one("openrouter")
    both = {
        "HTTP-Referer": "https://www.example.com/chat?from=docs",
        "X-OpenRouter-Title": "Example Chat, 2 (beta)",
    }
    assert openrouter.headers("global") == both
    assert openrouter.headers("eu") == {**both, "X-OpenRouter-Categories": "docs"}
    assert builtin().headers("beijing") == {}


def test_aliases() -> None:
    together = one("together")
    assert together.regions["global"].aliases == ("api.together.xyz",)
    assert together.protocols["openai"] == Paths(
        "/v1",
        {"text": "/chat/completions", "multimodal": "/chat/completions"},
        ("/v1/openai", ""),
    )
    assert one("ollama").regions["local"].aliases == ("127.0.0.1:11434", "[::1]:11434")


def test_a_placeholder_with_slashes() -> None:
    assert one("together").provider.key_placeholder == "tgp/v1/xxx"
    assert (
        "tgp/v1/xxx" in render(Call.parse({}, one("together")), "go", catalog=one("together")).code
    )


@pytest.mark.parametrize("name", ["key_env", "headers", "links_of"])
def test_an_unknown_region_is_named(name: str) -> None:
    with pytest.raises(InputError, match="unknown region 'mars'"):
        getattr(builtin(), name)("mars")


GOOD_HOSTS = [
    *("localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[2001:db8::1]:1"),
    *("a.example", "A-1.Example.com:8080", "xn--bcher-kva.example", "x" * 63 + ".example"),
]
BAD_HOSTS = [
    *("", "a b", "a/b", "a..b", ".a", "a.", "-a.example", "a-.example", "x" * 64 + ".example"),
    *("a_b", "a:b", "a:", "a:0", "a:65536", "a:123456", "a:1:2", "user@a", "a?b", "a#b", "a\\b"),
    *("256.1.1.1", "1.2.3", "1.2.3.4.5", "::1", "[::1", "[::1]x", "[:::1]", "[fe80::1%eth0]"),
    *("b\u00fccher.example", "a\u2028b", "a\nb", "a'b", "$(id)", "{a}", ".".join(["x" * 60] * 5)),
]


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_a_host(host: str, changed: Callable[[Path, str, str], Catalog]) -> None:
    catalog = changed(CATALOGS / "openai.toml", '"api.openai.com"', f'"{host}"')
    assert catalog.origin("default") == f"https://{host}"
    catalog = changed(CATALOGS / "together.toml", '"api.together.xyz"', f'"{host}"')
    assert catalog.regions["global"].aliases == (host,)


def quoted(text: str) -> str:
    """A text of TOML."""
    escaped = "".join(c if c.isascii() and c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return f'"{escaped}"'


@pytest.mark.parametrize("host", BAD_HOSTS, ids=ascii)
@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("together", '"api.together.ai"'),
        ("together", '"api.together.xyz"'),
        ("openai", '"api.openai.com"'),
    ],
)
def test_what_is_no_host(
    host: str, name: str, old: str, changed: Callable[[Path, str, str], Catalog]
) -> None:
    host = host.replace("\\", "\\\\")
    with pytest.raises(InputError, match="is not a host name") as raised:
        changed(CATALOGS / f"{name}.toml", old, quoted(host))
    assert "\n" not in str(raised.value)


KEY = 'key_env = "OPENAI_API_KEY"'
GPT = "json_object = true"
FAMILIES = "[[families]]"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("openai", KEY, 'key_env = "A B"', "provider.key_env: 'A B' is not the name of an env"),
        ("openai", KEY, 'key_env = "__proto__"', "is not the name of an environment variable"),
        ("openai", KEY, 'key_literal = "a b"', "provider.key_literal: 'a b' is not a word of"),
        ("openai", KEY, 'key_placeholder = "a\'b"', 'provider.key_placeholder: "a\'b" is not a'),
        ("openai", KEY, "keys = 1", "provider: unknown field 'keys'"),
        (
            "openai",
            'name = "OpenAI"',
            'name = "A ?> B"',
            "provider.name: 'A ?> B' is not a name of",
        ),
        ("openai", 'name = "OpenAI"', 'name = "A\\nB"', "provider.name: 'A\\nB' is not a name of"),
        ("openai", 'name = "OpenAI"', 'name = "A\\u202eB"', "provider.name: 'A\\u202eB' is not"),
        ("openai", 'name = "OpenAI"', "name = 1", "provider.name: a string is expected, not 1"),
        ("openai", 'host = "', 'host = "a b', "provider.host: 'a bapi.openai.com' is not a host"),
        (
            "openai",
            'host = "api.openai.com"',
            'host = "a"\nscheme = "ftp"',
            "provider.scheme: 'https' or 'http'",
        ),
        (
            "openai",
            'host = "api.openai.com"',
            "",
            "regions: this table is missing; for one host, provider.host will do",
        ),
        ("together", KEY.replace("OPENAI", "TOGETHER"), 'host = "a"', "provider.host: that is for"),
        (
            *("together", KEY.replace("OPENAI", "TOGETHER"), 'scheme = "http"'),
            "provider.scheme: that is for the regions to say",
        ),
        ("moonshot", 'region = "global"', "", "defaults.region: this field is missing"),
        ("moonshot", 'region = "global"', 'region = "mars"', "unknown region 'mars'"),
        (
            "azure",
            '"api-key: {key}", ',
            '"api-key {key}", ',
            "provider.auth: 'api-key {key}' is not",
        ),
        (
            "azure",
            '"api-key: {key}", ',
            '"api-key: key", ',
            "provider.auth: 'api-key: key' is not a",
        ),
        (
            "azure",
            '"api-key: {key}", ',
            '"k: \'{key}", ',
            "is not a header such as 'Authorization:",
        ),
        (
            "azure",
            '"api-key: {key}", ',
            '"k: {key}\\n", ',
            "is not a header such as 'Authorization:",
        ),
        (
            *("azure", '["api-key: {key}", "Authorization: Bearer {key}"]', "[]"),
            "provider.auth: name one header at least",
        ),
        ("azure", '["api-key: {key}", "Authorization: Bearer {key}"]', '"a"', "a list is expected"),
        (
            "openrouter",
            "X-OpenRouter-Title =",
            "Authorization =",
            "has one 'Authorization' already",
        ),
        ("openrouter", "X-OpenRouter-Title =", "content-type =", "has one 'content-type' already"),
        ("openrouter", "X-OpenRouter-Title =", "http-referer =", "has one 'http-referer' already"),
        (
            "openrouter",
            "X-OpenRouter-Title =",
            '"X Title" =',
            "'X Title' is not the name of a header",
        ),
        ("openrouter", "X-OpenRouter-Title =", '"" =', "provider.headers: '' is not the name of a"),
        (
            "openrouter",
            "X-OpenRouter-Categories",
            "Host",
            "regions.eu.headers: each request has one",
        ),
        *(
            ("openrouter", "Example Chat, 2 (beta)", text, "X-OpenRouter-Title: ")
            for text in (
                "",
                " a",
                "a ",
                "a\\nb",
                "a'b",
                '\\"',
                "$HOME",
                "`id`",
                "\\\\",
                "\u00e9",
                "!!",
            )
        ),
        ("openrouter", '"Example Chat, 2 (beta)"', "1", "X-OpenRouter-Title: a string is expected"),
        (
            *("ollama", 'key_env = "OLLAMA_API_KEY"', 'key_env = "A-B"'),
            "regions.cloud.key_env: 'A-B' is not the name of an environment variable",
        ),
        ("ollama", '"[::1]:11434"', '"OLLAMA.com"', "'ollama.com' is a host of region 'local'"),
        (
            "ollama",
            "https://ollama.com/settings/keys",
            "javascript:x",
            "regions.cloud.links.api_key",
        ),
        (
            "ollama",
            "https://ollama.com/library",
            "https://a/?b",
            "links.models: 'https://a/?b' is not",
        ),
        (
            "ollama",
            "https://ollama.com/library",
            "https://a/*/",
            "links.models: 'https://a/*/' is not",
        ),
        ("ollama", "links.api_key", "links.apikey", "regions.cloud.links: unknown field 'apikey'"),
        ("ollama", "aliases", "alias", "regions.local: unknown field 'alias'"),
        ("together", '"/v1/openai"', '"v1"', "protocols.openai.aliases: 'v1' is not a path"),
        ("together", '"/v1/openai"', '"/v1/"', "protocols.openai.aliases: '/v1/' is not a path"),
        ("together", '["/v1/openai", ""]', '"/v1"', "protocols.openai.aliases: a list is expected"),
        (
            "openai",
            GPT,
            'protocols = ["dashscope"]',
            "unknown protocol 'dashscope': choose from opena",
        ),
    ],
)
def test_what_a_catalog_may_not_say(
    name: str, old: str, new: str, message: str, changed: Callable[[Path, str, str], Catalog]
) -> None:
    with pytest.raises(InputError) as raised:
        changed(CATALOGS / f"{name}.toml", old, new)
    said = str(raised.value)
    assert message in said.partition("c.toml: ")[2]
    assert "\n" not in said


@pytest.mark.parametrize("table", ["provider", "regions", "defaults", "protocols", "families"])
@pytest.mark.parametrize("value", ["1", "[]", "[1]", "{}", '"a"', "{ a = 1 }", "[[1]]"])
def test_any_shape_of_a_table_is_one_line(table: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    rest = "".join(
        f"\n[{part}" for part in DEEPSEEK.read_text().split("\n[") if f"{table}" not in part[:15]
    )
    path.write_text(f"{table} = {value}\n{rest.removeprefix(chr(10) + '[')}")
    try:
        load(path)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert (table, value) in [("families", "[]"), ("provider", "{}")]


@pytest.mark.parametrize("name", names()[1:])
def test_each_ready_catalog_says_its_source_and_renders_every_target(name: str) -> None:
    text = (READY / f"{name}.toml").read_text(encoding="utf-8")
    assert re.search(r"^# Read \d{4}-\d\d-\d\d", text, re.M) and "https://" in text.split("[")[0]
    catalog = named(name)
    call = Call.parse({}, catalog)
    for target in targets():
        if target.protocol in catalog.protocols:
            code = render(call, target.language, client=target.client, catalog=catalog).code
            assert catalog.origin(call.region) in code
            assert catalog.provider.key_env in code and not re.search(
                r", see$\s+\S+\s*$", code, re.M
            )


def test_a_name_that_is_none_is_told_the_known_ones() -> None:
    with pytest.raises(InputError, match="did you mean 'deepseek'"):
        named("depseek")
    with pytest.raises(InputError, match=r"deepseek.*together.*name a file"):
        named("missing")


def test_a_file_wins_over_a_name(tmp_path: Path) -> None:
    (tmp_path / "openai").write_text(DEEPSEEK.read_text(encoding="utf-8"), encoding="utf-8")
    assert named("openai", tmp_path).provider.key_env == "DEEPSEEK_API_KEY"
    assert named("openai").provider.key_env == "OPENAI_API_KEY"
    assert named("model-studio") is builtin()


@pytest.mark.parametrize("said", ["deepseek", "mine.toml"])
def test_a_projects_catalog_is_that_of_each_command(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text(DEEPSEEK.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "samplegen.toml").write_text(f'catalog = "{said}"\n', encoding="utf-8")
    below = tmp_path / "docs"
    below.mkdir()
    monkeypatch.chdir(below)
    assert load_catalog(None).provider.key_env == "DEEPSEEK_API_KEY"
    assert load_catalog(None, configured=False) is builtin()
    assert config.load(tmp_path / "samplegen.toml").catalog.provider.key_env == "DEEPSEEK_API_KEY"
    assert load_catalog(Path("openai")).provider.key_env == "OPENAI_API_KEY"


OPTIONAL = 'key_env = "OPENAI_API_KEY"\nkey_optional = true'


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (OPTIONAL, "provider.key_literal: it is missing, and with key_optional there are two keys"),
        ("key_optional = true", "provider.key_env: it is missing, and with key_optional"),
        ('key_aliases = ["A B"]', "provider.key_aliases: 'A B' is not the name of an environment"),
    ],
)
def test_an_optional_key_has_a_variable_and_a_text(
    new: str, message: str, changed: Callable[[Path, str, str], Catalog]
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        changed(CATALOGS / "openai.toml", KEY, new)
    right = f'{OPTIONAL}\nkey_literal = "EMPTY"'
    access = changed(CATALOGS / "openai.toml", KEY, right).access("default", "http")
    assert access == ("OPENAI_API_KEY", "EMPTY", ("Authorization", "Bearer "))


def test_a_program_shows_what_its_client_and_region_need() -> None:
    ollama, azure, openai = one("ollama"), one("azure"), one("openai")
    bearer = ("Authorization", "Bearer ")
    assert ollama.access("local", "sdk") == ("", "ollama", bearer)
    assert ollama.access("local", "http") == ("", "", None)
    assert ollama.access("cloud", "http") == ("OLLAMA_API_KEY", "", bearer)
    assert azure.access("default", "http") == ("AZURE_OPENAI_API_KEY", "", ("api-key", ""))
    assert azure.access("default", "sdk") == ("AZURE_OPENAI_API_KEY", "", bearer)
    assert openai.access("default", "sdk") == ("OPENAI_API_KEY", "", bearer)


def test_a_retired_model_is_refused_and_says_what_to_ask() -> None:
    deepseek = named("deepseek")
    call = Call.parse({"model": "deepseek-chat"}, deepseek)
    with pytest.raises(InputError, match="retired since 2026-07-24: use deepseek-flash"):
        render(call, "go", catalog=deepseek)


@pytest.mark.parametrize(
    ("model", "refused"), [("gpt-5.5", True), ("o3-mini", True), ("gpt-4o", False)]
)
def test_a_parameter_may_be_refused_to_some_models(model: str, refused: bool) -> None:
    openai = named("openai")
    call = Call.parse({"model": model, "max_tokens": 5}, openai)
    if refused:
        with pytest.raises(InputError, match="Use 'max_completion_tokens' instead"):
            render(call, "go", catalog=openai)
    else:
        assert "5" in render(call, "go", catalog=openai).code
    assert render(
        Call.parse({"model": model, "max_completion_tokens": 5}, openai), "go", catalog=openai
    )


@pytest.mark.parametrize(
    ("said", "shows"),
    [
        ({"thinking": {"type": "disabled"}}, False),
        ({"thinking": {"type": "enabled"}}, True),
        ({"enable_thinking": False}, False),
        ({}, True),
    ],
)
def test_a_switch_of_a_provider_is_known(said: dict[str, object], shows: bool) -> None:
    deepseek = named("deepseek")
    call = Call.parse({"stream": True, **said}, deepseek)
    assert ("Reasoning:" in render(call, "go", catalog=deepseek).code) == shows


@pytest.mark.parametrize(
    ("said", "shows"),
    [
        ({"reasoning": {"effort": "high"}}, True),
        ({"reasoning": {"effort": "none"}}, False),
        ({"reasoning": {"enabled": False}}, False),
        ({"reasoning": {"exclude": True}}, False),
        ({"reasoning_effort": "none"}, False),
        ({"reasoning_effort": "low"}, True),
        ({}, False),
    ],
)
def test_the_reasoning_stands_where_the_family_says(said: dict[str, object], shows: bool) -> None:
    openrouter = named("openrouter")
    for target in targets():
        if target.protocol == "openai" and "stream" in target.flows and target.language != "curl":
            call = Call.parse({"stream": True, **said}, openrouter)
            code = render(call, target.language, target.client, catalog=openrouter).code
            assert ("Reasoning:" in code) == shows
            assert "reasoning_content" not in code


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "openai",
            KEY,
            'key-env = "A"',
            "provider: unknown field 'key-env': did you mean 'key_env'?",
        ),
        ("openai", GPT, "x = 1", "families[0]: unknown field 'x': choose from name, patterns"),
        ("openai", GPT, "pattern = 1", "families[0]: unknown field 'pattern': did you mean 'patte"),
        ("together", "[regions.global]", "[region.global]", "unknown table 'region': did you mean"),
        (
            "together",
            'aliases = ["api.',
            'port = ["api.',
            "regions.global: unknown field 'port': ch",
        ),
        (
            "moonshot",
            'region = "global"',
            'region = "globl"',
            "defaults.region: unknown region 'glob",
        ),
        (
            "openai",
            "multimodal =",
            "vision =",
            "protocols.openai.paths.vision: 'text' or 'multimodal'",
        ),
        (
            *("openai", "[protocols.openai]", "[protocols.anthropic]"),
            "protocols: unknown protocol 'anthropic': choose from openai, dashscope",
        ),
        (
            *("openai", GPT, '\n[packages.python]\nopenai-sdk = "1.0"'),
            'packages.python.openai-sdk: a table is expected, not "1.0"',
        ),
        (
            *(
                "openai",
                FAMILIES,
                f'[[retired_models]]\npatterns = ["a"]\nsince = "July"\n{FAMILIES}',
            ),
            "retired_models, since of 'a': 'July' is not a day such as '2026-07-24'",
        ),
        (
            *("openai", FAMILIES, f'[parameters.n]\ntype = "integer"\ninstead = "m"\n{FAMILIES}'),
            "parameters.n.instead: 'm' is for a parameter that is refused",
        ),
    ],
)
def test_an_error_says_table_field_and_what_would_be_right(
    name: str, old: str, new: str, message: str, changed: Callable[[Path, str, str], Catalog]
) -> None:
    with pytest.raises(InputError) as raised:
        changed(CATALOGS / f"{name}.toml", old, new)
    said = str(raised.value)
    assert message in said.partition("c.toml: ")[2]
    assert "\n" not in said
    assert "__" not in said
