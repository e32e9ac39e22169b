"""Samples of pages and files: which run, which do not, and why, in a docs writer's words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run
from toolchains import need, need_all

from samplegen import Call, render
from samplegen.languages import language_ids
from samplegen.verify import seal
from samplegen.verify.published import subjects_in

DEFECTS = ROOT / "tests" / "pages" / "defects.md"

# For each sample of the page, in its order: its language, and what must be said of it.
EXPECTED: list[tuple[str, list[str]]] = [
    ("python", []),
    ("python", ["sends no request that arrives", "unexpected keyword argument 'enable_thinking'"]),
    ("python", ["sends no request that arrives", "name 'os' is not defined"]),
    ("nodejs", ["sends no request that arrives", "getenv is not defined"]),
    ("nodejs", ["the answer is not on standard output", "url error", "exits with 0"]),
    ("go", ["does not build: ", "github.com/openai/openai-go"]),
    ("csharp", ["the service has no host 'dashscope-intl.aliyun.com': did you mean "]),
    ("php", ["Content-Type header: ", "exits with 0, as if all were well"]),
    ("java", ["does not build: ", "cannot find symbol", "URI"]),
    ("curl", ["Authorization header: ", "without a key: sends a request all the same"]),
    ("curl", ["host: expected 'dashscope-intl.aliyuncs.com', got 'dashscope.aliyuncs.com'"]),
]

CALL = ["--message", "user:Hello", "--region", "singapore"]


@pytest.mark.usefixtures("namespaces")
def test_a_page_with_defects_is_explained(samplegen: Run) -> None:
    for language in language_ids():
        need_all(language)
    done = samplegen("verify", str(DEFECTS), *CALL, "--format", "json")
    assert (done.returncode, done.stderr) == (1, b"")
    results = json.loads(done.stdout)["samples"]
    assert [one["language"] for one in results] == [language for language, _ in EXPECTED]
    lines = DEFECTS.read_text().splitlines()
    for result, (_, said) in zip(results, EXPECTED, strict=True):
        assert result["passed"] == (not said), result
        for words in said:
            assert any(words in failure for failure in result["failures"]), (words, result)
        assert result["path"] == str(DEFECTS)
        assert lines[result["line"] - 2].startswith("```"), result
    assert {one["region"] for one in results[-2:]} == {"singapore", "beijing"}


PAGE = """# Page

```bash
api_key=$DASHSCOPE_API_KEY
[ -z "$api_key" ] && { echo 'Set DASHSCOPE_API_KEY.' >&2; exit 1; }
answer=$(curl --silent --show-error --fail-with-body --header "Authorization: Bearer $api_key" \\
  --header 'Content-Type: application/json' --data '{"model": "qwen-plus", "messages":
  [{"role": "user", "content": "Hello"}]}' \\
  https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions) \\
  || { status=$?; printf '%s\\n' "$answer" >&2; exit $status; }
printf '%s\\n' "$answer"
```
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    need("curl")
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    return path


@pytest.mark.usefixtures("namespaces")
def test_without_a_call_any_will_do(samplegen: Run, page: Path) -> None:
    done = samplegen("verify", page.name, "--format", "json")
    [result] = json.loads(done.stdout)["samples"]
    assert result["failures"] == []
    assert (result["protocol"], result["region"]) == ("openai", "singapore")
    assert (result["path"], result["line"], result["client"]) == (page.name, 4, None)
    other = samplegen("verify", page.name, "--message", "user:hello")
    assert other.returncode == 1
    assert b'body.messages[0].content: expected "hello", got "Hello"' in other.stdout
    assert other.stdout.count(b"expected") == 1
    model = samplegen("verify", page.name, "--message", "user:Hello", "--model", "qwen-max")
    assert b'body.model: expected "qwen-max", got "qwen-plus"' in model.stdout
    region = samplegen("verify", page.name, "--message", "user:Hello", "--region", "beijing")
    assert b"host: expected" in region.stdout


PARTS = """
```python
dashscope.base_http_api_url = "https://dashscope-intl.aliyuncs.com/api/v1"
```

```java
import com.alibaba.dashscope.utils.Constants;
Constants.baseHttpApiUrl = "https://dashscope-intl.aliyuncs.com/api/v1";
```
"""


