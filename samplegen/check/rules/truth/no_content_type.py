"""T120 no-content-type."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.called import invocation, served
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.readback import ReadCall


@rule("T120", "no-content-type")
def no_content_type(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A body of JSON that is sent as something else, since nothing says its type."""
    for call in served(sample, page):
        if call.client != "http" or call.guessed or call.unread or call.odd:
            continue
        names = {name.lower() for name in call.headers}
        # A request of which no header was read may have some all the same.
        if "content-type" in names or not names or not _says_no_type(sample, call):
            continue
        code = sample.without_comments.lower()
        if any(word in code for word in ("content-type", "content_type", "contenttype", "/json")):
            continue
        address = call.url
        if address is not None and (call.messages or call.model is not None):
            message = "the body's type is not said: add the header `Content-Type: application/json`"
            yield Problem(address.start, address.end, message)


def _says_no_type(sample: SampleView, call: ReadCall) -> bool:
    """Whether what sends a request leaves the type of a text to its caller."""
    made = invocation(sample, call)
    if made is None:
        return False
    given = {one.name for one in made.arguments}
    name = made.name.rpartition("/")[2]
    if name.startswith(("requests.", "httpx.", "urllib.")) or name == "Request":
        return "data" in given or "content" in given
    return name in _PLAIN


# Each sends a text as a form, or as plain text.
_PLAIN = frozenset({
    "curl", "fetch", "curl_init", "http.NewRequest", "http.NewRequestWithContext",
})  # fmt: skip
