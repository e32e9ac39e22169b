"""What a command line of curl says of its request: curl's manual."""

from __future__ import annotations

from samplegen.pages.spans import Piece
from samplegen.readback.expressions import Call, Expression, Given, String, dotted
from samplegen.readback.model import Span
from samplegen.readback.reading import Reading, Readings, text_at
from samplegen.readback.values import Scalar

# The options that take a value, by their one-letter forms.
_LONG = {
    "X": "request", "H": "header", "d": "data", "u": "user", "o": "output", "A": "user-agent",
    "m": "max-time", "w": "write-out", "F": "form", "x": "proxy", "b": "cookie", "e": "referer",
    "c": "cookie-jar", "K": "config", "T": "upload-file", "D": "dump-header", "E": "cert",
    "r": "range", "Y": "speed-limit", "y": "speed-time", "z": "time-cond", "C": "continue-at",
    "P": "ftp-port", "Q": "quote", "t": "telnet-option", "h": "help", "U": "proxy-user",
}  # fmt: skip
_TAKE_VALUE = frozenset(_LONG.values()) | {
    "url", "json", "data-raw", "data-binary", "data-ascii", "data-urlencode", "oauth2-bearer",
    "connect-timeout", "retry", "retry-delay", "retry-max-time", "cacert", "capath", "resolve",
    "connect-to", "limit-rate", "max-redirs", "proto", "key", "interface", "noproxy",
    "form-string", "url-query", "variable", "expand-data", "expand-url", "expand-header", "ciphers",
    "aws-sigv4", "keepalive-time", "max-filesize", "happy-eyeballs-timeout-ms", "doh-url",
}  # fmt: skip
_DATA = ("data", "data-raw", "data-binary", "data-ascii", "json")
# What a page writes for a hyphen.
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")


def read_calls(readings: Readings, stdin: dict[int, Expression]) -> None:
    """Note what the program's commands say of its requests.

    Args:
        stdin: what a command reads, by where the command starts.
    """
    last: tuple[Call, list[Given]] | None = None
    commands: list[tuple[Call, list[Given]]] = []
    for call in readings.program.calls:
        name = dotted(call.function)
        if name.rpartition("/")[2] in ("curl", "curl.exe"):
            last = call, list(call.arguments)
            commands.append(last)
        elif last is not None and name.translate(_DASHES).startswith("-"):
            # Options on a line of their own, where the line before does not go on.
            start, end = call.function.start, call.function.end
            text = String((Piece(name, start, end),), start, end)
            last[1].extend((Given("", text, start, end), *call.arguments))
            readings.program.broken.append((start, end))
        else:
            last = None
    for call, words in commands:
        _curl(readings, call, words, stdin)


def _curl(readings: Readings, call: Call, words: list[Given], stdin: dict[int, Expression]) -> None:
    reading = readings.request(call)
    reading.client = "http"
    data: list[tuple[str, Expression]] = []
    while words:
        word = words.pop(0)
        found = readings.value(word.value)
        text = str(found.value) if isinstance(found, Scalar) else ""
        option, value = _option(text.translate(_DASHES), word.value)
        if not option:
            if text.strip():
                reading.set_url(found)
            continue
        if option in _TAKE_VALUE and value is None and words:
            value = words.pop(0).value
        if option == "no-buffer":
            reading.unbuffered = Span(word.start, word.end)
        elif option == "get":
            reading.set_method(text_at("GET", word.start, word.end))
        if value is None:
            continue
        if option in _DATA:
            data.append((option, value))
        else:
            _told(readings, reading, option, value)
    if data:
        reading.set_method(text_at("POST", call.start, call.function.end))
    for option, value in data:
        file = readings.text(value)
        source: Expression | None = value
        if file in ("@-", "@/dev/stdin"):
            source = stdin.get(call.start)
        if not reading.body(readings.value(source)) and reading.sent is None:
            reading.unread.append(Span(value.start, value.end))
        if option == "json":
            media_type = text_at("application/json", value.start, value.start)
            reading.header("Content-Type", media_type)


def _told(readings: Readings, reading: Reading, option: str, value: Expression) -> None:
    if option == "request":
        reading.set_method(readings.value(value))
    elif option == "header":
        reading.header_line(readings.value(value))
    elif option == "oauth2-bearer":
        bearer = Piece("Bearer ", value.start, value.start)
        line = String((bearer, value), value.start, value.end)
        reading.header("Authorization", readings.value(line))
    elif option == "url":
        reading.set_url(readings.value(value))


def _option(text: str, word: Expression) -> tuple[str, Expression | None]:
    """The long name of an option, '' for none, and its value where that is in the same word."""
    if text.startswith("--"):
        return text[2:], None
    if not text.startswith("-") or text == "-":
        return "", None
    for at, letter in enumerate(text[1:], 1):
        if letter in _LONG:
            rest = None if at + 1 == len(text) else _rest(word, at + 1)
            return _LONG[letter], rest
    return ("no-buffer" if "N" in text else "get" if "G" in text else text), None


def _rest(word: Expression, count: int) -> Expression:
    """A word without its first characters, as in `-XPOST`."""
    if not isinstance(word, String):
        return word
    parts: list[Piece | Expression] = []
    for part in word.parts:
        if count and isinstance(part, Piece):
            cut = min(count, len(part.text))
            count -= cut
            if cut < len(part.text):
                parts.append(Piece(part.text[cut:], part.start + cut, part.end))
        elif count and isinstance(part, String):
            inner = _rest(part, count)
            count -= min(count, sum(len(p.text) for p in part.parts if isinstance(p, Piece)))
            parts.append(inner)
        else:
            parts.append(part)
    return String(tuple(parts), word.start, word.end)
