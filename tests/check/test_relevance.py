"""Rules judge calls of the catalog's service, and leave alone whatever else a page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tree_sitter")

from conftest import ROOT
from test_check import RIGHT_HOST, sample

from samplegen.check.checking import Plan, check, view
from samplegen.check.rules import all_rules
from samplegen.model.catalog import builtin
from samplegen.model.catalog_file import load

PLAN = Plan(all_rules(), builtin())

# Each has what a rule would complain of, were it a call of the service.
OTHERS = {
    "another provider": (
        "python",
        """
from openai import OpenAI
client = OpenAI(base_url="http://localhost:8000/v1", api_key="EMPTY")
try:
    print(client.chat.completions.create(model="qwen3-8b", messages=[]))
except Exception as error:
    print("Error:", error)
""",
    ),
    "a server of one's own": (
        "curl",
        """
curl -X POST http://localhost:8000/v1/chat/completions -d '{
  "service": "dashscope", "key": "DASHSCOPE_API_KEY", "messages": []
}'
""",
    ),
    "the SDK's own host": (
        "nodejs",
        """
const client = new OpenAI();
client.chat.completions.create({ model: "gpt-6", messages: [{ role: "user", content: "Hi" }] })
  .catch((error) => console.log("Error:", error));
""",
    ),
    "another model of a like name": (
        "curl",
        """
curl -X POST http://localhost:11434/v1/chat/completions -d '{
  "model": "qwen3:8b", "messages": [{"role": "user", "content": "Hi"}]
}'
""",
    ),
    "a path that many have": (
        "python",
        """
print(requests.get(url="https://files.example.com/api/v1/list", verify=False).json())
""",
    ),
    "no chat call": (
        "python",
        """
import os
client = OpenAI(api_key=os.getenv("DASHSCOPE_API_KEY"), base_url=BASE)
print(client.embeddings.create(model="text-embedding-v4", input="Hi"))
""",
    ),
    "another endpoint of the service": (
        "curl",
        f"""
curl -X POST https://{RIGHT_HOST}/compatible-mode/v1/embeddings -d '{{"input": "Hi"}}'
""",
    ),
    "an installation": ("curl", "\ncurl -L https://example.com/install.sh | sh\n"),
    "anything": (
        "java",
        """
try { run(); } catch (Exception e) { System.out.println("Error: " + e); }
""",
    ),
}
FENCES = {"nodejs": "js", "curl": "sh"}


def page_of(language: str, code: str) -> str:
    return f"# Title\n\n```{FENCES.get(language, language)}\n{code.lstrip()}```\n"


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_call_of_the_service_is_left_alone(name: str) -> None:
    page = view("page.md", page_of(*OTHERS[name]), PLAN)
    (one,) = page.samples
    assert check(page, PLAN) == []
    of_sample = [rule.of_sample for rule in PLAN.rules if rule.of_sample]
    assert [problem for found in of_sample for problem in found(one, page)]


SLIPS = {
    "host": (RIGHT_HOST, "dashscope-intl.aliyun.com"),
    "a stranger's host": (RIGHT_HOST, "api.example.com"),
    "key": ("DASHSCOPE_API_KEY", "OPENAI_API_KEY"),
    "model": ("qwen-plus", "qwen-pluss"),
}


@pytest.mark.parametrize("language", ["python", "java", "nodejs", "go", "csharp", "php", "curl"])
@pytest.mark.parametrize("slip", [*SLIPS, "syntax"])
def test_a_call_with_a_slip_is_still_one_of_the_service(slip: str, language: str) -> None:
    code = sample(language)
    code = f"{code}\n)]}}\n" if slip == "syntax" else code.replace(*SLIPS[slip])
    page = view("page.md", page_of(language, code), PLAN)
    assert page.calls == page.samples
    assert check(page, PLAN)


def test_a_call_of_the_services_model_without_an_address_is_one() -> None:
    code = 'client.chat.completions.create(model="qwen-plus", messages=[])\n'
    assert view("page.md", page_of("python", code), PLAN).calls
    assert not view("page.md", page_of("python", code.replace("qwen-plus", "gpt-6")), PLAN).calls


def test_another_catalog_has_other_calls() -> None:
    path: Path = ROOT / "tests" / "model" / "of_0_1.toml"
    other = Plan(all_rules(), load(path))
    text = page_of("python", sample())
    assert view("page.md", text, PLAN).calls
    assert view("page.md", text, other).calls == ()
    assert check(view("page.md", text, other), other) == []
