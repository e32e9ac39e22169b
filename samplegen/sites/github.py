"""GitHub: `details`, which every reader of Markdown on the web can open."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from samplegen.sites.base import Item, Place, Site


class Github(Site):
    """The first is open."""

    frame = re.compile(r"<details(?: open)?>|<summary>.*</summary>|</details>")

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """Blank lines around each fence: what is tight below a tag is no Markdown."""
        written: list[str] = []
        for number, one in enumerate(items):
            opened = " open" * (number == 0)
            label = html.escape(one.label, quote=False)
            head = [f"<details{opened}>", f"<summary>{label}</summary>", ""]
            written += [*head, *one.lines, "", "</details>", ""]
        return written if not inner else written[:-1]


SITE = Github()
