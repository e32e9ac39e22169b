"""How pages show PHP."""

from __future__ import annotations

from samplegen.pages.language import PageLanguage
from samplegen.pages.lexing import Syntax


class Page(PageLanguage):
    """A program stands between tags; both of its strings go on over lines."""

    titles = ("PHP",)
    suffixes = (".php",)
    filename = "sample.php"
    signs = r"<\?(?:php|=)|^[ \t]*\$\w+[ \t]*=[^=~].*;[ \t]*$|\bcurl_setopt\("
    turn = 10
    tags = ("<?php", "?>")
    installers = ("composer",)
    syntax = Syntax(("//", "#"), ('"', "'"), ('"', "'"))


PAGE = Page()
