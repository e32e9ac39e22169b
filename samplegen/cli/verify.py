"""samplegen verify."""

from __future__ import annotations

import gc
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplegen.cli.common import (
    format_option,
    load_catalog,
    load_project,
    needs_extra,
    path,
    put,
)
from samplegen.cli.progress import bar
from samplegen.cli.selection import given_calls, selects
from samplegen.cli.selection import samples as select
from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.configured import Project
    from samplegen.verify.subject import Result, Subject
    from samplegen.verify.toolchain import Prepared


@click.command("verify")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=path)
@selects
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="Samples at a time.")
@click.option(
    "--timeout",
    "seconds",
    metavar="SECONDS",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help="How long a program may take.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first sample that fails.")
@click.option("--keep", "kept", metavar="DIR", type=path, help="Leave the programs here.")
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=path,
    help="Run the files that 'render --all --out DIR' wrote, and the examples where they are "
    "there, too; keep the ledger there, "
    "DIR/verified.json: what passed and is unchanged is skipped.",
)
@click.option("--force", is_flag=True, help="With --out: run also what is unchanged.")
@click.option(
    "--shard",
    "part",
    metavar="K/N",
    help="Run the K-th of N shares of the samples; N machines run each once.",
)
@click.option(
    "--costs",
    metavar="FILE",
    type=path,
    help="With --shard: a JSON report of an earlier run; shares are to take equally long. "
    "All machines need the same one.",
)
@click.option(
    "--merge",
    is_flag=True,
    help="Run nothing: put the PATHs together, which are JSON or JUnit reports of shards, or "
    "their ledgers, with --out DIR for the ledger that they began with.",
)
@click.option(
    "--unsealed",
    is_flag=True,
    help="Where nothing can be sealed: run samples of PATHs all the same, with all your rights.",
)
@format_option("text", "json", "junit")
def command(
    paths: tuple[Path, ...],
    jobs: int | None,
    seconds: int,
    fail_fast: bool,
    kept: Path | None,
    folder: Path | None,
    force: bool,
    part: str | None,
    costs: Path | None,
    merge: bool,
    unsealed: bool,
    form: str,
    **selection: Any,
) -> None:
    """Run samples, byte for byte as published, and compare what arrives.

    Each program is built with the real compiler and SDK and runs sealed: in Linux
    namespaces of its own, where the real host names lead to a mock of the service and
    nothing else exists. It must send exactly the request that its call means and show
    the answer; and fail, and say why, for a wrong key, without a key, when the service
    fails or the connection breaks. What the note on the key says is followed, too.

    Without a PATH that is everything that samplegen renders in the catalog's main
    regions, narrowed by the options and by the languages in samplegen.toml. A PATH is a
    page, a sample's file, or a folder of such: what they send is compared with the call
    that --call, --model or --message give; without these, any call will do that the
    service answers.

    The SDKs are installed once, into a cache; that needs the network, running does not.
    Where there are no namespaces, hosts are rewritten in the code, and the report says so.

    \b
      samplegen verify --lang curl --lang php
      samplegen verify --out out
      samplegen verify docs/ --message "user:Who are you?"
      samplegen verify --format junit > verified.xml
      samplegen verify --out out --shard 2/5 --format json > shard-2.json
      samplegen verify --merge shard-*.json --format junit > verified.xml
      samplegen verify --merge --out out shard-*/verified.json

    A sample of a page that cannot be judged here (a framework that is not installed,
    another API of the service, a file that the page does not have) is skipped, with the
    reason. One that goes on from those above it is run together with them.

    Exit codes: 0 all that ran passed, 1 not all, or nothing ran, 2 bad input.
    """
    gc.enable()
    if merge:
        _merge(paths, folder, form, selection)
        return
    if costs is not None and part is None:
        raise InputError("--costs is for --shard: without it, everything is run anyway")
    if paths and folder is not None:
        raise InputError("--out is for rendered samples: leave it out, or the paths")
    if force and folder is None:
        raise InputError("--force is for the ledger of --out DIR: without it, all is run anyway")
    project = load_project(selection["catalog_file"], selection["noted"])
    catalog = project.catalog
    try:
        from samplegen.verify import report
        from samplegen.verify.verification import needed, prepare, verify
    except ImportError as error:
        raise needs_extra(error, "verify") from None
    try:
        needed(form)
    except ImportError as error:
        raise needs_extra(error, "verify") from None
    if paths:
        from samplegen.verify.published import subjects as published

        subjects = published(paths, selection["languages"], given_calls(**selection), catalog)
    else:
        subjects = _rendered(folder, selection, project)
    if part is not None:
        from samplegen.verify import shards

        known = {} if costs is None else shards.costs(costs)
        subjects = shards.share(subjects, shards.shard(part), known)
    parts = [report.part(one) for one in subjects if one.part]
    subjects = [one for one in subjects if not one.part]
    with bar(len(subjects), "verifying") as progress:
        prepared = prepare({one.sample.language for one in subjects}, catalog, progress.say)
        ledger = _Ledger(folder, subjects, prepared, force=force)
        running = verify(
            ledger.open,
            catalog,
            prepared,
            jobs=jobs,
            keep=_kept(kept),
            seconds=seconds,
            unsealed=unsealed,
        )
        results = [*parts, *ledger.unchanged]
        if form == "text":
            put("".join(map(report.line_of, parts)))
        progress.advance(len(ledger.unchanged))
        try:
            with closing(running):
                for result in running:
                    results.append(result)
                    ledger.note(result)
                    progress.advance(1)
                    if form == "text":
                        progress.clear()
                        put(report.line_of(result))
                    if fail_fast and result.passed is False:
                        break
        finally:
            ledger.write()
    put(report.FORMATS[form](results))
    if not subjects and part is not None and not parts:
        return  # There are more shares than samples.
    _exit(results)


