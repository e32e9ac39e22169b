"""Readers of pages: what they find, where exactly it stands, and that edits touch only it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from textwrap import dedent, indent

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

pytest.importorskip("markdown_it")
pytest.importorskip("yaml")

from samplegen import pages
from samplegen.errors import InputError
from samplegen.pages import PublishedSample
from samplegen.pages.markup import tags
from samplegen.pages.naming import from_code, from_label, language_of

PYTHON = 'import os\n\nif 1 < 2 and "&amp;":\n    print(os.getenv("KEY"))'
GO = 'package main\n\nfunc main() {\n\tprintln("a\\nb")\n}'
CURL = 'curl "https://x.example/v1" \\\n  --data \'{"a": "<b>"}\''


def only(name: str, text: str) -> PublishedSample:
    samples = pages.read(name, text)
    assert len(samples) == 1, samples
    return samples[0]


def check_spans(text: str, sample: PublishedSample) -> None:
    """What must hold for every sample of every page."""
    assert sample.code == sample.spans.text
    assert "\r" not in sample.code
    assert len(sample.spans.lines()) == sample.code.count("\n") + 1
    places = [sample.spans.start(offset) for offset in range(len(sample.code) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    ends = [piece.end for piece in sample.spans.pieces]
    starts = [piece.start for piece in sample.spans.pieces]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert pages.position(text, sample, 0).line == sample.line
    for start, end in sample.spans.lines():
        assert start <= end


# The same code in every format: the page, and the info and tab to expect.
def markdown_fence(code: str) -> str:
    return f"# T\n\n```python\n{code}\n```\n\nafter\n"


def quoted(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


def markdown_quoted_list(code: str) -> str:
    fence = quoted(f"```python\n{code}\n```", ">   ")
    return f"> - x\n>\n{fence}\n> - y\n"


def mdx_tab(code: str) -> str:
    fence = indent(f"```python\n{code}\n```", "      ", lambda line: bool(line.strip()))
    return f'<Tabs>\n  <TabItem label="Python">\n    Text\n{fence}\n  </TabItem>\n</Tabs>\n'


def mkdocs_tab(code: str) -> str:
    fence = indent(f"```python\n{code}\n```", "    ", lambda line: bool(line.strip()))
    return f'=== "Python"\n\n{fence}\n\n=== "Go"\n\n    text\n'


def html_pre(code: str) -> str:
    escaped = code.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'<h2>Python</h2><pre><code class="language-python">{escaped}</code></pre><p>x</p>'


def rst_directive(code: str) -> str:
    inside = indent(code, "      ", lambda line: bool(line.strip()))
    return (
        f"Title\n=====\n\n- item\n\n  .. code-block:: python\n    :linenos:\n\n{inside}\n\nafter\n"
    )


def notebook_list(code: str) -> str:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        {"cell_type": "code", "source": code.splitlines(keepends=True), "outputs": []},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)


def notebook_string(code: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": code}], "metadata": {}})


def notebook_fence(code: str) -> str:
    fence = quoted(f"```python\n{code}\n```", "> ")
    cell = {"cell_type": "markdown", "source": f"Text\n\n{fence}\n".splitlines(keepends=True)}
    return json.dumps({"cells": [cell], "metadata": {}}, indent=2, ensure_ascii=False)


def openapi_yaml(code: str) -> str:
    head = dedent("""\
        openapi: 3.1.0
        paths:
          /v1/chat:
            post:
              x-codeSamples:
                - lang: Python
                  label: SDK
                  source: |-
        """)
    return head + indent(code, " " * 12, lambda line: bool(line.strip())) + "\n      tags: [a]\n"


def openapi_json(code: str) -> str:
    sample = {"lang": "Python", "source": code}
    return json.dumps({"paths": {"/v1": {"post": {"x-codeSamples": [sample]}}}}, indent=2)


def asciidoc_block(code: str) -> str:
    return f"= T\n\n.Title\n[source%linenums,python]\n----\n{code}\n----\n\nafter\n"


def source_file(code: str) -> str:
    return f"{code}\n"


def text_page(code: str) -> str:
    head = "Making a call\nA page shows how.\nPython (SDK)\nSet the key first, see the guide.\n"
    return f"{head}{code}\nErrors\n"


Make = Callable[[str], str]

FORMATS: list[tuple[str, Make]] = [
    ("a.md", markdown_fence),
    ("a.md", markdown_quoted_list),
    ("a.mdx", mdx_tab),
    ("a.md", mkdocs_tab),
    ("a.html", html_pre),
    ("a.rst", rst_directive),
    ("a.ipynb", notebook_list),
    ("a.ipynb", notebook_string),
    ("a.ipynb", notebook_fence),
    ("a.yaml", openapi_yaml),
    ("a.json", openapi_json),
    ("a.adoc", asciidoc_block),
    ("a.py", source_file),
    ("a.txt", text_page),
]
IDS = [make.__name__ for _, make in FORMATS]
EOLS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


@pytest.mark.parametrize("eol", EOLS, ids=EOLS.values())
@pytest.mark.parametrize(("name", "make"), FORMATS, ids=IDS)
def test_reads_the_code_and_only_the_code(name: str, make: Make, eol: str) -> None:
    text = make(PYTHON).replace("\n", eol)
    sample = only(name, text)
    assert (sample.code, sample.language) == (PYTHON, "python")
    check_spans(text, sample)
    column = pages.position(text, sample, PYTHON.index("print"))
    assert text[column.offset :].startswith("print")


@pytest.mark.parametrize("eol", EOLS, ids=EOLS.values())
@pytest.mark.parametrize(("name", "make"), FORMATS, ids=IDS)
def test_any_slice_replaced_by_itself_changes_nothing(name: str, make: Make, eol: str) -> None:
    text = make(PYTHON).replace("\n", eol)
    sample = only(name, text)
    for start in range(0, len(PYTHON) + 1):
        for end in range(start, len(PYTHON) + 1):
            assert pages.changes(text, sample, start, end, PYTHON[start:end]) == []


LINES = "import sys\n\n\nprint(\"<&>\", 'é漢😀\\\\')\n  # end"


@pytest.mark.parametrize("eol", EOLS, ids=EOLS.values())
@pytest.mark.parametrize(("name", "make"), FORMATS, ids=IDS)
def test_other_code_is_read_back_and_nothing_else_changes(name: str, make: Make, eol: str) -> None:
    text = make(PYTHON).replace("\n", eol)
    sample = only(name, text)
    done = pages.replace(text, sample, 0, len(PYTHON), LINES)
    again = only(name, done)
    assert again.code == LINES
    assert again.info == sample.info
    assert pages.replace(done, again, 0, len(LINES), PYTHON) == text or name == "a.html"
    first, last = sample.spans.start(0), sample.spans.start(len(PYTHON))
    assert done.startswith(text[:first])
    assert done.endswith(text[last:])
    if eol != "\n" and name not in ("a.html",):
        assert not re.search(r"(?<!\r)\n" if eol == "\r\n" else r"\n", done)


CODE = st.text(
    st.one_of(
        st.sampled_from("\n\n  \t<&>\"'\\`{}x#:-|=é漢😀"),
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85"),
    ),
    max_size=40,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@pytest.mark.parametrize(("name", "make"), FORMATS, ids=IDS)
@given(new=CODE, data=st.data())
def test_an_edit_reads_back_or_is_refused(
    name: str, make: Make, new: str, data: st.DataObject
) -> None:
    text = make(PYTHON)
    sample = only(name, text)
    start = data.draw(st.integers(0, len(PYTHON)))
    end = data.draw(st.integers(start, len(PYTHON)))
    wanted = PYTHON[:start] + new + PYTHON[end:]
    try:
        done = pages.replace(text, sample, start, end, new)
    except InputError:
        # Formats of lines cannot hold all: blank ends, their own marks.
        assert name != "a.json" or not wanted.strip()
        return
    again = only(name, done)
    assert again.code == wanted
    check_spans(done, again)


@settings(deadline=None)
@pytest.mark.parametrize("make", [notebook_list, notebook_string])
@given(code=CODE.filter(str.strip))
def test_a_notebook_holds_any_code(make: Make, code: str) -> None:
    # The marks of a kernel's commands are not the code's.
    assume(not code.lstrip().startswith(("%%", "!")))
    text = make(PYTHON)
    sample = only("a.ipynb", text)
    done = pages.replace(text, sample, 0, len(PYTHON), code)
    assert only("a.ipynb", done).code == code
    json.loads(done)


@settings(deadline=None)
@given(code=CODE.filter(str.strip))
@example("<pre></pre>&lt;")
@example("a\n\n")
def test_html_holds_any_code_that_starts_with_no_blank_line(code: str) -> None:
    text = html_pre(PYTHON)
    assume(not re.fullmatch(r"[\d\s]+", code))
    done = pages.replace(text, only("a.html", text), 0, len(PYTHON), code)
    assert only("a.html", done).code == code


MARKED = st.text(st.sampled_from("`~>-*#=|:<>{}[]()/!.&;\"'\\ \t\r\n01aPython"), max_size=120)


@settings(deadline=None)
@pytest.mark.parametrize(
    "name", ["a.md", "a.mdx", "a.html", "a.txt", "a.rst", "a.adoc", "a.py"], ids=str
)
@given(text=MARKED)
def test_any_text_is_read_and_its_spans_are_exact(name: str, text: str) -> None:
    for sample in pages.read(name, text):
        check_spans(text, sample)
        code = sample.code
        assert pages.replace(text, sample, 0, len(code), code) == text
        # Line ends, tabs and references aside, the code is the page's own text.
        for piece in sample.spans.pieces:
            if piece.verbatim and piece.text != "\n":
                raw = text[piece.start : piece.end].replace("\0", "\ufffd")
                assert raw == piece.text.replace("\0", "\ufffd")


@settings(deadline=None)
@pytest.mark.parametrize("name", ["a.ipynb", "a.json", "a.yaml"])
@given(text=MARKED)
def test_any_data_is_read_or_refused(name: str, text: str) -> None:
    try:
        pages.read(name, f"x-codeSamples: {text}")
    except InputError as error:
        assert "\n" not in str(error)


# Markdown


def test_markdown_languages_and_labels() -> None:
    text = dedent("""\
        ---
        title: "x: y"
        ---
        # Guide [link](a) {#id}

        ```js title="a.js"
        const a = 1;
        ```

        ```json
        {}
        ```

        ```bash
        pip install x
        ```

        ```sh
        curl x
        ```

        ## Go (HTTP)

            package main

        ### Output

        ~~~
        import os
        ~~~
        """)
    samples = pages.read("a.md", text)
    assert [one.language for one in samples] == ["nodejs", None, None, "curl", "go", "go"]
    assert [one.heading for one in samples[3:]] == ["Guide link", "Go (HTTP)", "Output"]
    assert samples[0].info == 'js title="a.js"'
    assert samples[4].info == "Go (HTTP)"
    assert samples[5].headings == ("Guide link", "Go (HTTP)", "Output")
    assert [one.line for one in samples] == [7, 11, 15, 19, 24, 29]


TABS = {
    "docusaurus": '<Tabs>\n<TabItem value="x" label="Node.js">\n\n```\na()\n```\n\n'
    "</TabItem>\n</Tabs>",
    "mintlify": '<CodeGroup>\n<Tab title="Node.js">'
    "\n    ```\n    a()\n    ```\n</Tab>\n</CodeGroup>",
    "gitbook": '{% tabs %}\n{% tab title="Node.js" %}\n```\na()\n```\n{% endtab %}\n{% endtabs %}',
    "hugo": '{{< tabpane >}}\n{{< tab "Node.js" >}}\n```\na()\n```\n{{< /tab >}}\n{{< /tabpane >}}',
    "mkdocs": '=== "Node.js"\n\n    ```\n    a()\n    ```\n',
    "mkdocs indented": '=== "Node.js"\n\n        a()\n',
    "myst colons": ":::{tab-item} Node.js\n```\na()\n```\n:::",
    "myst fences": "````{tab-set}\n```{tab-item} Node.js\n~~~\na()\n~~~\n```\n````",
    "azure": "# [Node.js](#tab/js)\n\n```\na()\n```\n",
}


@pytest.mark.parametrize("kind", TABS)
def test_markdown_tabs(kind: str) -> None:
    sample = only("a.md", TABS[kind])
    assert (sample.code, sample.language, sample.info) == ("a()", "nodejs", "Node.js")


def test_a_closed_tab_labels_nothing() -> None:
    assert (
        only("a.md", f"{TABS['docusaurus'].split('```')[0]}</TabItem></Tabs>\n\n```\na\n```").tab
        == ""
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("```\nopen", ["open"]),
        ("```\nopen\n", ["open"]),
        ("```\n```", []),
        ("> ```\n> a\nb", ["a"]),
        (">\t\tcode", ["  code"]),
        ("- \tx\n\n\t    code", ["code"]),
        ("1. a\n\n       \n       code\n\n         b", ["code\n\n  b"]),
        ("-     a\n      b", ["a\nb"]),
        ("   ```\n   a\n b\n     c\n   ```", ["a\nb\n  c"]),
        ("<pre>\na &lt; b\n</pre>\n\n    c", ["a < b\n", "c"]),
        ("<!--\n```\na\n```\n-->", []),
        ("```\n\n\na\n\n```", ["\n\na\n"]),
        ("````\n```\na\n```\n````", ["```\na\n```"]),
        ("!!! note\n\n    ```\n    a\n    ```", ["a"]),
    ],
)
def test_markdown_blocks(text: str, codes: list[str]) -> None:
    samples = pages.read("a.md", text)
    assert [one.code for one in samples] == codes
    for one in samples:
        check_spans(text, one)


def test_a_blank_line_without_its_decoration_gets_it() -> None:
    text = "- x\n\n  ```python\n  a\n\n  b\n  ```\n"
    sample = only("a.md", text)
    assert pages.replace(text, sample, 2, 2, "new") == text.replace("\n\n  b", "\n  new\n  b")
    assert pages.replace(text, sample, 1, 1, "\n\nz") == text.replace("a\n", "a\n\n  z\n")


def test_what_a_fence_cannot_hold_is_refused() -> None:
    text = "```python\na\n```\n"
    with pytest.raises(InputError, match=r"a\.md:2: .*cannot hold"):
        pages.replace(text, only("a.md", text), 0, 1, "x\n```\ny")


def test_several_edits() -> None:
    text = "```py\na = 1\n```\n\n> ```go\n> b\n> ```\n"
    first, second = pages.read("a.md", text)
    edits = [
        pages.Edit(second, 0, 1, "c\nd"),
        pages.Edit(first, 4, 5, "2"),
        pages.Edit(first, 0, 1, "x"),
    ]
    assert pages.rewrite(text, edits) == "```py\nx = 2\n```\n\n> ```go\n> c\n> d\n> ```\n"
    with pytest.raises(ValueError, match="overlap"):
        pages.rewrite(text, [pages.Edit(first, 0, 3, ""), pages.Edit(first, 1, 4, "")])
    with pytest.raises(ValueError, match="not the one"):
        pages.replace("x\n" + text, first, 0, 1, "y")
    with pytest.raises(IndexError):
        pages.replace(text, first, 0, 99, "y")


# HTML


def test_html_tags_of_a_highlighter_stay() -> None:
    text = '<pre class="x"><span class="k">import</span>&nbsp;<b>os</b><button>Copy</button></pre>'
    sample = only("a.html", text)
    assert (sample.code, sample.language) == ("import os", "python")
    assert pages.replace(text, sample, 7, 9, "a<b") == text.replace(">os<", ">a&lt;b<")
    done = pages.replace(text, sample, 0, 9, "from x import y")
    assert re.findall("<[^>]*>", done) == re.findall("<[^>]*>", text)


WIDGETS = {
    "roles": '<ul role="tablist"><li role="tab">Go</li><li role="tab">PHP</li></ul>'
    '<div role="tabpanel"><pre>a</pre></div><div role="tabpanel"><pre>b</pre></div>',
    "ids": '<button role="tab" aria-controls="q">PHP</button><button role="tab" id="g">Go</button>'
    '<div role="tabpanel" aria-labelledby="g"><pre>a</pre></div>'
    '<div class="tab-pane" id="q"><pre>b</pre></div>',
    "mkdocs": '<div class="tabbed-labels"><label for="1">Go</label><label for="2">PHP</label></div>'
    '<div class="tabbed-block"><pre>a</pre></div><div class="tabbed-block"><pre>b</pre></div>',
    "sphinx": '<label class="sd-tab-label" for="1">Go</label>'
    '<div class="sd-tab-content"><pre>a</pre></div><label class="sd-tab-label" for="2">PHP</label>'
    '<div class="sd-tab-content"><pre>b</pre></div>',
    "elements": '<tab-item label="Go"><pre>a</pre></tab-item>'
    '<tab-item label="PHP"><pre>b</pre></tab-item>',
}


@pytest.mark.parametrize("kind", WIDGETS)
def test_html_tabs(kind: str) -> None:
    samples = pages.read("a.html", WIDGETS[kind] + "<pre>c</pre>")
    assert [one.tab for one in samples] == ["Go", "PHP", ""]
    assert [one.language for one in samples] == ["go", "php", None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<pre>\r\na\r\nb</pre>", "a\nb"),
        ("<pre><code>a\n</code></pre>", "a\n"),
        ("<PRE>a<BR/>b</PRE>", "a\nb"),
        ("<pre><div>a</div><div>b</div></pre>", "a\nb"),
        ("<code>a<br>b</code>", "a\nb"),
        ("<code>inline</code><pre>x", "x"),
        ("<pre>a<!-- no -->b</pre>", "ab"),
        ("<pre>a &notit; &#60; &#x3c &bogus; & &</pre>", "a ¬it; < < &bogus; & &"),
        ("<table><td><pre>1\n2</pre></td><td><pre>x</pre></td></table>", "x"),
        ("<script>'<pre>no</pre>'</script><textarea><pre></textarea><pre>x</pre>", "x"),
        ("<pre>a < b <1</pre>", "a < b <1"),
        ('<a title="<pre>no</pre>"><pre>x</pre>', "x"),
    ],
)
def test_html_code(text: str, code: str) -> None:
    sample = only("a.html", text)
    assert sample.code == code
    check_spans(text, sample)
    assert only("a.html", pages.replace(text, sample, 0, len(code), "z\ny")).code == "z\ny"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            '<div class="highlight-csharp notranslate"><div><pre>x</pre></div></div>',
            "csharp",
        ),
        ('<pre data-language="go">x</pre>', "go"),
        ('<pre class="brush: php; x">x</pre>', "php"),
        ('<pre class="sourceCode python">x</pre>', "python"),
        ('<pre class="lang-text">import os</pre>', None),
        ("<h3>C#<a class='headerlink'>#</a></h3><pre>x</pre>", "csharp"),
    ],
)
def test_html_languages(text: str, language: str | None) -> None:
    assert only("a.html", text).language == language


class _Oracle(HTMLParser):
    """The tags as Python's own parser sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {}
        for name, value in attrs:
            given.setdefault(name, value or "")
        self.found.append((tag, False, given))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((tag, True, {}))


