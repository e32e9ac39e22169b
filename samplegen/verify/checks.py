"""The checks of one sample: each runs its exact bytes in one situation and says what was wrong."""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from samplegen.keys import hidden
from samplegen.languages import language
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.protocols import protocol
from samplegen.protocols.base import Answers, pieces
from samplegen.protocols.request import Request, parse
from samplegen.rendering.sample import Sample
from samplegen.verify import mock, toolchain
from samplegen.verify.compare import Leeway, added_by, compare
from samplegen.verify.expect import (
    is_beginning,
    is_beginning_of_events,
    shows,
    shows_pieces,
    without_end,
    wrong,
    wrong_events,
)
from samplegen.verify.place import Place, Trust
from samplegen.verify.program import Gate, Outcome, Runner
from samplegen.verify.roots import Roots
from samplegen.verify.supplied import supply
from samplegen.verify.turns import MOST, TOOL_FLOWS, Turn, turns
from samplegen.verify.unjudged import CannotJudgeError, nothing_sent, other_api

# An SDK tries again when the service is busy or the line breaks.
_MOST_TRIES: Final = 3

# Keys of no service, of the usual form. Who sent what is known without them.
_GOOD_KEY: Final = "sk-5a3c1e2f00d94b7c8e6a1b2c3d4e5f60"
_WRITTEN_KEY: Final = "sk-0b1d2c3e4f5a69788796a5b4c3d2e1f0"
_WRONG_KEY: Final = "sk-ffeeddccbbaa99887766554433221100"


class Subject(NamedTuple):
    """A sample, and what it means: the request that it is to send first, whatever the key.

    A sample of a page may mean one of several requests; with none, it may send any
    that the service answers. `path` and `line` say where it stands, unless it was rendered.
    `left` says why it is not run; it is empty where it is.
    A rendered sample has its `call`, and the `flow` that says what it does with the answer;
    without a call it is the one that the request says.
    """

    sample: Sample
    request: Request | None
    others: tuple[Request, ...] = ()
    path: str | None = None
    line: int | None = None
    left: str = ""
    call: Call | None = None
    flow: str = "whole"
    files: tuple[tuple[str, bytes], ...] = ()
    """What the sample reads, by paths beside it."""
    place: str = ""
    """Where a rendered sample's file is, below the folder of samples."""
    only: tuple[mock.Behaviour, ...] | None = None
    """What else the service does beside answering, in the situations to try; None is all."""

    @property
    def rendered(self) -> bool:
        """Whether samplegen wrote the sample itself."""
        return self.path is None

    @property
    def part(self) -> bool:
        """Whether there is nothing to run."""
        return bool(self.left)


PART: Final = "a part of a program, which makes no call"
NO_TOOLCHAIN: Final = "nothing here runs its language"
NO_ANSWERS: Final = "the mock has no answers in its protocol"

SKIPPED: Final = "skipped"
"""The isolation of a sample that was not judged: `reason` says why."""


class Result(NamedTuple):
    """What came of a sample. It passed where there are no failures; None is for one not judged."""

    language: str
    protocol: str | None
    client: str | None
    region: str | None
    locale: str | None
    passed: bool | None
    isolation: str
    seconds: float
    failures: list[str]
    path: str | None = None
    line: int | None = None
    programs: int = 0
    """How many programs were run for it: fewer where another sample is the same program."""
    reason: str = ""
    """Why it was not judged, where it was not."""


class Bench(NamedTuple):
    """What all checks of a run share.

    `trust` says which certificates there are, where programs speak TLS;
    `roots` is what programs see of the machine, where they do not see all of it;
    `once` is to run each program only in the first situation, with a good key.
    """

    catalog: Catalog
    place: Place
    runner: Runner
    folder: Path
    trust: Trust | None
    once: bool
    known: Known
    roots: Roots | None = None


class Known:
    """What is known of programs: the same program need not run twice."""

    def __init__(self) -> None:
        self._found: dict[str, Future[list[str]]] = {}
        self._lock = Lock()

    def failures(self, identity: str, find: Callable[[], list[str]]) -> list[str]:
        """What is wrong with a program; found once, however many threads ask."""
        with self._lock:
            first = identity not in self._found
            future = self._found.setdefault(identity, Future())
        if first:
            try:
                future.set_result(find())
            except BaseException as error:
                future.set_exception(error)
        return future.result()


