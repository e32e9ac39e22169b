"""R204 unused-import."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.language import checks_of, code_name
from samplegen.check.places import line_at, without_line
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("R204", "unused-import")
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
