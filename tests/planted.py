"""Correct pages in every format, and defects to plant in them, as people make them.

A defect is written between `«` and `»`: that is where it must be found. The marks go through the
format's writer with the rest, so that no reader of samplegen says where a defect stands.
"""

# Tables of patterns, and of text in three languages.
# ruff: noqa: E501, RUF001

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import NamedTuple

from samplegen import Call
from samplegen.languages import language
from samplegen.model.catalog import builtin
from samplegen.protocols import protocol_ids
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets

OPEN, CLOSE = "«", "»"


# Pages


@dataclass(frozen=True)
class Section:
    """A sample of a page, below its label; `marker` is what a managed one is asked for with."""

    language: str
    client: str
    label: str
    code: str
    prose: str = ""
    marker: str = ""
    end: str = "/samplegen"


@dataclass(frozen=True)
class Document:
    """What a page says, in whatever format."""

    locale: str
    protocol: str
    title: str
    prose: str
    sections: tuple[Section, ...]

    def at(self, number: int, **changes: str) -> Document:
        """The document with another text in a section."""
        sections = list(self.sections)
        sections[number] = replace(sections[number], **changes)
        return replace(self, sections=tuple(sections))


TITLES = {
    "en": ("Call a model", "This page shows how to call a model from your own program."),
    "ja": ("モデルを呼び出す", "このページでは、プログラムからモデルを呼び出す方法を説明します。"),
    "zh": ("调用模型", "本页介绍如何在您自己的程序中调用模型。"),
}


@cache
def document(protocol: str, locale: str) -> Document:
    """All samples of a protocol, as samplegen renders them."""
    sections = []
    for one in targets():
        if one.protocol == protocol:
            call = Call(protocol=one.protocol)
            code = render(call, one.language, one.client, locale=locale).code
            label = f"{language(one.language).name} ({one.client.upper()})"
            sections.append(Section(one.language, one.client, label, code))
    return Document(locale, protocol, *TITLES[locale], tuple(sections))


def alone(page: Document, number: int) -> Document:
    """A page with one of the samples only."""
    return replace(page, sections=(page.sections[number],))


def managed(page: Document) -> Document:
    """The same page with a marker around each sample."""
    sections = [
        replace(
            one,
            marker=f"lang={one.language} client={one.client} "
            f"protocol={page.protocol} locale={page.locale}",
        )
        for one in page.sections
    ]
    return replace(page, sections=tuple(sections))


def _fence(one: Section) -> str:
    return language(one.language).fence


def _blocks(page: Document, block: Callable[[Section], str], comment: str) -> Iterator[str]:
    """The sections, each with its prose and its markers; `comment` has a `%s`."""
    for one in page.sections:
        parts = [one.prose + "\n\n"] if one.prose else []
        if one.marker:
            parts.append(comment % f"samplegen: {one.marker}" + "\n")
        parts.append(block(one))
        if one.marker and one.end:
            parts.append(comment % one.end + "\n")
        yield "".join(parts)


def _markdown_block(one: Section) -> str:
    return f"```{_fence(one)}\n{one.code}```\n"


def markdown(page: Document) -> str:
    blocks = _blocks(page, _markdown_block, "<!-- %s -->")
    parts = [f"## {one.label}\n\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return "\n".join([f"# {page.title}\n\n{page.prose}\n", *parts])


def mdx_tabs(page: Document) -> str:
    parts = [f"# {page.title}\n\n{page.prose}\n\n<Tabs>\n"]
    blocks = _blocks(page, _markdown_block, "{/* %s */}")
    for one, block in zip(page.sections, blocks, strict=True):
        value = f"{one.language}-{one.client}"
        parts.append(f'<TabItem value="{value}" label="{one.label}">\n\n{block}\n</TabItem>\n')
    return "".join([*parts, "</Tabs>\n"])


def _html_block(one: Section) -> str:
    code = html.escape(one.code.removesuffix("\n"), quote=False)
    return f'<pre><code class="language-{_fence(one)}">{code}\n</code></pre>\n'


def _html_page(page: Document, body: str) -> str:
    title, prose = html.escape(page.title), html.escape(page.prose)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.locale}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{prose}</p>\n"
        f"{body}</body>\n</html>\n"
    )


