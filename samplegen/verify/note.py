"""Doing what the note on the key says."""

from __future__ import annotations

from samplegen.languages import language
from samplegen.model.catalog import Catalog
from samplegen.rendering.sample import Sample


def followed(sample: Sample, catalog: Catalog, key: str) -> str | None:
    """The sample after a reader did what the note on the key says; None without such a note."""
    from samplegen.rendering.notes import key_notes

    if not sample.locale:
        return None
    env = catalog.key_env(sample.region)
    mark = language(sample.language).comment_mark
    replaces, first = (f"{mark} {note}" for note in key_notes(sample.locale, env))
    lines = sample.code.split("\n")
    for number, line in enumerate(lines):
        said = line.strip()
        if said.startswith((replaces, first)):
            told = said.removeprefix(replaces).removeprefix(first)
            written = told.replace(catalog.provider.key_placeholder, key)
            below = lines[number + 1]
            if said.startswith(first):
                lines.insert(number + 1, written)
            else:
                lines[number + 1] = below[: len(below) - len(below.lstrip())] + written
            return "\n".join(lines)
    return None
