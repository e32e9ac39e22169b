"""A call and a target become a sample.

Rendering has two steps. The template runs once for each shape of call (target, flow,
region, the body without its texts, locale, notes) with `Hole`s in place of the call's
texts, and gives a skeleton, which is kept. Filling the texts in is all that is
left to do for the next call of that shape. So no template ever sees a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from samplegen.errors import InputError, unknown
from samplegen.languages import has, language, part
from samplegen.languages.base import Language
from samplegen.model.call import Call, parameters
from samplegen.model.catalog import BEARER, Auth, Catalog, Family, builtin
from samplegen.model.limits import refuse
from samplegen.protocols import protocol
from samplegen.protocols.base import IN_CONTENT, Chat, filled
from samplegen.protocols.request import Endpoint, endpoint_of, workspace_headers
from samplegen.rendering.environment import run
from samplegen.rendering.layout import (
    FileHole,
    Hanging,
    Hole,
    Lines,
    Part,
    Slot,
    fill,
    merge,
    place,
    width,
)
from samplegen.rendering.notes import Level, Notes, check, locale_of, note
from samplegen.rendering.shape import Shape, abstract
from samplegen.rendering.targets import FLOWS, Target, find

_MARK = re.compile("\0([0-9]+)\0")


class Sample(NamedTuple):
    """A complete program.

    `install` is what to type, or to add to a build, before it runs; empty where
    the language brings all that it needs.
    """

    language: str
    protocol: str
    client: str
    region: str
    locale: str
    filename: str
    code: str
    install: str


class Prepared(NamedTuple):
    """What a target's own module makes its templates' values from.

    Args:
        chat: the call in the OpenAI-compatible terms, with what its family needs filled in.
        body: what is sent, as the protocol has it.
    """

    chat: Chat
    body: dict[str, Any]
    kind: str
    flow: str


def render(
    call: Call,
    language: str,
    client: str | None = None,
    *,
    flow: str | None = None,
    locale: str = "en",
    notes: Level = "full",
    catalog: Catalog | None = None,
) -> Sample:
    """The sample of a call in a language.

    Args:
        language: an id or alias, such as `nodejs` or `js`.
        client: `sdk` or `http`; None is the SDK where the language has one.
        flow: what it does with the answer, one of `FLOWS`; None is what the call asks for.
        locale: of the notes: `en`, `ja` or `zh`.
        notes: `full`, `brief` or `none`.
        catalog: the provider's facts; None is the built-in catalog.

    Raises:
        InputError: there is no such target, flow, region, locale or level of notes, the
            protocol cannot serve the model, the service refuses the call, or the target
            cannot send it.
    """
    catalog = catalog or builtin()
    locale = locale_of(locale)
    target = find(language, call.protocol, client)
    flow = chosen(flow, call, target)
    call = fitting(call, flow)
    place = endpoint_of(call, catalog)
    refuse(call, place.family, catalog)
    shape, texts = abstract(call)
    where = (call.region, call.host, call.workspace, call.workspace_by)
    headers = tuple({**catalog.headers(call.region), **workspace_headers(call)}.items())
    skeleton = _skeleton(catalog, target, flow, where, headers, place, shape, locale, notes)
    return Sample(
        target.language,
        target.protocol,
        target.client,
        call.region,
        locale,
        target.filename,
        fill(skeleton, texts),
        _install(catalog, target, flow),
    )


def chosen(flow: str | None, call: Call, target: Target) -> str:
    """The flow of a sample: the one asked for, else the one that the call asks for.

    Raises:
        InputError: it is none, or the target does not have it.
    """
    wanted = flow or asked(call)
    if wanted in target.flows:
        if wanted == "whole" and call.streams:
            raise InputError(
                "flow 'whole' shows one whole answer, and this call streams: leave out "
                "'stream', or use flow 'stream'"
            )
        if flow is None and call.then is not None and wanted in ("tools", "tools-stream"):
            raise InputError(
                "no sample runs functions and asks a second question, too: leave out 'then', or "
                "what the functions return"
            )
        if wanted == "chat" and call.then is None:
            raise InputError("flow 'chat' asks a second question: give it as 'then'")
        if wanted == "chat" and call.parameters.get("tools"):
            raise InputError(
                "flow 'chat' runs no functions, and the model may call one: leave out 'tools'"
            )
        if wanted in ("tools", "tools-stream") and not _runs_tools(call):
            raise InputError(
                f"flow {wanted!r} runs functions: give a tool what its function 'returns', "
                "beside 'function'"
            )
        return wanted
    if wanted not in FLOWS:
        raise unknown("flow", wanted, FLOWS)
    raise InputError(
        f"{target.name} has no sample of flow {wanted!r}"
        + (" (the call streams)" if flow is None and call.streams else "")
        + f": it has {', '.join(target.flows)}"
    )


def asked(call: Call) -> str:
    """The flow that a call asks for, by what it says."""
    if _runs_tools(call):
        return "tools-stream" if call.streams else "tools"
    if call.then is not None:
        return "chat"
    return "stream" if call.streams else "whole"


def _runs_tools(call: Call) -> bool:
    """Whether a tool has a result for the program to return."""
    tools = call.parameters.get("tools", ())
    return isinstance(tools, tuple) and any(isinstance(t, dict) and "returns" in t for t in tools)


def fitting(call: Call, flow: str) -> Call:
    """The call that a sample of a flow makes: it streams where the flow does, and only there."""
    streams = flow in ("stream", "tools-stream")
    if streams == call.streams:
        return call
    if streams:
        asked = {**call.parameters, "stream": True}
    else:
        streaming = ("stream", "stream_options")
        asked = {name: one for name, one in call.parameters.items() if name not in streaming}
    return replace(call, parameters=parameters(asked))


def thinks(parameters: Mapping[str, Any], family: Family) -> bool:
    """Whether the model shows its reasoning before it answers."""
    if family.thinking in ("only", "none"):
        return family.thinking == "only"
    switched = _switched(parameters)
    return family.thinking == "on" if switched is None else switched


def _switched(parameters: Mapping[str, Any]) -> bool | None:
    """What a call says of whether to think, in the form of one service or another."""
    if isinstance(said := parameters.get("enable_thinking"), bool):
        return said
    # Of DeepSeek, Moonshot and Zhipu, then of OpenRouter and Ollama.
    if isinstance(thinking := parameters.get("thinking"), Mapping):
        return bool(thinking.get("type") != "disabled")
    if isinstance(reasoning := parameters.get("reasoning"), Mapping):
        off = reasoning.get("enabled") is False or reasoning.get("exclude") is True
        return not off and bool(reasoning.get("effort") != "none")
    if "reasoning_effort" in parameters:
        return bool(parameters["reasoning_effort"] != "none")
    return True if "thinking_budget" in parameters else None


def _says(parameters: Mapping[str, Any], *names: str) -> bool:
    """Whether an option within an option is true."""
    value: Any = parameters
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value is True


def _has_file(value: Any) -> bool:
    """Whether a file that the program reads is in a JSON value."""
    if isinstance(value, Mapping):
        return any(map(_has_file, value.values()))
    return any(map(_has_file, value)) if isinstance(value, list) else isinstance(value, FileHole)


def _first_property(parameters: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The first property that the JSON schema of the answer has, and whether it is a text.

    None without one.
    """
    value: Any = parameters
    for name in ("response_format", "json_schema", "schema", "properties"):
        value = value.get(name) if isinstance(value, Mapping) else None
    for name, schema in value.items() if isinstance(value, Mapping) else ():
        return name, isinstance(schema, Mapping) and schema.get("type") == "string"
    return None, False