_WORD = st.text(st.sampled_from("abPre1-"), min_size=1, max_size=4).map(lambda word: f"p{word}")
_ATTRIBUTES = st.lists(
    st.tuples(_WORD, st.sampled_from(["", '="a &lt; > b"', "='x\"y'", "=bare"])), max_size=3
).map(lambda pairs: "".join(f" {name}{value}" for name, value in pairs))
_HTML = st.lists(
    st.one_of(
        st.tuples(_WORD, _ATTRIBUTES).map(lambda tag: f"<{tag[0]}{tag[1]}>"),
        _WORD.map(lambda name: f"</{name}>"),
        st.sampled_from(
            ["text", "a &lt; b", "<!-- <p> -->", "<!DOCTYPE html>", "\n", "1 < 2", "&"]
        ),
    ),
    max_size=12,
).map("".join)


@given(_HTML)
def test_tags_are_those_that_python_s_parser_sees(text: str) -> None:
    oracle = _Oracle()
    oracle.feed(text)
    oracle.close()
    found = [(tag.name, tag.closes, dict(tag.attributes)) for tag in tags(text) if tag.name]
    assert found == oracle.found


# Plain text


LOST = '''\
Talk to a model
A short guide. It has (some) brackets; and code!
Set up
-
Make a key: open the console and press the button.
Call it
Python (SDK)
The kit must be there, see the first page for more about that.
import os
from openai import OpenAI
client = OpenAI(
# a note, as it stands (in brackets
api_key=os.getenv("KEY"),
)
print("""
Go
""")
Java (SDK)
// Made for a kit of some version.
import java.util.List;
public class Main {
public static void main(String[] args) {
System.out.println("Done: {");
}
}
C# (HTTP)
using System;
class Program
{
static void Main()
{
string body = @"{
""a"": [
}";
}
}
PHP (HTTP)
<?php
$url = 'x';
echo $url;
?>
curl (HTTP)
Put your key where it belongs; the shell does the rest of it.
curl "x" \\
-H "A: b" \\
-d '{
"model": "m",
"messages": []
}'
Swift
import Foundation
Another part
Nothing to see (here).
Java code
-
Method 1:
Constants.url="x";
-
Method 2:
Config.url="y";
What comes next
|
Read more |
'''.replace("Go\n", "gone\n")


