"""C# samples, compiled and run: what they send, show and do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playing import CALLS, Player, arrived_as_meant, call, stage, whole
from scenes import Scene, Target, arrives, enact, keyless, names, scenes
from toolchains import need_all

TARGETS = [
    Target("openai", "http"),
    Target("dashscope", "http"),
    Target("dashscope", "http", parts=True),
]

FLOWS = ("text", "json", "stream", "tools", "chat")

PROTOCOLS = ("openai", "dashscope")


@pytest.fixture(scope="module")
def csharp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    need_all("csharp")
    with stage() as served:
        player = Player("csharp", served, tmp_path_factory.mktemp("csharp"))
        yield player
        player.close()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_whole_sends_every_call(csharp: Player, protocol: str, name: str) -> None:
    asked = call(name, protocol, **({"huge": 2**70} if name == "any value" else {}))
    done = csharp.play(asked, "http", "whole", [whole(protocol)])
    assert (done.exit, done.stderr) == (0, "")
    arrived_as_meant(asked, csharp.stage)
    assert "你好" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


PLAYED = scenes(TARGETS, FLOWS)


@pytest.mark.parametrize(("target", "scene"), PLAYED, ids=names(PLAYED))
def test_each_flow(csharp: Player, target: Target, scene: Scene) -> None:
    enact(csharp, target, scene)


@pytest.mark.parametrize("flow", ["stream"])
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_a_stream_is_shown_as_it_arrives(csharp: Player, target: Target, flow: str) -> None:
    arrives(csharp, target, flow)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_without_a_key_nothing_is_asked(csharp: Player, target: Target, flow: str) -> None:
    keyless(csharp, target, flow)
