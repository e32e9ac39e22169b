"""What a toolchain is: found, installed once, and then building and running samples offline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from samplegen.errors import InputError
from samplegen.model.catalog import Catalog, Package

Say = Callable[[str], None]


class Missing(InputError):  # noqa: N818
    """A tool is not there. The message says which, and the line that installs it."""


class Status(NamedTuple):
    """Whether a language's tools are there; `advice` is the line that installs them, or empty."""

    language: str
    found: bool
    version: str
    advice: str


class Prepared(NamedTuple):
    """A toolchain that builds and runs samples without a network.

    `versions` are those of its tool and of its packages, by name; `tools` are the
    paths of programs by name; `folder` holds what was installed, where anything was.
    """

    language: str
    versions: dict[str, str]
    tools: dict[str, str]
    folder: Path

    @property
    def warm(self) -> Path:
        """A folder of what only makes programs start sooner; it may be missing."""
        return self.folder.with_name(f"{self.folder.name}-warm")


class Server(NamedTuple):
    """A process that lives long and does steps on request.

    It reads a JSON object a line: `id`, `arguments`, `environment` (all of it), `folder`
    to work in, `stdout` and `stderr` (existing files), `seconds` it may take, and `cell`,
    what to confine it to (`samplegen.verify.cell`), or null. It writes a line with `id` and
    `exit` for each, in any order: null where time ran out, negative for a signal; or with
    `fault`, a number and a name of an OSError, where there is no such cell; or with `bug`,
    a text, where whoever was to watch the program died. It ends when standard input closes,
    or where a line is nothing that it could answer. `environment` is on top of a scrubbed one.

    One that `forks` puts each program that it runs into its cell, and needs its own
    privileges to do so; any other is itself in a cell, with the folders of all samples.
    """

    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    forks: bool = False


class Step(NamedTuple):
    """A process: start it in the work folder, with this on top of a scrubbed environment.

    Where a `server` can do it, that comes to the same and costs less.
    """

    arguments: list[str]
    environment: dict[str, str]
    server: Server | None = None


class Build(NamedTuple):
    """How a source becomes a program.

    `compile` turns it into `product`: files or folders that alone decide what the
    program does, so that two sources with the same bytes there are the same program.
    `link` makes that runnable. An interpreted language has none of them.
    """

    compile: list[Step]
    product: list[Path]
    link: list[Step]


class Tools(NamedTuple):
    """Programs and versions by name; the first version is the one that people speak of."""

    paths: dict[str, str]
    versions: dict[str, str]


class Toolchain:
    """A language's tools, how its packages are installed, and how its programs run."""

    id: ClassVar[str]
    installs: ClassVar[bool] = True
    """Whether `install` puts anything into the cache."""
    warms: ClassVar[bool] = False
    """Whether `warm` does."""
    reads_answers: ClassVar[bool] = True
    """Whether programs read what the service sends; others show it as it comes."""

    def bound(self) -> str:
        """What else the installed files are good for only together with."""
        return ""

    def tools(self, say: Say | None) -> Tools | None:
        """The programs; without `say` nothing is fetched, and None is for what could be."""
        raise NotImplementedError

    def install(self, tools: Tools, packages: Sequence[Package], folder: Path) -> None:
        """Fill an empty folder, which is moved afterwards."""
        raise NotImplementedError

    def warm(self, prepared: Prepared, catalog: Catalog, folder: Path) -> None:
        """Fill an empty folder with what makes programs start sooner.

        What was installed is in its place by now, for what is bound to paths. This
        may fail at any point: programs run without it.
        """

    def names_given(self, code: str, *, imported: bool = True) -> set[str]:
        """The names that a piece of a program gives to what pieces after it may use.

        Args:
            imported: whether those of what it imports are among them.
        """
        return set()

    def names_used(self, code: str) -> set[str]:
        """The names that a piece of a program uses, and does not give itself."""
        return set()

    def idle(self, code: str) -> bool:
        """Whether code only defines what others would call, or is but an excerpt of a file."""
        return False

    def missing(self, prepared: Prepared, code: str) -> list[str]:
        """The packages that a program names and that are not installed here."""
        return []

    def bundles(self, prepared: Prepared) -> list[Path]:
        """Files of certificates that packages bring along, and trust whatever else is said."""
        return []

    def sees(self, prepared: Prepared) -> list[Path]:
        """What programs need of this machine beside its system and `folder`.

        These are read-only for them; nobody keeps anything else there.
        """
        return []

    def build(self, prepared: Prepared, source: Path, work: Path) -> Build:
        """The steps that compile the file `source`, which is in `work`.

        What they need beside the file is put into `work`.
        """
        return Build([], [], [])

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        """The step that runs what `build` made of `source`."""
        raise NotImplementedError

    def trust(self, prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
        """What this language needs beside the usual variables to trust an authority."""
        return {}
