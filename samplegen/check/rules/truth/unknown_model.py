"""T104 unknown-model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("T104", "unknown-model")
def unknown_model(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A model's name with a slip in it: the service answers that there is no such model."""
    model = sample.call.model
    if model is None or not model.known or not isinstance(model.value, str):
        return
    name, known = model.value, page.catalog.models
    if name in known or any(name.startswith(f"{one}-") for one in known):
        return
    alike = [one for one in known if re.findall(r"\d+", one) == re.findall(r"\d+", name.lower())]
    near = get_close_matches(name.lower(), alike, n=1, cutoff=0.82)
    if not near or page.catalog.family(name).streams_only:
        return
    at = sample.code.find(name, model.start, model.end)
    start = model.start if at < 0 else at
    end = model.end if at < 0 else at + len(name)
    fix = None if at < 0 else Fix(start, end, near[0], safe=name.lower() == near[0])
    yield Problem(start, end, f"unknown model `{name}`: did you mean `{near[0]}`?", fix)
