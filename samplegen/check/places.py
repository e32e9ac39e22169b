"""Places in code and text: lines, brackets and URLs."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from samplegen.check.problem import Fix
from samplegen.model.catalog import Catalog

# The scheme before it is found backwards: a pattern with it would try every word of a text.
# No letter of another script is part of it: prose in Chinese goes on right behind.
_URL = re.compile(
    r"://(?P<host>(?:[\w.{}$<>-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?)"
    r"(?P<path>(?:/[\w./{}$%#?&=~-]*)?)",
    re.ASCII,
)

_OF_SCHEME = frozenset(string.ascii_letters + string.digits + "_")


class Url(NamedTuple):
    """A URL in a text, without the punctuation behind it; a port belongs to its host."""

    host: str
    path: str
    start: int
    end: int

    @property
    def host_start(self) -> int:
        """Where its host starts."""
        return self.end - len(self.path) - len(self.host)


# Many rules ask for the URLs of the same code, comments and lines.
@lru_cache(maxsize=4096)
def urls(text: str) -> tuple[Url, ...]:
    """The URLs in a text."""
    return tuple(_urls(text))


def _urls(text: str) -> Iterator[Url]:
    last = 0
    for found in _URL.finditer(text):
        start = found.start()
        while start > last and text[start - 1] in _OF_SCHEME:
            start -= 1
        if start == found.start():
            continue
        last = found.end()
        path = found["path"].rstrip(".")
        host = found["host"] if found["path"] else found["host"].rstrip(".")
        yield Url(host, path, start, found.start("host") + len(host) + len(path))


def same_page(url: Url, known: Url) -> bool:
    """Whether a URL means a page that is known: its path may have moved, or have a slip in it."""
    if url.host != known.host:
        return False
    last, right = (one.path.rstrip("/").rsplit("/", 1)[-1] for one in (url, known))
    return last == right or _is_near(url.path, known.path)


@lru_cache(maxsize=1024)
def _is_near(path: str, known: str) -> bool:
    return SequenceMatcher(None, path, known).ratio() > 0.9


def region_of(host: str, catalog: Catalog) -> str | None:
    """The region with that host, a port or none, or with that form of host for a workspace."""
    host = host.lower()
    bare = re.sub(r":\d+\Z", "", host)
    for name, region in catalog.regions.items():
        if {host, bare} & {one.lower() for one in (region.host, *region.aliases) if one}:
            return name
        if region.workspace_host:
            suffix = region.workspace_host.rpartition("}")[2]
            if bare.endswith(suffix) and len(bare) > len(suffix):
                return name
    return None


def line_at(code: str, at: int) -> tuple[int, int]:
    """Where the line with that offset starts and ends, without its line end."""
    end = code.find("\n", at)
    return code.rfind("\n", 0, at) + 1, len(code) if end < 0 else end


def seen_at(code: str, at: int) -> tuple[int, int]:
    """The same without the blanks on both sides."""
    start, end = line_at(code, at)
    line = code[start:end]
    return start + len(line) - len(line.lstrip()), start + len(line.rstrip())


def without_line(code: str, at: int, *, safe: bool = True) -> Fix:
    """The fix that removes the line with that offset."""
    start, end = line_at(code, at)
    if start:
        # Its own line's decoration in the page goes with the end of the line above.
        return Fix(start - 1, end, "", safe)
    end = min(end + 1, len(code))
    while not start and code[end : end + 1] == "\n":
        # A sample does not begin with an empty line.
        end += 1
    return Fix(start, end, "", safe)


def closing(code: str, at: int) -> int | None:
    """Where the bracket that opens at an offset is closed; strings are not looked into."""
    depth = 0
    for found in re.finditer(r"\"(?:\\.|[^\"\\\n])*\"|[()\[\]{}]", code[at:]):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
            if not depth:
                return at + found.start()
    return None


def block_at(code: str, opening: int) -> str:
    """What stands in the braces that open at an offset."""
    end = closing(code, opening)
    return code[opening : len(code) if end is None else end]
