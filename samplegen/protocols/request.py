"""What must go over the wire for a call. Nothing else knows a URL or the shape of a body."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, Family, builtin

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class Endpoint(NamedTuple):
    """Where a call goes: the SDKs' base URL, the whole URL, and the family of the model there."""

    base_url: str
    url: str
    family: Family


class Request(NamedTuple):
    """An HTTP request. `body` is JSON: numbers, booleans and null keep their types."""

    method: str
    url: str
    headers: dict[str, str]
    body: dict[str, Json]

    @classmethod
    def of(cls, call: Call, key: str, catalog: Catalog | None = None) -> Request:
        """The request that a call with that API key is.

        Raises:
            InputError: see `endpoint`.
        """
        place = endpoint(
            call.protocol, call.region, call.model, call.workspace, catalog or builtin()
        )
        messages = [(message.role, message.content) for message in call.messages]
        return cls(
            method="POST",
            url=place.url,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            body=body(call.protocol, place, call.model, messages),
        )


@lru_cache(maxsize=1024)
def endpoint(
    protocol: str, region: str, model: str, workspace: str | None, catalog: Catalog
) -> Endpoint:
    """Where a call goes.

    Raises:
        InputError: an unknown region, a region and workspace that do not go
            together, or a model that the protocol cannot serve.
    """
    facts = catalog.protocol(protocol)
    family = catalog.family(model)
    if protocol not in family.protocols:
        raise InputError(
            f"model {model[:60]!r} is not served by protocol {protocol!r}: "
            f"use {' or '.join(family.protocols)}"
        )
    if family.streams_only:
        raise InputError(
            f"model {model[:60]!r} answers only as a stream, which samples do not show yet: "
            f"choose another, such as {catalog.defaults.model!r}"
        )
    base_url = catalog.origin(region, workspace) + facts.base_path
    return Endpoint(base_url, base_url + facts.paths[family.kind], family)


def body(
    protocol: str, place: Endpoint, model: Any, messages: Iterable[tuple[str, Any]]
) -> dict[str, Json]:
    """The JSON body. `model` and the contents of `messages` are placed as they are given."""
    if protocol == "openai":
        return {
            "model": model,
            "messages": [{"role": role, "content": content} for role, content in messages],
            **place.family.options,
        }
    # The multimodal endpoint takes content in parts only, and always answers in messages.
    multimodal = place.family.kind == "multimodal"
    parameters = {**({} if multimodal else {"result_format": "message"}), **place.family.options}
    return {
        "model": model,
        "input": {
            "messages": [
                {"role": role, "content": [{"text": text}] if multimodal else text}
                for role, text in messages
            ]
        },
        **({"parameters": parameters} if parameters else {}),
    }
