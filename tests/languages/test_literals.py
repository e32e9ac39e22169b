"""A literal has exactly the value that it stands for, as its language's own parser reads it."""

from __future__ import annotations

import ast
import base64
import json
import math
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from unicodedata import category

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from toolchains import need, run

from samplegen.errors import InputError
from samplegen.languages import language, language_ids
from samplegen.languages.base import JSON, Annotated, Language
from samplegen.rendering.layout import Hanging, Hole, Slot, fill, place

NASTY = [
    # Quotes and backslashes.
    "",
    " ",
    "'",
    '"',
    "`",
    "''",
    '""',
    '"""',
    "'''",
    '""""""',
    '"\'"',
    'it\'s "quoted"',
    '""" + x + """',
    "\\",
    "\\\\",
    "\\'",
    '\\"',
    '\\"""',
    "C:\\new\\users\\x41",
    "ends in a backslash\\",
    "'ends in two\\\\",
    # Escapes, written out.
    "\\u0041",
    "\\\\u0041",
    "\\u0022 + x + \\u0022",
    "\\u000a",
    "\\U0001f600 \\u{1f600} \\x41 \\101 \\N{DASH} \\e \\0 \\s \\",
    # Lines and white space.
    "\n",
    "\r",
    "\r\n",
    "one\n\ntwo\n",
    "  indented\n    more\n",
    "trailing spaces  \n tabs\t\t\n\\\n",
    "\t",
    "\v\f\b\a\x1b[31m",
    "\\\n",
    # NUL and other control characters, before digits too.
    "\0",
    "\0" + "7",
    "a\0b\x01\x1f\x7f",
    "\x80\x85\x9f7",
    # What is a line's end to some, or is not seen.
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b\x0c\x1c\x1d\x1e",
    "\ufeff",
    "\ufeffstart\ufeff",
    "\u202eabc\u202c",
    "\u2066\u2069\u200b\u200e\u200f\u061c",
    "\xa0\xad\u3000\u200d\u2060",
    "a\u3000",
    # Beyond ASCII, beyond 16 bits.
    "é\u0301ß\u4f60\u597d",
    "\U0001f600",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f1e9\U0001f1ea",
    "\U0001f6007",
    "\U0010ffff\ufffe\uffff\ue000\U000e0001",
    "\ufffd\u0378",
    # Interpolation.
    "$",
    "$x",
    "${x}",
    "{$x}",
    "{\\$x}",
    "\n$x ${x} {$x} $x[0] $x->y",
    "$(id)",
    "`id`",
    "$((1+1)) $'a' $\"a\" !! ~ *",
    "#{x}",
    "%s %d %% %n",
    "{x} {{x}} {{ x }} {% x %}",
    # The end of something.
    "*/",
    "//",
    "/* */ -- # <!-- -->",
    "?>",
    "<?php ?>\n<?= 1 ?>",
    "</script>",
    "'; exit 1; '",
    '"); System.exit(1); //',
    "EOF\nEOF\n",
    "'\\''",
    # Words with a meaning.
    "-n",
    "--",
    "null",
    "NaN",
    "__proto__",
    "constructor",
    # Long ones.
    "x" * 100,
    "words and words " * 50,
    "\u4f60\u597d" * 60,
    "0123456789abcde\n" * 6400,
    "\"'" * 100_000,
    "\\" * 70_000,
    "\0\U0001f600" * 12_000,
]

FRAGMENTS = [text for text in NASTY if len(text) < 40]

KEYS = ["", "0", "-0", "01", "-1", "1.5", "1e3", "9223372036854775808", "__proto__", "a b", "$x"]
KEYS += ["constructor", "toString", "role", "content", "text", "\\", '"', "'", "\0a", "a-b", "a.b"]
KEYS += ["\u4f60\u597d", "k" * 41, "k" * 90]

NUMBERS = [0, 1, -1, 0.7, 1.0, -0.0, 0.0, 0.1 + 0.2, 1e300, -1e-300, 5e-324, 1e16, 1e-7, 123e20]
NUMBERS += [2**31 - 1, 2**31, -(2**31), 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1]
NUMBERS += [2**63 - 1, -(2**63) + 1]
BIG_INTEGERS = [-(2**63), 2**63, 2**64, 10**30]

