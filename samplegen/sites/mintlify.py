"""Mintlify: code groups, and tabs around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from samplegen.sites.base import Item, Place, Site, Tab, attribute


class Mintlify(Site):
    """Tabs stay in step by their labels, within a page."""

    opening = "{{/* {} */}}"
    files = ("docs.json", "mint.json")
    sign = "mintlify"
    frame = re.compile(r"</?(?:CodeGroup|Tabs|Tab)\b[^<>]*>")
    fence_marks = re.compile(r"\b(?:highlight|focus)=\{[\d, -]+\}|\blines\b")
    highlights = re.compile(r"\w+=\{(?P<lines>[\d, -]+)\}")

    def languages(self, tabs: Sequence[Tab], place: Place, *, inner: str) -> list[str]:
        """Titled fences in a group."""
        written = ["<CodeGroup>"]
        for one in tabs:
            written += ["", *self.sample(one, place)]
        return [*written, "", "</CodeGroup>"]

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """A tab around each group."""
        written = ["<Tabs>"]
        for one in items:
            tag = f'<Tab title="{attribute(one.label)}">'
            written += [tag, "", *one.lines, "", "</Tab>"]
        return [*written, "</Tabs>"]

    def info(self, tab: Tab) -> str:
        """The tab's label."""
        return tab.label


SITE = Mintlify()
