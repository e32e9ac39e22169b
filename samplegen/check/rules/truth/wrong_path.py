"""T103 wrong-path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samplegen.check.places import region_of, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.readback import Value


@rule("T103", "wrong-path")
def wrong_path(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A path that the protocol does not have, or that does not serve the model's family."""
    call, catalog = sample.call, page.catalog
    if call.protocol is None or call.protocol not in catalog.protocols:
        return
    paths = catalog.protocols[call.protocol]
    model = call.model.value if call.model and isinstance(call.model.value, str) else None
    family = catalog.family(model or catalog.defaults.model)
    if model and call.model and call.protocol not in family.protocols:
        right = " and ".join(family.protocols)
        message = f"`{model}` answers only over the {right} protocol"
        yield Problem(call.model.start, call.model.end, message)
        return
    if call.url is not None:
        # Where no model is known, each path of the protocol may be right.
        kinds = (
            [family.kind] if model else sorted(paths.paths, key=lambda kind: kind != family.kind)
        )
        wanted = [paths.base_path + paths.paths[kind] for kind in kinds]
        yield from _path(sample, call.url, wanted, model, page)
    if call.base_url is not None:
        yield from _path(sample, call.base_url, [paths.base_path], None, page)


def _path(
    sample: SampleView, value: Value, wanted: Sequence[str], model: str | None, page: PageView
) -> Iterator[Problem]:
    if not isinstance(value.value, str):
        return
    found = urls(value.value)
    if not found:
        return
    said = found[0]
    if region_of(said.host, page.catalog) is None or "$" in said.path:
        return
    path = said.path.partition("?")[0].rstrip("/")
    if path in wanted:
        return
    at = sample.code.find(said.path, value.start, value.end) if said.path else -1
    start, end = (value.start, value.end) if at < 0 else (at, at + len(said.path))
    served = f" for `{model}`" if model else ""
    message = f"the path{served} is `{wanted[0]}`, not `{said.path}`"
    yield Problem(start, end, message, None if at < 0 else Fix(start, end, wanted[0]))
