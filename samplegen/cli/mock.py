"""samplegen mock."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from samplegen.cli.common import catalog_option, load_catalog, needs_extra, put


@click.command("mock")
@click.option(
    "--host",
    default="localhost",
    show_default=True,
    metavar="HOST",
    help="Where to listen. Any other than this machine's own lets others in.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="0 is any that is free.",
)
@catalog_option
def command(host: str, port: int, catalog_file: Path | None) -> None:
    """Serve a stand-in for the service, to develop against.

    It answers both protocols in the service's own shapes, streams included, and refuses
    what the service refuses: a wrong key (401), a bad body (400), an unknown model (404).
    Nothing leaves this machine. Stop it with Ctrl-C.

    It says the base URL of each protocol, then a line for each request.

    The key is sk-mock. These get a failure instead of an answer:

    \b
      sk-mock-bad-request   400
      sk-mock-not-found     404
      sk-mock-rate-limit    429
      sk-mock-server-error  500
      sk-mock-cut           the connection breaks in the middle of the answer
    """
    gc.enable()  # It may run for days.
    catalog = load_catalog(catalog_file)
    try:
        from samplegen.verify.mock import main_loop

        main_loop(catalog, host, port, "sk-mock", lambda line: put(f"{line}\n"))
    except ImportError as error:
        raise needs_extra(error, "verify") from None
