"""samplegen render."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from samplegen.cli.common import format_option, load_catalog, path, put
from samplegen.cli.selection import samples as select
from samplegen.cli.selection import selects
from samplegen.errors import InputError


@click.command("render")
@selects
@format_option("text", "json", "markdown")
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
def command(
    form: str, folder: Path | None, check: bool, everything: bool, locale: str | None, **given: Any
) -> None:
    """Render samples of a call.

    One sample goes to standard output as it is, ready for a file. Several are
    each preceded by a line that names them.

    \b
      samplegen render --lang go --region beijing
      samplegen render --lang js --client http --message "user:Hello"
      samplegen render --lang all --format markdown --locale ja
      samplegen render --call call.json --lang php
      samplegen render --all --out out --check
    """
    if check and folder is None:
        raise InputError("--check compares with files: say where they are with --out DIR")
    if folder is not None and form != "text":
        raise InputError(f"--format {form} goes to standard output: leave out --out, or --format")
    if not given["languages"] and not everything and given["example"] != "all":
        raise InputError("which language? Give --lang LANGUAGE, --lang all, or --all")
    selected = select(everything=everything, locale=locale, **given)
    placed = {one.path: one.sample for one in selected}
    narrowed = any(given[name] for name in ("languages", "protocol", "region", "client")) or locale
    if folder is None:
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
