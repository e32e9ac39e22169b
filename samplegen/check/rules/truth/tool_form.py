"""T122 tool-form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samplegen.check.called import chats
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.readback import ReadCall, ReadMessage, Value


@rule("T122", "tool-form")
def tool_form(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A tool that cannot be called, or a tool's result without the call that it answers."""
    for call in chats(sample, page):
        tools = call.options.get("tools")
        inner = tools.inner if tools is not None else None
        for tool in inner if isinstance(inner, tuple) else ():
            words = _of_tool(tool, page)
            if words:
                yield Problem(tool.start, tool.end, words)
        choice, facts = call.options.get("tool_choice"), page.catalog.parameters.get("tool_choice")
        if choice is not None and choice.known and facts is not None:
            words = facts.misfit(choice.value)
            if words:
                yield Problem(choice.start, choice.end, words)
        yield from _of_messages(call)


def _of_tool(tool: Value, page: PageView) -> str | None:
    """What a tool lacks."""
    if not isinstance(tool.inner, Mapping):
        return None
    kind = tool.at("type")
    # Built-in tools of the service have types of their own.
    if kind is not None and kind.value != "function":
        return None
    function = tool.at("function")
    if function is None:
        beside = tool.at("name") is not None and tool.known
        return "a tool has its name in `function`" if beside else None
    if not isinstance(function.inner, Mapping):
        return None
    name = function.at("name")
    if name is None:
        return "a tool needs a name" if function.known else None
    facts = page.catalog.parameters.get("tools")
    fields = (facts.fields or {}).get("function") if facts is not None else None
    known = fields.fields or {} if fields is not None else {}
    named = known.get("name")
    if named is not None and name.known and (words := named.misfit(name.value)):
        return words
    # Other services do without.
    if "description" in known and function.at("description") is None and function.known:
        return "a tool needs a description: the model chooses by it"
    return None


def _of_messages(call: ReadCall) -> Iterator[Problem]:
    """Results that stand behind no call, where all messages are known."""
    before: ReadMessage | None = None
    for message in call.messages:
        role = _role(message)
        if role is None and (message.content is None and not message.more):
            # A message that only running would tell.
            return
        if role == "tool":
            if _role(before) not in ("assistant", "tool", None) or before is None:
                words = (
                    'messages with role "tool" must be a response to a preceeding message '
                    'with "tool_calls"'
                )
                yield Problem(message.start, message.end, words)
            elif not {"tool_call_id", "name"} & {*message.more}:
                words = "a tool's result names its call in `tool_call_id`"
                yield Problem(message.start, message.end, words)
        before = message


def _role(message: ReadMessage | None) -> object:
    role = message.role if message is not None else None
    return role.value if role is not None and role.known else None
