"""Markers stand where, and are what, a page's builder takes for comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from samplegen.check import config, fixing
from samplegen.check.checking import Plan

HTML, MDX = "<!-- {} -->", "{{/* {} */}}"


def plan(name: str, said: str = "") -> Plan:
    return config.parse(f'select = ["managed"]\n{said}', Path("samplegen.toml")).plan(name)


def page(comment: str, options: str) -> str:
    return f"# A\n\n{comment.format(f'samplegen: {options}')}\n{comment.format('/samplegen')}\n"


@pytest.mark.parametrize(
    ("name", "options", "said", "before", "after"),
    [
        ("p.mdx", "lang=go,php tabs=docusaurus", "", HTML, MDX),
        ("p.mdx", "lang=go,php tabs=starlight", "", HTML, MDX),
        ("p.mdx", "lang=go,php", 'tabs = "mintlify"', HTML, MDX),
        ("p.mdx", "lang=go", "", HTML, MDX),
        ("p.md", "lang=go,php tabs=mkdocs", "", MDX, HTML),
        ("p.md", "lang=go", 'tabs = "vitepress"', MDX, HTML),
        ("p.md", "lang=go,php", 'tabs = "sphinx"', MDX, HTML),
    ],
)
def test_a_comment_that_is_none_there_is_mended(
    name: str, options: str, said: str, before: str, after: str
) -> None:
    done, left, mended = fixing.fixed(name, page(before, options), plan(name, said))
    assert left == []
    assert mended.count("bad-marker") == 2
    right, left, _ = fixing.fixed(name, page(after, options), plan(name, said))
    assert (done, left) == (right, [])
    assert "\n```go" in done.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "options", "comment"),
    [
        # Both are comments in Docusaurus' `.md`, unless it is set to be version 4.
        ("p.md", "lang=go,php tabs=docusaurus", HTML),
        ("p.md", "lang=go,php tabs=docusaurus", MDX),
        ("p.md", "lang=go", MDX),
        ("p.md", "lang=go,php tabs=github", HTML),
    ],
)
def test_what_may_be_right_is_left_alone(name: str, options: str, comment: str) -> None:
    done, left, mended = fixing.fixed(name, page(comment, options), plan(name))
    assert left == []
    assert "bad-marker" not in mended
    assert done.startswith(page(comment, options).partition("\n/")[0][:20])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "p.md",
            "- A\n\n  <!-- samplegen: lang=go,php tabs=mkdocs -->\n  <!-- /samplegen -->\n",
            "indent this marker by 4 columns, or 8",
        ),
        (
            "p.mdx",
            "{/* samplegen: lang=go message='user:a */ b' */}\n{/* /samplegen */}\n",
            "'*/' ends a comment of MDX: put the call into a file, as call=FILE",
        ),
        (
            "p.rst",
            "Some words\n.. samplegen: lang=go\n\n.. /samplegen\n",
            "a blank line is missing above this marker: it is text here",
        ),
    ],
)
def test_a_place_that_no_marker_can_have_is_said(name: str, text: str, message: str) -> None:
    done, [left], _ = fixing.fixed(name, text, plan(name))
    assert done == text
    assert left.finding.name == "bad-marker"
    assert left.finding.message.startswith(message)


@pytest.mark.parametrize(
    "above", ["Title\n=====\n", ".. note:: x\n", "Words\n\n", "* Item\n\n  x\n"]
)
def test_a_marker_of_restructuredtext_may_stand_below_what_is_no_paragraph(above: str) -> None:
    text = f"{above}.. samplegen: lang=go\n\n.. /samplegen\n"
    _, left, mended = fixing.fixed("p.rst", text, plan("p.rst"))
    assert (left, mended) == ([], ("out-of-date",))
