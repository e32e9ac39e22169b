"""TypeScript is Node.js's: its types, casts and decorators break no reading."""

from __future__ import annotations

import pytest

pytest.importorskip("tree_sitter_typescript")

from samplegen.check.checking import Plan, check, view
from samplegen.check.rules import select
from samplegen.model.catalog import builtin
from samplegen.readback import readback
from samplegen.verify.published import subject

RULES = select("default")
PLAN = Plan(RULES, builtin(), lenient=frozenset(one.code for one in RULES))
URL = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
CLIENT = f'{{ apiKey: process.env.DASHSCOPE_API_KEY, baseURL: "{URL}" }}'
CALL = '{ model: "qwen-plus", messages: [{ role: "user", content: "Hi" }] }'

FORMS = {
    "types": f"""\
import OpenAI from "openai";
import type {{ ChatCompletion }} from "openai/resources";
interface Answer {{ role: "user" | "assistant"; text: string }}
type Maybe<T> = T | null;
const client: OpenAI = new OpenAI({CLIENT});
const reply: ChatCompletion = await client.chat.completions.create({CALL});
const text: Maybe<string> = reply.choices[0]!.message.content;
""",
    "casts": f"""\
import OpenAI, {{ type ClientOptions }} from "openai";
const options = {CLIENT} satisfies ClientOptions;
const client = new OpenAI(options as ClientOptions);
await client.chat.completions.create(<any>{CALL});
""",
    "a function's parameters": f"""\
import OpenAI from "openai";
const client = new OpenAI({CLIENT});
async function ask<T>(content: string, model: string = "qwen-plus"): Promise<T | void> {{
  const messages: Message[] = [{{ role: "user" as const, content }}];
  await client.chat.completions.create({{ model, messages }} as any);
}}
await ask<string>("Hi");
""",
    "an enum": f"""\
import OpenAI from "openai";
enum Model {{ Plus = "qwen-plus" }}
const client = new OpenAI({CLIENT});
await client.chat.completions.create({CALL.replace('"qwen-plus"', "Model.Plus")});
""",
    "a class with decorators": f"""\
@Injectable()
export class Chat {{
  private readonly model: string = "qwen-plus";
  constructor(private readonly baseURL = "{URL}", private key?: string) {{}}
  @Post() async chat(@Body() body: Body): Promise<void> {{
    const client = new OpenAI({{ baseURL: this.baseURL, apiKey: process.env.DASHSCOPE_API_KEY }});
    await client.chat.completions.create({CALL.replace('"qwen-plus"', "this.model")});
  }}
}}
""",
    "a generic call": f"""\
const reply = await axios.post<Reply>("{URL}/chat/completions", {CALL}, {{
  headers: {{ Authorization: `Bearer ${{process.env.DASHSCOPE_API_KEY}}` }},
}});
""",
    "JSX": f"""\
import OpenAI from "openai";
export default async function Page({{ id }}: {{ id: string }}) {{
  const client = new OpenAI({CLIENT});
  await client.chat.completions.create({CALL});
  return <div className="page">{{id}}</div>;
}}
""",
}


@pytest.mark.parametrize("code", FORMS.values(), ids=FORMS.keys())
def test_it_is_read(code: str) -> None:
    read = readback("nodejs", code)
    assert not read.broken and read.typed
    assert read.model is not None and read.model.value == "qwen-plus"
    assert str((read.base_url or read.url).value).startswith(URL)  # type: ignore[union-attr]
    assert read.key_env is not None and read.key_env.name == "DASHSCOPE_API_KEY"
    assert [one.content and one.content.value for one in read.messages] in (["Hi"], ["${content}"])


@pytest.mark.parametrize("fence", ["ts", "typescript", "tsx", "{.ts}", "ts title=a.ts"])
@pytest.mark.parametrize("code", FORMS.values(), ids=FORMS.keys())
def test_nothing_is_wrong_with_it(code: str, fence: str) -> None:
    assert findings(fence, code) == []


@pytest.mark.parametrize("code", FORMS.values(), ids=FORMS.keys())
def test_its_faults_are_found(code: str) -> None:
    assert "T101" in findings("ts", code.replace("aliyuncs.com", "aliyun.com"))
    assert "T104" in findings("ts", code.replace("qwen-plus", "qwen-puls"))
    assert "R201" in findings("ts", code.replace("await ", "await await(", 1))


@pytest.mark.parametrize("fence", ["js", "javascript", "language-mjs"])
def test_a_page_that_calls_it_javascript(fence: str) -> None:
    said = [one.finding.message for one in pages_findings(fence, FORMS["types"])]
    assert said == ["`import type { ChatCompletion } from \"openai/resources\";` is TypeScript, "
                    "and the page says that this is not"]  # fmt: skip


def test_javascript_has_no_types() -> None:
    code = f'import OpenAI from "openai";\nconst client = new OpenAI({CLIENT});\n'
    code += f"if (a<b && c>(d)) client.chat.completions.create({CALL});\n"
    assert readback("nodejs", code).typed is None


def test_no_sample_in_javascript_takes_its_place() -> None:
    from samplegen.check.fixing import fixed

    code = FORMS["types"].replace("qwen-plus", "qwen-puls")
    page = f"# Call\n\n```ts\n{code}```\n"
    plan = PLAN._replace(rules=select("strict"))
    new = fixed("page.md", page, plan, unsafe=True)[0]
    assert "interface Answer" in new and "qwen-plus" in new


@pytest.mark.parametrize(
    ("info", "code", "name"),
    [
        ("ts", FORMS["types"], "sample.ts"),
        ("", FORMS["types"], "sample.ts"),
        ("js", FORMS["types"], "sample.js"),
        ("ts", 'import OpenAI from "openai";\n', "sample.js"),
    ],
)
def test_it_is_run_as_a_file_of_typescript(info: str, code: str, name: str) -> None:
    page = view("page.md", f"# Node.js\n\n```{info}\n{code}```\n", PLAN)
    assert subject(page.published[0], []).sample.filename == name


def findings(fence: str, code: str) -> list[str]:
    return [one.finding.rule for one in pages_findings(fence, code)]


def pages_findings(fence: str, code: str) -> list:  # type: ignore[type-arg]
    return check(view("page.md", f"# Call\n\n```{fence}\n{code}```\n", PLAN), PLAN)
