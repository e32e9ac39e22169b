"""The templates' environment: what Python prepares, templates place.

A `{{ value }}` becomes a mark, which stands for the value until its place is known, where
it is written as a literal of the language. With `autoescape`, Jinja itself knows what is
output already (`Markup`: a macro's, a block's, `super()`'s), so those pass as they are, and
so does what says that it is code: `{{ name | code }}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from samplegen.errors import InputError
from samplegen.languages.base import Annotated
from samplegen.rendering.layout import Lines
from samplegen.rendering.targets import templates

# The values that marks stand for, of the rendering that runs.
_VALUES: ContextVar[list[Any]] = ContextVar("values")


def run(template: str, context: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """What a template writes, and the values that the marks in it stand for.

    Args:
        template: its path below the folder of templates.
    """
    values: list[Any] = []
    token = _VALUES.set(values)
    try:
        return environment().get_template(template).render(context), values
    finally:
        _VALUES.reset(token)


@cache
def environment() -> Environment:
    """The one environment."""
    made = Environment(
        loader=FileSystemLoader(templates()),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["annotated"] = _annotated
    made.filters["code"] = _code
    made.tests["nested"] = lambda value: isinstance(value, dict | list)
    made.tests["with_null"] = _with_null
    made.globals["refuse"] = _refuse
    return made


# It takes the context so that Jinja does not call it when it compiles a template.
@pass_context
def _finalize(context: Context, value: object) -> Markup | str:
    """A mark for the value of each `{{ expression }}`, to be written as a literal later."""
    if isinstance(value, Undefined):
        return str(value)
    if isinstance(value, Markup):
        return value
    values = _VALUES.get()
    values.append(value)
    return Markup(f"\0{len(values) - 1}\0")


def _code(text: str) -> Markup:
    """Text that stands in the sample as it is: code on purpose."""
    return Markup(text)


def _with_null(value: object) -> bool:
    """Whether a value is null, or has an object with a field that is."""
    if isinstance(value, Mapping):
        return any(map(_with_null, value.values()))
    if isinstance(value, list):
        return any(item is not None and _with_null(item) for item in value)
    return value is None


def _refuse(message: str) -> None:
    """What a template says of what its SDK cannot send."""
    raise InputError(message)


def _annotated(value: Mapping[str, Any], **notes: Lines) -> Mapping[str, Any]:
    """The same JSON object with notes above some of its keys."""
    shown = {key: lines for key, lines in notes.items() if lines.lines}
    return Annotated(value, shown)
