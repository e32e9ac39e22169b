"""Whether a sample can run at all."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.language import LanguageChecks, checks_of, code_name
from samplegen.check.places import (
    line_at,
    seen_at,
    without_line,
)
from samplegen.check.rule import Fix, PageView, Problem, SampleView, Severity, page_rule, rule
from samplegen.languages import language_ids
from samplegen.readback import Comment, Span, can_read

# What is too long is not shown whole.
_SHOWN = 20


@page_rule("R201", "syntax", bad=bad("R201"), good=good("R201"))
def syntax(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Text that the language does not have: the sample stops before it starts."""
    for sample in page.unread:
        # That samplegen lacks a reader is no fault of the page.
        severity: Severity | None = None if can_read(sample.language) else "info"
        end = min(len(sample.code), _SHOWN)
        yield sample, Problem(0, end, sample.why_unread, severity=severity)
    for sample in page.calls:
        for problem in _misread(sample):
            yield sample, problem


def _misread(sample: SampleView) -> Iterator[Problem]:
    """Where a sample's text is not its language."""
    name = code_name(sample.language)
    seen: set[int] = set()
    spans = list(sample.call.broken)
    if spans and (place := _unclosed(sample)):
        # The parser notices only later that something is not closed.
        spans = [place]
    texts_are_code = checks_of(sample.language).texts_are_code
    typed = [] if texts_are_code else [*_TYPED.finditer(sample.without_texts)]
    foreign = _foreign(sample) if spans or typed else ()
    elsewhere = {line_at(sample.code, found.start)[0] for found in foreign}
    for found in typed:
        start, end = found.span()
        line = line_at(sample.code, start)[0]
        if line in seen or line in elsewhere:
            continue
        seen.add(line)
        said = sample.code[start:end]
        plain = said.translate(_PLAIN)
        message = f"`{said}` is how a page writes `{plain}`: it does not parse"
        yield Problem(start, end, message, Fix(start, end, plain))
    for start, end in spans:
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


# Quotes of a word processor around a text, and the escape of Markdown in a name.
_TYPED = re.compile(r"\u201c[^\u201d\n]*\u201d|\u2018[^\u2019\n]*\u2019|(?<=\w)\\_(?=\w)")
_PLAIN = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\\": None})

_ONE_LINE = re.compile(
    r'"""[\s\S]*?(?:"""|\Z)|@"(?:""|[^"])*"|`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\\n])*"'
    r"|'''[\s\S]*?(?:'''|\Z)|'(?:\\.|[^'\\\n])*'|(?P<unclosed>[\"'])"
)
_BRACKETS = {")": "(", "]": "[", "}": "{"}


# A condition is closed before its block opens; a function may stand in it.
_CONDITION = re.compile(r"[ \t}]*(?:else\s+)?(?:if|while|switch|catch|foreach)\s*\((?!.*(?:=>|\{))")


def _unclosed(sample: SampleView) -> Span | None:
    """Where a text, bracket or command of a program that does not parse lacks its end."""
    code = sample.code
    checks = checks_of(sample.language)
    if checks.blocks:
        opens, closes = checks.blocks
        code = sample.without_comments
        opened = [found.start() for found in re.finditer(opens, code)]
        closed = re.findall(closes, code)
        return Span(*seen_at(code, opened[-1])) if len(opened) > len(closed) else None
    # The parser may take the slashes of a URL for a comment after what does not parse.
    skipped = re.compile(f"{checks.comment}|{_ONE_LINE.pattern}")
    for text in skipped.finditer(code):
        if text["unclosed"]:
            return Span(text.start(), line_at(code, text.start())[1])
    bare = skipped.sub(lambda text: re.sub(r"[^\n]", " ", text[0]), code)
    waiting: list[tuple[str, int, int]] = []
    for found in re.finditer(r"[()\[\]{}]", bare):
        start, end = seen_at(code, found.start())
        indent = start - line_at(code, start)[0]
        if found[0] == "{" and waiting and _CONDITION.match(bare, *line_at(bare, waiting[-1][2])):
            return Span(*seen_at(code, waiting[-1][2]))
        if found[0] not in _BRACKETS:
            waiting.append((found[0], indent, found.start()))
            continue
        is_first = start == found.start()
        last = waiting.pop() if waiting else None
        if last is None or last[0] != _BRACKETS[found[0]] or (is_first and last[1] != indent):
            return Span(start, end)
    return Span(*seen_at(code, waiting[-1][2])) if waiting else None


