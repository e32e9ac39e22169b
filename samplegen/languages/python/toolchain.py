"""Python scripts."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from samplegen.model.catalog import Package
from samplegen.verify import cell
from samplegen.verify.toolchain._base import (
    Prepared,
    Say,
    Server,
    Step,
    Toolchain,
    Tools,
)
from samplegen.verify.toolchain._finding import installation
from samplegen.verify.toolchain._packages import pip, python_of


class Python(Toolchain):
    """The Python that runs samplegen, with packages in a virtual environment."""

    id = "python"

    def bound(self) -> str:
        return sys.base_prefix  # The environment's interpreter is a link to that one.

    def tools(self, say: Say | None) -> Tools:
        return Tools({"python": sys.executable}, {"python": platform.python_version()})

    def install(self, tools: Tools, packages: Sequence[Package], folder: Path) -> None:
        pip(folder, [f"{one.name}=={one.version}" for one in packages])

    def sees(self, prepared: Prepared) -> list[Path]:
        return [Path(sys.base_prefix), *installation(sys.executable)]

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        python = str(python_of(prepared.folder))
        packages = [name for name in prepared.versions if name != "python"]
        parts = (str(Path(__file__).parent / "parts" / "server.py"), cell.__file__)
        server = Server((python, *parts, *packages), (), forks=True)
        return Step([python, str(source)], {}, server)
