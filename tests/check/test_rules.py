"""The rules: each finds its bad examples, and nothing in what samplegen renders."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from published import OUT, name, published

from samplegen import Call, render
from samplegen.check import checking
from samplegen.check.rule import Fix, PageView, Problem, Rule, SampleView
from samplegen.check.rules import all_rules
from samplegen.model.call import Message
from samplegen.model.catalog import builtin
from samplegen.pages import PublishedSample, read
from samplegen.pages.spans import Piece, Spans
from samplegen.rendering.targets import Target, targets

GROUPS = ("truth", "runs", "agrees", "behaves", "complete", "translated", "safe")
RULES = {rule.code: rule for rule in all_rules() if rule.group in GROUPS}
FOLDER = ROOT / "samplegen" / "check" / "rules"
FENCES = {"nodejs": "javascript", "curl": "sh"}


def view(language: str, code: str, locale: str = "en") -> PageView:
    """A page with that one sample, or that page."""
    if language == "markdown":
        samples = tuple(read("page.md", code))
    else:
        spans = Spans((Piece(code, 0, len(code)),))
        samples = (PublishedSample("page.md", language, language, code, 1, spans),)
    views = tuple(SampleView(sample, builtin()) for sample in samples if sample.language)
    return PageView("page.md", code, views, builtin(), locale, None, samples)


def problems(rule: Rule, page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    if rule.of_page:
        yield from rule.of_page(page)
    if rule.of_sample:
        for sample in page.samples:
            for problem in rule.of_sample(sample, page):
                yield sample, problem


def text_of(page: PageView, sample: SampleView | None) -> str:
    return sample.code if sample else page.text


def mended(page: PageView, sample: SampleView | None, fix: Fix) -> str:
    """The page's text with a fix made."""
    start, end = fix.start, fix.end
    if sample:
        spans = sample.published.spans
        start, end = spans.start(start), spans.end(end) if end > start else spans.start(start)
    return page.text[:start] + fix.new + page.text[end:]


def examples(kind: str) -> list[object]:
    found: list[object] = []
    for code, rule in RULES.items():
        tables = tomllib.loads(file_of(rule).with_suffix(".toml").read_text(encoding="utf-8"))
        for number, one in enumerate(tables[kind]):
            found.append(pytest.param(code, one, id=f"{code}-{one['language']}-{number}"))
    return found


def file_of(rule: Rule) -> Path:
    """The module of a rule: the group is its folder, and the name its own."""
    return FOLDER / rule.group / f"{rule.name.replace('-', '_')}.py"


def test_each_rule_has_a_bad_and_a_good_example_and_a_reason() -> None:
    for rule in RULES.values():
        assert rule.bad and rule.good, rule.code
        assert rule.reason.endswith((".", "?")), rule.code


def test_each_rule_has_a_module_of_its_own_and_its_examples_beside_it() -> None:
    modules = {path for path in FOLDER.glob("*/*.py") if not path.name.startswith("_")}
    assert modules == {file_of(rule) for rule in all_rules()}
    for path in FOLDER.rglob("*.toml"):
        assert path.with_suffix(".py") in modules
        assert set(tomllib.loads(path.read_text(encoding="utf-8"))) == {"bad", "good"}
    for rule in all_rules():
        assert bool(rule.bad) == file_of(rule).with_suffix(".toml").is_file(), rule.code


@pytest.mark.parametrize(("code", "example"), examples("bad"))
def test_a_rule_finds_its_bad_example_at_its_place(code: str, example: dict[str, str]) -> None:
    page = view(example["language"], example["code"], example.get("locale", "en"))
    found = [
        text_of(page, sample)[problem.start : problem.end]
        for sample, problem in problems(RULES[code], page)
    ]
    assert example["at"] in found


@pytest.mark.parametrize(("code", "example"), examples("good"))
def test_a_rule_leaves_its_good_example_alone(code: str, example: dict[str, str]) -> None:
    page = view(example["language"], example["code"], example.get("locale", "en"))
    assert list(problems(RULES[code], page)) == []


@pytest.mark.parametrize(("code", "example"), examples("bad"))
def test_a_fix_mends(code: str, example: dict[str, str]) -> None:
    locale = example.get("locale", "en")
    page = view(example["language"], example["code"], locale)
    before = list(problems(RULES[code], page))
    for sample, problem in before:
        if problem.fix:
            after = view(example["language"], mended(page, sample, problem.fix), locale)
            assert len(list(problems(RULES[code], after))) < len(before)


@pytest.mark.parametrize(
    ("locale", "region", "target"),
    [pytest.param(*one, id=name(*one)) for one in published()],
)
def test_no_rule_finds_anything_in_a_rendered_sample(
    locale: str, region: str, target: Target
) -> None:
    code = (OUT / name(locale, region, target)).read_text(encoding="utf-8")
    page = view(target.language, code, locale)
    found = [(rule.code, p.message) for rule in RULES.values() for _, p in problems(rule, page)]
    assert found == []


@pytest.mark.parametrize("protocol", ["openai", "dashscope"])
@pytest.mark.parametrize("locale", ["en", "ja", "zh"])
def test_no_rule_finds_anything_in_a_page_of_rendered_samples(protocol: str, locale: str) -> None:
    parts = ["# Call\n"]
    for target in targets():
        if target.protocol == protocol:
            code = (OUT / name(locale, "singapore", target)).read_text(encoding="utf-8")
            fence = FENCES.get(target.language, target.language)
            parts.append(
                f"## {target.language} ({target.client.upper()})\n\n```{fence}\n{code}```\n"
            )
    page = view("markdown", "\n".join(parts), locale)
    assert len(page.samples) > 7
    found = [(rule.code, p.message) for rule in RULES.values() for _, p in problems(rule, page)]
    assert found == []


