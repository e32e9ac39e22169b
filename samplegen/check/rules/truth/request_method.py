"""T119 request-method."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import served
from samplegen.check.rule import PageView, Problem, SampleView, rule


@rule("T119", "request-method")
def request_method(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A request with a body that is sent by another method than POST: nothing answers it."""
    for call in served(sample, page):
        method = call.method
        if call.api not in _POSTED or call.client != "http" or call.guessed:
            continue
        if method is None or not method.known:
            continue
        said = str(method.value).upper()
        if said.isalpha() and said != "POST" and (call.messages or call.model):
            yield Problem(method.start, method.end, f"a call is sent by POST, not by {said}")


# The APIs that answer a body with a model in it.
_POSTED = frozenset({"chat", "completions", "embeddings", "responses"})
