"""Where the texts of a program stand: whatever its language calls a string."""

from __future__ import annotations

from functools import lru_cache

from samplegen.languages import part
from samplegen.readback import Span, can_read

# Types of nodes of tree-sitter's grammars, as far as they say so in their names.
_WORDS = ("string", "heredoc", "nowdoc", "char_literal", "character_literal", "rune_literal")
_OTHERS = frozenset({"regex"})


@lru_cache(maxsize=256)
def texts(language: str, code: str) -> tuple[Span, ...]:
    """The texts of a program with their quotes, outermost, in order.

    Nothing where the program is too long, or nobody can read its language.
    """
    from samplegen.readback.tree import LONGEST

    if not can_read(language) or len(code) > LONGEST:
        return ()
    tree = part(language, "reader").LANGUAGE.tree_of(code)
    if tree is None:
        return ()
    found: list[Span] = []
    # Parents come first.
    for node in tree.nodes:
        is_text = node.type in _OTHERS or any(word in node.type for word in _WORDS)
        if is_text and node.is_named and not (found and node.start < found[-1].end):
            found.append(Span(node.start, node.end))
    tree.release()
    return tuple(found)
