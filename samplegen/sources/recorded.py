"""The call of a request that a browser or a proxy recorded: HTTP Archive (HAR) 1.2."""

from __future__ import annotations

import json
from typing import Any

from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.call_file import parse as parse_data
from samplegen.model.catalog import Catalog
from samplegen.protocols.request import Request, parse
from samplegen.sources import Source
from samplegen.sources.differing import of_address, of_body

# What a client sends by itself, and what says who it is.
_OWN = {
    "accept", "accept-encoding", "accept-language", "connection", "content-length",
    "content-type", "host", "user-agent", "x-dashscope-sse", "x-dashscope-workspace",
}  # fmt: skip
_SECRET = ("authorization", "cookie")


def of_har(text: str, where: str, catalog: Catalog) -> Source:
    """The first call to a chat model in a recording.

    Raises:
        InputError: it is no recording, or there is no such call in it.
    """
    data = parse_data(text, where, ".json")
    log = data.get("log") if isinstance(data, dict) else None
    if not isinstance(log, dict):
        raise InputError(f"{where}: is no recording: HAR is an object with 'log'")
    return of_log(log, where, catalog)


def of_log(log: dict[str, Any], where: str, catalog: Catalog) -> Source:
    """The first call to a chat model in a recording's log.

    Raises:
        InputError: there is none.
    """
    why = "there is no request with a body of JSON in it"
    found: list[tuple[Call, Request]] = []
    for entry in _list(log.get("entries")):
        request = _of_entry(entry)
        if request is None:
            continue
        try:
            found.append((parse(request, catalog), request))
        except (InputError, KeyError, TypeError, AttributeError) as error:
            why = str(error) if isinstance(error, InputError) else "its body is of no form"
    if not found:
        raise InputError(f"{where}: has no call to a chat model: {why}")
    call, request = found[0]
    beyond = _beyond(request.headers, catalog, len(found))
    elsewhere = of_address(request.url, call, catalog)
    return Source(call, (*beyond, *elsewhere, *of_body(request.body, call, catalog)))


def _of_entry(entry: object) -> Request | None:
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(request, dict) or request.get("method") != "POST":
        return None
    data = request.get("postData")
    try:
        body = json.loads(data["text"]) if isinstance(data, dict) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    headers = {
        str(one["name"]): str(one["value"])
        for one in _list(request.get("headers"))
        if isinstance(one, dict) and {"name", "value"} <= one.keys()
    }
    return Request("POST", str(request.get("url")), headers, body)


def _beyond(headers: dict[str, str], catalog: Catalog, calls: int) -> list[str]:
    """What a recording says that a call does not hold."""
    said = []
    for name in headers:
        low = name.lower()
        if low in _SECRET:
            said.append(f"the {name} header is a secret: it is not taken over")
        elif not low.startswith((":", "sec-")) and low not in _OWN:
            said.append(f"the header {name} is not taken over")
    if calls > 1:
        said.append(f"it has {calls} calls to a chat model: this is the first")
    return said


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
