"""Whether a sample behaves as a program should, above all where the call fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from samplegen.check.examples import bad, good
from samplegen.check.language import TRIES_AGAIN, checks_of
from samplegen.check.places import (
    closing,
    line_at,
    seen_at,
    without_line,
)
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.pages import format_of

_UNCHECKED = "nothing looks at the status of the response: print the error, and exit with 1"


@rule("B401", "no-status-check", "warning", bad=bad("B401"), good=good("B401"))
def no_status_check(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A status that nothing looks at: an error is taken for an answer, and the exit code is 0."""
    checks = checks_of(sample.language)
    code = sample.without_comments
    found = re.search(checks.sends, code) if checks.sends else None
    if found is None or re.search(checks.looks_at_status, code) or checks.sends_with not in code:
        return
    message, fix = checks.failing(code, found.end()) or (_UNCHECKED, None)
    yield Problem(found.start(), found.end(), message, fix)


@rule("B402", "error-body-dropped", "warning", bad=bad("B402"), good=good("B402"))
def error_body_dropped(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """The service says what is wrong in the body of its error, and nobody sees it."""
    code = sample.without_comments
    places = [*checks_of(sample.language).drops(code)]
    for block in _failures(sample):
        said = re.search(_SAYS, code[block.start : block.end])
        if block.is_status and said and not _shows_body(code, block):
            places.append(seen_at(code, block.start + said.start()))
    for start, end in dict.fromkeys(places):
        message = "the error's body says what is wrong: show it beside the status"
        yield Problem(start, end, message)


class Failure(NamedTuple):
    """What a program does where its call failed, or cannot be made without a key."""

    start: int
    end: int
    is_status: bool


_CONDITION = re.compile(
    r"(?m)^[ \t]*(?:\}\s*else\s+|el)?if\b[ \t]*(?P<said>[^\n]*?)[ \t]*(?:(?P<colon>:)|\{)?$"
)
_OF_STATUS = re.compile(r"\.ok\b|(?i:status_?code|IsSuccess)|\.status\b|\$(?:status|http_?code)\b")
_OF_KEY = re.compile(r"(?i)api_?key")
_FAILED = re.compile(
    r"\bnot\b|!|>=?\s*(?:400|300|299|399)|==\s*(?:null|nil|\"|\')|\bis None|IsNullOr|\bempty\("
)
# What says something to the reader.
_SAYS = (
    r"\b(?:print\w*|echo|printf|fwrite|error_log|throw|raise|exit|die|console\.\w+|log\.\w+"
    r"|fmt\.\w+|Console\.(?:Error\.)?Write\w*|System\.(?:out|err)\.\w+)\b(?!\(\d\))"
)
_BODY = re.compile(
    r"(?P<name>\$\w++|\b\w++)\s*(?:,\s*\w+\s*)?:?=[^;\n]*(?:\.text\b|\.json\(|\.arrayBuffer\(|ReadAll\(|ReadAs\w+\(|\.body\(|curl_exec"
    r"|\.content\b|\.call\()"
)
_READS_BODY = re.compile(
    r"\.text\b|\.json\(|\.content\b|\.body\(|ReadA|getErrorStream|\.message\b|\.Message\b|RawJSON"
)


def _failures(sample: SampleView) -> tuple[Failure, ...]:
    """The blocks behind a failed request and behind a key that is missing."""
    if not checks_of(sample.language).fails_in_blocks:
        return ()
    return _failures_in(sample.without_comments, sample.without_texts)


# Each rule goes through all samples of a page.
@lru_cache(maxsize=256)
def _failures_in(code: str, bare: str) -> tuple[Failure, ...]:
    return tuple(_failed(code, bare))


def _failed(code: str, bare: str) -> Iterator[Failure]:
    for found in _CONDITION.finditer(bare):
        said = code[found.start("said") : found.end("said")]
        is_status = bool(_OF_STATUS.search(said))
        if not _FAILED.search(said) or not (is_status or _OF_KEY.search(said)):
            continue
        start = found.end()
        if found["colon"]:
            indent = len(found[0]) - len(found[0].lstrip(" \t"))
            block = re.compile(rf"(?:\n(?:[ \t]{{{indent + 1},}}\S[^\n]*|[ \t]*(?=\n)))*").match(
                bare, start
            )
            end = block.end() if block else start
        else:
            opening = bare.find("{", found.start("said"))
            if opening < 0 or bare[found.end("said") : opening].strip():
                continue
            start, end = opening, closing(bare, opening) or len(bare)
        yield Failure(start, end, is_status)


def _shows_body(code: str, block: Failure) -> bool:
    """Whether what the service says is in what a block says."""
    said = code[block.start : block.end]
    if _READS_BODY.search(said):
        return True
    names = {found["name"] for found in _BODY.finditer(code)}
    return any(
        re.search(rf"(?<![\w$.]){re.escape(name)}(?!\s*\.\s*[Ss]tatus|\w)", said) for name in names
    )


@rule("B411", "network-error-dropped", "warning", bad=bad("B411"), good=good("B411"))
def network_error_dropped(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Where nothing was reached there is no status: the program shows an empty answer."""
    for start, end in checks_of(sample.language).unseen(sample.without_comments):
        message = "where no server is reached this gives false: print `curl_error`, and exit with 1"
        yield Problem(start, end, message)


@rule("B403", "exit-zero", "warning", bad=bad("B403"), good=good("B403"))
def exit_zero(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A failure that ends with exit code 0: scripts and CI take it for a success."""
    if _is_module(sample, page):
        return
    code, bare = sample.without_comments, sample.without_texts
    places = {*checks_of(sample.language).exits(code, bare)}
    for block in _failures(sample):
        said = re.compile(_SAYS).search(bare, block.start, block.end)
        if said and not _ENDS.search(bare, block.start, block.end):
            left = _LEAVES.search(bare, block.start, block.end)
            places = {one for one in places if not block.start <= one[0] < block.end}
            places.add(left.span() if left else seen_at(code, said.start()))
    for start, end in sorted(places):
        yield Problem(start, end, "the program goes on to exit code 0 after a failure: exit with 1")


def _is_module(sample: SampleView, page: PageView) -> bool:
    """Whether a source file only defines what others use: it has no output or exit code."""
    runs = checks_of(sample.language).runs
    is_source = bool(runs) and format_of(page.path) == "source"
    return is_source and not re.search(runs, sample.without_texts)


# What makes the exit code another one than 0; a function's own answer may, too.
_ENDS = re.compile(
    r"\b(?:sys\.exit|exit|die|Exit|process\.exit)\((?!0?\))|\bexitCode\b|\bExitCode\b|\b(?:throw|raise|panic)\b"
    r"|\bFatal\w*|\breturn\b(?![ \t]*(?:0[ \t]*)?(?:;|$|\n))|\bexit\s*;|\bquit\("
    rf"|{TRIES_AGAIN}"
)
# What leaves with 0 where none of those is there.
_LEAVES = re.compile(r"\breturn\b(?:[ \t]*0\b)?[ \t]*;?|\b(?:[\w.]+\.)?[Ee]xit\(0?\)[ \t]*;?")


_FAILURE = (
    r"(?:[Ee]rror(?!s?\s*codes)|[Ff]ail|(?:is|are) not set|[Ii]nvalid"
    r"|エラー|失敗|設定されていません|错误|失败|未设置)"
)


@rule("B404", "wrong-stream", "warning", bad=bad("B404"), good=good("B404"))
def wrong_stream(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An error on standard output or an answer on standard error: a pipe gets the wrong one."""
    if _is_module(sample, page):
        return
    code = sample.without_comments
    checks = checks_of(sample.language)
    if checks.prints:
        said: dict[int, int] = {}
        for found in re.finditer(checks.prints_text + _FAILURE, code):
            said.setdefault(found.start("call"), found.end("call"))
        call = re.compile(checks.prints)
        for block in _failures(sample):
            for found in call.finditer(sample.without_texts, block.start, block.end):
                said.setdefault(found.start(), found.end())
        right = checks.error_output
        for start, end in sorted(said.items()):
            fix = Fix(start, end, right) if right else checks.to_stderr(sample, start)
            yield Problem(start, end, "an error belongs on standard error", fix)
    yield from checks.wrong_streams(sample)


@rule("B405", "needless-import", "warning", bad=bad("B405"), good=good("B405"))
def needless_import(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A package to install, or an import, that the language spares its readers."""
    for fact in checks_of(sample.language).needless:
        for named in sample.call.imports:
            if fnmatchcase(named.name, fact.name):
                fix = without_line(sample.code, named.start) if fact.whole_line else None
                yield Problem(named.start, named.end, fact.message, fix)


_SETS = re.compile(
    r"[\w$.>()-]*\b(?:curl_setopt|set[A-Z]\w*|Set|setopt|setHeader)\([^;]*\)[ \t]*;?"
)


@rule("B406", "duplicate-statement", "warning", bad=bad("B406"), good=good("B406"))
def duplicate_statement(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A statement that stands there twice: the second one does nothing, or is a slip."""
    code = sample.without_comments
    seen: set[str] = set()
    before = ""
    at = 0
    for line in code.split("\n"):
        said = line.strip()
        call = _SETS.fullmatch(said)
        if (call and said in seen) or (said == before and re.search(r"\w\(.*\);?$|^echo\b", said)):
            start, end = seen_at(code, at)
            fix = without_line(sample.code, at)
            yield Problem(start, end, "this statement stands above already: leave it out", fix)
        if call:
            seen.add(said)
        elif said.startswith(("}", "def ", "func ", "function ")):
            seen.clear()
        before = said or before
        at += len(line) + 1


@rule("B407", "deprecated", "warning", bad=bad("B407"), good=good("B407"))
def deprecated_call(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A call that its language has deprecated: it warns today and will be gone."""
    code = sample.without_texts
    for fact in checks_of(sample.language).deprecated:
        for found in re.finditer(fact.pattern, code):
            start, end = line_at(code, found.start())
            alone = re.fullmatch(r"\s*\w+\([^()]*\);\s*", code[start:end])
            fix = without_line(sample.code, found.start()) if fact.whole_line and alone else None
            message = fact.message.format(found=found[0])
            yield Problem(found.start(), found.end(), message, fix)


@rule("B408", "needless-flag", "warning", bad=bad("B408"), good=good("B408"))
def needless_flag(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A flag of curl that is not needed, or does harm, beside a body."""
    yield from checks_of(sample.language).needless_flags(sample.without_comments)


@rule("B409", "shared-headers", "warning", bad=bad("B409"), good=good("B409"))
def shared_headers(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Headers of a client that all requests share, changed at each request: they pile up."""
    for start, end in checks_of(sample.language).shared_headers(sample.without_texts):
        message = "all requests share these headers: set them on an HttpRequestMessage"
        yield Problem(start, end, message)


@rule("B410", "unhandled-rejection", "warning", bad=bad("B410"), good=good("B410"))
def unhandled_rejection(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An async function that nobody waits for: its failure is nobody's."""
    yield from checks_of(sample.language).unhandled(sample.without_texts)
