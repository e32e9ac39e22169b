"""What is added has its room and nothing else: all that it lacks is said, and stops nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("tree_sitter")

DALE = '''
"""Dale."""

from samplegen.languages.base import NEWLINES, Language, escape
from samplegen.rendering.layout import Style


class Dale(Language):
    id = "dale"
    name = "Dale"
    aliases = ("dl",)
    fence = "dale"
    runtime = "Dale 3.2"
    comment_mark = "#"
    style = Style(100, "  ")

    def string(self, text: str) -> str:
        return '"' + escape(text, '"', NEWLINES, {0x110000: r"\\u{{{:x}}}"}) + '"'
'''

PAGE = """\
# Call

## Dale

```dale
require "net/http"
uri = URI("https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions")
puts Net::HTTP.post(uri, {model: "qwen-plus"}.to_json, "Authorization" => "Bearer #{key}").body
```

## Python

```python
import os
from openai import OpenAI

client = OpenAI(
    api_key=os.getenv("DASHSCOPE_API_KEY"),
    base_url="https://dashscope-intl.aliyun.com/compatible-mode/v1",
)
completion = client.chat.completions.create(
    model="qwen-plus", messages=[{"role": "user", "content": "Who are you?"}]
)
print(completion.model_dump_json())
```
"""


@pytest.fixture
def with_dale(checkout: Path) -> Path:
    room = checkout / "samplegen/languages/dale"
    room.mkdir()
    (room / "literals.py").write_text(DALE)
    (checkout / "page.md").write_text(PAGE)
    return checkout


def run(checkout: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "samplegen", *arguments]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False, text=True)
    return done.returncode, done.stdout, done.stderr


def test_check_judges_the_other_samples_of_a_page(with_dale: Path) -> None:
    code, out, err = run(with_dale, "check", "page.md", "--no-cache", "--format", "json")
    assert (code, err) == (1, "")
    found = {one["rule"]: one for one in json.loads(out)["findings"]}
    assert "aliyun.com" in found["T101"]["message"]
    assert found["T101"]["sample"]["language"] == "python"
    # What is said of Dale is no fault of the page.
    [unread] = [one for one in found.values() if one["sample"]["language"] == "dale"]
    assert unread["message"] == "samplegen has no reader for Dale: it is not checked"
    assert unread["severity"] == "info"


def test_what_is_mended_is_the_rest_of_the_page(with_dale: Path) -> None:
    code, _, err = run(with_dale, "check", "page.md", "--no-cache", "--fix")
    # What is left is said of Dale.
    assert (code, err) == (0, "")
    page = (with_dale / "page.md").read_text()
    assert page == PAGE.replace("aliyun.com", "aliyuncs.com")


def test_every_rule_can_look_at_it(with_dale: Path) -> None:
    (with_dale / "page.md").write_text(PAGE.partition("## Python")[0])
    # What is said of Dale fails no build, unless one asks for that.
    arguments = ["check", "page.md", "--no-cache", "--select", "strict"]
    assert run(with_dale, *arguments, "--fail-on", "info")[0] == 1
    code, out, err = run(with_dale, *arguments)
    assert (code, err) == (0, "")
    assert "page.md:6" in out
    assert "1 finding" in out
    for rule in ("truth", "behaves", "safe"):
        assert run(with_dale, "check", "page.md", "--no-cache", "--select", rule)[0] == 0


def test_doctor_says_what_is_missing(with_dale: Path) -> None:
    code, out, err = run(with_dale, "doctor")
    assert (code, err) == (0, "")
    [line] = [line for line in out.splitlines() if " dale " in line]
    assert line.startswith("missing")
    assert "Dale samples cannot be run" in line


def test_verify_says_that_it_cannot_be_run(with_dale: Path) -> None:
    (with_dale / "page.md").write_text(PAGE.partition("## Python")[0])
    code, out, err = run(with_dale, "verify", "page.md")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "not run page.md:6 dale  Dale samples cannot be run",
        "0 passed, 0 failed, 1 not run",
    ]
    code, out, _ = run(with_dale, "verify", "page.md", "--format", "json")
    assert code == 0
    [sample] = json.loads(out)["samples"]
    assert (sample["language"], sample["isolation"]) == ("dale", "no toolchain")
    assert sample["programs"] == 0
