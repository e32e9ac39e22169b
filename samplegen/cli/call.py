"""samplegen call."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from samplegen.cli.common import catalog_option, load_catalog, put
from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.model.call import Call
    from samplegen.model.catalog import Catalog


@click.command("call")
@click.argument("sources", nargs=-1, metavar="SOURCE [OTHER]")
@click.option(
    "--schema",
    is_flag=True,
    help="Read nothing: show the JSON Schema of call files, which editors complete by.",
)
@click.option("--diff", is_flag=True, help="Say how the calls of two sources differ.")
@catalog_option
def command(sources: tuple[str, ...], schema: bool, diff: bool, catalog_file: Path | None) -> None:
    """Print the call that a source says, as JSON: what 'render --call' takes.

    A SOURCE is a call file or the body of a request (JSON, TOML), a program in any
    language that samplegen reads, told by its suffix, a curl command, a HAR file, an
    OpenAPI file with an example of a request, PAGE:LINE for a sample on a page, or '-'
    for standard input: a call, a body, or a curl command.

    Nothing is guessed: what only running would tell is named, and there is no call. What
    a source says beyond a call, such as another header, is said on standard error. A key
    is never copied.

    \b
      samplegen call demo.py
      pbpaste | samplegen call -
      samplegen call docs/quickstart.md:42 > call.json
      samplegen call --diff call.json docs/quickstart.md:42

    Exit codes: 0 done, 1 the calls differ (--diff), 2 no call, or bad input.
    """
    gc.enable()
    import json

    if schema:
        from samplegen.model.schema import call_schema

        put(json.dumps(call_schema(), ensure_ascii=False, indent=2) + "\n")
        return
    if not sources:
        raise InputError("name one source, or compare two with --diff")
    catalog = load_catalog(catalog_file)
    if diff:
        if len(sources) != 2:
            raise InputError("--diff compares two sources: name both")
        _compare(_call(sources[0], catalog), _call(sources[1], catalog))
        return
    if len(sources) != 1:
        raise InputError("name one source, or compare two with --diff")
    call = _call(sources[0], catalog)
    put(json.dumps(call.as_json(), indent=2, ensure_ascii=False) + "\n")


def _call(source: str, catalog: Catalog) -> Call:
    from samplegen.sources import read

    if not source:
        raise InputError("a source is empty: name a file, or '-' for standard input")
    call, said = read(source, catalog)
    name = "standard input" if source == "-" else source
    for one in said:
        print(f"samplegen: {name}: {one}", file=sys.stderr)
    return call


def _compare(one: Call, other: Call) -> None:
    from samplegen.sources.differing import differences

    found = list(differences(one, other))
    put("".join(f"{path}: {before} | {after}\n" for path, before, after in found))
    if found:
        sys.exit(1)
