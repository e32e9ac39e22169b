"""Whether a sample behaves as a program should, above all where the call fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from samplegen.check.examples import bad, good
from samplegen.check.facts import deprecated, needless
from samplegen.check.places import (
    closing,
    line_at,
    seen_at,
    without_line,
)
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.pages import format_of

# What sends a request without failing on an HTTP error, and what looks at the status.
_SENDS = {
    "php": (
        r"curl_exec(?<!\wcurl_exec)(?=\()",
        r"CURLINFO_(?:RESPONSE|HTTP)_CODE|CURLOPT_FAILONERROR",
    ),
    "nodejs": (r"fetch(?<![\w.]fetch)(?=\()", r"\.ok\b|\.status\b"),
    "go": (r"\b\w++\.Do(?=\()|\bhttp\.Post(?=\()", r"\.Status(?:Code)?\b"),
    "python": (
        r"\brequests\.(?:post|request)(?=\()|\bGeneration\.call(?=\()"
        r"|\bMultiModalConversation\.call(?=\()|\bhttpx\.post(?=\()",
        r"\braise_for_status\b|\bstatus_code\b|\.ok\b|\bis_success\b",
    ),
    "csharp": (
        r"\.(?:PostAsync|SendAsync|PostAsJsonAsync)(?=\()",
        r"\bIsSuccessStatusCode\b|\bEnsureSuccessStatusCode\b|\.StatusCode\b",
    ),
    "java": (r"\b\w++(?:\(\))?\.send(?=\([^()]*,\s*HttpResponse|\(\w)", r"\.statusCode\(\)"),
    "curl": (
        r"(?m)\bcurl(?=\s)",
        r"\s--fail(?:-with-body)?\b|\s-[a-zA-Z]*f[a-zA-Z]*\s|http_code|response_code",
    ),
}


@rule("B401", "no-status-check", "warning", bad=bad("B401"), good=good("B401"))
def no_status_check(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A status that nothing looks at: an error is taken for an answer, and the exit code is 0."""
    if sample.language not in _SENDS:
        return
    sends, checks = _SENDS[sample.language]
    code = sample.without_comments
    found = re.search(sends, code)
    if found is None or re.search(checks, code):
        return
    if sample.language == "java" and "HttpResponse" not in code:
        return
    message = "nothing looks at the status of the response: print the error, and exit with 1"
    fix = None
    if sample.language == "curl":
        message = "curl exits with 0 on an HTTP error: add `--fail-with-body`"
        quiet = list(re.finditer(r"(?<=\s)--(?:silent|show-error)(?=\s)", code))
        at = quiet[-1].end() if quiet else found.end()
        fix = Fix(at, at, " --fail-with-body")
    yield Problem(found.start(), found.end(), message, fix)


