"""L601 untranslated-note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.places import urls
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.translated._words import WIDE, page_language

# Words that sentences have and code has not.
_ENGLISH = re.compile(
    r"(?i)\b(?:the|this|that|is|are|not|you|your|with|for|of|to|if|and|can|please|set|get|read|print"
    r"|send|create|check|process|use)\b"
)
_WORD = re.compile(r"(?<![\w./$@-])[A-Za-z][a-z']*(?![\w/=(@-]|\.\w)")
_FEWEST_WORDS = 3
# Code that was commented out, by how its line begins or ends.
_CODE = re.compile(
    r"^\s*(?:[\w.$\[\]\"']+\s*(?::=|=>|[+:]?=(?!=))|(?:with|for|if|while|import|from|return|print|await"
    r"|const|let|var|def|class|func|using)\b.*[=():{;]|[\w.$]+\(.*\);?\s*$|[\"'{}\[\]()@-])|[;{,(\[\\]\s*$"
)


@rule("L601", "untranslated-note", "warning", strict=True)
def untranslated_note(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A comment in another language than the page's."""
    language = page_language(page)
    if language is None:
        return
    for comment in sample.call.comments:
        if _is_other(comment.text, page.locale) and not _CODE.search(comment.text):
            message = f"this comment is not in {language}, the page's language"
            yield Problem(comment.start, comment.end, message)


def _is_other(text: str, locale: str) -> bool:
    """Whether a comment is in another language than that locale's."""
    if not WIDE.search(text):
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
