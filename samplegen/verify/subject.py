"""What is verified: a sample and what it means; and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.model.hosts import is_placeholder
from samplegen.protocols.request import Request
from samplegen.rendering.notes import key_notes
from samplegen.rendering.sample import Sample
from samplegen.verify import mock
from samplegen.verify.supplied import supplied


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
    notes: tuple[str, str] | None = None
    """How its note on the key begins, see `key_notes`; None is as samplegen itself says it."""
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


def of_rendered(
    sample: Sample, call: Call, flow: str, catalog: Catalog, *, left: str = "", place: str = ""
) -> Subject:
    """A sample that samplegen rendered of a call, with the local files that it reads.

    Raises:
        InputError: see `samplegen.protocols.request.Request.of`.
    """
    call, files = supplied(call)
    request = Request.of(call, "", catalog, sample.client)
    if call.host and is_placeholder(call.host):
        left = left or PLACEHOLDER
    notes = key_notes(sample.locale, catalog, sample.region)
    return Subject(
        sample, request, left=left, call=call, flow=flow, files=files, place=place, notes=notes
    )


PLACEHOLDER: Final = "a part of its host is for each reader to fill in"


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
    place: str = ""
    """Where a rendered sample's file is, below the folder of samples."""


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
