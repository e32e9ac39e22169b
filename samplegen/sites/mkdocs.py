"""MkDocs Material: content tabs of `pymdownx.tabbed` (with `alternate_style`) and superfences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from samplegen.sites.base import Item, Place, Site, Tab, indented


class Mkdocs(Site):
    """Tabs stay in step by their labels, on the whole site: the feature `content.tabs.link`."""

    # Python-Markdown: what is indented less is no part of an item.
    indent = 4
    files = ("mkdocs.yml", "mkdocs.yaml")
    tried = (
        "Built with MkDocs 1.6.1 and Material 9.8.2: a click moves all sets of a page, and a "
        "reload keeps the choice. Tabs in Go's code become spaces."
    )
    needs: ClassVar[Mapping[str, str]] = {
        "pymdownx.tabbed": "below markdown_extensions: - pymdownx.tabbed: {alternate_style: true}",
        "pymdownx.superfences": "below markdown_extensions: - pymdownx.superfences",
        "content.tabs.link": "below theme, features: - content.tabs.link (tabs stay in step)",
    }
    frame = re.compile(r'===[+!]* "[^"]*"')
    # An attribute that superfences does not know makes the fence a paragraph.
    fence_marks = re.compile(r'(?:hl_lines|linenums)="[^"]*"')
    fence_own = re.compile(r'title="[\w-]+(?:\.[\w-]+)+"')
    highlights = re.compile(r'hl_lines="(?P<lines>[\d \-]+)"')

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """Four spaces below each label, also within a tab; a label has no escape for quotes."""
        written: list[str] = []
        for one in items:
            label = one.label.replace('"', "'")
            written += [f'=== "{label}"', "", *indented(one.lines, "    "), ""]
        return written[:-1]

    def info(self, tab: Tab) -> str:
        """A title with quotes."""
        return f'title="{tab.title}"' if tab.title else ""


SITE = Mkdocs()
