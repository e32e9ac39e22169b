"""B402 error-body-dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.places import seen_at
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.rules.behaves._failures import SAYS, Failure, failures


@rule("B402", "error-body-dropped", "warning", strict=True)
def error_body_dropped(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """The service says what is wrong in the body of its error, and nobody sees it."""
    code = sample.without_comments
    places = [*checks_of(sample.language).drops(code)]
    for block in failures(sample):
        said = re.search(SAYS, code[block.start : block.end])
        if block.is_status and said and not _shows_body(code, block):
            places.append(seen_at(code, block.start + said.start()))
    for start, end in dict.fromkeys(places):
        message = "the error's body says what is wrong: show it beside the status"
        yield Problem(start, end, message)


_BODY = re.compile(
    r"(?P<name>\$\w++|\b\w++)\s*(?:,\s*\w+\s*)?:?=[^;\n]*(?:\.text\b|\.json\(|\.arrayBuffer\(|ReadAll\(|ReadAs\w+\(|\.body\(|curl_exec"
    r"|\.content\b|\.call\()"
)
_ITEM = re.compile(r"\bfor\s+(?P<item>\w++)\s+in\s+(?P<name>\w++)\s*:")
_COLLECTED = re.compile(r"(?P<name>\$\w++)\s*\.=\s*\$\w++;")
_READS_BODY = re.compile(
    r"\.text\b|\.json\(|\.content\b|\.body\(|ReadA|getErrorStream|\.message\b|\.Message\b|RawJSON"
)


def _shows_body(code: str, block: Failure) -> bool:
    """Whether what the service says is in what a block says."""
    said = code[block.start : block.end]
    if _READS_BODY.search(said):
        return True
    names = {found["name"] for found in _BODY.finditer(code)}
    # Each of what a stream gives, and what collects it as it arrives.
    names |= {found["item"] for found in _ITEM.finditer(code) if found["name"] in names}
    names |= {found["name"] for found in _COLLECTED.finditer(code)}
    return any(
        re.search(rf"(?<![\w$.]){re.escape(name)}(?!\s*\.\s*[Ss]tatus|\w)", said) for name in names
    )
