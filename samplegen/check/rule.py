"""What a rule is, what it sees, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from inspect import getdoc, getfile
from pathlib import Path
from typing import Any

from samplegen.check.examples import Examples
from samplegen.check.language import checks_of
from samplegen.check.problem import Example, Fix, Problem, Severity
from samplegen.check.relevance import (
    Standing,
    calls_another,
    may_call_service,
    names_service,
    standing,
)
from samplegen.languages import language
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.pages import PublishedSample, format_of
from samplegen.pages.naming import from_info
from samplegen.pages.notebook import markdown_cells
from samplegen.readback import ReadCall, can_read, readback
from samplegen.sites.settings import NOTHING_SAID, Settings

__all__ = [
    "REGISTERED",
    "Example",
    "Fix",
    "PageView",
    "Problem",
    "Rule",
    "SampleView",
    "Severity",
    "page_rule",
    "rule",
    "run_rule",
]

# Fixing reads a page again after each round, and most of its samples are as they were.
_readback = lru_cache(maxsize=256)(readback)


@dataclass(frozen=True)
class SampleView:
    """A sample of a page as rules see it: its text, and the call read back from it, once."""

    published: PublishedSample
    catalog: Catalog

    @property
    def language(self) -> str:
        """Samplegen's id of its language."""
        assert self.published.language is not None
        return self.published.language

    @property
    def code(self) -> str:
        """The program."""
        return self.published.code

    @cached_property
    def call(self) -> ReadCall:
        """The call that it makes, as far as its text says it; nothing where none can read it."""
        if not can_read(self.language):
            return ReadCall(language=self.language, complete=False)
        return _readback(self.language, self.code, self.catalog)

    @cached_property
    def standing(self) -> Standing:
        """What it is to the rules: a call of the catalog's service, or what else."""
        if not may_call_service(self.code, self.catalog):
            return "another service" if calls_another(self.code) else "no call"
        if self.is_of_relative:
            return "no reader" if names_service(self.code, self.catalog) else "no call"
        return standing(self.language, self.code, self.call, self.catalog)

    @cached_property
    def is_of_relative(self) -> bool:
        """Whether it is a relative of its language, and the page does not say that it is that."""
        info = self.published.info
        # "curl" is no name of a shell: Windows has one, too.
        is_id = info.strip().lower() == self.language
        named = not is_id and from_info(info, self.code)[1] == self.language
        is_other = checks_of(self.language).is_other(self.code, named=named)
        return is_other and can_read(self.language)

    @property
    def why_unread(self) -> str:
        """Why nothing in it is judged, where it was not read."""
        if self.is_of_relative:
            return "it is for another shell than samplegen reads: it is not checked"
        if can_read(self.language):
            return "the sample is too long, or nested too deep, to be read: it is not checked"
        return f"samplegen has no reader for {language(self.language).name}: it is not checked"

    @cached_property
    def without_comments(self) -> str:
        """The code with blanks in place of comments, so that all else keeps its place."""
        parts = []
        at = 0
        for comment in self.call.comments:
            start, end = comment.start, comment.end
            parts += [self.code[at:start], _blank(self.code[start:end])]
            at = end
        return "".join([*parts, self.code[at:]])

    @cached_property
    def without_texts(self) -> str:
        """The code with blanks in place of comments and of what stands in strings."""
        code = self.without_comments
        if checks_of(self.language).texts_are_code:
            return code
        parts = []
        at = 0
        for start, end in self.call.texts:
            parts += [code[at:start], f'"{_blank(code[start + 1 : end - 1])}"'[: end - start]]
            at = end
        return "".join([*parts, code[at:]])


def _blank(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))


