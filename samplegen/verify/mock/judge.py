"""What a request asks, or why the service would not answer it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, Family
from samplegen.model.limits import refuse
from samplegen.protocols import protocol
from samplegen.protocols.base import Answers, Asked, BodyError
from samplegen.verify.mock.behaviour import (
    NO_MODEL,
    NO_THINKING,
    RefusalError,
    invalid,
)

if TYPE_CHECKING:
    from samplegen.verify.mock.app import Exchange


class Question(NamedTuple):
    """A good request: as it came, and the call that it is."""

    asked: Asked
    call: Call


def question(id: str, path: str, request: Exchange, catalog: Catalog) -> Question:
    """The call that a request is.

    Args:
        id: of the protocol, which has answers.
        path: of the request, without a query.

    Raises:
        RefusalError: the service would not answer it.
    """
    speaks = protocol(id)
    answers = speaks.answers
    assert answers is not None
    body = _json_object(request)
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise invalid("you must provide a model parameter")
    family = catalog.family(model)
    matched = family in catalog.families
    known = matched or model in catalog.models or _is_listed(model, catalog)
    if catalog.retired(model) or (catalog.families and not known):
        raise RefusalError(
            NO_MODEL, f"The model {model} does not exist or you do not have access to it."
        )
    facts = catalog.protocols[id]
    if id not in family.protocols or path not in [
        base + facts.paths[family.kind] for base in facts.bases
    ]:
        raise invalid(answers.wrong_place(model))
    asked = Asked(dict(request.headers), body, family)
    return Question(asked, _call(id, asked, answers, catalog))


def _call(id: str, asked: Asked, answers: Answers, catalog: Catalog) -> Call:
    """The call of a body, which the service has to take."""
    try:
        answers.judge(asked)
        chat = protocol(id).parse(asked.headers, asked.body, asked.family)
        # A null is as if it were not there, and what no call has is no matter of a region.
        given = {name: value for name, value in chat.parameters.items() if value is not None}
        call = Call(
            protocol=id,
            region=catalog.defaults.region,
            model=chat.model,
            messages=tuple(map(_without_null, chat.messages)),  # type: ignore[arg-type]
            parameters=given,  # type: ignore[arg-type]
        )
    except BodyError as error:
        raise _refused(str(error)) from None
    except InputError as error:
        raise _refused(str(error)) from None
    if not any(message.role == "user" for message in call.messages):
        raise _refused("The input messages do not contain elements with the role of user.")
    if not call.streams:
        _check_without_stream(asked.family, call.parameters)
    if words := _words(call, asked.family, catalog):
        raise _refused(words)
    return call


def _is_listed(model: str, catalog: Catalog) -> bool:
    """Whether the service has a model that is of no family, perhaps with a date behind."""
    return model in catalog.listed_models or _DATE.sub("", model) in catalog.listed_models


_DATE: Final = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def _without_null(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message without fields that say nothing, as an SDK returns one.

    A multimodal model that calls tools says no part.
    """
    silent: list[object] = [None, []] if message.get("tool_calls") else [None]
    return {name: value for name, value in message.items() if value not in silent}


def _words(call: Call, family: Family, catalog: Catalog) -> str | None:
    """The words in which the service refuses a call, or None."""
    try:
        refuse(call, family, catalog, local=False)
    except InputError as error:
        # For a person, each stands behind its place in the call: the service says the first.
        first = re.split(rf"; (?={_PLACE})", str(error))[0]
        return re.sub(rf"^{_PLACE}", "", first)
    return None


_PLACE: Final = r"[a-z_]+(?:\[\d+\]|\.[a-z_]+)*: "

_PREFIX: Final = "<400> InternalError.Algo.InvalidParameter: "

# What the model's own layer refuses, and so wears the prefix. Seen in the issues agno#5317,
# opencode#16971, oh-my-pi#886 and web-ui#586.
_OF_THE_MODEL: Final = (
    "Range of ",
    "Temperature should be ",
    "'messages' must contain ",
    "messages with role ",
    "An assistant message with ",
    "The input messages do not contain ",
    "The tool_choice parameter ",
    'Invalid value for "tool_choice"',
)


def _refused(words: str) -> RefusalError:
    if words.endswith(" does not support enable_thinking."):
        return RefusalError(NO_THINKING, words)
    return invalid(_PREFIX + words if words.startswith(_OF_THE_MODEL) else words)


def _check_without_stream(family: Family, parameters: Mapping[str, Any]) -> None:
    """Refuse a call that the model would answer only as a stream."""
    if family.streams_only:
        raise invalid(
            "This model only support stream mode, please enable the stream parameter to access "
            "the model. "
        )
    for name, value in family.options.items():
        sent = parameters.get(name)
        # As JSON values: to Python, false is 0 and 1 is 1.0.
        if json.dumps(sent, sort_keys=True) != json.dumps(value, sort_keys=True):
            raise invalid(
                f"parameter.{name} must be set to {json.dumps(value)} for non-streaming calls"
            )


def _json_object(request: Exchange) -> dict[str, Any]:
    media_type = request.header("content-type").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise invalid(f"Content type {media_type or 'none'} is not supported: send JSON.")
    try:
        body = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid("The body is not valid JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise invalid("The body is not a JSON object.")
    return body


def _no_constant(name: str) -> None:
    """Python's parser takes NaN and Infinity, JSON does not."""
    raise ValueError(name)
