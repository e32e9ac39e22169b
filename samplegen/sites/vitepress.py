"""VitePress: code groups, which hold fences and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from samplegen.sites.base import Item, Place, Site, Tab, longest


class Vitepress(Site):
    """Groups do not stay in step; two levels are groups in details."""

    files = (".vitepress/config.*",)
    frame = re.compile(r":{3,}(?: code-group| details.*)?")
    fence_marks = re.compile(r"\{[\d, -]+\}|:(?:no-)?line-numbers(?:=\d+)?")
    highlights = re.compile(r"\{(?P<lines>[\d, -]+)\}")

    def languages(self, tabs: Sequence[Tab], place: Place, *, inner: str) -> list[str]:
        """Fences one below the other, in more colons than begin a line of the code."""
        mark = ":" * max(3, longest((line for one in tabs for line in one.lines), ":") + 1)
        written = [line for one in tabs for line in self.sample(one, place)]
        return [f"{mark} code-group", *written, mark]

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """Details around each group."""
        mark = ":" * (max(3, longest((line for one in items for line in one.lines), ":")) + 1)
        written: list[str] = []
        for one in items:
            written += [f"{mark} details {one.label}", "", *one.lines, "", mark, ""]
        return written[:-1]

    def info(self, tab: Tab) -> str:
        """The tab's label; a title would take its place."""
        return f"[{tab.label}]"


SITE = Vitepress()
