"""How pages show Go."""

from __future__ import annotations

from samplegen.pages.language import PageLanguage
from samplegen.pages.lexing import Syntax


class Page(PageLanguage):
    """A string between backquotes goes on over lines, and has no escapes."""

    titles = ("Go", "Golang")
    suffixes = (".go",)
    filename = "main.go"
    signs = (
        r"^package[ \t]+\w+[ \t]*$|^func[ \t]+(?:\([^()\n]{0,80}\)[ \t]*)?\w+\("
        r"|\bos\.Getenv\(|\bfmt\.Print"
    )
    turn = 40
    installers = (r"go (?:get|mod|install)",)
    syntax = Syntax(("//",), ("`", '"', "'"), ("`",), ("`",))


PAGE = Page()
