"""What a command line of curl says of its request: curl's manual."""

from __future__ import annotations

import re

from samplegen.pages.spans import Piece
from samplegen.readback.expressions import (
    Array,
    Call,
    Expression,
    Given,
    Name,
    String,
    Unknown,
    dotted,
)
from samplegen.readback.model import Odd, Span
from samplegen.readback.reading import Reading, Readings, text_at
from samplegen.readback.values import Evaluated, Scalar

# The options that take a value, by their one-letter forms.
_LONG = {
    "X": "request", "H": "header", "d": "data", "u": "user", "o": "output", "A": "user-agent",
    "m": "max-time", "w": "write-out", "F": "form", "x": "proxy", "b": "cookie", "e": "referer",
    "c": "cookie-jar", "K": "config", "T": "upload-file", "D": "dump-header", "E": "cert",
    "r": "range", "Y": "speed-limit", "y": "speed-time", "z": "time-cond", "C": "continue-at",
    "P": "ftp-port", "Q": "quote", "t": "telnet-option", "h": "help", "U": "proxy-user",
}  # fmt: skip
# `curl --help all` of 7.88.1, and what came later: variables, and `--expand-…` for any option.
_TAKE_VALUE = frozenset(_LONG.values()) | {
    "abstract-unix-socket", "alt-svc", "aws-sigv4", "cacert", "capath", "cert-type", "ciphers",
    "connect-timeout", "connect-to", "create-file-mode", "crlfile", "curves", "data-ascii",
    "data-binary", "data-raw", "data-urlencode", "delegation", "dns-interface", "dns-ipv4-addr",
    "dns-ipv6-addr", "dns-servers", "doh-url", "ech", "egd-file", "engine", "etag-compare",
    "etag-save", "expand-data", "expand-header", "expand-url", "expect100-timeout", "form-string",
    "ftp-account", "ftp-alternative-to-user", "ftp-method", "ftp-ssl-ccc-mode",
    "happy-eyeballs-timeout-ms", "haproxy-clientip", "hostpubmd5", "hostpubsha256", "hsts",
    "interface", "ip-tos", "ipfs-gateway", "json", "keepalive-cnt", "keepalive-time", "key",
    "key-type", "krb", "libcurl", "limit-rate", "local-port", "login-options", "mail-auth",
    "mail-from", "mail-rcpt", "max-filesize", "max-redirs", "netrc-file", "noproxy",
    "oauth2-bearer", "output-dir", "parallel-max", "pass", "pinnedpubkey", "preproxy", "proto",
    "proto-default", "proto-redir", "proxy-cacert", "proxy-capath", "proxy-cert",
    "proxy-cert-type", "proxy-ciphers", "proxy-crlfile", "proxy-header", "proxy-key",
    "proxy-key-type", "proxy-pass", "proxy-pinnedpubkey", "proxy-service-name",
    "proxy-tls13-ciphers", "proxy-tlsauthtype", "proxy-tlspassword", "proxy-tlsuser", "proxy1.0",
    "pubkey", "random-file", "rate", "request-target", "resolve", "retry", "retry-delay",
    "retry-max-time", "sasl-authzid", "service-name", "socks4", "socks4a", "socks5",
    "socks5-gssapi-service", "socks5-hostname", "stderr", "tftp-blksize", "tls-max",
    "tls13-ciphers", "tlsauthtype", "tlspassword", "tlsuser", "trace", "trace-ascii",
    "trace-config", "unix-socket", "url", "url-query", "variable", "vlan-priority",
}  # fmt: skip
_DATA = ("data", "data-raw", "data-binary", "data-ascii", "json")
# A body that is none of JSON, or that other words are put into.
_OTHER_BODIES = ("data-urlencode", "form", "form-string", "upload-file", "expand-data", "config")
# What shows or keeps an answer is no matter of the request.
_SHOWS = frozenset({
    "cookie-jar", "dump-header", "etag-save", "help", "libcurl", "output", "output-dir", "stderr",
    "trace", "trace-ascii", "trace-config", "write-out",
})  # fmt: skip
# Commands that run the one behind them.
_RUNS = frozenset({"time", "command", "exec", "sudo", "env", "nohup"})
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
        name, words = dotted(call.function), list(call.arguments)
        while name in _RUNS and words:
            following = readings.text(words.pop(0).value) or ""
            # What stands between is set for the command: `env A=b curl …`.
            name = name if "=" in following or following.startswith("-") else following
        if name.rpartition("/")[2] in ("curl", "curl.exe"):
            last = call, words
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
        for part in _requests(readings, words):
            _curl(readings, call, part, stdin)


def _requests(readings: Readings, words: list[Given]) -> list[list[Given]]:
    """The words of each request of a command: `--next` is between them."""
    found: list[list[Given]] = [[]]
    for word in words:
        if isinstance(word.value, String) and readings.text(word.value) in ("--next", "-:"):
            found.append([])
        else:
            found[-1].append(word)
    return found


