"""T125 foreign-model."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import served
from samplegen.check.places import urls
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.slips import SERVES


@rule("T125", "foreign-model")
def foreign_model(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A model that only another provider has, in a call to this service: the answer is 404."""
    for call in served(sample, page):
        model, address = call.model, call.address
        if model is None or not model.known or not isinstance(model.value, str):
            continue
        owner = page.catalog.other_provider(model.value)
        if owner is None:
            continue
        hosts = urls(str(address.value)) if address is not None else ()
        if any(page.catalog.host_kind(one.host) in SERVES for one in hosts):
            message = f"`{model.value}` is a model of {owner}: this service does not have it"
            yield Problem(model.start, model.end, message)
