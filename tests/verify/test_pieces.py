"""What a page shows in pieces or as a session is one program, and what cannot be judged is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from toolchains import need_all

from samplegen import Call, render
from samplegen.model.catalog import builtin
from samplegen.pages import read
from samplegen.verify import toolchain
from samplegen.verify.hosts import strange_hosts
from samplegen.verify.pieces import typed, whole
from samplegen.verify.published import _is_part, subjects_in
from samplegen.verify.subject import PART
from samplegen.verify.toolchain import Prepared

CLIENT = """import os
from openai import OpenAI

client = OpenAI(
    api_key=os.environ["DASHSCOPE_API_KEY"],
    base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
)
"""
ASK = """reply = client.chat.completions.create(
    model="qwen-plus", messages=[{"role": "user", "content": "Hello"}]
)
print(reply.choices[0].message.content)
"""
URL = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions"


def fences(*pieces: str, language: str = "python") -> str:
    return "# Page\n\n" + "\n".join(f"```{language}\n{piece}\n```\n" for piece in pieces)


def programs(text: str, name: str = "page.md") -> list[str]:
    page = read(name, text)
    return [
        whole(one, page, ["DASHSCOPE_API_KEY"], _is_part).rstrip() for one in page if one.language
    ]


def test_a_piece_is_run_with_those_that_it_goes_on_from() -> None:
    unrelated = "client_of_another = 1\n"
    *_, last = programs(fences(CLIENT, unrelated, ASK))
    assert last == f"{CLIENT}\n{ASK.rstrip()}"
    first, second = programs(fences(CLIENT + ASK, CLIENT + ASK.replace("Hello", "Bye")))
    assert "Bye" not in first and "Hello" not in second, "a program of its own stays alone"
    without_import = CLIENT.replace("import os\n", "") + ASK
    assert "import os" not in programs(fences(CLIENT + ASK, without_import))[1], "it is broken"
    assert programs(fences(ASK, CLIENT))[0] == ASK.rstrip(), "what stands below does not help"


def test_pieces_of_a_shell_and_of_javascript() -> None:
    call = 'curl "$BASE/chat" --header "Authorization: Bearer $DASHSCOPE_API_KEY"'
    given = "export DASHSCOPE_API_KEY=sk-of-yours"
    *_, last = programs(fences(given, f"BASE={URL}", call, language="bash"))
    assert last == f"BASE={URL}\n{call}", "the key is the run's"
    made = "import OpenAI from 'openai';\nconst client = new OpenAI();"
    used = "const reply = await client.chat.completions.create({ model: 'm' });"
    *_, last = programs(fences(made, used, language="javascript"))
    assert last == f"{made}\n{used}"
    other = "console.log({ client: 1, 'x client': call.client });"
    assert programs(fences(made, other, language="javascript"))[-1] == other


@pytest.mark.parametrize(
    ("language", "session", "code"),
    [
        (
            "python",
            ">>> x = 1\n>>> if x:\n...     print(x)\n...\n1\n",
            "x = 1\nif x:\n    print(x)\n\n",
        ),
        ("python", "!pip install openai\n%time\nx = 1\n", "\n\nx = 1\n"),
        ("python", "x = 1 \\\n  % 2\n", "x = 1 \\\n  % 2\n"),
        (
            "curl",
            '$ curl a \\\n  --data \'{\n  "a": 1}\'\n{"b": 2}\n',
            "curl a \\\n  --data '{\n  \"a\": 1}'\n",
        ),
        ("curl", "# Ask\n$ curl a\nanswer\n$ echo b\n", "curl a\necho b\n"),
        ("curl", 'curl "$a"\n', 'curl "$a"\n'),
        ("go", "$ go run .\n", "$ go run .\n"),
    ],
)
def test_prompts_and_output_are_taken_off(language: str, session: str, code: str) -> None:
    assert typed(language, session) == code


GUESS = f'''
import os, requests
requests.post("{URL}", json={{}}, headers={{"Authorization": os.environ["DASHSCOPE_API_KEY"]}})
'''


@pytest.mark.parametrize(
    ("language", "code", "why"),
    [
        ("python", CLIENT, PART),
        ("java", "GenerationParam p = GenerationParam.builder().build();\ngen.call(p);", PART),
        ("go", "resp, err := client.Do(request)", PART),
        (
            "python",
            CLIENT.replace("dashscope-intl.aliyuncs.com", "localhost:8000") + ASK,
            "calls localhost, which is not the service",
        ),
        (
            "python",
            CLIENT.replace("https://dashscope-intl.aliyuncs.com", "https://api.example.com") + ASK,
            "calls api.example.com, which is not the service",
        ),
        ("python", CLIENT.replace("dashscope-intl", "dashscope-int") + ASK, ""),
        ("python", f"# See https://example.com\n{GUESS}", ""),
    ],
)
def test_what_is_not_run(language: str, code: str, why: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(fences(code, language=language))
    [subject] = subjects_in(page, [])
    assert subject.left == why


@pytest.mark.parametrize(
    ("language", "code", "missing"),
    [
        (
            "python",
            "import os, numpy\nfrom langchain_openai import ChatOpenAI\n",
            ["langchain_openai"],
        ),
        ("python", "try:\n    import rich\nexcept ImportError:\n    rich = None\n", []),
        ("python", "import openia\nfrom dashscop import Generation\n", []),
        ("nodejs", "import OpenAI from 'openai';\nimport fs from 'node:fs';\n", []),
        (
            "nodejs",
            "const x = require('@ai-sdk/openai');\nimport './own.js';\n",
            ["@ai-sdk/openai"],
        ),
        (
            "nodejs",
            'import OpenAI from "npm:openai";\nDeno.env.get("A");\n',
            ["npm:openai", "Deno"],
        ),
        ("nodejs", 'import A from "https://esm.sh/openai@6";\n', ["https://esm.sh/openai@6"]),
        ("nodejs", "const A = () => (\n  <div>a</div>\n);\n", ["a bundler for JSX"]),
        ("nodejs", "const f = <T,>(a: T) => a;\nconst g = () => <T>(a);\n", []),
        (
            "go",
            'package main\n\nimport (\n\t"fmt"\n\t"github.com/sashabaranov/go-openai"\n)\n',
            ["github.com/sashabaranov/go-openai"],
        ),
        ("go", 'package main\n\nimport "github.com/openai/openai-go"\n', []),
        ("java", "import java.util.List;\nimport com.openai.client.OpenAIClient;\n", []),
        (
            "java",
            "import org.springframework.ai.chat.ChatClient;\n",
            ["org.springframework.ai.chat.ChatClient"],
        ),
        ("java", "import com.google.gson.Gson;\n", ["com.google.gson.Gson"]),
        ("java", "import com.alibaba.dashscope.aigc.Nothing;\nimport com.google.gson.Gson;\n", []),
        ("csharp", "using System.Text;\nusing OpenAI.Chat;\n", ["OpenAI.Chat"]),
    ],
)
def test_packages_that_are_not_installed(
    language: str, code: str, missing: list[str], prepared: dict[str, Prepared]
) -> None:
    assert toolchain.missing(prepared[language], code) == missing


@pytest.fixture(scope="module")
def prepared() -> dict[str, Prepared]:
    from samplegen.verify.verification import prepare

    names = ("python", "nodejs", "go", "java", "csharp")
    for name in names:
        need_all(name)
    return prepare(names, builtin())


def judged(samplegen: Run, tmp_path: Path, text: str, *options: str) -> list[dict[str, Any]]:
    (tmp_path / "page.md").write_text(text)
    done = samplegen("verify", "page.md", "--format", "json", *options)
    found: list[dict[str, Any]] = json.loads(done.stdout)["samples"]
    return found


FILE = CLIENT + "open('photo.jpg', 'rb')\n" + ASK
NOTHING = CLIENT + "def main():\n    pass\n" + "def ask():\n    " + ASK.replace("\n", "\n    ")

SKIPPED = {
    "another API": (
        CLIENT + "client.responses.create(model='qwen-plus', input='Hello')\n",
        "calls another API of the service: /compatible-mode/v1/responses",
    ),
    "a file": (FILE, "needs a file that the page does not have"),
    "input": (CLIENT + "question = input()\n" + ASK, "asks whoever runs it for input"),
    "a function": (NOTHING, "defines what nothing in it calls"),
    "a framework": (
        "import langchain_openai as x\nx.ChatOpenAI().invoke('Hello')\n",
        "needs langchain_openai",
    ),
}


@pytest.mark.usefixtures("namespaces")
def test_what_cannot_be_judged_is_skipped_and_not_passed(samplegen: Run, tmp_path: Path) -> None:
    need_all("python")
    found = judged(samplegen, tmp_path, fences(*(code for code, _ in SKIPPED.values())))
    for (name, (_, why)), one in zip(SKIPPED.items(), found, strict=True):
        assert (one["passed"], one["isolation"]) == (None, "skipped"), (name, one)
        assert why in one["reason"]
    text = samplegen("verify", "page.md")
    assert text.returncode == 1, "nothing ran"
    assert text.stdout.endswith(b"0 passed, 0 failed, 5 not run\n")


def test_a_url_in_a_comment_or_a_prompt_is_not_what_is_called() -> None:
    code = "# As https://dashscope-int.aliyuncs.com has it\n" + CLIENT + ASK
    sample = render(Call(), "python")
    said = code.replace("Hello", "What is https://dashscop.aliyuncs.com?")
    assert strange_hosts(sample._replace(code=said), builtin()) == ""
    slip = said.replace("//dashscope-intl.", "//dashscope-itl.")
    assert strange_hosts(sample._replace(code=slip), builtin()) == (
        "the service has no host 'dashscope-itl.aliyuncs.com': "
        "did you mean 'dashscope-intl.aliyuncs.com'?"
    )


@pytest.mark.usefixtures("namespaces")
def test_a_program_that_never_ends_is_stopped_once(samplegen: Run, tmp_path: Path) -> None:
    need_all("curl")
    hangs = f"curl -sS {URL} >/dev/null; sleep 600"
    [one] = judged(samplegen, tmp_path, fences(hangs, language="bash"), "--timeout", "2")
    assert any("no end within the time" in failure for failure in one["failures"])
    assert one["programs"] == 1


@pytest.mark.usefixtures("namespaces")
def test_async_clients_and_certificates_of_packages(samplegen: Run, tmp_path: Path) -> None:
    """aiohttp asks for certificates on import, and certifi has its own."""
    need_all("python")
    body = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hello"}]}'
    head = '{"Authorization": "Bearer " + os.environ["DASHSCOPE_API_KEY"]}'
    aiohttp = f"""import asyncio, os, sys, aiohttp
async def main():
    async with aiohttp.ClientSession() as session:
        async with session.post("{URL}", headers={head}, json={body}) as reply:
            text = await reply.text()
            sys.exit(text) if not reply.ok else print(text)
asyncio.run(main())
"""
    certifi = f"""import os, ssl, sys, urllib.request, urllib.error, json, certifi, numpy
request = urllib.request.Request("{URL}", json.dumps({body}).encode(), {head})
request.add_header("Content-Type", "application/json")
try:
    context = ssl.create_default_context(cafile=certifi.where())
    print(urllib.request.urlopen(request, context=context).read().decode())
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
"""
    for one in judged(samplegen, tmp_path, fences(aiohttp, certifi)):
        assert one["failures"] == []


@pytest.mark.usefixtures("namespaces")
def test_two_questions_may_be_asked_and_none_twice(samplegen: Run, tmp_path: Path) -> None:
    need_all("python")
    two = CLIENT + ASK + ASK.replace("Hello", "Bye")
    good, bad = judged(samplegen, tmp_path, fences(two, CLIENT + ASK + ASK))
    assert good["failures"] == []
    assert "sends 2 requests instead of one" in bad["failures"]