def _curl(readings: Readings, call: Call, words: list[Given], stdin: dict[int, Expression]) -> None:
    reading = readings.request(call)
    reading.client = "http"
    data: list[tuple[str, Expression]] = []
    as_query = False
    while words:
        word = words.pop(0)
        array = _array(readings, word.value)
        if array is not None:
            words[:0] = [Given("", one, one.start, one.end) for one in array.items]
            continue
        found = readings.value(word.value)
        text = str(found.value) if isinstance(found, Scalar) else ""
        option, value = _option(text.translate(_DASHES), word.value)
        reading.odd += _odd_option(option, word.start, word.end)
        option = option.lstrip("-") if option.startswith("-") and len(option) > 2 else option
        option = _MEANT.get(option, option)
        if not option:
            if text.strip():
                reading.set_url(found)
            continue
        if option in _TAKE_VALUE and value is None and words:
            value = words.pop(0).value
        if option == "header" and value is not None:
            reading.odd += _odd_header(readings.value(value), value, words)
        if option == "no-buffer":
            reading.unbuffered = Span(word.start, word.end)
        elif option in ("get", "head"):
            as_query = True
            reading.set_method(text_at(option.upper(), word.start, word.end))
        if value is None:
            continue
        if option in _DATA:
            data.append((option, value))
        else:
            _told(readings, reading, option, value)
    if data:
        reading.set_method(text_at("POST", call.start, call.function.end))
    if as_query:
        # The data goes into the URL.
        return
    sources = [_sent(readings, option, value, stdin.get(call.start)) for option, value in data]
    if sources:
        whole = sources[0] if len(sources) == 1 else _joined(data, sources)
        start, end = data[0][1].start, data[-1][1].end
        if not reading.body(readings.value(whole)) and reading.sent is None:
            reading.unread.append(Span(start, end))
    for option, value in data:
        if option == "json":
            media_type = text_at("application/json", value.start, value.start)
            reading.header("Content-Type", media_type)


def _array(readings: Readings, word: Expression) -> Array | None:
    """The array whose words stand for a word: `"${OPTIONS[@]}"`."""
    if isinstance(word, String) and len(word.parts) == 1 and isinstance(word.parts[0], Name):
        word = word.parts[0]
    found, _ = readings.evaluator.source(word) if isinstance(word, Name) else (None, 0)
    return found if isinstance(found, Array) else None


def _sent(
    readings: Readings, option: str, value: Expression, stdin: Expression | None
) -> Expression:
    """What an option sends: its value, what the command reads, or what is in a file."""
    text = readings.text(value) or ""
    if option == "data-raw" or not text.startswith("@"):
        return value
    if text in ("@-", "@/dev/stdin"):
        return stdin or Unknown(value.start, value.end)
    content = readings.evaluator.content(text[1:])
    if content is None:
        return Unknown(value.start, value.end)
    if option in ("data", "data-ascii"):
        content = re.sub(r"[\r\n\0]", "", content)
    return String((Piece(content, value.start, value.end),), value.start, value.end)


def _joined(data: list[tuple[str, Expression]], sources: list[Expression]) -> Expression:
    """What several options send: there is a `&` before each that is not `--json`."""
    parts: list[Piece | Expression] = [sources[0]]
    for (option, value), source in zip(data[1:], sources[1:], strict=True):
        if option != "json":
            parts.append(Piece("&", value.start, value.start))
        parts.append(source)
    return String(tuple(parts), data[0][1].start, data[-1][1].end)


def _told(readings: Readings, reading: Reading, option: str, value: Expression) -> None:
    if option == "request":
        # The last one counts.
        reading.method = None
        reading.set_method(readings.value(value))
    elif option == "header":
        word = readings.text(value) or ""
        content = readings.evaluator.content(word[1:]) if word.startswith("@") else None
        for said in (content or "").splitlines():
            reading.header_line(text_at(said, value.start, value.end))
        if word.startswith("@") and content is None:
            reading.unread.append(Span(value.start, value.end))
        reading.header_line(readings.value(value))
    elif option == "oauth2-bearer":
        bearer = Piece("Bearer ", value.start, value.start)
        line = String((bearer, value), value.start, value.end)
        reading.header("Authorization", readings.value(line))
    elif option == "url":
        reading.set_url(readings.value(value))
    elif option in _OTHER_BODIES:
        reading.unread.append(Span(value.start, value.end))
        reading.set_method(text_at("POST", value.start, value.end))
    elif option not in _SHOWS:
        told = readings.value(value)
        reading.configure({option: told} if told is not None else {}, "", "", "")


# Slips of options that pages have.
_MEANT = {"headers": "header", "heder": "header", "datas": "data", "dta": "data"}


def _odd_option(option: str, start: int, end: int) -> list[Odd]:
    """What is said of an option that curl does not have."""
    name = option.lstrip("-")
    right = _MEANT.get(name, name)
    if right not in _TAKE_VALUE or (not option.startswith("-") and right == name):
        return []
    written = f"--{option}"
    return [Odd(start, end, f"curl has no option `{written}`: write `--{right}`")]


def _odd_header(value: Evaluated | None, word: Expression, rest: list[Given]) -> list[Odd]:
    """What is said of a word that is no header, or only the beginning of one."""
    if not isinstance(value, Scalar) or not isinstance(value.value, str):
        return []
    text = value.value.strip()
    runs = _command_in(word)
    if runs is not None:
        name, start, end = runs
        return [Odd(start, end, f"`$({name})` runs a command of that name: write `${name}`")]
    if text.startswith("@") or not text:
        return []
    if text.endswith(":") and rest:
        return [Odd(word.start, rest[0].end, "the header ends at the blank: put it in quotes")]
    if not re.match(r"[\w-]+\s*[:;]", text):
        return [Odd(word.start, word.end, "a header has a colon behind its name")]
    return []


def _command_in(word: Expression) -> tuple[str, int, int] | None:
    """A command in a word that is surely meant as a variable: its name is all in capitals."""
    for part in word.parts if isinstance(word, String) else ():
        name = part.function if isinstance(part, Call) and not part.arguments else None
        if isinstance(name, Name) and re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", name.name):
            return name.name, part.start, part.end
    return None


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
    short = {"N": "no-buffer", "G": "get", "I": "head"}
    return next((name for letter, name in short.items() if letter in text), text), None


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
