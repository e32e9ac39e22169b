"""Whether a sample can run at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.facts import imports
from samplegen.check.places import (
    line_at,
    seen_at,
    without_line,
)
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.pages import format_of
from samplegen.readback import Comment

_NAMES = {
    "python": "Python",
    "java": "Java",
    "nodejs": "Node.js",
    "go": "Go",
    "csharp": "C#",
    "php": "PHP",
    "curl": "shell",
}


@rule("R201", "syntax", bad=bad("R201"), good=good("R201"))
def syntax(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Text that the language does not have: the sample stops before it starts."""
    name = _NAMES.get(sample.language, sample.language)
    elsewhere = {line_at(sample.code, found.start)[0] for found in _foreign(sample)}
    seen: set[int] = set()
    for span in sample.call.broken:
        start, end = span
        line = line_at(sample.code, start)[0]
        if line in seen or line in elsewhere:
            continue
        seen.add(line)
        # What is missing stands nowhere: the line shows where it is missed.
        if not sample.code[start:end].strip():
            start, end = seen_at(sample.code, start)
        end = min(end, line_at(sample.code, start)[1])
        yield Problem(start, end, f"this line is not {name}: it does not parse")
    for span in sample.call.broken_json:
        end = min(max(span.end, span.start + 1), len(sample.code))
        yield Problem(span.start, end, "the body is not JSON: it does not parse")


# What only programs in one language say, and the languages that say it too.
_ONLY_IN = (
    (r"(?m)^[ \t]*\$\w+\s*=\s*(?:getenv|curl_\w+|json_\w+|array)\(.*$", "php"),
    (r"\bos\.(?:getenv\(|environ\b)", "python"),
    (r"\bprocess\.env\b", "nodejs"),
    (r"\bSystem\.getenv\(", "java"),
    (r"\bSystem\.(?:out|err)\.print", "java"),
    (r"\bos\.Getenv\(", "go"),
    (r"\bfmt\.(?:Print|Sprint)", "go"),
    (r"\bEnvironment\.GetEnvironmentVariable\(", "csharp"),
    (r"\bConsole\.Write", "csharp"),
)


def _foreign(sample: SampleView) -> Iterator[Problem]:
    code = sample.without_texts
    seen: set[int] = set()
    for pattern, home in _ONLY_IN:
        if home == sample.language or sample.language == "curl":
            continue
        for found in re.finditer(pattern, code):
            start, end = seen_at(sample.code, found.start())
            if start in seen:
                continue
            seen.add(start)
            fix = None
            name = re.match(r"\$?(\w+)\s*=(?!=)", sample.code[start:end])
            others = code[:start] + code[end:]
            if name and re.search(rf"(?<![\w$.]){name[1]}\s*:?=(?!=)", others):
                fix = without_line(sample.code, start)
            message = f"this line is {_NAMES[home]}, in a sample in {_NAMES[sample.language]}"
            if fix:
                message += ": leave it out"
            yield Problem(start, end, message, fix)


