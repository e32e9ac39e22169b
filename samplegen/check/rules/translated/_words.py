"""What language a page's words are in."""

from __future__ import annotations

import re

from samplegen.check.rule import PageView
from samplegen.pages import format_of

WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LANGUAGES = {"ja": "Japanese", "zh": "Chinese", "en": "English"}


def page_language(page: PageView) -> str | None:
    """The name of the language that a page's words should be in; None where nobody knows."""
    # A source file has no other words than those to be judged.
    if format_of(page.path) == "source" and not page.locale_said:
        return None
    return _LANGUAGES.get(page.locale)