def _exit(results: list[Result]) -> None:
    """Fail where not all passed, or nothing ran."""
    if not any(result.passed for result in results) or any(
        result.passed is False for result in results
    ):
        sys.exit(1)


def _merge(
    files: tuple[Path, ...], folder: Path | None, form: str, selection: dict[str, Any]
) -> None:
    """Put together what shards left."""
    try:
        from samplegen.verify import merge, report
    except ImportError as error:
        raise needs_extra(error, "verify") from None
    if not files:
        raise InputError("--merge needs the reports or ledgers of the shards, as PATHs")
    found = merge.read(files)
    if bool(found.ledgers) + bool(found.results) + bool(found.junit) > 1:
        raise InputError("--merge takes ledgers, JSON reports or JUnit reports: give one kind")
    if found.ledgers:
        _merge_ledgers(found.ledgers, folder, selection)
    elif found.junit:
        if form != "junit":
            raise InputError("JUnit reports become --format junit: for others, merge JSON reports")
        text, passed, failed = report.merged_junit(found.junit)
        put(text)
        if failed or not passed:
            sys.exit(1)
    else:
        if form == "text":
            put("".join(map(report.line_of, found.results)))
        put(report.FORMATS[form](found.results))
        _exit(found.results)


def _merge_ledgers(
    sides: list[dict[str, dict[str, Any]]], folder: Path | None, selection: dict[str, Any]
) -> None:
    """Write the ledger of a folder that one run would have left."""
    from samplegen.files import read_text, write_all
    from samplegen.languages import language_ids
    from samplegen.verify import ledger, merge

    if folder is None:
        raise InputError("to merge ledgers, give --out DIR: the folder of the samples")
    catalog = load_catalog(selection["catalog_file"], selection["noted"])
    before = ledger.read(folder)

    def code(place: str) -> str | None:
        file = folder / place
        inside = file.resolve().is_relative_to(folder.resolve())
        return read_text(file) if inside and file.is_file() else None

    def language(place: str) -> str | None:
        # As `render --out` names files: LANGUAGE-CLIENT.EXT.
        name = Path(place).stem.rpartition("-")[0]
        return name if name in language_ids() else None

    entries = merge.ledgers(before, sides, code, language, catalog)
    write_all({folder / ledger.NAME: ledger.text(entries).encode()})
    put(f"{folder / ledger.NAME}: {len(entries)} samples\n")


def _rendered(folder: Path | None, selection: dict[str, Any], project: Project) -> list[Subject]:
    """What samplegen renders, or what of it is in a folder."""
    from samplegen.files import read_text
    from samplegen.rendering.words import worded
    from samplegen.verify.report import answered
    from samplegen.verify.subject import NO_ANSWERS, NO_TOOLCHAIN, of_rendered
    from samplegen.verify.toolchain import runnable

    if folder is None and not selection["languages"]:
        selection = {**selection, "languages": project.settings.languages}
    selected = select(everything=True, **selection)
    if folder is not None and (folder / "examples").is_dir() and not _calls(selection):
        selected += select(everything=True, quiet=True, **{**selection, "example": "all"})
    subjects = []
    for call, sample, place, flow in selected:
        if folder is not None:
            if not (folder / place).exists():
                advice = f"'samplegen render --all --out {folder}' writes it"
                raise InputError(f"{folder / place}: No such file or directory; {advice}")
            sample = sample._replace(code=read_text(folder / place))
        # What nothing here runs is said, and stops no other.
        left = "" if answered(sample.protocol) else NO_ANSWERS
        left = left if runnable(sample.language) else NO_TOOLCHAIN
        where = place.as_posix()
        catalog = worded(project.catalog, project.settings.words, sample.locale)
        subjects.append(of_rendered(sample, call, flow, catalog, left=left, place=where))
    return subjects


def _calls(selection: dict[str, Any]) -> bool:
    """Whether options say which call it is, or which notes, so that no example is as it says."""
    said = ("example", "region", "model", "messages", "settings", "flow", "workspace", "call_file")
    return any(selection[name] for name in said) or selection["locale"] not in (None, "en")


def _kept(folder: Path | None) -> Path | None:
    """A new folder to leave programs in."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise InputError(f"{folder}: is there already: --keep makes a new folder") from None
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}") from None
    return folder.resolve()


class _Ledger:
    """Which samples are still to be run, and the ledger of a folder, where there is one."""

    def __init__(
        self,
        folder: Path | None,
        subjects: list[Subject],
        prepared: dict[str, Prepared],
        *,
        force: bool,
    ) -> None:
        from samplegen.verify import ledger
        from samplegen.verify.report import unchanged

        self.folder = folder
        self.before = ledger.read(folder) if folder else {}
        self.entries = dict(self.before)
        self.open: list[Subject] = []
        self.unchanged: list[Result] = []
        self._new: list[tuple[str, ledger.Entry]] = []
        for subject in subjects:
            sample = subject.sample
            name = subject.place
            entry = ledger.entry(sample.code, prepared[sample.language].versions)
            if folder and not force and self.before.get(name) == entry:
                self.unchanged.append(unchanged(subject))
            else:
                self.open.append(subject)
                self._new.append((name, entry))
        self._new.reverse()

    def note(self, result: Result) -> None:
        """Take the result of the next sample into the ledger."""
        name, entry = self._new.pop()
        if result.passed:
            self.entries[name] = entry
        else:
            self.entries.pop(name, None)

    def write(self) -> None:
        """Write it, if it changed."""
        from samplegen.files import write_all
        from samplegen.verify import ledger

        if self.folder and self.entries != self.before:
            write_all({self.folder / ledger.NAME: ledger.text(self.entries).encode()})
