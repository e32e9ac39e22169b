"""Reads Markdown and MDX: fences and indented code, in lists, quotes, tabs and components.

markdown-it-py follows CommonMark and tells the lines of each block; the columns
follow from the code that it gives, which is what each line ends in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from samplegen.errors import InputError
from samplegen.pages import jsontext, templates
from samplegen.pages.found import Found, Outline, Tabs, plain
from samplegen.pages.spans import Layer, PageLines, Spans, page_lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

# Blocks within blocks; deeper ones are left unread.
_DEEPEST = 100


def read(text: str, suffix: str = ".md") -> Iterator[Found]:
    """The code in a page of Markdown, or of MDX, where indentation is only for looks."""
    return _read(text, Outline(), Tabs(), suffix == ".mdx" or _has_components(text), 0)


def read_part(text: str, outline: Outline, tab: str = "", depth: int = 0) -> Iterator[Found]:
    """The code in Markdown that stands in something else, below those headings, in that tab."""
    return _read(text, outline, Tabs(tab), False, depth)


def _has_components(text: str) -> bool:
    """Whether a page named Markdown is MDX, as some site builders read it."""
    return bool(re.search(r"^[ \t]*</?(?:Tabs?|TabItem|CodeGroup|CodeTabs?|Steps?)\b", text, re.M))


def _read(text: str, outline: Outline, tabs: Tabs, mdx: bool, depth: int) -> Iterator[Found]:
    lines = page_lines(text)
    found = _blocks(text, lines, outline, tabs, mdx, depth)
    if not mdx or "`" not in text:
        yield from found
        return
    taken = []
    for one in found:
        taken.append((one.spans.start(0), one.spans.end(len(one.spans.text))))
        yield one
    yield from templates.read(text, lines.eol, taken)


def _blocks(
    text: str, lines: PageLines, outline: Outline, tabs: Tabs, mdx: bool, depth: int
) -> Iterator[Found]:
    """The code in the blocks of a page."""
    tokens = _parser(mdx).parse(_without_front_matter(text))
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.type == "heading_open" and following:
            outline.add(int(token.tag[1:]), plain(following.content))
        elif token.type == "inline":
            _follow(token.content, tabs)
        elif token.type == "content_tab_open":
            tabs.enter("content tab", token.info)
        elif token.type == "content_tab_close":
            tabs.leave("content tab")
        elif token.type == "readme_code":
            yield from _readme(token, lines, outline)
        elif token.type == "html_block":
            yield from _html(token, lines, outline, tabs)
        elif token.type in ("fence", "code_block"):
            yield from _code(token, lines, outline, tabs, depth)


@cache
def _parser(mdx: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
    parser.core.ruler.enableOnly(["normalize", "block"])
    stops: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "content_tab", _content_tab, stops)
    parser.block.ruler.before("fence", "shortcode", _shortcode, stops)
    parser.block.ruler.before("fence", "readme_code", _readme_code, stops)
    if mdx:
        parser.disable(["code", "lheading"])
        parser.block.ruler.at("html_block", _pre_or_comment, stops)
        parser.block.ruler.at("paragraph", _mdx_paragraph)
    return parser


def _pre_or_comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: MDX reads Markdown within elements; only these hold text as it is."""
    from markdown_it.rules_block import html_block

    at = state.bMarks[start] + state.tShift[start]
    line = state.src[at : at + 4].lower()
    return line in ("<pre", "<!--") and html_block(state, start, end, silent)


def _mdx_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: a paragraph or underlined heading, ended by a fence of any indentation."""
    rules = state.md.block.ruler.getRules("paragraph")
    stop = start + 1
    while stop < end and not state.isEmpty(stop):
        line = state.src[state.bMarks[stop] + state.tShift[stop] : state.eMarks[stop]].rstrip()
        underlined = {"=": "h1", "-": "h2"}.get(line[0]) if set(line) in ({"="}, {"-"}) else None
        if underlined or any(rule(state, stop, end, True) for rule in rules):
            break
        stop += 1
    else:
        underlined = None
    kind, tag = ("heading", underlined) if underlined else ("paragraph", "p")
    state.push(f"{kind}_open", tag, 1)
    state.push("inline", "", 0).content = state.getLines(start, stop, state.blkIndent, False)
    state.push(f"{kind}_close", tag, -1)
    state.line = stop + bool(underlined)
    return True


# No title of a tab is longer; the pattern below takes its time on a long line.
_LONGEST_TAB = 200
_CONTENT_TAB = re.compile(r'(?:===[!+]*|!!!|\?\?\?\+?)(?:\s+[\w -]*?)??(?:\s+"(.*)")?\s*')


def _content_tab(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: a content tab or admonition as MkDocs has it, with its indented content."""
    if state.is_code_block(start):
        return False
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not line.startswith(("===", "!!!", "???")):
        return False
    match = _CONTENT_TAB.fullmatch(line) if len(line) <= _LONGEST_TAB else None
    if not match or (line.startswith("===") and match.group(1) is None):
        return False
    if silent:
        return True
    indent = state.sCount[start] + 4
    stop = start + 1
    while stop < end and (state.isEmpty(stop) or state.sCount[stop] >= indent):
        stop += 1
    token = state.push("content_tab_open", "", 1)
    token.info = match.group(1) if line.startswith("===") else ""
    before = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax = indent, stop
    state.md.block.tokenize(state, start + 1, stop)
    state.blkIndent, state.lineMax, state.parentType = before
    state.push("content_tab_close", "", -1)
    state.line = stop
    return True


