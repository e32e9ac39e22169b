"""The command line. Exit codes: 0 done, 1 differs, 2 bad input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from samplegen import __version__
from samplegen.errors import InputError

# Each in a module of its own, which is imported when it is wanted.
_COMMANDS = {
    "render": "render",
    "list": "list_",
    "call": "call",
    "catalog": "catalog",
    "init": "init",
    "add": "add",
    "check": "check",
    "rule": "rule",
    "verify": "verify",
    "doctor": "doctor",
    "mock": "mock",
    "preview": "preview",
    "drift": "drift",
}


class _Group(click.Group):
    """Says what was wrong in one line on stderr, and exits with 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which people meet them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command, or None if there is none of that name."""
        if name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"samplegen.cli.{_COMMANDS[name]}").command
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line; exits with 130 on Ctrl-C, as a shell expects."""
        try:
            with _refusing():
                done = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.Abort:
            sys.exit(130)
        sys.exit(done if isinstance(done, int) else 0)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except InputError as error:
        message = str(error)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "samplegen"
        message = f"{error.format_message().rstrip('.')}: see '{command} --help'"
    except OSError as error:
        message = f"cannot write to standard output: {error.strerror}"
    else:
        return
    print(f"samplegen: error: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="samplegen %(version)s")
def main() -> None:
    """Render working samples of a model call, in every language that a docs page shows.

    \b
      samplegen render --lang go --region beijing
      samplegen render --lang python > demo.py
      samplegen list

    \b
    Exit codes: 0 done, 1 differs, 2 bad input, 130 interrupted.
    Shell completion: eval "$(_SAMPLEGEN_COMPLETE=bash_source samplegen)"
    (or zsh_source, fish_source).
    """
