"""Answers and errors in the forms that services other than OpenAI give them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from access import ACCESS, REST
from toolchains import need_all

from samplegen import Call, InputError, render
from samplegen.languages import language_ids
from samplegen.model.catalog import Catalog
from samplegen.model.catalog_file import load
from samplegen.rendering.targets import targets
from samplegen.verify.mock import ANSWER, COMPLAINTS, REASONING, Mock, serve
from samplegen.verify.subject import of_rendered
from samplegen.verify.verification import verify

KEY = "sk-good"
PROGRAMS = [language for language in language_ids() if language != "curl"]
FLOWS: dict[str, dict[str, Any]] = {
    "text": {},
    "stream": {"stream": True},
    "json": {
        "response_format": {"type": "json_object"},
        "messages": [{"role": "user", "content": "Who are you? Answer in JSON."}],
    },
}


def catalog(folder: Path, protocol: str = "", family: str = "") -> Catalog:
    path = folder / "catalog.toml"
    families = f'[[families]]\nname = "M"\npatterns = ["*"]\n{family}\n' if family else ""
    text = f"[provider]\n{ACCESS['either']}\n{REST}{protocol}\n{families}"
    path.write_text(text, encoding="utf-8")
    return load(path)


def ask(facts: Catalog, key: str = KEY, **said: Any) -> httpx2.Response:
    server = Mock(facts)
    server.expect(KEY)
    server.expect(f"{KEY}-rate-limit", "rate-limit")
    body = {"model": "m-1", "messages": [{"role": "user", "content": "Hi"}], **said}
    with serve(server) as [(number, port)]:
        url = f"http://{number}:{port}/v1/chat/completions"
        return httpx2.post(url, headers={"api-key": key}, json=body, timeout=10)


def test_errors_are_in_the_form_of_the_service(tmp_path: Path) -> None:
    said = ask(catalog(tmp_path, 'errors = "list"'), f"{KEY}-rate-limit").json()
    assert [one["error"]["message"] for one in said] == [COMPLAINTS["rate-limit"]]
    assert [*said[0]] == ["error"]
    said = ask(catalog(tmp_path, 'errors = "flat"'), f"{KEY}-rate-limit").json()
    assert (said["object"], said["message"]) == ("error", COMPLAINTS["rate-limit"])


def test_a_model_that_reasons_answers_with_a_list(tmp_path: Path) -> None:
    facts = catalog(tmp_path, family='reasoning = "content"')
    assert ask(facts).json()["choices"][0]["message"]["content"] == ANSWER
    thought, text = ask(facts, reasoning_effort="high").json()["choices"][0]["message"]["content"]
    assert (thought["type"], thought["thinking"]) == (
        "thinking",
        [{"type": "text", "text": REASONING}],
    )
    assert text == {"type": "text", "text": ANSWER}


def test_a_stream_that_reasons_goes_from_lists_to_texts(tmp_path: Path) -> None:
    """As the service's own: thoughts in lists, one list with the first text, then texts."""
    facts = catalog(tmp_path, family='reasoning = "content"')
    lines = ask(facts, reasoning_effort="high", stream=True).text.splitlines()
    events = [json.loads(one[6:]) for one in lines if one.startswith("data: {")]
    contents = [one["choices"][0]["delta"].get("content") for one in events]
    kinds = [[part["type"] for part in one] if isinstance(one, list) else "" for one in contents]
    assert [one for number, one in enumerate(kinds) if one != kinds[number - 1]] == [
        ["thinking"],
        ["thinking", "text"],
        "",
    ]
    first = next(one for one in contents if isinstance(one, list) and len(one) == 2)
    texts = [one for one in contents[contents.index(first) + 1 :] if one]
    assert first[1]["text"] + "".join(texts) == ANSWER


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("form", ["flat", "list"])
@pytest.mark.parametrize("language", ["python", "java", "nodejs", "go"])
def test_each_sdk_says_the_words_of_an_error(language: str, form: str, tmp_path: Path) -> None:
    """What an SDK does not find where OpenAI has it, its sample says all the same."""
    need_all(language)
    facts = catalog(tmp_path, f'errors = "{form}"')
    call = Call.parse({}, facts)
    sample = render(call, language, "sdk", catalog=facts)
    subject = of_rendered(sample, call, "whole", facts)
    [result] = verify([subject._replace(only=("bad-request", "server-error"))], facts)
    assert result.failures == []


def lists(facts: Catalog, language: str, client: str, flow: str, said: Mapping[str, Any]) -> Any:
    call = Call.parse({**said, "reasoning_effort": "high"}, facts)
    return call, render(call, language, client, flow=flow, catalog=facts)


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", PROGRAMS)
def test_each_language_tells_reasoning_in_the_content_from_the_text(
    language: str, tmp_path: Path
) -> None:
    need_all(language)
    facts = catalog(tmp_path, family='reasoning = "content"')
    clients = ["http", "sdk"] if language in ("python", "nodejs") else ["http"]
    every = [
        of_rendered(sample, call, flow, facts)
        for client in clients
        for flow in FLOWS
        for call, sample in [lists(facts, language, client, flow, FLOWS[flow])]
    ]
    assert [one.failures for one in verify(every, facts, once=True)] == [[]] * len(every)


def test_what_cannot_read_such_a_list_is_refused_and_says_what_can(tmp_path: Path) -> None:
    facts = catalog(tmp_path, family='reasoning = "content"')
    then: dict[str, Any] = {"then": "And who made you?"}
    for target in targets():
        if target.protocol != "openai" or "chat" not in target.flows:
            continue
        with pytest.raises(InputError, match=r"in flow 'chat': while it reasons.*client 'http'"):
            lists(facts, target.language, target.client, "chat", then)
        if target.language in ("java", "go") and target.client == "sdk":
            for flow, said in FLOWS.items():
                with pytest.raises(InputError, match=f"{target.name} cannot show .* flow '{flow}'"):
                    lists(facts, target.language, target.client, flow, said)
        # What does not reason is a text, as everywhere.
        assert render(Call.parse(then, facts), target.language, target.client, catalog=facts)
