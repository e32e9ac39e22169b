"""What a folder of pages has, and the configuration to begin with, for `samplegen init`."""

from __future__ import annotations

import glob
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from samplegen.check.checking import Finding, Plan, view
from samplegen.check.meaning import meant
from samplegen.check.project import spread
from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.pages import below, format_of, load
from samplegen.rendering.notes import SOURCE_LOCALE
from samplegen.sites.detect import Detected, of_project

# Formats of pages that are written for readers.
_PROSE = frozenset({"markdown", "rst", "asciidoc"})

# Folders of what others wrote.


class Surveyed(NamedTuple):
    """A page with samples of model calls.

    Attributes:
        path: below the folder of the configuration, with slashes.
        languages: of each of these samples.
        calls: those whose text says all of their call.
    """

    path: PurePosixPath
    languages: tuple[str, ...]
    locale: str
    calls: tuple[Call, ...]


class Survey(NamedTuple):
    """What was found.

    Attributes:
        patterns: the pages to check, each pattern with the pages that it was made for.
        skipped: folders of packages, and what git ignores.
        locale: of most pages.
        places: the pages of each other locale, as patterns.
        calls: by locale, the call that all its pages make; none where they differ.
        builders: the site builders that the project has.
    """

    patterns: Mapping[str, Sequence[Surveyed]]
    skipped: tuple[str, ...]
    locale: str
    places: Mapping[str, Sequence[str]]
    calls: Mapping[str, Call]
    builders: Sequence[Detected] = ()

    @property
    def pages(self) -> list[Surveyed]:
        """All pages with samples of model calls."""
        return [page for pages in self.patterns.values() for page in pages]


def survey(folder: Path, catalog: Catalog) -> Survey:
    """What the pages in a folder have.

    Args:
        folder: relative, below the folder that the configuration is for; `.` is all of it.

    Raises:
        InputError: no page has a sample of a model call.
    """
    skipped: list[str] = []
    ignored = _ignored_by_git(folder)

    def excluded(path: str) -> bool:
        place = Path(path)
        if place in ignored:
            skipped.append(place.as_posix())
            return True
        return False

    left_out: list[Path] = []
    files = list(below(folder, excluded, left_out))
    skipped += [one.as_posix() for one in left_out]
    pages = [page for page in spread(partial(_surveyed, catalog), files) if page]
    builders = of_project(Path.cwd())
    if not pages and builders and (started := _without_samples(files, folder)):
        return Survey(started, tuple(skipped), SOURCE_LOCALE, {}, {}, builders)
    if not pages:
        what = f"no sample of a model call in {number(len(files), 'page')}" if files else "no page"
        raise InputError(f"{folder}: {what} there: name the folder of your docs")
    patterns: dict[str, list[Surveyed]] = {}
    for page in pages:
        patterns.setdefault(_pattern(page.path, folder), []).append(page)
    by_locale: dict[str, list[Surveyed]] = {}
    for page in pages:
        by_locale.setdefault(page.locale, []).append(page)
    locale = max(by_locale, key=lambda name: len(by_locale[name]))
    places = {
        name: _places(name, its, [page.path for page in pages if page.locale != name])
        for name, its in by_locale.items()
        if name != locale
    }
    return Survey(patterns, tuple(skipped), locale, places, _agreed(by_locale), builders)


def _without_samples(files: Iterable[Path], folder: Path) -> dict[str, list[Surveyed]]:
    """The patterns for pages of a project that has no samples yet."""
    found: dict[str, list[Surveyed]] = {}
    for file in files:
        if format_of(file) in _PROSE:
            found.setdefault(_pattern(PurePosixPath(file.as_posix()), folder), [])
    return found


