"""samplegen catalog."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import click

from samplegen.cli.common import path, put
from samplegen.errors import InputError
from samplegen.files import read_text
from samplegen.model.catalog import BUILTIN, builtin

# What a catalog needs, and is not said by options.
_NEW = BUILTIN.with_name("new_catalog.txt")


@click.group("catalog")
def command() -> None:
    """The facts about a provider: begin a catalog, or list those that samplegen brings along.

    \b
      samplegen catalog new gateway.toml
      samplegen catalog list
    """


@command.command("list")
def list_() -> None:
    """List the catalogs that samplegen brings along: what --catalog takes by name."""
    from samplegen.model.catalog_file import named, names

    rows = []
    for name in names():
        catalog = named(name)
        region, paths = (
            catalog.regions[catalog.defaults.region],
            catalog.protocols[catalog.defaults.protocol],
        )
        host = region.host or str(region.workspace_host)
        rows.append((name, catalog.provider.name, f"{region.scheme}://{host}{paths.base_path}"))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    put("".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}\n" for a, b, c in rows))


@command.command("new")
@click.argument("file", metavar="FILE", type=path, required=False)
@click.option("--name", metavar="NAME", help="What the service is called.")
@click.option("--base-url", metavar="URL", help="What SDKs are given: scheme, host and path.")
@click.option(
    "--key-env", metavar="NAME", help="The variable that holds a reader's key; '' for no key."
)
@click.option("--model", metavar="MODEL", help="What samples ask for.")
@click.option(
    "--schema",
    is_flag=True,
    help="Write nothing: show the JSON Schema of catalogs, which editors complete by.",
)
def new(
    file: Path | None,
    name: str | None,
    base_url: str | None,
    key_env: str | None,
    model: str | None,
    schema: bool,
) -> None:
    """Write a catalog of an OpenAI-compatible service into FILE.

    What no option says is asked for. The catalog works as it is; add to it what else the
    service's documentation says.

    \b
      samplegen catalog new gateway.toml
      samplegen catalog new gateway.toml --name Gateway --key-env GATEWAY_API_KEY \\
        --base-url "$BASE_URL" --model acme/large
      samplegen render --catalog gateway.toml --lang python

    Exit codes: 0 written, 2 bad input.
    """
    if schema:
        from samplegen.model.schema import catalog_schema

        put(json.dumps(catalog_schema(), ensure_ascii=False, indent=2) + "\n")
        return
    if file is None:
        raise InputError("which file? Name it, such as gateway.toml")
    if file.suffix != ".toml":
        raise InputError(f"{file}: a catalog is a TOML file: call it {file.stem or 'catalog'}.toml")
    if file.exists():
        raise InputError(f"{file}: is there already: name another, or change that one")
    name = _said(name, "--name", "Name of the service")
    base_url = _said(base_url, "--base-url", "Base URL")
    key_env = _said(key_env, "--key-env", "Variable of the key (empty for none)", empty=True)
    model = _said(model, "--model", "Model that samples ask for")
    text = _catalog(name, base_url, key_env, model)
    from samplegen.files import parse_toml, write_all
    from samplegen.model.catalog_file import parse

    # What cannot be is refused before a file is there.
    parse(parse_toml(text, str(file)), str(file))
    write_all({file: text.encode()})
    put(f"{file}: written; next: samplegen render --catalog {file} --lang python\n")


def _said(value: str | None, option: str, question: str, *, empty: bool = False) -> str:
    """The value of an option, or what is typed.

    Raises:
        InputError: there is none, and nobody to ask.
    """
    if value is None:
        if sys.stdin is None or not sys.stdin.isatty():
            raise InputError(f"{option} is missing, and there is nobody to ask: give it")
        value = click.prompt(question, default="" if empty else None, show_default=False, err=True)
    if not value.strip() and not empty:
        raise InputError(f"{option}: is empty")
    return value.strip()


def _catalog(name: str, base_url: str, key_env: str, model: str) -> str:
    url = urlsplit(base_url)
    if url.scheme not in ("http", "https") or not url.netloc or url.query or url.fragment:
        raise InputError(f"--base-url {base_url!r}: write scheme, host and path, as SDKs take it")
    provider = [
        f"name = {_toml(name)}",
        f"host = {_toml(url.netloc)}",
        *(['scheme = "http"'] if url.scheme == "http" else []),
        # Without a key SDKs still want one.
        f"key_env = {_toml(key_env)}" if key_env else 'key_literal = "none"',
    ]
    ends = builtin().protocols[builtin().defaults.protocol].paths.values()
    base_path = url.path.rstrip("/")
    for end in ends:
        base_path = base_path.removesuffix(end)
    return Template(read_text(_NEW)).substitute(
        title=" ".join(name.split()),
        provider="\n".join(provider),
        model=_toml(model),
        base_path=_toml(base_path),
        name=_toml(name),
    )


def _toml(text: str) -> str:
    """A basic string. TOML refuses DEL as it is, and has JSON's escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
