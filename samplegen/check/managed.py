"""The parts of a page that samplegen writes: what their markers ask for, and how it is written.

    <!-- samplegen: lang=go region=beijing -->
    (a fence with the sample)
    <!-- /samplegen -->

In a source file the part goes on to the file's end where no marker ends it. Where a format
has no writer here, as plain text and notebooks, a sample that is there is kept up to date.

With `lang=all`, or several languages, it is a tab set in the form of a site builder:

    <!-- samplegen: lang=all tabs=mkdocs example=streaming -->

Options are `lang`, `tabs`, `client`, `protocol`, `region`, `model`, `message` (may be repeated),
`workspace`, `locale`, `notes`, `regions`, `titles`, `install`, `flow`, `example`; `set.NAME`, a
field of the call, as JSON; and `call`, the name of a call file beside the page. What a marker does
not say is what the configuration says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from samplegen.check.directives import Directive, directives
from samplegen.check.rule import PageView, SampleView
from samplegen.configured import Project
from samplegen.errors import InputError, unknown
from samplegen.languages import language, language_ids
from samplegen.model.call import ROLES
from samplegen.model.call_file import read_call
from samplegen.model.catalog import Catalog
from samplegen.pages import PublishedSample, format_of
from samplegen.rendering.sample import Sample
from samplegen.sites import asking, site, site_names
from samplegen.sites.asking import OPTIONS, Said, Wanted
from samplegen.sites.base import Place, Site
from samplegen.sites.samples import groups


class Part(NamedTuple):
    """A managed part of a page: its markers, and the code between them.

    `closing` is None where it is never closed.
    """

    opening: Directive
    closing: Directive | None
    published: tuple[PublishedSample, ...]


def parts(page: PageView) -> Sequence[Part]:
    """The managed parts of a page, in order.

    Raises:
        InputError: a comment for samplegen makes no sense.
    """
    known = page.worked_out.get(("parts", None))
    if known is None:
        known = page.worked_out["parts", None] = tuple(_parts(page))
    found: Sequence[Part] = known
    return found


def _parts(page: PageView) -> Iterator[Part]:
    opening: Directive | None = None
    for one in directives(page.path, page.text, page.published):
        if not one.closes and one.words.startswith("ignore"):
            continue
        if opening and not one.closes:
            yield Part(opening, None, ())
        if one.closes:
            yield Part(opening or one, one if opening else None, _between(page, opening, one))
        opening = None if one.closes else one
    if opening:
        end = len(page.text)
        in_source = format_of(page.path) == "source"
        closing = Directive("", True, end, end, end, end) if in_source else None
        yield Part(opening, closing, ())


def is_managed(sample: SampleView, page: PageView) -> bool:
    """Whether a sample is samplegen's: its marker decides of it."""
    return any(sample.published is one for part in parts(page) for one in part.published)


def _between(
    page: PageView, opening: Directive | None, closing: Directive
) -> tuple[PublishedSample, ...]:
    if opening is None:
        return ()
    low, high = opening.end, closing.start
    return tuple(one for one in page.published if low <= one.spans.start(0) < high)


def wanted(opening: Directive, page: PageView) -> Wanted:
    """The samples that a marker asks for.

    Raises:
        InputError: it asks for what there is not.
    """
    known = page.worked_out.get(("wanted", opening.words))
    if known is None:
        known = page.worked_out["wanted", opening.words] = _wanted(opening, page)
    found: Wanted = known
    return found


# Formats whose samples have a place above them.
_WITH_PLACE_ABOVE = frozenset({"markdown", "html", "rst", "asciidoc"})


def _wanted(opening: Directive, page: PageView) -> Wanted:
    said = _said(opening)
    above = format_of(page.path) in _WITH_PLACE_ABOVE
    if said.options.get("install") == "above" and not above:
        suffix = Path(page.path).suffix
        raise InputError(f"install=above: {suffix} pages have no place above a sample")
    project = Project(page.catalog, page.call, page.settings, page.locale)
    folder = Path(page.path).parent
    return asking.wanted(said, project, lambda name: read_call(folder / name), above=above)


def _said(opening: Directive) -> Said:
    """What a marker says."""
    given: dict[str, str] = {}
    messages: list[dict[str, str]] = []
    fields: dict[str, str] = {}
    for name, value in opening.options():
        kind, dot, field = name.partition(".")
        of_call = kind == "set" and bool(dot)
        if not of_call and name not in OPTIONS:
            raise unknown("option", name, (*OPTIONS, "set.NAME"))
        place, key = (fields, field) if of_call else (given, name)
        if not value:
            raise InputError(f"{name}: has no value: write {name}=VALUE")
        if name == "message":
            messages.append(_message(value))
        elif key in place:
            raise InputError(f"{name}: is there twice")
        else:
            place[key] = value
    if "call" in given and "example" in given:
        raise InputError("call and example both name a call: give one of them")
    return Said(given, messages, fields)


