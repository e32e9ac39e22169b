"""Go samples, built and run with the real SDK: what they send, show and do when something fails."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import flows
import pytest
from calls import FREE
from flows import KINDS, Done
from playing import (
    ASKED,
    CALLED,
    CALLS,
    KEY,
    WEATHER,
    Reply,
    Stage,
    as_text,
    sent,
    stage,
    whole,
)
from toolchains import need, need_all, run

from samplegen import Call, render
from samplegen.errors import InputError
from samplegen.languages.go import openai_sdk
from samplegen.model.catalog import builtin
from samplegen.verify import toolchain

PARTS = [
    {"type": "image_url", "image_url": {"url": "https://e.com/a.png", "detail": "low"}},
    {"type": "image_url", "image_url": {"url": "https://e.com/b.png", "detail": ""}},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "max_pixels": 9}},
    {"type": "input_audio", "input_audio": {"data": "data:;base64,AA==", "format": "wav"}},
    {"type": "input_audio", "input_audio": {"data": "https://e.com/a.wav"}},
    {"type": "text", "text": "And `this`?", "cache_control": {"type": "ephemeral"}},
    {"type": "text", "text": ""},
]

# What of openai-go's types the common calls do not touch, and what does not fit them.
OWN: dict[str, dict[str, Any]] = {
    "all typed": {
        "messages": [
            {"role": "system", "content": [{"type": "text", "text": "You help."}]},
            {"role": "user", "content": PARTS},
            {"role": "user", "name": "", "content": PARTS[:1]},
            {"role": "assistant", "content": "", "tool_calls": [CALLED, {**CALLED, "id": ""}]},
            {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "1"}]},
            {"role": "tool", "tool_call_id": "", "content": ""},
            {"role": "assistant", "name": "Bo", "content": "It `is`"},
        ],
        "temperature": 1,
        "frequency_penalty": 1e-7,
        "top_p": 0.1 + 0.2,
        "n": 2,
        "logprobs": True,
        "top_logprobs": 5,
        "max_tokens": 2**63 - 1,
        "stop": "END",
        "user": "",
        "reasoning_effort": "low",
        "modalities": ["text", "audio"],
        "audio": {"voice": "Cherry", "format": "wav"},
        "stream_options": {"include_usage": True},
        "response_format": {"type": "json_object"},
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "tools": [WEATHER, {"type": "function", "function": {"name": "now", "parameters": {}}}],
    },
    "of other types": {
        "messages": [
            *ASKED,
            {"role": "assistant", "content": None, "tool_calls": [{**CALLED, "index": 0}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "1", "name": "get_weather"},
            {"role": "user", "content": "", "name": None},
            {"role": "assistant", "content": [{"type": "text", "text": "x"}]},
            {"role": "assistant", "content": "a", "reasoning_content": 'So "b"'},
        ],
        "temperature": None,
        "top_p": -0.0,
        "presence_penalty": 2**53 + 1,
        "frequency_penalty": 10**400,
        "seed": 2**63,
        "max_tokens": 10.0,
        "n": "2",
        "logprobs": 1,
        "stop": [[1, 2], [3]],
        "user": None,
        "reasoning_effort": "",
        "modalities": [],
        "audio": {"voice": {"id": "v"}, "format": ""},
        "stream_options": {},
        "response_format": {"type": "text", "strict": True},
        "tool_choice": {"type": "function", "function": {"name": "f", "strict": 1.0}},
        "tools": [{"type": "function", "function": {"name": "f"}, "cache": True, "returns": "x"}],
        "metadata": {"a": "b"},
        "a.b*?|#@:\\": 1,
        ":1": 2,
        "1": {"2": 3},
    },
    "text format": {
        "response_format": {"type": "text"},
        "tool_choice": "none",
        "tools": [],
        "stop": [],
        "stream": False,
    },
    "null schema": {
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}},
    },
}


class Built(NamedTuple):
    """Samples by name in one program, which is told the name of the one that is to run."""

    program: Path
    stage: Stage

    def run(self, name: str, *replies: Reply, key: str = KEY) -> Done:
        self.stage.arrived.clear()
        self.stage.replies = [*replies]
        done = subprocess.run(
            [self.program, name],
            env={builtin().provider.key_env: key},
            capture_output=True,
            timeout=60,
            check=False,
        )
        said = done.stdout.decode(), done.stderr.decode()
        return Done(done.returncode, *said, [*self.stage.arrived])


def build(samples: Mapping[str, str], served: Stage, folder: Path) -> Built:
    """One program of many: to link each by itself takes seconds."""
    prepared = toolchain.prepare("go", builtin(), print)
    config, main, program = (folder / name for name in ("importcfg", "main.o", "program"))
    listed = (prepared.folder / "importcfg").read_text()
    config.write_text(listed.replace("=objects/", f"={prepared.folder}/objects/"))
    sources = []
    for number, code in enumerate(samples.values()):
        for name in re.findall(r"^func (\w+)", code, re.MULTILINE):
            code = re.sub(rf"\b{name}\(", f"{name}{number}(", code)
        for name in re.findall(r"^type (\w+)", code, re.MULTILINE):
            # Where it is declared, returned, and the type of the field `Message`.
            code = re.sub(rf"(type |any\) |Message ){name}\b", rf"\g<1>{name}{number}", code)
        sources.append(folder / f"{number}.go")
        sources[-1].write_text(code, encoding="utf-8")
    cases = "".join(
        f"\tcase {json.dumps(name)}:\n\t\tmain{number}()\n" for number, name in enumerate(samples)
    )
    sources.append(folder / "main.go")
    sources[-1].write_text(
        'package main\n\nimport "os"\n\nfunc main() {\n\tswitch os.Args[1] {\n'
        f'{cases}\tdefault:\n\t\tpanic("no such sample")\n\t}}\n}}\n'
    )
    quick = ["-N", "-l", "-dwarf=false", "-complete", "-p", "main"]
    for command in (
        [prepared.tools["compile"], *quick, "-importcfg", config, "-o", main, "-pack", *sources],
        [prepared.tools["link"], "-s", "-w", "-importcfg", config, "-o", program, main],
    ):
        done = run([str(part) for part in command])
        assert done.returncode == 0, done.stdout + done.stderr
    return Built(program, served)


def own(name: str, **more: Any) -> Call:
    """A call of `OWN` or `CALLS`; openai-go cannot send what has no name."""
    found = {"messages": ASKED, **OWN[name], **more} if name in OWN else {**CALLS[name], **more}
    fields = {key: value for key, value in found.items() if key}
    own = ("protocol", "model", "messages", "workspace", "workspace_by", "then")
    return Call(
        **{"messages": ASKED, **{key: value for key, value in fields.items() if key in own}},
        parameters={key: value for key, value in fields.items() if key not in own},  # type: ignore[arg-type]
    )


TARGETS = [("openai", "sdk"), ("openai", "http"), ("dashscope", "http")]

WHOLE = {
    f"{protocol} {client}: {name}": (client, own(name, protocol=protocol))
    for protocol, client in TARGETS
    for name in (*OWN, *CALLS)
}


@pytest.fixture(scope="module")
def whole_samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    need_all("go")
    with stage() as served:
        samples = {
            name: render(asked, "go", client, flow="whole", catalog=served.catalog).code
            for name, (client, asked) in WHOLE.items()
        }
        yield build(samples, served, tmp_path_factory.mktemp("whole"))


def as_typed(body: Any) -> Any:
    """A body as openai-go's types send it: 1 is 1.0, and null content beside calls is left out."""
    floats = {name for name, (_, type) in openai_sdk.FIELDS.items() if type == openai_sdk.FLOAT}
    numbers = {
        name: float(value)
        for name, value in body.items()
        if name in floats and isinstance(value, int) and value < 2**53
    }
    messages = [
        {n: value for n, value in m.items() if not (n == "content" and value is None)}
        for m in body["messages"]
    ]
    return {**body, **numbers, "messages": messages}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_sends_every_call(whole_samples: Built, name: str) -> None:
    client, asked = WHOLE[name]
    done = whole_samples.run(name, whole(asked.protocol))
    assert (done.exit, done.stderr) == (0, "")
    [arrived] = done.arrived
    meant = sent(asked, whole_samples.stage)
    typed = as_typed if client == "sdk" else lambda body: body
    assert as_text(typed(arrived.body)) == as_text(typed(meant.body))
    headers = {name.lower(): value for name, value in meant.headers.items()}
    assert headers.items() <= arrived.headers.items()
    assert "你好" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


