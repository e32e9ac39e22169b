"""samplegen init."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from samplegen.cli.common import catalog_option, load_catalog, needs_extra, path, put
from samplegen.configured import NAME, find
from samplegen.errors import InputError, shown
from samplegen.files import write_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from samplegen.check.checking import Finding
    from samplegen.check.survey import Survey


@click.command("init")
@click.argument("folder", default=".", type=path)
@click.option(
    "--schema",
    is_flag=True,
    help="Write nothing: show the JSON Schema of samplegen.toml, which editors complete by.",
)
@catalog_option
def command(folder: Path, schema: bool, catalog_file: Path | None) -> None:
    """Write a samplegen.toml for the pages that are there.

    It reads the pages in FOLDER, by default this folder, and writes into this folder
    which of them have samples of model calls, the locale of their notes and, where they
    agree, the call that they document. What is wrong in them now stands there by rule:
    switch off what you will mend later, and begin with the rest. 'samplegen check'
    then needs no PATH. Where a site builder is used (mkdocs.yml, docusaurus.config.*,
    .vitepress, conf.py, docs.json, astro.config.*, antora.yml), its tabs are those of
    samples that samplegen writes.

    \b
      samplegen init
      samplegen init docs
      samplegen init docs --catalog provider.toml

    A configuration that is there already, in this folder or one above, is left as it is.

    Exit codes: 0 written, 2 bad input.
    """
    import gc

    gc.enable()
    try:
        from samplegen.check import config, survey
        from samplegen.check.project import Options, check_all, configured
    except ImportError as error:
        raise needs_extra(error, "check") from None
    if schema:
        from samplegen.check.schema import as_json

        put(as_json())
        return
    there = find(Path.cwd())
    if there is not None:
        raise InputError(f"{there} is a configuration already: change it, or remove it first")
    catalog = load_catalog(catalog_file)
    found = survey.survey(_below_here(folder), catalog)
    file = Path(NAME)
    chosen = config.parse(survey.configuration(found, catalog, catalog_file), file)
    checked = check_all(configured(chosen), Options(chosen))
    findings = [finding for one in checked for finding in one.findings]
    text = survey.configuration(found, catalog, catalog_file, findings)
    write_all({file: text.encode()})
    put("".join(f"{line}\n" for line in _said(found, findings)))
    for one in checked:
        if one.error:
            print(f"samplegen: {' '.join(one.error.split())}", file=sys.stderr)


def _below_here(folder: Path) -> Path:
    """The folder as patterns have it.

    Raises:
        InputError: it is none, or is not below this one.
    """
    if not folder.is_dir():
        what = "is a file: name its folder" if folder.exists() else "no such folder"
        raise InputError(f"{folder}: {what}")
    here = Path.cwd()
    if not folder.resolve().is_relative_to(here.resolve()):
        raise InputError(f"{folder}: is not below this folder: go to the root of its project first")
    return folder.resolve().relative_to(here.resolve())


def _said(found: Survey, findings: Sequence[Finding]) -> Iterator[str]:
    from samplegen.check.survey import by_rule, counted, number
    from samplegen.languages import language

    of = counted(found.pages) if found.pages else "pages that have no samples yet"
    yield f"{NAME} is written for {of}:"
    for pattern, pages in found.patterns.items():
        yield f"  {pattern}: {counted(pages)}" if pages else f"  {pattern}"
    for one in found.builders:
        yield f"tabs: {one.name}, by {os.path.relpath(one.file)}"
        for line in one.missing:
            yield f"  it needs: {line}"
    if not found.pages:
        yield 'next: samplegen add PAGE --heading "…"'
        return
    languages = Counter(name for page in found.pages for name in page.languages).most_common()
    yield "languages: " + ", ".join(f"{language(name).name} {count}" for name, count in languages)
    others = (f"; {locale} in {', '.join(places)}" for locale, places in found.places.items())
    yield f"locale: {found.locale}{''.join(others)}"
    call = found.calls.get(found.locale)
    said = f"{call.model}, {shown(call.messages[-1].content)}" if call else "the pages differ"
    yield f"call: {said}"
    mended = sum(1 for one in findings if one.fix and one.fix.safe)
    advice = f", {mended} that --fix mends" if mended else ""
    yield f"{number(len(findings), 'finding')} now{advice}{':' * bool(findings)}"
    for name, its in by_rule(findings):
        yield f"  {name}: {len(its)}"
    yield "next: samplegen check"
