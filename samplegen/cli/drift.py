"""samplegen drift."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from samplegen.cli.common import (
    catalog_option,
    format_option,
    listed,
    load_catalog,
    needs_extra,
    put,
)
from samplegen.cli.progress import bar
from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.drift.trial import Drift
    from samplegen.model.catalog import Catalog


@click.command("drift")
@click.option(
    "--lang",
    "languages",
    metavar="LANGUAGE",
    multiple=True,
    callback=listed,
    help="Only the packages of this language, several with commas. Repeatable.",
)
@click.option(
    "--runtimes",
    "of_runtimes",
    is_flag=True,
    help="Run the samples with the oldest Python, Node.js and so on that notes name.",
)
@click.option("--pre", "early", is_flag=True, help="Try pre-releases, too.")
@click.option(
    "--write",
    is_flag=True,
    help="Raise the versions that pass, in the catalog; say so in lines for a changelog.",
)
@catalog_option
@format_option("text", "json")
def command(
    languages: tuple[str, ...],
    of_runtimes: bool,
    early: bool,
    write: bool,
    catalog_file: Path | None,
    form: str,
) -> None:
    """Ask for newer versions of the SDKs, and run the samples with them.

    Each package that the catalog pins is asked of its registry: PyPI, npm, the Go proxy
    or Maven Central. Where there is a newer version, all samples that use the package
    run with it, sealed, and the report says which pass and which break, and how. If the
    newest breaks some, the newest of the same major version is tried, too. Versions
    that their makers withdrew are left alone.

    With --runtimes, it is not packages but what runs the samples: "Requires Node.js 22
    or later" is tried with the first Node.js 22 that npm has, and with older ones until
    they fail.

    \b
      samplegen drift
      samplegen drift --lang go,java
      samplegen drift --runtimes
      samplegen drift --write && samplegen render --all --out out \\
          && samplegen verify --out out

    Exit codes: 0 nothing breaks, 1 the newest version of a package, or the oldest of a
    runtime, breaks samples, or a registry cannot be asked, 2 bad input.
    """
    gc.enable()
    if of_runtimes and (early or write):
        raise InputError("--runtimes only looks: it has no --pre and no --write")
    catalog = load_catalog(catalog_file, configured=False)
    file = _writable(catalog_file) if write else None
    done = True
    from samplegen.languages import language

    ids = [language(name).id for name in languages]
    try:
        import tomlkit  # noqa: F401

        from samplegen.drift import report
        from samplegen.drift.trial import BREAKS, FAILS, UNKNOWN, look, packages
        from samplegen.verify.verification import needed

        needed("text")
    except ImportError as error:
        raise needs_extra(error, "drift") from None
    if of_runtimes:
        _runtimes(catalog, ids, form)
        return
    wanted = packages(catalog, ids)
    if not wanted:
        raise InputError("the catalog pins no package of these: see [packages] in it")
    drifts: list[Drift] = []
    with bar(len(wanted), "asking and trying") as progress:
        for drift in look(catalog, wanted, progress.say, early=early):
            drifts.append(drift)
            progress.advance(1)
            if form == "text":
                progress.clear()
                put(report.line_of(drift))
    if file is not None:
        done = _write(file, catalog, drifts, progress.say)
    put(report.as_text(drifts) if form == "text" else report.as_json(drifts))
    if not done or any(drift.state in (BREAKS, FAILS, UNKNOWN) for drift in drifts):
        sys.exit(1)


def _runtimes(catalog: Catalog, ids: list[str], form: str) -> None:
    from samplegen.drift import report
    from samplegen.drift.runtimes import BREAKS, NOWHERE, UNKNOWN, runtimes

    found = []
    with bar(0, "asking and trying") as progress:
        for one in runtimes(catalog, ids, progress.say):
            found.append(one)
            if form == "text":
                progress.clear()
                put(report.line_of_runtime(one))
    put(report.runtimes_as_text(found) if form == "text" else report.runtimes_as_json(found))
    if any(one.state == BREAKS or (one.state == UNKNOWN and one.why != NOWHERE) for one in found):
        sys.exit(1)


def _writable(file: Path | None) -> Path:
    """The catalog's file: a given one, or the built-in one in a checkout of samplegen."""
    from samplegen.model.catalog import BUILTIN
    from samplegen.rendering.targets import templates

    if file is not None:
        return file
    if templates().is_relative_to(BUILTIN.parents[1]):
        raise InputError(
            "the built-in catalog belongs to the installed package: --write raises the versions "
            "of your own, --catalog FILE; or update samplegen"
        )
    return BUILTIN


def _write(file: Path, catalog: Catalog, drifts: list[Drift], say: Callable[[str], None]) -> bool:
    """Raise what can be, and say so on standard error: the report is on standard output.

    Returns:
        whether all that passes could be raised.
    """
    from samplegen.drift import pins, report
    from samplegen.drift.trial import conflicts
    from samplegen.files import read_text, write_all

    clashing = dict(conflicts(catalog, drifts, say))
    for language, why in clashing.items():
        print(
            f"samplegen: {language}: nothing is raised, not all goes together: {why}",
            file=sys.stderr,
        )
    drifts = [one for one in drifts if one.language not in clashing]
    lines = report.changelog(drifts)
    if not lines:
        return not clashing
    write_all({file: pins.raised(read_text(file), drifts).encode()})
    for line in lines:
        print(f"samplegen: {file}: {line}", file=sys.stderr)
    print(
        "samplegen: samples and ledger follow with 'samplegen render --all --out out' and "
        "'samplegen verify --out out'",
        file=sys.stderr,
    )
    return not clashing
