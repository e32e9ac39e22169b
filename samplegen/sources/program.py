"""The call that a program makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath, PurePosixPath

from samplegen.errors import InputError
from samplegen.files import read_text
from samplegen.languages import has, language, language_ids, part
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.model.frozen import Json
from samplegen.model.media import MEDIA_TYPES, START
from samplegen.pages.language import in_pages
from samplegen.pages.naming import from_code
from samplegen.pages.session import typed_lines
from samplegen.protocols import protocol, protocol_ids
from samplegen.protocols.request import place_of
from samplegen.readback import ReadCall, ReadMessage, Value, call_of, readback
from samplegen.readback.model import BASE64
from samplegen.readback.reading import cut_key
from samplegen.sources import Source
from samplegen.sources.differing import changes, of_address

# What a sample says beside its call and no reader misses.
_USUAL = {"authorization", "content-type", "accept", "x-dashscope-sse", "x-dashscope-workspace"}

_GAPS = {
    "model": "the model is only known when it runs",
    "messages": "what the messages say is only known when it runs",
    "address": "the host is only known when it runs",
    "stream": "whether it streams is only known when it runs",
    "more": "it passes options that are only known when it runs",
}


# A command that runs curl, perhaps behind a prompt, a variable or another command:
# `$ curl …`, `A=b curl.exe …`, `echo … | curl …`.
_RUNS_CURL = re.compile(
    r"(?:^[ \t]*(?:[$>%#] |(?:PS )?[A-Z]:\\[^>\n]*> ?)?|[|;&(`=][ \t]*)"
    r"(?:\w+=\S* |(?:time|command|sudo|env) )*curl(?:\.exe)?[\s^`]",
    re.MULTILINE,
)


def language_of(suffix: str, text: str) -> str | None:
    """The language of a program: by its file's suffix, else by a sure sign in its text.

    None where it seems to be no program.
    """
    for id in language_ids():
        if suffix and suffix in in_pages(id).suffixes:
            return id
    if re.match(r"\s*[{\[]", text):
        return None
    return language("curl").id if _RUNS_CURL.search(text) else from_code(text)


def of_program(
    id: str, code: str, where: str, catalog: Catalog, folder: Path | None = None
) -> Source:
    """The call that a program makes; of several, the first to a chat model.

    Args:
        folder: where the files stand that it sends as they are, as by curl's `-d @body.json`;
            None reads none.

    Raises:
        InputError: it makes none, or not all of it can be read.
    """
    if typed := typed_lines(id, code):
        code = "".join(code[start:end] for start, end in typed)
    if has(id, "shells"):
        code = part(id, "shells").posix(code)
    read = readback(id, code, catalog, partial(_content, folder), strict=True)
    if read.api != "chat":
        raise InputError(f"{where}: {_none(read)}")
    method = read.method
    if method is not None and method.known and method.value != "POST":
        raise InputError(f"{where}: sends a {method.value} request: a call is a POST request")
    if read.guessed:
        raise InputError(f"{where}: looks like a request, and no function that is known sends it")
    if read.broken_json:
        raise InputError(f"{where}: what it sends as JSON is none: 'samplegen check' says where")
    uploaded: list[str] = []
    messages = tuple(_with_files(one, _uploads(read), uploaded) for one in read.messages)
    read = replace(read, messages=messages)
    own = _own_address(read, catalog)
    if own is not None:
        read = replace(read, base_url=own)
    try:
        call = call_of(read, catalog)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    if call is None:
        raise InputError(f"{where}: {'; '.join(_missing(read, catalog))}")
    said = [] if own is None else [f"it says no host: its SDK goes to {own.value}"]
    assert read.address is not None
    said += uploaded
    said += of_address(str(read.address.value), call, catalog)
    return Source(call, (*said, *_beyond(read, catalog), *_changed(read, call, catalog)))


def _content(folder: Path | None, name: str) -> str | None:
    """The content of a file beside a program, or below; None of any other: nobody asked for it."""
    if folder is None or PurePath(name).is_absolute() or ".." in PurePath(name).parts:
        return None
    try:
        return read_text(folder / name)
    except InputError:
        return None


# A local file that a program sends as a data URL.
_DATA_URL = re.compile(rf"data:([\w.+-]+/[\w.+-]+);base64,\$\{{{BASE64}(?:\./)?([^{{}}]+)\}}")


def _uploads(read: ReadCall) -> str:
    """What begins the URL of a local file that the SDK of a program uploads; '' if it does not."""
    known = read.client == "sdk" and read.protocol in protocol_ids()
    return protocol(str(read.protocol)).sdk_uploads if known else ""


def _with_files(message: ReadMessage, uploads: str, said: list[str]) -> ReadMessage:
    """A message that names the local files that it reads, as a call does.

    Args:
        uploads: see `_uploads`.
        said: gets what is sent otherwise.
    """
    return message._replace(
        content=message.content and _named_files(message.content, uploads, said)
    )


def _named_files(value: Value, uploads: str, said_so: list[str]) -> Value:
    url = value.value if isinstance(value.value, str) and value.known else ""
    if uploads and url.startswith(uploads):
        path = PurePosixPath(url.removeprefix(uploads))
        beside = not (path.is_absolute() or ".." in path.parts or ":" in str(path))
        file = f"{START}{path if beside else path.name}"
        said_so.append(f"its SDK uploads {url}: a sample sends {file} in the request itself")
        return value._replace(value=file)
    found = _DATA_URL.fullmatch(value.value) if isinstance(value.value, str) else None
    if found is not None:
        types = MEDIA_TYPES.get(found[1].partition("/")[0], {})
        told = types.get(PurePosixPath(found[2]).suffix.lower()) == found[1]
        # A sample tells the media type by the suffix: another one would be sent.
        return value._replace(value=f"{START}{found[2]}", known=True) if told else value
    if isinstance(value.inner, Mapping):
        entries = {name: _named_files(one, uploads, said_so) for name, one in value.inner.items()}
        said: Json = {name: one.value for name, one in entries.items()}
        known = all(one.known for one in entries.values())
        return value._replace(value=said, known=known, inner=entries)
    if value.inner is not None:
        items = tuple(_named_files(one, uploads, said_so) for one in value.inner)
        known = all(one.known for one in items)
        return value._replace(value=[one.value for one in items], known=known, inner=items)
    return value


def _own_address(read: ReadCall, catalog: Catalog) -> Value | None:
    """Where the SDK of a program goes that says no host, if that is the service."""
    if read.client != "sdk" or read.address is not None or read.protocol not in catalog.protocols:
        return None
    url = catalog.protocols[read.protocol].sdk_base_url
    return Value(url, read.start, read.start) if url else None


def _changed(read: ReadCall, call: Call, catalog: Catalog) -> Iterator[str]:
    """What the request of the call says otherwise than the program."""
    messages = []
    for one in read.messages:
        content = {} if one.content is None else {"content": one.content.value}
        role = one.role.value if one.role else None
        more = {name: value.value for name, value in one.more.items()}
        messages.append({"role": role, **content, **more})
    asked = {name: value.value for name, value in read.options.items()}
    return changes(messages, asked, call, catalog)


def _none(read: ReadCall) -> str:
    if not read.complete:
        return "is too long to be read as a program"
    if read.files:
        return _files(read)
    if read.api is not None:
        return f"is a call of another API ({read.api}), and not to a chat model"
    if read.framework is not None:
        return f"calls through {read.framework}, of which only the client's settings are read"
    return "makes no call to a chat model that samplegen can read"


def _files(read: ReadCall) -> str:
    return f"it sends what is in {', '.join(read.files)}, and no such file is beside it or below"


def _missing(read: ReadCall, catalog: Catalog) -> list[str]:
    """Why there is no call: everything that is missing."""
    if read.files:
        return [_files(read)]
    if "prompt" in read.places:
        return ["it gives a prompt in place of messages"]
    found = [
        _GAPS.get(gap, f"the value of {gap!r} is only known when it runs") for gap in read.gaps
    ]
    if read.address is None and "address" not in read.gaps:
        found.append("it says no host: give the client its base URL")
    elif read.address is not None and read.address.known:
        try:
            place_of(str(read.address.value), catalog)
        except InputError as error:
            found.append(str(error))
    if any(message.role is None for message in read.messages):
        found.append("a message has no role")
    return found or ["it says something where the service does not look for it"]


def _unprefixed(read: ReadCall, catalog: Catalog) -> Iterator[str]:
    """What a header with the key lacks before it."""
    bare = {"" if read.key_env is None else f"${{{read.key_env.name}}}"}
    bare |= set() if read.key_literal is None else {str(read.key_literal.value)}
    for name, value in read.headers.items():
        prefixes = [one.prefix for one in catalog.auths if one.header.lower() == name.lower()]
        if isinstance(value.value, str) and value.value in bare and prefixes and all(prefixes):
            yield f"the {name} header lacks {prefixes[0].strip()!r} before the key: it is added"


def _is_literal(told: Value, literal: str) -> bool:
    """Whether a key is the catalog's own; of what is read there is its start and its length."""
    return told.value == cut_key(literal) and told.end - told.start == len(literal)


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
    found += _unprefixed(read, catalog)
    told = read.key_literal
    if told is not None and not _is_literal(told, catalog.provider.key_literal):
        found.append("the key that stands in it is not taken over: a sample reads a variable")
    variable = read.key_env.name if read.key_env else None
    if variable is not None and variable not in catalog.right_variables:
        found.append(f"the key's variable {variable} is not taken over")
    calls = sum(one.api == "chat" for one in read.others)
    if calls:
        found.append(f"it makes {calls + 1} calls to a chat model: this is the first")
    return found