def _message(text: str) -> dict[str, str]:
    role, colon, content = text.partition(":")
    if not colon or role not in ROLES:
        raise InputError(f"message {text!r}: write it as ROLE:TEXT, such as 'user:Hello'")
    return {"role": role, "content": content}


def other_comment(page: PageView, part: Part) -> str | None:
    """The comment that the markers of a part should be, with `{}` for what they say.

    None where they are right, or nobody knows.
    """
    if format_of(page.path) != "markdown":
        return None
    is_mdx = page.text.startswith("{", part.opening.start)
    if Path(page.path).suffix.lower() == ".mdx":
        # MDX 2 and later: an HTML comment is a syntax error.
        return None if is_mdx else "{{/* {} */}}"
    try:
        name = dict(part.opening.options()).get("tabs") or page.settings.tabs
    except InputError:
        return None
    if is_mdx and name in site_names() and "{{/*" not in site(name).opening:
        return site(name).opening
    return None


def _refuse_place(page: PageView, part: Part, chosen: Site | None) -> None:
    """Refuse markers where the page's format or builder does not take them for comments.

    Raises:
        InputError: they are text there, or stop the build.
    """
    opening, form = part.opening, format_of(page.path)
    if "*/" in opening.words and page.text.startswith("{", opening.start):
        raise InputError("'*/' ends a comment of MDX: put the call into a file, as call=FILE")
    lead = page.text[opening.line_start : opening.start]
    if chosen and ">" not in lead and len(lead.expandtabs(4)) % chosen.indent:
        raise InputError(
            f"indent this marker by {chosen.indent} columns, or {2 * chosen.indent}: "
            "the builder takes it for no part of the list else"
        )
    if form == "rst":
        for one in (opening, part.closing):
            if one and _in_paragraph(page.text, one):
                raise InputError("a blank line is missing above this marker: it is text here")


def _in_paragraph(text: str, one: Directive) -> bool:
    """Whether a comment of reStructuredText goes on from a paragraph right above it."""
    above = text[: one.line_start].splitlines()[-2:]
    if not above or not above[-1].strip() or above[-1].lstrip().startswith(".."):
        return False
    last = above[-1]
    indent = len(last) - len(last.lstrip())
    underline = re.fullmatch(r"([!-/:-@[-`{-~])\1+\s*", last)
    return indent == one.start - one.line_start and not underline


class Due(NamedTuple):
    """What is to be written in place of `start:end`: of a sample's code, else of the page.

    Attributes:
        what: is to be written, in words.
        lost: how many lines of the page have something that is its author's, and goes.
    """

    language: str
    view: SampleView | None
    start: int
    end: int
    new: str
    what: str = ""
    lost: int = 0


def due(page: PageView, part: Part) -> Due | None:
    """What is to be written so that a part, which has both ends, is up to date; None if it is.

    Raises:
        InputError: its marker asks for none that there is, or the page cannot hold it.
    """
    key = "due", part.opening.start
    if key not in page.worked_out:
        page.worked_out[key] = _due(page, part)
    found: Due | None = page.worked_out[key]
    return found


def _due(page: PageView, part: Part) -> Due | None:
    assert part.closing is not None
    asked = wanted(part.opening, page)
    _refuse_place(page, part, asked.site)
    if asked.site:
        return _set_due(page, part, asked, asked.site)
    [sample] = asked.samples
    above = asked.settings.install == "above" and sample.install
    if not above and len(part.published) == 1 and part.published[0].language == sample.language:
        # The fence stays as it was written, with its title and whatever else it has.
        view = next(one for one in page.samples if one.published is part.published[0])
        old = view.code
        new = sample.code if old.endswith("\n") else sample.code.removesuffix("\n")
        return None if new == old else Due(sample.language, view, 0, len(old), new)
    start, end = part.opening.line_end, part.closing.line_start
    new = _written(asked, page, part)
    in_source = format_of(page.path) == "source"
    # A fence that waits for its code loses nothing.
    waits = _info_of_empty(page, part) is not None
    lost = 0 if in_source or waits else _lost(page, part, asked)
    if in_source:
        # The marker is a line of the sample that changes, so it is part of the change.
        start = part.opening.line_start
        new = page.text[start : part.opening.line_end] + new
    if new == page.text[start:end]:
        return None
    return Due(sample.language, None, start, end, new, lost=lost)


