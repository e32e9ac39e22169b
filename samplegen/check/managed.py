"""The parts of a page that samplegen writes: what their markers ask for, and how it is written.

    <!-- samplegen: lang=go region=beijing -->
    (a fence with the sample)
    <!-- /samplegen -->

In a source file the part goes on to the file's end where no marker ends it. Where a format
has no writer here, as plain text and notebooks, a sample that is there is kept up to date.

Options are lang, client, protocol, region, model, message (may be repeated), workspace,
locale, notes, and call, the name of a call file beside the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from samplegen.check.directives import Directive, directives
from samplegen.check.rule import PageView, SampleView
from samplegen.errors import InputError, unknown
from samplegen.languages import language
from samplegen.model.call import ROLES, Call
from samplegen.model.call_file import read_call
from samplegen.pages import PublishedSample, format_of
from samplegen.rendering.sample import Sample, render

_OPTIONS = (
    "lang",
    "client",
    "protocol",
    "region",
    "model",
    "message",
    "workspace",
    "locale",
    "notes",
    "call",
)
_OF_CALL = ("protocol", "region", "model", "workspace")


class Part(NamedTuple):
    """A managed part of a page: its markers, and the code between them.

    `closing` is None where it is never closed.
    """

    opening: Directive
    closing: Directive | None
    published: tuple[PublishedSample, ...]


def parts(page: PageView) -> Iterator[Part]:
    """The managed parts of a page, in order.

    Raises:
        InputError: an end without a start.
    """
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


def _between(
    page: PageView, opening: Directive | None, closing: Directive
) -> tuple[PublishedSample, ...]:
    if opening is None:
        return ()
    low, high = opening.end, closing.start
    return tuple(one for one in page.published if low <= one.spans.start(0) < high)


def wanted(opening: Directive, page: PageView) -> Sample:
    """The sample that a marker asks for.

    Raises:
        InputError: it asks for none that there is.
    """
    given: dict[str, str] = {}
    messages: list[dict[str, str]] = []
    for name, value in opening.options():
        if name not in _OPTIONS:
            raise unknown("option", name, _OPTIONS)
        if not value:
            raise InputError(f"{name}: has no value: write {name}=VALUE")
        if name == "message":
            messages.append(_message(value))
        elif name in given:
            raise InputError(f"{name}: is there twice")
        else:
            given[name] = value
    if "lang" not in given:
        raise InputError("which language? Write lang=LANGUAGE")
    call = _call(given, messages, page)
    return render(
        call,
        given["lang"],
        given.get("client"),
        locale=given.get("locale", page.locale),
        notes=given.get("notes", "full"),  # type: ignore[arg-type]
        catalog=page.catalog,
    )


def _message(text: str) -> dict[str, str]:
    role, colon, content = text.partition(":")
    if not colon or role not in ROLES:
        raise InputError(f"message {text!r}: write it as ROLE:TEXT, such as 'user:Hello'")
    return {"role": role, "content": content}


def _call(given: Mapping[str, str], messages: list[dict[str, str]], page: PageView) -> Call:
    chosen: dict[str, Any] = {name: given[name] for name in _OF_CALL if name in given}
    if "protocol" in chosen:
        page.catalog.protocol(chosen["protocol"])
    if messages:
        chosen["messages"] = messages
    if "call" in given:
        data, where = read_call(Path(page.path).parent / given["call"])
        if isinstance(data, dict):
            data = {**data, **chosen}
        return Call.parse(data, page.catalog, where)
    if page.call:
        import json

        return Call.parse({**json.loads(page.call.to_json()), **chosen}, page.catalog)
    return Call.parse(chosen, page.catalog)


class Due(NamedTuple):
    """What is to be written in place of `start:end`: of a sample's code, else of the page."""

    language: str
    view: SampleView | None
    start: int
    end: int
    new: str


def due(page: PageView, part: Part) -> Due | None:
    """What is to be written so that a part, which has both ends, is up to date; None if it is.

    Raises:
        InputError: its marker asks for none that there is, or the page cannot hold it.
    """
    assert part.closing is not None
    sample = wanted(part.opening, page)
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
    return None if new == page.text[start:end] else Due(sample.language, None, start, end, new)


def _written(sample: Sample, page: PageView, part: Part) -> str:
    """What belongs between the markers of a part, from the end of one line to the next's start.

    Raises:
        InputError: a page of this format cannot hold it.
    """
    form, opening = format_of(page.path), part.opening
    if form == "source":
        lines = _below(sample, page.text[: opening.line_start])
    elif form in _WRITERS:
        lines = _WRITERS[form](sample)
    else:
        suffix = Path(page.path).suffix
        raise InputError(
            f"put one {language(sample.language).name} sample, and nothing else, between the "
            f"markers: in {suffix} pages samplegen replaces it, and adds none"
        )
    # Below a list's bullet its item is indented.
    lead = re.sub(r"[^>\s]", " ", page.text[opening.line_start : opening.start])
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


def _markdown(sample: Sample) -> list[str]:
    # A fence is longer than any run of backticks inside: CommonMark, "Fenced code blocks".
    longest = max((len(run) for run in re.findall("`+", sample.code)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + language(sample.language).fence, *_lines(sample), fence]


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
    "markdown": _markdown,
    "html": _html,
    "rst": _rst,
    "asciidoc": _asciidoc,
    "openapi": _openapi,
}
