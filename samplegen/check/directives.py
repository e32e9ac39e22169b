"""What a page says to samplegen in comments: what to ignore, and which samples are managed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from samplegen.check.slips import one_letter_off
from samplegen.errors import InputError
from samplegen.pages import Piece, PublishedSample, Spans, format_of
from samplegen.pages.notebook import markdown_cells
from samplegen.pages.spans import PageLines


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
# A comment of MyST, and a definition of a link that nothing refers to.
_MYST = r"%[ \t]*" + _SAYS.format("myst", r"[^\r\n]*") + r"[ \t]*(?=\r|\n|\Z)"
_LINK = (
    r"\[(?://|comment)\]:[ \t]*(?:#|<>)[ \t]*"
    r"(?:\([ \t]*" + _SAYS.format("link", r"[^\r\n()]*") + r"[ \t]*\)"
    r"|\"[ \t]*" + _SAYS.format("quoted", r"[^\r\n\"]*") + r"[ \t]*\")"
)
_RST = r"\.\.[ \t]+" + _SAYS.format("rst", r"[^\r\n]*") + r"[ \t]*(?=\r|\n|\Z)"
_SLASHES = r"//[ \t]*" + _SAYS.format("slashes", r"[^\r\n]*") + r"[ \t]*(?=\r|\n|\Z)"
_HASH = r"#[ \t]*" + _SAYS.format("hash", r"[^\r\n]*") + r"[ \t]*(?=\r|\n|\Z)"

# A comment stands on a line of its own, perhaps in a quote or as the start of a list's item.
_LEAD = r"^(?P<lead>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){0,9})"
_TRAIL = r"[ \t]*(?=\r|\n|\Z)"
# What is only to be ignored may be said beside tags, and in a row of a table.
_BESIDE = r"(?:[ \t]*(?:<[^<>\r\n]{0,200}>|\|))*"
_IGNORE = r"(?P<beside><!--[ \t]*samplegen:[ \t]*(?P<beside_words>ignore[^\r\n]*?)[ \t]*-->)"


def _pattern(*kinds: str, beside: bool = False) -> re.Pattern[str]:
    alone = rf"{_LEAD}(?P<comment>{'|'.join(kinds)}){_TRAIL}"
    among = rf"|^[ \t>]*{_BESIDE}[ \t]*{_IGNORE}{_BESIDE}{_TRAIL}" if beside else ""
    return re.compile(alone + among, re.MULTILINE)


_BY_FORMAT = {
    "markdown": _pattern(_HTML, _MDX, _MYST, _LINK, beside=True),
    "html": _pattern(_HTML, beside=True),
    "text": _pattern(_HASH, _SLASHES),
    "rst": _pattern(_RST),
    "asciidoc": _pattern(_SLASHES),
    "source": _pattern(_HASH, _SLASHES),
    "env": _pattern(_HASH),
    # JSON has no comments, so this is for YAML only.
    "openapi": _pattern(_HASH),
    "notebook": _pattern(_HTML),
}


# The groups that are no words of a comment.
_WHOLE = ("lead", "comment", "beside")


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
    for prose in _prose(form, text):
        for found in pattern.finditer(prose.text):
            start, end = _place(prose, found, "beside" if found["comment"] is None else "comment")
            if any(low <= start < high for low, high in code):
                continue
            said = {name: value for name, value in found.groupdict().items() if value is not None}
            closes = any(name.endswith("_end") for name in said)
            said = {n: value for n, value in said.items() if n not in _WHOLE}
            words = "".join(said.values()) if not closes else ""
            yield Directive(words.strip(), closes, start, end, *_place(prose, found))


# What stands between the marks of a comment, in any format, or is all of a line.
_COMMENTS = re.compile(
    r"<!--(?P<html>[^\r\n]*?)--!?>|\{/\*(?P<mdx>[^\r\n]*?)\*/\}"
    r"|\[//\]:[ \t]*#[ \t]*(?P<link>\([^\r\n]*\)|\"[^\r\n]*\")"
    r"|^[ \t>]*(?:\.\.|//|#|%|;|--)(?P<line>[^\r\n]*)",
    re.MULTILINE,
)
# Its first word is nearly the one that a marker begins with; behind it something is asked for.
_NEARLY = re.compile(
    r"[ \t(\"]*(?P<close>/|end[ \t-]?)?(?P<name>[A-Za-z]{7,11})[ \t]*:?"
    r"[ \t]*(?P<rest>.*?)[ \t)\"]*\Z"
)
_ASKS = re.compile(
    r"(?:lang|tabs|client|protocol|regions?|model|message|workspace|locale|notes|titles|install|flow|example"
    r"|call|set\.[\w.]+|ignore)\s*="
    r"|ignore(?:-page)?\b"
)
_MARKER = "samplegen"


def nearly(path: str, text: str, published: Iterable[PublishedSample]) -> Iterator[tuple[int, int]]:
    """Where a page has a comment that is nearly one for samplegen, and says nothing to it.

    Its name has a slip in it, its colon is missing, or the format has no such comments.
    """
    form = format_of(path)
    lower = text.lower()
    # A slip leaves one of its halves as it is.
    if form not in _BY_FORMAT or not ("samp" in lower or "legen" in lower):
        return
    published = tuple(published)
    known = {one.start for one in directives(path, text, published)}
    code = [] if form == "source" else [_extent(one) for one in published]
    for prose in _prose(form, text):
        for found in _COMMENTS.finditer(prose.text):
            said = next((one for one in found.groups() if one is not None), "")
            marker = _NEARLY.match(said)
            if marker is None or not _is_meant(marker):
                continue
            lead = len(found[0]) - len(found[0].lstrip(" \t>"))
            start, end = prose.start(found.start() + lead), prose.end(found.end())
            inside = any(low <= start < high for low, high in code)
            shown = prose.text[found.end() : found.end() + 1] == "`"
            if start not in known and not inside and not shown:
                yield start, end


def _is_meant(marker: re.Match[str]) -> bool:
    name = marker["name"].lower()
    if marker["close"]:
        return not marker["rest"] and (name == _MARKER or one_letter_off(name, _MARKER))
    if name != _MARKER and not one_letter_off(name, _MARKER):
        return False
    return _ASKS.match(marker["rest"]) is not None


def _prose(form: str | None, text: str) -> Iterable[Spans]:
    """The parts of a page that comments stand in, as their readers see them."""
    if form == "notebook":
        return markdown_cells(text)
    return [Spans((Piece(text, 0, len(text)),))]


def _place(prose: Spans, found: re.Match[str], group: str | int = 0) -> tuple[int, int]:
    """Where in the page what was found starts and ends."""
    return prose.start(found.start(group)), prose.end(found.end(group))


def _extent(published: PublishedSample) -> tuple[int, int]:
    """Where in its page a sample starts and ends."""
    return published.spans.start(0), published.spans.end(len(published.code))


_EXAMPLES = {
    "rst": ".. samplegen: lang=go",
    "asciidoc": "// samplegen: lang=go",
    "text": "# samplegen: lang=go",
    "source": "# samplegen: lang=go",
    "openapi": "# samplegen: lang=go",
}


def example(path: str) -> str:
    """A marker as a page of that name has it."""
    return f"`{_EXAMPLES.get(str(format_of(path)), '<!-- samplegen: lang=go -->')}`"


class Ignore(NamedTuple):
    """What a comment says to ignore.

    Attributes:
        rules: names of rules, as `select` takes them; `all` where the comment names none.
        start: the comment in the page.
        whole: whether it is said of the whole page.
        sample: what it is said of otherwise; None where nothing follows the comment.
    """

    rules: tuple[str, ...]
    start: int
    whole: bool
    sample: PublishedSample | None

    def covers(self, sample: PublishedSample) -> bool:
        """Whether it is said of a sample of its page."""
        return self.whole or (self.sample is not None and self.sample.spans == sample.spans)


def ignores(path: str, text: str, published: Iterable[PublishedSample]) -> Iterator[Ignore]:
    """What a page's comments say to ignore.

    `ignore` stands for every rule, `ignore=NAME,NAME` for some, both in the next sample;
    `ignore-page` is the same for the whole page.

    Args:
        published: all code of the page, in order.

    Raises:
        InputError: a comment starts with `ignore` and says something else.
    """
    published = tuple(published)
    for directive in directives(path, text, published):
        if not directive.words.startswith("ignore"):
            continue
        try:
            options = directive.options()
        except InputError as error:
            raise at(path, text, directive.start, str(error)) from None
        for name, value in options:
            if name not in ("ignore", "ignore-page"):
                message = f"unknown word {name!r}: write ignore=RULE"
                raise at(path, text, directive.start, message)
            ends = ((one.spans.end(len(one.code)), one) for one in published)
            following = next((one for end, one in ends if end > directive.start), None)
            whole = name == "ignore-page"
            yield Ignore(tuple((value or "all").split(",")), directive.start, whole, following)


# Names of the rule that a sample which fails when it is run breaks, and of all rules.
_RUNS = frozenset({"all", "verified", "does-not-run", "v901"})


def to_run(path: str, text: str, published: Iterable[PublishedSample]) -> list[PublishedSample]:
    """The samples of a page that are in a known language and that no comment says to leave alone.

    Raises:
        InputError: a comment for samplegen makes no sense.
    """
    published = tuple(published)
    left = [
        one
        for one in ignores(path, text, published)
        if any(rule.strip().lower() in _RUNS for rule in one.rules)
    ]
    return [
        sample
        for sample in published
        if sample.language and not any(one.covers(sample) for one in left)
    ]


def at(path: str, text: str, offset: int, message: str) -> InputError:
    """An error that says the line of the page that it is about."""
    return InputError(f"{path}:{PageLines(text).position(offset)[0]}: {message}")
