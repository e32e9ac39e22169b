"""Checking finds nothing in what samplegen renders, and each defect that is planted in it."""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest
from conftest import Tell
from planted.cases import Case, cases, some
from planted.defects import DEFECTS
from planted.documents import LOCALES, Document, alone, document, managed
from planted.formats import FORMATS, MANAGES, Page, page_of

from samplegen.check import checking, fixing
from samplegen.check.checking import Found, Plan
from samplegen.check.rules import all_rules
from samplegen.model.catalog import builtin
from samplegen.pages.spans import PageLines
from samplegen.protocols import protocol_ids

PLAN = Plan(all_rules(), builtin())

# All of them take half an hour: SAMPLEGEN_PLANTED=all runs them; SAMPLEGEN_PLANTED=T,R1 those
# of rules whose codes begin so.
WANTED = os.environ.get("SAMPLEGEN_PLANTED", "")
MOST = 200
CASES = (
    [it for it in cases() if WANTED == "all" or it.defect.rule.startswith(tuple(WANTED.split(",")))]
    if WANTED
    else some(MOST)
)

# What is known to be missed, each a whole defect, or in one kind of sample or format; and why.
MISSES: dict[str, str] = {}


def check(page: Page) -> list[Found]:
    view = checking.view(page.path, page.text, PLAN)
    return checking.check(view, PLAN)


# What samplegen renders is right, in every format.


def correct(form: str, protocol: str, locale: str) -> list[Document]:
    page = document(protocol, locale)
    pages = [page, managed(page)] if form in MANAGES else [page]
    if form == "source":
        return [alone(one, number) for one in pages for number in range(len(page.sections))]
    return pages


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("protocol", protocol_ids())
@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_found_on_a_correct_page(form: str, protocol: str, locale: str) -> None:
    for one in correct(form, protocol, locale):
        page = page_of(FORMATS[form], one)
        view = checking.view(page.path, page.text, PLAN)
        if form != "source":
            read = [(it.language, it.code.rstrip("\n")) for it in view.samples]
            assert read == [(it.language, it.code.rstrip("\n")) for it in one.sections]
        found = checking.check(view, PLAN)
        assert [(it.finding.rule, it.finding.line, it.finding.message) for it in found] == []


# What is planted is found.


class Outcome(NamedTuple):
    """What came of a case; a text is empty where all is well."""

    case: Case
    missed: str
    wrong: str


def touches(found: Found, lines: PageLines, place: tuple[int, int]) -> bool:
    """Whether a finding and a place of the page have a character, or an edge, in common."""
    one = found.finding
    start = lines.starts[one.line - 1] + one.column - 1
    end = lines.starts[one.end_line - 1] + one.end_column - 1
    return start <= place[1] and place[0] <= end


def outcome(case: Case) -> Outcome:
    """Plant a defect, look for it and mend it."""
    defect = case.defect
    before, after = case.pages()
    assert after.places, case.name
    lines = PageLines(after.text)
    found = check(after)
    own = [it for it in found if it.finding.rule == defect.rule]
    there = [it for it in own if any(touches(it, lines, place) for place in after.places)]
    if not there:
        line = lines.position(after.places[0][0])[0]
        said = [f"{it.finding.rule} at {it.finding.line}" for it in found]
        return Outcome(case, f"planted at line {line}, found: {said}", "")
    if len(there) > 1:
        return Outcome(case, "", f"found {len(there)} times")
    others = {it.finding.rule for it in found} - {defect.rule, *defect.also}
    if others and "*" not in defect.also:
        return Outcome(case, "", f"also found: {sorted(others)}")
    return Outcome(case, "", mending(case, before, after, there[0]))


def mending(case: Case, before: Page, after: Page, found: Found) -> str:
    """What is wrong with the fix of a finding, or ''."""
    fix = found.finding.fix
    has = "no" if fix is None else "safe" if fix.safe else "unsafe"
    if case.defect.mends not in (has, "any"):
        return f"has a fix: {has}, not {case.defect.mends}"
    if has == "no":
        return ""
    done, _, _ = fixing.fixed(after.path, after.text, PLAN, unsafe=has == "unsafe")
    if case.defect.restores:
        return "" if done == before.text else "fixing does not restore the page"
    left = [it for it in check(Page(after.path, done, ())) if it.finding.rule == case.defect.rule]
    return "still found after fixing" if left else ""


def known(case: Case) -> str:
    """The reason why a case is missed, where that is known."""
    defect = f"{case.defect.rule} {case.defect.name}"
    names = (defect, f"{defect} | {case.kind}", f"{defect} | {case.kind} | {case.form.name}")
    return next((MISSES[name] for name in names if name in MISSES), "")


def test_each_rule_is_planted_in_each_format() -> None:
    planted = {it.rule for it in DEFECTS}
    # A rule that looks at runs sees nothing in a page: tests of running have its defects.
    assert planted == {rule.code for rule in all_rules() if not rule.of_run}
    assert {form for it in DEFECTS for form in it.formats} == {*FORMATS}
    if not WANTED:
        assert {it.defect.rule for it in CASES} == planted
        assert {it.form.name for it in CASES} == {*FORMATS}
    names = [f"{it.rule} {it.name} {kind} {it.locales}" for it in DEFECTS for kind in it.planted_in]
    assert len(names) == len({*names})


def test_the_pages_before_planting_are_correct() -> None:
    for case in CASES:
        before, _ = case.pages()
        if case.defect.rule in ("B410", "L602", "L603", "T112") and case.turn == 0:
            assert [it.finding.rule for it in check(before)] == [], case.name


def test_little_is_known_to_be_missed() -> None:
    assert sum(bool(known(case)) for case in CASES) <= 0.02 * len(CASES)


# A test for each group of rules, so that several processes share them.
@pytest.mark.parametrize("group", sorted({case.defect.rule[0] for case in CASES}))
def test_what_is_planted_is_found_and_mended_and_nothing_else_is(group: str, tell: Tell) -> None:
    outcomes = [outcome(case) for case in CASES if case.defect.rule.startswith(group)]
    hits = sum(not it.missed for it in outcomes)
    mended = sum(it.case.defect.mends in ("safe", "unsafe") for it in outcomes)
    wrong = [f"{it.case.name}: {it.wrong}" for it in outcomes if it.wrong]
    tell(
        f"planted, {group}: {hits} of {len(outcomes)} found at their place; {mended} have a fix; "
        f"{len(wrong)} mended or judged otherwise than they should"
    )
    missed = [f"{it.case.name}: {it.missed}" for it in outcomes if it.missed and not known(it.case)]
    now_found = [it.case.name for it in outcomes if known(it.case) and not it.missed]
    assert missed == []
    assert wrong == []
    assert now_found == [], "take them out of MISSES"
