"""A call out of whatever people have; what it says beyond a call is said, a key never copied."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Run

from samplegen import Call, render
from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request
from samplegen.rendering.targets import targets
from samplegen.sources import read
from samplegen.sources.differing import differences

pytest.importorskip("tree_sitter")

CALL = Call.parse(
    {
        "protocol": "openai",
        "region": "beijing",
        "model": "qwen-max",
        "messages": [{"role": "user", "content": 'It\'s $5, "so"\nthey say'}],
        "temperature": 0.2,
        "stream": True,
    }
)
URL = "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"
BODY = json.dumps({k: v for k, v in CALL.as_json().items() if k not in ("protocol", "region")})
QUOTED = BODY.replace("'", "'\\''")
JSON_TYPE = "-H 'Content-Type: application/json'"
BEARER = '-H "Authorization: Bearer $DASHSCOPE_API_KEY"'


def of(tmp_path: Path, name: str, text: str) -> tuple[Call, tuple[str, ...]]:
    """What is read from a file of that name."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    found = read(str(file), builtin())
    return found.call, found.said


COMMANDS = {
    "single quotes": f"curl {URL} {BEARER} {JSON_TYPE} -d '{QUOTED}'",
    "lines": (
        f"$ curl -sS -X POST {URL} \\\n  {BEARER} \\\n  {JSON_TYPE} \\\n  --data-raw '{QUOTED}'"
    ),
    "json": f"curl --json '{QUOTED}' --url {URL} {BEARER}",
    "quoted heredoc": f"curl {URL} {BEARER} {JSON_TYPE} --data @- <<'EOF'\n{BODY}\nEOF\n",
    "$'…'": "curl {} {} {} -d $'{}'".format(
        URL, BEARER, JSON_TYPE, BODY.replace("\\", "\\\\").replace("'", "\\'")
    ),
    "double quotes": 'curl {} {} {} -d "{}"'.format(
        URL, BEARER, JSON_TYPE, BODY.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    ),
    "oauth2": f"curl {URL} --oauth2-bearer \"$DASHSCOPE_API_KEY\" {JSON_TYPE} -d '{QUOTED}'",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_curl_command_in_any_quoting(name: str, tmp_path: Path) -> None:
    assert of(tmp_path, "call.sh", COMMANDS[name]) == (CALL, ())
    assert of(tmp_path, "call.txt", COMMANDS[name]) == (CALL, ())


@pytest.mark.parametrize("target", targets(), ids=str)
def test_a_rendered_sample_says_its_call(target: Any, tmp_path: Path) -> None:
    call = Call(protocol=target.protocol, region="beijing", model="qwen-max")
    sample = render(call, target.language, target.client)
    found, said = of(tmp_path, sample.filename, sample.code)
    assert Request.of(found, "") == Request.of(call, "")
    assert said == ()


def test_what_a_call_cannot_hold_is_said_and_a_key_never_copied(tmp_path: Path) -> None:
    command = COMMANDS["single quotes"].replace("$DASHSCOPE_API_KEY", "sk-0123456789abcdef")
    call, said = of(tmp_path, "call.sh", f"{command} -H 'X-Trace: 7' -H 'Cookie: a=b'")
    assert call == CALL
    assert said == (
        "the header X-Trace is not taken over",
        "the header Cookie is not taken over",
        "the key that stands in it is not taken over: a sample reads a variable",
    )
    other = COMMANDS["single quotes"].replace("DASHSCOPE_API_KEY", "MY_KEY")
    assert of(tmp_path, "other.sh", other)[1] == ("the key's variable MY_KEY is not taken over",)


PYTHON = """\
import os
from openai import OpenAI

client = OpenAI(
    api_key=os.environ["DASHSCOPE_API_KEY"],
    base_url="https://dashscope.aliyuncs.com/compatible-mode/v1",
    timeout=30,
)
client.chat.completions.create(model="qwen-max", messages=[{"role": "user", "content": "Hi"}])
client.chat.completions.create(model="qwen-plus", messages=[{"role": "user", "content": "Hi"}])
"""


def test_of_several_calls_the_first_is_taken_and_said(tmp_path: Path) -> None:
    call, said = of(tmp_path, "two.py", PYTHON)
    assert call.model == "qwen-max"
    assert said == (
        "the client's timeout is not taken over",
        "it makes 2 calls to a chat model: this is the first",
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('model="qwen-max"', "model=sys.argv[1]", "two.py: the model is only known when it runs"),
        ('"content": "Hi"', '"content": input()', "what the messages say is only known when"),
        ("dashscope.aliyuncs.com", "api.example.com", "api.example.com"),
        ("chat.completions", "embeddings", "makes no call to a chat model|another API"),
    ],
)
def test_nothing_is_guessed(before: str, after: str, said: str, tmp_path: Path) -> None:
    one = PYTHON.rpartition("client.chat")[0]
    with pytest.raises(InputError, match=said):
        of(tmp_path, "two.py", one.replace(before, after))


