"""`samplegen add` and what `samplegen init` says of a project's site builder."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conftest import Run

from samplegen.languages import language_ids
from samplegen.pages import read
from samplegen.sites.detect import of_page, of_project

PAGE = """\
---
title: x
---
# Title

Hello.

## Make a call

Do it so:

```sh
pip install openai
# Not a heading
```

## Next

End.
"""

BUILDERS = {
    "mkdocs.yml": ("site_name: x\n", "mkdocs"),
    "docusaurus.config.ts": ("export default {}\n", "docusaurus"),
    ".vitepress/config.mts": ("export default {}\n", "vitepress"),
    "conf.py": ("extensions = []\n", "sphinx"),
    "docs.json": ('{"$schema": "https://mintlify.com/docs.json"}\n', "mintlify"),
    "mint.json": ('{"$schema": "https://mintlify.com/schema.json"}\n', "mintlify"),
    "astro.config.mjs": ("import starlight from '@astrojs/starlight'\n", "starlight"),
    "antora.yml": ("name: x\n", "asciidoc"),
}


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_project_shows_its_builder(tmp_path: Path, name: str) -> None:
    text, builder = BUILDERS[name]
    put(tmp_path, **{f"docs/{name}": text, "docs/sub/page.md": PAGE, ".git/x": ""})
    [found] = of_project(tmp_path)
    assert (found.name, found.file) == (builder, tmp_path / "docs" / name)
    assert of_page(tmp_path / "docs/sub/page.md") == found


def test_a_file_that_is_only_called_so_is_none(tmp_path: Path) -> None:
    put(tmp_path, **{"docs.json": "{}", "astro.config.mjs": "", "node_modules/mkdocs.yml": ""})
    assert of_project(tmp_path) == []
    put(tmp_path, **{"sub/.git/x": "", "mkdocs.yml": "", "sub/page.md": PAGE})
    assert of_page(tmp_path / "sub/page.md") is None


def test_samples_stand_at_the_end_of_a_section(samplegen: Run, tmp_path: Path) -> None:
    put(tmp_path, **{"docs/page.md": PAGE, "mkdocs.yml": "site_name: x\n"})
    done = samplegen("add", "docs/page.md", "--heading", "make a call")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("docs/page.md:17: 7 samples (Python, Java, ")
    assert "samplegen: mkdocs.yml needs: below markdown_extensions" in done.stderr.decode()
    text = (tmp_path / "docs/page.md").read_text()
    before, after = PAGE.split("## Next")
    assert text.startswith(f"{before}<!-- samplegen: lang=all tabs=mkdocs -->\n=== ")
    assert text.endswith(f"<!-- /samplegen -->\n\n## Next{after}")
    assert [one.language for one in read("page.md", text)][1:] == list(language_ids())
    assert samplegen("check", "docs").returncode == 0
    # What the configuration says need not stand in the marker.
    (tmp_path / "samplegen.toml").write_text('tabs = "github"\nlanguages = ["go", "php"]\n')
    assert samplegen("add", "docs/page.md", "--line", "4", "--example", "text").returncode == 0
    assert (
        "---\n\n<!-- samplegen: example=text -->\n<details open>"
        in (tmp_path / "docs/page.md").read_text()
    )


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "text", "opening"),
    [
        ("a.mdx", "# A\n\n## B\n", "{/* samplegen: lang=go */}"),
        ("a.md", "# A\n\n## B\n", "<!-- samplegen: lang=go -->"),
        ("a.rst", "A\n===\n\nB\n---\n", ".. samplegen: lang=go"),
        ("a.adoc", "= A\n\n== B\n", "// samplegen: lang=go"),
        ("a.html", "<h1>A</h1>\n\n<h2>B</h2>\n", "<!-- samplegen: lang=go -->"),
        ("a.md", "", "<!-- samplegen: lang=go -->"),
        ("a.md", "no end", "<!-- samplegen: lang=go -->"),
    ],
)
def test_each_format_has_its_own_comment(
    samplegen: Run, tmp_path: Path, path: str, text: str, opening: str, eol: str
) -> None:
    (tmp_path / path).write_bytes(text.replace("\n", eol).encode())
    where = ("--heading", "A") if "A" in text else ()
    assert samplegen("add", path, "--lang", "go", *where).returncode == 0
    done = (tmp_path / path).read_bytes().decode()
    if eol == "\r\n" and text.count("\n"):
        assert done.count("\r\n") == done.count("\n")
    lines = done.splitlines()
    assert opening in lines
    if where:
        assert lines.index(opening) < next(n for n, one in enumerate(lines) if "B" in one[:6])
    assert [one.language for one in read(path, done)] == ["go"]
    assert samplegen("check", path, "--select", "strict").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--heading", "Mak a call"), "unknown heading 'Mak a call': did you mean 'Make a call'?"),
        (("--line", "99"), "page.md has 19 lines, and no line 99"),
        (("--line", "13"), "line 13 is in a sample: name one outside"),
        (("--line", "1", "--heading", "x"), "--heading and --line both say where"),
        (("--lang", "goo"), "nothing is written: unknown language 'goo': did you mean 'go'?"),
        (("--tabs", "mkdoc"), "unknown tabs 'mkdoc': did you mean 'mkdocs'?"),
        (("--tabs", "starlight"), "tabs=starlight: .md pages cannot have such tabs: they need"),
        (("--example", "x"), "unknown example 'x'"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    samplegen: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    done = samplegen("add", "page.md", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert (tmp_path / "page.md").read_text() == PAGE


def test_a_project_without_samples_is_begun(samplegen: Run, tmp_path: Path) -> None:
    put(tmp_path, **{"docs/page.md": PAGE, "mkdocs.yml": "site_name: x\n"})
    done = samplegen("init")
    assert done.returncode == 0
    assert "tabs: mkdocs, by mkdocs.yml" in done.stdout.decode()
    assert 'next: samplegen add PAGE --heading "…"' in done.stdout.decode()
    data = tomllib.loads((tmp_path / "samplegen.toml").read_text())
    assert data == {
        "pages": ["docs/**/*.md"],
        "tabs": "mkdocs",
        "languages": ["all"],
    }
    assert samplegen("add", "docs/page.md").returncode == 0
    assert "<!-- samplegen: -->\n=== " in (tmp_path / "docs/page.md").read_text()
    assert samplegen("check").returncode == 0
    # Later, pages have samples.
    (tmp_path / "samplegen.toml").unlink()
    done = samplegen("init")
    assert tomllib.loads((tmp_path / "samplegen.toml").read_text())["tabs"] == "mkdocs"
