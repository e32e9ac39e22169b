"""What several commands share: options, output, and names for shell completion."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplegen.errors import InputError, unknown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from samplegen.configured import Project
    from samplegen.model.catalog import Catalog


def completes(names: Callable[[], Any]) -> Callable[..., list[CompletionItem]]:
    """Shell completion from names that are known only when asked."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]

    return complete


def completes_from_catalog(
    names: Callable[[Catalog], Sequence[str]],
) -> Callable[..., list[CompletionItem]]:
    """Shell completion from the catalog that the command line, or the project, names."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        try:
            catalog = load_catalog(ctx.params.get("catalog_file"))
        except InputError:
            # The command itself says what is wrong with it.
            return []
        return [CompletionItem(name) for name in names(catalog) if name.startswith(incomplete)]

    return complete


def path(text: str) -> Path:
    """A path of the command line; an empty one is mostly a variable that is not set."""
    if not text:
        raise InputError("a path is empty: name a file or folder, or leave the option out")
    return Path(text)


def _catalog_names() -> list[str]:
    from samplegen.model.catalog_file import names

    return names()


catalog_option = click.option(
    "--catalog",
    "catalog_file",
    metavar="NAME|FILE",
    type=path,
    shell_complete=completes(lambda: _catalog_names()),
    help="Another OpenAI-compatible service: a name, such as deepseek, or a TOML file. Default: "
    "what samplegen.toml or pyproject.toml names, else the built-in one.",
)


def load_catalog(
    file: Path | None, noted: str | None = None, *, configured: bool = True
) -> Catalog:
    """The catalog of a name or file, or the configuration's, or the built-in one.

    Args:
        configured: whether a project's configuration may name it.
        noted: the regions that notes list, with commas; None is those that it publishes.

    Raises:
        InputError: there is no such catalog or region, or the file is none.
    """
    from samplegen.configured import catalog_named
    from samplegen.model.catalog import builtin

    if file is not None:
        from samplegen.model.catalog_file import named

        catalog = named(str(file))
    elif configured and (found := catalog_named(Path.cwd())):
        from samplegen.model.catalog_file import named

        name, said_by = found
        try:
            catalog = named(name, said_by.parent)
        except InputError as error:
            raise InputError(f"{said_by}: {error}") from None
    else:
        catalog = builtin()
    if noted is None:
        return catalog
    return catalog.noting([name for one in noted.split(",") if (name := one.strip())])


def load_project(file: Path | None, noted: str | None = None) -> Project:
    """What the configuration says of samples, with the catalog of the options where they name one.

    Raises:
        InputError: the configuration, or what an option names, makes no sense.
    """
    from samplegen.configured import project

    found = project(Path.cwd(), None if file is None else load_catalog(file))
    if noted is None:
        return found
    names = [name for one in noted.split(",") if (name := one.strip())]
    return found._replace(catalog=found.catalog.noting(names))


def call_form(file: Path, catalog: Catalog) -> tuple[object, str]:
    """The JSON form of the call that --call names, and its name for errors.

    What the source says beyond a call is said on standard error.

    Raises:
        InputError: it holds no call; see `samplegen.sources`.
    """
    from samplegen.model.call_file import read_call

    if file.suffix in (".json", ".toml"):
        data, where = read_call(file)
        if not (isinstance(data, dict) and data.keys() & {"paths", "log"}):
            return data, where
    from samplegen.sources import read

    found, said = read(str(file), catalog)
    for one in said:
        print(f"samplegen: {file}: {one}", file=sys.stderr)
    return found.as_json(), str(file)


def format_option(
    *formats: str, more: Callable[[], Sequence[str]] = tuple, also: str = ""
) -> Callable[..., Any]:
    """The option `--format`, as the argument `form`.

    Args:
        more: further formats, found when one of them is asked for; `also` says what they are.
    """

    def check(ctx: click.Context, param: click.Parameter, form: str) -> str:
        if form not in formats and form not in more():
            raise unknown("format", form, (*formats, *more()))
        return form

    named = f"{', '.join(formats[:-1])} or {formats[-1]}"
    return click.option(
        "--format",
        "form",
        metavar="FORMAT",
        default=formats[0],
        show_default=True,
        callback=check,
        shell_complete=completes(lambda: (*formats, *more())),
        help=f"What goes to standard output: {named}{also}.",
    )


def needs_extra(error: ImportError, extra: str) -> InputError:
    """What to say where a package of an extra is not installed."""
    name = error.name or "more packages"
    from samplegen.origin import install_line

    return InputError(f"this command needs {name}: {install_line(extra)}")


def colours() -> bool:
    """Whether standard output is to be coloured: see no-color.org and force-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    if forced := os.environ.get("FORCE_COLOR"):
        return forced != "0"
    return sys.stdout is not None and sys.stdout.isatty()


def listed(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """What an option that may be repeated, or has commas, names."""
    return tuple(one.strip() for value in values for one in value.split(",") if one.strip())


def once(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> str | None:
    """The one value of an option.

    Raises:
        InputError: it is there more than once, and only the last would count.
    """
    if len(set(values)) > 1:
        raise InputError(f"{param.opts[0]} is there twice, with {' and '.join(values)}: give one")
    return values[0] if values else None


def in_locale(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> str | None:
    """The locale of notes that a tag such as `zh-CN` means."""
    from samplegen.rendering.notes import locale_of

    name = once(ctx, param, values)
    return None if name is None else locale_of(name)


def put(text: str) -> None:
    """Write to standard output."""
    # As bytes: a sample is UTF-8 with newlines as they are, whatever the terminal's encoding.
    if sys.stdout is None:
        raise InputError("cannot write to standard output: it is closed")
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python would try once more when it ends, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        # A pipe that is closed means that its reader has enough.
        if not isinstance(error, BrokenPipeError):
            reason = error.strerror
            raise InputError(f"cannot write to standard output: {reason}") from None
