"""Python samples, run with the real SDKs: what they send, show and do when something fails."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from calls import FREE
from playing import ASKED, CALLS, Player, arrived_as_meant, as_text, call, sent, stage, whole
from scenes import Scene, Target, arrives, enact, keyless, names, scenes, written
from toolchains import need, need_all, run

from samplegen import Call, render
from samplegen.errors import InputError
from samplegen.languages.python import dashscope_sdk, openai_sdk
from samplegen.model.catalog import builtin
from samplegen.verify import toolchain
from samplegen.verify.toolchain._packages import python_of

TARGETS = [
    Target("openai", "sdk"),
    Target("openai", "http"),
    Target("dashscope", "sdk"),
    Target("dashscope", "sdk", parts=True),
    Target("dashscope", "http"),
    Target("dashscope", "http", parts=True),
]

FLOWS = ("text", "json", "stream", "tools", "tools-stream", "chat")

CLIENTS = [(protocol, client) for protocol in ("openai", "dashscope") for client in ("sdk", "http")]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    need_all("python")
    with stage() as served:
        player = Player("python", served, tmp_path_factory.mktemp("python"))
        yield player
        player.close()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("protocol", "client"), CLIENTS)
def test_whole_sends_every_call(python: Player, protocol: str, client: str, name: str) -> None:
    asked = call(name, protocol, **({"huge": 2**70} if name == "any value" else {}))
    done = python.play(asked, client, "whole", [whole(protocol)])
    assert (done.exit, done.stderr) == (0, "")
    adds: dict[str, Any] = {"parameters": {}} if (protocol, client) == ("dashscope", "sdk") else {}
    arrived_as_meant(asked, python.stage, adds)
    assert "你好" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


def test_they_are_formatted(python: Player, tmp_path: Path) -> None:
    written(python, TARGETS, tmp_path)
    done = run([*need("ruff"), "format", "--isolated", "--diff", "--quiet", str(tmp_path)])
    assert (done.returncode, done.stdout) == (0, "")
    rules = ["--select", "E4,E7,E9,F,I,B,UP,SIM"]
    done = run([*need("ruff"), "check", "--isolated", "--quiet", *rules, str(tmp_path)])
    assert (done.returncode, done.stdout) == (0, "")


def asked_of_sdk(script: str) -> Any:
    """What a script that runs where the SDKs are installed prints, as JSON."""
    need_all("python")
    prepared = toolchain.prepare("python", builtin(), print)
    command = [str(python_of(prepared.folder)), "-c", script]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_the_openai_sdk_has_the_arguments_of_the_table() -> None:
    read_in = builtin().packages["python"]["openai-sdk"].version
    assert f"openai {read_in}" in Path(openai_sdk.__file__).read_text()
    names = asked_of_sdk(
        "import inspect, json\n"
        "from openai.resources.chat.completions import Completions\n"
        "print(json.dumps([*inspect.signature(Completions.create).parameters]))"
    )
    # What it takes for itself; as a parameter of a call it goes into `extra_body`.
    own = {"self", "extra_headers", "extra_query", "extra_body", "timeout"}
    assert {*names} - own == openai_sdk.ARGUMENTS


@pytest.mark.parametrize("name", ["timeout", "extra_headers", "stream", "api_key", "self"])
def test_the_openai_sdk_sends_what_it_has_another_argument_for(python: Player, name: str) -> None:
    asked = Call(messages=ASKED, parameters={name: False})  # type: ignore[arg-type]
    done = python.play(asked, "sdk", "whole", [whole("openai")])
    assert (done.exit, done.stderr) == (0, "")
    assert as_text(python.stage.arrived[0].body) == as_text(sent(asked, python.stage).body)


# The names of arguments, class by class; then those of functions that get what is left.
SIGNATURES = """
import inspect, json
from dashscope import Generation, MultiModalConversation
from dashscope.api_entities.api_request_factory import _build_api_request
from dashscope.client.base_api import BaseApi

def names(function):
    return [n for n, p in inspect.signature(function).parameters.items() if p.kind.value != 4]

