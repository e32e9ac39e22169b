"""Whether the samples of one call on a page agree with each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.facts import no_sdk_claims
from samplegen.check.groups import groups, usual_of
from samplegen.check.language import LanguageChecks, checks_of, code_name
from samplegen.check.noted import SPEAKS_OF, Kind, Note, comments, sentences, wording
from samplegen.check.places import line_at, region_of, seen_at, urls
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.languages import language
from samplegen.pages.naming import from_label, in_prose
from samplegen.readback import Comment, Value
from samplegen.rendering.targets import targets

PageProblems = Iterator[tuple[SampleView | None, Problem]]


def _as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _replaced(sample: SampleView, value: Value, new: str) -> Fix | None:
    """The fix that puts a text in place of another one, where that is written plainly."""
    old = value.value
    if not isinstance(old, str) or not old or re.search(r"[\"'\\\n$`]", new):
        return None
    at = sample.code.find(old, value.start, value.end)
    return None if at < 0 else Fix(at, at + len(old), new, safe=False)


def _content(sample: SampleView, role: str) -> Value | None:
    """The only message of a role that the program says."""
    found = [
        one.content
        for one in sample.call.messages
        if one.role and one.role.value == role and one.content and one.content.known
    ]
    return found[0] if len(found) == 1 else None


@page_rule("A301", "other-prompt", "warning", bad=bad("A301"), good=good("A301"))
def other_prompt(page: PageView) -> PageProblems:
    """A message in other words than in the samples beside it: is it the same call?"""
    for group in groups(page):
        for role in ("system", "user"):
            contents = [(sample, _content(sample, role)) for sample in group]
            usual = usual_of(_as_text(value.value) for _, value in contents if value)
            for sample, value in contents:
                if usual is None or value is None or _as_text(value.value) == usual:
                    continue
                right = json.loads(usual)
                message = f"the other samples say {usual} here"
                fix = _replaced(sample, value, right) if isinstance(right, str) else None
                yield sample, Problem(value.start, value.end, message, fix)


@page_rule("A302", "missing-message", "warning", bad=bad("A302"), good=good("A302"))
def missing_message(page: PageView) -> PageProblems:
    """A message that the samples beside it send and this one does not."""
    for group in groups(page):
        told = [sample for sample in group if sample.call.messages]
        usual = usual_of(_roles(sample) for sample in told)
        for sample in told:
            lacking = [role for role in usual or () if role not in _roles(sample)]
            if lacking:
                first, last = sample.call.messages[0], sample.call.messages[-1]
                message = f"the other samples also send a {lacking[0]} message"
                start = min(first.start, last.start)
                yield sample, Problem(start, max(first.end, last.end), message)


def _roles(sample: SampleView) -> tuple[str, ...]:
    return tuple(str(one.role.value) for one in sample.call.messages if one.role)


@page_rule("A303", "other-model", "warning", bad=bad("A303"), good=good("A303"))
def other_model(page: PageView) -> PageProblems:
    """Another model than in the samples beside it."""
    for group in groups(page):
        models = [(sample, sample.call.model) for sample in group]
        usual = usual_of(str(value.value) for _, value in models if value and value.known)
        for sample, value in models:
            if usual and value and value.known and value.value != usual:
                message = f"the other samples call `{usual}`"
                fix = _replaced(sample, value, usual)
                yield sample, Problem(value.start, value.end, message, fix)


@page_rule("A304", "other-options", "warning", bad=bad("A304"), good=good("A304"))
def other_options(page: PageView) -> PageProblems:
    """Options that the samples beside it do not send, or send otherwise."""
    for group in groups(page):
        names = {name: None for sample in group for name in _options(sample)}
        for name in names:
            usual = usual_of(_said(sample, name) for sample in group)
            for sample in group:
                if usual is None or _said(sample, name) == usual:
                    continue
                value = _options(sample).get(name) or sample.call.model
                if value is None:
                    continue
                message = (
                    f"the other samples send `{name}`: {usual}"
                    if usual != _ABSENT
                    else f"the other samples do not send `{name}`"
                )
                yield sample, Problem(value.start, value.end, message)


_ABSENT = "absent"


def _options(sample: SampleView) -> dict[str, Value]:
    call = sample.call
    return call.options | ({"stream": call.stream} if call.stream else {})


def _said(sample: SampleView, name: str) -> str:
    value = _options(sample).get(name)
    return _ABSENT if value is None else _as_text(value.value)


@page_rule("A305", "other-url", "warning", bad=bad("A305"), good=good("A305"))
def other_url(page: PageView) -> PageProblems:
    """The same address written in two ways: with a slash at the end, or of another region."""
    for group in groups(page):
        bases = {protocol.base_path for protocol in page.catalog.protocols.values()}
        slashed = [
            (sample, url)
            for sample in group
            for url in urls(sample.code)
            if url.path.rstrip("/") in bases and region_of(url.host, page.catalog)
        ]
        differ = len({url.path.endswith("/") for _, url in slashed}) > 1
        for sample, url in slashed:
            if differ and url.path.endswith("/"):
                fix = Fix(url.end - 1, url.end, "")
                message = "the other samples write this URL without a slash at the end"
                yield sample, Problem(url.start, url.end, message, fix)
        regions = [(sample, value, _region(value, page)) for sample, value in _addresses(group)]
        most = usual_of(region for _, _, region in regions if region)
        for sample, value, region in regions:
            if most and region and region != most:
                label = page.catalog.regions[most].label(page.locale)
                message = f"the other samples call the region {label}"
                yield sample, Problem(value.start, value.end, message)


def _addresses(group: list[SampleView]) -> Iterator[tuple[SampleView, Value]]:
    for sample in group:
        value = sample.call.url or sample.call.base_url
        if value:
            yield sample, value


def _region(value: Value, page: PageView) -> str | None:
    found = urls(str(value.value))
    return region_of(found[0].host, page.catalog) if found else None


@page_rule("A306", "missing-note", "warning", bad=bad("A306"), good=good("A306"))
def missing_note(page: PageView) -> PageProblems:
    """A note that the samples beside it have: its reader is left alone with the same question."""
    for group in groups(page):
        noted = [(sample, _kinds(sample, page)) for sample in group]
        for kind in SPEAKS_OF:
            if kind == "no SDK":
                noted = [one for one in noted if _is_without_sdk(one[0])]
                usual = any(kind in kinds for _, kinds in noted)
            else:
                usual = usual_of(kind in kinds for _, kinds in noted) is True
            for sample, kinds in noted if usual else ():
                if kind not in kinds:
                    start, end = seen_at(sample.code, _place(sample, kind))
                    message = f"the other samples have a note here: {SPEAKS_OF[kind]}"
                    fix = _noted(sample, group, page) if kind == "no SDK" else None
                    yield sample, Problem(start, end, message, fix)


def _kinds(sample: SampleView, page: PageView) -> set[Kind]:
    """What is noted in a sample, and in the lines of prose right above it."""
    return {note.kind for note in _all(sample, page)}


def _noted(sample: SampleView, group: list[SampleView], page: PageView) -> Fix | None:
    """What puts the note on a missing SDK, which another sample has, into this one."""
    found = next(note for one in group for note in _all(one, page) if note.kind == "no SDK")
    claim = next(said for one in no_sdk_claims() if (said := one.search(found.text)))
    own = language(sample.language)
    text = _renamed(claim[0], own.name) + found.text[claim.end() : claim.end() + 1].strip()
    comments = sample.call.comments
    opening = re.match(r"(?:<\?php|package \w+)\s*", sample.code)
    at = opening.end() if opening else 0
    if comments and not sample.code[at : comments[0].start].strip():
        at = comments[0].start
    return Fix(at, at, f"{own.comment_mark} {text}\n\n", safe=False)


def _renamed(note: str, name: str) -> str:
    """A note on a language, about another one."""
    return in_prose().sub(name, note)


def _all(sample: SampleView, page: PageView) -> list[Note]:
    return [*comments(sample, page), *sentences(sample, page)]


def _is_without_sdk(sample: SampleView) -> bool:
    """Whether a sample is in plain HTTP since its language has no SDK for the protocol."""
    served = {(one.language, one.protocol) for one in targets() if one.client == "sdk"}
    kind = (sample.language, sample.call.protocol)
    may_have = checks_of(sample.language).may_have_sdk
    return may_have and sample.call.client == "http" and kind not in served


def _place(sample: SampleView, kind: Kind) -> int:
    """Where a note of a kind would stand."""
    call = sample.call
    if kind == "no SDK":
        return 0
    if kind == "model":
        return call.model.start if call.model else 0
    if kind == "region":
        value = call.url or call.base_url
        return value.start if value else 0
    return call.key_env.start if call.key_env else 0


@page_rule("A312", "option-note", "info", bad=bad("A312"), good=good("A312"))
def option_note(page: PageView) -> PageProblems:
    """A note on an option that only some samples have: readers of the others are not told."""
    options = {name for family in page.catalog.families for name in family.options}
    for group in groups(page):
        for name in sorted(options):
            named = [(sample, _naming(sample, name)) for sample in group]
            found = [(sample, comment) for sample, comment in named if comment]
            if len(found) * 2 < len(group):
                for sample, comment in found:
                    message = f"only here is a note on `{name}`: give it to all samples, or none"
                    yield sample, Problem(comment.start, comment.end, message)


def _naming(sample: SampleView, name: str) -> Comment | None:
    """The first comment that names an option."""
    return next((one for one in sample.call.comments if name in one.text), None)


_FOLLOWING = re.compile(r"(?i)\b(?:following|next) line\b|\bline below\b|次の行|下一行")
_PRECEDING = re.compile(r"(?i)\b(?:preceding|previous) (?:line|url)\b|上記の|前の行|上一行")


@page_rule("A307", "note-place", "warning", bad=bad("A307"), good=good("A307"))
def note_place(page: PageView) -> PageProblems:
    """A note that is not right above the line that it speaks of: what is it to replace?"""
    for group in groups(page):
        noted = [
            (sample, note, _position(sample, note))
            for sample in group
            for note in comments(sample, page)
        ]
        above = {note.kind for _, note, where in noted if where == "above"}
        for sample, note, where in noted:
            message = ""
            if where != "above" and note.kind in above:
                message = f"in other samples this note is above its line, not {where} it"
            elif _FOLLOWING.search(note.text) and _another_follows(sample, note):
                message = "another note stands between this one and the line it speaks of"
            if message:
                yield sample, Problem(note.start, note.end, message)


def _position(sample: SampleView, note: Note) -> str:
    if note.inside:
        start, _ = line_at(sample.code, note.start)
        if sample.code[start : note.start].strip():
            return "beside"
    return "below" if _PRECEDING.search(note.text) else "above"


def _another_follows(sample: SampleView, note: Note) -> bool:
    following = (one for one in sample.call.comments if one.start > note.start)
    after = next(following, None)
    return after is not None and not sample.code[note.end : after.start].strip()


@page_rule("A308", "note-wording", "info", bad=bad("A308"), good=good("A308"))
def note_wording(page: PageView) -> PageProblems:
    """One thing noted in several wordings: readers look for a difference that is not there."""
    for group in groups(page):
        noted = [
            (sample, note, words)
            for sample in group
            for note in _worded(sample, page)
            # A link has a line of its own, and a place below needs other words.
            if (words := wording(note.text)) and _position(sample, note) != "below"
        ]
        for kind in SPEAKS_OF:
            of_kind = [one for one in noted if one[1].kind == kind]
            usual = usual_of(words for _, _, words in of_kind)
            if usual is None and kind == "no SDK" and of_kind:
                usual = of_kind[0][2]
            for sample, note, words in of_kind:
                # What is left in another language has a finding of its own.
                if not usual or words == usual or _is_wide(words) != _is_wide(usual):
                    continue
                said = next(n.text for _, n, w in of_kind if w == usual)
                message = f"the other samples word this note otherwise: {said}"
                fix = None
                if kind == "no SDK":
                    # Not each of them says where to go from here.
                    if words.startswith(usual) or usual.startswith(words):
                        continue
                    name = language(sample.language).name
                    fix = Fix(note.start, note.end, _renamed(said, name), safe=False)
                where = sample if note.inside else None
                yield where, Problem(note.start, note.end, message, None if note.inside else fix)


def _worded(sample: SampleView, page: PageView) -> Iterator[Note]:
    """The notes of a sample, in prose only what no comment in it says."""
    inside = comments(sample, page)
    kinds = {note.kind for note in inside}
    yield from inside
    yield from (note for note in sentences(sample, page) if note.kind not in kinds)


_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def _is_wide(text: str) -> bool:
    return _WIDE.search(text) is not None


_NO_ANSWER = re.compile(r"(?i)error|fail|エラー|失敗|错误|失败")
_CONTENT = re.compile(
    r"\b(?:print|println|console\.log|fmt\.Print\w*|Console\.WriteLine|System\.out\.print\w*|echo)"
    r"\b[^\n;]*(?:[Cc]hoices\b[^\n;]*[Mm]essage\b[^\n;]*[Cc]ontent|\.Content\[0\]\.Text)[^\n;]*"
)


@page_rule("A309", "output-shape", "info", bad=bad("A309"), good=good("A309"))
def output_shape(page: PageView) -> PageProblems:
    """An answer shown otherwise than in the samples beside it: as text here, as JSON there."""
    for group in groups(page):
        shapes = [_shape(sample) for sample in group]
        usual = usual_of(shape for shape, _ in shapes)
        if usual is None:
            continue
        for sample, (shape, places) in zip(group, shapes, strict=True):
            for start, end in places if shape != usual else ():
                message = f"this prints {shape}; the other samples print {usual}"
                yield sample, Problem(start, end, message)


def _shape(sample: SampleView) -> tuple[str, list[tuple[int, int]]]:
    """How a sample shows the answer, and where."""
    code = sample.without_comments
    checks = checks_of(sample.language)
    labels = re.finditer(checks.labels_answer, code) if checks.labels_answer else ()
    labelled = [found.span() for found in labels if not _NO_ANSWER.search(found[0])]
    if labelled:
        return "words before the answer", [seen_at(code, start) for start, _ in labelled]
    content = _CONTENT.search(code) if "ontent" in code else None
    if content:
        return "only the answer's text", [seen_at(code, content.start())]
    shown = checks.shows_object(code) if sample.call.client == "sdk" else None
    if shown:
        return f"a {code_name(sample.language)} object", [shown]
    return "the answer as JSON", []


@page_rule("A310", "flag-style", "info", bad=bad("A310"), good=good("A310"))
def flag_style(page: PageView) -> PageProblems:
    """Short flags of curl here and long ones there: long ones say what they do."""
    for id in dict.fromkeys(sample.language for sample in page.calls):
        if checks_of(id).long_flags:
            yield from _flags([one for one in page.calls if one.language == id], checks_of(id))


def _flags(samples: list[SampleView], checks: LanguageChecks) -> PageProblems:
    long_flag = re.compile(rf"(?<=\s)(?:{'|'.join(checks.long_flags.values())})(?=[\s=])")
    if not any(long_flag.search(sample.without_comments) for sample in samples):
        return
    short_flag = re.compile(rf"(?<=\s){checks.short_flags}(?=\s)")

    def written_out(flags: str) -> list[str]:
        """The long flags for short ones, of which several may stand in one word."""
        return [checks.long_flags[f"-{letter}"] for letter in flags[1:]]

    for sample in samples:
        code = sample.without_comments
        flags = list(short_flag.finditer(code))
        if not flags:
            continue
        start, end = flags[0].start(), flags[-1].end()
        new = short_flag.sub(
            lambda flag: " ".join(written_out(flag[0])), f" {sample.code[start:end]} "
        )
        fix = Fix(start, end, new[1:-1])
        long = ", ".join(
            dict.fromkeys(f"`{one}`" for flag in flags for one in written_out(flag[0]))
        )
        name = language(sample.language).name
        message = f"other samples write {name}'s flags out: {long}"
        yield sample, Problem(*flags[0].span(), message, fix)


@page_rule("A311", "labels", "warning", bad=bad("A311"), good=good("A311"))
def labels(page: PageView) -> PageProblems:
    """Two samples under one label, or labels of two forms: which one is the reader's?"""
    for group in groups(page):
        marked = [(sample, _label(sample)) for sample in group]
        heads = [head for _, head in marked]
        clients = {sample.call.client for sample in group}
        told = [head for head in heads if re.search(r"\b(?:SDK|HTTP)\b", head)]
        places = [_heading(sample, head, page) for sample, head in marked]
        for (sample, head), place in zip(marked, places, strict=True):
            # One label for several samples is a section, and says nothing of each.
            if not head or head in told or (place and places.count(place) > 1):
                continue
            client = "SDK" if sample.call.client == "sdk" else "HTTP"
            right = f"{head} ({client})"
            if heads.count(head) > 1 and len(clients) > 1:
                message = f"two samples are labelled `{head}`: write `{right}`"
            elif len(told) * 2 > len(heads):
                message = f"the other labels say which client it is: write `{right}`"
            else:
                continue
            if place is None:
                yield sample, Problem(*seen_at(sample.code, 0), message)
            else:
                yield (
                    None,
                    Problem(*place, message, Fix(place[1], place[1], f" ({client})", safe=False)),
                )


def _label(sample: SampleView) -> str:
    """The label of a sample where that is a language's name, else ''."""
    label = sample.published.tab or sample.published.heading
    return label if from_label(label)[0] else ""


def _heading(sample: SampleView, head: str, page: PageView) -> tuple[int, int] | None:
    """Where in the page the label of a sample stands, on a line of its own."""
    at = end = sample.published.spans.start(0)
    # A label in an element, an attribute, a key or a notebook's line ends where that ends.
    pattern = re.compile(
        rf"(?m)(?<!\w){re.escape(head)}[ \t]*$|(?<=[\"'> ]){re.escape(head)}(?=[\"'<]|\\n)"
    )
    # From the sample upwards: the heading is near, and the page may be long.
    while head and (at := page.text.rfind(head, 0, at)) >= 0:
        if pattern.match(page.text, at, end):
            return at, at + len(head)
        at += len(head) - 1
    return None
