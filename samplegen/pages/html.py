"""Reads HTML: `pre` and `code`, in tab widgets, with character references."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from samplegen.pages.found import Found, Outline
from samplegen.pages.markup import Tag, tags
from samplegen.pages.naming import from_info, names
from samplegen.pages.spans import Layer, PageLines, Piece, Spans

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}

# In code these make lines of their own.
_BLOCKS = {"div", "li", "p", "tr"}

# Classes of what stands in code without being a part of it.
_NO_CODE = {"button", "copy", "gutter", "line-number", "line-numbers-rows", "lineno", "linenos"}
_NO_CODE |= {"copybtn", "hljs-ln-numbers", "ln", "rouge-gutter"}

# Classes of the panels of tab widgets: mkdocs-material, sphinx-design, Bootstrap and their like.
_PANELS = {"sd-tab-content", "sphinx-tabs-panel", "tab-content", "tab-pane", "tab-panel"}
_PANELS |= {"tabbed-block", "tabcontent", "tabpanel"}

_ANCHORS = {"anchor", "anchor-link", "hash-link", "header-anchor", "headerlink"}

_LABELS = ("label", "title", "name", "data-label", "data-title")

# Attributes that name the language; `language` is Mintlify's.
_SAY_LANGUAGE = ("data-lang", "data-language", "language", "data-enlighter-language")
_NEAR = 4

_LONGEST_TITLE = 200

# Enough of a page to see how its lines end.
_ENOUGH = 10_000


def read(text: str, suffix: str = ".html") -> Iterator[Found]:
    """The code in a page of HTML: all of `pre`, and `code` of more than a line."""
    reader = _Reader(text)
    for tag in tags(text):
        reader.text(tag.start)
        yield from reader.tag(tag)
    reader.text(len(text))
    yield from reader.close()


class _TabSet:
    """The labels of a tab widget, and how many of its panels were seen."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self.panels = 0

    def add(self, label: str) -> None:
        if self.panels:
            self.labels, self.panels = [], 0
        self.labels.append(label)

    def next_panel(self) -> str:
        number, self.panels = self.panels, self.panels + 1
        return self.labels[number] if number < len(self.labels) else ""


class _Element(NamedTuple):
    """An open element; `tabs` is what its parent's tab widget was, if it is a panel."""

    name: str
    attributes: Mapping[str, str]
    label: str
    tabs: _TabSet | None


class _Reader:
    """Follows the tags of a page."""

    def __init__(self, text: str) -> None:
        self._page = text
        self._at = 0
        self._outline = Outline()
        self._open: list[_Element] = []
        self._names: Counter[str] = Counter()
        self._labels: list[str] = []
        self._tabs = _TabSet()
        self._ids: dict[str, str] = {}
        self._title: list[str] | None = None
        self._title_of: _Element | None = None
        self._code: _Code | None = None

    def text(self, end: int) -> None:
        """The text from the last tag to `end`."""
        if end > self._at:
            if self._code:
                self._code.text(self._page, self._at, end)
            elif self._title is not None and not _is_anchor(self._open[-1]):
                self._title.append(self._page[self._at : min(end, self._at + _LONGEST_TITLE)])
        self._at = end

    def tag(self, tag: Tag) -> Iterator[Found]:
        """A tag that starts where the last text ended."""
        self._at = tag.end
        if tag.name == "br" and self._code:
            self._code.line_break(tag)
        elif not tag.name or tag.name in _VOID:
            return
        elif not tag.closes:
            self._enter(tag)
        elif self._names[tag.name]:
            while (element := self._open.pop()).name != tag.name:
                yield from self._leave(element)
            yield from self._leave(element)

    def close(self) -> Iterator[Found]:
        """The end of the page."""
        while self._open:
            yield from self._leave(self._open.pop())

    def _enter(self, tag: Tag) -> None:
        attributes = tag.attributes
        label, tabs = "", None
        if _is_panel(attributes):
            label = self._panel_label(attributes)
            tabs, self._tabs = self._tabs, _TabSet()
        elif "tab" in tag.name:
            label = next((attributes[name] for name in _LABELS if attributes.get(name)), "")
        element = _Element(tag.name, attributes, label, tabs)
        if label:
            self._labels.append(label)
        self._open.append(element)
        self._names[tag.name] += 1
        if self._code:
            self._code.enter(element)
        elif tag.name in ("pre", "code"):
            self._code = _Code(element, self._info(), tag.end, self._page)
        elif self._title is None and (_level(tag.name) or _is_tab(tag.name, attributes)):
            self._title, self._title_of = [], element

    def _leave(self, element: _Element) -> Iterator[Found]:
        self._names[element.name] -= 1
        if self._code:
            if self._code.element is element:
                yield from self._found(self._code)
                self._code = None
            else:
                self._code.leave(element)
        if element is self._title_of:
            self._end_title(element)
        if element.tabs:
            self._tabs = element.tabs
        if element.label:
            self._labels.pop()

    def _end_title(self, element: _Element) -> None:
        text = html.unescape("".join(self._title or ())[:_LONGEST_TITLE])
        title = " ".join(text.split())
        self._title = self._title_of = None
        if level := _level(element.name):
            self._outline.add(level, title)
            return
        self._tabs.add(title)
        attributes = element.attributes
        for name in ("id", "aria-controls", "for", "href", "data-bs-target", "data-target"):
            if attributes.get(name):
                self._ids[attributes[name].removeprefix("#")] = title

    def _panel_label(self, attributes: Mapping[str, str]) -> str:
        number = self._tabs.next_panel()
        for name in ("aria-labelledby", "id"):
            if label := self._ids.get(attributes.get(name, "")):
                return label
        return number

    def _info(self) -> str:
        """What the classes of the nearest elements say of the code."""
        for number, element in enumerate(reversed(self._open)):
            info = _language(element)
            # Far from the code it may be that of the page's text.
            if info and (number < _NEAR or from_info(info, "curl -")[1]):
                return info
        return ""

    def _found(self, code: _Code) -> Iterator[Found]:
        spans = code.spans()
        text = spans.text
        if not text.strip() or re.fullmatch(r"[\d\s]+", text):
            return
        if code.element.name == "code" and "\n" not in text:
            return
        label = self._labels[-1] if self._labels else ""
        yield Found(spans, code.info, label, self._outline.titles)


