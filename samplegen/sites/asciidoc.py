"""AsciiDoc with @asciidoctor/tabs, as Antora has it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from samplegen.sites.base import Item, Place, Site, Tab, longest


class Asciidoc(Site):
    """Tabs stay in step by their labels, in sets of one `sync-group-id`."""

    forms = ("asciidoc",)
    opening = "// {}"
    files = ("antora.yml", "antora-playbook.yml")
    frame = re.compile(
        r"\[tabs,sync-group-id=[\w-]+\]|={4,}|\S.{0,60}::|\+|\[source,[^\]]*\]|-{4,}|\.[\w.]+"
    )

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """An example block with a list of labels; what is inside has shorter delimiters."""
        lines = (line for one in items for line in one.lines)
        mark = "=" * max(6, longest(lines, "=", whole=True) + 1)
        written = [f"[tabs,sync-group-id={group}]", mark]
        for one in items:
            written += [f"{one.label}::", "+", *one.lines, ""]
        return [*written[:-1], mark]

    def sample(self, tab: Tab, place: Place) -> list[str]:
        """A source block."""
        mark = "-" * max(4, longest(tab.lines, "-", whole=True) + 1)
        title = [f".{tab.title}"] if tab.title else []
        # `<1>` at the end of a line would become a callout.
        callouts = any(re.search(r"<(?:\d+|\.)>\s*$", line) for line in tab.lines)
        subs = ',subs="-callouts"' if callouts else ""
        return [*title, f"[source,{tab.fence}{subs}]", mark, *tab.lines, mark]


SITE = Asciidoc()
