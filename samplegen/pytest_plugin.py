"""`pytest --samplegen docs/`: each published sample in pages and files is a test item.

So pytest's own options work with samples: `-k`, `--junitxml`, and with pytest-xdist
`-n`. An item is named after its line and its language.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from samplegen.verify.subject import Result, Subject
    from samplegen.verify.toolchain import Prepared
    from samplegen.verify.verification import Worker


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("samplegen", "published samples of model calls")
    group.addoption(
        "--samplegen",
        action="store_true",
        help="Run the samples in pages and files, sealed, against a mock of the service.",
    )
    group.addoption(
        "--samplegen-call",
        metavar="FILE",
        help="The call that the samples make, as JSON or TOML; without it any call will do.",
    )
    group.addoption(
        "--samplegen-catalog",
        metavar="FILE",
        help="The facts about another OpenAI-compatible service, as TOML.",
    )
    group.addoption(
        "--samplegen-unsealed",
        action="store_true",
        help="Where nothing can be sealed: run the samples all the same, with all your rights.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the call and the catalog, so that what is wrong with them is said first."""
    if config.getoption("samplegen"):
        _bench(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a page or a sample's file."""
    config = parent.config
    if not config.getoption("samplegen") or _is_test(file_path, config):
        return None
    from samplegen.pages import readable

    if not readable(file_path):
        return None
    page: PageFile = PageFile.from_parent(parent, path=file_path)
    return page


def _is_test(file: Path, config: pytest.Config) -> bool:
    """Whether a file is one of pytest's own."""
    return file.name == "conftest.py" or any(map(file.match, config.getini("python_files")))


class PageFile(pytest.File):
    """A page, or a file that is one sample."""

    def collect(self) -> Iterable[pytest.Item]:
        """The samples in it."""
        from samplegen.errors import InputError
        from samplegen.verify.published import subjects_in

        bench = _bench(self.config)
        try:
            for subject in subjects_in(self.path, bench.requests, bench.catalog):
                name = f"{subject.line}-{subject.sample.language}"
                yield SampleItem.from_parent(self, name=name, subject=subject)
        except InputError as error:
            raise self.CollectError(str(error)) from None


class SampleItem(pytest.Item):
    """A published sample."""

    def __init__(self, *, subject: Subject, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject = subject

    def runtest(self) -> None:
        """Run it in every situation."""
        result = _bench(self.config).run(self.subject)
        if result.passed is None:
            pytest.skip(result.reason)
        if result.failures:
            raise SampleError(result.failures)
        self.add_report_section("call", "isolation", result.isolation)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """What is wrong with the sample, without a traceback through samplegen."""
        from samplegen.errors import InputError

        if isinstance(excinfo.value, SampleError | InputError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, (self.subject.line or 1) - 1, self.name


class SampleError(Exception):
    """A sample failed; a line for each thing that is wrong with it."""

    def __init__(self, failures: list[str]) -> None:
        super().__init__("\n".join(failures))


_BENCH = pytest.StashKey["_Bench"]()


def _bench(config: pytest.Config) -> _Bench:
    if _BENCH not in config.stash:
        config.stash[_BENCH] = _Bench(config)
    return config.stash[_BENCH]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process that runs the samples."""
    if _BENCH in config.stash:
        config.stash[_BENCH].end.close()


class _Bench:
    """What all samples of a session share."""

    def __init__(self, config: pytest.Config) -> None:
        from samplegen.cli.common import load_catalog
        from samplegen.cli.selection import given_calls
        from samplegen.errors import InputError
        from samplegen.protocols.request import Request

        files = {
            name: Path(value) if (value := config.getoption(f"samplegen_{name}")) else None
            for name in ("call", "catalog")
        }
        try:
            self.catalog = load_catalog(files["catalog"])
            calls = given_calls(
                protocol=None,
                region=None,
                model=None,
                messages=(),
                settings=(),
                call_file=files["call"],
                catalog_file=files["catalog"],
            )
            self.requests = [Request.of(call, "", self.catalog) for call in calls]
        except InputError as error:
            raise pytest.UsageError(str(error)) from None
        self.end = ExitStack()
        self._unsealed = config.getoption("samplegen_unsealed")
        self._prepared: dict[str, Prepared] = {}
        self._worker: Worker | None = None

    def run(self, subject: Subject) -> Result:
        """Run one sample; skips it where its toolchain is missing, but not in CI."""
        from samplegen.verify.toolchain import Missing
        from samplegen.verify.verification import prepare
        from samplegen.verify.worker import Job

        if subject.part:
            pytest.skip(subject.left)
        language = subject.sample.language
        try:
            if language not in self._prepared:
                self._prepared |= prepare([language], self.catalog)
        except Missing as missing:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(str(missing))
        worker = self._started(subject)
        worker.send(Job(0, subject, self._prepared[language]))
        return worker.receive()[1]

    def _started(self, subject: Subject) -> Worker:
        from samplegen.verify.hosts import every_origin
        from samplegen.verify.verification import Worker, isolation

        if self._worker is None:
            how = isolation([subject], self._unsealed)
            origins = every_origin([subject], self.catalog)
            worker = Worker(self.catalog, origins, jobs=1, isolation=how)
            self._worker = self.end.enter_context(worker)
        return self._worker