# No line that opens code so is longer.
_LONGEST_OPENING = 300
# `{% highlight python linenos %}` of Jekyll, `{{< highlight python "linenos=table" >}}` of Hugo,
# `{% codeblock lang:python %}` of Hexo, `{{< tab header="Python" lang="python" >}}` of Docsy.
_OPENS_CODE = re.compile(
    r"(?P<mark>\{%-?|\{\{[<%])\s*(?P<name>[A-Za-z][\w-]*)\s+(?P<rest>.*?)\s*(?:-?%|[>%]\})\}\s*"
)
_SAYS_LANGUAGE = re.compile(r"\b(?:lang|language)\s*[=:]\s*[\"']?([\w+#.-]+)")


def _shortcode(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: code between the two shortcodes of a site builder."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not line.startswith("{") or len(line) > _LONGEST_OPENING or state.is_code_block(start):
        return False
    opening = _OPENS_CODE.fullmatch(line)
    if not opening:
        return False
    name, rest = opening["name"], opening["rest"]
    said = _SAYS_LANGUAGE.search(rest)
    words = [said[1]] if said else rest.split() if name == "highlight" else []
    if not words:
        return False
    info = words[0].strip("\"'")
    closing = rf"(?:\{{%-?\s*end|\{{\{{[<%]\s*/\s*){re.escape(name)}\s*(?:-?%|[>%]\}})\}}"
    stop = _closed(state, start + 1, end, closing)
    # What has a fence in it is Markdown, and its language the fence's.
    first = next((one for n in range(start + 1, stop) if (one := _line(state, n))), "```")
    if stop == end or first.startswith(("```", "~~~", "<")):
        return False
    if not silent:
        token = state.push("fence", "code", 0)
        token.info, token.markup, token.map = info, opening["mark"], [start, stop + 1]
        token.content = state.getLines(start + 1, stop, state.sCount[start], True)
        state.line = stop + 1
    return True


def _closed(state: StateBlock, start: int, end: int, closing: str) -> int:
    """The first line from `start` on that a pattern fits; `end` where none does."""
    # What no line closes is looked for once, and not from each line that opens it.
    open_for_good = state.env.setdefault("open for good", set())
    if (closing, end) in open_for_good:
        return end
    pattern = re.compile(closing)
    for number in range(start, end):
        if pattern.match(_line(state, number)):
            return number
    open_for_good.add((closing, end))
    return end


def _line(state: StateBlock, number: int) -> str:
    """A line without its indentation."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _readme_code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: `[block:code]` of ReadMe, with its JSON."""
    if _line(state, start).strip() != "[block:code]":
        return False
    stop = _closed(state, start + 1, end, r"\[/block\]\s*\Z")
    if stop == end:
        return False
    if not silent:
        state.push("readme_code", "", 0).map = [start + 1, stop]
        state.line = stop + 1
    return True


def _readme(token: Token, lines: PageLines, outline: Outline) -> Iterator[Found]:
    """The code in a block of ReadMe; nothing where that is no JSON."""
    first, stop = token.map or (0, 0)
    start, end = lines.starts[first], lines.ends[stop - 1]
    try:
        found = {one.path: one for one in jsontext.strings(lines.text[start:end], _DEEPEST)}
    except InputError:
        return
    for path, one in found.items():
        if len(path) == 3 and path[0] == "codes" and path[2] == "code":
            said = [
                jsontext.value(lines.text[start:end], found.get((*path[:2], name)))
                for name in ("language", "name")
            ]
            layer = Layer(r"\n", r"\n", "", jsontext.escaped)
            code = tuple(jsontext.pieces(lines.text, one.start + start, one.end + start))
            if code:
                yield Found(Spans(code, (layer,)), said[0], said[1], outline.titles)


_FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")


def _without_front_matter(text: str) -> str:
    """The page with the lines of its front matter empty."""
    start = _FRONT_MATTER.match(text)
    if not start:
        return text
    end = re.compile(rf"^{re.escape(start[1])}[ \t]*\r?$", re.M).search(text, start.end())
    if not end:
        return text
    return re.sub(r"[^\r\n]+", "", text[: end.end()]) + text[end.end() :]


# Components and shortcodes that site builders put around code. The limits keep the
# search linear in pages that never close a quote.
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][\w.-]{0,40})"
    r"(?P<attributes>(?:\s+[\w:-]{1,40}(?:=(?:\"[^\"]{0,200}\"|'[^']{0,200}'|\{[^{}]{0,200}\}))?){0,20})"
    r"\s*(?P<empty>/?)>"
    r"|\{[{%][<%]?\s*(?P<end>/|end)?(?P<code>(?:code)?tab(?:item)?)\b(?P<rest>[^{}]{0,200})\}"
    r"|^:::+[ ]*(?:\{?(?P<colons>tab(?:-item)?)\b\}?(?P<label>.{0,200})|(?P<over>$))",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(r"([\w:-]{1,40})=[\"'{]{1,2}([^\"'{}]{1,200})")
