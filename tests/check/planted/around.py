"""Defects of a page around a sample: what it says, has and marks, and how its samples agree.

Each function makes of a page, the number of a sample, chance and the defect's texts the correct
page, and the one with the defect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from planted.documents import LOCALES, Document, Section, comment_mark, document, managed
from planted.formats import CLOSE, OPEN
from planted.places import PLACES

Texts = Mapping[str, Any]
Pages = tuple[Document, Document]


def no_sdk(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A sentence that is not true, above a sample or at the top."""
    name = random.choice(texts["languages"])
    said = random.choice(texts["said"][page.locale]).format(name)
    if random.random() < 0.5:
        return page, page.at(number, prose=f"{OPEN}{said}{CLOSE}")
    return page, replace(page, prose=f"{page.prose} {OPEN}{said}{CLOSE}")


def contradiction(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """Prose that says the contrary of a sample's comment."""
    one = page.sections[number]
    note = texts["note"].replace("§", comment_mark(one.language))
    line = rf"(?m)^([ \t]*)(?=.*{PLACES['host']})"
    page = page.at(number, code=re.sub(line, rf"\g<1>{note}\n\g<1>", one.code, count=1))
    said = random.choice(texts["said"])
    return page, replace(page, prose=f"{page.prose} {OPEN}{said}{CLOSE}")


def bare_label(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A label without its client."""
    name = page.sections[number].label.partition(" (")[0]
    return page, page.at(number, label=f"{OPEN}{name}{CLOSE}")


def without_language(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A page without one of its languages; its last sample is where that is said."""
    gone = page.sections[number].language
    left = [one for one in page.sections if one.language != gone]
    left[-1] = _first_line_marked(left[-1])
    return page, replace(page, sections=tuple(left))


def without_sdk(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A page on which one language has only plain HTTP; there it is said."""
    gone = page.sections[number]
    left = [one for one in page.sections if one != gone]
    at = next(at for at, one in enumerate(left) if one.language == gone.language)
    left[at] = _first_line_marked(left[at])
    return page, replace(page, sections=tuple(left))


def _first_line_marked(one: Section) -> Section:
    first, rest = one.code.split("\n", 1)
    return replace(one, code=f"{OPEN}{first}{CLOSE}\n{rest}")


def without_regions(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A page that names no region; its first sample with a URL is where that is said."""
    codes = [re.sub(PLACES["region-note"], "", one.code, flags=re.M) for one in page.sections]
    codes[0] = re.sub(PLACES["url"], rf"{OPEN}\g<0>{CLOSE}", codes[0], count=1)
    sections = [replace(one, code=code) for one, code in zip(page.sections, codes, strict=True)]
    return page, replace(page, sections=tuple(sections))


def untranslated_note(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A note on the key or the models as it is in another language."""
    own = page.sections[number]
    others = document(page.protocol, random.choice([one for one in LOCALES if one != page.locale]))
    other = next(
        one for one in others.sections if (one.language, one.client) == (own.language, own.client)
    )
    pattern = PLACES[random.choice(["key-note", "key-link", "models-note"])]
    note = re.search(pattern, other.code, re.M)
    assert note
    first, rest = note[0].split("\n", 1)
    marked = re.sub(r"^([ \t]*)(.*)$", rf"\1{OPEN}\2{CLOSE}", first) + "\n" + rest
    code = re.sub(pattern, lambda _: marked, own.code, count=1, flags=re.M)
    return page, page.at(number, code=code)


def untranslated_message(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A page of translated messages, but for one."""
    english, told = texts["english"], texts["told"][page.locale]
    sections = tuple(replace(one, code=one.code.replace(english, told)) for one in page.sections)
    page = replace(page, sections=sections)
    marked = rf"{OPEN}\g<1>{english}\g<1>{CLOSE}"
    code = re.sub(rf"(.){told}\1", marked, page.sections[number].code)
    return page, page.at(number, code=code)


def other_term(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """One term in two forms, in the comments of all samples or in the prose above one."""
    usual, other = random.choice(texts["terms"][page.locale])
    says = texts["says"][page.locale].format
    sections = []
    for one in page.sections:
        note = rf"{comment_mark(one.language)} {says(usual)}\n\g<0>"
        code = re.sub(PLACES["key-note"], note, one.code, count=1, flags=re.M)
        sections.append(replace(one, code=code))
    page = replace(page, sections=tuple(sections))
    said = f"{OPEN}{other}{CLOSE}"
    if random.random() < 0.5:
        return page.at(number, prose=says(usual)), page.at(number, prose=says(said))
    code = page.sections[number].code.replace(says(usual), says(said))
    return page, page.at(number, code=code)


def changed_by_hand(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A managed sample that somebody changed."""
    page = managed(page)
    code = page.sections[number].code
    old, new = random.choice(texts["changes"])
    if old not in code:
        old, new = texts["otherwise"]
    return page, page.at(number, code=code.replace(old, new, 1))


def lost_line(page: Document, number: int, random: Random, texts: Texts) -> Pages:
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


def bad_marker(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A marker that asks for what there is not."""
    page = managed(page)
    pattern, new = random.choice(texts["changes"])
    marker = re.sub(pattern, new, page.sections[number].marker, count=1)
    return page, page.at(number, marker=f"{OPEN}{marker}{CLOSE}")


def no_end(page: Document, number: int, random: Random, texts: Texts) -> Pages:
    """A marker whose end is gone."""
    page = managed(page)
    return page, page.at(number, marker=f"{OPEN}{page.sections[number].marker}{CLOSE}", end="")


AROUND: dict[str, Callable[[Document, int, Random, Texts], Pages]] = {
    one.__name__: one
    for one in (
        *(no_sdk, contradiction, bare_label, without_language, without_sdk, without_regions),
        *(untranslated_note, untranslated_message, other_term),
        *(changed_by_hand, lost_line, bad_marker, no_end),
    )
}
