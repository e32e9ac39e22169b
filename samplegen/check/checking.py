"""From a page to findings: which rules look at it, what is ignored, where each finding stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from samplegen.check.directives import Ignore, at, ignores
from samplegen.check.relevance import may_call_service
from samplegen.check.rule import Fix, PageView, Problem, Rule, SampleView, Severity
from samplegen.check.rules import select
from samplegen.errors import InputError
from samplegen.keys import hidden
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.pages import Change, Edit, PublishedSample, changes, read
from samplegen.pages.spans import PageLines, page_lines
from samplegen.rendering.notes import locale_of
from samplegen.rendering.words import worded
from samplegen.sites.settings import NOTHING_SAID, Settings


class SampleRef(NamedTuple):
    """Which sample of a page: its number from 1, its language, and the line it starts on."""

    number: int
    language: str
    line: int


class PageEdit(NamedTuple):
    """`text` in place of a part of the page; lines and columns from 1, offsets in characters."""

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int
    text: str


class PageFix(NamedTuple):
    """The edits that mend a finding, all or none of them; they put `new` in place of `old`."""

    safe: bool
    old: str
    new: str
    edits: tuple[PageEdit, ...]


class Finding(NamedTuple):
    """Something wrong in a page; lines and columns from 1, columns in characters.

    `source` is the page's line on which it starts, with keys hidden.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: str
    name: str
    severity: Severity
    message: str
    sample: SampleRef | None
    fix: PageFix | None
    source: str


class Seen(NamedTuple):
    """A sample that was looked at, and what it is to the rules: a `Standing`."""

    line: int
    language: str
    standing: str


class Found(NamedTuple):
    """A finding and what mends it: an edit of a sample, or a change of the page itself."""

    finding: Finding
    sample: SampleView | None
    edit: Edit | Change | None
    safe: bool


class Plan(NamedTuple):
    """How a page is to be checked.

    Attributes:
        rules: those that are on.
        locale: of its samples' notes; None is what its text is written in.
        call: what it documents, where that is said.
        lenient: the codes of rules that say no more than the default set does.
        settings: what markers need not say.
    """

    rules: tuple[Rule, ...]
    catalog: Catalog
    locale: str | None = None
    call: Call | None = None
    lenient: frozenset[str] = frozenset()
    settings: Settings = NOTHING_SAID


def view(path: str, text: str, plan: Plan) -> PageView:
    """A page as rules see it.

    Raises:
        InputError: the page cannot be read.
    """
    published = tuple(read(path, text))
    said = plan.locale or _locale_in_front_matter(text) or _locale_in_path(path)
    locale = said or _locale_of_text(text, published)
    catalog = worded(plan.catalog, plan.settings.words, locale)
    samples = tuple(SampleView(one, catalog) for one in published if one.language)
    return PageView(
        path,
        text,
        samples,
        catalog,
        locale,
        plan.call,
        published,
        bool(said),
        plan.settings,
    )


def check(page: PageView, plan: Plan) -> list[Found]:
    """What is wrong in a page, from its start to its end.

    Raises:
        InputError: a comment for samplegen makes no sense, or a rule failed.
    """
    ignored = _Ignored(page)
    lines = page_lines(page.text)
    found = [
        _found(page, lines, rule, sample, problem)
        for rule in plan.rules
        for sample, problem in _problems(rule, page)
        if not (problem.strict and rule.code in plan.lenient) and not ignored.covers(rule, sample)
    ]
    return sorted(found, key=lambda one: (one.finding.line, one.finding.column, one.finding.rule))


def seen(page: PageView) -> tuple[Seen, ...]:
    """All code of a page, and what of it the rules judged."""
    known = {one.published.spans.start(0): one for one in page.samples}
    return tuple(_seen(page, one, known.get(one.spans.start(0))) for one in page.published)


def _seen(page: PageView, published: PublishedSample, sample: SampleView | None) -> Seen:
    if sample is not None:
        return Seen(published.line, sample.language, sample.standing)
    unread = may_call_service(published.code, page.catalog)
    return Seen(published.line, published.info, "no reader" if unread else "no call")