def test_text_finds_where_code_starts_and_ends() -> None:
    samples = pages.read("a.txt", LOST)
    found = [
        (one.language, one.heading, one.line, one.line + one.code.count("\n")) for one in samples
    ]
    assert found == [
        ("python", "Python (SDK)", 9, 17),
        ("java", "Java (SDK)", 19, 25),
        ("csharp", "C# (HTTP)", 27, 36),
        ("php", "PHP (HTTP)", 38, 41),
        ("curl", "curl (HTTP)", 44, 49),
        (None, "Swift", 51, 51),
        ("java", "Java code", 57, 57),
        ("java", "Java code", 60, 60),
    ]
    for one in samples:
        check_spans(LOST, one)


def test_text_in_japanese_and_indented() -> None:
    text = dedent("""\
        \u30e2\u30c7\u30eb\u3092\u547c\u3073\u51fa\u3059

          \u2022 Python \u30b3\u30fc\u30c9:

            x.url = 'a'

            # \u6ce8
            y = x

        HTTP

        curl

        \u74b0\u5883\u5909\u6570 $KEY \u3092 sk-xxx \u306b\u3057\u307e\u3059\u3002

        curl -X POST a \\
        -d '{
            "a": 1
        }'

        DashScope

        Action: a:b;Resource: c:* (1-1).
        """)
    first, second = pages.read("a.txt", text)
    assert (first.language, first.code) == ("python", "x.url = 'a'\n\n# \u6ce8\ny = x")
    assert (second.language, second.code) == ("curl", "curl -X POST a \\\n-d '{\n    \"a\": 1\n}'")


