"""What a sample of each flow has to show of the answers that it gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from samplegen.model.call import Call
from samplegen.protocols.base import Answer, Answers, texts_in
from samplegen.verify.compare import differences
from samplegen.verify.turns import TOOL_FLOWS, Turn

# Above the reasoning, and above the answer where there is reasoning.
REASONING: Final = "Reasoning:\n{}\n\n"
ANSWER: Final = "Answer:\n{}"


def wrong(flow: str, turns: Sequence[Turn], stdout: str, says: Answers) -> str | None:
    """What is wrong with the output of a sample that had all of its answers; None if nothing is.

    Args:
        says: of the protocol, for the names of the usage.
    """
    last = turns[-1]
    if flow == "whole":
        fits = all(_shows_whole(one, stdout) for one in last.answers)
        return None if fits else "the answer is not on standard output"
    if flow == "json":
        return _wrong_json(last, stdout)
    ends: Sequence[Mapping[str, Any]] = [_usage(last, says)] if _asks_usage(last.call) else []
    if any(_is(text, stdout, ends) for text in texts(flow, turns)):
        return None
    if any(text in stdout for text in texts(flow, turns)):
        return (
            "standard output has more than the answer"
            if not ends
            else ("standard output is not the answer and a line of the usage")
        )
    return "the answer is not on standard output"


def wrong_events(turns: Sequence[Turn], stdout: str, says: Answers) -> str | None:
    """The same, for a program that shows the events of a stream as they come."""
    shown = texts_in(stdout.encode(), says.text_of)
    return (
        None if shown == _streamed(turns[-1].answers) else "the events are not on standard output"
    )


def is_beginning(flow: str, turns: Sequence[Turn], stdout: str) -> bool:
    """Whether an output is only the beginning of what a sample would show."""
    every = list(texts(flow, turns))
    return any(text.startswith(stdout) and len(stdout) < len(text) for text in every)


def is_beginning_of_events(turns: Sequence[Turn], stdout: str, says: Answers) -> bool:
    """The same, for a program that shows events."""
    shown, whole = texts_in(stdout.encode(), says.text_of), _streamed(turns[-1].answers)
    return whole.startswith(shown) and len(shown) < len(whole)


def texts(flow: str, turns: Sequence[Turn]) -> Iterator[str]:
    """What standard output may be, without a usage; the first is the most plain.

    Where there is reasoning, `text` and `stream` show it; other flows may.
    """
    shown = turns if flow == "chat" else turns[-1:]
    plain = "".join(f"{_text(flow, turn)}\n" for turn in shown)
    told = "".join(_told(flow, turn) for turn in shown)
    if flow not in ("text", "stream") or plain == told:
        yield plain
    if plain != told:
        yield told
        if flow in TOOL_FLOWS and len(turns) > 1:
            before = "".join(REASONING.format(turn.answers[0].reasoning) for turn in turns[:-1])
            yield before + told


def _text(flow: str, turn: Turn) -> str:
    return _streamed(turn.answers) if "stream" in flow else turn.answers[0].content


def _streamed(answers: Sequence[Answer]) -> str:
    """The text that a stream brings: of several answers, all of it."""
    return "".join(answer.content for answer in answers)


def _told(flow: str, turn: Turn) -> str:
    reasoning, text = turn.answers[0].reasoning, _text(flow, turn)
    if not reasoning:
        return f"{text}\n"
    return f"{REASONING.format(reasoning)}{ANSWER.format(text)}\n"


def _is(text: str, stdout: str, ends: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an output is a text, with a line of JSON for each of the ends."""
    if not ends:
        return stdout == text
    if not stdout.startswith(text):
        return False
    lines = stdout.removeprefix(text).splitlines()
    return len(lines) == len(ends) and all(map(_has, lines, ends))


def _has(line: str, usage: Mapping[str, Any]) -> bool:
    """Whether a line is an object with these numbers; an SDK may know more of them."""
    try:
        shown = json.loads(line)
    except ValueError:
        return False
    return isinstance(shown, dict) and all(shown.get(name) == usage[name] for name in usage)


def _asks_usage(call: Call) -> bool:
    options = call.parameters.get("stream_options")
    return isinstance(options, Mapping) and options.get("include_usage") is True


def without_end(stdout: str, call: Call) -> str:
    """An output without the newline, and the line of the usage, that end the text of a stream."""
    text = stdout.removesuffix("\n")
    if not _asks_usage(call):
        return text
    before, _, last = text.rpartition("\n")
    try:
        usage = json.loads(last)
    except ValueError:
        return text
    return before if usage is None or isinstance(usage, dict) else text


def _usage(turn: Turn, says: Answers) -> dict[str, Any]:
    """The numbers that every SDK shows: those that are no object."""
    from samplegen.verify.mock import usage

    numbers = says.usage(usage(turn.call, turn.answers))
    return {name: value for name, value in numbers.items() if isinstance(value, int)}


def _shows_whole(answer: Answer, stdout: str) -> bool:
    """Whether an output is the response as JSON, with an answer in it."""
    calls = [(call.name, call.arguments) for call in answer.tool_calls]
    return shows(stdout, answer.content) and all(
        shows(stdout, name) and shows(stdout, arguments) for name, arguments in calls
    )


def _wrong_json(turn: Turn, stdout: str) -> str | None:
    try:
        value = json.loads(turn.answers[0].content)
    except ValueError:
        return "the answer is no JSON"
    field = _field(turn.call)
    if field is not None and isinstance(value, dict):
        value = value.get(field)
    if isinstance(value, str) and stdout == f"{value}\n":
        return None
    try:
        shown = json.loads(stdout)
    except ValueError:
        return "the answer is not on standard output"
    return "the answer is not on standard output" if any(differences(value, shown)) else None


def _field(call: Call) -> str | None:
    """The field of the answer that a sample shows: the first that its schema has."""
    value: Any = call.parameters
    for name in ("response_format", "json_schema", "schema", "properties"):
        value = value.get(name) if isinstance(value, Mapping) else None
    return next(iter(value), None) if isinstance(value, Mapping) else None


def shows(stdout: str, answer: str, *, within: bool = False) -> bool:
    """Whether an output has the answer: as it is, or as a string in JSON.

    Args:
        within: whether JSON may stand within other text.
    """
    if answer in stdout:
        return True
    written = (json.dumps(answer, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
    if within and any(form in stdout for form in written):
        return True
    try:
        return answer in _strings(json.loads(stdout))
    except ValueError:
        return False


def shows_pieces(stdout: str, pieces: Sequence[str]) -> bool:
    """Whether an output has the pieces of an answer, one after the other, whatever is between."""
    place = 0
    for piece in pieces:
        # As it is, as a string in JSON, or as Python shows one.
        written = (json.dumps(piece, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
        forms = [piece, *written, repr(piece)[1:-1]]
        found = [stdout.index(form, place) for form in forms if form in stdout[place:]]
        if not found:
            return False
        place = min(found) + 1
    return True


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
