"""R208 unexpanded-variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.called import served
from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.readback import ReadCall, Value

# A variable as a template has it; an environment variable is in capitals.
_HOLE = re.compile(r"\$\{?([A-Za-z_]\w*)\}?|\{([A-Za-z_]\w*)\}")


@rule("R208", "unexpanded-variable")
def unexpanded_variable(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A variable in a text whose quotes keep it from being put in: its name is sent instead."""
    for call in served(sample, page):
        for value in _told(call):
            if not value.known or value.value is None:
                continue
            for hole in _HOLE.finditer(sample.code, value.start, value.end):
                name = hole[1] or hole[2]
                if _is_meant(sample, name, hole, page):
                    message = f"these quotes keep `{hole[0]}` as it is: `{name}` is not put in"
                    yield Problem(hole.start(), hole.end(), message)
                    break


def _told(call: ReadCall) -> Iterator[Value]:
    """What a call is told beside its messages."""
    for value in (call.url, call.base_url, *call.headers.values()):
        if value is not None:
            yield value


def _is_meant(sample: SampleView, name: str, hole: re.Match[str], page: PageView) -> bool:
    """Whether it is surely a variable: the key's, or one that the program speaks of."""
    if name in page.catalog.right_variables:
        return True
    in_shell = checks_of(sample.language).texts_are_code
    if hole[2] is None and name.isupper() and not in_shell:
        return False
    others = re.finditer(rf"(?<![\w$]){re.escape(name)}\s*:?=(?!=)", sample.without_texts)
    return any(not hole.start() <= one.start() < hole.end() for one in others)
