"""PHP samples, run: what they send, show and do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from calls import FREE
from playing import CALLS, Player, arrived_as_meant, call, stage, whole
from scenes import Scene, Target, enact, names, scenes
from toolchains import need, need_all, run

from samplegen import render

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


def test_they_are_clean(tmp_path: Path) -> None:
    for protocol in PROTOCOLS:
        for number, name in enumerate(CALLS):
            sample = render(call(name, protocol), "php", flow="whole", catalog=FREE)
            (tmp_path / f"{protocol}-{number}.php").write_text(sample.code, encoding="utf-8")
    excluded = "--exclude=Generic.Files.LineLength,PSR1.Files.SideEffects"
    done = run([*need("phpcs"), "--standard=PSR12", excluded, "-q", str(tmp_path)])
    assert (done.returncode, done.stdout) == (0, "")


TARGETS = [
    Target("openai", "http"),
    Target("dashscope", "http"),
    Target("dashscope", "http", parts=True),
]

PLAYED = scenes(TARGETS, ("text", "json", "stream", "tools", "chat"))


@pytest.mark.parametrize(("target", "scene"), PLAYED, ids=names(PLAYED))
def test_each_flow(php: Player, target: Target, scene: Scene) -> None:
    enact(php, target, scene)
