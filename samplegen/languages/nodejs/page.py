"""How pages show JavaScript for Node.js."""

from __future__ import annotations

from samplegen.pages.language import PageLanguage
from samplegen.pages.lexing import Syntax


class Page(PageLanguage):
    """Pages call it by its name, by a runtime's, or by a suffix; TypeScript is its, too."""

    names = ("typescript", "deno", "bun")
    titles = ("Node.js", "JavaScript", "TypeScript")
    suffixes = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
    filename = "sample.js"
    typed = "TypeScript"
    typed_filename = "sample.ts"
    untyped_names = ("javascript", "js", "mjs", "cjs", "jsx")
    signs = (
        r"""^[ \t]*import[ \t][^;'"]{0,500}\bfrom[ \t]+["']|^[ \t]*import[ \t]+["']"""
        r"|\bprocess\.env\b|\bconsole\.(?:log|error)\(|\brequire\([ \t]*[\"']"
        r"|^[ \t]*(?:const|let)[ \t]+[\w{[]"
    )
    turn = 50
    installers = ("npm", "pnpm", "yarn", "bun", "deno")
    syntax = Syntax(("//",), ("`", '"', "'"), ("`",))


PAGE = Page()
