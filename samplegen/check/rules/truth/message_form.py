"""T117 message-form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samplegen.check.called import chats
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.model.catalog import TEXT
from samplegen.protocols import protocol
from samplegen.protocols.base import ROLES
from samplegen.readback import ReadCall, Value

# `developer` and `function` are OpenAI's, the last two the DashScope SDKs'.
_ROLES = frozenset((*ROLES, "developer", "function", "bot", "attachment", "plugin"))


@rule("T117", "message-form")
def message_form(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A role, or a part of a message, that there is not, or that is the other protocol's."""
    for call in chats(sample, page):
        for message in call.messages:
            role = message.role
            if role is not None and role.known and role.value not in _ROLES:
                names = ", ".join(ROLES)
                yield Problem(
                    role.start, role.end, f"a message has no role `{role.value}`: {names}"
                )
            inner = message.content.inner if message.content is not None else None
            for part in inner if isinstance(inner, tuple) else ():
                if isinstance(part.inner, Mapping):
                    words = _of_part(part, call) or _of_model(part, call, page)
                    if words:
                        yield Problem(part.start, part.end, words)


def _of_part(part: Value, call: ReadCall) -> str | None:
    """What is wrong with the form of a part."""
    said = part.value
    return protocol(str(call.protocol)).part_slip(said) if isinstance(said, Mapping) else None


# What is no text, in any protocol.
_SEEN = frozenset({"image", "image_url", "video", "video_url", "audio", "input_audio"})


def _of_model(part: Value, call: ReadCall, page: PageView) -> str | None:
    """Whether a model does not take a part of that type."""
    model = call.model
    if model is None or not model.known or not isinstance(model.value, str):
        return None
    family = page.catalog.family(model.value)
    if family is TEXT or family.parts is None or family.parts:
        # Of models that see, which parts each takes is told in too many ways.
        return None
    kind = part.at("type")
    names = [str(kind.value)] if kind is not None and kind.known else [*(part.inner or ())]
    seen = any(name in _SEEN for name in names)
    return f"`{model.value}` takes text alone: input content must be a string." if seen else None
