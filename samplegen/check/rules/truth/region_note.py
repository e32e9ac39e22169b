"""T102 region-note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from samplegen.check.places import Url, line_at, region_of, urls
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.model.catalog import Catalog, Region
from samplegen.readback import Comment

_OF_URL = re.compile(r"(?i)url|endpoint|エンドポイント|端点|地址")
_REPLACES = re.compile(r"(?i)\breplace|\bif you|\bothers?\b|置き換え|ほか|替换|其他")
_SENTENCE = re.compile(r"(?:[^.。]|\.(?!\s))+")
_PRECEDES = re.compile(r"(?i)\b(?:preceding|previous|above)\b|上記|前の行|上一行|上述")


@rule("T102", "region-note")
def region_note(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A note that names one region, at the URL of another one: a key of either gives 401."""
    above: tuple[Comment, list[tuple[int, int, str]]] | None = None
    for comment in sample.call.comments:
        text = sample.code[comment.start : comment.end]
        mentioned = _regions_in(text, page.catalog)
        places = [(place, place + len(word), name) for place, word, name in mentioned]
        last = 0
        for url in urls(text):
            region = region_of(url.host, page.catalog)
            # What stands before the URL above is that one's.
            before = [place for place in places if last <= place[0] and place[1] <= url.start]
            last = url.end
            if region and before and before[-1][2] != region:
                yield _other_region(before[-1], comment, region, page)
            elif region and above and not places and _is_bare(comment, url):
                # A URL that is too long for its line stands on the next one.
                line, named = above
                if named[-1][2] != region and not sample.code[line.end : comment.start].strip():
                    yield _other_region(named[-1], line, region, page)
        above = (comment, places) if places and comment.text.endswith((":", "\uff1a")) else None
        for sentence in _SENTENCE.finditer(text) if places else ():
            inside = [p for p in places if sentence.start() <= p[0] < sentence.end()]
            said = sentence[0]
            if len(inside) != 1 or not _OF_URL.search(said) or _REPLACES.search(said):
                continue
            if urls(said):
                continue
            region = _region_of_line(sample.code, comment, bool(_PRECEDES.search(said)), page)
            if region and region != inside[0][2]:
                yield _other_region(inside[0], comment, region, page)


def _is_bare(comment: Comment, url: Url) -> bool:
    """Whether a comment says nothing but a URL."""
    return len(comment.text) == url.end - url.start


def _other_region(
    place: tuple[int, int, str], comment: Comment, region: str, page: PageView
) -> Problem:
    own = page.catalog.regions[place[2]].label("en")
    others = page.catalog.regions[region].label("en")
    start, end = comment.start + place[0], comment.start + place[1]
    return Problem(start, end, f"the note says {own}, but the URL is the one of {others}")


def _region_of_line(code: str, comment: Comment, precedes: bool, page: PageView) -> str | None:
    """The region of the first URL in the line that a comment speaks of."""
    start, end = line_at(code, comment.start if precedes else comment.code_start)
    if precedes:
        line = code[:start].rstrip().rpartition("\n")[2]
    else:
        # A long URL stands below the name that it is given.
        more = end if code[start:end].rstrip().endswith(("=", "(")) else start
        line = code[start : line_at(code, min(more + 1, len(code)))[1]]
    hosts = (region_of(url.host, page.catalog) for url in urls(line))
    return next((host for host in hosts if host), None)


@lru_cache(maxsize=4096)
def _regions_in(text: str, catalog: Catalog) -> list[tuple[int, str, str]]:
    """Where a text names regions: offset, word and region, in their order."""
    # Names in URLs are no mention.
    plain = list(text)
    for url in urls(text):
        plain[url.start : url.end] = " " * (url.end - url.start)
    bare = "".join(plain)
    found: dict[int, tuple[int, str, str]] = {}
    for name, region in catalog.regions.items():
        for word in _words(region):
            for match in re.finditer(rf"(?<![A-Za-z]){re.escape(word)}(?![a-z])", bare):
                found[match.start()] = (match.start(), word, name)
    mentions: list[tuple[int, str, str]] = []
    for place in sorted(found):
        last = mentions[-1] if mentions else None
        # A name in a name, such as Hong Kong's in that of China's Hong Kong, is the same mention.
        if last is None or last[0] + len(last[1]) <= place:
            mentions.append(found[place])
    return mentions


def _words(region: Region) -> Iterator[str]:
    """The words for a region: its place where a name has a country and a place."""
    labels = [region.name] if isinstance(region.name, str) else region.name.values()
    for label in labels:
        inner = re.search(r"[(\uff08](.+)[)\uff09]", label)
        yield inner[1] if inner else label
