"""Runs Python programs on request, each in a fork of a process that has their imports done.

    server.py CELL LATER PACKAGE...

Standard input and output speak the protocol of a toolchain's server. CELL is the file of
`samplegen.verify.cell`, which confines programs; LATER is a file with the names of modules
that programs import beside the packages, a line each, which may be missing; the packages are
those that they use, by the name they are installed by.

A program is to see just what it sees as `python FILE`. What has been imported depends on
the environment only by the variables that were read on import, so these are watched:

- a package that reads a variable which programs have other values of, such as a key, is
  imported for each set of values: the fork comes from a process that has them;
- where something else reads such a variable, the program starts in a new interpreter;
- modules of the standard library that do are imported anew.

What SDKs import only when they are used is imported, too, and hidden until a program
imports some of it.

Runs under the interpreter that has the packages, which need not be samplegen's own.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import io
import json
import os
import signal
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

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


def _import_all(names: Iterable[str]) -> None:
    for name in names:
        # One that fails is no module of its own: whatever made it will do so again.
        with suppress(Exception):
            importlib.import_module(name)


def _probe(tops: list[str], later: Sequence[str] = ()) -> _Imported:
    """What importing modules would do, found out in a fork.

    Args:
        tops: the modules that a package is imported by.
        later: others; where there are some, what is read is what they read.
    """
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        done: object = None
        try:
            done = _try_import(tops, later)
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


def _try_import(tops: list[str], later: Sequence[str]) -> object:
    before = set(sys.modules)
    _Watched.reads = {}
    os.environ.__class__ = _Watched
    _watch_certificates()
    for top in tops:
        importlib.import_module(top)
    if later:
        _Watched.reads = {}
        _import_all(later)
    new = [name for name in sys.modules if name not in before]
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        return None  # A fork has no threads: this package is left alone.
    needed = [name for name in new if name.partition(".")[0] not in tops]
    return tops, needed, {module: list(keys) for module, keys in _Watched.reads.items()}


class _Knowledge:
    """What is known of all packages.

    Args:
        later: the modules that programs import beside them.
    """

    def __init__(self, packages: list[str], later: Sequence[str] = ()) -> None:
        self._environment = dict(os.environ)
        self._packages = {package: _probe(_modules(package)) for package in packages}
        self._owned = {top for one in self._packages.values() for top in one.own}
        self._of_library: _Reads = {}
        self._of_taken: set[str | None] = set()
        self._of_package: dict[str, set[str | None]] = {package: set() for package in packages}
        for package, imported in self._packages.items():
            for module, keys in imported.reads.items():
                top = module.partition(".")[0]
                if top in imported.own:
                    self._of_package[package] |= keys
                elif _is_of_library(module):
                    self._of_library.setdefault(module, set()).update(keys)
                elif top not in self._owned:
                    self._of_taken |= keys
        probed = _probe(sorted(self._owned), later)
        self._later = [*later] if probed.own else []
        self._of_later = {key for keys in probed.reads.values() for key in keys}
        self._others: list[str] = []

    def take_over(self, environment: dict[str, str]) -> None:
        """Import what all programs can have, those with this environment among them."""
        names = dict.fromkeys(name for one in self._packages.values() for name in one.needed)
        _import_all(name for name in names if name.partition(".")[0] not in self._owned)
        of_others: set[str] = set()
        for package, keys in self._of_package.items():
            if self._changed(keys, environment):
                of_others.update(self._packages[package].own)
                # One that reads all of an environment is left to each program.
                if None not in keys:
                    self._others.append(package)
            else:
                self._of_taken |= keys
                _import_all(self._packages[package].own)
        if not self._changed(self._of_later, environment):
            self._of_taken |= self._of_later
            later = [one for one in self._later if one.partition(".")[0] not in of_others]
            sys.meta_path.insert(0, _Hidden(later))

    def values(self, environment: dict[str, str]) -> tuple[tuple[str, str | None], ...]:
        """What a program has for the variables that the other packages read."""
        keys = {str(key) for package in self._others for key in self._of_package[package]}
        return tuple((key, environment.get(key)) for key in sorted(keys))

    def import_others(self, values: Iterable[tuple[str, str | None]]) -> None:
        """Import the other packages, in the process of programs that have these values."""
        for key, value in values:
            os.environ.pop(key, None)
            if value is not None:
                os.environ[key] = value
        for package in self._others:
            _import_all(self._packages[package].own)

    def starts_anew(self, environment: dict[str, str]) -> bool:
        """Whether a program needs an interpreter of its own."""
        names = {*self._environment, *environment}
        of_the_start = [name for name in names if name.startswith(_OF_THE_START)]
        return self._changed([*of_the_start, *self._of_taken], environment)

    def stale(self, environment: dict[str, str]) -> list[str]:
        """Modules of the standard library that a program has to import anew."""
        every = self._of_library.items()
        return [module for module, keys in every if self._changed(keys, environment)]

    def _changed(self, keys: Iterable[str | None], environment: dict[str, str]) -> bool:
        """Whether an environment has other values than this process had at first."""
        mine = self._environment
        return any(key is None or mine.get(key) != environment.get(key) for key in keys)


# Modules that programs import later


class _Hidden(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules that have been imported, which nobody sees before one of them is imported again."""

    def __init__(self, names: Iterable[str]) -> None:
        before = {name: dict(vars(module)) for name, module in sys.modules.items()}
        _import_all(names)
        self._modules = {name: sys.modules.pop(name) for name in sys.modules.keys() - before}
        for name in self._modules:
            parent, _, child = name.rpartition(".")
            if parent in before:
                vars(sys.modules[parent]).pop(child, None)
                # A package may have something of that name that imports it when it is used.
                if child in before[parent]:
                    setattr(sys.modules[parent], child, before[parent][child])

    def find_spec(self, name: str, *_where: object) -> importlib.machinery.ModuleSpec | None:
        if name not in self._modules:
            return None
        sys.meta_path.remove(self)
        sys.modules.update(self._modules)
        for one, module in self._modules.items():
            parent, _, child = one.rpartition(".")
            if parent and parent not in self._modules:
                setattr(sys.modules[parent], child, module)
        self._spec = self._modules[name].__spec__
        return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return self._modules[spec.name]

    def exec_module(self, module: types.ModuleType) -> None:
        module.__spec__ = self._spec


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
    _end(_run_as_main(arguments))


