"""The page's server: what it shows, and whom it answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT
from hostile_texts import STRINGS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from previewing import HERE, Client, form_of

from samplegen import render
from samplegen.examples import EXAMPLES
from samplegen.model.catalog import builtin
from samplegen.preview.app import LIMIT
from samplegen.preview.form import example_call
from samplegen.protocols.request import Request


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


@pytest.fixture
def form() -> dict[str, Any]:
    return form_of("first-call")


def samples(answer: Any) -> dict[tuple[str, str], dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return {(one["language"], one["client"]): one for one in answer.json()["samples"]}


def test_the_first_call_is_what_out_holds(client: Client, form: dict[str, Any]) -> None:
    for (language, chosen), one in samples(client.look(form)).items():
        path = next((ROOT / "out/en/openai/singapore").glob(f"{language}-{chosen}.*"))
        assert one["code"] == path.read_text(encoding="utf-8")
        assert one["filename"] == path.name


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("protocol", ["openai", "dashscope"])
def test_every_example_is_shown(client: Client, name: str, protocol: str) -> None:
    shown = samples(client.look(form_of(name, protocol=protocol)))
    assert any("code" in one for one in shown.values())
    for one in shown.values():
        assert one.get("code") or one["why"]


def test_the_request_is_shown(client: Client) -> None:
    said = client.look(form_of("streaming")).json()["request"]
    meant = Request.of(example_call("streaming", builtin()), "$DASHSCOPE_API_KEY")
    assert json.loads(said["body"]) == meant.body
    assert (said["method"], said["url"]) == (meant.method, meant.url)
    assert dict(map(tuple, said["headers"])) == meant.headers


def test_a_parameter_that_no_catalog_has_is_said(client: Client, form: dict[str, Any]) -> None:
    form["options"] = [{"name": "zzz", "value": "1.0"}]
    said = client.look(form).json()
    assert said["unlisted"] == ["zzz"]
    # As it was typed: a number with a point.
    assert '"zzz": 1.0' in said["request"]["body"]


@pytest.mark.parametrize("text", STRINGS)
def test_a_hostile_text_is_shown_as_it_renders(client: Client, text: str) -> None:
    form = form_of("first-call", messages=[{"role": "user", "content": text}])
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    answer = client.look(form)
    if answer.status_code == 422:
        assert answer.json()["errors"]
        return
    for (language, chosen), one in samples(answer).items():
        call = client_call(text)
        if "code" in one:
            assert one["code"] == render(call, language, chosen).code
            assert painted(one["code"], one["tokens"]) == one["code"]


def client_call(text: str) -> Any:
    from samplegen import Call, Message

    return Call(messages=(Message("user", text),))


def painted(code: str, tokens: str) -> str:
    """The code, put together from its stretches as the page does it; lengths are UTF-16's."""
    units = code.encode("utf-16-le", "surrogatepass")
    found, at = b"", 0
    for one in tokens.split():
        length = 2 * int(one.lstrip("abcdefghijklmnopqrstuvwxyz"))
        found, at = found + units[at : at + length], at + length
    if tokens:
        assert at == len(units)
    return (found + units[at:]).decode("utf-16-le", "surrogatepass")


def test_of_a_long_call_one_language_comes_first(client: Client, form: dict[str, Any]) -> None:
    form["messages"] = [{"role": "user", "content": '"\\é$<b>' * 14_000}]
    shown = samples(client.look(form, "go"))
    assert shown["go", "sdk"]["code"] == render(client_call('"\\é$<b>' * 14_000), "go").code
    assert shown["php", "http"]["later"]
    assert "later" not in samples(client.look(form))["php", "http"]


# What is wrong stands at its field.


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"region": "bejing"}, "region", "did you mean 'beijing'"),
        ({"region": "tokyo"}, "region", "workspace"),
        ({"model": " "}, "model", "the model is empty"),
        ({"messages": []}, "messages", "no messages"),
        ({"messages": [{"role": "x", "content": "y"}]}, "messages.0", "role"),
        ({"messages": [{"json": "{"}]}, "messages.0", "no JSON: Expecting"),
        ({"messages": [{"json": '{"role": "user"}'}]}, "messages.0", "missing"),
        ({"options": [{"name": "tempratur", "value": "1"}]}, "options.0", "'temperature'"),
        ({"options": [{"name": "temperature", "value": "3"}]}, "options.0", "[0.0, 2.0)"),
        ({"options": [{"name": "tools", "value": "[{"}]}, "options.0", "line 1, column 3"),
        ({"options": [{"name": "", "value": "1"}]}, "options.0", "no name"),
        ({"options": [{"name": "model", "value": "x"}]}, "options.0", "field of its own"),
        ({"options": [{"name": "n", "value": "1"}] * 2}, "options.1", "twice"),
        ({"workspace": "a b"}, "workspace", "host name"),
        ({"locale": "xx"}, "locale", "unknown locale"),
        ({"flow": "xx"}, "flow", "unknown flow"),
        ({"protocol": "xx"}, "protocol", "unknown protocol"),
    ],
)
def test_an_error_stands_at_its_field(
    client: Client, form: dict[str, Any], changes: dict[str, Any], field: str, words: str
) -> None:
    answer = client.look({**form, **changes})
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert list(errors) == [field]
    assert words in errors[field]


