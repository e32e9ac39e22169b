"""T104 unknown-model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.prose import words_in_code
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.slips import Slip, model_slip, one_letter_off
from samplegen.model.catalog import Retired
from samplegen.readback import Value


@page_rule("T104", "unknown-model")
def unknown_model(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A model's name with a slip in it, or a model that is retired: the service has none such.

    A name that is no slip of a known one, such as a new model's, is left alone.
    """
    for sample, model in _asked(page):
        if not model.known or not isinstance(model.value, str):
            continue
        name = model.value
        if retired := page.catalog.retired(name):
            yield sample, _retired(sample, model, name, retired)
            continue
        slip = model_slip(name, page.catalog)
        if slip is None:
            continue
        at = sample.code.find(name, model.start, model.end)
        start = model.start if at < 0 else at
        end = model.end if at < 0 else at + len(name)
        yield sample, _problem(start, end, name, slip, may_mend=at >= 0)
    for start, line in page.prose():
        for at, name in words_in_code(line, _NAME):
            slip = model_slip(name, page.catalog)
            # Prose may write a name as it likes, and a line with both speaks of the slip.
            if slip is None or not slip.right or slip.right in line:
                continue
            if one_letter_off(name, slip.right):
                begin = start + at
                yield None, _problem(begin, begin + len(name), name, slip, may_mend=True)


def _asked(page: PageView) -> Iterator[tuple[SampleView, Value]]:
    """The models that the page's samples ask, each where it stands."""
    for sample in page.told:
        seen = set()
        for call in (sample.call, *sample.call.others):
            if call.model is not None and call.model.start not in seen:
                seen.add(call.model.start)
                yield sample, call.model


_NAME = re.compile(r"(?<![\w./-])[a-z][\w.]*(?:-[\w.]+)+(?![\w/-])", re.ASCII)


def _retired(sample: SampleView, model: Value, name: str, retired: Retired) -> Problem:
    at = sample.code.find(name, model.start, model.end)
    message = f"model `{name}` is retired since {retired.since}{retired.advice}"
    if at < 0:
        return Problem(model.start, model.end, message)
    end = at + len(name)
    fix = Fix(at, end, retired.instead, safe=False) if retired.instead else None
    return Problem(at, end, message, fix)


def _problem(start: int, end: int, name: str, slip: Slip, *, may_mend: bool) -> Problem:
    safe = slip.right is not None and name.lower() == slip.right.lower()
    fix = Fix(start, end, slip.right, safe) if may_mend and slip.right else None
    return Problem(start, end, f"unknown model `{name}`: did you mean `{slip.nearest}`?", fix)
