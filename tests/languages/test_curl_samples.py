"""curl samples, run: what they send, show and do when something fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playing import CALLS, Player, arrived_as_meant, call, stage, whole
from scenes import SCENES, WORDS, Scene, Target, arrives, call_of, refusal, written
from toolchains import need, need_all, run

from samplegen import Call, Message, render
from samplegen.model.catalog import builtin
from samplegen.rendering.sample import fitting

TARGETS = [Target(protocol, "http") for protocol in ("openai", "dashscope")]

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


def test_they_are_clean(curl: Player, tmp_path: Path) -> None:
    written(curl, TARGETS, tmp_path)
    # SC2016 asks whether a `$` between single quotes was meant to be expanded: a text's is not.
    done = run(
        [*need("shellcheck"), "--shell=sh", "--exclude=SC2016", *map(str, tmp_path.glob("*.sh"))]
    )
    assert (done.returncode, done.stdout) == (0, "")


STREAMS = [scene for scene in SCENES if scene.flow == "stream"]


@pytest.mark.parametrize("scene", STREAMS, ids=[scene.name for scene in STREAMS])
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_stream_shows_what_comes(curl: Player, target: Target, scene: Scene) -> None:
    asked = call_of(target, scene)
    [reply] = scene.replies(target)
    done = curl.play(asked, "http", "stream", [reply])
    # As text mode would read it.
    body = b"".join(part for part in reply.parts if isinstance(part, bytes)).decode()
    assert done.stdout == body
    # 22 is an HTTP status that is an error, 18 a body that is cut off.
    exit = 22 if reply.status != 200 else 18 if reply.broken else 0
    assert done.exit == exit
    assert bool(done.stderr) == (exit != 0)
    arrived_as_meant(fitting(asked, "stream"), curl.stage)


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_a_stream_is_shown_as_it_arrives(curl: Player, target: Target) -> None:
    arrives(curl, target, "stream", is_text=False)


@pytest.mark.parametrize("flow", ["whole", "stream"])
@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_without_a_key_nothing_is_asked(curl: Player, target: Target, flow: str) -> None:
    key_env = builtin().provider.key_env
    done = curl.play(Call(protocol=target.protocol), "http", flow, [], **{key_env: ""})
    assert done.exit not in (0, None)
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert re.search(rf": {key_env}: parameter .*not set", line)
    assert curl.stage.arrived == []


def test_a_refusal_is_shown_and_is_a_failure(curl: Player) -> None:
    [target, _] = TARGETS
    reply = refusal(target)
    done = curl.play(Call(), "http", "whole", [reply])
    assert done.exit == 22
    assert WORDS in done.stdout


# Up to 100,000 bytes, and beyond; what is long has the lines that could end a here-document.
@pytest.mark.parametrize("size", [99_000, 101_000, 3_000_000])
def test_a_long_body_arrives(curl: Player, size: int) -> None:
    text = "END\nEND1\nEND\u00e9 'it' $x `id` \\" + "x" * (size - 30)
    asked = Call(messages=(Message("user", text),), parameters={"END2": "\nEND2\n"})  # type: ignore[arg-type]
    sample = render(asked, "curl", catalog=curl.stage.catalog)
    assert ("--data @- <<'END3'\n" in sample.code) == (size > 100_000)
    done = curl.play(asked, "http", "whole", [whole("openai")])
    assert (done.exit, done.stderr) == (0, "")
    arrived_as_meant(asked, curl.stage)
