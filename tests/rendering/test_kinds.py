"""Every kind of call that is only data renders in every target, or is refused with a reason."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from conftest import Tell
from kinds import CONVERSATIONS, FIELDS, TALKS, covering

from samplegen import InputError, render
from samplegen.rendering.targets import targets

# What an SDK cannot send, by target; each stands in its room with version and source.
REFUSED = {
    "dashscope/java-sdk": "option top_k: the DashScope SDK for Java does not send fields that are "
    "null, as 'top_k' is (dashscope-sdk-java 2.22.13): use client 'http'",
    "dashscope/python-sdk": "top_k: the DashScope SDK for Python, 2.0.2, does not send null for "
    "it: leave it out, or use client 'http'",
}


def test_all_render_or_are_refused_for_a_reason_that_is_listed(tell: Tell) -> None:
    refused: dict[str, str] = {}
    for target, call in covering():
        try:
            sample = render(call, target.language, target.client)
        except InputError as error:
            refused[target.name] = str(error)
        else:
            assert sample.code
    assert refused == REFUSED
    tell(f"kinds of calls: {len(covering())} calls have each pair of values")


def test_each_pair_is_there() -> None:
    """Of what a call says; counted from the calls, not from what they were made of."""
    seen = set()
    for target, call in covering():
        said = call.as_json()
        messages = [message.as_json() for message in call.messages]
        [talk] = [name for name, one in CONVERSATIONS.items() if one == messages]
        row: dict[str, Any] = {"target": target.name, "talk": (call.model, talk)}
        row |= {
            name: max(n for n, one in enumerate(values) if one.items() <= said.items())
            for name, values in FIELDS.items()
            if name != "format"
        }
        seen |= {frozenset(pair) for pair in combinations(row.items(), 2)}
    values: dict[str, list[Any]] = {
        "target": [target.name for target in targets()],
        "talk": TALKS,
        **{name: [*range(len(one))] for name, one in FIELDS.items() if name != "format"},
    }
    for (one, ones), (other, others) in combinations(values.items(), 2):
        for a, b in product(ones, others):
            assert frozenset({(one, a), (other, b)}) in seen, (one, a, other, b)
