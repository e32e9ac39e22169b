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

    It answers every kind of call of each protocol in the service's own shapes, streams
    included, and refuses in its words what the service refuses: a wrong key (401), a bad
    body or parameter (400), an unknown model (404). Nothing leaves this machine, and
    nothing is remembered between requests. Stop it with Ctrl-C.

    It says the base URL of each protocol, then a line for each request.

    What is asked says what comes back, for all models of the catalog ('samplegen list'):

    \b
      enable_thinking, a thinking model   reasoning apart from the answer
      response_format                     JSON, valid under its schema
      tools                               calls of them: of the first one, or of all with
                                          parallel_tool_calls
      results of tools                    an answer that repeats them
      n, max_tokens, stop                 so many answers, and so long
      stream, include_usage               pieces, and the usage after them
      an answer in the messages           the next answer of the conversation

    The key is sk-mock. These get a failure instead of an answer:

    \b
      sk-mock-bad-request   400
      sk-mock-not-found     404
      sk-mock-rate-limit    429
      sk-mock-server-error  500
      sk-mock-cut           the connection breaks in the middle of the answer or stream
      sk-mock-stream-error  an error in the middle of a stream
      sk-mock-stream-end    a stream ends in the middle, as if it were whole

    And these an answer that asks for care:

    \b
      sk-mock-odd-stream    lines that end in CRLF, comments, a line of 90,000 characters,
                            and characters that some take for the end of a line
      sk-mock-unknown-tool  calls of a function that was not declared
      sk-mock-bad-arguments calls with arguments that are no JSON
      sk-mock-endless-tools calls of tools, whatever they have said
      sk-mock-no-json       plain text where JSON was asked for
    """
    gc.enable()  # It may run for days.
    catalog = load_catalog(catalog_file)
    try:
        from samplegen.verify.mock import main_loop

        main_loop(catalog, host, port, "sk-mock", lambda line: put(f"{line}\n"))
    except ImportError as error:
        raise needs_extra(error, "verify") from None
