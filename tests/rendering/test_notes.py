"""The notes in samples: the same set in every target, in every locale, where they belong."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from samplegen import Call, InputError, render
from samplegen.languages import language
from samplegen.model.call import parameters
from samplegen.model.catalog import builtin
from samplegen.rendering import notes
from samplegen.rendering.notes import LOCALE, locales
from samplegen.rendering.targets import Target, targets

MESSAGES = [
    value
    for name, value in vars(notes).items()
    if name.isupper() and isinstance(value, str) and name != "SOURCE_LOCALE"
]
TRANSLATED = [locale for locale in locales() if locale != "en"]


def fields(message: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(message) if field}


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_message_is_translated_and_none_is_left_over(locale: str) -> None:
    with (LOCALE / locale / "LC_MESSAGES/samplegen.po").open("rb") as file:
        catalog = read_po(file)
    translated = {str(message.id): str(message.string) for message in catalog if message.id}
    assert list(translated) == MESSAGES
    assert not any(message.fuzzy for message in catalog if message.id)
    for message, translation in translated.items():
        assert fields(translation) == fields(message)
        if message not in (notes.URL_OTHER,):
            assert translation != message


@pytest.mark.parametrize("locale", TRANSLATED)
def test_what_is_shipped_is_what_the_translator_wrote(locale: str) -> None:
    folder = LOCALE / locale / "LC_MESSAGES"
    with (folder / "samplegen.po").open("rb") as po, (folder / "samplegen.mo").open("rb") as mo:
        written = {m.id: m.string for m in read_po(po) if m.id}
        shipped = {m.id: m.string for m in read_mo(mo) if m.id}
    assert shipped == written, "run: pybabel compile -d samplegen/locale -D samplegen"


# One term, one translation.
TERMS = {
    "ja": {"API key": "API キー", "region": "リージョン", "model": "モデル", "next line": "次の行"},
    "zh": {"API key": "API Key", "region": "地域", "model": "模型", "next line": "下一行"},
}


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_term_has_one_translation(locale: str) -> None:
    for message in MESSAGES:
        prose = re.sub(r"\{\w+\}", "", message).lower()
        translation = notes._translation(locale).gettext(message)
        for term, expected in TERMS[locale].items():
            if re.search(rf"\b{term.lower()}\b", prose):
                assert expected in translation, (message, term)


def mark_of(target: Target) -> str:
    return f"{language(target.language).comment_mark} "


def comments(code: str, target: Target) -> list[str]:
    mark = language(target.language).comment_mark
    lines = [line.strip() for line in code.splitlines()]
    return [line.removeprefix(mark).strip() for line in lines if line.startswith(f"{mark} ")]


def line_after(code: str, start: str) -> str:
    lines = code.splitlines()
    found = next(number for number, line in enumerate(lines) if start in line)
    return lines[found + 1].strip()


@pytest.mark.parametrize("target", targets(), ids=lambda t: f"{t.protocol}-{t.filename}")
@pytest.mark.parametrize("locale", locales())
def test_every_target_has_every_note_above_its_line(locale: str, target: Target) -> None:
    catalog = builtin()
    call = Call(protocol=target.protocol)
    code = render(call, target.language, target.client, locale=locale).code
    said = "\n".join(comments(code, target))
    say = notes._translation(locale).gettext

    # What it needs, with the version.
    package = catalog.package(target.language, target.protocol, target.client)
    needs = (package.version, package.label) if package else (language(target.language).runtime,)
    assert all(need in said for need in needs)

    # The replacement for the line that reads the key: it assigns to the same name.
    key_env = catalog.provider.key_env
    placeholder = catalog.provider.key_placeholder
    key_note, key_first = (
        say(one).partition("{line}")[0].format(env=key_env) for one in (notes.KEY, notes.KEY_FIRST)
    )
    [(start, told)] = [
        (start, line.removeprefix(start))
        for line in said.split("\n")
        for start in (key_note, key_first)
        if line.startswith(start)
    ]
    assert placeholder in told
    if start == key_note:
        replaced = line_after(code, key_note)
        assert key_env in replaced
        for line in (told, replaced):
            assert line.split("=")[0].strip() == replaced.split("=")[0].strip()
        assert told.endswith(";") == replaced.endswith(";")
    else:
        # A command has no such line: its own part is read where it is set.
        assert told == f"export {key_env}='{placeholder}'"
        assert f"${{{key_env}:?}}" in code
    assert say(notes.KEY_LINK_REGIONS).format(link=catalog.links.api_key) in said

    # The URLs of the other published regions, then this one's right above its line.
    here = catalog.regions["singapore"]
    own_note = say(notes.URL).format(region=here.label(locale))
    assert code.index(say(notes.URL_OTHERS)) < code.index(own_note)
    listed = code[code.index(say(notes.URL_OTHERS)) : code.index(own_note)]
    for name, region in catalog.regions.items():
        if region.host and name != "singapore":
            times = 1 if region.published else 0
            assert listed.count(region.label(locale)) == times
            assert listed.count(f"https://{region.host}/") == times
            assert code.count(f"https://{region.host}/") == times
    below = code[code.index(own_note) + len(own_note) :].split("\n")[1:3]
    assert any(f"https://{here.host}/" in line for line in below)
    assert not any(line.strip().startswith(mark_of(target)) for line in below[:1])

    # Where the models are listed.
    assert say(notes.MODEL).format(link=catalog.links.models) in said
    assert code.index(catalog.links.models) < code.index(f"{catalog.defaults.model}")


@pytest.mark.parametrize("target", targets(), ids=lambda t: f"{t.protocol}-{t.filename}")
def test_levels(target: Target) -> None:
    call = Call(protocol=target.protocol)
    full, brief, none = (
        render(call, target.language, target.client, notes=level).code for level in notes.LEVELS
    )
    assert comments(none, target) == []
    assert 2 < len(comments(brief, target)) + 1 < len(comments(full, target))
    assert "replace the next line with" in brief or "run this first" in brief

    def code_of(text: str) -> list[str]:
        mark = language(target.language).comment_mark
        lines = [line for line in text.splitlines() if line.strip()]
        return [line for line in lines if not line.strip().startswith(f"{mark} ")]

    assert code_of(none) == code_of(brief) == code_of(full)
    for text in (full, brief, none):
        assert not text.startswith("\n")
        assert "\n\n\n" not in text
        assert text.endswith("\n") and not text.endswith("\n\n")
        assert not re.search(r"[ \t]$", text, re.MULTILINE)


def test_other_regions_are_listed_on_request() -> None:
    virginia = builtin().noting(["singapore", "virginia"])
    listed = "//   US (Virginia): https://dashscope-us.aliyuncs.com/"
    code = render(Call(), "go", catalog=virginia).code
    assert listed in code
    assert "Beijing" not in code
    assert "other regions" not in render(Call(), "go", catalog=builtin().noting([])).code
    assert listed not in render(Call(), "go").code
    with pytest.raises(InputError, match="unknown region 'virgina': did you mean 'virginia'"):
        builtin().noting(["virgina"])
    with pytest.raises(InputError, match="region 'tokyo' has hosts of workspaces only"):
        builtin().noting(["tokyo"])


def test_a_workspace_has_no_url_in_other_regions() -> None:
    code = render(Call(region="frankfurt", workspace="ws-1"), "go").code
    assert "// URL for Germany (Frankfurt):\n" in code
    assert "other regions" not in code


WORKSPACES: dict[str, dict[str, str]] = {
    "host": {"workspace": "ws-1"},
    "header": {"workspace": "ws-1", "workspace_by": "header"},
    "key": {"workspace_by": "key"},
}


@pytest.mark.parametrize("by", WORKSPACES)
@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("level", ["full", "brief"])
def test_a_key_of_a_workspace_is_said_in_the_note_on_the_key(
    by: str, locale: str, level: notes.Level
) -> None:
    translated = notes._translation(locale).gettext(notes._KEY_OF[by])
    said = translated.format(header="X-DashScope-WorkSpace").split("\n")
    for target in targets():
        data = {"protocol": target.protocol, "model": "qwen-plus", **WORKSPACES[by]}
        if by == "header" and target.protocol != "dashscope":
            continue
        call = Call.parse({**data, "messages": [{"role": "user", "content": "Hi"}]})
        by_target = (target.language, target.client)
        code = render(call, *by_target, locale=locale, notes=level).code
        lines = comments(code, target)
        first = lines.index(said[0])
        assert lines[first : first + len(said)] == said
        # It begins the note on the key: the line to paste follows.
        assert "sk-xxx" in lines[first + len(said) + (2 if level == "full" else 0)]
        plain = render(Call(protocol=target.protocol), *by_target, locale=locale).code
        assert said[0] not in plain


@pytest.mark.parametrize("locale", locales())
def test_what_a_model_needs_is_said(locale: str) -> None:
    message = notes._translation(locale).gettext(notes.MODEL_NEEDS)
    said = message.format(options="enable_thinking")
    for target in targets():
        by = (target.language, target.client)
        call = Call(protocol=target.protocol, model="qwen3-8b")
        for level in ("full", "brief"):
            lines = comments(render(call, *by, locale=locale, notes=level).code, target)
            assert lines.count(said) == 1
        told = replace(call, parameters=parameters({"enable_thinking": False}))
        streams = replace(call, parameters=parameters({"stream": True}))
        for other in (told, streams, Call(protocol=target.protocol)):
            assert said not in comments(render(other, *by, locale=locale).code, target)


def test_a_catalog_of_one_region_says_nothing_of_others() -> None:
    from test_catalog import EXAMPLE

    from samplegen.model.catalog_file import load

    catalog = load(EXAMPLE)
    code = render(Call.parse({}, catalog), "go", catalog=catalog).code
    assert "region" not in code.lower()
    assert catalog.links.api_key in code


def test_unknown_names() -> None:
    with pytest.raises(InputError, match="unknown locale 'xx': choose from en, ja, zh"):
        render(Call(), "go", locale="xx")
    with pytest.raises(InputError, match="unknown notes 'fulll': did you mean 'full'"):
        render(Call(), "go", notes="fulll")  # type: ignore[arg-type]
