"""Whether what a sample says of the service and its SDKs is so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache

from samplegen.check.examples import bad, good
from samplegen.check.facts import contradictions, false_claims
from samplegen.check.language import checks_of
from samplegen.check.noted import above, no_sdk
from samplegen.check.places import (
    Url,
    closing,
    line_at,
    region_of,
    same_page,
    urls,
)
from samplegen.check.relevance import ALIKE, nearest_host, own_paths
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule, rule
from samplegen.model.catalog import Catalog, Region
from samplegen.pages import format_of
from samplegen.readback import Comment, Value


@rule("T101", "unknown-host", bad=bad("T101"), good=good("T101"))
def unknown_host(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A host that is none of the service's: the name is not found, or a key goes to a stranger."""
    own = own_paths(page.catalog)
    sent_to = sample.call.url or sample.call.base_url
    for url in urls(sample.code):
        if region_of(url.host, page.catalog) is not None:
            continue
        nearest, likeness = nearest_host(url.host, page.catalog)
        is_sent_to = sent_to is not None and sent_to.start <= url.start < sent_to.end
        if likeness < ALIKE and not url.path.startswith(own) and not is_sent_to:
            continue
        end = url.host_start + len(url.host)
        fix = Fix(url.host_start, end, nearest) if likeness >= ALIKE else None
        if "{" in url.host or "$" in url.host:
            continue
        message = f"unknown host `{url.host}`: did you mean `{nearest}`?"
        if fix is None:
            message = f"unknown host `{url.host}`: the service is at `{nearest}` and the like"
        yield Problem(url.host_start, end, message, fix)


_OF_URL = re.compile(r"(?i)url|endpoint|エンドポイント|端点|地址")
_REPLACES = re.compile(r"(?i)\breplace|\bif you|\bothers?\b|置き換え|ほか|替换|其他")
_SENTENCE = re.compile(r"(?:[^.。]|\.(?!\s))+")
_PRECEDES = re.compile(r"(?i)\b(?:preceding|previous|above)\b|上記|前の行|上一行|上述")