ONE = PYTHON.rpartition("client.chat")[0].replace("    timeout=30,\n", "")

PAGE = f"""\
# Call it

```json
{{"a": 1}}
```

```python
{ONE}```

```sh
curl {URL} {BEARER} {JSON_TYPE} -d '{QUOTED}'
```
"""


@pytest.mark.parametrize(
    ("line", "model"), [(1, "Hi"), (7, "Hi"), (14, "Hi"), (17, "It's"), (20, "It's")]
)
def test_a_line_of_a_page_is_its_sample_or_the_next(line: int, model: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    call = read(f"{page}:{line}", builtin()).call
    assert isinstance(call.messages[0].content, str)
    assert call.messages[0].content.startswith(model)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (99, ":99: there is no sample at this line or below it$"),
        (4, r":4: the sample \(json\) is in no language that samplegen reads$"),
    ],
)
def test_a_line_without_a_sample_is_said(line: int, said: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    with pytest.raises(InputError, match=said):
        read(f"{page}:{line}", builtin())


def entry(url: str = URL, **request: Any) -> dict[str, Any]:
    headers = [{"name": "Authorization", "value": "Bearer sk-1"}, {"name": "x-b", "value": "1"}]
    data = {"method": "POST", "url": url, "headers": headers, "postData": {"text": BODY}}
    return {"request": {**data, **request}}


@pytest.mark.parametrize("name", ["a.har", "a.json"])
def test_a_recording(name: str, tmp_path: Path) -> None:
    entries = [entry("https://example.com/"), entry(method="GET"), {}, entry(), entry()]
    call, said = of(tmp_path, name, json.dumps({"log": {"entries": entries}}))
    assert call == CALL
    assert said == (
        "the Authorization header is a secret: it is not taken over",
        "the header x-b is not taken over",
        "it has 2 calls to a chat model: this is the first",
    )


@pytest.mark.parametrize("log", [{}, {"entries": [{"request": 1}]}, {"entries": [entry("x:y")]}])
def test_a_recording_without_a_call_is_said(log: object, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no call to a chat model: "):
        of(tmp_path, "a.har", json.dumps({"log": log}))


def openapi(content: Any) -> str:
    body = {"content": {"application/json": content}}
    paths = {"/models": {"get": {}}, "/chat": {"post": {"requestBody": body}}}
    return json.dumps({"openapi": "3.1.0", "paths": paths})


EXAMPLE = {"model": "qwen-max", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.mark.parametrize("name", ["api.json", "api.yaml"])
@pytest.mark.parametrize(
    "content",
    [
        {"example": EXAMPLE},
        {"examples": {"none": {}, "one": {"value": EXAMPLE}}},
        {"schema": {"example": EXAMPLE}},
    ],
)
def test_an_example_of_an_openapi_file(name: str, content: Any, tmp_path: Path) -> None:
    call, said = of(tmp_path, name, openapi(content))
    assert (call.model, call.messages[0].content) == ("qwen-max", "Hi")
    assert said == ("it is the example of POST /chat",)


def test_an_openapi_file_without_an_example_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"api\.json: has no example of a request"):
        of(tmp_path, "api.json", openapi({}))
    with pytest.raises(InputError, match=r"api\.json: POST /chat: .*messages"):
        of(tmp_path, "api.json", openapi({"example": {**EXAMPLE, "messages": 1}}))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.py", "", "makes no call to a chat model that samplegen can read"),
        ("a.json", " ", "a.json: is empty"),
        ("a.yaml", "a: [", "a.yaml: not valid YAML"),
        ("a.har", "[]", "a.har: is no recording"),
        ("a.txt", "Hello there", r"a.txt: is neither a call .* nor a curl command.*not valid TOML"),
        ("a.txt", "Use curl to call it.", "a.txt: is neither a call"),
        ("a.toml", "Hello there", "a.toml: not valid TOML"),
        ("a.sh", "curl -d @other.json https://dashscope.aliyuncs.com/", "other.json, and no such"),
        ("a.sh", "curl -d @../a.json https://dashscope.aliyuncs.com/", r"\.\./a.json, and no such"),
    ],
)
def test_what_is_no_call_is_said(name: str, text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        of(tmp_path, name, text)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = CALL.as_json() | {"messages": [{"role": "user", "content": "How does curl -d work?"}]}
    told = Call.parse(asked)
    program = render(CALL, "python").code
    texts = ((COMMANDS["lines"], CALL), (json.dumps(CALL.as_json()), CALL), (program, CALL))
    for text, call in (*texts, (json.dumps(asked), told)):
        stdin = SimpleNamespace(buffer=io.BytesIO(text.encode()))
        monkeypatch.setattr(sys, "stdin", stdin)
        assert read("-", builtin()).call == call


def test_how_two_calls_differ() -> None:
    other = Call.parse({**CALL.as_json(), "model": "qwen-plus", "temperature": 1, "seed": 7})
    assert list(differences(CALL, other)) == [
        ("model", '"qwen-max"', '"qwen-plus"'),
        ("temperature", "0.2", "1"),
        ("seed", "-", "7"),
    ]
    assert list(differences(CALL, CALL)) == []


def test_on_the_command_line(samplegen: Run, tmp_path: Path) -> None:
    for name in ("lines", "single quotes"):
        (tmp_path / f"{name}.sh").write_text(COMMANDS[name])
    done = samplegen("call", "lines.sh")
    assert (done.returncode, done.stderr) == (0, b"")
    assert Call.parse(json.loads(done.stdout)) == CALL
    done = samplegen("call", "--diff", "lines.sh", "single quotes.sh")
    assert (done.returncode, done.stdout) == (0, b"")
    (tmp_path / "other.sh").write_text(COMMANDS["lines"].replace("0.2", "0.3"))
    done = samplegen("call", "--diff", "lines.sh", "other.sh")
    assert (done.returncode, done.stdout) == (1, b"temperature: 0.2 | 0.3\n")
    one = samplegen("render", "--lang", "go", "--call", "lines.sh", "--model", "qwen-plus")
    (tmp_path / "c.json").write_text(json.dumps({**CALL.as_json(), "model": "qwen-plus"}))
    same = samplegen("render", "--lang", "go", "--call", "c.json")
    assert (one.returncode, one.stdout) == (0, same.stdout)
    for arguments in ((), ("a", "b"), ("--diff", "a"), ("",)):
        assert samplegen("call", *arguments).returncode == 2


def test_check_takes_any_source_too(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "call.sh").write_text(COMMANDS["lines"])
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "nothing.sh").write_text("echo hello\n")
    done = samplegen("check", "page.md", "--no-cache", "--format", "json", "--call", "call.sh")
    said = [(one["rule"], one["line"]) for one in json.loads(done.stdout)["findings"]]
    assert said == []
    (tmp_path / "call.sh").write_text(COMMANDS["lines"].replace("qwen-max", "qwen-flash"))
    done = samplegen("check", "page.md", "--no-cache", "--format", "json", "--call", "call.sh")
    assert {one["rule"] for one in json.loads(done.stdout)["findings"]} == {"A303"}
    done = samplegen("check", "page.md", "--no-cache", "--call", "nothing.sh")
    assert (done.returncode, done.stdout) == (2, b"")


