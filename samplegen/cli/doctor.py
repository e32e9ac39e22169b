"""samplegen doctor."""

from __future__ import annotations

import click

from samplegen.cli.common import put


@click.command("doctor")
def command() -> None:
    """Say which toolchains are there for `verify`, and what installs the others."""
    from samplegen.language import language_ids
    from samplegen.verify.toolchain import status

    for id in language_ids():
        one = status(id)
        put(f"{'found' if one.found else 'missing':<9}{id:<9}{one.version or one.advice}\n")
