"""What strangers' pages show, found in a dump of the service's documentation, in other words."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

pytest.importorskip("tree_sitter")

from samplegen.check.checking import Plan, check, view
from samplegen.check.config import Config
from samplegen.check.fixing import fixed
from samplegen.check.project import Options, check_all, pages
from samplegen.check.rules import select
from samplegen.model.catalog import builtin
from samplegen.model.catalog_file import named

RULES = select("default")
PLAN = Plan(RULES, builtin(), lenient=frozenset(one.code for one in RULES))
HOST = "https://dashscope-intl.aliyuncs.com"


def found(language: str, code: str, path: str = "page.md") -> list[str]:
    text = f"# Call\n\n```{language}\n{code}\n```\n" if path.endswith(".md") else code
    return [one.finding.rule for one in check(view(path, text, PLAN), PLAN)]


def standings(language: str, code: str) -> list[str]:
    page = view("page.md", f"# Call\n\n```{language}\n{code}\n```\n", PLAN)
    return [one.standing for one in page.samples]


# A hint is held against the line below it only where it speaks of that.

CLIENT = """\
const OpenAI = require("openai");
{note}
const client = new OpenAI({{ apiKey: process.env.DASHSCOPE_API_KEY,
  baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1" }});
client.chat.completions.create({{
  model: "qwen-plus", messages: [{{ role: "user", content: "Where is the Nile?" }}] }});
"""


@pytest.mark.parametrize(
    ("note", "rules"),
    [
        ("/* Without the variable, write the key into the code: apiKey: 'sk-xxx' */", []),
        ("// Without the variable, replace the next line with: apiKey: 'sk-xxx'", ["R206"]),
        ("// \u672a\u914d\u7f6e\u65f6\u66ff\u6362\u4e0b\u884c\uff1aapiKey: 'sk-xxx'", ["R206"]),
    ],
    ids=["no line", "the next line", "in Chinese"],
)
def test_a_hint_that_speaks_of_no_line(note: str, rules: list[str]) -> None:
    assert found("javascript", CLIENT.format(note=note)) == rules


# Another shell is no broken one.

BODY = r'"{\"model\": \"qwen-plus\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"'


@pytest.mark.parametrize(
    "code",
    [
        f'curl {HOST}/compatible-mode/v1/chat/completions ^\n  -H "A: b" ^\n  -d {BODY}',
        f'curl {HOST}/compatible-mode/v1/chat/completions -H "Authorization: Bearer %MY_KEY%"',
        f'curl.exe {HOST}/compatible-mode/v1/chat/completions -H "Authorization: $env:MY_KEY"',
    ],
    ids=["a caret", "percent signs", "PowerShell"],
)
def test_commands_of_windows_are_not_read(code: str) -> None:
    # A fence that names bash is no place for a caret: a case of ours wants it found there.
    info = "" if "^" in code else "bash"
    assert standings(info, code) == ["no reader"]
    page = view("page.md", f"```{info}\n{code}\n```\n", PLAN)
    assert {one.finding.severity for one in check(page, PLAN)} <= {"info"}
    # Nor is a program of another shell put in their place.
    assert fixed("page.md", page.text, PLAN, unsafe=True)[0] == page.text


def test_commands_of_windows_that_are_called_bash_do_not_run() -> None:
    code = f'curl {HOST}/compatible-mode/v1/chat/completions ^\n  -H "A: b" ^\n  -d {BODY}'
    assert "R201" in found("bash", code)


def test_percent_signs_of_a_url_are_not_a_variable_of_windows() -> None:
    code = (
        f"curl {HOST}/compatible-mode/v1/chat/completions "
        '-H "Authorization: Bearer $DASHSCOPE_API_KEY" -H "Content-Type: application/json" '
        r'-d "{\"model\": \"qwen-vl-plus\", \"messages\": [{\"role\": \"user\", '
        r'\"content\": \"https://example.com/%E5%9B%BE.png\"}]}"'
    )
    assert standings("bash", code) == ["judged"]


# The reader says which call of an SDK it is.


@pytest.mark.parametrize(
    "code",
    [
        'from dashscope import Application\nApplication.call(app_id="a1", prompt="Hello")',
        'from dashscope import Assistants\nAssistants.create(model="qwen-max", name="guide")',
        "from openai import OpenAI\n"
        f'client = OpenAI(base_url="{HOST}/compatible-mode/v1")\n'
        'client.responses.create(model="qwen-plus", input="Hello")',
    ],
    ids=["an application", "an assistant", "responses"],
)
def test_other_calls_of_an_sdk_are_no_chat(code: str) -> None:
    assert standings("python", code) == ["another API"]


# A site is no address of calls.


def test_a_package_s_homepage_is_no_host_of_calls() -> None:
    setup = 'from setuptools import setup\n\nsetup(name="x", url="https://dashscope.aliyun.com/")\n'
    assert found("", setup, "setup.py") == []
    base = 'base_url = "https://dashscope.aliyun.com/compatible-mode/v1"\n'
    assert found("", base, "settings.py") == ["T101"]


def test_a_part_goes_on_with_the_program_above() -> None:
    above = (
        "from openai import OpenAI\n\n"
        f'client = OpenAI(base_url="{HOST}/compatible-mode/v1")\n'
        'client.chat.completions.create(model="qwen-plus", messages=[])'
    )
    part = (
        "import base64\n\nresp = client.chat.completions.create(\n"
        '    model="qwen-plus", messages=[{"role": "user", "content": "Hi"}]\n)\n'
    )
    assert "R207" in found("python", part)
    assert "R207" not in found("python", f"{above}\n```\n\nThen:\n\n```python\n{part}")
    whole = "from openai import OpenAI\n" + part
    assert "R207" in found("python", f"{above}\n```\n\nThen:\n\n```python\n{whole}")


@pytest.mark.parametrize(("key", "rules"), [("test-token", []), ("latest-9f2c8d1e7b", ["S701"])])
def test_a_key_of_tests_is_a_stand_in(key: str, rules: list[str]) -> None:
    code = (
        "import requests\n\n"
        f'requests.post("{HOST}/compatible-mode/v1/chat/completions",\n'
        f'    headers={{"Authorization": "Bearer {key}"}},\n'
        '    json={"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}]})\n'
    )
    assert [one for one in found("python", code) if one == "S701"] == rules


def test_a_link_to_the_service_s_own_site_is_right() -> None:
    link = "Get a key at [DashScope](https://dashscope.aliyun.com/).\n"
    assert found("", link, "README.md") == []
    other = link.replace("dashscope.", "dashscope-intl.")
    assert found("", other, "README.md") == ["T101"]
    address = link.replace("com/", "com/compatible-mode/v1")
    assert found("", address, "README.md") == ["T101"]


# A prompt may hold what looks like code left out.


def test_dots_in_a_text() -> None:
    code = """\
from openai import OpenAI
client = OpenAI(base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1")
prompt = '''Continue:
1
...
'''
client.chat.completions.create(
    model="qwen-plus", messages=[{"role": "user", "content": prompt}],
)
"""
    assert found("python", code) == []
    left_out = code.replace('model="qwen-plus",', 'model="qwen-plus",\n    # ...\n   ')
    assert found("python", left_out) == ["C502"]


# What is sent tells whose call it is, where the path is another API's.


def test_messages_at_the_path_of_another_api_are_a_chat() -> None:
    code = (
        f"curl {HOST}/compatible-mode/v1/completions "
        '-H "Authorization: Bearer $DASHSCOPE_API_KEY" -H "Content-Type: application/json" '
        """-d '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}]}'"""
    )
    assert found("bash", code) == ["T103"]
    prompt = code.replace('"messages": [{"role": "user", "content": "Hi"}]', '"prompt": "Hi"')
    assert standings("bash", prompt) == ["another API"]
    assert found("bash", prompt) == []


def test_what_is_not_judged_is_not_replaced() -> None:
    command = "\n".join(
        [
            f'curl -X POST "{HOST}/compatible-mode/v1/chat/completions" ^',
            '-H "Authorization: Bearer %DASHSCOPE_API_KEY%" ^',
            '-H "Content-Type: application/json" ^',
            r'-d "{',
            r"    \"model\": \"qwen-plus\",",
            r"    \"messages\": [{\"role\": \"user\", \"content\": \"Where is the Nile?\"}]",
            '}"',
        ]
    )
    for info in ("", "bat", "powershell", "curl"):
        text = f"# Call\n\n```{info}\n{command}\n```\n"
        read = [one.standing for one in view("page.md", text, PLAN).samples]
        assert read == ([] if info != "curl" else ["no reader"])
        assert fixed("page.md", text, PLAN, unsafe=True)[0] == text


# Calls of two functions that name things alike.

STREAMS = """\
import dashscope


def one():
    chunks = dashscope.Generation.call(
        model="qwen-plus", messages=[{"role": "user", "content": "Hi"}],
        result_format="message", stream=True, incremental_output=FIRST)
    for chunk in chunks:
        print(chunk.output.choices[0].message.content, end="")


def other():
    chunks = dashscope.Generation.call(
        model="qwen-plus", messages=[{"role": "user", "content": "Ho"}],
        result_format="message", stream=True, incremental_output=SECOND)
    for chunk in chunks:
        print(chunk.output.choices[0].message.content, end="")
"""


@pytest.mark.parametrize(
    ("first", "second", "lines"),
    [("True", "True", []), ("False", "True", [12]), ("True", "False", [20])],
)
def test_a_loop_is_of_the_call_before_it(first: str, second: str, lines: list[int]) -> None:
    code = STREAMS.replace("FIRST", first).replace("SECOND", second)
    text = f"# Call\n\n```python\n{code}```\n"
    found = [one.finding for one in check(view("page.md", text, PLAN), PLAN)]
    assert [one.line for one in found if one.rule == "B414"] == lines


NAMED_APART = """\
import dashscope


def one():
    chunks = dashscope.Generation.call(
        model="qwen-plus", messages=[{"role": "user", "content": "Hi"}],
        result_format="message", stream=True)
    for chunk in chunks:
        print(chunk.output.choices[0].message.content)


def other():
    answer = dashscope.Generation.call(
        model="qwen-plus", messages=[{"role": "user", "content": "Ho"}],
        result_format="message", stream=True, incremental_output=SECOND)
    for chunk in answer:
        print(chunk.output.choices[0].message.content, end="")
"""


@pytest.mark.parametrize(("second", "lines"), [("True", []), ("False", [20])])
def test_a_loop_over_another_answer_is_not_of_the_first_call(second: str, lines: list[int]) -> None:
    text = f"# Call\n\n```python\n{NAMED_APART.replace('SECOND', second)}```\n"
    found = [one.finding for one in check(view("page.md", text, PLAN), PLAN)]
    assert [one.line for one in found if one.rule == "B414"] == lines


# Sessions: what was typed is the sample.

PYTHON_SESSION = f"""\
>>> import os
>>> from openai import OpenAI
>>> client = OpenAI(
...     api_key=os.environ["DASHSCOPE_API_KEY"],
...     base_url="{HOST}/compatible-mode/v1",
... )
>>> r = client.chat.completions.create(
...     model="qwen-plus",
...     messages=[{{"role": "user", "content": "Hi"}}],
... )
>>> print(r.choices[0].message.content)
Hello! How can I help? It's me.
"""
SHELL_SESSION = f"""\
$ curl -sS --fail-with-body {HOST}/compatible-mode/v1/chat/completions \\
  -H "Authorization: Bearer $DASHSCOPE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{{"model": "qwen-plus", "messages": [{{"role": "user", "content": "Hi"}}]}}'
{{"choices":[{{"message":{{"content":"It's me"}}}}]}}
"""


@pytest.mark.parametrize(
    ("info", "code"),
    [
        ("python", PYTHON_SESSION),
        ("pycon", PYTHON_SESSION),
        ("console", SHELL_SESSION),
        ("bash", SHELL_SESSION),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_session_is_what_was_typed(info: str, code: str, end: str) -> None:
    text = f"# Call\n\n```{info}\n{code}```\n".replace("\n", end)
    assert [one.finding for one in check(view("page.md", text, PLAN), PLAN)] == []
    wrong = text.replace("dashscope-intl.aliyuncs.com", "dashscope.aliyuncs-intl.com")
    assert wrong != text
    found = [one.finding for one in check(view("page.md", wrong, PLAN), PLAN)]
    assert [one.rule for one in found] == ["T101"]
    assert wrong.split(end)[found[0].line - 1].count("aliyuncs-intl") == 1
    assert fixed("page.md", wrong, PLAN, unsafe=True)[0] == text


JSX = f"""\
import OpenAI from "openai";

const client = new OpenAI({{
  apiKey: process.env.DASHSCOPE_API_KEY,
  baseURL: "{HOST}/compatible-mode/v1",
}});

export async function Answer({{ question }}) {{
  const reply = await client.chat.completions.create({{
    model: "qwen-plus",
    messages: [{{ role: "user", content: question }}],
  }});
  return <p className="answer">{{reply.choices[0].message.content}}</p>;
}}
"""


def test_jsx_is_of_nodejs() -> None:
    assert standings("jsx", JSX) == ["judged"]
    assert found("jsx", JSX) == []
    assert found("jsx", JSX.replace("qwen-plus", "qwen-puls")) == ["T104"]


# What the repositories of SDKs show, with the service's host.

BASE = f"{HOST}/compatible-mode/v1"

JAVA_TOOLS = f"""\
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.*;

public class Main {{
    public static void main(String[] args) {{
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .apiKey(System.getenv("DASHSCOPE_API_KEY"))
                .baseUrl("{BASE}")
                .build();
        ChatCompletionCreateParams.Builder params = ChatCompletionCreateParams.builder()
                .model("qwen-plus")
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("rate")
                                .description("Rates a book.")
                                .parameters(FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                                .build())
                        .build())
                .addUserMessage("Rate it.");
        client.chat().completions().create(params.build()).choices().stream()
                .map(ChatCompletion.Choice::message)
                .peek(params::addMessage)
                .flatMap(message -> message.toolCalls().stream().flatMap(Collection::stream))
                .forEach(call -> params.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.asFunction().id())
                        .content("5")
                        .build()));
        System.out.println(client.chat().completions().create(params.build()));
    }}
}}
"""

CSHARP = f"""\
#:package OpenAI@2.*
#:property PublishAot=false

using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

ChatClient client = new(
    model: "qwen-plus",
    credential: new ApiKeyCredential(Environment.GetEnvironmentVariable("DASHSCOPE_API_KEY")!),
    options: new OpenAIClientOptions {{ Endpoint = new Uri("{BASE}") }});
List<ChatMessage> messages = [new UserChatMessage("Which colour?")];
ChatCompletion completion = client.CompleteChat(messages);
messages.Add(new AssistantChatMessage(completion));
ChatToolCall call = completion.ToolCalls[0];
messages.Add(new ToolChatMessage(call.Id, "green"));
completion = client.CompleteChat(messages);
Console.Write($"[ASSISTANT]: ");
Console.WriteLine(completion.Content[0].Text);
"""

PYTHON = f"""\
import os

from openai import OpenAI

requests: list[str] = []
client = OpenAI(api_key=os.environ["DASHSCOPE_API_KEY"], base_url="{BASE}")
requests.append("Hi")
print(client.chat.completions.create(
    model="qwen-plus", messages=[{{"role": "user", "content": requests[0]}}]
))
"""

PART = f"""\
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;

OpenAIClient client = OpenAIOkHttpClient.builder()
    .fromEnv()
    .baseUrl("{BASE}")
    .proxy(...)
    .trustManager(yourTrustManager)
    .build();
"""


@pytest.mark.parametrize(
    ("language", "code"),
    [("java", JAVA_TOOLS), ("csharp", CSHARP), ("python", PYTHON), ("java", PART)],
    ids=["builders", "program of one file", "annotated", "part"],
)
def test_what_repositories_of_sdks_show_is_right(language: str, code: str) -> None:
    assert standings(language, code) == ["judged"]
    assert found(language, code) == []


@pytest.mark.parametrize(
    ("language", "code", "old", "new", "rules"),
    [
        # The method reference adds the message that has the calls.
        ("java", JAVA_TOOLS, "                .peek(params::addMessage)\n", "", ["T122"]),
        ("csharp", CSHARP, "messages.Add(new AssistantChatMessage(completion));\n", "", ["T122"]),
        ("python", PYTHON, "requests: list[str] = []", "more: list[str] = []", ["R203"]),
        ("java", PART, "(yourTrustManager)", "(clinet)", ["R207"]),
        ("java", PART, "    .proxy(...)", "    .proxy(..)", ["R201"]),
    ],
)
def test_what_they_would_be_wrong_without(
    language: str, code: str, old: str, new: str, rules: list[str]
) -> None:
    assert old in code
    assert found(language, code.replace(old, new)) == rules


@pytest.mark.parametrize(
    ("key", "rules"),
    [
        ("My API Key", []),
        ("foo", []),
        ("not-a-real-key-but-sent", []),
        ("sk-synthetic-client-key", []),
        ("3f9c1e7a5b2d48f09a6c", ["S701"]),
        ("sk-abcdefghijklm1op", ["S701"]),
    ],
)
def test_words_are_no_key(key: str, rules: list[str]) -> None:
    assert found("python", PYTHON.replace('os.environ["DASHSCOPE_API_KEY"]', f'"{key}"')) == rules


@pytest.mark.parametrize("name", ["invalid", "test", "example", "localhost"])
def test_a_reserved_name_is_no_slip(name: str) -> None:
    host = f"dashscope-intl.aliyuncs.{name}"
    assert found("python", PYTHON.replace("dashscope-intl.aliyuncs.com", host)) == []


def test_a_statement_twice() -> None:
    line = 'conn.setRequestProperty("Accept", "text/plain");'
    code = JAVA_TOOLS.replace(
        "        System.out", f"        {line}\n        {line}\n        System.out"
    )
    assert "B406" in found("java", code)


@pytest.mark.parametrize("name", ["defects.md", "handwritten.txt"])
def test_the_ends_of_lines_change_no_finding(name: str) -> None:
    text = (Path(__file__).parents[1] / "pages" / name).read_text(encoding="utf-8")
    plan = Plan(select("strict"), builtin())
    every = [
        [(one.finding.line, one.finding.column, one.finding.rule) for one in check(page, plan)]
        for page in (view(name, text, plan), view(name, text.replace("\n", "\r\n"), plan))
    ]
    assert every[0] == every[1] and len(every[0]) > 20


# What Node.js's programs have.

NODE = f"""\
import OpenAI, {{ toFile }} from "./vendor/openai/index.mjs";

const client = new OpenAI({{ apiKey: process.env.DASHSCOPE_API_KEY, baseURL: "{BASE}" }});

function question(...parts) {{
  return parts.map((part) => `${{JSON.stringify(part)}}`).join(" ");
}}

async function answer(req, res) {{
  res.header("Content-Type", "text/plain");
  const key = await crypto.subtle.digest("SHA-256", req.body);
  const {{ model, ...rest }} = await client.chat.completions.create({{
    model: "qwen-plus",
    messages: [{{ role: "user", content: question("Where", "is", "the", "Nile?") }}],
  }});
  res.send(toFile(rest, key));
}}

test("it answers", () => answer());
"""


def test_what_programs_of_nodejs_have_is_right() -> None:
    assert standings("js", NODE) == ["judged"]
    assert found("js", NODE) == []


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("import OpenAI, {", "import {", ["R203"]),
        ("(...parts)", "(...others)", ["R207"]),
        ("crypto.subtle", "cripto.subtle", ["R207"]),
    ],
)
def test_what_they_would_lack(old: str, new: str, rules: list[str]) -> None:
    assert old in NODE
    assert found("js", NODE.replace(old, new)) == rules


def test_a_signature_with_dots_is_no_broken_program() -> None:
    line = "client.chat.completions.stream({ stream?: false, \u2026 }): Runner\n"
    assert found("js", NODE + line) == []
    assert found("js", NODE + line.replace("\u2026", "x")) == ["R201"]


def test_azure_s_client_has_options_of_its_own() -> None:
    code = NODE.replace("OpenAI,", "OpenAI, { AzureOpenAI },").replace('baseURL: "', 'endpoint: "')
    assert "T116" in found("js", code)
    assert "T116" not in found("js", code.replace("new OpenAI", "new AzureOpenAI"))


# What a folder holds that nobody wrote.

WRONG = "curl https://dashscope.aliyun.com/compatible-mode/v1/chat/completions"


def said(samplegen: Run, *arguments: str) -> list[str]:
    return samplegen("check", *arguments).stdout.decode().splitlines()


def test_what_is_built_or_installed_is_left_out_unless_it_is_named(
    samplegen: Run, tmp_path: Path
) -> None:
    for name in ("docs", "docs/build", "site/a", "node_modules/b", "dist"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "page.md").write_text(f"```bash\n{WRONG}\n```\n", encoding="utf-8")
    for what in (".", "**/*.md"):
        *lines, last = said(samplegen, what)
        assert {one.partition(":")[0] for one in lines if "T101" in one} == {"docs/page.md"}
        start, _, folders = last.partition(": ")
        assert start == "left out, as built or installed, unless named"
        assert {*folders.split(", ")} == {"docs/build", "site", "node_modules", "dist"}
    for what in ("site", "docs/build/*.md", "dist/page.md"):
        lines = said(samplegen, what)
        assert any("T101" in one for one in lines) and not any("left out" in one for one in lines)


def test_files_of_variables_are_looked_at(samplegen: Run, tmp_path: Path) -> None:
    wrong = "DASHSCOPE_API_KEY=\nBASE_URL=https://dashscope.aliyun.com/compatible-mode/v1\n"
    for name in (".env", ".env.example", "prod.env", ".hidden.md"):
        (tmp_path / name).write_text(wrong, encoding="utf-8")
    (tmp_path / ".env.local").write_text(f"# samplegen: ignore-page\n{wrong}", encoding="utf-8")
    lines = said(samplegen, ".")
    places = [one.split()[0] for one in lines if "T101" in one]
    assert places == [".env:2:18:", ".env.example:2:18:", "prod.env:2:18:"]
    assert lines[-1].startswith("looked at 4 pages, 0 samples")


def test_a_folder_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (tmp_path / "page.md").write_text("Text\n", encoding="utf-8")
    scandir = os.scandir

    def refusing(path: Any = ".") -> Any:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    files = pages([str(tmp_path)], Config(tmp_path, builtin()))
    assert files == [tmp_path / "page.md", locked]
    done = check_all(files, Options(Config(tmp_path, builtin())))
    assert [one.error for one in done] == [None, f"{locked}: Permission denied"]


def test_the_nearest_configuration_counts(samplegen: Run, tmp_path: Path) -> None:
    for name in ("page.md", "own/page.md", "own/deep/page.md", "own/out/page.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"```bash\n{WRONG}\n```\n", encoding="utf-8")
    (tmp_path / "own/samplegen.toml").write_text(
        'ignore = ["unknown-host"]\nexclude = ["out"]\n', encoding="utf-8"
    )
    places = [one.partition(":")[0] for one in said(samplegen, ".") if "T101" in one]
    assert places == ["page.md"]
    assert any("looked at 3 pages" in one for one in said(samplegen, "."))
    # What is said for all counts for all.
    (tmp_path / "all.toml").write_text("", encoding="utf-8")
    assert sum("T101" in one for one in said(samplegen, ".", "--config", "all.toml")) == 4
    assert sum("T101" in one for one in said(samplegen, ".", "--select", "syntax")) == 0
    assert 'ignore = ["unknown-host"]' in said(samplegen, "--show-config", "own/deep/page.md")
    # One that makes no sense is no page's alone.
    (tmp_path / "own/samplegen.toml").write_text('ignore = ["wat"]\n', encoding="utf-8")
    done = samplegen("check", "page.md", "own/deep/page.md")
    assert done.returncode == 2
    assert b"own/samplegen.toml: ignore: unknown rule 'wat'" in done.stderr


FORMS = {
    "LF": "# A\n\n```bash\n{}\n```\n",
    "CRLF": "# A\r\n\r\n```bash\r\n{}\r\n```\r\n",
    "no last end": "```bash\n{}\n```",
    "a byte order mark": "\ufeff```bash\n{}\n```\n",
    "ends that are none": "a\x0cb\u2028c\n\n```bash\n{}\n```\n",
}


@pytest.mark.parametrize("inside", ["", "docs"])
@pytest.mark.parametrize(
    "command", [["git", "apply"], ["patch", "-p1", "-s"]], ids=["git", "patch"]
)
def test_a_diff_is_applied_where_it_was_made(
    command: list[str], inside: str, samplegen: Run, tmp_path: Path
) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    folder = tmp_path / "docs/some pages"
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name, form in FORMS.items():
        (folder / f"{name}.md").write_bytes(form.format(WRONG).encode())
    place = tmp_path / inside
    for given in (".", str(place)):
        arguments = [sys.executable, "-m", "samplegen", "check", given, "--diff", "--no-cache"]
        made = subprocess.run(arguments, cwd=place, capture_output=True)
        subprocess.run(command, input=made.stdout, cwd=place, check=True)
        for name, form in FORMS.items():
            right = form.format(WRONG.replace("aliyun.com", "aliyuncs.com"))
            assert (folder / f"{name}.md").read_bytes() == right.encode()
            (folder / f"{name}.md").write_bytes(form.format(WRONG).encode())


WORKERS = """
import os, sys, time
from pathlib import Path
from samplegen.check.project import spread

def work(path):
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(60)

if __name__ == "__main__":
    list(spread(work, [Path(str(number)) for number in range(16)], 2))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="such signals are those of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_workers_end_with_their_parent(name: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(WORKERS, encoding="utf-8")
    (pids := tmp_path / "pids").mkdir()
    with subprocess.Popen([sys.executable, str(tmp_path / "program.py"), str(pids)]) as parent:
        wait_until(lambda: len(list(pids.iterdir())) == 2)
        parent.send_signal(getattr(signal, name))
    found = [int(one.name) for one in pids.iterdir()]
    try:
        wait_until(lambda: not any(is_alive(one) for one in found))
    finally:
        for one in filter(is_alive, found):
            os.kill(one, signal.SIGKILL)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        # Nobody may have waited for it.
        state = Path(f"/proc/{process}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.parametrize(
    ("front", "locale"),
    [
        ("---\ntitle: A\nlang: ja\n---\n", "ja"),
        ("---\r\nlang: 'zh-CN'\r\n---\r\n", "zh"),
        ('+++\nlanguage = "ja"\n+++\n', "ja"),
        ("---\nlang: fr\n---\n", "en"),
        ("---\nlang: ja\n", "en"),
        ("lang: ja\n---\n", "en"),
    ],
)
def test_the_front_matter_says_the_locale(front: str, locale: str) -> None:
    page = view("docs/en/page.md", f"{front}\nText in English.\n", PLAN)
    assert page.locale == locale


# What word processors, browsers and slips of the hand make of a command.

COMMAND = f"""\
curl {HOST}/compatible-mode/v1/chat/completions \\
  -H "Authorization: Bearer $DASHSCOPE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{{"model": "qwen-plus", "messages": [{{"role": "user", "content": "Hi, TEXT"}}]}}'"""
COMMAND = COMMAND.replace(", TEXT", " \u201ca\u201d \u2013 b")
BODY_IN_LINES = COMMAND.replace("{", "{\n ").replace("}'", "}\n' \\\n  --silent")
CURLY_BODY = (
    COMMAND.replace(" \u201ca\u201d \u2013 b", "")
    .replace("'{", "\u2018{")
    .replace("}'", "}\u2019")
    .replace('{"', "{\u201c")
)
CURLY_BODY = (
    CURLY_BODY.replace('": "', "\u201d: \u201c")
    .replace('", "', "\u201d, \u201c")
    .replace('": [', "\u201d: [")
)
CURLY_BODY = CURLY_BODY.replace('"}', "\u201d}")


@pytest.mark.parametrize("right", [COMMAND, BODY_IN_LINES], ids=["a line", "lines"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            '"Authorization: Bearer $DASHSCOPE_API_KEY"',
            "\u201cAuthorization: Bearer $DASHSCOPE_API_KEY\u201d",
        ),
        ('-H "Con', '\u2013H "Con'),
        ('-H "Con', '\u2014header "Con'),
        ('-H "Con', '-\u2013header "Con'),
        ('  -H "Con', '\u00a0 -H\u00a0"Con'),
        ('-H "Con', '\u200b-H "Con'),
        ('_KEY" \\\n', '_KEY"\n'),
        ('_KEY" \\\n', '_KEY" \\ \t\n'),
        ('_KEY" \\\n', '_KEY" \\\\\n'),
        ('_KEY" \\\n', '_KEY" \uff3c\n'),
        ('_KEY" \\\n', '_KEY" \\\n\n'),
        ('"model": ', "\u201cmodel\u201d: "),
        ('"qwen-plus", ', '"qwen-plus"\uff0c '),
    ],
)
def test_what_the_hand_or_a_word_processor_left_is_mended(old: str, new: str, right: str) -> None:
    assert found("bash", right) == []
    assert right.count(old) == 1
    code = right.replace(old, new)
    assert "R201" in found("bash", code)
    page = f"```bash\n{code}\n```\n"
    meant = right.replace(old, old.replace("-H", "--header")) if "header" in new else right
    assert fixed("page.md", page, PLAN)[0] == f"```bash\n{meant}\n```\n"


