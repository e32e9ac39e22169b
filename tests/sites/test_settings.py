"""What the configuration and markers say of managed samples."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from conftest import Run

from samplegen import Call
from samplegen.check import checking, config, fixing
from samplegen.errors import InputError
from samplegen.examples import EXAMPLES, path_of
from samplegen.languages import language_ids
from samplegen.model.call import parameters
from samplegen.model.call_file import read_call
from samplegen.pages import read
from samplegen.rendering.sample import render

OPEN, CLOSE = "<!-- samplegen: {} -->", "<!-- /samplegen -->"


def written(folder: Path, options: str, said: str = "", path: str = "page.md") -> str:
    """A page with one part, written as a configuration has it; nothing else is found in it."""
    file = folder / "samplegen.toml"
    chosen = config.parse(f'select = ["strict"]\n{said}', file)
    page = f"# Title\n\n{OPEN.format(options)}\n{CLOSE}\n"
    done, left, _ = fixing.fixed(str(folder / path), page, chosen.plan(str(folder / path)))
    assert [one.finding.message for one in left] == []
    return done


def codes(text: str) -> list[str]:
    """The code of a page, each with the end of its last line."""
    return [one.code.rstrip("\n") + "\n" for one in read("page.md", text)]


def example(name: str, **said: object) -> Call:
    data, _ = read_call(path_of(name))  # type: ignore[arg-type]
    return Call.parse({**data, **said})  # type: ignore[dict-item]


USAGE = {"stream": True, "stream_options": {"include_usage": True}}


@pytest.mark.parametrize(
    ("options", "call", "flow"),
    [
        ("example=streaming", example("streaming"), None),
        ("example=tools", example("tools"), None),
        ("example=json-schema", example("json-schema"), "json"),
        ("flow=text", Call(), "text"),
        ("flow=stream region=beijing", Call(region="beijing"), "stream"),
        ("set.temperature=0.2", Call(parameters=parameters({"temperature": 0.2})), None),
        ("set.then='And you?'", Call(then="And you?"), None),
        (
            "set.stream=true set.stream_options.include_usage=true",
            Call(
                parameters=parameters({"stream": True, "stream_options": {"include_usage": True}})
            ),
            None,
        ),
    ],
)
def test_what_render_takes_stands_in_a_marker(
    tmp_path: Path, options: str, call: Call, flow: str | None
) -> None:
    done = written(tmp_path, f"lang=python,php {options}")
    assert codes(done) == [render(call, name, flow=flow).code for name in ("python", "php")]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_clean_in_every_language(tmp_path: Path, name: str) -> None:
    assert written(tmp_path, f"lang=all tabs=mkdocs client=all protocol=all example={name}")


def test_all_languages_are_those_that_can_show_the_call(tmp_path: Path) -> None:
    done = written(tmp_path, "lang=all example=tools")
    names = [one.language for one in read("page.md", done)]
    assert names == [name for name in language_ids() if name != "curl"]
    chosen = config.parse("", tmp_path / "samplegen.toml")
    page = f"{OPEN.format('lang=python,curl example=tools')}\n{CLOSE}\n"
    _, [left], _ = fixing.fixed("page.md", page, chosen.plan("page.md"))
    assert "curl-http has no sample of flow 'tools'" in left.finding.message


CALL = """
[call]
model = "qwen-max"
region = "beijing"
messages = [{ role = "user", content = "Hi" }]
"""


def test_the_configuration_says_what_markers_need_not(tmp_path: Path) -> None:
    call = Call.parse(
        {
            "model": "qwen-max",
            "region": "beijing",
            "messages": [{"role": "user", "content": "Hi"}],
        }
    )
    said = 'tabs = "mkdocs"\nlanguages = ["go", "js"]\nnotes = "brief"\ntitles = true\n' + CALL
    done = written(tmp_path, "", said)
    assert codes(done) == [render(call, name, notes="brief").code for name in ("go", "nodejs")]
    assert '=== "Go"\n\n    ```go title="main.go"\n' in done
    # A marker's fields win.
    done = written(tmp_path, "lang=php notes=none region=singapore titles=no", said)
    other = Call.parse({**call.as_json(), "region": "singapore"})
    assert codes(done) == [render(other, "php", notes="none").code]
    assert '=== "' not in done


def test_an_example_goes_where_the_configurations_call_goes(tmp_path: Path) -> None:
    done = written(tmp_path, "lang=go", 'example = "streaming"\n' + CALL)
    assert codes(done) == [
        render(example("streaming", region="beijing", model="qwen-max"), "go").code
    ]
    # One that needs a model of its own keeps it.
    done = written(tmp_path, "lang=go example=image", CALL)
    assert codes(done) == [render(example("image", region="beijing"), "go", flow="text").code]


def test_notes_list_the_regions_that_are_named(tmp_path: Path) -> None:
    done = written(tmp_path, "lang=python regions=beijing")
    assert "China (Beijing): https://" in done
    assert "US (Virginia)" not in done
    assert "# URL for Singapore:" in done


def test_labels_are_the_projects(tmp_path: Path) -> None:
    said = """