def _problems(rule: Rule, page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    try:
        if rule.of_page:
            yield from rule.of_page(page)
        if rule.of_sample:
            for sample in page.told if rule.frameworks else page.calls:
                # Several calls of a program may have the same thing wrong, at one place.
                for problem in dict.fromkeys(rule.of_sample(sample, page)):
                    yield sample, problem
    except InputError as error:
        raise InputError(f"{page.path}: {error}") from error
    except Exception as error:
        # A bug of a rule must not pass for a clean page.
        what = f"{type(error).__name__}: {error}"
        raise InputError(f"{page.path}: rule {rule.code} {rule.name} failed: {what}") from error


def _found(
    page: PageView, lines: PageLines, rule: Rule, sample: SampleView | None, problem: Problem
) -> Found:
    start, end, message, fix, severity, _ = problem
    if sample:
        spans = sample.published.spans
        first = spans.start(start)
        last = spans.end(end) if end > start else first
    else:
        first, last = start, end
    edit: Edit | Change | None = None
    made: Sequence[Change] = ()
    if fix and sample:
        edit = Edit(sample.published, fix.start, fix.end, fix.new)
        made = changes(page.text, *edit)
    elif fix:
        edit = Change(fix.start, fix.end, fix.new)
        made = [edit]
    line, column = lines.position(first)
    finding = Finding(
        page.path,
        line,
        column,
        *lines.position(max(first, last)),
        rule.code,
        rule.name,
        severity or rule.severity,
        message,
        _reference(page, sample) if sample else None,
        _page_fix(lines, made, fix, sample.code if sample else page.text) if fix and made else None,
        hidden(lines[line - 1]),
    )
    return Found(finding, sample, edit, fix.safe if fix else False)


def _reference(page: PageView, sample: SampleView) -> SampleRef:
    number = next(n for n, one in enumerate(page.samples, 1) if one is sample)
    return SampleRef(number, sample.language, sample.published.line)


def _page_fix(lines: PageLines, made: Iterable[Change], fix: Fix, text: str) -> PageFix:
    edits = [
        PageEdit(*lines.position(start), *lines.position(end), start, end, text)
        for start, end, text in made
    ]
    return PageFix(fix.safe, hidden(text[fix.start : fix.end]), fix.new, tuple(edits))


class _Ignored:
    """What the page's own comments say to ignore."""

    def __init__(self, page: PageView) -> None:
        self._everywhere: set[str] = set()
        self._in_sample: dict[int, set[str]] = {}
        for one in ignores(page.path, page.text, page.published):
            codes = _codes(page, one)
            if one.whole:
                self._everywhere |= codes
            elif one.sample is not None:
                self._in_sample.setdefault(one.sample.spans.start(0), set()).update(codes)

    def covers(self, rule: Rule, sample: SampleView | None) -> bool:
        """Whether a finding of a rule in a sample is to be ignored."""
        if rule.code in self._everywhere:
            return True
        if sample is None or not self._in_sample:
            return False
        return rule.code in self._in_sample.get(sample.published.spans.start(0), ())


def _codes(page: PageView, ignore: Ignore) -> set[str]:
    try:
        return {rule.code for name in ignore.rules for rule in select(name)}
    except InputError as error:
        raise at(page.path, page.text, ignore.start, str(error)) from None


_NO_LETTERS = re.compile(r"[\W\d_]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_IN_PATH = re.compile(r"(?:^|[/\\._-])(en|ja|zh)(?=$|[/\\._-])")
# Fewer letters than a sentence tell no language.
_FEWEST_LETTERS = 40


# Front matter is short, and stands first.
_FRONT_MATTER = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(?P<said>[\s\S]{0,5000}?)^\1[ \t]*\r?$", re.M
)
_SAYS_LOCALE = re.compile(r"^(?:lang|language|locale)[ \t]*[:=][ \t]*[\"']?([\w-]+)", re.M)


def _locale_in_front_matter(text: str) -> str | None:
    """The locale that a page's front matter says, if samplegen has it."""
    front = _FRONT_MATTER.match(text)
    said = _SAYS_LOCALE.search(front["said"]) if front else None
    if said is None:
        return None
    try:
        return locale_of(said[1])
    except InputError:
        return None


def _locale_in_path(path: str) -> str | None:
    """The locale that a page's path says."""
    named = _IN_PATH.findall(path)
    return str(named[-1]) if named else None


def _locale_of_text(text: str, published: Iterable[PublishedSample]) -> str:
    """The locale that a page is written in."""
    parts = []
    at = 0
    for start, end in sorted(
        (one.spans.start(0), one.spans.end(len(one.code))) for one in published
    ):
        parts.append(text[at:start])
        at = max(at, end)
    prose = "".join([*parts, text[at:]])
    letters = len(_NO_LETTERS.sub("", prose))
    kana, han = len(_KANA.findall(prose)), len(_HAN.findall(prose))
    if letters < _FEWEST_LETTERS and not kana + han:
        kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    # A character of these says as much as two or three letters.
    if kana * 10 > letters and kana * 10 > han:
        return "ja"
    return "zh" if (kana + han) * 10 > letters else "en"
