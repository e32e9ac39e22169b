"""B405 needless-import."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from samplegen.check.language import checks_of
from samplegen.check.places import without_line
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("B405", "needless-import", "warning", strict=True)
def needless_import(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A package to install, or an import, that the language spares its readers."""
    for fact in checks_of(sample.language).needless:
        for named in sample.call.imports:
            if fnmatchcase(named.name, fact.name):
                fix = without_line(sample.code, named.start) if fact.whole_line else None
                yield Problem(named.start, named.end, fact.message, fix)
