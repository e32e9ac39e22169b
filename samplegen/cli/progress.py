"""How far long work is, shown on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


class Progress:
    """How far it is, on a terminal only; the bar is click's."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def say(self, text: str) -> None:
        """Tell of what takes long."""
        if self._bar:
            self.clear()
            click.echo(f"samplegen: {text}", err=True)

    def advance(self, by: int) -> None:
        """Some more samples are done."""
        if self._bar:
            self._bar.update(by)

    def clear(self) -> None:
        """Make room for a line of output."""
        if self._bar:
            click.echo("\r\x1b[K", err=True, nl=False)


@contextmanager
def bar(length: int, label: str) -> Iterator[Progress]:
    """A bar on standard error while the work lasts; none where that is no terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield Progress(None)
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True) as shown:
        progress = Progress(shown)
        yield progress
        progress.clear()
