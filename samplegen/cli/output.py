"""Samples and lists as text, JSON, Markdown and files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from samplegen.examples import EXAMPLES
from samplegen.languages import language, language_ids
from samplegen.model.catalog import Catalog
from samplegen.rendering.notes import locales
from samplegen.rendering.sample import Sample
from samplegen.rendering.targets import CLIENTS, FLOWS, targets
from samplegen.sites import site_names


def path_of(sample: Sample) -> Path:
    """Where a sample's file is, below the folder of samples."""
    return Path(sample.locale, sample.protocol, sample.region, sample.filename)


def as_text(samples: Sequence[Sample]) -> str:
    """One sample as it is; several each below a line that names it, as `head` does."""
    if len(samples) == 1:
        return samples[0].code
    return "\n".join(f"==> {path_of(sample).as_posix()} <==\n{sample.code}" for sample in samples)


def as_json(samples: Sequence[Sample]) -> str:
    """An array of objects with the fields of `Sample`."""
    return _json([sample._asdict() for sample in samples])


def as_markdown(samples: Sequence[Sample]) -> str:
    """Each sample in a fence below a heading, as a page shows it."""
    return "\n".join(_section(sample) for sample in samples)


def _section(sample: Sample) -> str:
    written_in = language(sample.language)
    # A fence is longer than any run of backticks inside: CommonMark, "Fenced code blocks".
    longest = max((len(run) for run in re.findall("`+", sample.code)), default=0)
    fence = "`" * max(3, longest + 1)
    heading = f"### {written_in.name} ({sample.client.upper()})"
    return f"{heading}\n\n{fence}{written_in.fence}\n{sample.code}{fence}\n"


FORMATS: dict[str, Callable[[Sequence[Sample]], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
}


def write(folder: Path, samples: Mapping[Path, Sample]) -> None:
    """Write every sample to its file below a folder, all or none.

    Raises:
        InputError: the folder cannot be written.
    """
    from samplegen.files import write_all

    write_all({folder / path: sample.code.encode() for path, sample in samples.items()})


def differences(
    folder: Path, samples: Mapping[Path, Sample], catalog: Catalog, *, complete: bool
) -> str:
    """A unified diff from the files to the samples; empty where they are equal.

    Where the folder has a ledger, a sample that does not stand there is a difference too.

    Args:
        complete: the samples are all that there are, so any other file in a
            subfolder is a difference too.
    """
    import difflib

    from samplegen.errors import InputError

    found: list[str] = []
    expected = {folder / path: sample for path, sample in samples.items()}
    for path, sample in expected.items():
        try:
            data: bytes | None = path.read_bytes()
        except FileNotFoundError:
            data = None
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}") from None
        if data == sample.code.encode():
            continue
        old = [] if data is None else data.decode(errors="replace").splitlines(keepends=True)
        new = sample.code.splitlines(keepends=True)
        name = path.as_posix()
        found += difflib.unified_diff(old, new, "/dev/null" if data is None else name, name)
    if complete:
        there = {path for path in folder.glob("*/**/*") if path.is_file()} - expected.keys()
        others = {path for path in there if path.relative_to(folder).parts[0] != "examples"}
        found += [f"{path.as_posix()}: no target renders this file\n" for path in sorted(others)]
    found += _unverified(folder, samples, catalog, complete=complete)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in found)


def _unverified(
    folder: Path, samples: Mapping[Path, Sample], catalog: Catalog, *, complete: bool
) -> list[str]:
    """A line for each sample that the folder's ledger does not have as it is now."""
    from samplegen.verify import ledger

    entries = ledger.read(folder)
    if not entries:
        return []
    found = []
    for place, sample in samples.items():
        entry = entries.pop(place.as_posix(), None)
        if entry is None or not ledger.stands(entry, sample.code, sample.language, catalog):
            advice = f"run 'samplegen verify --out {folder.as_posix()}'"
            path = (folder / place).as_posix()
            found.append(f"{path}: not verified as it is now: {advice}\n")
    others = sorted(name for name in entries if not name.startswith("examples/"))
    others = others if complete else []
    file = (folder / ledger.NAME).as_posix()
    return found + [f"{file}: has {name}, which no target renders\n" for name in others]


def _listing(catalog: Catalog) -> dict[str, object]:
    served = [target for target in targets() if target.protocol in catalog.protocols]
    return {
        "languages": list(language_ids()),
        "protocols": list(catalog.protocols),
        "clients": list(CLIENTS),
        "regions": list(catalog.regions),
        "tabs": list(site_names()),
        "locales": list(locales()),
        "examples": {name: one.about for name, one in EXAMPLES.items()},
        "models": catalog.models,
        "targets": [
            {"language": t.language, "protocol": t.protocol, "client": t.client, "flows": t.flows}
            for t in served
        ],
    }


def list_as_text(catalog: Catalog) -> str:
    """What there is, a line each."""
    lines = ["Languages"]
    for id in language_ids():
        one = language(id)
        aliases = f"also {', '.join(one.aliases)}" if one.aliases else ""
        lines.append(f"  {id:<12}{one.name:<12}{aliases}".rstrip())
    lines.append("Regions")
    for id, region in catalog.regions.items():
        host = region.host or f"{region.workspace_host} (needs --workspace)"
        lines.append(f"  {id:<12}{region.label('en'):<16}{host}")
    lines.append("Targets")
    for protocol in catalog.protocols:
        there = [target for target in targets() if target.protocol == protocol]
        for client in CLIENTS:
            names = ", ".join(target.language for target in there if target.client == client)
            lines.append(f"  {protocol:<12}{client:<6}{names}")
    lines.append("Flows")
    lines += [f"  {flow:<13}{_who_has(flow, catalog)}" for flow in FLOWS]
    lines.append("Examples")
    lines += [f"  {name:<16}{one.about}" for name, one in EXAMPLES.items()]
    lines.append(f"Tabs\n  {', '.join(site_names())}")
    lines.append(f"Locales\n  {', '.join(locales())}")
    lines += ["Models", *_columns(catalog.models)]
    return "\n".join(lines) + "\n"


def _columns(names: Sequence[str]) -> list[str]:
    """Names in columns, to be read downwards, as wide as the terminal."""
    import shutil

    each = max(map(len, names), default=0) + 2
    count = max(1, (shutil.get_terminal_size((100, 24)).columns - 2) // each)
    rows = -(-len(names) // count)
    return [
        "  " + "".join(f"{name:<{each}}" for name in names[row::rows]).rstrip()
        for row in range(rows)
    ]


def _who_has(flow: str, catalog: Catalog) -> str:
    """Which targets have a flow: all, all but a few, or a few."""
    served = [target for target in targets() if target.protocol in catalog.protocols]
    there = [target.name for target in served if flow in target.flows]
    missing = [target.name for target in served if flow not in target.flows]
    if not missing:
        return "all targets"
    if len(missing) <= len(there):
        return f"all but {', '.join(missing)}"
    return ", ".join(there) or "no target yet"


def list_as_json(catalog: Catalog) -> str:
    """What there is, as one object."""
    return _json(_listing(catalog))


LISTINGS: dict[str, Callable[[Catalog], str]] = {"text": list_as_text, "json": list_as_json}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def xml(text: str) -> str:
    """A text with only the characters that XML 1.0 has (section 2.2)."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
