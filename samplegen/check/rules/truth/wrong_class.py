"""T123 wrong-class."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import chats
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.model.catalog import TEXT


@rule("T123", "wrong-class")
def wrong_class(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A class of the SDK that is for other models: the answer is "url error, please check url"."""
    for call in chats(sample, page):
        model, kind = call.model, call.kind
        if kind is None or model is None or not model.known or not isinstance(model.value, str):
            continue
        family = page.catalog.family(model.value)
        # Which of the two takes other vendors' models changes.
        if family is TEXT or family.kind == kind.name or call.protocol not in family.protocols:
            continue
        right = _CLASSES.get(family.kind)
        if right:
            message = f"`{model.value}` is called through `{right}`: here the URL is wrong"
            yield Problem(kind.start, kind.end, message)


_CLASSES = {"text": "Generation", "multimodal": "MultiModalConversation"}