@rule("T102", "region-note", bad=bad("T102"), good=good("T102"))
def region_note(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A note that names one region, at the URL of another one: a key of either gives 401."""
    above: tuple[Comment, list[tuple[int, int, str]]] | None = None
    for comment in sample.call.comments:
        text = sample.code[comment.start : comment.end]
        mentioned = _regions_in(text, page.catalog)
        places = [(place, place + len(word), name) for place, word, name in mentioned]
        for url in urls(text):
            region = region_of(url.host, page.catalog)
            before = [place for place in places if place[1] <= url.start]
            if region and before and before[-1][2] != region:
                yield _other_region(before[-1], comment, region, page)
            elif region and above and not places and _is_bare(comment, url):
                # A URL that is too long for its line stands on the next one.
                line, named = above
                if named[-1][2] != region and not sample.code[line.end : comment.start].strip():
                    yield _other_region(named[-1], line, region, page)
        above = (comment, places) if places and comment.text.endswith((":", "\uff1a")) else None
        for sentence in _SENTENCE.finditer(text) if places else ():
            inside = [p for p in places if sentence.start() <= p[0] < sentence.end()]
            said = sentence[0]
            if len(inside) != 1 or not _OF_URL.search(said) or _REPLACES.search(said):
                continue
            if urls(said):
                continue
            region = _region_of_line(sample.code, comment, bool(_PRECEDES.search(said)), page)
            if region and region != inside[0][2]:
                yield _other_region(inside[0], comment, region, page)


def _is_bare(comment: Comment, url: Url) -> bool:
    """Whether a comment says nothing but a URL."""
    return len(comment.text) == url.end - url.start


def _other_region(
    place: tuple[int, int, str], comment: Comment, region: str, page: PageView
) -> Problem:
    own = page.catalog.regions[place[2]].label("en")
    others = page.catalog.regions[region].label("en")
    start, end = comment.start + place[0], comment.start + place[1]
    return Problem(start, end, f"the note says {own}, but the URL is the one of {others}")


def _region_of_line(code: str, comment: Comment, precedes: bool, page: PageView) -> str | None:
    """The region of the first URL in the line that a comment speaks of."""
    start, end = line_at(code, comment.start if precedes else comment.code_start)
    if precedes:
        line = code[:start].rstrip().rpartition("\n")[2]
    else:
        # A long URL stands below the name that it is given.
        more = end if code[start:end].rstrip().endswith(("=", "(")) else start
        line = code[start : line_at(code, min(more + 1, len(code)))[1]]
    hosts = (region_of(url.host, page.catalog) for url in urls(line))
    return next((host for host in hosts if host), None)


@lru_cache(maxsize=4096)
def _regions_in(text: str, catalog: Catalog) -> list[tuple[int, str, str]]:
    """Where a text names regions: offset, word and region, in their order."""
    # Names in URLs are no mention.
    plain = list(text)
    for url in urls(text):
        plain[url.start : url.end] = " " * (url.end - url.start)
    bare = "".join(plain)
    found: dict[int, tuple[int, str, str]] = {}
    for name, region in catalog.regions.items():
        for word in _words(region):
            for match in re.finditer(rf"(?<![A-Za-z]){re.escape(word)}(?![a-z])", bare):
                found[match.start()] = (match.start(), word, name)
    mentions: list[tuple[int, str, str]] = []
    for place in sorted(found):
        last = mentions[-1] if mentions else None
        # A name in a name, such as Hong Kong's in that of China's Hong Kong, is the same mention.
        if last is None or last[0] + len(last[1]) <= place:
            mentions.append(found[place])
    return mentions


def _words(region: Region) -> Iterator[str]:
    """The words for a region: its place where a name has a country and a place."""
    labels = [region.name] if isinstance(region.name, str) else region.name.values()
    for label in labels:
        inner = re.search(r"[(\uff08](.+)[)\uff09]", label)
        yield inner[1] if inner else label


@rule("T103", "wrong-path", bad=bad("T103"), good=good("T103"))
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


@rule("T104", "unknown-model", bad=bad("T104"), good=good("T104"))
def unknown_model(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A model's name with a slip in it: the service answers that there is no such model."""
    model = sample.call.model
    if model is None or not model.known or not isinstance(model.value, str):
        return
    name, known = model.value, page.catalog.models
    if name in known or any(name.startswith(f"{one}-") for one in known):
        return
    alike = [one for one in known if re.findall(r"\d+", one) == re.findall(r"\d+", name.lower())]
    near = get_close_matches(name.lower(), alike, n=1, cutoff=0.82)
    if not near or page.catalog.family(name).streams_only:
        return
    at = sample.code.find(name, model.start, model.end)
    start = model.start if at < 0 else at
    end = model.end if at < 0 else at + len(name)
    fix = None if at < 0 else Fix(start, end, near[0], safe=name.lower() == near[0])
    yield Problem(start, end, f"unknown model `{name}`: did you mean `{near[0]}`?", fix)


@rule("T105", "key-variable", bad=bad("T105"), good=good("T105"))
def key_variable(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A key from another variable than the docs tell readers to set: it is not there."""
    key, wanted = sample.call.key_env, page.catalog.provider.key_env
    if key is None or key.name == wanted or not _calls_the_service(sample, page):
        return
    message = f"the key is in the variable {wanted}, not in {key.name}"
    start = max(sample.code.find(key.name, key.start, key.end), key.start)
    end = start + len(key.name)
    fix = Fix(start, end, wanted) if sample.code[start:end] == key.name else None
    yield Problem(start, min(end, key.end), message, fix)


def _calls_the_service(sample: SampleView, page: PageView) -> bool:
    value = sample.call.url or sample.call.base_url
    found = urls(value.value) if value and isinstance(value.value, str) else ()
    return any(region_of(url.host, page.catalog) for url in found)


_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;\s*[\w-]+=[^;\s]+)*")
_JSON_TYPE = "application/json"


@rule("T106", "content-type", bad=bad("T106"), good=good("T106"))
def content_type(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A content type that is none, or another one than the body's."""
    for name, value in sample.call.headers.items():
        said = value.value
        if name.lower() != "content-type" or not isinstance(said, str) or not value.known:
            continue
        if _MEDIA_TYPE.fullmatch(said) and said.lower().startswith(_JSON_TYPE):
            continue
        at = sample.code.find(said, value.start, value.end)
        start, end = (value.start, value.end) if at < 0 else (at, at + len(said))
        fix = None if at < 0 else Fix(start, end, _JSON_TYPE)
        yield Problem(start, end, f"the content type is `{_JSON_TYPE}`, not `{said}`", fix)


@rule("T107", "stale-sdk", bad=bad("T107"), good=good("T107"))
def stale_sdk(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A call, class or module path that the SDK no longer has: the sample does not build."""
    code = sample.without_comments
    for fact in checks_of(sample.language).stale:
        package = page.catalog.package(sample.language, *fact.package.rsplit("-", 1))
        facts = {"package": package.name if package else "the new path"}
        for found in re.finditer(fact.pattern, code):
            place = "place" if "place" in found.groupdict() else 0
            start, end = found.span(place)
            message = fact.message.format(found=found[place], **facts)
            if fact.unwrap:
                fix = _unwrapped(code, start, end)
            elif fact.new and package and not _has(code, fact.new_unless):
                fix = Fix(start, end, fact.new.format(**facts, **found.groupdict()))
            else:
                fix = None
            yield Problem(start, end, message, fix)


def _has(code: str, pattern: str) -> bool:
    return bool(pattern) and re.search(pattern, code) is not None


def _unwrapped(code: str, start: int, opening: int) -> Fix | None:
    """The fix that puts a call's only argument in the call's place."""
    end = closing(code, opening)
    if end is None:
        return None
    inner = code[opening + 1 : end].strip().removesuffix(",")
    return Fix(start, end + 1, inner)


@page_rule("T108", "false-claim", bad=bad("T108"), good=good("T108"))
def false_claim(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A comment or sentence that is not so: readers act on it, or stop trusting the rest."""
    for sample in page.calls:
        code = sample.code
        for comment in sample.call.comments:
            for problem in _false_in(code[comment.start : comment.end], page.catalog, code):
                fix = _without(code, comment)
                yield sample, _moved(problem, comment.start)._replace(fix=fix)
    notes = {start for sample in page.calls for start, _ in above(sample, page)}
    for start, line in page.prose():
        for problem in _false_in(line, page.catalog):
            moved = _moved(problem, start)
            # What follows a false start of a note rests on it; other prose is its author's.
            said = re.sub(r"(?:\s*</\w+>)+\s*$", "", line)
            fix = Fix(moved.start, start + len(said), "", safe=False)
            is_line = format_of(page.path) not in ("notebook", "openapi")
            yield None, moved._replace(fix=fix if is_line and start in notes else None)


@page_rule("T112", "contradiction", "warning", bad=bad("T112"), good=good("T112"))
def contradiction(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """Two texts of a page that cannot both be so: readers do not know which to follow."""
    comments = [one.text for sample in page.calls for one in sample.call.comments]
    for pattern, other, message in contradictions():
        if any(other.search(text) for text in comments):
            for start, line in page.prose():
                for found in pattern.finditer(line):
                    yield None, Problem(start + found.start(), start + found.end(), message)


def _without(code: str, comment: Comment) -> Fix:
    """The fix that removes a comment, and its line where it has one of its own."""
    start, end = line_at(code, comment.start)
    if code[start : comment.start].strip() or code[comment.end : end].strip():
        before = code[start : comment.start]
        return Fix(comment.start - len(before) + len(before.rstrip()), comment.end, "")
    return Fix(start, min(end + 1, len(code)), "")


def _moved(problem: Problem, by: int) -> Problem:
    return problem._replace(start=problem.start + by, end=problem.end + by)


def _false_in(text: str, catalog: Catalog, code: str = "") -> Iterator[Problem]:
    """What a comment, of that code, or a line of prose says wrongly."""
    for problem, unless in _claimed(text, catalog):
        if unless is None or not unless.search(code):
            yield problem


# The samples of a page, and of others, say much in the same words.
@lru_cache(maxsize=4096)
def _claimed(text: str, catalog: Catalog) -> tuple[tuple[Problem, re.Pattern[str] | None], ...]:
    """What a text says wrongly, and what code makes it right."""
    return tuple(_claims(text, catalog))


def _claims(text: str, catalog: Catalog) -> Iterator[tuple[Problem, re.Pattern[str] | None]]:
    for claim in false_claims():
        for found in claim.pattern.finditer(text):
            message = claim.message.format(key_env=catalog.provider.key_env)
            yield Problem(found.start(), found.end(), message), claim.unless
    for found, package in no_sdk(text, catalog):
        if package:
            message = f"there is one: `{package.name}`"
            yield Problem(found.start(), found.end(), message), None


@rule("T109", "wrong-link", "warning", bad=bad("T109"), good=good("T109"))
def wrong_link(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A link beside the one to use: it is dead, or leads readers into another language."""
    for url in urls(sample.code):
        said = sample.code[url.start : url.end]
        for right in page.catalog.links:
            known = urls(right)[0]
            if url.host != known.host or said == right:
                continue
            if same_page(url, known):
                message = f"the page is at {right}"
                yield Problem(url.start, url.end, message, Fix(url.start, url.end, right))
                break


_VERSION = (
    r"(?i)(?:\bSDK|\b{label}(?:/v\d+)?[\"']?)\s*(?:version|バージョン|版本)?\s*(?:[<>=~^]=?|[@:=]+)?\s*"
    r"v?(?P<version>\d+\.\d+(?:\.\d+)?)(?![\w.]*\w)"
)


@rule("T110", "old-version", "warning", bad=bad("T110"), good=good("T110"))
def old_version(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A note with an old version of an SDK: readers install what the sample was not made for."""
    call = sample.call
    if call.protocol is None or call.client is None:
        return
    package = page.catalog.package(sample.language, call.protocol, call.client)
    if package is None:
        return
    pattern = re.compile(_VERSION.replace("{label}", re.escape(package.label)))
    for comment in call.comments:
        for found in pattern.finditer(sample.code, comment.start, comment.end):
            if _numbers(found["version"]) < _numbers(package.version)[:2]:
                start, end = found.span("version")
                message = f"version {found['version']} is old: this is for {package.version}"
                fix = Fix(start, end, package.version, safe=False)
                yield Problem(start, end, message, fix)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@rule("T111", "model-needs", bad=bad("T111"), good=good("T111"))
def model_needs(sample: SampleView, page: PageView) -> Iterable[Problem]:
    """A model that answers only to a stream or an option, called without it: the answer is 400."""
    call = sample.call
    model = call.model
    if model is None or not model.known or not isinstance(model.value, str):
        return
    family = page.catalog.family(model.value)
    if call.stream is not None and call.stream.value is not False:
        return
    if family.streams_only:
        yield Problem(model.start, model.end, f"`{model.value}` answers only as a stream")
        return
    for name, value in family.options.items():
        said = call.options.get(name)
        if said is None or (said.known and said.value != value):
            message = f"without a stream `{model.value}` needs `{name}`: {json.dumps(value)}"
            yield Problem(model.start, model.end, message)