def let_in(server: mock.Mock) -> None:
    """Tell a mock the keys that the checks use."""
    for key in (_GOOD_KEY, _WRITTEN_KEY):
        server.expect(key)
    for behaviour in mock.BEHAVIOURS[1:]:
        server.expect(_key_for(behaviour), behaviour)


def _key_for(behaviour: mock.Behaviour) -> str:
    return f"sk-{hashlib.md5(behaviour.encode(), usedforsecurity=False).hexdigest()}"


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
    trial = Trial(subject, prepared, bench, work)
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
        round(time.monotonic() - started, 3),
        failures,
        subject.path,
        subject.line,
        trial.programs,
        reason,
    )


class Failure(NamedTuple):
    """Something wrong: in which situation, what, and what shows it."""

    when: str
    what: str
    detail: str = ""


def sentences(failures: Iterable[Failure]) -> list[str]:
    """A sentence for each thing that is wrong, with all the situations that it is wrong in."""
    whens: dict[str, list[str]] = {}
    details: dict[str, str] = {}
    for when, what, detail in failures:
        whens.setdefault(what, [])
        if when and when not in whens[what]:
            whens[what].append(when)
        details.setdefault(what, detail)
    return [
        ": ".join(filter(None, (", ".join(found), what, details[what])))
        for what, found in whens.items()
    ]


class Program(NamedTuple):
    """A compiled sample: its source file, and the steps that are left before it runs."""

    source: Path
    link: list[toolchain.Step]
    identity: str | None
    """What two programs share that are the same; None where that cannot be told."""


