"""The Go module proxy, or the one that Go is told to use."""

from __future__ import annotations

import os
import re

from packaging.version import Version

from samplegen.drift.registry import Ask, Release
from samplegen.model.catalog import Package

_PROXY = "https://proxy.golang.org"


def releases(package: Package, ask: Ask) -> list[Release]:
    """The versions of a module, of its major version and of those after it.

    A major version from 2 on is a module of its own: `github.com/openai/openai-go/v3`.
    """
    named = re.fullmatch(r"(.+)/v(\d+)", package.name)
    path, major = (named[1], int(named[2])) if named else (package.name, 1)
    found: list[Release] = []
    while True:
        name = f"{path}/v{major}" if major > 1 else path
        here = _of_module(name, ask)
        if not here:
            return found
        found += here
        major += 1


def listed(name: str, ask: Ask) -> list[str]:
    """The versions of a module, with their `v`."""
    lines = (ask(f"{_place(name)}/list", "*/*") or b"").decode().splitlines()
    if not all(re.fullmatch(r"v\d\S*", line) for line in lines):
        raise ValueError("a line is no version")
    return lines


def _place(name: str) -> str:
    """Where the proxy has a module's versions."""
    proxy = os.environ.get("GOPROXY", _PROXY).split(",")[0].split("|")[0]
    if proxy in ("direct", "off", ""):
        proxy = _PROXY
    # Capital letters are written with a mark, for file systems that have none.
    escaped = re.sub("[A-Z]", lambda it: "!" + it[0].lower(), name)
    return f"{proxy.rstrip('/')}/{escaped}/@v"


def _of_module(name: str, ask: Ask) -> list[Release]:
    versions = [line.removeprefix("v") for line in listed(name, ask)]
    if not versions:
        return []
    # What its makers took back stands in the newest version's go.mod.
    newest = max(versions, key=lambda one: _order(one) or Version("0"))
    module = ask(f"{_place(name)}/v{newest}.mod", "*/*") or b""
    spans = _retracted(module.decode())
    return [Release(name, one, _is_within(one, spans)) for one in versions]


def _retracted(module: str) -> list[tuple[str, str]]:
    """The spans of `retract v1.2`, `retract [v1.0, v1.1]` and of `retract ( … )`."""
    spans = []
    for block in re.findall(r"^retract\s+(\([^)]*\)|[^\n]*)", module, re.MULTILINE):
        for line in block.strip("()").splitlines():
            versions = re.findall(r"v(\d[\w.+-]*)", line.partition("//")[0])
            if versions:
                spans.append((versions[0], versions[-1]))
    return spans


def _is_within(version: str, spans: list[tuple[str, str]]) -> bool:
    order = _order(version)
    for first, last in spans:
        low, high = _order(first), _order(last)
        if order and low and high and low <= order <= high:
            return True
    return False


def _order(version: str) -> Version | None:
    return Release("", version).order