Values = st.SearchStrategy[Any]


def joined(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.text(st.characters(codec="utf-8"), max_size=4)
    return st.lists(pieces | some, max_size=4).map("".join)


def json_values(texts: Values, numbers: Values, keys: Values) -> Values:
    return st.recursive(
        texts | st.none() | st.booleans() | numbers,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=8,
    )


def batches(values: Values) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=50, max_size=200)


TEXTS = joined(st.sampled_from(FRAGMENTS))
ANY_KEYS = st.sampled_from(KEYS) | TEXTS
FLOATS = st.sampled_from(NUMBERS) | st.floats(allow_nan=False, allow_infinity=False)
ANY_VALUES = json_values(TEXTS, FLOATS | st.integers() | st.sampled_from(BIG_INTEGERS), ANY_KEYS)
VALUES = {"php": json_values(TEXTS, FLOATS | st.integers(-(2**63) + 1, 2**63 - 1), ANY_KEYS)}


def sample_values(texts: Values) -> Values:
    """Messages, and objects as they may be a model's options."""
    content = texts | st.lists(st.fixed_dictionaries({"text": texts}), max_size=2)
    roles = st.sampled_from(["system", "user", "assistant"])
    message = st.fixed_dictionaries({"role": roles, "content": content})
    numbers = st.integers(-(2**31), 2**31) | st.sampled_from([0.7, 0.95, -2.0, 1.0, 0.0])
    names = st.from_regex(r"[a-z_][a-z0-9_]{0,20}", fullmatch=True)
    return st.lists(message, min_size=1, max_size=3) | json_values(texts, numbers, names)


WORDS = [
    "what",
    "is",
    "it?",
    "\u4f60\u597d",
    "\u554f\u3044\u5408\u308f\u305b",
    "it's",
    '"it"',
    "\n",
]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
SAMPLE_VALUES = sample_values(SENTENCES | TEXTS)

# A failing batch is not shrunk: what fails in it is found by halving.
FEW = settings(
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)
MANY = settings(FEW, phases=tuple(Phase), verbosity=Verbosity.normal)


class BrokenError(Exception):
    """The program that holds the literals did not run."""


def writer(id: str) -> Language:
    return JSON if id == "json" else language(id)


def written(writer: Language, value: Any, indent: str = "", column: int = 0, after: int = 0) -> str:
    """A literal as samples hold it: each text takes the place of a hole."""
    found: list[str] = []
    doc = writer.literal(with_holes(value, found))
    return fill(place(doc, writer.style, indent, column, after), found)


def with_holes(value: Any, found: list[str]) -> Any:
    if isinstance(value, str):
        found.append(value)
        return Hole(len(found) - 1)
    if isinstance(value, list):
        return [with_holes(item, found) for item in value]
    if isinstance(value, dict):
        holes = {key: with_holes(item, found) for key, item in value.items()}
        return Annotated(holes, value.notes) if isinstance(value, Annotated) else holes
    return value


