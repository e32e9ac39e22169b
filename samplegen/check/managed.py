"""The parts of a page that samplegen writes: what their markers ask for, and how it is written.

    <!-- samplegen: lang=go region=beijing -->
    (a fence with the sample)
    <!-- /samplegen -->

In a source file the part goes on to the file's end where no marker ends it. Where a format
has no writer here, as plain text and notebooks, a sample that is there is kept up to date.

With `lang=all`, or several languages, it is a tab set in the form of a site builder:

    <!-- samplegen: lang=all tabs=mkdocs example=streaming -->

Options are `lang`, `tabs`, `client`, `protocol`, `region`, `model`, `message` (may be repeated),
`workspace`, `locale`, `notes`, `regions`, `titles`, `flow`, `example`; `set.NAME`, a field of the
call, as JSON; and `call`, the name of a call file beside the page. What a marker does not say is
what the configuration says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from samplegen.check.directives import Directive, directives
from samplegen.check.rule import PageView, SampleView
from samplegen.errors import InputError, unknown
from samplegen.examples import EXAMPLES, path_of
from samplegen.languages import language
from samplegen.model.call import ROLES, Call
from samplegen.model.call_file import read_call
from samplegen.model.catalog import builtin
from samplegen.model.fields import set_field
from samplegen.pages import PublishedSample, format_of
from samplegen.rendering.notes import locale_of
from samplegen.rendering.sample import Sample
from samplegen.rendering.words import worded
from samplegen.sites import site, site_names
from samplegen.sites.base import Place, Site
from samplegen.sites.samples import ALL, Asked, groups, samples
from samplegen.sites.settings import Settings

OPTIONS = (
    "lang",
    "tabs",
    "client",
    "protocol",
    "region",
    "model",
    "message",
    "workspace",
    "locale",
    "notes",
    "regions",
    "titles",
    "flow",
    "example",
    "call",
)
_OF_CALL = ("region", "model", "workspace")
# What an example leaves to the call that the configuration says.
_OF_PLACE = ("protocol", "region", "workspace", "workspace_by")


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


class Wanted(NamedTuple):
    """What a marker asks for.

    Attributes:
        site: the builder whose tab sets the samples are to stand in; None for one alone.
    """

    samples: Sequence[Sample]
    site: Site | None
    settings: Settings
    locale: str


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


def _wanted(opening: Directive, page: PageView) -> Wanted:
    given, messages, fields = _said(opening)
    settings = page.settings
    names = _several(given.get("lang", "")) or settings.languages
    if not names:
        raise InputError("which language? Write lang=LANGUAGE, or lang=all")
    locale = locale_of(given.get("locale", page.locale))
    protocols = _several(given.get("protocol", "")) or settings.protocols
    example = None if "call" in given else given.get("example", settings.example)
    asked = Asked(
        names,
        protocols,
        given.get("client", settings.client),
        given.get("flow", settings.flow),
        EXAMPLES[example].flow if example in EXAMPLES else None,
        locale,
        given.get("notes", settings.notes or "full"),
        _several(given.get("regions", "")),
    )
    call = _call(given, example, messages, fields, page)
    titles = given.get("titles")
    if titles not in (None, "yes", "no"):
        raise InputError(f"titles={titles}: write titles=yes or titles=no")
    if titles:
        settings = settings._replace(titles=titles == "yes")
    found = samples(call, asked, worded(page.catalog, settings.words, locale))
    alone = len(names) == 1 and names[0].lower() != ALL and len(found) == 1
    if alone and "tabs" not in given:
        return Wanted(found, None, settings, locale)
    chosen = site(given.get("tabs") or settings.tabs or "headings")
    return Wanted(found, chosen, settings, locale)


def _said(opening: Directive) -> tuple[dict[str, str], list[dict[str, str]], dict[str, str]]:
    """The options of a marker, its messages, and the fields of the call that it sets."""
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
    return given, messages, fields


def _several(text: str) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(filter(None, (one.strip() for one in text.split(","))))


def _message(text: str) -> dict[str, str]:
    role, colon, content = text.partition(":")
    if not colon or role not in ROLES:
        raise InputError(f"message {text!r}: write it as ROLE:TEXT, such as 'user:Hello'")
    return {"role": role, "content": content}


def _call(
    given: Mapping[str, str],
    example: str | None,
    messages: list[dict[str, str]],
    fields: Mapping[str, str],
    page: PageView,
) -> Call:
    """The call of a marker: its fields go before those of a call file, or of an example."""
    where = ""
    data: object = page.call.as_json() if page.call else {}
    if "call" in given:
        data, where = read_call(Path(page.path).parent / given["call"])
    elif example is not None:
        data = _of_example(example, page)
    if isinstance(data, dict):
        data = {**data, **{name: given[name] for name in _OF_CALL if name in given}}
        protocols = _several(given.get("protocol", ""))
        if protocols and protocols[0].lower() != ALL:
            page.catalog.protocol(protocols[0])
            data["protocol"] = protocols[0]
        if messages:
            data["messages"] = messages
        for name, text in fields.items():
            set_field(data, name, text, f"set.{name}={text}")
    return Call.parse(data, page.catalog, where)


def _of_example(name: str, page: PageView) -> dict[str, Any]:
    """An example as the project's pages show it: where their call goes, and with its model.

    Another model is one that the example cannot do without.
    """
    file = path_of(name)
    data, _ = read_call(file) if file else ({}, "")
    assert isinstance(data, dict)
    said = page.call.as_json() if page.call else {}
    kept = {field: said[field] for field in _OF_PLACE if field in said}
    if "model" in said and data.get("model", _usual()) == _usual():
        kept["model"] = said["model"]
    return {**data, **kept}


def _usual() -> str:
    """The model of the examples that any chat model can do."""
    return builtin().defaults.model


class Due(NamedTuple):
    """What is to be written in place of `start:end`: of a sample's code, else of the page.

    Attributes:
        what: is to be written, in words.
        lost: how many lines of the page, which may be its author's, go; None for a sample alone.
    """

    language: str
    view: SampleView | None
    start: int
    end: int
    new: str
    what: str = ""
    lost: int | None = None


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
    if asked.site:
        return _set_due(page, part, asked, asked.site)
    [sample] = asked.samples
    if len(part.published) == 1 and part.published[0].language == sample.language:
        # The fence stays as it was written, with its title and whatever else it has.
        view = next(one for one in page.samples if one.published is part.published[0])
        old = view.code
        new = sample.code if old.endswith("\n") else sample.code.removesuffix("\n")
        return None if new == old else Due(sample.language, view, 0, len(old), new)
    start, end = part.opening.line_end, part.closing.line_start
    new = _written(sample, page, part)
    if format_of(page.path) == "source":
        # The marker is a line of the sample that changes, so it is part of the change.
        start = part.opening.line_start
        new = page.text[start : part.opening.line_end] + new
    # A fence that waits for its code loses nothing.
    lost = 0 if _info_of_empty(page, part) is not None else None
    due = Due(sample.language, None, start, end, new, lost=lost)
    return None if new == page.text[start:end] else due


def _set_due(page: PageView, part: Part, asked: Wanted, chosen: Site) -> Due | None:
    assert part.closing is not None
    form = str(format_of(page.path))
    if form == "openapi":
        lines = [line for one in asked.samples for line in _openapi(one)]
    elif form == "html" and form not in chosen.forms and part.published:
        _refuse_stale(asked, part)
        return None
    else:
        _refuse_form(chosen, form, page.path)
        marks = _marks(part, chosen)
        of = groups(asked.samples, asked.settings, asked.locale, marks)
        lines = chosen.write(of, _place(page, part, chosen, form))
    start, end = part.opening.line_end, part.closing.line_start
    new = _below_marker(lines, page, part)
    if new == page.text[start:end]:
        return None
    names = ", ".join(dict.fromkeys(language(one.language).name for one in asked.samples))
    what = f"{len(asked.samples)} samples ({names})"
    return Due("", None, start, end, new, what, _lost(page, part))


def _refuse_stale(asked: Wanted, part: Part) -> None:
    """Refuse what a site builder made of samples that have changed since.

    Raises:
        InputError: they have.
    """
    # Builders may write a tab as spaces, and drop the end of the last line.
    now = [_as_built(one.code) for one in asked.samples]
    if [_as_built(one.code) for one in part.published if one.language] != now:
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


def _marks(part: Part, chosen: Site) -> Callable[[Sample], str]:
    """What the page's author wrote behind the fences of a set."""
    left: dict[str, list[str]] = {}
    for one in part.published:
        left.setdefault(one.language or "", []).append(one.info)

    def marks(sample: Sample) -> str:
        there = left.get(sample.language)
        return chosen.marks(there.pop(0), sample.code) if there else ""

    return marks


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


