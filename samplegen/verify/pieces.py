"""Programs that a page shows in pieces, or as somebody typed them, put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from samplegen.pages import PublishedSample, format_of
from samplegen.verify import toolchain


def whole(
    published: PublishedSample,
    page: Sequence[PublishedSample],
    given: str,
    is_part: Callable[[PublishedSample], bool],
) -> str:
    """The program that a sample of a page is, with those before it that it goes on from.

    Args:
        is_part: whether a sample makes no call.
        page: the samples of its page, in their order.
        given: the name of the variable with the key, which no piece is needed for.
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
    language: str, code: str, before: Sequence[tuple[str, bool]], given: str
) -> Iterator[str]:
    """Of the pieces before a piece, those that give names to what it uses.

    What a program imports that makes a call itself is for itself: who goes on from it uses
    more of it than that.

    Args:
        before: pieces, and whether each makes no call.
    """
    wanted = toolchain.names_used(language, code) - {given}
    chosen = []
    for piece, part in reversed(before):
        named = toolchain.names_given(language, piece, imported=part)
        if wanted & named:
            chosen.append(piece)
            wanted = (wanted - named) | (toolchain.names_used(language, piece) - {given})
    return reversed(chosen)


# What a shell or an interpreter shows before what is typed, and before what goes on.
_PROMPTS: Final = {
    "curl": (re.compile(r"[$%] (?=\S)"), re.compile(r"> ?")),
    "python": (re.compile(r">>> ?"), re.compile(r"\.\.\.(?: |$)")),
}


def typed(language: str, code: str) -> str:
    """What somebody typed, of a session that shows prompts and output; else all of the code."""
    lines = code.split("\n")
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    prompt, goes_on = _PROMPTS.get(language, (None, None))
    if prompt is None or goes_on is None or not prompt.match(first):
        return _without_magic(lines) if language == "python" else code
    kept: list[str] = []
    for line in lines:
        if (found := prompt.match(line)) or (kept and (found := goes_on.match(line))):
            kept.append(line[found.end() :])
        elif kept and language == "curl" and _is_open("\n".join(kept)):
            kept.append(line)
    return "\n".join(kept) + "\n"


def _is_open(command: str) -> bool:
    """Whether a command of a shell goes on: after a backslash, or in a quote."""
    return command.endswith("\\") or command.count("'") % 2 == 1 or command.count('"') % 2 == 1


# A command of a notebook, which its kernel runs itself: `!pip install openai`, `%pip`, `%%time`.
_MAGIC: Final = re.compile(r"(?:!|%%?)[a-z]")


def _without_magic(lines: Sequence[str]) -> str:
    return "\n".join("" if _MAGIC.match(line) else line for line in lines)
