"""A file of findings that are known, so that a run says only what is new.

A finding is known by its page, its rule, what it says, and the text of its line: so it stays
known where lines are added above it. As often as it is in the file, it is left out.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from samplegen.check.checking import Finding
from samplegen.errors import InputError
from samplegen.files import read_text


class Known(NamedTuple):
    """What a finding is known by; the path is relative to the folder of the file."""

    path: str
    rule: str
    message: str
    source: str


def text(findings: Iterable[Finding], file: Path) -> str:
    """The text of a baseline."""
    counts = Counter(_known(one, file) for one in findings)
    listed = [{**one._asdict(), "count": count} for one, count in sorted(counts.items())]
    return json.dumps({"findings": listed}, indent=1, ensure_ascii=False) + "\n"


def load(file: Path) -> Counter[Known]:
    """The findings of a baseline, and how often each is known.

    Raises:
        InputError: the file cannot be read, or is no baseline.
    """
    try:
        listed = json.loads(read_text(file))["findings"]
        return Counter(
            {
                Known(*(str(one[name]) for name in Known._fields)): int(one["count"])
                for one in listed
            }
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{file}: no baseline: write one with --write-baseline") from None


def new(findings: Iterable[Finding], known: Counter[Known], file: Path) -> list[Finding]:
    """The findings that a baseline does not have."""
    left = Counter(known)
    found = []
    for one in findings:
        key = _known(one, file)
        if left[key] > 0:
            left[key] -= 1
        else:
            found.append(one)
    return found


def _known(finding: Finding, file: Path) -> Known:
    path = os.path.relpath(finding.path, file.parent)
    return Known(Path(path).as_posix(), finding.rule, finding.message, finding.source.strip())
