"""The call that a program makes."""

from __future__ import annotations

import re

from samplegen.errors import InputError
from samplegen.languages import language, language_ids
from samplegen.model.catalog import Catalog
from samplegen.pages.language import in_pages
from samplegen.readback import ReadCall, call_of, readback
from samplegen.sources import Source

# What a sample says beside its call and no reader misses.
_USUAL = {"authorization", "content-type", "accept", "x-dashscope-sse", "x-dashscope-workspace"}

_GAPS = {
    "model": "the model is only known when it runs",
    "messages": "what the messages say is only known when it runs",
    "address": "the host is only known when it runs",
    "stream": "whether it streams is only known when it runs",
    "more": "it passes options that are only known when it runs",
}


# A line that runs curl, perhaps behind a prompt or a variable: `$ curl …`, `A=b curl.exe …`.
_RUNS_CURL = re.compile(r"^[ \t]*(?:[$>%] )?(?:\w+=\S* )*curl(?:\.exe)?\s", re.MULTILINE)


def language_of(suffix: str, text: str) -> str | None:
    """The language of a program, by its file's suffix, or because a line of it runs curl.

    None where it seems to be no program.
    """
    for id in language_ids():
        if suffix and suffix in in_pages(id).suffixes:
            return id
    if _RUNS_CURL.search(text):
        return language("curl").id
    return None


def of_program(id: str, code: str, where: str, catalog: Catalog) -> Source:
    """The call that a program makes; of several, the first to a chat model.

    Raises:
        InputError: it makes none, or not all of it can be read.
    """
    read = readback(id, code, catalog)
    if read.api != "chat":
        raise InputError(f"{where}: {_none(read)}")
    try:
        call = call_of(read, catalog)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    if call is None:
        raise InputError(f"{where}: {'; '.join(_missing(read, catalog))}")
    return Source(call, tuple(_beyond(read, catalog)))


def _none(read: ReadCall) -> str:
    if not read.complete:
        return "is too long to be read as a program"
    if read.api is not None:
        return f"is a call of another API ({read.api}), and not to a chat model"
    if read.framework is not None:
        return f"calls through {read.framework}, of which only the client's settings are read"
    return "makes no call to a chat model that samplegen can read"


def _missing(read: ReadCall, catalog: Catalog) -> list[str]:
    """Why there is no call: everything that is missing."""
    found = [
        _GAPS.get(gap, f"the value of {gap!r} is only known when it runs") for gap in read.gaps
    ]
    if read.address is None and "address" not in read.gaps:
        found.append("it says no host: give the client its base URL")
    elif read.address is not None and read.address.known:
        from samplegen.protocols.request import place_of

        try:
            place_of(str(read.address.value), catalog)
        except InputError as error:
            found.append(str(error))
    if any(message.role is None for message in read.messages):
        found.append("a message has no role")
    return found or ["it says something where the service does not look for it"]


def _beyond(read: ReadCall, catalog: Catalog) -> list[str]:
    """What the program says that a call does not hold."""
    usual = _USUAL | {name.lower() for one in catalog.regions for name in catalog.headers(one)}
    usual |= {auth.header.lower() for auth in catalog.auths}
    found = [
        f"the header {name} is not taken over" for name in read.headers if name.lower() not in usual
    ]
    found += [
        f"the client's {name} is not taken over" for name in read.settings if name != "workspace"
    ]
    told = read.key_literal
    if told is not None and (catalog.right_variables or told.value != catalog.provider.key_literal):
        found.append("the key that stands in it is not taken over: a sample reads a variable")
    variable = read.key_env.name if read.key_env else None
    if variable is not None and variable not in catalog.right_variables:
        found.append(f"the key's variable {variable} is not taken over")
    calls = sum(one.api == "chat" for one in read.others)
    if calls:
        found.append(f"it makes {calls + 1} calls to a chat model: this is the first")
    return found
