"""Mends pages: fixes are made whole or not at all, until none is left to make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from samplegen.check.checking import Found, Plan, check, view
from samplegen.check.meaning import meant
from samplegen.check.rule import PageView, SampleView
from samplegen.errors import InputError
from samplegen.pages import Change, Edit, rewrite
from samplegen.pages.spans import apply

# A fix may uncover another finding, but not for ever.
_MOST_ROUNDS = 30


def fixed(path: str, text: str, plan: Plan, *, unsafe: bool = False) -> tuple[str, list[Found]]:
    """The page with its fixes made, and the findings that are left.

    Args:
        unsafe: also fixes that may change what a sample means, and a whole sample
            rendered anew where its findings have no fix.

    Raises:
        InputError: the page cannot be checked, or its fixes undo each other.
    """
    refused: set[Edit | Change] = set()
    for _ in range(_MOST_ROUNDS):
        page = view(path, text, plan)
        found = check(page, plan.rules)
        edits = [one for one in _edits(found, page, unsafe=unsafe) if one not in refused]
        done = _made(page, found, edits, plan, refused)
        if done == text:
            return text, found
        text = done
    names = ", ".join(sorted({one.finding.name for one in found if one.edit}))
    raise InputError(f"{path}: nothing is written: fixes undo each other: {names}")


def _edits(found: Sequence[Found], page: PageView, *, unsafe: bool) -> list[Edit | Change]:
    edits = [one.edit for one in found if one.edit and (one.safe or unsafe)]
    if unsafe:
        # Identity, since two samples may be alike.
        whole = {id(one.sample): one.sample for one in found if one.sample and not one.edit}
        edits += [edit for sample in whole.values() for edit in _rendered(sample, page)]
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
    for edit in edits:
        if isinstance(edit, Change):
            # After one, every sample stands elsewhere: the others' turn is the next round.
            done = _changed(page, found, edit, plan)
            if done != page.text:
                return done
            refused.add(edit)
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


def _changed(page: PageView, found: Sequence[Found], change: Change, plan: Plan) -> str:
    """The page after a change of its own text; as it was where that would do harm."""
    done = apply(page.text, [change])
    try:
        after = view(page.path, done, plan)
        left = [one for one in check(after, plan.rules) if isinstance(one.edit, Change)]
    except InputError:
        return page.text
    before = [one for one in found if isinstance(one.edit, Change)]
    grown = len(done) - len(page.text)
    kept = _others(page, change.start, change.end) == _others(
        after, change.start, change.end + grown
    )
    return done if kept and len(left) < len(before) else page.text


def _others(page: PageView, start: int, end: int) -> list[str]:
    """The code of the samples outside of a part of the page."""
    return [
        one.code
        for one in page.published
        if one.spans.end(len(one.code)) <= start or one.spans.start(0) >= end
    ]


def _rendered(sample: SampleView, page: PageView) -> Iterator[Edit]:
    """The whole sample as samplegen renders the call that it makes; none where that is unknown."""
    from samplegen.sample import render

    call, client = page.call, sample.call.client
    try:
        if call is None:
            call = meant(sample)
        elif sample.call.protocol:
            call = replace(call, protocol=sample.call.protocol)
        if call is None:
            return
        code = _either(
            lambda: (
                render(call, sample.language, client, locale=page.locale, catalog=page.catalog).code
            ),
            lambda: render(call, sample.language, locale=page.locale, catalog=page.catalog).code,
        )
    except InputError:
        return
    old = sample.code
    # The last line's end is the page's where its format is made of lines.
    new = code if old.endswith("\n") else code.removesuffix("\n")
    if new != old:
        yield Edit(sample.published, 0, len(old), new)


def _either(first: Callable[[], str], second: Callable[[], str]) -> str:
    try:
        return first()
    except InputError:
        return second()
