"""Damaged pages: check and its fixes give an answer or a clear error, whatever the bytes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tree_sitter")

from conftest import ROOT

from samplegen import Call, render
from samplegen.check.config import Config
from samplegen.check.project import Checked, Options, check_page
from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.pages import decode, jsontext, read
from samplegen.readback.tree import LONGEST

CONFIG = Config(Path(), builtin())
CODE = render(Call(), "python").code
SHELL = render(Call(), "curl").code


def indented(code: str) -> str:
    return "".join(f"    {line}" for line in code.splitlines(keepends=True))


# What each page of it has to be mended.
SLIPS = CODE.replace("compatible-mode", "compatible_mode")
PAGES = {
    "md": (ROOT / "tests" / "pages" / "defects.md").read_text(),
    "mdx": f"<Tabs>\n<Tab title='Python'>\n\n```python\n{SLIPS}```\n\n</Tab>\n</Tabs>\n",
    "html": f"<h2>Python</h2>\n<pre><code>{SLIPS.replace('<', '&lt;')}</code></pre>\n",
    "txt": f"Python\n{SLIPS}\ncurl\n{SHELL}",
    "rst": f"Python\n======\n\n.. code-block:: python\n\n{indented(SLIPS)}",
    "ipynb": json.dumps({"cells": [{"cell_type": "code", "source": SLIPS}], "metadata": {}}),
    "yaml": f"x-codeSamples:\n- lang: Python\n  source: |\n{indented(SLIPS)}",
    "adoc": f"== Python\n\n[source,python]\n----\n{SLIPS}----\n",
    "sh": SHELL,
}


def prose(name: str, text: str) -> str:
    """What of a page stands in no sample."""
    parts = []
    at = 0
    for one in read(name, text):
        parts.append(text[at : one.spans.start(0)])
        at = max(at, one.spans.end(len(one.code)))
    return "".join([*parts, text[at:]])


def done(name: str, data: bytes) -> Checked | None:
    """What comes of a page with all its fixes; a second time changes nothing."""
    try:
        page = decode(name, data)
    except InputError:
        return None
    before = check_page(page, Options(CONFIG))
    safe = check_page(page, Options(CONFIG, fix=True))
    of_page = any(one.fix and one.fix.safe and not one.sample for one in before.findings)
    if safe.changed and not of_page:
        assert prose(name, safe.text) == prose(name, page.text)
    found = check_page(page, Options(CONFIG, fix=True, unsafe=True))
    for one in (before, safe, found):
        assert not re.search("failed|undo each other", str(one.error))
    if found.changed:
        again = check_page(page._replace(text=found.text), Options(CONFIG, fix=True, unsafe=True))
        assert again.text == found.text
    return found


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def flipped(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(7)]) + data[at + 1 :]


def doubled(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data)) for _ in range(2))
    return data[:end] + data[start:end] + data[end:]


def dropped(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data)) for _ in range(2))
    return data[:start] + data[end:]


def spliced(data: bytes, rng: random.Random) -> bytes:
    other = rng.choice(list(PAGES.values())).encode()
    return cut(data, rng) + other[rng.randrange(len(other)) :]


def strewn(data: bytes, rng: random.Random) -> bytes:
    marks = ["\x01", "\x7f", "\u202e", "\ufeff", "\u2028", "\x0c", "\r", "\\ud800", "`", "\xe9"]
    for _ in range(5):
        at = rng.randrange(len(data))
        data = data[:at] + rng.choice(marks).encode(rng.choice(["utf-8", "utf-8"])) + data[at:]
    return data


DAMAGE: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut,
    flipped,
    doubled,
    dropped,
    spliced,
    strewn,
)


@pytest.mark.parametrize("suffix", PAGES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_page_has_an_answer(
    damage: Callable[[bytes, random.Random], bytes], suffix: str
) -> None:
    for seed in range(3):
        done(f"page.{suffix}", damage(PAGES[suffix].encode(), random.Random(seed)))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le", "shift-jis"])
def test_another_encoding_is_said(encoding: str) -> None:
    with pytest.raises(InputError, match=r"save it as UTF-8|not a text file"):
        decode(
            "page.md",
            "caf\u00e9 ".replace("\u00e9", "\u30a8\xe9"[encoding == "latin-1"]).encode(encoding),
        )


NESTED = ["(", "[", "{", "f(", '{"a": ', '"+']


@pytest.mark.parametrize("language", ["python", "java", "js", "go", "csharp", "php", "sh"])
def test_deep_code_has_an_answer(language: str) -> None:
    for opening in NESTED:
        code = f"{CODE}\nx = {opening * 1000}"
        found = done("page.md", f"```{language}\n{code}\n```\n".encode())
        assert found
        assert found.error is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", ">" * 1000 + " a"),
        ("a.md", "<div>" * 1000),
        ("a.html", "<div>" * 1000 + "<pre>x"),
        ("a.mdx", "<Tab title='a'>\n" * 1000),
        ("a.json", "[" * 1000),
        ("a.json", '{"a":' * 1000 + "1" + "}" * 1000),
        ("a.yaml", "a: {" * 1000 + "}" * 1000),
        ("a.ipynb", '{"cells":' + "[" * 1000 + "]" * 1000 + "}"),
    ],
)
def test_deep_pages_have_an_answer(name: str, text: str) -> None:
    assert done(name, text.encode())


def test_a_sample_that_is_too_long_is_not_judged_and_that_is_said() -> None:
    text = f"```python\n{CODE}x = '{'a' * LONGEST}'\n```\n"
    found = done("page.md", text.encode())
    assert found
    assert [(one.rule, one.line) for one in found.findings] == [("R201", 2)]
    assert "too long" in found.findings[0].message
    assert found.text == text


def test_a_string_of_json_with_too_many_escapes_is_said() -> None:
    text = "\n" * (jsontext.MOST_ESCAPES + 1)
    for name, page in (
        ("a.ipynb", json.dumps({"cells": [{"cell_type": "markdown", "source": text}]})),
        ("a.json", json.dumps({"x-codeSamples": [{"lang": "Python", "source": text}]})),
    ):
        found = done(name, page.encode())
        assert found
        assert found.error == f"{name}: a string is too long to be read: {2 * len(text)} characters"


def test_a_picture_in_a_cell_stops_nothing() -> None:
    picture = f"![](data:image/png;base64,{'A' * 2_000_000})\n\n```python\n{SLIPS}```\n"
    cells = [{"cell_type": "markdown", "source": picture}]
    found = done("a.ipynb", json.dumps({"cells": cells}).encode())
    assert found
    assert found.error is None
    assert "compatible-mode" in found.text


@pytest.mark.parametrize("blank", ["\x0c", "\x0b", "\xa0", "\u2028"])
def test_a_blank_that_json_does_not_have_is_mended(blank: str) -> None:
    code = SHELL.replace('"messages":', f'"messages"{blank}:')
    assert code != SHELL
    found = done("page.md", f"```sh\n{code}```\n".encode())
    assert found
    assert found.error is None
    assert found.changed
    assert blank not in found.text
