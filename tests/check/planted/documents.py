"""What a page says, in whatever format: all samples of a protocol, as samplegen renders them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from samplegen import Call
from samplegen.languages import language
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets


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


LOCALES = tuple(TITLES)


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


def comment_mark(language_id: str) -> str:
    """What a comment begins with."""
    return "#" if language_id in ("python", "curl") else "//"
