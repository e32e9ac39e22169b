"""How many whole programs `samplegen verify` runs in a second, by language and in total.

    python benchmarks/verify.py [--json FILE]

Toolchains are prepared before the clock starts. A check is one program in one situation.
Where samples compile to the same bytes, the checks of one stand for the others', so fewer
programs run than are checked; both are counted.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from pathlib import Path
from typing import NamedTuple

from samplegen.languages import language_ids
from samplegen.model.call import Call
from samplegen.model.catalog import builtin
from samplegen.protocols import protocol_ids
from samplegen.protocols.request import Request
from samplegen.rendering.notes import locales
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets
from samplegen.verify.mock import FAILURES
from samplegen.verify.subject import Subject
from samplegen.verify.verification import prepare, verify

# A good key, a wrong one, none, one written in, a stranger's certificate; and the failures.
SITUATIONS = 5 + len(FAILURES)


class Row(NamedTuple):
    """What came of one run. Seconds are of the clock and of all processors."""

    name: str
    samples: int
    checks: int
    programs: int
    seconds: float
    cpu: float


def subjects(languages: list[str]) -> list[Subject]:
    """All samples of some languages, in the main regions and all locales."""
    found = []
    for locale in locales():
        for target in targets():
            for region in builtin().published:
                if target.language in languages:
                    protocol = next(one for one in protocol_ids() if one == target.protocol)
                    call = Call(protocol=protocol, region=region)
                    sample = render(call, target.language, target.client, locale=locale)
                    found.append(Subject(sample, Request.of(call, "")))
    return found


def measure(name: str, languages: list[str]) -> Row:
    """Verify all samples of some languages; all must pass."""
    chosen = subjects(languages)
    prepared = prepare(languages, builtin())
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    results = list(verify(chosen, builtin(), prepared))
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert all(result.passed for result in results), [one for one in results if not one.passed]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    programs = sum(result.programs for result in results)
    return Row(name, len(results), len(results) * SITUATIONS, programs, seconds, cpu)


def main() -> None:
    """Measure each language, then all at once."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows = [measure(language, [language]) for language in language_ids()]
    rows.append(measure("all", list(language_ids())))
    print(f"{os.cpu_count()} processors")
    print("| | samples | programs run | a second | checks | a second | CPU s a program |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        rates = f"{row.programs / row.seconds:.1f} | {row.checks} | {row.checks / row.seconds:.1f}"
        cpu = f"{row.cpu / row.programs:.2f}"
        print(f"| {row.name} | {row.samples} | {row.programs} | {rates} | {cpu} |")
    if arguments.json:
        arguments.json.write_text(json.dumps([row._asdict() for row in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
