"""Mintlify: code groups, and tabs around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from samplegen.sites.base import Item, Place, Site, Tab, attribute


class Mintlify(Site):
    """Tabs stay in step by their labels, within a page."""

    opening = "{{/* {} */}}"
    files = ("docs.json", "mint.json")
    tried = (
        "Its command line (mint 4.2.941) reads such pages without a fault (`mint broken-links`), "
        "and refuses a comment of HTML in `.mdx`. Its preview, which needs a download from "
        "Mintlify, has not been tried."
    )
    sign = "mintlify"
    frame = re.compile(r"</?(?:CodeGroup|Tabs|Tab)\b[^<>]*>")
    fence_marks = re.compile(r"\b(?:highlight|focus)=\{[\d, -]+\}|\blines\b")
    labels_fences = True
    fence_own = re.compile(r"[^={}\"]+")
    highlights = re.compile(r"\w+=\{(?P<lines>[\d, -]+)\}")

    def languages(self, tabs: Sequence[Tab], place: Place, *, inner: str) -> list[str]:
        """Titled fences in a group; what installs them is another group, in step with it."""
        installs = [one.of_install() for one in tabs if one.install]
        written = []
        for group in filter(None, (installs, tabs)):
            written.append("<CodeGroup>")
            for one in group:
                written += ["", *self.sample(one, place)]
            written += ["", "</CodeGroup>", ""]
        return written[:-1]

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
