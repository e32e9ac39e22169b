"""Which samples call the catalog's service, or are meant to; and what the others are.

Pages also show other services, other APIs of this one, installations, and code around a call:
that is not for rules on calls of this service to judge.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from samplegen.check.facts import any_chat
from samplegen.check.places import region_of, urls
from samplegen.check.slips import SERVES, host_slip, model_slip
from samplegen.model.catalog import Catalog
from samplegen.readback import ReadCall, can_read
from samplegen.readback.frameworks import framework_of

Standing = Literal[
    "judged", "framework", "another API", "another service", "no reader", "not read", "no call"
]
"""What a sample is to the rules. `judged`: a call of the service, read back. `framework`: one
through a framework, of which only the address, the key and the model are judged. `another API`:
of this service, but no chat call. `no reader`: in a language that none can read, though it names
the service; `not read`: too long or nested too deep. `no call`: code that calls no model."""

# Parts of a path that many services have.
_COMMON = re.compile(r"api|v\d\w*|chat|completions|openai")

# A stand-in or another server on the reader's own machine or network.
_LOCAL = re.compile(r"(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1\]|[\w-]+)(?::\d+)?")

# What calls another API than chat: an attribute of an SDK's client, or one of its classes.
_OTHER_CALL = re.compile(
    r"(?:^|\.)(?:embeddings|images|audio|speech|transcriptions|translations|files|batches"
    r"|responses|conversations|fineTuning|fine_tuning|moderations|assistants|threads|realtime"
    r"|videos|vector_?[sS]tores)\b"
    r"|\b(?:\w*Embedding|\w*Synthesi[sz]\w*|\w*Recogni\w+|\w*Transcription\w*|\w*ReRank|Application"
    r"|Assistants?|\w*Realtime\w*|Image[A-Z]\w*|Video[A-Z]\w*|VoiceEnrollment\w*|Vocabulary\w*"
    r"|Files?|Tokenization|\w*TtsService|Understanding)(?:Client)?(?=\.|$)",
    re.ASCII,
)


# What calls a chat model through an SDK, in a text that does not parse.
_CHAT_CALL = re.compile(
    r"\bchat\.completions\.create\b|\b(?:Generation|MultiModalConversation)\.call\b"
    r"|\b(?:ChatCompletionCreate|Generation|MultiModalConversation)Param"
)


def standing(language: str, code: str, call: ReadCall, catalog: Catalog) -> Standing:
    """What a sample is to the rules.

    Args:
        call: what was read back from `code`.
    """
    if not can_read(language):
        return "no reader" if names_service(code, catalog) else "no call"
    if not call.complete:
        return "not read"
    if framework_of(call.imports) is not None:
        return "framework" if is_of_service(code, call, catalog) else "another service"
    if is_of_another_api(call, catalog):
        return "another API" if is_of_service(code, call, catalog) else "another service"
    is_call = call.client == "sdk" or call.messages or _names_endpoint(code, catalog)
    # What does not parse may hide the call that it makes.
    if not is_call and not (call.broken and _CHAT_CALL.search(code)):
        return "no call"
    return "judged" if is_of_service(code, call, catalog) else "another service"


def is_of_service(code: str, call: ReadCall, catalog: Catalog) -> bool:
    """Whether a program means the catalog's service by what it calls."""
    hosts = _hosts(call)
    if hosts and all(_LOCAL.fullmatch(host) and not catalog.host_kind(host) for host in hosts):
        return False
    if call.client == "sdk" and call.protocol in own_protocols(catalog) and not hosts:
        return True
    return names_service(code, catalog) or _asks_its_model(call, catalog)


