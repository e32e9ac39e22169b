"""Findings, and what was looked at, as text, JSON, SARIF, annotations of GitHub and JUnit XML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from samplegen import __version__
from samplegen.check.checking import Finding, PageFix, Seen
from samplegen.cli.output import xml
from samplegen.rendering.layout import width

_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB: Final = {"error": "error", "warning": "warning", "info": "notice"}
_COLOURS: Final = {"error": "31", "warning": "33", "info": "36"}

_MOST_FOLDERS = 5

# More of a line helps nobody to find the place.
_LONGEST_LINE = 120
_LONGEST_FIX = 80


class Summary(NamedTuple):
    """What a run did.

    Attributes:
        pages: how many were looked at.
        seen: the code in them, each with its page's path.
        mended: for each finding that was mended the page's path and the rule's name.
        known: how many findings a baseline has, which are left out.
        left_out: folders of what is built or installed, which nobody named.
        verbose: whether each sample that was not judged is named.
    """

    pages: int = 0
    seen: Sequence[tuple[str, Seen]] = ()
    mended: Sequence[tuple[str, str]] = ()
    known: int = 0
    left_out: Sequence[str] = ()
    verbose: bool = False

    @property
    def judged(self) -> int:
        """How many samples are calls that were judged."""
        return sum(one.standing == "judged" for _, one in self.seen)

    @property
    def others(self) -> dict[str, int]:
        """How many samples were not judged, by what they are."""
        counts = Counter(one.standing for _, one in self.seen)
        return {standing: counts[standing] for standing in _STANDINGS if counts[standing]}


# What a sample is that is not judged, in words.
_STANDINGS: Final = {
    "another API": "calling another API of this service",
    "framework": "calling through a framework",
    "another service": "calling another service",
    "no reader": "in a language that samplegen does not read",
    "not read": "too long, or nested too deep, to be read",
    "no call": "without a call to a model",
}


def as_text(
    findings: Sequence[Finding], summary: Summary | None = None, *, colour: bool = False
) -> str:
    """Each finding with its line of the page and the place in it underlined, then the sum."""
    parts = [_shown(finding, colour=colour) for finding in findings]
    return "".join([*parts, _sum(findings), *(_said(summary) if summary else ())])


def _sum(findings: Sequence[Finding]) -> str:
    if not findings:
        return "no findings\n"
    mended = sum(1 for finding in findings if finding.fix and finding.fix.safe)
    advice = f", {mended} that --fix mends" if mended else ""
    return f"{_number(len(findings), 'finding')}{advice}\n"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _said(summary: Summary) -> Iterator[str]:
    """The lines that say what a run did."""
    if summary.mended:
        pages = _number(len({path for path, _ in summary.mended}), "page")
        yield f"{len(summary.mended)} mended in {pages}\n"
        for path in dict.fromkeys(path for path, _ in summary.mended):
            rules = Counter(name for one, name in summary.mended if one == path)
            said = ", ".join(f"{name} {count}" for name, count in rules.items())
            yield _plain(f"  {path}: {said}") + "\n"
    if summary.known:
        yield f"{summary.known} more that the baseline has\n"
    looked = f"{_number(summary.pages, 'page')}, {_number(len(summary.seen), 'sample')}"
    others = [f"{count} {_STANDINGS[standing]}" for standing, count in summary.others.items()]
    rest = f"; not judged: {', '.join(others)}" if others else ""
    yield f"looked at {looked}: {_number(summary.judged, 'call')} judged{rest}\n"
    if summary.left_out:
        shown = ", ".join(summary.left_out[:_MOST_FOLDERS])
        more = len(summary.left_out) - _MOST_FOLDERS
        rest = f" and {more} more" if more > 0 else ""
        yield _plain(f"left out, as built or installed, unless named: {shown}{rest}") + "\n"
    if summary.verbose:
        for path, one in summary.seen:
            if one.standing in _STANDINGS:
                language = f"{one.language}: " if one.language else ""
                yield _plain(f"  {path}:{one.line}: {language}{_STANDINGS[one.standing]}") + "\n"


def as_statistics(findings: Sequence[Finding], summary: Summary) -> str:
    """How many findings each rule has, those with most first, then the sum."""
    rules = Counter((one.name, one.rule, one.severity) for one in findings)
    mended = Counter(one.name for one in findings if one.fix and one.fix.safe)
    lines = []
    for (name, rule, severity), count in sorted(rules.items(), key=lambda one: (-one[1], one[0])):
        advice = f", {mended[name]} that --fix mends" if mended[name] else ""
        lines.append(f"{count:>6}  {severity} {rule} {name}{advice}\n")
    return "".join([*lines, _sum(findings), *_said(summary)])


def _shown(finding: Finding, *, colour: bool) -> str:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    where = _plain(f"{finding.path}:{finding.line}:{finding.column}")
    severity = paint(f"{finding.severity} {finding.rule}", _COLOURS[finding.severity])
    head = f"{paint(where, '1')}: {severity} {finding.name}: {_plain(finding.message)}"
    number = str(finding.line)
    line, mark = _underlined(finding)
    gutter = " " * len(number)
    lines = [
        head,
        f"  {number} | {line}".rstrip(),
        f"  {gutter} | {paint(mark, _COLOURS[finding.severity])}",
    ]
    if finding.fix:
        lines.append(f"  {gutter} = {_fix(finding.fix)}")
    return "\n".join(lines) + "\n\n"


def _underlined(finding: Finding) -> tuple[str, str]:
    """The line of the page, and carets to stand below it."""
    source = finding.source
    start = finding.column - 1
    end = finding.end_column - 1 if finding.end_line == finding.line else len(source)
    cut = max(0, min(start - _LONGEST_LINE // 3, len(source) - _LONGEST_LINE))
    shown = source[cut : cut + _LONGEST_LINE]
    before = "".join("\t" if c == "\t" else " " * width(_plain(c)) for c in source[cut:start])
    marked = _plain(source[start : min(end, cut + _LONGEST_LINE)])
    return _plain(shown), before + "^" * max(1, width(marked))


def _fix(fix: PageFix) -> str:
    kind = "fix" if fix.safe else "unsafe fix"
    old, new = fix.old.strip("\n"), fix.new.strip("\n")
    if any("\n" in text or len(text) > _LONGEST_FIX for text in (old, new)):
        return f"{kind}: {_lines(old)} become {_lines(new)}; see --diff"
    if not old:
        return f"{kind}: add `{_plain(new)}`"
    return f"{kind}: `{_plain(new)}`" if new else f"{kind}: remove it"


def _lines(text: str) -> str:
    count = len(text.splitlines())
    return "1 line" if count == 1 else f"{count} lines"


def _plain(text: str) -> str:
    """The text without what a terminal would obey."""
    return "".join(c if c == "\t" or c.isprintable() else "\ufffd" for c in text)


def as_json(findings: Sequence[Finding], summary: Summary | None = None) -> str:
    """An object with `findings`, an array of objects, and what was looked at."""
    data: dict[str, object] = {"findings": [_object(finding) for finding in findings]}
    return json.dumps(data | _summed(summary), indent=2, ensure_ascii=False) + "\n"


def _summed(summary: Summary | None) -> dict[str, object]:
    if summary is None:
        return {}
    mended = Counter(summary.mended)
    data: dict[str, object] = {
        "looked_at": {
            "pages": summary.pages,
            "samples": len(summary.seen),
            "judged": summary.judged,
            "not_judged": summary.others,
            "left_out": [*summary.left_out],
        },
        "mended": [
            {"path": path, "name": name, "count": count} for (path, name), count in mended.items()
        ],
        "in_baseline": summary.known,
    }
    if summary.verbose:
        data["not_judged"] = [
            {"path": path, **one._asdict()}
            for path, one in summary.seen
            if one.standing in _STANDINGS
        ]
    return data


def statistics_as_json(findings: Sequence[Finding], summary: Summary) -> str:
    """An object with `statistics`, an array of rules with their counts."""
    rules = Counter((one.rule, one.name, one.severity) for one in findings)
    mended = Counter(one.rule for one in findings if one.fix and one.fix.safe)
    data: dict[str, object] = {
        "statistics": [
            {
                "rule": rule,
                "name": name,
                "severity": severity,
                "count": count,
                "mended": mended[rule],
            }
            for (rule, name, severity), count in rules.most_common()
        ]
    }
    return json.dumps(data | _summed(summary), indent=2, ensure_ascii=False) + "\n"


def _object(finding: Finding) -> dict[str, object]:
    data = finding._asdict()
    del data["source"]
    data["sample"] = finding.sample._asdict() if finding.sample else None
    fix = finding.fix
    edits = [edit._asdict() for edit in fix.edits] if fix else []
    data["fix"] = {**fix._asdict(), "edits": edits} if fix else None
    return data


def as_sarif(findings: Sequence[Finding], summary: Summary | None = None) -> str:
    """A log in the Static Analysis Results Interchange Format, with all rules."""
    from samplegen.check.rules import all_rules

    rules = all_rules()
    driver = {
        "name": "samplegen",
        "version": __version__,
        "rules": [
            {
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.reason.partition("\n")[0] or rule.name},
                "fullDescription": {"text": rule.reason or rule.name},
                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
                "properties": {"tags": [rule.group]},
            }
            for rule in rules
        ],
    }
    # Its version is a fact of the format, not of a service.
    head = json.loads((Path(__file__).parent / "sarif.json").read_text())
    indexes = {rule.code: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, indexes) for finding in findings],
    }
    return json.dumps({**head, "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _result(finding: Finding, indexes: dict[str, int]) -> dict[str, Any]:
    artifact = {"uri": quote(PurePath(finding.path).as_posix())}
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }
    if finding.rule in indexes:
        result["ruleIndex"] = indexes[finding.rule]
    if finding.fix:
        replacements = [
            {
                "deletedRegion": {
                    "startLine": edit.line,
                    "startColumn": edit.column,
                    "endLine": edit.end_line,
                    "endColumn": edit.end_column,
                },
                "insertedContent": {"text": edit.text},
            }
            for edit in finding.fix.edits
        ]
        change = {"artifactLocation": artifact, "replacements": replacements}
        result["fixes"] = [
            {"description": {"text": _fix(finding.fix)}, "artifactChanges": [change]}
        ]
    return result


def as_github(findings: Sequence[Finding], summary: Summary | None = None) -> str:
    """A workflow command for each finding, which makes an annotation in a pull request."""
    return "".join(_annotation(finding) for finding in findings)


def _annotation(finding: Finding) -> str:
    values = {
        "file": PurePath(finding.path).as_posix(),
        "line": finding.line,
        "endLine": finding.end_line,
        "title": f"{finding.rule} {finding.name}",
    }
    if finding.line == finding.end_line:
        # GitHub takes columns within one line only.
        values |= {"col": finding.column, "endColumn": finding.end_column}
    said = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
    return f"::{_GITHUB[finding.severity]} {said}::{_data(finding.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_junit(findings: Sequence[Finding], summary: Summary | None = None) -> str:
    """A test suite with a failed case for each finding."""
    from junitparser import Failure, JUnitXml, TestCase, TestSuite

    suite = TestSuite("samplegen check")
    for finding in findings:
        name = f"{finding.rule} {finding.name} at {finding.line}:{finding.column}"
        case = TestCase(xml(name), xml(finding.path))
        case.result = [Failure(xml(finding.message), finding.severity)]
        suite.add_testcase(case)
    report = JUnitXml("samplegen")
    report.add_testsuite(suite)
    text: bytes = report.tostring()  # type: ignore[no-untyped-call]
    return text.decode()


FORMATS: dict[str, Callable[[Sequence[Finding], Summary | None], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
    "junit": as_junit,
}
