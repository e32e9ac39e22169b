"""The checks of one sample: each runs its exact bytes in one situation and says what was wrong."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from difflib import get_close_matches
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from samplegen.keys import hidden
from samplegen.languages import language
from samplegen.model.catalog import Catalog
from samplegen.protocols import protocol
from samplegen.protocols.request import Request
from samplegen.rendering.sample import Sample
from samplegen.verify import mock, toolchain
from samplegen.verify.compare import compare
from samplegen.verify.place import Place, Trust
from samplegen.verify.program import Outcome, Runner

# An SDK tries again when the service is busy or the line breaks.
_MOST_TRIES: Final = 3

# Keys of no service, of the usual form. Who sent what is known without them.
_GOOD_KEY: Final = "sk-5a3c1e2f00d94b7c8e6a1b2c3d4e5f60"
_WRITTEN_KEY: Final = "sk-0b1d2c3e4f5a69788796a5b4c3d2e1f0"
_WRONG_KEY: Final = "sk-ffeeddccbbaa99887766554433221100"


class Subject(NamedTuple):
    """A sample, and what it means: the request that it is to send, whatever the key.

    A sample of a page may mean one of several requests; with none, it may send any
    that the service answers. `path` and `line` say where it stands, unless it was rendered.
    `part` is whether it is a part of a program that makes no call: there is nothing to run.
    """

    sample: Sample
    request: Request | None
    others: tuple[Request, ...] = ()
    path: str | None = None
    line: int | None = None
    part: bool = False


class Result(NamedTuple):
    """What came of a sample. It passed where there are no failures."""

    language: str
    protocol: str | None
    client: str | None
    region: str | None
    locale: str | None
    passed: bool
    isolation: str
    seconds: float
    failures: list[str]
    path: str | None = None
    line: int | None = None
    programs: int = 0
    """How many programs were run for it: fewer where another sample is the same program."""


class Bench(NamedTuple):
    """What all checks of a run share.

    `trust` says which certificates there are, where programs speak TLS;
    `once` is to run each program only in the first situation, with a good key.
    """

    catalog: Catalog
    place: Place
    runner: Runner
    folder: Path
    trust: Trust | None
    once: bool
    known: Known


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
    for behaviour in mock.FAILURES:
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
    failures = [hidden(one.replace(f"{work}/", "")) for one in trial.failures()]
    if not keep:
        shutil.rmtree(work, ignore_errors=True)
    return Result(
        sample.language,
        sample.protocol or trial.protocol,
        sample.client or None,
        sample.region or trial.region,
        sample.locale or None,
        not failures,
        bench.place.isolation,
        round(time.monotonic() - started, 3),
        failures,
        subject.path,
        subject.line,
        trial.programs,
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
        # What a sample of a page turned out to speak.
        self.protocol: str | None = None
        self.region: str | None = None

    def failures(self) -> list[str]:
        """What was wrong, a sentence each; nothing where all is well."""
        found = self.found("", self.subject.sample.code, self.in_every_situation)
        if self.bench.once:
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
        program = self.compiled(code, self.work / (name or "sample"))
        if isinstance(program, str):
            return [program]

        def find() -> list[str]:
            problem = self.done(program.link, program.source.parent)
            return [problem] if problem else sentences(situations(program.source))

        if program.identity is None:
            return find()
        return self.bench.known.failures(f"{name} {program.identity}", find)

    def compiled(self, code: str, folder: Path) -> Program | str:
        """A program, or what the compiler said."""
        folder.mkdir(parents=True)
        source = folder / self.subject.sample.filename
        source.write_bytes(self.slot.published(code).encode())
        build = toolchain.build(self.prepared, source, folder)
        problem = self.done(build.compile, folder)
        if problem:
            return problem
        comparable = build.product and self.rendered
        identity = self.identity(build.product, folder) if comparable else None
        return Program(source, build.link, identity)

    def identity(self, product: list[Path], folder: Path) -> str:
        """What two programs have in common that do the same and are to do the same."""
        meant = (self.prepared, self.subject.request, self.subject.sample.client)
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
        self, step: toolchain.Step, folder: Path, key: str | None, trusted: Path | None = None
    ) -> Outcome:
        """Run a step of the toolchain.

        Args:
            key: an API key for the environment, or None.
            trusted: the certificate of the authority to trust.
        """
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
        }
        if trusted is not None:
            forms = self.bench.folder / f"{trusted.stem}-forms"
            forms.mkdir(exist_ok=True)
            environment |= toolchain.trust(self.prepared, trusted, forms)
        environment |= step.environment
        if key is not None:
            environment[self.bench.catalog.provider.key_env] = key
        outcome = self.bench.runner.run(step, environment, folder, self.slot.hosts)
        return outcome._replace(stderr=_PICKED_UP.sub("", outcome.stderr))

    def tried(
        self, source: Path, key: str | None, trusted: Path | None = None
    ) -> tuple[Outcome, list[mock.Exchange]]:
        """Run a built program: how it ended, and what came of it."""
        if trusted is None and self.bench.trust:
            trusted = self.bench.trust.authority
        self.programs += 1
        self.slot.take()
        step = toolchain.run(self.prepared, source, source.parent)
        outcome = self.run(step, source.parent, key, trusted)
        return outcome, self.slot.take()

    def in_every_situation(self, source: Path) -> Iterator[Failure]:
        """All that a reader may meet, from the good key to a connection that breaks."""
        before = _names(source.parent)
        wrong = list(self.answered(source, _GOOD_KEY, _GOOD_KEY))
        yield from wrong
        if self.rendered and (left := _names(source.parent) - before):
            yield Failure("", "writes files", ", ".join(sorted(left)))
        if self.bench.once or any(failure.what == _NOTHING for failure in wrong):
            return
        # What is wrong with the request is wrong each time.
        for failure in self.when_it_fails(source):
            if failure._replace(when="") not in wrong:
                yield failure

    def when_it_fails(self, source: Path) -> Iterator[Failure]:
        """The situations in which there is no answer."""
        yield from self.refused(source)
        yield from self.without_key(source)
        if self.bench.trust:
            yield from self.with_stranger(source, self.bench.trust.stranger)
        for behaviour in mock.FAILURES:
            yield from self.failing(source, behaviour)

    def with_written_key(self, source: Path) -> Iterator[Failure]:
        """The key stands in the code, and no variable is set."""
        yield from self.answered(source, None, _WRITTEN_KEY)

    @property
    def rendered(self) -> bool:
        """Whether samplegen wrote the sample itself."""
        return self.subject.path is None

    def answered(self, source: Path, key: str | None, sent: str) -> Iterator[Failure]:
        """A good key: one request, the right one, and the answer on standard output."""
        outcome, exchanges = self.tried(source, key)
        if exchanges and not self.rendered:
            self.protocol, self.region = spoken(exchanges[0], self.bench.catalog)
        yield from self.compared("", exchanges, sent, most=1)
        if not exchanges:
            code = self.subject.sample.code
            yield Failure("", _NOTHING, strange_hosts(code, self.bench.catalog))
        if sent in outcome.stdout + outcome.stderr:
            yield Failure("", "shows the API key")
        if outcome.exit != 0:
            what = f"fails with a good key, {_ending(outcome)}"
            yield Failure("", what, excerpt(outcome.stderr or outcome.stdout))
        elif not shows(outcome.stdout, mock.ANSWER, within=not self.rendered):
            yield Failure("", "the answer is not on standard output", excerpt(outcome.stdout))

    def compared(
        self, when: str, exchanges: list[mock.Exchange], key: str, most: int
    ) -> Iterator[Failure]:
        """How what arrived differs from what the call means."""
        if len(exchanges) > most:
            instead = "one" if most == 1 else f"at most {most}"
            yield Failure(when, f"sends {len(exchanges)} requests instead of {instead}")
        for exchange in exchanges:
            for difference in compare(self.meant(exchange), exchange, key):
                yield Failure(when, difference.replace(key, "$KEY"))

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
        yield from self.compared(when, exchanges, _WRONG_KEY, most=1)
        words = _bad_key(self.subject.sample.protocol or self.protocol)
        yield from fails(when, outcome, words)

    def without_key(self, source: Path) -> Iterator[Failure]:
        """No key: no request, and a message that names the variable."""
        when = "without a key"
        outcome, exchanges = self.tried(source, None)
        if exchanges:
            yield Failure(when, "sends a request all the same")
        key_env = self.bench.catalog.provider.key_env
        yield from fails(when, outcome, key_env, f"does not name {key_env}")

    def with_stranger(self, source: Path, authority: Path) -> Iterator[Failure]:
        """The server's certificate is of nobody whom the program trusts: it tells it nothing."""
        when = "when the server's certificate is not to be trusted"
        outcome, exchanges = self.tried(source, _GOOD_KEY, authority)
        if exchanges:
            yield Failure(when, "sends the request all the same")
        yield from fails(when, outcome, "")

    def failing(self, source: Path, behaviour: mock.Behaviour) -> Iterator[Failure]:
        """The service fails: a request as always, its message on standard error, and a failure."""
        key = _key_for(behaviour)
        outcome, exchanges = self.tried(source, key)
        when = FAILING[behaviour]
        if not exchanges:
            yield Failure(when, "sends no request")
        tries = 1 if self.subject.sample.client == "http" else _MOST_TRIES
        yield from self.compared(when, exchanges, key, most=tries)
        yield from fails(when, outcome, mock.COMPLAINTS.get(behaviour, ""))


