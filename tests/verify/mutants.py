"""Samples with a small breakage in each, as pages have them, and what must be said of it.

The breakages are in `mutations/*.toml`. A `[[breakage]]` has a `name`; what verification says of
it, at least (`said`); and its edits, in one of two forms:

- `[breakage.edits]`: for each kind of sample a text to `find` and one to `replace` it with, both
  exactly as they stand there.
- one `pattern` of `re` with its `replace`, in all `kinds` of sample `but` some.

Those of `flows.toml` say more: which `example` is broken, and in what situations `only`.

A kind of sample is a language with `http`, or with the protocol whose SDK it uses. What is to be
replaced must be there exactly once.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from samplegen import Call, render
from samplegen.examples import path_of
from samplegen.model.catalog import Family, Protocol, builtin
from samplegen.protocols.request import Request
from samplegen.rendering.sample import chosen, fitting
from samplegen.rendering.targets import targets
from samplegen.verify import mock
from samplegen.verify.checks import Subject

FOLDER = Path(__file__).parent / "mutations"
# In this order: a breakage's number decides in which kinds of sample it has its turn.
FILES = (
    *("request", "messages", "values", "headers", "answer"),
    *("failure", "building", "notes", "conduct"),
)

# Options of each type that is easily confused with another.
OPTIONS = {"x_thinking": False, "x_temperature": 1.0, "x_seed": 1}
CATALOG = replace(
    builtin(), families=[Family("mutants", ["mut-*"], options=OPTIONS), *builtin().families]
)

# Those of HTTP first.
KINDS = [
    *dict.fromkeys(f"{it.language}-http" for it in targets() if it.client == "http"),
    *(f"{it.language}-{it.protocol}" for it in targets() if it.client == "sdk"),
]
PROTOCOL_TURNS: list[Protocol] = ["openai", "dashscope", "dashscope", "openai"]


class Edit(NamedTuple):
    """What is replaced, and by what: an exact text, or a pattern and its template."""

    find: str | re.Pattern[str]
    replace: str

    def apply(self, code: str) -> str | None:
        """The code after it, or None where what it replaces is not there exactly once."""
        if isinstance(self.find, re.Pattern):
            code, times = self.find.subn(self.replace, code)
        else:
            times = code.count(self.find)
            code = code.replace(self.find, self.replace)
        return code if times == 1 else None


@dataclass(frozen=True)
class Breakage:
    """What is broken, and what verification says then; as the files have it."""

    name: str
    said: str = ""
    edits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    pattern: str = ""
    replace: str = ""
    example: str = ""
    only: tuple[mock.Behaviour, ...] = ()

    def by_kind(self) -> dict[str, Edit]:
        """The edit for each kind of sample."""
        if self.edits:
            return {kind: Edit(**edit) for kind, edit in self.edits.items()}
        edit = Edit(re.compile(self.pattern, re.MULTILINE), self.replace)
        kinds = KINDS if "all" in self.kinds else self.kinds
        return {kind: edit for kind in kinds if kind not in self.but}


class Mutant(NamedTuple):
    """A broken sample, and the request that it ought to send."""

    name: str
    language: str
    said: str
    subject: Subject


def breakages(*names: str) -> list[Breakage]:
    """Those of some files, in their order."""
    found = []
    for name in names:
        text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        found += [Breakage(**one) for one in tomllib.loads(text)["breakage"]]
    return found


BREAKAGES = breakages(*FILES)
# Of streams and round trips.
FLOWS = breakages("flows")
# What verification does not notice.
MISSED = breakages("missed")


def mutants(broken: list[Breakage], most: int | None = None) -> list[Mutant]:
    """The breakages of all kinds of samples; those of HTTP are of either protocol in turn.

    Args:
        most: of how many kinds each breakage is at most; which ones, goes round.
    """
    turns = {kind: cycle(PROTOCOL_TURNS) for kind in KINDS}
    found = []
    for number, breakage in enumerate(broken):
        edits = breakage.by_kind()
        start = number % len(edits)
        for kind in [*[*edits][start:], *[*edits][:start]][:most]:
            language = kind.partition("-")[0]
            subject = _broken(breakage.name, kind, edits[kind], turns[kind])
            name = f"{breakage.name}: {subject.sample.protocol} {kind}"
            found.append(Mutant(name, language, breakage.said, subject))
    return found


def flow_mutants() -> list[Mutant]:
    """The breakages of flows, each in all the kinds of samples that it has edits for."""
    found = []
    for breakage in FLOWS:
        path = path_of(breakage.example)
        assert path is not None
        for number, (kind, edit) in enumerate(breakage.by_kind().items()):
            language, _, client = kind.partition("-")
            # Edits of HTTP are of OpenAI's shape where the protocols differ.
            protocol: Protocol = "openai" if client == "http" else client
            call = Call.parse(json.loads(path.read_text()) | {"protocol": protocol}, builtin())
            form = "http" if client == "http" else "sdk"
            [target] = [
                it
                for it in targets()
                if (it.language, it.client, it.protocol) == (language, form, protocol)
            ]
            flow = chosen(None, call, target)
            sample = render(call, language, form, notes="none", flow=flow)
            code = edit.apply(sample.code)
            assert code is not None, f"{breakage.name}: {kind} has no {edit.find!r}, or several"
            assert code != sample.code, f"{breakage.name}: changes nothing in {kind}"
            subject = Subject(
                sample._replace(code=code),
                Request.of(call, "", builtin()),
                call=fitting(call, flow),
                flow=flow,
                only=tuple(breakage.only),
            )
            name = f"{breakage.name}: {protocol} {kind}, {number}"
            found.append(Mutant(name, language, breakage.said, subject))
    return found


def _broken(name: str, kind: str, edit: Edit, turns: Iterator[Protocol]) -> Subject:
    language, _, client = kind.partition("-")
    # Options stand on lines of their own in one protocol only: some edits fit that.
    choices = [next(turns), next(turns)] if client == "http" else [client]
    for protocol in choices:
        call = Call(protocol=protocol, model="mut-1")
        form = "http" if client == "http" else "sdk"
        sample = render(call, language, form, catalog=CATALOG)
        code = edit.apply(sample.code)
        if code is not None:
            assert code != sample.code, f"{name}: changes nothing in {kind}"
            return Subject(sample._replace(code=code), Request.of(call, "", CATALOG))
    raise AssertionError(f"{name}: {kind} has no {edit.find!r}, or several")