def _foreign(sample: SampleView) -> Iterator[Problem]:
    """The lines that only another language has."""
    checks = checks_of(sample.language)
    if checks.texts_are_code:
        return
    code = sample.without_texts
    seen: set[int] = set()
    for home in language_ids():
        for mark in checks_of(home).marks if home != sample.language else ():
            if checks.shares.intersection(mark.words):
                continue
            for found in mark.within(code):
                start, end = seen_at(sample.code, found.start())
                if start in seen:
                    continue
                seen.add(start)
                fix = None
                name = re.match(r"\$?(\w+)\s*=(?!=)", sample.code[start:end])
                others = code[:start] + code[end:]
                if name and re.search(rf"(?<![\w$.]){name[1]}\s*:?=(?!=)", others):
                    fix = without_line(sample.code, start)
                own = code_name(sample.language)
                message = f"this line is {code_name(home)}, in a sample in {own}"
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
    checks = checks_of(sample.language)
    missing: dict[str, tuple[int, int, str]] = {}
    for name, known in checks.imports.items():
        source = _named(known, sample)
        if name not in code or checks.is_imported(name, source, imported):
            continue
        found = next(re.finditer(checks.use(name), code), None)
        if found is None or _defines(code, name):
            continue
        use = (found.start(), found.end(), name)
        missing[source] = min(use, missing.get(source, use))
    if not missing:
        return
    start, end, name = min(missing.values())
    lines = [checks.import_line(found[2], one) for one, found in missing.items()]
    message = f"nothing brings in `{name}`: add {' '.join(f'`{line}`' for line in lines)}"
    yield Problem(start, end, message, _import_fix(sample, lines))


def _program(sample: SampleView, page: PageView) -> Iterator[SampleView]:
    """The samples of which the program is made: a notebook's cells run one after the other."""
    yield sample
    at = next((at for at, one in enumerate(page.cells) if one is sample), 0)
    yield from (one for one in page.cells[:at] if one.language == sample.language)


def _named(source: str, sample: SampleView) -> str:
    """What an import is written with: for an SDK in braces, the name that the catalog has."""

    def name(found: re.Match[str]) -> str:
        package = sample.catalog.package(sample.language, *found[1].rsplit("-", 1))
        return package.name if package else ""

    return re.sub(r"\{([\w-]+)\}", name, source)


def _defines(code: str, name: str) -> bool:
    """Whether a program says itself what a name is."""
    return bool(
        re.search(rf"\b(?:class|enum|interface|record|def|function|type)\s+{name}\b", code)
        or re.search(
            rf"(?<![\w.]){name}\s*:?=(?!=)|\b(?:const|let|var)\s+\{{[^}}]*\b{name}\b", code
        )
        or re.search(rf"\(\s*(?:\w+,\s*)*{name}(?:,\s*\w+)*\)\s*(?:=>|\{{|:)", code)
    )


