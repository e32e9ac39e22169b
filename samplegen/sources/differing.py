"""How two calls differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.protocols import protocol
from samplegen.protocols.request import endpoint_of, sending

_NOTHING = object()
_LONGEST = 80


def differences(one: Call, other: Call) -> Iterator[tuple[str, str, str]]:
    """The places in which two calls differ, and what each says there.

    Yields:
        the path, such as `messages[0].content`, and two values as JSON, cut where they are
        long; `-` is for one that says nothing.
    """
    yield from _differ(one.as_json(), other.as_json(), "")


def changes(messages: Any, parameters: Any, call: Call, catalog: Catalog) -> Iterator[str]:
    """What the request of a call says otherwise than its source, a line each.

    Args:
        messages, parameters: what the source says, in the protocol's form.
    """
    spoken = protocol(call.protocol)
    _, body = sending(call, catalog.family(call.model))
    asked, sent = dict(parameters), spoken.parameters_of(body)
    for one in (asked, sent):
        # Whether it streams, a source may say by a header or by a function.
        one.pop("stream", None)
    found = (
        *_differ(messages, spoken.messages_of(body), "messages"),
        *_differ(asked, sent, ""),
    )
    for place, before, after in found:
        if after == _shown(_NOTHING):
            yield f"{place}: {before} is left out"
        elif before == _shown(_NOTHING):
            yield f"{place}: {after} is added"
        else:
            yield f"{place}: {before} is sent as {after}"


def of_address(address: str, call: Call, catalog: Catalog) -> Iterator[str]:
    """Where a call goes, where its source says another URL that is right, or a wrong one.

    Args:
        address: the URL of a request, or the base URL that an SDK is given.
    """
    place = endpoint_of(call, catalog)
    said = address.rstrip("/")
    if said.lower() not in (place.url.lower(), place.base_url.lower()):
        path = place.url.removeprefix(place.base_url)
        ours = place.url if "?" in said or said.endswith(path) else place.base_url
        yield f"the address {said} is written as {ours}"


def of_body(body: Mapping[str, Any], call: Call, catalog: Catalog) -> Iterator[str]:
    """What the request of a call says otherwise than the body that it was read from."""
    spoken = protocol(call.protocol)
    whole = dict(body)
    return changes(spoken.messages_of(whole), spoken.parameters_of(whole), call, catalog)


def _differ(one: Any, other: Any, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            inner = f"{path}.{key}" if path else key
            yield from _differ(one.get(key, _NOTHING), other.get(key, _NOTHING), inner)
    elif isinstance(one, list) and isinstance(other, list):
        for number in range(max(len(one), len(other))):
            inner = f"{path}[{number}]"
            yield from _differ(_item(one, number), _item(other, number), inner)
    elif one is _NOTHING or other is _NOTHING or _text(one) != _text(other):
        yield path, _shown(one), _shown(other)


def _item(items: list[Any], number: int) -> Any:
    return items[number] if number < len(items) else _NOTHING


def _text(value: Any) -> str:
    # 1 and 1.0, and true and 1, are other JSON.
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _shown(value: Any) -> str:
    if value is _NOTHING:
        return "-"
    text = _text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
