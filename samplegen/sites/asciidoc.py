"""AsciiDoc with @asciidoctor/tabs, as Antora has it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from samplegen.sites.base import Item, Place, Site, Tab, longest

_SOURCE = re.compile(r"\[(?:source|listing)?(?P<options>[%#.][^,\]]*)?,[^,\]]*(?P<more>,.*)?\]")
_TITLE = re.compile(r"\.[^\s.].*")
_OWN_TITLE = re.compile(r"\.[\w-]+(?:\.[\w-]+)+")
# `<1>` at the end of a line would become a callout.
_NO_CALLOUTS = ',subs="-callouts"'


class Asciidoc(Site):
    """Tabs stay in step by their labels, in sets of one `sync-group-id`."""

    forms = ("asciidoc",)
    opening = "// {}"
    files = ("antora.yml", "antora-playbook.yml")
    tried = (
        "Built with Asciidoctor.js 2.2 and @asciidoctor/tabs 1.0.0-beta.6: without the attribute "
        "`tabs-sync-option` each set has its own choice, with it a click moves all of a page."
    )
    needs: ClassVar[Mapping[str, str]] = {
        "tabs-sync-option": "below asciidoc, attributes: tabs-sync-option: '' (tabs stay in step)",
    }
    frame = re.compile(
        r"\[tabs,sync-group-id=[\w-]+\]|={4,}|\S.{0,60}::|\+|\[source[%#.,][^\]]*\]|-{4,}"
        rf"|{_OWN_TITLE.pattern}"
    )
    between = ("+",)
    highlights = re.compile(
        r".*\bhighlight=(?P<quoted>\")?(?P<lines>(?(quoted)[\d,;. -]+|[\d;. -]+)).*"
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
        return source_block(tab)

    def written(self, info: str, head: str) -> list[str]:
        """A block's title, its options, and its attributes behind the language."""
        found = []
        for line in head.splitlines():
            said = line.strip()
            if source := _SOURCE.fullmatch(said):
                more = (source["more"] or "").replace(_NO_CALLOUTS, "")
                found += [one for one in (source["options"], more) if one]
            elif _TITLE.fullmatch(said) and not _OWN_TITLE.fullmatch(said):
                found.append(said)
        return found

    def _within(self, mark: str, lines: int) -> str:
        kept = super()._within(mark, lines)
        # Of a list of attributes only the one that counts lines goes.
        return kept or re.sub(r",\s*highlight=(?:\"[^\"]*\"|[^,]*)", "", mark)


def source_block(tab: Tab) -> list[str]:
    """A source block, with what its author wrote of it."""
    mark = "-" * max(4, longest(tab.lines, "-", whole=True) + 1)
    titles = [f".{tab.title}"] if tab.title else [one for one in tab.marks if one[0] == "."]
    options = "".join(one for one in tab.marks if one[0] in "%#")
    more = "".join(one for one in tab.marks if one[0] == ",")
    callouts = any(re.search(r"<(?:\d+|\.)>\s*$", line) for line in tab.lines)
    subs = _NO_CALLOUTS if callouts and "subs=" not in more else ""
    return [*titles, f"[source{options},{tab.fence}{more}{subs}]", mark, *tab.lines, mark]


SITE = Asciidoc()