def _run_as_main(arguments: list[str]) -> object:
    """Run a file as `python FILE` does, and give what its `sys.exit` was given."""
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
    except SystemExit as ending:
        return ending.code
    except BaseException as error:
        # Without the frame of this function.
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        return 1
    return 0


def _end(code: object) -> NoReturn:
    """End as an interpreter does (`Py_FinalizeEx`), but for giving all memory back.

    That is most of what a short program takes. Whatever says something when it goes, does:
    threads are waited for, functions of `atexit` run, and the program's own objects deleted.

    Args:
        code: what `sys.exit` was given.
    """
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    status = (code or 0) & 0xFF
    if threading := sys.modules.get("threading"):
        threading._shutdown()
    atexit._run_exitfuncs()
    if gc.isenabled():
        gc.collect()
    del sys.modules["__main__"]
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except OSError as error:
            status = 120  # Python's own, for output that cannot be written.
            with suppress(OSError):
                what = f"{type(error).__name__}: {error}"
                os.write(2, f"Exception ignored in: {stream!r}\n{what}\n".encode())
    os._exit(status)


# Processes: the server; one that forks programs, for each set of values that packages read;
# one that watches each program; and the programs.


def _serve(later: str, packages: list[str]) -> None:
    requests, answers = cell.own_pipes()
    names = []
    with suppress(FileNotFoundError), open(later) as listed:  # noqa: PTH123
        names = listed.read().split()
    knowledge = _Knowledge(packages, names)
    forks: dict[tuple[tuple[str, str | None], ...], int] = {}
    pids = []
    for line in cell.lines(requests):
        request = cell.request_in(line)
        if request is None:
            break
        environment = request.get("environment", {})
        if not forks:
            knowledge.take_over(environment)
            gc.freeze()
            # One that forks programs ends last of all: without it nobody would answer.
            signal.signal(signal.SIGCHLD, lambda *_: os._exit(1))
        values = knowledge.values(environment)
        if values not in forks:
            receiving, sending = os.pipe()
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for file in (requests, sending, *forks.values()):
                    os.close(file)
                knowledge.import_others(values)
                cell.serve(receiving, answers, lambda one: _run(one, knowledge))
            os.close(receiving)
            forks[values] = sending
            pids.append(pid)
        with io.FileIO(forks[values], "w", closefd=False) as pipe:
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
    _serve(sys.argv[2], sys.argv[3:])
