"""Java programs of every kind start from an archive of the classes that they load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toolchains import need_all

from samplegen import Call, render
from samplegen.examples import path_of
from samplegen.model.catalog import builtin
from samplegen.rendering.sample import chosen
from samplegen.rendering.targets import targets
from samplegen.verify import toolchain
from samplegen.verify.verification import prepare


@pytest.mark.parametrize("example", ["first-call", "streaming", "tools"])
def test_every_class_path_has_an_archive(tmp_path: Path, example: str) -> None:
    need_all("java")
    prepared = prepare(["java"], builtin())["java"]
    path = path_of(example)
    form = {} if path is None else json.loads(path.read_text())
    for target in targets():
        if target.language != "java":
            continue
        call = Call.parse(form | {"protocol": target.protocol}, builtin())
        sample = render(call, "java", target.client, flow=chosen(None, call, target))
        source = tmp_path / sample.filename
        source.write_text(sample.code)
        step = toolchain.run(prepared, source, tmp_path)
        assert any("SharedArchiveFile" in one for one in step.arguments), target
