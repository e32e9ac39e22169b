"""The ledger of verified samples: which bytes passed, and what they ran with.

It is the file `verified.json` in a folder of samples, made to be committed: an object
that has for each sample's path below the folder an object with `sha256`, of its bytes,
and `with`, the versions of the tools and packages, by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from samplegen.errors import InputError
from samplegen.files import read_text
from samplegen.model.catalog import Catalog

NAME: Final = "verified.json"

Entry = dict[str, Any]


def entry(code: str, versions: Mapping[str, str]) -> Entry:
    """What the ledger says of a sample that passed with these versions."""
    return {"sha256": _digest(code), "with": dict(versions)}


def read(folder: Path) -> dict[str, Entry]:
    """The entries by path; none where there is no ledger.

    Raises:
        InputError: it cannot be read, or is no ledger.
    """
    file = folder / NAME
    return parse(read_text(file), file) if file.exists() else {}


def parse(text: str, file: Path) -> dict[str, Entry]:
    """The entries of a ledger's text.

    Raises:
        InputError: it is no ledger.
    """
    try:
        entries = json.loads(text)
        found = {
            path: {"sha256": one["sha256"], "with": {**one["with"]}}
            for path, one in entries.items()
        }
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise InputError(
            f"{file}: is no ledger of verified samples: remove it, and run 'samplegen verify --out'"
        ) from None
    return found


def text(entries: Mapping[str, Entry]) -> str:
    """The ledger as it is written: sorted, so that a sample that changes changes its own lines."""
    return json.dumps(entries, indent=2, sort_keys=True) + "\n"


def stands(entry: Entry, code: str, language: str, catalog: Catalog) -> bool:
    """Whether an entry is of this code, run with the packages that the catalog names today."""
    packages = catalog.packages.get(language, {}).values()
    named = {one.name: one.version for one in packages}
    ran = {name: version for name, version in entry["with"].items() if name in named}
    return ran == named and entry["sha256"] == _digest(code)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
