"""The usual things that the notes of samples say: which there are, and where they stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from samplegen.check.facts import no_sdk_claims
from samplegen.check.places import region_of, same_page, urls
from samplegen.check.rule import PageView, SampleView
from samplegen.model.catalog import Catalog, Package
from samplegen.pages import format_of
from samplegen.pages.naming import from_label, in_prose
from samplegen.readback import Comment

Kind = Literal["key", "key link", "region", "model", "no SDK"]
SPEAKS_OF: dict[Kind, str] = {
    "key": "what to do where the key's variable is not set",
    "key link": "where to get a key",
    "region": "which region the URL is for",
    "model": "which models there are",
    "no SDK": "that there is no SDK for the language",
}


class Note(NamedTuple):
    """A comment of a sample, or a sentence right above it, that says one of the usual things.

    Attributes:
        start, end: where it stands, in the sample's code or, if not `inside`, in the page.
    """

    kind: Kind
    text: str
    start: int
    end: int
    inside: bool


def comments(sample: SampleView, page: PageView) -> list[Note]:
    """The notes in the comments of a sample."""
    found: list[Note] = []
    above: Comment | None = None
    for one in sample.call.comments:
        kind = _kind(one.text, page.catalog)
        if kind:
            if above and not wording(one.text) and _touch(sample, above, one):
                # What a link is for stands above it.
                found.append(Note(kind, above.text, above.start, above.end, True))
            found.append(Note(kind, one.text, one.start, one.end, True))
        above = None if kind else one
    return found


def _touch(sample: SampleView, above: Comment, below: Comment) -> bool:
    """Whether a comment stands on the line right above another one."""
    between = sample.code[above.end : below.start]
    return between.count("\n") <= 1 and not between.strip()


def sentences(sample: SampleView, page: PageView) -> list[Note]:
    """The notes in the lines of prose between the heading above a sample and the sample."""
    return [note for start, line in above(sample, page) for note in _of_line(start, line, page)]


_SENTENCE = re.compile(r"\S.*?(?=\.\s+[A-Z]|$)\.?")


def _of_line(at: int, line: str, page: PageView) -> list[Note]:
    """The notes of a line: each reaches over its sentences to the next note."""
    found: list[Note] = []
    for sentence in _SENTENCE.finditer(line):
        kind = _kind(sentence[0], page.catalog)
        last = found[-1] if found else None
        if last and kind in (None, last.kind):
            end = at + sentence.end()
            found[-1] = last._replace(text=line[last.start - at : sentence.end()], end=end)
        elif kind:
            found.append(Note(kind, sentence[0], at + sentence.start(), at + sentence.end(), False))
    return found


@lru_cache(maxsize=1024)
def _kind(text: str, catalog: Catalog) -> Kind | None:
    """What a note is about."""
    found = urls(text)
    key_page, model_page = (
        any(same_page(url, urls(link)[0]) for url in found for link in links)
        for links in catalog.every_link
    )
    if re.search(r"[\"'\s]sk-\w*", text):
        return "key"
    if key_page or re.search(r"API keys for the .* differ", text):
        return "key link"
    if model_page:
        return "model"
    if any(region_of(url.host, catalog) for url in found) or re.search(
        r"(?i)\burl for\b|使用する URL|使用的 URL", text
    ):
        return "region"
    if catalog.defaults.model in text and re.search(r"(?i)\bmodels?\b|モデル|模型", text):
        return "model"
    if any(not package for _, package in no_sdk(text, catalog)):
        return "no SDK"
    return None


def no_sdk(text: str, catalog: Catalog) -> Iterator[tuple[re.Match[str], Package | None]]:
    """Where a text says that there is no SDK for a language, and the one that there is."""
    for claim in no_sdk_claims():
        for found in claim.finditer(text):
            language = from_label(found["language"].rstrip("."))[1]
            packages = catalog.packages.get(language or "", {})
            yield found, packages.get(f"{found['maker'].lower()}-sdk")


_LINES_ABOVE = 6
# Between a notebook's cells stand a dozen lines of JSON.
_LINES_ABOVE_CELL = 18


def above(sample: SampleView, page: PageView) -> Iterator[tuple[int, str]]:
    """The lines of prose right above a sample, each with where it starts in the page."""
    start = sample.published.spans.start(0)
    before = bisect_left(page.samples, start, key=lambda one: one.published.spans.start(0))
    last = page.samples[before - 1] if before else None
    at = last.published.spans.end(len(last.code)) if last else 0
    lines = page.text[at:start].split("\n")
    most = _LINES_ABOVE_CELL if format_of(page.path) == "notebook" else _LINES_ABOVE
    skipped = lines[:-most]
    at += sum(len(line) + 1 for line in skipped)
    for line in lines[len(skipped) :]:
        yield at, line.rstrip()
        at += len(line) + 1


_PASTE = re.compile(
    r"(?:[A-Za-z?]+\s+)?[A-Za-z_.$]+\s*(?::=|=>|=|:|\()\s*[\"']sk-[^\"']*[\"']\)*[;,]?"
)


@lru_cache(maxsize=1024)
def wording(text: str) -> str:
    """A note without what differs between languages: the line to paste, URLs and marks."""
    for url in reversed(urls(text)):
        text = text[: url.start] + text[url.end :]
    text = _PASTE.sub(" ", text)
    text = re.sub(r"\b(?:base_url|baseURL)\b", "URL", text)
    # A note on what there is for a language names it.
    text = in_prose().sub(" ", text)
    return re.sub(r"[\s.:;,。]+", " ", text).strip()
