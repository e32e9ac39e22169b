"""Checks the pages of a project: finds the files, and spreads them over the processors."""

from __future__ import annotations

import difflib
import glob
import os
import re
import signal
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import NamedTuple, TypeVar

from samplegen.check import cache
from samplegen.check.checking import Finding, Seen, check, seen, view
from samplegen.check.config import Config
from samplegen.check.fixing import fixed
from samplegen.errors import InputError
from samplegen.keys import hidden
from samplegen.pages import GENERATED, Page, below, load, readable

T = TypeVar("T")

# Starting a process costs as much as checking some pages.
_PAGES_A_PROCESS = 8


class Options(NamedTuple):
    """What is to be done with each page."""

    config: Config
    fix: bool = False
    unsafe: bool = False


class Checked(NamedTuple):
    """What came of a page: findings, its text before and after, or why it cannot be checked.

    Of a file that stays as it is, `page` is None and `text` is ''.

    Attributes:
        seen: all code of the page, as it is now.
        mended: the name of the rule of each finding that was mended.
    """

    path: str
    findings: tuple[Finding, ...]
    page: Page | None
    text: str
    error: str | None = None
    seen: tuple[Seen, ...] = ()
    mended: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether fixes were made."""
        return self.page is not None and self.text != self.page.text


def pages(
    names: Iterable[str],
    config: Config,
    *,
    force_exclude: bool = False,
    left_out: list[Path] | None = None,
) -> list[Path]:
    """The files that paths, folders and globs name, each once.

    Args:
        force_exclude: leave out what is excluded also where a file of it is named.
        left_out: gets the folders of what is built or installed, which are not looked at.

    Raises:
        InputError: a name of nothing, or nothing in a folder that can be read.
    """
    found: dict[Path, None] = {}
    for name in names:
        if force_exclude and config.excluded(name):
            continue
        files = [*_named(name, config, left_out)]
        if not files:
            raise InputError(f"{name}: no page there that can be read")
        found |= dict.fromkeys(files)
    return list(found)


def configured(config: Config, left_out: list[Path] | None = None) -> list[Path]:
    """The pages that the configuration names; see `pages`.

    Raises:
        InputError: it names none, or a pattern fits nothing.
    """
    here = Path.cwd()
    folder = config.folder.absolute()
    # As people would name them: from where they are.
    start = folder.relative_to(here) if folder.is_relative_to(here) else folder
    if not config.pages:
        raise InputError(
            "no pages: name files or folders, or list them in the configuration as 'pages'"
        )
    return pages([str(start / pattern) for pattern in config.pages], config, left_out=left_out)


def _named(name: str, config: Config, left_out: list[Path] | None) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        yield from below(path, config.excluded, left_out)
    elif glob.has_magic(name) and not path.exists():
        # What the pattern does not name itself is left out, as in a folder.
        generated = GENERATED - {*path.parts}
        # Path.glob takes no absolute pattern.
        for one in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207
            file = Path(one)
            if not file.is_file() or not readable(one) or config.excluded(one):
                continue
            if inside := generated.intersection(file.parts[:-1]):
                _note(left_out, file, inside)
            else:
                yield file
    elif path.exists():
        yield path
    else:
        raise InputError(f"{name}: no such file or folder")


def _note(left_out: list[Path] | None, file: Path, names: Collection[str]) -> None:
    """Note the outermost folder of a file that has one of those names."""
    depth = next(depth for depth, part in enumerate(file.parts, 1) if part in names)
    if left_out is not None and (folder := Path(*file.parts[:depth])) not in left_out:
        left_out.append(folder)


def check_all(
    files: Sequence[Path], options: Options, jobs: int | None = None, *, cached: bool = False
) -> list[Checked]:
    """Check every file; on several processors where that pays.

    Args:
        jobs: how many processes; None is one for each processor, at most.
        cached: whether what was found before on the same pages is taken from the cache.
    """
    done = _known(files, options) if cached else {}
    left = [file for file in files if file not in done]
    new: dict[str, cache.Kept] = {}
    work = partial(_check_file, options=options, cached=cached)
    for file, (checked, key) in zip(left, spread(work, left, jobs), strict=True):
        done[file] = checked
        if key:
            new[key] = cache.Kept(checked.findings, checked.seen)
    if new:
        cache.keep(new)
    return [done[file] for file in files]


def _known(files: Iterable[Path], options: Options) -> dict[Path, Checked]:
    """What the cache has of files. A page with findings is not known where it is to be fixed."""
    keys: dict[Path, str] = {}
    for file in files:
        with suppress(InputError):
            page = load(file)
            key = cache.key(page, options.config.plan(page.path))
            if key:
                keys[file] = key
    found = cache.kept(keys.values())
    return {
        file: Checked(str(file), found[key].findings, None, "", seen=found[key].seen)
        for file, key in keys.items()
        if key in found and not (options.fix and found[key].findings)
    }


def spread(
    work: Callable[[Path], T], files: Sequence[Path], jobs: int | None = None
) -> Iterator[T]:
    """What `work` gives for each file, in their order; on several processors where that pays.

    Args:
        work: can be pickled.
        jobs: how many processes; None is one for each processor, at most.
    """
    most = jobs or os.cpu_count() or 1
    workers = min(most, max(1, len(files) // _PAGES_A_PROCESS))
    if workers == 1:
        yield from map(work, files)
        return
    with ProcessPoolExecutor(workers, initializer=_end_with_parent) as pool:
        yield from pool.map(work, files, chunksize=_PAGES_A_PROCESS)


def _end_with_parent() -> None:
    """Let a worker end when its parent does, by whatever signal: else it would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _check_file(file: Path, options: Options, cached: bool) -> tuple[Checked, str | None]:
    """Check one file; and the key to keep its findings under, of the bytes that were checked."""
    try:
        page = load(file)
    except InputError as error:
        return Checked(str(file), (), None, "", str(error)), None
    checked = check_page(page, options)
    if checked.changed:
        return checked, None
    keeps = cached and not checked.error
    key = cache.key(page, options.config.plan(page.path)) if keeps else None
    # Pages that stay as they are need not be kept in memory, all at once.
    return checked._replace(page=None, text=""), key