def _import_fix(sample: SampleView, lines: list[str]) -> Fix | None:
    """The fix that puts imports where they belong by their order."""
    code, checks = sample.code, checks_of(sample.language)
    places = [line_at(code, named.start) for named in sample.call.imports]
    if not all(code[low:high].strip().startswith(checks.import_start) for low, high in places):
        return None
    if not places:
        # Below what the program says of itself.
        head = re.match(r"(?:(?://|#)[^\n]*\n)*", code)
        end = head.end() if head else 0
        return Fix(end, end, "".join(f"{line}\n" for line in lines))
    start, end = places[0][0], min(places[-1][1] + 1, len(code))
    block = code[start:end].splitlines(keepends=True)
    indent = block[0][: len(block[0]) - len(block[0].lstrip())]
    for line in lines:
        _insert(block, f"{indent}{line}\n", checks)
    return Fix(start, end, "".join(block))


def _insert(block: list[str], line: str, checks: LanguageChecks) -> None:
    """Put an import into the lines of others: into its group, by its name."""
    own = _import_order(line, checks)
    known = [(_import_order(one, checks), at) for at, one in enumerate(block) if _imports(one)]
    before = [at for order, at in known if order < own]
    after = [at for order, at in known if order > own]
    beside = any(order[0] == own[0] for order, _ in known)
    if after and (not before or min(after) > max(before)):
        next_group = not beside and not before
        same = [at for order, at in known if order > own and order[0] == own[0]]
        if same or next_group:
            block[min(after) : min(after)] = [line, "\n"] if next_group else [line]
            return
    if before:
        at = max(before) + 1
        block[at:at] = [line] if beside else ["\n", line]
    else:
        block[0:0] = [line]


def _imports(line: str) -> bool:
    return bool(re.match(r"\s*(?:import\b|from\b|using\b|\")", line))


def _import_order(line: str, checks: LanguageChecks) -> tuple[bool, bool, str]:
    """How imports are sorted: by group, and by name."""
    words = line.strip().rstrip(";").split()
    name = words[-1 if words[0] != "from" else 1].strip('"')
    return checks.is_in_second_group(name), words[0] == "from", name


