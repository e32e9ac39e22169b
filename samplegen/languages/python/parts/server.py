"""Runs Python programs on request, each in a fork of a process that has their imports done.

    server.py CELL PACKAGE...

Standard input and output speak the protocol of a toolchain's server. CELL is the file of
`samplegen.verify.cell`, which confines programs; the packages are those that they use, by the
name they are installed by.

A program is to see just what it sees as `python FILE`. What has been imported depends on
the environment only by the variables that were read on import, so these are watched:

- a package that itself reads a variable which the program has another value of is not
  taken over: the fork comes from a process where only what it imports is imported;
- where something that it imports does, the program starts in a new interpreter;
- modules of the standard library that do are imported anew.

Runs under the interpreter that has the packages, which need not be samplegen's own.
"""

from __future__ import annotations

import gc
import importlib
import importlib.machinery
import importlib.metadata
import importlib.util
import io
import json
import os
import signal
import sys
import types
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

# Variables that the interpreter itself reads when it starts.
_OF_THE_START = ("PYTHON", "LC_", "LANG", "MALLOC", "LD_", "GLIBC_")

# Modules of the functions that give a variable to whoever wants it.
_ACCESS = ("os", "_collections_abc", "collections.abc", "posixpath")

_Reads = dict[str, set[str | None]]
"""Variables that were read on import, by module; None is for all of them."""


# Which imports depend on which variables


class _Imported(NamedTuple):
    """What came of importing a package: the modules it has, those it needs, and their reads."""

    own: list[str]
    needed: list[str]
    reads: _Reads


class _Watched(os._Environ):  # type: ignore[type-arg]
    """An environment that knows which module reads which of its variables."""

    reads: _Reads

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[Any]:
        self._note(None)
        return super().__iter__()

    def _note(self, key: str | None) -> None:
        frames = []
        frame: types.FrameType | None = sys._getframe(2)
        while frame:
            frames.append((frame.f_globals.get("__name__", ""), frame.f_code.co_name))
            frame = frame.f_back
        asking = next(name for name, _ in frames if name not in _ACCESS)
        importing = next((name for name, code in frames if code == "<module>"), asking)
        # A function of the library serves the module that calls it on import. Where that
        # is of the library too, it is the function's module that may keep the value.
        reader = asking if _is_of_library(importing) else importing
        self.reads.setdefault(reader, set()).add(key)


def _watch_certificates() -> None:
    """Note who asks OpenSSL for the usual certificates: it reads variables itself."""
    import ssl

    ask = ssl.SSLContext.set_default_verify_paths

    def noted(context: ssl.SSLContext) -> None:
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            os.environ.get(name)
        ask(context)

    ssl.SSLContext.set_default_verify_paths = noted  # type: ignore


