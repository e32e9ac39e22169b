"""curl samples, run: what they send, show and do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from calls import FREE
from playing import CALLS, Player, arrived_as_meant, call, stage, whole
from toolchains import need, need_all, run

from samplegen import render

PROTOCOLS = ("openai", "dashscope")


@pytest.fixture(scope="module")
def curl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    need_all("curl")
    with stage() as served:
        player = Player("curl", served, tmp_path_factory.mktemp("curl"))
        yield player
        player.close()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_whole_sends_every_call(curl: Player, protocol: str, name: str) -> None:
    asked = call(name, protocol, **({"huge": 2**70} if name == "any value" else {}))
    done = curl.play(asked, "http", "whole", [whole(protocol)])
    assert (done.exit, done.stderr) == (0, "")
    arrived_as_meant(asked, curl.stage)
    assert "你好" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


def test_they_are_clean(tmp_path: Path) -> None:
    for protocol in PROTOCOLS:
        for number, name in enumerate(CALLS):
            sample = render(call(name, protocol), "curl", flow="whole", catalog=FREE)
            (tmp_path / f"{protocol}-{number}.sh").write_text(sample.code, encoding="utf-8")
    # SC2016 asks whether a `$` between single quotes was meant to be expanded: a text's is not.
    done = run([*need("shellcheck"), "--exclude=SC2016", *map(str, tmp_path.glob("*.sh"))])
    assert (done.returncode, done.stdout) == (0, "")
