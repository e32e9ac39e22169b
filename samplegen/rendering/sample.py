"""A call and a target become a sample.

Rendering has two steps. The template runs once for each shape of call (target,
region, roles of the messages, locale, notes) with `Hole`s in place of the call's
texts, and gives a skeleton, which is kept. Filling the texts in is all that is
left to do for the next call of that shape. So no template ever sees a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context

from samplegen.errors import InputError
from samplegen.languages import language
from samplegen.languages.base import Annotated, Code, Language
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, builtin
from samplegen.protocols.request import Endpoint, body, endpoint
from samplegen.rendering.layout import Hanging, Hole, Lines, Part, Slot, fill, merge, place, width
from samplegen.rendering.notes import Level, Notes, check, note
from samplegen.rendering.targets import Target, find, templates

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


def render(
    call: Call,
    language: str,
    client: str | None = None,
    *,
    locale: str = "en",
    notes: Level = "full",
    catalog: Catalog | None = None,
) -> Sample:
    """The sample of a call in a language.

    Args:
        language: an id or alias, such as `nodejs` or `js`.
        client: `sdk` or `http`; None is the SDK where the language has one.
        locale: of the notes: `en`, `ja` or `zh`.
        notes: `full`, `brief` or `none`.
        catalog: the provider's facts; None is the built-in catalog.

    Raises:
        InputError: there is no such target, region, locale or level of notes, the
            protocol cannot serve the model, or its options cannot be written.
    """
    catalog = catalog or builtin()
    target = find(language, call.protocol, client)
    place = endpoint(call.protocol, call.region, call.model, call.workspace, catalog)
    messages = call.messages
    roles = tuple([message.role for message in messages])
    where = (call.region, call.workspace)
    skeleton = _skeleton(catalog, target, where, place, roles, locale, notes)
    texts = [call.model, *[message.content for message in messages]]
    return Sample(
        target.language,
        target.protocol,
        target.client,
        call.region,
        locale,
        target.filename,
        fill(skeleton, texts),
        _install(catalog, target),
    )


@cache
def _install(catalog: Catalog, target: Target) -> str:
    package = catalog.package(target.language, target.protocol, target.client)
    return language(target.language).install(package) if package else ""


@lru_cache(maxsize=1024)
def _skeleton(
    catalog: Catalog,
    target: Target,
    where: tuple[str, str | None],
    endpoint: Endpoint,
    roles: tuple[str, ...],
    locale: str,
    level: Level,
) -> list[Part]:
    """The sample of every call of one shape, with slots for the model and each message."""
    check(locale, level)
    written_in = language(target.language)
    notes = Notes(catalog, written_in, locale, level, target.protocol, target.client, *where)
    model, *contents = [Hole(number) for number in range(len(roles) + 1)]
    content = body(target.protocol, endpoint, model, list(zip(roles, contents, strict=True)))
    key_env = catalog.provider.key_env
    values: list[Any] = []
    text = (
        _environment(written_in)
        .get_template(dict(target.templates)["whole"])
        .render(
            _values=values,
            note=partial(note, notes),
            body=content,
            model=model,
            messages=content.get("messages") or content["input"]["messages"],  # type: ignore[call-overload,index]
            parameters=content.get("parameters", {}),
            options=endpoint.family.options,
            kind=endpoint.family.kind,
            base_url=endpoint.base_url,
            url=endpoint.url,
            path=endpoint.url.removeprefix(endpoint.base_url),
            key_env=key_env,
            missing_key=f"Set the environment variable {key_env}.",
            package=catalog.package(target.language, target.protocol, target.client),
            **written_in.extras(content),
        )
    )
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


@cache
def _environment(written_in: Language) -> Environment:
    """One environment for each language, so that nothing leaks from one to another."""
    environment = Environment(
        loader=FileSystemLoader(templates()),
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["annotated"] = _annotated
    environment.filters["code"] = Code
    environment.tests["nested"] = lambda value: isinstance(value, dict | list)
    environment.tests["with_null"] = _with_null
    environment.globals["refuse"] = _refuse
    return environment


def _with_null(value: object) -> bool:
    """Whether a value is null, or has an object with a field that is."""
    if isinstance(value, Mapping):
        return any(map(_with_null, value.values()))
    if isinstance(value, list):
        return any(item is not None and _with_null(item) for item in value)
    return value is None


def _refuse(message: str) -> None:
    """What a template says of an option that its SDK cannot send."""
    raise InputError(message)


@pass_context
def _finalize(context: Context, value: object) -> str:
    """A mark for the value of each `{{ expression }}`, to be written as a literal later.

    Code is the exception, and has to say so.
    """
    if isinstance(value, Undefined):
        return str(value)
    if isinstance(value, Code):
        return value
    values = context["_values"]
    values.append(value)
    return f"\0{len(values) - 1}\0"


def _annotated(value: Mapping[str, Any], **notes: Lines) -> Mapping[str, Any]:
    """The same JSON object with notes above some of its keys."""
    shown = {key: lines for key, lines in notes.items() if lines.lines}
    return Annotated(value, shown)
