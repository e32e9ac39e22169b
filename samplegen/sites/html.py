"""HTML that needs nothing: radio buttons and a few lines of CSS."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from samplegen.sites.base import Group, Item, Place, Site, Tab
from samplegen.sites.headings import pre

_STYLE = (
    ".samplegen{display:flex;flex-wrap:wrap;gap:0 1em}",
    ".samplegen>div{order:1;width:100%;display:none}",
    # Not `display: none`: the keyboard would not reach them.
    ".samplegen>input{position:absolute;opacity:0}",
    ".samplegen>input:checked+label{font-weight:bold;text-decoration:underline}",
    ".samplegen>input:focus-visible+label{outline:auto}",
    ".samplegen>input:checked+label+div{display:block}",
)


class Html(Site):
    """Sets do not stay in step; ids and names are of one set alone."""

    forms = ("html", "markdown")
    in_lists = False
    frame = re.compile(
        r"<style>.*|\.samplegen.*|</style>|</?div\b[^<>]*>|<input\b[^<>]*>|<label\b.*</label>"
    )

    def write(self, groups: Sequence[Group], place: Place) -> list[str]:
        """The style stands with the first set of a page."""
        written = super().write(groups, place)
        return ["<style>", *_STYLE, "</style>", *written] if place.number == 1 else written

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """A radio button, its label, and what it shows."""
        name = "-".join(filter(None, ("samplegen", str(place.number), inner, group)))
        written = ['<div class="samplegen">']
        for number, one in enumerate(items):
            id = f"{name}-{html.escape(one.value)}"
            checked = " checked" * (number == 0)
            label = html.escape(one.label, quote=False)
            written += [
                f'<input type="radio" name="{name}" id="{id}"{checked}>',
                f'<label for="{id}">{label}</label>',
                f'<div class="tabpanel" data-lang="{html.escape(one.value)}">',
                # In Markdown a `pre` that a blank line sets off may hold blank lines.
                *([""] if place.form == "markdown" else []),
                *one.lines,
                "</div>",
            ]
        return [*written, "</div>"]

    def sample(self, tab: Tab, place: Place) -> list[str]:
        """A `pre`."""
        return pre(tab)


SITE = Html()