@pytest.mark.usefixtures("namespaces")
def test_parts_of_programs_are_named_and_not_run(samplegen: Run, page: Path) -> None:
    page.write_text(PAGE + PARTS)
    done = samplegen("verify", page.name)
    assert done.returncode == 0
    assert f"not run {page.name}:15 python  a part of a program".encode() in done.stdout
    assert done.stdout.endswith(b"1 passed, 0 failed, 2 not run\n")
    data = json.loads(samplegen("verify", page.name, "--format", "json").stdout)["samples"]
    assert [one["isolation"] for one in data] == ["part", "part", "sealed"]
    junit = samplegen("verify", page.name, "--format", "junit").stdout
    assert junit.count(b"<skipped") == 2


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize(
    "code",
    [
        "from openai import OpenAI\nOpenAI().chat.completions.create(**call)\n",
        "import requests\nrequests.post(url, json=body)\n",
        "call = {\n",
    ],
)
def test_what_may_be_a_call_is_run(samplegen: Run, page: Path, code: str) -> None:
    need_all("python")
    page.write_text(f"```python\n{code}```\n")
    done = samplegen("verify", page.name)
    assert done.returncode == 1
    assert done.stdout.endswith(b"0 passed, 1 failed\n")


@pytest.mark.usefixtures("namespaces")
def test_a_key_in_a_sample_is_not_shown(samplegen: Run, page: Path) -> None:
    key = "sk-0a1b2c3d4e5f60718293a4b5"
    page.write_text(PAGE.replace("$DASHSCOPE_API_KEY", key))
    done = samplegen("verify", page.name)
    assert done.returncode == 1
    assert b"Authorization header: expected" in done.stdout
    assert b"Bearer sk-0a***" in done.stdout
    assert key.encode() not in done.stdout + done.stderr


@pytest.mark.usefixtures("namespaces")
def test_folders_and_files(samplegen: Run, page: Path) -> None:
    folder = page.parent / "docs" / "deep"
    folder.mkdir(parents=True)
    page.rename(folder / "page.md")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "page.md").write_text(PAGE)
    (folder / "picture.png").write_bytes(b"\0")
    (folder / "empty.md").write_text("# Nothing\n")
    done = samplegen("verify", "docs", "--format", "json")
    assert [one["path"] for one in json.loads(done.stdout)["samples"]] == ["docs/deep/page.md"]
    none = samplegen("verify", "docs", "--lang", "go")
    assert (none.returncode, none.stdout) == (2, b"")
    assert none.stderr == b"samplegen: error: no Go sample in docs\n"


