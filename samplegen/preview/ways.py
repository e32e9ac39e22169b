"""The ways to have a sample: the command that writes it, and the marker that keeps it in a page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Final, NamedTuple

from samplegen.configured import Project
from samplegen.examples import EXAMPLES
from samplegen.model.call import Call
from samplegen.preview.form import FIRST, Wanted, example_call
from samplegen.rendering.notes import SOURCE_LOCALE
from samplegen.rendering.sample import asked
from samplegen.rendering.targets import Target, find

FILE = "call.json"
"""The call file that a command and a marker name where words do not say the call."""


class Ways(NamedTuple):
    """How to have a sample.

    Args:
        command: a line for the shell.
        marker: a line for a page.
        files: whether the command and the marker name the call file.
    """

    command: str
    marker: str
    files: tuple[bool, bool]


def call_file(wanted: Wanted) -> str:
    """The call as a file."""
    return json.dumps(wanted.call.as_json(), ensure_ascii=False, indent=2) + "\n"


def ways(wanted: Wanted, target: Target, flow: str, project: Project) -> Ways:
    """How to have the sample of a target that shows a flow: what a project does not say itself."""
    words, named = _call_words(wanted, project)
    if ("example", named) in words:
        # Of an example, `render` writes what there is in every protocol and client.
        own = [("protocol", target.protocol), ("client", target.client)]
        words = [*(one for one in words if one not in own), *own]
    said = {name for name, _ in words}
    usual = project.locale or SOURCE_LOCALE
    common = [one for one in _target_words(wanted, target, usual, project) if one[0] not in said]
    shows = _flow_word(wanted, target, flow, named, project)
    command = ["samplegen", "render"]
    for name, value in [*words, *common, *shows]:
        command += [f"--{name}", value]
    marker, file = _marker(wanted, target, flow, project)
    return Ways(shlex.join(command), marker, (("call", FILE) in words, file))


def _target_words(
    wanted: Wanted, target: Target, locale: str, project: Project
) -> Iterator[tuple[str, str]]:
    """What says the target and its notes.

    Args:
        locale: of the notes where nothing is said.
    """
    yield "lang", target.language
    if project.settings.protocols:
        yield "protocol", target.protocol
    if project.settings.client or find(target.language, target.protocol) != target:
        yield "client", target.client
    if wanted.locale != locale:
        yield "locale", wanted.locale
    if wanted.notes != (project.settings.notes or "full"):
        yield "notes", wanted.notes


def _call_words(wanted: Wanted, project: Project) -> tuple[list[tuple[str, str]], str]:
    """What says the call, and the example that it goes by."""
    usual = project.settings.example
    named = wanted.example in EXAMPLES
    example = wanted.example if named else usual or FIRST
    if example == FIRST and not usual and project.call:
        base = project.call
    else:
        base = example_call(example, project.catalog, project)
    words: list[tuple[str, str]] = []
    if example != (usual or FIRST):
        words.append(("example", example))
    call = wanted.call
    plain = all(type(one.content) is str and not one.rich for one in call.messages)
    spoken = plain and all(one.role != "tool" for one in call.messages)
    gone = set(base.parameters) - set(call.parameters)
    settable = all(name and "." not in name and "=" not in name for name in call.parameters)
    same_own = all(
        getattr(call, name) == getattr(base, name) for name in ("then", "host", "workspace_by")
    )
    if gone or not settable or not same_own or (call.messages != base.messages and not spoken):
        return [("call", FILE)], ""
    words += _own_words(call, base)
    said = call.as_json()
    for name, value in call.parameters.items():
        if name not in base.parameters or base.parameters[name] != value:
            words.append(("set", f"{name}={json.dumps(said[name], ensure_ascii=False)}"))
    if ("workspace", "") in words:
        return [("call", FILE)], ""
    return words, example


def _own_words(call: Call, base: Call) -> Iterator[tuple[str, str]]:
    """What says how a call differs from another one, but for its parameters."""
    for name in ("protocol", "region", "model", "workspace"):
        if getattr(call, name) != getattr(base, name):
            yield name, getattr(call, name) or ""
    if call.messages != base.messages:
        for one in call.messages:
            yield "message", f"{one.role}:{one.content}"


def _flow_word(
    wanted: Wanted,
    target: Target,
    flow: str,
    example: str,
    project: Project,
    *,
    asks_first: bool = False,
) -> Iterator[tuple[str, str]]:
    """What says the flow, where the call and the example do not.

    Args:
        asks_first: what the call asks for goes before what the example shows, as in markers.
    """
    shows = EXAMPLES[example].flow if example else None
    asks = asked(wanted.call)
    told = shows if shows in target.flows and not (asks_first and asks != "whole") else asks
    if (project.settings.flow or told) != flow:
        yield "flow", flow


def _marker(wanted: Wanted, target: Target, flow: str, project: Project) -> tuple[str, bool]:
    """The marker of a sample in a Markdown page, and whether it names the call file."""
    words, example = _call_words(wanted, project)
    if not all(_fits(value) for _, value in words) or sum(len(v) for _, v in words) > _LONG:
        words, example = [("call", FILE)], ""
    words = [("lang", target.language), *map(_as_option, words)]
    said_already = {name for name, _ in words}
    usual = project.locale or SOURCE_LOCALE
    target_words = _target_words(wanted, target, usual, project)
    words += [one for one in target_words if one[0] not in said_already]
    words += _flow_word(wanted, target, flow, example, project, asks_first=True)
    said = " ".join(f"{name}={shlex.quote(value)}" for name, value in words)
    return f"<!-- samplegen: {said} -->", ("call", FILE) in words


_LONG: Final = 400
"""A marker with more characters than that of a call names the call file."""


def _as_option(word: tuple[str, str]) -> tuple[str, str]:
    """What an option of the command is in a marker: `set.temperature` for `--set temperature`."""
    name, value = word
    if name != "set":
        return word
    field, _, value = value.partition("=")
    return f"set.{field}", value


def _fits(text: str) -> bool:
    """Whether a line of a comment can hold a text."""
    return text.strip() != "" and text.isprintable() and "--" not in text and ">" not in text