_LABELS = ("label", "title", "name", "tab", "header", "lang", "language", "value")


def _follow(text: str, tabs: Tabs) -> None:
    """Enter and leave the elements that the text opens and closes."""
    if "<" not in text and "{" not in text and ":::" not in text:
        return
    for tag in _TAG.finditer(text):
        if tag["colons"]:
            tabs.enter(":::", _label(tag["label"]) or tag["label"].strip(" {}"))
        elif tag["over"] is not None:
            tabs.leave(":::")
        elif tag["code"]:
            if tag["end"]:
                tabs.leave(tag["code"])
            else:
                quoted = re.search(r"[\"']([^\"']+)[\"']", tag["rest"])
                tabs.enter(tag["code"], _label(tag["rest"]) or (quoted[1] if quoted else ""))
        elif tag["close"]:
            tabs.leave(tag["name"])
        elif not tag["empty"] and (tag["name"][0].isupper() or "tab" in tag["name"]):
            tabs.enter(tag["name"], _label(tag["attributes"]))


def _label(attributes: str) -> str:
    """The label that an element's attributes give it, or ''."""
    given = dict(_ATTRIBUTE.findall(attributes))
    return next((given[name].strip() for name in _LABELS if name in given), "")


def _html(token: Token, lines: PageLines, outline: Outline, tabs: Tabs) -> Iterator[Found]:
    """The code in HTML within a page of Markdown."""
    from samplegen.pages import html

    first, last = token.map or (0, 0)
    start, end = lines.starts[first], lines.ends[last - 1]
    _follow(token.content, tabs)
    for found in html.read(lines.text[start:end]):
        titles = (*outline.titles, *found.headings)
        yield found._replace(
            spans=found.spans.shifted(start), tab=found.tab or tabs.label, headings=titles
        )


def _code(
    token: Token, lines: PageLines, outline: Outline, tabs: Tabs, depth: int
) -> Iterator[Found]:
    """The code of a fence or of an indented block, or what is in a directive's Markdown."""
    codes = token.content.removesuffix("\n").split("\n")
    first = token.map[0] if token.map else 0
    if token.type == "fence":
        opening = lines[first]
        lead = re.sub(r"[^>\s]", " ", opening[: opening.index(token.markup)])
        first += 1
        options = _options(token.info, codes)
        first, codes = first + options, codes[options:]
    else:
        lead = _lead(lines, first, codes)
    if not any(code.strip() for code in codes):
        return
    spans = lines.spans(first, codes, lead)
    info = token.info.strip()
    directive = re.match(r"\{([\w-]+)\}\s*(.*)", info)
    if directive and depth < _DEEPEST and directive[1] in ("tab-set", "tab-item", "tabs", "tab"):
        label = directive[2] if directive[1].startswith("tab") else ""
        for found in read_part(spans.text, outline, label or tabs.label, depth + 1):
            yield found._replace(spans=found.spans.within(spans))
        return
    yield Found(spans, info, tabs.label, outline.titles)


def _options(info: str, codes: Sequence[str]) -> int:
    """How many lines of a directive's fence are its options and the blank line below them."""
    if not info.startswith("{"):
        return 0
    count = 0
    while count < len(codes) and re.match(r":[\w-]+:(?:\s|$)", codes[count]):
        count += 1
    if count and count < len(codes) and not codes[count].strip():
        count += 1
    return count


def _lead(lines: PageLines, first: int, codes: Sequence[str]) -> str:
    """What stands before lines of indented code. Before the first may be a bullet."""
    full = [number for number, code in enumerate(codes) if code.strip()]
    number = full[1] if len(full) > 1 else full[0]
    line, code = lines[first + number], codes[number]
    return re.sub(r"[^>\s]", " ", line[: len(line) - len(code)])
