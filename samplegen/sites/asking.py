"""What a marker in a page asks for, and `render --format` by its options: a set of samples.

One says the same as the other, in the same project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from samplegen.configured import Project
from samplegen.errors import InputError, unknown
from samplegen.examples import EXAMPLES, of_project
from samplegen.model.call import Call
from samplegen.model.fields import set_field
from samplegen.rendering.notes import locale_of
from samplegen.rendering.sample import Sample
from samplegen.rendering.words import worded
from samplegen.sites import site
from samplegen.sites.base import Site
from samplegen.sites.samples import ALL, Asked, samples
from samplegen.sites.settings import INSTALL, Settings

OPTIONS = (
    "lang",
    "tabs",
    "client",
    "protocol",
    "region",
    "model",
    "message",
    "workspace",
    "locale",
    "notes",
    "regions",
    "titles",
    "install",
    "flow",
    "example",
    "call",
)
_OF_CALL = ("region", "model", "workspace")


class Said(NamedTuple):
    """What is asked for, as it was written.

    Attributes:
        options: but for messages, by their names.
        messages: as `{"role": …, "content": …}`.
        fields: of the call, as JSON, by their names.
    """

    options: Mapping[str, str]
    messages: Sequence[Mapping[str, str]] = ()
    fields: Mapping[str, str] = {}


class Wanted(NamedTuple):
    """What is to be written.

    Attributes:
        site: the builder whose tab sets the samples are to stand in; None for one alone.
    """

    samples: Sequence[Sample]
    site: Site | None
    settings: Settings
    locale: str


def wanted(
    said: Said, project: Project, read: Callable[[str], tuple[object, str]], *, above: bool = True
) -> Wanted:
    """The samples that are asked for; what is not said is what the project says.

    Args:
        read: gives the call that the option `call` names, and its name for errors.
        above: whether there is a place above a sample for what installs it.

    Raises:
        InputError: there is no such thing.
    """
    given, settings = said.options, project.settings
    names = several(given.get("lang", "")) or settings.languages
    if not names:
        raise InputError("which language? Write lang=LANGUAGE, or lang=all")
    locale = locale_of(given.get("locale", project.locale or "en"))
    example = None if "call" in given else given.get("example", settings.example)
    install = given.get("install", settings.install)
    if install not in INSTALL:
        raise unknown("install", install, INSTALL)
    asked = Asked(
        names,
        several(given.get("protocol", "")) or settings.protocols,
        given.get("client", settings.client),
        given.get("flow", settings.flow),
        EXAMPLES[example].flow if example in EXAMPLES else None,
        locale,
        given.get("notes", settings.notes or "full"),
        several(given.get("regions", "")),
        install if above else "sample",
    )
    call = _call(said, example, project, read)
    titles = given.get("titles")
    if titles not in (None, "yes", "no"):
        raise InputError(f"titles={titles}: write titles=yes or titles=no")
    if titles:
        settings = settings._replace(titles=titles == "yes")
    settings = settings._replace(install=asked.install)
    found = samples(call, asked, worded(project.catalog, settings.words, locale))
    alone = len(names) == 1 and names[0].lower() != ALL and len(found) == 1
    if alone and "tabs" not in given:
        return Wanted(found, None, settings, locale)
    return Wanted(found, site(given.get("tabs") or settings.tabs or "headings"), settings, locale)


def several(text: str) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(filter(None, (one.strip() for one in text.split(","))))


def _call(
    said: Said, example: str | None, project: Project, read: Callable[[str], tuple[object, str]]
) -> Call:
    """The call: what is said goes before a call file, or an example, or the project's call."""
    given, where = said.options, ""
    data: object = project.call.as_json() if project.call else {}
    if "call" in given:
        data, where = read(given["call"])
    elif example is not None:
        data = of_project(example, project.call, project.catalog)
    if isinstance(data, dict):
        data = {**data, **{name: given[name] for name in _OF_CALL if name in given}}
        protocols = several(given.get("protocol", ""))
        if protocols and protocols[0].lower() != ALL:
            project.catalog.protocol(protocols[0])
            data["protocol"] = protocols[0]
        if said.messages:
            data["messages"] = list(said.messages)
        for name, text in said.fields.items():
            set_field(data, name, text, f"set.{name}={text}")
    return Call.parse(data, project.catalog, where)
