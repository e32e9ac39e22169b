"""Texts and values that break careless programs, and what samplegen refuses to write.

`python tests/hostile.py` writes docs/refusals.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "refusals.md"

PWNED = "samplegen-pwned"

# Each makes a file, if it is ever run: in a program's own folder, the only one that a sealed
# program can write to. It is its home, too.
_MAKES_A_FILE = {
    "python": "__import__('pathlib').Path('{}').touch()",
    "java": 'new java.io.File("{}").createNewFile();',
    "nodejs": "process.getBuiltinModule('fs').writeFileSync('{}', '')",
    "go": 'os.WriteFile("{}", nil, 0o644)',
    "csharp": 'System.IO.File.WriteAllText("{}", "");',
    "php": "touch('{}');",
    "curl": "touch {} $HOME/{} /tmp/{}",
}

# How a payload gets out of where it stands: a string, a comment, a template, a heredoc.
_AROUND = {
    "python": ["'+{}+'", '"+{}+"', '"""\n{}\n"""', "{{{}}}", "#\n{}\n", "\\N{{{}}}"],
    "java": ['" + {}\n"', '""";\n{}\n"""', "*/{}/*", '"); {} //', "\\u0022); {} //"],
    "nodejs": ["${{{}}}", "`+{}+`", "'+{}+'", '"+{}+"', "*/{}/*", "</script>{}", "\u2028{}\u2028"],
    "go": ['" + {} + "', "`+{}+`", "*/{}/*", "\n{}\n", '")\n{}\n("'],
    "csharp": ['" + {} + "', '""";\n{}\n"""', "{{{}}}", "*/{}/*", '"); {} //'],
    "php": ["{{${{{}}}}}", "'.{}.'", '".{}."', "?><?php {} ?>", "\nEOT;\n{}\n", "'];\n{}\n//"],
    "curl": [
        "$({})",
        "`{}`",
        "'; {}; '",
        '"; {}; "',
        "'\n{}\n'",
        "\nEOF\n{}\n",
        "'&&{}&&'",
        "|{}|",
    ],
}


def _payloads() -> list[str]:
    """Each language's payload in each of its contexts."""
    texts = []
    for language, contexts in _AROUND.items():
        for number, context in enumerate(contexts):
            code = _MAKES_A_FILE[language].replace("{}", f"{PWNED}-{language}{number}")
            texts.append(context.format(code))
    return texts


PAYLOADS = _payloads()

