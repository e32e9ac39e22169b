"""samplegen add."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from samplegen.cli.common import completes, needs_extra, path, put
from samplegen.configured import find
from samplegen.errors import InputError


def _sites() -> tuple[str, ...]:
    from samplegen.sites import site_names

    return site_names()


def _examples() -> tuple[str, ...]:
    from samplegen.examples import names

    return names()


@click.command("add")
@click.argument("page", type=path)
@click.option("--heading", metavar="TEXT", help="At the end of this heading's section.")
@click.option("--line", metavar="N", type=click.IntRange(1), help="Above this line.")
@click.option("--lang", metavar="LANGUAGES", help="One, several with commas, or all (default).")
@click.option(
    "--tabs",
    metavar="BUILDER",
    shell_complete=completes(_sites),
    help="Whose tabs; default: the configuration's, else the builder that the project has.",
)
@click.option(
    "--example",
    metavar="NAME",
    shell_complete=completes(_examples),
    help="A named example, such as streaming; see 'samplegen list'.",
)
@click.option("--client", metavar="CLIENT", help="sdk, http, or all for both.")
@click.option("--protocol", metavar="PROTOCOLS", help="One, or several with commas for two levels.")
@click.option("--region", metavar="REGION", help="Where the model runs.")
@click.option("--model", metavar="MODEL", help="Default: that of the configuration's call.")
@click.option("--flow", metavar="FLOW", help="What the program does with the answer.")
@click.option("--notes", metavar="LEVEL", help="full, brief or none.")
@click.option("--config", "config_file", metavar="FILE", type=path, help="The configuration.")
def command(
    page: Path, heading: str | None, line: int | None, config_file: Path | None, **said: str | None
) -> None:
    """Put samples into a page that 'samplegen check --fix' keeps up to date.

    They stand between two comments, in the tabs of the page's site builder, at the end of
    PAGE or where --heading or --line says. What is not said is what the configuration
    says. Change the comment later, and run 'samplegen check --fix'.

    \b
      samplegen add docs/quickstart.md --heading "Make a call"
      samplegen add docs/stream.md --line 42 --example streaming --lang python,go

    Exit codes: 0 written, 2 bad input.
    """
    import gc

    gc.enable()
    if heading is not None and line is not None:
        raise InputError("--heading and --line both say where: give one of them")
    try:
        from samplegen.check import config as configuration
        from samplegen.check.project import Checked, write
        from samplegen.check.starting import started
        from samplegen.pages import load
        from samplegen.sites.detect import of_page
    except ImportError as error:
        raise needs_extra(error, "check") from None
    file = config_file or find(Path.cwd())
    config = configuration.load(file) if file else configuration.Config(Path.cwd(), _catalog())
    plan = config.plan(str(page))
    given = {name: value for name, value in said.items() if value is not None}
    if not plan.settings.languages:
        given = {"lang": "all", **given}
    builder = of_page(page)
    if "tabs" not in given and not plan.settings.tabs and given.get("lang") and builder:
        several = given["lang"].lower() == "all" or "," in given["lang"]
        given |= {"tabs": builder.name} if several else {}
    given = {name: given[name] for name in ("lang", "tabs", *given) if name in given}
    there = load(page)
    made = started(str(page), there.text, plan, given, heading=heading, line=line)
    write([Checked(str(page), (), there, made.text)])
    from samplegen.languages import language

    names = ", ".join(dict.fromkeys(language(one).name for one in made.samples))
    count = f"{len(made.samples)} sample{'s' * (len(made.samples) != 1)}"
    put(f"{page}:{made.line}: {count} ({names}): 'samplegen check --fix' keeps them up to date\n")
    chosen = given.get("tabs") or plan.settings.tabs
    if builder and builder.name == chosen:
        for one in builder.missing:
            print(f"samplegen: {os.path.relpath(builder.file)} needs: {one}", file=sys.stderr)


def _catalog() -> Any:
    from samplegen.model.catalog import builtin

    return builtin()