@pytest.mark.parametrize(
    "line",
    [
        "for chunk in completion:",
        "except Exception as error:",
        "except (OSError, ValueError):",
        "if answer is None:",
        "...",
    ],
)
def test_text_knows_code_that_reads_like_prose(line: str) -> None:
    code = f"import os\n{line}\n    print(os.name)"
    assert only("a.txt", f"Python\n{code}\n\nThe answer is one line.\n").code == code


@pytest.mark.parametrize("line", ["for use in one of your programs:", "if this is what you see:"])
def test_text_knows_prose_that_reads_like_code(line: str) -> None:
    assert only("a.txt", f"Python\nimport os\n{line}\nprint text\n").code == "import os"


def test_text_without_headings() -> None:
    text = "Do this:\n\nimport os\nprint(os.name)\n\nThat is all (really), and no more.\n"
    sample = only("a.txt", text)
    assert (sample.language, sample.code) == ("python", "import os\nprint(os.name)")
    assert pages.read("a.txt", "We import the thing. Call it (twice); then stop.\nAll\n") == []


# reStructuredText


RST = """\
Title
=====

.. highlight:: go

Text::

    package main

      x

- item

  .. code-block:: python
     :linenos:

     import os

     @tabbed

.. tabs::

   .. tab:: C#

      .. code::

         using System;

   .. code-tab:: bash curl

      curl x

   .. group-tab:: PHP

      .. sourcecode:: text

         no

.. a comment::

.. and another

   hidden::

      hidden

Sub
---

.. raw:: html

   <pre>no</pre>

.. note:: Text

   ::

     last
""".replace("@", "\t")


