"""Each defect, planted in each kind of sample and each format that it is for."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from planted.defects import DEFECTS, Defect
from planted.documents import alone, document
from planted.formats import FORMATS, Format, Page, page_of
from samplegen.protocols import protocol_ids


class Case(NamedTuple):
    """A defect, planted in one kind of sample on one page."""

    defect: Defect
    kind: str
    form: Format
    turn: int

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return (
            f"{self.defect.rule} {self.defect.name} | {self.kind} | {self.form.name} | {self.turn}"
        )

    def pages(self) -> tuple[Page, Page]:
        """The correct page, and the one with the defect in it, at a place that its name decides."""
        random = Random(self.name)
        locale = random.choice(self.defect.locales)
        language_id, _, client = self.kind.partition("-")
        spoken = self.defect.protocols or protocol_ids()
        protocol = client if client != "http" else random.choice(spoken)
        page = document(protocol, locale)
        wanted = (language_id, "http" if client == "http" else "sdk")
        kinds = [(one.language, one.client) for one in page.sections]
        number = kinds.index(wanted)
        if self.form.name == "source":
            page, number = alone(page, number), 0
        before, after = self.defect.plant(self.kind, page, number, random)
        return page_of(self.form, before), page_of(self.form, after)


def cases(turns: int = 1) -> list[Case]:
    """Each defect in each kind of sample and each format that it is for, so many times."""
    return [
        Case(one, kind, FORMATS[form], turn)
        for one in DEFECTS
        for kind in one.planted_in
        for form in one.formats
        for turn in range(turns)
    ]


def some(most: int) -> list[Case]:
    """So many of the cases: each defect has its turn, and the kinds and formats take turns."""
    by_defect: dict[int, list[Case]] = {}
    for case in cases():
        by_defect.setdefault(id(case.defect), []).append(case)
    taken: list[Case] = []
    waiting = list(by_defect.values())
    for found in waiting:
        # Its own name decides: a defect more or less changes nothing for the others.
        Random(f"{found[0].defect.rule} {found[0].defect.name}").shuffle(found)
    while waiting and len(taken) < most:
        taken += [found.pop() for found in waiting]
        waiting = [found for found in waiting if found]
    return taken[:most]
