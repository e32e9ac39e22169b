"""What pages document, in the configuration or by `--call`, is compared with their samples."""

from __future__ import annotations

import pytest

from samplegen import Call, render
from samplegen.check import checking, fixing
from samplegen.check.checking import Plan
from samplegen.check.rules import select
from samplegen.model.call import Message
from samplegen.model.catalog import builtin
from samplegen.rendering.targets import targets

FENCES = {"nodejs": "javascript", "curl": "sh"}
ASKED = Call(model="qwen-max", region="beijing", messages=(Message("user", "Name three rivers."),))


def page(**call: object) -> str:
    """A page with a sample of each target for one protocol."""
    parts = ["# Call\n"]
    for target in targets():
        if target.protocol == "openai":
            code = render(Call(**call), target.language, target.client).code  # type: ignore[arg-type]
            fence = FENCES.get(target.language, target.language)
            parts.append(f"## {target.language} {target.client}\n\n```{fence}\n{code}```\n")
    return "\n".join(parts)


def found(text: str, call: Call | None) -> list[str]:
    plan = Plan(select("default"), builtin(), "en", call)
    view = checking.view("page.md", text, plan)
    return [f"{one.finding.rule} {one.finding.message}" for one in checking.check(view, plan)]


SAME = {"region": "beijing", "model": "qwen-max", "messages": ASKED.messages}
COUNT = sum(target.protocol == "openai" for target in targets())


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"model": "qwen-plus"}, "A303", "the page documents `qwen-max`"),
        ({"region": "singapore"}, "A305", "the page documents China (Beijing)"),
        (
            {"messages": (Message("user", "Hi"),)},
            "A301",
            'the page documents "Name three rivers." here',
        ),
        (
            {"messages": (Message("system", "Be kind."), *ASKED.messages)},
            "A302",
            "the page documents the messages: user",
        ),
    ],
)
def test_each_sample_that_differs_is_found(
    change: dict[str, object], rule: str, words: str
) -> None:
    text = page(**{**SAME, **change})
    assert found(text, None) == []
    assert found(text, ASKED) == [f"{rule} {words}"] * COUNT


def test_what_the_page_documents_is_no_finding() -> None:
    assert found(page(**SAME), ASKED) == []


def test_another_flow_is_another_call() -> None:
    text = page(**{**SAME, "model": "qwen-plus", "parameters": {"stream": True}})
    assert found(text, ASKED) == []


def test_a_managed_sample_has_a_call_of_its_own() -> None:
    code = render(Call(model="qwen-plus"), "python").code
    text = f"<!-- samplegen: lang=python -->\n```python\n{code}```\n<!-- /samplegen -->\n"
    assert [one for one in found(text, ASKED) if one.startswith("A3")] == []


def test_a_model_is_changed_in_one_run() -> None:
    plan = Plan(select("default"), builtin(), "en", ASKED)
    done, _, _ = fixing.fixed("page.md", page(**{**SAME, "model": "qwen-plus"}), plan, unsafe=True)
    assert found(done, ASKED) == []
    assert "qwen-plus" not in done