def test_rst() -> None:
    samples = pages.read("a.rst", RST)
    assert [(one.language, one.code) for one in samples] == [
        ("go", "package main\n\n  x"),
        ("python", "import os\n\n\ttabbed"),
        ("go", "using System;"),
        ("curl", "curl x"),
        (None, "no"),
        ("go", "last"),
    ]
    assert [one.tab for one in samples] == ["", "", "C#", "curl", "PHP", ""]
    assert samples[-1].headings == ("Title", "Sub")
    for one in samples:
        check_spans(RST, one)


_RST_LINES = st.lists(
    st.sampled_from(
        [
            "text",
            "text::",
            "  text::",
            "- item",
            "- item::",
            "    deep",
            "      deeper",
            "",
            "",
            "  in",
            ".. code-block:: python",
            "  .. code:: go",
            ".. note::",
            ".. comment",
            "::",
            "* a",
            "  ::",
        ]
    ),
    max_size=14,
).map("\n".join)


# Many pages of such lines have mistakes, which the test leaves out.
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(_RST_LINES)
@example("text\n.. note::\n\n    deep")
@example("- text\n  .. note::\n\n    deep")
@example("text\n- item\n.. note::\n\n    deep")
@example("* a\n  .. code:: go\n\n    deep")
@example("text\n.. comment\n\n  text::\n\n    deep")
@example("- item::\n\n    deep\n\n  in")
@example("- item::\n\n  ::\n\n  in")
def test_rst_finds_what_docutils_finds_in_clean_pages(text: str) -> None:
    core = pytest.importorskip("docutils.core")
    nodes = pytest.importorskip("docutils.nodes")
    quiet = {
        "report_level": 1,
        "halt_level": 6,
        "warning_stream": False,
        "_disable_config": True,
        "syntax_highlight": "none",
        "file_insertion_enabled": False,
    }
    tree = core.publish_doctree(text, settings_overrides=quiet)
    # A page that docutils complains of is read as its author may have meant it.
    assume(not list(tree.findall(nodes.system_message)))
    expected = [node.astext() for node in tree.findall(nodes.literal_block)]
    assert [one.code for one in pages.read("a.rst", text)] == expected


