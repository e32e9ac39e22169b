"""Whether the words around the code are in the page's language, and always the same words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.facts import terms
from samplegen.check.places import prose, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule, rule
from samplegen.pages import format_of
from samplegen.pages.naming import from_label

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LANGUAGES = {"ja": "Japanese", "zh": "Chinese", "en": "English"}
# Words that sentences have and code has not.
_ENGLISH = re.compile(
    r"(?i)\b(?:the|this|that|is|are|not|you|your|with|for|of|to|if|and|can|please|set|get|read|print"
    r"|send|create|check|process|use)\b"
)
_WORD = re.compile(r"(?<![\w./$@-])[A-Za-z][a-z']*(?![\w/=(@-]|\.\w)")
_FEWEST_WORDS = 3
# One in so many comments is one that was left.
_FEW = 3


@rule("L601", "untranslated-note", "warning", bad=bad("L601"), good=good("L601"))
def untranslated_note(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A comment in another language than the page's."""
    language = _LANGUAGES.get(page.locale)
    if language is None:
        return
    comments = sample.call.comments
    others = [one for one in comments if _is_other(one.text, page.locale)]
    # A source file has no other words than these: where they are mixed it has no language.
    if format_of(page.path) == "source" and len(others) * _FEW > len(comments):
        return
    for comment in others:
        message = f"this comment is not in {language}, the page's language"
        yield Problem(comment.start, comment.end, message)


def _is_other(text: str, locale: str) -> bool:
    """Whether a comment is in another language than that locale's."""
    wide = _WIDE.search(text) is not None
    return wide if locale == "en" else not wide and _is_english(text)


def _is_english(text: str) -> bool:
    for url in reversed(list(urls(text))):
        text = text[: url.start] + text[url.end :]
    return len(_WORD.findall(text)) >= _FEWEST_WORDS and bool(_ENGLISH.search(text))


_PRINTED = re.compile(
    r"(?:\becho\b|\bprint\w*\s*\(|\bConsole\.(?:Error\.)?Write\w*\(|\bconsole\.\w+\("
    r"|\bSystem\.(?:out|err)\.print\w*\(|\breturn\s+(?=\$\")|\bfmt\.\w+\(|\blog\.\w+\("
    r"|\bfwrite\(STDERR,)\s*[$f@]*(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
)
_LETTERS = re.compile(r"[A-Za-z][a-z]{2,}")


@page_rule("L602", "untranslated-message", "warning", bad=bad("L602"), good=good("L602"))
def untranslated_message(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A message left in English where other samples of the page print translated ones."""
    if page.locale not in _LANGUAGES or page.locale == "en":
        return
    printed = [
        (sample, found)
        for sample in page.calls
        for found in _PRINTED.finditer(sample.without_comments)
    ]
    # Messages may all be in plain letters on purpose, for terminals without UTF-8.
    if not any(_WIDE.search(found["text"]) for _, found in printed):
        return
    for sample, found in printed:
        plain = re.sub(r"\{[^{}]*\}|\\[nt]", " ", found["text"])
        if _LETTERS.search(plain) and not _WIDE.search(plain):
            message = f"this message is not in {_LANGUAGES[page.locale]}, as others of the page are"
            yield sample, Problem(*found.span("text"), message)


@page_rule("L603", "term", "info", bad=bad("L603"), good=good("L603"))
def term(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """One term written in several ways: readers take them for several things."""
    if not page.calls:
        return
    places: list[tuple[SampleView | None, int, str]] = [
        (sample, comment.start, sample.code[comment.start : comment.end])
        for sample in page.calls
        for comment in sample.call.comments
    ]
    places += [(None, start, line) for start, line in prose(page)]
    for forms in terms(page.locale):
        pattern = re.compile("|".join(re.escape(form) for form in forms))
        counts = Counter(found[0] for _, _, text in places for found in pattern.finditer(text))
        if len(counts) < 2:
            continue
        # Of two that are as frequent, the one listed first.
        usual = max(forms, key=lambda form: (counts[form], -forms.index(form)))
        for sample, offset, text in places:
            for found in pattern.finditer(text):
                if found[0] == usual:
                    continue
                start, end = offset + found.start(), offset + found.end()
                message = f"elsewhere on the page this is `{usual}`"
                yield sample, Problem(start, end, message, Fix(start, end, usual, safe=False))


# The words before a sample, with its bullet and marks.
_LABEL = re.compile(r"[ \t>*_#|-]*(?:\d+\.[ \t]+)?(?P<text>[^:\n]{1,60}):[*_ \t]*$")
_PLAIN_WORD = re.compile(r"(?<![\w.])[A-Z]?[a-z]{3,}(?![\w.])")


@page_rule("L604", "untranslated-label", "warning", bad=bad("L604"), good=good("L604"))
def untranslated_label(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A line that leads to a sample, left in English on a page in another language."""
    if page.locale not in _LANGUAGES or page.locale == "en" or not page.calls:
        return
    if format_of(page.path) in ("openapi", "notebook", "source"):
        return
    for start, line in prose(page):
        found = _LABEL.match(line)
        if not found or _WIDE.search(line) or not _PLAIN_WORD.search(found["text"]):
            continue
        # The name of a language or a tool is the same everywhere.
        if not from_label(found["text"])[0]:
            message = f"this line is not in {_LANGUAGES[page.locale]}, the page's language"
            at = start + found.start("text")
            yield None, Problem(at, start + found.end("text") + 1, message)