class Trial:
    """One sample on the bench, built once and run in each situation."""

    def __init__(
        self, subject: Subject, prepared: toolchain.Prepared, bench: Bench, work: Path
    ) -> None:
        self.subject = subject
        self.prepared = prepared
        self.bench = bench
        self.work = work
        self.slot = bench.place.slot
        self.programs = 0
        # Whether a run of it had to be stopped.
        self.endless = False
        # What a sample of a page turned out to speak.
        self.protocol: str | None = None
        self.region: str | None = None

    @cached_property
    def call(self) -> Call | None:
        """The call that a rendered sample makes."""
        if not self.rendered or self.subject.request is None:
            return None
        return self.subject.call or parse(self.subject.request, self.bench.catalog)

    @property
    def flow(self) -> str:
        """What the sample does with the answer."""
        return self.subject.flow

    @property
    def says(self) -> Answers | None:
        """How the protocol that the sample speaks says things, as far as it is known."""
        id = self.subject.sample.protocol or self.protocol
        return protocol(id).answers if id else None

    @cached_property
    def added(self) -> Mapping[str, Any]:
        """What the sample's SDK adds to bodies by itself."""
        sample, call = self.subject.sample, self.call
        if call is None:
            return {}
        kind = self.bench.catalog.family(call.model).kind
        return added_by(sample.language, sample.protocol, sample.client, kind)

    def turns(
        self, behaviour: mock.Behaviour = "answer", got: Sequence[mock.Exchange] = ()
    ) -> list[Turn]:
        """The requests that a rendered sample must send, with the answers that it gets."""
        if self.call is None:
            return []
        return turns(self.call, self.flow, self.bench.catalog, behaviour, got)

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
        code = followed(self.subject.sample, self.bench.catalog, _WRITTEN_KEY)
        if code is None and self.note_is_lost():
            return [*found, "the note on the key is not as it should be, or not above its line"]
        literal = self.found("literal", code, self.with_written_key) if code else []
        return [*found, *(f"with the key written in as the note says: {one}" for one in literal)]

    def note_is_lost(self) -> bool:
        """Whether there is a key to replace, and no note that says where."""
        placeholder = self.bench.catalog.provider.key_placeholder
        return self.rendered and placeholder in self.subject.sample.code

    def found(
        self, name: str, code: str, situations: Callable[[Path], Iterator[Failure]]
    ) -> list[str]:
        """Build code and try it in some situations, unless the same program was tried before."""
        folder = self.work / (name or "sample")
        try:
            program = self.compiled(code, folder)
            if isinstance(program, str):
                return [program]

            def find() -> list[str]:
                problem = self.done(program.link, folder)
                return [problem] if problem else sentences(situations(program.source))

            if program.identity is None:
                return find()
            return self.bench.known.failures(f"{name} {program.identity}", find)
        finally:
            self.bench.runner.leave(folder)

    def compiled(self, code: str, folder: Path) -> Program | str:
        """A program, or what the compiler said."""
        folder.mkdir(parents=True)
        source = folder / self.subject.sample.filename
        source.write_bytes(self.slot.published(code).encode())
        supply(self.subject.files, folder)
        build = toolchain.build(self.prepared, source, folder)
        if self.bench.roots:
            self.bench.roots.give(folder)
        problem = self.done(build.compile, folder)
        if problem:
            return problem
        comparable = build.product and self.rendered
        identity = self.identity(build.product, folder) if comparable else None
        return Program(source, build.link, identity)

    def identity(self, product: list[Path], folder: Path) -> str:
        """What two programs have in common that do the same and are to do the same."""
        subject = self.subject
        meant = (self.prepared, subject.request, subject.call, subject.flow, subject.sample.client)
        told = hashlib.sha256(repr(meant).encode())
        for path in product:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file():
                    told.update(f"{file.relative_to(folder)} {file.stat().st_size}\0".encode())
                    told.update(file.read_bytes())
        return told.hexdigest()

    def done(self, steps: list[toolchain.Step], folder: Path) -> str | None:
        """Do the steps of a build; what a compiler said if one failed."""
        for step in steps:
            outcome = self.run(step, folder, key=None)
            if outcome.exit != 0:
                said = outcome.stderr if outcome.stderr.strip() else outcome.stdout
                return f"does not build: {_beginning(said)}"
        return None

    def run(
        self,
        step: toolchain.Step,
        folder: Path,
        key: str | None,
        trusted: Path | None = None,
        gate: Gate | None = None,
    ) -> Outcome:
        """Run a step of the toolchain.

        Args:
            key: an API key for the environment, or None.
            trusted: the certificate of the authority to trust.
            gate: is told where standard output goes.
        """
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
        }
        if trusted is not None:
            forms = trusted.with_name(f"{trusted.stem}-forms")
            forms.mkdir(exist_ok=True)
            environment |= toolchain.trust(self.prepared, trusted, forms)
        environment |= step.environment
        if key is not None:
            environment[self.bench.catalog.provider.key_env] = key
        cells = None
        if self.bench.roots and self.bench.trust and self.slot.hosts:
            whom = trusted or self.bench.trust.authority
            cells = self.bench.roots.around(self.prepared, folder, self.slot.hosts, whom)
        outcome = self.bench.runner.run(step, environment, folder, cells, gate)
        return outcome._replace(stderr=_PICKED_UP.sub("", outcome.stderr))

    def tried(
        self,
        source: Path,
        key: str | None,
        trusted: Path | None = None,
        gate: Gate | None = None,
    ) -> tuple[Outcome, list[mock.Exchange]]:
        """Run a built program: how it ended, and what came of it."""
        if trusted is None and self.bench.trust:
            trusted = self.bench.trust.authority
        self.programs += 1
        self.slot.take()
        step = toolchain.run(self.prepared, source, source.parent)
        self.slot.hold(gate.seen if gate else None)
        outcome = self.run(step, source.parent, key, trusted, gate)
        self.endless = self.endless or outcome.exit is None
        self.slot.hold(None)
        return outcome, self.slot.take()

    def in_every_situation(self, source: Path) -> Iterator[Failure]:
        """All that a reader may meet, from the good key to a connection that breaks."""
        before = _names(source.parent)
        wrong = list(self.answered(source, _GOOD_KEY, _GOOD_KEY))
        yield from wrong
        if self.rendered and (left := _names(source.parent) - before):
            yield Failure("", "writes files", ", ".join(sorted(left)))
        if self.bench.once or self.endless or any(one.what == _NOTHING for one in wrong):
            return
        # What is wrong with the request is wrong each time.
        for failure in self.when_it_is_odd(source):
            if failure._replace(when="") not in wrong:
                yield failure
            if self.endless:
                # One that hangs is stopped once, not in each situation.
                return

    def when_it_is_odd(self, source: Path) -> Iterator[Failure]:
        """The situations in which the answer asks for care, or there is none."""
        only = self.subject.only
        if only is not None:
            for behaviour in only:
                yield from self.failing(source, behaviour)
            return
        for behaviour in self.odd_answers():
            yield from self.answered(source, _key_for(behaviour), _key_for(behaviour), behaviour)
        yield from self.refused(source)
        yield from self.without_key(source)
        if self.bench.trust:
            yield from self.with_stranger(source, self.bench.trust.stranger)
        for behaviour in (*mock.FAILURES, *self.own_failures()):
            yield from self.failing(source, behaviour)

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
        if self.flow in TOOL_FLOWS:
            yield "endless-tools"
        if self.flow == "json":
            yield "no-json"

    def with_written_key(self, source: Path) -> Iterator[Failure]:
        """The key stands in the code, and no variable is set."""
        yield from self.answered(source, None, _WRITTEN_KEY)

    @property
    def rendered(self) -> bool:
        """Whether samplegen wrote the sample itself."""
        return self.subject.rendered

    @property
    def shows_bodies(self) -> bool:
        """Whether the sample shows all that the service sends, as it comes."""
        return not toolchain.reads_answers(self.subject.sample.language)

    @property
    def shows_events(self) -> bool:
        """Whether the sample shows the events of a stream as they come."""
        return self.call is not None and self.call.streams and self.shows_bodies

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
        if sent in outcome.stdout + outcome.stderr:
            yield Failure(when, "shows the API key")
        if outcome.exit != 0:
            what = f"fails with a good key, {_ending(outcome)}"
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
            for difference in compare(request, exchange, key, self.leeway(turn)):
                yield Failure(when, difference.replace(key, "$KEY"))

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
        return next((one for one in requests if one.url == sent), first)

    def refused(self, source: Path) -> Iterator[Failure]:
        """A wrong key: the service's message on standard error, and a failure."""
        when = "with a wrong key"
        outcome, exchanges = self.tried(source, _WRONG_KEY)
        yield from self.compared(when, exchanges, _WRONG_KEY, self.turns(), most=1)
        yield from fails(when, self.told(outcome), self.says.bad_key if self.says else "")

    def without_key(self, source: Path) -> Iterator[Failure]:
        """No key: no request, and a message that names the variable."""
        when = "without a key"
        outcome, exchanges = self.tried(source, None)
        # The service refuses a page's sample that sends an empty key.
        if any(self.rendered or exchange.key for exchange in exchanges):
            yield Failure(when, "sends a request all the same")
        key_env = self.bench.catalog.provider.key_env
        words = key_env if self.rendered else ""
        yield from fails(when, self.told(outcome), words, f"does not name {key_env}")

    def with_stranger(self, source: Path, authority: Path) -> Iterator[Failure]:
        """The server's certificate is of nobody whom the program trusts: it tells it nothing."""
        when = "when the server's certificate is not to be trusted"
        outcome, exchanges = self.tried(source, _GOOD_KEY, authority)
        if exchanges:
            yield Failure(when, "sends the request all the same")
        yield from fails(when, self.told(outcome), "")

    def failing(self, source: Path, behaviour: mock.Behaviour) -> Iterator[Failure]:
        """The service fails: a request as always, its message on standard error, and a failure."""
        key = _key_for(behaviour)
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
        if behaviour not in ("cut", *mock.STREAM_FAILURES):
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
    "endless-tools": "when tools are called again and again",
    "no-json": "when the answer is no JSON",
}


