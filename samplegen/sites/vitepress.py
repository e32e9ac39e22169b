"""VitePress: code groups, which hold fences and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from samplegen.sites.base import Item, Place, Site, Tab, longest


class Vitepress(Site):
    """Groups do not stay in step; two levels are groups in details."""

    files = (".vitepress/config.*",)
    tried = (
        "Built with VitePress 1.6.4: each set has its own choice. With `install=above` what "
        "installs samples is a group of its own above theirs, since a group holds fences alone."
    )
    frame = re.compile(r":{3,}(?: code-group| details.*)?")
    fence_marks = re.compile(r"\{[\d, -]+\}|:(?:no-)?line-numbers(?:=\d+)?")
    fence_own = re.compile(r"\[[^\]]*\]")
    highlights = re.compile(r"\{(?P<lines>[\d, -]+)\}")

    def languages(self, tabs: Sequence[Tab], place: Place, *, inner: str) -> list[str]:
        """Fences one below the other, in more colons than begin a line of the code.

        What installs samples is a group of its own: a group holds a fence for each tab.
        """
        mark = ":" * max(3, longest((line for one in tabs for line in one.lines), ":") + 1)
        installs = [one.of_install() for one in tabs if one.install]
        written = []
        for group in filter(None, (installs, tabs)):
            samples = [line for one in group for line in self.sample(one, place)]
            written += [f"{mark} code-group", *samples, mark, ""]
        return written[:-1]

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