# Notebooks, OpenAPI, AsciiDoc, source files


def test_notebook_languages() -> None:
    cells = [
        {"cell_type": "markdown", "source": "## Use PHP\n\n```php\necho 1;\n```"},
        {"cell_type": "code", "source": "const a = 1;"},
        {"cell_type": "code", "source": ["%%bash\n", "ls"]},
        {"cell_type": "raw", "source": "x"},
        {"cell_type": "code", "source": []},
    ]
    metadata = {"kernelspec": {"language": "javascript"}}
    text = json.dumps({"cells": cells, "metadata": metadata})
    samples = pages.read("a.ipynb", text)
    assert [one.language for one in samples] == ["php", "nodejs", None]
    assert {one.heading for one in samples} == {"Use PHP"}


def test_notebook_escapes() -> None:
    text = (
        '{"cells": [{"cell_type": "code", "source": ["\\u00e9\\ud83d\\ude00\\/\\t\\r\\n", "b"]}]}'
    )
    sample = only("a.ipynb", text)
    assert sample.code == "é😀/\t\nb"
    check_spans(text, sample)
    assert pages.replace(text, sample, 1, 2, "x") == text.replace("\\ud83d\\ude00", "x")


@pytest.mark.parametrize(
    ("scalar", "code"),
    [
        ("|\n          a\n\n            b\n", "a\n\n  b"),
        ("|+\n          a\n\n", "a\n"),
        ("|2-\n            a\n          b\n", "  a\nb"),
        (">\n          a\n          b\n\n          c\n", "a b\nc\n"),
        ('"a\\nb \\"c\\""\n', 'a\nb "c"'),
        ('"a\n\n          b"\n', "a\nb"),
        ("'it''s'\n", "it's"),
        ("'x y'\n", "x y"),
        ("curl x  # no\n", "curl x"),
    ],
)
def test_openapi_scalars(scalar: str, code: str) -> None:
    head = "paths:\n  /v1:\n    get:\n      x-code-samples:\n      - lang: Shell\n"
    text = f"{head}        source: {scalar}"
    sample = only("a.yaml", text)
    assert (sample.code, sample.headings) == (code, ("GET /v1",))
    check_spans(text, sample)
    done = pages.replace(text, sample, 0, len(code), "curl 'y'")
    assert only("a.yaml", done).code.rstrip("\n") == "curl 'y'"