PARTS = [
    {"type": "image_url", "image_url": {"url": "file:a/one.jpg"}},
    {"type": "image_url", "image_url": {"url": "file:two.png"}},
    {"type": "text", "text": "What?"},
]


@pytest.mark.parametrize("target", [one for one in targets() if one.language != "curl"], ids=str)
def test_local_files_are_read_where_a_sample_sends_them(target: Any, tmp_path: Path) -> None:
    """Each file by its own name, though one function reads both."""
    call = Call.parse(
        {
            "protocol": target.protocol,
            "region": "beijing",
            "model": "qwen-vl-max",
            "messages": [{"role": "user", "content": PARTS}],
        }
    )
    sample = render(call, target.language, target.client)
    assert of(tmp_path, sample.filename, sample.code) == (call, ())


IMAGE = "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"
READS = {
    "python, by Path": (
        "a.py",
        """\
from pathlib import Path
import base64, requests
file = Path("two.png")
if not file.exists():
    raise FileNotFoundError(file)
text = base64.b64encode(file.read_bytes()).decode("utf-8")
requests.post("%s", json={"model": "qwen-vl-max", "messages": [{"role": "user", "content": [
    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{text}"}}]}]})
""",
    ),
    "javascript, by toString": (
        "a.mjs",
        """\
import fs from "node:fs";
const encode = (path) => {
  const data = fs.readFileSync(path);
  return data.toString("base64");
};
const url = `data:image/png;base64,${encode("./two.png")}`;
await fetch("%s", { method: "POST", body: JSON.stringify({ model: "qwen-vl-max",
  messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] }) });
""",
    ),
    "java, by Paths": (
        "A.java",
        """\
class A { public static void main(String[] a) throws Exception {
  byte[] data = Files.readAllBytes(Paths.get("two.png"));
  String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(data);
  JSONObject inner = new JSONObject().put("url", url);
  JSONObject part = new JSONObject().put("type", "image_url").put("image_url", inner);
  JSONArray content = new JSONArray().put(part);
  JSONObject body = new JSONObject();
  body.put("model", "qwen-vl-max");
  JSONObject message = new JSONObject().put("role", "user").put("content", content);
  body.put("messages", new JSONArray().put(message));
  HttpRequest request = HttpRequest.newBuilder(URI.create("%s"))
      .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
  HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
} }
""",
    ),
    "shell": (
        "a.sh",
        """\
IMAGE=$(base64 -w 0 two.png)
curl %s -H "Authorization: Bearer $DASHSCOPE_API_KEY" -d '{"model": "qwen-vl-max", "messages":
[{"role": "user", "content": [{"type": "image_url", "image_url":
{"url": "data:image/png;base64,'"$IMAGE"'"}}]}]}'
""",
    ),
}


