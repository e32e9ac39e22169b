"""Node.js samples, run with the real SDK: what they send, show and do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from calls import FREE
from playing import CALLS, Player, arrived_as_meant, call, stage, whole
from toolchains import need, need_all, run

from samplegen import render

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


# Prettier writes keys that no parameter has otherwise, as it does in test_literals.py.
FORMATTED = [name for name in CALLS if name not in ("any value", "any name")]


def test_they_are_formatted(tmp_path: Path) -> None:
    for protocol, client in TARGETS:
        for number, name in enumerate(FORMATTED):
            sample = render(call(name, protocol), "nodejs", client, flow="whole", catalog=FREE)
            path = tmp_path / f"{protocol}-{client}-{number}.mjs"
            path.write_text(sample.code, encoding="utf-8")
    command = [*need("prettier"), "--no-config", "--log-level", "warn", "--check"]
    done = run([*command, str(tmp_path)])
    assert (done.returncode, done.stderr) == (0, "")