@rule("R202", "other-language", bad=bad("R202"), good=good("R202"))
def other_language(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line of another language, left from copying: it does not compile, or fails at run time."""
    yield from _foreign(sample)


@rule("R203", "missing-import", bad=bad("R203"), good=good("R203"))
def missing_import(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A name that nothing imports or defines: the sample does not compile, or fails when run."""
    call = sample.call
    # A fragment shows where a line goes, not a whole program.
    if not call.imports and call.model is None:
        return
    code = sample.without_texts
    imported = {named.name for one in _program(sample, page) for named in one.call.imports}
    missing: dict[str, tuple[int, int, str]] = {}
    for name, source in imports(sample.language).items():
        if source in missing or _is_imported(sample.language, name, source, imported):
            continue
        found = next(re.finditer(_use(sample.language, name), code), None)
        if found is None or _defines(code, name):
            continue
        missing[source] = (found.start(), found.end(), name)
    if not missing:
        return
    start, end, name = min(missing.values())
    lines = [_import_line(sample.language, found[2], one) for one, found in missing.items()]
    message = f"nothing brings in `{name}`: add {' '.join(f'`{line}`' for line in lines)}"
    yield Problem(start, end, message, _import_fix(sample, lines))


def _program(sample: SampleView, page: PageView) -> Iterator[SampleView]:
    """The samples of which the program is made: a notebook's cells run one after the other."""
    yield sample
    if format_of(page.path) == "notebook":
        for one in page.samples:
            if one is sample:
                return
            if one.language == sample.language:
                yield one


def _is_imported(language: str, name: str, source: str, imported: set[str]) -> bool:
    package = source.rpartition(".")[0]
    if language == "java":
        wild = {package, f"{package}.*"}
        return source in imported or bool(wild & imported)
    if language == "python":
        roots = {one.partition(".")[0] for one in imported}
        return source in roots
    if language == "csharp":
        return source in imported
    return any(one == source or one.rpartition("/")[2] == name for one in imported)


def _use(language: str, name: str) -> str:
    if language in ("go", "python") and name[0].islower():
        return rf"(?<![\w.\"/@]){name}(?=\.\w)"
    return rf"(?<![\w.$\"/@]){name}(?=[.(<]|\s+\w+\s*[=({{;,)]|\s+\w+\(|\[\])"


def _defines(code: str, name: str) -> bool:
    """Whether a program says itself what a name is."""
    return bool(
        re.search(rf"\b(?:class|enum|interface|record|def|function|type)\s+{name}\b", code)
        or re.search(
            rf"(?<![\w.]){name}\s*:?=(?!=)|\b(?:const|let|var)\s+\{{[^}}]*\b{name}\b", code
        )
        or re.search(rf"\(\s*(?:\w+,\s*)*{name}(?:,\s*\w+)*\)\s*(?:=>|\{{|:)", code)
    )


def _import_line(language: str, name: str, source: str) -> str:
    if language == "csharp":
        return f"using {source};"
    if language == "java":
        return f"import {source};"
    if language == "go":
        return f'"{source}"'
    if language == "nodejs":
        return f'import {name} from "{source}";'
    return f"import {source}" if name == source else f"from {source} import {name}"


def _import_fix(sample: SampleView, lines: list[str]) -> Fix | None:
    """The fix that puts imports before the first one."""
    if not sample.call.imports:
        return None
    at = line_at(sample.code, sample.call.imports[0].start)[0]
    if sample.language == "go":
        at = seen_at(sample.code, at)[0]
        if not sample.code[at:].startswith('"'):
            return None
        indent = sample.code[line_at(sample.code, at)[0] : at]
        return Fix(at, at, "".join(f"{line}\n{indent}" for line in lines))
    return Fix(at, at, "".join(f"{line}\n" for line in lines))


@rule("R204", "unused-import", bad=bad("R204"), good=good("R204"))
def unused_import(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An import that Go refuses because nothing uses it."""
    if sample.language != "go" or not re.search(r"\bfunc main\b", sample.code):
        return
    code = sample.without_texts
    for named in sample.call.imports:
        name = next((n for n, source in imports("go").items() if source == named.name), None)
        if name and not re.search(rf"(?<![\w.]){name}\.\w", code):
            message = f'nothing uses "{named.name}": Go does not compile it'
            fix = without_line(sample.code, named.start)
            start, end = line_at(sample.code, named.start)
            alone = sample.code[start:end].strip().strip('"') == named.name
            yield Problem(named.start, named.end, message, fix if alone else None)


@rule("R205", "two-statements", "warning", bad=bad("R205"), good=good("R205"))
def two_statements(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Two statements on one line: a line's end was lost, and what stands behind it is missed."""
    if sample.language in ("go", "curl"):
        return
    depth = 0
    code = sample.without_texts
    for found in re.finditer(r"[(\[{]|[)\]}]|\n|;(?P<gap>[ \t]*)(?=[A-Za-z_$])", code):
        mark = found[0][0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(depth - 1, 0)
        elif mark == "\n":
            # Brackets around the line are no matter.
            depth = 0
        elif not depth:
            start, end = found.end(), seen_at(sample.code, found.start())[1]
            indent = sample.code[line_at(sample.code, start)[0] :]
            indent = indent[: len(indent) - len(indent.lstrip(" \t"))]
            fix = Fix(*found.span("gap"), f"\n{indent}")
            yield Problem(start, end, "a second statement on the line: give it its own", fix)


# A hint is an assignment, field, argument or call with a placeholder for the key.
_HINT = re.compile(
    r"(?P<head>(?P<kind>(?:(?:const|let|var|final|export|[Ss]tring\??)\s+)*)"
    r"(?P<name>\$?\.?[A-Za-z_][\w.]*)\s*(?::=|=>|=|:|\())\s*"
    r"(?P<value>[\"'](?:sk-|your|<)[^\"'\n]*[\"'])\)*(?P<mark>[;,]?)"
)
_HEAD = re.compile(
    r"(?P<kind>(?:(?:const|let|var|final|export|[Ss]tring\??)\s+)*)"
    r"(?P<name>\$?\.?[A-Za-z_][\w.]*|\"\w+\"|'\w+')\s*(?P<sign>:=|=>|=(?!=)|:|\()"
)
_NEED_SEMICOLONS = ("java", "csharp", "php")


@rule("R206", "replace-hint", bad=bad("R206"), good=good("R206"))
def replace_hint(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line to paste that does not compile where the note says to paste it."""
    for comment in sample.call.comments:
        hint = _HINT.search(sample.code, comment.start, comment.end)
        line = _HEAD.match(comment.code)
        if hint is None or line is None or comment.code_start < comment.start:
            continue
        start, end = hint.span()
        said, target = hint["name"].strip("\"'"), line["name"].strip("\"'")
        if said != target:
            message = f"the line to paste sets `{said}`, but the line below sets `{target}`"
            yield Problem(start, end, message)
        elif line["kind"].strip() and not hint["kind"].strip():
            kind = line["kind"].strip()
            message = f"pasted as it is, `{said}` is not declared: begin with `{kind}`"
            fix = Fix(start, start, f"{kind} ")
            yield Problem(start, end, message, fix)
        elif mark := _missing_mark(sample, comment, hint):
            message = f"pasted as it is, the line misses its `{mark}`"
            yield Problem(start, end, message, Fix(end, end, mark))
        elif _leaves_unused(sample, comment):
            message = 'pasted as it is, nothing uses "os", and Go does not compile that'
            yield Problem(start, end, message)


def _missing_mark(sample: SampleView, comment: Comment, hint: re.Match[str]) -> str | None:
    """The mark at the end of the line below that a hint lacks and that cannot be left out."""
    code = sample.without_comments
    start, end = line_at(code, comment.code_start)
    line = code[start:end].rstrip()
    if hint["mark"]:
        return None
    if line.endswith(";") and sample.language in _NEED_SEMICOLONS:
        return ";"
    following = code[end:].lstrip()
    if line.endswith(",") and not following.startswith((")", "}", "]")):
        return ","
    return None


def _leaves_unused(sample: SampleView, comment: Comment) -> bool:
    if sample.language != "go" or "os" not in {named.name for named in sample.call.imports}:
        return False
    code = sample.without_texts
    start, end = line_at(code, comment.code_start)
    use = r"(?<![\w.])os\.\w"
    return bool(re.search(use, code[start:end])) and not re.search(use, code[:start] + code[end:])


@rule("R207", "undefined-name", bad=bad("R207"), good=good("R207"))
def undefined_name(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A variable that the request is made of and that nothing sets."""
    call = sample.call
    address = call.url or call.base_url
    if address is None or call.model is None:
        return
    code = sample.without_comments
    for value in (address, call.model, *call.headers.values()):
        for found in re.finditer(r"\$\{(\w+)\}", str(value.value)):
            name = found[1]
            mark = r"\$" if sample.language == "php" else r"(?<![\w$.])"
            uses = list(re.finditer(rf"{mark}{name}\b", code))
            # A name that is there once is used, and never set.
            if len(uses) == 1 and not name.isupper():
                message = f"nothing sets `{name}`"
                yield Problem(uses[0].start(), uses[0].end(), message)
