"""What the catalog says of the fields of a request: which values fit, and the words for others."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from samplegen import InputError
from samplegen.model.catalog import PARAMETERS, builtin
from samplegen.model.catalog_file import load
from samplegen.model.parameter import Parameter

EXAMPLE = ROOT / "tests" / "model" / "of_0_1.toml"
FUNCTION = {"name": "weather", "description": "The weather.", "parameters": {"type": "object"}}
TOOL = {"type": "function", "function": FUNCTION}
SCHEMA = {"name": "person", "strict": True, "schema": {"type": "object"}}
STOP = (
    'The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", '
    "and all elements within the list must be of the same type."
)
FORMAT = (
    "Unknown format of response_format, response_format should be a dict, includes 'type' and an "
    "optional key 'json_schema'. The response_format type from user is "
)
BUDGET = (
    "The thinking_budget parameter must be a positive integer and not greater than "
    "the model's maximum"
)
HUGE = 10**400

# For each parameter: values that fit, and others with the words for them.
ROWS: dict[str, tuple[list[Any], dict[str, list[Any]]]] = {
    "temperature": (
        [0, 0.0, 1, 1.999],
        {
            "Temperature should be in [0.0, 2.0)": [2, 2.0, -0.1, HUGE],
            "'temperature' must be Float": ["1", True, None, [], float("nan"), float("inf")],
        },
    ),
    "top_p": (
        [0.01, 1, 1.0],
        {
            "Range of top_p should be (0.0, 1.0]": [0, 1.01],
            "'top_p' must be Float": ["1", False],
        },
    ),
    "top_k": (
        [0, 20, 1000, None],
        {
            "Parameter top_k be greater than or equal to 0": [-1],
            "an integer or null is expected, not 1.5": [1.5],
            "an integer or null is expected, not true": [True],
        },
    ),
    "presence_penalty": (
        [-2, 0, 2.0],
        {
            "Presence_penalty should be in [-2.0, 2.0]": [-2.1, 3],
            "a number is expected, not null": [None],
        },
    ),
    "repetition_penalty": (
        [0.1, 7],
        {"Repetition_penalty should be greater than 0.0": [0, -1]},
    ),
    "frequency_penalty": ([1.5], {'a number is expected, not "1"': ["1"]}),
    "logit_bias": ([{"50256": -100}, None], {"an object or null is expected, not []": [[]]}),
    "user": (["u"], {"a string is expected, not 1": [1]}),
    "seed": (
        [0, 2**31 - 1],
        {
            "at least 0 and at most 2147483647 is expected, not -1": [-1],
            "at least 0 and at most 2147483647 is expected, not 2147483648": [2**31],
            "an integer is expected, not 1.0": [1.0],
        },
    ),
    "logprobs": ([True, False], {"a boolean is expected, not 1": [1]}),
    "top_logprobs": (
        [0, 5],
        {
            "at least 0 and at most 5 is expected, not 6": [6],
            "an integer is expected, not true": [True],
        },
    ),
    "max_tokens": (
        [1, 8192],
        {
            "Range of max_tokens should be [1, the model's maximum]": [0, -1],
            'an integer is expected, not "1"': ["1"],
        },
    ),
    "max_completion_tokens": ([1], {"at least 1 is expected, not 0": [0]}),
    "max_input_tokens": ([1], {"at least 1 is expected, not 0": [0]}),
    "n": (
        [1, 4],
        {"Range of n should be [1, 4]": [0, 5, HUGE], "an integer is expected, not true": [True]},
    ),
    "stop": (
        ["END", ["a", "b"], [1, 2], [[1], [2, 3]], []],
        {STOP: [1, None, ["a", 1], [[1], 2], [["a"]], [True], {}]},
    ),
    "stream": ([True, False], {'a boolean is expected, not "true"': ["true"]}),
    "stream_options": (
        [{"include_usage": True}, {}, {"other": 1}, None],
        {
            "include_usage: a boolean is expected, not 1": [{"include_usage": 1}],
            "an object or null is expected, not true": [True],
        },
    ),
    "incremental_output": ([True], {"a boolean is expected, not 0": [0]}),
    "result_format": (
        ["text", "message"],
        {
            '"text" or "message" is expected, not "json"': ["json"],
            "a string is expected, not null": [None],
        },
    ),
    "enable_thinking": ([True, False], {'a boolean is expected, not "false"': ["false"]}),
    "thinking_budget": ([1, 50], {BUDGET: [0, -1, 1.5, True, "50"]}),
    "reasoning_effort": (["low", "xhigh", "max"], {"a string is expected, not 1": [1]}),
    "preserve_thinking": ([True], {"a boolean is expected, not 1": [1]}),
    "response_format": (
        [
            {"type": "text"},
            {"type": "json_object"},
            {"type": "json_schema", "json_schema": SCHEMA},
        ],
        {
            f'{FORMAT}"json".': ["json"],
            f'{FORMAT}"xml".': [{"type": "xml"}],
            "type: this field is missing": [{"json_schema": SCHEMA}],
            "type: a string is expected, not null": [{"type": None}],
            "json_schema.name: this field is missing": [{"type": "json_schema", "json_schema": {}}],
            'json_schema.name: "a b" does not fit [A-Za-z0-9_-]{1,64}': [
                {"type": "json_schema", "json_schema": {**SCHEMA, "name": "a b"}}
            ],
            "json_schema.strict: a boolean or null is expected, not 1": [
                {"type": "json_schema", "json_schema": {**SCHEMA, "strict": 1}}
            ],
        },
    ),
    "tools": (
        [[TOOL], [], None, [{"type": "function", "function": {"name": "f"}}], (TOOL, TOOL)],
        {
            "Tool names are not allowed to be [search]": [
                [TOOL, {**TOOL, "function": {**FUNCTION, "name": "search"}}]
            ],
            "[1].function.name: this field is missing": [[TOOL, {**TOOL, "function": {}}]],
            '[0].function.name: "a.b" does not fit [A-Za-z0-9_-]{1,64}': [
                [{**TOOL, "function": {**FUNCTION, "name": "a.b"}}]
            ],
            "[0].type: this field is missing": [[FUNCTION]],
            '[0].type: "function" is expected, not "tool"': [[{**TOOL, "type": "tool"}]],
            "[0].function.parameters: an object is expected, not []": [
                [{**TOOL, "function": {**FUNCTION, "parameters": []}}]
            ],
            "a list of objects or null is expected, not {}": [{}],
            "a list of objects or null is expected, not [1]": [[1]],
        },
    ),
    "tool_choice": (
        ["auto", "none", {"type": "function", "function": {"name": "weather"}}],
        {
            'tool_choice is one of the strings that should be ["none", "auto"]': ["required", ""],
            "function: this field is missing": [{"type": "function"}],
            "a string or an object is expected, not true": [True],
        },
    ),
    "parallel_tool_calls": ([True], {"a boolean is expected, not 1": [1]}),
    "tool_stream": ([True], {"a boolean is expected, not 1": [1]}),
    "enable_search": ([True], {"a boolean is expected, not 1": [1]}),
    "search_options": (
        [{"forced_search": True, "search_strategy": "agent_max"}, {}],
        {
            'search_strategy: "turbo" or "max" or "agent" or "agent_max" is expected, not "pro"': [
                {"search_strategy": "pro"}
            ],
            "an object is expected, not true": [True],
        },
    ),
    "enable_code_interpreter": ([True], {"a boolean is expected, not 1": [1]}),
    "vl_high_resolution_images": ([True], {"a boolean is expected, not 1": [1]}),
    "modalities": (
        [["text"], ["text", "audio"], ("text", "audio")],
        {
            '["text"] or ["text", "audio"] is expected, not ["audio"]': [["audio"]],
            'a list of strings is expected, not "text"': ["text"],
        },
    ),
    "audio": (
        [{"voice": "Cherry", "format": "wav"}],
        {"voice: a string is expected, not 1": [{"voice": 1}]},
    ),
    "translation_options": ([{"target_lang": "English"}], {"an object is expected, not []": [[]]}),
    "asr_options": ([{"enable_itn": False}], {"an object is expected, not []": [[]]}),
    "ocr_options": ([{"task": "text_recognition"}], {"an object is expected, not []": [[]]}),
    "partial": ([True], {"a boolean is expected, not 1": [1]}),
    "cache_control": (
        [{"type": "ephemeral"}],
        {
            "type: this field is missing": [{}],
            'type: "ephemeral" is expected, not "forever"': [{"type": "forever"}],
        },
    ),
    "min_pixels": ([3072], {"an integer is expected, not 1.5": [1.5]}),
    "max_pixels": ([8388608], {"an integer is expected, not 1.5": [1.5]}),
    "total_pixels": ([8388608], {"an integer is expected, not 1.5": [1.5]}),
    "fps": ([0.1, 2, 10], {"at least 0.1 and at most 10 is expected, not 0": [0]}),
    "max_frames": ([2000], {"an integer is expected, not 1.5": [1.5]}),
    "X-DashScope-SSE": (["enable"], {'"enable" or "disable" is expected, not "true"': ["true"]}),
    "X-DashScope-WorkSpace": (["ws-1"], {"a string is expected, not 1": [1]}),
    "X-DashScope-OssResourceResolve": (["enable"], {'"enable" is expected, not "on"': ["on"]}),
    "X-DashScope-Async": (["enable"], {'"enable" is expected, not "on"': ["on"]}),
    "X-DashScope-EncryptionKey": (["{}"], {"a string is expected, not 1": [1]}),
    "X-DashScope-DataInspection": (["{}"], {"a string is expected, not 1": [1]}),
    "X-DashScope-Wait-Timeout": (["10"], {"a string is expected, not 10": [10]}),
    "x-dashscope-session-cache": (["enable"], {'"enable" is expected, not "on"': ["on"]}),
}


def test_each_parameter_has_its_row() -> None:
    assert list(ROWS) and set(ROWS) == set(builtin().parameters)


@pytest.mark.parametrize("name", ROWS)
def test_what_fits_a_parameter_and_what_is_said_of_the_rest(name: str) -> None:
    parameter = builtin().parameters[name]
    fit, misfit = ROWS[name]
    assert [parameter.misfit(value) for value in fit] == [None] * len(fit)
    for said, values in misfit.items():
        assert [parameter.misfit(value) for value in values] == [said] * len(values)


def test_each_parameter_names_its_source() -> None:
    assert [name for name, one in builtin().parameters.items() if not one.source] == []


def test_none_is_called_ignored_without_the_services_word() -> None:
    assert [name for name, one in builtin().parameters.items() if one.ignored] == []


def test_who_takes_what_and_where() -> None:
    by_protocol: dict[str, set[str]] = {}
    by_place: dict[str, set[str]] = {}
    for name, parameter in builtin().parameters.items():
        by_protocol.setdefault(" ".join(parameter.protocols or ["all"]), set()).add(name)
        by_place.setdefault(parameter.place, set()).add(name)
    assert by_protocol["openai"] == {"stream", "stream_options", "modalities", "audio"}
    assert by_protocol["dashscope"] == {
        "incremental_output",
        "result_format",
        "max_frames",
        "ocr_options",
        "X-DashScope-SSE",
    }
    assert by_place["message"] == {"partial"}
    pixels = {"min_pixels", "max_pixels", "total_pixels"}
    assert by_place["part"] == {"cache_control", "fps", "max_frames", *pixels}
    assert all("-" in name for name in by_place["header"])
    assert not any("-" in name for name in by_place["body"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["type"]), inner),
)


@given(st.sampled_from(sorted(ROWS)), JSON)
def test_any_value_is_judged(name: str, value: Any) -> None:
    said = builtin().parameters[name].misfit(value)
    assert said is None or (said and "\n" not in said)


def test_deep_values_and_other_objects_are_judged() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    for name, parameter in builtin().parameters.items():
        for value in (deep, {"type": deep}, [deep], object(), b"x", {1: 2}, {1, 2}):
            parameter.misfit(value)
        assert parameter.misfit(object()), name


def test_a_field_may_be_of_any_type() -> None:
    assert Parameter("list").misfit([1, "a"]) is None
    assert Parameter(["null", "boolean"]).misfit(0) == "null or a boolean is expected, not 0"
    assert Parameter("integer[][]").misfit(1) == "a list of lists of integers is expected, not 1"
    assert Parameter("integer", values=[0, 1]).misfit(True)
    assert Parameter("boolean", values=[True]).misfit(True) is None
    assert Parameter(["integer", "boolean"], values=[1]).misfit(True) == "1 is expected, not true"
    assert Parameter("integer", excluded=[3]).misfit(3) == "3 is not allowed"
    over = Parameter("number", exclusive_minimum=0, exclusive_maximum=1)
    assert over.misfit(1) == "more than 0 and less than 1 is expected, not 1"


def test_a_users_catalog_has_parameters_of_its_own(tmp_path: Path) -> None:
    assert not load(EXAMPLE).parameters
    path = tmp_path / "c.toml"
    path.write_text(EXAMPLE.read_text() + '\n[parameters.top_k]\ntype = "integer"\nminimum = 1\n')
    assert load(path).parameters == {"top_k": Parameter("integer", minimum=1)}


def test_the_builtin_parameters_pass_the_checks_of_users_catalogs(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    dashscope = tomllib.loads(EXAMPLE.read_text())["protocols"]["openai"]["paths"]
    path.write_text(
        f"{EXAMPLE.read_text()}\n[protocols.dashscope]\nbase_path = ''\n"
        f"paths = {{ text = '{dashscope['text']}', multimodal = '{dashscope['multimodal']}' }}\n"
        f"{PARAMETERS.read_text()}"
    )
    assert load(path).parameters == dict(builtin().parameters)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[parameters."a b"]\ntype = "string"', "'a b' is not the name of a parameter or header"),
        ("[parameters.a]", "parameters.a.type: this field is missing"),
        ("[[parameters]]", "parameters: a table is expected, not [{}]"),
        ('[parameters.a]\ntype = "numbr"', "parameters.a: unknown type 'numbr': did you mean"),
        ('[parameters.a]\ntype = "numbr[]"', "unknown type 'numbr[]'"),
        ("[parameters.a]\ntype = []", "parameters.a.type: name one at least"),
        ('[parameters.a]\ntype = "number"\nmin = 1', "parameters.a: unknown field 'min'"),
        ('[parameters.a]\ntype = "number"\nminimum = "x"', "parameters.a.minimum: a valid number"),
        ('[parameters.a]\ntype = "number"\nminimum = nan', "a.minimum: JSON has no number nan"),
        ('[parameters.a]\ntype = "string"\nplace = "url"', "parameters.a.place: 'body', 'message'"),
        (
            '[parameters.a]\ntype = "string"\npattern = "("',
            "parameters.a.pattern: '(' is no pattern",
        ),
        ('[parameters.a]\ntype = "string"\nvalues = [2026-01-01]', "which JSON does not have"),
        ('[parameters.a]\ntype = "string"\nrefusal = "a\\nb"', r"'a\nb' is not one line of text"),
        ('[parameters.a]\ntype = "string"\nrefusal = ""', "'' is not one line of text"),
        (
            '[parameters.a]\ntype = "string"\nprotocols = ["dashscope"]',
            "parameters.a.protocols: unknown protocol 'dashscope': choose from openai",
        ),
        (
            '[parameters.a]\ntype = "object"\nfields.b = { type = "object", fields.c.type = "x" }',
            "parameters.a.fields.b.fields.c: unknown type 'x'",
        ),
    ],
)
def test_what_a_parameter_may_not_say(table: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f"{EXAMPLE.read_text()}\n{table}\n")
    with pytest.raises(InputError) as raised:
        load(path)
    assert message in str(raised.value)
    assert str(raised.value).startswith(f"{path}: ") and "\n" not in str(raised.value)


def test_a_simple_call_reads_the_catalog_alone(tmp_path: Path) -> None:
    watch = (
        "import sys\n"
        "read = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and read.append(str(args[0])))\n"
        "from samplegen.__main__ import main\n"
        "sys.argv = ['samplegen', 'render', '--lang', 'python']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "names = [one.rpartition('/')[2] for one in read if one.endswith('.toml')]\n"
        "print(*names, file=sys.stderr)\n"
    )
    # Where there is no project, there is no configuration to read.
    done = subprocess.run(
        [sys.executable, "-c", watch], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr.split() == ["catalog.toml"]