def _ignored_by_git(folder: Path) -> set[Path]:
    """What git ignores in a folder, such as built pages; whole folders where it ignores them."""
    command = ["git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard"]
    try:
        done = subprocess.run(
            [*command, "--directory", "--", str(folder)], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return set()  # No git, or no repository.
    return {Path(os.fsdecode(name)) for name in done.stdout.split(b"\0") if name}


def _surveyed(catalog: Catalog, file: Path) -> Surveyed | None:
    try:
        page = view(str(file), load(file).text, Plan((), catalog))
    except InputError:
        return None  # Checking it says why, if it is one of the pages at all.
    samples = [
        one for one in page.samples if one.call.protocol and (one.call.model or one.call.messages)
    ]
    if not samples:
        return None
    calls = []
    for sample in samples:
        try:
            calls.append(meant(sample))
        except InputError:
            continue
    languages = tuple(sample.language for sample in samples)
    path = PurePosixPath(file.as_posix())
    return Surveyed(path, languages, page.locale, tuple(filter(None, calls)))


def _pattern(path: PurePosixPath, folder: Path) -> str:
    """The pattern for pages such as one."""
    form = format_of(str(path))
    if form == "openapi":
        # Most files of its suffixes are something else.
        return glob.escape(str(path))
    if form == "source" or len(path.parts) == 1:
        return glob.escape(str(path.parent / "_"))[:-1] + f"*{path.suffix}"
    base = folder.as_posix() if folder.parts else path.parts[0]
    return f"{glob.escape(base)}/**/*{path.suffix}"


def _places(locale: str, pages: Iterable[Surveyed], others: Sequence[PurePosixPath]) -> list[str]:
    """Patterns that fit the pages of a locale, and none of the others: as few as may be."""
    found: dict[str, None] = {}
    for page in pages:
        folders = [
            folder
            for folder in page.path.parents
            if folder.parts and not any(other.is_relative_to(folder) for other in others)
        ]
        named = f".{locale}{page.path.suffix}"
        if folders:
            found[str(folders[-1])] = None
        elif page.path.name.endswith(named) and not any(
            other.name.endswith(named) for other in others
        ):
            found[f"**/*{named}"] = None
        else:
            found[str(page.path)] = None
    return list(found)


def _agreed(by_locale: Mapping[str, Iterable[Surveyed]]) -> dict[str, Call]:
    """By locale, the call that most samples of each of its pages make.

    Nothing where the pages of one locale differ: they would get the call of another.
    """
    agreed = {}
    for locale, pages in by_locale.items():
        known = [page.calls for page in pages if page.calls]
        most = {_most(calls) for calls in known}
        if len(most) > 1 or None in most:
            return {}
        for key in most:
            agreed[locale] = next(call for calls in known for call in calls if _key(call) == key)
    return agreed


def _key(call: Call) -> tuple[object, ...]:
    """What is the same in every protocol."""
    return (call.region, call.model, call.messages, call.host, call.workspace)


def _most(calls: Sequence[Call]) -> tuple[object, ...] | None:
    """What more than half of the calls are, if there is one."""
    key, count = Counter(map(_key, calls)).most_common(1)[0]
    return key if count * 2 > len(calls) else None


def configuration(
    found: Survey, catalog: Catalog, file: Path | None, findings: Sequence[Finding] = ()
) -> str:
    """The text of a `samplegen.toml` for what was found.

    Args:
        catalog: the facts that the pages were read by.
        file: the catalog's own; None is the built-in one.
        findings: in its pages now; their rules stand there to be switched off.
    """
    lines = ["# Read by samplegen in this folder and below; `samplegen rule` lists the rules.", ""]
    if file is not None:
        # With slashes, since the file is shared between systems.
        lines += [f"catalog = {_toml(Path(os.path.relpath(file)).as_posix())}", ""]
    lines += ["pages = ["]
    for pattern, pages in found.patterns.items():
        lines.append(f"    {_toml(pattern)},{f'  # {counted(pages)}' if pages else ''}")
    lines.append("]")
    if found.skipped:
        lines.append(f"exclude = [{', '.join(map(_toml, found.skipped))}]")
    if found.pages:
        lines += ["", "# Of the notes in samples.", f"locale = {_toml(found.locale)}"]
    else:
        lines += [
            "",
            "# Of the notes in samples: without it each page has its own.",
            '# locale = "en"',
        ]
    lines += _tabs(found.builders)
    if findings:
        lines += ["", *_ignore(findings)]
    own = found.calls.get(found.locale)
    lines.append("")
    if own:
        lines += ["# What the pages document.", "[call]", *_call(own)]
    elif not found.pages:
        lines += [
            "# What the pages document: one call, for all samples.",
            "# [call]",
            f"# model = {_toml(catalog.defaults.model)}",
        ]
    else:
        lines.append(
            "# The pages make different calls. If they mean one, say it in a table [call]."
        )
    for locale, places in found.places.items():
        patterns = ", ".join(map(_toml, places))
        lines += ["", "[[overrides]]", f"pages = [{patterns}]", f"locale = {_toml(locale)}"]
        call = found.calls.get(locale)
        if call and call != own:
            lines += ["[overrides.call]", *_call(call)]
    return "\n".join(lines) + "\n"


def _tabs(builders: Sequence[Detected]) -> Iterator[str]:
    """What samples that samplegen writes stand in, by the first builder; others are named."""
    for number, one in enumerate(builders):
        file = os.path.relpath(one.file)
        if not number:
            yield ""
            yield f"# Samples that `samplegen add` puts into a page stand in such tabs: {file}."
            yield f"tabs = {_toml(one.name)}"
            yield 'languages = ["all"]'
        elif one.name != builders[0].name:
            yield f"# {file} is there, too: tabs = {_toml(one.name)} in [[overrides]] of its pages."


def _ignore(findings: Iterable[Finding]) -> Iterator[str]:
    yield "# To begin with less, take the first # from a line: the rule is off then."
    yield "ignore = ["
    for name, its in by_rule(findings):
        pages = number(len({one.path for one in its}), "page")
        mended = sum(1 for one in its if one.fix and one.fix.safe)
        advice = f", --fix mends {mended}" if mended else ""
        yield f"    # {_toml(name)},  # {number(len(its), 'finding')} in {pages}{advice}"
    yield "]"


def by_rule(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings of each rule, those of the rule with most first."""
    rules: dict[str, list[Finding]] = {}
    for one in findings:
        rules.setdefault(one.name, []).append(one)
    return sorted(rules.items(), key=lambda rule: (-len(rule[1]), rule[0]))


def _call(call: Call) -> Iterator[str]:
    data = json.loads(call.to_json())
    for name, value in data.items():
        if name != "messages":
            yield f"{name} = {_toml(value)}"
    yield "messages = ["
    for message in data["messages"]:
        fields = ", ".join(f"{name} = {_toml(value)}" for name, value in message.items())
        yield f"    {{{fields}}},"
    yield "]"


def counted(pages: Sequence[Surveyed]) -> str:
    """How many pages and samples."""
    samples = sum(len(page.languages) for page in pages)
    return f"{number(len(pages), 'page')}, {number(samples, 'sample')}"


def number(count: int, noun: str) -> str:
    """A number of things, in English."""
    return f"{count} {noun}{'s' * (count != 1)}"


def _toml(text: str) -> str:
    """A basic string. TOML refuses DEL as it is, and has JSON's escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
