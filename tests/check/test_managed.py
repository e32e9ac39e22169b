"""Managed samples: what stands between markers is what samplegen renders now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from conftest import Run

from samplegen import Call
from samplegen.check import checking, fixing
from samplegen.check.checking import Found, Plan
from samplegen.check.rules import all_rules, select
from samplegen.model.catalog import builtin
from samplegen.rendering.sample import render

PLAN = Plan(all_rules(), builtin())


def check(text: str, path: str = "page.md", plan: Plan = PLAN) -> list[Found]:
    return checking.check(checking.view(path, text, plan), plan)


OPEN, CLOSE = "<!-- samplegen: lang=go region=beijing -->", "<!-- /samplegen -->"


def managed(path: str, text: str) -> str:
    done, left, _ = fixing.fixed(path, text, PLAN)
    assert [one.finding.message for one in left] == []
    assert fixing.fixed(path, done, PLAN)[:2] == (done, [])
    return done


def test_what_belongs_between_markers_is_written() -> None:
    go = render(Call(region="beijing"), "go").code
    text = f"# T\n\n{OPEN}\n{CLOSE}\n\nend"
    done = managed("page.md", text)
    assert done == f"# T\n\n{OPEN}\n```go\n{go}```\n{CLOSE}\n\nend"
    # A word of the sample that somebody changed comes back; the fence's title stays.
    edited = done.replace("```go", '```go title="main.go"').replace("beijing", "beijing")
    spoilt = edited.replace("log.Fatal(err)", "panic(err)")
    assert spoilt != edited
    assert managed("page.md", spoilt) == edited
    # A sample in another language does not.
    assert managed("page.md", f"# T\n\n{OPEN}\n```php\n<?php\n```\n{CLOSE}\n\nend") == done


@pytest.mark.parametrize(
    ("path", "opening", "closing"),
    [
        ("p.md", OPEN, CLOSE),
        ("p.md", f"> {OPEN}", f"> {CLOSE}"),
        ("p.md", f"- {OPEN}", f"  {CLOSE}"),
        ("p.md", "% samplegen: lang=go region=beijing", "% /samplegen"),
        ("p.md", "[//]: # (samplegen: lang=go region=beijing)", "[//]: # (/samplegen)"),
        ("p.md", '[comment]: <> "samplegen: lang=go region=beijing"', '[//]: # "/samplegen"'),
        ("p.mdx", "{/* samplegen: lang=go region=beijing */}", "{/* /samplegen */}"),
        ("p.html", OPEN, CLOSE),
        ("p.rst", ".. samplegen: lang=go region=beijing", ".. /samplegen"),
        ("p.adoc", "// samplegen: lang=go region=beijing", "// /samplegen"),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_each_format_has_its_own_markers(path: str, opening: str, closing: str, eol: str) -> None:
    text = f"Text\n\n{opening}\n{closing}\n\nend\n".replace("\n", eol)
    done = managed(path, text)
    page = checking.view(path, done, PLAN)
    [only] = page.samples
    expected = render(Call(region="beijing"), "go").code
    assert only.code.rstrip("\n") == expected.rstrip("\n")
    assert done.startswith(f"Text{eol}{eol}{opening}{eol}")
    assert done.endswith(f"{closing}{eol}{eol}end{eol}")
    assert done.count("\r\n") == (done.count("\n") if eol == "\r\n" else 0)


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("lead", ["", "  "])
def test_an_empty_fence_keeps_what_stands_behind_it(lead: str, eol: str) -> None:
    fence = ['```go title="main.go" {3}', "", "```"]
    lines = [OPEN, *fence, CLOSE]
    text = eol.join(f"{lead}{line}" if line else "" for line in ["- a" if lead else "", "", *lines])
    text = text.replace("  - a", "- a")
    done = managed("a.md", text)
    assert f"{eol}{lead}{fence[0]}{eol}" in done
    [only] = checking.view("a.md", done, PLAN).samples
    assert only.code.rstrip("\n") == render(Call(region="beijing"), "go").code.rstrip("\n")


def test_a_marker_may_name_a_call_file(samplegen: Run, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    call = Call.parse({"messages": [{"role": "user", "content": 'Say "hi"'}]})
    (folder / "hi.json").write_text(call.to_json())
    page = folder / "page.md"
    page.write_text(f"<!-- samplegen: lang=php call=hi.json locale=zh -->\n{CLOSE}\n")
    assert samplegen("check", "docs", "--fix", "--select", "managed").returncode == 0
    assert render(call, "php", locale="zh").code in page.read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"<!-- samplegen: lang=goo -->\n{CLOSE}\n", "unknown language 'goo': did you mean 'go'?"),
        (f"<!-- samplegen: lnag=go -->\n{CLOSE}\n", "unknown option 'lnag': did you mean 'lang'?"),
        (f"<!-- samplegen: region=beijing -->\n{CLOSE}\n", "which language? Write lang=LANGUAGE"),
        (f"<!-- samplegen: lang=go region=x -->\n{CLOSE}\n", "unknown region 'x'"),
        (f"<!-- samplegen: lang=go call=x.json -->\n{CLOSE}\n", "x.json: No such file"),
        (f'<!-- samplegen: lang=go message="x -->\n{CLOSE}\n', "a quote is not closed"),
        (f"{OPEN}\n", "this marker has no end"),
        (f"{OPEN}\n{OPEN}\n{CLOSE}\n", "this marker has no end"),
        (f"{CLOSE}\n", "this marker ends a part that nothing starts"),
    ],
)
def test_markers_that_make_no_sense_are_findings(text: str, message: str) -> None:
    plan = PLAN._replace(rules=select("bad-marker"))
    [found] = check(text, plan=plan)
    assert message in found.finding.message
    assert found.edit is None


@pytest.mark.parametrize(
    "line",
    [
        "<details><!-- samplegen: ignore -->",
        "<td><!-- samplegen: ignore=unknown-host --></td>",
        "| <!-- samplegen: ignore --> |",
        '<div class="a">\n<!-- samplegen: ignore -->',
        "% samplegen: ignore",
        "[//]: # (samplegen: ignore)",
    ],
)
def test_what_is_to_be_ignored_may_be_said_beside_tags(line: str) -> None:
    fence = "```bash\ncurl https://dashscope.aliyun.com/compatible-mode/v1/chat/completions\n```"
    plan = PLAN._replace(rules=select("unknown-host"))
    assert check(fence, plan=plan)
    assert not check(f"{line}\n\n{fence}\n", plan=plan)
    assert check(f"{line.replace('ignore', 'lang=go')}\n\n{fence}\n", plan=plan)


def test_markers_in_code_are_code() -> None:
    text = f"````markdown\n{OPEN}\n{CLOSE}\n````\n\n`{OPEN}`\n"
    assert check(text, plan=PLAN._replace(rules=select("managed"))) == []


# Formats in which a sample needs something around it.


def rendered(language: str) -> str:
    return render(Call(region="beijing"), language).code


OPENAPI = """\
paths:
  /chat:
    post:
      x-codeSamples:
        # samplegen: lang=go region=beijing
        # /samplegen
        - lang: Python
          source: print(1)
        # samplegen: lang=js region=beijing
        # /samplegen
