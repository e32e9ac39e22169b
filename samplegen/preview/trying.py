"""Runs one sample as `samplegen verify` does, and tells what happens as it happens.

It is the first process of namespaces of its own, as `samplegen.verify.worker` is, and writes a
line of JSON for each thing that it tells, see `samplegen.preview.running`.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from samplegen.keys import hidden
from samplegen.verify import mock
from samplegen.verify.checks import FAILING, ODD, Bench, Failure, Trial, sentences
from samplegen.verify.program import Gate, Outcome
from samplegen.verify.worker import Job, Worker

# How much of a body or an output is shown.
_MOST: Final = 20_000


class Shown(Trial):
    """A trial that tells each situation when it has been tried, and what arrived."""

    worker: Teller
    literal = False
    tells = True

    def tried(
        self,
        source: Path,
        key: str | None,
        trusted: Path | None = None,
        gate: Gate | None = None,
    ) -> tuple[Outcome, list[mock.Exchange]]:
        """Run a built program; the first time it has a good key, tell what came of it."""
        outcome, exchanges = super().tried(source, key, trusted, gate)
        if self.tells:
            self.tells = False
            for exchange in exchanges:
                self.worker.say({"arrived": _arrived(exchange)})
            self.worker.say({"shown": _short(hidden(outcome.stdout))})
        return outcome, exchanges

    def noted(self, when: str, failures: Iterable[Failure]) -> Iterator[Failure]:
        """Tell a situation, and what was wrong in it."""
        found = list(failures)
        said = sentences(one._replace(when="") for one in found)
        work = f"{self.work}/"
        self.worker.say({"check": when, "wrong": [hidden(one.replace(work, "")) for one in said]})
        yield from found

    def answered(
        self, source: Path, key: str | None, sent: str, behaviour: mock.Behaviour = "answer"
    ) -> Iterator[Failure]:
        """A good key."""
        usual = "with the key written in as the note says" if key is None else "with a good key"
        failures = super().answered(source, key, sent, behaviour)
        yield from self.noted(ODD.get(behaviour, usual), failures)

    def refused(self, source: Path) -> Iterator[Failure]:
        """A wrong key."""
        yield from self.noted("with a wrong key", super().refused(source))

    def without_key(self, source: Path) -> Iterator[Failure]:
        """No key."""
        yield from self.noted("without a key", super().without_key(source))

    def with_stranger(self, source: Path, authority: Path) -> Iterator[Failure]:
        """A server that is not to be trusted."""
        when = "when the server's certificate is not to be trusted"
        yield from self.noted(when, super().with_stranger(source, authority))

    def failing(self, source: Path, behaviour: mock.Behaviour) -> Iterator[Failure]:
        """A service that fails."""
        yield from self.noted(FAILING[behaviour], super().failing(source, behaviour))


class Teller(Worker):
    """A worker that tells more than the result."""

    def do(self, job: Job, bench: Bench) -> None:
        """Try one sample, and say what came of it."""
        try:
            work = bench.folder / Path(job.subject.sample.filename).stem
            trial = Shown(job.subject, job.prepared, bench, work)
            trial.worker = self
            failures = [hidden(one.replace(f"{work}/", "")) for one in trial.failures()]
            self.say({"passed": not failures, "wrong": failures, "programs": trial.programs})
        except Exception as error:
            self.fail(error)


def _arrived(exchange: mock.Exchange) -> dict[str, Any]:
    """A request as it arrived."""
    body = exchange.body.decode(errors="replace")
    return {
        "method": exchange.method,
        "url": f"{exchange.scheme}://{exchange.host}{exchange.path}",
        "headers": [[name, hidden(value)] for name, value in exchange.headers],
        "body": _short(body),
        "status": exchange.status,
    }


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)} characters)"


def main() -> None:
    """Work."""
    worker = Teller(pickle.load(sys.stdin.buffer))
    try:
        worker.work()
    except Exception as error:
        worker.fail(error)
    os._exit(1)


if __name__ == "__main__":
    main()
