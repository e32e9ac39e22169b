"""R203 missing-import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import LanguageChecks, checks_of
from samplegen.check.places import line_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("R203", "missing-import")
def missing_import(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A name that nothing imports or defines: the sample does not compile, or fails when run.

    What the usual project brings in by itself, and what a part of a program lacks, is found
    only where this rule is selected.
    """
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
    # What must be there comes first: the fix adds the rest beside it.
    needed = {*missing} - checks.usual_imports
    strict = not needed or _is_part(sample)
    if not strict:
        start, end, name = min(missing[one] for one in needed)
        lines = [checks.import_line(missing[one][2], one) for one in missing if one in needed]
        message = f"nothing brings in `{name}`: add {' '.join(f'`{line}`' for line in lines)}"
    yield Problem(start, end, message, _import_fix(sample, lines), strict=strict)


def _is_part(sample: SampleView) -> bool:
    """Whether a sample is a part of a program, that others of the page, or its reader, complete."""
    checks = checks_of(sample.language)
    begins = not checks.starts or re.search(checks.starts, sample.without_texts)
    return not (begins and sample.call.imports)


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
            # Python may say a type: `requests: list[str] = []`.
            rf"(?<![\w.]){name}\s*(?::[^=\n]+)?:?=(?!=)|\b(?:const|let|var)\s+\{{[^}}]*\b{name}\b",
            code,
        )
        # From another place: `import OpenAI, { toFile } from "./openai/index.mjs"`.
        or re.search(rf"\bimport\b[\w\s,{{}}*]*\b{name}\b[\w\s,{{}}*]*\bfrom\b", code)
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