@rule("R204", "unused-import", bad=bad("R204"), good=good("R204"))
def unused_import(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An import that Go refuses because nothing uses it."""
    imports = sample.call.imports
    for named in checks_of(sample.language).unused(sample.without_texts, imports):
        name = code_name(sample.language)
        message = f'nothing uses "{named.name}": {name} does not compile it'
        fix = without_line(sample.code, named.start)
        start, end = line_at(sample.code, named.start)
        alone = sample.code[start:end].strip().strip('"') == named.name
        yield Problem(named.start, named.end, message, fix if alone else None)


@rule("R205", "two-statements", "warning", bad=bad("R205"), good=good("R205"))
def two_statements(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Two statements on one line: a line's end was lost, and what stands behind it is missed."""
    semicolons = checks_of(sample.language).semicolons
    if not semicolons:
        return
    depth = 0
    code = sample.without_texts
    if not re.search(r";[ \t]*[A-Za-z_$]", code):
        return
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
            indent = _indent_of_statement(sample, start)
            start_of_gap = found.start() if semicolons == "needless" else found.start("gap")
            fix = Fix(start_of_gap, found.end(), f"\n{indent}")
            yield Problem(start, end, "a second statement on the line: give it its own", fix)


def _indent_of_statement(sample: SampleView, at: int) -> str:
    """The indentation of the statement before an offset, which may have begun lines above."""
    start = line_at(sample.code, at)[0]
    # The line that closes a bracket is indented as the statement is.
    while start and not re.compile(r"[ \t]*[)}\]]").match(sample.code, start):
        above = line_at(sample.code, start - 1)[0]
        # A comment may stand within a statement, an empty line seldom does.
        ends = sample.without_texts[above:start].rstrip().endswith((";", "{", "}", ":"))
        if ends or not sample.code[above:start].strip():
            break
        start = above
    line = sample.code[start:]
    return line[: len(line) - len(line.lstrip(" \t"))]


# A hint is an assignment, field, argument or call with a placeholder for the key.
_HINT = re.compile(
    r"(?P<head>(?P<kind>(?:(?:const|let|var|final|export|[Ss]tring\??)\s+)*)"
    r"(?P<name>\$?\.?[A-Za-z_][\w.]*)\s*(?P<sign>:=|=>|=|:|\())\s*"
    r"(?P<value>[\"'](?:sk-|your|<)[^\"'\n]*[\"'])\)*(?P<mark>[;,]?)"
)
_HEAD = re.compile(
    r"(?P<kind>(?:(?:const|let|var|final|export|[Ss]tring\??)\s+)*)"
    r"(?P<name>\$?\.?[A-Za-z_][\w.]*|\"\w+\"|'\w+')\s*(?P<sign>:=|=>|=(?!=)|:|\()"
)
# One of these is in every hint, and quickly found.
_IN_HINT = ("sk-", "your", "<")


@rule("R206", "replace-hint", bad=bad("R206"), good=good("R206"))
def replace_hint(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line to paste that does not compile where the note says to paste it."""
    checks = checks_of(sample.language)
    for comment in sample.call.comments:
        text = sample.code[comment.start : comment.end]
        if not any(one in text for one in _IN_HINT):
            continue
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
        elif hint["sign"] == "=" and line["sign"] == ":=":
            message = f"pasted as it is, `{said}` is not declared: write `:=`"
            yield Problem(start, end, message, Fix(*hint.span("sign"), ":="))
        elif not checks.blanks_around_assignment and re.match(r"\S+\s+=|\S+=\s", hint[0]):
            name = code_name(sample.language)
            message = f"a {name} sets a variable only without blanks around the `=`"
            at = start + len(hint["name"])
            fix = Fix(at, hint.start("value"), "=")
            yield Problem(start, end, message, fix)
        elif mark := _missing_mark(sample, comment, hint):
            message = f"pasted as it is, the line misses its `{mark}`"
            yield Problem(start, end, message, Fix(end, end, mark))
        elif _leaves_unused(sample, comment):
            name = code_name(sample.language)
            used = checks.key_import
            message = f'pasted as it is, nothing uses "{used}", and {name} does not compile that'
            yield Problem(start, end, message)


def _missing_mark(sample: SampleView, comment: Comment, hint: re.Match[str]) -> str | None:
    """The mark at the end of the line below that a hint lacks and that cannot be left out."""
    code = sample.without_comments
    start, end = line_at(code, comment.code_start)
    line = code[start:end].rstrip()
    if hint["mark"]:
        return None
    if line.endswith(";") and checks_of(sample.language).semicolons == "needed":
        return ";"
    following = code[end:].lstrip()
    if line.endswith(",") and not following.startswith((")", "}", "]")):
        return ","
    return None


def _leaves_unused(sample: SampleView, comment: Comment) -> bool:
    used = checks_of(sample.language).key_import
    if not used or used not in {named.name for named in sample.call.imports}:
        return False
    code = sample.without_texts
    start, end = line_at(code, comment.code_start)
    use = rf"(?<![\w.]){used}\.\w"
    return bool(re.search(use, code[start:end])) and not re.search(use, code[:start] + code[end:])


@rule("R207", "undefined-name", bad=bad("R207"), good=good("R207"))
def undefined_name(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A variable that the request is made of and that nothing sets."""
    call = sample.call
    if not (call.model or call.messages) or not (call.url or call.base_url or call.imports):
        return
    seen = set()
    for name, start, end in _used(sample):
        if name not in seen and not _is_set(sample, page, name, start):
            yield Problem(start, end, f"nothing sets `{name}`")
        seen.add(name)


# What languages set themselves.
_GIVEN = frozenset(
    [
        "args",
        "argv",
        "base",
        "console",
        "default",
        "document",
        "error",
        "false",
        "global",
        "globalThis",
        "nil",
        "null",
        "parent",
        "process",
        "self",
        "super",
        "this",
        "true",
        "undefined",
        "void",
        "window",
    ]
)
# Patterns that begin with plain text are quick: what must not be before it is asked for behind it.
_MODEL = r"[mM]odel(?<!\w[mM]odel)[\"']?\s*(?:[:=]\s*|\()(?!\w+\()([a-z]\w*)\s*[,)}\n]"
_ARGUMENT = re.compile(r"(?:\w+\s*=\s*)?([A-Za-z_]\w*)")


def _used(sample: SampleView) -> Iterator[tuple[str, int, int]]:
    """The variables that a request is made of: their names, and where each is used."""
    call, code = sample.call, sample.without_comments
    checks = checks_of(sample.language)
    if checks.marked_variables:
        # In single quotes nothing is a variable.
        bare = re.sub(
            checks.plain_text,
            lambda text: re.sub(r"[^\n]", " ", text[0]) if text[0][0] == "'" else text[0],
            code,
        )
        # A shell's own variables are in small letters, those of the environment are not.
        for found in re.finditer(r"(?<!\\)\$\{?([a-z]\w*)", bare):
            yield checks.variable(found[1]), found.start(), found.end()
        return
    for value in (call.url, call.base_url, call.model, *call.headers.values()):
        for hole in re.finditer(r"\$\{(\w+)\}", str(value.value) if value else ""):
            if call.key_env is None or call.key_env.name != hole[1]:
                uses = re.finditer(rf"{hole[1]}(?<![\w$.\"']{hole[1]})\b", code)
                places = [use.span() for use in uses if _in_code(sample, use.start())]
                yield from ((hole[1], *place) for place in places[:1])
    # A fragment may use what another one sets.
    if not call.imports and checks.needs_imports:
        return
    for found in re.finditer(_MODEL, code):
        yield found[1], found.start(1), found.end(1)
    for made in call.calls:
        for argument in made.arguments:
            given = _ARGUMENT.fullmatch(code, argument.start, argument.end)
            if given and given[1][0].islower() and not hasattr(builtins, given[1]):
                yield given[1], given.start(1), given.end(1)


def _in_code(sample: SampleView, at: int) -> bool:
    """Whether a name stands in code, also where that is in a text."""
    return bool(sample.without_texts[at : at + 1].strip()) or sample.code[at - 1 : at] == "{"


def _is_set(sample: SampleView, page: PageView, name: str, at: int) -> bool:
    """Whether anything but its use speaks of a name, in a sample or in those above it."""
    checks = checks_of(sample.language)
    if name in _GIVEN or name in checks.given:
        return True
    if checks.marked_variables:
        word = re.escape(name.lstrip("$"))
        sets = (
            rf"(?<![\w.-])\$?{word}\s*(?:\[[^\]]*\]\s*)?[-+.?*/]*=(?!=)"
            rf"|\b(?:as|read|for|local|global|function|fn|catch|list|static)\b[^;\n]*\b{word}\b"
            rf"|&\${word}\b|=>\s*\${word}\s*\)|\[[^\]=]*\${word}\b[^\]=]*\]\s*="
        )
        return any(
            re.search(sets, one.without_comments)
            for one in page.samples
            if one.language == sample.language
        )
    # What a cell of a notebook sets is there in the others.
    is_cell = any(one is sample for one in page.cells)
    others = [one for one in page.cells if one.language == sample.language and one is not sample]
    assigned = re.compile(rf"(?m)^[ \t]*(?:\w+[ \t]+)?{name}\b[ \t]*(?:,[ \t]*\w+[ \t]*)*:?=(?!=)")
    if is_cell and any(assigned.search(one.code) for one in others):
        return True
    code = sample.without_texts
    whole = rf"{name}(?<![\w$.]{name})"
    said = len(re.findall(rf"{whole}\b", code))
    # A field or argument of that name assigned nothing.
    said -= len(re.findall(rf"{whole}\s*[=:]\s*{name}\b", code))
    return said > (1 if code[at : at + 1].strip() else 0)