FENCE = PAGE.partition("\n\n")[2]


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("ignore", ["second"]),
        ("ignore=does-not-run", ["second"]),
        ("ignore=unknown-host,V901", ["second"]),
        ("ignore=unknown-host", ["first", "second"]),
        ("ignore-page=does-not-run", []),
        ("ignore-page", []),
        ("lang=curl", ["first", "second"]),
    ],
)
def test_what_a_comment_says_to_ignore_is_not_run(
    comment: str, left: list[str], tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    fences = "\n".join(f"```sh\ncurl {name}\n```\n" for name in ("first", "second"))
    page.write_text(f"<!-- samplegen: {comment} -->\n\n{fences}")
    found = [one.sample.code for one in subjects_in(page, [])]
    assert found == [f"curl {name}" for name in left]


def test_a_comment_that_makes_no_sense_is_an_error(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(f"# T\n\n<!-- samplegen: ignored=x -->\n\n{FENCE}")
    done = samplegen("verify", "page.md")
    assert (done.returncode, done.stdout) == (2, b"")
    message = "page.md:3: unknown word 'ignored': write ignore=RULE"
    assert done.stderr.decode() == f"samplegen: error: {message}\n"


@pytest.mark.usefixtures("namespaces")
def test_verify_runs_the_others(samplegen: Run, page: Path) -> None:
    broken = FENCE.replace("dashscope-intl.", "dashscope-int.")
    page.write_text(f"{FENCE}\n<!-- samplegen: ignore=does-not-run -->\n\n{broken}")
    done = samplegen("verify", page.name, "--format", "json")
    assert [one["line"] for one in json.loads(done.stdout)["samples"]] == [2]
    assert done.returncode == 0
    code, output = run_pytest(page.parent, "page.md", "-v")
    assert code == 0
    assert "1 passed" in output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.md"], "missing.md: No such file or directory"),
        (["page.md", "--out", "out"], "--out is for rendered samples"),
        (["page.md", "--locale", "ja"], "--locale is for rendered samples"),
        (["page.md", "--client", "http"], "--client is for rendered samples"),
        (["page.md", "--region", "beijing"], "--region says how a call is compared"),
        (["--force"], "--force is for the ledger"),
        (["page.md", "--call", "none.json"], "none.json: No such file or directory"),
        (["page.md", "--format", "xml"], "unknown format 'xml': choose from text, json, junit"),
    ],
)
def test_bad_input(samplegen: Run, page: Path, arguments: list[str], said: str) -> None:
    done = samplegen("verify", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    [line] = done.stderr.decode().splitlines()
    assert said in line


def test_a_page_runs_only_sealed_unless_told(
    page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from samplegen.errors import InputError
    from samplegen.model.catalog import builtin
    from samplegen.verify.published import subjects
    from samplegen.verify.verification import verify

    monkeypatch.setattr(seal, "sealing", lambda: None)
    found = subjects([page], [], [], builtin())
    with pytest.raises(InputError, match="give --unsealed"):
        list(verify(found, builtin()))
    [result] = verify(found, builtin(), unsealed=True)
    assert (result.failures, result.isolation) == ([], "host rewritten")
    assert (result.protocol, result.region) == ("openai", "singapore")


STREAMS = """# Page

```python
import os

from openai import OpenAI

client = OpenAI(
    api_key=os.environ["DASHSCOPE_API_KEY"],
    base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
)
messages = [{"role": "user", "content": "Hello"}]
for chunk in client.chat.completions.create(model="qwen-plus", messages=messages, stream=True):
    SHOW
```
"""

ASKS_ON = """# Page

```python
import os

import requests


def ask(messages):
    response = requests.post(
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions",
        json={"model": "qwen-plus", "messages": messages, "tools": tools},
        headers={"Authorization": "Bearer " + os.environ["DASHSCOPE_API_KEY"]},
    )
    if not response.ok:
        raise SystemExit(response.text)
    return response.json()["choices"][0]["message"]


tools = [{"type": "function", "function": {"name": "now", "description": "Now"}}]
messages = [{"role": "user", "content": "Hello"}]
answer = ask(messages)
print(answer["tool_calls"][0]["function"]["name"] if answer["content"] == "" else "")
messages.append(answer)
messages.append(
    {"role": "tool", "tool_call_id": answer["tool_calls"][0]["id"], "content": "noon"}
)
print(ask(messages)["content"])
```
"""


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize(
    ("page_text", "said"),
    [
        (STREAMS.replace("SHOW", 'print(chunk.choices[0].delta.content, end="")'), []),
        (STREAMS.replace("SHOW", "print(chunk.model_dump_json())"), []),
        (STREAMS.replace("SHOW", "print(chunk.model_dump())"), []),
        (STREAMS.replace("SHOW", "pass"), ["the answer is not on standard output"]),
        (ASKS_ON, []),
        (
            ASKS_ON.replace("append(answer)", 'append({"role": "assistant"})'),
            ["fails with a good key", "The content field is a required field."],
        ),
        (
            ASKS_ON.replace('print(ask(messages)["content"])', "ask([messages[0]])"),
            ["sends 2 requests instead of one"],
        ),
    ],
)
def test_streams_and_conversations_of_pages(
    samplegen: Run, tmp_path: Path, page_text: str, said: list[str]
) -> None:
    need_all("python")
    (tmp_path / "page.md").write_text(page_text)
    done = samplegen("verify", "page.md", "--format", "json")
    [result] = json.loads(done.stdout)["samples"]
    if not said:
        assert result["failures"] == []
    for words in said:
        assert any(words in one for one in result["failures"]), result["failures"]


STAR = """
```java
import com.alibaba.dashscope.aigc.generation.Generation;
import com.alibaba.fastjson.*;

public class Main {
    public static void main(String[] args) throws Exception {
        GenerationParam param = GenerationParam.builder().model("qwen-plus").build();
        System.out.println(JSON.toJSONString(new Generation().call(param)));
    }
}
```
"""
SHOWN = """
## Node.js

```
==================== 思考过程 ====================
好的 (all right).
```
"""
BROKEN = """
## Node.js

```
import OpenAI from "openai";
const client = new OpenAI(;
```
"""


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("java", STAR, "needs com.alibaba.fastjson.*, which is not installed here"),
        ("nodejs", SHOWN, "no program: it does not parse, and nothing in it calls a model"),
        ("java", STAR.replace("fastjson.*", "dashscope.common.Massage"), None),
        ("nodejs", BROKEN, None),
        ("nodejs", SHOWN.replace("```\n=", "```javascript\n="), None),
    ],
)
def test_what_is_not_here_is_no_failure(
    samplegen: Run, tmp_path: Path, language: str, text: str, said: str | None
) -> None:
    need_all(language)
    (tmp_path / "page.md").write_text(text)
    [result] = json.loads(samplegen("verify", "page.md", "--format", "json").stdout)["samples"]
    if said is None:
        assert result["passed"] is False
    else:
        assert (result["passed"], said in result["reason"]) == (None, True), result


