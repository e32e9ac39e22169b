"""What a tab set is, and what the forms of it share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple


class Tab(NamedTuple):
    """A sample in a tab set.

    Attributes:
        label: what readers see.
        value: what the tab is called in the page's source, and stays in step by: `python`.
        fence: the language's name behind a fence.
        code: the program.
        title: its file's name, '' for none.
        marks: what its page's author wrote of it, such as `{2}` behind a fence's language.
        install: what to type before it runs, where that stands above it; '' for none.
        install_fence: the name of the language that `install` is in.
    """

    label: str
    value: str
    fence: str
    code: str
    title: str = ""
    marks: tuple[str, ...] = ()
    install: str = ""
    install_fence: str = "sh"

    @property
    def lines(self) -> list[str]:
        """The program's lines."""
        return self.code.removesuffix("\n").split("\n")

    def of_install(self) -> Tab:
        """What installs it, as a sample of its own."""
        return Tab(self.label, f"{self.value}-install", self.install_fence, self.install)


class Group(NamedTuple):
    """The tabs of one protocol; a set of one group has one level, and no label for it."""

    label: str
    value: str
    tabs: tuple[Tab, ...]


class Item(NamedTuple):
    """A tab of any level: its label, its value, and what it holds."""

    label: str
    value: str
    lines: list[str]


class Place(NamedTuple):
    """Where in a page a set stands.

    Attributes:
        form: the page's format, as `samplegen.pages.format_of` tells it.
        level: of the headings that the set may have.
        number: which set of its page it is, from 1.
        missing: the names that the page does not import yet, of those that the builder needs.
    """

    form: str = "markdown"
    level: int = 3
    number: int = 1
    missing: frozenset[str] = frozenset()


# What tabs of both levels stay in step by.
OF_PROTOCOLS, OF_LANGUAGES = "protocol", "lang"


