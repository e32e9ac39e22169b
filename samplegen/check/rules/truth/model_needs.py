"""T111 model-needs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("T111", "model-needs")
def model_needs(sample: SampleView, page: PageView) -> Iterable[Problem]:
    """A model that answers only to a stream or an option, called without it: the answer is 400."""
    call = sample.call
    model = call.model
    if model is None or not model.known or not isinstance(model.value, str):
        return
    family = page.catalog.family(model.value)
    if call.stream is not None and call.stream.value is not False:
        return
    if family.streams_only:
        yield Problem(model.start, model.end, f"`{model.value}` answers only as a stream")
        return
    for name, value in family.options.items():
        said = call.options.get(name)
        if said is None or (said.known and said.value != value):
            message = f"without a stream `{model.value}` needs `{name}`: {json.dumps(value)}"
            yield Problem(model.start, model.end, message)
