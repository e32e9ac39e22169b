"""T117 message-form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from samplegen.check.called import chats
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.check.slips import one_letter_off
from samplegen.model.catalog import TEXT
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


# The parts of the two protocols, and what in each is the other's.
_OPENAI = ("text", "image_url", "video_url", "video", "input_audio")
_DASHSCOPE = {"image": "image_url", "audio": "input_audio", "video": "video_url"}
# The parts of other APIs.
_OTHERS = frozenset({"image", "audio", "document", "input_image", "input_text", "output_text"})


def _of_part(part: Value, call: ReadCall) -> str | None:
    """What is wrong with the form of a part."""
    assert isinstance(part.inner, Mapping)
    kind = part.at("type")
    if call.protocol != "openai":
        found = next(
            (name for name in ("image_url", "video_url", "input_audio") if part.at(name)), None
        )
        if found is None:
            return None
        right = next(name for name, one in _DASHSCOPE.items() if one == found)
        return f'this protocol has no part `{found}`: write {{"{right}": "…"}}'
    if kind is None:
        found = next((name for name in _DASHSCOPE if part.at(name)), None)
        if found is not None:
            right = _DASHSCOPE[found]
            return f"this protocol has no part `{found}`: its type is `{right}`"
        text = part.at("text")
        if text is not None and len(part.inner) == 1:
            return 'a part says its type: {"type": "text", "text": "…"}'
        return None
    if not kind.known or not isinstance(kind.value, str):
        return None
    if kind.value in ("image_url", "video_url"):
        url = part.at(kind.value)
        if url is not None and isinstance(url.value, str) and not isinstance(url.inner, Mapping):
            if url.known or not re.fullmatch(r"\$\{[^{}]*\}", url.value):
                return f'`{kind.value}` is an object: {{"url": "…"}}'
    if kind.value in _OTHERS or any(one_letter_off(kind.value, one) for one in _OPENAI[1:]):
        if kind.value not in _OPENAI:
            return f"there is no type `{kind.value}` of a part: {', '.join(_OPENAI)}"
    return None


_PART_OF = {"image": "image_url", "audio": "input_audio", "video": "video"}


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
    named = [_PART_OF.get(str(name), str(name)) for name in names]
    seen = next((name for name in named if name in _OPENAI[1:]), None)
    return f"`{model.value}` takes text alone: input content must be a string." if seen else None
