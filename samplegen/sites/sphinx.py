"""Sphinx with sphinx-design: `tab-set` and `tab-item`, in MyST and in reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from samplegen.sites.base import Group, Item, Place, Site, Tab, fence, indented, longest

# The options of Sphinx's code-block, and a title that is a file's name: samplegen's own.
_OPTION = re.compile(
    r":(?:emphasize-lines|linenos|lineno-start|name|class|dedent|force|caption):(?:[ ].*)?"
)
_OWN_CAPTION = re.compile(r":caption: [\w-]+(?:\.[\w-]+)+")


class Sphinx(Site):
    """Tabs stay in step by `sync`, in sets of one `sync-group`; MyST needs `colon_fence`."""

    forms = ("markdown", "rst")
    files = ("conf.py",)
    tried = (
        "Built with Sphinx 9.0.4, MyST 5.2.0 and sphinx-design 0.8.0, without a warning (`-W`): a "
        "click moves all sets of a page, and a reload keeps the choice."
    )
    needs: ClassVar[Mapping[str, str]] = {
        "sphinx_design": "extensions = [..., 'sphinx_design']",
    }
    frame = re.compile(
        r":{3,}(?:\{tab-(?:set|item)\}.*)?|\.\. (?:tab-set::|tab-item:: .*|code-block:: [\w-]+)"
        rf"|:(?:sync|sync-group): .*|`{{3,}}\{{code-block\}} .*|{_OWN_CAPTION.pattern}"
    )
    highlights = re.compile(r":emphasize-lines: (?P<lines>[\d, -]+)")

    def tabs(self, items: Sequence[Item], group: str, place: Place, *, inner: str) -> list[str]:
        """A set of tabs as the page's markup has directives."""
        if place.form == "rst":
            return self._rst(items, group)
        # A line of colons in the code would close a directive that has no more of them.
        mark = ":" * max(3, longest((line for one in items for line in one.lines), ":") + 1)
        written = [f"{mark}:{{tab-set}}", f":sync-group: {group}", ""]
        for one in items:
            head = [f"{mark}{{tab-item}} {one.label}", f":sync: {one.value}", ""]
            written += [*head, *one.lines, "", mark, ""]
        return [*written[:-1], f"{mark}:"]

    def _rst(self, items: Sequence[Item], group: str) -> list[str]:
        written = [".. tab-set::", f"   :sync-group: {group}", ""]
        for one in items:
            head = [f".. tab-item:: {one.label}", f"   :sync: {one.value}", ""]
            written += [*indented(head, "   "), *indented(one.lines, "      "), ""]
        return written[:-1]

    def sample(self, tab: Tab, place: Place) -> list[str]:
        """A code block, or in MyST a plain fence: a directive would read `:x:` as an option."""
        if place.form == "rst":
            return code_block(tab)
        options = _options(tab)
        if not options:
            return fence(tab)
        opening, *rest = fence(tab._replace(fence=f"{{code-block}} {tab.fence}", marks=()))
        return [opening, *options, "", *rest]

    def written(self, info: str, head: str) -> list[str]:
        """The options of a code block."""
        lines = [line.strip() for line in head.splitlines()]
        return [one for one in lines if _OPTION.fullmatch(one) and not _OWN_CAPTION.fullmatch(one)]

    def write(self, groups: Sequence[Group], place: Place) -> list[str]:
        """The set; in reStructuredText with the blank lines that set it off from its markers."""
        written = super().write(groups, place)
        return ["", *written, ""] if place.form == "rst" else written


def code_block(tab: Tab) -> list[str]:
    """A code block of reStructuredText, with what its author wrote of it."""
    head = [f".. code-block:: {tab.fence}", *indented(_options(tab), "   "), ""]
    return [*head, *indented(tab.lines, "   ")]


def _options(tab: Tab) -> list[str]:
    own = [f":caption: {tab.title}"] if tab.title else []
    return [*own, *(one for one in tab.marks if not (own and one.startswith(":caption:")))]


SITE = Sphinx()
