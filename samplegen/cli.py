"""The command line. Exit codes: 0 done, 1 differs, 2 bad input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplegen import __version__
from samplegen.errors import InputError, unknown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from samplegen.call import Call, Message
    from samplegen.catalog import Catalog
    from samplegen.sample import Sample
    from samplegen.target import Target
    from samplegen.verify.checks import Result


class _Group(click.Group):
    """Says what was wrong in one line on stderr, and exits with 2."""

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


def _completes(names: Callable[[], Any]) -> Callable[..., list[CompletionItem]]:
    """Shell completion from names that are known only when asked."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]

    return complete


def _languages() -> list[str]:
    from samplegen.language import language_ids

    return [*language_ids(), "all"]


def _regions() -> list[str]:
    from samplegen.catalog import builtin

    return list(builtin().regions)


def _models() -> list[str]:
    from samplegen.catalog import builtin

    return builtin().models


def _locales() -> tuple[str, ...]:
    from samplegen.notes import locales

    return locales()


def _needs_extra(error: ImportError) -> InputError:
    name = error.name or "more packages"
    return InputError(f"this command needs {name}: pip install 'samplegen[verify]'")


def _path(text: str) -> Path:
    """A path of the command line; an empty one is mostly a variable that is not set."""
    if not text:
        raise InputError("a path is empty: name a file or folder, or leave the option out")
    return Path(text)


_catalog_option = click.option(
    "--catalog",
    "catalog_file",
    metavar="FILE",
    type=_path,
    help="The facts about another OpenAI-compatible service, as TOML.",
)


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


_SELECTION = [
    click.option(
        "--lang",
        "languages",
        metavar="LANGUAGE",
        multiple=True,
        shell_complete=_completes(_languages),
        help="A language or one of its aliases, or 'all'. Repeatable.",
    ),
    click.option(
        "--protocol",
        metavar="PROTOCOL",
        shell_complete=_completes(lambda: ("openai", "dashscope")),
        help="What the service is spoken to in; see 'samplegen list'.",
    ),
    click.option(
        "--region",
        metavar="REGION",
        shell_complete=_completes(_regions),
        help="Where the model runs; see 'samplegen list'.",
    ),
    click.option(
        "--client",
        metavar="CLIENT",
        shell_complete=_completes(lambda: ("sdk", "http")),
        help="sdk (default where the language has one) or http.",
    ),
    click.option(
        "--model",
        metavar="MODEL",
        shell_complete=_completes(_models),
        help="Default: the first of 'samplegen list'.",
    ),
    click.option(
        "--message",
        "messages",
        metavar="ROLE:TEXT",
        multiple=True,
        help="A message; the role is system, user or assistant. Repeatable, in order.",
    ),
    click.option(
        "--workspace",
        metavar="ID",
        help="Call the model on this workspace's own host in the region.",
    ),
    click.option(
        "--call",
        "call_file",
        metavar="FILE",
        type=_path,
        help="The call as JSON or TOML; '-' is standard input. The options above override it.",
    ),
    _catalog_option,
    click.option(
        "--locale",
        metavar="LOCALE",
        shell_complete=_completes(_locales),
        help="The language of the notes; see 'samplegen list'. Default: en.",
    ),
    click.option(
        "--notes",
        metavar="LEVEL",
        default="full",
        show_default=True,
        shell_complete=_completes(lambda: ("full", "brief", "none")),
        help="How much the comments explain: full, brief or none.",
    ),
]


