"""The named examples as static files: a page to publish or to embed, without a server.

    index.html page.css page.js export.js icon.svg     the page
    choices.js                                         what can be chosen
    samples/EXAMPLE/PROTOCOL-REGION-LOCALE.js          what is seen of it, loaded when it is

They are scripts, not JSON, since a page that is opened as a file may load no other.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from samplegen.configured import Project
from samplegen.errors import InputError
from samplegen.examples import EXAMPLES
from samplegen.files import write_all
from samplegen.model.catalog import Catalog
from samplegen.preview.app import ASSETS, with_parts
from samplegen.preview.form import Wanted, example_call
from samplegen.preview.look import choices, look
from samplegen.rendering.notes import locales

_ASSETS: Final = ("page.css", "page.js", "export.js", "icon.svg")


def export(catalog: Catalog, folder: Path, project: Project | None = None) -> str:
    """Write the page below a folder, all of it or nothing; a line that says what was written.

    Raises:
        InputError: it cannot be written there.
    """
    written = files(catalog, project)
    write_all({folder / name: data for name, data in written.items()})
    samples = [data for name, data in written.items() if name.startswith("samples/")]
    page = sum(map(len, written.values())) - sum(map(len, samples))
    return (
        f"{folder / 'index.html'}: {page / 1000:.0f} kB, "
        f"and {len(samples)} files of samples, {sum(map(len, samples)) / 1e6:.1f} MB"
    )


def files(catalog: Catalog, project: Project | None = None) -> dict[str, bytes]:
    """All files of the page, by their paths below its folder.

    Args:
        project: whose samples are shown.

    Raises:
        InputError: the catalog has no region whose samples can be published.
    """
    if not catalog.published:
        raise InputError("the catalog has no region with a shared host: there is nothing to export")
    samples: dict[str, bytes] = {}
    shown = []
    for name in EXAMPLES:
        there = _example(name, catalog, project)
        if there:
            shown.append(name)
            samples |= there
    made = choices(catalog, project)
    published = set(catalog.published)
    said = {
        "provider": made["provider"],
        "examples": [{"name": name, "about": EXAMPLES[name].about} for name in shown],
        "protocols": made["protocols"],
        "regions": [one for one in made["regions"] if one["id"] in published],
        "languages": made["languages"],
        "clients": made["clients"],
        "locales": made["locales"],
    }
    index = with_parts((ASSETS / "export.html").read_text(encoding="utf-8"), runs=False)
    return {
        "index.html": index.encode(),
        **{name: (ASSETS / name).read_bytes() for name in _ASSETS},
        "choices.js": f"window.samplegen = {{ choices: {_script(said)} }};\n".encode(),
        **samples,
    }


def _example(name: str, catalog: Catalog, project: Project | None) -> dict[str, bytes]:
    """What is seen of an example, in each protocol, region and locale that it works in."""
    try:
        call = example_call(name, catalog, project)
    except InputError:
        # A provider that has no such call has no such example.
        return {}
    made: dict[str, bytes] = {}
    notes = (project and project.settings.notes) or "full"
    for protocol in catalog.protocols:
        for region in catalog.published:
            there = replace(call, protocol=protocol, region=region)
            for locale in locales():
                wanted = Wanted(there, name, EXAMPLES[name].flow, locale, notes)  # type: ignore[arg-type]
                path = f"{name}/{protocol}-{region}-{locale}"
                try:
                    shown: dict[str, Any] = look(wanted, catalog, project=project)
                except InputError as error:
                    shown = {"samples": [], "request": None, "call": "", "why": str(error)}
                    if protocol == call.protocol:
                        return {}
                script = f"window.samplegen.put({_script(path)}, {_script(shown)});\n"
                made[f"samples/{path}.js"] = script.encode()
    return made


def _script(value: object) -> str:
    """JSON as JavaScript, in ASCII: it means the same in any encoding that a server tells."""
    return json.dumps(value, separators=(",", ":"))