def test_openapi_without_samples_is_not_even_parsed() -> None:
    assert pages.read("a.yaml", "{ not: yaml") == []
    with pytest.raises(InputError, match=r"a\.yaml: not valid YAML"):
        pages.read("a.yaml", "x-codeSamples: {")
    with pytest.raises(InputError, match=r"a\.json: not valid JSON"):
        pages.read("a.json", "x-codeSamples")


def test_asciidoc() -> None:
    text = dedent("""\
        = Title

        [tabs]
        ====
        Node.js::
        +
        --
        [source]
        ....
        a()
        ....
        --
        ====

        == Part

        [,ruby]
        ----
        puts
        ----

        [source,sh]
        curl x
          -d

        ////
        ----
        no
        ----
        ////

        ```go
        package main
        """)
    samples = pages.read("a.adoc", text)
    assert [(one.language, one.code) for one in samples] == [
        ("nodejs", "a()"),
        (None, "puts"),
        ("curl", "curl x\n  -d"),
        ("go", "package main"),
    ]
    assert samples[0].tab == "Node.js"
    assert samples[-1].headings == ("Title", "Part")


@pytest.mark.parametrize(
    ("name", "code", "language"),
    [("a.go", GO, "go"), ("a.MJS", "a()", "nodejs"), ("a.sh", CURL, "curl"), ("a.sh", "ls", None)],
)
def test_source_files(name: str, code: str, language: str | None) -> None:
    sample = only(name, code)
    assert (sample.code, sample.language, sample.line) == (code, language, 1)


# Languages


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("Python", "python"),
        ("Python (SDK)", "python"),
        ("Python 3.11", "python"),
        ("Java\uff08SDK\uff09", "java"),
        ("Java code", "java"),
        ("Python \u30b3\u30fc\u30c9:", "python"),
        ("C#", "csharp"),
        ("C# (HTTP)", "csharp"),
        (".NET", "csharp"),
        ("**Node.js**", "nodejs"),
        ("JavaScript", "nodejs"),
        ("cURL", "curl"),
        ("Golang SDK", "go"),
        ("TypeScript", "nodejs"),
        ("Deno", "nodejs"),
        ("Kotlin", None),
    ],
)
def test_labels(label: str, language: str | None) -> None:
    assert from_label(label) == (True, language)


@pytest.mark.parametrize(
    "label", ["Go to the console", "HTTP", "", "Next steps", "Java is old", "x" * 99]
)
def test_labels_that_name_no_language(label: str) -> None:
    assert from_label(label) == (False, None)


@pytest.mark.parametrize(
    ("info", "code", "language"),
    [
        ("python", "x", "python"),
        ("{.python .x}", "x", "python"),
        ("{code-block} c#", "x", "csharp"),
        ("language-js", "x", "nodejs"),
        ("js{1,3}", "x", "nodejs"),
        ("js:a.js", "x", "nodejs"),
        ("go,linenos", "x", "go"),
        ("cs", "x", "csharp"),
        ("C#", "x", "csharp"),
        ("ts", "const x = 1", "nodejs"),
        ("language-tsx", "x", "nodejs"),
        ("text", "import os", None),
        ("console", "$ curl x", "curl"),
        ("bash", "pip install curl", None),
        ("bash", "x=$(curl y)", "curl"),
        ("zsh", 'export A=b\ncurl "x"', "curl"),
        ("curl", "x", "curl"),
        ("wat", "import os", None),
    ],
)
def test_infos(info: str, code: str, language: str | None) -> None:
    assert language_of(code, info, ()) == language


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("import os\nprint(1)", "python"),
        ("from a.b import c", "python"),
        ("import a from 'b';", "nodejs"),
        ("const x = 1;", "nodejs"),
        ("import a.b.C;\nclass X {}", "java"),
        ("using A.B;\nclass X {}", "csharp"),
        (GO, "go"),
        ("<?php\n$a = 1;", "php"),
        ("$a = 1;", "php"),
        (CURL, "curl"),
        ("# note\ncurl x", "curl"),
        ('{"import os": 1}', None),
        ("<project>\nimport os\n</project>", None),
        ("pip install x", None),
        ("hello", None),
    ],
)
def test_signs(code: str, language: str | None) -> None:
    assert from_code(code) == language