def test_what_has_a_type_is_typed(whole_samples: Built) -> None:
    code = render(own("all typed"), "go", "sdk", catalog=FREE).code
    assert "WithJSONSet" not in code
    # Two parts and a part's further field are all that openai-go has no types for.
    assert code.count("param.Override") == 3
    used = OWN["all typed"].keys() | CALLS["sampling"].keys() | CALLS["thinking"].keys()
    assert openai_sdk.FIELDS.keys() <= used


def test_the_sdk_cannot_send_what_has_no_name() -> None:
    with pytest.raises(InputError, match="cannot send a parameter without a name"):
        render(Call(parameters={"": 1}), "go", "sdk")  # type: ignore[arg-type]


# Flows

FLOWS = {name: (kind, flow, asked) for name, kind, flow, asked in flows.samples(["tools-stream"])}


@pytest.fixture(scope="module")
def flow_samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    need_all("go")
    with stage() as served:
        samples = {
            name: render(asked, "go", kind.client, flow=flow, catalog=served.catalog).code
            for name, (kind, flow, asked) in FLOWS.items()
        }
        yield build(samples, served, tmp_path_factory.mktemp("flows"))


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
        flows.check_chat,
    ],
)
def test_flows(flow_samples: Built, check: Callable[..., None], case: str) -> None:
    check(flow_samples.run, case, KINDS[case])