def _set_due(page: PageView, part: Part, asked: Wanted, chosen: Site) -> Due | None:
    assert part.closing is not None
    form = str(format_of(page.path))
    if form == "openapi":
        lines = [line for one in asked.samples for line in _openapi(one)]
    elif form == "html" and form not in chosen.forms and part.published:
        _refuse_stale(asked, page, part)
        return None
    else:
        _refuse_form(chosen, form, page.path)
        marks = _marks(page, part, chosen)
        of = groups(asked.samples, asked.settings, asked.locale, marks)
        lines = chosen.write(of, _place(page, part, chosen, form))
    start, end = part.opening.line_end, part.closing.line_start
    new = _below_marker(lines, page, part)
    if new == page.text[start:end]:
        return None
    names = ", ".join(dict.fromkeys(language(one.language).name for one in asked.samples))
    what = f"{len(asked.samples)} samples ({names})"
    return Due("", None, start, end, new, what, _lost(page, part, asked))


def _refuse_stale(asked: Wanted, page: PageView, part: Part) -> None:
    """Refuse what a site builder made of samples that have changed since.

    Raises:
        InputError: they have.
    """
    # Builders may write a tab as spaces, and drop the end of the last line.
    now = [_as_built(one.code) for one in asked.samples]
    there = [one for one in part.published if not _installs(one.code, page.catalog)]
    if [_as_built(one.code) for one in there if one.language] != now:
        raise InputError("these samples are not what samplegen renders now: build this page anew")


def _as_built(code: str) -> str:
    return re.sub(r"[ \t]+", " ", code.rstrip("\n"))


def _refuse_form(chosen: Site, form: str, path: str) -> None:
    suffix = Path(path).suffix
    if form in chosen.forms and (not chosen.suffixes or suffix in chosen.suffixes):
        return
    name = next(name for name in site_names() if site(name) is chosen)
    fit = [name for name in site_names() if form in site(name).forms]
    if not fit:
        raise InputError(f"{suffix} pages have no tabs for several samples: name one language")
    instead = f"write tabs={' or tabs='.join(fit)}"
    if form in chosen.forms:
        instead = f"they need {' or '.join(chosen.suffixes)}"
    raise InputError(f"tabs={name}: {suffix} pages cannot have such tabs: {instead}")


def _marks(page: PageView, part: Part, chosen: Site) -> Callable[[Sample], tuple[str, ...]]:
    """What the page's author wrote of the samples of a set."""
    left: dict[str, list[tuple[str, str]]] = {}
    for one, head in _heads(page, part):
        if _installs(one.code, page.catalog):
            continue
        left.setdefault(one.language or "", []).append((one.info, head))

    def marks(sample: Sample) -> tuple[str, ...]:
        there = left.get(sample.language)
        return chosen.marks(*there.pop(0), sample.code) if there else ()

    return marks


def _heads(page: PageView, part: Part) -> Iterator[tuple[PublishedSample, str]]:
    """The code of a part, each with the lines of its block above it."""
    low = part.opening.line_end
    for one in part.published:
        lines = page.text[low : one.spans.start(0)].splitlines()
        # The last is what the code's own first line begins with.
        above = [line.lstrip(" \t>") for line in lines[:-1]]
        while above and not above[-1]:
            above.pop()
        blank = max((at for at, line in enumerate(above) if not line), default=-1)
        yield one, "\n".join(above[blank + 1 :])
        low = one.spans.end(len(one.code))


def _place(page: PageView, part: Part, chosen: Site, form: str) -> Place:
    """Where a set stands, among the page's others.

    Raises:
        InputError: the page needs imports that cannot stand there.
    """
    every = parts(page)
    alike = [one for one in every if one.closing and _site_of(one, page) is chosen]
    number = [one.opening.start for one in alike].index(part.opening.start) + 1
    missing = frozenset[str]()
    lead = page.text[part.opening.line_start : part.opening.start]
    if lead and form != "html" and not chosen.in_lists:
        raise InputError("such tabs cannot stand in a list or a quote: put the marker outside")
    if chosen.imports:
        own = _outside(page.text, every)
        missing = frozenset(
            name
            for name in chosen.imports
            if not re.search(rf"^import\b[^;\n]*\b{name}\b[^;\n]*\bfrom\b", own, re.M)
        )
        # The first set that can hold them has them for all.
        able = [one for one in alike if one.opening.line_start == one.opening.start]
        if missing and not able:
            lines = " ".join(chosen.imports.values())
            raise InputError(f"write at the top of the page, since no list can hold it: {lines}")
        if missing and able[0].opening.start != part.opening.start:
            missing = frozenset()
    level = _level(page, every, part, form) if chosen.has_headings else 2
    return Place(form, level, number, missing)