@pytest.mark.usefixtures("namespaces")
def test_further_hosts_of_the_service_are_there(samplegen: Run, page: Path) -> None:
    page.write_text(PAGE.replace("dashscope-intl.", "batch.dashscope."))
    assert samplegen("verify", page.name).returncode == 0
    page.write_text(PAGE.replace("dashscope-intl.", "bitch.dashscope."))
    assert samplegen("verify", page.name).returncode == 1


@pytest.mark.usefixtures("namespaces")
def test_a_class_of_a_jar_is_not_run_in_its_place(samplegen: Run, tmp_path: Path) -> None:
    """The DashScope SDK for Java brings programs of its own, in no package."""
    need_all("java")
    call = Call(protocol="dashscope", model="qwen-plus")
    code = render(call, "java", "sdk").code
    file = tmp_path / "BaiChuanUsage.java"
    file.write_text(code.replace("class Main", "class BaiChuanUsage"))
    done = samplegen("verify", file.name)
    assert done.returncode == 0, done.stdout


# The pytest plugin


def run_pytest(folder: Path, *options: str, **environment: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--samplegen", *options]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.usefixtures("namespaces")
def test_samples_are_items_of_pytest(page: Path) -> None:
    broken = PAGE.replace("dashscope-intl.", "dashscope-int.")
    page.with_name("broken.md").write_text(broken)
    page.with_name("test_own.py").write_text("def test_it():\n    pass\n")
    page.with_name("conftest.py").write_text("")
    page.with_name("call.json").write_text('{"messages": [{"role": "user", "content": "Hello"}]}')
    code, output = run_pytest(page.parent, ".", "-v", "--samplegen-call", "call.json")
    assert code == 1
    assert "page.md::4-curl PASSED" in output
    assert "broken.md::4-curl FAILED" in output
    assert "did you mean 'dashscope-intl.aliyuncs.com'?" in output
    assert "test_own.py::test_it PASSED" in output
    assert "2 passed" in output and "1 failed" in output
    assert "Traceback" not in output
    code, output = run_pytest(page.parent, "page.md", "-k", "curl", "-n", "2", "--junitxml=x.xml")
    assert code == 0
    assert 'name="4-curl"' in page.with_name("x.xml").read_text()
    assert run_pytest(page.parent, "-k", "java", "page.md")[0] == 5
    code, output = run_pytest(page.parent, "page.md", "--samplegen-call", "no.json")
    assert code == 4 and "no.json: No such file or directory" in output


def test_without_the_option_pages_are_not_collected(page: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=page.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert "no tests ran" in done.stdout


@pytest.mark.parametrize(("ci", "word"), [("", "1 skipped"), ("true", "1 failed")])
@pytest.mark.usefixtures("namespaces")
def test_a_missing_toolchain_is_a_skip_and_a_failure_in_ci(page: Path, ci: str, word: str) -> None:
    page.write_text("```php\n<?php\n$answer = curl_exec($curl);\n```\n")
    _, output = run_pytest(page.parent, "page.md", "-rs", CI=ci, PATH="/nowhere")
    assert word in output
    assert "no php" in output
