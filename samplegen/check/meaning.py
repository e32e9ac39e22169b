"""The call that a sample is to make, as a `Call`, where texts say all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from samplegen.check.groups import groups, usual_of
from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.check.rule import PageView, SampleView
    from samplegen.model.call import Call
    from samplegen.model.frozen import Json


def intended(sample: SampleView, page: PageView) -> Call | None:
    """The call that a sample is to make: the page's, else what most samples beside it make.

    Raises:
        InputError: it says what no call may.
    """
    if page.call:
        protocol = sample.call.protocol or page.call.protocol
        return replace(page.call, protocol=protocol)
    own = meant(sample)
    group = next((one for one in groups(page) if any(sample is beside for beside in one)), [])
    if own is None or not group:
        return own
    usual = usual_of(call.messages for one in group if (call := _perhaps(one)))
    # Another model may be what the sample is there to show.
    return replace(own, messages=usual) if usual else own


def _perhaps(sample: SampleView) -> Call | None:
    try:
        return meant(sample)
    except InputError:
        return None


def meant(sample: SampleView) -> Call | None:
    """The call of a sample; None where it says too little, or more than a call can.

    Raises:
        InputError: it says what no call may.
    """
    from samplegen.model.call import Call, Message

    read = sample.call
    catalog = sample.catalog
    if not read.complete or read.model is None or not read.model.known or not read.messages:
        return None
    messages: list[Any] = []
    for role, content, *_ in read.messages:
        if role is None or content is None or not (role.known and content.known):
            return None
        text = _text(content.value)
        if text is None:
            return None
        messages.append(Message(role.value, text))  # type: ignore[arg-type]
    sent = {name: value.value for name, value in read.options.items() if name != "result_format"}
    if sent != catalog.family(str(read.model.value)).options or (
        read.stream is not None and read.stream.value is not False
    ):
        return None
    place = read.base_url or read.url
    host = urlsplit(str(place.value)).netloc if place else ""
    region = next(
        (name for name, one in catalog.regions.items() if one.host and one.host == host),
        catalog.defaults.region,
    )
    return Call(
        protocol=read.protocol or catalog.defaults.protocol,
        region=region,
        model=str(read.model.value),
        messages=tuple(messages),
    )


def _text(content: Json) -> str | None:
    """The text of a message, where that is all that its content is."""
    if isinstance(content, list) and len(content) == 1:
        # Models that see images take a list of parts.
        part = content[0]
        if isinstance(part, dict) and set(part) <= {"type", "text"}:
            content = part.get("text")
    return content if isinstance(content, str) else None
