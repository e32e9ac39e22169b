"""The layout: a room for each language and protocol, no circle of imports, a light render path."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from samplegen.languages import language_ids
from samplegen.protocols import protocol_ids
from samplegen.rendering.targets import targets

PACKAGE = ROOT / "samplegen"
LANGUAGES = frozenset(language_ids())
PROTOCOLS = frozenset(protocol_ids())

# The only tables of ids: the order in which the docs show them.
ORDERS = {"languages/__init__.py", "protocols/__init__.py"}


def modules() -> dict[str, Path]:
    """Each module of the package by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        # What runs beside a sample is no module of the package.
        if "parts" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# Ids stand in rooms.


def foreign(path: str) -> frozenset[str]:
    """The ids that a file may not ask for."""
    room, *rest = path.split("/")
    if room == "languages" and len(rest) > 1:
        # A reader knows the SDKs of its language, whatever they speak.
        return LANGUAGES - {rest[0]}
    if room == "protocols" and rest[0].removesuffix(".py") in PROTOCOLS:
        return LANGUAGES | PROTOCOLS - {rest[0].removesuffix(".py")}
    return LANGUAGES | PROTOCOLS


def told_apart(found: ast.AST, ids: frozenset[str]) -> Iterator[int]:
    """The lines of comparisons with ids, of tables by id, and of lists of ids."""
    for node in ast.walk(found):
        compared: list[ast.expr | None] = []
        match node:
            case ast.Compare(left=left, comparators=right):
                for one in (left, *right):
                    compared += getattr(one, "elts", None) or [one]
            case ast.Dict(keys=keys):
                compared += keys
            case ast.MatchValue(value=value):
                compared.append(value)
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                if len(elts) > 1 and all(is_id(one, ids) for one in elts):
                    compared += elts
        if any(is_id(one, ids) for one in compared):
            yield node.lineno  # type: ignore[attr-defined]


def is_id(node: ast.expr | None, ids: frozenset[str]) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids


def without_order(found: ast.Module) -> ast.Module:
    body = [
        one
        for one in found.body
        if not (isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "ORDER")
    ]
    return ast.Module(body, [])


PATHS = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", PATHS)
def test_a_language_and_a_protocol_are_told_apart_in_their_rooms_only(path: str) -> None:
    found = tree(PACKAGE / path)
    if path in ORDERS:
        found = without_order(found)
    lines = sorted({*told_apart(found, foreign(path))})
    assert lines == [], f"{path}: lines {lines}"


@pytest.mark.parametrize(
    "code",
    [
        'x == "go"',
        '"java" != x',
        'x in ("curl",)',
        'x not in {"curl", y}',
        'T = {"php": 1}',
        'T = {**a, "openai": 1}',
        'T = ("openai", "dashscope")',
        'def f(x):\n    return 1 if x == "dashscope" else 2',
        'match x:\n    case "csharp":\n        pass',
        'T = {y: 1 for y in ["python", "java"]}',
    ],
)
def test_what_tells_ids_apart_is_found(code: str) -> None:
    assert list(told_apart(ast.parse(code), LANGUAGES | PROTOCOLS))


@pytest.mark.parametrize("code", ['f("go")', 'x = "java"', 'x == "gopher"', 'T = {"a": "go"}'])
def test_a_mere_word_is_not(code: str) -> None:
    assert not list(told_apart(ast.parse(code), LANGUAGES | PROTOCOLS))


# Imports point down.


def imported(name: str) -> set[str]:
    """The modules of the package that a module imports when it is imported."""
    return {one for one in _imported(tree(MODULES[name]).body) if one != name}


def _imported(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name in MODULES)
            case ast.ImportFrom(module=str(source), names=names, level=0) if source in MODULES:
                for one in names:
                    inner = f"{source}.{one.name}"
                    yield inner if inner in MODULES else source
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=others):
                yield from _imported(others)
            case ast.If() | ast.Try() | ast.With() | ast.ClassDef():
                for field in ("body", "orelse", "handlers", "finalbody"):
                    for one in getattr(node, field, []):
                        inside = one.body if isinstance(one, ast.ExceptHandler) else [one]
                        yield from _imported(inside)


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Names that lead back to the first of them, or nothing."""
    done: set[str] = set()

    def below(name: str, above: list[str]) -> list[str]:
        if name in above:
            return [*above[above.index(name) :], name]
        if name in done:
            return []
        for one in sorted(graph[name]):
            if found := below(one, [*above, name]):
                return found
        done.add(name)
        return []

    return next((found for name in graph if (found := below(name, []))), [])


def test_imports_go_in_no_circle() -> None:
    graph = {name: imported(name) for name in MODULES}
    assert graph["samplegen.check.rule"] >= {"samplegen.check.problem", "samplegen.readback"}
    assert circle(graph) == []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


# Rendering is light.


def test_rendering_imports_nothing_of_a_room_but_literals() -> None:
    seen: set[str] = set()
    waiting = ["samplegen.rendering.sample"]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += imported(name)
    parts = [one.split(".") for one in seen if one.startswith("samplegen.languages.")]
    assert {one[-1] for one in parts if len(one) > 3} <= {"literals"}
    assert not {one for one in seen if one.startswith(("samplegen.check", "samplegen.pages"))}


RENDERS = """
import sys
from samplegen.model.call import Call
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets
for one in targets():
    render(Call(protocol=one.protocol), one.language, one.client)
print(*(name for name in sys.modules if name.startswith("samplegen.languages.")))
"""


def test_rendering_in_every_language_loads_what_is_light() -> None:
    command = [sys.executable, "-c", RENDERS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    loaded = {tuple(one.split(".")[2:]) for one in done.stdout.split() if one.count(".") > 2}
    assert {(id, "literals") for id in LANGUAGES} <= loaded
    # Beside them, what a target's templates want: `openai_sdk`, and what writes its code.
    assert not {name for _, name in loaded} & {"reader", "toolchain", "page", "checks"}


def test_rendering_one_target_loads_no_other_room() -> None:
    program = RENDERS.replace("for one in targets():", "for one in [targets()[0]]:")
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    loaded = [one.split(".")[2] for one in done.stdout.split() if one.count(".") > 2]
    assert set(loaded) == {targets()[0].language}
