"""Doing what the note on the key says."""

from __future__ import annotations

from samplegen.languages import language
from samplegen.model.catalog import Catalog
from samplegen.rendering.sample import Sample


def followed(
    sample: Sample, catalog: Catalog, key: str, begins: tuple[str, str] | None = None
) -> str | None:
    """The sample after a reader did what the note on the key says; None without such a note.

    Args:
        begins: how such notes begin, as `key_notes` gives it, in a project's words.
    """
    from samplegen.rendering.notes import key_notes

    if not sample.locale:
        return None
    mark = language(sample.language).comment_mark
    # A project may drop such a note.
    notes = begins or key_notes(sample.locale, catalog, sample.region)
    replaces, first = (note and f"{mark} {note}" for note in notes)
    starts = tuple(one for one in (replaces, first) if one)
    lines = sample.code.split("\n")
    for number, line in enumerate(lines):
        said = line.strip()
        if said.startswith(starts):
            told = said.removeprefix(replaces).removeprefix(first)
            written = told.replace(catalog.provider.key_placeholder, key)
            below = lines[number + 1]
            if first and said.startswith(first):
                lines.insert(number + 1, written)
            else:
                lines[number + 1] = below[: len(below) - len(below.lstrip())] + written
            return "\n".join(lines)
    return None
