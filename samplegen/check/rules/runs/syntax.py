"""R201 syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of, code_name
from samplegen.check.places import line_at, seen_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.rules.runs._foreign import foreign_lines
from samplegen.pages.language import in_pages
from samplegen.pages.naming import says_untyped
from samplegen.readback import Span

# What is too long is not shown whole.
_SHOWN = 20


@page_rule("R201", "syntax")
def syntax(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Text that the language does not have: the sample stops before it starts."""
    for sample in page.unread:
        # That samplegen cannot read it is no fault of the page.
        end = min(len(sample.code), _SHOWN)
        yield sample, Problem(0, end, sample.why_unread, severity="info")
    for sample in page.calls:
        for problem in _misread(sample):
            yield sample, problem


def _misread(sample: SampleView) -> Iterator[Problem]:
    """Where a sample's text is not its language."""
    name = code_name(sample.language)
    seen: set[int] = set()
    # Dots in place of code, as in `.proxy(...)` and `stream({ … }, options?)`, are meant.
    spans = [one for one in sample.call.broken if not _is_elided(sample, one)]
    if spans and (place := _unclosed(sample)):
        # The parser notices only later that something is not closed.
        spans = [place]
    texts_are_code = checks_of(sample.language).texts_are_code
    typed = [] if texts_are_code else [*_TYPED.finditer(sample.without_texts)]
    foreign = foreign_lines(sample) if spans or typed else ()
    elsewhere = {line_at(sample.code, found.start)[0] for found in foreign}
    for found in typed:
        start, end = found.span()
        line = line_at(sample.code, start)[0]
        if line in seen or line in elsewhere:
            continue
        seen.add(line)
        said = sample.code[start:end]
        plain = said.translate(_PLAIN)
        message = f"`{said}` is how a page writes `{plain}`: it does not parse"
        yield Problem(start, end, message, Fix(start, end, plain))
    mended: list[tuple[int, int]] = []
    for problem in checks_of(sample.language).mistyped(sample.code, sample.call.broken_json):
        # It is seen at the line below, too.
        below = line_at(sample.code, line_at(sample.code, problem.end)[1] + 1)[0]
        seen |= {line_at(sample.code, problem.start)[0], below}
        mended.append((problem.start, problem.end))
        yield problem
    for start, end in spans:
        line = line_at(sample.code, start)[0]
        if line in seen or line in elsewhere:
            continue
        seen.add(line)
        # What is missing stands nowhere: the line shows where it is missed.
        if not sample.code[start:end].strip():
            start, end = seen_at(sample.code, start)
        end = min(end, line_at(sample.code, start)[1])
        yield Problem(start, end, f"this line is not {name}: it does not parse")
    if sample.call.typed and not spans and says_untyped(sample.published.info):
        start, end = sample.call.typed
        end = min(end, line_at(sample.code, start)[1])
        sibling = in_pages(sample.language).typed
        message = f"`{sample.code[start:end]}` is {sibling}, and the page says that this is not"
        yield Problem(start, end, message)
    for span in sample.call.broken_json:
        if any(start < span.end and span.start < end for start, end in mended):
            continue
        end = min(max(span.end, span.start + 1), len(sample.code))
        yield Problem(span.start, end, "the body is not JSON: it does not parse")


def _is_elided(sample: SampleView, span: Span) -> bool:
    """Whether dots stand there in place of code."""
    start, end = line_at(sample.code, span.start)
    said = sample.code[span.start : span.end]
    return said == "..." or "\u2026" in sample.without_texts[start : max(end, span.end)]


# Quotes of a word processor around a text, and the escape of Markdown in a name.
_TYPED = re.compile(r"\u201c[^\u201d\n]*\u201d|\u2018[^\u2019\n]*\u2019|(?<=\w)\\_(?=\w)")
_PLAIN = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\\": None})
_ONE_LINE = re.compile(
    r'"""[\s\S]*?(?:"""|\Z)|@"(?:""|[^"])*"|`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\\n])*"'
    r"|'''[\s\S]*?(?:'''|\Z)|'(?:\\.|[^'\\\n])*'|(?P<unclosed>[\"'])"
)
_BRACKETS = {")": "(", "]": "[", "}": "{"}
# A condition is closed before its block opens; a function may stand in it.
_CONDITION = re.compile(r"[ \t}]*(?:else\s+)?(?:if|while|switch|catch|foreach)\s*\((?!.*(?:=>|\{))")


def _unclosed(sample: SampleView) -> Span | None:
    """Where a text, bracket or command of a program that does not parse lacks its end."""
    code = sample.code
    checks = checks_of(sample.language)
    if checks.blocks:
        opens, closes = checks.blocks
        code = sample.without_comments
        opened = [found.start() for found in re.finditer(opens, code)]
        closed = re.findall(closes, code)
        return Span(*seen_at(code, opened[-1])) if len(opened) > len(closed) else None
    # The parser may take the slashes of a URL for a comment after what does not parse.
    skipped = re.compile(f"{checks.comment}|{_ONE_LINE.pattern}")
    for text in skipped.finditer(code):
        if text["unclosed"]:
            return Span(text.start(), line_at(code, text.start())[1])
    bare = skipped.sub(lambda text: re.sub(r"[^\n]", " ", text[0]), code)
    waiting: list[tuple[str, int, int]] = []
    for found in re.finditer(r"[()\[\]{}]", bare):
        start, end = seen_at(code, found.start())
        indent = start - line_at(code, start)[0]
        if found[0] == "{" and waiting and _CONDITION.match(bare, *line_at(bare, waiting[-1][2])):
            return Span(*seen_at(code, waiting[-1][2]))
        if found[0] not in _BRACKETS:
            waiting.append((found[0], indent, found.start()))
            continue
        is_first = start == found.start()
        last = waiting.pop() if waiting else None
        if last is None or last[0] != _BRACKETS[found[0]] or (is_first and last[1] != indent):
            return Span(start, end)
    return Span(*seen_at(code, waiting[-1][2])) if waiting else None
