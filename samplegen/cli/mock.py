"""samplegen mock."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from samplegen.cli.common import catalog_option, load_catalog, needs_extra, put

if TYPE_CHECKING:
    from samplegen.model.catalog import Catalog


_KEY: Final = "sk-mock"


class _Mock(click.Command):
    """Tells in its help, from the mock's own tables, which keys and models do what."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write these tables."""
        from samplegen.verify.mock import MEANINGS, keys

        with formatter.section("Keys"):
            formatter.write_dl([(key, MEANINGS[one]) for key, one in keys(_KEY).items()])
            formatter.write_text("any other: 401")
        with formatter.section("Models, beside what is asked of them"):
            formatter.write_dl([*_models(_catalog(ctx))] or [("*", "what is asked")])
            formatter.write_text("any other of a chat: what is asked; of no known family: 404")


def _catalog(ctx: click.Context) -> Catalog:
    """The catalog that the command would serve; the built-in one where that cannot be read."""
    from samplegen.errors import InputError
    from samplegen.model.catalog import builtin

    try:
        return load_catalog(ctx.params.get("catalog_file"))
    except InputError:
        return builtin()


def _models(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What models do by themselves, and the patterns of their names, from what families have."""
    traits: dict[str, list[str]] = {}
    for family in catalog.families:
        found = [
            "no chat: refused" if not family.chat else "",
            _THINKING.get(family.thinking or "none", "") if family.chat else "",
            "refuse a call that does not stream" if family.streams_only else "",
            *(
                f"refuse a call without {name}: {json.dumps(value)}, but in a stream"
                for name, value in family.options.items()
            ),
        ]
        for trait in filter(None, found):
            traits.setdefault(trait, []).extend(family.patterns)
    for trait, patterns in traits.items():
        more = len(patterns) - _SHOWN
        yield trait, ", ".join(patterns[:_SHOWN]) + (f", and {more} more" if more > 0 else "")


_SHOWN: Final = 8

_THINKING: Final = {
    "on": "reason, unless enable_thinking is false",
    "off": "reason, if enable_thinking is true",
    "only": "always reason",
}


def _here(catalog: Catalog) -> tuple[str, int]:
    """Where the usual region is served on this machine; else the usual place of a mock."""
    from urllib.parse import urlsplit

    region = catalog.regions[catalog.defaults.region]
    url = urlsplit(f"{region.scheme}://{region.host}")
    if region.scheme == "http" and url.port and url.hostname in ("localhost", "127.0.0.1", "::1"):
        return url.hostname, url.port
    return "localhost", 8000


@click.command("mock", cls=_Mock)
@click.option(
    "--host",
    metavar="HOST",
    help="Where to listen; default: localhost, or as the catalog's usual region has it on this "
    "machine. Any other than this machine's own lets others in.",
)
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="Default: 8000, or that of the same region; 0 is any that is free.",
)
@catalog_option
def command(host: str | None, port: int | None, catalog_file: Path | None) -> None:
    """Serve a stand-in for the service, to develop against.

    It answers every kind of call of each protocol in the service's own shapes, streams
    included, and refuses in its words what the service refuses: a wrong key (401), a bad
    body or parameter (400), an unknown model (404). Nothing leaves this machine, and
    nothing is remembered between requests. Stop it with Ctrl-C.

    It says the base URL of each protocol, then a line for each request.

    What is asked says what comes back:

    \b
      enable_thinking, a thinking model   reasoning apart from the answer
      response_format                     JSON, valid under its schema
      tools                               calls of them: of the first one, or of all with
                                          parallel_tool_calls
      results of tools                    an answer that repeats them
      n, max_tokens, stop                 so many answers, and so long
      stream, include_usage               pieces, and the usage after them
      an answer in the messages           the next answer of the conversation
    """
    gc.enable()  # It may run for days.
    catalog = load_catalog(catalog_file)
    usual_host, usual_port = _here(catalog)
    host, port = host or usual_host, usual_port if port is None else port
    try:
        from samplegen.verify.mock import main_loop

        main_loop(catalog, host, port, _KEY, lambda line: put(f"{line}\n"))
    except ImportError as error:
        raise needs_extra(error, "verify") from None
