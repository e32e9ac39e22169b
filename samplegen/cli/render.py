"""samplegen render."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplegen.cli.common import completes, format_option, load_catalog, needs_extra, path, put
from samplegen.cli.selection import samples as select
from samplegen.cli.selection import selects
from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.model.catalog import Catalog
    from samplegen.rendering.sample import Sample

# What goes to standard output as samples, and not as a site builder has them.
_PLAIN = ("text", "json", "markdown")


def _of_sites() -> tuple[str, ...]:
    from samplegen.sites import site_names

    return (*site_names(), "sphinx-rst")


@click.command("render")
@selects
@format_option(
    *_PLAIN,
    "overlay",
    more=_of_sites,
    also=", or the tabs of a site builder (see 'samplegen list')",
)
@click.option(
    "--install",
    metavar="PLACE",
    shell_complete=completes(lambda: ("sample", "above")),
    help="With the --format of a site builder: where it stands what installs a sample: in the "
    "sample (default), or above it.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Every language, protocol, client and locale, in the catalog's main regions; "
    "an option above narrows it.",
)
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=path,
    help="Write files here, as LOCALE/PROTOCOL/REGION/LANGUAGE-CLIENT.EXTENSION.",
)
@click.option(
    "--check",
    is_flag=True,
    help="With --out: write nothing, show what differs, or is not verified where there is a "
    "ledger, and exit 1 if anything is.",
)
@click.option(
    "--openapi",
    metavar="FILE",
    type=path,
    help="With --format overlay: the OpenAPI file that the Overlay is for.",
)
@click.option(
    "--operation",
    metavar="OPERATION",
    help="With --openapi: as 'POST /path' or its operationId; default: the chat endpoint.",
)
def command(
    form: str,
    folder: Path | None,
    check: bool,
    everything: bool,
    locale: str | None,
    install: str | None,
    openapi: Path | None,
    operation: str | None,
    **given: Any,
) -> None:
    """Render samples of a call.

    One sample goes to standard output as it is, ready for a file. Several are
    each preceded by a line that names them. --format writes them as a page of a site
    builder has them, in tabs, or as an Overlay for an OpenAPI file. What no option says is
    what samplegen.toml says, as for the samples in pages.

    \b
      samplegen render --lang go --region beijing
      samplegen render --lang js --client http --message "user:Hello"
      samplegen render --lang all --format mkdocs --locale ja
      samplegen render --lang all --format overlay --openapi api.yaml > samples.yaml
      samplegen render --call call.json --lang php
      samplegen render --all --out out --check
    """
    if check and folder is None:
        raise InputError("--check compares with files: say where they are with --out DIR")
    if form == "overlay" and openapi is None:
        raise InputError("--format overlay is for an OpenAPI file: name it with --openapi FILE")
    if form != "overlay" and (openapi or operation):
        raise InputError("--openapi and --operation go with --format overlay")
    if folder is not None and form != "text":
        raise InputError(f"--format {form} goes to standard output: leave out --out, or --format")
    of_site = form not in (*_PLAIN, "overlay")
    if install is not None and not of_site:
        raise InputError("--install goes with the --format of a site builder, such as mkdocs")
    if not given["languages"] and not everything and given["example"] != "all":
        from samplegen.cli.common import load_project

        if not load_project(given["catalog_file"]).settings.languages:
            raise InputError("which language? Give --lang LANGUAGE, --lang all, or --all")
    if of_site:
        if everything:
            raise InputError(f"--format {form} is for one region and locale: leave out --all")
        if given["example"] == "all":
            raise InputError(f"--format {form} is for one call: name one example")
        put(_of_site(form, locale, install, **given))
        return
    selected = select(everything=everything, locale=locale, **given)
    placed = {one.path: one.sample for one in selected}
    narrowed = any(given[name] for name in ("languages", "protocol", "region", "client")) or locale
    if openapi is not None:
        samples = [one.sample for one in selected]
        put(_overlay(samples, load_catalog(given["catalog_file"]), openapi, operation))
    elif folder is None:
        from samplegen.cli.output import FORMATS

        put(FORMATS[form]([one.sample for one in selected]))
    elif check:
        from samplegen.cli.output import differences

        catalog = load_catalog(given["catalog_file"])
        complete = everything and not narrowed and not given["example"]
        difference = differences(folder, placed, catalog, complete=complete)
        put(difference)
        if difference:
            sys.exit(1)
    else:
        from samplegen.cli.output import write

        write(folder, placed)


def _overlay(samples: list[Sample], catalog: Catalog, openapi: Path, operation: str | None) -> str:
    """Samples as an Overlay for an OpenAPI file."""
    if len({(one.protocol, one.language, one.client) for one in samples}) < len(samples):
        raise InputError("--format overlay is for one region and locale: name them, without --all")
    try:
        from samplegen.sites import overlay

        ends = [end for paths in catalog.protocols.values() for end in paths.paths.values()]
        return overlay.overlay(samples, overlay.operation(openapi, operation, ends))
    except ImportError as error:
        raise needs_extra(error, "check") from None


def _of_site(form: str, locale: str | None, install: str | None, **given: Any) -> str:
    """Samples as a page of a site builder has them: what a marker of these options is."""
    from samplegen.cli.common import call_form, load_project
    from samplegen.cli.selection import spoken
    from samplegen.sites import asking, site
    from samplegen.sites.base import Place
    from samplegen.sites.samples import groups

    name = form.removesuffix("-rst")
    project = load_project(given["catalog_file"])
    options = {
        "lang": ",".join(given["languages"]),
        "tabs": name,
        "locale": locale,
        "install": install,
        "call": given["call_file"] and str(given["call_file"]),
        "regions": given["noted"],
        **{key: given[key] for key in _SHARED},
    }
    if options["call"] and options["example"]:
        raise InputError("--example names a call, and so does --call: give one of them")
    said = asking.Said(
        {key: value for key, value in options.items() if value},
        *spoken(given["messages"], given["settings"]),
    )
    wanted = asking.wanted(said, project, lambda file: call_form(Path(file), project.catalog))
    chosen = site(name)
    written_as = "rst" if form.endswith("-rst") else chosen.forms[0]
    place = Place(written_as, missing=frozenset(chosen.imports))
    lines = chosen.write(groups(wanted.samples, wanted.settings, wanted.locale), place)
    return "\n".join(lines).strip("\n") + "\n"


# Options that are called alike in a marker.
_SHARED = ("protocol", "client", "region", "model", "workspace", "notes", "flow", "example")