def _counted(count: int) -> str:
    return "one request" if count == 1 else f"{count} requests"


def strange_hosts(sample: Sample, catalog: Catalog) -> str:
    """What to say of the host that a sample calls, if it is none of the service's; else empty.

    What stands in a comment or a prompt is called by nobody.
    """
    from samplegen.readback import can_read, readback

    if not can_read(sample.language):
        return ""
    call = readback(sample.language, sample.code, catalog)
    address = call.url or call.base_url
    found = re.match(r"\w+://([\w.-]+)", str(address.value)) if address else None
    if found is None or catalog.host_kind(found[1]) is not None:
        return ""
    shared = [region.host for region in catalog.regions.values() if region.host]
    close = get_close_matches(found[1], shared, 1)
    hint = f": did you mean {close[0]!r}?" if close else ""
    return f"the service has no host {found[1]!r}{hint}"


def spoken(exchange: mock.Exchange, catalog: Catalog) -> tuple[str | None, str | None]:
    """The protocol and the region that a request speaks to, as far as they are known."""
    protocols = [
        (len(facts.base_path), name)
        for name, facts in catalog.protocols.items()
        if exchange.path.startswith(f"{facts.base_path}/")
    ]
    regions = (name for name, region in catalog.regions.items() if region.host == exchange.host)
    return max(protocols)[1] if protocols else None, next(regions, None)


