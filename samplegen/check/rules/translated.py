"""Whether the words around the code are in the page's language, and always the same words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.facts import terms
from samplegen.check.noted import above
from samplegen.check.places import urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule, rule
from samplegen.pages import format_of

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LANGUAGES = {"ja": "Japanese", "zh": "Chinese", "en": "English"}
# Words that sentences have and code has not.
_ENGLISH = re.compile(
    r"(?i)\b(?:the|this|that|is|are|not|you|your|with|for|of|to|if|and|can|please|set|get|read|print"
    r"|send|create|check|process|use)\b"
)
_WORD = re.compile(r"(?<![\w./$@-])[A-Za-z][a-z']*(?![\w/=(@-]|\.\w)")
_FEWEST_WORDS = 3


@rule("L601", "untranslated-note", "warning", bad=bad("L601"), good=good("L601"))
def untranslated_note(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A comment in another language than the page's."""
    language = _language(page)
    if language is None:
        return
    for comment in sample.call.comments:
        if _is_other(comment.text, page.locale):
            message = f"this comment is not in {language}, the page's language"
            yield Problem(comment.start, comment.end, message)


def _language(page: PageView) -> str | None:
    """The name of the language that a page's words should be in; None where nobody knows."""
    # A source file has no other words than those to be judged.
    if format_of(page.path) == "source" and not page.locale_said:
        return None
    return _LANGUAGES.get(page.locale)


def _is_other(text: str, locale: str) -> bool:
    """Whether a comment is in another language than that locale's."""
    if not _WIDE.search(text):
        return locale != "en" and _is_english(text)
    return locale == "en" or _is_of_another(text, locale)


_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
# Signs of Chinese that Japanese has not: its comma, and letters that only it has simplified.
_CHINESE = re.compile(r"\uff0c|[请为这们个时说对发问题输设变获应该调语钥认证页将从过还没览环项]")


def _is_of_another(text: str, locale: str) -> bool:
    """Whether a text is Japanese on a page in Chinese, or the other way round."""
    if locale == "zh":
        return _KANA.search(text) is not None
    return locale == "ja" and not _KANA.search(text) and _CHINESE.search(text) is not None


def _is_english(text: str) -> bool:
    for url in reversed(urls(text)):
        text = text[: url.start] + text[url.end :]
    return len(_WORD.findall(text)) >= _FEWEST_WORDS and bool(_ENGLISH.search(text))


_PRINTED = re.compile(
    r"(?:\becho\b|\bprint\w*\s*\(|\bConsole\.(?:Error\.)?Write\w*\(|\bconsole\.\w+\("
    r"|\bSystem\.(?:out|err)\.print\w*\(|\breturn\s+(?=\$\")|\bfmt\.\w+\(|\blog\.\w+\("
    r"|\bfmt\.Fprint\w*\(os\.Stderr,|\bsys\.exit\(|\bfwrite\(STDERR,)\s*[$f@]*(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
)
_LETTERS = re.compile(r"[A-Za-z][a-z]{2,}")


@page_rule("L602", "untranslated-message", "warning", bad=bad("L602"), good=good("L602"))
def untranslated_message(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A message left in English where other samples of the page print translated ones."""
    language = _language(page)
    if language is None or page.locale == "en":
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
        plain = re.sub(r"\{[^{}]*\}|\$\w+|\\[nt]", " ", found["text"])
        if _LETTERS.search(plain) and not _WIDE.search(plain):
            message = f"this message is not in {language}, as others of the page are"
            yield sample, Problem(*found.span("text"), message)


@page_rule("L603", "term", "info", bad=bad("L603"), good=good("L603"))
def term(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """One term written in several ways in notes: readers take them for several things."""
    if not page.calls:
        return
    places: list[tuple[SampleView | None, int, str]] = [
        (sample, comment.start, sample.code[comment.start : comment.end])
        for sample in page.calls
        for comment in sample.call.comments
    ]
    places += [(None, start, line) for sample in page.calls for start, line in above(sample, page)]
    # No term reaches from one text into the next.
    every = "\0".join(text for _, _, text in places)
    for forms in terms(page.locale):
        pattern = re.compile("|".join(re.escape(form) for form in forms))
        counts = Counter(pattern.findall(every))
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
