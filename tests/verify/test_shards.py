"""Samples shared over machines, and what these found put together; nothing is run."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from conftest import Run

from samplegen import Call
from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request
from samplegen.rendering.notes import locales
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets
from samplegen.verify import ledger, merge, report, shards
from samplegen.verify.subject import NO_TOOLCHAIN, Result, Subject


def subjects() -> list[Subject]:
    found = []
    for target in targets():
        for region in ("beijing", "singapore"):
            call = Call(protocol=target.protocol, region=region)
            for locale in locales():
                sample = render(call, target.language, target.client, locale=locale)
                place = f"{locale}/{target.protocol}/{region}/{target.language}-{target.client}.x"
                found.append(Subject(sample, Request.of(call, ""), call=call, place=place))
    return found


SUBJECTS = subjects()


def all_of(number: int, known: shards.Costs, some: list[Subject]) -> list[list[Subject]]:
    return [shards.share(some, shards.Shard(one + 1, number), known) for one in range(number)]


@pytest.mark.parametrize("number", [1, 2, 5, 7, 200])
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_each_sample_is_in_one_shard(number: int, seed: int | None) -> None:
    chance = random.Random(seed)
    known = {} if seed is None else {(one.place, 0): chance.expovariate(1) for one in SUBJECTS[::2]}
    shares = all_of(number, known, SUBJECTS)
    assert Counter(one.place for share in shares for one in share) == Counter(
        one.place for one in SUBJECTS
    )
    places = [one.place for one in SUBJECTS]
    for share in shares:
        assert [one.place for one in share] == sorted((it.place for it in share), key=places.index)
    # And so again, whatever was asked before, and with the costs in another order.
    again = dict(reversed(known.items()))
    assert all_of(number, again, SUBJECTS) == shares


def test_shards_are_balanced_by_what_is_known() -> None:
    chance = random.Random(7)
    known = {(one.place, 0): chance.expovariate(1) + 0.1 for one in SUBJECTS}
    loads = [sum(known[one.place, 0] for one in it) for it in all_of(5, known, SUBJECTS)]
    assert max(loads) < 1.2 * min(loads)


def test_shards_are_even_where_nothing_is_known() -> None:
    shares = all_of(5, {}, SUBJECTS)
    assert max(map(len, shares)) - min(map(len, shares)) <= len(locales())
    for language in ("python", "java"):
        counts = [sum(it.sample.language == language for it in share) for share in shares]
        assert max(counts) - min(counts) <= 2 * len(locales())


def test_what_may_be_one_program_stays_together() -> None:
    for share in all_of(7, {}, SUBJECTS):
        held = Counter((one.place.partition("/")[2]) for one in share)
        assert set(held.values()) <= {len(locales())}


def test_pages_are_shared_sample_by_sample() -> None:
    sample = SUBJECTS[0].sample._replace(protocol="", client="", region="", locale="")
    page = [Subject(sample, None, path="a.md", line=line) for line in range(1, 41)]
    page.append(Subject(sample, None, path="b.md", line=1, left=NO_TOOLCHAIN))
    known = {("a.md", 1): 50.0, **{("a.md", line): 1.0 for line in range(2, 41)}}
    shares = all_of(2, known, page)
    assert sorted(len(share) for share in shares) in ([1, 40], [2, 39])
    assert sorted(it.line or 0 for share in shares for it in share) == sorted([1, *range(1, 41)])


@pytest.mark.parametrize("text", ["0/5", "6/5", "x", "", "2", "/5", "2/", "-1/5", "1/0", "1/5/5"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write which of how many"):
        shards.shard(text)


def test_a_shard_is_read() -> None:
    assert shards.shard("2/5") == shards.Shard(2, 5)
    assert shards.shard("5/5") == shards.Shard(5, 5)


def test_costs_are_those_of_a_report(tmp_path: Path) -> None:
    where = ("curl", "openai", "http", "beijing", "en")
    ran = Result(*where, True, "sealed", 3.0, [], programs=10, place="a.sh")
    same = ran._replace(programs=0, place="b.sh")
    before = ran._replace(isolation=report.LEDGER, seconds=0.0, place="c.sh")
    page = ran._replace(path="p.md", line=7, place="")
    (file := tmp_path / "r.json").write_text(report.as_json([ran, same, before, page]))
    known = shards.costs(file)
    assert known == {("a.sh", 0): 3.0, ("b.sh", 0): 0.1, ("p.md", 7): 3.0}
    for text in ("[]", "{", '{"samples": [{}]}', '{"samples": 3}'):
        file.write_text(text)
        with pytest.raises(InputError, match=r"r\.json: is no report"):
            shards.costs(file)


# Merging

CODE = "curl https://example.com\n"
PLACE = "en/openai/beijing/curl-http.sh"


def entry(code: str = CODE, version: str = "7.88.1") -> ledger.Entry:
    return ledger.entry(code, {"curl": version})


def merged(before: ledger.Entry | None, *sides: ledger.Entry | None) -> ledger.Entry | None:
    """What becomes of one place; the same whoever is named first."""

    def of(one: ledger.Entry | None) -> dict[str, ledger.Entry]:
        return {} if one is None else {PLACE: one}

    found = [
        merge.ledgers(of(before), it, lambda _: CODE, lambda _: "curl", builtin()).get(PLACE)
        for it in ([*map(of, sides)], [*map(of, sides[::-1])])
    ]
    assert found[0] == found[1]
    return found[0]


def test_ledgers_merge_as_one_run_would_have_left_it() -> None:
    old, new = entry("an older one\n"), entry()
    assert merged(None, None, new, None) == new
    assert merged(old, old, new, old) == new  # One ran it.
    assert merged(old, old, None, old) is None  # It failed.
    assert merged(new, new, new) == new  # Nobody did.
    assert merged(old, old, old) == old
    assert merged(new, None, None) is None


def test_what_contradicts_is_settled_by_the_bytes_of_today() -> None:
    other, new = entry("another\n"), entry()
    assert merged(None, other, new) == new
    assert merged(None, other, entry("a third\n")) is None
    assert merged(None, entry(version="7.9.0"), entry(version="7.88.1")) == entry(version="7.88.1")


def test_merged_ledgers_are_the_same_bytes_in_any_order() -> None:
    whole = {one.place: ledger.entry(one.sample.code, {"x": "1"}) for one in SUBJECTS}
    sides = [{one.place: whole[one.place] for one in share} for share in all_of(5, {}, SUBJECTS)]
    for some in (sides, sides[::-1], [*sides, sides[2]]):
        found = merge.ledgers({}, some, lambda _: None, lambda _: None, builtin())
        assert ledger.text(found) == ledger.text(whole)


@pytest.fixture
def reports(tmp_path: Path) -> list[Result]:
    """Reports of two shards, as JSON and JUnit, and all that is in them."""
    where = ("curl", "openai", "http", "beijing")
    good = Result(*where, "en", True, "sealed", 1.5, [], programs=10, place="en/curl-http.sh")
    bad = good._replace(passed=False, failures=["exits with 0 & <so> on"], place="ja/curl-http.sh")
    bad = bad._replace(locale="ja")
    left = good._replace(language="php", protocol=None, client=None, region=None, locale=None)
    left = left._replace(passed=None, isolation="skipped", seconds=0.0, programs=0, place="")
    left = left._replace(path="a.md", line=3, reason="no sample")
    for number, some in enumerate(([good, left], [bad])):
        for form, suffix in (("json", "json"), ("junit", "xml")):
            (tmp_path / f"{number}.{suffix}").write_text(report.FORMATS[form](some))
    return merge.in_order([good, left, bad])


@pytest.mark.parametrize("files", [("0", "1"), ("1", "0")])
def test_reports_merge(
    samplegen: Run, tmp_path: Path, reports: list[Result], files: tuple[str, str]
) -> None:
    for form in ("json", "junit", "text"):
        done = samplegen("verify", "--merge", *(f"{it}.json" for it in files), "--format", form)
        assert (done.returncode, done.stderr) == (1, b"")
        assert done.stdout.decode().endswith(report.FORMATS[form](reports))
    done = samplegen("verify", "--merge", *(f"{it}.xml" for it in files), "--format", "junit")
    assert done.returncode == 1
    said = done.stdout.decode()
    assert 'tests="3"' in said
    assert 'failures="1"' in said
    assert 'skipped="1"' in said
    assert "exits with 0 &amp; &lt;so&gt; on" in said


def test_all_passed(samplegen: Run, reports: list[Result]) -> None:
    assert samplegen("verify", "--merge", "0.json").returncode == 0
    assert samplegen("verify", "--merge", "0.xml", "--format", "junit").returncode == 0


def test_ledgers_merge_into_a_folder(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "out/en").mkdir(parents=True)
    (tmp_path / "out/en/curl-http.sh").write_text(CODE)
    for name, code in (("a", CODE), ("b", "other\n")):
        text = ledger.text({"en/curl-http.sh": entry(code), f"en/{name}.x": entry(name)})
        (tmp_path / f"{name}.json").write_text(text)
    done = samplegen("verify", "--merge", "a.json", "b.json", "--out", "out")
    assert (done.returncode, done.stdout) == (0, b"out/verified.json: 3 samples\n")
    assert json.loads((tmp_path / "out/verified.json").read_text()) == {
        "en/curl-http.sh": entry(),
        "en/a.x": entry("a"),
        "en/b.x": entry("b"),
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--shard", "6/5"], "--shard 6/5: write which of how many"),
        (["--shard", "x"], "--shard x: write which of how many"),
        (["--costs", "0.json"], "--costs is for --shard"),
        (["--shard", "1/2", "--costs", "none.json"], "none.json: No such file"),
        (["--merge"], "--merge needs the reports or ledgers"),
        (["--merge", "0.json", "0.xml"], "give one kind"),
        (["--merge", "0.xml"], "JUnit reports become --format junit"),
        (["--merge", "0.json", "0.json"], "is in two of the reports"),
        (["--merge", "a.json"], "give --out DIR"),
        (["--merge", "b.xml", "--format", "junit"], "b.xml: is no report"),
        (["--merge", "b.json", "--out", "out"], "b.json: is no ledger"),
    ],
)
@pytest.mark.usefixtures("reports")
def test_what_cannot_be_shared_or_merged_is_said(
    samplegen: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "a.json").write_text(ledger.text({"a": entry()}))
    (tmp_path / "b.json").write_text("[]")
    (tmp_path / "b.xml").write_text("<no")
    done = samplegen("verify", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr
