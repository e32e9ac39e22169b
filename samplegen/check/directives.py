"""What a page says to samplegen in comments: what to ignore, and which samples are managed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from samplegen.errors import InputError
from samplegen.pages import PublishedSample, format_of


class Directive(NamedTuple):
    """A comment for samplegen.

    Attributes:
        words: what it says after `samplegen:`; empty where it ends a managed part.
        closes: whether it is the end of a managed part.
        start, end: the comment in the page.
        line_start, line_end: the line that it stands on, without the line's end.
    """

    words: str
    closes: bool
    start: int
    end: int
    line_start: int
    line_end: int

    def options(self) -> list[tuple[str, str]]:
        """What it says, as names and values, in order; a bare word has the value ''.

        Raises:
            InputError: a quote is not closed.
        """
        try:
            words = shlex.split(self.words)
        except ValueError:
            raise InputError(f"a quote is not closed: {self.words}") from None
        return [(name, value) for name, _, value in (word.partition("=") for word in words)]


_SAYS = r"(?:samplegen:[ \t]*(?P<{0}>{1}?)|(?P<{0}_end>/samplegen))"
_HTML = r"<!--[ \t]*" + _SAYS.format("html", r"[^\r\n]*") + r"[ \t]*-->"
_MDX = r"\{/\*[ \t]*" + _SAYS.format("mdx", r"[^\r\n]*") + r"[ \t]*\*/\}"
_RST = r"\.\.[ \t]+" + _SAYS.format("rst", r"[^\r\n]*") + r"[ \t]*(?=\r|\n|\Z)"
_SLASHES = r"//[ \t]*" + _SAYS.format("slashes", r"[^\r\n]*") + r"[ \t]*(?=\r|\n|\Z)"
_HASH = r"#[ \t]*" + _SAYS.format("hash", r"[^\r\n]*") + r"[ \t]*(?=\r|\n|\Z)"

# A comment stands on a line of its own, perhaps in a quote or as the start of a list's item.
_LEAD = r"^(?P<lead>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){0,9})"
_TRAIL = r"[ \t]*(?=\r|\n|\Z)"


def _pattern(*kinds: str) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?P<comment>{'|'.join(kinds)}){_TRAIL}", re.MULTILINE)


_BY_FORMAT = {
    "markdown": _pattern(_HTML, _MDX),
    "html": _pattern(_HTML),
    "text": _pattern(_HASH, _SLASHES),
    "rst": _pattern(_RST),
    "asciidoc": _pattern(_SLASHES),
    "source": _pattern(_HASH, _SLASHES),
    "openapi": _pattern(_HASH),
}


def directives(path: str, text: str, published: Iterable[PublishedSample]) -> Iterator[Directive]:
    """The comments for samplegen in a page; one in a sample is the sample's.

    Args:
        published: all code of the page.
    """
    form = format_of(path)
    pattern = _BY_FORMAT.get(str(form))
    if pattern is None or "samplegen" not in text:
        return
    code = [] if form == "source" else [_extent(one) for one in published]
    for found in pattern.finditer(text):
        start, end = found.span("comment")
        if any(low <= start < high for low, high in code):
            continue
        said = {name: value for name, value in found.groupdict().items() if value is not None}
        closes = any(name.endswith("_end") for name in said)
        words = "".join(said[n] for n in said if n not in ("lead", "comment") and not closes)
        yield Directive(words.strip(), closes, start, end, found.start(), found.end())


def _extent(published: PublishedSample) -> tuple[int, int]:
    """Where in its page a sample starts and ends."""
    return published.spans.start(0), published.spans.end(len(published.code))