def _site_of(part: Part, page: PageView) -> Site | None:
    try:
        return wanted(part.opening, page).site
    except InputError:
        return None


def _outside(text: str, every: Sequence[Part]) -> str:
    """The page's text without what samplegen writes."""
    kept, at = [], 0
    for one in every:
        kept.append(text[at : one.opening.line_end])
        at = max(at, one.closing.line_start if one.closing else one.opening.line_end)
    return "".join([*kept, text[at:]])


class Heading(NamedTuple):
    """A heading of a page: its level, its text, and where it starts."""

    level: int
    title: str
    start: int


_HEADINGS = {
    "markdown": re.compile(
        r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>[^\r\n]*)"
        r"|^(?P<over>\S[^\r\n]*)\r?\n(?P<under>=+|-+)[ \t]*\r?$",
        re.MULTILINE,
    ),
    "asciidoc": re.compile(r"^(?P<marks>={1,6})[ \t]+(?P<title>[^\r\n]*)", re.MULTILINE),
    "html": re.compile(r"<h(?P<level>[1-6])\b[^<>]*>(?P<title>[^<>]*)", re.IGNORECASE),
    "rst": re.compile(
        r"^(?P<over>\S[^\r\n]*)\r?\n(?P<under>([=\-~^\"'`#*+.:_])\3{2,})[ \t]*\r?$", re.MULTILINE
    ),
}


def headings(page: PageView, every: Sequence[Part], form: str) -> list[Heading]:
    """The headings of a page, but for those in code and in managed parts."""
    text = page.text
    hidden = [(one.spans.start(0), one.spans.end(len(one.code))) for one in page.published]
    hidden += [(p.opening.end, p.closing.start) for p in every if p.closing is not None]
    front = re.match(r"\ufeff?---[ \t]*\r?\n.*?^---[ \t]*\r?$", text, re.DOTALL | re.MULTILINE)
    for start, end in [*hidden, *([front.span()] if front else [])]:
        text = text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]
    found = []
    styles: list[str] = []
    for one in _HEADINGS[form].finditer(text):
        said = one.groupdict()
        title = (said.get("title") or said.get("over") or "").strip().rstrip("#").rstrip()
        if form == "html":
            level = int(said["level"])
        elif said.get("under"):
            mark = said["under"][0]
            if mark not in styles:
                styles.append(mark)
            level = "=-".index(mark) + 1 if form == "markdown" else styles.index(mark) + 1
        else:
            level = len(said["marks"])
        found.append(Heading(level, title, one.start()))
    return found


def _level(page: PageView, every: Sequence[Part], part: Part, form: str) -> int:
    """The level of headings below the nearest one above a part."""
    above = [one for one in headings(page, every, form) if one.start < part.opening.start]
    return min(6, above[-1].level + 1) if above else 2


def _lost(page: PageView, part: Part, asked: Wanted) -> int:
    """How many lines between markers have something that is neither a sample nor what holds one."""
    assert part.closing is not None
    chosen = asked.site or _alone(asked, page)
    own = [one.fence_own for one in map(site, site_names()) if not one.labels_fences]
    shown = {one.language for one in asked.samples}
    # Among several, what makes no call is no sample of samplegen's.
    alone = len(part.published) == 1
    calls = {id(one.published): alone or one.standing != "no call" for one in page.samples}
    taken: list[tuple[int, int]] = []
    kept: set[str] = set()
    lost = 0
    for one, head in _heads(page, part):
        if calls.get(id(one)) or _installs(one.code, page.catalog):
            taken.append((one.spans.start(0), one.spans.end(len(one.code))))
        if one.language in shown:
            written = chosen.written(one.info, head)
            kept.update(written)
            lost += _says_more(one.info, written, [chosen.fence_own, *own])
    frames = [site(name).frame for name in site_names()]
    start, end = part.opening.line_end, part.closing.line_start
    at = start
    for line in page.text[start:end].splitlines(keepends=True):
        outside = line
        for low, high in taken:
            if low < at + len(line) and at < high:
                outside = line[: max(0, low - at)] + line[max(0, high - at) :]
        at += len(line)
        said = outside.lstrip(" \t>").rstrip()
        if said and said not in kept and not _FENCE.match(said):
            lost += not any(frame.fullmatch(said) for frame in frames)
    return lost


