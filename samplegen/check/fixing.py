"""Mends pages: fixes are made whole or not at all, until none is left to make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from samplegen.check.checking import Found, Plan, check, view
from samplegen.check.replacing import replacement
from samplegen.check.rule import PageView, SampleView
from samplegen.errors import InputError
from samplegen.pages import Change, Edit, rewrite
from samplegen.pages.spans import apply

# A fix may uncover another finding, but not for ever.
_MOST_ROUNDS = 100


def fixed(path: str, text: str, plan: Plan, *, unsafe: bool = False) -> tuple[str, list[Found]]:
    """The page with its fixes made, and the findings that are left.

    Args:
        unsafe: also fixes that may change what a sample means, and a whole sample
            rendered anew where its findings have no fix.

    Raises:
        InputError: the page cannot be checked, or its fixes undo each other.
    """
    refused: set[Edit | Change] = set()
    seen = {text}
    for _ in range(_MOST_ROUNDS):
        page = view(path, text, plan)
        found = check(page, plan)
        edits = [one for one in _edits(found, page, unsafe=unsafe) if one not in refused]
        done = _made(page, found, edits, plan, refused)
        if done == text:
            return text, found
        if done in seen:
            break
        seen.add(done)
        text = done
    names = ", ".join(sorted({one.finding.name for one in found if one.edit}))
    raise InputError(f"{path}: nothing is written: fixes undo each other: {names}")


def _edits(found: Sequence[Found], page: PageView, *, unsafe: bool) -> list[Edit | Change]:
    edits = [one.edit for one in found if one.edit and (one.safe or unsafe)]
    if unsafe:
        # Identity, since two samples may be alike.
        whole = {id(one.sample): one.sample for one in found if one.sample and not one.edit}
        for sample in whole.values():
            names = {one.finding.name for one in found if one.sample is sample and not one.edit}
            new = replacement(sample, page, names)
            if new is not None:
                edits.append(_whole(sample, new))
    return edits


def _made(
    page: PageView,
    found: Sequence[Found],
    edits: Iterable[Edit | Change],
    plan: Plan,
    refused: set[Edit | Change],
) -> str:
    """The page after as many edits as go together; what it cannot hold is added to `refused`."""
    edits = list(edits)
    # After a change of the page every sample stands elsewhere: their turn is the next round.
    of_page = list(_apart_in_page(edit for edit in edits if isinstance(edit, Change)))
    for changes in (of_page, *([one] for one in of_page)):
        if changes and (done := _changed(page, found, changes, plan)) is not None:
            return done
    refused.update(of_page)
    apart = list(_apart(edit for edit in edits if isinstance(edit, Edit)))
    if not apart:
        return page.text
    try:
        return rewrite(page.text, apart)
    except InputError:
        return _one_of(page.text, apart, refused)


def _one_of(text: str, edits: Iterable[Edit], refused: set[Edit | Change]) -> str:
    """The page after the first of the edits that it can hold."""
    for edit in edits:
        try:
            return rewrite(text, [edit])
        except InputError:
            refused.add(edit)
    return text


def _apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that overlap none before them, and change something."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for edit in edits:
        sample, start, end, new = edit
        if sample.code[start:end] == new:
            continue
        places = taken.setdefault(sample.spans.start(0), [])
        # Two that touch could be two answers to one question.
        if all(end < low or high < start for low, high in places):
            places.append((start, end))
            yield edit


def _apart_in_page(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes of a page that overlap none before them."""
    taken: list[Change] = []
    for change in changes:
        if all(change.end < one.start or one.end < change.start for one in taken):
            taken.append(change)
            yield change


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