def exactly(value: Any) -> str:
    """A text that tells 1 from 1.0 from True, 0.0 from -0.0, a character from its surrogates."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def process(command: list[str], stdin: str = "") -> str:
    done = run(command, stdin)
    if done.returncode:
        raise BrokenError(f"exit code {done.returncode}:\n{done.stderr or done.stdout}")
    return done.stdout


def program(command: list[str], name: str, source: str) -> str:
    """The output of a program in one file."""
    with TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(source.encode())
        return process([*command, str(file)])


def by_json(literals: list[str]) -> list[str]:
    return literals


def by_python(literals: list[str]) -> list[str]:
    return [json.dumps(ast.literal_eval(literal), ensure_ascii=False) for literal in literals]


def by_node(literals: list[str]) -> list[str]:
    lines = "".join(f"  {literal},\n" for literal in literals)
    source = (
        f"const values = [\n{lines}];\nvalues.forEach((it) => console.log(JSON.stringify(it)));\n"
    )
    return program(need("node"), "main.mjs", source).split("\n")[:-1]


def by_php(literals: list[str]) -> list[str]:
    lines = "".join(f"echo {literal}, PHP_EOL;\n" for literal in literals)
    return program([*need("php"), "-n"], "main.php", f"<?php\n\n{lines}").split("\n")[:-1]


def by_go(literals: list[str]) -> list[str]:
    return program([*need("go"), "run"], "main.go", go_program(literals)).split("\n")[:-1]


def go_program(literals: list[str]) -> str:
    names = "".join(f"\t\tvalue{number},\n" for number in range(len(literals)))
    functions = "".join(
        f"\nfunc value{number}() any {{\n\treturn {literal}\n}}\n"
        for number, literal in enumerate(literals)
    )
    return (
        'package main\n\nimport (\n\t"encoding/json"\n\t"fmt"\n)\n\nfunc main() {\n'
        f"\tvalues := []func() any{{\n{names}\t}}\n\tfor _, value := range values {{\n"
        "\t\ttext, err := json.Marshal(value())\n\t\tif err != nil {\n\t\t\tpanic(err)\n\t\t}\n"
        f"\t\tfmt.Println(string(text))\n\t}}\n}}\n{functions}"
    )


def by_java(literals: list[str]) -> list[str]:
    # One method for each: a method holds at most 64 KB.
    numbers = range(len(literals))
    methods = "".join(
        f"    static void value{number}() {{\n        show(\n                {literal});\n    }}\n"
        for number, literal in enumerate(literals)
    )
    calls = "".join(f"        value{number}();\n" for number in numbers)
    source = (
        "import java.util.Base64;\n\nclass Main {\n    static void show(String text) {\n"
        '        byte[] bytes = text.getBytes(java.nio.charset.Charset.forName("UTF-8"));\n'
        "        System.out.println(Base64.getEncoder().encodeToString(bytes));\n    }\n"
        f"{methods}    public static void main(String[] args) {{\n{calls}    }}\n}}\n"
    )
    return decoded(program([*need("java"), "-Dfile.encoding=UTF-8"], "Main.java", source))


def by_csharp(literals: list[str]) -> list[str]:
    shown = "".join(f"Show({literal});\n" for literal in literals)
    source = (
        f"using System;\nusing System.Text;\n\n{shown}\nstatic void Show(string text)\n{{\n"
        "    Console.WriteLine(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));\n}\n"
    )
    return decoded(program(need("csharp"), "main.cs", source))


def decoded(lines: str) -> list[str]:
    return [base64.b64decode(line, validate=True).decode() for line in lines.splitlines()]


def by_sh(literals: list[str]) -> list[str]:
    lines = "".join(f"printf '%s\\0' {literal}\n" for literal in literals)
    return program(need("sh"), "main.sh", lines).split("\0")[:-1]


class Parser(NamedTuple):
    """A language's own parser.

    Args:
        read: each of many literals as JSON; one of a string as the string itself where
            the language has `bare` strings, being one that has no literals of objects.
        batches: how many batches are a fair price.
        indent: of the line that a literal starts in, where `column` is, and `after`.
    """

    read: Callable[[list[str]], list[str]]
    batches: int
    indent: str = ""
    column: int = 0
    after: int = 0
    bare: bool = False


PARSERS = {
    "json": Parser(by_json, 5),
    "python": Parser(by_python, 5, "    ", 17, 1),
    "nodejs": Parser(by_node, 10, "  ", 2, 1),
    "php": Parser(by_php, 10, "", 17, 20),
    "go": Parser(by_go, 3, "\t", 8),
    "java": Parser(by_java, 3, " " * 16, 16, 2, bare=True),
    "csharp": Parser(by_csharp, 2, "", 5, 2, bare=True),
    "curl": Parser(by_sh, 10, "", 13, bare=True),
}


def wrong(id: str, values: list[Any]) -> list[str]:
    """What its language reads otherwise than it was meant."""
    parser = PARSERS[id]
    literals = []
    for value in values:
        literal = written(writer(id), value, parser.indent, parser.column, parser.after)
        if id == "php":
            flags = language("php").extras({"value": value})["json_flags"]
            literal = f"json_encode({literal}, {flags})"
        literals.append(literal)
    try:
        results = parser.read(literals)
        if len(results) != len(literals):
            raise BrokenError(f"{len(literals)} literals gave {len(results)} values")
    except BrokenError as error:
        if len(values) > 1:
            half = len(values) // 2
            return wrong(id, values[:half]) or wrong(id, values[half:]) or [str(error)]
        return [f"{short(values[0])}\nas {short(literals[0])}\n{str(error)[-1000:]}"]
    return [
        f"{short(value)}\nas {short(literal)}\nis {short(result)}"
        for value, literal, result in zip(values, literals, results, strict=True)
        if exactly(result if parser.bare and isinstance(value, str) else json.loads(result))
        != exactly(value)
    ]


def judge(id: str, values: list[Any]) -> None:
    bad = wrong(id, meant(id, values))
    assert not bad, min(bad, key=len)


def judge_layout(formatter: list[str], source: str) -> None:
    """A formatter that reads stdin must change nothing."""
    formatted = process(formatter, source)
    lines = unified_diff(source.splitlines(keepends=True), formatted.splitlines(keepends=True))
    assert formatted == source, "".join([*lines][:60])


def short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 500 else f"{text[:250]} ... {text[-250:]}"


def meant(id: str, values: list[Any]) -> list[Any]:
    """The values as a sample of that language may hold them."""
    meant = []
    for number, value in enumerate(values):
        if PARSERS[id].bare:
            # Only strings, objects and lists are literals there.
            value = value if isinstance(value, str | dict | list) else {"value": value}
            value = value.replace("\0", "") if id == "curl" and isinstance(value, str) else value
        elif id != "json" and isinstance(value, dict) and number % 2:
            value = noted(id, value)
        meant.append(value)
    return meant


def noted(id: str, value: dict[str, Any]) -> Annotated:
    """The object with comments above every other key."""
    note = language(id).comment("Why it is so,\nand what else it could be.")
    return Annotated(value, dict.fromkeys(list(value)[::2], note))


def test_every_language_has_a_parser() -> None:
    assert {*language_ids(), "json"} == PARSERS.keys()


@pytest.mark.parametrize("id", PARSERS)
def test_nasty_texts(id: str) -> None:
    judge(id, [it for text in NASTY for it in (text, {text: text}, [text], [{"a": text}] * 2)])


@pytest.mark.parametrize("id", PARSERS)
def test_edge_values(id: str) -> None:
    numbers = NUMBERS if id == "php" else NUMBERS + BIG_INTEGERS
    scalars = [None, True, False, *numbers]
    values: list[Any] = [*scalars, scalars, [], {}, [[]], [{}], [{}, {}], [[], {}], [{}, 1], [""]]
    values += [{"a": {}, "b": []}, {"a": {"": {}}}, {"list": scalars, "x": {"y": [{"z": None}]}}]
    values += [{key: number} for number, key in enumerate(KEYS)]
    values += [dict.fromkeys(KEYS, 0.5), dict.fromkeys(KEYS, "text"), {"0": 1, "\0a": 2}]
    values += [["a", 1], ["a", None], [[1, 2], [3, 4]], [["a"], ["b"]], [{"a": 1}, {"b": "c"}]]
    judge(id, values)


@pytest.mark.parametrize("id", PARSERS)
def test_any_value(id: str) -> None:
    parser = PARSERS[id]

    @settings(FEW, max_examples=parser.batches)
    @given(batches(VALUES.get(id, ANY_VALUES)))
    def check(values: list[Any]) -> None:
        judge(id, values)

    check()


@pytest.mark.parametrize("id", ["json", "python"])
@settings(MANY, max_examples=500)
@given(value=ANY_VALUES, depth=st.integers(0, 4), column=st.integers(0, 100))
def test_any_value_anywhere(id: str, value: Any, depth: int, column: int) -> None:
    indent = writer(id).style.unit * depth
    literal = written(writer(id), value, indent, column, column % 3)
    read = json.loads(literal) if id == "json" else ast.literal_eval(literal)
    assert exactly(read) == exactly(value)


@pytest.mark.parametrize("id", PARSERS)
@settings(MANY, max_examples=150)
@given(data=st.data(), column=st.integers(0, 130))
def test_a_hole_takes_its_text_as_it_would_be_written(
    id: str, data: st.DataObject, column: int
) -> None:
    value = data.draw(VALUES.get(id, ANY_VALUES))
    try:
        direct = fill(place(writer(id).literal(value), writer(id).style, "\t", column, 2), [])
    except InputError:
        with pytest.raises(InputError):
            written(writer(id), value, "\t", column, 2)
    else:
        assert written(writer(id), value, "\t", column, 2) == direct


@pytest.mark.parametrize("id", PARSERS)
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("wrap", [lambda it: it, lambda it: {"a": [it]}])
def test_no_number(id: str, number: float, wrap: Callable[[float], Any]) -> None:
    with pytest.raises(InputError, match="JSON has no number"):
        writer(id).literal(wrap(number))


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_php_has_64_bits(number: int) -> None:
    for value in (number, {"a": number}, [number]):
        with pytest.raises(InputError, match=str(number)):
            language("php").literal(value)


@pytest.mark.parametrize("text", ["\0", "a\0b", "end\0"])
def test_shell_strings_hold_no_nul(text: str) -> None:
    with pytest.raises(InputError, match="NUL"):
        written(language("curl"), text)


@settings(FEW, max_examples=8)
@given(batches(ANY_VALUES))
def test_gofmt_changes_nothing(values: list[Any]) -> None:
    go = language("go")
    source = go_program([written(go, value, "\t", 8) for value in meant("go", values)])
    judge_layout(need("gofmt"), source)


# Formatters write some numbers and keys otherwise: 1e+300 and 1e-07, an object's "0". No
# call and no option of a model holds such.
@settings(FEW, max_examples=10)
@given(batches(SAMPLE_VALUES))
def test_ruff_changes_nothing(values: list[Any]) -> None:
    python = language("python")
    source = "".join(
        f"call(\n    body={written(python, value, '    ', 9, 1)},\n)\n"
        for value in meant("python", values)
    )
    judge_layout([*need("ruff"), "format", "--isolated", "-"], source)


def of_undisputed_width(text: str) -> bool:
    """Whether Prettier takes the columns of a text to be the sum of its characters'."""
    flags = range(0x1F1E6, 0x1F200)
    return not any(category(it) in ("Mn", "Me", "Cf") or ord(it) in flags for it in text)


