"""samplegen render."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplegen.cli.common import format_option, load_catalog, needs_extra, path, put
from samplegen.cli.selection import samples as select
from samplegen.cli.selection import selects
from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.model.catalog import Catalog
    from samplegen.rendering.sample import Sample


def _of_sites() -> tuple[str, ...]:
    from samplegen.sites import site_names

    return (*site_names(), "sphinx-rst")


@click.command("render")
@selects
@format_option(
    "text",
    "json",
    "markdown",
    "overlay",
    more=_of_sites,
    also=", or the tabs of a site builder (see 'samplegen list')",
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
    openapi: Path | None,
    operation: str | None,
    **given: Any,
) -> None:
    """Render samples of a call.

    One sample goes to standard output as it is, ready for a file. Several are
    each preceded by a line that names them. --format writes them as a page of a site
    builder has them, in tabs, or as an Overlay for an OpenAPI file.

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
    if not given["languages"] and not everything and given["example"] != "all":
        raise InputError("which language? Give --lang LANGUAGE, --lang all, or --all")
    selected = select(everything=everything, locale=locale, **given)
    placed = {one.path: one.sample for one in selected}
    narrowed = any(given[name] for name in ("languages", "protocol", "region", "client")) or locale
    if folder is None and form not in ("text", "json", "markdown"):
        samples = [one.sample for one in selected]
        put(_of_site(form, samples, load_catalog(given["catalog_file"]), openapi, operation))
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


def _of_site(
    form: str, samples: list[Sample], catalog: Catalog, openapi: Path | None, operation: str | None
) -> str:
    """Samples as a page of a site builder has them, or as an Overlay."""
    if len({(one.protocol, one.language, one.client) for one in samples}) < len(samples):
        raise InputError(f"--format {form} is for one region and locale: name them, without --all")
    if openapi is not None:
        try:
            from samplegen.sites import overlay

            ends = [end for paths in catalog.protocols.values() for end in paths.paths.values()]
            return overlay.overlay(samples, overlay.operation(openapi, operation, ends))
        except ImportError as error:
            raise needs_extra(error, "check") from None
    from samplegen.sites import site
    from samplegen.sites.base import Place
    from samplegen.sites.samples import groups
    from samplegen.sites.settings import NOTHING_SAID

    chosen = site(form.removesuffix("-rst"))
    written_as = "rst" if form.endswith("-rst") else chosen.forms[0]
    place = Place(written_as, missing=frozenset(chosen.imports))
    lines = chosen.write(groups(samples, NOTHING_SAID, samples[0].locale), place)
    return "\n".join(lines).strip("\n") + "\n"