def _selects(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which samples, for `render` and `verify` alike."""
    for option in reversed(_SELECTION):
        command = option(command)
    return command


@main.command()
@_selects
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default="text",
    show_default=True,
    shell_complete=_completes(lambda: ("text", "json", "markdown")),
    help="What goes to standard output: text, json or markdown.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Every language, protocol, client and locale, in the catalog's main regions; "
    "an option above narrows it.",
)
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=_path,
    help="Write files here, as LOCALE/PROTOCOL/REGION/LANGUAGE-CLIENT.EXTENSION.",
)
@click.option(
    "--check",
    is_flag=True,
    help="With --out: write nothing, show what differs, and exit 1 if anything does.",
)
def render(
    form: str, folder: Path | None, check: bool, everything: bool, locale: str | None, **given: Any
) -> None:
    """Render samples of a call.

    One sample goes to standard output as it is, ready for a file. Several are
    each preceded by a line that names them.

    \b
      samplegen render --lang go --region beijing
      samplegen render --lang js --client http --message "user:Hello"
      samplegen render --lang all --format markdown --locale ja
      samplegen render --call call.json --lang php
      samplegen render --all --out out --check
    """
    if form not in ("text", "json", "markdown"):
        raise unknown("format", form, ("text", "json", "markdown"))
    if check and folder is None:
        raise InputError("--check compares with files: say where they are with --out DIR")
    if folder is not None and form != "text":
        raise InputError(f"--format {form} goes to standard output: leave out --out, or --format")
    if not given["languages"] and not everything:
        raise InputError("which language? Give --lang LANGUAGE, --lang all, or --all")
    selected = _samples(everything=everything, locale=locale, **given)
    samples = [sample for _, sample in selected]
    narrowed = any(given[name] for name in ("languages", "protocol", "region", "client")) or locale
    if folder is None:
        from samplegen.output import FORMATS

        _print(FORMATS[form](samples))
    elif check:
        from samplegen.output import differences

        difference = differences(folder, samples, complete=everything and not narrowed)
        _print(difference)
        if difference:
            sys.exit(1)
    else:
        from samplegen.output import write

        write(folder, samples)


def _samples(
    *,
    everything: bool,
    languages: tuple[str, ...],
    protocol: str | None,
    region: str | None,
    client: str | None,
    locale: str | None,
    notes: str,
    catalog_file: Path | None,
    **call_options: Any,
) -> Iterator[tuple[Call, Sample]]:
    """The samples that the options select, each with its call."""
    from dataclasses import replace

    from samplegen.notes import SOURCE_LOCALE, locales
    from samplegen.sample import render as render_sample

    if everything and call_options["workspace"] and not region:
        raise InputError("a workspace belongs to one region: name it with --region")
    catalog = _catalog(catalog_file)
    if everything and not region and not catalog.published:
        raise InputError("the catalog has no region with a shared host: give --region, --workspace")
    call = _call(catalog, protocol=protocol, region=region, **call_options)
    protocols = list(catalog.protocols) if everything and not protocol else [str(call.protocol)]
    regions = catalog.published if everything and not region else [call.region]
    for one_locale in (
        locales()
        if everything and locale is None
        else [SOURCE_LOCALE if locale is None else locale]
    ):
        for target in _targets(languages, protocols, client, every_client=everything):
            for one_region in regions:
                one = replace(call, protocol=target.protocol, region=one_region)  # type: ignore[arg-type]
                sample = render_sample(
                    one,
                    target.language,
                    target.client,
                    locale=one_locale,
                    notes=notes,  # type: ignore[arg-type]
                    catalog=catalog,
                )
                yield one, sample


def _catalog(file: Path | None) -> Catalog:
    from samplegen.catalog import builtin

    if file is None:
        return builtin()
    from samplegen.catalog_file import load

    return load(file)


def _targets(
    languages: tuple[str, ...], protocols: list[str], client: str | None, every_client: bool
) -> list[Target]:
    """The targets of the languages; for 'all' or none, of those that have such a client."""
    from samplegen.language import language
    from samplegen.target import CLIENTS, find, targets

    if client is not None and client not in CLIENTS:
        raise unknown("client", client, CLIENTS)
    named = [name for name in languages if name.lower() != "all"]
    ids = list(dict.fromkeys(language(name).id for name in named))
    every_language = named != list(languages) or not languages
    if not every_language and not every_client:
        return [find(id, protocol, client) for id in ids for protocol in protocols]
    found = [
        target
        for target in targets()
        if target.protocol in protocols
        and client in (None, target.client)
        and (every_language or target.language in ids)
    ]
    if not every_client:
        # Targets come with the SDK first, so the first of a language is its default.
        defaults = {(target.language, target.protocol): target for target in reversed(found)}
        found = list(reversed(defaults.values()))
    if not found:
        raise InputError("no language has such a sample: see 'samplegen list'")
    return found


def _call(
    catalog: Catalog,
    *,
    protocol: str | None,
    region: str | None,
    model: str | None,
    messages: tuple[str, ...],
    workspace: str | None,
    call_file: Path | None,
) -> Call:
    """The call of the options and the call file."""
    from samplegen.call import Call, Message

    if protocol is not None:
        catalog.protocol(protocol)
    options = {"protocol": protocol, "region": region, "model": model, "workspace": workspace}
    chosen: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if messages:
        chosen["messages"] = tuple(_message(text) for text in messages)
    if call_file is not None:
        data, where = _read_call(call_file)
        if isinstance(data, dict):
            data = {**data, **chosen}
        return Call.parse(data, catalog, where)
    defaults = catalog.defaults
    return Call(
        **{
            "protocol": defaults.protocol,
            "region": defaults.region,
            "model": defaults.model,
            "messages": tuple(Message(**message) for message in defaults.messages),  # type: ignore[arg-type]
            **chosen,
        }
    )


def _message(text: str) -> Message:
    from samplegen.call import ROLES, Message

    role, colon, content = text.partition(":")
    if not colon:
        raise InputError(f"--message {text!r}: write it as ROLE:TEXT, such as {'user:' + text!r}")
    if role not in ROLES:
        raise unknown("role", role, ROLES)
    return Message(role, content)


def _read_call(path: Path) -> tuple[object, str]:
    """What a call file holds, and its name for errors."""
    import json

    from samplegen.files import decode, parse_toml, read_text

    if str(path) == "-":
        where = "standard input"
        if sys.stdin is None:
            raise InputError("standard input is closed: there is no call to read")
        text = decode(sys.stdin.buffer.read(), where)
    else:
        where, text = str(path), read_text(path)
    if not text.strip():
        raise InputError(f'{where}: is empty: a call is an object, such as {{"model": "…"}}')
    if path.suffix == ".toml" or (path.suffix != ".json" and text.lstrip()[0] not in '{"'):
        return parse_toml(text, where), where
    try:
        return json.loads(text, object_pairs_hook=_unique), where
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{where}: not valid JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise InputError(f"{where}: nested too deep") from None
    except ValueError as error:
        raise InputError(f"{where}: not valid JSON: {error}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON, in which no key may stand twice."""
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return value


def _print(text: str) -> None:
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


@main.command("list")
@_catalog_option
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default="text",
    show_default=True,
    help="What goes to standard output: text or json.",
)
def list_(form: str, catalog_file: Path | None) -> None:
    """List what there is: languages, regions, targets, locales, models."""
    from samplegen.output import LISTINGS

    if form not in LISTINGS:
        raise unknown("format", form, LISTINGS)
    _print(LISTINGS[form](_catalog(catalog_file)))


