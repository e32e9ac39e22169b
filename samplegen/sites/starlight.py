"""Starlight (Astro): `Tabs` and `TabItem`, in MDX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from samplegen.sites.base import Group, Item, Place, Site, Tab, attribute


class Starlight(Site):
    """Tabs stay in step by their labels, in sets of one `syncKey`."""

    suffixes = (".mdx",)
    opening = "{{/* {} */}}"
    imports: ClassVar[Mapping[str, str]] = {
        "Tabs": "import { Tabs, TabItem } from '@astrojs/starlight/components';"
    }
    files = ("astro.config.*",)
    tried = (
        "Built with Starlight 0.42.4 and Astro 7.3.5 (Node.js 24): a click moves all sets of a "
        "page, and a reload keeps the choice. Tabs in Go's code become two spaces."
    )
    sign = "starlight"
    frame = re.compile(r"</?(?:Tabs|TabItem)\b[^<>]*>|import \{[^{}]*\} from '@astrojs/[\w/]+';")
    fence_marks = re.compile(r"(?:ins=|del=|mark=)?\{[\d, -]+\}|\b(?:wrap|frame=\"\w+\")")
    fence_own = re.compile(r'title="[\w-]+(?:\.[\w-]+)+"')
    highlights = re.compile(r"(?:\w+=)?\{(?P<lines>[\d, -]+)\}")

    def write(self, groups: Sequence[Group], place: Place) -> list[str]:
        """The set, below the import that the page does not have yet."""
        written = super().write(groups, place)
        return ["", *self.imports.values(), "", *written] if place.missing else written

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """A label is what a tab is called, too."""
        written = [f'<Tabs syncKey="{group}">']
        for one in items:
            tag = f'<TabItem label="{attribute(one.label)}">'
            written += [tag, "", *one.lines, "", "</TabItem>"]
        return [*written, "</Tabs>"]

    def info(self, tab: Tab) -> str:
        """A title: without one a first comment that is a file's name is taken for it."""
        return f'title="{tab.title}"' if tab.title else ""


SITE = Starlight()
