"""Programs that a page shows in pieces, or as somebody typed them, put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from samplegen.pages import PublishedSample, format_of
from samplegen.pages.language import in_pages
from samplegen.pages.session import typed_lines
from samplegen.verify import toolchain


def whole(
    published: PublishedSample,
    page: Sequence[PublishedSample],
    given: Sequence[str],
    is_part: Callable[[PublishedSample], bool],
) -> str:
    """The program that a sample of a page is, with those before it that it goes on from.

    Args:
        is_part: whether a sample makes no call.
        page: the samples of its page, in their order.
        given: the names of variables with keys, which no piece is needed for.
    """
    language = str(published.language)
    code = typed(language, published.code)
    if format_of(published.path) == "source":
        return published.code
    before = [
        (typed(language, one.code), one.language is None or is_part(one))
        for one in page
        if one.line < published.line
        # A piece that does not call has nothing to tell its language by but its fence.
        and (one.language == language or (one.language is None and one.info == published.info))
    ]
    return "\n".join([*_needed(language, code, before, given), code]) if before else code


def _needed(
    language: str, code: str, before: Sequence[tuple[str, bool]], given: Sequence[str]
) -> Iterator[str]:
    """Of the pieces before a piece, those that give names to what it uses.

    What a program imports that makes a call itself is for itself: who goes on from it uses
    more of it than that.

    Args:
        before: pieces, and whether each makes no call.
    """
    wanted = toolchain.names_used(language, code) - {*given}
    chosen = []
    for piece, part in reversed(before):
        named = toolchain.names_given(language, piece, imported=part)
        if wanted & named:
            chosen.append(piece)
            wanted = (wanted - named) | (toolchain.names_used(language, piece) - {*given})
    return reversed(chosen)


def typed(language: str, code: str) -> str:
    """What somebody typed, of a session that shows prompts and output; else all of the code.

    Commands that a notebook's kernel runs itself are left out.
    """
    shown = in_pages(language)
    if found := typed_lines(language, code):
        return "".join(code[start:end] for start, end in found)
    command = re.compile(shown.kernel_commands or "(?!)")
    return "\n".join("" if command.match(line) else line for line in code.split("\n"))