def every_host(subjects: Iterable[Subject], catalog: Catalog) -> list[str]:
    """The names that must resolve.

    Other regions' hosts do as well, so that a sample that calls one is told apart from
    one whose host does not exist.
    """
    shared = {region.host for region in catalog.regions.values() if region.host}
    requests = (one for s in subjects for one in (s.request, *s.others) if one)
    return sorted(shared | {str(urlsplit(request.url).hostname) for request in requests})


def fails(
    when: str, outcome: Outcome, words: str, silent: str = "does not say what the service said"
) -> Iterator[Failure]:
    """What is wrong with how a program fails.

    Args:
        words: have to be in what it says; `silent` is what to say where they are not.
    """
    if outcome.exit is None:
        yield Failure(when, "does not end")
    elif outcome.exit == 0:
        yield Failure(when, "exits with 0, as if all were well")
    if outcome.stdout.strip():
        yield Failure(when, "writes to standard output", excerpt(outcome.stdout))
    if not outcome.stderr.strip():
        yield Failure(when, "says nothing on standard error")
    elif words not in outcome.stderr:
        yield Failure(when, f"standard error {silent}", f"it says: {excerpt(outcome.stderr)}")


def followed(sample: Sample, catalog: Catalog, key: str) -> str | None:
    """The sample after a reader did what the note on the key says; None without such a note."""
    from samplegen.rendering.notes import key_notes

    if not sample.locale:
        return None
    mark = language(sample.language).comment_mark
    replaces, first = (f"{mark} {note}" for note in key_notes(sample.locale, catalog))
    lines = sample.code.split("\n")
    for number, line in enumerate(lines):
        said = line.strip()
        if said.startswith((replaces, first)):
            told = said.removeprefix(replaces).removeprefix(first)
            written = told.replace(catalog.provider.key_placeholder, key)
            below = lines[number + 1]
            if said.startswith(first):
                lines.insert(number + 1, written)
            else:
                lines[number + 1] = below[: len(below) - len(below.lstrip())] + written
            return "\n".join(lines)
    return None


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _ending(outcome: Outcome) -> str:
    return "no end within the time" if outcome.exit is None else f"exit code {outcome.exit}"


def _beginning(text: str) -> str:
    """The telling start of what a compiler said."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[:4])[:500] or "nothing"


# What Java says on standard error of the variable that tells it whom to trust.
_PICKED_UP: Final = re.compile(r"^Picked up JAVA_TOOL_OPTIONS: .*\n", re.MULTILINE)

# curl's progress, which it shows where --silent does not keep it quiet.
_METER: Final = re.compile(r"^(% Total|Dload|[\d\s:kMG.-]+$)")

# Where in a program an error came from, which stands below the error itself.
_FRAME: Final = re.compile(r"^(at |\.\.\. \d+ more|Node\.js v)")

# Where an error stands above what it came from.
_HEAD: Final = re.compile(r"^(Unhandled exception|Exception in thread|panic: |PHP Fatal error)")


def excerpt(text: str) -> str:
    """The telling end of an output."""
    lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
    told = [line for line in lines if not (_METER.match(line) or _FRAME.match(line))]
    for number, line in enumerate(told):
        if _HEAD.match(line):
            return " | ".join(told[number : number + 3])[:500]
    return " | ".join(told[-3:])[-500:] or "nothing"
