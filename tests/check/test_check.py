"""`samplegen check`: findings, fixes, reports, configuration and managed samples."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from toolchains import need

from samplegen import Call, Message
from samplegen.check import checking, config, fixing, report
from samplegen.check.checking import Found, Plan
from samplegen.check.rule import REGISTERED, Fix, PageView, Problem, Rule, SampleView
from samplegen.check.rules import all_rules, select
from samplegen.cli.output import as_markdown
from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.pages import decode
from samplegen.rendering.notes import locales
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets

PLAN = Plan(all_rules(), builtin())

WRONG_HOST = "dashscope-intl.aliyun.com"
RIGHT_HOST = "dashscope-intl.aliyuncs.com"


def sample(language: str = "python", locale: str = "en") -> str:
    return render(Call(), language, locale=locale).code


# So much of a call has what is for the rules to judge.
CALLS = f"base_url = 'https://{RIGHT_HOST}/compatible-mode/v1'\n"


def page_of(*codes: tuple[str, str]) -> str:
    return "# Title\n\n" + "\n".join(f"```{name}\n{code}```\n" for name, code in codes)


def wrong_page() -> str:
    return page_of(("python", sample().replace(RIGHT_HOST, WRONG_HOST)))


def check(text: str, path: str = "page.md", plan: Plan = PLAN) -> list[Found]:
    return checking.check(checking.view(path, text, plan), plan)


def codes(found: list[Found]) -> list[str]:
    return [one.finding.rule for one in found]


def findings(done: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


# What samplegen renders is right.


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("protocol", ["openai", "dashscope"])
def test_rendered_samples_have_no_finding(locale: str, protocol: str) -> None:
    regions = [name for name, one in builtin().regions.items() if one.host]
    for region in regions:
        call = Call(protocol=protocol, region=region)
        page = as_markdown(
            [
                render(call, target.language, target.client, locale=locale)
                for target in targets()
                if target.protocol == protocol
            ]
        )
        for known in (None, call):
            found = check(page, plan=PLAN._replace(locale=locale, call=known))
            assert [(one.finding.rule, one.finding.message) for one in found] == []


# Findings and their places.


def test_a_finding_says_where_and_what(samplegen: Run, tmp_path: Path) -> None:
    text = wrong_page()
    (tmp_path / "page.md").write_text(text)
    done = samplegen("check", "page.md", "--select", "unknown-host", "--format", "json")
    assert (done.returncode, done.stderr) == (1, b"")
    [finding] = findings(done)
    assert list(finding) == [
        *("path", "line", "column", "end_line", "end_column"),
        *("rule", "name", "severity", "message", "sample", "fix"),
    ]
    line = text.split("\n")[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["end_column"] - 1] == WRONG_HOST
    assert finding["path"] == "page.md"
    assert (finding["rule"], finding["name"]) == ("T101", "unknown-host")
    assert finding["sample"] == {"number": 1, "language": "python", "line": 4}
    [edit] = finding["fix"]["edits"]
    fixed = text[: edit["start"]] + edit["text"] + text[edit["end"] :]
    assert fixed == text.replace(WRONG_HOST, RIGHT_HOST)


def test_without_a_finding(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(page_of(("python", sample())))
    done = samplegen("check", "page.md")
    said = b"no findings\nlooked at 1 page, 1 sample: 1 call judged\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, b"")


def test_the_place_is_underlined_also_below_wide_characters() -> None:
    code = f'問い = "答え"; url = "https://{WRONG_HOST}/compatible-mode/v1"\n'
    source = f"\t{code}".rstrip("\n")
    column = source.index(WRONG_HOST) + 1
    finding = checking.Finding(
        "p.md",
        3,
        column,
        3,
        column + len(WRONG_HOST),
        "T101",
        "n",
        "error",
        "m",
        None,
        None,
        source,
    )
    lines = report.as_text([finding]).splitlines()
    assert lines[1] == f"  3 | {source}"
    # Five wide characters take five more columns; the tab stays one.
    assert lines[2] == "    | \t" + " " * (column - 2 + 4) + "^" * len(WRONG_HOST)


def test_a_terminal_gets_nothing_to_obey() -> None:
    finding = checking.Finding(
        "p.md", 1, 1, 1, 2, "T101", "n", "error", "m\x1b[2J", None, None, "\x1b]0;x\x07"
    )
    assert "\x1b" not in report.as_text([finding])
    assert "\x1b[31m" in report.as_text([finding], colour=True)


def test_a_rule_that_fails_is_an_error_and_not_silence() -> None:
    def fails(sample: SampleView, page: PageView) -> list[Problem]:
        raise KeyError("x")

    rule = Rule("T199", "fails", "truth", "error", "", (), (), of_sample=fails)
    plan = PLAN._replace(rules=(rule,))
    with pytest.raises(InputError, match=r"^page\.md: rule T199 fails failed: KeyError: 'x'"):
        check(wrong_page(), plan=plan)


# Fixes.


def test_a_fix_changes_its_bytes_only(samplegen: Run, tmp_path: Path) -> None:
    text = wrong_page().replace("\n", "\r\n") + "caf\u00e9  \r\n\r\n\r\nend"
    page = tmp_path / "page.md"
    page.write_bytes(b"\xef\xbb\xbf" + text.encode())
    done = samplegen("check", "page.md", "--fix", "--select", "T101")
    said = b"1 mended in 1 page\n  page.md: unknown-host 1\n"
    looked = b"looked at 1 page, 1 sample: 1 call judged\n"
    assert (done.returncode, done.stdout) == (0, b"no findings\n" + said + looked)
    expected = b"\xef\xbb\xbf" + text.replace(WRONG_HOST, RIGHT_HOST).encode()
    assert page.read_bytes() == expected
    before = page.stat()
    assert samplegen("check", "page.md", "--fix", "--select", "T101").returncode == 0
    assert (page.stat().st_mtime_ns, page.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_utf_16_stays(samplegen: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_bytes(b"\xff\xfe" + wrong_page().encode("utf-16-le"))
    assert samplegen("check", "page.md", "--fix", "--select", "T101").returncode == 0
    expected = wrong_page().replace(WRONG_HOST, RIGHT_HOST).encode("utf-16-le")
    assert page.read_bytes() == b"\xff\xfe" + expected


def test_a_diff_writes_nothing(samplegen: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(wrong_page())
    done = samplegen("check", "page.md", "--diff", "--select", "T101")
    assert done.returncode == 1
    assert page.read_text() == wrong_page()
    lines = done.stdout.decode().splitlines()
    assert lines[:2] == ["--- a/page.md", "+++ b/page.md"]
    changed = [line for line in lines[2:] if line.startswith(("+", "-"))]
    assert [line[0] for line in changed] == ["-", "+"]
    assert WRONG_HOST in changed[0]
    assert RIGHT_HOST in changed[1]
    (tmp_path / "page.md").write_text(page_of(("python", sample())))
    done = samplegen("check", "page.md", "--diff")
    assert (done.returncode, done.stdout) == (0, b"")


def test_an_unsafe_fix_needs_to_be_asked_for() -> None:
    def finds(sample: SampleView, page: PageView) -> list[Problem]:
        at = sample.code.find("old")
        return [Problem(at, at + 3, "old", Fix(at, at + 3, "new", False))] if at >= 0 else []

    rule = Rule("T199", "old", "truth", "error", "", (), (), of_sample=finds)
    plan = PLAN._replace(rules=(rule,))
    text = page_of(("python", "old = old\n" + CALLS))
    assert fixing.fixed("page.md", text, plan)[0] == text
    done, left, _ = fixing.fixed("page.md", text, plan, unsafe=True)
    assert (done, left) == (page_of(("python", "new = new\n" + CALLS)), [])


def test_an_unsafe_fix_may_replace_the_whole_sample() -> None:
    def finds(sample: SampleView, page: PageView) -> list[Problem]:
        return [Problem(0, 1, "no")] if "mine" in sample.code else []

    rule = Rule("T199", "mine", "truth", "error", "", (), (), of_sample=finds)
    plan = PLAN._replace(rules=(rule,))
    good = sample("nodejs")
    text = page_of(("js", "// mine\n" + good), ("js", "mine()\n" + CALLS), ("python", "x = 1\n"))
    done, left, _ = fixing.fixed("page.md", text, plan, unsafe=True)
    # What call the second one makes nobody knows: it stays, and is reported.
    assert done == page_of(("js", good), ("js", "mine()\n" + CALLS), ("python", "x = 1\n"))
    assert codes(left) == ["T199"]


def _beside(go: str) -> str:
    """A page with a sample in Go, and two beside it that send a system message, too."""
    call = Call(messages=(Message("system", "You are kind."), Message("user", "Who are you?")))
    others = [("python", render(call, "python").code), ("js", render(call, "nodejs").code)]
    return page_of(*others, ("go", go))


def _mended(text: str) -> str:
    plan = PLAN._replace(rules=select("missing-message"))
    return fixing.fixed("page.md", text, plan, unsafe=True)[0]


@pytest.mark.parametrize("flow", ["whole", "text"])
def test_a_sample_that_lacks_a_message_keeps_its_own_words(flow: str) -> None:
    own = Message("user", "Who are you")
    text = _beside(render(Call(messages=(own,)), "go", flow=flow, notes="none").code)
    whole = Call(messages=(Message("system", "You are kind."), own))
    assert _mended(text) == _beside(render(whole, "go", flow=flow).code)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("openai-go/v3", "openai-go"),
        ("fmt.Println(completion", 'fmt.Println("Answer:", completion'),
    ],
)
def test_a_sample_that_lacks_a_message_is_not_turned_into_another(old: str, new: str) -> None:
    own = Call(messages=(Message("user", "Who are you"),))
    code = render(own, "go", flow="text", notes="none").code
    assert old in code
    text = _beside(code.replace(old, new))
    assert _mended(text) == text


def test_fixes_that_undo_each_other_are_refused() -> None:
    def flips(sample: SampleView, page: PageView) -> list[Problem]:
        new = "b" if sample.code.startswith("a") else "a"
        return [Problem(0, 1, "flip", Fix(0, 1, new))]

    rule = Rule("T199", "flips", "truth", "error", "", (), (), of_sample=flips)
    with pytest.raises(InputError, match="undo each other: flips"):
        fixing.fixed(
            "page.md", page_of(("python", "a = 1\n" + CALLS)), PLAN._replace(rules=(rule,))
        )


def test_a_fix_that_the_page_cannot_hold_is_left_out() -> None:
    def finds(sample: SampleView, page: PageView) -> list[Problem]:
        if sample.code.startswith("a"):
            return [Problem(0, 1, "fence", Fix(0, 1, "```\n"))]
        return [Problem(0, 1, "b", Fix(0, 1, "c"))] if sample.code.startswith("b") else []

    rule = Rule("T199", "fence", "truth", "error", "", (), (), of_sample=finds)
    text = page_of(("python", "a = 1\n" + CALLS), ("python", "b = 1\n" + CALLS))
    done, left, _ = fixing.fixed("page.md", text, PLAN._replace(rules=(rule,)))
    assert done == page_of(("python", "a = 1\n" + CALLS), ("python", "c = 1\n" + CALLS))
    assert codes(left) == ["T199"]


MUTATIONS = [
    (RIGHT_HOST, WRONG_HOST),
    ("qwen-plus", "qwen-plsu"),
    ("DASHSCOPE_API_KEY", "OPENAI_API_KEY"),
    ("/v1", "/v2"),
    ("compatible-mode", "compatible"),
    ("user", "human"),
    ("import os\n", ""),
    ("messages", "mesages"),
    ('"', "'"),
    ("(", "(("),
]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["python", "nodejs", "go", "java", "php", "csharp", "curl"]),
            st.sampled_from(MUTATIONS),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_fixing_twice_changes_nothing(
    wrong: list[tuple[str, tuple[str, str]]], eol: str, unsafe: bool
) -> None:
    text = page_of(*((name, sample(name).replace(*change)) for name, change in wrong))
    text = text.replace("\n", eol)
    once, left, _ = fixing.fixed("page.md", text, PLAN, unsafe=unsafe)
    twice, again, _ = fixing.fixed("page.md", once, PLAN, unsafe=unsafe)
    assert twice == once
    assert [one.finding for one in left] == [one.finding for one in again]
    assert once.count("\r\n") == (once.count("\n") if eol == "\r\n" else 0)


@pytest.mark.parametrize("text", ["", "\n", "```", "```python\n", "# x", "<!-- samplegen: -->\n"])
def test_any_page_can_be_checked(text: str) -> None:
    check(text)


# What is ignored.


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("<!-- samplegen: ignore=T101 -->", 1),
        ("<!-- samplegen: ignore=unknown-host,syntax -->", 1),
        ("<!-- samplegen: ignore=truth -->", 1),
        ("<!-- samplegen: ignore -->", 1),
        ("> <!-- samplegen: ignore -->", 1),
        ("<!-- samplegen: ignore-page=T101 -->", 0),
        ("<!-- samplegen: ignore=syntax -->", 2),
        ("See `<!-- samplegen: ignore -->`.", 2),
    ],
)
def test_comments_say_what_to_ignore(comment: str, left: int) -> None:
    plan = PLAN._replace(rules=select("T101"))
    body = wrong_page() + "\n" + wrong_page()
    assert len(check(f"{comment}\n\n{body}", plan=plan)) == left


def test_a_comment_that_names_no_rule_is_an_error(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# T\n\n<!-- samplegen: ignore=unknown-hots -->\n")
    done = samplegen("check", "page.md")
    message = "page.md:3: unknown rule 'unknown-hots': did you mean 'unknown-host'?"
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"samplegen: error: {message}\n"


# Reports.


def check_what_the_schema_does_not(log: dict[str, Any]) -> None:
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result["locations"]:
            region = location["physicalLocation"]["region"]
            start = (region["startLine"], region["startColumn"])
            assert (1, 1) <= start <= (region["endLine"], region["endColumn"])


def test_sarif(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "a page.md").write_text(wrong_page())
    done = samplegen("check", "a page.md", "--format", "sarif")
    assert done.returncode == 1
    log = json.loads(done.stdout)
    check_what_the_schema_does_not(log)
    [result] = [one for one in log["runs"][0]["results"] if one["ruleId"] == "T101"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "a%20page.md"}
    [change] = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == artifact
    schema = json.loads((ROOT / "tests" / "check" / "sarif-schema.json").read_text())
    jsonschema.validate(log, schema)
    # The schema is the one that can be trusted to refuse.
    del log["runs"][0]["tool"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, schema)


def test_github() -> None:
    finding = checking.Finding(
        "a,b:c.md", 3, 5, 3, 9, "T101", "n", "info", "50% of\nit", None, None, ""
    )
    assert report.as_github([finding]) == (
        "::notice file=a%2Cb%3Ac.md,line=3,endLine=3,title=T101 n,col=5,endColumn=9"
        "::50%25 of%0Ait\n"
    )


def test_junit(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(wrong_page())
    done = samplegen("check", "page.md", "--format", "junit", "--select", "T101")
    [suite] = ElementTree.fromstring(done.stdout)
    [case] = suite
    assert case.attrib["classname"] == "page.md"
    assert case.attrib["name"].startswith("T101 unknown-host at ")
    assert WRONG_HOST in case[0].attrib["message"]


# Where pages are, and bad input.


def test_folders_globs_and_the_standard_input(samplegen: Run, tmp_path: Path) -> None:
    for name in ("docs/a.md", "docs/sub/b.html", "docs/.git/c.md", "docs/d.png", "e.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(wrong_page())
    options = ("--select", "T101", "--format", "json")

    def paths(*names: str) -> list[str]:
        return [one["path"] for one in findings(samplegen("check", *names, *options))]

    (tmp_path / "docs/sub/b.html").write_text(f"<pre><code>{sample('curl')}</code></pre>")
    assert paths("docs") == ["docs/a.md"]
    assert paths("docs", "docs/a.md", "e.md") == ["docs/a.md", "e.md"]
    assert paths("**/*.md") == ["docs/a.md", "e.md"]
    text = wrong_page().encode()
    done = samplegen("check", "-", "--stdin-name", "x.md", *options, stdin=text)
    assert [one["path"] for one in findings(done)] == ["x.md"]
    done = samplegen("check", "-", "--stdin-name", "x.md", "--fix", "--select=T101", stdin=text)
    assert done.returncode == 0
    assert done.stdout.decode() == wrong_page().replace(WRONG_HOST, RIGHT_HOST)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.md"], "no.md: no such file or folder"),
        (["*.rst"], "*.rst: no page there that can be read"),
        (["empty"], "empty: no page there that can be read"),
        (["bad.md"], "bad.md: not UTF-8 (byte 0): save it as UTF-8"),
        (["page.xyz"], "page.xyz: no reader for .xyz; choose from"),
        (["-"], "'-' has no file name to tell its format: give --stdin-name page.md"),
        (["-", "page.md"], "'-' is standard input: name no other page beside it"),
        (["page.md", "--select", "unknown-hots"], "unknown rule 'unknown-hots': did you mean"),
        (["page.md", "--locale", "fr"], "unknown locale 'fr'"),
        (["page.md", "--format", "xml"], "unknown format 'xml'"),
        (["page.md", "--unsafe-fixes"], "--unsafe-fixes says what to mend"),
        (["page.md", "--fix", "--diff"], "--diff writes nothing and --fix does"),
        (["page.md", "--call", "no.json"], "no.json: No such file or directory"),
        ([], "no pages: name files or folders"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], message: str, samplegen: Run, tmp_path: Path
) -> None:
    (tmp_path / "page.md").write_text("# T\n")
    (tmp_path / "page.xyz").write_text("x")
    (tmp_path / "bad.md").write_bytes(b"\xff\xffx")
    (tmp_path / "empty").mkdir()
    done = samplegen("check", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    error = done.stderr.decode()
    assert error.startswith(f"samplegen: error: {message}")
    assert error.count("\n") == 1


def test_one_bad_page_does_not_hide_the_others(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\xffx")
    (tmp_path / "b.md").write_text(wrong_page())
    done = samplegen("check", ".", "--format", "json")
    assert done.returncode == 2
    assert "T101" in [one["rule"] for one in findings(done)]
    assert done.stderr.decode().count("\n") == 1


def test_several_processes_say_the_same(samplegen: Run, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.md").write_text(wrong_page())
    one, two = (
        samplegen("check", ".", "--jobs", jobs, "--format", "json", "--select", "T101")
        for jobs in ("1", "2")
    )
    assert len(findings(one)) == 20
    assert one.stdout == two.stdout


def test_nothing_is_written_where_a_page_cannot_be(samplegen: Run, tmp_path: Path) -> None:
    # No name is left for the file that is to take its place: that stops root, too.
    for name in ("a", "b" * 252):
        (tmp_path / f"{name}.md").write_text(wrong_page())
    done = samplegen("check", ".", "--fix")
    assert (done.returncode, done.stdout) == (2, b"")
    assert (tmp_path / "a.md").read_text() == wrong_page()


# Configuration.


def test_a_configuration_is_found_above(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "samplegen.toml").write_text(
        'pages = ["docs/**/*.md"]\nexclude = ["docs/old"]\nselect = ["truth"]\n'
        'ignore = ["unknown-model"]\n[per-file-ignores]\n"docs/b.md" = ["T101"]\n'
    )
    for name in ("docs/a.md", "docs/b.md", "docs/old/c.md", "d.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(wrong_page().replace("qwen-plus", "qwen-plsu"))
    found = findings(samplegen("check", "--format", "json"))
    assert {(Path(one["path"]).as_posix(), one["rule"]) for one in found} == {("docs/a.md", "T101")}


def test_a_managed_sample_lists_the_regions_of_the_configuration(
    samplegen: Run, tmp_path: Path
) -> None:
    (tmp_path / "samplegen.toml").write_text('pages = ["*.md"]\nregions = ["virginia"]\n')
    (tmp_path / "a.md").write_text("<!-- samplegen: lang=go -->\n<!-- /samplegen -->\n")
    samplegen("check", "--fix")
    rendered = samplegen("render", "--lang", "go", "--regions", "virginia").stdout.decode()
    assert "US (Virginia)" in rendered
    assert rendered in (tmp_path / "a.md").read_text()


def test_what_is_excluded_is_left_alone_unless_it_is_named(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "samplegen.toml").write_text('exclude = ["old"]\nselect = ["T101"]\n')
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a.md").write_text(wrong_page())
    (tmp_path / "b.md").write_text(wrong_page())

    def paths(*names: str) -> list[str]:
        return [one["path"] for one in findings(samplegen("check", *names, "--format", "json"))]

    assert paths(".") == ["b.md"]
    assert paths("old/a.md", "b.md") == ["old/a.md", "b.md"]
    assert paths("old/a.md", "b.md", "--force-exclude") == ["b.md"]
    # pre-commit may name nothing else.
    done = samplegen("check", "old/a.md", "--force-exclude")
    said = b"no findings\nlooked at 0 pages, 0 samples: 0 calls judged\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, b"")


def test_pyproject(samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.samplegen]\npages = ["a.md"]\n')
    (tmp_path / "a.md").write_text(wrong_page())
    assert samplegen("check").returncode == 1
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    assert samplegen("check").returncode == 2


def test_what_pages_document(tmp_path: Path) -> None:
    file = tmp_path / "samplegen.toml"
    file.write_text(
        'locale = "zh"\n[call]\nregion = "beijing"\n'
        '[[overrides]]\npages = ["ja/**"]\nlocale = "ja"\ncall = {model = "qwen-max"}\n'
    )
    loaded = config.load(file)
    plain, japanese = loaded.plan(str(tmp_path / "x.md")), loaded.plan(str(tmp_path / "ja/a/x.md"))
    assert (plain.locale, japanese.locale) == ("zh", "ja")
    assert plain.call == Call(region="beijing")
    assert japanese.call == Call(model="qwen-max")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("page = []", "unknown key 'page': did you mean 'pages'?"),
        ("pages = 1", "pages: a list of texts is expected, not 1"),
        ('ignore = ["trut"]', "ignore: unknown rule 'trut': did you mean 'truth'?"),
        ('locale = "fr"', "unknown locale 'fr'"),
        ('regions = ["here"]', "unknown region 'here'"),
        ('regions = "beijing"', "regions: a list of texts is expected"),
        ('call = "no.json"', "no.json: No such file"),
        ("[call]\nregoin = 'x'", "regoin"),
        ("[[overrides]]\nlocale = 'ja'", "overrides: say for which pages"),
        ("[overrides]\nlocale = 'ja'", "overrides: write each as [[overrides]]"),
        ("pages = [", "not valid TOML"),
    ],
)
def test_what_a_configuration_may_not_say(
    text: str, message: str, samplegen: Run, tmp_path: Path
) -> None:
    (tmp_path / "samplegen.toml").write_text(text)
    done = samplegen("check", ".")
    assert (done.returncode, done.stdout) == (2, b"")
    error = done.stderr.decode()
    assert message in error
    assert "samplegen.toml" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("docs/*.md", "docs/a.md", True),
        ("docs/*.md", "docs/x/a.md", False),
        ("docs/**/*.md", "docs/a.md", True),
        ("docs/**/*.md", "docs/x/y/a.md", True),
        ("docs", "docs/x/y/a.md", True),
        ("docs/", "docs/a.md", True),
        ("doc", "docs/a.md", False),
        ("./docs/?.md", "docs/a.md", True),
        ("**/a.md", "a.md", True),
        ("a+b(1).md", "a+b(1).md", True),
    ],
)
def test_patterns(pattern: str, path: str, fits: bool) -> None:
    assert config.matches(pattern, path) is fits


@pytest.mark.parametrize(
    ("path", "text", "locale"),
    [
        ("docs/ja/a.md", "Hello", "ja"),
        ("docs/a.zh.md", "Hello", "zh"),
        ("docs/zh-CN/a.md", "Hello", "zh"),
        ("a.md", "This page says how to call a model, and what it answers.", "en"),
        ("a.md", "这个页面说明如何调用模型。This is how.", "zh"),
        ("a.md", "このページではモデルの呼び出し方を説明します。", "ja"),
        ("a.md", page_of(("python", sample(locale="ja"))), "ja"),
        (
            "a.md",
            "This page says how to call a model, and what it answers.\n"
            + page_of(("py", sample(locale="ja"))),
            "en",
        ),
    ],
)
def test_the_locale_of_a_page(path: str, text: str, locale: str) -> None:
    assert checking.view(path, text, PLAN).locale == locale


# Rules.


def test_the_page_of_a_rule(samplegen: Run) -> None:
    done = samplegen("rule", "M801")
    assert done.returncode == 0
    text = done.stdout.decode()
    assert text.startswith("M801 out-of-date\n\nGroup managed, error\n\n")
    done = samplegen("rule")
    listed = done.stdout.decode()
    assert all(f"{one.code}  {one.name}" in listed for one in all_rules())
    done = samplegen("rule", "out-of-dat")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"did you mean 'out-of-date'?" in done.stderr


def test_every_rule_says_what_it_is_for() -> None:
    letters = {"truth": "T1", "runs": "R2", "agrees": "A3", "behaves": "B4", "complete": "C5"}
    letters |= {"translated": "L6", "safe": "S7", "managed": "M8", "verified": "V9"}
    for rule in all_rules():
        assert rule.reason, rule.code
        assert rule.code.startswith(letters[rule.group]), rule.code
    assert REGISTERED


@pytest.mark.usefixtures("namespaces")
def test_samples_are_run_where_that_is_asked_for(samplegen: Run, tmp_path: Path) -> None:
    need("curl")
    good, bad = sample("curl"), sample("curl").replace("--fail-with-body ", "")
    assert good != bad
    (tmp_path / "page.md").write_text(page_of(("bash", good), ("bash", bad)))
    done = samplegen("check", "page.md", "--run", "--format", "json", "--select", "managed")
    [finding] = findings(done)
    assert done.returncode == 1
    assert (finding["rule"], finding["name"]) == ("V901", "does-not-run")
    assert finding["sample"]["number"] == 2
    done = samplegen("check", "page.md", "--run", "--select", "managed", "--ignore", "V901")
    assert (done.returncode, done.stdout.startswith(b"no findings\n")) == (0, True)


@pytest.mark.parametrize(("kind", "count"), [("bad", 1), ("good", 0)])
@pytest.mark.usefixtures("namespaces")
def test_the_examples_of_what_does_not_run(
    samplegen: Run, tmp_path: Path, kind: str, count: int
) -> None:
    need("curl")
    [rule] = select("V901")
    [example] = getattr(rule, kind)
    code = example.code.lstrip("\n")
    (tmp_path / "page.md").write_text(page_of(("bash", code)))
    done = samplegen("check", "page.md", "--run", "--format", "json", "--select", "verified")
    said = findings(done)
    # There is such a path, which takes no POST.
    assert len([one for one in said if "error: 405" in one["message"]]) == count, said


def test_a_page_decoded_is_encoded_again() -> None:
    data = b"\xef\xbb\xbf# T\r\n"
    page = decode("p.md", data)
    assert page.encode(page.text) == data


def test_a_key_is_shown_nowhere(samplegen: Run, tmp_path: Path) -> None:
    key = "sk-0a1b2c3d4e5f60718293a4b5"
    code = sample().replace('os.getenv("DASHSCOPE_API_KEY")', f'"{key}"')
    code = code.replace(RIGHT_HOST, WRONG_HOST)
    assert key in code
    (tmp_path / "page.md").write_text(page_of(("python", code)))
    for options in (*(["--format", form] for form in report.FORMATS), ["--diff", "--unsafe-fixes"]):
        done = samplegen("check", "page.md", *options, SAMPLEGEN_CACHE=str(tmp_path / "kept"))
        assert done.returncode == 1
        assert key.encode() not in done.stdout + done.stderr, options
    [kept] = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    rows = sqlite3.connect(kept).execute("SELECT found FROM findings").fetchall()
    assert rows
    assert all(key.encode() not in zlib.decompress(found) for (found,) in rows)
