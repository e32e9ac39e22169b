"""What pages show of a language: what they call it, how its code is recognised, its syntax.

A language's `page` module has one subclass of `PageLanguage`, and `PAGE`, which is one of it.
A language without that module is recognised by the names that its literals have.
"""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar

from samplegen.languages import has, language_ids, part
from samplegen.pages.lexing import ANY, Syntax

SEARCHED = 20_000
"""A sign stands near a sample's start; more need not be searched."""


class PageLanguage:
    """What is known of a language where nothing is said."""

    names: ClassVar[tuple[str, ...]] = ()
    """What fences and kernels call it, beside its id, name, aliases and suffixes."""
    titles: ClassVar[tuple[str, ...]] = ()
    """What prose calls it."""
    suffixes: ClassVar[tuple[str, ...]] = ()
    """Of its source files, with the dot."""
    filename: ClassVar[str] = "sample.txt"
    """What a reader would call the file, where the code does not say so."""
    typed: ClassVar[str] = ""
    """What its sibling with types is called, as TypeScript is JavaScript's."""
    typed_filename: ClassVar[str] = ""
    """What a reader would call a file in that sibling."""
    untyped_names: ClassVar[tuple[str, ...]] = ()
    """Those of its names that do not mean that sibling."""
    signs: ClassVar[str] = ""
    """A pattern of cheap signs that no other language has."""
    turn: ClassVar[int] = 100
    """When its signs are looked for: those of a language that hardly mislead come first."""
    shebang: ClassVar[str] = ""
    """A pattern of a first line that names an interpreter."""
    tags: ClassVar[tuple[str, str] | None] = None
    """What opens and closes a program within other text."""
    installers: ClassVar[tuple[str, ...]] = ()
    """Patterns of commands that install its packages: they stand below its name, too."""
    prompts: ClassVar[tuple[str, str] | None] = None
    """Patterns of what a session shows before what is typed, and before what goes on."""
    kernel_commands: ClassVar[str] = ""
    """A pattern of lines that a notebook's kernel runs itself."""
    syntax: ClassVar[Syntax] = ANY

    def goes_on(self, typed: str) -> bool:
        """Whether what was typed in a session is not complete, so that a line follows it."""
        return False

    def shows(self, code: str) -> bool:
        """Whether a sure sign in code tells this language."""
        return bool(self.signs) and bool(re.search(self.signs, code[:SEARCHED], re.MULTILINE))

    def may_be(self, code: str) -> bool:
        """Whether code can be what it is called: some names mean more than one thing."""
        return True

    def filename_of(self, code: str) -> str:
        """What a program's file is to be called."""
        return self.filename


@cache
def in_pages(id: str) -> PageLanguage:
    """What pages show of a language."""
    if not has(id, "page"):
        return PageLanguage()
    known: PageLanguage = part(id, "page").PAGE
    return known


@cache
def by_turn() -> tuple[tuple[str, PageLanguage], ...]:
    """All languages, in the order in which to look for their signs."""
    every = ((id, in_pages(id)) for id in language_ids())
    return tuple(sorted(every, key=lambda one: one[1].turn))