class Site:
    """How a site builder writes tab sets.

    Attributes:
        forms: the formats of pages that it reads.
        suffixes: of those pages, where not every suffix of a format will do.
        opening: a marker as its Markdown pages have it, with `{}` for what it says.
        has_headings: whether it writes headings, whose level the page tells.
        in_lists: whether its tabs can be indented.
        indent: what its indentation in lists is a multiple of, columns.
        imports: the lines that a page needs, by the name that each imports.
        frame: a line that it writes around samples, other than a fence.
        fence_marks: what an author may write behind a fence's language, and is kept.
        fence_own: what it writes there itself.
        labels_fences: whether that is a tab's label, which may be of any words.
        highlights: of the marks, what counts lines.
        between: the lines between a sample and what installs it.
        files: what its configuration is called, as patterns, in a project's folder or one below.
        sign: what such a file has in it, where others are called so, too.
        tried: which versions were built with its tabs, and what was seen in a browser.
        needs: what its configuration must say for the tabs to work, by what is looked for there.
    """

    forms: ClassVar[tuple[str, ...]] = ("markdown",)
    suffixes: ClassVar[tuple[str, ...]] = ()
    opening: ClassVar[str] = "<!-- {} -->"
    has_headings: ClassVar[bool] = False
    in_lists: ClassVar[bool] = True
    indent: ClassVar[int] = 1
    imports: ClassVar[Mapping[str, str]] = {}
    frame: ClassVar[re.Pattern[str]] = re.compile(r"\Z.")
    fence_marks: ClassVar[re.Pattern[str]] = re.compile(r"\Z.")
    fence_own: ClassVar[re.Pattern[str]] = re.compile(r"\Z.")
    labels_fences: ClassVar[bool] = False
    highlights: ClassVar[re.Pattern[str]] = re.compile(r"\Z.")
    between: ClassVar[tuple[str, ...]] = ("",)
    files: ClassVar[tuple[str, ...]] = ()
    sign: ClassVar[str] = ""
    tried: ClassVar[str] = ""
    needs: ClassVar[Mapping[str, str]] = {}

    def write(self, groups: Sequence[Group], place: Place) -> list[str]:
        """The lines of a set, without markers and indentation.

        Args:
            groups: one for a set of one level.
        """
        if len(groups) == 1:
            return self.languages(groups[0].tabs, place, inner="")
        items = [
            Item(one.label, one.value, self.languages(one.tabs, place, inner=one.value))
            for one in groups
        ]
        return self.tabs(items, OF_PROTOCOLS, place, inner="")

    def languages(self, tabs: Sequence[Tab], place: Place, *, inner: str) -> list[str]:
        """The tabs of samples, alone or in another tab."""
        items = [Item(one.label, one.value, self.held(one, place)) for one in tabs]
        return self.tabs(items, OF_LANGUAGES, place, inner=inner)

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """A set of tabs of one level.

        Args:
            group: what it stays in step by.
            inner: the value of the tab that it stands in; empty for none.
        """
        raise NotImplementedError

    def held(self, tab: Tab, place: Place) -> list[str]:
        """What a tab holds: the sample, below what installs it where that is asked for."""
        sample = self.sample(tab, place)
        if not tab.install:
            return sample
        return [*self.sample(tab.of_install(), place), *self.between, *sample]

    def sample(self, tab: Tab, place: Place) -> list[str]:
        """The sample of a tab: a fence."""
        return fence(tab, self.info(tab))

    def info(self, tab: Tab) -> str:
        """What stands behind a fence's language, but for an author's marks."""
        return ""

    def marks(self, info: str, head: str, code: str) -> tuple[str, ...]:
        """What an author wrote of a sample and stays, as far as the code still has such lines."""
        lines = code.count("\n") + (not code.endswith("\n"))
        found = (self._within(mark, lines) for mark in self.written(info, head))
        return tuple(one for one in found if one)

    def written(self, info: str, head: str) -> list[str]:
        """What an author wrote of a sample that this builder understands.

        Args:
            info: of its fence.
            head: the lines of its block above the code.
        """
        return [one[0] for one in self.fence_marks.finditer(info)]

    def _within(self, mark: str, lines: int) -> str:
        """A mark without the numbers of lines that there are none of."""
        listed = self.highlights.fullmatch(mark)
        if not listed:
            return mark
        start, end = listed.span("lines")
        separator = next((one for one in ",;" if one in listed["lines"]), " ")
        kept = [
            one
            for one in re.split(r"[ ,;]+", listed["lines"].strip())
            if one and all(1 <= int(number) <= lines for number in re.findall(r"\d+", one))
        ]
        return mark[:start] + separator.join(kept) + mark[end:] if kept else ""


def fence(tab: Tab, info: str = "") -> list[str]:
    """A fenced sample, with a fence that is longer than any run of its character in the code."""
    # CommonMark 0.31, "Fenced code blocks".
    mark = "`" * max(3, longest(tab.lines, "`", anywhere=True) + 1)
    words = (tab.fence, info, *tab.marks)
    return [mark + " ".join(word for word in words if word), *tab.lines, mark]


def longest(lines: Iterable[str], mark: str, *, anywhere: bool = False, whole: bool = False) -> int:
    """The longest run of a character that begins a line.

    Args:
        anywhere: also within a line.
        whole: only those that are all of a line.
    """
    run = f"{re.escape(mark)}+"
    pattern = re.compile(run if anywhere else rf"^[ \t]*({run})" + (r"[ \t]*$" if whole else ""))
    return max(
        (len(found[found.lastindex or 0]) for line in lines for found in pattern.finditer(line)),
        default=0,
    )


def indented(lines: Iterable[str], lead: str) -> list[str]:
    """Lines below what they belong to; empty ones stay empty."""
    return [lead + line if line else "" for line in lines]


def attribute(text: str) -> str:
    """A text for between the double quotes of an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
