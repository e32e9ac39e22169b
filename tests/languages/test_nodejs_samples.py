"""Node.js samples, run with the real SDK: what they send, show and do when something fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import flows
import pytest
from calls import FREE
from flows import KINDS, Done
from playing import CALLS, KEY, Player, Reply, arrived_as_meant, call, stage, whole
from toolchains import need, need_all, run

from samplegen import render
from samplegen.model.catalog import builtin
from samplegen.verify import toolchain

TARGETS = [("openai", "sdk"), ("openai", "http"), ("dashscope", "http")]


@pytest.fixture(scope="module")
def nodejs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    need_all("nodejs")
    with stage() as served:
        player = Player("nodejs", served, tmp_path_factory.mktemp("nodejs"))
        yield player
        player.close()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("protocol", "client"), TARGETS)
def test_whole_sends_every_call(nodejs: Player, protocol: str, client: str, name: str) -> None:
    asked = call(name, protocol)
    done = nodejs.play(asked, client, "whole", [whole(protocol)])
    assert (done.exit, done.stderr) == (0, "")
    arrived_as_meant(asked, nodejs.stage)
    assert "你好" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


FLOWS = {name: (kind, flow, asked) for name, kind, flow, asked in flows.samples()}


@pytest.fixture
def play(nodejs: Player) -> flows.Play:
    def run(name: str, *replies: Reply, key: str = KEY) -> Done:
        kind, flow, asked = FLOWS[name]
        environment = {builtin().provider.key_env: key}
        done = nodejs.play(asked, kind.client, flow, replies, **environment)
        return Done(done.exit, done.stdout, done.stderr, [*nodejs.stage.arrived])

    return run


@pytest.mark.parametrize("case", KINDS)
@pytest.mark.parametrize(
    "check",
    [
        flows.check_text,
        flows.check_json,
        flows.check_stream,
        flows.check_cut_stream,
        flows.check_failing_stream,
        flows.check_tools,
        flows.check_tools_stream,
        flows.check_chat,
    ],
)
def test_flows(play: flows.Play, check: Callable[..., None], case: str) -> None:
    check(play, case, KINDS[case])


@pytest.mark.parametrize("name", [name for name in FLOWS if ": json of" not in name])
def test_flows_fail_with_the_words_of_the_service(play: flows.Play, name: str) -> None:
    flows.check_refused(play, name, FLOWS[name][0])


@pytest.mark.parametrize("client", ["sdk", "http"])
@pytest.mark.parametrize("name", ["stream", "tools-stream"])
def test_a_stream_is_shown_as_it_arrives(
    nodejs: Player, tmp_path: Path, client: str, name: str
) -> None:
    kind, flow, asked = FLOWS[f"openai {client}: {name}"]
    sample = render(asked, "nodejs", kind.client, flow=flow, catalog=nodejs.stage.catalog)
    source = tmp_path / sample.filename
    source.write_text(sample.code, encoding="utf-8")
    prepared = toolchain.prepare("nodejs", builtin(), print)
    toolchain.build(prepared, source, tmp_path)
    command = toolchain.run(prepared, source, tmp_path).arguments
    flows.check_arrives(command, {builtin().provider.key_env: KEY}, nodejs.stage)


# Prettier writes keys that no parameter has otherwise, as it does in test_literals.py.
FORMATTED = [name for name in CALLS if name not in ("any value", "any name")]


def test_they_are_formatted(tmp_path: Path) -> None:
    samples = [
        render(call(name, protocol), "nodejs", client, flow="whole", catalog=FREE)
        for protocol, client in TARGETS
        for name in FORMATTED
    ]
    samples += [
        render(asked, "nodejs", kind.client, flow=flow, catalog=FREE)
        for kind, flow, asked in FLOWS.values()
    ]
    for number, sample in enumerate(samples):
        (tmp_path / f"{number}.mjs").write_text(sample.code, encoding="utf-8")
    command = [*need("prettier"), "--no-config", "--log-level", "warn", "--check"]
    done = run([*command, str(tmp_path)])
    assert (done.returncode, done.stderr) == (0, "")
