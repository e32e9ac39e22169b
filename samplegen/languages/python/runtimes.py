"""CPython in other versions: Maven Central has them in the jars of the JavaCPP Presets."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from samplegen.drift.registry import Ask, Release
from samplegen.languages.java.registry import releases as of_maven
from samplegen.model.catalog import Package
from samplegen.verify.toolchain._base import Say, Tools
from samplegen.verify.toolchain._cache import ensure, place
from samplegen.verify.toolchain._finding import find
from samplegen.verify.toolchain._packages import process

_PACKAGE = "org.bytedeco:cpython"
_PLATFORM = "linux-x86_64"


def releases(ask: Ask) -> list[Release]:
    """The versions of Python that Maven Central has; `3.10.2-1.5.7` is 3.10.2."""
    found = (one.version for one in of_maven(Package(_PACKAGE, ""), ask))
    return [Release(f"{_PACKAGE}:{one}", one.partition("-")[0]) for one in found]


def tools(release: Release, say: Say) -> Tools:
    """One of them, installed."""
    folder = place("runtime", [release.name])
    ensure(folder, lambda new: _unpack(release.name, new), say)
    return Tools({"python": str(folder / "bin" / "python3")}, {"python": release.version})


def _unpack(name: str, folder: Path) -> None:
    maven = find("mvn", "apt-get install maven")
    quiet = ["-q", "-B", "-Dstyle.color=never"]
    goal = ["dependency:copy", f"-Dartifact={name}:jar:{_PLATFORM}", f"-DoutputDirectory={folder}"]
    process([maven, *quiet, *goal], name, folder)
    [jar] = folder.glob("*.jar")
    within = re.compile(rf"org/bytedeco/cpython/{_PLATFORM}/(?P<path>.+[^/])")
    with zipfile.ZipFile(jar) as packed:
        for entry in packed.infolist():
            if named := within.fullmatch(entry.filename):
                entry.filename = named["path"]
                packed.extract(entry, folder)
    jar.unlink()
    for program in (folder / "bin").iterdir():
        program.chmod(0o755)  # A jar does not keep it.
