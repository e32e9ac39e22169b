"""Tab sets: what is written for each site builder, and that it is read back as it was meant."""

from __future__ import annotations

import pytest

from samplegen import Call
from samplegen.check import fixing
from samplegen.check.checking import Plan
from samplegen.check.rules import all_rules
from samplegen.languages import language_ids
from samplegen.model.catalog import builtin
from samplegen.pages import PublishedSample, read
from samplegen.rendering.sample import render
from samplegen.rendering.targets import find
from samplegen.sites import site, site_names

PLAN = Plan(all_rules(), builtin())

COMMENTS = {
    ".md": ("<!-- {} -->",),
    ".mdx": ("{{/* {} */}}",),
    ".rst": (".. {}",),
    ".adoc": ("// {}",),
    ".html": ("<!-- {} -->",),
}
SUFFIXES = {"markdown": (".md", ".mdx"), "rst": (".rst",), "asciidoc": (".adoc",)}
SUFFIXES |= {"html": (".html",)}


def places() -> list[tuple[str, str]]:
    """Each builder with each kind of page that it reads."""
    found = []
    for name in site_names():
        one = site(name)
        of = [s for form in one.forms for s in SUFFIXES[form]]
        # MDX knows no indented code, and no `style` in HTML.
        of = [s for s in of if not one.suffixes or s in one.suffixes]
        mdx = one.opening.startswith("{{/*") or name in ("headings",)
        found += [(name, s) for s in of if s != ".mdx" or mdx]
    return found


PLACES = places()


def page(suffix: str, options: str, lead: str = "", before: str = "") -> str:
    comment = COMMENTS[suffix][0]
    heading = "Call\n====" if suffix == ".rst" else "== Call" if suffix == ".adoc" else "## Call"
    heading = "<h2>Call</h2>" if suffix == ".html" else heading
    opening, closing = comment.format(f"samplegen: {options}"), comment.format("/samplegen")
    return f"{heading}\n\n{before}{lead}{opening}\n{lead}{closing}\n\nThe end.\n"


def written(path: str, text: str, plan: Plan = PLAN) -> str:
    """The page with its parts written, and nothing else to find in it."""
    done, left, _ = fixing.fixed(path, text, plan)
    assert [one.finding.message for one in left] == []
    assert fixing.fixed(path, done, plan)[:2] == (done, [])
    return done


def found(path: str, text: str) -> list[PublishedSample]:
    return read(path, text)


def codes(call: Call, flow: str | None = None) -> dict[str, str]:
    return {
        id: render(call, id, flow=flow).code.rstrip("\n")
        for id in language_ids()
        if flow is None or flow in find(id, call.protocol).flows
    }


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize(("name", "suffix"), PLACES)
def test_a_set_is_read_back_as_it_was_meant(name: str, suffix: str, eol: str) -> None:
    path = f"page{suffix}"
    text = page(suffix, f"lang=all tabs={name}").replace("\n", eol)
    done = written(path, text)
    assert done.count("\r\n") == (done.count("\n") if eol == "\r\n" else 0)
    samples = found(path, done)
    assert {one.language: one.code.rstrip("\n") for one in samples} == codes(Call())
    assert [one.language for one in samples] == list(language_ids())
    # What stands around the markers is as it was.
    opening, closing = text.splitlines(keepends=True)[-4:-2]
    before, after = text.split(opening + closing)
    assert done.startswith(before + opening)
    assert done.endswith(closing + after)


LABELLED = {"mkdocs", "docusaurus", "starlight", "sphinx", "asciidoc", "headings"}


@pytest.mark.parametrize(("name", "suffix"), [one for one in PLACES if one[0] in LABELLED])
def test_a_tab_has_its_languages_label(name: str, suffix: str) -> None:
    if (name, suffix) == ("headings", ".rst"):
        return  # A rubric is no heading.
    done = written(f"page{suffix}", page(suffix, f"lang=csharp,js tabs={name}"))
    labels = [one.tab or one.heading for one in found(f"page{suffix}", done)]
    assert labels == ["C#", "Node.js"]


@pytest.mark.parametrize(("name", "suffix"), PLACES)
def test_two_protocols_make_two_levels(name: str, suffix: str) -> None:
    path = f"page{suffix}"
    options = f"lang=python,curl protocol=openai,dashscope client=all tabs={name}"
    done = written(path, page(suffix, options))
    calls = [Call(), Call(protocol="dashscope")]
    expected = [
        render(call, name, client).code.rstrip("\n")
        for call in calls
        for name, client in (("python", "sdk"), ("python", "http"), ("curl", "http"))
    ]
    assert [one.code.rstrip("\n") for one in found(path, done)] == expected
    assert done.count("OpenAI compatible") == 1
    assert done.count("Python (HTTP)") == 2


@pytest.mark.parametrize(("name", "suffix"), PLACES)
@pytest.mark.parametrize("lead", ["    ", "   ", "  "])
def test_a_set_may_stand_in_a_list(name: str, suffix: str, lead: str) -> None:
    if (
        suffix in (".adoc", ".html")
        or not site(name).in_lists
        or (name == "mkdocs" and lead != "    ")
    ):
        return
    bullet = {"    ": "10. ", "   ": "1. ", "  ": "- "}[lead]
    imports = "".join(f"{line}\n" for line in site(name).imports.values())
    text = page(suffix, f"lang=python,go tabs={name}", lead, f"{bullet}First\n\n")
    done = written(f"page{suffix}", f"{imports}\n{text}")
    samples = found(f"page{suffix}", done)
    assert [one.language for one in samples] == ["python", "go"]
    assert samples[1].code.rstrip("\n") == render(Call(), "go").code.rstrip("\n")
    inside = done.split("samplegen: ")[1].split("/samplegen")[0].splitlines()[1:-1]
    assert all(line.startswith(lead) for line in inside if line)


HOSTILE = ["````", ":::::", "======", "-------", "</div>", '"x"', "{{ 1 }}", "<b>", "=== x", ".. x"]


@pytest.mark.parametrize(("name", "suffix"), PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_code_may_have_what_the_format_is_made_of(name: str, suffix: str, text: str) -> None:
    comment = COMMENTS[suffix][0]
    lines = f"a\\n{text}\\n{text} b <1>\\n"
    call = Call.parse({"messages": [{"role": "user", "content": lines.replace("\\n", "\n")}]})
    message = f'set.messages=\'[{{"role": "user", "content": "{lines}"}}]\''
    message = message.replace('"x"', '\\"x\\"')
    opening = comment.format(f"samplegen: lang=java,php,curl tabs={name} {message}")
    done = written(f"page{suffix}", f"# T\n\n{opening}\n{comment.format('/samplegen')}\n")
    got = {one.language: one.code.rstrip("\n") for one in found(f"page{suffix}", done)}
    assert got == {id: code for id, code in codes(call).items() if id in ("java", "php", "curl")}


def test_a_set_that_cannot_be_indented_says_so() -> None:
    text = page(".md", "lang=all tabs=html", "  ", "- First\n\n")
    _, [left], _ = fixing.fixed("page.md", text, PLAN)
    assert left.finding.message.startswith("such tabs cannot stand in a list or a quote")
    # HTML has no indentation of its own: the code's stays what it is.
    text = page(".html", "lang=go tabs=html", "  ")
    [go] = found("page.html", written("page.html", text))
    assert go.code.rstrip("\n") == render(Call(), "go").code.rstrip("\n")
