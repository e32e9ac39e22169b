"""What a program sent and did, against what its call means. Each difference is one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from samplegen.protocols.request import Request
    from samplegen.verify.mock import Exchange


def compare(expected: Request | None, got: Exchange, key: str) -> Iterator[str]:
    """How an exchange differs from the request that it should be, with that API key.

    Bodies are compared as JSON values of the same types: `false` is not `null`, `1`
    is not `1.0`, and an additional field is a difference.

    Args:
        expected: None where any request will do that the service answers.
    """
    headers: dict[str, list[str]] = {}
    for name, value in got.headers:
        headers.setdefault(name, []).append(value)
    if expected is None:
        scheme, method, media_type = "https", "POST", "application/json"
    else:
        url = urlsplit(expected.url)
        scheme, method, media_type = url.scheme, expected.method, expected.headers["Content-Type"]
    yield from _differ("URL scheme", scheme, got.scheme)
    yield from _differ("method", method, got.method)
    if expected is not None:
        yield from _differ("host", url.hostname, got.host.lower())
        yield from _differ("path", url.path, got.path)
    yield from _differ("Authorization header", [f"Bearer {key}"], headers.get("authorization", []))
    types = headers.get("content-type", [])
    if [_media_type(one) for one in types] != [media_type]:
        yield f"Content-Type header: expected {media_type!r}, got {types}"
    for name, value in got.headers:
        if key in value and name != "authorization":
            yield f"{name} header: has the API key, too"
    if key in got.path:
        yield "path: has the API key"
    if key.encode() in got.body:
        yield "body: has the API key"
    try:
        body = json.loads(got.body, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        yield f"body: not JSON: {error}"
        return
    if expected is not None:
        yield from differences(expected.body, body)


def _differ(what: str, expected: object, got: object) -> Iterator[str]:
    if expected != got:
        yield f"{what}: expected {expected!r}, got {got!r}"


def _media_type(value: str) -> str:
    """A content type without the one charset that JSON has: RFC 8259, section 8.1."""
    media, _, parameters = value.lower().partition(";")
    return media.strip() if parameters.strip() in ("", "charset=utf-8") else value


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return value


def differences(expected: Any, got: Any, place: str = "body") -> Iterator[str]:
    """Where two JSON values differ, types included."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected.keys() | got.keys():
            if key not in got:
                yield f"{place}.{key}: is missing"
            elif key not in expected:
                yield f"{place}.{key}: should not be there: {_show(got[key])}"
            else:
                yield from differences(expected[key], got[key], f"{place}.{key}")
    elif isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            yield f"{place}: expected {len(expected)} items, got {len(got)}"
        for number, (one, other) in enumerate(zip(expected, got, strict=False)):
            yield from differences(one, other, f"{place}[{number}]")
    elif type(expected) is not type(got) or json.dumps(expected) != json.dumps(got):
        yield f"{place}: expected {_show(expected)}, got {_show(got)}"


def _show(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
