"""A program without its comments."""

from __future__ import annotations

import re

from samplegen.readback.read import dialect_of

# A line that held nothing but a comment, with its end.
_EMPTIED = re.compile(r"(?m)^[ \t]*\0[ \t\0]*(?:\n|\Z)")
# What is left of a comment behind code: `x = 1  # one`.
_BEHIND = re.compile(r"[ \t]*\0")


def uncommented(language: str, code: str) -> str | None:
    """A program without its comments, and without the lines that hold nothing else.

    Two programs of which that is the same do the same. None is for a text that
    could not be read as a program of the language from its beginning to its end.

    Raises:
        InputError: the language is none that can be read, or a package is missing.
    """
    kind = dialect_of(language)
    tree = kind.tree_of(code)
    if tree is None or tree.broken or "\0" in code:
        return None
    parts, end = [], 0
    for node in tree.nodes:
        if node.type in kind.comment_types:
            # A comment of several lines stands for the end of a line, as JavaScript has it.
            parts += [code[end : node.start], "\0\n" if "\n" in node.text.strip() else "\0"]
            end = node.end - len(node.text) + len(node.text.rstrip())
    tree.release()
    bare = "".join([*parts, code[end:]])
    return _BEHIND.sub(" ", _EMPTIED.sub("", bare))
