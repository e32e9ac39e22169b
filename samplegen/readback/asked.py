"""The call that was read, as a `Call`."""

from __future__ import annotations

from typing import Any

from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.model.frozen import Json
from samplegen.protocols import protocol
from samplegen.protocols.base import Protocol
from samplegen.protocols.request import WORKSPACE, place_of
from samplegen.readback.model import ReadCall


def call_of(read: ReadCall, catalog: Catalog) -> Call | None:
    """What a program asks, as far as a call can say it: not its headers, nor a client's settings.

    None where it says too little, or what only running would tell, or where it stands in
    a place where the service does not look for it, or goes to another service.

    Raises:
        InputError: it says what no call may, such as a role that there is not.
    """
    if read.protocol not in catalog.protocols or not read.complete or read.api != "chat":
        return None
    if read.gaps or read.address is None or read.model is None:
        return None
    spoken = protocol(read.protocol)
    try:
        region, workspace, host = place_of(str(read.address.value), catalog)
    except InputError:
        return None
    if not all(_is_in_place(name, read, spoken) for name in read.options):
        return None
    messages = []
    for message in read.messages:
        if message.role is None:
            return None
        said: dict[str, Json] = {"role": message.role.value}
        if message.content is not None:
            said["content"] = message.content.value
        messages.append(said | {name: one.value for name, one in message.more.items()})
    asked: dict[str, Any] = {name: one.value for name, one in read.options.items()}
    streams = read.stream is not None and read.stream.value is True
    if read.stream is not None and not spoken.stream_header:
        asked["stream"] = read.stream.value
    model = str(read.model.value)
    try:
        chat = spoken.chat(model, messages, asked, streams, catalog.family(model))
    except (KeyError, TypeError, AttributeError):
        # A message or a part that is of no form at all.
        return None
    by_header = next((v for n, v in read.headers.items() if n.lower() == WORKSPACE.lower()), None)
    by_header = by_header or read.settings.get("workspace")
    given: dict[str, Any] = {"host": host, "workspace": workspace}
    if workspace is None and by_header is not None:
        given |= {"workspace": by_header.value, "workspace_by": "header"}
    return Call(
        protocol=read.protocol,
        region=region,
        model=chat.model,
        messages=chat.messages,  # type: ignore[arg-type]
        parameters=chat.parameters,  # type: ignore[arg-type]
        **given,
    )


def _is_in_place(name: str, read: ReadCall, spoken: Protocol) -> bool:
    """Whether an option stands where the protocol wants it; an SDK puts it there."""
    place, path = read.places.get(name), spoken.path_of(name)
    if read.client != "http" or place is None:
        return True
    return place == (path[0] if len(path) > 1 else "body")
