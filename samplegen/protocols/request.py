"""What must go over the wire for a call: where, with which headers, and which body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Access, Catalog, Family, builtin
from samplegen.model.frozen import Json, thaw
from samplegen.model.hosts import further
from samplegen.model.limits import refuse
from samplegen.protocols import protocol
from samplegen.protocols.base import BodyError, Chat, Sent

WORKSPACE = "X-DashScope-WorkSpace"


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
    def of(
        cls, call: Call, key: str, catalog: Catalog | None = None, client: str = "http"
    ) -> Request:
        """The request that a call with that API key is.

        Args:
            key: nothing is sent of it where the region needs none.
            client: `sdk` or `http`: an SDK may send the key in a header of its own.

        Raises:
            InputError: see `endpoint`, and `samplegen.model.limits.refuse`.
        """
        catalog = catalog or builtin()
        place = endpoint_of(call, catalog)
        refuse(call, place.family, catalog)
        headers, body = sending(call, place.family)
        return cls(
            method="POST",
            url=place.url,
            headers={
                **shown(catalog.access(call.region, client), key),
                "Content-Type": "application/json",
                **catalog.headers(call.region),
                **headers,
            },
            body=body,
        )


def shown(access: Access, key: str) -> dict[str, str]:
    """The header with a key, or with what stands there where none is needed."""
    if access.auth is None:
        return {}
    return {access.auth.header: access.auth.prefix + (key if access.env else access.literal)}


def endpoint_of(call: Call, catalog: Catalog) -> Endpoint:
    """Where a call goes.

    Raises:
        InputError: see `endpoint`.
    """
    by_host = call.workspace_by in (None, "host")
    workspace = call.workspace if by_host else None
    return endpoint(call.protocol, call.region, call.model, workspace, catalog, call.host)


@lru_cache(maxsize=1024)
def endpoint(
    protocol: str,
    region: str,
    model: str,
    workspace: str | None,
    catalog: Catalog,
    host: str | None = None,
) -> Endpoint:
    """Where a call goes.

    Raises:
        InputError: an unknown region, a region and workspace or host that do not go
            together, or a model that the protocol cannot serve.
    """
    facts = catalog.protocol(protocol)
    family = catalog.family(model)
    if protocol not in family.protocols:
        raise InputError(
            f"model {model[:60]!r} is not served by protocol {protocol!r}: "
            f"use {' or '.join(family.protocols)}"
        )
    further_host = further(catalog, host) if host else None
    if further_host and further_host.protocols and protocol not in further_host.protocols:
        served = " or ".join(further_host.protocols)
        raise InputError(f"host {host!r} does not speak protocol {protocol!r}: use {served}")
    base_url = catalog.origin(region, workspace, host) + facts.base_path
    return Endpoint(base_url, base_url + facts.paths[family.kind], family)


def sending(call: Call, family: Family) -> Sent:
    """The headers beside the usual ones, and the body, that a call is."""
    messages = [message.as_json() for message in call.messages]
    chat = Chat(call.model, messages, thaw(call.parameters))
    headers, body = protocol(call.protocol).send(chat, family)
    return Sent({**workspace_headers(call), **headers}, body)


def workspace_headers(call: Call) -> dict[str, str]:
    """The header that says whose workspace it is, where one does."""
    if call.workspace_by == "header" and call.workspace:
        return {WORKSPACE: call.workspace}
    return {}


def sent(call: Call, catalog: Catalog) -> Call:
    """The call as its request says it; see `Call.sent`."""
    family = catalog.family(call.model)
    done = protocol(call.protocol).sent(call, family)
    if call.workspace_by == "key":
        return replace(done, workspace=None, workspace_by=None)
    by_header = done.workspace is not None and done.workspace_by == "header"
    return replace(done, workspace_by="header" if by_header else None)


def parse(request: Request, catalog: Catalog | None = None) -> Call:
    """The call that a request is: `parse(request(call)) == call.sent()`.

    Raises:
        InputError: it is no call to a chat model of this catalog.
    """
    catalog = catalog or builtin()
    headers = {name.lower(): value for name, value in request.headers.items()}
    path = urlsplit(request.url).path
    id = _protocol_of(path, catalog)
    region, workspace, host = place_of(request.url, catalog)
    model = request.body.get("model")
    if not isinstance(model, str):
        raise InputError("the body names no model")
    try:
        chat = protocol(id).parse(headers, request.body, catalog.family(model))
    except BodyError as error:
        raise InputError(str(error)) from None
    given: dict[str, Any] = {"host": host, "workspace": workspace}
    if workspace is None and WORKSPACE.lower() in headers:
        given |= {"workspace": headers[WORKSPACE.lower()], "workspace_by": "header"}
    return Call(
        protocol=id,
        region=region,
        model=chat.model,
        messages=chat.messages,  # type: ignore[arg-type]
        parameters=chat.parameters,  # type: ignore[arg-type]
        **given,
    )


def _protocol_of(path: str, catalog: Catalog) -> str:
    for id, facts in catalog.protocols.items():
        if path in {base + one for base in facts.bases for one in facts.paths.values()}:
            return id
    raise InputError(f"{path} is no path of a chat model's call")


class Place(NamedTuple):
    """A region, and the workspace or the further host in a URL."""

    region: str
    workspace: str | None = None
    host: str | None = None


def place_of(url: str, catalog: Catalog) -> Place:
    """Where a URL goes.

    Raises:
        InputError: it is no host of the service.
    """
    host = urlsplit(url).netloc
    if (name := catalog.region_at(host)) is not None:
        return Place(name)
    for name, region in catalog.regions.items():
        before, _, after = (region.workspace_host or "").partition("{workspace}")
        inner = host.removeprefix(before).removesuffix(after)
        if after and host == before + inner + after and inner and "." not in inner:
            return Place(name, inner)
    if (fact := further(catalog, host)) is not None:
        return Place(fact.region, None, host)
    raise InputError(f"{host} is no host of the service")


def usual_url(url: str, catalog: Catalog) -> str:
    """A URL of a call with the usual host and base path in place of others that are right."""
    parts = urlsplit(url)
    name = catalog.region_at(parts.netloc)
    host = catalog.regions[name].host if name else None
    for facts in catalog.protocols.values():
        for end in facts.paths.values():
            if parts.path in [base + end for base in facts.bases]:
                usual = facts.base_path + end
                return parts._replace(netloc=host or parts.netloc, path=usual).geturl()
    return parts._replace(netloc=host or parts.netloc).geturl()


def find_protocol(body: Mapping[str, Any]) -> str | None:
    """The protocol that a body is of by its shape alone, or None for the usual one."""
    from samplegen.protocols import protocol_ids

    return next((id for id in protocol_ids() if protocol(id).is_body(body)), None)