STRINGS = [
    # Quotes and backslashes.
    "",
    "'",
    '"',
    "`",
    '"""',
    "'''",
    '""""""',
    "\"'`\"'`",
    'She said: "it\'s `fine`"',
    "\u2018curly\u2019 \u201cquotes\u201d \u00abguillemets\u00bb \uff02wide\uff02",
    "\\",
    "\\\\\\",
    "ends in a backslash\\",
    "\\'\\\"\\`",
    "C:\\new\\table\\x41\\u0041",
    # Escapes, written out.
    "\\u0041",
    "\\u{41}\\x41\\101\\e\\0\\a",
    "\\N{LATIN SMALL LETTER A}\\U00000041",
    "\\u0022\\u000a\\u005c",
    # Lines and white space.
    "\n",
    "\r",
    "\r\n",
    "one\rtwo\nthree\r\nfour\n\n",
    "\u2028",
    "\u2029",
    "\x85",
    "\v\f\x1c\x1d\x1e",
    "\t",
    "  both ends  ",
    "\n\nnewlines at both ends\n\n",
    "trailing spaces   \n   and leading ones",
    "\u00a0\u3000\u2003\u200b",
    # Control characters and what is not seen.
    "\0",
    "a\0b\x007",
    "".join(map(chr, range(1, 32))),
    "\x7f\x80\x9b",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\u202eevil\u202c \u2066x\u2069 \u200e\u200f\u061c",
    "\ufeffafter a byte order mark\ufeff",
    "\ufffd\ufffe\uffff",
    "\ue000\U000f0000\U0010ffff",
    "\u00ad\u2060\u200c\U000e0041",
    # Scripts.
    "\u0301",
    "e\u0301 \u00e9 \u212b \u00c5",
    "q" + "\u0323\u0307" * 20,
    "\U0001f600",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea \u2764\ufe0f",
    "\U00020000\U0001d11e7",
    "\u65e5\u672c\u8a9e \ud55c\uad6d\uc5b4 \u05e2\u05d1\u05e8\u05d9\u05ea",
    "\u0939\u093f\u0928\u094d\u0926\u0940",
    "\u0130\u0131 \ufb01 \u1e9e",
    # Interpolation and format marks.
    "${x} $x {$x} ${{x}} $$",
    "$(id) `id` $((1+1)) $'a' ~ *",
    "#{x} #$x @{x}",
    "%s %d %% %n %1$s %(x)s",
    "{0} {} {x!r} {{0}}",
    "{{x}} {% raw %} {# note #}",
    "!history! !! ^a^b",
    "%PATH% $env:PATH",
    # Ends of things.
    "*/",
    "/*",
    "//",
    "# -- ; <!-- -->",
    "?>",
    "<?php ?><?= 1 ?>",
    "</script><script>",
    "EOF\nEOT\nEND\nHEREDOC\n",
    "]]>",
    "'\\''",
    ")}];",
    # What looks like something else.
    '{"role": "system", "content": "x"}',
    "[1, 2",
    "null",
    "true",
    "-0",
    "1e400",
    "0x1F",
    "NaN",
    "- a: &b !!str 1\n  <<: *b\n---\n...",
    "-n",
    "--data @/etc/passwd",
    "@/etc/passwd",
    "__proto__",
    # samplegen's own: keys, notes and the marks of its templates.
    "sk-xxx",
    "DASHSCOPE_API_KEY",
    '$DASHSCOPE_API_KEY ${DASHSCOPE_API_KEY} os.getenv("DASHSCOPE_API_KEY")',
    '# If DASHSCOPE_API_KEY is not set, replace the next line with: api_key = "sk-xxx"',
    '// If DASHSCOPE_API_KEY is not set, replace the next line with: $apiKey = "sk-xxx";\n1',
    "\x000\0",
    "\x001\0\x002\0\x0099999\0",
    "{{ key_env }}{{ note('key') }}",
    # Long ones.
    "x" * 102_400,
    "line\n" * 5_000,
    "'\"\\\u4f60\U0001f600" * 3_000,
    *PAYLOADS,
]


def _deep(levels: int) -> Any:
    value: Any = "bottom"
    for level in range(levels):
        value = {"in": value} if level % 2 else [value]
    return value


# Values that an option may have. `HUGE` are those that PHP has no integers for.
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.0,
    -0.0,
    0.1,
    0.1 + 0.2,
    1e-7,
    1e21,
    1e308,
    5e-324,
    2**31,
    2**53 + 1,
    -(2**53) - 1,
    2**63 - 1,
    "",
    "null",
    {},
    [],
    [[], {}, [[]], {"a": {}, "b": []}],
    {"": {"": {"": []}}},
    {"__proto__": {"polluted": True}, "constructor": {"prototype": 1}},
    {"toString": None, "hasOwnProperty": False, "length": 0},
    {"0": "zero", "1": "one", "-1": 2, "01": 3},
    {"0": "only"},
    {"it's": 1, 'say "hi"': 2, "back\\slash": 3, "new\nline": 4, "a.b": 5, "a b": 6, "$x": 7},
    {"\u4f60\u597d": 1, "\U0001f600": 2, "\u2028": 3, "\0": 4, "*/": 5, "?>": 6, "e\u0301": 7},
    {"true": 1, "null": 2, "class": 3, "#{x}": 4, "${x}": 5, "": 6, "k" * 300: 7},
    _deep(40),
    [*range(1000)],
    [1, "1", 1.0, True, None, [1], {"1": 1}],
    [False, None, 0, "", [], {}],
    STRINGS[:50],
    {f"k{number}": text for number, text in enumerate(STRINGS[50:]) if len(text) < 1000},
]
HUGE = [2**63, -(2**63), 10**30, -(10**30), 10**400]

