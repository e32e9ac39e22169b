"""Hostile texts and values arrive unchanged from every target, run nothing, or are refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Tell
from hostile_texts import HUGE, NAMES, PWNED, STRINGS, VALUES
from refusals import DOCUMENT, REFUSALS, document, refuse
from toolchains import need_all

from samplegen import Call, Message, render
from samplegen.errors import InputError
from samplegen.languages import language_ids
from samplegen.model.call import Role, parameters
from samplegen.model.catalog import Catalog, Family, Protocol, Provider, Region, builtin
from samplegen.model.catalog_file import check
from samplegen.model.frozen import LONGEST_NAME
from samplegen.protocols.request import Request
from samplegen.rendering.sample import Sample
from samplegen.rendering.targets import Target, targets
from samplegen.verify.subject import Result, Subject
from samplegen.verify.verification import verify

# Every model's options are all values, and its name is any text.
OPTIONS: dict[str, Any] = {
    **{f"option_{number}": value for number, value in enumerate(VALUES + HUGE)},
    **dict.fromkeys(NAMES, "by an odd name"),
}


UPLOADS = ("dashscope", "sdk")

# A tool's message names a call: it is among those below.
ROLES: tuple[Role, ...] = ("system", "user", "assistant")


def with_options(options: dict[str, Any]) -> Catalog:
    return replace(builtin(), families=[Family("any", ["*"], options=options)])


def with_null(value: object) -> bool:
    return value is None or (isinstance(value, dict) and None in value.values())


EVERYTHING = with_options(OPTIONS)
# What some targets cannot send is refused: see docs/refusals.md.
NOT_HUGE = with_options({name: value for name, value in OPTIONS.items() if value not in HUGE})
NOT_NULL = with_options({name: value for name, value in OPTIONS.items() if not with_null(value)})

# What the mock is told: it is to judge no option, the comparison does.
LENIENT = replace(builtin(), families=[Family("any", ["*"])], parameters={})
SEES = replace(LENIENT, families=[Family("any", ["*"], "multimodal")])

# What else a catalog may say, at its oddest.
LABEL = 'It\'s "$HOME" `id` $(id) ${x} {x} %s */ /* // # \'\'\' """ <!-- \u4f60\u597d \U0001f600'
ODD = replace(
    builtin(),
    provider=Provider("_Aa0_", "-.sk_xxx.-"),
    regions={
        "0-odd": Region(LABEL, "a.example", "{workspace}.example"),
        "other": Region(LABEL, "b.example", "{workspace}.b.example"),
    },
    families=[],
    hosts=[],
)
WORKSPACES = ["a", "0", "a--b", "w1", "w" * 63]


def protocol_of(target: Target) -> Protocol:
    return target.protocol


def hostile_call(target: Target) -> Call:
    """All strings at once: as the model, and as messages of each role."""
    messages = tuple(Message(role, text) for text in STRINGS for role in ROLES)
    return Call(protocol=protocol_of(target), model="".join(STRINGS), messages=messages)


def rich_call(target: Target) -> Call:
    """All strings in each place that a rich call has: tools, their calls and results, names."""
    function = [
        {
            "name": f"f{text}",
            "description": text,
            "parameters": {"type": "object", text[:LONGEST_NAME]: [text]},
        }
        for text in STRINGS
    ]
    calls: list[dict[str, Any]] = [
        {
            "id": f"{n}{text}",
            "type": "function",
            "function": {"name": f"f{text}", "arguments": text},
        }
        for n, text in enumerate(STRINGS)
    ]
    data = {
        "protocol": target.protocol,
        "model": "m",
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Let me see.", "tool_calls": calls},
            *(
                {"role": "tool", "tool_call_id": one["id"], "content": one["function"]["name"]}
                for one in calls
            ),
        ],
        "tools": [{"type": "function", "function": one} for one in function],
        "stop": [text for text in STRINGS if text],
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "schema",
                "schema": {text[:LONGEST_NAME]: text for text in STRINGS},
            },
        },
        "x_values": {f"{n}": value for n, value in enumerate(VALUES) if not with_null(value)},
    }
    return Call.parse(data, LENIENT)