apis = {one.__name__: names(one.call) for one in (Generation, MultiModalConversation)}
inner = [*names(BaseApi.call), *names(_build_api_request)]
print(json.dumps([apis, inner]))
"""


def test_the_dashscope_sdk_has_the_arguments_of_the_tables() -> None:
    read_in = builtin().packages["python"]["dashscope-sdk"].version
    assert f"dashscope {read_in}" in str(dashscope_sdk.__doc__)
    apis, inner = asked_of_sdk(SIGNATURES)
    for api in dashscope_sdk.APIS.values():
        known = dashscope_sdk.SENT_UNLESS_NONE[api] | dashscope_sdk.TAKEN[api]
        assert not dashscope_sdk.SENT_UNLESS_NONE[api] & dashscope_sdk.TAKEN[api]
        assert {*apis[api], *inner} - known == set()
        # Not arguments of a signature, but what becomes of them was read in the source.
        hidden = {"self", "cls", "customized_model_id"}
        assert known - {*apis[api], *inner} - hidden == set()


# Calls with one argument more, and what of it is in the parameters: a list of one or of none.
ARRIVES = """
import json
from dashscope import Generation, MultiModalConversation
from dashscope.api_entities.dashscope_response import DashScopeAPIResponse
from dashscope.api_entities.http_request import HttpRequest

def call(self):
    parameters.append(self.data.parameters)
    return DashScopeAPIResponse(200, output={})

HttpRequest.call = call
arrived = []
for api, name, value in json.loads(TRIED):
    parameters = []
    try:
        api = {"Generation": Generation}.get(api, MultiModalConversation)
        message = {"role": "user", "content": []}
        model = "bailian-1" if name == "customized_model_id" else "qwen-plus"
        api.call(model=model, messages=[message], **{"api_key": "k", name: value})
    except Exception:
        parameters = []
    arrived.append([one[name] for one in parameters if name in one])
print(json.dumps(arrived))
"""


def test_the_dashscope_sdk_does_with_arguments_what_the_tables_say() -> None:
    expected: dict[tuple[str, str, Any], list[Any]] = {("Generation", "enable_search", False): []}
    for api in dashscope_sdk.APIS.values():
        expected |= {(api, name, None): [] for name in dashscope_sdk.SENT_UNLESS_NONE[api]}
        # One that streams gives what cannot be read here.
        sendable = dashscope_sdk.SENT_UNLESS_NONE[api] - {"stream"}
        expected |= {(api, name, 1): [1] for name in sendable}
        expected |= {(api, name, "x"): [] for name in dashscope_sdk.TAKEN[api]}
        expected |= {(api, name, None): [None] for name in ("any", "top-k", "class", "größe")}
    del expected["Generation", "enable_search", 1]
    tried = json.dumps([*expected])
    assert asked_of_sdk(f"TRIED = {tried!r}\n{ARRIVES}") == [*expected.values()]


@pytest.mark.parametrize(("kind", "model"), [("text", "qwen-plus"), ("multimodal", "qwen-vl-max")])
def test_what_the_dashscope_sdk_does_not_send_is_refused(kind: str, model: str) -> None:
    api = dashscope_sdk.APIS[kind]
    refused = dict.fromkeys(dashscope_sdk.TAKEN[api], "takes this argument for something else")
    # These are samplegen's own.
    ours = {"messages", "model", "stream", "incremental_output", "result_format"}
    nulls = dashscope_sdk.SENT_UNLESS_NONE[api]
    for name, value in [*((one, 1) for one in refused), *((one, None) for one in nulls)]:
        if name in ours:
            continue
        parameters = {name: value}
        asked = Call(protocol="dashscope", model=model, parameters=parameters)  # type: ignore[arg-type]
        why = refused.get(name, "does not send null for it")
        with pytest.raises(InputError, match=f"^{name}: .*Python, 2.0.2, {why}: .*'http'$"):
            render(asked, "python", "sdk", catalog=FREE)
        assert render(asked, "python", "http", catalog=FREE)
    call = Call(protocol="dashscope", parameters={"enable_search": False})  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"enable_search: .* sends it only if it is true"):
        render(call, "python", "sdk", catalog=FREE)


PLAYED = scenes(TARGETS, FLOWS)


@pytest.mark.parametrize(("target", "scene"), PLAYED, ids=names(PLAYED))
def test_each_flow(python: Player, target: Target, scene: Scene) -> None:
    enact(python, target, scene)


@pytest.mark.parametrize("flow", ["stream", "tools-stream"])
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_a_stream_is_shown_as_it_arrives(python: Player, target: Target, flow: str) -> None:
    arrives(python, target, flow)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_without_a_key_nothing_is_asked(python: Player, target: Target, flow: str) -> None:
    keyless(python, target, flow)