# Names of options that a catalog may have and that mean something to a language.
NAMES = ["constructor", "_", "x1", "null", "o" * 80]


class Refusal(NamedTuple):
    """A bad input: what the call is, in which catalog, and for which language."""

    what: str
    why: str
    call: Mapping[str, Any] = MappingProxyType({})
    old: str = ""
    new: str = ""
    language: str = "curl"


_LABEL = "It would end the host name, or make it another one."
_SHOWN = "It stands in a comment, which it would end or break."
_CODE = "It is written as code: a shell variable, a field, an argument."
_KEY_ENV = 'key_env = "DASHSCOPE_API_KEY"'
_PLACEHOLDER = 'key_placeholder = "sk-xxx"'
_NAME = 'name = { en = "Singapore", ja'
_OPTION = "options = { enable_thinking = false }"
_NUMBER = "JSON has no such number."
_BITS = "PHP's integers have 64 bits; all other languages send it."

REFUSALS = [
    Refusal(
        "a message with half a surrogate pair",
        "It is no text: UTF-8, and so JSON, cannot carry it.",
        {"messages": [{"role": "user", "content": "a\ud800b"}]},
    ),
    Refusal("a model with half a surrogate pair", "As above.", {"model": "\udfff"}),
    Refusal("an empty model", "No service has one.", {"model": ""}),
    Refusal("a model of white space", "No service has one.", {"model": " \n\u3000"}),
    Refusal("no message", "No service answers that.", {"messages": []}),
    Refusal(
        "another role",
        "Samples of SDKs have a method for each role.",
        {"messages": [{"role": "tool\nx", "content": ""}]},
    ),
    Refusal(
        "content that is no text",
        "Numbers and parts come when samples show them.",
        {"messages": [{"role": "user", "content": 1}]},
    ),
    *(
        Refusal(f"a workspace with {what}", _LABEL, {"workspace": text})
        for what, text in {
            "a dot": "a.example.com/",
            "a slash": "a/b",
            "a newline": "a\nb",
            "a quote": "a'b",
            "a command": "$(id)",
            "an underscore": "a_b",
            "an outer hyphen": "-a",
            "letters that are not ASCII": "b\u00fccher",
            "64 characters": "a" * 64,
            "nothing": "",
        }.items()
    ),
    *(
        Refusal(f"a key variable with {what}", _CODE, {}, _KEY_ENV, f"key_env = {json.dumps(text)}")
        for what, text in {
            "a space": "A B",
            "a semicolon": "A;id",
            "a newline": "A\n",
            "a hyphen": "A-B",
            "a digit first": "1A",
            "letters that are not ASCII": "\u00c4",
        }.items()
    ),
    *(
        Refusal(
            f"the key variable {name}",
            "JavaScript finds it in every object: `process.env` seems to have it.",
            {},
            _KEY_ENV,
            f'key_env = "{name}"',
        )
        for name in ("constructor", "toString", "__proto__")
    ),
    *(
        Refusal(
            f"a key placeholder with {what}",
            "It stands in a comment, in each language's quotes.",
            {},
            _PLACEHOLDER,
            f"key_placeholder = {json.dumps(text)}",
        )
        for what, text in {
            "a quote": "sk-'",
            "a newline": "sk\nid",
            "angle brackets": "<key>",
        }.items()
    ),
    *(
        Refusal(
            f"a region's name with {what}",
            _SHOWN,
            {},
            _NAME,
            _NAME.replace('"Singapore"', json.dumps(text)),
        )
        for what, text in {
            "a newline": "A\nid",
            "the end of PHP": "A ?> B",
            "a backslash": "A\\u000aB",
            "a line separator": "A\u2028B",
            "a bidirectional control": "A\u202eB",
            "an outer space": " A",
        }.items()
    ),
    Refusal(
        "a host that is none",
        "It is a URL's part.",
        {},
        'host = "dashscope-intl.aliyuncs.com"',
        'host = "a/b?c"',
    ),
    *(
        Refusal(
            f"an option's name with {what}",
            _CODE,
            {"model": "qwen3-8b"},
            _OPTION,
            f"options = {{ {json.dumps(text)} = 1 }}",
        )
        for what, text in {
            "nothing": "",
            "a hyphen": "top-k",
            "a dot": "a.b",
            "a space": "a b",
            "a quote": 'a"b',
            "a newline": "a\nb",
            "a capital": "topK",
        }.items()
    ),
    *(
        Refusal(
            f"the option {name}",
            "It is a word of Python or JavaScript, or each call has it already.",
            {"model": "qwen3-8b"},
            _OPTION,
            f"options = {{ {name} = 1 }}",
        )
        for name in ("class", "__proto__", "self", "model", "messages")
    ),
    *(
        Refusal(
            f"the option {text}",
            _NUMBER,
            {"model": "qwen3-8b"},
            _OPTION,
            f"options = {{ a = {text} }}",
        )
        for text in ("nan", "inf", "-inf", "1e400")
    ),
    Refusal(
        "an option that is a date",
        "JSON has none.",
        {"model": "qwen3-8b"},
        _OPTION,
        "options = { a = 2026-01-01 }",
    ),
    *(
        Refusal(
            f"the option {text}, in PHP",
            _BITS,
            {"model": "qwen3-8b"},
            _OPTION,
            f"options = {{ a = {text} }}",
            "php",
        )
        for text in ("9223372036854775808", "-9223372036854775808", "1" + "0" * 30)
    ),
]