def seeing_call(target: Target) -> Call:
    """All strings as texts and URLs of parts."""
    parts = [
        part
        for text in STRINGS
        for part in (
            {"type": "image_url", "image_url": {"url": f"u{text}"}},
            {"type": "text", "text": text},
        )
    ]
    data = {
        "protocol": target.protocol,
        "model": "m",
        "messages": [{"role": "user", "content": parts}],
    }
    return Call.parse(data, SEES)


def named_calls(target: Target) -> list[Call]:
    """Further parameters whose names are the strings, as many as a target sends."""
    made = []
    for text in STRINGS:
        call = Call(
            protocol=target.protocol,
            model="m",
            messages=(Message("user", "Hi"),),
            parameters=parameters({f"x{text}"[:LONGEST_NAME]: text}),
        )
        try:
            render(call, target.language, target.client, catalog=LENIENT)
        except InputError as error:
            assert "\n" not in str(error)
        else:
            made.append(call)
    return made


def sendable(target: Target) -> Catalog:
    """All values that a target can send."""
    if target.language == "php":
        return NOT_HUGE
    java = (target.language, target.protocol, target.client) == ("java", "dashscope", "sdk")
    return NOT_NULL if java else EVERYTHING


def single_calls(target: Target) -> list[Call]:
    """Calls with one string each, of a region and a workspace; other ones for each target."""
    start = targets().index(target)
    chosen = [text for text in STRINGS if text.strip()][start * 2 :][:2]
    return [
        Call(
            protocol=protocol_of(target),
            region="0-odd",
            model=text,
            messages=(Message("user", text),),
            workspace=workspace,
        )
        for text, workspace in zip(chosen, [None, WORKSPACES[start % len(WORKSPACES)]], strict=True)
    ]


def subject(target: Target, call: Call, catalog: Catalog, locale: str = "en") -> Subject:
    sample = render(call, target.language, target.client, locale=locale, catalog=catalog)
    return Subject(sample, Request.of(call, "", catalog))


def run(
    subjects: Iterable[Subject], catalog: Catalog, folder: Path, *, once: bool = True
) -> list[Result]:
    """What came of samples, whose programs' folders are in `folder` afterwards."""
    folder.mkdir()
    return list(verify(list(subjects), catalog, keep=folder, once=once))


def executed(folder: Path) -> list[str]:
    """The files of payloads that were run."""
    found = [*folder.rglob(f"{PWNED}*"), *Path("/tmp").glob(f"{PWNED}*"), *Path().glob(f"{PWNED}*")]
    return [str(path) for path in found]


def targets_of(language: str) -> list[Target]:
    return [target for target in targets() if target.language == language]


def check_all(results: list[Result], folder: Path) -> None:
    failed = [(one.protocol, one.client, one.failures) for one in results if one.failures]
    assert failed == []
    assert executed(folder) == []


def test_the_catalogs_are_ones_that_a_file_may_hold() -> None:
    for catalog in (EVERYTHING, NOT_HUGE, NOT_NULL):
        check(catalog)
    check(replace(ODD, defaults=builtin().defaults._replace(region="0-odd")))


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
def test_everything_at_once_arrives(language: str, tmp_path: Path) -> None:
    need_all(language)
    subjects = [subject(one, hostile_call(one), sendable(one)) for one in targets_of(language)]
    check_all(run(subjects, LENIENT, tmp_path / "kept"), tmp_path)


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
def test_one_at_a_time_arrives_from_an_odd_catalog(language: str, tmp_path: Path) -> None:
    need_all(language)
    subjects = [
        subject(target, call, ODD, locale)
        for target in targets_of(language)
        for call, locale in zip(single_calls(target), ("ja", "zh"), strict=True)
    ]
    folder = tmp_path / "kept"
    folder.mkdir()
    # One of each target in every situation; for the others it is enough that they arrive.
    check_all(run(subjects[::2], ODD, folder / "all", once=False), folder)
    check_all(run(subjects[1::2], ODD, folder / "once"), folder)


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
def test_tools_schemas_and_names_arrive(language: str, tmp_path: Path, tell: Tell) -> None:
    need_all(language)
    subjects, refused = [], 0
    for target in targets_of(language):
        subjects.append(subject(target, rich_call(target), LENIENT))
        named = named_calls(target)
        refused += len(STRINGS) - len(named)
        # One program has them all: each name once.
        together = parameters({k: v for one in named for k, v in one.parameters.items()})
        subjects.append(subject(target, replace(named[0], parameters=together), LENIENT))
    check_all(run(subjects, LENIENT, tmp_path / "kept"), tmp_path)
    tell(f"hostile: {refused} names of parameters are refused in {language}")


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", language_ids())
def test_parts_arrive(language: str, tmp_path: Path) -> None:
    need_all(language)
    # The DashScope SDKs take some texts for files of the reader's, and upload them: a known gap.
    there = [one for one in targets_of(language) if (one.protocol, one.client) != UPLOADS]
    subjects = [subject(one, seeing_call(one), SEES) for one in there]
    check_all(run(subjects, SEES, tmp_path / "kept"), tmp_path)