def test_a_body_in_curly_quotes_is_mended() -> None:
    meant = COMMAND.replace(" \u201ca\u201d \u2013 b", "")
    page = "```bash\n{}\n```\n"
    assert CURLY_BODY.count("\u201c") == 7
    assert fixed("page.md", page.format(CURLY_BODY), PLAN)[0] == page.format(meant)
    # A quote that is not closed tells nothing.
    unsure = page.format(COMMAND.replace('"model"', "\u201cmodel"))
    assert fixed("page.md", unsure, PLAN)[0] == unsure


@pytest.mark.parametrize(
    "more",
    [
        "\n# Then\n-x is an option",
        " \\\n  # the body\n  --silent",
        "\necho 'a\n-H b'",
        " <<EOF\n-H a\nEOF",
    ],
    ids=["a note below", "a note inside", "a text", "what is read"],
)
def test_no_backslash_is_put_where_it_does_not_belong(more: str) -> None:
    page = f"```bash\n{COMMAND}{more}\n```\n"
    assert fixed("page.md", page, PLAN)[0] == page


def test_a_note_within_a_command_is_found() -> None:
    code = COMMAND.replace('  -H "Con', '  # JSON\n  -H "Con')
    assert found("bash", code) == ["R201"]


@pytest.mark.parametrize(
    ("note", "is_found"),
    [
        ("# The rest of your code", True),
        ("# (error handling omitted for brevity)", True),
        ("# code omitted here", True),
        ("# \u5176\u4ed6\u4ee3\u7801\u7701\u7565", True),
        ("# \u30a8\u30e9\u30fc\u51e6\u7406\u306f\u7701\u7565", True),
        ("# \uc774\ud558 \uc0dd\ub7b5", True),
        ("# Rest des Programms", True),
        ("# reste du code", True),
        ("# ... \u043e\u0441\u0442\u0430\u043b\u044c\u043d\u043e\u0439 \u043a\u043e\u0434", True),
        ("# The region may be omitted", False),
        ("# \u6b64\u53c2\u6570\u53ef\u7701\u7565", False),
        ("# \u3053\u306e\u5f15\u6570\u306f\u7701\u7565\u53ef\u80fd", False),
        ("# \uc0dd\ub7b5 \uac00\ub2a5", False),
        ("# Ask the rest of the questions", False),
    ],
)
def test_code_that_is_left_out_is_said_in_words(note: str, is_found: bool) -> None:
    code = (
        "import os\n\nfrom openai import OpenAI\n\n"
        'client = OpenAI(api_key=os.environ["DASHSCOPE_API_KEY"], '
        f'base_url="{HOST}/compatible-mode/v1")\n{note}\n'
        'client.chat.completions.create(model="qwen-plus", '
        'messages=[{"role": "user", "content": "Hi"}])\n'
    )
    assert ("C502" in found("python", code)) == is_found


@pytest.mark.parametrize(("given", "mended"), [("", True), (", max_tokens=7", False)])
def test_a_parameter_is_not_renamed_to_one_that_is_given(given: str, mended: bool) -> None:
    code = PYTHON.replace('"qwen-plus",', f'"qwen-plus", max_token=5{given},')
    text = f"# Call\n\n```python\n{code}```\n"
    done, left, _ = fixed("page.md", text, PLAN, unsafe=True)
    assert (done != text) is mended
    assert [one.finding.rule for one in left] == ([] if mended else ["T113"])


def test_a_refused_parameter_is_not_renamed_to_one_that_is_given() -> None:
    openai = PLAN._replace(catalog=named("openai"))
    code = PYTHON.replace(BASE, "https://api.openai.com/v1").replace("DASHSCOPE", "OPENAI")
    for given in ("", ", max_completion_tokens=7"):
        more = code.replace('"qwen-plus",', f'"gpt-5.5", max_tokens=5{given},')
        text = f"# Call\n\n```python\n{more}```\n"
        done, left, _ = fixed("page.md", text, openai, unsafe=True)
        assert (done == text) is bool(given)
        assert [one.finding.rule for one in left] == (["T114"] if given else [])
