"""Plain headings, one for each language: every page can have them."""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Sequence

from samplegen.sites.asciidoc import SITE as ASCIIDOC
from samplegen.sites.asciidoc import source_block
from samplegen.sites.base import Item, Place, Site, Tab, fence
from samplegen.sites.sphinx import SITE as SPHINX
from samplegen.sites.sphinx import code_block


class Headings(Site):
    """A heading and a sample below it."""

    forms = ("markdown", "rst", "asciidoc", "html")
    has_headings = True
    frame = re.compile(
        r"#{1,6} .*|={1,6} .*|<h[1-6]>.*</h[1-6]>|\.\. rubric:: .*"
        r'|<pre><code class="language-[\w#+-]+">|</code></pre>'
    )

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """Headings of the level below the page's, or below those of the protocols."""
        level = min(6, place.level + bool(inner))
        written: list[str] = [""]
        for one in items:
            written += [self._heading(one.label, level, place.form), "", *one.lines, ""]
        return written[1:-1] if inner else written

    def _heading(self, label: str, level: int, form: str) -> str:
        if form == "rst":
            return f".. rubric:: {label}"
        if form == "asciidoc":
            return f"{'=' * level} {label}"
        if form == "html":
            return f"<h{level}>{escaping.escape(label, quote=False)}</h{level}>"
        return f"{'#' * level} {label}"

    def sample(self, tab: Tab, place: Place) -> list[str]:
        """The code as the page's format has it."""
        writers = {"rst": code_block, "asciidoc": source_block, "html": pre}
        return writers.get(place.form, fence)(tab)

    def marks(self, info: str, head: str, code: str) -> tuple[str, ...]:
        """Options and attributes, where the format has such."""
        return (*SPHINX.marks(info, head, code), *ASCIIDOC.marks(info, head, code))

    def written(self, info: str, head: str) -> list[str]:
        """The same, as it is there."""
        return [*SPHINX.written(info, head), *ASCIIDOC.written(info, head)]


def pre(tab: Tab) -> list[str]:
    """The code in a `pre`."""
    first, *rest = escaping.escape("\n".join(tab.lines), quote=False).split("\n")
    return [f'<pre><code class="language-{tab.fence}">{first}', *rest, "</code></pre>"]


SITE = Headings()
