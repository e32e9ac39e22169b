"""Code in colours: which stretches of it are of which kind, found by Pygments.

    "k3 2 s11"      three characters of a keyword, two plain ones, eleven of a string

Lengths are in UTF-16 units, as JavaScript counts. The page makes elements from them, so
that no text of a sample is ever markup.
"""

from __future__ import annotations

from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from samplegen.languages import language

# The kinds that the page has colours for, the special before the general.
_KINDS = (
    (Token.Comment, "c"),
    (Token.Literal.String.Interpol, "i"),
    (Token.Literal.String.Escape, "i"),
    (Token.Literal.String, "s"),
    (Token.Literal.Number, "n"),
    (Token.Keyword.Constant, "n"),
    (Token.Keyword.Type, "t"),
    (Token.Keyword, "k"),
    (Token.Operator.Word, "k"),
    (Token.Name.Tag, "a"),
    (Token.Name.Function, "f"),
    (Token.Name.Class, "t"),
    (Token.Name.Namespace, "t"),
    (Token.Name.Builtin, "f"),
    (Token.Name.Decorator, "f"),
    (Token.Name.Attribute, "a"),
    (Token.Name.Variable, "a"),
)

LIMIT = 40_000
"""What is longer is shown without colours: they would take longer than all else."""


def tokens(code: str, language_id: str) -> str:
    """The kinds of the stretches of a sample; empty where it is to be shown plain."""
    return coloured(code, language(language_id).fence)


def coloured(code: str, fence: str) -> str:
    """The same, of code in a language by the name that a Markdown fence has."""
    lexer = _lexer(fence)
    if lexer is None or len(code) > LIMIT:
        return ""
    found: list[tuple[str, int]] = []
    for kind, text in lexer.get_tokens(code):
        name, length = _kind(kind), _units(text)
        if found and (found[-1][0] == name or not text.strip()):
            # White space has no colour of its own.
            name, length = found[-1][0], found[-1][1] + length
            found.pop()
        found.append((name, length))
    return " ".join(f"{name}{length}" for name, length in found)


@cache
def _kind(token: _TokenType) -> str:
    return next((name for kind, name in _KINDS if token == kind or token[: len(kind)] == kind), "")


@cache
def _lexer(fence: str) -> Lexer | None:
    try:
        return get_lexer_by_name(fence, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
