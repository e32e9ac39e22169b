"""The call of the sample at a line of a page."""

from __future__ import annotations

from pathlib import Path

from samplegen.errors import InputError
from samplegen.model.catalog import Catalog
from samplegen.pages import PublishedSample, load, read
from samplegen.readback import can_read
from samplegen.sources import Source
from samplegen.sources.program import of_program
from samplegen.verify.published import subject


def of_page(path: Path, line: int, catalog: Catalog) -> Source:
    """The call of the sample that a line of a page is in, or that is the next one below it.

    Raises:
        InputError: there is no sample, or see `samplegen.sources.program.of_program`.
    """
    page = read(path, load(path).text)
    below = [one for one in page if _end(one) >= line]
    # What cannot be read is named where the line is in it, and passed over where it is not.
    found = next((one for one in below if one.line <= line + 1 or _reads(one)), None)
    if found is None:
        raise InputError(f"{path}:{line}: there is no sample at this line or below it")
    where = f"{path}:{found.line}"
    if found.language is None or not _reads(found):
        named = f" ({found.info})" if found.info else ""
        raise InputError(f"{where}: the sample{named} is in no language that samplegen reads")
    # Its program, as it would be run: with those pieces above it that it goes on from.
    code = subject(found, (), page, catalog).sample.code
    return of_program(found.language, code, where, catalog, path.parent)


def _reads(sample: PublishedSample) -> bool:
    return sample.language is not None and can_read(sample.language)


def _end(sample: PublishedSample) -> int:
    """The line where its fence ends."""
    return sample.line + sample.code.rstrip("\n").count("\n") + 1
