"""Reads OpenAPI files: the `source` of each of `x-codeSamples`, in YAML and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from samplegen.errors import InputError
from samplegen.pages import jsontext
from samplegen.pages.found import Found
from samplegen.pages.spans import Layer, PageLines, Piece, Spans

if TYPE_CHECKING:
    import yaml

_SAMPLES = re.compile(r"x-code-?samples", re.IGNORECASE)
_DEEPEST = 100


def read(text: str, suffix: str) -> Iterator[Found]:
    """The samples in a description of an API; none in a file without them.

    Raises:
        InputError: neither YAML nor JSON, or nested too deep.
    """
    if not _SAMPLES.search(text):
        return iter(())
    return _json(text) if suffix == ".json" else _yaml(text)


def _headings(path: jsontext.Path) -> tuple[str, ...]:
    """The operation that a path in the file is of."""
    if len(path) > 2 and path[0] == "paths":
        return (f"{str(path[2]).upper()} {path[1]}",)
    return ()


def _json(text: str) -> Iterator[Found]:
    found = {one.path: one for one in jsontext.strings(text, _DEEPEST)}
    for path, one in found.items():
        if len(path) < 3 or path[-1] != "source" or not _SAMPLES.fullmatch(str(path[-3])):
            continue
        said = {
            name: jsontext.value(text, found.get((*path[:-1], name))) for name in ("lang", "label")
        }
        spans = Spans(
            tuple(jsontext.pieces(text, one.start, one.end)),
            (Layer(r"\n", r"\n", "", jsontext.escaped),),
        )
        if spans.text.strip():
            yield Found(spans, said["lang"], said["label"], _headings(path))


def _yaml(text: str) -> Iterator[Found]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, loader)
    except yaml.YAMLError as error:
        raise InputError(f"not valid YAML: {' '.join(str(error).split())}") from None
    lines = PageLines(text)
    seen: set[int] = set()
    waiting: list[tuple[jsontext.Path, yaml.Node]] = [((), root)] if root else []
    while waiting:
        path, node = waiting.pop()
        if id(node) in seen or len(path) > _DEEPEST:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += [((*path, number), item) for number, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            items = {key.value: value for key, value in node.value if isinstance(key.value, str)}
            waiting += [((*path, key), value) for key, value in items.items()]
            if len(path) > 1 and _SAMPLES.fullmatch(str(path[-2])):
                yield from _sample(lines, path, items)


def _sample(lines: PageLines, path: jsontext.Path, items: dict[str, yaml.Node]) -> Iterator[Found]:
    import yaml

    source = items.get("source")
    if not isinstance(source, yaml.ScalarNode) or not source.value.strip():
        return
    said = {name: items[name].value if name in items else "" for name in ("lang", "label")}
    yield Found(_scalar(lines, source), str(said["lang"]), str(said["label"]), _headings(path))


def _scalar(lines: PageLines, node: yaml.ScalarNode) -> Spans:
    """The spans of a YAML scalar."""
    start, end = node.start_mark.index, node.end_mark.index
    raw, style, value = lines.text[start:end], node.style, node.value
    if style == "|":
        first = lines.position(start)[0]
        codes = value.removesuffix("\n").split("\n")
        count = min(len(codes), len(lines) - first)
        if all(lines[first + number].endswith(codes[number]) for number in range(count)):
            number = next(number for number, code in enumerate(codes) if code.strip())
            line = lines[first + number]
            return lines.spans(first, codes, line[: len(line) - len(codes[number])])
    if style == '"' and "\n" not in raw and "\r" not in raw:
        read = tuple(jsontext.pieces(lines.text, start + 1, end - 1))
        if "".join(piece.text for piece in read) == value:
            return Spans(read, (Layer(r"\n", r"\n", "", jsontext.escaped),))
    quote = "'" if style == "'" else ""
    if raw.rstrip() == f"{quote}{value}{quote}":
        inside = start + len(quote)
        layer = Layer(escape=_single_quoted) if quote else Layer()
        return Spans((Piece(value, inside, inside + len(value)),), (layer,))
    # Folded text has no line of its own for a line of code: it is written anew, quoted.
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    end = start + len(raw.rstrip())
    layer = Layer(r"\n", r"\n", "", jsontext.escaped, '"')
    return Spans((Piece(value, start, end),), (layer,))


def _single_quoted(text: str) -> str:
    """Text for between single quotes in YAML."""
    return text.replace("'", "''")
