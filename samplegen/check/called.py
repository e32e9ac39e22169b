"""The calls of chat models in a sample, and where in it a field stands."""

from __future__ import annotations

import re

from samplegen.check.language import checks_of
from samplegen.check.places import region_of, urls
from samplegen.check.rule import PageView, SampleView
from samplegen.check.slips import SERVES, host_slip, one_letter_off
from samplegen.languages import part
from samplegen.model.catalog import Catalog
from samplegen.protocols import protocol
from samplegen.readback import Invocation, ReadCall, Value


def chats(sample: SampleView, page: PageView) -> list[ReadCall]:
    """The calls that a sample makes to the service's chat models."""
    call = sample.call
    return [
        one
        for one in (call, *call.others)
        if one.api == "chat"
        and one.protocol in page.catalog.protocols
        and _is_served(one, page.catalog)
    ]


def served(sample: SampleView, page: PageView) -> list[ReadCall]:
    """The calls that a sample makes to the service, also those of its other APIs."""
    call = sample.call
    return [
        one for one in (call, *call.others) if one.api is not None and _is_served(one, page.catalog)
    ]


def _is_served(call: ReadCall, catalog: Catalog) -> bool:
    """Whether nothing says that a call is for another service."""
    address = call.address
    found = urls(address.value) if address and isinstance(address.value, str) else ()
    return not found or any(
        catalog.host_kind(url.host) in SERVES
        or host_slip(url.host, catalog)
        or re.search(r"[${}<>]", url.host)
        for url in found
    )


def region_called(call: ReadCall, catalog: Catalog) -> str:
    """The region that a call is sent to; the usual one where its address does not say."""
    address = call.address
    found = urls(address.value) if address and isinstance(address.value, str) else ()
    regions = (region_of(url.host, catalog) for url in found)
    return next(filter(None, regions), catalog.defaults.region)


def invocation(sample: SampleView, call: ReadCall) -> Invocation | None:
    """The function that makes a call."""
    places = ((one.start, one.end) for one in sample.call.calls)
    found = zip(places, sample.call.calls, strict=True)
    return next((one for place, one in found if place == (call.start, call.end)), None)


def through_openai(sample: SampleView, call: ReadCall) -> bool:
    """Whether a call goes through the OpenAI SDK itself, and not one that looks like it."""
    module = checks_of(sample.language).sdk_module
    if not module or call.client != "sdk" or call.kind is not None or call.framework:
        return False
    roots = {re.split(r"[./]", one.name)[0] for one in sample.call.imports}
    made = any(re.search(r"(?:^|\.)(?:Async)?OpenAI$", one.name) for one in sample.call.calls)
    return module in roots or made


# A name stands close before its value: `temperature=`, `"temperature": `, `.temperature(`.
_FARTHEST = 200


def named_place(sample: SampleView, name: str, value: Value) -> tuple[int, int]:
    """Where the name of a field stands, else its value."""
    code = sample.code
    for start in (value.start, value.start + 1):
        before = max(start - _FARTHEST, 0)
        for written in (name, _camel(name), _camel(name)[:1].upper() + _camel(name)[1:]):
            at = code.rfind(written, before, start)
            if at >= 0 and not re.search(r"[\n;{}]\s*\S", code[at + len(written) : start]):
                return at, at + len(written)
    return value.start, value.end


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def parameter_slip(name: str, catalog: Catalog) -> str | None:
    """Which parameter a name is a slip of; None if it is right, or another one that may exist."""
    for mistake in catalog.mistakes:
        if mistake.kind == "parameter" and mistake.wrong == name:
            return mistake.right
    known = ("model", "messages", *_known(catalog))
    if not catalog.parameters or name in known or name in _elsewhere():
        return None
    folded = {_fold(one): one for one in known}
    if _fold(name) in folded:
        return folded[_fold(name)]
    for one in known:
        longer = abs(len(one) - len(name)) == 1 or sorted(one) == sorted(name)
        if len(one) > 3 and one_letter_off(name, one) and (longer or len(one) > 5):
            return one
    return None


def response_slip(name: str) -> str | None:
    """Which field of the Responses API a name is a slip of; see `parameter_slip`."""
    known: frozenset[str] = part("python", "openai_sdk").RESPONSES
    if name in known:
        return None
    if name in ("max_tokens", "max_token", "maxTokens"):
        return "max_output_tokens"
    folded = {_fold(one): one for one in known}
    near = (one for one in sorted(known) if len(one) > 4 and one_letter_off(name, one))
    return folded.get(_fold(name)) or next(near, None)


def _known(catalog: Catalog) -> list[str]:
    return [name for name, facts in catalog.parameters.items() if facts.place != "header"]


def _elsewhere() -> frozenset[str]:
    """What the OpenAI SDK sends, beside what the service speaks of."""
    known: frozenset[str] = part("python", "openai_sdk").ARGUMENTS
    return known | {"top_n", "input", "prompt", "parameters", "extra_body"}


def _fold(name: str) -> str:
    return re.sub(r"[_-]", "", name).lower()


def in_its_place(call: ReadCall, name: str) -> bool:
    """Whether an option of an HTTP request stands where its protocol wants it."""
    place = call.places.get(name)
    if call.client != "http" or place is None or call.protocol is None:
        return True
    path = protocol(call.protocol).path_of(name)
    return place == (path[0] if len(path) > 1 else "body")
