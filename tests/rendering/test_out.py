"""`out/` is what the snapshots guard: every published sample, under its real name.

`pytest tests/rendering/test_out.py --snapshot-update` publishes.
"""

from __future__ import annotations

import pytest
from published import OUT, example, example_name, examples, name, published
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from samplegen import Call, render
from samplegen.cli.output import path_of
from samplegen.model.catalog import builtin
from samplegen.rendering.notes import locales
from samplegen.rendering.targets import Target, targets


class Published(SingleFileSnapshotExtension):
    """Keeps a snapshot at `out/<its name>`, as the bytes that it is."""

    file_extension = ""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(OUT)

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        return str(OUT / str(index))

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return f"{test_location.methodname}[{index}]"

    @classmethod
    def matches_test_location(
        cls, *, test_location: PyTestLocation, snapshot_location: str
    ) -> bool:
        return True


@pytest.mark.parametrize(
    ("locale", "region", "target"),
    [pytest.param(*one, id=name(*one)) for one in published()],
)
def test_published(locale: str, region: str, target: Target, snapshot: SnapshotAssertion) -> None:
    call = Call(protocol=target.protocol, region=region)
    sample = render(call, target.language, target.client, locale=locale)
    assert path_of(sample).as_posix() == name(locale, region, target)
    assert sample.code.encode() == snapshot(
        extension_class=Published, name=name(locale, region, target)
    )


SHOWN = [one for one in examples() if example(*one)]


@pytest.mark.parametrize(
    ("which", "target"), [pytest.param(*one, id=example_name(*one)) for one in SHOWN]
)
def test_examples(which: str, target: Target, snapshot: SnapshotAssertion) -> None:
    sample = example(which, target)
    assert sample
    assert sample.code.encode() == snapshot(
        extension_class=Published, name=example_name(which, target)
    )


def test_each_target_has_a_file_and_each_file_a_target() -> None:
    there = {path.relative_to(OUT).as_posix() for path in OUT.glob("*/**/*") if path.is_file()}
    wanted = {name(*one) for one in published()} | {example_name(*one) for one in SHOWN}
    assert there == wanted


PROMISED = """
    openai: python-sdk java-sdk nodejs-sdk go-sdk
    openai: python-http java-http nodejs-http go-http csharp-http php-http curl-http
    dashscope: python-sdk java-sdk
    dashscope: python-http java-http nodejs-http go-http csharp-http php-http curl-http
"""


def test_the_matrix_is_what_the_docs_promise() -> None:
    there = {(it.protocol, f"{it.language}-{it.client}") for it in targets()}
    for line in PROMISED.split("\n")[1:-1]:
        protocol, names = line.split(":")
        assert {(protocol.strip(), name) for name in names.split()} <= there
    assert builtin().published == ["singapore", "beijing"]
    assert locales() == ("en", "ja", "zh")
    # Of 17 kinds of call in 20 targets, all but those that the README's table names.
    assert len(SHOWN) >= 290
