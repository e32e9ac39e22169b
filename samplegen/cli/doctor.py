"""samplegen doctor."""

from __future__ import annotations

import click

from samplegen.cli.common import put


@click.command("doctor")
def command() -> None:
    """Say which toolchains are there for `verify`, and what installs the others.

    A toolchain is `ready` when its SDKs are installed, too; where it is only `found`,
    the first verify installs them, which takes the network.
    """
    from samplegen.languages import language_ids
    from samplegen.model.catalog import builtin
    from samplegen.verify.toolchain import is_installed, status

    for id in language_ids():
        one = status(id)
        there = "ready" if is_installed(id, builtin()) else "found"
        put(f"{there if one.found else 'missing':<9}{id:<9}{one.version or one.advice}\n")
