"""Code in what site builders, hosts of documentation and notebooks put around it."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("markdown_it")

from samplegen.pages import Edit, read, rewrite

PY = 'import os\n\nprint(os.getenv("A"), "a")'
JS = 'import OpenAI from "openai";\nconst a = "a";'
CURL = 'curl "https://h.example/a" \\\n  --header "a: b"'

MARKDOWN = {
    "Jekyll": ("{{% highlight python %}}\n{}\n{{% endhighlight %}}", PY, "python"),
    "Jekyll, trimmed": (
        "{{%- highlight js linenos -%}}\n{}\n{{%- endhighlight -%}}",
        JS,
        "nodejs",
    ),
    "Jekyll, in a list": (
        "- a\n\n  {{% highlight python %}}\n  {}\n  {{% endhighlight %}}",
        PY.replace("\n", "\n  ").replace("  \n", "\n"),
        "python",
    ),
    "Hexo": ("{{% codeblock lang:python %}}\n{}\n{{% endcodeblock %}}", PY, "python"),
    "Hugo": (
        '{{{{< highlight python "linenos=table" >}}}}\n{}\n{{{{< /highlight >}}}}',
        PY,
        "python",
    ),
    "Docsy": (
        '{{{{< tab header="A" lang="js" >}}}}\n{}\n{{{{< /tab >}}}}',
        JS,
        "nodejs",
    ),
    "below a paragraph": ("Text\n{{% highlight bash %}}\n{}\n{{% endhighlight %}}", CURL, "curl"),
    "GitBook": ('{{% code title="a.py" %}}\n```python\n{}\n```\n{{% endcode %}}', PY, "python"),
}


@pytest.mark.parametrize(("form", "code", "language"), MARKDOWN.values(), ids=MARKDOWN.keys())
@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_shortcodes(form: str, code: str, language: str, eol: str) -> None:
    text = f"# A\n\n{form.format(code)}\n\nText\n\n```go\nx\n```\n".replace("\n", eol)
    check(text, [(language, code.replace("\n  ", "\n") if "list" in form else code)], "page.md")


def check(text: str, wanted: list[tuple[str, str]], path: str) -> None:
    """The code is found, and only what changes in it changes in the page."""
    found = [one for one in read(path, text) if one.language != "go"]
    assert [(one.language, dedented(one.code)) for one in found] == [
        (language, dedented(code)) for language, code in wanted
    ]
    edits = [Edit(one, at := one.code.rindex("a"), at + 1, "new") for one in found]
    done = rewrite(text, edits)
    assert done.count("new") == len(wanted)
    assert len(done) == len(text) + 2 * len(wanted)


def dedented(code: str) -> str:
    return "\n".join(line.strip() for line in code.strip().split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "{% highlight python %}\nimport os\n",
        "{% highlight %}\nimport os\n{% endhighlight %}",
        "{% if python %}\nimport os\n{% endif %}",
        '{{< tab "Python" >}}\nText\n{{< /tab >}}',
        '[block:code]\n{"codes": [\n[/block]',
        '[block:code]\n{"codes": []}\n',
        '[block:html]\n{"html": "<b>"}\n[/block]',
    ],
    ids=["open", "no language", "if", "tab", "no JSON", "no end", "no code"],
)
def test_what_is_no_code(text: str) -> None:
    assert read("page.md", text) == []


def test_a_block_of_readme() -> None:
    codes = [
        {"code": PY, "language": "python", "name": "A"},
        {"code": JS, "language": "javascript"},
        {"code": "", "language": "go"},
    ]
    text = f"# A\n\n[block:code]\n{json.dumps({'codes': codes}, indent=2)}\n[/block]\n\nText\n"
    check(text, [("python", PY), ("nodejs", JS)], "page.md")
    assert [one.tab or one.info for one in read("page.md", text)] == ["A", "javascript"]


MDX = {
    "an attribute": ('<CodeBlock language="python" code={{`{}`}} />', PY, "python"),
    "an attribute above the language": ('<A\n  code={{`\n{}\n`}}\n  lang="js" />', JS, "nodejs"),
    "a child": ('<CodeBlock className="language-python">{{`{}`}}</CodeBlock>', PY, "python"),
    "a child on lines of its own": (
        '<CodeBlock language="js" title="a.js">\n{{`{}`}}\n</CodeBlock>',
        JS,
        "nodejs",
    ),
    "raw": ('<A lang="bash" code={{String.raw`{}`}} />', CURL, "curl"),
    "exported": ("export const code = `{}`;", PY, "python"),
}


@pytest.mark.parametrize(("form", "code", "language"), MDX.values(), ids=MDX.keys())
def test_template_literals(form: str, code: str, language: str) -> None:
    raw = code if "raw" in form else code.replace("\\", "\\\\")
    check(f"# A\n\n{form.format(raw)}\n\nText\n", [(language, code)], "page.mdx")


def test_escapes_of_a_template_literal() -> None:
    text = '<A lang="bash" code={`\ncurl \\`a\\` \\\\\n  \\${B} "a"\n`} />\n'
    [sample] = read("page.mdx", text)
    assert sample.code == 'curl `a` \\\n  ${B} "a"'
    at = sample.code.index('"a"')
    done = rewrite(text, [Edit(sample, at, at + 3, "`${C}`")])
    assert done == text.replace('"a"', "\\`\\${C}\\`")


@pytest.mark.parametrize(
    "text",
    [
        '<A lang="python" code={`import os\n${more}`} />',
        '<A lang="python" code={`import os`} />',
        '```jsx\n<A lang="python" code={`import os\nprint(1)`} />\n```',
        "`a` {`b\nimport os`}",
    ],
    ids=["put together", "a line", "in a fence", "no tag"],
)
def test_literals_that_are_no_samples(text: str) -> None:
    assert [one for one in read("page.mdx", text) if one.language == "python"] == []


# Cells of notebooks.


def notebook(*cells: str) -> str:
    every = [
        {"cell_type": "code", "metadata": {}, "source": one.splitlines(keepends=True)}
        for one in cells
    ]
    return json.dumps(
        {"cells": every, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


@pytest.mark.parametrize(
    ("cell", "language", "code"),
    [
        (f"%%bash\n{CURL}", "curl", CURL),
        (f"%%sh -e\n{CURL}", "curl", CURL),
        (f"%%script node\n{JS}", "nodejs", JS),
        (f"%%javascript\n{JS}", "nodejs", JS),
        (f"%%writefile src/app.py\n{PY}", "python", PY),
        (f"%%time\n{PY}", "python", f"%%time\n{PY}"),
        (f"!{CURL}", "curl", CURL),
        (f"# Ask\n!{CURL}\n", "curl", f"# Ask\n{CURL}"),
        (f"%pip install openai\n{PY}", "python", f"%pip install openai\n{PY}"),
    ],
)
def test_cells_in_other_languages(cell: str, language: str, code: str) -> None:
    check(notebook(cell), [(language, code)], "a.ipynb")


@pytest.mark.parametrize("cell", ["%%sql\nselect a", "%%bash"])
def test_cells_that_are_no_samples(cell: str) -> None:
    assert [one.language for one in read("a.ipynb", notebook(cell))] == [None]


def test_what_ipython_reads_itself() -> None:
    from samplegen.readback import readback

    code = "files = !ls -l\nrows = %sql select 1\nclient?\nopenai.OpenAI??\n?client\nimport os\n"
    read = readback("python", code)
    assert not read.broken and [one.name for one in read.imports] == ["os"]
    assert readback("python", "x = a?b\n").broken


# What site builders write: the language stands in a class or attribute, near the code or far.

LINES = "\n".join(f'<span class="line">{line}</span>' for line in PY.split("\n"))
BUILT = {
    "MkDocs": (
        f'<div class="language-python highlight"><pre><span></span><code>{PY}</code></pre></div>'
    ),
    "MkDocs, numbered": (
        '<div class="language-python highlight"><table class="highlighttable"><tr>'
        '<td class="linenos"><div class="linenodiv"><pre><span></span>1\n2\n3</pre></div></td>'
        f'<td class="code"><div><pre><span></span><code>{PY}</code></pre></div></td>'
        "</tr></table></div>"
    ),
    "Docusaurus": (
        '<div class="language-python codeBlockContainer_Ckt0 theme-code-block">'
        '<div class="codeBlockContent_QJqH"><pre class="prism-code language-python thin">'
        '<code class="codeBlockLines_e6Vv">'
        + "".join(
            f'<span class="token-line"><span class="token plain">{line}</span><br></span>'
            for line in PY.split("\n")
        )
        + "</code></pre></div></div>"
    ),
    "Sphinx": (
        '<div class="highlight-python3 notranslate"><div class="highlight"><pre><span></span>'
        f"{PY}</pre></div></div>"
    ),
    "VitePress": (
        '<div class="language-python vp-adaptive-theme"><button class="copy"></button>'
        '<span class="lang">python</span><pre class="shiki vp-code">'
        f"<code>{LINES}</code></pre></div>"
    ),
    "Mintlify": (
        '<div class="code-block mt-5" language="python"><div data-component-part="code-block-root">'
        f'<div><div><div><div><pre class="shiki"><code>{LINES}</code></pre>'
        "</div></div></div></div></div></div>"
    ),
}


@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("block", BUILT.values(), ids=BUILT.keys())
def test_pages_that_were_built(block: str, eol: str) -> None:
    # Nothing in the code itself tells its language.
    block = block.replace("import os", "x").replace("print(os.getenv(", "f((")
    text = f"<body>\n<h1>A</h1>\n{block}\n</body>\n".replace("\n", eol)
    [sample] = read("page.html", text)
    assert sample.language == "python"
    assert sample.code.rstrip("\n") == PY.replace("import os", "x").replace(
        "print(os.getenv(", "f(("
    )


def test_the_language_of_a_page_is_none_of_its_code() -> None:
    code = f"<div><div><div><div><pre>{PY}</pre></div></div></div></div>"
    [sample] = read("page.html", f'<body class="lang-en language-ja"><main>{code}</main></body>')
    assert sample.language == "python"
