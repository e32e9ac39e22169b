"""Each language's compiler or runtime, and the SDKs that samples use, ready to run offline.

A language's own package manager installs the catalog's versions into a cache, once.
What is in the cache appears there whole, by renaming, and is never changed again.

Each language's `toolchain` module has one subclass of `Toolchain`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from samplegen.errors import InputError
from samplegen.languages import has, language, language_ids, part
from samplegen.model.catalog import Catalog, Package
from samplegen.verify.toolchain._base import (
    Build,
    Missing,
    Prepared,
    Say,
    Server,
    Status,
    Step,
    Toolchain,
    Tools,
)
from samplegen.verify.toolchain._cache import ensure, place

__all__ = [
    "Build",
    "Missing",
    "Prepared",
    "Server",
    "Status",
    "Step",
    "Tools",
    "build",
    "bundles",
    "idle",
    "is_installed",
    "missing",
    "names_given",
    "names_used",
    "prepare",
    "reads_answers",
    "run",
    "runnable",
    "sees",
    "status",
    "trust",
]


def runnable(language_id: str) -> bool:
    """Whether there is a toolchain for a language."""
    return has(language_id, "toolchain")


def reads_answers(language_id: str) -> bool:
    """Whether programs of a language read the events of a stream, and do not just show them."""
    return _toolchain(language_id).reads_answers


def status(language_id: str) -> Status:
    """Whether the tools of a language are there; quick, and without a network."""
    try:
        toolchain = _toolchain(language_id)
        tools = toolchain.tools(None)
    except InputError as missing:
        return Status(language_id, False, "", str(missing))
    if tools is None:
        return Status(language_id, True, "fetched from PyPI when first needed", "")
    return Status(language_id, True, next(iter(tools.versions.values())), "")


def is_installed(language_id: str, catalog: Catalog) -> bool:
    """Whether a language's toolchain is ready; quick, and without a network."""
    try:
        toolchain = _toolchain(language_id)
        tools = toolchain.tools(None)
    except InputError:
        return False
    if tools is None:
        return False
    return not toolchain.installs or _planned(toolchain, tools, catalog).folder.is_dir()


def prepare(language_id: str, catalog: Catalog, say: Say, tools: Tools | None = None) -> Prepared:
    """Make a language's toolchain ready, with the versions that the catalog names.

    Only the first time needs a network. Runs at the same time wait for each other,
    and one that fails or is killed leaves nothing that a later one would trust.

    Args:
        say: told of what takes long.
        tools: other programs than those that are found here.

    Raises:
        Missing: a tool is not there.
        InputError: something cannot be installed.
    """
    toolchain = _toolchain(language_id)
    tools = tools or toolchain.tools(say)
    assert tools is not None
    prepared = _planned(toolchain, tools, catalog)
    if toolchain.installs:
        packages = _wanted(toolchain, catalog)
        ensure(prepared.folder, lambda new: toolchain.install(tools, packages, new), say)
    if toolchain.warms:
        ensure(prepared.warm, lambda new: toolchain.warm(prepared, catalog, new), say)
    return prepared


def _planned(toolchain: Toolchain, tools: Tools, catalog: Catalog) -> Prepared:
    """The toolchain as it will be, and where."""
    packages = {one.name: one.version for one in _wanted(toolchain, catalog)}
    versions = {**tools.versions, **packages}
    folder = place(toolchain.id, [*versions.items(), toolchain.bound()])
    return Prepared(toolchain.id, versions, tools.paths, folder)


def _wanted(toolchain: Toolchain, catalog: Catalog) -> list[Package]:
    """The packages of all of a language's samples."""
    named = {one.name: one for one in catalog.packages.get(toolchain.id, {}).values()}
    return [named[name] for name in sorted(named)]


def names_given(language_id: str, code: str, *, imported: bool) -> set[str]:
    """The names that a piece of a program gives to what pieces after it may use.

    Args:
        imported: whether those of what it imports are among them.
    """
    if not runnable(language_id):
        return set()
    return _toolchain(language_id).names_given(code, imported=imported)


def names_used(language_id: str, code: str) -> set[str]:
    """The names that a piece of a program uses, and does not give itself."""
    return _toolchain(language_id).names_used(code) if runnable(language_id) else set()


def idle(language_id: str, code: str) -> bool:
    """Whether code only defines what others would call, or is but an excerpt of a file."""
    return _toolchain(language_id).idle(code)


def missing(prepared: Prepared, code: str) -> list[str]:
    """The packages that a program names and that are not installed here."""
    return _toolchain(prepared.language).missing(prepared, code)


def bundles(prepared: Prepared) -> list[Path]:
    """Files of certificates that packages bring along, and trust whatever else is said."""
    return _toolchain(prepared.language).bundles(prepared)


def sees(prepared: Prepared) -> list[Path]:
    """The folders and files that programs need of this machine, beside its system."""
    own = [one for one in (prepared.folder, prepared.warm) if one.is_dir()]
    return [*own, *_toolchain(prepared.language).sees(prepared)]


def build(prepared: Prepared, source: Path, work: Path) -> Build:
    """The steps that compile the file `source`, which is in `work`; there may be none.

    What they need beside the file is put into `work`.
    """
    return _toolchain(prepared.language).build(prepared, source, work)


def run(prepared: Prepared, source: Path, work: Path) -> Step:
    """The step that runs what `build` made of `source`."""
    return _toolchain(prepared.language).run(prepared, source, work)


def trust(prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
    """The environment that makes a step trust a certificate authority.

    Args:
        ca: the authority's certificate, a PEM file.
        work: a folder for forms of it that a language wants; made once, for any number of steps.
    """
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    return {
        **dict.fromkeys(names, str(ca)),
        **_toolchain(prepared.language).trust(prepared, ca, work),
    }


@cache
def _toolchain(language_id: str) -> Toolchain:
    if not runnable(language_id):
        others = ", ".join(filter(runnable, language_ids()))
        raise InputError(
            f"{language(language_id).name} samples cannot be run: choose from {others}"
        )
    module = part(language_id, "toolchain")
    for value in vars(module).values():
        is_toolchain = isinstance(value, type) and issubclass(value, Toolchain)
        if is_toolchain and vars(value).get("id") == language_id:
            toolchain: Toolchain = value()
            return toolchain
    raise LookupError(f"{module.__file__} defines no Toolchain with id = {language_id!r}")
