"""How the service says no: its statuses, codes and messages, in both protocols' shapes."""

from __future__ import annotations

import uuid
from typing import Final, NamedTuple

from samplegen.verify.mock.answer import EVENTS, Reply, event, json_bytes

# What the service says to a key that is let in to fail, by the name of the failure. ASCII
# without quotes, so that a sentence stands in the body of an error as it does here.
COMPLAINTS: Final = {
    "bad-request": "The mock refused a parameter of this call, as it was told to.",
    "not-found": "The mock has no such model for this call, as it was told to.",
    "rate-limit": "The mock got too many calls with this key, as it was told to.",
    "server-error": "The mock failed on this call, as it was told to.",
}

# What each protocol says to a missing or unknown key.
BAD_KEY: Final = {
    "openai": "Incorrect API key provided. Each region has its own keys.",
    "dashscope": "Invalid API-key provided.",
}


class Problem(NamedTuple):
    """A way to fail: its HTTP status, and the code that each protocol has for it."""

    status: int
    openai: str
    dashscope: str


UNKNOWN_KEY = Problem(401, "invalid_api_key", "InvalidApiKey")
INVALID = Problem(400, "invalid_parameter_error", "InvalidParameter")
NO_MODEL = Problem(404, "model_not_found", "ModelNotFound")
NO_PATH = Problem(404, "not_found", "NotFound")
NOT_POST = Problem(405, "method_not_allowed", "MethodNotAllowed")
TOO_LARGE = Problem(413, "request_too_large", "RequestTooLarge")
THROTTLED = Problem(429, "limit_requests", "Throttling.RateQuota")
BROKEN = Problem(500, "internal_error", "InternalError")

PROBLEMS: Final = {
    "bad-request": INVALID,
    "not-found": NO_MODEL,
    "rate-limit": THROTTLED,
    "server-error": BROKEN,
}


class RefusalError(Exception):
    """A request that is not answered, and what is said instead."""

    def __init__(self, problem: Problem, message: str) -> None:
        super().__init__(message)
        self.problem = problem
        self.message = message


def invalid(message: str) -> RefusalError:
    """A parameter is wrong: the most common refusal."""
    return RefusalError(INVALID, message)


def refused(protocol: str, refusal: RefusalError, events: bool) -> Reply:
    """A refusal in a protocol's shape; `events` says whether a stream was asked for."""
    status = refusal.problem.status
    headers = (("allow", "POST"),) if refusal.problem is NOT_POST else ()
    request_id = str(uuid.uuid4())
    if protocol == "openai":
        code = refusal.problem.openai
        error = {
            "message": refusal.message,
            "type": "invalid_request_error" if status < 429 else code,
            "param": None,
            "code": code,
        }
        body = json_bytes({"error": error, "request_id": request_id})
        return Reply(status, "application/json", [body], headers)
    body = json_bytes(
        {
            "code": refusal.problem.dashscope,
            "message": refusal.message,
            "request_id": request_id,
        }
    )
    if events:
        return Reply(status, EVENTS, [event(1, "error", status, body)], headers)
    return Reply(status, "application/json", [body], headers)
