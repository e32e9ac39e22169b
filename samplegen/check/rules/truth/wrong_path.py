"""T103 wrong-path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.places import Url, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule
from samplegen.check.slips import path_slip
from samplegen.model.catalog import TEXT, Catalog
from samplegen.readback import Value

# Hosts at which the catalog's paths are served.
_SERVES = frozenset({"region", "workspace", "batch", "private"})


@rule("T103", "wrong-path")
def wrong_path(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A path that the protocol does not have, or that does not serve the model's family.

    Another path that the service has, or may have, is left alone.
    """
    call, catalog = sample.call, page.catalog
    if call.protocol is None or call.protocol not in catalog.protocols:
        return
    model = call.model.value if call.model and isinstance(call.model.value, str) else None
    family = catalog.family(model) if model else TEXT
    if model and call.model and family is not TEXT and call.protocol not in family.protocols:
        right = " and ".join(family.protocols)
        message = f"`{model}` answers only over the {right} protocol"
        # Some pages of a service say otherwise of newer models.
        yield Problem(call.model.start, call.model.end, message, strict=True)
        return
    if call.client == "sdk":
        if call.base_url is not None:
            yield from _base(sample, call.base_url, page)
    elif call.url is not None:
        yield from _whole(sample, call.url, model, page)


def _base(sample: SampleView, value: Value, page: PageView) -> Iterator[Problem]:
    """What is wrong with the base URL of an SDK."""
    catalog = page.catalog
    facts = catalog.protocol(str(sample.call.protocol))
    said = _said(value, catalog)
    if said is None:
        return
    path = _plain(said.path)
    right = facts.base_path
    if path in (right, *facts.aliases):
        return
    fact = catalog.endpoint_of(path)
    ends = tuple(
        base + end for base in (right, *facts.aliases) for end in ("", *facts.paths.values())
    )
    if fact is None:
        wrong = not path or path_slip(path, ends, catalog) is not None
    else:
        # The base of another protocol, or the whole URL of a request.
        wrong = fact.kind in ("base", "chat")
    if wrong:
        yield _problem(sample, value, said, right, "", safe=True)


def _whole(
    sample: SampleView, value: Value, model: str | None, page: PageView
) -> Iterator[Problem]:
    """What is wrong with the URL of a request."""
    catalog, protocol = page.catalog, str(sample.call.protocol)
    facts = catalog.protocol(protocol)
    said = _said(value, catalog)
    if said is None:
        return
    path = _plain(said.path)
    family = catalog.family(model) if model else TEXT
    # Where no family is known, each path of the protocol may be right.
    kinds = [family.kind] if family is not TEXT else ["text", "multimodal"]
    served = [facts.paths[kind] for kind in kinds if kind in facts.paths]
    right = [base + end for base in (facts.base_path, *facts.aliases) for end in served]
    if path in right or not right:
        return
    fact = catalog.endpoint_of(path)
    told = f" for `{model}`" if family is not TEXT else ""
    if fact is None:
        if not path:
            yield _problem(sample, value, said, right[0], told, safe=True)
        elif near := path_slip(path, right, catalog):
            yield _problem(sample, value, said, near, told, safe=len({*right}) == 1)
        elif path_slip(path, _of_others(protocol, catalog), catalog):
            yield _problem(sample, value, said, right[0], told, safe=False)
    elif fact.kind == "base":
        near = next((one for one in right if one.startswith(f"{path}/")), None)
        yield _problem(sample, value, said, near or right[0], told, safe=bool(near))
    elif fact.kind == "chat" and fact.protocol == protocol:
        # The body must have the form that the other path takes.
        yield _problem(sample, value, said, right[0], told, safe=_has_parts(sample))
    elif fact.kind == "chat" or (fact.kind == "completions" and sample.call.messages):
        yield _problem(sample, value, said, right[0], told, safe=False)


def _of_others(protocol: str, catalog: Catalog) -> list[str]:
    """The paths of the other protocols."""
    others = [facts for name, facts in catalog.protocols.items() if name != protocol]
    return [
        base + end
        for facts in others
        for base in (facts.base_path, *facts.aliases)
        for end in facts.paths.values()
    ]


def _has_parts(sample: SampleView) -> bool:
    """Whether all messages have parts, as models that see images take them."""
    contents = [one.content.value if one.content else None for one in sample.call.messages]
    return bool(contents) and all(isinstance(one, list) for one in contents)


def _said(value: Value, catalog: Catalog) -> Url | None:
    """The URL that a value is, where it is one of the service's."""
    if not isinstance(value.value, str) or not urls(value.value):
        return None
    said = urls(value.value)[0]
    is_open = re.search(r"[${}<>]", said.path)
    return None if is_open or catalog.host_kind(said.host) not in _SERVES else said


def _plain(path: str) -> str:
    return re.split("[?#]", path, maxsplit=1)[0].rstrip("/")


def _problem(
    sample: SampleView, value: Value, said: Url, right: str, told: str, *, safe: bool
) -> Problem:
    path = re.split("[?#]", said.path, maxsplit=1)[0]
    message = f"the path{told} is `{right}`, not `{path or '/'}`"
    at = sample.code.find(path or said.host, value.start, value.end)
    if at < 0:
        return Problem(value.start, value.end, message)
    if path:
        return Problem(at, at + len(path), message, Fix(at, at + len(path), right, safe))
    end = at + len(said.host)
    return Problem(value.start, value.end, message, Fix(end, end, right, safe))