@pytest.mark.parametrize("name", READS)
def test_a_local_file_in_another_way(name: str, tmp_path: Path) -> None:
    file, code = READS[name]
    call, _ = of(tmp_path, file, code.replace("%s", IMAGE))
    assert call.as_json()["messages"] == [{"role": "user", "content": PARTS[1:2]}]
    # What is sent is not what a sample would send, which goes by the suffix.
    with pytest.raises(InputError, match="what the messages say is only known when it runs"):
        of(tmp_path, file, code.replace("%s", IMAGE).replace("image/png", "image/jpeg"))


DEFAULT = """\
from dashscope import Generation
Generation.call(model="qwen-max", messages=[{"role": "user", "content": "Hi"}], stream=True)
"""


def test_an_sdk_that_is_told_no_host_goes_to_its_own(tmp_path: Path) -> None:
    call, said = of(tmp_path, "a.py", DEFAULT)
    assert (call.protocol, call.region) == ("dashscope", "beijing")
    assert said == (
        "it says no host: its SDK goes to https://dashscope.aliyuncs.com/api/v1",
        'result_format: "message" is added',
        "incremental_output: true is added",
    )
    told = f"import dashscope\ndashscope.base_http_api_url = settings.url\n{DEFAULT}"
    with pytest.raises(InputError, match="the host is only known when it runs"):
        of(tmp_path, "a.py", told)


