"""The syntax tree of a program, with offsets in characters."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from itertools import accumulate
from threading import local

from tree_sitter import Language, Parser

from samplegen.readback.model import Span

LONGEST = 200_000
"""Characters; a longer text is no sample, and is not read."""
_SECONDS = 5.0
_MOST_NODES = 400_000


class Node:
    """A node: tree-sitter's type and field name for it, and what it spans."""

    __slots__ = ("children", "code", "end", "field", "is_named", "parent", "start", "type")

    def __init__(
        self,
        type: str,
        field: str | None,
        start: int,
        end: int,
        is_named: bool,
        parent: Node | None,
        code: str,
    ) -> None:
        self.type = type
        self.field = field
        self.start = start
        self.end = end
        self.is_named = is_named
        self.parent = parent
        self.code = code
        # Most nodes are leaves.
        self.children: Sequence[Node] = ()

    @property
    def text(self) -> str:
        """Its source."""
        return self.code[self.start : self.end]

    @property
    def named(self) -> list[Node]:
        """The children that are more than punctuation, without comments."""
        return [c for c in self.children if c.is_named and "comment" not in c.type]

    def child(self, field: str) -> Node | None:
        """The first child in that field."""
        # A plain loop: a generator takes twice the time, and this is called most.
        for child in self.children:
            if child.field == field:
                return child
        return None

    def all(self, *types: str) -> list[Node]:
        """The children of those types."""
        return [child for child in self.children if child.type in types]

    def first(self, *types: str) -> Node | None:
        """The first child of one of those types."""
        return next((child for child in self.children if child.type in types), None)

    def above(self, *types: str) -> Node | None:
        """The nearest node above of one of those types."""
        node = self.parent
        while node is not None and node.type not in types:
            node = node.parent
        return node


class Tree:
    """The nodes, parents first, and where the text is not that language.

    Punctuation and keywords are left out, but for `=` and what is in a field.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.broken: list[tuple[int, int]] = []

    def release(self) -> None:
        """Let go of all nodes: they hold each other, and would wait for the garbage collector."""
        for node in self.nodes:
            node.parent = None
        self.nodes = []


# Types of nodes that are texts, as far as grammars say so in their names.
_WORDS = ("string", "heredoc", "nowdoc", "char_literal", "character_literal", "rune_literal")


@cache
def _is_text(type: str) -> bool:
    return type == "regex" or any(word in type for word in _WORDS)


def texts_in(tree: Tree) -> tuple[Span, ...]:
    """The texts of a program with their quotes, whatever its language calls a string: outermost."""
    found: list[Span] = []
    end = 0
    # Parents come first.
    for node in tree.nodes:
        if node.start >= end and _is_text(node.type) and node.is_named:
            found.append(Span(node.start, node.end))
            end = node.end
    return tuple(found)


@cache
def _grammar(module: str, function: str) -> tuple[Language, dict[int, tuple[str, bool]]]:
    """A grammar, and for each kind of node that was seen its type and whether it is named.

    Both follow from a kind's number, and to ask each node for them takes longer.
    """
    return Language(getattr(import_module(module), function)()), {}


class _Own(local):
    """A thread's own parsers: one that two threads share crashes, as it calls back in between."""

    def __init__(self) -> None:
        self._parsers: dict[Language, Parser] = {}

    def parser(self, language: Language) -> Parser:
        """That of a grammar."""
        found = self._parsers.get(language)
        if found is None:
            found = self._parsers[language] = Parser(language)
        return found


_OWN = _Own()


def parse(module: str, function: str, code: str, plain: str | None = None) -> Tree | None:
    """The tree of a text, or None where parsing takes too long.

    Args:
        module: a grammar's package; `function` there gives the grammar.
        plain: the text as the grammar is to read it, of the same length.
    """
    # As UTF-8 a NUL and an unpaired surrogate would stop or slow down the parser;
    # what stands for them takes one character too.
    source = (plain or code).replace("\0", "\ufffd").encode("utf-8", "replace")
    deadline = time.monotonic() + _SECONDS
    language, kinds = _grammar(module, function)
    parser = _OWN.parser(language)
    # A callback for the text, because only then can the parser be stopped.
    try:
        found = parser.parse(
            lambda offset, _: source[offset : offset + 65536],
            progress_callback=lambda _, __: time.monotonic() > deadline,
        )
    except ValueError:
        # py-tree-sitter's answer where it was stopped.
        parser.reset()
        return None
    characters = None if len(source) == len(code) else _characters(source)
    tree = Tree()
    nodes = tree.nodes
    parent: Node | None = None
    siblings: list[Node] = []
    above: list[list[Node]] = []
    cursor = found.walk()
    may_be_broken = found.root_node.has_error
    while True:
        seen = cursor.node
        assert seen is not None
        start, end = seen.start_byte, seen.end_byte
        if characters:
            start, end = characters[start], characters[end]
        if may_be_broken and (seen.is_error or seen.is_missing):
            tree.broken.append((start, end))
        number = seen.kind_id
        kind = kinds.get(number)
        if kind is None:
            kind = kinds[number] = seen.type, seen.is_named
        type, is_named = kind
        field = cursor.field_name
        has_children = cursor.goto_first_child()
        # Half of all nodes are punctuation, and only this one tells a reader anything.
        if is_named or field or has_children or type == "=":
            node = Node(type, field, start, end, is_named, parent, code)
            siblings.append(node)
            nodes.append(node)
            if not len(nodes) % 4096 and (len(nodes) > _MOST_NODES or _late(deadline)):
                return None
        if has_children:
            above.append(siblings)
            node.children = siblings = []
            parent = node
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return tree
            assert parent is not None
            siblings, parent = above.pop(), parent.parent


def _late(deadline: float) -> bool:
    return time.monotonic() > deadline


# 1 for each byte that starts a character; one that continues it is 0b10xxxxxx: RFC 3629, section 3.
_STARTS = bytes(byte & 0xC0 != 0x80 for byte in range(256))


def _characters(source: bytes) -> list[int]:
    """For each byte of UTF-8, and the end, the offset of its character."""
    found = [*accumulate(source.translate(_STARTS), initial=-1)][1:]
    found.append(found[-1] + 1 if found else 0)
    return found
