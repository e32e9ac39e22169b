"""What the page shows of a call: a sample for each target, or why there is none; the request."""

from __future__ import annotations

import json
from typing import Any, Final

from samplegen.configured import Project, unconfigured
from samplegen.errors import InputError
from samplegen.examples import EXAMPLES
from samplegen.languages import language, language_ids
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.preview.form import FieldError, Wanted, by_field, example_call, to_form
from samplegen.preview.tokens import coloured, tokens
from samplegen.preview.ways import call_file, ways
from samplegen.protocols.request import Request
from samplegen.rendering.notes import LEVELS, locales
from samplegen.rendering.sample import asked, chosen, fitting, render
from samplegen.rendering.targets import CLIENTS, FLOWS, Target, targets
from samplegen.rendering.words import worded


def choices(catalog: Catalog, project: Project | None = None) -> dict[str, Any]:
    """What the form lets choose: every example as a form, and names with what they are."""
    served = [one for one in targets() if one.protocol in catalog.protocols]
    forms = {}
    for name in EXAMPLES:
        try:
            forms[name] = to_form(example_call(name, catalog, project), name, project)
        except InputError:
            # A provider that has no such call has no such example.
            continue
    return {
        "provider": catalog.provider.name,
        "examples": [
            {"name": name, "about": EXAMPLES[name].about, "form": form}
            for name, form in forms.items()
        ],
        "protocols": list(catalog.protocols),
        "regions": [
            {"id": id, "name": region.label("en"), "workspace": not region.host}
            for id, region in catalog.regions.items()
        ],
        "published": catalog.published,
        "models": catalog.models,
        "parameters": [name for name, one in catalog.parameters.items() if one.place == "body"],
        "languages": [
            {"id": id, "name": language(id).name}
            for id in language_ids()
            if any(one.language == id for one in served)
        ],
        "clients": list(CLIENTS),
        "locales": list(locales()),
        "notes": list(LEVELS),
        "flows": list(FLOWS),
    }


LONG: Final = 20_000
"""Of a call that is longer, only the language that is looked at is sent: eleven take too long."""


def look(
    wanted: Wanted, catalog: Catalog, seen: str | None = None, project: Project | None = None
) -> dict[str, Any]:
    """All that is to be seen of a call.

    Args:
        project: whose words samples have, and whose commands and markers they come from.
        seen: the language that is looked at; of a long call, others come later.

    Raises:
        FieldError: no target can show it.
    """
    project = project or unconfigured(catalog)
    catalog = worded(catalog, project.settings.words, wanted.locale)
    served = [one for one in targets() if one.protocol == wanted.call.protocol]
    said = call_file(wanted)
    long = seen is not None and len(said) > LONG
    shown = [
        {"language": one.language, "client": one.client, "later": True, "code": ""}
        if long and one.language != seen
        else _sample(wanted, one, catalog, project)
        for one in served
    ]
    if not any("code" in one for one in shown):
        reasons = list(dict.fromkeys(one["why"] for one in shown))
        if len(reasons) == 1:
            raise FieldError(by_field(InputError(reasons[0]), list(wanted.call.parameters)))
    return {
        "samples": shown,
        "request": _request(wanted, catalog),
        "call": said,
        "call_tokens": coloured(said, "json"),
        "asked": asked(wanted.call),
        "unlisted": _unlisted(wanted.call, catalog),
    }


def flow_of(wanted: Wanted, target: Target) -> str:
    """What the sample of a target shows: what is asked for, else what fits the example."""
    if wanted.flow is None:
        return chosen(None, wanted.call, target)
    shows = EXAMPLES[wanted.example].flow if wanted.example in EXAMPLES else None
    if wanted.flow == shows and shows not in target.flows:
        return chosen(None, wanted.call, target)
    return chosen(wanted.flow, wanted.call, target)


def _sample(wanted: Wanted, target: Target, catalog: Catalog, project: Project) -> dict[str, Any]:
    shown: dict[str, Any] = {"language": target.language, "client": target.client}
    try:
        flow = flow_of(wanted, target)
        sample = render(
            wanted.call,
            target.language,
            target.client,
            flow=flow,
            locale=wanted.locale,
            notes=wanted.notes,
            catalog=catalog,
        )
    except InputError as error:
        return {**shown, "why": str(error)}
    command, marker, files = ways(wanted, target, flow, project)
    return {
        **shown,
        "flow": flow,
        "filename": sample.filename,
        "install": sample.install,
        "code": sample.code,
        "tokens": tokens(sample.code, sample.language),
        "command": command,
        "marker": marker,
        "files": files,
    }


def _request(wanted: Wanted, catalog: Catalog) -> dict[str, Any] | None:
    """The request as it goes over the wire, of a program that shows what is asked for."""
    call, key = wanted.call, f"${catalog.key_env(wanted.call.region)}"
    try:
        request = Request.of(fitting(call, wanted.flow or asked(call)), key, catalog)
    except InputError:
        # The samples say why.
        return None
    body = json.dumps(request.body, ensure_ascii=False, indent=2)
    return {
        "method": request.method,
        "url": request.url,
        "headers": [list(one) for one in request.headers.items()],
        "body": body,
        "tokens": coloured(body, "json"),
    }


def _unlisted(call: Call, catalog: Catalog) -> list[str]:
    from samplegen.model.forms import unknown_parameters

    return unknown_parameters(call, catalog)