"""


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_an_openapi_file_gets_an_item_of_the_list(eol: str) -> None:
    text = OPENAPI.replace("\n", eol)
    done = managed("api.yaml", text)
    assert done.count("\r\n") == (done.count("\n") if eol == "\r\n" else 0)
    file = yaml.safe_load(done)
    go, python, js = file["paths"]["/chat"]["post"]["x-codeSamples"]
    assert go == {"lang": "go", "label": "Go", "source": rendered("go")}
    assert python == {"lang": "Python", "source": "print(1)"}
    assert js["source"] == rendered("nodejs")
    # A word that somebody changed comes back; what the item says beside its source stays.
    spoilt = done.replace("label: Go", "label: Golang").replace("log.Fatal(err)", "panic(err)")
    assert managed("api.yaml", spoilt) == done.replace("label: Go", "label: Golang")


def notebook(*cells: tuple[str, list[str] | str]) -> str:
    data = {
        "cells": [
            {"cell_type": kind, "metadata": {}, "source": source}
            | ({"execution_count": None, "outputs": []} if kind == "code" else {})
            for kind, source in cells
        ],
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(data, indent=1) + "\n"


SAY_HI = "<!-- samplegen: lang=python message=\"user:Say 'hi'\" -->"


@pytest.mark.parametrize("source", [["print(1)"], ["print(1)\n", "print(2)"], "print(1)\n"])
def test_a_notebook_keeps_its_cell(source: list[str] | str) -> None:
    cells = [("markdown", ["# T\n", "\n", SAY_HI]), ("code", source), ("markdown", CLOSE)]
    text = notebook(*cells)
    assert json.dumps('"')[1:-1] in text
    done = managed("page.ipynb", text)
    data = json.loads(done)
    code = data["cells"][1]["source"]
    call = Call.parse({"messages": [{"role": "user", "content": "Say 'hi'"}]})
    assert "".join(code).rstrip("\n") == render(call, "python").code.rstrip("\n")
    # All else is as it was, byte for byte.
    data["cells"][1]["source"] = source
    assert json.dumps(data, indent=1) + "\n" == text


@pytest.mark.parametrize(
    "cells", [[], [("code", "x = 1"), ("code", "y = 1")], [("code", "%%js\nlet x")]]
)
def test_a_notebook_gets_no_new_cell(cells: list[tuple[str, list[str] | str]]) -> None:
    text = notebook(("markdown", SAY_HI), *cells, ("markdown", CLOSE))
    [found] = check(text, "page.ipynb", PLAN._replace(rules=select("managed")))
    message = "put one Python sample, and nothing else, between the markers: in .ipynb pages"
    assert found.finding.message.startswith(message)
    assert found.finding.fix is None
    assert fixing.fixed("page.ipynb", text, PLAN)[0] == text


def test_a_notebook_says_what_to_ignore() -> None:
    wrong = rendered("python").replace("//dashscope.aliyuncs", "//dashscope.aliyunsc")
    plan = PLAN._replace(rules=select("unknown-host"))
    cells: list[tuple[str, list[str] | str]] = [("code", wrong), ("code", wrong)]
    assert len(check(notebook(*cells), "page.ipynb", plan)) == 2
    comment: tuple[str, list[str] | str] = ("markdown", ["<!-- samplegen: ignore -->\n", "Text"])
    assert len(check(notebook(comment, *cells), "page.ipynb", plan)) == 1
    whole: tuple[str, list[str] | str] = ("markdown", "<!-- samplegen: ignore-page=T101 -->")
    assert check(notebook(*cells, whole), "page.ipynb", plan) == []
    # In code it is the reader's.
    code: tuple[str, list[str] | str] = ("code", "<!-- samplegen: ignore-page -->")
    assert len(check(notebook(code, *cells), "page.ipynb", plan)) == 2


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_a_text_page_keeps_its_sample_up_to_date(eol: str) -> None:
    page = "How to call\n\nPython\n\n# samplegen: lang=python region=beijing\n{}\n"
    page += "# /samplegen\n\nThat is all that there is to say.\n"
    text = page.format("import os\nprint(os.name)").replace("\n", eol)
    assert managed("page.txt", text) == page.format(rendered("python")[:-1]).replace("\n", eol)
    empty = page.format("").replace("\n", eol)
    [found] = check(empty, "page.txt", PLAN._replace(rules=select("managed")))
    assert "between the markers: in .txt pages samplegen replaces it" in found.finding.message


SOURCES = [
    ("a.py", "python", "", "# samplegen: lang=python region=beijing"),
    ("A.java", "java", "", "// samplegen: lang=java region=beijing"),
    ("a.js", "nodejs", "", "// samplegen: lang=js region=beijing"),
    ("a.go", "go", "", "// samplegen: lang=go region=beijing"),
    ("a.cs", "csharp", "", "// samplegen: lang=csharp region=beijing"),
    ("a.php", "php", "<?php\n", "// samplegen: lang=php region=beijing"),
    ("a.sh", "curl", "#!/bin/sh\n", "# samplegen: lang=curl region=beijing"),
]


@pytest.mark.parametrize(("path", "language", "above", "marker"), SOURCES)
@pytest.mark.parametrize("below", ["", "\n", "\nx\n", "\r\nx\r\n"])
def test_a_source_file_is_managed_from_its_marker_on(
    path: str, language: str, above: str, marker: str, below: str
) -> None:
    eol = "\r\n" if "\r" in below else "\n"
    done = managed(path, f"{above}{marker}".replace("\n", eol) + below)
    expected = above + marker + "\n" + rendered(language).removeprefix(above)
    assert done == expected.replace("\n", eol)


def test_a_marker_stands_below_what_must_be_first() -> None:
    text = "// samplegen: lang=php\n<?php\n"
    [found] = check(text, "a.php", PLAN._replace(rules=select("managed")))
    message = "write this marker below the first line, which is <?php"
    assert found.finding.message == message


def test_a_part_of_a_source_file_may_end() -> None:
    text = "# samplegen: lang=python region=beijing\n# /samplegen\nmore = 1\n"
    done = managed("a.py", text)
    opening, closing, more = text.splitlines()
    assert done == f"{opening}\n{rendered('python')}{closing}\n{more}\n"
