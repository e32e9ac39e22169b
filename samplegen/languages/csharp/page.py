"""How pages show C#."""

from __future__ import annotations

from samplegen.pages.language import PageLanguage
from samplegen.pages.lexing import Syntax


class Page(PageLanguage):
    """In prose it is also .NET. Raw and verbatim strings go on over lines."""

    titles = ("C#", ".NET")
    suffixes = (".cs",)
    filename = "Program.cs"
    signs = (
        r"^using[ \t]+(?:static[ \t]+)?[\w.]+[ \t]*(?:=[ \t]*[\w.<>]+[ \t]*)?;"
        r"|^[ \t]*namespace[ \t]+[\w.]+[ \t]*[;{]?[ \t]*$"
        r"|\bConsole\.(?:Error\.)?Write|\bEnvironment\.GetEnvironmentVariable\("
    )
    turn = 20
    installers = ("dotnet",)
    syntax = Syntax(("//",), ('"""', '$@"', '@$"', '@"', '"', "'"), ('"""', '@"'), ('@"',))


PAGE = Page()
