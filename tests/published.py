"""The samples in `out/`: which there are, and what their files are called."""

from __future__ import annotations

from conftest import ROOT

from samplegen import Call, InputError
from samplegen.examples import EXAMPLES, path_of
from samplegen.model.call_file import read_call
from samplegen.model.catalog import builtin
from samplegen.rendering.notes import locales
from samplegen.rendering.sample import Sample, chosen, render
from samplegen.rendering.targets import Target, targets

OUT = ROOT / "out"


def published() -> list[tuple[str, str, Target]]:
    return [
        (locale, region, target)
        for locale in locales()
        for region in builtin().published
        for target in targets()
    ]


def name(locale: str, region: str, target: Target) -> str:
    return f"{locale}/{target.protocol}/{region}/{target.filename}"


def examples() -> list[tuple[str, Target]]:
    """Each named example with each target, but the first call, which is what the others are."""
    return [(name, target) for name in EXAMPLES if name != "first-call" for target in targets()]


def example(name: str, target: Target) -> Sample | None:
    """The sample of an example; None where the target cannot show it."""
    file = path_of(name)
    assert file is not None
    data, _ = read_call(file)
    flow = EXAMPLES[name].flow
    call = Call.parse({**data, "protocol": target.protocol})  # type: ignore[dict-item]
    try:
        shown = chosen(flow if flow in target.flows else None, call, target)
        return render(call, target.language, target.client, flow=shown)
    except InputError:
        return None


def example_name(name: str, target: Target) -> str:
    return f"examples/{name}/{target.protocol}/{target.filename}"