@pytest.mark.parametrize(
    "body",
    [
        None,
        3,
        [],
        {"form": []},
        {"form": {"model": 3}},
        {"form": {"messages": "x"}},
        {"form": {"messages": [3]}},
        {"form": {"options": [{"name": 3}]}},
        {"form": {"messages": [{"json": 3}]}},
    ],
)
@pytest.mark.parametrize("path", ["/look", "/run", "/form"])
def test_what_is_no_form_is_refused(client: Client, path: str, body: Any) -> None:
    answer = client.post(path, body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


# What a reader of another mind may type: names, texts, JSON of any kind.
TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "NaN", "1e999", "-Infinity", "[]", "{}", "null", '"\\ud800"', "tool"]
    ),
    st.sampled_from(["stream", "tools", "messages", "a.b", "response_format", "\ud800", "\0"]),
    st.text(max_size=20),
)
FIELDS = st.sampled_from(["model", "region", "protocol", "workspace", "then", "flow", "example"])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    fields=st.dictionaries(FIELDS, TEXTS, max_size=2),
    messages=st.lists(
        st.fixed_dictionaries({"role": TEXTS, "content": TEXTS})
        | st.fixed_dictionaries({"json": ANY.map(json.dumps) | TEXTS}),
        max_size=2,
    ),
    options=st.lists(
        st.fixed_dictionaries({"name": TEXTS, "value": ANY.map(json.dumps) | TEXTS}), max_size=2
    ),
)
def test_any_form_is_shown_or_refused(
    client: Client, fields: Any, messages: Any, options: Any
) -> None:
    more = {"messages": messages} if messages else {}
    answer = client.look({**form_of("first-call"), **fields, **more, "options": options}, "go")
    assert answer.status_code in (200, 422)
    assert answer.json()


def test_deep_and_broken_json_is_refused(client: Client) -> None:
    for data in (b"{", b"\xff", b"[" * 100_000, b"1" * 6_000):
        headers = {"Origin": HERE, "Content-Type": "application/json"}
        answer = client.http.post("/look", content=data, headers=headers)
        assert answer.status_code == 422, data[:9]
        assert answer.json()["errors"][""]


def test_what_is_too_long_is_refused(client: Client) -> None:
    headers = {"Origin": HERE, "Content-Type": "application/json"}
    answer = client.http.post("/look", content=b" " * (LIMIT + 1), headers=headers)
    assert answer.status_code == 422
    assert "too long" in answer.json()["errors"][""]


def test_a_pasted_body_becomes_a_form(client: Client) -> None:
    text = '{"model": "qwen-plus", "input": {"messages": [{"role": "user", "content": "Hi"}]}}'
    form = client.post("/form", text).json()
    assert form["protocol"] == "dashscope"
    assert form["messages"] == [{"role": "user", "content": "Hi"}]
    assert samples(client.look(form))
    answer = client.post("/form", '{"mesages": []}')
    assert "did you mean 'messages'" in answer.json()["errors"][""]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_form_says_its_call(name: str) -> None:
    from samplegen.preview.form import read

    assert read(form_of(name), builtin()).call == example_call(name, builtin())


def test_a_failure_of_samplegen_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("samplegen.preview.app.look", fails)
    client = Client(raise_server_exceptions=False)
    answer = client.look(form_of("first-call"))
    assert answer.status_code == 500
    assert answer.json() == {"errors": {"": "samplegen itself failed: the terminal says how"}}


# Whom it answers.


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil:8321"]
)
def test_another_host_is_not_answered(client: Client, host: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/choices"), ("POST", "/look")):
        answer = client.http.request(method, path, headers={"Host": host, "Origin": HERE})
        assert answer.status_code == 421
        assert "qwen" not in answer.text
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost:8321", "[::1]:8321"])
def test_its_own_names_are_answered(client: Client, host: str) -> None:
    assert client.http.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8321"},  # not the host that it was sent to
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Origin": HERE, "Content-Type": "text/plain"},
        {"Origin": HERE, "Content-Type": "application/x-www-form-urlencoded"},
    ],
)
@pytest.mark.parametrize("path", ["/look", "/run", "/form"])
def test_another_origin_is_not_answered(
    client: Client, form: dict[str, Any], path: str, headers: dict[str, str]
) -> None:
    headers = {"Content-Type": "application/json", **headers}
    content = json.dumps({"form": form, "language": "curl", "client": "http"})
    assert client.http.post(path, content=content, headers=headers).status_code == 403


def test_without_an_origin_nothing_is_done(client: Client, form: dict[str, Any]) -> None:
    assert client.http.post("/look", json={"form": form}).status_code == 403


def test_another_site_may_link_here_and_load_nothing(client: Client) -> None:
    follows = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert client.http.get("/", headers=follows).status_code == 200
    for dest in ("script", "iframe", "image", "empty"):
        loads = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": dest}
        assert client.http.get("/page.js", headers=loads).status_code == 403


def test_every_answer_has_its_headers(client: Client) -> None:
    for path in ("/", "/page.js", "/choices", "/nothing", "/favicon.ico"):
        headers = client.http.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


def test_there_is_no_other_path_and_method(client: Client) -> None:
    for path in ("/../app.py", "/%2e%2e/app.py", "/card.html", "/docs"):
        assert client.http.get(path).status_code == 404
    assert client.http.get("/look").status_code == 405
    assert client.http.request("PUT", "/look", headers={"Origin": HERE}).status_code == 403


def test_pages_ask_for_nothing_of_other_hosts() -> None:
    for path in (ROOT / "samplegen/preview/assets").iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        for word in ("http:", "https:", 'src="//', 'href="//', " style=", " onclick=", "<script>"):
            assert word not in text, (path.name, word)
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in text, (path.name, word)
