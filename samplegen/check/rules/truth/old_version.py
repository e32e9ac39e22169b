"""T110 old-version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule

_VERSION = (
    r"(?i)(?:\bSDK|\b{label}(?:/v\d+)?[\"']?)\s*(?:version|バージョン|版本)?\s*(?P<sign>[<>=~^≥]=?|[@:=]+)?\s*"
    r"v?(?P<version>\d+\.\d+(?:\.\d+)?)(?![\w.]*\w)(?P<behind>[^\n]{0,20})"
)
# The least version that will do is no version to install.
_OR_LATER = re.compile(
    r"(?i)\s*(?:\+|\(?\s*(?:or|and)\s+(?:later|newer|above|higher|up)|及以上|或以上|以上|以降|及更高|或更高)"
)


@rule("T110", "old-version", "warning", strict=True)
def old_version(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A note with an old version of an SDK: readers install what the sample was not made for."""
    call = sample.call
    if call.protocol is None or call.client is None:
        return
    package = page.catalog.package(sample.language, call.protocol, call.client)
    if package is None:
        return
    pattern = re.compile(_VERSION.replace("{label}", re.escape(package.label)))
    for comment in call.comments:
        for found in pattern.finditer(sample.code, comment.start, comment.end):
            if (found["sign"] or "").startswith((">", "≥")) or _OR_LATER.match(found["behind"]):
                continue
            if _numbers(found["version"]) < _numbers(package.version)[:2]:
                start, end = found.span("version")
                message = f"version {found['version']} is old: this is for {package.version}"
                fix = Fix(start, end, package.version, safe=False)
                yield Problem(start, end, message, fix)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