def _word(auth: Auth | None) -> str:
    """The word before the key, where the header is that of RFC 9110, section 11.6.2."""
    return auth.prefix.strip() if auth and auth.header.lower() == "authorization" else ""


@cache
def _install(catalog: Catalog, target: Target, flow: str) -> str:
    package = catalog.package(target.language, target.protocol, target.client, flow)
    return language(target.language).install(package) if package else ""


@lru_cache(maxsize=1024)
def _skeleton(
    catalog: Catalog,
    target: Target,
    flow: str,
    where: tuple[str, str | None, str | None, str | None],
    headers: tuple[tuple[str, str], ...],
    endpoint: Endpoint,
    shape: Shape,
    locale: str,
    level: Level,
) -> list[Part]:
    """The sample of every call of one shape, with slots for its texts."""
    check(locale, level)
    written_in = language(target.language)
    by = target.protocol, target.client
    chat, family, speaks = shape.chat(), endpoint.family, protocol(target.protocol)
    # What a stream can do without is no news to its readers.
    unsaid = () if chat.parameters.get("stream") is True else family.options
    needs = tuple(n for n in unsaid if n not in chat.parameters and n in catalog.parameters)
    notes = Notes(catalog, written_in, locale, level, *by, *where, flow, needs)  # type: ignore[arg-type]
    sent = speaks.send(chat, family)
    chat = chat._replace(parameters=filled(chat.parameters, family))
    field, field_is_text = _first_property(chat.parameters)
    access = catalog.access(where[0], target.client)
    if not access.env and access.auth and not access.literal:
        raise InputError(
            f"{target.name} always sends a key, and region {where[0]!r} has none: say in the "
            f"catalog what is to stand there (provider.key_literal), or use client 'http'"
        )
    shows_thoughts = thinks(chat.parameters, family)
    in_content = shows_thoughts and speaks.reasoning_field(family) == IN_CONTENT

    def refuse_lists() -> None:
        raise InputError(
            f"{target.name} cannot show the answer in flow {flow!r}: while it reasons, the model "
            f"gives a list of reasoning and text; use client 'http' with flow 'text', 'json' or "
            f"'stream', or flow 'whole', or leave the reasoning out (reasoning_effort=none)"
        )

    context: dict[str, Any] = {
        "note": partial(note, notes),
        "body": sent.body,
        "files": _has_file(chat.messages),
        "headers": {**dict(headers), **sent.headers},
        "model": chat.model,
        "messages": speaks.messages_of(sent.body),
        "messages_path": speaks.messages_path(),
        "choices_path": speaks.choices_path(),
        "in_parts": speaks.answers_in_parts(family),
        "parameters": speaks.parameters_of(sent.body),
        "options": chat.parameters,
        "tools": chat.parameters.get("tools", []),
        "reasoning_field": speaks.reasoning_field(family),
        "thinks": shows_thoughts,
        "in_content": in_content,
        "refuse_lists": refuse_lists,
        "usage": _says(chat.parameters, "stream_options", "include_usage"),
        "field": field,
        "field_is_text": field_is_text,
        "then": Hole(shape.holes) if shape.then else None,
        "kind": family.kind,
        "base_url": endpoint.base_url,
        "url": endpoint.url,
        "path": endpoint.url.removeprefix(endpoint.base_url),
        "key_env": access.env,
        "key_literal": access.literal,
        "auth": access.auth,
        "own_auth": access.auth == BEARER,
        "auth_word": _word(access.auth),
        "target": target.name,
        "missing_key": f"Set the environment variable {access.env}.",
        "errors": catalog.protocol(target.protocol).errors,
        "package": catalog.package(target.language, *by, flow),
        **written_in.extras(sent.body),
    }
    own = f"{target.protocol}_{target.client}"
    if has(target.language, own):
        prepared = Prepared(chat, sent.body, family.kind, flow)
        context |= part(target.language, own).values(prepared)
    text, values = run(dict(target.templates)[flow], context)
    parts: list[Part] = []
    after_blank, dropped = True, False
    for line in text.removesuffix("\n").split("\n"):
        # A note that says nothing takes along the blank line that set it off.
        if not line and after_blank and dropped:
            continue
        placed = _place_line(line, values, written_in)
        dropped = not placed
        if placed:
            after_blank = not line
        parts += placed
    return merge(parts)


def _place_line(line: str, values: list[Any], written_in: Language) -> list[Part]:
    """One line of a template's output, with what its marks stand for; its newline included."""
    indent = line[: len(line) - len(line.lstrip())]
    style = written_in.style
    before, *rest = _MARK.split(line)
    parts: list[Part] = []
    column = 0
    for number in range(0, len(rest), 2):
        value = values[int(rest[number])]
        if isinstance(value, Lines):
            # A note is alone on its line; without a text it takes its line with it.
            return [f"{indent}{comment}\n" for comment in value.lines]
        doc = written_in.literal(value)
        after = sum(width(text) for text in rest[number + 1 :: 2])
        if before.endswith(style.hangs_behind) and isinstance(doc, str | Slot):
            before, doc = before[:-1], Hanging(doc)
        column += width(before)
        parts += [before, *place(doc, style, indent, column, after)]
        before = rest[number + 1]
    return [*parts, before, "\n"]
