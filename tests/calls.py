"""Hypothesis strategies for calls: all that a `Call` can say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from samplegen.model.call import Call
from samplegen.model.catalog import Family, builtin

# What the service refuses is for tests of that: here any call may be sent.
FREE = replace(
    builtin(),
    parameters={},
    families=[
        Family(f.name, f.patterns, f.kind, f.models, f.protocols, options=f.options)
        for f in builtin().families
    ],
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
# A word that can be a tool's name, and a parameter's.
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,15}", fullmatch=True)
urls = st.sampled_from(["https://example.com/a.png", "data:image/png;base64,AAAA"])

parts = st.one_of(
    st.builds(lambda t: {"type": "text", "text": t}, texts),
    st.builds(lambda u: {"type": "image_url", "image_url": {"url": u}}, urls),
    st.builds(lambda u: {"type": "video_url", "video_url": {"url": u}, "fps": 2}, urls),
    st.builds(lambda us: {"type": "video", "video": us}, st.lists(urls, min_size=4, max_size=6)),
    st.builds(lambda u: {"type": "input_audio", "input_audio": {"data": u, "format": "wav"}}, urls),
)
contents = texts | st.lists(parts, min_size=1, max_size=3)


def _asked(number: int, name: str, arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"id": f"call_{number}", "type": "function", "function": function}


@st.composite
def round_trips(draw: st.DrawFn) -> list[dict[str, Any]]:
    """An assistant that calls tools, and what they answer."""
    names = draw(st.lists(words, min_size=1, max_size=2))
    calls = [_asked(n, name, draw(st.just("{}") | texts)) for n, name in enumerate(names)]
    answers = [{"role": "tool", "tool_call_id": one["id"], "content": draw(texts)} for one in calls]
    content = draw(st.none() | texts)
    return [{"role": "assistant", "content": content, "tool_calls": calls}, *answers]


@st.composite
def conversations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Messages of all roles."""
    messages: list[dict[str, Any]] = []
    if draw(st.booleans()):
        messages.append({"role": "system", "content": draw(texts)})
    messages.append({"role": "user", "content": draw(contents)})
    if draw(st.booleans()):
        messages += draw(round_trips())
    elif draw(st.booleans()):
        messages.append({"role": "assistant", "content": draw(texts)})
        messages.append({"role": "user", "content": draw(contents)})
    return messages


tools = st.lists(
    st.builds(
        lambda name, about, schema: {
            "type": "function",
            "function": {"name": name, "description": about, "parameters": schema},
        },
        words.filter(lambda name: name != "search"),
        texts,
        st.just({"type": "object", "properties": {}}) | st.dictionaries(texts, values, max_size=3),
    ),
    min_size=1,
    max_size=2,
)

parameters = st.fixed_dictionaries(
    {},
    optional={
        "temperature": numbers,
        "top_p": numbers,
        "top_k": st.none() | st.integers(),
        "max_tokens": st.integers(),
        "seed": st.integers(),
        "stop": texts | st.lists(texts),
        "n": st.integers(),
        "response_format": st.sampled_from([{"type": "text"}, {"type": "json_object"}])
        | st.builds(
            lambda name, schema: {
                "type": "json_schema",
                "json_schema": {"name": name, "strict": True, "schema": schema},
            },
            words,
            st.dictionaries(texts, values, max_size=3),
        ),
        "enable_thinking": st.booleans(),
        "thinking_budget": st.integers(),
        "reasoning_effort": words,
        "enable_search": st.booleans(),
        "search_options": st.dictionaries(words, values, max_size=3),
        "stream": st.booleans(),
        "stream_options": st.just({"include_usage": True}),
        "tools": tools
        | tools.map(lambda several: [{**one, "returns": {"n": 1}} for one in several]),
        "tool_choice": st.sampled_from(["auto", "none"])
        | words.map(lambda name: {"type": "function", "function": {"name": name}}),
        "parallel_tool_calls": st.booleans(),
    },
)
further = st.dictionaries(words.map(lambda word: f"x_{word}"), values, max_size=2)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Any call that a `Call` can be, of a region and model that its protocol serves."""
    catalog = builtin()
    protocol = draw(st.sampled_from(["openai", "dashscope"]))
    models = [m for m in catalog.models if protocol in catalog.family(m).protocols]
    data: dict[str, Any] = {
        "protocol": protocol,
        "model": draw(st.sampled_from(models)),
        "messages": draw(conversations()),
        **draw(parameters),
        **draw(further),
    }
    place = draw(st.sampled_from(["shared", "host", "header", "key"]))
    names = [name for name, region in catalog.regions.items() if region.host]
    if place == "host":
        names = [name for name, region in catalog.regions.items() if region.workspace_host]
    data["region"] = draw(st.sampled_from(names))
    if place in ("host", "header"):
        data["workspace"] = draw(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True))
    if place != "shared" and (place != "host" or draw(st.booleans())):
        data["workspace_by"] = place
    if draw(st.booleans()):
        data["then"] = draw(texts)
    return Call.parse(data, catalog)
