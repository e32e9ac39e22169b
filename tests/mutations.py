"""Small breakages of samples, as pages have them, and what must be said of each.

A breakage names the edits that make it, by the kind of sample that they are for: a language
with `http`, or with the protocol whose SDK it uses. An edit is an old text and a new one, or a
pattern and its replacement. Each must be found exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import NamedTuple

from samplegen import Call, render
from samplegen.model.catalog import Family, Protocol, builtin
from samplegen.protocols.request import Request
from samplegen.verify.checks import Subject

# Options of each type that is easily confused with another.
OPTIONS = {"enable_thinking": False, "temperature": 1.0, "seed": 1}
CATALOG = replace(
    builtin(), families=[Family("mutants", ["mut-*"], options=OPTIONS), *builtin().families]
)

HTTP = ["python", "java", "nodejs", "go", "csharp", "php", "curl"]
KINDS = [f"{language}-http" for language in HTTP]
KINDS += ["python-openai", "java-openai", "nodejs-openai", "go-openai"]
KINDS += ["python-dashscope", "java-dashscope"]


PROTOCOL_TURNS: list[Protocol] = ["openai", "dashscope", "dashscope", "openai"]


class Edit(NamedTuple):
    """What is replaced, and by what."""

    old: str | re.Pattern[str]
    new: str

    def apply(self, code: str) -> str | None:
        """The code after it, or None where its old text is not there exactly once."""
        pattern = re.compile(re.escape(self.old)) if isinstance(self.old, str) else self.old
        new = self.new.replace("\\", "\\\\") if isinstance(self.old, str) else self.new
        code, times = pattern.subn(new, code)
        return code if times == 1 else None


class Breakage(NamedTuple):
    """What is broken, and what verification says then, at least."""

    name: str
    said: str
    edits: Mapping[str, Edit]


class Mutant(NamedTuple):
    """A broken sample, and the request that it ought to send."""

    name: str
    language: str
    said: str
    subject: Subject


def everywhere(name: str, said: str, old: str, new: str, but: str = "") -> Breakage:
    """A breakage that is the same pattern in each kind of sample but those."""
    edit = Edit(re.compile(old, re.MULTILINE), new)
    return Breakage(name, said, {kind: edit for kind in KINDS if kind not in but.split()})


def somewhere(name: str, said: str, old: str, new: str, kinds: str) -> Breakage:
    """A breakage that is the same pattern in those kinds of sample."""
    edit = Edit(re.compile(old, re.MULTILINE), new)
    return Breakage(name, said, dict.fromkeys(kinds.split(), edit))


def each(name: str, said: str, **edits: tuple[str, str]) -> Breakage:
    """A breakage that has a text of its own in each kind of sample."""
    return Breakage(name, said, {k.replace("_", "-"): Edit(*edit) for k, edit in edits.items()})


NO_REQUEST = "sends no request that arrives"
NO_GOOD = "fails with a good key"
NOT_BUILT = "does not build"
CONTENT = ".content: expected"
KEY = "DASHSCOPE_API_KEY"
VALUE = r"(\W+(?:JsonValue\.from\()?)"

# Where a line of a sample ends for good.
ANSWERS = {
    "python_http": "print(answer)",
    "python_openai": "print(completion.to_json())",
    "python_dashscope": "print(response)",
    "java_http": "System.out.println(response.body());",
    "java_openai": "System.out.println(ObjectMappers.jsonMapper().writeValueAsString(completion));",
    "java_dashscope": "System.out.println(JsonUtils.toJson(result));",
    "nodejs_http": "console.log(answer);",
    "nodejs_openai": "console.log(JSON.stringify(completion, null, 2));",
    "go_http": "fmt.Println(string(answer))",
    "go_openai": "fmt.Println(completion.RawJSON())",
    "csharp_http": "Console.WriteLine(answer);",
    "php_http": "echo $answer, PHP_EOL;",
}
READS_KEY = {
    "python": f'os.getenv("{KEY}")',
    "java": f'System.getenv("{KEY}")',
    "nodejs": f"process.env.{KEY};",
    "go": f'os.Getenv("{KEY}")',
    "csharp": f'Environment.GetEnvironmentVariable("{KEY}")',
    "php": f"getenv('{KEY}')",
    "curl": f"api_key=${KEY}",
}


def reading_key(name: str, said: str, *kinds: str, **new: str) -> Breakage:
    """A breakage of how a sample gets its key, by language."""
    edits = {}
    for kind in kinds:
        language = kind.partition("-")[0]
        edits[kind] = Edit(READS_KEY[language], new[language])
    return Breakage(name, said, edits)


URL = r"(dashscope-intl\.aliyuncs\.com[^'\"]*)"
NOTE = r"(replace the next line with: )"

BREAKAGES = [
    # Where it goes.
    somewhere(
        "host misspelt",
        NO_REQUEST,
        r"dashscope-intl\.aliyuncs",
        "dashscope-int1.aliyuncs",
        "php-http go-openai java-http python-dashscope nodejs-http curl-http",
    ),
    somewhere(
        "another region's host",
        "host: expected",
        r"dashscope-intl\.aliyuncs",
        "dashscope.aliyuncs",
        "curl-http csharp-http java-openai nodejs-openai python-http python-dashscope go-http",
    ),
    somewhere(
        "http instead of https",
        "URL scheme: expected 'https', got 'http'",
        r"https://dashscope-intl",
        "http://dashscope-intl",
        "go-http java-dashscope python-openai csharp-http curl-http php-http",
    ),
    everywhere("another path", "path: expected", r"(dashscope-intl.*/)v1", r"\1v2"),
    somewhere(
        "a slash too many",
        "path: expected",
        r"(dashscope-intl.*)/v1",
        r"\1//v1",
        "php-http curl-http python-http nodejs-http csharp-http",
    ),
    somewhere(
        "a query",
        "path: expected",
        URL,
        r"\1?version=1",
        "php-http curl-http python-http nodejs-http go-http csharp-http java-http",
    ),
    each(
        "another method",
        "method: expected",
        python_http=("requests.post(", "requests.put("),
        nodejs_http=('method: "POST"', 'method: "PUT"'),
        go_http=("http.MethodPost", "http.MethodPut"),
        csharp_http=("HttpMethod.Post", "HttpMethod.Put"),
        java_http=(".POST(", ".PUT("),
        php_http=(
            "CURLOPT_RETURNTRANSFER",
            "CURLOPT_CUSTOMREQUEST => 'PUT', CURLOPT_RETURNTRANSFER",
        ),
        curl_http=("--silent", "--request PUT --silent"),
    ),
    # What is said.
    everywhere("a letter left out", CONTENT, "Who are you", "Who are yu"),
    somewhere(
        "a space at the end",
        CONTENT,
        r"Who are you\?",
        "Who are you? ",
        "php-http java-openai nodejs-http go-openai python-dashscope csharp-http curl-http",
    ),
    somewhere(
        "a full-width question mark",
        CONTENT,
        r"Who are you\?",
        "Who are you\uff1f",
        "curl-http java-dashscope nodejs-openai go-http python-http csharp-http php-http",
    ),
    somewhere(
        "a Cyrillic letter",
        CONTENT,
        "Who are",
        "Who \u0430re",
        "php-http java-http nodejs-http go-openai python-openai csharp-http curl-http",
    ),
    somewhere(
        "a combining accent",
        CONTENT,
        "assistant",
        "assist\u0430\u0301nt",
        "php-http java-openai nodejs-openai curl-http",
    ),
    somewhere(
        "a no-break space",
        CONTENT,
        "Who are",
        "Who\u00a0are",
        "php-http nodejs-http python-http curl-http",
    ),
    somewhere(
        "a zero-width space",
        CONTENT,
        "Who are",
        "Who\u200b are",
        "php-http nodejs-http python-dashscope curl-http csharp-http",
    ),
    somewhere(
        "messages swapped",
        "messages[0].role: expected",
        r"^(\s*)(.*helpful.*?)(,?)\n(\s*)(.*Who are.*?)(,?)$",
        r"\1\5\3\n\4\2\6",
        "python-http python-openai java-http java-openai nodejs-http go-http go-openai csharp-http "
        "php-http curl-http",
    ),
    everywhere(
        "no system message",
        "messages: expected 2 items, got 1",
        r"^.*helpful.*\n",
        "",
        but="java-dashscope",
    ),
    somewhere(
        "a message twice",
        "messages: expected 2 items, got 3",
        r"^(.*helpful.*\n)",
        r"\1\1",
        "python-dashscope java-openai nodejs-http go-openai php-http curl-http",
    ),
    each(
        "another role",
        ".role: expected",
        python_http=('"role": "user"', '"role": "assistant"'),
        python_dashscope=('"role": "system"', '"role": "user"'),
        java_openai=(".addUserMessage", ".addAssistantMessage"),
        java_dashscope=("Role.USER", "Role.ASSISTANT"),
        nodejs_openai=('role: "system"', 'role: "developer"'),
        go_openai=("openai.UserMessage", "openai.AssistantMessage"),
        csharp_http=('"role": "user"', '"role": "assistant"'),
        php_http=("'role' => 'system'", "'role' => 'user'"),
        curl_http=('"role": "system"', '"role": "user"'),
    ),
    everywhere("another model", "body.model: expected", "mut-1", "mut-2"),
    # Values of other types.
    everywhere(
        "a flag flipped",
        "enable_thinking: expected false, got true",
        f"(enable_thinking{VALUE})(?:f|(F))alse",
        r"\1true",
        but="python-http python-openai python-dashscope",
    ),
    somewhere(
        "a flag flipped",
        "enable_thinking: expected false, got true",
        "False",
        "True",
        "python-http python-openai python-dashscope",
    ),
    everywhere(
        "null for false",
        "enable_thinking: ",
        f"(enable_thinking{VALUE})false",
        r"\1null",
        but="python-http python-openai python-dashscope go-http go-openai",
    ),
    somewhere("null for false", "enable_thinking: ", "False", "None", "python-http python-openai"),
    somewhere("null for false", "enable_thinking: ", "false", "nil", "go-http go-openai"),
    somewhere(
        "text for false",
        "enable_thinking: expected",
        f"(enable_thinking{VALUE})(?:false|False)",
        r'\1"false"',
        "python-dashscope java-openai nodejs-http go-http csharp-http curl-http php-http",
    ),
    somewhere(
        "1 for 1.0",
        "temperature: expected 1.0, got 1",
        r"(temperature\W+(?:JsonValue\.from\(|json\.Number\(\")?)1\.0",
        r"\g<1>1",
        "python-http python-openai python-dashscope java-http java-openai java-dashscope go-http "
        "go-openai csharp-http php-http curl-http",
    ),
    somewhere(
        "1 for 1.0",
        "temperature: expected 1.0, got 1",
        r'JSON\.rawJSON\("1\.0"\)',
        "1.0",
        "nodejs-http nodejs-openai",
    ),
    each(
        "1 for 1.0 by the encoder",
        "temperature: expected 1.0, got 1",
        php_http=("JSON_PRESERVE_ZERO_FRACTION | ", ""),
        go_http=('json.Number("1.0")', "1.0"),
    ),
    somewhere(
        "1.0 for 1",
        "seed: expected 1, got 1.0",
        rf"(seed{VALUE})1",
        r"\g<1>1.0",
        "python-http python-openai java-http java-openai csharp-http php-http curl-http",
    ),
    somewhere(
        "text for a number",
        'seed: expected 1, got "1"',
        rf"(seed{VALUE})1",
        r'\1"1"',
        "python-http python-openai java-openai java-dashscope nodejs-openai go-openai csharp-http "
        "php-http curl-http",
    ),
    somewhere(
        "true for 1",
        "seed: expected 1, got true",
        rf"(seed{VALUE})1",
        r"\1true",
        "java-http nodejs-http go-http curl-http php-http",
    ),
    somewhere(
        "a field missing",
        "temperature: is missing",
        r"(['\"]?)temperature\1[:= ][^,]*,\s*",
        "",
        "python-http python-openai python-dashscope java-http nodejs-http nodejs-openai go-http "
        "csharp-http php-http curl-http",
    ),
    somewhere(
        "a field missing",
        "temperature: is missing",
        r"^.*temperature.*\n",
        "",
        "java-openai java-dashscope",
    ),
    somewhere("a field missing", "seed: is missing", r"^.*\"seed\".*\n", "", "go-openai"),
    somewhere(
        "a field misspelt",
        "temperature: is missing",
        "temperature",
        "temparature",
        "python-openai java-http nodejs-openai go-openai csharp-http curl-http",
    ),
    each(
        "a field too many",
        ": should not be there",
        python_http=('"seed": 1,', '"seed": 1, "n": None,'),
        python_openai=('"seed": 1}', '"seed": 1}, n=1'),
        python_dashscope=("seed=1,", "seed=1, top_k=1,"),
        java_http=('"seed": 1', '"seed": 1, "n": 1'),
        java_openai=('.model("mut-1")', '.model("mut-1").n(1)'),
        java_dashscope=('.model("mut-1")', '.model("mut-1").topK(1)'),
        nodejs_http=("seed: 1,", "seed: 1, n: null,"),
        nodejs_openai=("seed: 1,", "seed: 1, n: 1,"),
        go_http=('"model": "mut-1",', '"model": "mut-1", "n": nil,'),
        go_openai=('Model: "mut-1",', 'Model: "mut-1", User: openai.String(""),'),
        csharp_http=('"seed": 1', '"seed": 1, "": 1'),
        php_http=("'seed' => 1,", "'seed' => 1, 'n' => [],"),
        curl_http=('"seed": 1', '"seed": 1, "n": {}'),
    ),
    each(
        "broken JSON",
        "body: not JSON",
        java_http=('"seed": 1', '"seed": 1,'),
        csharp_http=('"seed": 1', "seed: 1"),
        curl_http=('"model": "mut-1"', '"model": "mut-1'),
        php_http=("=> json_encode($body, ", "=> print_r($body, true) ?: json_encode($body, "),
        nodejs_http=("body: JSON.stringify({", "body: String({"),
        python_http=("json={", "data={"),
    ),
    each(
        "a key twice in one object",
        "a key stands twice",
        java_http=('"seed": 1', '"seed": 2, "seed": 1'),
        csharp_http=('"seed": 1', '"seed": 2, "seed": 1'),
        curl_http=('"model": "mut-1"', '"model": "mut-2", "model": "mut-1"'),
    ),
    # Headers, and the key.
    each(
        "no key header",
        "Authorization header: ",
        python_http=('    headers={"Authorization": f"Bearer {api_key}"},\n', ""),
        java_http=('.header("Authorization", "Bearer " + apiKey)', ""),
        nodejs_http=("Authorization: `Bearer ${apiKey}`,", ""),
        go_http=('request.Header.Set("Authorization", "Bearer "+apiKey)', ""),
        csharp_http=(
            'request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);',
            "",
        ),
        php_http=("'Authorization: Bearer ' . $apiKey,", ""),
        curl_http=('--header "Authorization: Bearer $api_key"', "--ipv4"),
    ),
    each(
        "a key header without Bearer",
        "Authorization header: ",
        python_http=('f"Bearer {api_key}"', "api_key"),
        java_http=('"Bearer " + apiKey', "apiKey"),
        nodejs_http=("`Bearer ${apiKey}`", "apiKey"),
        go_http=('"Bearer "+apiKey', "apiKey"),
        csharp_http=('new AuthenticationHeaderValue("Bearer", apiKey)', "new(apiKey)"),
        php_http=("'Authorization: Bearer '", "'Authorization: '"),
        curl_http=("Authorization: Bearer ", "Authorization: "),
    ),
    each(
        "a header of another name",
        "Authorization header: ",
        python_http=('"Authorization"', '"X-Api-Key"'),
        java_http=('"Authorization"', '"api-key"'),
        nodejs_http=("Authorization:", "Authorisation:"),
        go_http=('"Authorization"', '"X-Api-Key"'),
        php_http=("Authorization:", "Authorisation:"),
    ),
    each(
        "bearer in small letters",
        "Authorization header: expected",
        python_http=('f"Bearer ', 'f"bearer '),
        go_http=('"Bearer "', '"bearer "'),
        csharp_http=('"Bearer"', '"bearer"'),
        curl_http=("Authorization: Bearer ", "Authorization: bearer "),
    ),
    each(
        "another content type",
        "Content-Type header: expected",
        python_http=('{"Authorization": f', '{"Content-Type": "text/plain", "Authorization": f'),
        java_http=('"application/json"', '"text/json"'),
        nodejs_http=('"application/json"', '"application/json; charset=latin1"'),
        go_http=('"application/json"', '"application/x-www-form-urlencoded"'),
        csharp_http=('"application/json"', '"text/plain"'),
        php_http=("Content-Type: application/json", "Content-Type: json"),
        curl_http=("Content-Type: application/json", "Content-Type: application/jsonl"),
    ),
    each(
        "no content type",
        "Content-Type header: expected",
        java_http=('.header("Content-Type", "application/json")', ""),
        nodejs_http=('"Content-Type": "application/json",', ""),
        go_http=('request.Header.Set("Content-Type", "application/json")', ""),
        csharp_http=(
            'new StringContent(body, Encoding.UTF8, "application/json")',
            "new ByteArrayContent(Encoding.UTF8.GetBytes(body))",
        ),
        php_http=("'Content-Type: application/json',", ""),
        curl_http=('      --header "Content-Type: application/json" \\\n', ""),
    ),
    each(
        "the key in the body",
        "key: should not be there",
        python_http=('"seed": 1,', '"seed": 1, "key": api_key,'),
        python_openai=('"seed": 1}', '"seed": 1, "key": api_key}'),
        java_openai=(
            '.model("mut-1")',
            '.model("mut-1").putAdditionalBodyProperty("key", JsonValue.from(apiKey))',
        ),
        nodejs_http=("seed: 1,", "seed: 1, key: apiKey,"),
        go_http=('"model": "mut-1",', '"model": "mut-1", "key": apiKey,'),
        php_http=("'seed' => 1,", "'seed' => 1, 'key' => $apiKey,"),
    ),
    each(
        "the key in the query",
        "path: expected",
        python_http=("json={", 'params={"key": api_key}, json={'),
        java_http=("URI.create(url)", 'URI.create(url + "?key=" + apiKey)'),
        nodejs_http=("fetch(url,", "fetch(`${url}?key=${apiKey}`,"),
        go_http=("http.MethodPost, url,", 'http.MethodPost, url+"?key="+apiKey,'),
        csharp_http=("HttpMethod.Post, url)", 'HttpMethod.Post, url + "?key=" + apiKey)'),
        php_http=("curl_init($url)", "curl_init($url . '?key=' . $apiKey)"),
        curl_http=('curl "$url"', 'curl "$url?key=$api_key"'),
    ),
    reading_key(
        "another variable",
        NO_GOOD,
        *[kind for kind in KINDS if kind not in ("java-http", "python-dashscope")],
        python='os.getenv("API_KEY")',
        java='System.getenv("OPENAI_API_KEY")',
        nodejs="process.env.OPENAI_API_KEY;",
        go='os.Getenv("DASHSCOPE_APIKEY")',
        csharp='Environment.GetEnvironmentVariable("API_KEY")',
        php="getenv('dashscope_api_key')",
        curl="api_key=$API_KEY",
    ),
    reading_key(
        "a key written in",
        "Authorization header: ",
        "python-openai",
        "java-http",
        "nodejs-openai",
        "go-http",
        "csharp-http",
        "php-http",
        "curl-http",
        python='os.getenv("NONE", "sk-xxx")',
        java='"sk-xxx"',
        nodejs='"sk-xxx";',
        go='"sk-xxx" + os.Getenv("NONE")',
        csharp='"sk-xxx"',
        php="'sk-xxx'",
        curl="api_key=sk-xxx",
    ),
    reading_key(
        "a key that is made up where none is set",
        f"without a key: standard error does not name {KEY}",
        "python-http",
        "python-openai",
        "nodejs-http",
        "nodejs-openai",
        "csharp-http",
        "php-http",
        "curl-http",
        python=f'os.getenv("{KEY}", "sk-none")',
        nodejs=f'process.env.{KEY} || "sk-none";',
        csharp=f'Environment.GetEnvironmentVariable("{KEY}") ?? "sk-none"',
        php=f"getenv('{KEY}') ?: 'sk-none'",
        curl=f"api_key=${{{KEY}:-sk-none}}",
    ),
    each(
        "no check of the key",
        "without a key: sends a request all the same",
        python_http=("if not api_key:", "if api_key == 0:"),
        java_http=("apiKey == null || apiKey.isEmpty()", '"x".equals(apiKey)'),
        nodejs_http=("if (!apiKey)", "if (apiKey === 0)"),
        go_http=('if apiKey == ""', 'if apiKey == "x"'),
        go_openai=('if apiKey == ""', 'if apiKey == "x"'),
        csharp_http=("string.IsNullOrEmpty(apiKey)", 'apiKey == "x"'),
        php_http=("if (!$apiKey)", "if ($apiKey === 0)"),
        curl_http=('[ -z "$api_key" ]', "false"),
    ),
    each(
        "no check of the key but the SDK's",
        "without a key: standard error does not name",
        python_openai=("if not api_key:", "if api_key == 0:"),
        nodejs_openai=("if (!apiKey)", "if (apiKey === 0)"),
        java_openai=("apiKey == null || apiKey.isEmpty()", '"x".equals(apiKey)'),
    ),
    somewhere(
        "a message that names another variable",
        "without a key: standard error does not name",
        f"variable {KEY}",
        "variable OPENAI_API_KEY",
        "python-dashscope java-http nodejs-http go-openai csharp-http php-http curl-http",
    ),
    each(
        "exit 0 without a key",
        "without a key: exits with 0",
        python_openai=(
            f'sys.exit("Set the environment variable {KEY}.")',
            f'print("{KEY}", file=sys.stderr)\n    sys.exit(0)',
        ),
        java_dashscope=("System.exit(1);", "System.exit(0);"),
        nodejs_openai=("process.exit(1);", "process.exit(0);"),
        go_openai=("os.Exit(1)", "os.Exit(0)"),
    ),
    # How often.
    each(
        "sent twice",
        "sends 2 requests instead of one",
        python_http=(
            "answer = ",
            "requests.post(response.url, None, response.request.body and eval(response.request.body"
            ".replace(b'false', b'False')), headers=response.request.headers)\nanswer = ",
        ),
        python_openai=(
            "completion = client",
            'client.chat.completions.create(model="m", messages=[])\ncompletion = client',
        ),
        java_openai=(
            "ChatCompletion completion =",
            "client.chat().completions().create(params);\n        ChatCompletion completion =",
        ),
        java_dashscope=(
            "GenerationResult result =",
            "generation.call(param);\n        GenerationResult result =",
        ),
        java_http=(
            "HttpResponse<String> response =",
            "HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());\n"
            "        HttpResponse<String> response =",
        ),
        nodejs_http=(
            "const answer =",
            "await fetch(url, { method: 'POST', headers: { Authorization: `Bearer ${apiKey}` } })"
            ";\n"
            "const answer =",
        ),
        php_http=("$answer = curl", "curl_exec($curl);\n$answer = curl"),
        curl_http=(
            "elif answer=$(\n",
            'elif answer=$(\n  curl -s -o /dev/null -H "Authorization: Bearer $api_key" "$url"\n',
        ),
    ),
    # What is shown.
    *(
        each(name, said, **{kind: (old, new) for kind, (old, new) in edits.items()})
        for name, said, edits in [
            (
                "the answer not printed",
                "the answer is not on standard output",
                {
                    **{kind: (old, "") for kind, old in ANSWERS.items() if kind[:2] != "go"},
                    "go_http": (ANSWERS["go_http"], "fmt.Println(len(answer))"),
                    "go_openai": (ANSWERS["go_openai"], "fmt.Println(completion.ID)"),
                    "curl_http": ("'%s\\n' \"$answer\"\nelse", "''\nelse"),
                },
            ),
            (
                "the answer on standard error",
                "the answer is not on standard output",
                {
                    "python_dashscope": ("print(response)", "print(response, file=sys.stderr)"),
                    "java_http": ("out.println(response", "err.println(response"),
                    "nodejs_openai": ("console.log(", "console.error("),
                    "go_http": ("fmt.Println(string", "fmt.Fprintln(os.Stderr, string"),
                    "csharp_http": ("Console.WriteLine(answer)", "Console.Error.WriteLine(answer)"),
                    "php_http": ("echo $answer, PHP_EOL", "fwrite(STDERR, $answer)"),
                },
            ),
            (
                "the answer cut",
                "the answer is not on standard output",
                {
                    "python_http": ("print(answer)", "print(answer[:100])"),
                    "python_openai": (
                        "print(completion.to_json())",
                        "print(completion.to_json()[:-2])",
                    ),
                    "java_http": (
                        "println(response.body())",
                        "println(response.body().substring(9))",
                    ),
                    "nodejs_http": ("log(answer)", "log(answer.slice(0, 100))"),
                    "go_openai": (
                        "fmt.Println(completion.RawJSON())",
                        "fmt.Println(completion.RawJSON()[1:])",
                    ),
                    "csharp_http": (
                        "Console.WriteLine(answer)",
                        "Console.WriteLine(answer.Substring(9))",
                    ),
                    "php_http": ("echo $answer, PHP_EOL", "echo substr($answer, 0, -9)"),
                    "curl_http": ("'%s\\n' \"$answer\"\nelse", "'%.99s\\n' \"$answer\"\nelse"),
                },
            ),
            (
                "the answer in another encoding",
                "the answer is not on standard output",
                {
                    "python_http": (
                        "response.content.decode()",
                        'response.content.decode("latin-1")',
                    ),
                    "csharp_http": (
                        "await response.Content.ReadAsStringAsync()",
                        "Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync())",
                    ),
                    "java_http": (
                        "BodyHandlers.ofString()",
                        "BodyHandlers.ofString(java.nio.charset.StandardCharsets.US_ASCII)",
                    ),
                    "php_http": ("echo $answer", "echo preg_replace('/[^ -~]/', '?', $answer)"),
                },
            ),
        ]
    ),
    # How it fails.
    each(
        "exit 0 after a failure",
        "exits with 0, as if all were well",
        python_http=(
            'sys.exit(f"HTTP {response.status_code}: {answer}")',
            "sys.exit(print(answer, file=sys.stderr))",
        ),
        python_dashscope=(
            'sys.exit(f"HTTP {response.status_code}: {response}")',
            "sys.exit(print(response, file=sys.stderr))",
        ),
        java_http=(
            "response.body());\n            System.exit(1)",
            "response.body());\n            System.exit(0)",
        ),
        nodejs_http=("${answer}`);\n  process.exit(1)", "${answer}`);\n  process.exit(0)"),
        go_http=("log.Fatalf(", "log.Printf("),
        csharp_http=('{answer}");\n    return 1;', '{answer}");\n    return 0;'),
        php_http=(
            '"HTTP $status: $answer" . PHP_EOL);\n    exit(1)',
            '"HTTP $status: $answer" . PHP_EOL);\n    exit(0)',
        ),
        curl_http=('"$answer" >&2\n  false', '"$answer" >&2'),
        python_openai=(
            "client = OpenAI(",
            "sys.excepthook = lambda *it: os._exit(sys.stderr.write(str(it[1])) * 0)\n"
            "client = OpenAI(",
        ),
    ),
    each(
        "the error on standard output",
        "writes to standard output",
        python_http=(
            'sys.exit(f"HTTP {response.status_code}: {answer}")',
            'sys.exit(print(answer) or "failed")',
        ),
        python_dashscope=(
            'sys.exit(f"HTTP {response.status_code}: {response}")',
            'sys.exit(print(response) or "failed")',
        ),
        java_http=('err.println("HTTP "', 'out.println("HTTP "'),
        nodejs_http=("console.error(`HTTP", "console.log(`HTTP"),
        go_http=("log.Fatalf(", "fmt.Println(string(answer))\n\t\tlog.Fatalf("),
        csharp_http=('Console.Error.WriteLine($"HTTP', 'Console.WriteLine($"HTTP'),
        php_http=('fwrite(STDERR, "HTTP', 'fwrite(STDOUT, "HTTP'),
        curl_http=("printf '%s\\n' \"$answer\" >&2", "printf '%s\\n' \"$answer\""),
    ),
    each(
        "the error's body dropped",
        "standard error does not say",
        python_http=(': {answer}"', '"'),
        python_dashscope=(': {response}"', '"'),
        java_http=(' + ": " + response.body()', ""),
        nodejs_http=(": ${answer}`", "`"),
        go_http=('"HTTP %d: %s", response.StatusCode, answer', '"HTTP %d", response.StatusCode'),
        go_openai=(
            '"HTTP %d: %s", apiErr.StatusCode, apiErr.RawJSON()',
            '"HTTP %d", apiErr.StatusCode',
        ),
        csharp_http=(': {answer}"', '"'),
        php_http=('"HTTP $status: $answer"', '"HTTP $status"'),
        curl_http=("--fail-with-body", "--fail"),
    ),
    each(
        "no check of the status",
        "exits with 0, as if all were well",
        python_http=("if not response.ok:", "if response.status_code == 0:"),
        python_dashscope=("if response.status_code != 200:", "if response.status_code == 0:"),
        java_http=("response.statusCode() != 200", "response.statusCode() == 0"),
        nodejs_http=("if (!response.ok)", "if (!response)"),
        go_http=("response.StatusCode != http.StatusOK", "response.StatusCode == 0"),
        csharp_http=("if (!response.IsSuccessStatusCode)", "if ((int)response.StatusCode == 0)"),
        php_http=("if ($status !== 200)", "if ($status === 0)"),
        curl_http=(" --fail-with-body", ""),
    ),
    each(
        "a check of the service's own failures alone",
        "exits with 0, as if all were well",
        python_http=("if not response.ok:", "if response.status_code >= 500:"),
        nodejs_http=("if (!response.ok)", "if (response.status >= 500)"),
        go_http=("response.StatusCode != http.StatusOK", "response.StatusCode >= 500"),
        php_http=("if ($status !== 200)", "if ($status >= 500)"),
    ),
    each(
        "a check of the caller's failures alone",
        "on 500: exits with 0",
        python_http=("if not response.ok:", "if 400 <= response.status_code < 500:"),
        nodejs_http=("if (!response.ok)", "if (response.status >> 2 === 100)"),
        php_http=("if ($status !== 200)", "if (intdiv($status, 100) === 4)"),
        java_http=("response.statusCode() != 200", "response.statusCode() / 100 == 4"),
    ),
    each(
        "a broken connection taken for an answer",
        "when the connection breaks: exits with 0",
        php_http=(
            "curl_error($curl) . PHP_EOL);\n    exit(1)",
            "curl_error($curl) . PHP_EOL);\n    exit(0)",
        ),
        go_http=(
            "io.ReadAll(response.Body)\n\tif err != nil {\n\t\tlog.Fatal(err)",
            "io.ReadAll(response.Body)\n\tif err != nil {\n\t\tlog.Print(err)",
        ),
    ),
    each(
        "a line on standard output before it fails",
        "writes to standard output",
        python_http=("response = requests", 'print("asking")\nresponse = requests'),
        python_openai=("client = OpenAI", 'print("asking")\nclient = OpenAI'),
        java_openai=(
            "ChatCompletion completion =",
            'System.out.println("asking");\n        ChatCompletion completion =',
        ),
        nodejs_openai=("const completion", 'console.log("asking");\nconst completion'),
        go_http=("response, err :=", 'fmt.Println("asking")\n\tresponse, err :='),
        csharp_http=("using var client", 'Console.WriteLine("asking");\nusing var client'),
        php_http=("$curl = curl_init", "echo 'asking', PHP_EOL;\n$curl = curl_init"),
        curl_http=("body='", "echo asking\nbody='"),
    ),
    # What does not run.
    each(
        "a syntax error",
        NO_GOOD,
        python_http=("if not api_key:", "if not api_key"),
        python_dashscope=("if response.status_code != 200:", "if response.status_code <> 200:"),
        nodejs_http=(
            "const answer = await response.text();",
            "const answer = await response.text(;",
        ),
        nodejs_openai=("seed: 1,", "seed = 1,"),
        php_http=("$body = [", "$body = [["),
        curl_http=("); then", "; then"),
    ),
    each(
        "a syntax error to a compiler",
        NOT_BUILT,
        java_http=("HttpRequest request =", "HttpRequest request"),
        java_openai=(".build();\n        ChatCompletion ", ".build()\n        ChatCompletion "),
        go_http=("func main() {", "func main()\n{"),
        go_openai=('Model: "mut-1",', 'Model = "mut-1",'),
        csharp_http=("using var client = new HttpClient();", "using var client = new HttpClient()"),
    ),
    each(
        "an import missing",
        NO_GOOD,
        python_http=("import requests\n", ""),
        python_openai=("import os\n", ""),
        python_dashscope=("import dashscope\n", ""),
        nodejs_openai=('import OpenAI from "openai";\n', ""),
    ),
    each(
        "an import missing, to a compiler",
        NOT_BUILT,
        java_http=("import java.net.URI;\n", ""),
        java_openai=("import com.openai.core.JsonValue;\n", ""),
        java_dashscope=("import java.util.List;\n", ""),
        go_http=('\t"io"\n', ""),
        go_openai=('\t"github.com/openai/openai-go/v3/option"\n', ""),
        csharp_http=("using System.Net.Http.Headers;\n", ""),
    ),
    each(
        "an import that is not needed",
        NOT_BUILT,
        go_http=('\t"io"\n', '\t"io"\n\t"strings"\n'),
    ),
    each(
        "an import of what is not installed",
        NO_GOOD,
        python_openai=("from openai import OpenAI", "from openai_sdk import OpenAI"),
        nodejs_openai=('from "openai"', 'from "open-ai"'),
    ),
    each(
        "another language's line",
        NO_GOOD,
        python_http=("response = requests", "var response = requests"),
        nodejs_http=("const response =", "$response ="),
        php_http=("$url =", "const url ="),
        curl_http=("url='", "url = '"),
        nodejs_openai=("const client = new OpenAI({", "client := new OpenAI({"),
    ),
    each(
        "another language's line, to a compiler",
        NOT_BUILT,
        java_openai=("OpenAIClient client =", "const client ="),
        go_openai=("apiKey := os", "$apiKey := os"),
        csharp_http=("var url =", "url :="),
    ),
    each(
        "an undefined name",
        NO_GOOD,
        python_http=('f"Bearer {api_key}"', 'f"Bearer {apikey}"'),
        nodejs_http=("fetch(url,", "fetch(uri,"),
        php_http=("curl_init($url)", "curl_init($uri)"),
        curl_http=('curl "$url"', 'curl "$uri"'),
        python_openai=("api_key=api_key", "api_key=apiKey"),
    ),
    each(
        "an undefined name, to a compiler",
        NOT_BUILT,
        java_dashscope=("generation.call(param)", "generation.call(params)"),
        go_http=("bytes.NewReader(body)", "bytes.NewReader(data)"),
        csharp_http=("client.SendAsync", "http.SendAsync"),
    ),
    each(
        "a call that the SDK dropped",
        NO_GOOD,
        python_openai=("client.chat.completions.create(", "client.ChatCompletion.create("),
        python_dashscope=("dashscope.Generation.call(", "dashscope.Generation.create("),
        nodejs_openai=("client.chat.completions.create(", "client.createChatCompletion("),
    ),
    each(
        "a call that the SDK dropped, to a compiler",
        NOT_BUILT,
        java_openai=("client.chat().completions().create(", "client.createChatCompletion("),
        java_dashscope=("generation.call(", "generation.create("),
        go_openai=("client.Chat.Completions.New(", "client.CreateChatCompletion("),
    ),
    each(
        "an argument that the SDK dropped",
        NO_GOOD,
        python_openai=("base_url=", "api_base="),
        python_dashscope=("    api_key=api_key,\n", ""),
    ),
    # Notes.
    somewhere(
        "a note whose line does not compile",
        "with the key written in as the note says",
        rf"{NOTE}.*$",
        r'\1key == "sk-xxx',
        "python-http java-openai nodejs-http go-openai csharp-http php-http curl-http",
    ),
    somewhere(
        "a note with another name",
        "with the key written in as the note says",
        rf"{NOTE}(.*?)(api_key|apiKey)",
        r"\1\2the_\3",
        "python-openai python-dashscope java-http nodejs-openai go-http csharp-http php-http "
        "curl-http",
    ),
    somewhere(
        "a note that sends another key",
        "with the key written in as the note says: Authorization header: ",
        r"(['\"])sk-xxx",
        r"\1sk-yyy",
        "python-http java-dashscope nodejs-http go-openai csharp-http php-http curl-http",
    ),
    # What a sample has no business to do.
    each(
        "writes a file elsewhere",
        NO_GOOD,
        python_http=("print(answer)", 'open("/var/tmp/answer", "w").write(answer)\nprint(answer)'),
        java_http=(
            ANSWERS["java_http"],
            'new java.io.FileWriter("/var/tmp/answer").close();\n        ' + ANSWERS["java_http"],
        ),
        nodejs_http=(
            ANSWERS["nodejs_http"],
            '(await import("node:fs")).writeFileSync("/var/tmp/answer", answer);\n'
            + ANSWERS["nodejs_http"],
        ),
        csharp_http=(
            ANSWERS["csharp_http"],
            'System.IO.File.WriteAllText("/var/tmp/answer", answer);\n' + ANSWERS["csharp_http"],
        ),
        php_http=("echo $answer", "new SplFileObject('/var/tmp/answer', 'w');\necho $answer"),
        curl_http=('curl "$url"', 'curl "$url" --output /var/tmp/answer'),
    ),
    each(
        "does not end",
        "when the connection breaks: does not end",
        php_http=("if ($answer === false) {\n", "if ($answer === false) {\n    sleep(600);\n"),
    ),
    each(
        "a file written beside the sample",
        "writes files: ",
        php_http=("echo $answer", "touch('left');\necho $answer"),
        curl_http=("answer=$(\n", "answer=$(\n  : >left\n"),
    ),
    each(
        "certificates not checked",
        "certificate is not to be trusted: sends the request all the same",
        curl_http=("--silent", "--insecure --silent"),
        php_http=(
            "CURLOPT_RETURNTRANSFER => true",
            "CURLOPT_SSL_VERIFYPEER => 0, CURLOPT_RETURNTRANSFER => 1",
        ),
        python_http=("    json={", "    verify=False,\n    json={"),
        nodejs_http=(
            "const response = ",
            'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";\nconst response = ',
        ),
    ),
    each(
        "the key on standard error",
        "shows the API key",
        php_http=("echo $answer", "fwrite(STDERR, $apiKey);\necho $answer"),
        nodejs_http=("const response = ", "console.error(apiKey);\nconst response = "),
    ),
    each(
        "the key in a header more",
        "has the API key, too",
        curl_http=("--silent", '--header "X-Api-Key: $api_key" --silent'),
        nodejs_http=("Authorization: `Bearer", '"X-Key": apiKey,\n    Authorization: `Bearer'),
    ),
    each(
        "sent without a key, too",
        "sends 2 requests",
        php_http=(
            "$answer = curl",
            "$other = curl_init($url);\n"
            "curl_setopt($other, CURLOPT_RETURNTRANSFER, true);\n"
            "!$apiKey ?: curl_exec($other);\n$answer = curl",
        ),
    ),
    each(
        "sent with another key, too",
        "sends 2 requests",
        curl_http=(
            "elif answer=$(\n",
            "elif answer=$(\n"
            '  curl -s -o /dev/null -H "Authorization: Bearer other" -d "{}" "$url"\n',
        ),
    ),
    each(
        "a note on another variable",
        "the note on the key",
        php_http=(f"If {KEY} is not set", "If API_KEY is not set"),
        python_openai=(f"If {KEY} is not set", "If API_KEY is not set"),
    ),
]

# What verification does not notice, each on one kind of sample.
MISSED = [
    each(
        "a line on standard error beside the answer",
        "",
        php_http=("echo $answer", "fwrite(STDERR, 'asking');\necho $answer"),
    ),
    each(
        "another host called, too",
        "",
        curl_http=("elif answer=$(\n", "elif answer=$(\n  curl -s https://example.com\n"),
    ),
    each(
        "a link to another region that is wrong",
        "",
        php_http=("//   Finance Cloud: https://", "//   Finance Cloud: http://"),
    ),
]


def mutants(breakages: list[Breakage], most: int | None = None) -> list[Mutant]:
    """The breakages of all kinds of samples; those of HTTP are of either protocol in turn.

    Args:
        most: of how many kinds each breakage is at most; which ones, goes round.
    """
    turns = {kind: cycle(PROTOCOL_TURNS) for kind in KINDS}
    found = []
    for number, breakage in enumerate(breakages):
        kinds = [*breakage.edits]
        start = number % len(kinds)
        for kind in [*kinds[start:], *kinds[:start]][:most]:
            language = kind.partition("-")[0]
            subject = _broken(breakage, kind, turns[kind])
            name = f"{breakage.name}: {subject.sample.protocol} {kind}"
            found.append(Mutant(name, language, breakage.said, subject))
    return found


def _broken(breakage: Breakage, kind: str, turns: Iterator[Protocol]) -> Subject:
    language, _, client = kind.partition("-")
    edit = breakage.edits[kind]
    # Options stand on lines of their own in one protocol only: some edits fit that.
    choices = [next(turns), next(turns)] if client == "http" else [client]
    for protocol in choices:
        call = Call(protocol=protocol, model="mut-1")
        form = "http" if client == "http" else "sdk"
        sample = render(call, language, form, catalog=CATALOG)
        code = edit.apply(sample.code)
        if code is not None:
            assert code != sample.code, f"{breakage.name}: changes nothing in {kind}"
            return Subject(sample._replace(code=code), Request.of(call, "", CATALOG))
    raise AssertionError(f"{breakage.name}: {kind} has no {edit.old!r}, or several")
