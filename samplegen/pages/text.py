"""Reads plain text, as a copy of a rendered page is: code without fences below headings.

A heading that is a language's name says where code may start. It starts at the first
line that looks like code and goes on while brackets or strings are open or lines
look like code. Indentation may be lost, so it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.pages.found import Found
from samplegen.pages.language import by_turn, in_pages
from samplegen.pages.lexing import ANY, Lexer
from samplegen.pages.naming import from_code, from_label
from samplegen.pages.spans import PageLines, Piece, Spans

# Lines are judged by their beginnings and ends.
_JUDGED = 500

_STARTS = re.compile(
    r"""(?x)
    (?://|/\*|\*/|<\?php|\?>|@\w+|\#include\b|\#!/)
    | [ \t]*[)\]}]+[;,)]*$
    | (?:(?:public|private|protected|internal|static|final|abstract|sealed|async|export|default
        |partial)\s+)*
      (?:class|interface|enum|struct|record|namespace|func|def|function|type|package|import|using
        |from|const|let|var|return|await|defer|throw|raise|with|try|except|finally|else|if|for
        |foreach|while|switch|echo|require|require_once|use)\b
    | [\w.$\[\]"'<>?]+(?:\s+[\w.$\[\]<>?]+){0,2}(?:,\s*\w+)*\s*(?:\+|:|\.)?=(?!=)
    | [\w.$:>-]+(?:<[\w, ]*>)?\(
    | \.\w+\(
    | (?:[$]\s)?(?:export\s+\w+=|curl(?:\s+(?:-|https?:|["'$\\])|$))
    | -{1,2}[A-Za-z][\w-]*\s+["'$@{]
    | (?:\.{3}|\u2026)$
    """
)
# Lines of Python that are made of words, as prose is.
_HEADER = re.compile(
    r"(?:for \w+(?:, ?\w+)* in [\w.]+(?:\(.*\))?|except(?: [\w.]+| \([\w., ]+\))?(?: as \w+)?"
    r"|(?:el)?if [\w.]+ (?:is|is not|in|not in) [\w.]+):$"
)
_ENDS = re.compile(r"(?:[;{}\[(,\\]|\)\s*[{;,]?|=>|^(?:try|else|finally)\s*:)$")
# Three plain words in a row, a sentence's end, or words of a script without spaces.
_PROSE = re.compile(
    r"(?:[A-Z][\w'-]*|I)(?:,? [a-z][\w'/-]*){2}|[a-z]+(?: [a-z]+){3}"
    r"|[^\x00-\u2e7f]|(?:\w+,? ){3}.*[.:?!]$"
)
_COMMENT = re.compile(r"//|/\*|\*|#(?!\w+$)")
# A comment for samplegen is the page's, and not a line of the code beside it.
_MARKER = re.compile(r"[ \t]*(?:#|//)[ \t]*(?:samplegen:|/samplegen\b)")
_BULLET = re.compile(r"[\s\u2022\u25cf\u25e6\u25aa\u00b7*+-]*(?:\d+[.)]\s+)?")


def read(text: str, suffix: str = ".txt") -> Iterator[Found]:
    """The code in a page of plain text."""
    lines = PageLines(text)
    label = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        if named := _label(line):
            label = named
        elif _starts_code(line, label):
            end = _end(lines, number, label)
            yield _found(lines, number, end, label)
            number = end
            continue
        number += 1


def _label(line: str) -> str:
    """The heading in a line that is a language's name, or ''."""
    if len(line) > _JUDGED:
        return ""
    title = line[_BULLET.match(line).end() :].strip()  # type: ignore[union-attr]
    return title if title and from_label(title)[0] else ""


def _starts_code(line: str, label: str) -> bool:
    """Whether code starts here, below that heading."""
    if _MARKER.match(line):
        return False
    line = line.strip()[:_JUDGED]
    if not line or not _looks_like_code(line):
        return False
    if label:
        return True
    return from_code(line) is not None


def _looks_like_code(line: str) -> bool:
    """Whether a line that stands by itself is code rather than prose."""
    if _COMMENT.match(line):
        return not line.startswith("*")
    if _HEADER.match(line):
        return True
    if _PROSE.match(line):
        return False
    return bool(_STARTS.match(line) or _ENDS.search(line))


def _end(lines: PageLines, first: int, label: str) -> int:
    """The line after the last one of the code that starts at line `first`."""
    opening = lines[first]
    language = _by_shebang(opening[:_JUDGED]) or from_label(label)[1] or from_code(opening)
    lexer = Lexer(in_pages(language).syntax if language else ANY)
    tag = _closing_tag(opening.strip())
    end = first
    for number in range(first, len(lines)):
        line = lines[number].rstrip()
        code = lexer.is_open or not line
        if (
            _label(line)
            or _MARKER.match(line)
            or not (code or _looks_like_code(line.strip()[:_JUDGED]))
        ):
            break
        lexer.line(line)
        if line:
            end = number + 1
        if tag and not lexer.is_open and line.endswith(tag):
            break
    return end


def _by_shebang(line: str) -> str | None:
    """The language whose interpreter a first line names."""
    every = ((id, page.shebang) for id, page in by_turn() if page.shebang)
    return next((id for id, shebang in every if re.match(shebang, line)), None)


def _closing_tag(line: str) -> str:
    """What closes a program that a line opens with a tag, or ''."""
    every = (page.tags for _, page in by_turn() if page.tags)
    return next((closes for opens, closes in every if line.startswith(opens)), "")


def _found(lines: PageLines, first: int, end: int, label: str) -> Found:
    """The code in those lines, without the indentation that they share."""
    raw = [lines[number] for number in range(first, end)]
    indents = [line[: len(line) - len(line.lstrip())] for line in raw if line.strip()]
    lead = indents[0]
    for indent in indents:
        while not indent.startswith(lead):
            lead = lead[:-1]
    codes = [line[len(lead) :] for line in raw]
    spans = _without_bullet(lines.spans(first, codes, lead))
    return Found(spans, "", "", (label,) if label else ())


# The bullet of the item below, which a copy of a page may leave at the end of the line.
_BULLET_BELOW = re.compile(r"(?<=[;}])[ \t]+[-*\u2022][ \t]*\Z")


def _without_bullet(spans: Spans) -> Spans:
    """The code without the bullet of the item below it."""
    *before, last = spans.pieces
    found = _BULLET_BELOW.search(last.text)
    if not found:
        return spans
    text = last.text[: found.start()]
    return Spans((*before, Piece(text, last.start, last.start + len(text))), spans.layers)
