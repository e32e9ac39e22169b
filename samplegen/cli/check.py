"""samplegen check."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplegen.cli.common import (
    call_form,
    catalog_option,
    colours,
    completes,
    format_option,
    in_locale,
    load_catalog,
    needs_extra,
    path,
    put,
)
from samplegen.cli.progress import bar
from samplegen.configured import find
from samplegen.errors import InputError, unknown
from samplegen.files import write_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samplegen.check.checking import Finding
    from samplegen.check.config import Config
    from samplegen.check.project import Checked, Options
    from samplegen.check.report import Summary


def _rule_names() -> list[str]:
    from samplegen.check.rules import all_rules, groups

    return ["default", "strict", *groups(), *(rule.name for rule in all_rules())]


def _locales() -> tuple[str, ...]:
    from samplegen.rendering.notes import locales

    return locales()


# From the least to the most.
SEVERITIES = ("info", "warning", "error")


def _severity(ctx: click.Context, param: click.Parameter, name: str) -> str:
    if name not in SEVERITIES:
        raise unknown("severity", name, SEVERITIES)
    return name


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=str)
@click.option("--fix", is_flag=True, help="Mend what can be mended without a doubt.")
@click.option(
    "--unsafe-fixes",
    "unsafe",
    is_flag=True,
    help="With --fix or --diff: also replace whole samples by what samplegen renders, "
    "and add missing ones.",
)
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--select",
    "selected",
    metavar="RULE",
    multiple=True,
    shell_complete=completes(_rule_names),
    help="Only this rule or group, 'default', or 'strict' for every rule; may be repeated.",
)
@click.option(
    "--ignore",
    "ignored",
    metavar="RULE",
    multiple=True,
    shell_complete=completes(_rule_names),
    help="Not this rule or group; may be repeated.",
)
@click.option(
    "--call", "call_file", metavar="SOURCE", type=path, help="The call that pages document."
)
@click.option(
    "--locale",
    metavar="LOCALE",
    multiple=True,
    callback=in_locale,
    shell_complete=completes(_locales),
    help="Of the notes in samples; else the page tells.",
)
@catalog_option
@click.option(
    "--force-exclude",
    is_flag=True,
    help="Leave what the configuration excludes alone also where it is named, as pre-commit does.",
)
@click.option("--config", "config_file", metavar="FILE", type=path, help="The configuration.")
@click.option(
    "--show-config",
    is_flag=True,
    help="Show the configuration that counts, for the PATH that is a page where one is named.",
)
@click.option(
    "--stdin-name", metavar="NAME", help="With '-': the page's file name, which tells its format."
)
@click.option("--run", is_flag=True, help="Also run every sample, as 'samplegen verify' does.")
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="Processes, or runs, at a time.")
@click.option(
    "--no-cache",
    is_flag=True,
    help="Check every page, and keep nothing: else unchanged pages are not checked again.",
)
@click.option("--verbose", is_flag=True, help="Also name each sample that is not judged, and why.")
@click.option("--statistics", is_flag=True, help="Show how many findings each rule has.")
@click.option(
    "--fail-on",
    metavar="SEVERITY",
    default="warning",
    show_default=True,
    callback=_severity,
    shell_complete=completes(lambda: SEVERITIES),
    help="The least finding that exit code 1 stands for: error, warning or info.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also where something is found.")
@click.option(
    "--baseline",
    "baseline_file",
    metavar="FILE",
    type=path,
    help="Leave out the findings of this file.",
)
@click.option(
    "--write-baseline", is_flag=True, help="Write what is found now into the file of --baseline."
)
@format_option("text", "json", "sarif", "github", "junit")
@click.option(
    "--sarif",
    "sarif_file",
    metavar="FILE",
    type=path,
    help="Also write the findings here as SARIF.",
)
def command(
    paths: tuple[str, ...],
    fix: bool,
    unsafe: bool,
    diff: bool,
    force_exclude: bool,
    stdin_name: str | None,
    run: bool,
    jobs: int | None,
    no_cache: bool,
    verbose: bool,
    statistics: bool,
    fail_on: str,
    exit_zero: bool,
    baseline_file: Path | None,
    write_baseline: bool,
    show_config: bool,
    form: str,
    sarif_file: Path | None,
    **given: Any,
) -> None:
    """Find what is wrong with the samples of pages, and mend it.

    A PATH is a page, a folder of pages, a glob, or '-' for standard input; without one
    the pages are those of the configuration: samplegen.toml, or [tool.samplegen] in
    pyproject.toml, in this folder or one above.

    \b
      samplegen check docs/
      samplegen check 'docs/**/*.md' --fix
      samplegen check docs/ --diff --unsafe-fixes
      samplegen check - --stdin-name page.md < page.md
      samplegen check --format sarif > findings.sarif

    The rules that are on find what breaks a sample or misleads its readers; '--select strict'
    also finds what is a matter of style. 'samplegen rule' lists them.

    Exit codes: 0 nothing found, 1 findings, 2 bad input.
    """
    import gc

    gc.enable()
    # What is made for a page goes by itself: collections find little, and take a tenth of the time.
    gc.set_threshold(50_000)
    if unsafe and not (fix or diff):
        raise InputError("--unsafe-fixes says what to mend: give --fix or --diff too")
    if fix and diff:
        raise InputError("--diff writes nothing and --fix does: give one of them")
    if write_baseline and baseline_file is None:
        raise InputError("--write-baseline needs the file: give it as --baseline FILE")
    if statistics and (diff or form not in ("text", "json")):
        raise InputError("--statistics has the formats text and json, and goes without --diff")
    try:
        from samplegen.check import baseline
        from samplegen.check.project import Options, check_all, configured, difference, pages, write
        from samplegen.check.report import FORMATS, Summary
    except ImportError as error:
        raise needs_extra(error, "check") from None
    if form == "junit":
        _needs("junitparser", "check")
    config = _config(run=run, **given)
    if show_config:
        from samplegen.check.schema import shown

        put(shown(config, paths))
        return
    options = Options(config, fix or diff, unsafe)
    from_stdin = "-" in paths
    left_out: list[Path] = []
    if from_stdin:
        if len(paths) > 1:
            raise InputError("'-' is standard input: name no other page beside it")
        checked = [_standard_input(stdin_name, options)]
    else:
        if stdin_name:
            raise InputError("--stdin-name names standard input: give '-' as the page")
        if paths:
            files = pages(paths, config, force_exclude=force_exclude, left_out=left_out)
        else:
            files = configured(config, left_out)
        checked = check_all(files, options, jobs, cached=not no_cache)
    if fix and not from_stdin:
        write(checked)
    differences = "".join(difference(one) for one in checked) if diff else ""
    findings = [finding for one in checked for finding in one.findings]
    if run:
        findings = sorted([*findings, *_run(checked, config, form, jobs)], key=_by_place(checked))
    errors = list(dict.fromkeys(one.error for one in checked if one.error))
    if baseline_file is not None and write_baseline and not errors:
        write_all({baseline_file: baseline.text(findings, baseline_file).encode()})
    known = len(findings)
    if baseline_file is not None and not (write_baseline and errors):
        findings = baseline.new(findings, baseline.load(baseline_file), baseline_file)
    summary = Summary(
        pages=len(checked),
        seen=[(one.path, seen) for one in checked for seen in one.seen],
        mended=[(one.path, name) for one in checked for name in one.mended] if fix else [],
        known=known - len(findings),
        left_out=[one.as_posix() for one in left_out],
        verbose=verbose,
    )
    if sarif_file is not None:
        write_all({sarif_file: FORMATS["sarif"](findings, summary).encode()})
    if diff:
        put(differences)
    elif from_stdin and fix and not errors:
        put(checked[0].text)
        print(_report(form, findings, summary, statistics=statistics), end="", file=sys.stderr)
    elif not checked or len(errors) < len(checked):
        put(_report(form, findings, summary, statistics=statistics, colour=form == "text"))
    for message in errors:
        print(f"samplegen: error: {' '.join(message.split())}", file=sys.stderr)
    if errors:
        sys.exit(2)
    least = SEVERITIES.index(fail_on)
    fails = any(SEVERITIES.index(one.severity) >= least for one in findings)
    if (fails or differences) and not exit_zero:
        sys.exit(1)


def _run(checked: list[Checked], config: Config, form: str, jobs: int | None) -> Iterator[Finding]:
    """What fails when the samples of the pages are run."""
    try:
        from samplegen.check.running import run, runs
        from samplegen.verify.verification import needed, prepare

        needed(form)
    except ImportError as error:
        raise needs_extra(error, "verify") from None
    planned = list(runs(checked, config))
    with bar(len(planned), "running") as progress:
        languages = {one.reference.language for one in planned}
        prepared = prepare(languages, config.catalog, progress.say)
        for finding in run(planned, config.catalog, prepared, jobs):
            progress.advance(1)
            if finding:
                yield finding


def _by_place(checked: list[Checked]) -> Any:
    order = {one.path: number for number, one in enumerate(checked)}
    return lambda finding: (order[finding.path], finding.line, finding.column, finding.rule)


def _needs(package: str, extra: str) -> None:
    from importlib import import_module

    try:
        import_module(package)
    except ImportError as error:
        raise needs_extra(error, extra) from None


def _config(
    *,
    run: bool,
    config_file: Path | None,
    catalog_file: Path | None,
    call_file: Path | None,
    locale: str | None,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
) -> Config:
    """The configuration, and what the options say in its place."""
    from samplegen.check import config as configuration
    from samplegen.check.rules import select
    from samplegen.model.call import Call

    file = config_file or find(Path.cwd())
    if file is None:
        config = configuration.Config(Path.cwd(), load_catalog(catalog_file))
    else:
        config = configuration.load(file)
    catalog = load_catalog(catalog_file) if catalog_file is not None else None
    call = None
    if call_file is not None:
        data, where = call_form(call_file, catalog or config.catalog)
        call = Call.parse(data, catalog or config.catalog, where)
    for name in (*selected, *ignored):
        select(name)
    given = configuration.Given(
        catalog=catalog,
        call=call,
        locale=locale,
        select=selected,
        ignore=ignored,
        also=("verified",) if run else (),
    )
    # One that is named is that of all pages.
    return replace(given.over(config), given=None if config_file else given)


def _standard_input(name: str | None, options: Options) -> Checked:
    from samplegen.check.project import check_page
    from samplegen.pages import decode

    if not name:
        raise InputError("'-' has no file name to tell its format: give --stdin-name page.md")
    if sys.stdin is None:
        raise InputError("standard input is closed: there is no page to read")
    return check_page(decode(name, sys.stdin.buffer.read()), options)


def _report(
    form: str,
    findings: list[Finding],
    summary: Summary,
    *,
    statistics: bool,
    colour: bool = False,
) -> str:
    from samplegen.check import report

    if statistics:
        return (report.as_statistics if form == "text" else report.statistics_as_json)(
            findings, summary
        )
    if colour and colours():
        return report.as_text(findings, summary, colour=True)
    return report.FORMATS[form](findings, summary)
