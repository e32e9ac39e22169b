"""What a page's author wrote between markers stays, or its loss is said and asked for."""

from __future__ import annotations

import pytest

from samplegen.check import fixing
from samplegen.check.checking import Plan
from samplegen.check.rules import select
from samplegen.model.catalog import builtin

PLAN = Plan(tuple(select("managed")), builtin())
COMMENTS = {".md": "<!-- {} -->", ".mdx": "{{/* {} */}}", ".rst": ".. {}", ".adoc": "// {}"}
COMMENTS[".html"] = "<!-- {} -->"
# A builder, a page's suffix, what samplegen writes, what an author made of it, and that part of
# it which a sample of fewer lines still has.
TAILS = [
    ("mkdocs", ".md", "```python", '```python hl_lines="2 900"', '```python hl_lines="2"'),
    ("docusaurus", ".mdx", "```python", "```python {2,900} showLineNumbers", "{2} showLineNumbers"),
    ("vitepress", ".md", "```python [Python]", "```python [Python] {2,900}", "[Python] {2}"),
    ("starlight", ".mdx", "```python", "```python ins={2,900}", "```python ins={2}"),
    ("mintlify", ".mdx", "```python Python", "```python Python focus={2,900}", "focus={2}"),
    (
        "sphinx",
        ".md",
        "```python\n",
        "```{code-block} python\n:emphasize-lines: 2,900\n:linenos:\n\n",
        "```{code-block} python\n:emphasize-lines: 2\n:linenos:\n\n",
    ),
    (
        "sphinx",
        ".rst",
        "      .. code-block:: python\n",
        "      .. code-block:: python\n         :emphasize-lines: 2,900\n         :caption: Mine\n",
        "         :emphasize-lines: 2\n         :caption: Mine\n\n",
    ),
    (
        "headings",
        ".rst",
        ".. code-block:: python\n",
        ".. code-block:: python\n   :linenos:\n",
        ".. code-block:: python\n   :linenos:\n\n",
    ),
    (
        "asciidoc",
        ".adoc",
        "[source,python]",
        ".My own title\n[source%linenums,python,highlight=2;900]",
        ".My own title\n[source%linenums,python,highlight=2]",
    ),
    (
        "headings",
        ".adoc",
        "[source,python]",
        '[source,python,linenums,highlight="900"]',
        "[source,python,linenums]\n",
    ),
]


def page(suffix: str, options: str) -> str:
    comment = COMMENTS[suffix]
    return (
        f"Before\n\n{comment.format(f'samplegen: {options}')}\n{comment.format('/samplegen')}\n\n"
        "After\n"
    )


def fixed(path: str, text: str) -> tuple[str, list[str]]:
    done, left, _ = fixing.fixed(path, text, PLAN)
    return done, [one.finding.message for one in left]


@pytest.mark.parametrize("lead", ["lang=python,go", "lang=python,go install=above"])
@pytest.mark.parametrize(("tabs", "suffix", "written", "own", "kept"), TAILS)
def test_what_an_author_wrote_of_a_sample_stays(
    tabs: str, suffix: str, written: str, own: str, kept: str, lead: str
) -> None:
    path = f"page{suffix}"
    text, _ = fixed(path, page(suffix, f"{lead} tabs={tabs} client=http"))
    before, found, after = text.partition(written)
    assert found
    theirs = before + own + after
    # As long as nothing of the sample changes, all of it is the author's, and right.
    done, left = fixed(path, theirs.replace("900", "3"))
    assert (done, left) == (theirs.replace("900", "3"), [])
    # Another model: the sample changes, and lines that there are none of go.
    changed = theirs.replace(f"{lead} ", f"{lead} model=qwen-max ")
    done, left = fixed(path, changed)
    assert left == []
    assert kept in done
    assert "900" not in done
    assert done.count("qwen-max") == 3


LOSES = [
    ("mkdocs", ".md", "```python", '```python title="My own"'),
    ("mkdocs", ".md", '=== "Go"', 'My own text\n\n=== "Go"'),
    ("mkdocs", ".md", '=== "Go"', '=== "Mine"\n\n    ```python\n    print(1)\n    ```\n\n=== "Go"'),
    ("docusaurus", ".mdx", "```python", "My own text\n\n```python"),
    ("vitepress", ".md", "```python [Python]", "```python [Python] wide"),
    ("sphinx", ".rst", "   :sync: python\n", "   :sync: python\n   :selected:\n"),
    ("sphinx", ".rst", ".. tab-set::\n", ".. My own remark\n\n.. tab-set::\n"),
    ("headings", ".rst", ".. rubric:: Go\n", "My own text\n\n.. rubric:: Go\n"),
    ("asciidoc", ".adoc", "[source,python]", "[#mine]\n[source,python]"),
    (
        "headings",
        ".adoc",
        "[source,python]",
        "[source,python]\nprint(1)\n\n[source,python]",
    ),
    ("headings", ".html", 'class="language-python"', 'class="language-python mine"'),
    ("html", ".html", "</style>", "</style>\n<p>My own text</p>"),
]


@pytest.mark.parametrize(("tabs", "suffix", "written", "own"), LOSES)
def test_what_cannot_stay_is_said_and_not_removed(
    tabs: str, suffix: str, written: str, own: str
) -> None:
    path = f"page{suffix}"
    text, _ = fixed(path, page(suffix, f"lang=python,go tabs={tabs}"))
    assert written in text
    text = text.replace(written, own, 1).replace("lang=python,go", "lang=python,go model=qwen-max")
    done, [message] = fixed(path, text)
    assert done == text
    assert "fixing removes text of " in message
    assert message.endswith("there that samplegen did not write")
    done = fixing.fixed(path, text, PLAN, unsafe=True).text
    assert "qwen-max" in done
    assert fixed(path, done) == (done, [])


@pytest.mark.parametrize("suffix", COMMENTS)
def test_a_remark_beside_a_sample_alone_is_not_removed(suffix: str) -> None:
    path = f"page{suffix}"
    text, _ = fixed(path, page(suffix, "lang=python"))
    end = COMMENTS[suffix].format("/samplegen")
    remark = "<p>One remark.</p>" if suffix == ".html" else "One remark."
    text = text.replace(f"{end}", f"{remark}\n\n{end}")
    # Another model: the sample's own text changes, and nothing else.
    done, left = fixed(path, text.replace("lang=python", "lang=python model=qwen-max"))
    assert left == []
    assert f"{remark}\n\n{end}" in done
    text = text.replace("lang=python", "lang=go")
    done, [message] = fixed(path, text)
    assert done == text
    assert message == (
        "one go sample belongs here: "
        "fixing removes text of 1 line there that samplegen did not write"
    )


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("suffix", [".md", ".rst", ".adoc"])
def test_what_stands_right_below_a_part_stays(suffix: str, eol: str) -> None:
    path = f"page{suffix}"
    text = page(suffix, "lang=python,go tabs=headings").replace("\n\nAfter", "\nRight below")
    text, left = fixed(path, text.replace("\n", eol))
    assert left == []
    done, left = fixed(path, text.replace("lang=python,go", "lang=python,go model=qwen-max"))
    assert left == []
    assert done.endswith(f"{COMMENTS[suffix].format('/samplegen')}{eol}Right below{eol}")
    assert done.replace("qwen-max", "qwen-plus") == text.replace(
        "lang=python,go", "lang=python,go model=qwen-plus"
    )