@rule("B402", "error-body-dropped", "warning", bad=bad("B402"), good=good("B402"))
def error_body_dropped(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """The service says what is wrong in the body of its error, and nobody sees it."""
    code = sample.without_comments
    places = [*_drops(sample.language, code)]
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
    if sample.language == "curl":
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
    code = sample.without_comments
    if sample.language != "php" or re.search(
        r"\bcurl_err(?:or|no)\b|={2,3}\s*false|false\s*={2,3}", code
    ):
        return
    for found in re.finditer(r"\bcurl_exec(?=\()", code):
        message = "where no server is reached this gives false: print `curl_error`, and exit with 1"
        yield Problem(found.start(), found.end(), message)


def _drops(language: str, code: str) -> Iterator[tuple[int, int]]:
    """Where a program turns to an error without reading its body."""
    if language == "csharp":
        read = [found.start() for found in re.finditer(r"\.ReadAs\w+\(", code)]
        checked = re.search(r"\b(?:IsSuccessStatusCode|EnsureSuccessStatusCode)\b", code)
        if checked and not any(at < checked.start() for at in read) and len(read) < 2:
            said = re.search(r"[^\n;{}]*\$\"[^\"\n]*\{[^}\n]*StatusCode\}[^\"\n]*\"", code)
            if said:
                yield seen_at(code, said.end() - 1)
            elif checked[0].startswith("Ensure"):
                yield checked.span()
    elif language == "java" and "HttpURLConnection" in code:
        if "getErrorStream" not in code:
            yield from (f.span() for f in re.finditer(r"\b\w+\.getInputStream\(\)", code))
    elif language == "nodejs":
        for found in re.finditer(r"if\s*\(\s*!\s*\w+\.ok\s*\)\s*(?:\{[^{}]*\}|[^;\n]*;)", code):
            before = code[: found.start()]
            if not re.search(r"\.(?:text|json)\(\)", found[0]) and not re.search(
                r"\.(?:text|json)\(\)", before
            ):
                yield seen_at(code, found.start())
    elif language == "python":
        if not re.search(r"\.(?:text|content)\b", code):
            yield from (f.span() for f in re.finditer(r"\b\w++\.raise_for_status\(\)", code))
    elif language == "curl":
        flags = r"(?<=\s)(?:--fail(?![\w-])|-f(?=\s))"
        yield from (found.span() for found in re.finditer(flags, code))


_FAILS = r"\b(?:exit|die|throw|panic|abort|rethrow|Exit|exitCode|ExitCode|Fatal\w*|Environment)\b"


@rule("B403", "exit-zero", "warning", bad=bad("B403"), good=good("B403"))
def exit_zero(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A failure that ends with exit code 0: scripts and CI take it for a success."""
    if _is_module(sample, page):
        return
    code, bare = sample.without_comments, sample.without_texts
    places = {*_EXITS[sample.language](code, bare)} if sample.language in _EXITS else set()
    for block in _failures(sample):
        said = re.compile(_SAYS).search(bare, block.start, block.end)
        if said and not _ENDS.search(bare, block.start, block.end):
            left = _LEAVES.search(bare, block.start, block.end)
            places = {one for one in places if not block.start <= one[0] < block.end}
            places.add(left.span() if left else seen_at(code, said.start()))
    for start, end in sorted(places):
        yield Problem(start, end, "the program goes on to exit code 0 after a failure: exit with 1")


# What a program has that does something when it is run.
_RUNS = {
    "python": (
        r"(?m)^(?:(?:if|for|while|with)\b|(?:await\s+)?[\w.]+\("
        r"|\w+\s*=\s*(?:await\s+)?[\w.]+\.(?:call|create|parse|post|request|stream)\()"
    ),
    "java": r"\bvoid\s+main\s*\(",
    "go": r"(?m)^func main\(\)",
}


def _is_module(sample: SampleView, page: PageView) -> bool:
    """Whether a source file only defines what others use: it has no output or exit code."""
    runs = _RUNS.get(sample.language)
    return (
        runs is not None
        and format_of(page.path) == "source"
        and not re.search(runs, sample.without_texts)
    )


# What tries once more has not failed yet.
_TRIES_AGAIN = r"\bcontinue\b|\b[sS]leep\("

# What makes the exit code another one than 0; a function's own answer may, too.
_ENDS = re.compile(
    r"\b(?:sys\.exit|exit|die|Exit|process\.exit)\((?!0?\))|\bexitCode\b|\bExitCode\b|\b(?:throw|raise|panic)\b"
    r"|\bFatal\w*|\breturn\b(?![ \t]*(?:0[ \t]*)?(?:;|$|\n))|\bexit\s*;|\bquit\("
    rf"|{_TRIES_AGAIN}"
)
# What leaves with 0 where none of those is there.
_LEAVES = re.compile(r"\breturn\b(?:[ \t]*0\b)?[ \t]*;?|\b(?:[\w.]+\.)?[Ee]xit\(0?\)[ \t]*;?")


def _block(code: str, opening: int) -> str:
    """What stands in the braces that open at an offset."""
    end = closing(code, opening)
    return code[opening : len(code) if end is None else end]


def _java_exits(code: str, bare: str) -> Iterator[tuple[int, int]]:
    zero = re.search(r"\bSystem\.exit\(0\)", bare)
    for found in re.finditer(r"\bcatch\s*\([^)]*\)\s*(?=\{)", bare):
        block = _block(bare, found.end())
        if re.search(rf"\bthrow\b|\bSystem\.exit\((?!0\))|\breturn\b|{_TRIES_AGAIN}", block):
            continue
        yield zero.span() if zero and zero.start() > found.start() else _head(bare, found)


def _head(code: str, found: re.Match[str]) -> tuple[int, int]:
    """The head of a `catch`, without the blanks behind it."""
    return found.start(), found.start() + len(found[0].rstrip())


def _csharp_exits(code: str, bare: str) -> Iterator[tuple[int, int]]:
    main = re.search(r"\b(?:void|Task)\s+Main\s*\([^)]*\)\s*(?=\{)", bare)
    if main:
        block = _block(bare, main.end())
        for found in re.finditer(r"\bConsole\.(?:Error\.)?Write\w*\([^;]*;\s*(return;)", block):
            yield main.end() + found.start(1), main.end() + found.end(1)
    # An error's text that is given back as if it were an answer.
    for found in re.finditer(r"\breturn\s+\$\"[^\"\n]*StatusCode[^\"\n]*\";", code):
        yield found.span()


def _nodejs_exits(code: str, bare: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(r"\.catch\(|\bcatch\s*(?:\(\w*\)\s*)?(?=\{)", bare):
        opening = found.end() - 1 if found[0].endswith("(") else found.end()
        block = _block(bare, opening)
        if re.search(r"\bconsole\.", block) and not re.search(rf"{_FAILS}|{_TRIES_AGAIN}", block):
            said = re.search(r"\bconsole\.\w+", block)
            assert said is not None
            yield seen_at(code, opening + said.start())


def _php_exits(code: str, bare: str) -> Iterator[tuple[int, int]]:
    checks = (
        r"\bif\s*\([^{;]*(?:curl_errno|curl_error|===\s*false)[^{;]*\)\s*(?=\{)",
        r"\bif\s*\([^{;]*(?:!==?\s*200|>=\s*400)[^{;]*\)\s*(?=\{)",
        r"\bif\s*\([^{;]*={2,3}\s*200[^{;]*\)\s*\{[^{}]*\}\s*else\s*(?=\{)",
    )
    for check in checks:
        for found in re.finditer(check, bare):
            block = _block(bare, found.end())
            said = re.search(r"\b(?:echo|print|printf|fwrite|error_log)\b", block)
            if said and not re.search(_FAILS, block):
                yield seen_at(code, found.end() + said.start())


def _python_exits(code: str, bare: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(r"(?m)^([ \t]*)except\b[^\n]*:\n((?:\1[ \t]+[^\n]*\n?)+)", bare):
        ends = rf"\braise\b|\bexit\b|{_TRIES_AGAIN}"
        if re.search(r"\bprint\(", found[2]) and not re.search(ends, found[2]):
            yield seen_at(code, found.start() + len(found[1]))


def _shell_exits(code: str, bare: str) -> Iterator[tuple[int, int]]:
    for block in re.finditer(r"(?:\bthen|\belse)\n((?:(?![ \t]*(?:elif|else|fi)\b).*\n)*)", code):
        said = re.search(r"(?m)^.*>&2", block[1])
        if said and not re.search(r"\bfalse\b|\b(?:exit|return)\s+[1-9$]", block[1]):
            yield seen_at(code, block.start(1) + said.start())


_EXITS = {
    "curl": _shell_exits,
    "java": _java_exits,
    "csharp": _csharp_exits,
    "nodejs": _nodejs_exits,
    "php": _php_exits,
    "python": _python_exits,
}

_FAILURE = (
    r"(?:[Ee]rror(?!s?\s*codes)|[Ff]ail|(?:is|are) not set|[Ii]nvalid"
    r"|エラー|失敗|設定されていません|错误|失败|未设置)"
)
_TO_STDOUT = {
    "csharp": (r"(?P<call>Console)\.Write(?:Line)?\(\s*\$?@?\"[^\"\n]*", "Console.Error"),
    "java": (r"(?P<call>System\.out)\.print\w*\(\s*\"[^\"\n]*", "System.err"),
    "nodejs": (r"(?P<call>console\.log)\(\s*[\"'`][^\"'`\n]*", "console.error"),
    "php": (r"(?P<call>\b(?:echo|print))\s*\(?\s*[\"'][^\"'\n]*", None),
    "python": (r"(?P<call>\bprint)\(\s*f?[\"'](?![^\n]*file=)[^\"'\n]*", None),
    "go": (r"(?P<call>\bfmt\.Print\w*)\(\s*\"[^\"\n]*", None),
}
_CALLS = {
    "csharp": r"\bConsole(?=\.Write)",
    "java": r"\bSystem\.out(?=\.print)",
    "nodejs": r"\bconsole\.log(?=\()",
    "php": r"\b(?:echo|print)\b",
    "python": r"\bprint(?=\((?![^\n]*file=))",
    "go": r"\bfmt\.Print\w*(?=\()",
}


@rule("B404", "wrong-stream", "warning", bad=bad("B404"), good=good("B404"))
def wrong_stream(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An error on standard output or an answer on standard error: a pipe gets the wrong one."""
    if _is_module(sample, page):
        return
    code = sample.without_comments
    if sample.language in _TO_STDOUT:
        pattern, right = _TO_STDOUT[sample.language]
        said: dict[int, int] = {}
        for found in re.finditer(pattern + _FAILURE, code):
            said.setdefault(found.start("call"), found.end("call"))
        call = re.compile(_CALLS[sample.language])
        for block in _failures(sample):
            for found in call.finditer(sample.without_texts, block.start, block.end):
                said.setdefault(found.start(), found.end())
        for start, end in sorted(said.items()):
            fix = Fix(start, end, right) if right else _to_stderr(sample, start)
            yield Problem(start, end, "an error belongs on standard error", fix)
    if sample.language == "curl":
        for then in re.finditer(r"-z [^\n]*\bthen\n((?:(?![ \t]*(?:elif|else|fi)\b).*\n)*)", code):
            for echo in re.finditer(r"(?m)^[ \t]*((?:echo|printf)\b(?:(?!>&2)[^\n])*)$", then[1]):
                start, end = then.start(1) + echo.start(1), then.start(1) + echo.end(1)
                fix = Fix(end, end, " >&2")
                yield Problem(start, end, "an error belongs on standard error", fix)
    if sample.language == "go":
        for found in re.finditer(r"(?<![\w.])print(?:ln)?(?=\()", sample.without_texts):
            message = f"`{found[0]}` writes to standard error: an answer belongs on standard output"
            new = {"print": "fmt.Print", "println": "fmt.Println"}[found[0]]
            known = any(named.name == "fmt" for named in sample.call.imports)
            fix = Fix(*found.span(), new) if known else None
            yield Problem(found.start(), found.end(), message, fix)


def _to_stderr(sample: SampleView, at: int) -> Fix | None:
    """The fix that lets PHP and Go write to standard error."""
    if sample.language == "go" and any(one.name == "os" for one in sample.call.imports):
        call = re.compile(r"fmt\.Print(\w*)\(").match(sample.code, at)
        return Fix(at, call.end(), f"fmt.Fprint{call[1]}(os.Stderr, ") if call else None
    found = re.compile(r"echo\s+([^;,\n]+?)(?:\s*[.,]\s*PHP_EOL)?;").match(sample.code, at)
    if sample.language != "php" or found is None:
        return None
    return Fix(found.start(), found.end(), f"fwrite(STDERR, {found[1]} . PHP_EOL);")


@rule("B405", "needless-import", "warning", bad=bad("B405"), good=good("B405"))
def needless_import(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A package to install, or an import, that the language spares its readers."""
    for fact in needless(sample.language):
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
    for fact in deprecated(sample.language):
        for found in fact.pattern.finditer(code):
            start, end = line_at(code, found.start())
            alone = re.fullmatch(r"\s*\w+\([^()]*\);\s*", code[start:end])
            fix = without_line(sample.code, found.start()) if fact.whole_line and alone else None
            message = fact.message.format(found=found[0])
            yield Problem(found.start(), found.end(), message, fix)


_DATA = re.compile(r"(?<=\s)(?:-d|--data(?:-\w+)?|--json)(?=[\s='\"@])")
_FLAGS = (
    (
        re.compile(r"(?<=\s)(?:-X\s*|--request[\s=]+)[\"']?POST[\"']?(?=\s|$)"),
        "curl sends a POST because of the body: leave `{flag}` out",
    ),
    (
        re.compile(r"(?<=\s)(?:-L|--location)(?=\s)"),
        "on a redirect `{flag}` would send a GET without the body: leave it out",
    ),
)


@rule("B408", "needless-flag", "warning", bad=bad("B408"), good=good("B408"))
def needless_flag(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A flag of curl that is not needed, or does harm, beside a body."""
    if sample.language != "curl":
        return
    code = sample.without_comments
    body = _DATA.search(code)
    if body is None:
        return
    for pattern, message in _FLAGS:
        for found in pattern.finditer(code):
            end = re.compile(r"[ \t]*(?:\\\n[ \t]*)?").match(code, found.end())
            assert end is not None
            fix = Fix(found.start(), end.end(), "")
            said = message.format(flag=found[0])
            yield Problem(found.start(), found.end(), said, fix)


@rule("B409", "shared-headers", "warning", bad=bad("B409"), good=good("B409"))
def shared_headers(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Headers of a client that all requests share, changed at each request: they pile up."""
    code = sample.without_texts
    if sample.language != "csharp" or not re.search(r"\bstatic\b[^;(]*\bHttpClient\b", code):
        return
    for found in re.finditer(r"\b\w+\.DefaultRequestHeaders\.\w+", code):
        message = "all requests share these headers: set them on an HttpRequestMessage"
        yield Problem(found.start(), found.end(), message)


@rule("B410", "unhandled-rejection", "warning", bad=bad("B410"), good=good("B410"))
def unhandled_rejection(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An async function that nobody waits for: its failure is nobody's."""
    if sample.language != "nodejs":
        return
    code = sample.without_texts
    made = r"\basync\s+function\s+(\w+)|\b(?:const|let|var)\s+(\w+)\s*=\s*async\b"
    for function in re.finditer(made, code):
        name = function[1] or function[2]
        for found in re.finditer(rf"(?m)^[ \t]*({name}\(\))[ \t]*;?[ \t]*$(?!\s*\.)", code):
            is_module = re.search(r"(?m)^\s*import\b", code) is not None
            fix = Fix(found.start(1), found.start(1), "await ", safe=is_module)
            message = f"nothing handles a failure of `{name}`: wait for it with `await`"
            yield Problem(found.start(1), found.end(1), message, fix)