def _lost(page: PageView, part: Part) -> int:
    """How many lines between markers are neither samples nor what holds them: an author's."""
    assert part.closing is not None
    start, end = part.opening.line_end, part.closing.line_start
    taken = [
        (one.spans.start(0), one.spans.end(len(one.code))) for one in part.published if one.language
    ]
    frames = [site(name).frame for name in site_names()]
    at, lost = start, 0
    for line in page.text[start:end].splitlines(keepends=True):
        said = line.lstrip(" \t>").rstrip()
        inside = any(low <= at + len(line) - 1 and at < high for low, high in taken)
        if said and not inside and not _FENCE.match(said):
            lost += not any(frame.fullmatch(said) for frame in frames)
        at += len(line)
    return lost


_FENCE = re.compile(r"`{3,}|~{3,}")


def _written(sample: Sample, page: PageView, part: Part) -> str:
    """What belongs between the markers of a part, from the end of one line to the next's start.

    Raises:
        InputError: a page of this format cannot hold it.
    """
    form = format_of(page.path)
    if form == "source":
        lines = _below(sample, page.text[: part.opening.line_start])
    elif form == "markdown":
        lines = _markdown(sample, _info_of_empty(page, part))
    elif form in _WRITERS:
        lines = _WRITERS[form](sample)
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


