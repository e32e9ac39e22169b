"""The call that a sample makes, as a `Call`, where its text says all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from samplegen.call import Call
    from samplegen.check.rule import SampleView


def meant(sample: SampleView) -> Call | None:
    """The call of a sample; None where it says too little, or more than a call can.

    Raises:
        InputError: it says what no call may.
    """
    from samplegen.call import Call, Message

    read = sample.call
    catalog = sample.catalog
    if not read.complete or read.model is None or not read.model.known or not read.messages:
        return None
    messages: list[Any] = []
    for role, content, *_ in read.messages:
        if role is None or content is None or not (role.known and content.known):
            return None
        if not isinstance(content.value, str):
            return None
        messages.append(Message(role.value, content.value))  # type: ignore[arg-type]
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
