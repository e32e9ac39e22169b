"""Python scripts."""

from __future__ import annotations

import ast
import builtins
import platform
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from samplegen.model.catalog import Catalog, Package
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

# What samples of pages import beside SDKs, and samples of ours do not.
_OF_PAGES = ("numpy==2.*",)


# A file of module names.
_LATER = "later.txt"

# Runs a file, and writes what it imported that is not of the standard library.
_NAMING = """
import atexit, runpy, sys
told, *sys.argv[:] = sys.argv[1:]
def tell():
    own = {*sys.stdlib_module_names, "__main__"}
    foreign = (one for one in sys.modules if one.partition(".")[0] not in own)
    with open(told, "w") as file:
        file.write("\\n".join(foreign))
atexit.register(tell)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Python(Toolchain):
    """The Python that runs samplegen, with packages in a virtual environment."""

    id = "python"
    warms = True

    def bound(self) -> str:
        # The environment's interpreter is a link to that one.
        return " ".join([sys.base_prefix, *_OF_PAGES])

    def tools(self, say: Say | None) -> Tools:
        return Tools({"python": sys.executable}, {"python": platform.python_version()})

    def install(self, tools: Tools, packages: Sequence[Package], folder: Path) -> None:
        python = tools.paths["python"]
        # Samples of ours alone are run with other versions of Python.
        more = _OF_PAGES if python == sys.executable else ()
        pip(folder, [*(f"{one.name}=={one.version}" for one in packages), *more], python)

    def warm(self, prepared: Prepared, catalog: Catalog, folder: Path) -> None:
        """Keep the names of what SDKs import only when they are used."""
        from samplegen.verify.toolchain._rehearsal import rehearsals

        python = str(python_of(prepared.folder))
        later: dict[str, None] = {}
        for one in rehearsals(prepared, catalog, ("streaming", "tools")):
            names = one.work / "names"
            if one.play([python, "-c", _NAMING, str(names), str(one.source)], {}):
                later.update(dict.fromkeys(names.read_text().split()))
        (folder / _LATER).write_text("".join(f"{name}\n" for name in later))

    def names_given(self, code: str, *, imported: bool = True) -> set[str]:
        given, _, brought = _names(code)
        return given | brought if imported else given

    def names_used(self, code: str) -> set[str]:
        given, used, brought = _names(code)
        return used - given - brought - set(dir(builtins))

    def missing(self, prepared: Prepared, code: str) -> list[str]:
        found = []
        for name in _imported(code):
            # What is nearly the name of something installed is a slip, and fails.
            installed = _installed(prepared.folder)
            known = name in sys.stdlib_module_names or name in installed
            if not known and not get_close_matches(name, installed, 1, 0.8):
                found.append(name)
        return found

    def bundles(self, prepared: Prepared) -> list[Path]:
        return [*prepared.folder.glob("lib/*/site-packages/certifi/cacert.pem")]

    def sees(self, prepared: Prepared) -> list[Path]:
        own = [Path(sys.base_prefix), *installation(sys.executable)]
        other = prepared.tools["python"]
        return own if other == sys.executable else [Path(other).parents[1]]

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        python = str(python_of(prepared.folder))
        if prepared.tools["python"] != sys.executable:
            return Step([python, str(source)], {})
        packages = [name for name in prepared.versions if name != "python"]
        parts = (str(Path(__file__).parent / "parts" / "server.py"), cell.__file__)
        later = str(prepared.warm / _LATER)
        server = Server((python, *parts, later, *packages), (), forks=True)
        return Step([python, str(source)], {}, server)


def _parsed(code: str) -> ast.Module:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _names(code: str) -> tuple[set[str], set[str], set[str]]:
    """The names that code gives, wherever it does, those that it uses, and those of imports."""
    given: set[str] = set()
    imported: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(_parsed(code)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else given).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            given.add(node.name)
        elif isinstance(node, ast.arg):
            given.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            given.add(node.name)
        elif isinstance(node, ast.alias):
            imported.add((node.asname or node.name).partition(".")[0])
    return given, used, imported


def _imported(code: str) -> list[str]:
    """The packages that code imports outermost, where nothing catches their absence."""
    tree = _parsed(code)
    caught = {id(one) for node in ast.walk(tree) if isinstance(node, ast.Try) for one in node.body}
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        if id(node) in caught:
            continue
        if isinstance(node, ast.Import):
            names.update(dict.fromkeys(one.name.partition(".")[0] for one in node.names))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names[node.module.partition(".")[0]] = None
    return list(names)


@cache
def _installed(folder: Path) -> tuple[str, ...]:
    """The modules and packages of an environment."""
    places = folder.glob("lib/*/site-packages/*")
    return tuple(path.name.partition(".")[0] for path in places)
