"""Keeps what was found on pages, so that an unchanged page is not checked again.

What is kept is found by a key of all that a finding depends on: the page's bytes and name,
how it is checked, and the code of samplegen and of the packages beside it. A cache that is
damaged, or cannot be written, costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from samplegen.check.checking import Finding, PageEdit, PageFix, Plan, SampleRef, Seen
from samplegen.files import cache_folder
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.pages import Page
from samplegen.rendering.targets import templates


class Kept(NamedTuple):
    """What is kept of a page: what was found, and what was looked at."""

    findings: tuple[Finding, ...]
    seen: tuple[Seen, ...]


# Of all that is kept; what was not wanted for longest goes first.
_MOST_BYTES = 50_000_000
# Another run holds the file for as long as it takes to write; without an answer, no cache.
_SECONDS_TO_WAIT = 3.0
# When something was last wanted is noted so exactly, and not at each run.
_DAY = 86_400

_TABLE = """CREATE TABLE IF NOT EXISTS findings (
    key TEXT PRIMARY KEY, used INTEGER NOT NULL, found BLOB NOT NULL
) WITHOUT ROWID"""
_DROP = """DELETE FROM findings WHERE key IN (
    SELECT key FROM (
        SELECT key, SUM(LENGTH(found) + 100) OVER (ORDER BY used DESC, key) AS bytes FROM findings
    ) WHERE bytes > ?
)"""


def key(page: Page, plan: Plan) -> str | None:
    """What a page's findings are kept under; None where they also depend on other files."""
    # A marker may name a call file.
    if "samplegen:" in page.text and "call=" in page.text:
        return None
    parts = (
        _code(),
        _facts(plan.catalog, plan.call),
        plan.locale,
        [rule.code for rule in plan.rules],
        sorted(plan.lenient),
        plan.settings,
        page.path,
    )
    return hashlib.sha256(json.dumps(parts).encode() + page.encode(page.text)).hexdigest()


@lru_cache(maxsize=64)
def _facts(catalog: Catalog, call: Call | None) -> str:
    return hashlib.sha256(f"{catalog!r}{call!r}".encode()).hexdigest()


@cache
def _code() -> str:
    """A digest of samplegen's files, and of which packages are installed."""
    digest = hashlib.sha256(sys.version.encode())
    package = Path(__file__).parents[1]
    for folder in (package, templates()):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(folder)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    for place in sys.path:
        # Such a folder's name has the version.
        with suppress(OSError):
            names = sorted(path.name for path in Path(place).iterdir())
            digest.update("\0".join(n for n in names if n.endswith(".dist-info")).encode())
    return digest.hexdigest()


def kept(keys: Iterable[str]) -> dict[str, Kept]:
    """What is kept under keys, as far as something is."""
    found = {}
    now = int(time.time())

    def look(database: sqlite3.Connection) -> None:
        for one in keys:
            row = database.execute("SELECT found FROM findings WHERE key = ?", (one,)).fetchone()
            unpacked = _unpacked(row[0]) if row else None
            if unpacked is not None:
                found[one] = unpacked
        used = ((now, one, now - _DAY) for one in found)
        database.executemany("UPDATE findings SET used = ? WHERE key = ? AND used < ?", used)

    _use(look)
    return found


def keep(found: Mapping[str, Kept]) -> None:
    """Keep what was found under its keys."""
    now = int(time.time())

    def write(database: sqlite3.Connection) -> None:
        rows = ((one, now, _packed(findings)) for one, findings in found.items())
        database.executemany("REPLACE INTO findings VALUES (?, ?, ?)", rows)
        database.execute(_DROP, (_MOST_BYTES,))

    _use(write)


def _use(work: Callable[[sqlite3.Connection], None]) -> None:
    """Do something with the cache's file, all or nothing; what is wrong with it is no error."""
    try:
        file = cache_folder() / "check.sqlite"
        file.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return
    try:
        with closing(sqlite3.connect(file, timeout=_SECONDS_TO_WAIT)) as database, database:
            # What the file itself may define is not run.
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute(_TABLE)
            work(database)
    except sqlite3.OperationalError:
        # Another run has it for long, or it cannot be written.
        return
    except sqlite3.DatabaseError:
        # It is damaged: the next run begins a new one.
        with suppress(OSError):
            file.unlink()


def _packed(kept: Kept) -> bytes:
    # Compressed data tells when it is damaged.
    return zlib.compress(json.dumps(kept).encode(), 1)


def _unpacked(data: object) -> Kept | None:
    """What was packed; None where that is damaged."""
    try:
        said = json.loads(zlib.decompress(data)) if isinstance(data, bytes) else None
        if not isinstance(said, list):
            return None
        findings, seen = said
        return Kept(tuple(_finding(*one) for one in findings), tuple(Seen(*one) for one in seen))
    except (zlib.error, ValueError, TypeError, RecursionError):
        return None


def _finding(*parts: Any) -> Finding:
    found = Finding(*parts)
    sample = SampleRef(*found.sample) if found.sample else None
    fix = PageFix(*found.fix) if found.fix else None
    if fix:
        fix = fix._replace(edits=tuple(PageEdit(*edit) for edit in fix.edits))
    return found._replace(sample=sample, fix=fix)
