"""What is added has its room and nothing else: all that it lacks is said, and stops nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("tree_sitter")

RUBY = '''
"""Ruby."""

from samplegen.languages.base import NEWLINES, Language, escape
from samplegen.rendering.layout import Style


class Ruby(Language):
    id = "ruby"
    name = "Ruby"
    aliases = ("rb",)
    fence = "ruby"
    runtime = "Ruby 3.2"
    comment_mark = "#"
    style = Style(100, "  ")

    def string(self, text: str) -> str:
        return '"' + escape(text, '"', NEWLINES, {0x110000: r"\\u{{{:x}}}"}) + '"'
'''

PAGE = """\
# Call

## Ruby

```ruby
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
def with_ruby(checkout: Path) -> Path:
    room = checkout / "samplegen/languages/ruby"
    room.mkdir()
    (room / "literals.py").write_text(RUBY)
    (checkout / "page.md").write_text(PAGE)
    return checkout


def run(checkout: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "samplegen", *arguments]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False, text=True)
    return done.returncode, done.stdout, done.stderr


def test_check_judges_the_other_samples_of_a_page(with_ruby: Path) -> None:
    code, out, err = run(with_ruby, "check", "page.md", "--no-cache", "--format", "json")
    assert (code, err) == (1, "")
    found = {one["rule"]: one for one in json.loads(out)["findings"]}
    assert "aliyun.com" in found["T101"]["message"]
    assert found["T101"]["sample"]["language"] == "python"
    # What is said of Ruby is no fault of the page.
    [unread] = [one for one in found.values() if one["sample"]["language"] == "ruby"]
    assert unread["message"] == "samplegen has no reader for Ruby: it is not checked"
    assert unread["severity"] == "info"


def test_what_is_mended_is_the_rest_of_the_page(with_ruby: Path) -> None:
    code, _, err = run(with_ruby, "check", "page.md", "--no-cache", "--fix")
    # What is left is said of Ruby.
    assert (code, err) == (0, "")
    page = (with_ruby / "page.md").read_text()
    assert page == PAGE.replace("aliyun.com", "aliyuncs.com")


def test_every_rule_can_look_at_it(with_ruby: Path) -> None:
    (with_ruby / "page.md").write_text(PAGE.partition("## Python")[0])
    # What is said of Ruby fails no build, unless one asks for that.
    arguments = ["check", "page.md", "--no-cache", "--select", "strict"]
    assert run(with_ruby, *arguments, "--fail-on", "info")[0] == 1
    code, out, err = run(with_ruby, *arguments)
    assert (code, err) == (0, "")
    assert "page.md:6" in out
    assert "1 finding" in out
    for rule in ("truth", "behaves", "safe"):
        assert run(with_ruby, "check", "page.md", "--no-cache", "--select", rule)[0] == 0


def test_doctor_says_what_is_missing(with_ruby: Path) -> None:
    code, out, err = run(with_ruby, "doctor")
    assert (code, err) == (0, "")
    [line] = [line for line in out.splitlines() if " ruby " in line]
    assert line.startswith("missing")
    assert "Ruby samples cannot be run" in line


def test_verify_says_that_it_cannot_be_run(with_ruby: Path) -> None:
    (with_ruby / "page.md").write_text(PAGE.partition("## Python")[0])
    code, out, err = run(with_ruby, "verify", "page.md")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "not run page.md:6 ruby  Ruby samples cannot be run",
        "0 passed, 0 failed, 1 not run",
    ]
    code, out, _ = run(with_ruby, "verify", "page.md", "--format", "json")
    assert code == 0
    [sample] = json.loads(out)["samples"]
    assert (sample["language"], sample["isolation"]) == ("ruby", "no toolchain")
    assert sample["programs"] == 0