def test_a_real_key_is_never_echoed() -> None:
    key = "sk-0a1b2c3d4e5f60718293a4b5"
    page = view("python", f'client = OpenAI(api_key="{key}")\n# {key}\n')
    found = list(problems(RULES["S701"], page))
    assert found
    assert all(key[:8] not in problem.message for _, problem in found)


@pytest.mark.parametrize("language", ["python", "java", "nodejs", "go", "csharp", "php", "curl"])
@pytest.mark.parametrize(
    "code",
    ["", "\n", "\0", "'", '"""', "((((", "// sk-", "# https://", "<?php", "\ud800", "}" * 50],
)
def test_any_text_is_looked_at(language: str, code: str) -> None:
    page = view(language, code)
    for rule in RULES.values():
        for sample, problem in problems(rule, page):
            assert 0 <= problem.start <= problem.end <= len(text_of(page, sample))


def rendered(**call: object) -> Iterator[tuple[Target, str]]:
    for target in targets():
        made = Call(protocol=target.protocol, **call)  # type: ignore[arg-type]
        yield target, render(made, target.language, target.client).code


@pytest.mark.parametrize(
    "call",
    [
        *({"region": id} for id, region in builtin().regions.items() if region.host),
        *(
            {"region": id, "workspace": "ws-1"}
            for id, region in builtin().regions.items()
            if region.workspace_host
        ),
        {"model": "qwen-max"},
        {"model": "qwen3-8b"},
        {"model": "qwen-vl-plus"},
        {
            "messages": (
                Message(
                    "user", "$(id) `id`; eval(x) 'a' \"b\" \\ */ // # <?php {$x} ${y}\nError: no"
                ),
            )
        },
    ],
    ids=str,
)
def test_no_rule_finds_anything_in_other_calls(call: dict[str, object]) -> None:
    for target, code in rendered(**call):
        page = view(target.language, code)
        found = [(rule.code, p.message) for rule in RULES.values() for _, p in problems(rule, page)]
        assert found == [], target


IN_MAIN = """class Program
{
    static void Main()
    {
        if (string.IsNullOrEmpty(apiKey)) { Console.WriteLine("API key not set."); return; }
    }
}
"""
IN_PHP = """<?php
if ($status !== 200) {
    echo "Error: $response";
    return;
}
"""


@pytest.mark.parametrize(("language", "code"), [("csharp", IN_MAIN), ("php", IN_PHP)])
def test_a_failure_that_leaves_with_0_is_found_once_and_where_it_leaves(
    language: str, code: str
) -> None:
    [(sample, problem)] = problems(RULES["B403"], view(language, code))
    assert sample and sample.code[problem.start : problem.end] == "return;"


def test_a_notebooks_cells_are_one_program() -> None:
    cells = [
        {"cell_type": "code", "source": "import os\nfrom openai import OpenAI"},
        {"cell_type": "code", "source": 'import sys\nkey = os.getenv("A")\nOpenAI(api_key=key)'},
    ]
    metadata = {"kernelspec": {"language": "python"}}
    rule = RULES["R203"]
    for first, count in ((0, 0), (1, 1)):
        text = json.dumps({"cells": cells[first:], "metadata": metadata})
        samples = tuple(SampleView(one, builtin()) for one in read("a.ipynb", text))
        page = PageView("a.ipynb", text, samples, builtin(), "en", None)
        assert len(list(problems(rule, page))) == count


@pytest.mark.parametrize(
    ("path", "locale", "count"),
    [("a.py", None, 0), ("ja/a.py", None, 1), ("a.py", "ja", 1), ("a.md", None, 1)],
)
def test_a_source_file_s_locale_is_said_by_its_path_or_configuration(
    path: str, locale: str | None, count: int
) -> None:
    code = render(Call(), "python", locale="ja").code + "# Please read this first.\n"
    text = f"```python\n{code}```\n" if path == "a.md" else code
    page = checking.view(path, text, checking.Plan((), builtin(), locale))
    assert len(list(problems(RULES["L601"], page))) == count
    # A message in Japanese, beside others.
    said = "print('\u5fdc\u7b54')\nprint('The answer')\n"
    page = checking.view(
        path, text.replace("# Please", f"{said}# Please"), checking.Plan((), builtin(), locale)
    )
    assert bool(list(problems(RULES["L602"], page))) == bool(count)


DEFINES = """\
import dashscope

NAMES = dict(a=1)


def ask(messages):
    try:
        return dashscope.Generation.call(model="qwen-plus", messages=messages)
    except Exception as error:
        print(f"Error: {error}")
"""


@pytest.mark.parametrize("rule", ["B403", "B404"])
@pytest.mark.parametrize(
    ("path", "more", "count"),
    [
        ("a.py", "", 0),
        ("a.py", "\nask([])\n", 1),
        ("a.py", "\nif __name__ == '__main__':\n    ask([])\n", 1),
        ("a.py", "\nanswer = dashscope.Generation.call(messages=[])\n", 1),
        ("a.md", "", 1),
    ],
)
def test_a_source_file_that_only_defines_has_no_output_or_exit_code(
    path: str, more: str, count: int, rule: str
) -> None:
    code = DEFINES + more
    text = f"```python\n{code}```\n" if path == "a.md" else code
    page = checking.view(path, text, checking.Plan((), builtin()))
    assert len(list(problems(RULES[rule], page))) == count
