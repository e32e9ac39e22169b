"""Go in other versions: the Go module proxy has them as versions of a module."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from samplegen.drift.registry import Ask, Release
from samplegen.languages.go.registry import listed
from samplegen.languages.go.toolchain import Go, tools_of
from samplegen.verify.toolchain._base import Say, Tools
from samplegen.verify.toolchain._cache import ensure, place
from samplegen.verify.toolchain._packages import process

_MODULE = "golang.org/toolchain"


def releases(ask: Ask) -> list[Release]:
    """The versions of Go that the proxy has, https://go.dev/doc/toolchain#download."""
    found = re.findall(r"^v0\.0\.1-go(.+)\.linux-amd64$", "\n".join(listed(_MODULE, ask)), re.M)
    return [Release(_MODULE, version) for version in found]


def tools(release: Release, say: Say) -> Tools:
    """One of them, installed."""
    own = Go().tools(say)
    assert own is not None
    what = f"{_MODULE}@v0.0.1-go{release.version}.linux-amd64"
    folder = place("runtime", [what])
    ensure(folder, lambda new: _download(own.paths["go"], what, new), say)
    return tools_of(str(folder / what / "bin" / "go"))


def _download(go: str, what: str, folder: Path) -> None:
    environment = {"GOMODCACHE": str(folder), "GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local"}
    process([go, "mod", "download", what], what, folder, environment)
    shutil.rmtree(folder / "cache")
    # A module has no programs: who may run what is not kept.
    for programs in ("bin", "pkg/tool"):
        for file in (folder / what / programs).rglob("*"):
            file.chmod(0o755)