@settings(FEW, max_examples=8)
@given(batches(sample_values((SENTENCES | TEXTS).filter(of_undisputed_width))))
def test_prettier_changes_nothing(values: list[Any]) -> None:
    node = language("nodejs")
    statements = []
    for value in meant("nodejs", values):
        if isinstance(value, str):
            slot = node.literal(Hole(0))
            assert isinstance(slot, Slot)
            behind = fill(place(Hanging(slot), node.style, "", 11, 1), [value])
            statements.append(f"const url ={behind};\n")
        statements.append(f"call({{\n  body: {written(node, value, '  ', 8, 1)},\n}});\n")
        if isinstance(value, dict):
            literal = written(node, value, "  ", 23, 2)
            statements.append(f"call(url, {{\n  body: JSON.stringify({literal}),\n}});\n")
    judge_layout([*need("prettier"), "--parser", "babel"], "".join(statements))


@pytest.mark.parametrize("id", language_ids())
def test_deep_values_are_written_in_time_linear_in_their_depth(id: str) -> None:
    """One call of `container` for each level: a second one would double with every level."""
    value: Any = "bottom"
    for level in range(60):
        value = {"in": value} if level % 2 else [value]
    one, calls = language(id), 0
    original = type(one).container

    def counted(self: Language, value: Any) -> Any:
        nonlocal calls
        calls += 1
        return original(self, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(one), "container", counted)
        one.literal(value)
    assert calls <= 60