@pytest.fixture
def curl(namespaces: None) -> Sample:
    need_all("curl")
    [target, _] = targets_of("curl")
    return render(hostile_call(target), "curl", catalog=EVERYTHING)


def test_one_character_or_type_would_be_seen(curl: Sample, tmp_path: Path) -> None:
    call = hostile_call(targets_of("curl")[0])
    meant = Request.of(call, "", EVERYTHING)
    changed: list[tuple[dict[str, Any], str]] = []
    for number, text in enumerate(STRINGS):
        messages = [*call.messages]
        messages[3 * number] = Message(messages[3 * number].role, text + "\u200b")
        body = Request.of(replace(call, messages=tuple(messages)), "", EVERYTHING).body
        changed.append((body, f"body.messages[{3 * number}].content: expected"))
    changed.append(({**meant.body, "model": call.model[:-1]}, "body.model: expected"))
    changed.append(({**meant.body, "option_0": False}, "body.option_0: expected"))
    samples = [Subject(curl, meant._replace(body=body)) for body, _ in changed[::20]]
    results = run(samples, LENIENT, tmp_path / "kept")
    for (_, said), result in zip(changed[::20], results, strict=True):
        assert any(said in failure for failure in result.failures), said


def test_a_payload_that_runs_would_be_seen(curl: Sample, tmp_path: Path) -> None:
    payload = next(text for text in STRINGS if text.startswith("$(touch"))
    code = curl.code.replace("\ncurl '", f'\n: "{payload}"\ncurl \'')
    call = hostile_call(targets_of("curl")[0])
    broken = Subject(curl._replace(code=code), Request.of(call, "", EVERYTHING))
    run([broken], LENIENT, tmp_path / "kept")
    assert executed(tmp_path)


def test_refusals_are_one_line_write_nothing_and_are_documented(tmp_path: Path) -> None:
    messages = []
    for number, refusal in enumerate(REFUSALS):
        folder = tmp_path / str(number)
        folder.mkdir()
        code, said = refuse(refusal, folder)
        assert (code, said.count("\n")) == (2, 1), (refusal.what, said)
        assert said.startswith("samplegen: error: ")
        assert not (folder / "out").exists()
        messages.append(said)
    advice = "run: python tests/refusals.py"
    assert DOCUMENT.read_text(encoding="utf-8") == document(messages), advice


@pytest.mark.parametrize("value", [None, {"a": None}, [{"a": {"b": None}}]])
def test_java_with_the_dashscope_sdk_sends_no_null(value: Any) -> None:
    call = Call(protocol="dashscope")
    with pytest.raises(InputError, match="option a: the DashScope SDK for Java does not send"):
        render(call, "java", catalog=with_options({"a": value}))
    assert render(call, "java", catalog=with_options({"a": [None]})).code


def test_the_corpus(tell: Tell) -> None:
    assert len(STRINGS) == len(set(STRINGS)) >= 60
    assert len(VALUES) + len(HUGE) >= 20
    tell(
        f"hostile: {len(STRINGS)} strings and {len(VALUES) + len(HUGE)} values x "
        f"{len(targets())} targets; {len(REFUSALS)} refusals"
    )
