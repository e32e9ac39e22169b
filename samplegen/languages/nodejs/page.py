"""How pages show JavaScript for Node.js."""

from __future__ import annotations

from samplegen.pages.language import PageLanguage
from samplegen.pages.lexing import Syntax


class Page(PageLanguage):
    """Pages call it by the language's name, by the runtime's, or by a suffix."""

    names = ("jsx",)
    titles = ("Node.js", "JavaScript")
    suffixes = (".js", ".mjs", ".cjs")
    filename = "sample.js"
    signs = (
        r"""^[ \t]*import[ \t][^;'"]{0,500}\bfrom[ \t]+["']|^[ \t]*import[ \t]+["']"""
        r"|\bprocess\.env\b|\bconsole\.(?:log|error)\(|\brequire\([ \t]*[\"']"
        r"|^[ \t]*(?:const|let)[ \t]+[\w{[]"
    )
    turn = 50
    installers = ("npm", "pnpm", "yarn")
    syntax = Syntax(("//",), ("`", '"', "'"), ("`",))


PAGE = Page()
