"""What a catalog says of keys, headers and hosts is what every sample sends, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from access import ACCESS, REST
from conftest import Tell
from toolchains import need_all

from samplegen import Call, InputError, render
from samplegen.languages import language_ids
from samplegen.model.catalog import Catalog
from samplegen.model.catalog_file import load, named, names
from samplegen.protocols.request import Request
from samplegen.rendering.sample import fitting
from samplegen.rendering.targets import targets
from samplegen.verify import place
from samplegen.verify.compare import compare
from samplegen.verify.hosts import every_origin
from samplegen.verify.mock import Exchange, Mock, serve
from samplegen.verify.subject import Subject, of_rendered
from samplegen.verify.verification import verify

TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "get_time", "description": "Time", "parameters": {"type": "object"}},
    "returns": {"time": "12:00"},
}
FLOWS: dict[str, dict[str, Any]] = {
    "whole": {},
    "text": {},
    "json": {"response_format": {"type": "json_object"}},
    "stream": {"stream": True},
    "tools": {"tools": [TOOL]},
    "tools-stream": {"tools": [TOOL], "stream": True},
    "chat": {"then": "And who made you?"},
}


@pytest.fixture
def catalog(tmp_path: Path) -> Callable[[str], Catalog]:
    def written(provider: str) -> Catalog:
        path = tmp_path / "catalog.toml"
        path.write_text(f"[provider]\n{provider}\n{REST}", encoding="utf-8")
        return load(path)

    return written


def code(catalog: Catalog, language: str, client: str) -> str:
    return render(Call.parse({}, catalog), language, client, catalog=catalog).code


SDKS = [(one.language, one.client) for one in targets() if one.protocol == "openai"]


@pytest.mark.parametrize(("language", "client"), SDKS)
@pytest.mark.parametrize("name", ACCESS)
def test_no_sample_says_another_key_than_the_catalog(
    name: str, language: str, client: str, catalog: Callable[[str], Catalog]
) -> None:
    facts = catalog(ACCESS[name])
    if (name, language, client) == ("own header and word", "java", "sdk"):
        with pytest.raises(InputError, match="openai/java-sdk cannot send its key as 'x-token: Ke"):
            code(facts, language, client)
        return
    shown = code(facts, language, client)
    assert ("Bearer" in shown) == (client == "http" and name == "optional key")
    assert ("MY_KEY" in shown) == (name != "no key")
    assert ("EMPTY" in shown) == (name == "optional key")
    assert ("anything" in shown) == (name == "no key" and client == "sdk")
    assert ("X-Team" in shown and "Referer" in shown) == (name == "own header")
    assert ("api-key" in shown or "AzureApiKey" in shown) == (
        name == "own header" or (name == "either" and client == "http")
    )


def test_a_key_by_region(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    regions = (
        '[regions.home]\nname = "Home"\nhost = "home.example"\n'
        '[regions.away]\nname = "Away"\nhost = "away.example"\nkey_env = "AWAY_KEY"\n'
    )
    rest = REST.replace("[defaults]", '[defaults]\nregion = "home"')
    path.write_text(f'[provider]\nkey_env = "HOME_KEY"\n{rest}{regions}', encoding="utf-8")
    facts = load(path)
    for language, client in SDKS:
        for region, env in (("home", "HOME_KEY"), ("away", "AWAY_KEY")):
            call = Call.parse({"region": region}, facts)
            shown = render(call, language, client, catalog=facts).code
            assert [one for one in ("HOME_KEY", "AWAY_KEY") if one in shown] == [env]


def test_an_sdk_is_refused_where_nothing_can_stand_for_a_key(
    catalog: Callable[[str], Catalog],
) -> None:
    facts = catalog('host = "api.example"')
    with pytest.raises(InputError, match=r"go-sdk always sends a key.*provider.key_literal.*http"):
        code(facts, "go", "sdk")
    assert "uthoriz" not in code(facts, "go", "http")


def exchange(**headers: str) -> Exchange:
    named = {"content-type": "application/json", **headers}
    pairs = tuple((name.replace("_", "-"), value) for name, value in named.items())
    return Exchange("POST", "https", "a.example", "/", pairs, b"{}", 200, ("", 0))


REQUEST = Request("POST", "https://a.example/", {"Content-Type": "application/json"}, {})


@pytest.mark.parametrize(
    ("shown", "headers", "wrong"),
    [
        ([{"api-key": "K1"}], {"api_key": "K1"}, []),
        (
            [{"api-key": "K1"}],
            {"api_key": "K1", "authorization": "Bearer K1"},
            ["Authorization header: expected [], got ['Bearer K1']"],
        ),
        (
            [{"api-key": "K1"}],
            {"authorization": "Bearer K1"},
            [
                "Authorization header: expected [], got ['Bearer K1']",
                "api-key header: expected ['K1'], got []",
            ],
        ),
        ([{}], {}, []),
        (
            [{}],
            {"authorization": "Bearer x"},
            ["Authorization header: expected [], got ['Bearer x']"],
        ),
        ([], {"authorization": "Bearer x"}, []),
        ([{"api-key": "K1"}, {"Authorization": "Bearer K1"}], {"authorization": "Bearer K1"}, []),
        ([{"api-key": "K1"}], {"api_key": "K1", "x": "K1"}, ["x header: has the API key, too"]),
    ],
)
def test_headers_with_a_key_are_compared(
    shown: list[dict[str, str]], headers: dict[str, str], wrong: list[str]
) -> None:
    assert [*compare(REQUEST, exchange(**headers), "K1", None, shown)] == wrong


def test_ports_are_compared() -> None:
    request = REQUEST._replace(url="https://a.example:8443/")
    [wrong] = compare(request, exchange(), "", None, [{}])
    assert wrong == "host: expected 'a.example:8443', got 'a.example'"
    assert not [*compare(REQUEST._replace(url="https://a.example:443/"), exchange(), "", None, [])]


def ask(catalog: Catalog, host: str, headers: dict[str, str]) -> int:
    server = Mock(catalog)
    server.expect("sk-good")
    with serve(server) as [(number, port)]:
        body: dict[str, Any] = {"model": "m-1", "messages": [{"role": "user", "content": "Hi"}]}
        return httpx2.post(
            f"http://{number}:{port}/v1/chat/completions",
            headers={"Host": host, **headers},
            json=body,
            timeout=10,
        ).status_code


@pytest.mark.parametrize(
    ("name", "headers", "status"),
    [
        ("no key", {}, 200),
        ("no key", {"Authorization": "Bearer anything"}, 200),
        ("optional key", {}, 200),
        ("optional key", {"Authorization": "Bearer EMPTY"}, 200),
        ("optional key", {"Authorization": "Bearer other"}, 401),
        ("own header", {}, 401),
        ("own header", {"api-key": "sk-good"}, 200),
        ("own header", {"Authorization": "Bearer sk-good"}, 401),
        ("own word", {"Authorization": "Token sk-good"}, 200),
        ("own word", {"Authorization": "Bearer sk-good"}, 401),
        ("either", {"Authorization": "Bearer sk-good"}, 200),
        ("either", {"api-key": "sk-good"}, 200),
    ],
)
def test_the_mock_lets_in_whom_the_catalog_does(
    name: str, headers: dict[str, str], status: int, catalog: Callable[[str], Catalog]
) -> None:
    facts = catalog(ACCESS[name])
    assert ask(facts, facts.regions["default"].host or "", headers) == status


def test_the_mock_asks_for_a_key_where_the_host_does() -> None:
    facts = load(Path(__file__).parents[1] / "model" / "catalogs" / "ollama.toml")
    facts = replace(facts, families=[])
    assert ask(facts, "localhost:11434", {}) == 200
    assert ask(facts, "127.0.0.1:11434", {}) == 200
    assert ask(facts, "ollama.com", {}) == 401
    assert ask(facts, "ollama.com", {"Authorization": "Bearer sk-good"}) == 200


def subjects(
    facts: Catalog, language: str, flows: list[str], region: str | None = None
) -> list[Subject]:
    found = []
    where = {"region": region or facts.defaults.region}
    for target in targets():
        if target.language != language or target.protocol != "openai":
            continue
        for flow in flows:
            if flow not in target.flows:
                continue
            call = Call.parse({**FLOWS[flow], **where}, facts)
            if facts.family(call.model).reasoning == "reasoning":
                call = Call.parse({**call.as_json(), "reasoning_effort": "high"}, facts)
            if flow == "json":
                said = [{"role": "user", "content": "Who are you? Answer in JSON."}]
                call = Call.parse({**FLOWS[flow], "messages": said, **where}, facts)
            try:
                sample = render(call, language, target.client, flow=flow, catalog=facts)
            except InputError:
                # Which, and why, is tested above.
                continue
            found.append(of_rendered(sample, fitting(call, flow), flow, facts))
    return found


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
@pytest.mark.parametrize("name", ACCESS)
def test_each_way_to_be_let_in_is_verified(
    name: str, language: str, catalog: Callable[[str], Catalog], tell: Tell
) -> None:
    """In every situation that is another one; without a key, all flows are other programs, too."""
    need_all(language)
    facts = catalog(ACCESS[name])
    every = subjects(facts, language, ["whole", *(["chat"] if name == "own header" else [])])
    results = [*verify(every, facts, once=name not in ("no key", "optional key", "own header"))]
    if name == "no key":
        others = subjects(facts, language, [*FLOWS])
        results += verify(others, facts, once=True)
    wrong = {f"{one.language}-{one.client}": one.failures for one in results if not one.passed}
    assert wrong == {}
    assert results or (name, language) == ("own header and word", "java")
    assert {one.isolation for one in results} <= {place.SEALED}
    tell(f"{name}: {len(results)} {language} programs")


FOREIGN = "sk-4e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b"


# Their programs take long to compile or to start.
SLOW = ("java", "go", "csharp")


def of_its_kind(name: str) -> str:
    """The first ready catalog that asks for the key, and refuses, as this one does."""

    def kind(one: str) -> object:
        facts = named(one)
        key = facts.provider
        forms = sorted(paths.errors for paths in facts.protocols.values())
        return bool(key.key_env), key.key_optional, key.auth, key.headers, forms

    return next(one for one in names()[1:] if kind(one) == kind(name))


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("name", names()[1:])
def test_each_ready_catalog_is_verified(
    name: str, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every language and situation; once to each other host, and with reasoning in a stream.

    In slow languages, one catalog of each kind meets every situation, and the others a good key.

    The author's own keys are no part of it: what arrives is compared with the keys of the checks.
    """
    facts = named(name)
    for variable in {"OPENAI_API_KEY", *facts.right_variables}:
        monkeypatch.setenv(variable, FOREIGN)
    whole: list[Subject] = []
    others: list[Subject] = []
    for language in language_ids():
        need_all(language)
        once = language in SLOW and name != of_its_kind(name)
        (others if once else whole).extend(subjects(facts, language, ["whole"]))
        others += subjects(facts, language, ["stream"])
        for region in facts.published:
            if region != facts.defaults.region:
                others += subjects(facts, language, ["whole"], region)
    started = time.monotonic()
    every = [*zip(whole, verify(whole, facts), strict=True)]
    every += zip(others, verify(others, facts, once=True), strict=True)
    wrong = {
        f"{one.sample.region} {one.sample.client} {result.language} {one.flow}": result.failures
        for one, result in every
        if not result.passed
    }
    assert wrong == {}
    assert len({(one.sample.language, one.sample.client) for one, _ in every}) == 11
    assert {result.isolation for _, result in every} == {place.SEALED}
    tell(f"{name}: {len(every)} programs, {time.monotonic() - started:.0f} s")


@pytest.mark.usefixtures("namespaces")
def test_a_host_in_one_place_is_one_program_at_a_time(catalog: Callable[[str], Catalog]) -> None:
    need_all("curl")
    facts = catalog(ACCESS["no key"])
    every = subjects(facts, "curl", ["whole"]) * 6
    assert place.fixed(every_origin(every, facts))
    assert [one.failures for one in verify(every, facts, jobs=4)] == [[]] * 6


@pytest.mark.usefixtures("namespaces")
def test_a_sample_that_sends_another_key_fails(catalog: Callable[[str], Catalog]) -> None:
    need_all("curl")
    facts = catalog(ACCESS["own header"])
    [right] = subjects(facts, "curl", ["whole"])
    changed = right.sample.code.replace("api-key: ", "Authorization: Bearer ")
    wrong = right._replace(sample=right.sample._replace(code=changed))
    [result] = verify([wrong], facts, once=True)
    assert not result.passed
    assert "api-key header: expected ['$KEY'], got []" in result.failures[1]