def _bad_key(id: str | None) -> str:
    """What the service says to an unknown key, as far as it is known which protocol it speaks."""
    says = protocol(id).answers if id else None
    return says.bad_key if says else ""


_NOTHING: Final = "sends no request that arrives"

FAILING: Final[dict[mock.Behaviour, str]] = {
    "bad-request": "on 400",
    "not-found": "on 404",
    "rate-limit": "on 429",
    "server-error": "on 500",
    "cut": "when the connection breaks",
}


def strange_hosts(code: str, catalog: Catalog) -> str:
    """What to say of hosts in code that are none of the service's; empty where there are none."""
    shared = [region.host for region in catalog.regions.values() if region.host]
    linked = {urlsplit(link).hostname for link in catalog.links}
    said = []
    for host in dict.fromkeys(re.findall(r"https?://([\w.-]+)", code)):
        if host not in shared and host not in linked:
            close = get_close_matches(host, shared, 1)
            hint = f": did you mean {close[0]!r}?" if close else ""
            said.append(f"the service has no host {host!r}{hint}")
    return "; ".join(said)


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


def shows(stdout: str, answer: str, *, within: bool = False) -> bool:
    """Whether an output has the answer: as it is, or as a string in JSON.

    Args:
        within: whether JSON may stand within other text.
    """
    if answer in stdout:
        return True
    written = (json.dumps(answer, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
    if within and any(form in stdout for form in written):
        return True
    try:
        return answer in _strings(json.loads(stdout))
    except ValueError:
        return False


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def followed(sample: Sample, catalog: Catalog, key: str) -> str | None:
    """The sample after a reader did what the note on the key says; None without such a note."""
    from samplegen.rendering.notes import key_note

    if not sample.locale:
        return None
    mark = language(sample.language).comment_mark
    start = f"{mark} {key_note(sample.locale, catalog)}"
    lines = sample.code.split("\n")
    for number, line in enumerate(lines):
        if line.strip().startswith(start):
            placeholder = catalog.provider.key_placeholder
            written = line.strip().removeprefix(start).replace(placeholder, key)
            below = lines[number + 1]
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