@main.command()
@_selects
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="Samples at a time.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first sample that fails.")
@click.option("--keep", "kept", metavar="DIR", type=_path, help="Leave the programs here.")
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default="text",
    show_default=True,
    help="What goes to standard output: text or json.",
)
def verify(
    jobs: int | None, fail_fast: bool, kept: Path | None, form: str, **selection: Any
) -> None:
    """Run samples, byte for byte as published, and compare what arrives.

    Each program is built with the real compiler and SDK and runs sealed: in Linux
    namespaces of its own, where the real host names lead to a mock of the service and
    nothing else exists. It must send exactly the request that its call means and show
    the answer; and fail, and say why, for a wrong key, without a key, when the service
    fails or the connection breaks. What the note on the key says is followed, too.

    Without options that is everything in the catalog's main regions. The SDKs are
    installed once, into a cache; that needs the network, running does not.

    \b
      samplegen verify --lang curl --lang php
      samplegen verify --format json > verified.json

    Exit codes: 0 all passed, 1 not all, 2 bad input.
    """
    from importlib import import_module

    from samplegen.request import Request

    if form not in ("text", "json"):
        raise unknown("format", form, ("text", "json"))
    selected = list(_samples(everything=True, **selection))
    if kept is not None:
        if kept.exists():
            raise InputError(f"{kept}: is there already: --keep makes a new folder")
        kept.mkdir(parents=True)
        kept = kept.resolve()
    try:
        # The worker, another process, needs them: better said here than there.
        for name in ("trustme", "uvicorn"):
            import_module(name)
        from samplegen.verify.checks import Subject
        from samplegen.verify.verification import verify as run
    except ImportError as error:
        raise _needs_extra(error) from None
    catalog = _catalog(selection["catalog_file"])
    subjects = [Subject(sample, Request.of(call, "", catalog)) for call, sample in selected]
    results = []
    running = run(subjects, catalog, jobs=jobs, keep=kept, say=_progress)
    for result in running:
        results.append(result)
        if form == "text":
            _print(_line_of(result))
        _progress(f"{len(results)} of {len(subjects)}")
        if fail_fast and not result.passed:
            break
    running.close()
    failed = sum(not result.passed for result in results)
    if form == "json":
        import json

        data = {"samples": [result._asdict() for result in results]}
        _print(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    else:
        _print(f"{len(results) - failed} passed, {failed} failed\n")
    if failed:
        sys.exit(1)


def _line_of(result: Result) -> str:
    place = (result.locale, result.protocol, result.region, f"{result.language}-{result.client}")
    word = "passed" if result.passed else "FAILED"
    lines = [f"{word}  {'/'.join(place)}  {result.isolation}, {result.seconds:.1f} s"]
    return "\n".join([*lines, *(f"    {failure}" for failure in result.failures)]) + "\n"


def _progress(text: str) -> None:
    """Say how far it is, on a terminal only."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"samplegen: {text}", file=sys.stderr)


@main.command()
def doctor() -> None:
    """Say which toolchains are there for `verify`, and what installs the others."""
    from samplegen.language import language_ids
    from samplegen.verify.toolchain import status

    for id in language_ids():
        one = status(id)
        _print(f"{'found' if one.found else 'missing':<9}{id:<9}{one.version or one.advice}\n")


@main.command()
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
@_catalog_option
def mock(host: str, port: int, catalog_file: Path | None) -> None:
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
    catalog = _catalog(catalog_file)
    try:
        from samplegen.verify.mock import main_loop

        main_loop(catalog, host, port, "sk-mock", lambda line: _print(f"{line}\n"))
    except ImportError as error:
        raise _needs_extra(error) from None
