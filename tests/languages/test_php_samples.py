"""PHP samples, run: what they send, show and do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playing import CALLS, Player, arrived_as_meant, call, stage, whole
from scenes import Scene, Target, arrives, enact, keyless, names, scenes, written
from toolchains import need, need_all, run

TARGETS = [
    Target("openai", "http"),
    Target("dashscope", "http"),
    Target("dashscope", "http", parts=True),
]

FLOWS = ("text", "json", "stream", "tools", "chat")

PROTOCOLS = ("openai", "dashscope")


@pytest.fixture(scope="module")
def php(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    need_all("php")
    with stage() as served:
        player = Player("php", served, tmp_path_factory.mktemp("php"))
        yield player
        player.close()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_whole_sends_every_call(php: Player, protocol: str, name: str) -> None:
    asked = call(name, protocol)
    done = php.play(asked, "http", "whole", [whole(protocol)])
    assert (done.exit, done.stderr) == (0, "")
    arrived_as_meant(asked, php.stage)
    assert "你好" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


def test_they_are_clean(php: Player, tmp_path: Path) -> None:
    written(php, TARGETS, tmp_path)
    excluded = "--exclude=Generic.Files.LineLength,PSR1.Files.SideEffects"
    done = run([*need("phpcs"), "--standard=PSR12", excluded, "-q", str(tmp_path)])
    assert (done.returncode, done.stdout) == (0, "")


PLAYED = scenes(TARGETS, FLOWS)


@pytest.mark.parametrize(("target", "scene"), PLAYED, ids=names(PLAYED))
def test_each_flow(php: Player, target: Target, scene: Scene) -> None:
    enact(php, target, scene)


@pytest.mark.parametrize("flow", ["stream"])
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_a_stream_is_shown_as_it_arrives(php: Player, target: Target, flow: str) -> None:
    arrives(php, target, flow)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_without_a_key_nothing_is_asked(php: Player, target: Target, flow: str) -> None:
    keyless(php, target, flow)
