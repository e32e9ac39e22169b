"""samplegen preview."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from samplegen.cli.common import call_form, catalog_option, load_project, needs_extra, path, put
from samplegen.errors import InputError


@click.command("preview")
@click.option(
    "--port",
    default=8321,
    show_default=True,
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="0 is any that is free.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--call",
    "call_file",
    metavar="FILE",
    type=path,
    help="The call that the page begins with, as JSON or TOML; '-' is standard input.",
)
@click.option(
    "--export",
    "folder",
    metavar="DIR",
    type=path,
    help="Write a page of the named examples as static files here, and serve nothing.",
)
@catalog_option
def command(
    port: int, opens: bool, call_file: Path | None, folder: Path | None, catalog_file: Path | None
) -> None:
    """Look at samples before they are published: a page on this machine.

    It shows a call in every language, as you change it: its example, protocol, region,
    model, messages and options, and the notes and their language; the request that it is;
    and the command or the marker that puts the sample into your docs. "Run" verifies a
    sample as 'samplegen verify' does, and shows what arrived. Stop it with Ctrl-C.

    In a project it begins with the call of samplegen.toml, in the project's words.
    Only this machine can open the page.

    With --export it writes the named examples, in all languages, as static files: an
    explorer to publish, or to embed in your docs. It needs no server.

    \b
      samplegen preview --open
      samplegen preview --call call.json
      samplegen preview --export site/samples
    """
    if folder is not None and (call_file is not None or opens):
        raise InputError(
            "--export writes the named examples, and serves nothing: leave out --call and --open"
        )
    project = load_project(catalog_file)
    try:
        if folder is not None:
            from samplegen.preview.export import export

            put(f"{export(project.catalog, folder, project)}\n")
            return
        from samplegen.preview.serving import serve
    except ImportError as error:
        raise needs_extra(error, "preview") from None
    begin = None
    if call_file is not None:
        from samplegen.model.call import Call

        data, where = call_form(call_file, project.catalog)
        begin = Call.parse(data, project.catalog, where)
    gc.enable()  # It may run for days.
    serve(project, port, begin, opens=opens, say=lambda line: put(f"{line}\n"))
