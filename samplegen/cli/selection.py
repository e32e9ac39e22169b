"""The options that say which samples, and the samples that they select."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from samplegen.cli.common import (
    call_form,
    catalog_option,
    completes,
    completes_from_catalog,
    in_locale,
    listed,
    load_project,
    once,
    path,
)
from samplegen.errors import InputError, unknown

if TYPE_CHECKING:
    from samplegen.configured import Project
    from samplegen.model.call import Call, Message
    from samplegen.model.catalog import Catalog
    from samplegen.rendering.sample import Sample
    from samplegen.rendering.targets import Target

# A tool's message names the call that it answers: it comes in a call file.
_ROLES = ("system", "user", "assistant")


def _languages() -> list[str]:
    from samplegen.languages import language_ids

    return [*language_ids(), "all"]


def _flows() -> tuple[str, ...]:
    from samplegen.rendering.targets import FLOWS

    return FLOWS


def _examples() -> list[str]:
    from samplegen.examples import EXAMPLES

    return [*EXAMPLES, "all"]


def _locales() -> tuple[str, ...]:
    from samplegen.rendering.notes import locales

    return locales()


_SELECTION = [
    click.option(
        "--lang",
        "languages",
        metavar="LANGUAGE",
        multiple=True,
        callback=listed,
        shell_complete=completes(_languages),
        help="A language or one of its aliases, several with commas, or 'all'. Repeatable.",
    ),
    click.option(
        "--protocol",
        metavar="PROTOCOL",
        multiple=True,
        callback=once,
        shell_complete=completes_from_catalog(lambda catalog: [*catalog.protocols]),
        help="What the service is spoken to in; see 'samplegen list'.",
    ),
    click.option(
        "--region",
        metavar="REGION",
        multiple=True,
        callback=once,
        shell_complete=completes_from_catalog(lambda catalog: [*catalog.regions]),
        help="Where the model runs; see 'samplegen list'.",
    ),
    click.option(
        "--client",
        metavar="CLIENT",
        multiple=True,
        callback=once,
        shell_complete=completes(lambda: ("sdk", "http")),
        help="sdk (default where the language has one) or http.",
    ),
    click.option(
        "--model",
        metavar="MODEL",
        multiple=True,
        callback=once,
        shell_complete=completes_from_catalog(lambda catalog: catalog.models),
        help="Default: the first of 'samplegen list'.",
    ),
    click.option(
        "--message",
        "messages",
        metavar="ROLE:TEXT",
        multiple=True,
        help="A message; the role is system, user or assistant. Repeatable, in order.",
    ),
    click.option(
        "--example",
        metavar="NAME",
        multiple=True,
        callback=once,
        shell_complete=completes(_examples),
        help="A named example, such as streaming or tools, or all; see 'samplegen list'. "
        "The options above override what it says.",
    ),
    click.option(
        "--set",
        "settings",
        metavar="NAME=JSON",
        multiple=True,
        help="A field of the call, such as temperature=0.2 or stream_options.include_usage=true. "
        "A value that is no JSON is text. Repeatable.",
    ),
    click.option(
        "--flow",
        metavar="FLOW",
        multiple=True,
        callback=once,
        shell_complete=completes(_flows),
        help="What the program does with the answer; default: what the call asks for. "
        "See 'samplegen list'.",
    ),
    click.option(
        "--workspace",
        metavar="ID",
        help="Call the model on this workspace's own host in the region.",
    ),
    click.option(
        "--call",
        "call_file",
        metavar="SOURCE",
        type=path,
        help="The call: as JSON or TOML, a request's body, a curl command, a program, a HAR file, "
        "PAGE:LINE; '-' is standard input. The options above override it.",
    ),
    catalog_option,
    click.option(
        "--locale",
        metavar="LOCALE",
        multiple=True,
        callback=in_locale,
        shell_complete=completes(_locales),
        help="The language of the notes; see 'samplegen list'. Default: en.",
    ),
    click.option(
        "--regions",
        "noted",
        metavar="REGIONS",
        shell_complete=completes_from_catalog(lambda catalog: [*catalog.regions]),
        help="Which regions' URLs the notes list, as in beijing,virginia; by default those that "
        "the catalog publishes.",
    ),
    click.option(
        "--notes",
        metavar="LEVEL",
        shell_complete=completes(lambda: ("full", "brief", "none")),
        help="How much the comments explain: full, brief or none. Default: full.",
    ),
]


def selects(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which samples, for `render` and `verify` alike."""
    for option in reversed(_SELECTION):
        command = option(command)
    return command


class Selected(NamedTuple):
    """A sample, the call that it makes, where its file is below the folder of samples; its flow."""

    call: Call
    sample: Sample
    path: Path
    flow: str


