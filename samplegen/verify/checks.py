"""The checks of one sample: each runs its exact bytes in one situation and says what was wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from samplegen.keys import hidden
from samplegen.protocols.base import pieces
from samplegen.protocols.request import Request, usual_url
from samplegen.verify import keys, mock, toolchain
from samplegen.verify.compare import Leeway, compare
from samplegen.verify.expect import (
    is_beginning,
    is_beginning_of_events,
    shows,
    shows_pieces,
    without_end,
    wrong,
    wrong_events,
)
from samplegen.verify.hosts import spoken, strange_hosts
from samplegen.verify.note import followed
from samplegen.verify.outcomes import ending, excerpt, fails
from samplegen.verify.program import Gate, Outcome
from samplegen.verify.subject import SKIPPED, Failure, Result, Subject
from samplegen.verify.trial import Bench, Program, Trial
from samplegen.verify.turns import MOST, TOOL_FLOWS, Turn
from samplegen.verify.unjudged import CannotJudgeError, nothing_sent, other_api

# An SDK tries again when the service is busy or the line breaks.
_MOST_TRIES: Final = 3


def check(
    number: int,
    subject: Subject,
    prepared: toolchain.Prepared,
    bench: Bench,
    *,
    keep: bool = False,
) -> Result:
    """Build a sample and try it in every situation.

    Args:
        number: of the sample within its run; its folder is named by it.
        keep: leave that folder.
    """
    started = time.monotonic()
    sample = subject.sample
    target = "-".join(filter(None, (sample.locale, sample.protocol, sample.region)))
    work = bench.folder / f"{number:04}-{target or 'page'}-{Path(sample.filename).stem}"
    trial = Checks(subject, prepared, bench, work)
    failures, reason = [], ""
    try:
        failures = [hidden(one.replace(f"{work}/", "")) for one in trial.failures()]
    except CannotJudgeError as why:
        reason = hidden(str(why).replace(f"{work}/", ""))
    if not keep:
        shutil.rmtree(work, ignore_errors=True)
    return Result(
        sample.language,
        sample.protocol or trial.protocol,
        sample.client or None,
        sample.region or trial.region,
        sample.locale or None,
        None if reason else not failures,
        SKIPPED if reason else bench.place.isolation,
        round(time.monotonic() - started - trial.waited, 3),
        failures,
        subject.path,
        subject.line,
        trial.programs,
        reason,
        subject.place,
    )


class Checks(Trial):
    """The situations that a sample is tried in, and what is wrong with it in each."""

    def failures(self) -> list[str]:
        """What was wrong, a sentence each; nothing where all is well.

        Raises:
            CannotJudgeError: it is a sample of a page that needs what is not here.
        """
        missing = (
            [] if self.rendered else toolchain.missing(self.prepared, self.subject.sample.code)
        )
        if missing:
            raise CannotJudgeError(f"needs {', '.join(missing)}, which is not installed here")
        found = self.found("", self.subject.sample.code, self.in_every_situation)
        if self.bench.once:
            return found
        if self.subject.only is not None:
            return found
        # The note on the key followed literally: the program builds, and sends that key.
        sample, notes = self.subject.sample, self.subject.notes
        code = followed(sample, self.bench.catalog, keys.WRITTEN, notes) if self.rendered else None
        if code is None and self.note_is_lost():
            return [*found, "the note on the key is not as it should be, or not above its line"]
        literal = self.found("literal", code, self.with_written_key) if code else []
        return [*found, *(f"with the key written in as the note says: {one}" for one in literal)]

    def note_is_lost(self) -> bool:
        """Whether there is a key to replace, and no note that says where."""
        placeholder = self.bench.catalog.provider.key_placeholder
        said = self.subject.notes is None or all(self.subject.notes)
        here = self.rendered and said and self.asks_for_key
        return here and placeholder in self.subject.sample.code

    def in_every_situation(self, program: Program) -> Iterator[Failure]:
        """All that a reader may meet, from the good key to a connection that breaks."""
        source = program.source
        before = _names(source.parent)
        wrong = list(self.answered(source, keys.GOOD, keys.GOOD))
        yield from wrong
        if self.rendered and (left := _names(source.parent) - before):
            yield Failure("", "writes files", ", ".join(sorted(left)))
        if self.bench.once or self.endless or any(one.what == _NOTHING for one in wrong):
            return
        # What is wrong with the request is wrong each time.
        for failure in self.beyond_the_good_key(program):
            if failure._replace(when="") not in wrong:
                yield failure

    def beyond_the_good_key(self, program: Program) -> Iterable[Failure]:
        """What is wrong in all other situations: once for all that differ in comments alone."""
        if program.uncommented is None:
            return self.until_endless(program.source)
        shared = f"{self.subject.sample.filename} {program.uncommented}"
        return self.shared(shared, lambda: [*self.until_endless(program.source)])

    def until_endless(self, source: Path) -> Iterator[Failure]:
        """What is wrong when it is odd; one that hangs is stopped once, not in each situation."""
        for failure in self.when_it_is_odd(source):
            yield failure
            if self.endless:
                return

    def when_it_is_odd(self, source: Path) -> Iterator[Failure]:
        """The situations in which the answer asks for care, or there is none."""
        only = self.subject.only
        if only is not None:
            yield from self.answering(source, [one for one in only if one in ODD])
            for behaviour in only:
                if behaviour not in ODD:
                    yield from self.failing(source, behaviour)
            return
        yield from self.answering(source, self.odd_answers())
        if self.access.env:
            yield from self.refused(source)
            yield from self.without_key(source)
        if self.bench.trust and self.over_tls:
            yield from self.with_stranger(source, self.bench.trust.stranger)
        for behaviour in (*mock.FAILURES, *self.own_failures()):
            yield from self.failing(source, behaviour)

    def answering(self, source: Path, odd: Iterable[mock.Behaviour]) -> Iterator[Failure]:
        """Answers that ask for care: the program gets on with them as with any."""
        for behaviour in odd:
            key = keys.key_for(behaviour)
            yield from self.answered(source, key, key, behaviour)

    def odd_answers(self) -> Iterator[mock.Behaviour]:
        """The answers that ask for care, of those that a call like this may get."""
        if self.call is not None and self.call.streams:
            yield "odd-stream"
        if self.call is not None and self.flow in TOOL_FLOWS:
            yield from ("unknown-tool", "bad-arguments")

    def own_failures(self) -> Iterator[mock.Behaviour]:
        """The failures that only a call like this may meet."""
        if self.call is None:
            return
        if self.call.streams:
            yield from mock.STREAM_FAILURES
            if self.subject.sample.client == "http" and not self.shows_events:
                # What an SDK makes of it is its own affair.
                yield "broken-line"
        if self.flow in TOOL_FLOWS:
            yield "endless-tools"
        if self.flow == "json":
            yield "no-json"

    def with_written_key(self, program: Program) -> Iterator[Failure]:
        """The key stands in the code, and no variable is set."""
        yield from self.answered(program.source, None, keys.WRITTEN)

    def answered(
        self,
        source: Path,
        key: str | None,
        sent: str,
        behaviour: mock.Behaviour = "answer",
    ) -> Iterator[Failure]:
        """A good key: the right requests, and their answers on standard output."""
        when = ODD.get(behaviour, "")
        streams = self.call is not None and self.call.streams
        gate = Gate(_SHOWN_WITHIN) if streams and behaviour == "answer" else None
        outcome, exchanges = self.tried(source, key, gate=gate)
        if not self.rendered:
            self.refuse_to_judge(outcome, exchanges)
        if exchanges and not self.rendered:
            self.protocol, self.region = spoken(exchanges[0], self.bench.catalog)
        meant = self.turns(behaviour, exchanges)
        yield from self.compared(when, exchanges, sent, meant)
        if not exchanges:
            yield Failure(when, _NOTHING, strange_hosts(self.subject.sample, self.bench.catalog))
        if self.access.env and sent in outcome.stdout + outcome.stderr:
            yield Failure(when, "shows the API key")
        if outcome.exit != 0:
            what = f"fails with a good key, {ending(outcome)}"
            yield Failure(when, what, excerpt(outcome.stderr or outcome.stdout))
        elif wrong := self.wrong_output(outcome.stdout, meant, exchanges):
            yield Failure(when, wrong, excerpt(outcome.stdout))
        if gate is not None and gate.late:
            yield Failure(when, "does not show the text as it arrives")

    def refuse_to_judge(self, outcome: Outcome, exchanges: list[mock.Exchange]) -> None:
        """Raise CannotJudgeError for what is no failure of a page's sample."""
        other = other_api(exchanges, self.bench.catalog)
        code = self.subject.sample.code
        if why := other or (None if exchanges else nothing_sent(code, outcome)):
            raise CannotJudgeError(why)

    def wrong_output(
        self, stdout: str, meant: list[Turn], exchanges: list[mock.Exchange]
    ) -> str | None:
        """What is wrong with what a program shows after all of its answers."""
        if not meant or self.says is None:
            shown = any(self.shows_answer(stdout, exchange) for exchange in exchanges)
            return None if shown or not exchanges else "the answer is not on standard output"
        if self.shows_events:
            return wrong_events(meant, stdout, self.says)
        return wrong(self.flow, meant, stdout, self.says)

    def shows_answer(self, stdout: str, exchange: mock.Exchange) -> bool:
        """Whether the output of a page's sample has the answer to a request."""
        said = mock.answered(exchange, self.bench.catalog)
        return any(
            (bool(one.content) and shows(stdout, one.content, within=True))
            or (bool(one.content) and shows_pieces(stdout, pieces(one.content)))
            or (bool(one.tool_calls) and all(call.name in stdout for call in one.tool_calls))
            for one in said
        )

    def compared(
        self,
        when: str,
        exchanges: list[mock.Exchange],
        key: str,
        meant: list[Turn],
        most: int | None = None,
    ) -> Iterator[Failure]:
        """How what arrived differs from what the call means.

        Args:
            meant: the turns that follow each other; none for a sample of a page.
            most: how often the first request may be sent; None is for all of the turns, once.
        """
        count, wanted = len(exchanges), most or len(meant) or self.rounds(exchanges)
        if count > wanted:
            instead = "one" if wanted == 1 else f"at most {wanted}" if most else str(wanted)
            yield Failure(when, f"sends {count} requests instead of {instead}")
        elif most is None and 0 < count < wanted:
            yield Failure(when, f"sends {_counted(count)} instead of {wanted}")
        for number, exchange in enumerate(exchanges):
            if meant:
                turn = meant[0 if most else min(number, len(meant) - 1)]
                request: Request | None = turn.request
            else:
                # What a page's sample asks further is its own, where it goes on from an answer.
                goes_on = 0 < number < self.rounds(exchanges)
                turn, request = None, None if goes_on else self.meant(exchange)
            told = key if self.access.env or not self.rendered else ""
            shown = self.shown(key)
            scheme = self.bench.catalog.scheme_at(exchange.host)
            for difference in compare(request, exchange, told, self.leeway(turn), shown, scheme):
                yield Failure(when, difference.replace(told, "$KEY") if told else difference)

    def rounds(self, exchanges: Sequence[mock.Exchange]) -> int:
        """How many requests of a page's sample are its own affair: each asks something else."""
        calls = [mock.call_of(exchange, self.bench.catalog) for exchange in exchanges]
        rounds = 1
        for before, after in pairwise(calls):
            # One that is refused fails for that reason.
            if before is not None and after is not None and after == before:
                break
            rounds += 1
        return rounds

    def leeway(self, turn: Turn | None) -> Leeway | None:
        """What may differ in the request of a turn."""
        if turn is None or self.call is None:
            return None
        own = len(self.call.messages)
        return Leeway(turn.call.protocol, self.bench.catalog, own, self.added)

    def meant(self, exchange: mock.Exchange) -> Request | None:
        """Of what the sample may mean, the request that comes nearest to one that arrived."""
        requests = [one for one in (self.subject.request, *self.subject.others) if one]
        sent = f"{exchange.scheme}://{exchange.host}{exchange.path}"
        first = requests[0] if requests else None
        usual = usual_url(sent, self.bench.catalog)
        meant = next((one for one in requests if one.url == usual), None)
        return first if meant is None else meant._replace(url=sent)

    def refused(self, source: Path) -> Iterator[Failure]:
        """A wrong key: the service's message on standard error, and a failure."""
        when = "with a wrong key"
        outcome, exchanges = self.tried(source, keys.WRONG)
        yield from self.compared(when, exchanges, keys.WRONG, self.turns(), most=1)
        yield from fails(when, self.told(outcome), self.says.bad_key if self.says else "")

    def without_key(self, source: Path) -> Iterator[Failure]:
        """No key: no request, and a message that names the variable."""
        when = "without a key"
        if not self.asks_for_key:
            yield from self.answered(source, None, self.access.literal)
            return
        outcome, exchanges = self.tried(source, None)
        # The service refuses a page's sample that sends an empty key.
        auths = self.bench.catalog.auths
        if any(self.rendered or exchange.key(auths) for exchange in exchanges):
            yield Failure(when, "sends a request all the same")
        key_env = self.access.env
        words = key_env if self.rendered else ""
        yield from fails(when, self.told(outcome), words, f"does not name {key_env}")

    @property
    def over_tls(self) -> bool:
        """Whether the sample's calls go over TLS."""
        catalog, request = self.bench.catalog, self.subject.request
        if request is not None:
            return request.url.startswith("https:")
        return catalog.region(catalog.defaults.region).scheme == "https"

    def with_stranger(self, source: Path, authority: Path) -> Iterator[Failure]:
        """The server's certificate is of nobody whom the program trusts: it tells it nothing."""
        when = "when the server's certificate is not to be trusted"
        outcome, exchanges = self.tried(source, keys.GOOD, authority)
        if exchanges:
            yield Failure(when, "sends the request all the same")
        yield from fails(when, self.told(outcome), "")

    def failing(self, source: Path, behaviour: mock.Behaviour) -> Iterator[Failure]:
        """The service fails: a request as always, its message on standard error, and a failure."""
        key = keys.key_for(behaviour)
        outcome, exchanges = self.tried(source, key)
        when = FAILING[behaviour]
        if not exchanges:
            yield Failure(when, "sends no request")
        sdk = self.subject.sample.client != "http"
        # No SDK notices this end, nor does who only shows what comes: what is half a call of
        # a tool to the service, may be a whole one to them.
        unnoticed = behaviour == "stream-end" and (sdk or self.shows_events)
        if unnoticed and self.flow in TOOL_FLOWS:
            exchanges = exchanges[:1]
        meant = self.turns(behaviour, exchanges)
        if behaviour == "endless-tools":
            # How its program counts the rounds is its own affair.
            yield from self.compared(when, exchanges, key, meant[: max(len(exchanges), MOST - 1)])
        else:
            yield from self.compared(when, exchanges, key, meant, _MOST_TRIES if sdk else 1)
        shown = outcome.stdout
        if self.begins(shown, meant, behaviour) or self.page_begins(shown, exchanges, behaviour):
            outcome = outcome._replace(stdout="")
        if unnoticed:
            if outcome.stdout.strip() and self.flow not in TOOL_FLOWS:
                yield Failure(when, _NO_BEGINNING, excerpt(shown))
            return
        words = mock.COMPLAINTS.get(behaviour, "")
        if behaviour == "stream-error" and self.shows_events:
            if words not in shown:
                yield Failure(when, "does not show what the service said", excerpt(shown))
            return
        yield from fails(when, self.told(outcome), words)

    def told(self, outcome: Outcome) -> Outcome:
        """An outcome with what the service said where others say it.

        What shows bodies as they come shows a refusal there, too; and where a page's sample
        says it is a matter of style.
        """
        if self.rendered and not self.shows_bodies:
            return outcome
        return outcome._replace(stdout="", stderr=outcome.stderr + outcome.stdout)

    def begins(self, stdout: str, meant: list[Turn], behaviour: mock.Behaviour) -> bool:
        """Whether an output is the beginning of an answer, as a stream that breaks leaves it."""
        if not meant or self.call is None or not self.call.streams or self.says is None:
            return False
        if behaviour not in ("cut", "broken-line", *mock.STREAM_FAILURES):
            return False
        if self.shows_events:
            return is_beginning_of_events(meant, stdout, self.says)
        # An SDK that takes the end for a good one lets the program end its line.
        ended = stdout if behaviour != "stream-end" else without_end(stdout, self.call)
        return is_beginning(self.flow, meant, ended)

    def page_begins(
        self, stdout: str, exchanges: list[mock.Exchange], behaviour: mock.Behaviour
    ) -> bool:
        """Whether the stream of a page's sample broke, and it shows less than the answer."""
        if self.rendered or behaviour != "cut":
            return False
        calls = [mock.call_of(exchange, self.bench.catalog) for exchange in exchanges]
        streams = any(call is not None and call.streams for call in calls)
        return streams and not any(self.shows_answer(stdout, exchange) for exchange in exchanges)


_NO_BEGINNING: Final = "standard output is not the beginning of the answer"


# How long a program may take to show what it has got of a stream, seconds.
_SHOWN_WITHIN: Final = 20.0


ODD: Final[dict[mock.Behaviour, str]] = {
    "odd-stream": "when the stream has long lines, comments and CRLF",
    "unknown-tool": "when an unknown function is called",
    "bad-arguments": "when the arguments of a function are no JSON",
}


_NOTHING: Final = "sends no request that arrives"


FAILING: Final[dict[mock.Behaviour, str]] = {
    "bad-request": "on 400",
    "not-found": "on 404",
    "rate-limit": "on 429",
    "server-error": "on 500",
    "cut": "when the connection breaks",
    "stream-error": "on an error in the middle of the stream",
    "stream-end": "when the stream ends too early",
    "broken-line": "when a line of the stream is broken",
    "endless-tools": "when tools are called again and again",
    "no-json": "when the answer is no JSON",
}


def _counted(count: int) -> str:
    return "one request" if count == 1 else f"{count} requests"


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
