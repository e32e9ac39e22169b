"""How pages show Java."""

from __future__ import annotations

import re

from samplegen.pages.language import PageLanguage
from samplegen.pages.lexing import Syntax

_PUBLIC_CLASS = re.compile(r"^\s*public\s+(?:final\s+)?class\s+(\w+)", re.MULTILINE)


class Page(PageLanguage):
    """Its text blocks go on over lines."""

    titles = ("Java",)
    suffixes = (".java",)
    filename = "Main.java"
    signs = (
        r"^[ \t]*import[ \t]+(?:static[ \t]+)?[\w.]+(?:\.\*)?;|^[ \t]*package[ \t]+[\w.]+;"
        r"|\bpublic[ \t]+static[ \t]+void[ \t]+main\(|\bSystem\.(?:out|err)\.print"
        r"|\bSystem\.getenv\("
    )
    turn = 30
    installers = ("mvn", "gradle")
    syntax = Syntax(("//",), ('"""', '"', "'"), ('"""',))

    def filename_of(self, code: str) -> str:
        # A public class stands in a file of its name: JLS 17, section 7.6.
        named = _PUBLIC_CLASS.search(code)
        return f"{named[1]}.java" if named else self.filename


PAGE = Page()