def check_page(page: Page, options: Options) -> Checked:
    """Check a page that was read. Nothing is written."""
    plan = options.config.plan(page.path)
    text, mended = page.text, tuple[str, ...]()
    try:
        if options.fix:
            text, found, mended = fixed(page.path, text, plan, unsafe=options.unsafe)
            # What its encoding cannot hold is not written.
            page.encode(text)
            now = view(page.path, text, plan)
        else:
            now = view(page.path, text, plan)
            found = check(now, plan)
    except InputError as error:
        return Checked(page.path, (), page, page.text, str(error))
    findings = tuple(one.finding for one in found)
    return Checked(page.path, findings, page, text, seen=seen(now), mended=mended)


def difference(checked: Checked) -> str:
    """A unified diff of what fixing changes in a page, with keys hidden; '' where nothing.

    `git apply` and `patch -p1` apply it where samplegen ran.
    """
    page = checked.page
    if page is None or not checked.changed:
        return ""
    path, here = Path(checked.path), Path.cwd()
    if path.is_absolute() and path.is_relative_to(here):
        path = path.relative_to(here)
    # A tab ends a name that has a blank in it.
    name = path.as_posix().removeprefix("/") + ("\t" if " " in str(path) else "")
    mark = "\ufeff" if page.mark == BOM_UTF8 else ""
    old, new = (_lines(mark + hidden(text)) for text in (page.text, checked.text))
    lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """The lines of a text as diffs have them: only LF ends one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def write(checked: Iterable[Checked]) -> None:
    """Write the pages that were mended, all or none.

    Raises:
        InputError: a file cannot be written.
    """
    from samplegen.files import write_all

    write_all(
        {
            Path(one.path): one.page.encode(one.text)
            for one in checked
            if one.page is not None and one.changed
        }
    )
