"""A whole sample rendered anew, where all that it does is known and stays.

The replacement sends the same request to the same host, in the same kind of program. What a
sample says beside its call, such as a time-out, a header, a loop or a function of its own, are
words that no rendered sample has: then there is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache

from samplegen.check.language import checks_of
from samplegen.check.meaning import intended, meant
from samplegen.check.places import urls
from samplegen.check.rule import PageView, SampleView
from samplegen.check.shown import ONLY_TEXT, WORDS_FIRST, shown
from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.readback import ReadCall, readback

# Findings that mean the messages themselves: those of the samples beside it are meant.
_OF_WORDS = "other-prompt"
_OF_MESSAGES = frozenset({"missing-message", _OF_WORDS})
# The finding that means the SDK: another major version of it is meant.
_OF_SDK = "stale-sdk"
# The finding that means what is shown of the answer.
_OF_OUTPUT = "output-shape"
# Headers that every sample has.
_USUAL_HEADERS = frozenset({"authorization", "content-type", "accept", "x-dashscope-sse"})
# Statuses and places in lists.
_NUMBERS = frozenset({"0", "1", "2", "200", "299", "300", "400"})


def replacement(sample: SampleView, page: PageView, names: Collection[str]) -> str | None:
    """A sample as samplegen renders the call that it makes; None where that is not all it does.

    Args:
        names: of the rules that find something in it that nothing else mends.
    """
    if sample.standing != "judged" or sample.call.typed:
        # No types are rendered.
        return None
    try:
        own = meant(sample)
        call = _intended(sample, page, names) if _OF_MESSAGES.intersection(names) else own
    except InputError:
        return None
    if own is None or call is None or not _is_at(sample, call) or not _has_usual_headers(sample):
        return None
    call = Call(
        protocol=own.protocol,
        region=own.region,
        model=own.model,
        messages=call.messages,
        host=own.host,
        workspace=own.workspace,
    )
    shape = "" if _OF_OUTPUT in names else shown(sample)[0]
    if shape == WORDS_FIRST:
        return None
    flow = "text" if shape == ONLY_TEXT else "whole"
    code = _rendered(call, sample, flow, page)
    if code is None or not _says_no_more(sample, flow, call, names):
        return None
    same = own.messages == call.messages
    return code if _does_alike(sample, code, names, messages=same) else None


def _intended(sample: SampleView, page: PageView, names: Collection[str]) -> Call | None:
    """The call that a sample is to make; its own words stay where only a message is missing."""
    call, own = intended(sample, page), meant(sample)
    if call is None or own is None or page.call or _OF_WORDS in names:
        return call
    said = {one.role: one for one in own.messages}
    return replace(call, messages=tuple(said.get(one.role, one) for one in call.messages))


def _is_at(sample: SampleView, call: Call) -> bool:
    """Whether the region that a call goes to is what the sample itself says."""
    place = sample.call.url or sample.call.base_url
    found = urls(str(place.value)) if place and place.known else ()
    return bool(found) and found[0].host == sample.catalog.regions[call.region].host


def _has_usual_headers(sample: SampleView) -> bool:
    return all(name.lower() in _USUAL_HEADERS for name in sample.call.headers)


def _rendered(call: Call, sample: SampleView, flow: str, page: PageView) -> str | None:
    from samplegen.rendering.sample import render

    for client in dict.fromkeys((sample.call.client, None)):
        try:
            return render(
                call,
                sample.language,
                client,
                flow=flow,
                locale=page.locale,
                catalog=page.catalog,
            ).code
        except InputError:
            continue
    return None


def _says_no_more(sample: SampleView, flow: str, call: Call, names: Collection[str]) -> bool:
    """Whether all words and numbers of a sample are those of a rendered one, or its own names."""
    flows = ("whole", "text") if _OF_OUTPUT in names else (flow,)
    known: frozenset[str] = frozenset()
    for one in flows:
        known |= _vocabulary(
            sample.language, call.protocol, str(sample.call.client), one, sample.catalog
        )
    known |= checks_of(sample.language).plumbing
    code = sample.without_comments
    if sample.call.url:
        # A shell's words need no quotes.
        start, end = sample.call.url.start, sample.call.url.end
        code = code[:start] + " " * (end - start) + code[end:]
    bare = _bare(sample.language, code)
    own = {name for name in _bound(bare) if not re.search(rf"[(,]\s*{name}\s*=(?!=|>)", bare)}
    for word in _words(bare):
        if word[0].isdigit():
            if word not in _NUMBERS and word not in known:
                return False
        elif word not in known and word not in own:
            return False
    return True


_WORD = re.compile(r"[A-Za-z_][\w-]*|\d[\w.]*", re.ASCII)


def _words(bare: str) -> Iterator[str]:
    for found in _WORD.finditer(bare):
        yield found[0]


def _bare(language: str, code: str) -> str:
    """A program without its texts."""
    parts = []
    at = 0
    for start, end in readback(language, code).texts:
        parts += [code[at:start], " "]
        at = end
    return "".join([*parts, code[at:]])


# What gives a name: a declaration, an assignment that is a line's beginning, a parameter.
_BINDS = (
    re.compile(
        r"\b(?:const|let|var|class|as|string\??|final|[A-Z][\w<>\[\]?.]*)\s+\$?(\w+)\s*(?==(?!=)|[;){]|$)",
        re.MULTILINE,
    ),
    re.compile(r"^[ \t]*\$?([a-z_]\w*)[ \t]*:?=(?![=>])", re.MULTILINE),
    re.compile(r"^[ \t]*([a-z_]\w*),[ \t]*[a-z_]\w*[ \t]*:=", re.MULTILINE),
    re.compile(r"^[ \t]*[a-z_]\w*,[ \t]*([a-z_]\w*)[ \t]*:=", re.MULTILINE),
    re.compile(r"\(?([a-z_]\w*)\)?\s*=>"),
    re.compile(r"\bcatch\s*\(\s*(?:[\w|.]+\s+)?\$?(\w+)\s*\)"),
)


def _bound(bare: str) -> set[str]:
    """The names that a program gives, but for those of arguments."""
    found = set()
    depths = _depths(bare)
    for pattern in _BINDS:
        for name in pattern.finditer(bare):
            # Within brackets a line may begin with an argument's name.
            if not depths[name.start(1)] or not name[0].lstrip(" \t$").startswith(name[1]):
                found.add(name[1])
    return found


def _depths(bare: str) -> list[int]:
    """For each character how many round and square brackets are open there."""
    depths = []
    depth = 0
    for character in bare:
        depth += (character in "([") - (character in ")]")
        depths.append(depth)
    return [*depths, depth]


@lru_cache(maxsize=256)
def _vocabulary(
    language: str, protocol: str, client: str, flow: str, catalog: Catalog
) -> frozenset[str]:
    """The words of what samplegen renders."""
    from samplegen.rendering.sample import render

    try:
        call = Call(protocol=protocol)
        code = render(call, language, client, flow=flow, notes="none", catalog=catalog).code
    except InputError:
        return frozenset()
    return frozenset(_words(_bare(language, code)))


def _does_alike(sample: SampleView, code: str, names: Collection[str], *, messages: bool) -> bool:
    """Whether a program sends what a sample sends, to the same place, with the same packages."""
    old, new = sample.call, readback(sample.language, code, sample.catalog)
    # Go's paths say the major version: `github.com/openai/openai-go/v3`.
    others = {one.name for one in old.imports if "/" in one.name}
    if _OF_SDK not in names and not others <= {one.name for one in new.imports}:
        return False
    return _request(old, messages) == _request(new, messages)


def _request(call: ReadCall, messages: bool) -> object:
    place = call.url or call.base_url
    found = urls(str(place.value)) if place else ()
    said = [
        (one.role and one.role.value, one.content and one.content.value)
        for one in (call.messages if messages else ())
    ]
    options = {name: one.value for name, one in call.options.items() if name != "result_format"}
    return (
        call.protocol,
        found and found[0].host,
        call.model and call.model.value,
        said,
        options,
        bool(call.stream and call.stream.value),
    )
