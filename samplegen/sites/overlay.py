"""An OpenAPI Overlay that gives an operation its samples: `x-codeSamples`, and ReadMe's own.

Overlay 1.0, which most tools read. Redoc, Scalar, Mintlify, GitBook and Bump.sh show
`x-codeSamples`; ReadMe has `x-readme.code-samples`, with other names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from samplegen.errors import InputError, unknown
from samplegen.files import read_text
from samplegen.languages import language
from samplegen.rendering.sample import Sample

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Operation(NamedTuple):
    """An operation of an API: its path and method, in small letters, and its id, '' for none."""

    path: str
    method: str
    id: str = ""

    @property
    def name(self) -> str:
        """As people say it: `POST /chat/completions`."""
        return f"{self.method.upper()} {self.path}"


def operation(file: Path, name: str | None, wanted: Sequence[str]) -> Operation:
    """An operation of an OpenAPI file.

    Args:
        name: `POST /path` or an operationId; None for the one whose path is wanted.
        wanted: the ends of the paths that samples call.

    Raises:
        InputError: the file is none, or has no such operation.
    """
    every = list(_operations(_read(file), file))
    if name is None:
        found = [
            one
            for one in every
            if one.method == "post" and one.path.rstrip("/").endswith((*wanted,))
        ]
        if len(found) == 1:
            return found[0]
        names = ", ".join(one.name for one in every[:5])
        raise InputError(
            f"{file}: which operation? Give --operation, such as {every[0].name!r} "
            f"(there are {names}{', …' if len(every) > 5 else ''})"
        )
    words = name.split()
    for one in every:
        if name == one.id or [word.lower() for word in words] == one.name.lower().split():
            return one
    raise unknown("operation", name, [text for one in every for text in (one.name, one.id) if text])


def _read(file: Path) -> Any:
    text = read_text(file)
    if file.suffix == ".json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{file}: not valid JSON: {error}") from None
    import yaml

    try:
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{file}: not valid YAML: {' '.join(str(error).split())}") from None


def _operations(data: Any, file: Path) -> Iterator[Operation]:
    paths = data.get("paths") if isinstance(data, dict) else None
    found = False
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in _METHODS:
            one = item.get(method) if isinstance(item, dict) else None
            if isinstance(one, dict):
                found = True
                yield Operation(str(path), method, str(one.get("operationId", "")))
    if not found:
        raise InputError(f"{file}: is no OpenAPI file: it has no operation in 'paths'")


def overlay(samples: Sequence[Sample], to: Operation) -> str:
    """The Overlay, as YAML."""
    target = f'$["paths"][{json.dumps(to.path)}]["{to.method}"]'
    old, old_of_readme = f'{target}["x-codeSamples"]', f'{target}["x-readme"]["code-samples"]'
    several = len({one.language for one in samples}) < len(samples)
    lines = [
        "overlay: 1.0.0",
        "info:",
        "  title: Code samples",
        "  version: 1.0.0",
        "actions:",
        # An update may add to a list that is there: the old one goes first.
        f"  - target: {_text(old)}",
        "    remove: true",
        f"  - target: {_text(old_of_readme)}",
        "    remove: true",
        f"  - target: {_text(target)}",
        "    update:",
        "      x-codeSamples:",
    ]
    for one in samples:
        written_in = language(one.language)
        label = f"{written_in.name} ({one.client.upper()})" if several else written_in.name
        lines += [
            f"        - lang: {written_in.fence}",
            f"          label: {_text(label)}",
            *_block("          source", one.code),
        ]
    lines += ["      x-readme:", "        code-samples:"]
    for one in samples:
        written_in = language(one.language)
        label = f"{written_in.name} ({one.client.upper()})" if several else written_in.name
        lines += [
            f"          - language: {written_in.fence}",
            f"            name: {_text(label)}",
            *_block("            code", one.code),
        ]
        if one.install:
            lines.append(f"            install: {_text(one.install)}")
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A text on one line: JSON's are YAML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# What YAML 1.2 lets stand in a block, section 5.1, without a byte order mark.
_NOT_PLAIN = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def _block(key: str, text: str) -> list[str]:
    """A text of several lines, as a block where YAML can have it so."""
    lead = " " * (len(key) - len(key.lstrip()) + 2)
    if re.search(
        r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]", text
    ):
        return [f"{key}: {_text(text)}"]
    lines = text.removesuffix("\n").split("\n")
    return [f"{key}: |", *(lead + line if line else "" for line in lines)]
