"""What a program sent and did, against what its call means. Each difference is one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from samplegen.languages import has, part
from samplegen.protocols import protocol
from samplegen.protocols.base import BodyError, Protocol

if TYPE_CHECKING:
    from samplegen.model.catalog import Catalog
    from samplegen.protocols.request import Request
    from samplegen.verify.mock import Exchange


class Leeway(NamedTuple):
    """What may differ in a body, since it means the same or is no matter of the sample.

    Attributes:
        protocol: of the body.
        catalog: a parameter that it types as a number may be 1 or 1.0.
        since: how many messages are the call's own. The ones behind them were the service's
            answers before: they are compared by what they say, not by all of their fields.
        added: values that an SDK adds by itself, by their place such as `parameters.seed`.
    """

    protocol: str
    catalog: Catalog
    since: int
    added: Mapping[str, Any]


def added_by(language: str, protocol: str, client: str, kind: str) -> Mapping[str, Any]:
    """What a client of a language adds to bodies by itself, by its place.

    It stands in the language's room, in `<protocol>_<client>.py`, by the kind of the model's
    family: `ADDED = {"multimodal": {"parameters.enable_search": False}}`, with the version
    of the SDK that was seen to do it.
    """
    own = f"{protocol}_{client}"
    if not has(language, own):
        return {}
    found: Mapping[str, Mapping[str, Any]] = getattr(part(language, own), "ADDED", {})
    return found.get(kind, {})


def compare(
    expected: Request | None,
    got: Exchange,
    key: str,
    leeway: Leeway | None = None,
    shown: Sequence[Mapping[str, str]] | None = None,
    scheme: str = "https",
) -> Iterator[str]:
    """How an exchange differs from the request that it should be, with that API key.

    Bodies are compared as JSON values of the same types: `false` is not `null`, `1`
    is not `1.0`, and an additional field is a difference; but for the leeway.

    Args:
        expected: None where any request will do that the service answers.
        key: empty where none is sent.
        scheme: what is expected where no request is.
        shown: the headers with the key, of which one will do; an empty object is for no such
            header, and with nothing in here any will do. None is the usual one.
    """
    headers: dict[str, list[str]] = {}
    for name, value in got.headers:
        headers.setdefault(name, []).append(value)
    if expected is None:
        method, media_type = "POST", "application/json"
    else:
        url = urlsplit(expected.url)
        scheme, method, media_type = url.scheme, expected.method, expected.headers["Content-Type"]
    yield from _differ("URL scheme", scheme, got.scheme)
    yield from _differ("method", method, got.method)
    if expected is not None:
        usual = ":443" if url.scheme == "https" else ":80"
        yield from _differ("host", url.netloc.lower().removesuffix(usual), got.host.lower())
        yield from _differ("path", url.path, got.path)
    shown = [{"Authorization": f"Bearer {key}"}] if shown is None else shown
    yield from _shows(shown, headers)
    with_key = {"authorization", *(name.lower() for one in shown for name in one)}
    types = headers.get("content-type", [])
    if [_media_type(one) for one in types] != [media_type]:
        yield f"Content-Type header: expected {media_type!r}, got {types}"
    for name, value in got.headers:
        if key and key in value and name not in with_key:
            yield f"{name} header: has the API key, too"
    if key and key in got.path:
        yield "path: has the API key"
    if key and key.encode() in got.body:
        yield "body: has the API key"
    try:
        body = json.loads(got.body, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        yield f"body: not JSON: {error}"
        return
    if expected is None:
        return
    for name, value in expected.headers.items():
        if name.lower() not in with_key and name != "Content-Type":
            yield from _differ(f"{name} header", [value], headers.get(name.lower(), []))
    if leeway is None or not isinstance(body, dict):
        yield from differences(expected.body, body)
        return
    speaks = protocol(leeway.protocol)
    if _streams(speaks, dict(got.headers), body, leeway) and not _streams(
        speaks, {name.lower(): one for name, one in expected.headers.items()}, expected.body, leeway
    ):
        yield "asks for a stream, which the call does not"
    _take_as_meant(expected.body, body, leeway)
    yield from differences(*_messages_as_meant(expected.body, body, leeway))


def _shows(shown: Sequence[Mapping[str, str]], headers: Mapping[str, list[str]]) -> Iterator[str]:
    """How the headers with a key differ from the one of those that comes nearest."""
    names = {name.lower(): name for one in ({"Authorization": ""}, *shown) for name in one}
    came = {name: headers.get(lower, []) for lower, name in names.items()}
    wanted = [{name: [one[name]] if name in one else [] for name in came} for one in shown]
    if wanted and came not in wanted:
        nearest = next((one for one in wanted if any(one[n] and came[n] for n in one)), wanted[0])
        for name in came:
            yield from _differ(f"{name} header", nearest[name], came[name])


def _streams(
    speaks: Protocol, headers: Mapping[str, str], body: dict[str, Any], leeway: Leeway
) -> bool:
    """Whether a request asks for a stream; one that cannot be read does not."""
    try:
        family = leeway.catalog.family(body["model"])
        return speaks.parse(headers, body, family).parameters.get("stream") is True
    except (BodyError, KeyError, TypeError, AttributeError):
        return False


def _take_as_meant(expected: Any, body: dict[str, Any], leeway: Leeway) -> None:
    """Let a body have numbers as they were meant, and not have what its SDK adds."""
    speaks = protocol(leeway.protocol)
    numbers = [
        speaks.path_of(name)
        for name, facts in leeway.catalog.parameters.items()
        if "number" in facts.types
    ]
    for path in numbers:
        meant, holder = _at(expected, path), _at(body, path[:-1])
        if _is_number(meant) and isinstance(holder, dict):
            came = holder.get(path[-1])
            if _is_number(came) and came == meant:
                holder[path[-1]] = meant
    for place, value in leeway.added.items():
        path = place.split(".")
        holder = _at(body, path[:-1])
        there = isinstance(holder, dict) and path[-1] in holder
        if there and _at(expected, path) is None and not any(differences(value, holder[path[-1]])):
            del holder[path[-1]]
            _drop_empty(expected, body, path[:-1])


def _drop_empty(expected: Any, body: dict[str, Any], path: Sequence[str]) -> None:
    """Remove an object that held nothing but what an SDK added."""
    if path and _at(body, path) == {} and _at(expected, path) is None:
        del _at(body, path[:-1])[path[-1]]


def _at(value: Any, path: Iterable[str]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _messages_as_meant(
    expected: dict[str, Any], body: dict[str, Any], leeway: Leeway
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both bodies, as copies, with messages in the form in which they are compared."""
    speaks = protocol(leeway.protocol)
    pair = json.loads(json.dumps(expected)), json.loads(json.dumps(body))
    try:
        meant, came = (speaks.messages_of(one) for one in pair)
    except (KeyError, TypeError):
        return expected, body
    if not (isinstance(meant, list) and isinstance(came, list)):
        return expected, body
    called = {
        call.get("id"): call.get("function", {}).get("name")
        for message in meant
        if isinstance(message, dict)
        for call in message.get("tool_calls") or ()
    }
    for number, (one, other) in enumerate(zip(meant, came, strict=False)):
        if not (isinstance(one, dict) and isinstance(other, dict)):
            continue
        answered = number >= leeway.since
        if one.get("role") == other.get("role") == "assistant":
            _say_the_same(one, answered)
            _say_the_same(other, answered)
        elif answered and one.get("role") == other.get("role") == "tool":
            # Some SDKs repeat the name of the function.
            name = called.get(other.get("tool_call_id"))
            if name is not None and "name" not in one and other.get("name") == name:
                del other["name"]
    return pair


# What is no content: beside calls of tools, all are the same.
_NOTHING: list[Any] = [None, "", [], [{"text": ""}]]


def _say_the_same(message: dict[str, Any], answered: bool) -> None:
    """Leave in a message of an assistant what it says.

    Args:
        answered: it was an answer, whose further fields an SDK may repeat or leave out.
    """
    if message.get("tool_calls") and message.get("content") in _NOTHING:
        message.pop("content", None)
    if not answered:
        return
    for name in [*message]:
        if name not in ("role", "content", "tool_calls") or message[name] in (None, []):
            del message[name]
    if isinstance(calls := message.get("tool_calls"), list):
        message["tool_calls"] = [_essence(one) if isinstance(one, dict) else one for one in calls]


def _essence(call: Mapping[str, Any]) -> dict[str, Any]:
    """What a call of a tool says: its arguments as JSON, where they are."""
    function = call.get("function")
    function = function if isinstance(function, dict) else {}
    arguments = function.get("arguments")
    if isinstance(arguments, str):
        with suppress(ValueError):
            arguments = json.loads(arguments)
    return {"id": call.get("id"), "name": function.get("name"), "arguments": arguments}


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
