"""How pages show Python."""

from __future__ import annotations

from samplegen.pages.language import PageLanguage
from samplegen.pages.lexing import Syntax


class Page(PageLanguage):
    """Doctest's and IPython's sessions are Python, too."""

    names = ("pycon",)
    titles = ("Python",)
    suffixes = (".py",)
    filename = "sample.py"
    signs = (
        r"^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]"
        r"|^[ \t]*import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?(?:,[ \t]*[\w.]+)*[ \t]*$"
        r"|^[ \t]*(?:async[ \t]+)?def[ \t]+\w+\(|\bos\.(?:getenv\(|environ\b)|^[ \t]*print\("
    )
    # Others import as well, and print: theirs is looked for before.
    turn = 60
    installers = (r"pip3?", "uv", "poetry")
    prompts = (r">>> ?", r"\.\.\.(?: |$)")
    # `!pip install openai`, `%pip`, `%%time`.
    kernel_commands = r"(?:!|%%?)[a-z]"
    syntax = Syntax(("#",), ('"""', "'''", '"', "'"), ('"""', "'''"), block_comments=False)


PAGE = Page()