@dataclass(frozen=True)
class PageView:
    """A page as rules see it: its samples in order, and what is known of the whole."""

    path: str
    text: str
    samples: tuple[SampleView, ...]
    catalog: Catalog
    locale: str
    call: Call | None
    """The call that the page documents, where the configuration says it."""
    published: tuple[PublishedSample, ...] = ()
    """All code of the page, also what is in no known language."""
    locale_said: bool = True
    """Whether its path or the configuration says its locale; else that is a guess by its text."""
    settings: Settings = NOTHING_SAID
    """What the configuration says of the samples that samplegen writes."""

    @cached_property
    def calls(self) -> tuple[SampleView, ...]:
        """The samples that call the catalog's service, or are meant to: what rules judge."""
        return tuple(one for one in self.samples if one.standing == "judged")

    @cached_property
    def worked_out(self) -> dict[tuple[str, object], Any]:
        """What several rules ask of the page and takes its time, by what it is."""
        return {}

    @cached_property
    def told(self) -> tuple[SampleView, ...]:
        """The samples that say where a call goes, with which key, and to which model.

        These are `calls`, and those that call through a framework, which does all else.
        """
        return tuple(one for one in self.samples if one.standing in ("judged", "framework"))

    @cached_property
    def cells(self) -> tuple[SampleView, ...]:
        """The samples that are a notebook's own cells: these run one after the other."""
        if format_of(self.path) != "notebook":
            return ()
        prose = [(one.start(0), one.end(len(one.text))) for one in markdown_cells(self.text)]
        starts = [(one, one.published.spans.start(0)) for one in self.samples]
        return tuple(
            one for one, start in starts if not any(low <= start < high for low, high in prose)
        )

    def prose(self) -> Sequence[tuple[int, str]]:
        """The lines that are no code's, with where each starts in the page."""
        return self._prose

    @cached_property
    def _prose(self) -> Sequence[tuple[int, str]]:
        # Several rules go through them.
        return tuple(self._prose_lines())

    def _prose_lines(self) -> Iterator[tuple[int, str]]:
        taken = [(one.spans.start(0), one.spans.start(len(one.code))) for one in self.published]
        at = number = farthest = 0
        for line in self.text.splitlines(keepends=True):
            start, text = at, line.rstrip("\r\n")
            at += len(line)
            end = start + len(text)
            while number < len(taken) and taken[number][0] < end:
                farthest = max(farthest, taken[number][1])
                number += 1
            if text.strip() and farthest <= start:
                yield start, text

    @cached_property
    def unread(self) -> tuple[SampleView, ...]:
        """Such samples that could not be read: see `why_unread`."""
        return tuple(one for one in self.samples if one.standing in ("no reader", "not read"))


SampleCheck = Callable[[SampleView, PageView], Iterable[Problem]]
# Without a sample, the problem's offsets are those of the page's text.
PageCheck = Callable[[PageView], Iterator[tuple["SampleView | None", Problem]]]

# From what failed when a sample was run to what is said of it.
RunCheck = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Rule:
    """A rule. Its reason, for people, is the docstring of its function.

    `strict`: it looks at house style, and is on only where that is asked for.
    `frameworks`: it also looks at samples that call through a framework.
    """

    code: str
    name: str
    group: str
    severity: Severity
    reason: str
    bad: Sequence[Example]
    good: Sequence[Example]
    of_sample: SampleCheck | None = None
    of_page: PageCheck | None = None
    of_run: RunCheck | None = None
    strict: bool = False
    frameworks: bool = False


REGISTERED: list[Rule] = []
"""Every rule of a module that was imported, in the order of their definition."""


def rule(
    code: str,
    name: str,
    severity: Severity = "error",
    *,
    strict: bool = False,
    frameworks: bool = False,
) -> Callable[[SampleCheck], SampleCheck]:
    """Register a function as a rule that looks at one sample.

    Its reason is its docstring, its group the package that its module is in, and its
    examples stand in the TOML file beside that module.

    Args:
        code: the group's letter and a number, such as `T101`.
        name: in kebab case, unique among all rules.
        strict: whether it looks at house style, which most maintainers do not ask for.
        frameworks: whether it also looks at samples that call through a framework.
    """

    def register(check: SampleCheck) -> SampleCheck:
        described = _described(check, code, name, severity, of_sample=check)
        REGISTERED.append(replace(described, strict=strict, frameworks=frameworks))
        return check

    return register


def page_rule(
    code: str, name: str, severity: Severity = "error", *, strict: bool = False
) -> Callable[[PageCheck], PageCheck]:
    """Register a function as a rule that looks at a whole page; see `rule`."""

    def register(check: PageCheck) -> PageCheck:
        described = _described(check, code, name, severity, of_page=check)
        REGISTERED.append(replace(described, strict=strict))
        return check

    return register


def run_rule(code: str, name: str, severity: Severity = "error") -> Callable[[RunCheck], RunCheck]:
    """Register a function as a rule that looks at what failed when a sample ran; see `rule`."""

    def register(check: RunCheck) -> RunCheck:
        REGISTERED.append(_described(check, code, name, severity, of_run=check))
        return check

    return register


def _described(
    check: Callable[..., object],
    code: str,
    name: str,
    severity: Severity,
    of_sample: SampleCheck | None = None,
    of_page: PageCheck | None = None,
    of_run: RunCheck | None = None,
) -> Rule:
    group = check.__module__.split(".")[-2]
    reason = getdoc(check) or ""
    file = Path(getfile(check)).with_suffix(".toml")
    bad, good = Examples(file, "bad"), Examples(file, "good")
    return Rule(code, name, group, severity, reason, bad, good, of_sample, of_page, of_run)