labels.nodejs = "JavaScript"
[labels.zh]
openai = "兼容模式"
"""
    options = "lang=js,go tabs=mkdocs protocol=openai,dashscope"
    done = written(tmp_path, options, said)
    assert '=== "OpenAI compatible"\n\n    === "JavaScript"' in done
    done = written(tmp_path, f"{options} locale=zh", said, "zh/page.md")
    assert '=== "兼容模式"\n\n    === "JavaScript"' in done


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('tabs = "mkdoc"', "unknown tabs 'mkdoc': did you mean 'mkdocs'?"),
        ('languages = ["goo"]', "unknown language 'goo'"),
        ("languages = 1", "languages: a list of names is expected, not 1"),
        ('example = "tool"', "unknown example 'tool': did you mean 'tools'?"),
        ('flow = "streem"', "unknown flow 'streem'"),
        ('regions = ["mars"]', "unknown region 'mars'"),
        ("titles = 1", "titles: true or false is expected, not 1"),
        ("[labels.fr]\ngo = 'Go'", "labels: unknown locale 'fr'"),
        ("labels = 1", "labels: a table is expected, not 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, said: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        config.parse(said, tmp_path / "samplegen.toml")
    assert message in str(caught.value)


def test_changing_the_model_changes_each_sample_and_nothing_else(
    samplegen: Run, tmp_path: Path
) -> None:
    pages = {
        "a.md": "mkdocs",
        "b.mdx": "docusaurus",
        "c.md": "vitepress",
        "d.rst": "sphinx",
        "e.md": "sphinx",
    }
    for name, tabs in pages.items():
        one, two = OPEN.format(f"lang=all tabs={tabs} example=streaming"), CLOSE
        if name == "b.mdx":
            one, two = (text.replace("<!--", "{/*").replace("-->", "*/}") for text in (one, two))
        if name == "d.rst":
            one, two = (f".. {text[5:-4]}" for text in (one, two))
        (tmp_path / name).write_text(f"Call qwen-plus:\n\n{one}\n{two}\n\nqwen-plus it was.\n")
    (tmp_path / "samplegen.toml").write_text('pages = ["*"]\n[call]\nmodel = "qwen-plus"\n')
    assert samplegen("check", "--fix").returncode == 0
    before = {name: (tmp_path / name).read_text() for name in pages}
    (tmp_path / "samplegen.toml").write_text('pages = ["*"]\n[call]\nmodel = "qwen-max"\n')
    assert samplegen("check").returncode == 1
    assert samplegen("check", "--fix").returncode == 0
    for name in pages:
        head, *samples, tail = before[name].split("qwen-plus")
        assert len(samples) == 8
        changed = "qwen-max".join(samples)
        expected = f"{head}qwen-plus{changed}qwen-plus{tail}"
        assert (tmp_path / name).read_text() == expected


MARKED = [
    ("mkdocs", "python", 'hl_lines="2 900"', 'hl_lines="2"'),
    ("docusaurus", "python", "{2,4-5,900}", "{2,4-5}"),
    ("docusaurus", "python", "showLineNumbers", "showLineNumbers"),
    ("vitepress", "python", "{1}", "{1}"),
    ("starlight", "python", "{900}", ""),
]


@pytest.mark.parametrize(("tabs", "language", "said", "kept"), MARKED)
def test_what_an_author_wrote_behind_a_fence_stays(
    tmp_path: Path, tabs: str, language: str, said: str, kept: str
) -> None:
    chosen = config.parse("", tmp_path / "samplegen.toml")
    name = "page.mdx" if tabs in ("docusaurus", "starlight") else "page.md"
    one, two = OPEN.format(f"lang=python,go tabs={tabs}"), CLOSE
    page = f"{one}\n{two}\n"
    if name.endswith("mdx"):
        page = page.replace("<!--", "{/*").replace("-->", "*/}")
    done = fixing.fixed(name, page, chosen.plan(name)).text
    marked = done.replace("```python", f"```python {said}")
    expected = done.replace("```python", f"```python {kept}".rstrip())
    if tabs == "vitepress":
        expected = done.replace("```python [Python]", f"```python [Python] {kept}")
    assert fixing.fixed(name, marked, chosen.plan(name)).text == expected


def test_what_an_author_wrote_between_markers_goes_only_when_asked(tmp_path: Path) -> None:
    chosen = config.parse("", tmp_path / "samplegen.toml")
    plan = chosen.plan("page.md")
    page = f"{OPEN.format('lang=python,go tabs=mkdocs')}\n{CLOSE}\n"
    done = fixing.fixed("page.md", page, plan).text
    own = done.replace('=== "Go"', 'My own words.\n\n=== "Go"')
    assert fixing.fixed("page.md", own, plan).text == own
    assert fixing.fixed("page.md", own, plan, unsafe=True).text == done
    # The form of another builder is no author's.
    other = done.replace("tabs=mkdocs", "tabs=vitepress")
    assert "::: code-group" in fixing.fixed("page.md", other, plan).text


def test_a_page_imports_what_it_needs_once(tmp_path: Path) -> None:
    chosen = config.parse("", tmp_path / "samplegen.toml")
    plan = chosen.plan("page.mdx")
    part = "{/* samplegen: lang=go,php tabs=docusaurus */}\n{/* /samplegen */}\n"
    done = fixing.fixed("page.mdx", f"# A\n\n{part}\n## B\n\n{part}", plan).text
    assert done.count("import Tabs from") == done.count("import TabItem from") == 1
    assert fixing.fixed("page.mdx", done, plan).text == done
    head = "import TabItem from '@theme/TabItem';\n\n"
    done = fixing.fixed("page.mdx", f"{head}# A\n\n{part}", plan).text
    assert done.count("import Tabs from") == done.count("import TabItem from") == 1
    listed = "".join(f"  {line}\n" for line in part.splitlines())
    _, [left], _ = fixing.fixed("page.mdx", f"- A\n\n{listed}", plan)
    assert left.finding.message.startswith("write at the top of the page, since no list can hold")


def test_a_built_page_is_compared_with_what_is_rendered_now(tmp_path: Path) -> None:
    plan = config.parse("", tmp_path / "samplegen.toml").plan("built.html")
    pres = [
        f'<pre><code class="language-{name}">{html.escape(render(Call(), name).code)}</code></pre>'
        for name in ("python", "go")
    ]
    built = f"{OPEN.format('lang=python,go tabs=mkdocs')}\n{''.join(pres)}\n{CLOSE}\n"
    built = built.replace("\t", "    ")
    assert checking.check(checking.view("built.html", built, plan), plan) == []
    stale = built.replace("qwen-plus", "qwen-max")
    [found] = checking.check(checking.view("built.html", stale, plan), plan)
    assert "build this page anew" in found.finding.message
    assert fixing.fixed("built.html", stale, plan).text == stale


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("p.md", "tabs=mkdocs", "which language? Write lang=LANGUAGE, or lang=all"),
        ("p.md", "lang=go titles=maybe", "titles=maybe: write titles=yes or titles=no"),
        ("p.md", "lang=go set.=1", "set.=1: write it as NAME=JSON"),
        ("p.md", "lang=go set.seed", "set.seed: has no value: write set.seed=VALUE"),
        ("p.md", "lang=go set.seed=1 set.seed=2", "set.seed: is there twice"),
        ("p.md", "lang=go set.temprature=1", "unknown field 'temprature': did you mean"),
        ("p.md", "lang=go set.temperature=9", "temperature: Temperature should be in"),
        ("p.md", "lang=go regions=mars", "unknown region 'mars'"),
        ("p.md", "lang=go example=x call=y.json", "call and example both name a call"),
        ("p.md", "lang=go example=streming", "unknown example 'streming': did you mean"),
        ("p.md", "lang=go protocol=opnai", "unknown protocol 'opnai': did you mean 'openai'?"),
        ("p.md", "lang=go client=sdkk", "unknown client 'sdkk': did you mean 'sdk'?"),
        ("p.md", "lang=all tabs=mkdoc", "unknown tabs 'mkdoc': did you mean 'mkdocs'?"),
        ("p.md", "lang=all tabs=starlight", "tabs=starlight: .md pages cannot have such tabs"),
        ("p.html", "lang=all tabs=github", "write tabs=headings or tabs=html"),
        ("p.rst", "lang=all tabs=mkdocs", "write tabs=headings or tabs=sphinx"),
    ],
)
def test_what_a_marker_cannot_say_is_a_finding(path: str, options: str, message: str) -> None:
    one, two = OPEN.format(options), CLOSE
    if path.endswith("rst"):
        one, two = (f".. {text[5:-4]}" for text in (one, two))
    plan = config.parse('select = ["managed"]', Path("samplegen.toml")).plan(path)
    [found] = checking.check(checking.view(path, f"{one}\n\n{two}\n", plan), plan)
    assert found.finding.name == "bad-marker"
    assert message in found.finding.message
    assert found.edit is None