def html_headings(page: Document) -> str:
    blocks = _blocks(page, _html_block, "<!-- %s -->")
    parts = [f"<h2>{one.label}</h2>\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return _html_page(page, "".join(parts))


def html_tabs(page: Document) -> str:
    buttons, panels = [], []
    blocks = _blocks(page, _html_block, "<!-- %s -->")
    for number, (one, block) in enumerate(zip(page.sections, blocks, strict=True)):
        buttons.append(f'<button role="tab" aria-controls="tab-{number}">{one.label}</button>\n')
        panels.append(f'<div role="tabpanel" id="tab-{number}">\n{block}</div>\n')
    tabs = f'<div class="tabs">\n<div role="tablist">\n{"".join(buttons)}</div>\n{"".join(panels)}'
    return _html_page(page, f"{tabs}</div>\n")


def plain_text(page: Document) -> str:
    blocks = _blocks(page, lambda one: one.code, "# %s")
    parts = [f"{one.label}\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return "\n".join([f"{page.title}\n\n{page.prose}\n", *parts])


def _indented(code: str, by: str) -> str:
    return "".join(f"{by}{line}" if line.strip() else line for line in code.splitlines(True))


def rst(page: Document) -> str:
    def block(one: Section) -> str:
        # A directive is a paragraph of its own.
        return f"\n.. code-block:: {_fence(one)}\n\n{_indented(one.code, '    ')}\n"

    parts = [f"{page.title}\n{'=' * 40}\n\n{page.prose}\n"]
    for one, text in zip(page.sections, _blocks(page, block, ".. %s"), strict=True):
        parts.append(f"{one.label}\n{'-' * 40}\n\n{text}")
    return "\n".join(parts)


def asciidoc(page: Document) -> str:
    def block(one: Section) -> str:
        return f"[source,{_fence(one)}]\n----\n{one.code}----\n"

    blocks = _blocks(page, block, "// %s")
    parts = [f"== {one.label}\n\n{it}" for one, it in zip(page.sections, blocks, strict=True)]
    return "\n".join([f"= {page.title}\n\n{page.prose}\n", *parts])


def notebook(page: Document) -> str:
    """A notebook of Python: its own cells hold Python, and those of text the other languages."""
    cells: list[dict[str, object]] = []
    blocks = _blocks(page, _markdown_block, "<!-- %s -->")

    def cell(kind: str, text: str) -> None:
        more: dict[str, object] = {"execution_count": None, "outputs": []} if kind == "code" else {}
        source = text.removesuffix("\n").splitlines(keepends=True)
        cells.append({"cell_type": kind, "metadata": {}, **more, "source": source})

    cell("markdown", f"# {page.title}\n\n{page.prose}\n")
    for one, block in zip(page.sections, blocks, strict=True):
        before, after = f"## {one.label}\n\n{block}".split(_markdown_block(one))
        if one.language == "python":
            cell("markdown", before)
            cell("code", one.code)
            if after:
                cell("markdown", after)
        else:
            cell("markdown", f"## {one.label}\n\n{block}")
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def openapi_yaml(page: Document) -> str:
    said = [f"openapi: 3.1.0\ninfo:\n  title: {page.title}\n  description: |\n    {page.prose}\n"]
    said.append("  version: '1'\npaths:\n  /call:\n    post:\n      x-codeSamples:\n")
    for one in page.sections:
        if one.prose:
            said.append(f"        # {one.prose}\n")
        if one.marker:
            said.append(f"        # samplegen: {one.marker}\n")
        lang = _fence(one)
        code = _indented(one.code, " " * 12)
        said.append(f"        - lang: {lang}\n          label: {one.label}\n")
        said.append(f"          source: |\n{code}")
        if one.marker and one.end:
            said.append(f"        # {one.end}\n")
    return "".join(said)


def openapi_json(page: Document) -> str:
    samples = [
        {"lang": _fence(one), "label": one.label, "description": one.prose, "source": one.code}
        for one in page.sections
    ]
    made = {
        "openapi": "3.1.0",
        "info": {"title": page.title, "description": page.prose, "version": "1"},
        "paths": {"/call": {"post": {"x-codeSamples": samples}}},
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def source(page: Document) -> str:
    """A file of one sample."""
    (one,) = page.sections
    mark = "#" if one.language in ("python", "curl") else "//"
    first, rest = "", one.code
    if first_line(one.code):
        first, rest = one.code.split("\n", 1)
        first += "\n"
    before = f"{mark} samplegen: {one.marker}\n" if one.marker else ""
    after = f"{mark} {one.end}\n" if one.marker and one.end else ""
    return f"{first}{before}{rest}{after}"


def first_line(code: str) -> bool:
    """Whether a program's first line must be a file's first, too."""
    return code.startswith(("<?", "#!"))


class Format(NamedTuple):
    """A format of pages: its file's name, and its writer."""

    name: str
    file: str
    write: Callable[[Document], str]


FORMATS = {
    one.name: one
    for one in (
        Format("markdown", "page.md", markdown),
        Format("mdx tabs", "page.mdx", mdx_tabs),
        Format("html", "page.html", html_headings),
        Format("html tabs", "tabs.html", html_tabs),
        Format("text", "page.txt", plain_text),
        Format("rst", "page.rst", rst),
        Format("notebook", "page.ipynb", notebook),
        Format("openapi yaml", "api.yaml", openapi_yaml),
        Format("openapi json", "api.json", openapi_json),
        Format("asciidoc", "page.adoc", asciidoc),
        Format("source", "", source),
    )
}
# Where samples are managed: JSON has no place for a marker.
MANAGES = tuple(name for name in FORMATS if name != "openapi json")
SUFFIXES = {"python": ".py", "java": ".java", "nodejs": ".mjs", "go": ".go"}
SUFFIXES |= {"csharp": ".cs", "php": ".php", "curl": ".sh"}


class Page(NamedTuple):
    """A page in its format; places are offsets in its text."""

    path: str
    text: str
    places: tuple[tuple[int, int], ...]


def page_of(form: Format, made: Document) -> Page:
    """A document in a format, and where the marked places are in it."""
    file = form.file or f"sample{SUFFIXES[made.sections[0].language]}"
    marked = form.write(made)
    parts = re.split(f"([{OPEN}{CLOSE}])", marked)
    at, opened = 0, 0
    places = []
    for part in parts:
        if part == OPEN:
            opened = at
        elif part == CLOSE:
            places.append((opened, at))
        else:
            at += len(part)
    text = marked.replace(OPEN, "").replace(CLOSE, "")
    return Page(f"docs/{made.locale}/{file}", text, tuple(places))


# Defects

KINDS = tuple(
    dict.fromkeys(
        f"{one.language}-{one.client if one.client == 'http' else one.protocol}"
        for one in targets()
    )
)
HTTP = tuple(kind for kind in KINDS if kind.endswith("-http"))
SDK = tuple(kind for kind in KINDS if not kind.endswith("-http"))
PROSE = tuple(name for name in FORMATS if name not in ("source", "openapi yaml"))
PAGES = tuple(name for name in FORMATS if name != "source")
LOCALES = tuple(TITLES)

New = str | tuple[str, ...] | Callable[[re.Match[str], Random], str]


class Edit(NamedTuple):
    """A pattern, and what is put in its place: a template of `re`, one of some, or made anew.

    `§` in a template is the language's mark of a comment. Where the pattern is there more
    than once, one of the places is taken.
    """

    pattern: str
    new: New

    def apply(self, code: str, mark: str, random: Random) -> str:
        found = list(re.finditer(self.pattern, code, re.MULTILINE))
        if not found:
            raise LookupError(f"nothing is {self.pattern!r} in:\n{code}")
        one = random.choice(found)
        new = self.new
        if callable(new):
            text = new(one, random)
        else:
            template = new if isinstance(new, str) else random.choice(new)
            text = one.expand(template.replace("§", mark))
        return code[: one.start()] + text + code[one.end() :]


Edits = tuple[Edit, ...]
# From a page, the number of a sample and chance: the correct page, and the one with the defect.
Planter = Callable[[Document, int, Random], tuple[Document, Document]]


@dataclass(frozen=True)
class Defect:
    """A way to break a page, and what must be found then.

    Attributes:
        rule: its code.
        plants: how, by the kind of sample that it is planted in.
        mends: the kind of fix that the finding has and that restores the page: `safe`,
            `unsafe`, `no`, or `any` where that differs from place to place.
        also: other rules that rightly find the same defect.
        restores: False where the fix mends the page otherwise than it was.
    """

    rule: str
    name: str
    plants: dict[str, Planter]
    mends: str = "no"
    also: frozenset[str] = frozenset()
    formats: tuple[str, ...] = tuple(FORMATS)
    locales: tuple[str, ...] = LOCALES
    restores: bool = True


DEFECTS: list[Defect] = []


def _in_sample(edits: Edits, before: Edits = ()) -> Planter:
    """A planter that edits a sample; `before` makes the correct one another correct one."""

    def plant(page: Document, number: int, random: Random) -> tuple[Document, Document]:
        one = page.sections[number]
        mark = "#" if one.language in ("python", "curl") else "//"
        code = one.code
        for edit in before:
            code = edit.apply(code, mark, random)
        page = page.at(number, code=code)
        for edit in edits:
            code = edit.apply(code, mark, random)
        return page, page.at(number, code=code)

    return plant


def kinds_of(name: str) -> tuple[str, ...]:
    """The kinds that a word means: a kind, a language, `sdk`, `http` or `all`."""
    if name in ("all", "sdk", "http"):
        return {"all": KINDS, "sdk": SDK, "http": HTTP}[name]
    return tuple(kind for kind in KINDS if name in (kind, kind.partition("-")[0]))


def defect(
    rule: str,
    name: str,
    kinds: str,
    *edits: tuple[str, New],
    before: tuple[tuple[str, New], ...] = (),
    mends: str = "no",
    also: str = "",
    formats: Iterable[str] = tuple(FORMATS),
    locales: Iterable[str] = LOCALES,
    restores: bool = True,
) -> None:
    """A defect that is the same edits in all those kinds of sample."""
    each(
        rule,
        name,
        {kinds: edits},
        before=before,
        mends=mends,
        also=also,
        formats=formats,
        locales=locales,
        restores=restores,
    )


def each(
    rule: str,
    name: str,
    by_kind: dict[str, tuple[tuple[str, New], ...]],
    *,
    before: tuple[tuple[str, New], ...] = (),
    mends: str = "no",
    also: str = "",
    formats: Iterable[str] = tuple(FORMATS),
    locales: Iterable[str] = LOCALES,
    restores: bool = True,
) -> None:
    """A defect that has edits of its own by kind of sample."""
    made = tuple(Edit(*one) for one in before)
    plants = {
        kind: _in_sample(tuple(Edit(*one) for one in edits), made)
        for names, edits in by_kind.items()
        for word in names.split()
        for kind in kinds_of(word)
    }
    others = frozenset(also.split())
    DEFECTS.append(
        Defect(rule, name, plants, mends, others, tuple(formats), tuple(locales), restores)
    )


def on_page(
    rule: str,
    name: str,
    planter: Planter,
    *,
    kinds: str = "all",
    mends: str = "no",
    also: str = "",
    formats: Iterable[str] = PAGES,
    locales: Iterable[str] = LOCALES,
    restores: bool = True,
) -> None:
    """A defect of the page around a sample."""
    plants = dict.fromkeys((kind for word in kinds.split() for kind in kinds_of(word)), planter)
    others = frozenset(also.split())
    DEFECTS.append(
        Defect(rule, name, plants, mends, others, tuple(formats), tuple(locales), restores)
    )


def slipped(found: re.Match[str], random: Random) -> str:
    """What was found with one slip of the fingers."""
    text = found[0]
    letters = [at for at, character in enumerate(text[:-1]) if character != text[at + 1]]
    at = random.choice(letters)
    ways = (
        text[:at] + text[at + 1 :],
        text[:at] + text[at] * 2 + text[at + 1 :],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )
    return f"{OPEN}{random.choice(ways)}{CLOSE}"


KEY = "DASHSCOPE_API_KEY"
HOST = r"dashscope-intl\.aliyuncs\.com"
# The URL that a sample calls: notes show those of other regions.
URL = rf"https://{HOST}[^\s\"']*"
QUOTED_MODEL = r"([\"'])qwen-plus\1"
COMMENT = r"^[ \t]*(?://|#)[^\n]*\n"
KEY_NOTE = r"^[ \t]*(?://|#)[^\n]*sk-xxx[^\n]*\n"
KEY_LINK = rf"{COMMENT}[ \t]*(?://|#) https:\S*get-api-key\n"
MODEL_NOTE = rf"{COMMENT}[ \t]*(?://|#) https:\S*/models\n"
REGION_NOTE = rf"(?:{COMMENT})*^[ \t]*(?://|#)[^\n]*aliyuncs[^\n]*\n(?:{COMMENT})*"

# Truth

defect("T101", "a slip in the host", "all", (HOST, slipped), mends="safe")
defect(
    "T101",
    "another form of the host",
    "all",
    (
        HOST,
        (
            "«dashscope-intl.aliyun.com»",
            "«dashscope.aliyuncs-intl.com»",
            "«intl-dashscope.aliyuncs.com»",
            "«dashscope-international.aliyuncs.com»",
            "«dashscope_intl.aliyuncs.com»",
            "«dashscope-intl.aliyuncs.com.cn»",
        ),
    ),
    mends="safe",
)
defect(
    "T101",
    "a slip in another region's host",
    "all",
    (
        r"(?<=//)dashscope(?=(?:-us|-finance)?\.aliyuncs)",
        ("«dashcope»", "«dashsope»", "«dashscop»", "«dashscoope»"),
    ),
    mends="safe",
)
defect(
    "T101",
    "the host of another service",
    "all",
    (HOST, ("«api.openai.com»", "«api.example.com»", "«models.acme.cloud»")),
)

REGION_NAMES = {
    name: {locale: one.label(locale) for locale in LOCALES}
    for name, one in builtin().regions.items()
}


def _another_region(found: re.Match[str], random: Random) -> str:
    """The name of another region in the same language."""
    names = next(
        [all_of[locale] for name, all_of in REGION_NAMES.items()]
        for locale in LOCALES
        if any(found[0] == all_of[locale] for all_of in REGION_NAMES.values())
    )
    return f"{OPEN}{random.choice([one for one in names if one != found[0]])}{CLOSE}"


SINGAPORE = r"Singapore(?=:)|シンガポール(?=\):)|新加坡(?=）：)"
defect("T102", "the note of another region", "all", (SINGAPORE, _another_region), also="A308")
defect(
    "T102",
    "regions and URLs in another order",
    "all",
    (
        r"(?:China \(Beijing\)|US \(Virginia\)|中国 \(北京\)|金融クラウド|中国香港|金融云)",
        _another_region,
    ),
)
OTHER_HOSTS = (
    "dashscope.aliyuncs.com",
    "dashscope-us.aliyuncs.com",
    "cn-hongkong.dashscope.aliyuncs.com",
)
each(
    "T102",
    "the URL of another region",
    {"all": ((SINGAPORE, r"«\g<0>»"), (HOST, OTHER_HOSTS))},
    also="A305",
)

PATHS = (
    "«/v1/chat/completions»",
    "«/compatible-mode/v1/chat/completion»",
    "«/compatible-mode/v1/completions»",
    "«/compatible/v1/chat/completions»",
    "«/compatible-mode/v2/chat/completions»",
    "«/compatible-mode/v1»",
    "«/api/v1/services/aigc/text-generation/generations»",
    "«/api/v1/services/aigc/multimodal-generation/generation»",
    "«/api/v1/chat/completions»",
)
AFTER_HOST = rf"(?<={HOST})/[^\s\"']*"
defect("T103", "another path", "http", (AFTER_HOST, PATHS), mends="safe")
defect("T103", "a slip in the path", "all", (rf"(?<={HOST}/)[^\s\"']*", slipped), mends="safe")
defect(
    "T103",
    "the whole URL for a base URL",
    "sdk",
    (AFTER_HOST, (r"«\g<0>/chat/completions»", r"«\g<0>/services/aigc»", "«/v1»", "«/compatible»")),
    mends="safe",
)

defect(
    "T104",
    "a slip in the model",
    "all",
    (r"(?<=[\"'])qwen-plus(?=[\"'])", slipped),
    mends="unsafe",
    also="A303",
)
defect(
    "T104",
    "another form of the model's name",
    "all",
    (r"(?<=[\"'])qwen-plus(?=[\"'])", ("«qwen_plus»", "«qwenplus»", "«qwen plus»", "«qwen-plus »")),
    mends="unsafe",
    also="A303",
)
defect(
    "T104",
    "the model's name in capitals",
    "all",
    (r"(?<=[\"'])qwen-plus(?=[\"'])", ("«Qwen-Plus»", "«QWEN-PLUS»", "«qwen-Plus»")),
    mends="safe",
    also="A303",
)

READS_KEY = rf"(?<=env\(.){KEY}|(?<=Env\(.){KEY}|(?<=env\.){KEY}|(?<=Variable\(.){KEY}|(?<=\$){KEY}"
defect(
    "T105",
    "another variable",
    "all",
    (
        READS_KEY,
        (
            "«OPENAI_API_KEY»",
            "«API_KEY»",
            "«DASHSCOPE_KEY»",
            "«DASHSCOPE_APIKEY»",
            "«QWEN_API_KEY»",
        ),
    ),
    mends="safe",
)

defect(
    "T106",
    "another content type",
    "java-http nodejs-http go-http csharp-http php-http curl-http",
    (
        r"application/json",
        (
            "«text/plain»",
            "«application/x-www-form-urlencoded»",
            "«multipart/form-data»",
            "«application-json»",
            "«application/jason»",
            "«json»",
            "«application/json; utf-8»",
            "«application/json, charset=utf-8»",
        ),
    ),
    mends="safe",
)
defect(
    "T106",
    "a content type where none is needed",
    "python-http",
    (r"(\"Authorization\": f\".*?\")\}", r'\1, "Content-Type": "«text/json»"}'),
    mends="safe",
    restores=False,
)

each(
    "T107",
    "the module before it moved",
    {
        "go-openai": (
            (r'"github\.com/openai/openai-go/v3(?=["/])', '«"github.com/openai/openai-go»'),
        )
    },
    mends="safe",
)
each(
    "T107",
    "fields in openai.F",
    {
        "go-openai": (
            (r'"qwen-plus"', ('«openai.F("qwen-plus")»', '«openai.F[string]("qwen-plus")»')),
        )
    },
    mends="safe",
)
each(
    "T107",
    "the calls of old versions",
    {
        "python-openai": (
            (
                r"client\.chat\.completions\.create",
                ("«openai.ChatCompletion.create»", "«openai.Completion.create»"),
            ),
        ),
        "nodejs-openai": ((r"client\.chat\.completions\.create", "client.«createChatCompletion»"),),
        "java-openai": (
            (
                r"com\.openai\.client\.OpenAIClient;",
                ("«com.theokanning.openai».service.OpenAiService;",),
            ),
        ),
    },
    also="R203 A306",
)
each(
    "T107",
    "the clients of old versions",
    {
        "nodejs-openai": ((r"new OpenAI\(", ("new «OpenAIApi»(", "new «Configuration»(")),),
        "python-openai": ((r"^client = OpenAI\(", '«openai.api_base» = "x"\nclient = OpenAI('),),
    },
    also="A306 R203 T105",
)
each(
    "T107",
    "an argument that the SDK does not take",
    {"python-openai": ((r"^( *)model=.*\n", r"\g<0>\1«enable_thinking»=False,\n"),)},
    mends="safe",
    also="A304",
    restores=False,
)

NO_SDK = {
    "en": (
        "OpenAI does not provide a {} SDK.",
        "There is no OpenAI SDK for {}.",
        "OpenAI doesn't offer an official {} SDK.",
        "No official {} SDK is available for OpenAI.",
    ),
    "ja": ("OpenAI は {} 用の SDK を提供していません。", "OpenAI は {} SDK を提供していません。"),
    "zh": ("OpenAI 暂不提供 {} 语言的 SDK。", "OpenAI 没有提供 {} SDK。"),
}


def _no_sdk(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    name = random.choice(["Python", "Java", "Node.js", "Go"])
    said = random.choice(NO_SDK[page.locale]).format(name)
    if random.random() < 0.5:
        return page, page.at(number, prose=f"{OPEN}{said}{CLOSE}")
    return page, replace(page, prose=f"{page.prose} {OPEN}{said}{CLOSE}")


# Above a sample it can be left out; the blank lines around it stay.
on_page(
    "T108",
    "no SDK for a language that has one",
    _no_sdk,
    mends="any",
    formats=PROSE,
    restores=False,
)
each(
    "T108",
    "a comment of another project",
    {
        "go-openai": (
            (
                r"option\.WithAPIKey\(apiKey\),",
                r'\g<0> «// defaults to os.LookupEnv("OPENAI_API_KEY")»',
            ),
        ),
        "python-openai": ((r"^    api_key=api_key,$", r"\g<0>  «# defaults to OPENAI_API_KEY»"),),
        "nodejs-openai": ((r"^  apiKey,$", r"\g<0> «// Defaults to OPENAI_API_KEY»"),),
    },
    mends="safe",
    also="L601",
)
each(
    "T108",
    "a comment that the line below does not do",
    {
        "java csharp": (
            (r"^([ \t]*)(System\.err\.|Console\.Error\.)", r"\1«// Use a logging framework»\n\1\2"),
        )
    },
    mends="safe",
    also="L601",
)

defect(
    "T109",
    "a link into another language",
    "all",
    (
        r"(https://www\.alibabacloud\.com/help/)(model-studio/[\w/-]+)$",
        (r"«\1en/\2»", r"«\1zh/\2»", r"«\1ja/\2»", r"«\1\2/»"),
    ),
    mends="safe",
)
defect(
    "T109",
    "an old or misspelt link",
    "all",
    (
        r"(https://www\.alibabacloud\.com/help/model-studio/)(getting-started/)?(models|get-api-key)$",
        (r"«\1\2\3s»", r"«\1developer-reference/\3»", r"«\1\2\3-1»", r"«\1user-guide/\3»"),
    ),
    mends="safe",
)

defect(
    "T110",
    "an old version",
    "sdk python-http",
    (
        r"((?:openai|requests|dashscope|openai-java|openai-go|-sdk-java|v3)(?: |@v?|==|:))\d+\.\d+\.\d+",
        (r"\1«1.2.0»", r"\1«0.27.8»", r"\1«1.19.4»", r"\1«1.0»"),
    ),
    mends="unsafe",
)

each(
    "T111",
    "a model that needs an option",
    {
        "all": (
            (r"(?<=[\"'])qwen-plus(?=[\"'])", ("«qwen3-8b»", "«qwen3-32b»", "«qwen3-235b-a22b»")),
        )
    },
    also="A303",
)
each(
    "T111",
    "a model that only streams",
    {"all": ((r"(?<=[\"'])qwen-plus(?=[\"'])", ("«qwq-plus»", "«qvq-max»", "«qwq-32b»")),)},
    also="A303",
)

REPLACE = {
    "en": "§ In other regions, replace the base_url with the one of your region.",
}


def _contradiction(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    one = page.sections[number]
    mark = "#" if one.language in ("python", "curl") else "//"
    note = REPLACE["en"].replace("§", mark)
    code = re.sub(rf"(?m)^([ \t]*)(?=.*{HOST})", rf"\g<1>{note}\n\g<1>", one.code, count=1)
    page = page.at(number, code=code)
    said = random.choice(
        (
            "You do not need to configure the base_url for SDK calls.",
            "You do not need to set the base_url.",
        )
    )
    return page, replace(page, prose=f"{page.prose} {OPEN}{said}{CLOSE}")


on_page("T112", "prose against a comment", _contradiction, formats=PROSE, locales=("en",))

# Runs

# Where each kind shows the answer.
SHOWN = (
    r"^([ \t]*)((?:print|console\.log|fmt\.Println|Console\.WriteLine|System\.out\.println)\(.*\)|"
    r"echo \$answer, PHP_EOL|printf '%s\\n' \"\$answer\")(;?)$"
)
# What else is seen of a sample that does not parse.
BROKEN = "A301 A302 A303 A304 A306 A309 B401 B402 B403 R203 R205 R206 R207 T104 C501"
defect(
    "R201",
    "quotes of a word processor",
    "all",
    (QUOTED_MODEL, lambda found, random: {'"': "«“qwen-plus”»", "'": "«‘qwen-plus’»"}[found[1]]),
    mends="any",
    also=BROKEN,
)
defect(
    "R201",
    "an entity of HTML",
    "python java nodejs go csharp php",
    (QUOTED_MODEL, ("«&quot;qwen-plus&quot;»", "«&ldquo;qwen-plus&rdquo;»")),
    also=BROKEN,
)
defect(
    "R201",
    "a string without its end",
    "all",
    (r"([\"'])Who are you\?\1", r"\1«Who are you?»"),
    also=BROKEN,
)
defect(
    "R201",
    "a bracket too many",
    "python java nodejs go csharp php",
    (SHOWN, (r"\1«\2)»\3", r"\1\2\3\n\1«}»", r"\1«\2]»\3")),
    also=BROKEN,
)
defect(
    "R201",
    "a comma that is missing",
    "python nodejs go csharp php java-http curl",
    (r"(qwen-plus[\"']),(\n[ \t]*[\"']?\w+)", r"«\1\2»"),
    also=BROKEN,
)
each(
    "R201",
    "a comma too many in JSON",
    {"java-http csharp curl": ((r"(\{\"role\": \"user\".*\})$", r"«\1,»"),)},
    also=BROKEN,
)
each(
    "R201",
    "JSON in single quotes or with a comment",
    {
        "java-http csharp": ((r'"model"', "«'model'»"),),
        "java-http csharp curl": ((r'("model": .*)$', r"«\1 // the model»"),),
    },
    also=BROKEN,
)
each(
    "R201",
    "a bracket that is missing",
    {
        "python-openai": ((r"(^completion = [\s\S]*?\n)\)\n(.*)", r"«\1\2»"),),
        "nodejs-openai": ((r"(^const completion = [\s\S]*?\n)\}\);\n(.*)", r"«\1\2»"),),
        "go": ((r"(^\tif apiKey == \"\") \{\n(.*\n.*\n.*)", r"«\1\n\2»"),),
        "java": ((r"(^ +if \(apiKey.*\)) \{\n(.*\n.*\n.*)", r"«\1\n\2»"),),
        "csharp": ((r"(^if \(string.IsNullOrEmpty\()apiKey\)\)", r"«\1apiKey)»"),),
        "php": ((r"(^if \(!\$apiKey)\) \{", r"«\1 {»"),),
    },
    also=BROKEN,
)
each(
    "R201",
    "the escapes of Markdown",
    {
        "python": ((r"^api_key = (?=os)", r"«api\\_key» = "),),
        "php": ((r"curl_exec\(", r"«curl\\_exec»("),),
    },
    mends="safe",
    also="A308 R206 R207 B401 B402 B411",
)
each(
    "R201",
    "a program without its end",
    {"curl": ((r"^(if [\s\S]*)^fi\n", r"«\1»"),)},
    also=BROKEN,
)

READING = {
    "python": f'api_key = os.getenv("{KEY}")',
    "java": f'String apiKey = System.getenv("{KEY}");',
    "nodejs": f"const apiKey = process.env.{KEY};",
    "go": f'apiKey := os.Getenv("{KEY}")',
    "csharp": f'var apiKey = Environment.GetEnvironmentVariable("{KEY}");',
    "php": f"$apiKey = getenv('{KEY}');",
}
SHOWING = {
    "python": "print(answer)",
    "java": "System.out.println(answer);",
    "nodejs": "console.log(answer);",
    "go": "fmt.Println(answer)",
    "csharp": "Console.WriteLine(answer);",
    "php": "echo $answer;",
}


def _others(table: dict[str, str], own: str) -> list[str]:
    # Go has a `print`, too.
    return [line for name, line in table.items() if name != own and (name, own) != ("python", "go")]


for _own in READING:
    defect(
        "R202",
        "the key read as in another language",
        _own,
        (
            r"^([ \t]*)(?=.*[Ee]nv(?:ironmentVariable\(|\.|\()[\"']?DASHSCOPE)",
            tuple(rf"\1«{line}»\n\1" for line in _others(READING, _own)),
        ),
        mends="any",
        also="R201 B406 R205 R206 A307 A308",
    )
    defect(
        "R202",
        "the answer shown as in another language",
        _own,
        (SHOWN, tuple(rf"\1«{line}»" for line in _others(SHOWING, _own))),
        also="R201 R203 R204 R207 A309 B404",
    )

# A module, the lines that bring it in, and what then has no meaning.
IMPORTS = {
    "python": {
        "os": (r"^import os\n", r"(?<![\w\"])os(?=\.)"),
        "sys": (r"^import sys\n", r"\bsys(?=\.)"),
    },
    "python-http": {"requests": (r"^\nimport requests\n", r"(?<==) ?requests(?=\.)")},
    "python-openai": {"openai": (r"^\nfrom openai import OpenAI\n", r"(?<== )OpenAI(?=\()")},
    "python-dashscope": {"dashscope": (r"^\nimport dashscope\n", r"^dashscope(?=\.)")},
    "java-http": {
        "URI": (r"^import java\.net\.URI;\n", r"\bURI(?=\.create)"),
        "HttpClient": (r"^import java\.net\.http\.HttpClient;\n", r"\bHttpClient(?=\.new)"),
        "HttpRequest": (r"^import java\.net\.http\.HttpRequest;\n", r"\bHttpRequest(?= request)"),
        "HttpResponse": (r"^import java\.net\.http\.HttpResponse;\n", r"\bHttpResponse(?=<)"),
    },
    "java-openai": {
        "client": (r"^import com\.openai\.client\.OpenAIClient;\n", r"\bOpenAIClient(?= client)"),
        "okhttp": (r"^import .*OpenAIOkHttpClient;\n", r"\bOpenAIOkHttpClient(?=\.builder)"),
        "mappers": (r"^import .*ObjectMappers;\n", r"\bObjectMappers(?=\.json)"),
        "completion": (r"^import .*\.ChatCompletion;\n", r"\bChatCompletion(?= completion)"),
        "params": (r"^import .*CreateParams;\n", r"\bChatCompletionCreateParams(?= params)"),
    },
    "java-dashscope": {
        "generation": (r"^import .*\.Generation;\n", r"\bGeneration(?= generation)"),
        "param": (r"^import .*\.GenerationParam;\n", r"\bGenerationParam(?= param )"),
        "result": (r"^import .*\.GenerationResult;\n", r"\bGenerationResult(?= result)"),
        "message": (r"^import .*\.Message;\n", r"\bMessage(?=>)"),
        "role": (r"^import .*\.Role;\n", r"\bRole(?=\.SYSTEM)"),
        "protocol": (r"^import .*\.Protocol;\n", r"\bProtocol(?=\.HTTP)"),
        "json": (r"^import .*\.JsonUtils;\n", r"\bJsonUtils(?=\.to)"),
        "list": (r"^\nimport java\.util\.List;\n", r"\bList(?=<)"),
    },
    "nodejs-openai": {"openai": (r'^import OpenAI from "openai";\n', r"(?<=new )OpenAI(?=\()")},
    "go": {
        "fmt": (r'^\t"fmt"\n', r"\bfmt(?=\.Fp)"),
        "log": (r'^\t"log"\n', r"\blog(?=\.Fatal)"),
        "os": (r'^\t"os"\n', r"\bos(?=\.Getenv)"),
    },
    "go-http": {
        "bytes": (r'^\t"bytes"\n', r"\bbytes(?=\.New)"),
        "json": (r'^\t"encoding/json"\n', r"\bjson(?=\.Marshal)"),
        "io": (r'^\t"io"\n', r"\bio(?=\.ReadAll)"),
        "http": (r'^\t"net/http"\n', r"\bhttp(?=\.NewRequest)"),
    },
    "go-openai": {
        "context": (r'^\t"context"\n', r"\bcontext(?=\.Back)"),
        "errors": (r'^\t"errors"\n', r"\berrors(?=\.As)"),
        "openai": (r'^\t"github.com/openai/openai-go/v3"\n', r"\bopenai(?=\.NewClient)"),
        "option": (r'^\t"github.com/openai/openai-go/v3/option"\n', r"\boption(?=\.WithAPI)"),
    },
    "csharp": {
        "System": (r"^using System;\n", r"\bEnvironment(?=\.)"),
        "Http": (r"^using System\.Net\.Http;\n", r"(?<=new )HttpClient"),
        "Headers": (r"^using System\.Net\.Http\.Headers;\n", r"AuthenticationHeaderValue"),
        "Text": (r"^using System\.Text;\n", r"\bEncoding(?=\.)"),
    },
}
for _kind, _modules in IMPORTS.items():
    for _module, (_line, _use) in _modules.items():
        defect(
            "R203",
            f"{_module} is not brought in",
            _kind,
            (_line, ""),
            (rf"\A([\s\S]*?)({_use})", r"\1«\2»"),
            mends="safe",
            # A notebook's cell above brings it in.
            formats=[it for it in FORMATS if _kind != "python" or it != "notebook"],
        )

each(
    "R204",
    "an import that nothing uses",
    {
        "go": (
            (
                r"^import \(\n",
                tuple(
                    rf'\g<0>\t«"{name}"»\n'
                    for name in ("bufio", "strings", "time", "net/url", "io/ioutil", "strconv")
                ),
            ),
        ),
    },
    mends="safe",
)
each(
    "R204",
    "an import whose use is gone",
    {
        "go-http": (
            (r"^(\t)(\"fmt\")$", r"\1«\2»"),
            (r"^\tfmt\.Println\(.*\)\n", "\tos.Stdout.Write(answer)\n"),
            (r"^\t\tfmt\.Fprintln\(os\.Stderr, (.*)\)\n", r"\t\tos.Stderr.WriteString(\1)\n"),
        ),
        "go-openai": (
            (r"^(\t)(\"log\")$", r"\1«\2»"),
            (r"^\t\tlog\.Fatalf\((.*)\)\n", r"\t\tfmt.Fprintf(os.Stderr, \1)\n\t\tos.Exit(1)\n"),
            (r"^\t\tlog\.Fatal\(err\)\n", "\t\tpanic(err)\n"),
        ),
    },
    mends="safe",
    also="B403",
    restores=False,
)

JOINED = (
    r"^(?![ \t]*(?://|#))([^\n]*;)\n[ \t]*"
    r"((?!//|#|import |using S|package |return |case |else)[A-Za-z_$][^\n]*[^{\n])$"
)
each(
    "R205",
    "two lines become one",
    {"java nodejs-openai csharp php": ((JOINED, (r"\1 «\2»", r"\1«\2»", r"\1  «\2»")),)},
    mends="safe",
    also="B403 B404 R202 R206 A307 B406",
)
each(
    "R205",
    "two imports on a line",
    {
        "python": (
            (r"^import os\nimport sys$", ("import os; «import sys»", "import os;«import sys»")),
        ),
        "java": ((r"(?<=;)\nimport (.*)$", r" «import \1»"),),
        "csharp": ((r"(?<=;)\nusing (System.*)$", r" «using \1»"),),
    },
    mends="safe",
)
each(
    "R205",
    "two statements on a line of Python",
    {
        "python-http": ((r"(^answer = .*)\n(.*\n.*\n)(print.*)", r"\2\1; «\3»"),),
    },
    also="B401 B402 R207 B403",
    mends="safe",
    restores=False,
)

HINT = r"sk-xxx[\"'];?$"
each(
    "R206",
    "the line to paste declares nothing",
    {
        "java": ((r"String (apiKey = \"sk-xxx\";)$", r"«\1»"),),
        "nodejs": ((r"const (apiKey = \"sk-xxx\";)$", r"«\1»"),),
        "csharp": ((r"var (apiKey = \"sk-xxx\";)$", r"«\1»"),),
        "go": ((r"apiKey := (\"sk-xxx\")$", r"«apiKey = \1»"),),
    },
    mends="safe",
)
each(
    "R206",
    "the line to paste lacks its end",
    {
        "java": ((r"(String apiKey = \"sk-xxx\");$", r"«\1»"),),
        "csharp": ((r"(var apiKey = \"sk-xxx\");$", r"«\1»"),),
        "php": ((r"(\$apiKey = 'sk-xxx');$", r"«\1»"),),
    },
    mends="safe",
)
each(
    "R206",
    "the line to paste sets another name",
    {
        "python": (
            (r"api_key = (\"sk-xxx\")$", (r"«key = \1»", r"«apiKey = \1»", r"«API_KEY = \1»")),
        ),
        "java": ((r"(?<=String )apiKey( = \"sk-xxx\";)$", (r"«key\1»", r"«api_key\1»")),),
        "nodejs": ((r"(?<=const )apiKey( = \"sk-xxx\";)$", (r"«key\1»", r"«api_key\1»")),),
        "go": ((r"apiKey (:= \"sk-xxx\")$", (r"«key \1»", r"«api_key \1»")),),
        "csharp": ((r"(?<=var )apiKey( = \"sk-xxx\";)$", (r"«key\1»", r"«api_key\1»")),),
        "php": ((r"\$apiKey( = 'sk-xxx';)$", (r"«apiKey\1»", r"«\$key\1»", r"«$key\1»")),),
        "curl": ((r"api_key=('sk-xxx')$", (r"«key=\1»", r"«apiKey=\1»")),),
    },
    also="A308",
)
each(
    "R206",
    "the line to paste is no shell",
    {"curl": ((r"api_key=('sk-xxx')$", (r"«api_key = \1»", r"«$api_key=\1»")),)},
    mends="any",
    also="A308",
)

each(
    "R207",
    "the key's variable under another name",
    {
        "python-http": ((r"(?<=Bearer \{)api_key", ("«apiKey»", "«key»", "«API_KEY»")),),
        "java-http": ((r"(?<=\"Bearer \" \+ )apiKey", ("«key»", "«api_key»")),),
        "nodejs-http": ((r"(?<=Bearer \$\{)apiKey", ("«key»", "«api_key»")),),
        "go-http": ((r"(?<=\"Bearer \"\+)apiKey", ("«key»", "«api_key»")),),
        "csharp": ((r"(?<=\"Bearer\", )apiKey", ("«key»", "«api_key»")),),
        "php": ((r"(?<='Authorization: Bearer ' \. )\$apiKey", ("«$key»", "«$api_key»")),),
        "curl": ((r"(?<=Bearer )\$api_key", ("«$key»", "«$apiKey»")),),
        "python-openai": ((r"(?<=api_key=)api_key", ("«key»", "«apiKey»")),),
        "java-openai": ((r"(?<=\.apiKey\()apiKey", ("«key»", "«api_key»")),),
        "go-openai": ((r"(?<=WithAPIKey\()apiKey", ("«key»", "«api_key»")),),
    },
    also="T105 A306",
)
each(
    "R207",
    "the URL's variable under another name",
    {
        "java-http": ((r"(?<=URI\.create\()url", ("«endpoint»", "«baseUrl»")),),
        "nodejs-http": ((r"(?<=fetch\()url", ("«endpoint»", "«baseUrl»")),),
        "go-http": ((r"(?<=MethodPost, )url", ("«endpoint»", "«baseURL»")),),
        "csharp": ((r"(?<=Method\.Post, )url", ("«endpoint»", "«baseUrl»")),),
        "php": ((r"(?<=curl_init\()\$url", ("«$endpoint»", "«$uri»")),),
        "curl": ((r"(?<=curl \")\$url", ("«$endpoint»", "«$uri»")),),
        "java-openai": ((r"(?<=\.baseUrl\()baseUrl", ("«url»", "«endpoint»")),),
    },
    also="A306 T102 A305",
)
each(
    "R207",
    "a model that nothing sets",
    {
        "python nodejs go": ((r"(?<=[:=])( ?)\"qwen-plus\"", (r"\1«modelName»", r"\1«model»")),),
        "php": ((r"(?<=> )'qwen-plus'", ("«$model»", "«$modelName»")),),
        "java-openai java-dashscope": ((r"(?<=model\()\"qwen-plus\"", ("«modelName»", "«model»")),),
    },
    also="A303 A306 R206",
)

# Agrees: each is seen beside other samples, so not in a file of one.

defect(
    "A301",
    "another prompt",
    "all",
    (
        r"(?<=[\"'])Who are you\?(?=[\"'])",
        ("«Who are you»", "«Who are you ?»", "«Hello!»", "«who are you?»"),
    ),
    mends="unsafe",
    formats=PAGES,
)
defect(
    "A301",
    "another system message",
    "all",
    (
        r"(?<=[\"'])You are a helpful assistant\.(?=[\"'])",
        ("«You are a helpful assistant»", "«You are a useful assistant.»", "«You are an expert.»"),
    ),
    mends="unsafe",
    formats=PAGES,
)
USER = r"(?:[^\n]*Who are you\?[^\n]*)"
each(
    "A302",
    "no system message",
    {
        "python nodejs go php curl csharp java-http java-openai": (
            (rf"^[^\n]*helpful assistant[^\n]*\n([ \t]*)({USER})", r"\1«\2»"),
        ),
        "java-dashscope": (
            (
                r"^ +Message\.builder\(\)\n[^\n]*SYSTEM[^\n]*\n[^\n]*\n[^\n]*,\n( +)(Message[\s\S]*?\.build\(\))",
                r"\1«\2»",
            ),
        ),
    },
    formats=PAGES,
)
each(
    "A302",
    "no user message",
    {
        "python nodejs go php": (
            (rf"^([ \t]*)([^\n]*helpful assistant[^\n]*)\n{USER}\n", r"\1«\2»\n"),
        ),
        "curl csharp java-http": (
            (rf"^([ \t]*)([^\n]*helpful assistant[^\n]*),\n{USER}\n", r"\1«\2»\n"),
        ),
        "java-openai": ((rf"^([ \t]*)([^\n]*helpful assistant[^\n]*)\n{USER}\n", r"\1«\2»\n"),),
    },
    formats=PAGES,
)
defect(
    "A303",
    "another model",
    "all",
    (
        r"(?<=[\"'])qwen-plus(?=[\"'])",
        ("«qwen-max»", "«qwen-flash»", "«qwen-turbo»", "«qwen3-max»"),
    ),
    mends="unsafe",
    formats=PAGES,
)
OPTION = r"([\"']?result_format[\"']?(?:: |=| => )[\"']message[\"'])"
MODEL_LINE = r"^([ \t]*)([\"']?)model\2( => |: |=)[\"']qwen-plus[\"'],$"
each(
    "A304",
    "a temperature",
    {
        "python nodejs php": (
            (MODEL_LINE, (r"\g<0>\n\1\2temperature\2\3«0.7»,", r"\g<0>\n\1\2top_p\2\3«0.8»,")),
        ),
        "go-http java-http csharp curl": (
            (MODEL_LINE, (r"\g<0>\n\1\2temperature\2\3«0.7»,", r"\g<0>\n\1\2seed\2\3«7»,")),
        ),
        "java-openai java-dashscope": (
            (
                r"^( +)\.model\(\"qwen-plus\"\)$",
                (r"\g<0>\n\1.temperature(«0.7»)", r"\g<0>\n\1.seed(«7»)"),
            ),
        ),
        "go-openai": ((r"^(\t+)Model: .*$", r"\g<0>\n\1Temperature: «openai.Float(0.7)»,"),),
    },
    formats=PAGES,
)
each(
    "A304",
    "an answer in pieces",
    {
        "python-openai": ((MODEL_LINE, r"\g<0>\n\1stream=«True»,"),),
        "python-http": ((MODEL_LINE, r'\g<0>\n\1"stream": «True»,'),),
        "nodejs-openai nodejs-http": ((MODEL_LINE, r"\g<0>\n\1stream: «true»,"),),
        "go-http java-http csharp curl": ((MODEL_LINE, r'\g<0>\n\1"stream": «true»,'),),
        "php": ((MODEL_LINE, r"\g<0>\n\1'stream' => «true»,"),),
    },
    formats=PAGES,
)
BASE_URL = rf"(?<=[\"'])https://{HOST}[^\s\"']*(?=[\"'])"
defect(
    "A305",
    "a slash at the end",
    "sdk",
    (BASE_URL, r"«\g<0>/»"),
    mends="safe",
    formats=PAGES,
)
each(
    "A305",
    "another region",
    {
        "all": (
            (REGION_NOTE, ""),
            (rf"https://{HOST}([^\s\"']*)", tuple(rf"«https://{host}\1»" for host in OTHER_HOSTS)),
        )
    },
    also="A306",
    formats=PAGES,
)

MISSING = {
    "key": (KEY_NOTE, r"([^\n]+)"),
    "key link": (KEY_LINK, rf"((?:{COMMENT})*[^\n]+)"),
    "model": (MODEL_NOTE, r"([^\n]+)"),
    "region": (REGION_NOTE, r"([^\n]+(?:\n[^\n]+)?)"),
}
for _about, (_note, _line) in MISSING.items():
    # A note on the model stands above all of a body that is one text.
    _below = r"([\s\S]*?qwen-plus[^\n]*)" if _about == "model" else _line
    defect("A306", f"no note on the {_about}", "all", (_note + _below, r"«\1»"), formats=PAGES)

each(
    "A307",
    "a note beside its line",
    {
        "all": (
            (
                r"^[ \t]*((?://|#)[^\n]*sk-xxx[^\n]*)\n([^\n]+)\n",
                (r"\2 «\1»\n", r"\2  «\1»\n"),
            ),
        )
    },
    also="R206 A308",
    formats=PAGES,
)
each(
    "A307",
    "a note between a note and its line",
    {
        "all": (
            (
                rf"({KEY_LINK})([ \t]*)((?://|#)[^\n]*sk-xxx[^\n]*)\n",
                r"\2«\3»\n\1",
            ),
        )
    },
    formats=PAGES,
)

WORDINGS = {
    "en": (
        "If you have not set the environment variable, replace the following line with: {}",
        "Without DASHSCOPE_API_KEY, put your own key here: {}",
        "No environment variable? Then write {}",
    ),
    "ja": (
        "環境変数が設定されていない場合、次の行を {} に置き換えてください。",
        "環境変数を使わないときは、次の行を {} と書き換えます。",
    ),
    "zh": (
        "若没有配置环境变量，请用您的 API Key 将下行替换为：{}",
        "没有设置环境变量时，把下一行改成：{}",
    ),
}
MODELS = {
    "en": ("The model is qwen-plus; all models are at", "qwen-plus is an example. Model list:"),
    "ja": ("ここでは qwen-plus を使用します。モデル一覧:", "モデル名は必要に応じて変更できます:"),
    "zh": ("此处以 qwen-plus 为例，可按需更换模型名称。模型列表：", "模型名称可以更换，见："),
}
for _locale in LOCALES:
    defect(
        "A308",
        "the note on the key in other words",
        "all",
        (
            r"((?://|#) )[^\n]*?((?:String |const |var )?[$\w]+ ?(?:=|:=) ?[\"']sk-xxx[\"'];?)$",
            tuple("«\\1" + words.format(r"\2") + "»" for words in WORDINGS[_locale]),
        ),
        formats=PAGES,
        locales=(_locale,),
        also="L603",
    )
    defect(
        "A308",
        "the note on models in other words",
        "all",
        (
            r"((?://|#) )[^\n]*(\n[ \t]*(?://|#) https:\S*/models)$",
            tuple(rf"«\1{words}»\2" for words in MODELS[_locale]),
        ),
        formats=PAGES,
        locales=(_locale,),
    )

each(
    "A309",
    "only the text of the answer",
    {
        "python-openai": (
            (r"completion\.to_json\(\)", ""),
            (r"print\(\)", "«print(completion.choices[0].message.content)»"),
        ),
        "python-dashscope": (
            (r"print\(response\)", "«print(response.output.choices[0].message.content)»"),
        ),
        "python-http": (
            (r"print\(answer\)", '«print(response.json()["choices"][0]["message"]["content"])»'),
        ),
        "nodejs-openai": (
            (r"^console\.log\(.*", "«console.log(completion.choices[0].message.content);»"),
        ),
        "nodejs-http": (
            (r"^console\.log\(.*", "«console.log(JSON.parse(answer).choices[0].message.content);»"),
        ),
        "java-openai": (
            (
                r"System\.out\.println\(.*",
                "«System.out.println(completion.choices().get(0).message().content().get());»",
            ),
        ),
        "java-dashscope": (
            (
                r"System\.out\.println\(.*",
                "«System.out.println(result.getOutput().getChoices().get(0).getMessage().getContent());»",
            ),
        ),
        "go-openai": (
            (r"fmt\.Println\(.*", "«fmt.Println(completion.Choices[0].Message.Content)»"),
        ),
        "php": (
            (r"^echo .*", "«echo json_decode($answer)->choices[0]->message->content, PHP_EOL;»"),
        ),
    },
    formats=PAGES,
    also="R203",
)
each(
    "A309",
    "words before the answer",
    {
        "python": (
            (
                r"^print\((.*)\)$",
                (
                    '«print("Answer:", \\1)»',
                    "«print('Response: ', \\1)»",
                    '«print(f"Answer: {\\1}")»',
                ),
            ),
        ),
        "nodejs-http": (
            (
                r"^console\.log\(answer\);",
                ('«console.log("Answer:", answer);»', "«console.log(`Answer: ${answer}`);»"),
            ),
        ),
        "java-http": (
            (r"System\.out\.println\((.*)\);", r'«System.out.println("Response: " + \1);»'),
        ),
        "go-http": (
            (
                r"fmt\.Println\((.*)\)",
                (r'«fmt.Println("Response:", \1)»', r'«fmt.Printf("Response: %s\\n", \1)»'),
            ),
        ),
        "csharp": (
            (
                r"^Console\.WriteLine\(answer\);",
                (
                    '«Console.WriteLine($"Response: {answer}");»',
                    '«Console.WriteLine("Response: " + answer);»',
                ),
            ),
        ),
        "php": (
            (
                r"^echo \$answer, PHP_EOL;",
                (
                    "«echo 'Response: ' . $answer, PHP_EOL;»",
                    "«echo 'Response: ', $answer, PHP_EOL;»",
                ),
            ),
        ),
        "curl": (
            (r"^  printf '%s\\n' \"\$answer\"$", "  «printf 'Response: %s\\\\n' \"$answer\"»"),
        ),
    },
    formats=PAGES,
    also="L602",
)
each(
    "A309",
    "an object of Java",
    {
        "java-openai": ((r"System\.out\.println\(.*", "«System.out.println(completion);»"),),
        "java-dashscope": ((r"System\.out\.println\(.*", "«System.out.println(result);»"),),
    },
    formats=PAGES,
)

each(
    "A310",
    "short flags",
    {
        "curl": (
            (
                r"--silent|--header|--show-error|--data",
                lambda found, random: (
                    OPEN
                    + {"--silent": "-s", "--header": "-H", "--show-error": "-S", "--data": "-d"}[
                        found[0]
                    ]
                    + CLOSE
                ),
            ),
        ),
    },
    mends="safe",
)
each(
    "A310",
    "short flags in one",
    {"curl": ((r"--silent --show-error", ("«-sS»", "«-s -S»")),)},
    mends="safe",
)


def _bare_label(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    name = page.sections[number].label.partition(" (")[0]
    return page, page.at(number, label=f"{OPEN}{name}{CLOSE}")


# A heading of text or of a notebook's cell is a line that anything may be.
on_page("A311", "a label that says less than the others", _bare_label, mends="unsafe")


NOTES_ON_OPTION = {
    "en": (
        "Qwen3 models also need enable_thinking.",
        "To switch off thinking, set enable_thinking to false.",
    ),
    "ja": ("Qwen3 モデルでは enable_thinking も必要です。",),
    "zh": ("Qwen3 模型还需要设置 enable_thinking。",),
}
for _locale in LOCALES:
    defect(
        "A312",
        "a note on an option",
        "all",
        (KEY_NOTE, tuple(f"«§ {words}»\\n\\g<0>" for words in NOTES_ON_OPTION[_locale])),
        formats=PAGES,
        locales=(_locale,),
    )


# Behaves

# What a sample does where the answer is an error, by kind.
FAILURE = {
    "python-http": r"^if not response\.ok:\n    sys\.exit\((.*)\)\n",
    "python-dashscope": r"^if response\.status_code != 200:\n    sys\.exit\((.*)\)\n",
    "java-http": r"^ +if \(response\.statusCode\(\) != 200\) \{\n(?:.*\n){2} +\}\n",
    "nodejs-http": r"^if \(!response\.ok\) \{\n(?:.*\n){2}\}\n",
    "go-http": r"^\tif response\.StatusCode .*\n.*\n\t\}\n",
    "csharp": r"^if \(!response\.IsSuccess.*\n\{\n(?:.*\n){2}\}\n",
    "php": r"^\$status = .*\nif \(\$status.*\n(?:.*\n){2}\}\n",
}
# Where the request goes out.
SENT = {
    "python-http": r"requests\.post",
    "python-dashscope": r"(?<=dashscope\.)Generation\.call",
    "java-http": r"HttpClient\.newHttpClient\(\)\.send",
    "nodejs-http": r"(?<=await )fetch",
    "go-http": r"(?<=http\.)DefaultClient\.Do",
    "csharp": r"(?<=client)\.SendAsync",
    "php": r"curl_exec",
}
for _kind, _check in FAILURE.items():
    defect(
        "B401",
        "no look at the status",
        _kind,
        (_check, ""),
        (SENT[_kind], r"«\g<0>»"),
        also="B402 B403 R203",
    )
defect(
    "B401",
    "curl without --fail",
    "curl",
    (r"curl(?= \")", r"«\g<0>»"),
    (r" --fail-with-body", ""),
    mends="safe",
)

each(
    "B402",
    "only the status is shown",
    {
        "python-http": (
            (
                r"^( +)sys\.exit\(f\"HTTP.*\)$",
                (
                    r'\1«sys.exit(f"HTTP {response.status_code}")»',
                    r'\1«sys.exit("The request failed.")»',
                ),
            ),
        ),
        "java-http": (
            (
                r"^( +)System\.err\.println\(\"HTTP.*$",
                (
                    r'\1«System.err.println("HTTP " + response.statusCode());»',
                    r'\1«System.err.println("Request failed: " + response.statusCode());»',
                ),
            ),
        ),
        "nodejs-http": (
            (
                r"^( +)console\.error\(`HTTP.*$",
                (
                    r"\1«console.error(`HTTP ${response.status}`);»",
                    r'\1«console.error("Request failed:", response.status);»',
                ),
            ),
        ),
        "go-http": (
            (
                r"^(\t+)log\.Fatalf\(\"HTTP.*$",
                (
                    r'\1«log.Fatalf("HTTP %d", response.StatusCode)»',
                    r'\1«log.Fatal("HTTP ", response.Status)»',
                ),
            ),
        ),
        "csharp": (
            (
                r"^( +)Console\.Error\.WriteLine\(\$\"HTTP.*$",
                (
                    r'\1«Console.Error.WriteLine($"HTTP {(int)response.StatusCode}");»',
                    r'\1«Console.Error.WriteLine($"Error: {response.StatusCode}");»',
                ),
            ),
        ),
        "php": (
            (
                r"^( +)fwrite\(STDERR, \"HTTP.*$",
                (
                    r'\1«fwrite(STDERR, "HTTP $status" . PHP_EOL);»',
                    r"\1«fwrite(STDERR, 'Error: ' . $status . PHP_EOL);»",
                ),
            ),
        ),
    },
    also="L602",
)
each(
    "B402",
    "curl with --fail",
    {"curl": ((r"--fail-with-body", ("«--fail»", "«-f»")),)},
    also="A310",
)
each(
    "B402",
    "raise_for_status before the body is read",
    {
        "python-http": (
            (
                r"^answer = .*\n" + FAILURE["python-http"][1:] + r"print\(answer\)",
                "«response.raise_for_status()»\nprint(response.json())",
            ),
        )
    },
    also="R204 R203",
)

each(
    "B403",
    "no exit code after an error of the service",
    {
        "python-http": (
            (r"^    sys\.exit\((f\"HTTP.*)\)\nprint", r"    «print(\1, file=sys.stderr)»\nprint"),
        ),
        "python-dashscope": (
            (r"^    sys\.exit\((f\"HTTP.*)\)\nprint", r"    «print(\1, file=sys.stderr)»\nprint"),
        ),
        "java-http": ((r"^( +)(System\.err\.println\(\"HTTP.*)\n.*\n", r"\1«\2»\n"),),
        "nodejs-http": ((r"^( +)(console\.error\(`HTTP.*)\n.*\n", r"\1«\2»\n"),),
        "go-http": (
            (
                r"^(\t+)log\.Fatalf\((\"HTTP.*)\)$",
                (r"\1«log.Printf(\2)»", r"\1«fmt.Fprintf(os.Stderr, \2)»"),
            ),
        ),
        "csharp": (
            (
                r"^( +)(Console\.Error\.WriteLine\(\$\"HTTP.*)\n.*\n",
                (r"\1«\2»\n", r"\1«\2\n\1return 0;»\n"),
            ),
        ),
        "php": ((r"^( +)(fwrite\(STDERR, \"HTTP.*)\n.*\n", r"\1«\2»\n"),),
        "curl": (
            (r"^  (printf '%s\\n' \"\$answer\" >&2)\n  false$", (r"  «\1»", r"  «\1\n  exit 0»")),
        ),
    },
)
each(
    "B403",
    "no exit code where the key is not set",
    {
        "java": ((r"(if \(apiKey[\s\S]*?)System\.exit\(1\);", r"\1«return;»"),),
        "go": ((r"(if apiKey[\s\S]*?)os\.Exit\(1\)", (r"\1«return»", r"\1«os.Exit(0)»")),),
        "csharp": ((r"(IsNullOrEmpty\(apiKey[\s\S]*?)return 1;", r"\1«return 0;»"),),
        "php": ((r"(if \(!\$apiKey[\s\S]*?)exit\(1\);", r"\1«exit(0);»"),),
        "nodejs": ((r"(if \(!apiKey[\s\S]*?)process\.exit\(1\);", r"\1«process.exit(0);»"),),
    },
)
each(
    "B403",
    "an exception that is only shown",
    {
        "python-openai": (
            (
                r"^(completion = [\s\S]*)",
                lambda found, random: (
                    "try:\n"
                    + _indented(found[1], "    ")
                    + "«except Exception as error:»\n    print(error)\n"
                ),
            ),
        ),
        "java": (
            (
                r"^( +System\.out\.println\(.*\n)",
                r"        try {\n    \1        } «catch (Exception e)» {\n            e.printStackTrace();\n        }\n",
            ),
        ),
        "nodejs-openai": (
            (
                r"^(console\.log\(.*\n)",
                r"try {\n  \1} catch (error) {\n  «console.error(error);»\n}\n",
            ),
        ),
        "nodejs-http": (
            (
                r"^(console\.log\(.*\n)",
                r"try {\n  \1} catch (error) {\n  «console.error(error);»\n}\n",
            ),
        ),
    },
    also="B404",
)

each(
    "B404",
    "the error on standard output",
    {
        "java": ((r"^( +)System\.err(?=\.print)", r"\1«System.out»"),),
        "nodejs": ((r"^( +)console\.error(?=\()", r"\1«console.log»"),),
        "csharp": ((r"^( +)Console\.Error(?=\.Write)", r"\1«Console»"),),
        "php": ((r"^( +)fwrite\(STDERR, ((?!curl_error)[^;]*) \. PHP_EOL\);", r"\1«echo \2;»"),),
    },
    mends="safe",
)
each(
    "B404",
    "the error on standard output, in other words",
    {
        "python": ((r"^( +)sys\.exit\((.*)\)$", r"\1«print(\2)»\n\1sys.exit(1)"),),
        "go": ((r"^(\t+)fmt\.Fprintln\(os\.Stderr, ", r"\1«fmt.Println(»"),),
        "php": (
            (r"^( +)fwrite\(STDERR, ((?!curl_error)[^;]*) \. PHP_EOL\);", r"\1«echo \2, PHP_EOL;»"),
        ),
        "curl": ((r"^( +)(echo '.*') >&2$", r"\1«\2»"),),
    },
    mends="any",
    restores=False,
)
each(
    "B404",
    "the answer on standard error",
    {
        "go-http": ((r"^\tfmt\.Println\((.*)\)$", r"\t«println(\1)»"),),
        "go-openai": ((r"^\tfmt\.Println\((.*)\)$", r"\t«println(\1)»"),),
    },
    mends="safe",
)

each(
    "B405",
    "an import that the language spares",
    {
        "nodejs": (
            (r"^(\n)?((?://.*\n)*)(?=\n|import)", r'\g<0>«import fetch from "node-fetch";»\n'),
        ),
        "java": (
            (
                r"^(?=import java)|^(?=import com\.\w+\.[ac])",
                (
                    "«import java.lang.System;»\n",
                    "«import java.lang.String;»\n",
                    "«import java.lang.Exception;»\n",
                ),
            ),
        ),
    },
    mends="safe",
)
each(
    "B405",
    "a library for JSON that the text spares",
    {"java-http": ((r"^(?=import java\.net\.URI)", "«import com.google.gson.Gson;»\n"),)},
    mends="any",
    restores=False,
)

each(
    "B406",
    "a statement twice",
    {
        "go-http": ((r"^(\t)(request\.Header\.Set\(.*\))\n", r"\1\2\n\1«\2»\n"),),
        "java-http": ((r"^( +)(\.header\(.*\))\n", r"\1\2\n\1«\2»\n"),),
        "java": ((r"^( +)(System\.out\.println\(.*\);)\n", r"\1\2\n\1«\2»\n"),),
        "python": ((r"^()(print\(.*\))\n", r"\1\2\n\1«\2»\n"),),
        "nodejs": ((r"^()(console\.log\(.*\);)\n", r"\1\2\n\1«\2»\n"),),
        "csharp": (
            (
                r"^()(Console\.WriteLine\(.*\);|using var client = new HttpClient\(\);)\n",
                r"\1\2\n\1«\2»\n",
            ),
        ),
        "php": (
            (r"^()(echo \$answer, PHP_EOL;|\$answer = curl_exec\(\$curl\);)\n", r"\1\2\n\1«\2»\n"),
        ),
        "go": ((r"^(\t)(fmt\.Println\(.*\))\n", r"\1\2\n\1«\2»\n"),),
    },
    mends="safe",
)
each(
    "B406",
    "a header set again further below",
    {
        "go-http": ((r"^(\t)(request\.Header\.Set\(\"Auth.*\))\n(.*\n)", r"\1\2\n\3\1«\2»\n"),),
        "php": (
            (
                r"^(\$answer = curl_exec.*)",
                r"curl_setopt($curl, CURLOPT_TIMEOUT, 60);\ncurl_setopt($curl, CURLOPT_POST, true);\n«curl_setopt($curl, CURLOPT_TIMEOUT, 60);»\n\1",
            ),
        ),
    },
    mends="any",
    restores=False,
)

each(
    "B407",
    "a call that does nothing",
    {"php": ((r"^(\$answer = curl_exec.*\n)|^(echo .*\n)", r"\g<0>«curl_close($curl);»\n"),)},
    mends="safe",
)
each(
    "B407",
    "a deprecated call",
    {
        "java-http": ((r"URI\.create\(url\)", ("«new URL»(url).toURI()",)),),
        "go-http": ((r"\bio\.ReadAll", "«ioutil.ReadAll»"), (r'^\t"io"$', '\t"io/ioutil"')),
        "csharp": ((r"new HttpClient\(\)", "«new WebClient»()"),),
        "nodejs-http": (
            (
                r"^const answer = await response\.text\(\);",
                "const answer = «new Buffer»(await response.arrayBuffer()).toString();",
            ),
        ),
    },
    also="R203",
)

FLAGS = ("«--request POST» ", "«-X POST» ", "«--location» ", "«-L» ", "«-XPOST» ")
defect(
    "B408",
    "a flag that is not needed",
    "curl",
    (r"(?<=curl )(?=\")|(?<=  )(?=--silent|--header|--data)", FLAGS),
    mends="safe",
    also="A310",
)
defect(
    "B408",
    "a flag on a line of its own",
    "curl",
    (r"^( +)(?=--header|--data)", tuple(rf"\1{flag}\\\n\1" for flag in FLAGS)),
    mends="safe",
    also="A310",
)

each(
    "B409",
    "headers of a shared client",
    {
        "csharp": (
            (r"using var client = new HttpClient\(\);\n", ""),
            (r"client\.SendAsync", "Shared.Client.SendAsync"),
            (
                r"request\.Headers\.Authorization",
                "«Shared.Client.DefaultRequestHeaders.Authorization»",
            ),
            (
                r"\Z",
                "\nstatic class Shared\n{\n    public static readonly HttpClient Client = new HttpClient();\n}\n",
            ),
        ),
    },
)

each(
    "B410",
    "a function that nobody waits for",
    {"nodejs-openai": ((r"^await main\(\);$", "«main();»"),)},
    before=(
        (
            r"^(const completion = [\s\S]*)",
            lambda found, random: (
                "async function main() {\n" + _indented(found[1], "  ") + "}\n\nawait main();\n"
            ),
        ),
    ),
    mends="safe",
)
each(
    "B410",
    "an arrow function that nobody waits for",
    {"nodejs-http": ((r"^await (run\(\));$", r"«\1»;"),)},
    before=(
        (
            r"^(const response = [\s\S]*)",
            lambda found, random: (
                "const run = async () => {\n" + _indented(found[1], "  ") + "};\n\nawait run();\n"
            ),
        ),
    ),
    mends="unsafe",
)

each(
    "B411",
    "no look at what curl_exec gives",
    {"php": ((r"^if \(\$answer === false\) \{\n(?:.*\n){2}\}\n", ""), (r"curl_exec", r"«\g<0>»"))},
)

# Complete


def _without_language(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A page without one of its languages; its last sample is where that is said."""
    gone = page.sections[number].language
    left = [one for one in page.sections if one.language != gone]
    last = left[-1]
    first, rest = last.code.split("\n", 1)
    left[-1] = replace(last, code=f"{OPEN}{first}{CLOSE}\n{rest}")
    return page, replace(page, sections=tuple(left))


on_page("C501", "no sample in a language", _without_language, mends="any", restores=False)


def _without_sdk(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A page on which one language has only plain HTTP; there it is said."""
    gone = page.sections[number]
    left = [one for one in page.sections if one != gone]
    at = next(at for at, one in enumerate(left) if one.language == gone.language)
    first, rest = left[at].code.split("\n", 1)
    left[at] = replace(left[at], code=f"{OPEN}{first}{CLOSE}\n{rest}")
    return page, replace(page, sections=tuple(left))


on_page("C503", "no sample with an SDK", _without_sdk, kinds="sdk", mends="any", restores=False)


def _without_regions(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A page that names no region; its first sample with a URL is where that is said."""
    codes = [re.sub(REGION_NOTE, "", one.code, flags=re.M) for one in page.sections]
    codes[0] = re.sub(URL, rf"{OPEN}\g<0>{CLOSE}", codes[0], count=1)
    sections = [replace(one, code=code) for one, code in zip(page.sections, codes, strict=True)]
    return page, replace(page, sections=tuple(sections))


on_page("C504", "no region is named", _without_regions, kinds="python-openai python-dashscope")
MORE = {
    "en": ("...", "… the rest of the code", "... existing code ...", "..."),
    "ja": ("...", "…"),
    "zh": ("...", "…"),
}
for _locale in LOCALES:
    defect(
        "C502",
        "code that is left out",
        "all",
        (
            r"^([ \t]*)(?=print\(|console\.log\(|System\.out|fmt\.Println|Console\.WriteLine|echo \$answer|if \[ -z)",
            tuple(rf"\1«§ {words}»\n" + r"\1" for words in MORE[_locale]),
        ),
        locales=(_locale,),
        also="L601",
    )
defect("C502", "an ellipsis", "python", (r"^(?=print\()", ("«...»\n", "«…»\n")), also="R201")
defect(
    "C502",
    "the end left out",
    "all",
    (SHOWN, (r"\1«§ ...»", r"\1«§ …»")),
    also="A309 B404 R204 R201 R203",
)

# Translated

FOREIGN = {
    "en": ("結果を出力します", "モデルを呼び出します。", "打印返回结果", "调用模型并输出结果"),
    "ja": (
        "Print the answer of the model.",
        "Send the request and read the answer",
        "打印模型返回的结果，然后退出程序",
    ),
    "zh": (
        "Print the answer of the model.",
        "Send the request and read the answer",
        "モデルの回答を出力します",
    ),
}
for _locale in LOCALES:
    defect(
        "L601",
        "a note in another language",
        "all",
        (
            r"^([ \t]*)(?=print\(|console\.log\(|System\.out|fmt\.Println|Console\.WriteLine|echo \$answer|if \[ -z)",
            tuple(rf"\1«§ {words}»\n" + r"\1" for words in FOREIGN[_locale]),
        ),
        locales=(_locale,),
    )


def _untranslated_key_note(
    page: Document, number: int, random: Random
) -> tuple[Document, Document]:
    """The notes on the key and the models as they are in English."""
    own = page.sections[number]
    others = document(page.protocol, random.choice([one for one in LOCALES if one != page.locale]))
    english = next(
        one for one in others.sections if (one.language, one.client) == (own.language, own.client)
    )
    pattern = random.choice([KEY_NOTE, KEY_LINK, MODEL_NOTE])
    note = re.search(pattern, english.code, re.M)
    assert note
    lines = note[0].split("\n", 1)
    marked = re.sub(r"^([ \t]*)(.*)$", rf"\1{OPEN}\2{CLOSE}", lines[0]) + "\n" + lines[1]
    code = re.sub(pattern, lambda _: marked, own.code, count=1, flags=re.M)
    return page, page.at(number, code=code)


on_page(
    "L601", "a note that was left as it was", _untranslated_key_note, also="A308", formats=FORMATS
)

TOLD = {
    "ja": "環境変数 DASHSCOPE_API_KEY を設定してください。",
    "zh": "请先配置环境变量 DASHSCOPE_API_KEY。",
}
ENGLISH = "Set the environment variable DASHSCOPE_API_KEY."


def _untranslated_message(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A page of translated messages, but for one."""
    told = TOLD[page.locale]
    sections = tuple(replace(one, code=one.code.replace(ENGLISH, told)) for one in page.sections)
    page = replace(page, sections=sections)
    code = page.sections[number].code
    return page, page.at(
        number, code=re.sub(rf"(.){told}\1", rf"{OPEN}\g<1>{ENGLISH}\g<1>{CLOSE}", code)
    )


on_page("L602", "a message in English", _untranslated_message, locales=("ja", "zh"))

TERMS = {
    "ja": (
        ("リクエスト本文", "リクエストボディ"),
        ("レスポンス本文", "レスポンスボディ"),
        ("Model Studio", "モデルスタジオ"),
    ),
    "zh": (("API Key", "API 密钥"), ("API Key", "API-KEY"), ("请求体", "请求正文")),
}
SAYS = {"ja": "次のコードは {} の例です。", "zh": "以下代码是 {} 的示例。"}


def _other_term(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """One term in two forms, in the comments of all samples or in the prose above one."""
    usual, other = random.choice(TERMS[page.locale])
    sections = [replace(one, code=_with_note(one, usual, page)) for one in page.sections]
    page = replace(page, sections=tuple(sections))
    said = f"{OPEN}{other}{CLOSE}"
    if random.random() < 0.5:
        before, after = (
            page.at(number, prose=SAYS[page.locale].format(it)) for it in (usual, said)
        )
        return before, after
    note = SAYS[page.locale].format
    code = page.sections[number].code.replace(note(usual), note(said))
    return page, page.at(number, code=code)


def _with_note(one: Section, word: str, page: Document) -> str:
    """A sample's code with a note that uses a term."""
    mark = "#" if one.language in ("python", "curl") else "//"
    note = f"{mark} {SAYS[page.locale].format(word)}"
    return re.sub(KEY_NOTE, rf"{note}\n\g<0>", one.code, count=1, flags=re.M)


on_page(
    "L603",
    "a term in another form",
    _other_term,
    locales=("ja", "zh"),
    mends="unsafe",
    formats=PROSE,
)

# Safe

REAL_KEY = "sk-3f9a1c27be5d4806a2c1e7f0b9d84e63"
KEYS = ("sk-xxx", REAL_KEY, "YOUR_API_KEY", "your-api-key", "<YOUR_API_KEY>", "sk-your-key-here")
each(
    "S701",
    "a key in place of its variable",
    {
        "python java go csharp": (
            (
                r"(?:os\.getenv|System\.getenv|os\.Getenv|Environment\.GetEnvironmentVariable)\(\"DASHSCOPE_API_KEY\"\)",
                tuple(f'"«{key}»"' for key in KEYS),
            ),
        ),
        "nodejs": ((r"process\.env\.DASHSCOPE_API_KEY", tuple(f'"«{key}»"' for key in KEYS)),),
        "php": ((r"getenv\('DASHSCOPE_API_KEY'\)", tuple(f"'«{key}»'" for key in KEYS)),),
        "curl": ((r"(?<=api_key=)\$DASHSCOPE_API_KEY", tuple(f"'«{key}»'" for key in KEYS)),),
    },
    also="A306 A307 A308 R203 R204 R206",
)
each(
    "S701",
    "a key in the header",
    {
        "python-http": ((r"(?<=Bearer )\{api_key\}", (f"«{REAL_KEY}»", "«sk-xxx»")),),
        "nodejs-http": ((r"(?<=Bearer )\$\{apiKey\}", (f"«{REAL_KEY}»", "«sk-xxx»")),),
        "curl": ((r"(?<=Bearer )\$api_key", (f"«{REAL_KEY}»", "«sk-xxx»")),),
        "java-http": ((r'"Bearer " \+ apiKey', (f'"Bearer «{REAL_KEY}»"', '"Bearer «sk-xxx»"')),),
    },
    also="A306 A307 A308 R206",
)
defect(
    "S701",
    "a real key in a note",
    "all",
    (r"(?<=[\"'])sk-xxx(?=[\"'])", f"«{REAL_KEY}»"),
    also="A306 A308 R206",
)

each(
    "S702",
    "an answer that is run",
    {
        "python": (
            (
                r"^(?=print\()",
                (
                    "«os.system(»str(answer))\n",
                    "«eval(»str(answer))\n",
                    "«exec(»str(answer))\n",
                    "subprocess.run(str(answer), «shell=True»)\n",
                ),
            ),
        ),
        "nodejs": (
            (
                r"^(?=console\.log)",
                (
                    "«eval(»String(answer));\n",
                    "«new Function(»String(answer))();\n",
                    "«execSync(»String(answer));\n",
                ),
            ),
        ),
        "php": (
            (
                r"^(?=echo )",
                (
                    "«eval(»$answer);\n",
                    "«shell_exec(»$answer);\n",
                    "«system(»$answer);\n",
                    "«passthru(»$answer);\n",
                ),
            ),
        ),
        "java": (
            (
                r"^( +)(?=System\.out)",
                (
                    r"\1«Runtime.getRuntime().exec(»String.valueOf(1));\n\1",
                    r'\1«new ProcessBuilder("sh", "-c"», String.valueOf(1)).start();\n\1',
                ),
            ),
        ),
        "go": (
            (
                r"^(\t)(?=fmt\.Println)",
                (
                    r'\1«exec.Command("sh"», "-c", os.Args[1]).Run()\n\1',
                    r'\1«exec.Command("bash"», "-c", os.Args[1]).Run()\n\1',
                ),
            ),
        ),
        "csharp": (
            (
                r"^(?=Console\.WriteLine)",
                ("«Process.Start(»answer);\n", '«Process.Start(»"bash", answer);\n'),
            ),
        ),
        "curl": (
            (
                r"^(  printf '%s\\n' \"\$answer\")$",
                (r'  «eval» "$answer"', r"\1 «| sh»", r"\1 «| bash»"),
            ),
        ),
    },
    also="R203 R207 B406 A309",
)
each(
    "S702",
    "a shell in the body",
    {
        "curl": (
            (
                r"^      --data @-$",
                (
                    r'      --data "{\\"model\\": \\"qwen-plus\\", \\"messages\\": [{\\"role\\": \\"user\\", \\"content\\": \\"«$(»cat prompt.txt)\\"}]}"',
                ),
            ),
        ),
    },
    also="A301 A302 A304 A306 T103 C501",
)

each(
    "S703",
    "a certificate that is not checked",
    {
        "python-http": ((r"^(    )(headers=.*)$", r"\1\2\n\1«verify=False»,"),),
        "python-openai": (
            (r"^(    )api_key=api_key,$", r"\g<0>\n\1http_client=httpx.Client(«verify=False»),"),
        ),
        "nodejs": (
            (r"^(?=const apiKey)", ('process.env.«NODE_TLS_REJECT_UNAUTHORIZED» = "0";\n',)),
        ),
        "php": (
            (
                r"^(    )CURLOPT_RETURNTRANSFER => true,$",
                (
                    r"\g<0>\n\1«CURLOPT_SSL_VERIFYPEER => false»,",
                    r"\g<0>\n\1«CURLOPT_SSL_VERIFYHOST => 0»,",
                ),
            ),
        ),
        "go-http": (
            (
                r"http\.DefaultClient",
                "(&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{«InsecureSkipVerify: true»}}})",
            ),
        ),
        "csharp": (
            (
                r"new HttpClient\(\)",
                (
                    "new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.«DangerousAcceptAnyServerCertificateValidator» })",
                    "new HttpClient(new HttpClientHandler { «ServerCertificateCustomValidationCallback = (_, _, _, _) => true» })",
                ),
            ),
        ),
        "java-http": (
            (
                r"HttpClient\.newHttpClient\(\)",
                "HttpClient.newBuilder().sslContext(«TrustAllCertificates».context()).build()",
            ),
        ),
        "curl": (
            (r"(?<=curl )(?=\")|(?<=  )(?=--silent|--header|--data)", ("«--insecure» ", "«-k» ")),
        ),
    },
    also="R206 A307 B401 R203 R202 A310",
)

# Managed


def _changed_by_hand(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A managed sample that somebody changed."""
    page = managed(page)
    code = page.sections[number].code
    old, new = random.choice(
        [
            ("qwen-plus", "«qwen-max»"),
            ("Who are you?", "«Hello»"),
            ("a helpful assistant", "«an assistant»"),
            ("HTTP", "«Error»"),
            ("dashscope-intl.aliyuncs.com", "«dashscope.aliyuncs.com»"),
        ]
    )
    if old not in code:
        old, new = "Who are you?", "«Hello»"
    return page, page.at(number, code=code.replace(old, new, 1))


def _managed_gone(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A managed sample of which a line is gone."""
    page = managed(page)
    lines = page.sections[number].code.splitlines(keepends=True)
    at = random.choice(
        [
            n
            for n in range(1, len(lines) - 2)
            if lines[n].strip() and lines[n + 1].strip() and lines[n] != lines[n + 1]
        ]
    )
    below = lines[at + 1].rstrip("\n")
    code = "".join([*lines[:at], f"{OPEN}{below}{CLOSE}\n", *lines[at + 2 :]])
    return page, page.at(number, code=code)


on_page(
    "M801",
    "a managed sample that was changed",
    _changed_by_hand,
    mends="safe",
    also="*",
    formats=MANAGES,
)
on_page(
    "M801",
    "a managed sample that lost a line",
    _managed_gone,
    mends="safe",
    also="*",
    formats=MANAGES,
)


def _bad_marker(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A marker that asks for what there is not."""
    page = managed(page)
    one = page.sections[number]
    marker = random.choice(
        [
            one.marker.replace(f"lang={one.language}", "lang=golangg"),
            one.marker.replace(f"lang={one.language} ", ""),
            f"{one.marker} region=bejing",
            f"{one.marker} model=",
            f"{one.marker} modle=qwen-plus",
            one.marker.replace("locale=", "local="),
            one.marker.replace(f"protocol={page.protocol}", "protocol=grpc"),
        ]
    )
    return page, page.at(number, marker=f"{OPEN}{marker}{CLOSE}")


def _no_end(page: Document, number: int, random: Random) -> tuple[Document, Document]:
    """A marker whose end is gone."""
    page = managed(page)
    return page, page.at(number, marker=f"{OPEN}{page.sections[number].marker}{CLOSE}", end="")


on_page("M802", "a marker for nothing that is", _bad_marker, formats=MANAGES)
# In a source file the part ends where the file does.
on_page(
    "M802",
    "a marker without an end",
    _no_end,
    formats=[it for it in MANAGES if it != "source"],
)


# Cases


class Case(NamedTuple):
    """A defect, planted in one kind of sample on one page."""

    defect: Defect
    kind: str
    form: Format
    turn: int

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return (
            f"{self.defect.rule} {self.defect.name} | {self.kind} | {self.form.name} | {self.turn}"
        )

    def pages(self) -> tuple[Page, Page]:
        """The correct page, and the one with the defect in it, at a place that its name decides."""
        random = Random(self.name)
        locale = random.choice(self.defect.locales)
        language_id, _, client = self.kind.partition("-")
        protocol = client if client != "http" else random.choice(protocol_ids())
        page = document(protocol, locale)
        wanted = (language_id, "http" if client == "http" else "sdk")
        kinds = [(one.language, one.client) for one in page.sections]
        number = kinds.index(wanted)
        if self.form.name == "source":
            page, number = alone(page, number), 0
        before, after = self.defect.plants[self.kind](page, number, random)
        return page_of(self.form, before), page_of(self.form, after)


def cases(turns: int = 1) -> list[Case]:
    """Each defect in each kind of sample and each format that it is for, so many times."""
    return [
        Case(one, kind, FORMATS[form], turn)
        for one in DEFECTS
        for kind in one.plants
        for form in one.formats
        for turn in range(turns)
    ]


def some(most: int) -> list[Case]:
    """So many of the cases: each defect has its turn, and the kinds and formats take turns."""
    random = Random("planted")
    by_defect: dict[int, list[Case]] = {}
    for case in cases():
        by_defect.setdefault(id(case.defect), []).append(case)
    taken: list[Case] = []
    waiting = list(by_defect.values())
    for found in waiting:
        random.shuffle(found)
    while waiting and len(taken) < most:
        taken += [found.pop() for found in waiting]
        waiting = [found for found in waiting if found]
    return taken[:most]
