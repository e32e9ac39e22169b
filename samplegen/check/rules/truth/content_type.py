"""T106 content-type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;\s*[\w-]+=[^;\s]+)*")
_JSON_TYPE = "application/json"


@rule("T106", "content-type")
def content_type(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A content type that is none, or another one than the body's."""
    for name, value in sample.call.headers.items():
        said = value.value
        if name.lower() != "content-type" or not isinstance(said, str) or not value.known:
            continue
        if _MEDIA_TYPE.fullmatch(said) and said.lower().startswith(_JSON_TYPE):
            continue
        at = sample.code.find(said, value.start, value.end)
        start, end = (value.start, value.end) if at < 0 else (at, at + len(said))
        fix = None if at < 0 else Fix(start, end, _JSON_TYPE)
        yield Problem(start, end, f"the content type is `{_JSON_TYPE}`, not `{said}`", fix)