@pytest.mark.parametrize("name", FLOWS)
def test_flows_fail_with_the_words_of_the_service(flow_samples: Built, name: str) -> None:
    flows.check_refused(flow_samples.run, name, FLOWS[name][0])


@pytest.mark.parametrize("client", ["sdk", "http"])
def test_a_stream_is_shown_as_it_arrives(flow_samples: Built, client: str) -> None:
    command: list[str | Path] = [flow_samples.program, f"openai {client}: stream"]
    flows.check_arrives(command, {builtin().provider.key_env: KEY}, flow_samples.stage)


def test_vet_finds_nothing(whole_samples: Built, flow_samples: Built, tmp_path: Path) -> None:
    go = need("go")
    for built in (whole_samples, flow_samples):
        folder = built.program.parent
        listed = (folder / "importcfg").read_text().splitlines()
        objects = dict(line.removeprefix("packagefile ").split("=", 1) for line in listed)
        # What `go vet` itself hands to its tool: golang.org/x/tools/go/analysis/unitchecker.
        config = {
            "ID": "main",
            "Compiler": "gc",
            "Dir": str(folder),
            "ImportPath": "main",
            "GoFiles": [str(path) for path in folder.glob("*.go")],
            "ImportMap": {name: name for name in objects},
            "PackageFile": objects,
            "VetxOutput": str(tmp_path / "vetx"),
        }
        (tmp_path / "vet.cfg").write_text(json.dumps(config))
        done = run([*go, "tool", "vet", str(tmp_path / "vet.cfg")])
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_they_are_formatted(tmp_path: Path) -> None:
    samples = [
        render(asked, "go", client, flow="whole", catalog=FREE) for client, asked in WHOLE.values()
    ]
    samples += [
        render(asked, "go", kind.client, flow=flow, catalog=FREE)
        for kind, flow, asked in FLOWS.values()
    ]
    for number, sample in enumerate(samples):
        (tmp_path / f"{number}.go").write_text(sample.code, encoding="utf-8")
    done = run([*need("gofmt"), "-d", str(tmp_path)])
    assert (done.returncode, done.stdout) == (0, "")
