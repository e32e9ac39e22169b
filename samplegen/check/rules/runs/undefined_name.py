"""R207 undefined-name."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from functools import lru_cache

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.runs._foreign import foreign_lines
from samplegen.check.slips import one_letter_off


@rule("R207", "undefined-name")
def undefined_name(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A variable that the request is made of and that nothing sets."""
    call = sample.call
    is_call = call.model or call.messages or call.client == "sdk"
    if not is_call or not (call.url or call.base_url or call.imports):
        return
    seen = set()
    starts = checks_of(sample.language).starts
    is_whole = not starts or re.search(starts, sample.without_texts) is not None
    # What an import lacks, and what another language left, is said there.
    foreign = [(one.start, one.end) for one in foreign_lines(sample)]
    for name, start, end in (*_used(sample), *_holders(sample)):
        if name in checks_of(sample.language).imports:
            continue
        if any(low <= start < high for low, high in foreign):
            continue
        # Whoever reads a part sets what it is told: `.trustManager(yourTrustManager)`.
        is_asked = is_whole or name in _CLIENTS or _is_slip(sample, name)
        if name not in seen and is_asked and not _is_set(sample, page, name, start):
            yield Problem(start, end, f"nothing sets `{name}`")
        seen.add(name)


# What a sample is given by nobody.
_CLIENTS = frozenset({"client", "openai"})


def _is_slip(sample: SampleView, name: str) -> bool:
    """Whether another name of the program is that one but for a letter."""
    words = set(re.findall(r"(?<![\w.])[A-Za-z_]\w+", sample.without_texts))
    return any(one_letter_off(name, word) for word in words)


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


def _holders(sample: SampleView) -> Iterator[tuple[str, int, int]]:
    """The variables whose methods a whole program calls: what stands before the first dot."""
    checks = checks_of(sample.language)
    if checks.marked_variables or not sample.call.imports:
        return
    code = sample.without_texts
    imported = {named.name for named in sample.call.imports}
    for made in sample.call.calls:
        name, dot, _ = made.name.partition(".")
        is_plain = re.fullmatch(r"[a-z_]\w*", name) and code.startswith(name, made.start)
        if not dot or not is_plain or hasattr(builtins, name):
            continue
        is_module = checks.is_imported(name, name, imported) or any(
            re.match(rf"{name}[./]", one) for one in imported
        )
        if is_module and checks.imports_bind:
            continue
        # Where a name is set or brought in, no dot is behind it.
        if not re.search(rf"(?<![\w$.]){name}\b(?!\s*(?:\?|!)?\.)", code):
            yield name, made.start, made.start + len(name)


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
    # What a cell of a notebook sets is there in the others, and a part goes on with what is above.
    others = [one for one in page.cells if one.language == sample.language and one is not sample]
    is_cell = any(one is sample for one in page.cells)
    if not is_cell:
        others = _above(sample, page)
        is_cell = bool(others)
    assigned = re.compile(rf"(?m)^[ \t]*(?:\w+[ \t]+)?{name}\b[ \t]*(?:,[ \t]*\w+[ \t]*)*:?=(?!=)")
    if is_cell and any(assigned.search(one.code) for one in others):
        return True
    # A name in a text, such as a template's, may be set in it: `${all.map((one) => f(one))}`.
    is_code = sample.without_texts[at : at + 1].strip()
    code = sample.without_texts if is_code else sample.without_comments
    if _is_parameter(name, code):
        return True
    whole = _whole(name)
    said = len(re.findall(rf"{whole}\b", code))
    # What only has its members read is set nowhere.
    if said and said == len(re.findall(rf"{whole}\s*[?!]?\.\s*\w", code)):
        return False
    # A field or argument of that name assigned nothing.
    said -= len(re.findall(rf"{whole}\s*[=:]\s*{name}\b", code))
    return said > (1 if code[at : at + 1].strip() else 0)


def _above(sample: SampleView, page: PageView) -> list[SampleView]:
    """The samples of its language above it that a sample may go on from.

    What brings in again what one above has is a program of its own.
    """
    at = sample.published.spans.start(0)
    imported = {named.name for named in sample.call.imports}
    return [
        one
        for one in page.samples
        if one.language == sample.language
        and one.published.spans.start(0) < at
        and imported.isdisjoint(named.name for named in one.call.imports)
    ]


def _whole(name: str) -> str:
    """A pattern for a name that is no part of another; `{ index, ...rest }` has `rest`."""
    return rf"{name}(?:(?<![\w$.]{name})|(?<=\.\.\.{name}))"


def _is_parameter(name: str, code: str) -> bool:
    """Whether a function has a parameter of that name."""
    word = re.compile(rf"{_whole(name)}\b")
    return (
        any(word.search(listed) for listed in _parameters(code))
        or ("lambda" in code and bool(re.search(rf"\blambda\b[^:\n]*{word.pattern}", code)))
        or re.search(rf"{word.pattern}\s*(?:=>|->)", code) is not None
    )


# What stands before a list of parameters, and behind it. No made object, with its fields in braces.
_DECLARES = re.compile(r"\b(?:def|func|function|fn)\b[^(){}\n]*(?:\([^()]*\)\s*\w*\s*)?\Z")
_NAMES = re.compile(r"(?<!new )(?<![\w.])\w+\s*\Z")
_BODY = re.compile(r"\s*(?::\s*[\w<>\[\]., |]+)?\s*(?:throws\b[^{;]*)?\{")
_ARROW = re.compile(r"\s*(?::\s*[\w<>\[\] |]+)?\s*(?:=>|->)")
# Of what stands before a list of parameters, and of the list.
_LONGEST_HEAD, _LONGEST_LIST = 200, 1_000


@lru_cache(maxsize=16)
def _parameters(code: str) -> tuple[str, ...]:
    """The lists of parameters in a program."""
    found = []
    opened: list[int] = []
    for bracket in re.finditer(r"[()]", code):
        at = bracket.start()
        if bracket[0] == "(":
            opened.append(at)
        elif opened and at - (start := opened.pop()) <= _LONGEST_LIST:
            head = code[max(0, start - _LONGEST_HEAD) : start]
            if (
                _ARROW.match(code, at + 1)
                or (_BODY.match(code, at + 1) and _NAMES.search(head))
                or _DECLARES.search(head)
            ):
                found.append(code[start : at + 1])
    return tuple(found)
