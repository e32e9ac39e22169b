"""R206 replace-hint."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of, code_name
from samplegen.check.places import line_at
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.readback import Comment

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
# Words for the line that follows, in the languages of notes.
_BELOW = re.compile(
    r"(?i)\b(?:below|next line|following line|this line)\b"
    r"|\u4e0b\u884c|\u4e0b\u4e00\u884c|\u4e0b\u65b9|\u4e0b\u9762"
    r"|\u6b21\u306e\u884c|\u4ee5\u4e0b\u306e\u884c|\u4e0b\u306e\u884c"
)
# One of these is in every hint, and quickly found.
_IN_HINT = ("sk-", "your", "<")


@rule("R206", "replace-hint")
def replace_hint(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line to paste that does not compile where the note says to paste it."""
    checks = checks_of(sample.language)
    for comment in sample.call.comments:
        text = sample.code[comment.start : comment.end]
        if not any(one in text for one in _IN_HINT):
            continue
        hint = _HINT.search(sample.code, comment.start, comment.end)
        if (
            hint is not None
            and hint["kind"].startswith("export")
            and not checks.blanks_around_assignment
        ):
            yield from _to_run(sample, hint)
            continue
        line = _HEAD.match(comment.code)
        if hint is None or line is None or comment.code_start < comment.start:
            continue
        start, end = hint.span()
        said, target = hint["name"].strip("\"'"), line["name"].strip("\"'")
        if said != target:
            # A hint that speaks of no line may mean any.
            if not _BELOW.search(text):
                continue
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


def _to_run(sample: SampleView, hint: re.Match[str]) -> Iterator[Problem]:
    """What is wrong with a command that sets a shell's variable, to be run before the sample."""
    key = sample.call.key_env
    if key is not None and key.name != hint["name"]:
        message = f"the command to run sets `{hint['name']}`, but the sample reads `{key.name}`"
        yield Problem(*hint.span(), message)
    elif blanks := re.search(r"\s*=\s+|\s+=", hint[0]):
        message = "a shell sets a variable only without blanks around the `=`"
        start, end = hint.start() + blanks.start(), hint.start() + blanks.end()
        yield Problem(*hint.span(), message, Fix(start, end, "="))


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
