"""samplegen list."""

from __future__ import annotations

from pathlib import Path

import click

from samplegen.cli.common import catalog_option, format_option, load_catalog, put


@click.command("list")
@catalog_option
@format_option("text", "json")
def command(form: str, catalog_file: Path | None) -> None:
    """List what there is: languages, regions, targets, locales, models."""
    from samplegen.cli.output import LISTINGS

    put(LISTINGS[form](load_catalog(catalog_file)))
