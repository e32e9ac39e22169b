"""A region is one entry in the catalog; a language is one file and its templates."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from samplegen.rendering.notes import locales
from samplegen.rendering.targets import targets

REGION = """
[regions.mars]
name = { en = "Mars", ja = "火星", zh = "火星" }
host = "mars.example"
published = true
"""

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
    null = "nil"

    def string(self, text: str) -> str:
        forms = {0x110000: r"\\u{{{:x}}}"}
        return '"' + escape(text, '"', NEWLINES, forms).replace("#", "\\\\#") + '"'

    def key(self, name: str) -> str:
        return self.string(name)
'''

TEMPLATE = """\
{{ note("requires") }}
require "json"
require "net/http"

{{ note("key", "api_key = %s") }}
api_key = ENV.fetch({{ key_env }}, "")
abort {{ missing_key }} if api_key.empty?

{{ note("url", path) }}
uri = URI({{ url }})
body = {{ body | annotated(model=note("model")) }}
response = Net::HTTP.post(uri, body.to_json, "Authorization" => "Bearer #{api_key}")
puts response.body
"""


def run(checkout: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "samplegen", *arguments]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=True)
    return done.stdout.decode()


def test_a_region_is_one_entry(checkout: Path) -> None:
    with (checkout / "samplegen/model/catalog.toml").open("a", encoding="utf-8") as file:
        file.write(REGION)
    samples = json.loads(run(checkout, "render", "--all", "--region", "mars", "--format", "json"))
    assert len(samples) == len(targets()) * len(locales())
    assert all("https://mars.example/" in sample["code"] for sample in samples)
    # The samples of the other regions stay as they are, until their notes are to list it.
    beijing = ("render", "--lang", "go", "--region", "beijing", "--locale", "ja")
    assert "火星" not in run(checkout, *beijing)
    assert "mars" in json.loads(run(checkout, "list", "--format", "json"))["regions"]
    with (checkout / "samplegen/model/catalog.toml").open("a", encoding="utf-8") as file:
        file.write("noted = true\n")
    assert "火星: https://mars.example/" in run(checkout, *beijing)


def test_a_language_is_one_file_and_its_templates(checkout: Path) -> None:
    room = checkout / "samplegen/languages/dale"
    room.mkdir()
    (room / "literals.py").write_text(DALE)
    folder = checkout / "templates/any/dale-http"
    folder.mkdir()
    (folder / "whole.dl.j2").write_text(TEMPLATE)
    for protocol in ("openai", "dashscope"):
        options = ("--protocol", protocol, "--message", 'user:#{1} "q"\n')
        code = run(checkout, "render", "--lang", "dl", *options)
        assert r'"content": "\#{1} \"q\"\n"' in code
        assert "# Requires Dale 3.2 or later\n" in code
        assert '# If DASHSCOPE_API_KEY is not set, replace the next line with: api_key = "' in code
    listing = json.loads(run(checkout, "list", "--format", "json"))
    assert listing["languages"][-1] == "dale"
    target = {"language": "dale", "protocol": "dashscope", "client": "http", "flows": ["whole"]}
    assert target in listing["targets"]


def test_a_misspelt_value_in_a_template_is_an_error(checkout: Path) -> None:
    path = checkout / "templates/any/go-http/base.go.j2"
    assert "{{ url }}" in path.read_text()
    path.write_text(path.read_text().replace("{{ url }}", "{{ ulr }}"))
    command = [sys.executable, "-m", "samplegen", "render", "--lang", "go", "--client", "http"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"'ulr' is undefined" in done.stderr
    assert done.stdout == b""


def test_a_template_cannot_look_at_a_text(checkout: Path) -> None:
    path = checkout / "templates/any/go-http/base.go.j2"
    path.write_text('{% if model == "x" %}{% endif %}' + path.read_text())
    command = [sys.executable, "-m", "samplegen", "render", "--lang", "go", "--client", "http"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False)
    assert b"a template may place the text of a call, not look at it" in done.stderr
