"""Plain headings, one for each language: every page can have them."""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Sequence

from samplegen.sites.base import Item, Place, Site, Tab, fence, indented, longest


class Headings(Site):
    """A heading and a sample below it."""

    forms = ("markdown", "rst", "asciidoc", "html")
    has_headings = True
    frame = re.compile(
        r"#{1,6} .*|={1,6} .*|<h[1-6]>.*</h[1-6]>|\.\. rubric:: .*|\.\. code-block:: [\w-]+"
        r"|\[source,[^\]]*\]|-{4,}|\.[\w.]+|:caption: .*|<pre><code[^<>]*>.*|</code></pre>"
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
        if place.form == "rst":
            title = [f"   :caption: {tab.title}"] if tab.title else []
            head = [f".. code-block:: {tab.fence}", *title, ""]
            return [*head, *indented(tab.lines, "   ")]
        if place.form == "asciidoc":
            mark = "-" * max(4, longest(tab.lines, "-", whole=True) + 1)
            title = [f".{tab.title}"] if tab.title else []
            return [*title, f"[source,{tab.fence}]", mark, *tab.lines, mark]
        return pre(tab) if place.form == "html" else fence(tab)


def pre(tab: Tab) -> list[str]:
    """The code in a `pre`."""
    first, *rest = escaping.escape("\n".join(tab.lines), quote=False).split("\n")
    return [f'<pre><code class="language-{tab.fence}">{first}', *rest, "</code></pre>"]


SITE = Headings()