def _markdown(sample: Sample, info: str | None) -> list[str]:
    # A fence is longer than any run of backticks inside: CommonMark, "Fenced code blocks".
    longest = max((len(run) for run in re.findall("`+", sample.code)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + (info or language(sample.language).fence), *_lines(sample), fence]


def _html(sample: Sample) -> list[str]:
    name = language(sample.language).fence
    first, *rest = html.escape(sample.code.removesuffix("\n"), quote=False).split("\n")
    return [f'<pre><code class="language-{name}">{first}', *rest, "</code></pre>"]


def _rst(sample: Sample) -> list[str]:
    name = language(sample.language).fence
    code = [f"    {line}" if line else "" for line in _lines(sample)]
    return ["", f".. code-block:: {name}", "", *code, ""]


def _asciidoc(sample: Sample) -> list[str]:
    fence = "-" * 4
    return [f"[source,{language(sample.language).fence}]", fence, *_lines(sample), fence]


def _openapi(sample: Sample) -> list[str]:
    chosen = language(sample.language)
    code = [f"    {line}" if line else "" for line in _lines(sample)]
    return [f"- lang: {chosen.fence}", f"  label: {chosen.name}", "  source: |", *code]


def _lines(sample: Sample) -> list[str]:
    return sample.code.removesuffix("\n").split("\n")


_WRITERS: dict[str | None, Callable[[Sample], list[str]]] = {
    "html": _html,
    "rst": _rst,
    "asciidoc": _asciidoc,
    "openapi": _openapi,
}