def test_what_is_sent_otherwise_is_said(tmp_path: Path) -> None:
    url = "https://dashscope.aliyuncs.com/api/v1/services/aigc/multimodal-generation/generation"
    body = {
        "model": "qwen-vl-max",
        "input": {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
        "parameters": {"result_format": "message", "seed": 1},
    }
    said = of(tmp_path, "a.sh", f"curl {url} {BEARER} -d '{json.dumps(body)}'")[1]
    changed = (
        'messages[0].content[0].type: "text" is left out',
        'result_format: "message" is left out',
    )
    assert said == changed
    assert of(tmp_path, "body.json", json.dumps(body))[1] == changed
    recorded = entry(url, postData={"text": json.dumps(body)})
    log = {"log": {"entries": [recorded]}}
    assert of(tmp_path, "a.har", json.dumps(log))[1][-2:] == changed


WAYS = {
    "a condition": ('model="qwen-max"', 'model="qwen-max" if fast else "qwen-plus"'),
    "a branch": (
        "client.chat.",
        'model = "qwen-plus"\nif fast:\n    model = "qwen-max"\nclient.chat.',
    ),
    "two branches": (
        "client.chat.",
        'if fast:\n    model = "qwen-max"\nelse:\n    model = "qwen-plus"\nclient.chat.',
    ),
    "the other branch": (
        "client.chat.",
        'model = "qwen-max"\nif fast:\n    model = "qwen-plus"\nelse:\n    client.chat.',
    ),
    "a loop": ("client.chat.", "for model in MODELS:\n    pass\nclient.chat."),
}


@pytest.mark.parametrize("name", WAYS)
def test_one_of_several_ways_is_not_taken_for_the_one(name: str, tmp_path: Path) -> None:
    code = ONE.replace(*WAYS[name])
    if name != "a condition":
        code = code.replace('model="qwen-max"', "model=model")
    if name == "the other branch":
        # Which value it has there would take more to tell, and is not guessed either.
        code = code.replace('model = "qwen-max"\nif', "if")
    with pytest.raises(InputError, match="the model is only known when it runs"):
        of(tmp_path, "a.py", code)


TERNARIES = {
    "a.mjs": 'await fetch("{URL}", {{ method: "POST", body: JSON.stringify({{ model: {either}, '
    'messages: [{{ role: "user", content: "Hi" }}] }}) }});',
    "a.php": '<?php $c = curl_init("{URL}"); curl_setopt($c, CURLOPT_POSTFIELDS, json_encode(['
    '"model" => {either}, "messages" => [["role" => "user", "content" => "Hi"]]])); curl_exec($c);',
    "A.java": 'class A {{ void a() {{ JSONObject b = new JSONObject(); b.put("model", {either}); '
    'b.put("messages", new JSONArray().put(new JSONObject().put("role", "user").put("content", '
    '"Hi"))); HttpRequest r = HttpRequest.newBuilder(URI.create("{URL}")).POST(HttpRequest'
    ".BodyPublishers.ofString(b.toString())).build(); client.send(r, null); }} }}",
    "a.cs": 'await client.PostAsJsonAsync("{URL}", new {{ model = {either}, messages = new[] {{ '
    'new {{ role = "user", content = "Hi" }} }} }});',
}


@pytest.mark.parametrize("name", TERNARIES)
def test_a_condition_decides_in_each_language(name: str, tmp_path: Path) -> None:
    def code(either: str) -> str:
        return TERNARIES[name].format(URL=URL, either=either)

    assert of(tmp_path, name, code('"qwen-max"'))[0].model == "qwen-max"
    # What the program says itself is known.
    assert of(tmp_path, name, code('false ? "qwen-plus" : "qwen-max"'))[0].model == "qwen-max"
    assert of(tmp_path, name, code('x ? "qwen-max" : "qwen-max"'))[0].model == "qwen-max"
    with pytest.raises(InputError, match="the model is only known when it runs"):
        of(tmp_path, name, code('x ? "qwen-plus" : "qwen-max"'))


def test_what_only_looks_like_a_request_is_no_call(tmp_path: Path) -> None:
    code = f'url = "{URL}"\nbody = """{BODY}"""\nsend_it(url, body)\n'
    with pytest.raises(InputError, match="no function that is known sends it"):
        of(tmp_path, "a.py", code.replace("\\n", "\\\\n").replace('\\"', '\\\\"'))


PIECES = f"""\
# In pieces

```python
{ONE.partition("client.chat")[0]}```

Then ask.

```python
client.chat{ONE.partition("client.chat")[2]}```
"""


def test_a_sample_goes_on_from_the_pieces_above_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PIECES)
    call = read(f"{page}:{PIECES[: PIECES.index('client.chat')].count(chr(10))}", builtin()).call
    assert (call.region, call.model) == ("beijing", "qwen-max")