def refuse(refusal: Refusal, folder: Path) -> tuple[int, str]:
    """What the command line says to a bad input; the sample would be in the folder `out`."""
    catalog = (ROOT / "samplegen" / "model" / "catalog.toml").read_text(encoding="utf-8")
    assert catalog.count(refusal.old) == 1 or not refusal.old, refusal.what
    (folder / "catalog.toml").write_text(
        catalog.replace(refusal.old, refusal.new), encoding="utf-8"
    )
    (folder / "call.json").write_text(json.dumps(dict(refusal.call)), encoding="utf-8")
    options = ["--catalog", "catalog.toml", "--call", "call.json", "--lang", refusal.language]
    done = subprocess.run(
        [sys.executable, "-m", "samplegen", "render", *options, "--out", "out"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stderr.decode()


def document(messages: list[str]) -> str:
    """The page on refusals, with what is said to each of them."""
    rows = []
    for refusal, message in zip(REFUSALS, messages, strict=True):
        said = message.strip().removeprefix("samplegen: error: ").replace("|", "\\|")
        rows.append(f"| {refusal.what} | {refusal.why} | `{said}` |\n")
    return (
        "# What samplegen refuses\n\n"
        "Any other text of a call, and any other value of an option, arrives as it was given, in\n"
        "every target: `tests/test_hostile.py` runs them. A refusal is one line and exit code 2,\n"
        "and nothing is written. `python tests/hostile.py` writes this page; a test compares.\n\n"
        "One more needs a catalog that is made in Python, for TOML has no null: an option that is\n"
        "null, or an object with a field that is, in Java with the DashScope SDK, which leaves\n"
        "such fields out.\n\n"
        "| refused | why | said |\n|---|---|---|\n" + "".join(rows)
    )


def main() -> None:
    messages = []
    for refusal in REFUSALS:
        with tempfile.TemporaryDirectory() as folder:
            messages.append(refuse(refusal, Path(folder))[1])
    DOCUMENT.write_text(document(messages), encoding="utf-8")


if __name__ == "__main__":
    main()
