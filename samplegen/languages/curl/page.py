"""How pages show curl: as a command of a shell."""

from __future__ import annotations

import re

from samplegen.pages.language import SEARCHED, PageLanguage
from samplegen.pages.lexing import Syntax

# A line that runs curl, perhaps after a prompt, in an assignment or behind a pipe.
_CURL = re.compile(
    r"""(?mx)^[ \t]*(?:[$%>#][ ])?(?:\w+=)?["']?(?:(?:\$\(|`)[ ]*)?curl(?:\.exe)?[ \t\n\\]"""
)
_PIPED_CURL = re.compile(r"[|;&(][ \t]*curl[ \t]")
# What begins as a program in another language has the command in a text or a comment.
_OTHER_PROGRAM = re.compile(r"\s*(?:<\?php|import |package |using )")

# What Windows' command prompt has: `^` at a line's end, and `%NAME%`.
_CONTINUED = re.compile(r"\^[ \t]*\r?\n")
_VARIABLE = re.compile(r"%[A-Za-z]\w*%")


class Page(PageLanguage):
    """Fences name the shell, which runs much else: such code is a sample if it runs curl."""

    names = ("console", "shell-session", "shellscript", "sh-session", "terminal", "zsh")
    suffixes = (".sh", ".bash")
    filename = "sample.sh"
    turn = 0
    shebang = r"\s*#!.*sh$"
    prompts = (r"[$%] (?=\S)", r"> ?")
    syntax = Syntax(
        ("#",),
        ('"', "'"),
        ('"', "'"),
        ("'",),
        block_comments=False,
        brackets=False,
        # A compound command, written over several lines.
        opens=r"\s*(?:if|for|while|until)\s.*;\s*(?:then|do)$",
        closes=r"\s*(?:fi|done)\b",
    )

    def goes_on(self, typed: str) -> bool:
        """After a backslash, or in a quote."""
        return typed.endswith("\\") or typed.count("'") % 2 == 1 or typed.count('"') % 2 == 1

    def shows(self, code: str) -> bool:
        is_windows = _CONTINUED.search(code) and _VARIABLE.search(code)
        return self.may_be(code) and not is_windows and not _OTHER_PROGRAM.match(code)

    def may_be(self, code: str) -> bool:
        code = code[:SEARCHED]
        return bool(_CURL.search(code) or _PIPED_CURL.search(code))


PAGE = Page()