class _Code:
    """The code in an element, as it is read."""

    def __init__(self, element: _Element, info: str, start: int, page: str) -> None:
        self.element = element
        self.info = info
        self._start = start
        self._page = page
        self._pieces: list[Piece] = []
        self._hidden: list[_Element] = []
        self._break: Tag | None = None
        self._block_ended = False

    def enter(self, element: _Element) -> None:
        """An element opens in the code."""
        if self._hidden or _is_no_code(element):
            self._hidden.append(element)
        self.info = _language(element) or self.info if element.name == "code" else self.info
        if element.name in _BLOCKS and self._pieces:
            self._block_ended = True

    def leave(self, element: _Element) -> None:
        """An element in the code closes."""
        if self._hidden and self._hidden[0] is element:
            self._hidden.clear()
        if element.name in _BLOCKS and self._pieces:
            self._block_ended = True

    def line_break(self, tag: Tag) -> None:
        """A `br`."""
        if not self._hidden:
            self._end_block(tag.start)
            self._pieces.append(Piece("\n", tag.start, tag.end))
            self._break = tag

    def text(self, page: str, start: int, end: int) -> None:
        """Text of the page."""
        if self._hidden:
            return
        if not self._pieces and start == self._start and self.element.name == "pre":
            # The HTML standard, 13.2.6.4.7: a newline right after <pre> is ignored.
            start += next(len(eol) for eol in _LINE_ENDS if page.startswith(eol, start, end))
        if start < end:
            self._end_block(start)
        at = start
        for found in _NOT_VERBATIM.finditer(page, start, end):
            self._add(page[at : found.start()], at, found.start())
            self._add(_decoded(found.group()), found.start(), found.end())
            at = found.end()
        self._add(page[at:end], at, end)

    def _end_block(self, at: int) -> None:
        if self._block_ended and not self._pieces[-1].text.endswith("\n"):
            self._pieces.append(Piece("\n", at, at))
        self._block_ended = False

    def _add(self, text: str, start: int, end: int) -> None:
        if text:
            self._pieces.append(Piece(text, start, end))

    def spans(self) -> Spans:
        """The spans of the code read so far."""
        newline = PageLines(self._page[:_ENOUGH]).eol
        if self._break:
            newline = self._page[self._break.start : self._break.end]
        layer = Layer(newline, newline, "", _escaped)
        return Spans(tuple(self._pieces), (layer,))


_LINE_ENDS = ("\r\n", "\r", "\n", "")
# The pattern of html.unescape, and the ends of lines that are not LF.
_NOT_VERBATIM = re.compile(r"\r\n?|&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f\r <&#;]{1,32};?)")


def _decoded(raw: str) -> str:
    """A line's end or a character reference, decoded."""
    if raw[0] == "\r":
        return "\n"
    # Pages indent code with it, but no language knows it.
    text = html.unescape(raw).replace("\xa0", " ")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _escaped(text: str) -> str:
    """Text as HTML's text."""
    return html.escape(text, quote=False)


def _level(name: str) -> int:
    """The level of a heading's element, else 0."""
    return int(name[1]) if re.fullmatch(r"h[1-6]", name) else 0


def _is_panel(attributes: Mapping[str, str]) -> bool:
    classes = attributes.get("class", "").split()
    return attributes.get("role") == "tabpanel" or not _PANELS.isdisjoint(classes)


def _is_tab(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element is the label of a tab."""
    if attributes.get("role") == "tab":
        return True
    is_label = name == "label" and "for" in attributes
    named = "tab" in attributes.get("class", "") and name in ("a", "button", "li")
    return is_label or (named and "tabs" not in attributes.get("class", "").split())


def _is_anchor(element: _Element) -> bool:
    """Whether an element in a heading is the mark that links to it."""
    classes = element.attributes.get("class", "").split()
    return element.name == "a" and not _ANCHORS.isdisjoint(classes)


def _is_no_code(element: _Element) -> bool:
    classes = element.attributes.get("class", "").lower().split()
    return element.name == "button" or not _NO_CODE.isdisjoint(classes)


def _language(element: _Element) -> str:
    """What the attributes of an element say of the language of the code in it, or ''."""
    attributes = element.attributes
    for name in _SAY_LANGUAGE:
        if attributes.get(name):
            return attributes[name]
    classes = attributes.get("class", "")
    said = re.search(r"(?:^|\s)(?:language|lang)-(\S+)|\bbrush:\s*([\w#+-]+)", classes)
    if said:
        return said[1] or said[2]
    for one in re.findall(r"(?:^|\s)highlight-(?:source-)?(\S+)", classes):
        if from_info(one, "curl -")[1]:
            return str(one)
    if element.name in ("pre", "code"):
        return next((one for one in classes.split() if one.lower() in names()), "")
    return ""