@pytest.mark.parametrize("code", ["pip install x", '{"a": 1}', "export A=b", "<dependency>"])
def test_what_is_no_program_below_a_language_s_heading(code: str) -> None:
    assert language_of(code, "", ("Python",)) is None


# Files


@pytest.mark.parametrize(
    "data",
    [
        b"a\r\nb\rc\n",
        b"\xef\xbb\xbfa\n",
        "é\r\n".encode("utf-16"),
        b"\xfe\xff" + "é\n".encode("utf-16-be"),
        b"",
    ],
)
def test_a_page_unchanged_is_the_same_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    page = pages.load(path)
    assert not page.text.startswith("\ufeff")
    assert page.encode(page.text) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\x00", "not UTF-8"),
        (b"a\0b", "NUL"),
        (b"caf\xe9", r"not UTF-8 \(byte 3\)"),
        (b"\xff\xfea\xd8", "not UTF-16"),
        (b"\xff\xfea", "not UTF-16"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        pages.load(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        pages.load(tmp_path / "a.md")
    with pytest.raises(InputError, match="is a directory"):
        pages.load(tmp_path)
    with pytest.raises(InputError, match=r"no reader for \.docx; choose from"):
        pages.read("a.docx", "")
    assert pages.readable("A.MDX")
    assert not pages.readable("Makefile")


def test_a_page_refuses_what_its_encoding_lacks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"a")
    with pytest.raises(InputError, match="has no"):
        pages.load(path).encode("\ud800")


# Hostile pages: an answer or an InputError, in time that grows with the page's length.

TEXTS = [".md", ".mdx", ".html", ".txt", ".rst", ".adoc", ".py"]
HOSTILE = {
    "quotes": "> " * 1000 + "```\n",
    "lists": "".join("  " * depth + "- a\n" for depth in range(1000)),
    "indents": "".join(" " * depth + "a::\n\n" for depth in range(300)),
    "elements": "<div>" * 5000 + "<pre>" * 5000,
    "ends": "<div>" * 5000 + "</p>" * 5000,
    "comments": "<!--" * 20_000,
    "open tags": "<a " * 20_000,
    "open values": "<a b='" * 20_000 + "<Tab t={" * 5000,
    "references": "&" * 50_000 + "<pre>" + "&a" * 50_000,
    "a long line": "```\n" + "a(b) " * 200_000,
    "brackets": "Python\n" + "x = (" * 20_000,
    "fences": "```\n" * 5000,
    "headings": "Python\n\nimport os\n\n" * 1000,
    "tabs": '=== "a"\n\n' * 500 + "<Tab>\n" * 3000,
    "nested tabs": "".join(" " * 4 * depth + '=== "a"\n' for depth in range(200)),
    "shortcodes": "{% tab " * 20_000,
    "blanks": "!!! " + " " * 20_000 + "!\n[," + " " * 20_000 + "\n```\n" + " " * 20_000,
    "NUL": "```\n\0\n```\n<pre>\0</pre>\nPython\nimport os\0",
    "line separators": "```\n\u2028\x85\x0b\x0c\n```\n",
}


@pytest.mark.parametrize("suffix", TEXTS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text(kind: str, suffix: str) -> None:
    text = HOSTILE[kind]
    for sample in pages.read(f"a{suffix}", text)[:20]:
        assert sample.spans.start(0) <= len(text)
        assert len(sample.spans.lines()) == sample.code.count("\n") + 1


@pytest.mark.parametrize("name", ["a.ipynb", "a.json", "a.yaml"])
def test_hostile_data(name: str) -> None:
    for text in ("[" * 100_000, '{"x-codeSamples":' * 5000, "x-codeSamples: " + "[" * 5000, "\0"):
        try:
            assert pages.read(name, text) == []
        except InputError as error:
            assert "\n" not in str(error)
    aliases = "a0: &a0 [x-codeSamples]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    assert pages.read("a.yaml", aliases) == []


@pytest.mark.parametrize(("name", "make"), FORMATS, ids=IDS)
def test_every_truncated_page_is_read_or_refused(name: str, make: Make) -> None:
    text = make(PYTHON)
    for end in range(len(text)):
        try:
            samples = pages.read(name, text[:end])
        except InputError:
            continue
        for sample in samples:
            check_spans(text[:end], sample)
