"""Whether a call that is read from a sample is the call that the sample makes.

    python benchmarks/round_trip.py FOLDER [--half even|odd] [--language ID] [--json FILE]

For each sample of the folder's pages that is a call to a chat model:

- (a) the request that the sample sends when it runs, sealed, against the mock;
- (b) the request of the call that `samplegen call` reads from it;
- (c) the request that the same call sends when it is rendered in another language, the next
  one that has a target for it, and runs.

All three must be equal: as JSON values of the same types, with the same URL and headers, but
for the key, and for what an SDK is known to add by itself (`samplegen.verify.compare`). Whatever
else a sample sends beside a call, such as a header, must be said. The last column also counts
those where (a) and (b) differ in the very places that `samplegen call` names on standard error,
such as a field that no call can hold.

A sample that cannot run here (it does not compile, needs a package that is not installed, or a
part of the page that is not in it) makes no round trip, and is counted as such.

What is a chat sample is told by the page's text alone, not by what can be read of it: see
`is_chat`. The pages are others': nothing of them is kept. `--half` takes the pages whose paths
have an even, or odd, first digit in their sha256: readers are made while one half is looked at,
and the other one is only counted.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Semaphore
from typing import Any

from samplegen.errors import InputError
from samplegen.languages import language_ids
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, builtin
from samplegen.pages import PublishedSample, below, load
from samplegen.pages import read as samples_of
from samplegen.protocols.request import Request
from samplegen.readback import readback
from samplegen.rendering.sample import chosen, render
from samplegen.rendering.targets import find
from samplegen.sources.program import of_program
from samplegen.verify import keys, mock, place, seal, toolchain
from samplegen.verify.compare import Leeway, added_by, compare
from samplegen.verify.hosts import every_origin
from samplegen.verify.program import Runner
from samplegen.verify.published import subject
from samplegen.verify.roots import Roots
from samplegen.verify.subject import Subject, of_rendered
from samplegen.verify.supplied import supplied
from samplegen.verify.trial import Bench, Known, Trial
from samplegen.verify.verification import prepare

SECONDS = 60

SAID = "(a) is not (b), which is said"

# What calls a chat model: by the name of a function of an SDK, or by the path of a URL.
_CALLS = re.compile(
    r"""(?x)
    chat\s*\.\s*completions\s*\.\s*(?:create|stream|parse)
    | \.chat\(\)\s*(?:->\s*|\.\s*)completions\(\) | ->chat\(\)->create
    | Chat\.Completions\.New | \.CompleteChat\w*\(
    | (?:Generation|MultiModalConversation)(?:\(\))?\s*\.\s*(?:call|streamCall)\(
    | new\ (?:Generation|MultiModalConversation)\(
    | /chat/completions | /(?:text|multimodal)-generation/generation
    """
)
# A call to a chat model asks something.
_ASKS = re.compile(r"(?i)message|prompt")
# The same words where no chat model is called: a file of many calls, an app with its own id.
_NO_CALL = re.compile(r"(?i)\bbatches\b|custom_id|app_?id\b|/deep-search-agent|/apps?/")
_MODEL = re.compile(r"""(?i)\bmodel["']?\)?\s*(?:[:=(,]|=>)+\s*["']([\w./-]+)["']""")


def is_chat(code: str, catalog: Catalog) -> bool:
    """Whether a sample is a call to a chat model, by the words of its text.

    Its model, where a text says one, must not be of another kind (images, speech, …).
    """
    if not (_CALLS.search(code) and _ASKS.search(code)) or _NO_CALL.search(code):
        return False
    models = _MODEL.findall(code)
    return not models or any(catalog.family(one).chat for one in models)


_KINDS = (
    ("tools", r"(?i)\btools\b|function_?call|setTools|\.tools\("),
    (
        "media",
        r"image_url|[\"'](?:image|video|audio)[\"']|video_url|input_audio|ImageUrl|ImagePart",
    ),
    ("stream", r"(?i)stream[\"']?\s*[:=]\s*true|SSE|streamCall|Streaming|stream\("),
)


def kind_of(code: str) -> str:
    """What a chat sample shows, by the words of its text."""
    return next((name for name, words in _KINDS if re.search(words, code)), "text")


@dataclass
class Trip:
    """A sample, and how far it came."""

    published: PublishedSample
    kind: str
    sample: Subject
    call: Call | None = None
    said: tuple[str, ...] = ()
    client: str = ""
    request: Request | None = None
    other: Subject | None = None
    unread: str = ""
    miss: str = ""
    details: list[str] = field(default_factory=list)


def trips(folder: Path, half: str | None, languages: Sequence[str]) -> list[Trip]:
    """The chat samples of a folder, and the calls that are read from them."""
    catalog = builtin()
    found: list[Trip] = []
    for file in below(folder):
        digit = int(sha256(file.relative_to(folder).as_posix().encode()).hexdigest()[0], 16)
        if half is not None and half != ("odd" if digit % 2 else "even"):
            continue
        page = samples_of(file, load(file).text)
        found += [
            _trip(one, page, catalog)
            for one in page
            # A page's fence in a language that nobody names is no sample of a language.
            if one.language in languages and is_chat(one.code, catalog)
        ]
    return found


def _trip(one: PublishedSample, page: Sequence[PublishedSample], catalog: Catalog) -> Trip:
    trip = Trip(one, kind_of(one.code), subject(one, (), page, catalog))
    id = str(one.language)
    try:
        trip.call, trip.said = of_program(id, trip.sample.sample.code, "", catalog)
    except InputError as error:
        trip.unread = str(error).removeprefix(": ")
        return trip
    trip.client = readback(id, trip.sample.sample.code, catalog).client or ""
    whole, files = supplied(trip.call)
    # The local files that it reads are put beside it, and beside the rendered sample.
    trip.sample = trip.sample._replace(files=files)
    try:
        trip.request = Request.of(whole, "", catalog)
        trip.other = _rendered(id, trip.call, catalog)
    except InputError as error:
        trip.miss = f"is not rendered: {error}"
    return trip


def _rendered(id: str, call: Call, catalog: Catalog) -> Subject:
    """The same call in the next language that has a sample for it."""
    ids = language_ids()
    at = ids.index(id)
    why = None
    for other in (*ids[at + 1 :], *ids[:at]):
        try:
            sample = render(call, other, catalog=catalog)
        except InputError as error:
            why = why or error
            continue
        flow = chosen(None, call, find(other, call.protocol))
        return of_rendered(sample, call, flow, catalog)
    raise why or InputError("no other language")


# Running


def run(subjects: Sequence[Subject]) -> list[tuple[str, list[mock.Exchange]]]:
    """What each program sends when it runs, and else why it sends nothing."""
    catalog = builtin()
    sealing = seal.sealing()
    if sealing is None:
        raise InputError("samples of pages are only run sealed: that takes Linux namespaces")
    prepared = prepare({one.sample.language for one in subjects}, catalog, _say)
    done = subprocess.run(
        [*sealing, sys.executable, __file__, "--within"],
        input=pickle.dumps((list(subjects), prepared, every_origin(subjects, catalog))),
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(done.stdout)
    return [(why, [_exchange(*one) for one in exchanges]) for why, exchanges in found]


def _exchange(*said: Any) -> mock.Exchange:
    method, scheme, host, path, headers, body, status, at = said
    pairs = tuple((name, value) for name, value in headers)
    return mock.Exchange(method, scheme, host, path, pairs, body.encode("latin-1"), status, at)


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def within() -> None:
    """Run programs in the namespaces that this process is the first of."""
    subjects, prepared, origins = pickle.load(sys.stdin.buffer)
    catalog, own = builtin(), seal.memory_beside(seal.MEMORY)
    server = mock.Mock(catalog)
    keys.let_in(server)
    with place.sealed(server, origins, own) as (there, trust):
        roots = Roots(own, own, trust.authority.parent)
        bench = Bench(catalog, there, Runner(SECONDS), own, trust, True, Known(Semaphore()), roots)

        def one(numbered: tuple[int, Subject]) -> tuple[str, list[Any]]:
            number, it = numbered
            trial = Trial(it, prepared[it.sample.language], bench, own / f"{number:04}")
            why, exchanges = _run(trial)
            return why, [[*e[:5], e.body.decode("latin-1"), *e[6:]] for e in exchanges]

        with ThreadPoolExecutor(4 * (os.cpu_count() or 1)) as pool:
            found = list(pool.map(one, enumerate(subjects)))
        print(json.dumps(found), flush=True)
    bench.runner.close()
    os._exit(0)


def _run(trial: Trial) -> tuple[str, list[mock.Exchange]]:
    folder = trial.work / "sample"
    missing = toolchain.missing(trial.prepared, trial.subject.sample.code)
    if missing and not trial.rendered:
        return f"needs {', '.join(missing)}, which is not installed", []
    program = trial.compiled(trial.subject.sample.code, folder)
    try:
        if isinstance(program, str):
            return program, []
        if problem := trial.done(program.link, folder):
            return problem, []
        outcome, exchanges = trial.tried(program.source, keys.GOOD)
        ended = outcome.stderr.strip() or outcome.stdout.strip() or "it ended without a word"
        return f"sends nothing: {ended[-400:]}", exchanges
    finally:
        trial.bench.runner.leave(folder)


# Comparing


def judge(trip: Trip, ran: tuple[str, list[mock.Exchange]], other: Any, catalog: Catalog) -> None:
    """Say what is not equal of a trip whose call was read."""
    why, exchanges = ran
    asked = [one for one in exchanges if _is_chat_path(one, catalog)]
    if trip.request is None or trip.call is None:
        return
    if trip.sample.left and not asked:
        trip.miss = f"cannot run: {trip.sample.left}"
    elif not asked:
        trip.miss = "cannot run" if not exchanges else "calls another API"
        trip.details = [why if not exchanges else exchanges[0].path]
    else:
        # Of a program's several calls, one is read.
        each = [_differences(trip, one, catalog) for one in asked]
        trip.details = min(each, key=len)
        trip.miss = "(a) is not (b)" if trip.details else ""
        if trip.details and all(_is_said(one, trip.said) for one in trip.details):
            trip.miss = SAID
    if trip.miss:
        return
    sent, turned = other
    if not turned:
        trip.miss, trip.details = "the rendered sample sends nothing", [sent]
        return
    assert trip.other is not None
    trip.details = list(_compare(trip.request, turned[0], trip.other.sample, trip.call, catalog))
    trip.miss = "(c) is not (b)" if trip.details else ""


def _is_said(difference: str, said: Sequence[str]) -> bool:
    """Whether what was read names the header, or the place in a body, that is not the same."""
    place = difference.partition(": ")[0]
    if place.endswith(" header"):
        return any(one.startswith(f"the {place} ") for one in said)
    return any(place.endswith(f".{one.partition(': ')[0]}") for one in said if ": " in one)


def _is_chat_path(one: mock.Exchange, catalog: Catalog) -> bool:
    fact = catalog.endpoint_of(one.path)
    return fact is not None and fact.kind == "chat"


def _differences(trip: Trip, got: mock.Exchange, catalog: Catalog) -> list[str]:
    assert trip.request is not None
    assert trip.call is not None
    spoken = trip.sample.sample._replace(protocol=trip.call.protocol, client=trip.client)
    found = list(_compare(trip.request, got, spoken, trip.call, catalog))
    for name, _ in got.headers:
        mine = name in {one.lower() for one in trip.request.headers}
        said = any(name in one.lower() for one in trip.said)
        # What the text does not name, its SDK or its client adds.
        own = name.startswith("x-") and name in trip.published.code.lower()
        if own and not (mine or said):
            found.append(f"{name} header: is neither taken over nor said")
    return found


def _compare(expected: Request, got: mock.Exchange, by: Any, call: Call, catalog: Catalog) -> Any:
    added = added_by(by.language, call.protocol, by.client, catalog.family(call.model).kind)
    leeway = Leeway(call.protocol, catalog, len(call.messages), added)
    return compare(expected, got, got.key(catalog.auths), leeway)


# Saying


def table(title: str, groups: Iterable[tuple[str, list[Trip]]]) -> Iterable[str]:
    """Shares by group."""
    head = "chat samples | read completely | of these, full round trip | or else it is said"
    yield f"| {title} | {head} |"
    yield "|---|---|---|---|---|"
    for name, those in groups:
        read = [one for one in those if one.call is not None]
        shares = [
            _share(len(read), len(those)),
            _share(sum(not one.miss for one in read), len(read)),
            _share(sum(one.miss in ("", SAID) for one in read), len(read)),
        ]
        yield f"| {name} | {len(those)} | {' | '.join(shares)} |"
    yield ""


def _share(part: int, of: int) -> str:
    return f"{part} ({100 * part / of:.1f} %)" if of else "-"


def report(found: list[Trip], folder: Path) -> str:
    """The shares, and each miss."""
    by_language = [(id, [t for t in found if t.published.language == id]) for id in language_ids()]
    kinds = ("text", "stream", "media", "tools")
    by_kind = [(kind, [t for t in found if t.kind == kind]) for kind in kinds]
    lines = [*table("by language", [*by_language, ("all", found)]), *table("by kind", by_kind)]
    read = [one for one in found if one.call is not None]
    runs = [one for one in read if not one.miss.startswith("cannot run")]
    whole = sum(not one.miss for one in runs)
    said = sum(one.miss in ("", SAID) for one in runs)
    lines += [
        f"Without the {len(read) - len(runs)} that are read and cannot run here as published: "
        f"full round trip {_share(whole, len(runs))}, or else it is said {_share(said, len(runs))}",
        "",
    ]
    reasons = Counter(_reason(one) for one in found if one.unread or one.miss)
    lines += [f"{count:4} {reason}" for reason, count in reasons.most_common()]
    lines.append("")
    for one in found:
        if one.unread or one.miss:
            path = Path(one.published.path).relative_to(folder)
            what = f"{one.published.language}, {one.kind}"
            lines.append(f"{path}:{one.published.line} ({what}): {_reason(one)}")
            lines += [f"    {' '.join(detail.split())[:400]}" for detail in one.details[:4]]
    return "\n".join(lines)


def _reason(one: Trip) -> str:
    return f"not read: {one.unread}" if one.unread else one.miss


def main() -> None:
    """Make the trips, and say what came of them."""
    if sys.argv[1:] == ["--within"]:
        within()
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("even", "odd"))
    parser.add_argument("--language", action="append", choices=language_ids())
    parser.add_argument("--json", type=Path, dest="file")
    given = parser.parse_args()
    found = trips(given.folder, given.half, given.language or language_ids())
    going = [one for one in found if one.request is not None and one.other is not None]
    ran = run([one.sample for one in going] + [one.other for one in going if one.other])
    for number, one in enumerate(going):
        judge(one, ran[number], ran[len(going) + number], builtin())
    print(report(found, given.folder))
    if given.file:
        rows = [
            {
                "path": str(Path(one.published.path).relative_to(given.folder)),
                "line": one.published.line,
                "language": one.published.language,
                "kind": one.kind,
                "unread": one.unread,
                "miss": one.miss,
                "details": one.details,
            }
            for one in found
        ]
        given.file.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