def samples(*, example: str | None, **options: Any) -> list[Selected]:
    """The samples that the options select.

    A target of several that cannot show the call is left out, and that is said on standard
    error unless the options have `quiet`.

    Raises:
        InputError: an option makes no sense, or no target can show the call.
    """
    if example is None:
        return [*_samples(None, **options)]
    from samplegen.examples import EXAMPLES, LackingError

    if example != "all":
        return [*_samples(example, **options)]
    if not options["everything"] and not options["languages"]:
        options["languages"] = ("all",)
    # The first call is what all other samples show.
    names = [name for name in EXAMPLES if name != "first-call"]
    found: list[Selected] = []
    for name in names:
        try:
            found += _samples(name, lenient=True, **options)
        except LackingError as error:
            if not options.get("quiet"):
                print(f"samplegen: left out: {error}", file=sys.stderr)
    return found


def _samples(
    example: str | None,
    *,
    everything: bool,
    languages: tuple[str, ...],
    protocol: str | None,
    region: str | None,
    client: str | None,
    locale: str | None,
    notes: str | None,
    flow: str | None,
    catalog_file: Path | None,
    noted: str | None,
    quiet: bool = False,
    lenient: bool = False,
    **call_options: Any,
) -> Iterator[Selected]:
    """The samples of one example, or of the call of the options.

    Args:
        quiet: what is left out is not said.
        lenient: there may be no sample at all.
    """
    from dataclasses import replace

    from samplegen.cli.output import path_of
    from samplegen.rendering.notes import SOURCE_LOCALE, locales
    from samplegen.rendering.sample import chosen as chosen_flow
    from samplegen.rendering.sample import fitting
    from samplegen.rendering.sample import render as render_sample
    from samplegen.rendering.words import worded

    if everything and call_options["workspace"] and not region:
        raise InputError("a workspace belongs to one region: name it with --region")
    project = load_project(catalog_file, noted)
    catalog, settings = project.catalog, project.settings
    if everything and not region and not catalog.published:
        raise InputError("the catalog has no region with a shared host: give --region, --workspace")
    every_target = everything or example is not None
    if not every_target and call_options["call_file"] is None:
        example_of_call = settings.example
    else:
        example_of_call = example
    # What an example shows where the target can; else what its call asks for.
    shows: str | None = None
    if example_of_call is not None:
        shows = _flow_of(example_of_call, call_options["call_file"])
    one_call = call(
        project, protocol=protocol, region=region, example=example_of_call, **call_options
    )
    if not everything:
        languages = languages or settings.languages
        flow = flow or settings.flow
        locale = locale or project.locale
    every_client = every_target
    protocols = list(catalog.protocols) if every_target and not protocol else [one_call.protocol]
    if not every_target:
        every_client = client is None and settings.client == "all"
        client = client or (None if every_client else settings.client)
        protocols = list(_protocols(protocol, settings.protocols, catalog)) or protocols
    regions = catalog.published if everything and not region and not example else [one_call.region]
    every_locale = everything and locale is None and not example
    chosen = _targets(languages, protocols, client, every_client=every_client)
    left: dict[str, InputError] = {}
    found = 0
    in_locales = [SOURCE_LOCALE if locale is None else locale]
    for one_locale in locales() if every_locale else in_locales:
        spoken = worded(catalog, settings.words, one_locale)
        for target in chosen:
            for one_region in regions:
                one = replace(one_call, protocol=target.protocol, region=one_region)
                try:
                    preferred = flow or (shows if shows in target.flows else None)
                    shown = chosen_flow(preferred, one, target)
                    sample = render_sample(
                        one,
                        target.language,
                        target.client,
                        flow=shown,
                        locale=one_locale,
                        notes=notes or settings.notes or "full",  # type: ignore[arg-type]
                        catalog=spoken,
                    )
                except InputError as error:
                    if len(chosen) == 1 and not lenient:
                        raise
                    left.setdefault(target.name, error)
                    continue
                found += 1
                path = path_of(sample)
                if example is not None and example != "first-call":
                    path = Path("examples", example, sample.protocol, sample.filename)
                yield Selected(fitting(one, shown), sample, path, shown)
    if left and not found and not lenient:
        raise next(iter(left.values()))
    for name, why in () if quiet else left.items():
        start = f"{example}, {name}" if example else name
        print(f"samplegen: {start}: left out: {why}", file=sys.stderr)


def _flow_of(example: str, call_file: Path | None) -> str | None:
    """The flow that an example shows."""
    from samplegen.examples import EXAMPLES, path_of

    if call_file is not None:
        raise InputError("--example names a call, and so does --call: give one of them")
    path_of(example)
    return EXAMPLES[example].flow


def _protocols(named: str | None, said: tuple[str, ...], catalog: Catalog) -> tuple[str, ...]:
    """The protocols that a configuration says, where no option does."""
    if named is not None:
        return ()
    return tuple(catalog.protocols) if "all" in said else said


