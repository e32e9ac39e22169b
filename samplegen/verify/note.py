"""Doing what the note on the key says."""

from __future__ import annotations

from samplegen.languages import language
from samplegen.model.catalog import Catalog
from samplegen.rendering.sample import Sample


def followed(sample: Sample, catalog: Catalog, key: str) -> str | None:
    """The sample after a reader did what the note on the key says; None without such a note."""
    from samplegen.rendering.notes import key_note

    if not sample.locale:
        return None
    mark = language(sample.language).comment_mark
    start = f"{mark} {key_note(sample.locale, catalog)}"
    lines = sample.code.split("\n")
    for number, line in enumerate(lines):
        if line.strip().startswith(start):
            placeholder = catalog.provider.key_placeholder
            written = line.strip().removeprefix(start).replace(placeholder, key)
            below = lines[number + 1]
            lines[number + 1] = below[: len(below) - len(below.lstrip())] + written
            return "\n".join(lines)
    return None
