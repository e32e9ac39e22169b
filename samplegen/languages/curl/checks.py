"""What the rules know of curl, and of the shell that calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from samplegen.check.language import LanguageChecks, Span, Words, words
from samplegen.check.places import seen_at
from samplegen.check.problem import Fix, Problem
from samplegen.languages.curl.typography import mistyped

if TYPE_CHECKING:
    from samplegen.check.rule import SampleView

_BODY = re.compile(r"(?<=\s)(?:-d|--data(?:-\w+)?|--json)(?=[\s='\"@])")
_NEEDLESS = (
    (
        re.compile(r"(?<=\s)(?:-X\s*|--request[\s=]+)[\"']?POST[\"']?(?=\s|$)"),
        "curl sends a POST because of the body: leave `{flag}` out",
    ),
    (
        re.compile(r"(?<=\s)(?:-L|--location)(?=\s)"),
        "on a redirect `{flag}` would send a GET without the body: leave it out",
    ),
)
_QUOTED_BODY = re.compile(r"(?<=\s)(?:-d|--data(?:-\w+)?|--json)[\s=]+\"((?:\\.|[^\"\\])*)\"")


class Checks(LanguageChecks):
    """A shell's words, variables and exit codes, and curl's flags."""

    code_name = "shell"
    texts_are_code = True
    # Windows: a line that goes on behind `^`, `%NAME%` (not the `%E5%` of a URL); `$env:NAME`.
    relative = r"(?m)^[ \t]*curl\b[^\n]*\^[ \t]*$|\"[^\"\n]*%[A-Z][A-Z_]{3,}%|\$env:\w"
    relative_mark = r"\^[ \t]*\n"
    blocks = (r"(?m)^[ \t]*if\b.*then$", r"(?m)^[ \t]*fi\b")
    blanks_around_assignment = False

    marked_variables = True
    # A shell has no escapes in single quotes.
    plain_text = r"\\.|\"(?:\\.|[^\"\\])*\"|'[^']*'"

    sends = r"(?m)\bcurl(?=\s)"
    looks_at_status = r"\s--fail(?:-with-body)?\b|\s-[a-zA-Z]*f[a-zA-Z]*\s|http_code|response_code"

    def failing(self, code: str, at: int) -> tuple[str, Fix] | None:
        quiet = list(re.finditer(r"(?<=\s)--(?:silent|show-error)(?=\s)", code))
        at = quiet[-1].end() if quiet else at
        message = "curl exits with 0 on an HTTP error: add `--fail-with-body`"
        return message, Fix(at, at, " --fail-with-body")

    def drops(self, code: str) -> Iterator[Span]:
        flags = r"(?<=\s)(?:--fail(?![\w-])|-f(?=\s))"
        yield from (found.span() for found in re.finditer(flags, code))

    def exits(self, code: str, bare: str) -> Iterator[Span]:
        blocks = r"(?:\bthen|\belse)\n((?:(?![ \t]*(?:elif|else|fi)\b).*\n)*)"
        for block in re.finditer(blocks, code):
            said = re.search(r"(?m)^.*>&2", block[1])
            if said and not re.search(r"\bfalse\b|\b(?:exit|return)\s+[1-9$]", block[1]):
                yield seen_at(code, block.start(1) + said.start())

    labels_answer = (
        r"\becho\s+[\"'][A-Z][\w ]*:\s*(?:[\"']\s*[.,]|\$)"
        r"|\bprintf\s+'[^'\n%]*[:\uff1a]\s*%s"
    )

    def wrong_streams(self, sample: SampleView) -> Iterator[Problem]:
        code = sample.without_comments
        for then in re.finditer(r"-z [^\n]*\bthen\n((?:(?![ \t]*(?:elif|else|fi)\b).*\n)*)", code):
            for echo in re.finditer(r"(?m)^[ \t]*((?:echo|printf)\b(?:(?!>&2)[^\n])*)$", then[1]):
                start, end = then.start(1) + echo.start(1), then.start(1) + echo.end(1)
                fix = Fix(end, end, " >&2")
                yield Problem(start, end, "an error belongs on standard error", fix)

    may_have_sdk = False
    long_flags: ClassVar = {
        "-X": "--request",
        "-H": "--header",
        "-d": "--data",
        "-L": "--location",
        "-s": "--silent",
        "-S": "--show-error",
        "-N": "--no-buffer",
        "-f": "--fail",
        "-o": "--output",
    }
    # Those that take a value can only be the last ones of a word.
    short_flags = r"-[LsSNf]*[XHdLsSNfo]"

    def needless_flags(self, code: str) -> Iterator[Problem]:
        if not _BODY.search(code):
            return
        for pattern, message in _NEEDLESS:
            for found in pattern.finditer(code):
                end = re.compile(r"[ \t]*(?:\\\n[ \t]*)?").match(code, found.end())
                assert end is not None
                fix = Fix(found.start(), end.end(), "")
                yield Problem(found.start(), found.end(), message.format(flag=found[0]), fix)

    plumbing = words(
        "H L POST S X curl d data data-raw fail fail-with-body header i json location request s "
        "sS show-error silent"
    )

    runs_text = Words(("eval", "|"), r"(?<![\w-])eval\s|\|\s*(?:sudo\s+)?(?:ba|z)?sh\b")
    trusts_anyone = Words(("-k", "--insecure"), r"(?<=\s)(?:-k|--insecure)(?=\s)")

    def mistyped(self, code: str, bodies: Iterable[Span]) -> Iterator[Problem]:
        return mistyped(code, bodies)

    def expanded(self, code: str) -> Iterator[Span]:
        for found in _QUOTED_BODY.finditer(code):
            for hole in re.finditer(r"(?<!\\)(?:\$\(|`)", found[1]):
                start = found.start(1) + hole.start()
                yield start, start + len(hole[0])


CHECKS = Checks()