def _targets(
    languages: tuple[str, ...], protocols: list[str], client: str | None, every_client: bool
) -> list[Target]:
    """The targets of the languages; for 'all' or none, of those that have such a client."""
    from samplegen.languages import language
    from samplegen.rendering.targets import CLIENTS, find, targets

    if client is not None and client not in CLIENTS:
        raise unknown("client", client, CLIENTS)
    named = [name for name in languages if name.lower() != "all"]
    ids = list(dict.fromkeys(language(name).id for name in named))
    every_language = named != list(languages) or not languages
    if not every_language and not every_client:
        return [find(id, protocol, client) for id in ids for protocol in protocols]
    found = [
        target
        for target in targets()
        if target.protocol in protocols
        and client in (None, target.client)
        and (every_language or target.language in ids)
    ]
    if not every_client:
        # Targets come with the SDK first, so the first of a language is its default.
        defaults = {(target.language, target.protocol): target for target in reversed(found)}
        found = list(reversed(defaults.values()))
    if not found:
        raise InputError("no language has such a sample: see 'samplegen list'")
    return found


def call(
    project: Project,
    *,
    example: str | None = None,
    protocol: str | None,
    region: str | None,
    model: str | None,
    messages: tuple[str, ...],
    settings: tuple[str, ...],
    workspace: str | None,
    call_file: Path | None,
) -> Call:
    """The call of the options, and of the call file, the example or the project."""
    from samplegen.model.call import Call, Message

    catalog = project.catalog
    if protocol is not None:
        catalog.protocol(protocol)
    options = {"protocol": protocol, "region": region, "model": model, "workspace": workspace}
    chosen: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if messages:
        chosen["messages"] = tuple(_message(text) for text in messages)
    if call_file is not None or settings or example is not None or project.call is not None:
        return _parsed(call_file, example, chosen, settings, project)
    defaults = catalog.defaults
    return Call(
        **{
            "protocol": defaults.protocol,
            "region": defaults.region,
            "model": defaults.model,
            "messages": tuple(Message(**message) for message in defaults.messages),  # type: ignore[arg-type]
            **chosen,
        }
    )


def _parsed(
    file: Path | None,
    example: str | None,
    chosen: dict[str, Any],
    settings: tuple[str, ...],
    project: Project,
) -> Call:
    """A call as JSON, with what options say in its place; says what is not known."""
    from samplegen.model.call import Call
    from samplegen.model.forms import unknown_parameters

    catalog, where = project.catalog, ""
    data: object = project.call.as_json() if project.call else {}
    if file is not None:
        data, where = call_form(file, catalog)
    elif example is not None:
        from samplegen.examples import of_project

        data = of_project(example, project.call, catalog)
    if isinstance(data, dict):
        data = {**data, **chosen}
        for setting in settings:
            _set(data, setting)
    made = Call.parse(data, catalog, where)
    for name in unknown_parameters(made, catalog):
        print(f"samplegen: {name!r} is in no catalog: it is sent as it is", file=sys.stderr)
    return made


def _set(data: dict[str, Any], setting: str) -> None:
    """Put the value of `NAME=JSON` into a call's JSON form; a dot leads into an object."""
    from samplegen.model.fields import set_field

    set_field(data, *_field(setting), f"--set {setting!r}")


def _field(setting: str) -> tuple[str, str]:
    name, equals, text = setting.partition("=")
    if not equals:
        raise InputError(f"--set {setting!r}: write it as NAME=JSON, such as temperature=0.2")
    return name, text


def spoken(
    messages: tuple[str, ...], settings: tuple[str, ...]
) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Messages and fields of a call as a marker has them."""
    made = [_message(one) for one in messages]
    said = [{"role": one.role, "content": str(one.content)} for one in made]
    return said, dict(map(_field, settings))


def given_calls(
    *,
    protocol: str | None,
    region: str | None,
    model: str | None,
    messages: tuple[str, ...],
    settings: tuple[str, ...],
    call_file: Path | None,
    catalog_file: Path | None,
    **others: Any,
) -> list[Call]:
    """What a sample of a page may mean: the call of the options, with whatever they leave open.

    That is the protocol and the region. Without a model, a message or a call file there
    is no call, and the list is empty.

    Raises:
        InputError: an option that only rendered samples have, or one that needs a call.
    """
    from samplegen.verify.published import meanings

    for name, value in others.items():
        if value and name != "languages":
            name = "regions" if name == "noted" else name
            raise InputError(f"--{name} is for rendered samples: leave it out, or the paths")
    if not (model or messages or settings or call_file):
        for name, value in (("protocol", protocol), ("region", region)):
            if value:
                raise InputError(
                    f"--{name} says how a call is compared: "
                    "give the call too, with --call, --model or --message"
                )
        return []
    project = load_project(catalog_file)
    given = call(
        project._replace(call=None),
        protocol=protocol,
        region=region,
        model=model,
        messages=messages,
        settings=settings,
        workspace=None,
        call_file=call_file,
    )
    return meanings(given, project.catalog, protocol, region)


def _message(text: str) -> Message:
    from samplegen.model.call import Message

    role, colon, content = text.partition(":")
    if not colon:
        raise InputError(f"--message {text!r}: write it as ROLE:TEXT, such as {'user:' + text!r}")
    if role not in _ROLES:
        raise unknown("role", role, _ROLES)
    return Message(role, content)  # type: ignore[arg-type]
