"""How fast `samplegen verify` is, by language and in total; beside another checkout of it.

    python benchmarks/verify.py [--before DIR] [LANGUAGE...]

Toolchains are prepared before the clock starts. A check is one program in one situation.
Where samples are the same program, the checks of one stand for the others', so fewer
programs run than are checked; both are counted. With `--before`, each language is measured
in both checkouts, one right after the other, with the packages of this interpreter.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
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
    """What came of one run, which took so many seconds."""

    samples: int
    checks: int
    programs: int
    seconds: float


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


def measure(languages: list[str]) -> Row:
    """Verify all samples of some languages; all must pass."""
    chosen = subjects(languages)
    prepared = prepare(languages, builtin())
    started = time.monotonic()
    results = list(verify(chosen, builtin(), prepared))
    seconds = time.monotonic() - started
    assert all(result.passed for result in results), [one for one in results if not one.passed]
    programs = sum(result.programs for result in results)
    return Row(len(results), len(results) * SITUATIONS, programs, seconds)


def measured_in(checkout: Path, languages: list[str]) -> Row:
    """What `measure` says in another process, of the samplegen of a checkout."""
    command = [sys.executable, __file__, "--as-json", *languages]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=checkout, env=environment, stdout=-1, check=True, text=True)
    return Row(**json.loads(done.stdout))


def main() -> None:
    """Measure each language, then all at once."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--before", type=Path, metavar="DIR", help="another checkout")
    parser.add_argument("--as-json", action="store_true", help="all languages at once, as JSON")
    parser.add_argument("languages", nargs="*", default=list(language_ids()), metavar="LANGUAGE")
    arguments = parser.parse_args()
    chosen = arguments.languages
    if arguments.as_json:
        print(json.dumps(measure(chosen)._asdict()))
        return
    checkouts = [Path(__file__).resolve().parents[1]]
    if arguments.before:
        checkouts.insert(0, arguments.before.resolve())
    print(f"{os.cpu_count()} processors")
    print("| | samples | checks | programs run | seconds | checks a second |")
    print("|---|---|---|---|---|---|")
    for name, languages in [*((one, [one]) for one in chosen), ("all", chosen)]:
        rows = [measured_in(checkout, languages) for checkout in checkouts]
        programs = ", then ".join(str(row.programs) for row in rows)
        seconds = ", then ".join(f"{row.seconds:.1f}" for row in rows)
        rates = ", then ".join(f"{row.checks / row.seconds:.1f}" for row in rows)
        print(
            f"| {name} | {rows[0].samples} | {rows[0].checks} | {programs} | {seconds} | {rates} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
