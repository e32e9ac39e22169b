"""Mends pages: fixes are made whole or not at all, until none is left to make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from samplegen.check.checking import Found, Plan, check, view
from samplegen.check.replacing import replacement
from samplegen.check.rule import PageView, SampleView
from samplegen.errors import InputError
from samplegen.pages import Change, Edit, rewrite
from samplegen.pages.spans import apply
from samplegen.readback import can_read, readback

# A fix may uncover another finding, but not for ever.
_MOST_ROUNDS = 100


class Fixed(NamedTuple):
    """A page with its fixes made.

    Attributes:
        left: the findings that are there now.
        mended: the name of the rule of each that was mended.
    """

    text: str
    left: list[Found]
    mended: tuple[str, ...]


class _Planned(NamedTuple):
    """An edit, and the findings that it is for, by the names of their rules."""

    edit: Edit | Change
    names: tuple[str, ...]


def fixed(path: str, text: str, plan: Plan, *, unsafe: bool = False) -> Fixed:
    """The page with its fixes made, and the findings that are left.

    Args:
        unsafe: also fixes that may change what a sample means, and a whole sample
            rendered anew where its findings have no fix.

    Raises:
        InputError: the page cannot be checked, or its fixes undo each other.
    """
    refused: set[Edit | Change] = set()
    mended: list[str] = []
    seen = {text}
    for _ in range(_MOST_ROUNDS):
        page = view(path, text, plan)
        found = check(page, plan)
        planned = [one for one in _planned(found, page, unsafe=unsafe) if one.edit not in refused]
        done, made = _made(page, found, planned, plan, refused)
        if done == text:
            return Fixed(text, found, tuple(mended))
        if done in seen:
            break
        seen.add(done)
        text = done
        mended.extend(name for one in made for name in one.names)
    names = ", ".join(sorted({one.finding.name for one in found if one.edit}))
    raise InputError(f"{path}: nothing is written: fixes undo each other: {names}")


def _planned(found: Sequence[Found], page: PageView, *, unsafe: bool) -> list[_Planned]:
    planned = [
        _Planned(one.edit, (one.finding.name,))
        for one in found
        if one.edit and (one.safe or unsafe) and not _harms(one)
    ]
    if unsafe:
        # Identity, since two samples may be alike.
        whole = {id(one.sample): one.sample for one in found if one.sample and not one.edit}
        for sample in whole.values():
            names = [one.finding.name for one in found if one.sample is sample and not one.edit]
            new = replacement(sample, page, {*names})
            if new is not None:
                planned.append(_Planned(_whole(sample, new), tuple(names)))
    return planned


def _harms(found: Found) -> bool:
    """Whether a fix would leave a sample that does not parse or, called safe, says another thing.

    What samplegen itself writes is right.
    """
    sample, edit = found.sample, found.edit
    if sample is None or not isinstance(edit, Edit) or not can_read(sample.language):
        return False
    code = sample.code
    if edit.start == 0 and edit.end == len(code):
        return False
    new = readback(
        sample.language, code[: edit.start] + edit.new + code[edit.end :], sample.catalog
    )
    if len(new.broken) > len(sample.call.broken):
        return True
    if len(new.broken_json) > len(sample.call.broken_json):
        return True
    said, says = (
        [one.content and one.content.value for one in call.messages] for call in (sample.call, new)
    )
    # What did not parse before was perhaps misread.
    return found.safe and said != says and not (sample.call.broken or sample.call.broken_json)


def _made(
    page: PageView,
    found: Sequence[Found],
    planned: Sequence[_Planned],
    plan: Plan,
    refused: set[Edit | Change],
) -> tuple[str, Sequence[_Planned]]:
    """The page after as many edits as go together, and those.

    What it cannot hold is added to `refused`.
    """
    # After a change of the page every sample stands elsewhere: their turn is the next round.
    of_page = list(_apart_in_page(planned))
    for some in (of_page, *([one] for one in of_page)):
        changes = [one.edit for one in some if isinstance(one.edit, Change)]
        if changes and (done := _changed(page, found, changes, plan)) is not None:
            return done, some
    refused.update(one.edit for one in of_page)
    apart = list(_apart(planned))
    if not apart:
        return page.text, []
    try:
        return rewrite(page.text, [one.edit for one in apart if isinstance(one.edit, Edit)]), apart
    except InputError:
        return _one_of(page.text, apart, refused)


def _one_of(
    text: str, planned: Iterable[_Planned], refused: set[Edit | Change]
) -> tuple[str, Sequence[_Planned]]:
    """The page after the first of the edits that it can hold."""
    for one in planned:
        assert isinstance(one.edit, Edit)
        try:
            return rewrite(text, [one.edit]), [one]
        except InputError:
            refused.add(one.edit)
    return text, []


def _apart(planned: Iterable[_Planned]) -> Iterator[_Planned]:
    """The edits of samples that overlap none before them, and change something."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for one in planned:
        if not isinstance(one.edit, Edit):
            continue
        sample, start, end, new = one.edit
        if sample.code[start:end] == new:
            continue
        places = taken.setdefault(sample.spans.start(0), [])
        # Two that touch could be two answers to one question.
        if all(end < low or high < start for low, high in places):
            places.append((start, end))
            yield one


def _apart_in_page(planned: Iterable[_Planned]) -> Iterator[_Planned]:
    """The changes of a page that overlap none before them."""
    taken: list[Change] = []
    for one in planned:
        change = one.edit
        if isinstance(change, Change) and all(
            change.end < other.start or other.end < change.start for other in taken
        ):
            taken.append(change)
            yield one


def _changed(
    page: PageView, found: Sequence[Found], changes: Sequence[Change], plan: Plan
) -> str | None:
    """The page after changes of its own text; None where that does harm or mends nothing."""
    done = apply(page.text, changes)
    try:
        after = view(page.path, done, plan)
        left = sum(isinstance(one.edit, Change) for one in check(after, plan))
    except InputError:
        return None
    before = sum(isinstance(one.edit, Change) for one in found)
    return done if left < before and _keeps(page, after, changes) else None


def _keeps(page: PageView, after: PageView, changes: Sequence[Change]) -> bool:
    """Whether every sample that the changes do not touch is as it was."""
    now = {one.spans.start(0): one.code for one in after.published}
    for one in page.published:
        start, end = one.spans.start(0), one.spans.end(len(one.code))
        if all(end <= change.start or change.end <= start for change in changes):
            grown = sum(
                len(change.text) - (change.end - change.start)
                for change in changes
                if change.end <= start
            )
            if now.get(start + grown) != one.code:
                return False
    return True


def _whole(sample: SampleView, code: str) -> Edit:
    """The edit that puts a program in a sample's place."""
    old = sample.code
    # The last line's end is the page's where its format is made of lines.
    new = code if old.endswith("\n") else code.removesuffix("\n")
    return Edit(sample.published, 0, len(old), new)
