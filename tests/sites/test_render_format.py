"""`samplegen render --format`: what stands in a page, and an Overlay for an OpenAPI file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from conftest import Run

from samplegen import Call
from samplegen.languages import language_ids
from samplegen.pages import read
from samplegen.rendering.sample import render
from samplegen.sites import site, site_names

SUFFIXES = {"markdown": ".md", "rst": ".rst", "asciidoc": ".adoc", "html": ".html"}


@pytest.mark.parametrize("name", [*site_names(), "sphinx-rst"])
def test_samples_are_written_as_a_page_has_them(samplegen: Run, name: str) -> None:
    done = samplegen("render", "--lang", "all", "--format", name)
    assert (done.returncode, done.stderr) == (0, b"")
    suffix = ".rst" if name == "sphinx-rst" else SUFFIXES[site(name).forms[0]]
    suffix = ".mdx" if "import " in done.stdout.decode()[:10] else suffix
    found = {
        one.language: one.code.rstrip("\n") for one in read(f"p{suffix}", done.stdout.decode())
    }
    assert found == {id: render(Call(), id).code.rstrip("\n") for id in language_ids()}


API = {
    "openapi": "3.1.0",
    "paths": {
        "/v1/models": {"get": {"operationId": "list"}},
        "/v1/chat/completions": {"post": {"operationId": "chat"}, "parameters": []},
    },
}


def applied(api: dict[str, object], overlay: dict[str, object]) -> dict[str, object]:
    """The API with an Overlay's actions; of JSONPath as much as they use."""
    for action in overlay["actions"]:  # type: ignore[attr-defined]
        names = json.loads("[" + action["target"][2:-1].replace("][", ",") + "]")
        place = api
        for name in names[:-1]:
            place = place.get(name, {})  # type: ignore[assignment]
        if action.get("remove"):
            place.pop(names[-1], None)
        else:
            place[names[-1]].update(action["update"])  # type: ignore[attr-defined]
    return api


@pytest.mark.parametrize("file", ["api.json", "api.yaml"])
@pytest.mark.parametrize("operation", [None, "chat", "POST /v1/chat/completions"])
def test_an_overlay_gives_an_operation_its_samples(
    samplegen: Run, tmp_path: Path, file: str, operation: str | None
) -> None:
    text = json.dumps(API) if file.endswith("json") else yaml.safe_dump(API)
    (tmp_path / file).write_text(text)
    more = ("--operation", operation) if operation else ()
    message = "user:tab\there, \x7f and é"
    asked = ("render", "--lang", "all", "--message", message, "--format", "overlay")
    done = samplegen(*asked, "--openapi", file, *more)
    assert (done.returncode, done.stderr) == (0, b"")
    overlay = yaml.safe_load(done.stdout)
    once = applied(json.loads(json.dumps(API)), overlay)
    assert applied(json.loads(json.dumps(once)), overlay) == once
    chat = once["paths"]["/v1/chat/completions"]["post"]  # type: ignore[index]
    call = Call.parse({"messages": [{"role": "user", "content": message[5:]}]})
    codes = [render(call, id).code for id in language_ids()]
    assert [one["source"] for one in chat["x-codeSamples"]] == codes
    assert [one["code"] for one in chat["x-readme"]["code-samples"]] == codes
    assert chat["x-codeSamples"][2] == {
        "lang": "javascript",
        "label": "Node.js",
        "source": codes[2],
    }
    assert once["paths"]["/v1/models"] == API["paths"]["/v1/models"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "overlay"), "name it with --openapi FILE"),
        (("--openapi", "api.json"), "--openapi and --operation go with --format overlay"),
        (("--format", "overlay", "--openapi", "no.json"), "no.json: No such file"),
        (("--format", "overlay", "--openapi", "bad.json"), "bad.json: not valid JSON"),
        (("--format", "overlay", "--openapi", "empty.yaml"), "empty.yaml: is no OpenAPI file"),
        (("--format", "overlay", "--openapi", "two.json"), "two.json: which operation?"),
        (
            ("--format", "overlay", "--openapi", "api.json", "--operation", "chta"),
            "unknown operation 'chta': did you mean 'chat'?",
        ),
        (("--format", "mkdocs", "--all"), "--format mkdocs is for one region and locale"),
        (("--format", "mkdoks"), "unknown format 'mkdoks': did you mean 'mkdocs'?"),
    ],
)
def test_what_makes_no_sense_is_refused(
    samplegen: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "api.json").write_text(json.dumps(API))
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "empty.yaml").write_text("a: 1\n")
    post: dict[str, object] = {"post": {}}
    two = {"paths": {"/a/chat/completions": post, "/b/chat/completions": post}}
    (tmp_path / "two.json").write_text(json.dumps(two))
    done = samplegen("render", "--lang", "go", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert message in done.stderr.decode()