def is_of_another_api(call: ReadCall, catalog: Catalog) -> bool:
    """Whether what a program calls is no chat call, by its path, its model or its SDK."""
    model = call.model.value if call.model and call.model.known else None
    if isinstance(model, str) and not catalog.family(model).chat:
        return True
    place = call.url or call.base_url
    for url in urls(str(place.value)) if place else ():
        fact = catalog.endpoint_of(url.path)
        if fact and fact.kind not in ("chat", "base"):
            # A chat's messages at a path beside the one for them are meant for that.
            return not (fact.kind == "completions" and call.messages)
    if call.api and not call.messages:
        # The reader knows which call of an SDK it is.
        return call.api != "chat"
    if call.client == "sdk" or call.messages:
        return False
    return any(_OTHER_CALL.search(made.name) for made in call.calls)


def may_call_service(code: str, catalog: Catalog) -> bool:
    """Whether a text, at a glance, may be such a program: most are not, and need no reading."""
    lower = code.lower()
    return (
        names_service(code, catalog)
        or any(model in lower for model in catalog.models)
        or any(name in lower for name in own_protocols(catalog))
        # Whoever goes on with a client from above names the service by its model only.
        or (calls_another(code) and any(model_slip(one, catalog) for one in _MODEL.findall(code)))
    )


_MODEL = re.compile(r"\bmodel[\"']?\s*(?:[:=(]|=>)\s*[\"']([\w.:/-]{3,40})[\"']")


def calls_another(code: str) -> bool:
    """Whether a text that names nothing of the service calls some other one, at a glance."""
    return any_chat().search(code) is not None


def _hosts(call: ReadCall) -> list[str]:
    """The hosts that a call is sent to, as far as its text says them."""
    address = call.url or call.base_url
    hosts = (url.host for url in urls(str(address.value))) if address else ()
    return [host for host in hosts if re.fullmatch(r"[\w.:\[\]-]+", host)]


def _names_endpoint(code: str, catalog: Catalog) -> bool:
    """Whether a text has the path of a chat call, or a URL that is an SDK's base URL."""
    protocols = catalog.protocols.values()
    if any(path in code for facts in protocols for path in facts.paths.values()):
        return True
    bases = {base.rstrip("/") for facts in protocols for base in (facts.base_path, *facts.aliases)}
    return any(url.path.rstrip("/") in bases for url in urls(code) if url.path)


def names_service(code: str, catalog: Catalog) -> bool:
    """Whether a text has the service's key variable, a path of its own, or a host like its own."""
    keys = catalog.right_variables
    if any(key in code for key in keys) or any(path in code for path in own_paths(catalog)):
        return True
    return any(
        region_of(url.host, catalog)
        or catalog.host_kind(url.host) in SERVES
        or host_slip(url.host, catalog)
        for url in urls(code)
    )


def _asks_its_model(call: ReadCall, catalog: Catalog) -> bool:
    """Whether a call asks for a model of the service, and names no other service's address."""
    if call.model is None or not isinstance(call.model.value, str) or _hosts(call):
        return False
    name = call.model.value.lower()
    if any(name == known or name.startswith(f"{known}-") for known in catalog.models):
        return True
    return model_slip(call.model.value, catalog) is not None


@lru_cache(maxsize=16)
def own_protocols(catalog: Catalog) -> tuple[str, ...]:
    """The protocols that are the service's own, so that their SDKs call it unless told otherwise.

    Its hosts are named after them.
    """
    hosts = [region.host or region.workspace_host or "" for region in catalog.regions.values()]
    words = {word for host in hosts for word in re.split(r"[.-]", host)}
    return tuple(name for name in catalog.protocols if name in words)


@lru_cache(maxsize=16)
def own_paths(catalog: Catalog) -> tuple[str, ...]:
    """Paths of the service, and beginnings of such, that no other service has."""
    paths = [
        path
        for facts in catalog.protocols.values()
        for path in (facts.base_path, *(facts.base_path + end for end in facts.paths.values()))
    ]
    return tuple(
        path
        for path in dict.fromkeys(paths)
        if not all(_COMMON.fullmatch(part) for part in path.split("/") if part)
    )
