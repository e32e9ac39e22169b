"""T118 authorization."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.called import region_called, served
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.model.catalog import Catalog
from samplegen.readback import ReadCall, Value


@rule("T118", "authorization")
def authorization(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A request without its key, or with one that does not stand as it should: `Bearer sk-…`.

    The answer is 401.
    """
    for call in served(sample, page):
        if call.client != "http" or call.guessed:
            continue
        for odd in call.odd:
            yield Problem(odd.start, odd.end, odd.words)
        found = _header(call, page.catalog)
        if found is not None:
            yield from _of_header(sample, call, *found)
        elif _has_none(sample, call) and not call.odd and (header := _usual(call, page.catalog)):
            message = f"nothing sends a key: add the header `{header}`"
            start, end = _place(call)
            yield Problem(start, end, message)


def _header(call: ReadCall, catalog: Catalog) -> tuple[Value, str, str] | None:
    """The header with the key: its value, its name, and what stands before the key."""
    for auth in catalog.auths:
        for name, value in call.headers.items():
            if name.lower() == auth.header.lower():
                return value, auth.header, auth.prefix
    return None


def _of_header(
    sample: SampleView, call: ReadCall, value: Value, name: str, prefix: str
) -> Iterator[Problem]:
    text, word = str(value.value), prefix.strip()
    # What only running would tell may have the word in it.
    is_key = call.key_env is not None and text == f"${{{call.key_env.name}}}"
    if not word or not text.strip() or (not value.known and not is_key and not _says(text, word)):
        return
    if not text.startswith(prefix) or not text[len(prefix) :].strip():
        told = f"`{name}` is `{word}`, a blank and the key"
        start, end = value.start, value.end
        at = sample.code.find(name)
        if at >= 0 and "\n" in sample.code[min(at, start) : max(at, start)]:
            # The key was read elsewhere: what is wrong stands at the header.
            start, end = at, at + len(name)
        yield Problem(start, end, told)


def _says(text: str, word: str) -> bool:
    """Whether a header begins with the word in letters of any kind, or with that and no blank."""
    return re.match(rf"(?i){re.escape(word)}", text) is not None


def _has_none(sample: SampleView, call: ReadCall) -> bool:
    """Whether a request surely sends no key, all of its headers being known."""
    if call.key_env or call.key_literal or call.unread or not (call.start or call.end):
        return False
    code = sample.without_comments.lower()
    return not any(word in code for word in _SAYS_KEY)


# What may send a key in a way that was not read.
_SAYS_KEY = (
    "authorization", "bearer", "api-key", "api_key", "apikey", "auth", "header=", "headers=",
    "headers:", "headers,", "headers)", "headers;", "--user", "-u ", "netrc", "token", "-k ",
    "--config",
)  # fmt: skip


def _usual(call: ReadCall, catalog: Catalog) -> str:
    """The header with the key; empty where a call needs none."""
    access = catalog.access(region_called(call, catalog), "http")
    if access.auth is None or access.literal:
        return ""
    return f"{access.auth.header}: {access.auth.prefix}${access.env}"


def _place(call: ReadCall) -> tuple[int, int]:
    address = call.address
    return (address.start, address.end) if address is not None else (call.start, call.end)