_FENCE = re.compile(r"`{3,}|~{3,}")
_VERSION = re.compile(r"v?\d[\w.+-]*")


def _installs(code: str, catalog: Catalog) -> bool:
    """Whether code is what installs samples, in any version."""
    lines = {
        _VERSION.sub("", language(id).install(one))
        for id, packages in catalog.packages.items()
        for one in packages.values()
    }
    return _VERSION.sub("", code.strip()) in lines


def _says_more(info: str, written: Iterable[str], own: Iterable[re.Pattern[str]]) -> bool:
    """Whether an info string says more than what stays of it, and what samplegen writes itself."""
    rest = info.removeprefix("{code-block}").strip().partition(" ")[2]
    for one in written:
        rest = rest.replace(one, "", 1)
    for pattern in own:
        rest = pattern.sub("", rest)
    labels = {language(id).name for id in language_ids()}
    return bool(rest.strip()) and rest.strip() not in labels


def _alone(asked: Wanted, page: PageView) -> Site:
    """The builder that reads what an author wrote of a sample alone."""
    name = asked.settings.tabs
    fits = name is not None and format_of(page.path) in site(name).forms
    return site(name if name and fits else "headings")


def _written(asked: Wanted, page: PageView, part: Part) -> str:
    """What belongs between the markers of a sample alone, from a line's end to the next's start.

    Raises:
        InputError: a page of this format cannot hold it.
    """
    [sample] = asked.samples
    form = str(format_of(page.path))
    if form == "source":
        lines = _below(sample, page.text[: part.opening.line_start])
    elif form == "openapi":
        lines = _openapi(sample)
    elif form in _WITH_PLACE_ABOVE:
        settings = asked.settings._replace(titles=False)
        marks = _marks(page, part, _alone(asked, page))
        [group] = groups([sample], settings, asked.locale, marks)
        lines = site("headings").held(group.tabs[0], Place(form))
        lines = ["", *lines, ""] if form == "rst" else lines
        if info := _info_of_empty(page, part):
            lines[0] = re.sub(r"[^`~].*", "", lines[0]) + info
    else:
        suffix = Path(page.path).suffix
        raise InputError(
            f"put one {language(sample.language).name} sample, and nothing else, between the "
            f"markers: in {suffix} pages samplegen replaces it, and adds none"
        )
    return _below_marker(lines, page, part)


def _below_marker(lines: Iterable[str], page: PageView, part: Part) -> str:
    """Lines as they stand below a marker: indented like it, and with its line's end."""
    opening = part.opening
    # Below a list's bullet its item is indented; in HTML that would be the code's.
    before = page.text[opening.line_start : opening.start]
    lead = re.sub(r"[^>\s]", " ", before) if format_of(page.path) != "html" else ""
    eol = _eol(page.text, opening.line_end)
    return eol + "".join(f"{lead}{line}".rstrip(" \t") + eol for line in lines)


def _below(sample: Sample, above: str) -> list[str]:
    """The lines of a source file below its marker.

    Raises:
        InputError: the marker stands above what must be the first line.
    """
    lines = _lines(sample)
    first = lines[0]
    if above.strip() == first:
        return lines[1:]
    if first.startswith(("<?", "#!")):
        raise InputError(f"write this marker below the first line, which is {first}")
    return lines


def _eol(text: str, at: int) -> str:
    """The end of the line that ends at a place."""
    found = re.compile(r"\r\n|\r|\n").match(text, at)
    return found.group() if found else "\n"


_EMPTY = re.compile(r"\s*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\r\n`]*)\s*(?P=fence)\s*")


def _info_of_empty(page: PageView, part: Part) -> str | None:
    """What the page's author wrote behind a fence without code yet; None where there is none."""
    if part.closing is None or format_of(page.path) != "markdown":
        return None
    found = _EMPTY.fullmatch(page.text, part.opening.line_end, part.closing.line_start)
    return found["info"].rstrip() if found else None


def _openapi(sample: Sample) -> list[str]:
    chosen = language(sample.language)
    code = [f"    {line}" if line else "" for line in _lines(sample)]
    return [f"- lang: {chosen.fence}", f"  label: {chosen.name}", "  source: |", *code]


def _lines(sample: Sample) -> list[str]:
    return sample.code.removesuffix("\n").split("\n")
