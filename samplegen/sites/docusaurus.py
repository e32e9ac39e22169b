"""Docusaurus: `Tabs` and `TabItem`, which a page imports once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from samplegen.sites.base import Group, Item, Place, Site, Tab, attribute


class Docusaurus(Site):
    """Tabs stay in step by their values, in sets of one `groupId`."""

    opening = "{{/* {} */}}"
    imports: ClassVar[Mapping[str, str]] = {
        "Tabs": "import Tabs from '@theme/Tabs';",
        "TabItem": "import TabItem from '@theme/TabItem';",
    }
    files = ("docusaurus.config.*",)
    tried = (
        "Built with Docusaurus 3.10.2 and `future.v4`: a click moves all sets of a page, and a "
        "reload keeps the choice. With `v4` a comment of HTML stops the build, in `.md`, too: "
        "write markers as below."
    )
    needs: ClassVar[Mapping[str, str]] = {
        "additionalLanguages": "in themeConfig: prism: "
        "{additionalLanguages: ['java', 'csharp', 'php', 'bash']} (all code is coloured)",
    }
    frame = re.compile(r"</?(?:Tabs|TabItem)\b[^<>]*>|import Tab(?:s|Item) from '@theme/\w+';")
    fence_marks = re.compile(r"\{[\d, -]+\}|\bshowLineNumbers(?:=\d+)?")
    fence_own = re.compile(r'title="[\w-]+(?:\.[\w-]+)+"')
    highlights = re.compile(r"\{(?P<lines>[\d, -]+)\}")

    def write(self, groups: Sequence[Group], place: Place) -> list[str]:
        """The set, below the imports that the page does not have yet."""
        written = super().write(groups, place)
        lines = [line for name, line in self.imports.items() if name in place.missing]
        # MDX reads an import where blank lines set it off.
        return ["", *lines, "", *written] if lines else written

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """Each value once: a duplicate stops the build."""
        written = [f'<Tabs groupId="{group}">']
        for one in items:
            tag = f'<TabItem value="{attribute(one.value)}" label="{attribute(one.label)}">'
            written += [tag, "", *one.lines, "", "</TabItem>"]
        return [*written, "</Tabs>"]

    def info(self, tab: Tab) -> str:
        """A title with quotes."""
        return f'title="{tab.title}"' if tab.title else ""


SITE = Docusaurus()
