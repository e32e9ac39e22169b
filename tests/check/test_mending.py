"""What --unsafe-fixes makes of whole pages: samples as published, prose as it was."""

from __future__ import annotations

import html
import re

import pytest
from conftest import ROOT

from samplegen.check import fixing
from samplegen.check.checking import Plan, check, view
from samplegen.check.rules import all_rules
from samplegen.languages import language
from samplegen.model.catalog import builtin
from samplegen.pages import read
from samplegen.readback import readback
from samplegen.rendering.targets import Target, find, targets

PLAN = Plan(all_rules(), builtin())
HANDWRITTEN = ROOT / "tests" / "pages" / "handwritten.txt"


def prose(path: str, text: str) -> list[str]:
    """The lines of a page that are no code's."""
    for one in sorted(read(path, text), key=lambda one: -one.spans.start(0)):
        text = text[: one.spans.start(0)] + text[one.spans.end(len(one.code)) :]
    return [line for line in text.splitlines() if line.strip()]


def published(code: str, language: str) -> str | None:
    """The published sample that does what the code does, None if it makes no call."""
    call = readback(language, code)
    if call.model is None:
        return None
    return sample(find(language, str(call.protocol), call.client)).strip()


def sample(target: Target) -> str:
    """A published sample."""
    folder = ROOT / "out" / "en" / target.protocol / "singapore"
    return (folder / target.filename).read_text(encoding="utf-8")


def test_a_page_written_by_hand_gets_the_published_samples() -> None:
    before = HANDWRITTEN.read_text(encoding="utf-8")
    path = "page.txt"
    assert len(check(view(path, before, PLAN), PLAN)) > 50
    after, left, _ = fixing.fixed(path, before, PLAN, unsafe=True)
    assert left == []
    assert fixing.fixed(path, after, PLAN, unsafe=True)[:2] == (after, [])
    samples = [one for one in read(path, after) if one.language]
    verified = {one.line: published(one.code, str(one.language)) for one in samples}
    for one in samples:
        if wanted := verified[one.line]:
            # The page has such a note on other languages.
            code = re.sub(r"// DashScope does not provide a .* SDK\.\n\n", "", one.code)
            assert code.strip() == wanted
    # 11 were there; 3 languages were missing; 3 parts of programs make no call.
    assert len([one for one in verified.values() if one]) == 11 + 3
    assert len(verified) == 11 + 3 + 3
    added = ["Java (SDK)", "Go (HTTP)", "C# (HTTP)"]
    relabelled = ["Go (SDK)" if line == "Go" else line for line in prose(path, before)]
    assert [line for line in prose(path, after) if line not in added] == [
        line for line in relabelled if line not in added
    ]


def shown(form: str, label: str, fence: str, code: str) -> str:
    """A heading and a sample, in a page's format."""
    indented = "".join(f"    {line}\n" if line else "\n" for line in code.splitlines())
    return {
        "md": f"## {label}\n\n```{fence}\n{code}```\n\n",
        "html": f'<h2>{label}</h2>\n<pre><code class="language-{fence}">'
        f"{html.escape(code, quote=False)}</code></pre>\n\n",
        "rst": f"{label}\n{'-' * len(label)}\n\n.. code-block:: {fence}\n\n{indented}\n",
        "adoc": f"== {label}\n\n[source,{fence}]\n----\n{code}----\n\n",
        "txt": f"{label}\n\n{code}\n",
    }[form]


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("form", ["md", "html", "rst", "adoc", "txt"])
def test_a_missing_sample_is_added_in_the_form_of_its_neighbour(form: str, eol: str) -> None:
    parts = {
        target: shown(
            form,
            f"{language(target.language).name} ({target.client.upper()})",
            language(target.language).fence,
            sample(target),
        )
        for target in targets()
        if target.protocol == "openai"
    }
    path = f"page.{form}"
    missing = find("csharp", "openai", "http")
    # In the order that additions have: below the last sample.
    order = [*(one for one in parts if one != missing), missing]
    full = ("Words.\n\n" + "".join(parts[one] for one in order)).replace("\n", eol)
    text = ("Words.\n\n" + "".join(parts[one] for one in order[:-1])).replace("\n", eol)
    if form == "rst":
        # What follows code in this format ends in one empty line.
        full, text = full.rstrip() + eol, text.rstrip() + eol
    assert check(view(path, full, PLAN), PLAN) == []
    found = check(view(path, text, PLAN), PLAN)
    assert [one.finding.name for one in found] == ["missing-language"]
    assert fixing.fixed(path, text, PLAN)[0] == text
    done, left, _ = fixing.fixed(path, text, PLAN, unsafe=True)
    assert left == []
    assert done.strip() == full.strip()
