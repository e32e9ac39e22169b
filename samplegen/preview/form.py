"""What stands in the page's form, and the call that it says.

A form is JSON: texts as a reader typed them, so that `1.0` stays `1.0`. A message is
`{"role": …, "content": …}`, or `{"json": …}`, the whole message as JSON text; an option
is `{"name": …, "value": …}`, whose value is JSON or, where it is none, text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from samplegen.configured import Project
from samplegen.errors import InputError, shown, unknown
from samplegen.examples import EXAMPLES, of_project
from samplegen.model.call import OWN_FIELDS, Call
from samplegen.model.catalog import Catalog
from samplegen.rendering.notes import LEVELS, SOURCE_LOCALE, Level, locales
from samplegen.rendering.targets import FLOWS
from samplegen.sites.settings import NOTHING_SAID

FIRST = "first-call"
"""The example that the catalog's defaults are."""

_TEXTS = ("protocol", "region", "model", "host", "workspace", "workspace_by", "then", "flow")


class FieldError(InputError):
    """What is wrong with a form: a line for each field, by its name; '' is the form as a whole."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


class Wanted(NamedTuple):
    """What a form asks for. `example` is the one it began with, and may be of another call."""

    call: Call
    example: str
    flow: str | None
    locale: str
    notes: Level


def example_call(name: str, catalog: Catalog, project: Project | None = None) -> Call:
    """The call of a named example, as a project shows it.

    Raises:
        InputError: there is no such example.
    """
    said = project.call if project else None
    return Call.parse(of_project(name, said, catalog), catalog)


def first_call(project: Project) -> tuple[Call, str]:
    """The call that a project's samples make where nothing else is said, and its example."""
    example = project.settings.example or FIRST
    if project.call and example == FIRST:
        return project.call, ""
    return example_call(example, project.catalog, project), example


def to_form(call: Call, example: str = "", project: Project | None = None) -> dict[str, Any]:
    """The form that says a call; with an example it shows what that shows."""
    said = call.as_json()
    messages = []
    for message in said["messages"]:
        simple = set(message) == {"role", "content"} and isinstance(message["content"], str)
        messages.append(message if simple else {"json": _pretty(message)})
    options = [
        {"name": name, "value": _pretty(value)}
        for name, value in said.items()
        if name not in (*OWN_FIELDS, "model", "messages")
    ]
    own = {name: said.get(name) or "" for name in (*OWN_FIELDS, "model")}
    flow = EXAMPLES[example].flow if example in EXAMPLES else None
    settings = project.settings if project else NOTHING_SAID
    return {
        **own,
        "messages": messages,
        "options": options,
        "flow": settings.flow or flow or "",
        "locale": (project and project.locale) or SOURCE_LOCALE,
        "notes": settings.notes or "full",
        "example": example,
    }


def read(form: object, catalog: Catalog) -> Wanted:
    """What a form asks for.

    Raises:
        FieldError: what is wrong, by field: `model`, `messages.0`, `options.2`.
        InputError: it is no form.
    """
    if not isinstance(form, dict):
        raise InputError(f"a form is an object, not {shown(form)}")
    texts = {name: _text(form, name) for name in (*_TEXTS, "locale", "notes", "example")}
    wrong: dict[str, str] = {}
    messages = _messages(form, wrong)
    names, options = _options(form, wrong)
    for field, known in (("flow", ("", *FLOWS)), ("locale", locales()), ("notes", LEVELS)):
        if texts[field] not in known:
            wrong[field] = str(unknown(field, texts[field], known))
    for field, names_of in (("protocol", catalog.protocols), ("region", catalog.regions)):
        if texts[field] not in names_of:
            wrong[field] = str(unknown(field, texts[field], names_of))
    beside = ("host", "workspace", "workspace_by", "then")
    own = {name: texts[name] for name in beside if texts[name]}
    given = {name: texts[name] for name in ("protocol", "region", "model")}
    if not wrong:
        try:
            call = Call.parse({**options, **own, **given, "messages": messages}, catalog)
        except InputError as error:
            wrong = by_field(error, names)
    if wrong:
        raise FieldError(wrong)
    level: Level = texts["notes"]  # type: ignore[assignment]
    return Wanted(call, texts["example"], texts["flow"] or None, texts["locale"], level)


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):
        raise InputError(f"{name}: a text is expected, not {shown(value)}")
    return value


def _list(form: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = form.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise InputError(f"{name}: a list of objects is expected, not {shown(value)}")
    return value


def _messages(form: Mapping[str, Any], wrong: dict[str, str]) -> list[object]:
    made: list[object] = []
    for number, one in enumerate(_list(form, "messages")):
        if "json" not in one:
            made.append({"role": _text(one, "role"), "content": _text(one, "content")})
            continue
        try:
            made.append(parse_json(_text(one, "json"), "this message"))
        except InputError as error:
            wrong[f"messages.{number}"] = str(error)
    return made


def _options(form: Mapping[str, Any], wrong: dict[str, str]) -> tuple[list[str], dict[str, object]]:
    """The names of the options as they stand, and the options."""
    names = []
    made: dict[str, object] = {}
    for number, one in enumerate(_list(form, "options")):
        name, text = _text(one, "name").strip(), _text(one, "value")
        names.append(name)
        field = f"options.{number}"
        if not name and not text.strip():
            continue
        if not name:
            wrong[field] = "this option has no name"
        elif name in made:
            wrong[field] = f"{name} is there twice"
        elif name in (*OWN_FIELDS, "model", "messages"):
            wrong[field] = f"{name} has a field of its own in this form"
        else:
            try:
                made[name] = value_of(text)
            except InputError as error:
                wrong[field] = f"{name}: {error}"
    return names, made


def value_of(text: str) -> object:
    """The value of an option: JSON or, where it is none, text.

    Raises:
        InputError: it begins like an object or a list, and is none.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError("nested too deep") from None
    except ValueError:
        if text.lstrip()[:1] in ("{", "["):
            parse_json(text, "this value")
        return text


def parse_json(text: str, what: str) -> object:
    """A JSON value.

    Raises:
        InputError: it is none; the message says where.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{what} is no JSON: {error.msg} at {place}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{what} is no JSON: {error}") from None


_PLACE = re.compile(r"(?:unknown field ')?(\w+)(?:\[(\d+)\])?")
_KINDS = {"no messages": "messages", "the model": "model", "workspace": "workspace", "host": "host"}


def by_field(error: InputError, options: list[str]) -> dict[str, str]:
    """The field that each part of an error is about; '' where that cannot be told.

    Args:
        options: the names of the form's options, in order.
    """
    found: dict[str, list[str]] = {}
    for said in str(error).split("; "):
        field = _field_of(said, options)
        found.setdefault(field, []).append(said)
    return {field: "; ".join(said) for field, said in found.items()}


def _field_of(said: str, options: list[str]) -> str:
    for start, field in _KINDS.items():
        if said.startswith(start):
            return field
    place = _PLACE.match(said)
    name, number = (place[1], place[2]) if place else ("", None)
    if name in options:
        return f"options.{options.index(name)}"
    if name == "messages" and number is not None:
        return f"messages.{number}"
    for field in ("region", "protocol", "flow"):
        if said.startswith((f"unknown {field} ", f"{field} ", f"{field}: ")):
            return field
    return name if name in ("model", "messages", *_TEXTS) else ""


def _pretty(value: object) -> str:
    """A JSON value as a reader would type it."""
    short = json.dumps(value, ensure_ascii=False)
    fits = len(short) <= 60 and not isinstance(value, dict)
    return short if fits else json.dumps(value, ensure_ascii=False, indent=2)
