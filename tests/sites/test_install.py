"""What installs a sample, above it or in it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from conftest import Run

from samplegen.check import config, fixing
from samplegen.languages import language_ids
from samplegen.model.call import Call
from samplegen.pages import read
from samplegen.rendering.sample import render
from samplegen.sites import site, site_names

COMMENTS = {".md": "<!-- {} -->", ".mdx": "{{/* {} */}}", ".rst": ".. {}", ".adoc": "// {}"}
COMMENTS[".html"] = "<!-- {} -->"
SUFFIXES = {"markdown": ".md", "rst": ".rst", "asciidoc": ".adoc", "html": ".html"}


def places() -> list[tuple[str, str]]:
    found = []
    for name in site_names():
        mdx = site(name).opening.startswith("{{/*")
        found += [(name, ".mdx" if mdx else SUFFIXES[form]) for form in site(name).forms]
    return found


def written(
    folder: Path, suffix: str, options: str, said: str = "", locale: str | None = None
) -> str:
    said = f'select = ["strict"]\n{said}'
    plan = config.parse(said, folder / "samplegen.toml").plan(f"a{suffix}")
    plan = plan._replace(locale=locale or plan.locale)
    marks = [COMMENTS[suffix].format(one) for one in (f"samplegen: {options}", "/samplegen")]
    done, left, _ = fixing.fixed(f"a{suffix}", f"{marks[0]}\n{marks[1]}\n", plan)
    assert [one.finding.message for one in left] == []
    assert fixing.fixed(f"a{suffix}", done, plan).text == done
    return done


@pytest.mark.parametrize("protocols", ["openai", "openai,dashscope"])
@pytest.mark.parametrize(("name", "suffix"), places())
def test_each_builder_has_it_above_each_sample(
    tmp_path: Path, name: str, suffix: str, protocols: str
) -> None:
    options = f"lang=all tabs={name} protocol={protocols}"
    done = written(tmp_path, suffix, f"{options} install=above")
    found = read(f"a{suffix}", done)
    usual = [render(Call(protocol=p), id) for p in protocols.split(",") for id in language_ids()]
    assert [one.language for one in found if one.language] == [one.language for one in usual]
    installs = [one for one in found if not one.language]
    assert [one.code.strip() for one in installs] == [one.install for one in usual if one.install]
    if name not in ("vitepress", "mintlify"):
        # Right above its sample: a group of fences has no place there.
        order = [one.language or one.code.strip() for one in found]
        for one in usual:
            if one.install:
                assert order[order.index(one.install) + 1] == one.language
    assert len(re.findall(r"Requires Python 3\.\d+ or later\n", done)) == len(protocols.split(","))
    # As it was, and back: all that is there is samplegen's.
    plan = config.parse("", tmp_path / "samplegen.toml").plan(f"a{suffix}")
    before = written(tmp_path, suffix, options)
    assert before.count("pip install") == len(protocols.split(","))
    there = done.replace(" install=above", "")
    assert fixing.fixed(f"a{suffix}", there, plan)[:2] == (before, [])
    older = done.replace("openai==", "openai==0.0.").replace(" v", " v0.0.")
    assert fixing.fixed(f"a{suffix}", older, plan)[:2] == (done, [])


@pytest.mark.parametrize("suffix", COMMENTS)
def test_a_sample_alone_has_it_above(tmp_path: Path, suffix: str) -> None:
    done = written(tmp_path, suffix, "lang=python", 'install = "above"')
    install, sample = read(f"a{suffix}", done)
    assert install.code.strip() == render(Call(), "python").install
    assert sample.language == "python"
    assert "pip install" not in sample.code
    before = written(tmp_path, suffix, "lang=python install=sample", 'install = "above"')
    plan = config.parse("", tmp_path / "samplegen.toml").plan(f"a{suffix}")
    there = done.replace("lang=python", "lang=python install=sample")
    assert fixing.fixed(f"a{suffix}", there, plan)[:2] == (before, [])


def test_a_format_without_a_place_above_says_so_or_keeps_the_note(tmp_path: Path) -> None:
    chosen = config.parse('install = "above"', tmp_path / "samplegen.toml")
    page = "# samplegen: lang=python\n"
    assert "# pip install openai==" in fixing.fixed("a.py", page, chosen.plan("a.py")).text
    page = "# samplegen: lang=python install=above\n"
    _, [left], _ = fixing.fixed("a.py", page, chosen.plan("a.py"))
    assert left.finding.message == "install=above: .py pages have no place above a sample"


@pytest.mark.parametrize("locale", ["ja", "zh"])
def test_the_note_that_is_left_is_in_the_pages_language(tmp_path: Path, locale: str) -> None:
    usual = render(Call(), "php", locale=locale).code.splitlines()[2]
    runtime = usual.replace("// ", "# ").replace("PHP (ext-curl) 8.1", "Python 3.10")
    done = written(tmp_path, ".md", "lang=python install=above", locale=locale)
    assert f"{runtime}\nimport os\n" in done


def test_the_note_that_is_left_is_in_the_projects_words(tmp_path: Path) -> None:
    options = "lang=python install=above"
    done = written(tmp_path, ".md", options, '[words]\nrequires_runtime = "Needs {runtime}"')
    assert "# Needs Python 3.10\n" in done
    done = written(tmp_path, ".md", options, '[words]\nrequires_package = ""')
    assert "Requires" not in done
    assert done.count("pip install") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--install", "abov", "--format", "mkdocs"), "unknown install 'abov': did you mean"),
        (("--install", "above"), "--install goes with the --format of a site builder"),
    ],
)
def test_render_refuses_what_makes_no_sense(
    samplegen: Run, arguments: tuple[str, ...], message: str
) -> None:
    done = samplegen("render", "--lang", "go", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert message in done.stderr.decode()


def test_a_built_page_may_call_what_installs_a_sample_by_its_language(tmp_path: Path) -> None:
    # MkDocs and Sphinx may build a block without its language: the tab's label tells it.
    samples = read("a.md", written(tmp_path, ".md", "lang=java,go tabs=mkdocs install=above"))
    pres = [f"<pre>{html.escape(one.code)}</pre>" for one in samples]
    tabs = [f"<h4>Java</h4>{pres[0]}{pres[1]}", f"<h4>Go</h4>{pres[2]}{pres[3]}"]
    opening = COMMENTS[".html"].format("samplegen: lang=java,go tabs=mkdocs install=above")
    built = f"{opening}\n{''.join(tabs)}\n{COMMENTS['.html'].format('/samplegen')}\n"
    assert [one.language for one in read("a.html", built)] == ["java", "java", None, "go"]
    plan = config.parse('select = ["managed"]', tmp_path / "samplegen.toml").plan("a.html")
    assert fixing.fixed("a.html", built, plan)[:2] == (built, [])
    _, [left], _ = fixing.fixed("a.html", built.replace("qwen-plus", "qwen-max", 1), plan)
    assert "build this page anew" in left.finding.message