def test_what_is_wrong_about_a_header_with_the_key_is_said(tmp_path: Path) -> None:
    bare = COMMANDS["single quotes"].replace("Bearer $DASHSCOPE_API_KEY", "$DASHSCOPE_API_KEY")
    lacks = "the Authorization header lacks 'Bearer' before the key: it is added"
    assert of(tmp_path, "call.sh", bare) == (CALL, (lacks,))
    odd = ONE.replace("base_url", 'default_headers={"Authorization": {"a": 1}}, base_url')
    assert of(tmp_path, "odd.py", odd)[0].model == "qwen-max"
    literal = bare.replace("$DASHSCOPE_API_KEY", "sk-0123456789abcdef")
    _, said = of(tmp_path, "call.sh", literal)
    assert said[0] == lacks


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("http://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions", URL),
        (f"{URL}?trace=1", URL),
    ],
)
def test_an_address_that_is_written_as_another_one_is_said(
    address: str, ours: str, tmp_path: Path
) -> None:
    command = COMMANDS["single quotes"].replace(URL, f"'{address}'")
    assert of(tmp_path, "call.sh", command) == (
        CALL,
        (f"the address {address} is written as {ours}",),
    )


DASHSCOPE = """\
import os, dashscope
dashscope.base_http_api_url = "https://dashscope.aliyuncs.com/api/v1"
r = dashscope.{0}.call(
    api_key=os.getenv("DASHSCOPE_API_KEY"),
    model="{1}",
    messages=[{{"role": "user", "content": {2}}}],
    {3}
)
"""


def test_what_an_sdk_keeps_for_itself_is_said(tmp_path: Path) -> None:
    asks = 'result_format="message", enable_encryption=True'
    python = DASHSCOPE.format("Generation", "qwen-max", '"Hi"', asks)
    call, said = of(tmp_path, "call.py", python)
    assert not call.parameters
    assert said == ("the client's enable_encryption is not taken over",)
    sample = render(call, "java", "sdk", notes="none").code
    java = sample.replace(".apiKey(", ".enableEncrypt(true).apiKey(", 1)
    assert of(tmp_path, "Main.java", java) == (
        call,
        ("the client's enableEncrypt is not taken over",),
    )


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("file://images/cat.png", "file:images/cat.png"),
        ("file:///home/me/cat.png", "file:cat.png"),
        ("file://../cat.png", "file:cat.png"),
        ("file:///C:/me/cat.png", "file:cat.png"),
    ],
)
def test_a_file_that_an_sdk_uploads_is_sent_by_the_sample(
    url: str, file: str, tmp_path: Path
) -> None:
    content = f'[{{"image": "{url}"}}, {{"text": "Hi"}}]'
    python = DASHSCOPE.format("MultiModalConversation", "qwen-vl-max", content, "")
    call, said = of(tmp_path, "call.py", python)
    assert call.as_json()["messages"][0]["content"][0]["image_url"] == {"url": file}
    assert said == (f"its SDK uploads {url}: a sample sends {file} in the request itself",)
    assert 'dataUrl("' in render(call, "nodejs").code
