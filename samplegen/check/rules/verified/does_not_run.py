"""V901 does-not-run."""

from __future__ import annotations

from collections.abc import Sequence

from samplegen.check.rule import run_rule


@run_rule("V901", "does-not-run")
def does_not_run(failures: Sequence[str]) -> str:
    """A sample that fails when it is run, or sends another request than it should.

    Only `samplegen check --run` finds it: each sample runs as `samplegen verify` runs it.
    """
    return "; ".join(failures)
