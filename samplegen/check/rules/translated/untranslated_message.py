"""L602 untranslated-message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.rule import PageView, Problem, SampleView, page_rule
from samplegen.check.rules.translated._words import WIDE, page_language

_PRINTED = re.compile(
    r"(?:\becho\b|\bprint\w*\s*\(|\bConsole\.(?:Error\.)?Write\w*\(|\bconsole\.\w+\("
    r"|\bSystem\.(?:out|err)\.print\w*\(|\breturn\s+(?=\$\")|\bfmt\.(?:Print\w*|Errorf)\(|\blog\.\w+\("
    r"|\bfmt\.Fprint\w*\(os\.Stderr,|\bsys\.exit\(|\bfwrite\(STDERR,)\s*[$f@]*(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
)
_LETTERS = re.compile(r"(?<![\w=%])[A-Za-z][a-z]{2,}(?![\w=])")


def _says(text: str) -> bool:
    """Whether a text has words: not only URLs, names with their values, or marks."""
    return "://" not in text and bool(_LETTERS.search(text))


@page_rule("L602", "untranslated-message", "warning", strict=True)
def untranslated_message(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A message left in English where other samples of the page print translated ones."""
    language = page_language(page)
    if language is None or page.locale == "en":
        return
    printed = [
        (sample, found)
        for sample in page.calls
        for found in _PRINTED.finditer(sample.without_comments)
    ]
    # Messages may all be in plain letters on purpose, for terminals without UTF-8.
    if not any(WIDE.search(found["text"]) for _, found in printed):
        return
    for sample, found in printed:
        plain = re.sub(r"\{[^{}]*\}|\$\w+|\\[nt]", " ", found["text"])
        if _says(plain) and not WIDE.search(plain):
            message = f"this message is not in {language}, as others of the page are"
            yield sample, Problem(*found.span("text"), message)
