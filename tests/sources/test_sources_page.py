"""The page on sources shows what samplegen says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Run

pytest.importorskip("tree_sitter")

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"
PROGRAM = """\
import os
from openai import OpenAI
client = OpenAI(
    api_key=os.environ["DASHSCOPE_API_KEY"],
    base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    timeout=30,
)
client.chat.completions.create(
    model="qwen-plus", messages=[{"role": "user", "content": "What's up?"}], temperature=0.2
)
"""


def test_what_the_page_shows_is_what_is_said(samplegen: Run, tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = re.findall(r"```console\n\$ samplegen ([^\n]*)\n(.*?)```", text, re.DOTALL)
    command = re.search(r"```sh\n(curl .*?)```", text, re.DOTALL)
    assert command is not None and len(shown) == 3
    (tmp_path / "ask.sh").write_text(command[1])
    (tmp_path / "ask.py").write_text(PROGRAM)
    (tmp_path / "which.py").write_text(PROGRAM.replace('"qwen-plus"', 'input("Model: ")'))
    for arguments, said in shown:
        done = samplegen(*arguments.split())
        assert (done.stderr + done.stdout).decode() == said