def _is_of_library(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _modules(package: str) -> list[str]:
    """The names that a package is imported by."""
    files = importlib.metadata.files(package) or []
    tops = {file.parts[0] for file in files if file.suffix == ".py" and len(file.parts) <= 2}
    names = (top.removesuffix(".py") for top in tops)
    return sorted(name for name in names if name.isidentifier())


def _probe(package: str) -> _Imported:
    """What importing a package would do, found out in a fork."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        done: object = None
        try:
            done = _try_import(package)
        finally:
            with open(sending, "w") as pipe:  # noqa: PTH123
                json.dump(done, pipe)
            os._exit(0)
    os.close(sending)
    with open(receiving) as pipe:  # noqa: PTH123
        found: tuple[list[str], list[str], dict[str, list[str | None]]] | None = json.load(pipe)
    os.waitpid(child, 0)
    if found is None:
        return _Imported([], [], {})
    own, needed, reads = found
    return _Imported(own, needed, {module: set(keys) for module, keys in reads.items()})


def _try_import(package: str) -> object:
    before = set(sys.modules)
    _Watched.reads = {}
    os.environ.__class__ = _Watched
    _watch_certificates()
    tops = _modules(package)
    for top in tops:
        importlib.import_module(top)
    new = [name for name in sys.modules if name not in before]
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        return None  # A fork has no threads: this package is left alone.
    needed = [name for name in new if name.partition(".")[0] not in tops]
    return tops, needed, {module: list(keys) for module, keys in _Watched.reads.items()}


def _changed(keys: Iterable[str | None], environment: dict[str, str]) -> bool:
    """Whether a program's environment has other values than this process."""
    return any(key is None or os.environ.get(key) != environment.get(key) for key in keys)


class _Knowledge:
    """What is known of all packages."""

    def __init__(self, packages: list[str]) -> None:
        self.packages = {package: _probe(package) for package in packages}
        owned = {top for one in self.packages.values() for top in one.own}
        self.of_library: _Reads = {}
        self.of_needed: set[str | None] = set()
        self.of_package: dict[str, set[str | None]] = {package: set() for package in packages}
        for package, imported in self.packages.items():
            for module, keys in imported.reads.items():
                top = module.partition(".")[0]
                if top in imported.own:
                    self.of_package[package] |= keys
                elif _is_of_library(module):
                    self.of_library.setdefault(module, set()).update(keys)
                elif top not in owned:
                    self.of_needed |= keys

    def import_needed(self) -> None:
        """Import what the packages import, but for packages themselves."""
        owned = {top for one in self.packages.values() for top in one.own}
        names = [name for one in self.packages.values() for name in one.needed]
        for name in dict.fromkeys(names):
            if name.partition(".")[0] not in owned:
                try:
                    importlib.import_module(name)
                except Exception:
                    continue  # Not a module of its own: whatever made it will do so again.

    def unchanged(self, environment: dict[str, str]) -> tuple[str, ...]:
        """The packages that a program with this environment can take over."""
        every = self.of_package.items()
        return tuple(package for package, keys in every if not _changed(keys, environment))

    def starts_anew(self, environment: dict[str, str]) -> bool:
        """Whether a program needs an interpreter of its own."""
        names = {*os.environ, *environment}
        of_the_start = [name for name in names if name.startswith(_OF_THE_START)]
        return _changed([*of_the_start, *self.of_needed], environment)

    def stale(self, environment: dict[str, str]) -> list[str]:
        """Modules of the standard library that a program has to import anew."""
        every = self.of_library.items()
        return [module for module, keys in every if _changed(keys, environment)]


# Running a program


def _run(request: dict[str, Any], knowledge: _Knowledge) -> None:
    """Become the program of a request; this process is a fork that has done nothing else."""
    environment = request["environment"]
    arguments = request["arguments"]
    os.chdir(request["folder"])
    if knowledge.starts_anew(environment):
        os.execve(arguments[0], arguments, environment)
    for name in knowledge.stale(environment):
        sys.modules.pop(name, None)
    for name in [*os.environ]:
        if name not in environment:
            del os.environ[name]
    os.environ.update(environment)
    _run_as_main(arguments)


def _run_as_main(arguments: list[str]) -> None:
    """Run a file as `python FILE` does; returns where that would end with the interpreter."""
    path = arguments[1]
    sys.orig_argv[:] = arguments
    sys.argv[:] = arguments[1:]
    sys.path[0] = os.path.dirname(os.path.realpath(path))  # noqa: PTH120
    main = types.ModuleType("__main__")
    loader = importlib.machinery.SourceFileLoader("__main__", path)
    vars(main).update(__file__=path, __cached__=None, __loader__=loader, __annotations__={})
    vars(main)["__builtins__"] = sys.modules["builtins"]
    sys.modules["__main__"] = main
    importlib.invalidate_caches()
    try:
        with io.open_code(path) as file:
            source = file.read()
        exec(compile(source, path, "exec", dont_inherit=True), vars(main))
    except (Exception, KeyboardInterrupt) as error:
        # Without the frame of this function.
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        sys.exit(1)


# Processes: the server, one that has packages imported for each set of them that is asked for,
# one that watches each program, and the programs.


class _Program(BaseException):
    """Leaves all that a fork has inherited, so that it ends as an interpreter does."""


def _serve_forks(requests: int, packages: Iterable[str], knowledge: _Knowledge, to: int) -> None:
    """Import some packages, and then run what is asked for until there are no more requests."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for package in packages:
        for top in knowledge.packages[package].own:
            importlib.import_module(top)
    cell.serve(requests, to, lambda request: _run(request, knowledge))
    raise _Program


def _serve(packages: list[str]) -> None:
    requests, answers = cell.own_pipes()
    knowledge = _Knowledge(packages)
    knowledge.import_needed()
    gc.freeze()
    forks: dict[tuple[str, ...], int] = {}
    pids = []
    # A process that has packages imported ends last of all: without it nobody would answer.
    signal.signal(signal.SIGCHLD, lambda *_: os._exit(1))
    for line in cell.lines(requests):
        request = cell.request_in(line)
        if request is None:
            break
        unchanged = knowledge.unchanged(request.get("environment", {}))
        if unchanged not in forks:
            receiving, sending = os.pipe()
            pid = os.fork()
            if pid == 0:
                for file in (requests, sending, *forks.values()):
                    os.close(file)
                _serve_forks(receiving, unchanged, knowledge, answers)
            os.close(receiving)
            forks[unchanged] = sending
            pids.append(pid)
        with io.FileIO(forks[unchanged], "w", closefd=False) as pipe:
            pipe.write(line + b"\n")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for sending in forks.values():
        os.close(sending)
    for pid in pids:
        os.waitpid(pid, 0)


def _load(path: str) -> types.ModuleType:
    """A module that no program finds among those that are imported."""
    spec = importlib.util.spec_from_file_location("cell", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    from samplegen.verify import cell
elif __name__ == "__main__":
    cell = _load(sys.argv[1])

if __name__ == "__main__":
    # A program that is done comes here: its interpreter ends as one that ran nothing else.
    with suppress(_Program):
        _serve(sys.argv[2:])
